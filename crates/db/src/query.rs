//! A builder for statements whose conditions depend on what was asked: filters, scopes, pages.
//!
//! Optional filters are conditions that are there or not; `coalesce($1, column)` would need columns without
//! nulls and hide the filter from the planner. Text comes from the code, values only as arguments.
//!
//! ```text
//! select … from … where 1 = 1   ← new, then and / and_opt / scope / and_matches, in any order
//! group by … having …           ← push
//! order by … limit …            ← page, or push
//! ```

use std::fmt::Write as _;

use kernel::{Result, Scope};

use crate::{FromRow, FromValue, Row, Tx, Value, scope, search::Predicate};

/// A statement under construction.
#[derive(Debug, Clone)]
pub struct Query {
    head: String,
    tail: String,
    args: Vec<Value>,
    /// Where in `head` each search expression goes, with its table and words: the engine decides the words.
    searches: Vec<Search>,
    page: Option<Page>,
}

#[derive(Debug, Clone)]
struct Search {
    table: &'static str,
    mark: String,
    predicate: Predicate,
}

/// One page of a listing by keyset: it continues after a row, whatever was inserted before it meanwhile.
#[derive(Debug, Clone)]
pub struct Page {
    /// The expression sorted by; must not be null: write `coalesce(…)`.
    pub order: &'static str,
    /// The unique integer that breaks ties, `k.id`.
    pub key: &'static str,
    /// Largest first.
    pub descending: bool,
    /// The last row of the page before: its sorted value and its key.
    pub after: Option<(Value, i64)>,
    /// Rows on a page.
    pub size: u32,
}

/// The rows of one page.
#[derive(Debug, Clone)]
pub struct Listed<R> {
    /// At most `size` rows.
    pub rows: Vec<R>,
    /// Whether another page follows.
    pub more: bool,
}

impl Query {
    /// Begins with `select … from … where …`; the text must contain a `where` (`where 1 = 1` will do).
    #[must_use]
    pub fn new(sql: &str) -> Self {
        Self {
            head: sql.to_owned(),
            tail: String::new(),
            args: Vec::new(),
            searches: Vec::new(),
            page: None,
        }
    }

    /// Begins with a text that has arguments of its own, `{}` for each in order.
    #[must_use]
    pub fn with(sql: &str, values: impl IntoIterator<Item = Value>) -> Self {
        let mut query = Self::new("");
        let text = query.numbered(sql, values);
        query.head = text;
        query
    }

    fn numbered(&mut self, text: &str, values: impl IntoIterator<Item = Value>) -> String {
        let mut out = String::new();
        let mut parts = text.split("{}");
        out.push_str(parts.next().unwrap_or(""));
        let mut values = values.into_iter();
        for part in parts {
            // A place without a value of its own repeats the last one: `(a = {} or b = {})`.
            if let Some(value) = values.next() {
                self.args.push(value);
            }
            write!(out, "${}{part}", self.args.len()).expect("a string takes text");
        }
        out
    }

    /// Adds `and …`; `{}` is the value, as often as it stands there.
    #[must_use]
    pub fn and(self, condition: &str, value: impl Into<Value>) -> Self {
        self.and_all(condition, [value.into()])
    }

    /// Adds `and …` with a value for each `{}` in order.
    #[must_use]
    pub fn and_all(mut self, condition: &str, values: impl IntoIterator<Item = Value>) -> Self {
        let text = self.numbered(condition, values);
        write!(self.head, " and {text}").expect("a string takes text");
        self
    }

    /// Adds `and …` if there is a value.
    #[must_use]
    pub fn and_opt<T: Into<Value>>(self, condition: &str, value: Option<T>) -> Self {
        match value {
            Some(value) => self.and(condition, value),
            None => self,
        }
    }

    /// Adds `and …` without a value.
    #[must_use]
    pub fn and_plain(mut self, condition: &str) -> Self {
        write!(self.head, " and {condition}").expect("a string takes text");
        self
    }

    /// Keeps to the rows whose `column` begins with this text; nothing typed admits everything. A range and no pattern,
    /// because that is what both engines look up in an index; the column is ordered by its bytes (on PostgreSQL its
    /// collation is `"C"`).
    #[must_use]
    pub fn and_begins(self, column: &str, beginning: Option<&str>) -> Self {
        let beginning = beginning.map(str::trim).unwrap_or_default();
        if beginning.is_empty() {
            return self;
        }
        let beyond = format!("{beginning}{}", char::MAX);
        self.and_all(
            &format!("{column} >= {{}} and {column} < {{}}"),
            [beginning.into(), beyond.into()],
        )
    }

