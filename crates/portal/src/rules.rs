//! The rules of hours as anybody may read them: what must be reached, what an activity is worth, by which right, since when.
//!
//! Figures come from the editions in force; each carries its source and how sure it is. Earlier editions stay readable, because
//! hours that were posted under them name them.

use std::sync::Arc;

use ::rules::credits::Confidence;
use ::rules::credits::editions::{Document, EditionKind, Entry};
use db::Tx;
use learning::credits::editions::{self, Edition, Phase};
use ui::{Alert, Cell, Column, Html, Row, SectionHead, Table, TableModel, Tone, format};
use web::{Caller, Gate, Listing, Reply, Routes};

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get("/rules", Gate::Public, "学时规则", show)
}

async fn show(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let mut tx = ctx.db.read().await?;
    let page = caller
        .page("学时规则")
        .description("每年要完成多少继续教育学时，各类活动怎样认定学时，依据什么文件。");
    if let Some(code) = listing.text("edition") {
        let edition = editions::of_code(&mut tx, &code).await?;
        let phase = edition.phase(ctx.today());
        if !matches!(phase, Phase::Upcoming | Phase::InForce | Phase::Ended) {
            return Err(kernel::Error::NotFound.into());
        }
        let page = page.lead(&times(&edition)).crumb("学时规则", "/rules");
        return web::portal_page(page, part(&edition.document, ""));
    }
    let year = chrono::Datelike::year(&ctx.today());
    let demanded = editions::requirement(&mut tx, year, ctx.today()).await?;
    let nation = demanded.requirement(&::rules::credits::Traits::default(), year);
    let lead = format!(
        "每年不少于 {} 学时，其中专业科目不少于 {} 学时。下面是现行的全部要求和认定标准，每一项都注明依据和可信程度。",
        nation.total, nation.professional
    );
    let recognised = editions::recognition(&mut tx, ctx.today()).await?;
    let body = part(&Document::Requirement(Arc::unwrap_or_clone(demanded)), "requirement")
        .and(&part(
            &Document::Recognition(Arc::unwrap_or_clone(recognised)),
            "recognition",
        ))
        .and(&history(&mut tx, ctx.today()).await?);
    web::portal_page(page.lead(&lead), body)
}

fn times(edition: &Edition) -> String {
    let from = format::date(edition.document.in_force());
    match edition.until {
        Some(until) => format!("自 {from} 起，至 {} 止。", format::date(until)),
        None => format!("自 {from} 起生效。"),
    }
}

fn part(document: &Document, id: &str) -> Html {
    let heads = [
        Column::main("name", "项目"),
        Column::new("words", "规定"),
        Column::new("audience", "适用对象"),
        Column::new("source", "依据"),
        Column::tight("confidence", "可信程度"),
    ];
    let entries = document.entries();
    let doubtful = entries
        .iter()
        .any(|entry| matches!(entry.source.confidence, Confidence::Medium | Confidence::Low));
    let rows = entries.iter().map(row);
    let title = document.kind().name();
    let mut body = Html::of(&SectionHead::new(&format!("{title}：{}", document.name())));
    if doubtful {
        let note = "标明“原文待核对”或“待确认”的数值依据转述整理，以主管部门公布的文件为准。";
        body = body.and(&Alert::new(Tone::Neutral, "部分数值尚待核对").text(note));
    }
    let table = Table::new(title, TableModel::new(heads, rows));
    body.and(&if id.is_empty() { table } else { table.id(id) })
}

fn row(entry: &Entry) -> Row {
    let audience = if entry.audience.is_everybody() {
        "全体专业技术人员".to_owned()
    } else if entry.audience.series.iter().any(|code| code == "17") {
        "会计人员".to_owned()
    } else if !entry.audience.named.is_empty() {
        entry.audience.named.join("、")
    } else {
        let levels: Vec<&str> = entry.audience.levels.iter().map(|level| level.name()).collect();
        levels.join("、")
    };
    let tone = match entry.source.confidence {
        Confidence::High => Tone::Good,
        Confidence::Medium | Confidence::Low => Tone::Warn,
        Confidence::Platform => Tone::Neutral,
    };
    Row::new([
        Cell::text(entry.name.as_str()),
        Cell::text(entry.words.join("；")),
        Cell::text(audience),
        Cell::stack(entry.source.cited(), "", entry.source.note.as_str()),
        Cell::badge(tone, entry.source.confidence.name()),
    ])
}

async fn history(tx: &mut Tx, today: kernel::Date) -> kernel::Result<Html> {
    let heads = [
        Column::main("name", "版本"),
        Column::tight("kind", "种类"),
        Column::tight("from", "生效日期"),
        Column::tight("until", "终止日期"),
        Column::tight("state", "状态"),
    ];
    let mut rows = Vec::new();
    for kind in <EditionKind as kernel::Code>::ALL {
        for edition in editions::published(tx, *kind).await? {
            let document = &edition.document;
            let state = match edition.phase(today) {
                Phase::Upcoming => ui::State::Scheduled,
                Phase::Ended => ui::State::Superseded,
                _ => ui::State::InForce,
            };
            rows.push(Row::new([
                Cell::link(document.name(), format!("/rules?edition={}", document.code())),
                Cell::text(kind.name()),
                Cell::Date(document.in_force()),
                edition.until.map_or(Cell::Empty, Cell::Date),
                state.into(),
            ]));
        }
    }
    let table = Table::new("各版本", TableModel::new(heads, rows)).id("history");
    Ok(Html::of(&SectionHead::new("历次版本")).and(&table))
}
