//! Calls: the list, and one call with what it waits for.

use kernel::id::CallRow;
use oversight::calls::{self, Call, CallFilter, CallView};
use rules::calls::{CallState, DeclarationState, Level};
use rules::permits::{self, Act};
use rules::taxonomy::deadline_sentence;
use ui::{
    Action, Alert, Cell, Column, Details, Figure, Figures, Filter, Html, Page, Row, SectionHead, Summary, Table,
    TableModel, Tone,
};
use web::{Caller, Gate, Key, Listing, Reply, Routes, columns};

use super::shown;

pub(super) fn routes() -> Routes {
    let seeing = Gate::Act(Act::ListCalls);
    Routes::new()
        .list("/desk/calls", seeing, "项目征集", list)
        .get("/desk/calls/{id}", seeing, "项目征集详情", show)
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let mut page = caller
        .page("项目征集")
        .lead("从征集、评审、公示到年度项目计划，每一步都有期限和留痕。");
    if permits::has(&ctx.actor, Act::EditCall) {
        page = page.action(Action::link("起草征集", "/desk/calls/new"));
    }
    page = page.other(Action::link("项目种类", "/desk/call-templates"));
    page = page.other(Action::link("经费标准", "/desk/fees"));
    let heads = [
        Column::main("title", "征集").sortable(),
        Column::tight("level", "层级"),
        Column::number("year", "年度"),
        Column::tight("state", "状态"),
        Column::tight("closes", "申报截止").sortable(),
        Column::tight("since", "更新时间").sortable().hide_on_phone(),
    ];
    let table = Table::new("项目征集", columns(heads))
        .filter(Filter::search("标题、编号"))
        .filter(Filter::select("state", "状态", shown::choices(CallState::name)))
        .filter(Filter::select("level", "层级", shown::choices(Level::name)))
        .sorted_by("-since")
        .when_empty("还没有项目征集。", None);
    let filter = CallFilter {
        state: listing.choice("state"),
        level: listing.choice("level"),
        year: listing.number("year"),
        words: listing.words(),
        ..CallFilter::default()
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| calls::calls(ctx, &filter, &window).await,
        row,
    )
    .await
}

fn row(call: &Call) -> Row {
    let sub = format!("{} {}", call.number.as_deref().unwrap_or("未发布"), call.template.kind);
    Row::new([
        Cell::stack(call.title.as_str(), format!("/desk/calls/{}", call.id), sub),
        Cell::text(call.level.name()),
        Cell::text(call.year.to_string()),
        shown::call(call.state).into(),
        Cell::Moment(call.closes_at.civil()),
        Cell::Moment(call.state_at.civil()),
    ])
}

async fn show(caller: Caller, Key(id): Key<CallRow>) -> Reply {
    let view = calls::view_call(caller.ctx(), id).await?;
    let call = &view.call;
    let page = caller
        .page(&call.title)
        .lead(&lead(&view))
        .crumb("项目征集", "/desk/calls");
    let page = actions(&caller, &view, page);
    let mut body = Html::of(&figures(&view)).and(&facts(&view));
    for note in notes(&view) {
        body = body.and(&note);
    }
    if !view.ranked.is_empty() {
        body = body.and(&ranking(&caller, &view).await?);
    }
    let words = Html::paragraphs(call.body.split('\n').map(str::trim).filter(|line| !line.is_empty()));
    body = body.and(&Details::new("通知正文", words)).and(&kind(call));
    web::page(page, body)
}