    /// Adds `and column in (…)`; an empty list admits nothing.
    #[must_use]
    pub fn and_in(self, column: &str, values: impl IntoIterator<Item = Value>) -> Self {
        let values: Vec<Value> = values.into_iter().collect();
        if values.is_empty() {
            return self.and_plain("1 = 0");
        }
        let places = vec!["{}"; values.len()].join(", ");
        self.and_all(&format!("{column} in ({places})"), values)
    }

    /// Keeps to the rows of `alias` that the scope holds.
    #[must_use]
    pub fn scope(self, scope: &Scope, alias: &str) -> Self {
        match scope::condition(scope, alias) {
            None => self,
            Some((condition, None)) => self.and_plain(&condition),
            Some((condition, Some(value))) => self.and(&condition, value),
        }
    }

    /// Keeps to the rows of `table`, called `alias` here, whose indexed text matches what a person typed.
    /// Nothing searchable typed admits everything.
    #[must_use]
    pub fn and_matches(mut self, table: &'static str, alias: &str, words: &str) -> Self {
        let predicate = Predicate::new(words);
        if predicate.is_empty() {
            return self;
        }
        self.args.push(Value::Null);
        let mark = format!("/*search {}*/", self.args.len());
        write!(self.head, " and {alias}.id in ({mark})").expect("a string takes text");
        self.searches.push(Search { table, mark, predicate });
        self
    }

    /// Adds text behind the conditions: `group by …`, `order by …`.
    #[must_use]
    pub fn push(mut self, sql: &str) -> Self {
        self.tail.push_str(sql);
        self
    }

    /// Adds text behind the conditions, with a value for each `{}` in order.
    #[must_use]
    pub fn push_with(mut self, sql: &str, values: impl IntoIterator<Item = Value>) -> Self {
        let text = self.numbered(sql, values);
        self.tail.push_str(&text);
        self
    }

    /// Sorts, continues after the page before and limits; not together with `group by`.
    #[must_use]
    pub fn page(mut self, page: &Page) -> Self {
        self.page = Some(page.clone());
        self
    }

    /// The statement and its arguments, in the engine's words.
    fn finished(&self, tx: &Tx, paged: bool) -> (String, Vec<Value>) {
        let mut query = self.clone();
        for search in &self.searches {
            let number = search.mark.trim_start_matches("/*search ").trim_end_matches("*/");
            let index = number.parse::<usize>().expect("and_matches wrote a number");
            let hits = tx
                .dialect()
                .search_hits(search.table)
                .replace("{}", &format!("${index}"));
            query.head = query.head.replace(&search.mark, &hits);
            query.args[index - 1] = search.predicate.expression(tx.dialect()).into();
        }
        if let Some(page) = self.page.as_ref().filter(|_| paged) {
            query = query.turned_to(page);
        }
        (format!("{}{}", query.head, query.tail), query.args)
    }

    fn turned_to(self, page: &Page) -> Self {
        let Page {
            order,
            key,
            descending,
            after,
            size,
        } = page;
        let (sign, direction) = if *descending { ("<", " desc") } else { (">", "") };
        let query = match after {
            None => self,
            Some((value, id)) => self.and_all(
                &format!("({order}, {key}) {sign} ({{}}, {{}})"),
                [value.clone(), (*id).into()],
            ),
        };
        let order = format!(" order by {order}{direction}, {key}{direction} limit {{}}");
        query.push_with(&order, [Value::Int(i64::from(*size) + 1)])
    }

    /// All rows; with a page, one row more than its size if another page follows.
    ///
    /// # Errors
    /// Of the database.
    pub async fn fetch<R: FromRow>(&self, tx: &mut Tx) -> Result<Vec<R>> {
        let (sql, args) = self.finished(tx, true);
        tx.all(&sql, &args).await
    }

