//! The public catalogue of classes: words, filters in the address, order, a page at a time.
//! Without JavaScript the filters are a form; what is set stands as chips that take themselves away.

use learning::courses::{self, CatalogueQuery, Order};
use registry::taxonomy::Vocabulary;
use registry::{COUNT_LIMIT, Window};
use rules::courses::Delivery;
use rules::credits::Subject;
use ui::{Address, Choice, Entries, Page, format};
use web::{Caller, Gate, Listing, Reply, Routes, write_cursor};

use crate::shown;

/// Classes of a page.
const PAGE: u32 = 20;

/// The pages.
#[must_use]
pub fn routes() -> Routes {
    Routes::new().get("/catalogue", Gate::Public, "班次目录", catalogue)
}

/// One drop-down of the filter bar.
struct Asked {
    key: &'static str,
    label: &'static str,
    choices: Vec<Choice>,
    value: String,
}

/// A filter that is set, and the address without it.
struct Chip {
    label: String,
    value: String,
    remove: String,
}

#[derive(askama::Template)]
#[template(path = "catalogue.html")]
struct CatalogueList {
    page: Page,
    words: String,
    filters: Vec<Asked>,
    sort: Asked,
    chips: Vec<Chip>,
    count: String,
    entries: Entries,
    empty: bool,
    previous: Option<String>,
    next: Option<String>,
}

async fn filters(caller: &Caller, listing: &Listing) -> kernel::Result<Vec<Asked>> {
    let ctx = caller.ctx();
    let this_year = chrono::Datelike::year(&ctx.today());
    let years = (2022..=this_year + 1)
        .rev()
        .map(|year| Choice::new(&year.to_string(), &format!("{year} 年，含已结束")));
    let filters = [
        ("open", "报名", vec![Choice::new("1", "只看报名中")]),
        ("subject", "科目", shown::choices(Subject::name)),
        ("delivery", "授课方式", shown::choices(Delivery::name)),
        ("field", "聚焦领域", shown::terms(ctx, Vocabulary::FocusField).await?),
        ("district", "区", shown::terms(ctx, Vocabulary::District).await?),
        ("key_area", "重点区域", shown::terms(ctx, Vocabulary::KeyArea).await?),
        ("year", "年度", years.collect()),
    ];
    let asked = filters.into_iter().map(|(key, label, choices)| {
        let value = listing
            .text(key)
            .filter(|value| choices.iter().any(|choice| choice.value == *value));
        Asked {
            key,
            label,
            choices,
            value: value.unwrap_or_default(),
        }
    });
    Ok(asked.collect())
}

fn chips(address: &Address, words: &str, filters: &[Asked]) -> Vec<Chip> {
    let remove = |key: &str| address.first_page().without(key).to_string();
    let typed = (!words.is_empty()).then(|| Chip {
        label: "查找".to_owned(),
        value: words.to_owned(),
        remove: remove("q"),
    });
    let chosen = filters.iter().filter_map(|filter| {
        let choice = filter.choices.iter().find(|choice| choice.value == filter.value)?;
        Some(Chip {
            label: filter.label.to_owned(),
            value: choice.label.clone(),
            remove: remove(filter.key),
        })
    });
    typed.into_iter().chain(chosen).collect()
}

async fn catalogue(caller: Caller, listing: Listing) -> Reply {
    let ctx = caller.ctx();
    let filters = filters(&caller, &listing).await?;
    let set = |key: &str| {
        filters
            .iter()
            .find(|filter| filter.key == key)
            .map(|f| f.value.clone())
            .filter(|v| !v.is_empty())
    };
    let query = CatalogueQuery {
        words: listing.words(),
        subject: listing.choice("subject"),
        delivery: listing.choice("delivery"),
        field: set("field"),
        district: set("district"),
        key_area: set("key_area"),
        open_only: set("open").is_some(),
        year: set("year").and_then(|year| year.parse().ok()),
    };
    let order = listing.choice::<Order>("sort").unwrap_or(Order::Starts);
    let window = Window {
        sort: kernel::Code::code(order).to_owned(),
        descending: order == Order::Newest,
        size: PAGE,
        ..listing.window("starts")
    };
    let found = courses::search(ctx, &query, &window).await?;
    let names = shown::names(ctx).await?;
    let address = listing.address();
    let words = listing.words().unwrap_or_default();
    let count = count(found.total.unwrap_or_default());
    let lead = if query.open_only {
        format!("{count}正在报名。")
    } else {
        format!("{count}。任何人都可以查看，登录后报名。")
    };
    let turn = |key: &str, cursor: &registry::Cursor| address.first_page().with(key, &write_cursor(cursor)).to_string();
    web::html(&CatalogueList {
        page: caller
            .page("班次目录")
            .lead(&lead)
            .description("上海市专业技术人才知识更新工程的公开班次：公需科目和专业科目，线上和线下。"),
        chips: chips(&address, &words, &filters),
        words,
        filters,
        sort: Asked {
            key: "sort",
            label: "排序",
            choices: shown::choices(Order::name),
            value: kernel::Code::code(order).to_owned(),
        },
        count,
        empty: found.rows.is_empty(),
        entries: Entries::new(found.rows.iter().map(|card| shown::entry(card, &names))),
        previous: found.previous.as_ref().map(|cursor| turn("before", cursor)),
        next: found.next.as_ref().map(|cursor| turn("after", cursor)),
    })
}

fn count(total: u64) -> String {
    if total > u64::from(COUNT_LIMIT) {
        format!("超过 {} 个班次", format::number(i64::from(COUNT_LIMIT)))
    } else {
        format!("共 {} 个班次", format::number(total.cast_signed()))
    }
}
