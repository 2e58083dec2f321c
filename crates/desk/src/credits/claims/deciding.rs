//! The work of those who decide: the list with its batches, confirming, recognising, giving back, refusing.

use kernel::{Error, Role, id::ClaimId, id::ClaimRow, mask};
use learning::credits::claims::{self, ClaimFilter, ClaimLine, Done};
use rules::credits::claims::{ClaimCode, ClaimKind, Competent};
use rules::permits::{self, Act};
use rules::taxonomy::deadline_sentence;
use ui::table::Bulk;
use ui::{Action, Alert, Cell, Column, Field, Filter, Form, Html, Row, Table, TableModel, Tone};
use web::{Caller, Fields, Gate, Key, Listing, Reply, Routes, columns, redirect_saying, reform};

use super::shown;

pub(super) fn routes() -> Routes {
    let (seeing, deciding) = (Gate::Act(Act::ListClaims), Gate::Act(Act::DecideClaim));
    Routes::new()
        .list("/desk/claims", seeing, "学时申报办理", list)
        .post("/desk/claims/confirm", deciding, "批量确认申报", confirm_many)
        .post("/desk/claims/recognise", deciding, "批量认定申报", recognise_many)
        .post("/desk/claims/{id}/confirm", deciding, "确认申报", confirm)
        .post("/desk/claims/{id}/recognise", deciding, "认定申报", recognise)
        .get("/desk/claims/{id}/return", deciding, "退回申报", ask_return)
        .post("/desk/claims/{id}/return", deciding, "确认退回申报", give_back)
        .get("/desk/claims/{id}/refuse", deciding, "不予认定申报", ask_refusal)
        .post("/desk/claims/{id}/refuse", deciding, "确认不予认定申报", refuse)
}

/// The state in which claims wait for a role, and the body that then decides.
const fn waiting(role: Role) -> Option<(ClaimCode, Option<Competent>)> {
    match role {
        Role::Employer => Some((ClaimCode::Submitted, None)),
        Role::District => Some((ClaimCode::Confirmed, Some(Competent::District))),
        Role::Department => Some((ClaimCode::Confirmed, Some(Competent::Department))),
        Role::Lead => Some((ClaimCode::Confirmed, Some(Competent::Lead))),
        _ => None,
    }
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let own_turn = waiting(ctx.actor.role);
    let mut filter = ClaimFilter {
        state: listing.choice("state"),
        kind: listing.choice("kind"),
        competent: listing.choice("competent"),
        number: listing.words(),
        overdue_on: listing.get("due").filter(|due| *due == "overdue").map(|_| ctx.today()),
        ..ClaimFilter::default()
    };
    let mine = listing.get("turn") == Some("mine");
    if let Some((state, competent)) = own_turn.filter(|_| mine) {
        filter.state = Some(state);
        filter.competent = competent.or(filter.competent);
    }
    let open = open_count(&caller).await?;
    let mut page = caller.page("学时申报").lead(&match open {
        0 => "没有等您办理的申报。".to_owned(),
        open => format!("有 {open} 件申报等您办理。"),
    });
    if permits::has(&ctx.actor, Act::SetParameters) {
        page = page.other(Action::link("办理期限和抽查比例", "/desk/claims/parameters"));
    }
    let mut table = Table::new("学时申报", columns(heads()))
        .filter(Filter::search("申报编号，例如 SB2026-000001"))
        .filter(Filter::select("state", "状态", states()))
        .filter(Filter::select("kind", "类别", shown::choices(ClaimKind::name)))
        .filter(Filter::select("competent", "认定部门", shown::choices(Competent::name)))
        .filter(Filter::select("due", "期限", [ui::Choice::new("overdue", "已逾期")]))
        .sorted_by("since")
        .when_empty("没有符合条件的申报。", None);
    if own_turn.is_some() {
        table = table.filter(Filter::select("turn", "办理", [ui::Choice::new("mine", "待我办理")]));
    }
    if mine && own_turn.is_some() {
        let bulk = Bulk::new(caller.csrf());
        table = table.bulk(match ctx.actor.role {
            Role::Employer => bulk.act("确认所选", "/desk/claims/confirm"),
            _ => bulk.act("认定所选", "/desk/claims/recognise"),
        });
    }
    let (tickable, today) = (mine, ctx.today());
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| claims::list(ctx, &filter, &window).await,
        |line| row(line, tickable, today),
    )
    .await
}

/// How many claims wait for the actor.
async fn open_count(caller: &Caller) -> kernel::Result<i64> {
    let Some((state, competent)) = waiting(caller.ctx().actor.role) else {
        return Ok(0);
    };
    let filter = ClaimFilter {
        state: Some(state),
        competent,
        ..ClaimFilter::default()
    };
    let counts = claims::counts(caller.ctx(), &filter).await?;
    Ok(counts.iter().map(|(_, count)| count).sum())
}

