//! The answer to an import with mistakes: the same rows and columns as the upload, each where it was, one column further
//! to the right; in the first column what is wrong; the faulty cells coloured. Mended and uploaded again it is read as it stands.
//!
//! Both the upload and the faults are streams; neither is held in memory. Drop-downs and text formats of the template are
//! put back, so that an identifier typed in while mending is not turned into a number.
//! Deliberately absent: what counts as a fault.

use std::io::Write;
use std::iter::Peekable;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use crate::cell::{Cell, Row};
use crate::columns::{Column, title_width};
use crate::dropdowns;
use crate::field::Formats;
use crate::heading::{ERROR_TITLE, Mapping};
use crate::problem::Problem;
use crate::source::Source;
use crate::writer::{book, for_print, sheet_name};

/// One thing that is wrong in one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The number of the row in the upload, as in [`Row::number`].
    pub row: u32,
    /// The zero-based column in the upload, if one cell is to blame.
    pub column: Option<usize>,
    /// What is wrong and what to do, in Chinese; without a full stop at the end.
    pub sentence: String,
}

impl Fault {
    pub fn at(row: u32, column: Option<usize>, sentence: impl Into<String>) -> Self {
        Fault {
            row,
            column,
            sentence: sentence.into(),
        }
    }
}

/// What an error workbook contains.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows below the heading.
    pub rows: u32,
    /// Rows of them with at least one fault.
    pub faulty_rows: u32,
    pub faults: u32,
}

/// An error workbook about to be written.
pub struct ErrorBook<'a> {
    source: &'a Source,
    mapping: &'a Mapping,
    columns: &'a [Column],
    folder: PathBuf,
}

impl<'a> ErrorBook<'a> {
    pub fn new(source: &'a Source, mapping: &'a Mapping, columns: &'a [Column]) -> Self {
        ErrorBook {
            source,
            mapping,
            columns,
            folder: std::env::temp_dir(),
        }
    }

    /// Puts the temporary file into `folder`.
    pub fn folder(mut self, folder: &Path) -> Self {
        self.folder = folder.to_path_buf();
        self
    }

    /// Writes the workbook. The faults must ascend by row; several of one row are joined.
    pub fn write(self, faults: impl IntoIterator<Item = Fault>, out: impl Write + Send) -> Result<Summary, Problem> {
        let formats = Formats::new();
        let placed: Vec<(u16, &Column)> = self
            .columns
            .iter()
            .filter_map(|c| Some((self.place(self.mapping.index(c.key)?)?, c)))
            .collect();
        let mut book = self.begin(&placed, &formats).map_err(Problem::unwritable)?;
        let summary = self.fill(&mut book, faults, &formats)?;
        dropdowns::add_lists(&mut book, &placed).map_err(Problem::unwritable)?;
        book.save_to_writer(out).map_err(Problem::unwritable)?;
        Ok(summary)
    }

    /// Where a column of the upload stands in this workbook; a former 错误说明 stands nowhere.
    fn place(&self, column: usize) -> Option<u16> {
        let place = match self.mapping.errors() {
            Some(errors) if errors == column => return None,
            Some(errors) if errors < column => column,
            _ => column + 1,
        };
        u16::try_from(place).ok()
    }

    fn begin(&self, placed: &[(u16, &Column)], formats: &Formats) -> Result<Workbook, XlsxError> {
        let name = self.source.sheet_name().unwrap_or("数据");
        let mut book = book(&self.folder, name)?;
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(match sheet_name(name) {
            name if name == "选项" => "数据".to_string(),
            name => name,
        })?;
        sheet.set_column_width(0, 44)?;
        for (place, column) in placed {
            sheet.set_column_width(*place, column.shown_width().max(title_width(&column.title)))?;
            if column.text_format {
                sheet.set_column_format(*place, &formats.text_column)?;
            }
        }
        dropdowns::add(sheet, placed, self.mapping.row())?;
        sheet.set_freeze_panes(self.mapping.row(), 1)?;
        for_print(sheet)?;
        Ok(book)
    }

