//! The rows of one worksheet as a stream. Deliberately absent: `<dimension>`, which is only a claim; rows and columns are
//! counted as they come, and rows without content are passed over, so that a sheet formatted to its last row costs time but no memory.

use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use crate::cell::{Cell, Row, letters};
use crate::limits::Limits;
use crate::numbers;
use crate::problem::Problem;
use crate::styles::Kind;
use crate::workbook::Workbook;
use crate::xml::{Xml, attribute};

/// Excel's own limits; a reference beyond them is no reference.
const LAST_ROW: u32 = 1_048_576;
const LAST_COLUMN: usize = 16_384;

pub(crate) struct Grid {
    xml: Xml,
    book: Arc<Workbook>,
    limits: Limits,
    /// The number of the last row seen, filled or not.
    row: u32,
    filled: u32,
    value: String,
    /// Inside `sheetData`.
    begun: bool,
    /// Past `sheetData`; what follows is read only so that the part's checksum is known to be right.
    past: bool,
    ended: bool,
}

/// The `t` of a cell.
#[derive(Clone, Copy, PartialEq)]
enum Type {
    Shared,
    Inline,
    Formula,
    Bool,
    Error,
    Iso,
    Number,
}

/// What the start of a `c` element says.
struct Head {
    column: Option<usize>,
    kind: Kind,
    of: Type,
}

impl Grid {
    pub(crate) fn new(xml: Xml, book: Arc<Workbook>, limits: Limits) -> Self {
        Grid {
            xml,
            book,
            limits,
            row: 0,
            filled: 0,
            value: String::new(),
            begun: false,
            past: false,
            ended: false,
        }
    }

    fn step(&mut self) -> Result<Option<Row>, Problem> {
        loop {
            let number = match self.xml.next()? {
                Event::Start(e) => match e.local_name().as_ref() {
                    "sheetData" if !self.past => {
                        self.begun = true;
                        continue;
                    }
                    "row" if self.begun => row_number(&e),
                    _ => continue,
                },
                Event::End(e) if e.local_name().as_ref() == "sheetData" => {
                    (self.begun, self.past) = (false, true);
                    continue;
                }
                Event::Eof if self.past => return Ok(None),
                Event::Eof => Err(()),
                _ => continue,
            };
            let number = number.map_err(|()| self.xml.damaged())?.unwrap_or(self.row + 1);
            if number <= self.row || number > LAST_ROW {
                return Err(self.xml.damaged());
            }
            self.row = number;
            let cells = self.cells()?;
            if cells.is_empty() {
                continue;
            }
            self.filled += 1;
            if self.filled > self.limits.rows {
                return Err(Problem::TooManyRows {
                    limit: self.limits.rows,
                });
            }
            return Ok(Some(Row { number, cells }));
        }
    }

    /// The cells of the row whose start was just read.
    fn cells(&mut self) -> Result<Vec<Cell>, Problem> {
        let mut cells = Vec::new();
        let mut next = 0;
        loop {
            let head = match self.xml.next()? {
                Event::Start(e) if e.local_name().as_ref() == "c" => head(&e, &self.book.kinds),
                Event::End(e) if e.local_name().as_ref() == "row" => return Ok(cells),
                Event::Eof => Err(()),
                _ => continue,
            };
            let head = head.map_err(|()| self.xml.damaged())?;
            let column = head.column.unwrap_or(next);
            if column < next || column >= LAST_COLUMN {
                return Err(self.xml.damaged());
            }
            next = column + 1;
            let cell = self.cell(&head, column)?;
            if cell.is_empty() {
                continue;
            }
            if column >= self.limits.columns {
                return Err(Problem::TooManyColumns {
                    row: self.row,
                    limit: self.limits.columns,
                });
            }
            cells.resize(column, Cell::Empty);
            cells.push(cell);
        }
    }