fn heads() -> [Column; 9] {
    [
        Column::tight("number", "编号"),
        Column::main("title", "活动或成果"),
        Column::tight("name", "申报人"),
        Column::new("org", "工作单位").hide_on_phone(),
        Column::number("hours", "学时").sortable(),
        Column::tight("state", "状态"),
        Column::tight("competent", "认定部门").hide_on_phone(),
        Column::tight("since", "自何时").sortable(),
        Column::tight("due", "期限"),
    ]
}

fn states() -> Vec<ui::Choice> {
    let mut states = shown::choices(ClaimCode::name);
    states.retain(|choice| choice.value != kernel::Code::code(ClaimCode::Draft));
    states
}

fn row(line: &ClaimLine, tickable: bool, today: kernel::Date) -> Row {
    let row = Row::new([
        Cell::text(line.number.as_deref().unwrap_or_default()),
        Cell::stack(
            line.title.as_str(),
            format!("/desk/claims/{}", line.id),
            line.rule_name.as_str(),
        ),
        Cell::masked(mask::name(&line.name)),
        Cell::text(line.org_name.as_str()),
        Cell::Hours(line.hours.get()),
        shown::state(line.state).into(),
        Cell::text(line.competent.name()),
        Cell::Moment(line.state_at.civil()),
        line.due.map_or(Cell::Empty, |due| Cell::text(deadline_sentence(due))),
    ])
    .marked(line.due.is_some_and(|due| due.has_passed(today)));
    // The version goes along: a claim that changed since it was shown is not decided unseen.
    if tickable {
        row.id(format!("{}:{}", line.id, line.version))
    } else {
        row
    }
}

fn ticked(fields: &Fields) -> kernel::Result<Vec<(ClaimId, i64)>> {
    let read = |text: &str| -> Option<(ClaimId, i64)> {
        let (id, version) = text.split_once(':')?;
        Some((id.parse().ok()?, version.parse().ok()?))
    };
    let shown: Vec<_> = fields.all("id").into_iter().filter_map(read).take(200).collect();
    if shown.is_empty() {
        return Err(Error::refused("claim.none_ticked", "没有选择申报，请先在列表中勾选。"));
    }
    Ok(shown)
}

fn outcome(caller: &Caller, done: &[Done]) -> Reply {
    let good = done.iter().filter(|one| one.result.is_ok()).count();
    let left = done.len() - good;
    let lead = match left {
        0 => format!("{good} 件全部办理完毕。"),
        left => format!("办理完毕 {good} 件，{left} 件没有办理，原因如下。"),
    };
    let heads = [
        Column::tight("number", "申报编号"),
        Column::tight("hours", "学时"),
        Column::main("what", "结果"),
    ];
    let rows = done.iter().map(|one| match &one.result {
        Ok(hours) => Row::new([
            Cell::text(one.number.as_str()),
            if *hours == kernel::Hours::ZERO {
                Cell::Empty
            } else {
                Cell::Hours(hours.get())
            },
            Cell::text("已办理"),
        ]),
        Err(error) => Row::new([Cell::text(one.number.as_str()), Cell::Empty, Cell::text(said(error))]),
    });
    let rows: Vec<Row> = rows.collect();
    let table = Table::new("批量办理结果", TableModel::new(heads, rows)).id("done");
    let page = caller
        .page("批量办理结果")
        .lead(&lead)
        .crumb("学时申报", "/desk/claims?turn=mine")
        .action(Action::link("继续办理", "/desk/claims?turn=mine"));
    web::page(page, Html::of(&table))
}

fn said(error: &Error) -> String {
    match error {
        Error::Refused { sentence, .. } | Error::Forbidden(sentence) => sentence.clone(),
        Error::Wrong(faults) => faults.iter().map(|fault| fault.sentence.as_str()).collect(),
        Error::Stale => "在您打开列表之后有变化，请重新查看后办理。".to_owned(),
        Error::NotFound => "没有这件申报，或不在您的范围内。".to_owned(),
        Error::Broken(_) => "系统故障，没有办理，请稍后再试。".to_owned(),
    }
}

async fn confirm_many(caller: Caller, fields: Fields) -> Reply {
    let done = claims::confirm_many(caller.ctx(), &ticked(&fields)?).await;
    outcome(&caller, &done)
}

async fn recognise_many(caller: Caller, fields: Fields) -> Reply {
    let done = claims::recognise_many(caller.ctx(), &ticked(&fields)?).await;
    outcome(&caller, &done)
}

fn version(fields: &Fields) -> kernel::Result<i64> {
    fields.get("version").parse().map_err(|_| Error::Stale)
}

