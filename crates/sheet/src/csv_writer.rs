//! A list as CSV for other programs: UTF-8 with the mark that makes Excel read it as such, lines ended as Windows ends them.
//! Deliberately absent: any promise about long numbers when Excel opens the file; for Excel there is [`crate::Writer`].

use std::borrow::Cow;
use std::io::Write;

use crate::columns::Column;
use crate::field::{Field, Value, decimal, looks_like_formula};
use crate::problem::Problem;

/// An export under way; rows go out as they come.
pub struct CsvWriter<W: Write> {
    out: csv::Writer<W>,
    columns: usize,
}

impl<W: Write> CsvWriter<W> {
    pub fn create(mut out: W, columns: &[Column]) -> Result<Self, Problem> {
        out.write_all(b"\xEF\xBB\xBF").map_err(Problem::unwritable)?;
        let mut out = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        out.write_record(columns.iter().map(|c| guarded(&c.title).into_owned()))
            .map_err(Problem::unwritable)?;
        Ok(CsvWriter {
            out,
            columns: columns.len(),
        })
    }

    /// Writes the next row; missing fields stay empty, those beyond the columns are an error.
    pub fn row(&mut self, fields: &[Field<'_>]) -> Result<(), Problem> {
        let missing = self.columns.saturating_sub(fields.len());
        let texts = fields
            .iter()
            .map(|f| text(&f.value))
            .chain(std::iter::repeat_n(Cow::Borrowed(""), missing));
        let texts: Vec<Cow<'_, str>> = texts.collect();
        self.out
            .write_record(texts.iter().map(|t| t.as_bytes()))
            .map_err(Problem::unwritable)
    }

    /// Flushes and gives the sink back.
    pub fn finish(self) -> Result<W, Problem> {
        self.out.into_inner().map_err(|e| Problem::unwritable(e.error()))
    }
}

fn text<'a>(value: &'a Value<'_>) -> Cow<'a, str> {
    match value {
        Value::Empty => Cow::Borrowed(""),
        Value::Text(text) => guarded(text),
        Value::Whole(n) => n.to_string().into(),
        Value::Hundredths(n) => decimal(*n).into(),
        Value::Date(date) => date.format("%Y-%m-%d").to_string().into(),
        Value::Moment(moment) => moment.format("%Y-%m-%d %H:%M:%S").to_string().into(),
    }
}

/// An apostrophe before a text that would become a formula. One that already has the apostrophe gets another,
/// so that reading takes off exactly what was put on.
fn guarded(text: &str) -> Cow<'_, str> {
    match looks_like_formula(text) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}
