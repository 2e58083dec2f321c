//! 方案落实: every demand of the policy, row by row, with what the platform has of it today.
//!
//! The 42 rows are `data/reference/mission.csv`, embedded; none is ever left out. What is there, partly there or not
//! there yet stands in `live`, with a figure taken from the prepared figures. A promise is never shown as a fact.

mod live;

use oversight::reports;
use ui::{Alert, Cell, Column, Figure, Figures, Html, Row, SectionHead, State, Table, TableModel, Tone, format};
use web::{Caller, Gate, Reply, Routes};

/// The demands of 沪人社专〔2022〕372号.
const MISSION: &str = include_str!("../../../../data/reference/mission.csv");

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get("/plan", Gate::Public, "方案落实", plan)
}

/// One demand.
struct Demand {
    id: &'static str,
    group: &'static str,
    clause: &'static str,
    platform: &'static str,
}

/// The rows in the order of the document; its cells hold no ASCII commas but those between them.
fn demands() -> Vec<Demand> {
    let rows = MISSION.lines().skip(1).filter(|line| !line.trim().is_empty());
    rows.filter_map(|line| {
        let mut cells = line.splitn(4, ',');
        Some(Demand {
            id: cells.next()?,
            group: cells.next()?,
            clause: cells.next()?,
            platform: cells.next()?,
        })
    })
    .collect()
}

async fn plan(caller: Caller) -> Reply {
    let figures = reports::progress(caller.ctx()).await?;
    let rows: Vec<(Demand, live::Standing)> = demands()
        .into_iter()
        .map(|demand| {
            let standing = live::of(demand.id, &figures);
            (demand, standing)
        })
        .collect();
    let many = |state: State| rows.iter().filter(|(_, standing)| standing.state == state).count();
    let (live, partly, not) = (many(State::Live), many(State::PartlyLive), many(State::NotLive));
    let lead = format!(
        "文件的 {} 项要求中，{live} 项已上线，{partly} 项部分上线，{not} 项尚未上线。",
        rows.len()
    );
    let page = caller
        .page("方案落实")
        .lead(&lead)
        .description("《上海市实施专业技术人才知识更新工程工作方案》（沪人社专〔2022〕372号）逐条落实情况。");
    let count = |number: usize| format::number(i64::try_from(number).unwrap_or_default());
    let numbers = Figures::new([
        Figure::new("已上线", count(live), "项").tone(Tone::Good),
        Figure::new("部分上线", count(partly), "项").tone(Tone::Active),
        Figure::new("尚未上线", count(not), "项"),
    ]);
    let as_of = figures.as_of.map_or_else(
        || "数据正在汇总。".to_owned(),
        |at| format!("数据截至 {}。", format::moment(at.civil())),
    );
    let note = Alert::new(Tone::Neutral, "怎样看这张表").text(&format!(
        "要求摘自《上海市实施专业技术人才知识更新工程工作方案》（沪人社专〔2022〕372号），措辞有缩略，以文件原文为准。“部分上线”写明已有什么、还缺什么。{as_of}"
    ));
    let mut body = Html::of(&numbers).and(&note);
    let mut groups: Vec<&str> = rows.iter().map(|(demand, _)| demand.group).collect();
    groups.dedup();
    for (at, group) in groups.into_iter().enumerate() {
        let of_group = rows.iter().filter(|(demand, _)| demand.group == group);
        body = body.and(&SectionHead::new(group)).and(&table(at, group, of_group));
    }
    web::portal_page(page, body)
}

fn table<'a>(at: usize, group: &str, rows: impl Iterator<Item = &'a (Demand, live::Standing)>) -> Table {
    let heads = [
        Column::tight("id", "编号"),
        Column::main("clause", "文件要求"),
        Column::new("platform", "平台怎样落实"),
        Column::tight("state", "状态"),
        Column::new("now", "目前情况"),
    ];
    let rows = rows.map(|(demand, standing)| {
        let now = if standing.href.is_empty() {
            Cell::text(standing.now.as_str())
        } else {
            Cell::link(standing.now.as_str(), standing.href)
        };
        Row::new([
            Cell::text(demand.id),
            Cell::text(demand.clause),
            Cell::text(demand.platform),
            standing.state.into(),
            now,
        ])
    });
    let rows: Vec<Row> = rows.collect();
    Table::new(group, TableModel::new(heads, rows)).id(&format!("plan-{at}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forty_two_demands_are_there_and_whole() {
        let rows = demands();
        assert_eq!(rows.len(), 42);
        assert!(
            rows.iter()
                .all(|row| !row.platform.is_empty() && row.platform.ends_with('。')),
            "a cell holds a comma"
        );
        let ids: std::collections::BTreeSet<&str> = rows.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), 42);
    }

    #[test]
    fn what_is_there_says_what_and_what_is_not_says_so() {
        let figures = reports::Progress::default();
        for demand in demands() {
            let standing = live::of(demand.id, &figures);
            assert!(!standing.now.is_empty(), "{}", demand.id);
            assert_eq!(
                standing.state == State::NotLive,
                standing.now.starts_with("尚未上线"),
                "{}",
                demand.id
            );
        }
    }
}
