//! The official table: dense, sticky head, figures at the right, filters and order in the address, bulk
//! actions, export of exactly what is shown, counts and paging by opaque cursors; cards on phones.
//! Works without JavaScript: filters are a GET form, orders and pages are links, bulk acts are a POST form.
//! Deliberately absent: fetching. Rows come in already limited, ordered and scoped.

mod cell;
mod filter;
mod model;

use askama::Template;
use askama::filters::HtmlSafe;

pub use cell::{Cell, Value};
pub use filter::{Chip, Filter, FilterKind};
pub use model::{Align, Column, Row, Space, TableModel};

use crate::address::{AFTER, Address, BEFORE, SORT};
use crate::format;
use crate::html::Html;
use crate::page::{Action, Emphasis};

/// How many rows there are in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Total {
    Exact(u64),
    /// Counting stopped here: `超过 10,000 条`.
    MoreThan(u64),
    #[default]
    Unknown,
}

/// Where in the whole this page of rows lies.
#[derive(Clone, Debug, Default)]
pub struct Paging {
    pub total: Total,
    /// Number of the first row, from 1; unknown after a jump by cursor.
    pub first: Option<u64>,
    /// Opaque cursors; none at the ends.
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// Acts on ticked rows: one form, each button with its own address. Sends `csrf` and `id` once per row.
#[derive(Clone, Debug, Default)]
pub struct Bulk {
    pub csrf: String,
    pub acts: Vec<BulkAct>,
}

/// One button of the bulk bar.
#[derive(Clone, Debug)]
pub struct BulkAct {
    pub label: String,
    pub href: String,
    pub emphasis: Emphasis,
}

impl Bulk {
    pub fn new(csrf: &str) -> Self {
        Self {
            csrf: csrf.to_owned(),
            acts: Vec::new(),
        }
    }

    #[must_use]
    pub fn act(mut self, label: &str, href: &str) -> Self {
        let emphasis = if self.acts.is_empty() {
            Emphasis::Primary
        } else {
            Emphasis::Secondary
        };
        self.acts.push(BulkAct {
            label: label.to_owned(),
            href: href.to_owned(),
            emphasis,
        });
        self
    }
}

/// What stands where no row is: a sentence, and what to do next.
#[derive(Clone, Debug, Default)]
pub struct NoRows {
    pub text: String,
    pub action: Option<Action>,
}

/// A table with all that belongs around it.
#[derive(Clone, Debug)]
pub struct Table {
    /// Id of the region on the page; several tables of one page need different ones.
    pub id: String,
    /// What the table shows, for screen readers and print.
    pub caption: String,
    pub model: TableModel,
    pub address: Address,
    pub filters: Vec<Filter>,
    pub paging: Option<Paging>,
    pub bulk: Option<Bulk>,
    pub tools: Vec<Action>,
    pub no_rows: NoRows,
    /// The order when the address names none, as in the address: `-starts`.
    pub default_sort: String,
    /// A print button.
    pub printable: bool,
}

impl Table {
    pub fn new(caption: &str, model: TableModel) -> Self {
        Self {
            id: "list".to_owned(),
            caption: caption.to_owned(),
            model,
            address: Address::default(),
            filters: Vec::new(),
            paging: None,
            bulk: None,
            tools: Vec::new(),
            no_rows: NoRows {
                text: "暂无记录。".to_owned(),
                action: None,
            },
            default_sort: String::new(),
            printable: false,
        }
    }

    #[must_use]
    pub fn id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    /// The address of the request; sort links, chips, exports and paging keep it.
    #[must_use]
    pub fn address(mut self, address: Address) -> Self {
        self.address = address;
        self
    }

    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    #[must_use]
    pub fn paging(mut self, paging: Paging) -> Self {
        self.paging = Some(paging);
        self
    }

    #[must_use]
    pub fn bulk(mut self, bulk: Bulk) -> Self {
        self.bulk = Some(bulk);
        self
    }

    /// Export of exactly what is shown: the same query at this path.
    #[must_use]
    pub fn export(mut self, path: &str) -> Self {
        let href = self.address.first_page().at(path).to_string();
        self.tools.push(Action::download("导出 Excel", &href));
        self.printable = true;
        self
    }