/// Where it stands and what it waits for.
fn lead(view: &CallView) -> String {
    let call = &view.call;
    let by = view.due.map(deadline_sentence).unwrap_or_default();
    let count = |states: &[DeclarationState]| -> i64 {
        view.counts
            .iter()
            .filter(|(state, _)| states.contains(state))
            .map(|(_, count)| count)
            .sum()
    };
    match call.state {
        CallState::Draft => "这是草稿，尚未发布。".to_owned(),
        CallState::Open => format!("正在征集，{} 截止；已提交 {} 件。", call.closes_at, handed_in(view)),
        CallState::Closed => format!(
            "征集已截止；{} 件待推荐，{} 件待形式审查，{} 件已通过。",
            count(&[DeclarationState::Submitted]),
            count(&[DeclarationState::Checking]),
            count(&[DeclarationState::Reviewing])
        ),
        CallState::Reviewing => format!(
            "{} 件正在评审，计划数 {} 个。",
            count(&[DeclarationState::Reviewing]),
            call.places
        ),
        CallState::Proposed => format!("已拟定 {} 个项目，请核对后公示。", count(&[DeclarationState::Proposed])),
        CallState::Noticed => format!("正在公示，{by}期满；异议须在期满前答复。"),
        CallState::Approving => {
            let missing: Vec<&str> = view.missing.iter().map(|approver| approver.name()).collect();
            format!("公示期满，等待{}批准，期限 {by}。", missing.join("、"))
        }
        CallState::Published => format!(
            "年度项目计划已公布，{} 个项目。",
            count(&[DeclarationState::Approved, DeclarationState::Deferred])
        ),
        CallState::Cancelled => format!("已终止，原因：{}", call.reason),
    }
}

fn handed_in(view: &CallView) -> i64 {
    view.counts
        .iter()
        .filter(|(state, _)| !matches!(state, DeclarationState::Draft | DeclarationState::Withdrawn))
        .map(|(_, count)| count)
        .sum()
}

/// What the reader can do now, the most likely first.
fn actions(caller: &Caller, view: &CallView, page: Page) -> Page {
    let call = &view.call;
    let id = call.id;
    let post = |label: &str, deed: &str| {
        Action::post(label, &format!("/desk/calls/{id}/{deed}"), caller.csrf())
            .field("version", &call.version.to_string())
    };
    let link = |label: &str, part: &str| Action::link(label, &format!("/desk/calls/{id}/{part}"));
    let mut page = page;
    if let Some(approver) = view.approves {
        page = page.action(post(&format!("代表{}批准", approver.name()), "approve"));
    }
    if view.moves {
        page = match call.state {
            CallState::Draft => page.action(post("发布征集通知", "publish")).other(link("修改", "edit")),
            CallState::Closed => page.action(post("转入评审", "begin-review")),
            CallState::Reviewing => page
                .action(post("拟定计划", "propose"))
                .other(link("组织专家评审", "review-round"))
                .other(link("登记评审得分", "scores")),
            CallState::Proposed => page
                .action(post("开始公示", "notice"))
                .other(post("退回重新拟定", "take-back")),
            CallState::Noticed => page.action(link("办理异议", "objections")),
            _ => page,
        };
        if !call.state.is_over() {
            page = page.other(link("终止征集", "cancel").danger());
        }
    }
    if call.number.is_some() {
        page = page.other(Action::link("公开页面", &format!("/calls/{id}")));
    }
    page.other(Action::link("申报列表", &format!("/desk/declarations?call={id}")))
}

fn figures(view: &CallView) -> Figures {
    let number = |value: i64| ui::format::number(value);
    let by = |state: DeclarationState| {
        view.counts
            .iter()
            .find(|(one, _)| *one == state)
            .map_or(0, |(_, count)| *count)
    };
    let href = |state: &str| format!("/desk/declarations?call={}&state={state}", view.call.id);
    Figures::new([
        Figure::new("已提交", number(handed_in(view)), "件").href(&format!("/desk/declarations?call={}", view.call.id)),
        Figure::new("待推荐", number(by(DeclarationState::Submitted)), "件").href(&href("submitted")),
        Figure::new("待形式审查", number(by(DeclarationState::Checking)), "件").href(&href("checking")),
        Figure::new("计划数", number(i64::from(view.call.places)), "个"),
    ])
}

