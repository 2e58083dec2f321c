//! The rows of a delimited text as a stream, numbered as Excel numbers them when it opens the file.
//! Deliberately absent: guessing at types; everything is text, except numbers that Excel has already ruined.

use std::fs::File;
use std::path::Path;

use encoding_rs::Encoding;

use crate::cell::{Cell, Row, tidy};
use crate::decoded::{self, Decoded};
use crate::field::looks_like_formula;
use crate::grid::too_long;
use crate::limits::Limits;
use crate::problem::Problem;

pub(crate) struct Lines {
    reader: csv::Reader<Decoded<File>>,
    record: csv::StringRecord,
    limits: Limits,
    row: u32,
    filled: u32,
    ended: bool,
}

impl Lines {
    pub(crate) fn open(path: &Path, encoding: &'static Encoding, limits: &Limits) -> Result<Self, Problem> {
        let head = decoded::head(path, encoding, 64 << 10)?;
        // Given "\r\n" the library would end a record at the first of the two and count the line with the next record.
        // A lone "\r" ends lines only in files from old Macintoshes, which have no "\n" at all but the one we append.
        let end = match head.matches('\n').count() {
            0 | 1 if head.contains('\r') && !head.ends_with("\r\n") => b'\r',
            _ => b'\n',
        };
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(csv::Terminator::Any(end))
            .delimiter(delimiter(&head))
            .from_reader(Decoded::new(File::open(path).map_err(Problem::unreadable)?, encoding));
        Ok(Lines {
            reader,
            record: csv::StringRecord::new(),
            limits: limits.clone(),
            row: 0,
            filled: 0,
            ended: false,
        })
    }

    fn step(&mut self) -> Result<Option<Row>, Problem> {
        loop {
            let before = self.reader.position().line();
            let more = self
                .reader
                .read_record(&mut self.record)
                .map_err(|e| self.translate(&e))?;
            if !more {
                return Ok(None);
            }
            // The library passes over blank lines in silence, but Excel gives each of them a number.
            let passed = self.reader.position().line() - before;
            let inner = self.record.iter().map(newlines).sum::<u64>();
            self.row += passed.saturating_sub(inner).max(1) as u32;
            let hint = self.row == 1 && self.record.get(0).is_some_and(|f| f.starts_with("sep="));
            let cells = if hint { Vec::new() } else { self.cells()? };
            if cells.is_empty() {
                continue;
            }
            self.filled += 1;
            if self.filled > self.limits.rows {
                return Err(Problem::TooManyRows {
                    limit: self.limits.rows,
                });
            }
            return Ok(Some(Row {
                number: self.row,
                cells,
            }));
        }
    }

    fn cells(&self) -> Result<Vec<Cell>, Problem> {
        let mut cells = Vec::with_capacity(self.record.len().min(self.limits.columns));
        for (column, field) in self.record.iter().enumerate() {
            let cell = cell(field);
            if cell.is_empty() {
                continue;
            }
            if column >= self.limits.columns {
                return Err(Problem::TooManyColumns {
                    row: self.row,
                    limit: self.limits.columns,
                });
            }
            too_long(&cell, self.row, column, &self.limits)?;
            cells.resize(column, Cell::Empty);
            cells.push(cell);
        }
        Ok(cells)
    }

    fn translate(&self, error: &csv::Error) -> Problem {
        match error.kind() {
            csv::ErrorKind::Io(io) => Problem::from_io(io).unwrap_or_else(|| Problem::unreadable(io)),
            _ => Problem::damaged("csv"),
        }
    }
}

impl Iterator for Lines {
    type Item = Result<Row, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = self.step().transpose();
        self.ended = !matches!(row, Some(Ok(_)));
        row
    }
}

fn newlines(field: &str) -> u64 {
    field.bytes().filter(|b| *b == b'\n').count() as u64
}

/// The separator of the first line with content: the most frequent candidate outside quotes.
fn delimiter(head: &str) -> u8 {
    if let Some(named) = head.strip_prefix("sep=") {
        return named.bytes().next().filter(u8::is_ascii).unwrap_or(b',');
    }
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    for b in head.trim_start().bytes() {
        match b {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                for (candidate, count) in &mut counts {
                    *count += u32::from(*candidate == b);
                }
            }
        }
    }
    // The first of equals wins, so a single column is read as comma-separated.
    counts
        .iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(b',', |(candidate, _)| *candidate)
}

/// Takes off the two disguises that keep Excel from changing a text, `="0012"` and a leading apostrophe before
/// a sign that would begin a formula, and marks long numbers that Excel wrote as `3.10101E+17`.
fn cell(field: &str) -> Cell {
    let text = tidy(field);
    let text = text
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'))
        .or_else(|| text.strip_prefix('\'').filter(|rest| looks_like_formula(rest)))
        .unwrap_or(text);
    match ruined(text) {
        true => Cell::LossyNumber(text.to_string()),
        false => Cell::from_text(text),
    }
}

fn ruined(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once("E+") else {
        return false;
    };
    let number =
        mantissa.starts_with(|c: char| c.is_ascii_digit()) && mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    number && exponent.parse::<u32>().is_ok_and(|e| e >= 11)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_counted_outside_quotes() {
        assert_eq!(delimiter("a,b\n1\t2\t3\n"), b',');
        assert_eq!(delimiter("\"a,b,c\"\td\n"), b'\t');
        assert_eq!(delimiter("sep=;\na;b\n"), b';');
        assert_eq!(delimiter("姓名\n张三\n"), b',');
    }

    #[test]
    fn disguises_come_off() {
        assert_eq!(cell("=\"0012\""), Cell::Text("0012".into()));
        assert_eq!(cell("'=1+1"), Cell::Text("=1+1".into()));
        assert_eq!(cell("'tis"), Cell::Text("'tis".into()));
        assert_eq!(cell("3.10101E+17"), Cell::LossyNumber("3.10101E+17".into()));
        assert_eq!(cell("1.5E+03"), Cell::Text("1.5E+03".into()));
        assert_eq!(cell("　 "), Cell::Empty);
    }
}
