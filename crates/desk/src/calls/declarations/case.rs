//! One declaration as all its parties see it: where it stands, whose turn it is, what it says, its versions, the check, the story.

use kernel::{Code as _, id::DeclarationRow};
use oversight::calls::{self, DeclarationView};
use registry::taxonomy::Names;
use rules::calls::content::Cost;
use rules::calls::{Content, DeclarationDeed, DeclarationState, Party};
use rules::permits::Act;
use rules::taxonomy::{Vocabulary, deadline_sentence};
use ui::{
    Action, Alert, Cell, Column, Details, Html, Page, Row, SectionHead, Summary, Table, TableModel, Timeline,
    TimelineEvent, Tone, format,
};
use web::{Caller, Gate, Key, Reply, Routes};

use super::super::shown;
use super::{at, files, formal};

pub(super) fn routes() -> Routes {
    Routes::new().get(
        "/desk/declarations/{id}",
        Gate::Act(Act::ListDeclarations),
        "项目申报详情",
        show,
    )
}

async fn show(caller: Caller, Key(id): Key<DeclarationRow>) -> Reply {
    let view = calls::view_declaration(caller.ctx(), id).await?;
    let one = &view.declaration;
    let names = shown::names(&caller).await?;
    let title = if one.content.title.is_empty() {
        "项目申报（未填写）"
    } else {
        &one.content.title
    };
    let page = caller
        .page(title)
        .lead(&lead(&view))
        .crumb("项目申报", "/desk/declarations");
    let page = actions(&view, page);
    let mut body = Html::default();
    if !one.reason.is_empty() {
        body = body.and(&Alert::new(Tone::Neutral, "最近一次办理意见").text(&one.reason));
    }
    body = body.and(&facts(&view));
    if !view.found.is_empty() {
        body = body.and(&formal::found(&view.found));
    }
    if !view.checked.is_empty() {
        body = body.and(&formal::checked(&view.checked));
    }
    body = body
        .and(&SectionHead::new("申报书"))
        .and(&content(&one.content, &view, &names))
        .and(&files::table(&view, |_| Vec::new()));
    for handed in view.versions.iter().rev().skip(1) {
        let title = format!(
            "第 {} 次提交的内容（{}）",
            handed.round,
            format::moment(handed.at.civil())
        );
        body = body.and(&Details::new(&title, content(&handed.content, &view, &names)));
    }
    web::page(page, body.and(&SectionHead::new("办理经过")).and(&story(&view)))
}

fn lead(view: &DeclarationView) -> String {
    let by = view
        .due
        .map(|due| format!("期限 {}。", deadline_sentence(due)))
        .unwrap_or_default();
    format!("{}{by}", view.declaration.state.sees())
}

/// What a deed leads to: a page of its own, or one that asks for a reason.
const fn page_of(deed: DeclarationDeed) -> Option<(&'static str, &'static str, bool)> {
    Some(match deed {
        DeclarationDeed::Recommend => ("推荐", "recommend", false),
        DeclarationDeed::Return => ("退回修改", "return", false),
        DeclarationDeed::Decline => ("不予推荐", "decline", true),
        DeclarationDeed::Pass => ("形式审查", "formal", false),
        DeclarationDeed::Reject => ("不予批准", "reject", true),
        DeclarationDeed::Defer => ("延期实施", "defer", false),
        DeclarationDeed::Resume => ("恢复实施", "resume", false),
        DeclarationDeed::ReplaceHost => ("变更承办单位", "replace-host", false),
        DeclarationDeed::Withdraw => ("撤回", "withdraw", true),
        DeclarationDeed::Cancel => ("取消", "cancel", true),
        _ => return None,
    })
}

/// What the reader can do now, in the order of the workflow's table.
fn actions(view: &DeclarationView, page: Page) -> Page {
    let one = &view.declaration;
    let mut page = page;
    let mut first = true;
    if view.own && one.state.is_open() {
        page = page.action(Action::link("继续填写", &at(one.id, "content")));
        first = false;
    }
    for party in &view.parties {
        for (label, part, danger) in one.state.open_to(*party).filter_map(page_of) {
            // The recommending body gives back what it was sent; the authority only what it checks.
            let misplaced = part == "return" && *party == Party::Authority && one.state != DeclarationState::Checking;
            if misplaced {
                continue;
            }
            let action = Action::link(label, &at(one.id, part));
            let action = if danger { action.danger() } else { action };
            page = if first && !danger {
                page.action(action)
            } else {
                page.other(action)
            };
            first = first && danger;
        }
    }
    page
}

