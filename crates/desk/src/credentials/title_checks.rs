//! 职称申报学时审核: the question, the answer with its reasons, the answers given before.

use kernel::{Code, DocumentKind, id::TitleCheckRow};
use oversight::credentials::title_checks::{self, Asked, Kept, Line, TitleCheckFilter};
use registry::taxonomy::Vocabulary;
use rules::credits::Confidence;
use rules::credits::requirement::{Edition, Purpose as Decides};
use rules::credits::title_check::{AnswerRule, Purpose, Target, Verdict, specialties};
use rules::people::TitleLevel;
use rules::permits::{self, Act};
use ui::{
    Action, Alert, Cell, Choice, Column, Field, Filter, Form, Html, Row, SectionHead, State, Summary, Table,
    TableModel, Tone, format,
};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, download, redirect, reform};

use crate::courses::shown;

/// The pages.
pub(super) fn routes() -> Routes {
    let (seen, asks) = (Gate::Act(Act::ListTitleChecks), Gate::Act(Act::CheckTitle));
    Routes::new()
        .list("/desk/title-checks", seen, "职称申报学时审核", list)
        .get("/desk/title-checks/new", asks, "审核申报学时", ask)
        .post("/desk/title-checks/new", asks, "出具审核结论", check)
        .get("/desk/title-checks/{id}", seen, "审核结论", show)
        .get("/desk/title-checks/{id}/file", seen, "下载签名结论", file)
}

fn state(verdict: Verdict) -> State {
    match verdict {
        Verdict::Met => State::Suffices,
        Verdict::NotMet => State::FallsShort,
        Verdict::Unknown => State::NeedsLook,
    }
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let mut page = caller
        .page("职称申报学时审核")
        .lead("按申报的职称和日期核对追溯年限内的学时。结论有编号和签名，可供评审、聘任和注册使用。");
    if permits::has(&ctx.actor, Act::CheckTitle) {
        page = page.action(Action::link("审核申报学时", "/desk/title-checks/new"));
    }
    let table = Table::new(
        "审核结论",
        columns([
            Column::tight("number", "编号").sortable(),
            Column::main("holder", "姓名"),
            Column::tight("target", "申报职称"),
            Column::tight("purpose", "用途"),
            Column::tight("checked", "审核时间").sortable(),
            Column::tight("verdict", "结论"),
        ]),
    )
    .filter(Filter::search("完整编号"))
    .filter(Filter::select("verdict", "结论", shown::choices(Verdict::name)))
    .filter(Filter::select("purpose", "用途", shown::choices(Purpose::name)))
    .sorted_by("-checked")
    .when_empty("还没有审核过。", None);
    let filter = TitleCheckFilter {
        person: listing.number("person").map(kernel::PersonId::new),
        verdict: listing.choice("verdict"),
        purpose: listing.choice("purpose"),
        number: listing.words(),
    };
    let names = shown::names(ctx).await?;
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| title_checks::list(ctx, &filter, &window).await,
        |line: &Line| {
            let level = names.of(Vocabulary::TitleLevel, &line.level);
            let series = names.of(Vocabulary::TitleSeries, &line.series);
            let verdict = if line.revoked_at.is_some() {
                State::Revoked
            } else {
                state(line.verdict)
            };
            Row::new([
                Cell::link(line.number.as_str(), format!("/desk/title-checks/{}", line.id)),
                Cell::masked(line.holder_masked.as_str()),
                Cell::text(format!("{series} {level}")),
                Cell::text(line.purpose.name()),
                Cell::Moment(line.checked_at.civil()),
                verdict.into(),
            ])
        },
    )
    .await
}

