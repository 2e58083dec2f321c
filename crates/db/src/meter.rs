//! Measures statements: one histogram by kind of statement, and a warning for the slow ones.
//!
//! The warning carries the text of the statement and never its arguments.

use std::time::{Duration, Instant};

const SLOW: Duration = Duration::from_millis(200);

/// Measures one statement from `start` until it is dropped.
pub(crate) struct Meter<'a> {
    sql: &'a str,
    start: Instant,
}

impl<'a> Meter<'a> {
    pub(crate) fn start(sql: &'a str) -> Self {
        Self {
            sql,
            start: Instant::now(),
        }
    }
}

/// The first word of a statement, from a closed list, so that labels stay few.
fn kind(sql: &str) -> &'static str {
    let word = sql
        .trim_start()
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or("");
    ["select", "insert", "update", "delete", "with", "commit", "copy"]
        .into_iter()
        .find(|kind| word.eq_ignore_ascii_case(kind))
        .unwrap_or("other")
}

impl Drop for Meter<'_> {
    fn drop(&mut self) {
        let taken = self.start.elapsed();
        metrics::histogram!("zhixin_db_statement_seconds", "kind" => kind(self.sql)).record(taken.as_secs_f64());
        if taken >= SLOW {
            tracing::warn!(milliseconds = taken.as_millis(), sql = self.sql, "slow statement");
        }
    }
}
