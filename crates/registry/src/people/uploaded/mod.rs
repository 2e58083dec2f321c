//! An uploaded list of people: read as a stream in chunks, its faults given back in the workbook it came in.
//!
//! Reading and judging run on a thread of their own, so that requests are answered meanwhile. Memory does not grow with
//! the file: rows come in chunks, faults go through a temporary file (the platform's own, mode 0600, gone when it is
//! dropped), the error workbook is written as a stream with the same columns, order and rows.
//! Deliberately absent: what a row must say and what comes of it; a roster of employees and a provider's report of a
//! class are read alike and judged differently. `life.rs` is what such lists have in common besides.

pub mod life;

use std::{
    io::{BufRead, BufReader, BufWriter, Seek, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use db::jobs::JobCtx;
use kernel::{Error, Result};
use rules::people::roster::{RawCell, RowFault};
use serde::{Deserialize, Serialize};
use sheet::{Cell, Column, ErrorBook, Limits, Mapping, Row, Rows, Source};
use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;

use crate::files;

/// Rows judged and looked up together.
pub const CHUNK: usize = 1_000;
/// How many faults a page shows.
const SHOWN: usize = 20;

/// One fault as the page and the API show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The row's number as Excel shows it.
    pub row: u32,
    /// The column's title; empty when the row as a whole is meant.
    pub column: String,
    /// `第 17 行 “身份证件号码” 校验位不符，请核对最后一位`.
    pub sentence: String,
}

/// Who is told how far a pass is.
#[derive(Clone, Copy)]
pub enum Watcher<'a> {
    /// A job: writes its progress and stops when it was asked to.
    Job(&'a JobCtx),
    /// A command line: done and total.
    Bar(&'a (dyn Fn(u64, u64) + Send + Sync)),
    /// Nobody.
    Nobody,
}

impl Watcher<'_> {
    /// Tells how far it is.
    ///
    /// # Errors
    /// `job.cancelled` when the job was asked to stop.
    pub async fn tell(&self, done: u64, total: u64) -> Result<()> {
        match self {
            Self::Job(job) => {
                job.progress(done, total).await?;
                job.stop_if_cancelled().await
            }
            Self::Bar(bar) => {
                bar(done, total);
                Ok(())
            }
            Self::Nobody => Ok(()),
        }
    }
}

/// What judges a row, on the reading thread.
pub type Judge<T> = Arc<dyn Fn(&Mapping, &Row) -> T + Send + Sync>;

/// What is wrong with a file as a whole, at its field.
#[must_use]
pub fn wrong_file(problem: &sheet::Problem) -> Error {
    Error::wrong("file", problem.code(), problem.sentence())
}

/// Judges a file by its content before anything is kept, and reads it: its bytes, and whether it is a workbook.
///
/// # Errors
/// Wrong at `file` when it is no list with these columns.
pub async fn taken(path: &Path, expected: Vec<Column>) -> Result<(Vec<u8>, bool)> {
    let path = path.to_owned();
    let judged = spawn_blocking(move || {
        let source = Source::open(&path, &Limits::default())?;
        source.table(&expected)?;
        let xlsx = source.kind() == sheet::Kind::Xlsx;
        let bytes = std::fs::read(&path).map_err(sheet::Problem::unwritable)?;
        Ok((bytes, xlsx))
    });
    judged
        .await
        .map_err(Error::broken)?
        .map_err(|problem: sheet::Problem| wrong_file(&problem))
}

/// A kept file being read.
pub struct Uploaded {
    source: Arc<Source>,
    mapping: Arc<Mapping>,
    columns: Arc<Vec<Column>>,
    /// Rows in the file, for the progress bar.
    pub rows: u64,
    left: Option<Rows>,
    // Kept so that the file lives as long as it is read.
    _file: NamedTempFile,
}

impl Uploaded {
    /// Puts the kept file where it can be read and finds its heading.
    ///
    /// # Errors
    /// Wrong at `file` when it cannot be read.
    pub async fn open(file: files::File, columns: Vec<Column>) -> Result<Self> {
        let columns = Arc::new(columns);
        let expected = Arc::clone(&columns);
        let opened = spawn_blocking(move || {
            let kept = NamedTempFile::new().map_err(sheet::Problem::unwritable)?;
            std::fs::write(kept.path(), &file.bytes).map_err(sheet::Problem::unwritable)?;
            let path: PathBuf = kept.path().to_owned();
            let source = Source::open(&path, &Limits::default())?;
            let (mapping, rows) = source.table(&expected)?;
            let mut count = 0;
            for row in source.table(&expected)?.1 {
                row?;
                count += 1;
            }
            Ok((kept, source, mapping, rows, count))
        });
        let (kept, source, mapping, rows, count) = opened
            .await
            .map_err(Error::broken)?
            .map_err(|problem: sheet::Problem| wrong_file(&problem))?;
        Ok(Self {
            source: Arc::new(source),
            mapping: Arc::new(mapping),
            columns,
            rows: count,
            left: Some(rows),
            _file: kept,
        })
    }

    /// The next rows that say something, with their numbers, judged; empty at the end.
    ///
    /// # Errors
    /// Wrong at `file` when the rest cannot be read.
    pub async fn chunk<T: Send + 'static>(&mut self, judge: &Judge<T>) -> Result<Vec<(u32, T)>> {
        let Some(mut rows) = self.left.take() else {
            return Ok(Vec::new());
        };
        let (mapping, judge) = (Arc::clone(&self.mapping), Arc::clone(judge));
        let read = spawn_blocking(move || {
            let mut judged = Vec::with_capacity(CHUNK);
            for row in rows.by_ref() {
                let row = row?;
                if mapping.is_blank(&row) {
                    continue;
                }
                judged.push((row.number, judge(&mapping, &row)));
                if judged.len() == CHUNK {
                    break;
                }
            }
            Ok((rows, judged))
        });
        let (rows, judged) = read
            .await
            .map_err(Error::broken)?
            .map_err(|problem: sheet::Problem| wrong_file(&problem))?;
        self.left = (!judged.is_empty()).then_some(rows);
        Ok(judged)
    }

    /// Notes the faults of one row; `title` gives the title of a column.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub fn note(&self, faults: &mut Faults, row: u32, found: &[RowFault], title: Title) -> Result<()> {
        faults.add(&self.mapping, row, found, title)
    }

    /// The workbook with the faults beside their rows.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn error_book(&self, faults: Faults) -> Result<Vec<u8>> {
        let (source, mapping, columns) = (self.source.clone(), self.mapping.clone(), self.columns.clone());
        let faults = faults.into_stream()?;
        let written = spawn_blocking(move || {
            let mut out = std::io::Cursor::new(Vec::new());
            ErrorBook::new(&source, &mapping, &columns)
                .write(faults, &mut out)
                .map(|_| out.into_inner())
        });
        written.await.map_err(Error::broken)?.map_err(Error::broken)
    }
}

