//! Faults on their way from the pass to the error workbook, through a temporary file: however many there are,
//! memory does not grow. The file is the platform's own (mode 0600) and goes when this does.

use std::io::{BufRead, BufReader, BufWriter, Seek, Write};

use kernel::{Error, Result};
use rules::people::roster::{RowFault, title};
use serde::{Deserialize, Serialize};
use sheet::{Fault, Mapping};

use super::Sample;

/// How many faults the page shows.
const SHOWN: usize = 20;

#[derive(Serialize, Deserialize)]
struct Line {
    row: u32,
    column: Option<usize>,
    sentence: String,
}

/// Collects faults, ascending by row.
pub(super) struct Faults {
    file: BufWriter<std::fs::File>,
    samples: Vec<Sample>,
    rows: i64,
}

impl Faults {
    pub(super) fn new() -> Result<Self> {
        let file = tempfile::tempfile().map_err(Error::broken)?;
        Ok(Self {
            file: BufWriter::new(file),
            samples: Vec::new(),
            rows: 0,
        })
    }

    /// Notes the faults of one row.
    pub(super) fn add(&mut self, mapping: &Mapping, row: u32, faults: &[RowFault]) -> Result<()> {
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
    pub(super) fn rows(&self) -> i64 {
        self.rows
    }

    /// The first ones, for the page.
    pub(super) fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// All of them again, for the workbook.
    pub(super) fn into_stream(self) -> Result<impl Iterator<Item = Fault>> {
        let mut file = self.file.into_inner().map_err(Error::broken)?;
        file.rewind().map_err(Error::broken)?;
        let lines = BufReader::new(file).lines().map_while(std::result::Result::ok);
        Ok(lines
            .filter_map(|line| serde_json::from_str::<Line>(&line).ok())
            .map(|line| Fault::at(line.row, line.column, line.sentence)))
    }
}
