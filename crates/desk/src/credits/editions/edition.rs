//! One edition: its rules in words with their sources, what differs from the one in force, and what may be done with it.

use std::sync::Arc;

use learning::credits::editions::{self, Edition, EditionRow, NewDraft, Phase};
use oversight::reports::what_if;
use rules::credits::editions::{Document, EditionKind, Entry, difference};
use rules::permits::{self, Act};
use ui::{
    Action, Alert, Cell, Column, Field, Form, Html, Row, Summary, Table, TableModel, Timeline, TimelineEvent, Tone,
    format,
};
use web::{Caller, Fields, Gate, Key, Reply, Routes, redirect_saying, reform};

use super::state;

pub(super) fn routes() -> Routes {
    let draft = Gate::Act(Act::DraftEdition);
    Routes::new()
        .get(
            "/desk/editions/{id}",
            Gate::Act(Act::ListEditions),
            "学时规则版本",
            show,
        )
        .get("/desk/editions/{id}/copy", draft, "起草新版本", ask_copy)
        .post("/desk/editions/{id}/copy", draft, "保存新版本草稿", copy)
        .get(
            "/desk/editions/{id}/rename",
            draft,
            "修改版本名称和生效日期",
            ask_rename,
        )
        .post("/desk/editions/{id}/rename", draft, "保存版本名称和生效日期", rename)
        .post("/desk/editions/{id}/propose", draft, "提交版本审批", propose)
        .post("/desk/editions/{id}/discard", draft, "作废版本草稿", discard)
        .post(
            "/desk/editions/{id}/approve",
            Gate::Act(Act::ApproveEdition),
            "批准版本",
            approve,
        )
        .get(
            "/desk/editions/{id}/return",
            Gate::Act(Act::ApproveEdition),
            "退回版本",
            ask_return,
        )
        .post(
            "/desk/editions/{id}/return",
            Gate::Act(Act::ApproveEdition),
            "保存版本退回",
            give_back,
        )
}

pub(super) fn address(edition: &Edition) -> String {
    format!("/desk/editions/{}", edition.id)
}

/// The edition that a draft is compared with: the one in force of its kind.
async fn in_force(caller: &Caller, kind: EditionKind) -> kernel::Result<Document> {
    let ctx = caller.ctx();
    let mut tx = ctx.db.read().await?;
    Ok(match kind {
        EditionKind::Recognition => {
            Document::Recognition(Arc::unwrap_or_clone(editions::recognition(&mut tx, ctx.today()).await?))
        }
        EditionKind::Requirement => {
            let year = chrono::Datelike::year(&ctx.today());
            Document::Requirement(Arc::unwrap_or_clone(
                editions::requirement(&mut tx, year, ctx.today()).await?,
            ))
        }
    })
}

async fn show(caller: Caller, Key(id): Key<EditionRow>) -> Reply {
    let ctx = caller.ctx();
    let edition = editions::load(ctx, id).await?;
    let phase = edition.phase(ctx.today());
    let document = &edition.document;
    let page = caller
        .page(document.name())
        .lead(&lead(&edition, phase))
        .crumb("学时规则版本", "/desk/editions");
    let page = deeds(&caller, page, &edition, phase);
    let mut body = Html::default();
    if phase == Phase::Draft && permits::has(&ctx.actor, Act::DraftEdition) {
        let faults = document.faults();
        if !faults.is_empty() {
            let sentences: Vec<&str> = faults.iter().map(|fault| fault.sentence.as_str()).collect();
            let note = Alert::new(Tone::Warn, &format!("还有 {} 处不能提交审批", faults.len()));
            body = body.and(&note.body(Html::paragraphs(sentences)));
        }
    }
    let compared = in_force(&caller, document.kind()).await?;
    if !matches!(phase, Phase::InForce | Phase::Ended) {
        body = body.and(&changes(&compared, document));
    }
    let editable = phase == Phase::Draft && permits::has(&ctx.actor, Act::DraftEdition);
    body = body
        .and(&rules_table(&edition, editable))
        .and(&facts(&edition, phase))
        .and(&story(&edition));
    if permits::has(&ctx.actor, Act::CountWhatIf) {
        let runs = what_if::of_edition(ctx, id).await?;
        if !runs.is_empty() {
            body = body.and(&super::what_if::runs(&runs));
        }
    }
    web::page(page, body)
}

