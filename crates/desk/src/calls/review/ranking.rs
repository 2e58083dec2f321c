//! The ranking of a closed round, with its export.

use oversight::calls::review::{self, Ranked, RoundRow};
use registry::Listed;
use rules::permits::Act;
use ui::{Cell, Column, Row, Table};
use web::{Caller, Gate, Key, Listing, Reply, Routes, columns};

use super::shown;

pub(super) fn routes() -> Routes {
    Routes::new().list(
        "/desk/review-rounds/{id}/ranking",
        Gate::Act(Act::ListRounds),
        "评审名次",
        list,
    )
}

async fn list(caller: Caller, Key(id): Key<RoundRow>, listing: Listing) -> Reply {
    let view = review::view(caller.ctx(), id).await?;
    let round = &view.whole.round;
    let lead = if view.ranking.is_empty() {
        "评审还没有结束，名次在结束时排出。".to_owned()
    } else {
        let settings = &round.settings;
        format!(
            "得分按“{}”计算，优先条件加分单列；同分时依次看：{}。抽签种子 {}。",
            settings.method.name(),
            settings
                .ties
                .iter()
                .map(|tie| tie.name())
                .collect::<Vec<_>>()
                .join("、"),
            round.seed
        )
    };
    let page = caller
        .page("评审名次")
        .lead(&lead)
        .crumb("专家评审", "/desk/review-rounds")
        .crumb(&round.title, &shown::at(id));
    let heads = [
        Column::number("place", "名次"),
        Column::main("title", "申报"),
        Column::tight("number", "编号"),
        Column::number("total", "总分"),
        Column::number("score", "评审得分"),
        Column::number("agreed", "讨论商定"),
        Column::number("priority", "优先条件"),
        Column::number("spread", "分歧").hide_on_phone(),
        Column::new("by", "同分时依据").hide_on_phone(),
    ];
    let table = Table::new("评审名次", columns(heads)).when_empty("评审还没有结束。", None);
    let ranking = &view.ranking;
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |_| {
            Ok(Listed {
                rows: ranking.clone(),
                next: None,
                previous: None,
                total: Some(ranking.len() as u64),
            })
        },
        row,
    )
    .await
}

fn row(ranked: &Ranked) -> Row {
    let by = match (ranked.by, ranked.shared) {
        (_, true) => "并列".to_owned(),
        (Some(tie), false) => tie.name().to_owned(),
        (None, false) => String::new(),
    };
    Row::new([
        Cell::Number(i64::from(ranked.place)),
        Cell::link(ranked.title.as_str(), format!("/desk/review-items/{}", ranked.item)),
        Cell::text(ranked.number.as_str()),
        Cell::text(ranked.total.to_string()),
        Cell::text(ranked.score.to_string()),
        ranked
            .agreed
            .map_or(Cell::Empty, |agreed| Cell::text(agreed.to_string())),
        Cell::text(ranked.priority.to_string()),
        Cell::text(ranked.spread.to_string()),
        Cell::text(by),
    ])
}
