//! An upload, opened: checked by its content and ready to be read as often as needed, each time as a fresh stream.
//! Deliberately absent: the name of the file; an .xlsx that is really a text is read as the text it is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::archive::Archive;
use crate::cell::Row;
use crate::columns::Column;
use crate::delimited::Lines;
use crate::grid::Grid;
use crate::heading::{self, Mapping};
use crate::limits::Limits;
use crate::problem::Problem;
use crate::sniff::{self, Content};
use crate::workbook::Workbook;

/// How the content is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Xlsx,
    Utf8,
    Gb18030,
    Utf16,
}

/// A file that passed all checks which can be made without reading its rows. Cheap to keep: beside the path
/// only the shared strings and number formats of a workbook stay in memory.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    limits: Limits,
    shape: Shape,
}

#[derive(Debug)]
enum Shape {
    Workbook(Arc<Workbook>),
    Text(&'static Encoding),
}

impl Source {
    /// Opens and judges a file. Reads a text through once, to know its encoding; of a workbook everything but the rows.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, Problem> {
        let about = std::fs::metadata(path).map_err(Problem::unreadable)?;
        if !about.is_file() {
            return Err(Problem::unreadable("not a regular file"));
        }
        if about.len() > limits.file_bytes {
            return Err(Problem::TooLarge {
                limit: limits.file_bytes,
            });
        }
        let shape = match sniff::content(path)? {
            Content::Zip => {
                let archive = Archive::open(path, limits)?;
                Shape::Workbook(Arc::new(Workbook::open(archive, limits)?))
            }
            Content::Text(encoding) => Shape::Text(encoding),
        };
        Ok(Source {
            path: path.to_path_buf(),
            limits: limits.clone(),
            shape,
        })
    }

    pub fn kind(&self) -> Kind {
        match self.shape {
            Shape::Workbook(_) => Kind::Xlsx,
            Shape::Text(e) if e == UTF_8 => Kind::Utf8,
            Shape::Text(e) if e == GB18030 => Kind::Gb18030,
            Shape::Text(_) => Kind::Utf16,
        }
    }

    /// The name of the worksheet that is read, if the file has names for such.
    pub fn sheet_name(&self) -> Option<&str> {
        match &self.shape {
            Shape::Workbook(book) => Some(&book.sheet_name),
            Shape::Text(_) => None,
        }
    }

    /// All rows with content from the first, ascending. After an error the stream ends.
    pub fn rows(&self) -> Rows {
        let inner = match &self.shape {
            Shape::Workbook(book) => book.rows(&self.limits).map(|grid| Inner::Grid(Box::new(grid))),
            Shape::Text(encoding) => {
                Lines::open(&self.path, encoding, &self.limits).map(|lines| Inner::Lines(Box::new(lines)))
            }
        };
        Rows {
            inner: inner.unwrap_or_else(|problem| Inner::Failed(Some(problem))),
        }
    }

    /// Finds the heading among the first rows and returns it with the rows below it.
    pub fn table(&self, expected: &[Column]) -> Result<(Mapping, Rows), Problem> {
        let mapping = heading::find(self.rows(), expected)?;
        let mut rows = self.rows();
        for row in rows.by_ref() {
            if row?.number >= mapping.row() {
                break;
            }
        }
        Ok((mapping, rows))
    }
}

/// A stream of rows. Owns all it needs, so that it can move to another thread.
pub struct Rows {
    inner: Inner,
}

enum Inner {
    Grid(Box<Grid>),
    Lines(Box<Lines>),
    Failed(Option<Problem>),
}

impl Iterator for Rows {
    type Item = Result<Row, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.inner {
            Inner::Grid(grid) => grid.next(),
            Inner::Lines(lines) => lines.next(),
            Inner::Failed(problem) => problem.take().map(Err),
        }
    }
}

/// For messages of tests; the stream itself has nothing worth printing.
impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rows")
    }
}