fn lead(edition: &Edition, phase: Phase) -> String {
    let from = format::date(edition.document.in_force());
    match phase {
        Phase::Draft => format!("草稿，拟自 {from} 起生效。改好后先测算影响，再提交审批。"),
        Phase::Proposed => match edition.state.approvals() {
            [] => "已提交审批，等待两位工作人员批准。".to_owned(),
            [first, ..] => format!("{} 已批准，还须另一位工作人员批准才生效。", first.by),
        },
        Phase::Upcoming => format!("已批准，自 {from} 起生效；生效前后都不能修改。"),
        Phase::InForce => format!("自 {from} 起生效，现行有效。不能修改，只能由新版本取代。"),
        Phase::Ended => {
            let until = edition.until.map(format::date).unwrap_or_default();
            format!("自 {from} 起生效，至 {until} 止，已被新版本取代。")
        }
        Phase::Discarded => "草稿已作废，没有生效过。".to_owned(),
    }
}

fn deeds(caller: &Caller, page: ui::Page, edition: &Edition, phase: Phase) -> ui::Page {
    let actor = &caller.ctx().actor;
    let (address, version) = (address(edition), edition.version.to_string());
    let post = |label: &str, deed: &str| {
        Action::post(label, &format!("{address}/{deed}"), caller.csrf()).field("version", &version)
    };
    let link = |label: &str, deed: &str| Action::link(label, &format!("{address}/{deed}"));
    let mut page = page;
    if !permits::has(actor, Act::DraftEdition) {
        return page;
    }
    page = match phase {
        Phase::Draft => page
            .action(post("提交审批", "propose"))
            .other(post("测算影响", "what-if"))
            .other(link("改名称或生效日期", "rename"))
            .other(post("作废草稿", "discard").danger()),
        Phase::Proposed => {
            let twice = edition
                .state
                .approvals()
                .iter()
                .any(|one| Some(one.account) == actor.account.map(kernel::Id::get));
            let approve = post("批准", "approve");
            let approve = if twice {
                approve.missing("您已批准过，须由另一位工作人员批准。")
            } else {
                approve
            };
            page.action(approve)
                .other(post("测算影响", "what-if"))
                .other(link("退回修改", "return"))
        }
        Phase::Upcoming | Phase::InForce => page.action(link("在此基础上起草新版本", "copy")),
        Phase::Ended | Phase::Discarded => page.other(link("在此基础上起草新版本", "copy")),
    };
    page
}

fn changes(before: &Document, after: &Document) -> Html {
    let sentences = difference(before, after);
    let note = if sentences.is_empty() {
        Alert::new(Tone::Neutral, &format!("与现行版本“{}”没有不同", before.name()))
    } else {
        let title = format!("与现行版本“{}”相比有 {} 处不同", before.name(), sentences.len());
        Alert::new(Tone::Active, &title).body(Html::paragraphs(sentences.iter().map(String::as_str)))
    };
    Html::of(&note)
}

/// To whom a rule applies, in words.
pub(crate) fn audience(entry: &Entry) -> String {
    let audience = &entry.audience;
    if audience.is_everybody() {
        return "全体专业技术人员".into();
    }
    let mut parts = Vec::new();
    if !audience.series.is_empty() {
        let names: Vec<&str> = audience
            .series
            .iter()
            .map(|code| if code == "17" { "会计人员" } else { code })
            .collect();
        parts.push(format!("职称系列：{}", names.join("、")));
    }
    if !audience.levels.is_empty() {
        let names: Vec<&str> = audience.levels.iter().map(|level| level.name()).collect();
        parts.push(names.join("、"));
    }
    if !audience.fields.is_empty() {
        parts.push(format!("领域：{}", audience.fields.join("、")));
    }
    if !audience.named.is_empty() {
        parts.push(audience.named.join("、"));
    }
    parts.join("；")
}