    fn cell(&mut self, head: &Head, column: usize) -> Result<Cell, Problem> {
        self.value.clear();
        let mut formula = false;
        let most = 4 * self.limits.cell_chars;
        loop {
            let (v, is) = match self.xml.next()? {
                Event::Start(e) => match e.local_name().as_ref() {
                    "v" => (true, false),
                    "is" => (false, true),
                    "f" => {
                        formula = true;
                        (false, false)
                    }
                    _ => (false, false),
                },
                // The end of the part inside a cell has already been refused by `next`.
                Event::End(e) if e.local_name().as_ref() == "c" => break,
                _ => continue,
            };
            match (v, is) {
                // Beside an inline text a `v` only repeats it.
                (true, _) if head.of != Type::Inline => self.xml.text(&mut self.value, most)?,
                (_, true) => self.xml.rich_text(&mut self.value, most)?,
                _ => self.xml.skip()?,
            }
        }
        self.meaning(head, column, formula)
    }

    fn meaning(&self, head: &Head, column: usize, formula: bool) -> Result<Cell, Problem> {
        if self.value.is_empty() {
            return Ok(match formula && head.of != Type::Formula {
                true => Cell::Fault("#公式".to_string()),
                false => Cell::Empty,
            });
        }
        let cell = match head.of {
            Type::Shared => {
                let index = self.value.trim().parse().ok();
                match index.and_then(|i| self.book.strings.get(i)) {
                    Some("") => Cell::Empty,
                    Some(text) => Cell::Text(text.to_string()),
                    None => return Err(self.xml.damaged()),
                }
            }
            Type::Inline | Type::Formula => Cell::from_text(&self.value),
            Type::Bool => Cell::Bool(matches!(self.value.trim(), "1" | "true" | "TRUE")),
            Type::Error => Cell::Fault(self.value.trim().to_string()),
            Type::Iso => numbers::iso(&self.value),
            Type::Number => numbers::cell(&self.value, head.kind, self.book.epoch_1904),
        };
        too_long(&cell, self.row, column, &self.limits)?;
        Ok(cell)
    }
}

/// Refuses a cell with more characters than the limit.
pub(crate) fn too_long(cell: &Cell, row: u32, column: usize, limits: &Limits) -> Result<(), Problem> {
    let text = cell.text();
    if text.len() > limits.cell_chars && text.chars().count() > limits.cell_chars {
        return Err(Problem::CellTooLong {
            row,
            column: letters(column),
            limit: limits.cell_chars,
        });
    }
    Ok(())
}

fn row_number(e: &BytesStart<'_>) -> Result<Option<u32>, ()> {
    match attribute(e, "r")? {
        Some(r) => r.trim().parse().map(Some).map_err(|_| ()),
        None => Ok(None),
    }
}

fn head(e: &BytesStart<'_>, kinds: &[Kind]) -> Result<Head, ()> {
    let column = attribute(e, "r")?.map(|r| column(&r)).transpose()?;
    let style: Option<usize> = attribute(e, "s")?.and_then(|s| s.trim().parse().ok());
    let of = match attribute(e, "t")?.as_deref() {
        Some("s") => Type::Shared,
        Some("inlineStr") => Type::Inline,
        Some("str") => Type::Formula,
        Some("b") => Type::Bool,
        Some("e") => Type::Error,
        Some("d") => Type::Iso,
        Some("n") | None => Type::Number,
        Some(_) => return Err(()),
    };
    Ok(Head {
        column,
        kind: style.and_then(|s| kinds.get(s).copied()).unwrap_or(Kind::Plain),
        of,
    })
}

/// The zero-based column of a reference such as `AB12`.
fn column(reference: &str) -> Result<usize, ()> {
    let mut number = 0;
    let mut letters = 0;
    for b in reference.trim().bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' => {
                letters += 1;
                number = number * 26 + usize::from(b.to_ascii_uppercase() - b'A') + 1;
            }
            b'0'..=b'9' if letters > 0 => break,
            _ => return Err(()),
        }
        if letters > 3 {
            return Err(());
        }
    }
    number.checked_sub(1).ok_or(())
}

impl Iterator for Grid {
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