fn facts(view: &DeclarationView) -> Summary {
    let one = &view.declaration;
    let mut facts = Summary::new()
        .fact("状态", shown::declaration(one.state))
        .fact("申报编号", Cell::text(one.number.as_deref().unwrap_or("提交后编号")))
        .fact(
            "征集",
            Cell::link(view.call.title.as_str(), format!("/calls/{}", view.call.id)),
        )
        .fact("申报单位", Cell::text(one.host_name.as_str()));
    if let Some(topic) = &view.topic {
        facts = facts.fact("选题", Cell::text(format!("{}（{}提出）", topic.title, topic.proposer)));
    }
    if view.call.template.recommendation {
        facts = facts.fact("推荐单位", Cell::text(one.recommender.name()));
    }
    if let Some(at) = one.submitted_at {
        facts = facts.fact("首次提交", Cell::Moment(at.civil()));
    }
    // Places and scores are told once the plan is under notice.
    let told = matches!(
        one.state,
        DeclarationState::Noticed
            | DeclarationState::Approving
            | DeclarationState::Approved
            | DeclarationState::Deferred
            | DeclarationState::NotSelected
    );
    if let (Some(rank), Some(score)) = (one.rank.filter(|_| told || !view.own), one.score) {
        facts = facts.fact("评审", Cell::text(format!("第 {rank} 名，{} 分", shown::score(score))));
    }
    if let Some(number) = &one.plan_number {
        facts = facts.fact("计划编号", Cell::text(number.as_str()));
    }
    facts
}

/// What a declaration says.
pub(super) fn content(content: &Content, view: &DeclarationView, names: &Names) -> Html {
    let mut facts = Summary::new()
        .fact("项目名称", Cell::text(content.title.as_str()))
        .fact(
            "聚焦领域",
            Cell::text(names.of_opt(Vocabulary::FocusField, content.field.as_deref())),
        );
    for field in &view.call.template.fields {
        let answer = content.answers.get(&field.key).map_or("", String::as_str);
        facts = facts.fact(&field.label, Cell::text(answer));
    }
    if !view.call.template.training {
        return Html::of(&facts);
    }
    facts = facts
        .fact("培训对象", Cell::text(content.audience.as_str()))
        .fact("培训人数", Cell::text(people(content)))
        .fact("培训地点", Cell::text(content.venue.as_str()));
    if let (Some(from), Some(until)) = (content.from, content.until) {
        facts = facts.fact("计划日期", Cell::DateRange(from, until));
    }
    if let Some(days) = content.days {
        facts = facts.fact("培训天数", Cell::text(format!("{days} 天")));
    }
    Html::of(&facts).and(&teachers(content)).and(&budget(content))
}

fn people(content: &Content) -> String {
    match (content.people, content.front_line) {
        (Some(people), Some(front)) => format!("{people} 人，其中基层一线 {front} 人"),
        (Some(people), None) => format!("{people} 人"),
        (None, _) => String::new(),
    }
}

fn teachers(content: &Content) -> Table {
    let heads = [
        Column::main("name", "师资"),
        Column::new("employer", "工作单位"),
        Column::tight("rank", "职称"),
        Column::number("hours", "学时"),
        Column::number("fee", "讲课费（元/学时）"),
        Column::number("sum", "小计（元）"),
    ];
    let rows = content.teachers.iter().map(|teacher| {
        Row::new([
            Cell::text(teacher.name.as_str()),
            Cell::text(teacher.employer.as_str()),
            Cell::text(teacher.rank.name()),
            Cell::Hours(teacher.hours.get()),
            Cell::Money(teacher.fee.get()),
            Cell::Money(teacher.cost().get()),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new("师资", TableModel::new(heads, rows))
        .id("teachers")
        .when_empty("没有填写师资。", None)
}

fn budget(content: &Content) -> Table {
    let heads = [Column::main("cost", "预算科目"), Column::number("sum", "金额（元）")];
    let rows = Cost::ALL.iter().filter_map(|cost| {
        let money = content.costs.get(cost.code())?;
        Some(Row::new([Cell::text(cost.name()), Cell::Money(money.get())]))
    });
    let lectures = Row::new([
        Cell::text("师资费（讲课费）"),
        Cell::Money(content.lecture_cost().get()),
    ]);
    let rows: Vec<Row> = rows.chain([lectures]).collect();
    let total = Row::new([Cell::text("合计"), Cell::Money(content.budget().get())]);
    Table::new("经费预算", TableModel::new(heads, rows).total(total)).id("budget")
}

fn story(view: &DeclarationView) -> Timeline {
    let mut events: Vec<TimelineEvent> = view
        .story
        .iter()
        .map(|told| {
            let event = TimelineEvent::done(told.deed.name(), &format::moment(told.at.civil()), told.role.name());
            if told.note.is_empty() {
                event
            } else {
                event.note(&told.note)
            }
        })
        .collect();
    if let Some(due) = view.due {
        let (deed, who) = match view.declaration.state {
            DeclarationState::Submitted => ("推荐", view.declaration.recommender.name()),
            DeclarationState::Returned => ("修改后重新提交", "申报单位"),
            _ => ("形式审查", view.call.authority.as_str()),
        };
        events.push(TimelineEvent::next(deed, &format!("{}前", deadline_sentence(due)), who));
    }
    Timeline::new(events)
}