async fn form(caller: &Caller) -> kernel::Result<Form> {
    let ctx = caller.ctx();
    let mut form = Form::post("/desk/title-checks/new", caller.csrf());
    if ctx.actor.person().is_none() {
        let kinds = DocumentKind::ALL
            .iter()
            .map(|kind| Choice::new(kind.code(), kind.name()));
        form = form
            .section_with_hint("谁", "按完整的证件号码查找，只能查到您范围内的人员；每次审核都会留痕。")
            .field(Field::select("document_kind", "证件类型", kinds).required())
            .field(
                Field::identity("document_no", "证件号码")
                    .autocomplete("off")
                    .required(),
            );
    }
    let levels = TitleLevel::ALL
        .iter()
        .map(|level| Choice::new(level.code(), level.name()));
    let edition = title_checks::edition(ctx).await?;
    let specialties = specialties(&edition).into_iter().map(|name| Choice::new(name, name));
    form = form
        .section("申报什么")
        .field(Field::select("series", "职称系列", shown::terms(ctx, Vocabulary::TitleSeries).await?).required())
        .field(Field::select("level", "职称级别", levels).required())
        .field(
            Field::select("specialty", "专业", specialties)
                .hint("只有另有学时要求的专业列在这里，其他专业不选。")
                .empty_choice("没有另外的要求"),
        )
        .field(
            Field::date("on", "申报日期")
                .hint("追溯年限从这一天所在的年度往前数。")
                .value(ctx.today().to_string())
                .required(),
        );
    let own = ctx.actor.person().is_some();
    let purposes = Purpose::ALL
        .iter()
        .filter(|purpose| own || **purpose != Purpose::Own)
        .map(|purpose| Choice::new(purpose.code(), purpose.name()));
    Ok(form
        .field(Field::radios("purpose", "用途", purposes).inline().required())
        .submit("审核")
        .cancel("/desk/title-checks"))
}

fn form_page(caller: &Caller, edition: &Edition, form: &Form) -> Reply {
    let page = caller
        .page("审核申报学时")
        .crumb("职称申报学时审核", "/desk/title-checks")
        .lead("核对某人的学时是否符合职称申报的要求，结论立即给出，附每一条理由。")
        .failed(form.failed());
    let unsure = edition
        .demands
        .iter()
        .filter(|demand| demand.purpose == Decides::Title && demand.source.confidence != Confidence::High)
        .map(|demand| format!("{}：{}", demand.name, demand.source.confidence.name()))
        .collect::<Vec<_>>()
        .join("；");
    let note = Alert::new(Tone::Warn, "要求的依据").text(&format!(
        "没有找到本市统一公布的学时审核标准原文。{unsure}。请以当年申报通知为准。"
    ));
    web::page(page, Html::of(form).and(&note))
}

async fn ask(caller: Caller) -> Reply {
    let form = form(&caller).await?;
    let edition = title_checks::edition(caller.ctx()).await?;
    form_page(&caller, &edition, &form)
}

fn read(fields: &Fields) -> kernel::Result<Asked> {
    let mut read = fields.reader();
    let series = read.text("series", "职称系列", 1..=20);
    let level = read.choice::<TitleLevel>("level", "职称级别");
    let specialty = read.optional("specialty");
    let on = read.date("on", "申报日期");
    let purpose = read.choice::<Purpose>("purpose", "用途");
    read.finish()?;
    let (Some(level), Some(on), Some(purpose)) = (level, on, purpose) else {
        return Err(kernel::Error::NotFound);
    };
    let target = Target {
        series,
        level,
        specialty,
        on,
    };
    Ok(Asked { target, purpose })
}

async fn check(caller: Caller, fields: Fields) -> Reply {
    let (ctx, press) = (caller.ctx(), &caller.app().press);
    let result = async {
        let asked = read(&fields)?;
        if let Some(person) = ctx.actor.person() {
            return title_checks::check(ctx, press, person, &asked).await;
        }
        let mut read = fields.reader();
        let kind = read.choice::<DocumentKind>("document_kind", "证件类型");
        read.finish()?;
        let kind = kind.unwrap_or(DocumentKind::Resident);
        match title_checks::check_document(ctx, press, (kind, fields.get("document_no")), &asked).await {
            Err(kernel::Error::NotFound) => Err(kernel::Error::wrong(
                "document_no",
                "title_check.nobody",
                "在您的范围内没有找到这个证件号码的人员，请核对号码。",
            )),
            other => other,
        }
    }
    .await;
    match result {
        Ok(kept) => redirect(&format!("/desk/title-checks/{}", kept.id)),
        Err(error) => {
            let form = form(&caller).await?;
            let edition = title_checks::edition(caller.ctx()).await?;
            reform(error, |errors| {
                form_page(&caller, &edition, &form.fill(fields.pairs()).errors(errors))
            })
        }
    }
}