async fn confirm(caller: Caller, Key(id): Key<ClaimRow>, fields: Fields) -> Reply {
    claims::confirm(caller.ctx(), id, version(&fields)?).await?;
    redirect_saying(&caller, &format!("/desk/claims/{id}"), "已确认，转认定部门办理。")
}

async fn recognise(caller: Caller, Key(id): Key<ClaimRow>, fields: Fields) -> Reply {
    let hours = claims::recognise(caller.ctx(), id, version(&fields)?).await?;
    let said = format!("已认定 {hours} 学时，已记入申报人的年度学时。");
    redirect_saying(&caller, &format!("/desk/claims/{id}"), &said)
}

/// What is asked before a claim is sent back or refused.
struct Asked {
    title: &'static str,
    lead: &'static str,
    label: &'static str,
    hint: &'static str,
    deed: &'static str,
}

const RETURN: Asked = Asked {
    title: "退回补正",
    lead: "申报人会收到消息和待办，补正后重新提交，编号不变。",
    label: "需要补正的内容",
    hint: "4 到 200 个字，写清缺什么、改什么，例如：请补充会议通知中载明会期的一页。",
    deed: "return",
};

const REFUSAL: Asked = Asked {
    title: "不予认定",
    lead: "不予认定后这件申报办结，申报人可以看到理由，也可以提出异议。",
    label: "不予认定的理由",
    hint: "4 到 200 个字，写明依据。材料可以补的，请用“退回补正”。",
    deed: "refuse",
};

fn reason_form(caller: &Caller, id: ClaimId, version: i64, asked: &Asked) -> Form {
    let form = Form::post(&format!("/desk/claims/{id}/{}", asked.deed), caller.csrf())
        .field(Field::hidden("version", &version.to_string()))
        .field(
            Field::textarea("reason", asked.label)
                .hint(asked.hint)
                .max(200)
                .rows(4)
                .required(),
        );
    let form = if asked.deed == "refuse" {
        form.submit_danger("确认不予认定")
    } else {
        form.submit("确认退回")
    };
    form.cancel(&format!("/desk/claims/{id}"))
}

async fn reason_page(caller: &Caller, id: ClaimId, asked: &Asked, form: Option<Form>) -> Reply {
    let view = claims::view(caller.ctx(), id).await?;
    let form = form.unwrap_or_else(|| reason_form(caller, id, view.claim.version, asked));
    let number = view.claim.number.as_deref().unwrap_or_default();
    let page = caller
        .page(asked.title)
        .lead(asked.lead)
        .crumb("学时申报", "/desk/claims")
        .crumb(number, &format!("/desk/claims/{id}"))
        .failed(form.failed());
    let note = Alert::new(Tone::Neutral, &view.claim.facts.title).text(&view.claim.rule_name);
    web::page(page, Html::of(&note).and(&form))
}

async fn ask_return(caller: Caller, Key(id): Key<ClaimRow>) -> Reply {
    reason_page(&caller, id, &RETURN, None).await
}

async fn ask_refusal(caller: Caller, Key(id): Key<ClaimRow>) -> Reply {
    reason_page(&caller, id, &REFUSAL, None).await
}

/// Shows the form again with what is wrong; the page needs the claim, so it is made before.
async fn again(caller: &Caller, id: ClaimId, asked: &Asked, fields: &Fields, error: Error) -> Reply {
    let form = reason_form(caller, id, version(fields)?, asked).fill(fields.pairs());
    let view = claims::view(caller.ctx(), id).await?;
    reform(error, |errors| {
        let page = caller
            .page(asked.title)
            .lead(asked.lead)
            .crumb("学时申报", "/desk/claims")
            .crumb(
                view.claim.number.as_deref().unwrap_or_default(),
                &format!("/desk/claims/{id}"),
            )
            .failed(true);
        web::page(page, Html::of(&form.errors(errors)))
    })
}

async fn give_back(caller: Caller, Key(id): Key<ClaimRow>, fields: Fields) -> Reply {
    match claims::give_back(caller.ctx(), id, version(&fields)?, fields.get("reason")).await {
        Ok(()) => redirect_saying(&caller, &format!("/desk/claims/{id}"), "已退回，等申报人补正。"),
        Err(error) => again(&caller, id, &RETURN, &fields, error).await,
    }
}

async fn refuse(caller: Caller, Key(id): Key<ClaimRow>, fields: Fields) -> Reply {
    match claims::refuse(caller.ctx(), id, version(&fields)?, fields.get("reason")).await {
        Ok(()) => redirect_saying(&caller, &format!("/desk/claims/{id}"), "已作出不予认定。"),
        Err(error) => again(&caller, id, &REFUSAL, &fields, error).await,
    }
}