fn rules_table(edition: &Edition, editable: bool) -> Table {
    let mut heads = vec![
        Column::main("name", "规则"),
        Column::new("words", "内容"),
        Column::new("audience", "适用对象"),
        Column::new("source", "依据"),
        Column::tight("confidence", "可信程度"),
    ];
    if editable {
        heads.push(Column::tight("deeds", "操作"));
    }
    let entries = edition.document.entries();
    let rows = entries.iter().map(|entry| {
        let mut cells = vec![
            Cell::stack(entry.name.as_str(), "", entry.code.as_str()),
            Cell::text(entry.words.join("；")),
            Cell::text(audience(entry)),
            Cell::stack(
                entry.source.cited(),
                entry.source.address.as_str(),
                entry.source.note.as_str(),
            ),
            confidence(entry),
        ];
        if editable {
            let path = format!(
                "/desk/editions/{}/figures?rule={}",
                edition.id,
                web::url_encode(&entry.code)
            );
            cells.push(Cell::Actions(vec![Action::link("修改", &path).quiet()]));
        }
        Row::new(cells)
    });
    Table::new("规则", TableModel::new(heads, rows))
}

pub(crate) fn confidence(entry: &Entry) -> Cell {
    use rules::credits::Confidence;
    let tone = match entry.source.confidence {
        Confidence::High => Tone::Good,
        Confidence::Medium | Confidence::Low => Tone::Warn,
        Confidence::Platform => Tone::Neutral,
    };
    Cell::badge(tone, entry.source.confidence.name())
}

fn facts(edition: &Edition, phase: Phase) -> Summary {
    let mut facts = Summary::new()
        .fact("状态", state(phase))
        .fact("种类", Cell::text(edition.document.kind().name()))
        .fact("代码", Cell::text(edition.document.code()))
        .fact("生效日期", Cell::Date(edition.document.in_force()));
    if !edition.based_on.is_empty() {
        facts = facts.fact("起草自", Cell::text(edition.based_on.as_str()));
    }
    facts
}

fn story(edition: &Edition) -> Timeline {
    let mut events = vec![TimelineEvent::done(
        "起草",
        &format::moment(edition.drafted_at.civil()),
        &edition.drafted_by,
    )];
    for approval in edition.state.approvals() {
        events.push(TimelineEvent::done(
            "批准",
            &format::moment(approval.at.civil()),
            &approval.by,
        ));
    }
    if edition.state.code() == "proposed" {
        let left = 2 - edition.state.approvals().len();
        events.push(TimelineEvent::next("批准", &format!("还须 {left} 人"), "市级牵头部门"));
    }
    Timeline::new(events)
}

fn draft_form(caller: &Caller, action: &str, with_code: bool) -> Form {
    let mut form = Form::post(action, caller.csrf());
    if with_code {
        let code =
            Field::text("code", "代码").hint("小写字母、数字和连字符，例如 requirement-2027。学时流水会注明它。");
        form = form.field(code.max(40).required());
    }
    form.field(Field::text("name", "名称").max(60).required())
        .field(
            Field::date("in_force", "生效日期")
                .hint("今天或以后；规则不溯及既往。")
                .required(),
        )
        .submit("保存草稿")
}

fn form_page(caller: &Caller, title: &str, id: kernel::Id<EditionRow>, form: Form) -> Reply {
    let form = form.cancel(&format!("/desk/editions/{id}"));
    let page = caller
        .page(title)
        .crumb("学时规则版本", "/desk/editions")
        .failed(form.failed());
    web::page(page, Html::of(&form))
}

async fn ask_copy(caller: Caller, Key(id): Key<EditionRow>) -> Reply {
    let edition = editions::load(caller.ctx(), id).await?;
    let form = draft_form(&caller, &format!("/desk/editions/{id}/copy"), true);
    form_page(
        &caller,
        &format!("在“{}”的基础上起草", edition.document.name()),
        id,
        form,
    )
}

fn typed(fields: &Fields, with_code: bool) -> kernel::Result<NewDraft> {
    let mut read = fields.reader();
    let code = if with_code {
        read.text("code", "代码", 3..=40)
    } else {
        String::new()
    };
    let name = read.text("name", "名称", 2..=60);
    let in_force = read.date("in_force", "生效日期");
    read.finish()?;
    Ok(NewDraft {
        code,
        name,
        in_force: in_force.unwrap_or_default(),
    })
}

