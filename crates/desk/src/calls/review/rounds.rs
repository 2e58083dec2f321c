//! The rounds in sight.

use oversight::calls::review::{self, RoundFilter, RoundLine};
use rules::calls::review::RoundCode;
use rules::permits::Act;
use ui::{Cell, Column, Filter, Row, Table};
use web::{Caller, Gate, Listing, Reply, Routes, columns};

use super::shown;

pub(super) fn routes() -> Routes {
    Routes::new().list("/desk/review-rounds", Gate::Act(Act::ListRounds), "专家评审", list)
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let page = caller
        .page("专家评审")
        .lead("申报通过形式审查后在这里评审：先查回避，再分配，签齐后排序。");
    let heads = [
        Column::main("title", "评审").sortable(),
        Column::number("items", "申报").unit("项"),
        Column::new("signed", "已签署"),
        Column::tight("state", "状态"),
        Column::tight("since", "自何时").sortable(),
    ];
    let table = Table::new("专家评审", columns(heads))
        .filter(Filter::select("state", "状态", shown::choices(RoundCode::name)))
        .sorted_by("-since")
        .when_empty("还没有评审。征集活动进入评审后会出现在这里。", None);
    let filter = RoundFilter {
        state: listing.choice("state"),
    };
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |window| review::list(ctx, &filter, &window).await,
        row,
    )
    .await
}

fn row(line: &RoundLine) -> Row {
    Row::new([
        Cell::link(line.title.as_str(), shown::at(line.id)),
        Cell::Number(line.items),
        Cell::Share {
            part: line.signed,
            whole: line.reviews,
        },
        shown::round_state(line.state).into(),
        Cell::Moment(line.state_at.civil()),
    ])
}