    /// The rows of the page, and whether another follows.
    ///
    /// # Errors
    /// Of the database.
    pub async fn list<R: FromRow>(&self, tx: &mut Tx) -> Result<Listed<R>> {
        let mut rows = self.fetch::<R>(tx).await?;
        let size = self
            .page
            .as_ref()
            .map_or(usize::MAX, |page| usize::try_from(page.size).unwrap_or(usize::MAX));
        let more = rows.len() > size;
        rows.truncate(size);
        Ok(Listed { rows, more })
    }

    /// Exactly one row, as [`Tx::one`].
    ///
    /// # Errors
    /// `NotFound`, or of the database.
    pub async fn one<R: FromRow>(&self, tx: &mut Tx) -> Result<R> {
        let (sql, args) = self.finished(tx, true);
        tx.one(&sql, &args).await
    }

    /// The first row, as [`Tx::first`].
    ///
    /// # Errors
    /// Of the database.
    pub async fn first<R: FromRow>(&self, tx: &mut Tx) -> Result<Option<R>> {
        let (sql, args) = self.finished(tx, true);
        tx.first(&sql, &args).await
    }

    /// Hands every row over as it arrives, as [`Tx::each`].
    ///
    /// # Errors
    /// Of the database or of `take`.
    pub async fn each<R: FromRow>(&self, tx: &mut Tx, take: impl FnMut(R) -> Result<()> + Send) -> Result<u64> {
        let (sql, args) = self.finished(tx, true);
        tx.each(&sql, &args, take).await
    }

    /// How many rows match, whatever the page, counted up to `limit`: 10,001 lets a page say 一万以上.
    ///
    /// # Errors
    /// Of the database.
    pub async fn count_up_to(&self, tx: &mut Tx, limit: u32) -> Result<u64> {
        let (sql, mut args) = self.finished(tx, false);
        args.push(limit.into());
        let counting = format!(
            "select count(*) from (select 1 as one from ({sql}) matching limit ${}) counted",
            args.len()
        );
        let Number(count) = tx.one(&counting, &args).await?;
        Ok(count)
    }
}

struct Number(u64);

impl FromRow for Number {
    fn from_row(row: &Row) -> Result<Self> {
        let count = i64::from_value(row.column(0)?).and_then(|count| u64::try_from(count).ok());
        Ok(Self(count.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_numbered_in_the_order_of_their_adding() {
        let query = Query::new("select id from t k where 1 = 1")
            .and("(k.a = {} or k.b = {})", 7)
            .and_opt("k.c = {}", None::<i64>)
            .scope(&Scope::District("310101".into()), "k")
            .and_in("k.d", [1.into(), 2.into()])
            .scope(&Scope::Nothing, "k")
            .scope(&Scope::All, "k");
        let want = "select id from t k where 1 = 1 and (k.a = $1 or k.b = $1) and k.district = $2 and k.d in ($3, $4) and 1 = 0";
        assert_eq!(query.head, want);
        assert_eq!(query.args, [7.into(), "310101".into(), 1.into(), Value::Int(2)]);
    }

    #[test]
    fn a_beginning_is_a_range_that_holds_every_longer_text() {
        let query = Query::new("select id from t k where 1 = 1").and_begins("k.name", Some(" 王 "));
        assert_eq!(
            query.head,
            "select id from t k where 1 = 1 and k.name >= $1 and k.name < $2"
        );
        let [Value::Text(from), Value::Text(to)] = &query.args[..] else {
            panic!("two texts");
        };
        for inside in ["王", "王示", "王\u{2a6a5}明"] {
            assert!(from.as_str() <= inside && inside < to.as_str(), "{inside}");
        }
        assert!(*to.as_str() < *"玌" && *from.as_str() > *"玊");
        assert!(Query::new("x").and_begins("k.name", Some("  ")).args.is_empty());
    }

    #[test]
    fn a_page_continues_after_the_row_before() {
        let page = Page {
            order: "k.at",
            key: "k.id",
            descending: true,
            after: Some((5.into(), 9)),
            size: 20,
        };
        let query = Query::new("select id from t k where 1 = 1")
            .push(" group by id")
            .turned_to(&page);
        assert_eq!(query.head, "select id from t k where 1 = 1 and (k.at, k.id) < ($1, $2)");
        assert_eq!(query.tail, " group by id order by k.at desc, k.id desc limit $3");
        assert_eq!(query.args, [5.into(), 9.into(), Value::Int(21)]);
    }
}
