//! Lists: what the address asks for, one page of rows as HTML, and the same rows as Excel.
//!
//! The handler is registered with [`crate::Routes::list`], which also registers `…/export.xlsx`; it builds the
//! table without rows and gives a function that fetches a [`Window`] and one that draws a row. Both replies come
//! from the same rows, so the export is exactly what is shown: same filters, same order, same columns.
//!
//! ```ignore
//! async fn list(caller: Caller, listing: Listing) -> Reply {
//!     let page = caller.page("公告管理").action(Action::link("拟公告", "/desk/notices/new"));
//!     let columns = [Column::main("title", "标题").sortable(), Column::tight("state", "状态")];
//!     let table = Table::new("公告", TableModel::new(columns, [])).filter(Filter::search("标题")).sorted_by("-published");
//!     let filter = notices::Filter { words: listing.words(), state: listing.choice("state") };
//!     web::list(&caller, &listing, page, table, |window| notices::list(caller.ctx(), &filter, window), row).await
//! }
//! ```

use std::future::Future;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base64::Engine as _;
use kernel::{Code, Error};
use registry::{COUNT_LIMIT, Cursor, Listed, TOO_MANY_TO_ORDER, Window};
use ui::{Address, Column, Flash, Paging, Row, Table, TableModel, Tone, Total};

use crate::{App, Caller, Failure, Reply, fields, reply};

/// Rows of a page.
const PAGE_ROWS: u32 = 50;
/// Rows of an export; more is told, and asks for a narrower filter.
const EXPORT_ROWS: usize = 100_000;
/// Rows fetched at once while exporting.
const EXPORT_STEP: u32 = 1_000;

/// What the address asks of a list.
#[derive(Debug, Clone)]
pub struct Listing {
    path: String,
    query: String,
    pairs: Vec<(String, String)>,
    export: bool,
}

impl FromRequestParts<App> for Listing {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let asked = parts.uri.path();
        let export = asked.ends_with("/export.xlsx");
        let path = asked.strip_suffix("/export.xlsx").unwrap_or(asked).to_owned();
        Ok(Self {
            path,
            pairs: fields::parse(query.as_bytes()),
            query,
            export,
        })
    }
}

impl Listing {
    /// A filter's value; none when absent or empty.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// A filter's value as an owned text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<String> {
        self.get(key).map(str::to_owned)
    }

    /// The words of the search box.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        self.text("q")
    }

    /// A filter of a closed vocabulary.
    #[must_use]
    pub fn choice<C: Code>(&self, key: &str) -> Option<C> {
        self.get(key).and_then(C::from_code)
    }

    /// A filter that is a number, an id for instance.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<i64> {
        self.get(key).and_then(|text| text.parse().ok())
    }

    /// The address, for links that keep the filters.
    #[must_use]
    pub fn address(&self) -> Address {
        Address::new(&self.path, &self.query)
    }

    /// Whether the list is wanted as a file.
    #[must_use]
    pub fn is_export(&self) -> bool {
        self.export
    }

    /// The same list in its default order, from its beginning.
    fn unordered(&self) -> Self {
        let address = self.address().first_page().without("sort");
        let text = address.to_string();
        Self {
            pairs: address.pairs().to_vec(),
            query: text.split_once('?').map_or("", |(_, query)| query).to_owned(),
            ..self.clone()
        }
    }

    /// The window that the address asks for; `default_sort` as in the address, `-published`.
    #[must_use]
    pub fn window(&self, default_sort: &str) -> Window {
        let order = self.get("sort").unwrap_or(default_sort);
        let before = self.get("before").and_then(read_cursor);
        let backward = before.is_some();
        Window {
            sort: order.trim_start_matches('-').to_owned(),
            descending: order.starts_with('-'),
            cursor: before.or_else(|| self.get("after").and_then(read_cursor)),
            backward,
            size: PAGE_ROWS,
            counted: true,
        }
    }
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// A place in a list as the address carries it (`after`, `before`), for pages that draw a list of their own.
#[must_use]
pub fn write_cursor(cursor: &Cursor) -> String {
    let json = serde_json::to_vec(cursor).unwrap_or_default();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json)
}

/// Answers a list: a page, or the file.
///
/// # Errors
/// What `fetch` fails with.
pub async fn list<T, F, Fut>(
    caller: &Caller,
    listing: &Listing,
    page: ui::Page,
    table: Table,
    fetch: F,
    row: impl Fn(&T) -> Row,
) -> Reply
where
    F: Fn(Window) -> Fut,
    Fut: Future<Output = kernel::Result<Listed<T>>>,
{
    let mut window = listing.window(&table.default_sort);
    if listing.export {
        return export(caller, &page.title, table.model.columns, window, fetch, row).await;
    }
    let (mut page, mut listing) = (page, listing.clone());
    let shown = match fetch(window.clone()).await {
        Err(Error::Refused { code, sentence, .. }) if code == TOO_MANY_TO_ORDER => {
            page.frame.flash = Some(Flash {
                tone: Tone::Warn,
                text: sentence,
            });
            listing = listing.unordered();
            window = listing.window(&table.default_sort);
            fetch(window.clone()).await?
        }
        other => other?,
    };
    let paging = Paging {
        total: match shown.total {
            Some(total) if total > u64::from(COUNT_LIMIT) => Total::MoreThan(u64::from(COUNT_LIMIT)),
            Some(total) => Total::Exact(total),
            None => Total::Unknown,
        },
        first: window.cursor.is_none().then_some(1),
        previous: shown.previous.as_ref().map(write_cursor),
        next: shown.next.as_ref().map(write_cursor),
    };
    let mut table = table.address(listing.address()).paging(paging);
    table.model.rows = shown.rows.iter().map(row).collect();
    let table = table.export(&format!("{}/export.xlsx", listing.path));
    reply::page(page, ui::Html::of(&table))
}

async fn export<T, F, Fut>(
    caller: &Caller,
    title: &str,
    columns: Vec<Column>,
    window: Window,
    fetch: F,
    row: impl Fn(&T) -> Row,
) -> Reply
where
    F: Fn(Window) -> Fut,
    Fut: Future<Output = kernel::Result<Listed<T>>>,
{
    let mut window = Window {
        size: EXPORT_STEP,
        cursor: None,
        backward: false,
        counted: false,
        ..window
    };
    let mut book = crate::export::Book::start(title, &columns)?;
    loop {
        let shown = fetch(window.clone()).await?;
        for item in &shown.rows {
            book.row(&row(item))?;
        }
        match shown.next {
            Some(next) if (book.rows() as usize) < EXPORT_ROWS => window = window.from(next),
            Some(_) => {
                return Err(Error::refused(
                    "export.too_many",
                    "一次最多导出 100,000 条，请先筛选缩小范围，再分批导出。",
                )
                .into());
            }
            None => break,
        }
    }
    let made = caller.ctx().now();
    let bytes = book.finish(&caller.ctx().actor.label, made, caller.app().installation.demo)?;
    let name = format!("{title}-{}.xlsx", made.civil().format("%Y%m%d-%H%M"));
    reply::download(
        &name,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        bytes,
    )
}

/// An empty model with these columns, for [`list`].
#[must_use]
pub fn columns(columns: impl IntoIterator<Item = Column>) -> TableModel {
    TableModel::new(columns, [])
}
