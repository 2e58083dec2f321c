//! Editions of the rules of hours for the lead: list, draft, figures in forms, difference in words, approval by two, what-if.
//!
//! `edition.rs` is one edition with its deeds, `figures.rs` the form of one rule, `measure.rs` another kind of
//! measure for it, `what_if.rs` the counting and its result.

mod edition;
mod figures;
mod measure;
mod what_if;

use learning::credits::editions::{self, Edition, EditionFilter, Phase};
use rules::credits::editions::EditionKind;
use rules::permits::Act;
use ui::{Cell, Choice, Column, Filter, Row, State, Table};
use web::{Caller, Gate, Listing, Reply, Routes, columns};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new()
        .list("/desk/editions", Gate::Act(Act::ListEditions), "学时规则版本", list)
        .and(edition::routes())
        .and(figures::routes())
        .and(measure::routes())
        .and(what_if::routes())
}

/// Where an edition stands, as the vocabulary of states says it.
fn state(phase: Phase) -> State {
    match phase {
        Phase::Draft => State::Draft,
        Phase::Proposed => State::AwaitingReview,
        Phase::Upcoming => State::Scheduled,
        Phase::InForce => State::InForce,
        Phase::Ended => State::Superseded,
        Phase::Discarded => State::Withdrawn,
    }
}

fn kinds() -> Vec<Choice> {
    <EditionKind as kernel::Code>::ALL
        .iter()
        .map(|kind| Choice::new(kernel::Code::code(*kind), kind.name()))
        .collect()
}

fn states() -> [Choice; 4] {
    [
        Choice::new("draft", "草稿"),
        Choice::new("proposed", "待批准"),
        Choice::new("approved", "已批准"),
        Choice::new("discarded", "已作废"),
    ]
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let page = caller
        .page("学时规则版本")
        .lead("学时怎么认定、每年要达到多少，都以生效的版本为准。修改规则须另起草版本，测算影响，由两人批准。");
    let table = Table::new(
        "学时规则版本",
        columns([
            Column::main("name", "版本").sortable(),
            Column::tight("kind", "种类"),
            Column::tight("state", "状态"),
            Column::tight("in_force", "生效日期").sortable(),
            Column::tight("until", "终止日期"),
            Column::number("rules", "规则").unit("项"),
            Column::tight("by", "起草"),
            Column::tight("drafted", "起草时间").sortable(),
        ]),
    )
    .filter(Filter::select("kind", "种类", kinds()))
    .filter(Filter::select("state", "状态", states()))
    .sorted_by("-drafted")
    .when_empty("没有符合条件的版本。", None);
    let filter = EditionFilter {
        kind: listing.choice("kind"),
        state: listing.text("state"),
    };
    let today = ctx.today();
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| editions::list(ctx, &filter, &window).await,
        |edition| row(edition, today),
    )
    .await
}

fn row(edition: &Edition, today: kernel::Date) -> Row {
    let document = &edition.document;
    Row::new([
        Cell::stack(
            document.name(),
            format!("/desk/editions/{}", edition.id),
            document.code(),
        ),
        Cell::text(document.kind().name()),
        state(edition.phase(today)).into(),
        Cell::Date(document.in_force()),
        edition.until.map_or(Cell::Empty, Cell::Date),
        Cell::Number(i64::try_from(document.entries().len()).unwrap_or(0)),
        Cell::text(edition.drafted_by.as_str()),
        Cell::Moment(edition.drafted_at.civil()),
    ])
}