async fn show(caller: Caller, Key(id): Key<TitleCheckRow>) -> Reply {
    let ctx = caller.ctx();
    let kept = title_checks::view(ctx, id).await?;
    let names = shown::names(ctx).await?;
    let lead = match &kept.revoked {
        Some((at, why)) => format!("这份结论已于 {} 撤销：{why}。", format::moment(at.civil())),
        None => kept.sentence.clone(),
    };
    let mut page = caller
        .page("审核结论")
        .crumb("职称申报学时审核", "/desk/title-checks")
        .lead(&lead)
        .action(Action::download(
            "下载签名结论",
            &format!("/desk/title-checks/{id}/file"),
        ));
    if permits::has(&ctx.actor, Act::CheckTitle) {
        page = page.other(Action::link("再审核一次", "/desk/title-checks/new"));
    }
    let target = &kept.target;
    let series = names.of(Vocabulary::TitleSeries, &target.series);
    let verdict = if kept.revoked.is_some() {
        State::Revoked
    } else {
        state(kept.verdict)
    };
    let facts = Summary::new()
        .fact("结论", verdict)
        .fact("编号", Cell::text(kept.number.as_str()))
        .fact("姓名", Cell::masked(kept.holder_masked.as_str()))
        .fact("申报职称", Cell::text(format!("{series} {}", target.level.name())))
        .fact("申报日期", Cell::Date(target.on))
        .fact("用途", Cell::text(kept.purpose.name()))
        .fact("学时截至", Cell::Moment(kept.checked_at.civil()))
        .fact("规则版本", Cell::text(kept.document.edition.as_str()));
    let note = Alert::new(Tone::Active, "怎样核验")
        .text("下载的文件是签名的结论，收到的单位用平台公布的公钥核验，改动一个字即不能通过；凭编号可以查询结论是否仍有效。学时以审核时为准，所依据的学时被冲正后结论自动撤销。");
    let body = Html::of(&facts)
        .and(&SectionHead::new("逐条理由"))
        .and(&reasons(&kept))
        .and(&SectionHead::new("各年学时"))
        .and(&years(&kept))
        .and(&note);
    web::page(page, body)
}

fn reasons(kept: &Kept) -> Table {
    let heads = [
        Column::main("rule", "要求"),
        Column::new("why", "情况"),
        Column::number("have", "已有学时"),
        Column::number("need", "要求学时"),
        Column::tight("state", "结论"),
        Column::new("source", "依据"),
    ];
    let rows = kept.document.rules.iter().flat_map(rule_rows);
    let rows: Vec<Row> = rows.collect();
    Table::new("逐条理由", TableModel::new(heads, rows))
        .id("reasons")
        .when_empty("没有适用于这个职称的学时要求，请人工核对。", None)
}

fn rule_rows(rule: &AnswerRule) -> impl Iterator<Item = Row> {
    let sure = Confidence::from_code(&rule.confidence).map_or("", Confidence::name);
    rule.findings.iter().map(move |finding| {
        let weight = if rule.decides { "决定结论" } else { "仅供参考" };
        let verdict = Verdict::from_code(&finding.verdict).unwrap_or(Verdict::Unknown);
        Row::new([
            Cell::stack(rule.name.as_str(), "", weight),
            Cell::text(finding.sentence.as_str()),
            Cell::text(finding.have.as_str()),
            Cell::text(finding.need.as_str()),
            state(verdict).into(),
            Cell::stack(rule.source.as_str(), "", sure),
        ])
    })
}

fn years(kept: &Kept) -> Table {
    let heads = [
        Column::main("year", "年度"),
        Column::number("public", "公需科目"),
        Column::number("professional", "专业科目"),
        Column::tight("state", "状态"),
    ];
    let rows = kept.document.years.iter().map(|year| {
        Row::new([
            Cell::text(format!("{} 年", year.year)),
            Cell::text(year.public.as_str()),
            Cell::text(year.professional.as_str()),
            if year.closed {
                State::YearClosed.into()
            } else {
                State::YearOpen.into()
            },
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("各年学时", TableModel::new(heads, rows)).id("years")
}

async fn file(caller: Caller, Key(id): Key<TitleCheckRow>) -> Reply {
    let kept = title_checks::view(caller.ctx(), id).await?;
    download(
        &format!("职称申报学时审核-{}.jws", kept.number),
        "application/jose",
        kept.token,
    )
}