    #[must_use]
    pub fn tool(mut self, action: Action) -> Self {
        self.tools.push(action);
        self
    }

    /// What stands there when there is nothing yet, and what to do next.
    #[must_use]
    pub fn when_empty(mut self, text: &str, action: Option<Action>) -> Self {
        self.no_rows = NoRows {
            text: text.to_owned(),
            action,
        };
        self
    }

    /// The order in force when the address names none.
    #[must_use]
    pub fn sorted_by(mut self, sort: &str) -> Self {
        sort.clone_into(&mut self.default_sort);
        self
    }

    fn chips(&self) -> Vec<Chip> {
        filter::chips(&self.filters, &self.address)
    }

    fn carried(&self) -> Vec<(String, String)> {
        filter::carried(&self.filters, &self.address)
    }

    /// The address with no filter set.
    fn cleared(&self) -> String {
        let bare = self.filters.iter().fold(self.address.first_page(), |address, filter| {
            address.without(&filter.key)
        });
        bare.to_string()
    }

    fn set(&self, key: &str) -> &str {
        self.address.get(key).unwrap_or_default()
    }

    fn chosen(&self, key: &str, value: &str) -> bool {
        self.address.get(key) == Some(value)
    }

    fn order(&self) -> &str {
        self.address.get(SORT).unwrap_or(&self.default_sort)
    }

    /// `ascending`, `descending` or `none` as ARIA says it.
    fn sorted(&self, column: &Column) -> &'static str {
        match self.order().strip_prefix('-') {
            Some(key) if key == column.key => "descending",
            None if self.order() == column.key => "ascending",
            _ => "none",
        }
    }

    /// Where a click on the head leads: ascending first, then descending.
    fn sort_href(&self, column: &Column) -> String {
        let next = match self.sorted(column) {
            "ascending" => format!("-{}", column.key),
            _ => column.key.clone(),
        };
        self.address.first_page().with(SORT, &next).to_string()
    }

    /// `共 1,234 条，本页 1–50`.
    fn count_text(&self) -> String {
        let shown = self.model.rows.len() as u64;
        let Some(paging) = &self.paging else {
            return format!("共 {} 条", format::number(shown.cast_signed()));
        };
        let total = match paging.total {
            Total::Exact(n) => format!("共 {} 条", format::number(n.cast_signed())),
            Total::MoreThan(n) => format!("超过 {} 条", format::number(n.cast_signed())),
            Total::Unknown => String::new(),
        };
        let page = match paging.first {
            _ if shown == 0 => String::new(),
            Some(first) => format!(
                "本页 {}–{}",
                format::number(first.cast_signed()),
                format::number((first + shown - 1).cast_signed())
            ),
            None => format!("本页 {} 条", format::number(shown.cast_signed())),
        };
        [total, page]
            .into_iter()
            .filter(|s| !s.is_empty())
            .collect::<Vec<_>>()
            .join("，")
    }

    fn previous(&self) -> Option<String> {
        let cursor = self.paging.as_ref()?.previous.as_ref()?;
        Some(self.address.first_page().with(BEFORE, cursor).to_string())
    }

    fn next(&self) -> Option<String> {
        let cursor = self.paging.as_ref()?.next.as_ref()?;
        Some(self.address.first_page().with(AFTER, cursor).to_string())
    }

    fn filtered(&self) -> bool {
        !self.chips().is_empty()
    }

    fn bulk_form(&self) -> String {
        format!("{}-bulk", self.id)
    }

    /// Each cell with its column.
    fn pairs<'a>(&'a self, row: &'a Row) -> Vec<(&'a Column, &'a Cell)> {
        self.model.columns.iter().zip(&row.cells).collect()
    }

    /// What a tick box is called: the first words of its row.
    fn row_name(&self, row: &Row) -> String {
        row.cells
            .iter()
            .map(Cell::plain)
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "parts/table.html")]
struct Rendered<'a> {
    table: &'a Table,
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", crate::form::part(&Rendered { table: self }))
    }
}

impl HtmlSafe for Table {}

impl From<Table> for Html {
    fn from(part: Table) -> Self {
        Self::of(&part)
    }
}

#[cfg(test)]
mod tests;