async fn copy(caller: Caller, Key(id): Key<EditionRow>, fields: Fields) -> Reply {
    let result = async { editions::draft(caller.ctx(), id, &typed(&fields, true)?).await }.await;
    match result {
        Ok(new) => redirect_saying(
            &caller,
            &format!("/desk/editions/{new}"),
            "草稿已建立。逐项修改后测算影响。",
        ),
        Err(error) => reform(error, |errors| {
            let form = draft_form(&caller, &format!("/desk/editions/{id}/copy"), true);
            form_page(&caller, "起草新版本", id, form.fill(fields.pairs()).errors(errors))
        }),
    }
}

fn rename_form(caller: &Caller, edition: &Edition) -> Form {
    let known = [
        ("name", edition.document.name().to_owned()),
        ("in_force", edition.document.in_force().to_string()),
    ];
    draft_form(caller, &format!("{}/rename", address(edition)), false)
        .field(Field::hidden("version", &edition.version.to_string()))
        .fill(&known)
}

async fn ask_rename(caller: Caller, Key(id): Key<EditionRow>) -> Reply {
    let edition = editions::load(caller.ctx(), id).await?;
    edition.state.edit()?;
    form_page(&caller, "名称和生效日期", id, rename_form(&caller, &edition))
}

async fn rename(caller: Caller, Key(id): Key<EditionRow>, fields: Fields) -> Reply {
    let edition = editions::load(caller.ctx(), id).await?;
    let result = async {
        let typed = typed(&fields, false)?;
        editions::rename(caller.ctx(), id, version(&fields)?, &typed.name, typed.in_force).await
    };
    match result.await {
        Ok(()) => redirect_saying(&caller, &address(&edition), "已保存。"),
        Err(error) => reform(error, |errors| {
            let form = rename_form(&caller, &edition).fill(fields.pairs()).errors(errors);
            form_page(&caller, "名称和生效日期", id, form)
        }),
    }
}

pub(super) fn version(fields: &Fields) -> kernel::Result<i64> {
    fields.get("version").parse().map_err(|_| kernel::Error::Stale)
}

async fn propose(caller: Caller, Key(id): Key<EditionRow>, fields: Fields) -> Reply {
    editions::propose(caller.ctx(), id, version(&fields)?).await?;
    redirect_saying(
        &caller,
        &format!("/desk/editions/{id}"),
        "已提交审批，须两位工作人员批准。",
    )
}

async fn discard(caller: Caller, Key(id): Key<EditionRow>, fields: Fields) -> Reply {
    editions::discard(caller.ctx(), id, version(&fields)?).await?;
    redirect_saying(&caller, &format!("/desk/editions/{id}"), "草稿已作废。")
}

async fn approve(caller: Caller, Key(id): Key<EditionRow>, fields: Fields) -> Reply {
    let approved = editions::approve(caller.ctx(), id, version(&fields)?).await?;
    let said = if approved {
        "已批准，按生效日期生效。"
    } else {
        "已记录您的批准，还须另一位工作人员批准。"
    };
    redirect_saying(&caller, &format!("/desk/editions/{id}"), said)
}

fn return_form(caller: &Caller, edition: &Edition) -> Form {
    Form::post(&format!("{}/return", address(edition)), caller.csrf())
        .field(Field::hidden("version", &edition.version.to_string()))
        .field(
            Field::textarea("reason", "退回原因")
                .hint("2 到 200 个字。已有的批准作废。")
                .rows(3)
                .required(),
        )
        .submit("退回草稿")
}

async fn ask_return(caller: Caller, Key(id): Key<EditionRow>) -> Reply {
    let edition = editions::load(caller.ctx(), id).await?;
    form_page(&caller, "退回修改", id, return_form(&caller, &edition))
}

async fn give_back(caller: Caller, Key(id): Key<EditionRow>, fields: Fields) -> Reply {
    let edition = editions::load(caller.ctx(), id).await?;
    let result = async { editions::give_back(caller.ctx(), id, version(&fields)?, fields.get("reason")).await };
    match result.await {
        Ok(()) => redirect_saying(&caller, &address(&edition), "已退回草稿，可以修改。"),
        Err(error) => reform(error, |errors| {
            let form = return_form(&caller, &edition).fill(fields.pairs()).errors(errors);
            form_page(&caller, "退回修改", id, form)
        }),
    }
}
