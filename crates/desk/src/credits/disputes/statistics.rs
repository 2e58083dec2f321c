//! Disputes by provider: how many, how they ended, how long they took, how often the provider was silent.

use chrono::Datelike;
use learning::credits::disputes::{self, ProviderCounts};
use registry::Listed;
use rules::permits::Act;
use ui::{Cell, Choice, Column, Filter, Row, Table};
use web::{Caller, Gate, Listing, Reply, Routes, columns};

pub(super) fn routes() -> Routes {
    Routes::new().list(
        "/desk/disputes/providers",
        Gate::Act(Act::ViewDisputeStatistics),
        "按施教机构统计学时异议",
        list,
    )
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let this_year = ctx.today().year();
    let asked = listing.number("year").and_then(|year| i32::try_from(year).ok());
    let year = asked.unwrap_or(this_year);
    let counts = disputes::statistics(ctx, year).await?;
    let (opened, lapsed) = counts
        .iter()
        .fold((0, 0), |sum, each| (sum.0 + each.opened, sum.1 + each.lapsed));
    let page = caller
        .page("按施教机构统计学时异议")
        .crumb("学时异议", "/desk/disputes")
        .lead(&format!(
            "{year} 年共提出 {opened} 件，其中施教机构逾期未答复 {lapsed} 件。"
        ));
    let years = (this_year - 4..=this_year).rev();
    let years = years.map(|year| Choice::new(&year.to_string(), &format!("{year} 年")));
    let table = Table::new(
        "各施教机构的学时异议",
        columns([
            Column::main("provider", "施教机构"),
            Column::number("opened", "提出"),
            Column::number("upheld", "支持"),
            Column::number("partly", "部分支持"),
            Column::number("rejected", "不支持"),
            Column::number("settled", "自行补记"),
            Column::number("withdrawn", "撤回"),
            Column::number("open", "办理中"),
            Column::number("lapsed", "逾期未答复"),
            Column::number("workdays", "决定用时中位数（工作日）"),
        ]),
    )
    .filter(Filter::select("year", "年度", years))
    .when_empty("这一年没有提出过异议。", None);
    web::list(
        &caller,
        &listing,
        page,
        table,
        async |_| {
            Ok(Listed {
                total: Some(counts.len() as u64),
                rows: counts.clone(),
                previous: None,
                next: None,
            })
        },
        |each| row(each, year),
    )
    .await
}

fn row(each: &ProviderCounts, year: i32) -> Row {
    let provider = match each.provider {
        Some(id) => Cell::link(each.name.as_str(), format!("/desk/disputes?provider={id}&year={year}")),
        None => Cell::muted("没有施教机构的"),
    };
    Row::new([
        provider,
        Cell::Number(each.opened),
        Cell::Number(each.upheld),
        Cell::Number(each.partly),
        Cell::Number(each.rejected),
        Cell::Number(each.settled),
        Cell::Number(each.withdrawn),
        Cell::Number(each.open),
        Cell::Number(each.lapsed),
        each.workdays.map_or(Cell::Empty, |doubled| Cell::text(median(doubled))),
    ])
}

/// Half days are said as such.
fn median(doubled: u32) -> String {
    match (doubled / 2, doubled % 2) {
        (days, 0) => days.to_string(),
        (days, _) => format!("{days}.5"),
    }
}
