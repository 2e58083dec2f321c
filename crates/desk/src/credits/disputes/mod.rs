//! Disputes about hours: the list, opening one, the case with its deeds, the periods, the figures by provider.

mod case;
mod deeds;
mod opening;
mod periods;
mod statistics;

use kernel::Code;
use learning::credits::disputes::{self, Dispute, DisputeFilter, DisputeLine, NewEvidence};
use rules::credits::Subject;
use rules::credits::disputes::{Contested, DisputeCode, DisputeKind, DisputeState, Outcome};
use rules::credits::recognition::Part;
use rules::permits::{self, Act};
use rules::taxonomy::deadline_sentence;
use ui::{Action, Cell, Choice, Column, Field, Filter, Row, State, Table};
use web::{Caller, Gate, Listing, Reply, Routes, Upload, columns};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .list("/desk/disputes", Gate::Act(Act::ListDisputes), "学时异议", list)
        .and(opening::routes())
        .and(statistics::routes())
        .and(periods::routes())
        .and(case::routes())
        .and(deeds::routes())
}

/// The state as people see it; what is decided shows the outcome.
fn state(state: &DisputeState) -> State {
    match state {
        DisputeState::Opened => State::AwaitingAnswer,
        DisputeState::Answered { .. } | DisputeState::Unanswered { .. } => State::AwaitingDecision,
        DisputeState::Decided { verdict } | DisputeState::Final { verdict, .. } => outcome(verdict.outcome),
        DisputeState::Appealed { .. } => State::UnderReview,
        DisputeState::Settled { .. } => State::Settled,
        DisputeState::Withdrawn { .. } => State::TakenBack,
    }
}

fn outcome(outcome: Outcome) -> State {
    match outcome {
        Outcome::Upheld => State::Upheld,
        Outcome::Partly => State::PartlyUpheld,
        Outcome::Rejected => State::NotUpheld,
    }
}

fn kinds() -> impl Iterator<Item = Choice> {
    DisputeKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), kind.name()))
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let mut page = caller
        .page("学时异议")
        .lead("缺少、有误或不是本人的学时，可以在这里提出；答复、决定和复核都有期限，各方都能看到进展。");
    if permits::has(&ctx.actor, Act::OpenDispute) {
        page = page
            .action(Action::link("缺少学时", "/desk/disputes/new"))
            .other(Action::link("对已记学时有异议", "/desk/my/statement"));
    }
    if permits::has(&ctx.actor, Act::ViewDisputeStatistics) {
        page = page.other(Action::link("按施教机构统计", "/desk/disputes/providers"));
    }
    if permits::has(&ctx.actor, Act::SetParameters) {
        page = page.other(Action::link("设定期限", "/desk/disputes/terms"));
    }
    let states = DisputeCode::ALL
        .iter()
        .map(|state| Choice::new(state.code(), state.name()));
    let table = Table::new(
        "学时异议",
        columns([
            Column::tight("number", "编号").sortable(),
            Column::tight("kind", "类别"),
            Column::main("title", "活动").sortable(),
            Column::tight("name", "姓名"),
            Column::new("provider", "施教机构"),
            Column::tight("body", "决定部门"),
            Column::tight("opened", "提出时间").sortable(),
            Column::tight("due", "当前期限"),
            Column::tight("state", "状态"),
        ]),
    )
    .filter(Filter::search("完整编号"))
    .filter(Filter::select("state", "状态", states))
    .filter(Filter::select("kind", "类别", kinds()))
    .sorted_by("-opened")
    .when_empty("没有符合条件的异议。", None);
    let filter = DisputeFilter {
        state: listing.choice("state"),
        kind: listing.choice("kind"),
        number: listing.words(),
        provider: listing.number("provider").map(kernel::Id::new),
        year: listing.number("year"),
    };
    let today = ctx.today();
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| disputes::list(ctx, &filter, &window).await,
        |line| row(line, today),
    )
    .await
}

fn row(line: &DisputeLine, today: kernel::Date) -> Row {
    let case = &line.case;
    let late = line.due.is_some_and(|due| due.has_passed(today));
    Row::new([
        Cell::link(case.number.as_str(), address(case)),
        Cell::text(case.contested.kind().name()),
        Cell::stack(case.title.as_str(), "", claim(&case.contested)),
        Cell::masked(line.name.as_str()),
        Cell::text(line.provider.as_str()),
        Cell::text(case.body.name()),
        Cell::Moment(case.opened_at.civil()),
        line.due.map_or(Cell::Empty, |due| Cell::text(deadline_sentence(due))),
        state(&case.state).into(),
    ])
    .id(case.id)
    .marked(late)
}

fn address(case: &Dispute) -> String {
    format!("/desk/disputes/{}", case.id)
}

/// A subject, and of 公需科目 the compulsory part.
fn subject_words(subject: Subject, part: Part) -> String {
    match part {
        Part::Compulsory => format!("{}（必修）", subject.name()),
        Part::Elective => subject.name().to_owned(),
    }
}

/// What the person asks for, in one line.
fn claim(contested: &Contested) -> String {
    match contested.wanted() {
        Some(wanted) => format!(
            "主张 {} 学时，{}，{} 取得",
            wanted.hours,
            subject_words(wanted.subject, wanted.part),
            ui::format::date(wanted.earned_on)
        ),
        None => "主张不是本人的学时".to_owned(),
    }
}

const FILES: [&str; 3] = ["file", "file2", "file3"];

/// The fields for evidence; three at once, more with the next step.
fn file_fields() -> [Field; 3] {
    let accept = ".pdf,.jpg,.jpeg,.png";
    [
        Field::file(FILES[0], "证明材料（选填）", accept)
            .hint("结业证书、签到记录、成绩单等；PDF、JPG 或 PNG，每个不超过 10 MB。"),
        Field::file(FILES[1], "证明材料二（选填）", accept),
        Field::file(FILES[2], "证明材料三（选填）", accept),
    ]
}

/// The evidence that was sent.
fn sent(upload: &mut Upload) -> kernel::Result<Vec<NewEvidence>> {
    let files = FILES.iter().filter_map(|name| upload.take(name));
    files
        .map(|file| {
            Ok(NewEvidence {
                bytes: file.bytes()?,
                name: file.name,
            })
        })
        .collect()
}
