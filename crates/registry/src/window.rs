//! What a list asks for: an order, a place to go on from, a size. One window serves pages, exports and the API.
//!
//! Paging is by key: the last row's order value and id, never an offset, so that a list stays right while
//! rows are added and its last page costs as much as its first. A `store.rs` uses it so:
//!
//! ```ignore
//! const ORDERS: Orders = Orders { columns: &[("name", "p.name"), ("created", "p.created_at")], key: "p.id" };
//! pub async fn list(tx: &mut Tx, scope: &Scope, filter: &Filter, window: &Window) -> Result<Listed<PersonLine>> {
//!     let select = format!("select p.id, p.name{} from people p where 1 = 1", window.tail(&ORDERS));
//!     window.fetch(tx, Query::new(&select).scope(scope, "p").and_opt("p.name = {}", filter.name()), &ORDERS).await
//! }
//! ```
//! Order columns must not be null (`coalesce` them) and be integers or text. An order that no index serves would read a
//! whole city to show fifty rows: a list names those and asks [`Window::fetch_ordered`].

use db::{FromRow, Page, Query, Row, Tx, Value};
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};

/// Counting stops here; a page then says 超过 10,000 条.
pub const COUNT_LIMIT: u32 = 10_000;

/// The code of a refusal: too many rows match to be put in this order.
pub const TOO_MANY_TO_ORDER: &str = "list.order";

/// The orders a list offers: key in the address → SQL expression; the first is the default.
#[derive(Debug, Clone, Copy)]
pub struct Orders {
    /// Key as in the address, SQL expression.
    pub columns: &'static [(&'static str, &'static str)],
    /// The SQL expression of the unique id.
    pub key: &'static str,
}

/// The place after (or before) which a list goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Value of the order column of that row.
    pub at: CursorValue,
    /// Its id.
    pub id: i64,
}

/// An order value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CursorValue {
    /// Ids, times, quantities.
    Number(i64),
    /// Names, codes, days.
    Text(String),
}

/// What a list asks for.
#[derive(Debug, Clone, Default)]
pub struct Window {
    /// Key of the order; empty or unknown: the list's first.
    pub sort: String,
    /// Largest first.
    pub descending: bool,
    /// Go on from here.
    pub cursor: Option<Cursor>,
    /// Towards the beginning instead of the end.
    pub backward: bool,
    /// Rows wanted.
    pub size: u32,
    /// Whether to count all rows that match (pages do, exports and later pages need not).
    pub counted: bool,
}

/// What a list gives.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// Where the page before ends, if there is one.
    pub previous: Option<Cursor>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
    /// Rows that match, at most [`COUNT_LIMIT`] + 1; none when not asked for.
    pub total: Option<u64>,
}

impl<T> Listed<T> {
    /// The same window of other rows.
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Listed<U> {
        Listed {
            rows: self.rows.into_iter().map(each).collect(),
            previous: self.previous,
            next: self.next,
            total: self.total,
        }
    }
}

impl Window {
    /// The first `size` rows in the default order.
    #[must_use]
    pub fn first(size: u32) -> Self {
        Self {
            size,
            ..Self::default()
        }
    }

    /// The first `size` rows in the order `sort`, largest first if `descending`.
    #[must_use]
    pub fn sorted(sort: &str, descending: bool, size: u32) -> Self {
        Self {
            sort: sort.to_owned(),
            descending,
            size,
            ..Self::default()
        }
    }

    /// The same list from another place on.
    #[must_use]
    pub fn from(&self, cursor: Cursor) -> Self {
        Self {
            cursor: Some(cursor),
            backward: false,
            counted: false,
            ..self.clone()
        }
    }

    fn order(&self, orders: &Orders) -> &'static str {
        let chosen = orders.columns.iter().find(|(key, _)| *key == self.sort);
        chosen.or(orders.columns.first()).map_or(orders.key, |(_, sql)| sql)
    }

    /// The two columns every select of a list ends with: order value and id.
    #[must_use]
    pub fn tail(&self, orders: &Orders) -> String {
        format!(", {}, {}", self.order(orders), orders.key)
    }

    /// As [`Window::fetch`], for a list some of whose orders no index serves: these are given while at most
    /// [`COUNT_LIMIT`] rows match.
    ///
    /// # Errors
    /// [`TOO_MANY_TO_ORDER`] when more do; storage failures.
    pub async fn fetch_ordered<T: FromRow>(
        &self,
        tx: &mut Tx,
        query: Query,
        orders: &Orders,
        unindexed: &[&str],
    ) -> Result<Listed<T>> {
        if !unindexed.contains(&self.sort.as_str()) {
            return self.fetch(tx, query, orders).await;
        }
        let matching = query.count_up_to(tx, COUNT_LIMIT + 1).await?;
        if matching > u64::from(COUNT_LIMIT) {
            let sentence = "超过 10,000 条，不能按这一列排序，已按默认顺序列出；请先筛选，再排序。";
            return Err(Error::refused(TOO_MANY_TO_ORDER, sentence));
        }
        let uncounted = Self {
            counted: false,
            ..self.clone()
        };
        let listed = uncounted.fetch(tx, query, orders).await?;
        Ok(Listed {
            total: self.counted.then_some(matching),
            ..listed
        })
    }

    /// Runs the query of a list; its select must end with [`Window::tail`].
    ///
    /// # Errors
    /// Storage failures.
    pub async fn fetch<T: FromRow>(&self, tx: &mut Tx, query: Query, orders: &Orders) -> Result<Listed<T>> {
        let total = if self.counted {
            Some(query.count_up_to(tx, COUNT_LIMIT + 1).await?)
        } else {
            None
        };
        let page = Page {
            order: self.order(orders),
            key: orders.key,
            descending: self.descending != self.backward,
            after: self.cursor.as_ref().map(|cursor| (cursor.at.clone().into(), cursor.id)),
            size: self.size,
        };
        let mut rows: Vec<Keyed<T>> = query.page(&page).fetch(tx).await?;
        let more = rows.len() > self.size as usize;
        rows.truncate(self.size as usize);
        if self.backward {
            rows.reverse();
        }
        let first = rows.first().map(|row| row.cursor.clone());
        let last = rows.last().map(|row| row.cursor.clone());
        let (previous, next) = if self.backward {
            (first.filter(|_| more), last)
        } else {
            (first.filter(|_| self.cursor.is_some()), last.filter(|_| more))
        };
        Ok(Listed {
            rows: rows.into_iter().map(|row| row.row).collect(),
            previous,
            next,
            total,
        })
    }
}

impl From<CursorValue> for Value {
    fn from(value: CursorValue) -> Self {
        match value {
            CursorValue::Number(number) => number.into(),
            CursorValue::Text(text) => text.into(),
        }
    }
}

/// A row with the order value and id that stand in its last two columns.
struct Keyed<T> {
    row: T,
    cursor: Cursor,
}

impl<T: FromRow> FromRow for Keyed<T> {
    fn from_row(row: &Row) -> Result<Self> {
        let last = row.width();
        let at = match row.get::<i64>(last - 2) {
            Ok(number) => CursorValue::Number(number),
            Err(_) => CursorValue::Text(row.get(last - 2)?),
        };
        Ok(Self {
            row: T::from_row(row)?,
            cursor: Cursor {
                at,
                id: row.get(last - 1)?,
            },
        })
    }
}
