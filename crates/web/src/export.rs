//! The same columns and rows as the page, as a workbook in constant memory.
//!
//! Its last lines say who exported it and when, and 演示数据 where the data is demonstration data.

use kernel::{Error, Result, Time};
use sheet::{Field, Problem, Writer};
use ui::{Column, Row, Value};

/// A workbook being written.
pub(crate) struct Book {
    writer: Writer,
    /// Which columns of the page are written: those with actions only are not.
    kept: Vec<usize>,
}

fn broken(problem: Problem) -> Error {
    Error::broken(format!("{problem:?}"))
}

impl Book {
    /// Begins the workbook with the page's title and columns.
    pub(crate) fn start(title: &str, columns: &[Column]) -> Result<Self> {
        let kept: Vec<usize> = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.key != "actions")
            .map(|(at, _)| at)
            .collect();
        let heads: Vec<sheet::Column> = kept
            .iter()
            .map(|at| sheet::Column::new("", head(&columns[*at])))
            .collect();
        Ok(Self {
            writer: Writer::create(title, &heads).map_err(broken)?,
            kept,
        })
    }

    /// Adds a row of the page.
    pub(crate) fn row(&mut self, row: &Row) -> Result<()> {
        let values: Vec<Value> = self
            .kept
            .iter()
            .map(|at| row.cells.get(*at).map_or(Value::Empty, ui::Cell::value))
            .collect();
        let fields: Vec<Field<'_>> = values.iter().map(field).collect();
        self.writer.row(&fields).map_err(broken)
    }

    /// Rows so far.
    pub(crate) fn rows(&self) -> u32 {
        self.writer.rows()
    }

    /// Ends the workbook.
    pub(crate) fn finish(mut self, who: &str, when: Time, demo: bool) -> Result<Vec<u8>> {
        let mark = if demo { "【演示数据】" } else { "" };
        self.writer.banner(format!("{mark}由 {who} 于 {when} 从知新平台导出。"));
        self.writer.finish().map_err(broken)
    }
}

fn head(column: &Column) -> String {
    if column.unit.is_empty() {
        column.title.clone()
    } else {
        format!("{}（{}）", column.title, column.unit)
    }
}

fn field(value: &Value) -> Field<'_> {
    match value {
        Value::Empty => Field::empty(),
        Value::Text(text) => Field::text(text.as_str()),
        Value::Whole(number) => Field::whole(*number),
        Value::Hundredths(number) => Field::hundredths(*number),
        Value::Date(day) => Field::date(*day),
        Value::Moment(at) => Field::moment(*at),
    }
}