/// Gives the title of a column by its key.
pub type Title = fn(&str) -> &'static str;

/// The cell under a column's key, as rules judge it; only the columns named in `dated` are read as dates.
#[must_use]
pub fn raw(mapping: &Mapping, row: &Row, key: &'static str, dated: &[&str]) -> RawCell {
    let cell = mapping.cell(row, key);
    RawCell {
        text: sheet::normal(cell.text()),
        lossy: cell.is_lossy(),
        date: if dated.contains(&key) { cell.date() } else { None },
        broken: matches!(cell, Cell::Fault(_)),
    }
}

#[derive(Serialize, Deserialize)]
struct Line {
    row: u32,
    column: Option<usize>,
    sentence: String,
}

/// Faults on their way to the error workbook, ascending by row.
pub struct Faults {
    file: BufWriter<std::fs::File>,
    samples: Vec<Sample>,
    rows: i64,
}

impl Faults {
    /// None yet.
    ///
    /// # Errors
    /// When there is no room for a temporary file.
    pub fn new() -> Result<Self> {
        let file = tempfile::tempfile().map_err(Error::broken)?;
        Ok(Self {
            file: BufWriter::new(file),
            samples: Vec::new(),
            rows: 0,
        })
    }

    fn add(&mut self, mapping: &Mapping, row: u32, faults: &[RowFault], title: Title) -> Result<()> {
        self.rows += i64::from(!faults.is_empty());
        for fault in faults {
            let line = Line {
                row,
                column: mapping.index(fault.column),
                sentence: fault.sentence.clone(),
            };
            serde_json::to_writer(&mut self.file, &line).map_err(Error::broken)?;
            self.file.write_all(b"\n").map_err(Error::broken)?;
            if self.samples.len() < SHOWN {
                let sentence = format!("第 {row} 行 {}", fault.sentence);
                self.samples.push(Sample {
                    row,
                    column: title(fault.column).to_owned(),
                    sentence,
                });
            }
        }
        Ok(())
    }

    /// Rows with a fault.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.rows
    }

    /// The first ones, for the page.
    #[must_use]
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// All of them again, for the workbook.
    fn into_stream(self) -> Result<impl Iterator<Item = sheet::Fault>> {
        let mut file = self.file.into_inner().map_err(Error::broken)?;
        file.rewind().map_err(Error::broken)?;
        let lines = BufReader::new(file).lines().map_while(std::result::Result::ok);
        Ok(lines
            .filter_map(|line| serde_json::from_str::<Line>(&line).ok())
            .map(|line| sheet::Fault::at(line.row, line.column, line.sentence)))
    }
}