fn facts(view: &CallView) -> Summary {
    let call = &view.call;
    let mut facts = Summary::new()
        .fact("状态", shown::call(call.state))
        .fact("编号", Cell::text(call.number.as_deref().unwrap_or("发布后编号")))
        .fact("项目种类", Cell::text(call.template.kind.as_str()))
        .fact("组织单位", Cell::text(call.authority.as_str()))
        .fact("计划年度", Cell::text(format!("{} 年", call.year)))
        .fact(
            "申报时间",
            Cell::text(format!("{} 至 {}", call.opens_at, call.closes_at)),
        );
    if let Some(until) = call.topics_until {
        facts = facts.fact("选题截止", Cell::Moment(until.civil()));
    }
    if call.notice_at.is_some() {
        facts = facts.fact("公示内容摘要（SHA-256）", Cell::text(call.notice_digest.as_str()));
    }
    for approval in &view.approvals {
        facts = facts.fact(
            &format!("{}批准", approval.given.approver.name()),
            Cell::Moment(approval.at.civil()),
        );
    }
    facts
}

fn notes(view: &CallView) -> Vec<Alert> {
    let mut notes = Vec::new();
    if view.call.extension > 0 {
        notes.push(Alert::new(Tone::Warn, "公示期已顺延").text(&format!(
            "公示页面有超过 2 小时工作时间没有观测到，公示期顺延 {} 个工作日。",
            view.call.extension
        )));
    }
    let open = view.objections.iter().filter(|one| one.answered_at.is_none()).count();
    if open > 0 {
        notes.push(Alert::new(Tone::Warn, &format!("有 {open} 件异议待答复")).text("全部答复后公示才能期满。"));
    }
    notes
}

/// The ranking.
async fn ranking(caller: &Caller, view: &CallView) -> kernel::Result<Html> {
    let names = shown::names(caller).await?;
    let heads = [
        Column::number("rank", "名次"),
        Column::main("title", "项目"),
        Column::new("host", "承办单位"),
        Column::new("field", "领域").hide_on_phone(),
        Column::number("score", "得分"),
        Column::tight("state", "状态"),
    ];
    let rows = view.ranked.iter().map(|one| {
        Row::new([
            one.rank.map_or(Cell::Empty, |rank| Cell::text(rank.to_string())),
            Cell::stack(
                one.content.title.as_str(),
                format!("/desk/declarations/{}", one.id),
                one.number.as_deref().unwrap_or_default(),
            ),
            Cell::text(one.host_name.as_str()),
            Cell::text(names.of_opt(rules::taxonomy::Vocabulary::FocusField, one.content.field.as_deref())),
            one.score.map_or(Cell::Empty, |score| Cell::text(shown::score(score))),
            shown::declaration(one.state).into(),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    let table = Table::new("评审排名", TableModel::new(heads, rows)).id("ranking");
    Ok(Html::of(&SectionHead::new("评审和计划")).and(&table))
}

/// What the kind of call says, as it was taken along.
fn kind(call: &Call) -> Details {
    let template = &call.template;
    let said = |yes: bool| if yes { "是" } else { "否" };
    let who: Vec<&str> = template.declarants.iter().map(|one| one.name()).collect();
    let approvers: Vec<&str> = template.approvers.iter().map(|one| one.name()).collect();
    let criteria: Vec<String> = template
        .criteria
        .iter()
        .map(|one| format!("{} {}%", one.name, one.weight))
        .collect();
    let facts = Summary::new()
        .fact("征集选题", Cell::text(said(template.topics)))
        .fact("部门或区推荐", Cell::text(said(template.recommendation)))
        .fact("盲审", Cell::text(said(template.blind)))
        .fact("申报单位", Cell::text(who.join("、")))
        .fact("批复单位", Cell::text(approvers.join("、")))
        .fact("评审指标", Cell::text(criteria.join("；")));
    Details::new("项目种类的规定", Html::of(&facts))
}
