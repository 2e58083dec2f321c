//! A person's own claims, and the choice of what to claim.

use learning::credits::claims::{self, Beginning, ClaimFilter, ClaimLine, Kind};
use rules::credits::claims::{ClaimCode, ClaimKind};
use rules::permits::Act;
use ui::{Action, Alert, Cell, Choice, Column, Field, Filter, Form, Html, Row, Table, Tone};
use web::{Caller, Fields, Gate, Listing, Reply, Routes, columns, redirect, reform};

use super::shown;

const ELSEWHERE: &str = "elsewhere";

pub(super) fn routes() -> Routes {
    let gate = Gate::Act(Act::MakeClaim);
    Routes::new()
        .list("/desk/my/claims", gate, "本人学时申报", list)
        .get("/desk/my/claims/new", gate, "选择申报种类", choose)
        .post("/desk/my/claims/new", gate, "开始学时申报", begin)
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let new = || Action::link("申报学时", "/desk/my/claims/new");
    let filter = ClaimFilter {
        state: listing.choice("state"),
        kind: listing.choice("kind"),
        with_drafts: true,
        ..ClaimFilter::default()
    };
    let counts = claims::counts(
        ctx,
        &ClaimFilter {
            with_drafts: true,
            ..ClaimFilter::default()
        },
    )
    .await?;
    let page = caller.page("学时申报").lead(&lead(&counts)).action(new());
    let heads = [
        Column::tight("number", "编号"),
        Column::main("title", "活动或成果"),
        Column::number("hours", "学时").sortable(),
        Column::tight("state", "状态"),
        Column::tight("since", "更新时间").sortable(),
    ];
    let table = Table::new("学时申报", columns(heads))
        .filter(Filter::select("state", "状态", shown::choices(ClaimCode::name)))
        .filter(Filter::select("kind", "类别", shown::choices(ClaimKind::name)))
        .sorted_by("-since")
        .when_empty(
            "还没有申报过学时。参加学术会议、发表论文、授课、在外省市学习等，可以在这里申报。",
            Some(new()),
        );
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| claims::list(ctx, &filter, &window).await,
        row,
    )
    .await
}

fn lead(counts: &[(ClaimCode, i64)]) -> String {
    let of = |code| {
        counts
            .iter()
            .find(|(state, _)| *state == code)
            .map_or(0, |(_, count)| *count)
    };
    let waiting = of(ClaimCode::Submitted) + of(ClaimCode::Confirmed);
    match (of(ClaimCode::Returned), of(ClaimCode::Draft)) {
        (0, 0) => format!("正在办理 {waiting} 件，已认定 {} 件。", of(ClaimCode::Recognised)),
        (0, drafts) => format!(
            "有 {drafts} 件草稿未提交；正在办理 {waiting} 件，已认定 {} 件。",
            of(ClaimCode::Recognised)
        ),
        (returned, _) => format!("有 {returned} 件被退回，请补正后重新提交；正在办理 {waiting} 件。"),
    }
}

fn row(line: &ClaimLine) -> Row {
    let href = match line.state {
        ClaimCode::Draft => shown::at(line.id, "facts"),
        _ => format!("/desk/claims/{}", line.id),
    };
    let title = if line.title.is_empty() {
        "（未填写）"
    } else {
        &line.title
    };
    Row::new([
        Cell::text(line.number.as_deref().unwrap_or("未提交")),
        Cell::stack(title, href, line.rule_name.as_str()),
        Cell::Hours(line.hours.get()),
        shown::state(line.state).into(),
        Cell::Moment(line.state_at.civil()),
    ])
}

fn form(caller: &Caller, kinds: &[Kind]) -> Form {
    let other = Choice::new(ELSEWHERE, "外省市学时")
        .hint("在其他省市参加的继续教育，有主管部门或经认可机构出具的学时证明。需要：证明文件。");
    let rules = kinds.iter().map(|kind| {
        let rule = &kind.rule;
        let hint = format!(
            "{}。需要：{}。由{}认定。",
            rule.measure.in_words(),
            rule.evidence.join("、"),
            rule.recogniser.name()
        );
        Choice::new(&rule.code, &rule.name).hint(&hint)
    });
    let choices: Vec<Choice> = rules.chain([other]).collect();
    Form::post("/desk/my/claims/new", caller.csrf())
        .field(
            Field::radios("kind", "您要申报什么", choices)
                .hint("结业的班次已自动记入，不用申报。")
                .required(),
        )
        .submit("下一步")
        .cancel("/desk/my/claims")
        .unguarded()
}

fn form_page(caller: &Caller, kinds: &[Kind], form: &Form) -> Reply {
    let page = caller
        .page("申报学时")
        .lead("先选择种类，再填写事实、上传佐证，核对后提交；中途可以离开，草稿会保留。")
        .crumb("学时申报", "/desk/my/claims")
        .failed(form.failed());
    let mut editions: Vec<&str> = kinds.iter().map(|kind| kind.edition.as_str()).collect();
    editions.dedup();
    let note = Alert::new(Tone::Active, "按哪一版标准").text(&format!(
        "按活动完成之日生效的认定标准计算。现行：{}。",
        editions.join("、")
    ));
    web::page(page, Html::of(form).and(&note))
}

async fn choose(caller: Caller) -> Reply {
    let kinds = claims::kinds(caller.ctx()).await?;
    form_page(&caller, &kinds, &form(&caller, &kinds))
}

async fn begin(caller: Caller, fields: Fields) -> Reply {
    let beginning = match fields.get("kind") {
        ELSEWHERE => Beginning::Elsewhere,
        code => Beginning::Rule(code.to_owned()),
    };
    match claims::begin(caller.ctx(), &beginning).await {
        Ok(id) => redirect(&shown::at(id, "facts")),
        Err(error) => {
            let kinds = claims::kinds(caller.ctx()).await?;
            reform(error, |errors| {
                let form = form(&caller, &kinds).fill(fields.pairs());
                let errors = errors.into_iter().map(|(field, sentence)| match field.as_str() {
                    "rule" => ("kind".to_owned(), sentence),
                    _ => (field, sentence),
                });
                form_page(&caller, &kinds, &form.errors(errors))
            })
        }
    }
}
