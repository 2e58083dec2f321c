//! The stored file as chunks of judged rows. Reading and judging run on a thread of their own, so that requests
//! are answered meanwhile.

use std::{collections::HashMap, path::PathBuf, sync::Arc};

use kernel::{Date, Error, Result};
use rules::people::roster::{Entry, Known, RawCell, RowFault, judge};
use sheet::{Cell, Limits, Mapping, Row, Rows, Source};
use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;

use super::{columns, wrong_file};
use crate::{
    Ctx, files,
    taxonomy::{Names, Vocabulary},
};

/// Rows judged and looked up together.
pub(super) const CHUNK: usize = 1_000;

/// A row as it was judged.
pub(super) type Judged = (u32, std::result::Result<Entry, Vec<RowFault>>);

/// Names turned around, so that a row costs a look-up and not a search.
pub(super) struct Terms {
    today: Date,
    demo: bool,
    series: HashMap<String, String>,
    fields: HashMap<String, String>,
}

impl Terms {
    pub(super) fn new(ctx: &Ctx, names: &Names) -> Self {
        let turned = |vocabulary| {
            names
                .all(vocabulary)
                .map(|(code, name)| (name.to_owned(), code.to_owned()))
                .collect()
        };
        Self {
            today: ctx.today(),
            demo: ctx.installation.demo,
            series: turned(Vocabulary::TitleSeries),
            fields: turned(Vocabulary::FocusField),
        }
    }
}

impl Known for Terms {
    fn today(&self) -> Date {
        self.today
    }
    fn demo(&self) -> bool {
        self.demo
    }
    fn title_series(&self, name: &str) -> Option<String> {
        self.series.get(name).cloned()
    }
    fn field(&self, name: &str) -> Option<String> {
        self.fields.get(name).cloned()
    }
}

/// A file being read.
pub(super) struct Reading {
    pub(super) source: Arc<Source>,
    pub(super) mapping: Arc<Mapping>,
    pub(super) columns: Arc<Vec<sheet::Column>>,
    /// Rows in the file, for the progress bar.
    pub(super) rows: u64,
    terms: Arc<Terms>,
    left: Option<Rows>,
    // Kept so that the file lives as long as it is read.
    _file: NamedTempFile,
}

impl Reading {
    /// Puts the stored file where it can be read and finds its heading.
    pub(super) async fn open(file: files::File, names: &Names, terms: Terms) -> Result<Self> {
        let columns = Arc::new(columns::columns(names));
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
            terms: Arc::new(terms),
            left: Some(rows),
            _file: kept,
        })
    }

    /// The next rows that say something, judged; empty at the end.
    pub(super) async fn chunk(&mut self) -> Result<Vec<Judged>> {
        let Some(mut rows) = self.left.take() else {
            return Ok(Vec::new());
        };
        let (mapping, terms) = (Arc::clone(&self.mapping), Arc::clone(&self.terms));
        let read = spawn_blocking(move || {
            let mut judged: Vec<Judged> = Vec::with_capacity(CHUNK);
            for row in rows.by_ref() {
                let row = row?;
                if mapping.is_blank(&row) {
                    continue;
                }
                judged.push((row.number, judge(|key| raw(&mapping, &row, key), &*terms)));
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
}

fn raw(mapping: &Mapping, row: &Row, key: &'static str) -> RawCell {
    let cell = mapping.cell(row, key);
    RawCell {
        text: sheet::normal(cell.text()),
        lossy: cell.is_lossy(),
        // Only the one column that is a date is read as one.
        date: if key == "from_day" { cell.date() } else { None },
        broken: matches!(cell, Cell::Fault(_)),
    }
}
