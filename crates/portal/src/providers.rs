//! Providers of training as anybody finds them.

use oversight::reports::{self, ProviderFilter, ProviderLine};
use registry::taxonomy::{Names, Vocabulary};
use rules::orgs::BaseLevel;
use ui::{Action, Cell, Choice, Column, Filter, Html, Row, Table, TableModel, Tone, format};
use ui::{Paging, Total};
use web::{Caller, Gate, Listing, Reply, Routes, url_encode, write_cursor};

use crate::shown;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get("/providers", Gate::Public, "施教机构", list)
}

async fn list(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let filter = ProviderFilter {
        words: listing.words(),
        district: listing.text("district"),
        key_area: listing.text("key_area"),
        bases: listing.get("base").is_some(),
    };
    let window = listing.window("-open");
    let found = reports::providers(ctx, &filter, &window).await?;
    let names = shown::names(ctx).await?;
    let heads = [
        Column::main("name", "施教机构").sortable(),
        Column::tight("base", "基地"),
        Column::tight("district", "所在区"),
        Column::new("department", "行业主管部门"),
        Column::number("open", "正在报名").unit("个班次").sortable(),
        Column::number("classes", "累计公开").unit("个班次").sortable(),
    ];
    let rows: Vec<Row> = found.rows.iter().map(|line| row(line, &names)).collect();
    let total = found.total.unwrap_or_default();
    let table = Table::new("施教机构", TableModel::new(heads, rows))
        .filter(Filter::search("机构名称"))
        .filter(Filter::select("base", "基地", [Choice::new("1", "只看继续教育基地")]))
        .filter(Filter::select(
            "district",
            "所在区",
            shown::terms(ctx, Vocabulary::District).await?,
        ))
        .filter(Filter::select(
            "key_area",
            "重点区域",
            shown::terms(ctx, Vocabulary::KeyArea).await?,
        ))
        .address(listing.address())
        .sorted_by("-open")
        .paging(Paging {
            total: Total::Exact(total),
            first: window.cursor.is_none().then_some(1),
            previous: found.previous.as_ref().map(write_cursor),
            next: found.next.as_ref().map(write_cursor),
        })
        .when_empty("还没有登记施教机构。", Some(Action::link("查看班次目录", "/catalogue")));
    let lead = format!(
        "共 {} 家施教机构，国家级、市级继续教育基地有标注。",
        format::number(total.cast_signed())
    );
    web::portal_page(caller.page("施教机构").lead(&lead), Html::of(&table))
}

fn row(line: &ProviderLine, names: &Names) -> Row {
    let base = match line.base_level {
        Some(level @ BaseLevel::National) => Cell::badge(Tone::Good, level.name()),
        Some(level @ BaseLevel::Municipal) => Cell::badge(Tone::Active, level.name()),
        None => Cell::Empty,
    };
    let open = match line.open_classes {
        0 => Cell::Number(0),
        count => Cell::link(
            count.to_string(),
            format!("/catalogue?open=1&q={}", url_encode(&line.name)),
        ),
    };
    Row::new([
        Cell::stack(line.name.as_str(), "", line.kind.name()),
        base,
        Cell::text(names.of(Vocabulary::District, &line.district)),
        Cell::text(names.of_opt(Vocabulary::Department, line.department.as_deref())),
        open,
        Cell::Number(line.classes),
    ])
}