    fn fill(
        &self,
        book: &mut Workbook,
        faults: impl IntoIterator<Item = Fault>,
        formats: &Formats,
    ) -> Result<Summary, Problem> {
        let sheet = book.worksheet_from_index(0).map_err(Problem::unwritable)?;
        let mut faults = faults.into_iter().peekable();
        let mut summary = Summary::default();
        let mut last = 0;
        for row in self.source.rows() {
            let row = row?;
            self.blanks(sheet, &mut faults, (&mut last, row.number), (&mut summary, formats))?;
            last = row.number;
            let wrong = taken(&mut faults, row.number)?;
            self.row(sheet, &row, &wrong, formats)?;
            if row.number > self.mapping.row() {
                summary.rows += 1;
            }
            summary.count(&wrong);
        }
        self.blanks(sheet, &mut faults, (&mut last, u32::MAX), (&mut summary, formats))?;
        Ok(summary)
    }

    /// Faults of rows that have no content before row `until`: only their sentences are written.
    fn blanks(
        &self,
        sheet: &mut Worksheet,
        faults: &mut Peekable<impl Iterator<Item = Fault>>,
        (last, until): (&mut u32, u32),
        (summary, formats): (&mut Summary, &Formats),
    ) -> Result<(), Problem> {
        while let Some(number) = faults.peek().map(|f| f.row).filter(|n| *n < until) {
            if number <= *last {
                return Err(Problem::unwritable("faults do not ascend by row"));
            }
            let wrong = taken(faults, number)?;
            let blank = Row {
                number,
                cells: Vec::new(),
            };
            self.row(sheet, &blank, &wrong, formats)?;
            summary.count(&wrong);
            *last = number;
        }
        Ok(())
    }

    fn row(&self, sheet: &mut Worksheet, row: &Row, wrong: &[Fault], formats: &Formats) -> Result<(), Problem> {
        let at = row.number - 1;
        let heading = row.number == self.mapping.row();
        let first = if heading {
            ERROR_TITLE.to_string()
        } else {
            joined(wrong)
        };
        let format = if heading {
            &formats.heading
        } else {
            &formats.explanation
        };
        if !first.is_empty() {
            sheet
                .write_string_with_format(at, 0, first, format)
                .map_err(Problem::unwritable)?;
        }
        let blamed = wrong.iter().filter_map(|f| f.column).max().map_or(0, |c| c + 1);
        for column in 0..row.cells.len().max(blamed) {
            let Some(place) = self.place(column) else {
                continue;
            };
            let faulty = wrong.iter().any(|f| f.column == Some(column));
            let cell: &Cell = row.cell(column);
            if heading {
                sheet
                    .write_string_with_format(at, place, cell.text(), &formats.heading)
                    .map_err(Problem::unwritable)?;
            } else {
                formats.copy(sheet, (at, place), cell, faulty)?;
            }
        }
        Ok(())
    }
}

impl Summary {
    fn count(&mut self, wrong: &[Fault]) {
        self.faults += wrong.len() as u32;
        self.faulty_rows += u32::from(!wrong.is_empty());
    }
}

/// The faults of one row, taken off the stream.
fn taken(faults: &mut Peekable<impl Iterator<Item = Fault>>, row: u32) -> Result<Vec<Fault>, Problem> {
    let mut wrong = Vec::new();
    while let Some(fault) = faults.next_if(|f| f.row == row) {
        wrong.push(fault);
    }
    Ok(wrong)
}

fn joined(wrong: &[Fault]) -> String {
    let sentences: Vec<&str> = wrong.iter().map(|f| f.sentence.trim_end_matches('。')).collect();
    match sentences.is_empty() {
        true => String::new(),
        false => format!("{}。", sentences.join("；")),
    }
}
