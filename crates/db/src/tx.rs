//! One use case's hold on the database: statements, and the end of the transaction.
//!
//! ```text
//! open ──commit()──► durable          open ──drop──► rolled back
//! open ──a statement fails──► failed ──drop──► rolled back; statements and commit() are refused
//! ```
//! PostgreSQL ends a transaction at the first failing statement and SQLite does not; so that the same code
//! means the same on both, a failed statement ends it here. `NotFound` of [`Tx::one`] and `Stale` of
//! [`Tx::exec_one`] are answers, not failures: the transaction goes on.

use std::sync::Arc;

use kernel::{Error, Id, Result, Time};
use serde::Serialize;

use crate::{
    FromRow, Mint, Value, dialect::Dialect, group::Seat, memory::Memory, postgres::Conn, sqlite, sqlite::Reader,
    sqlite::in_place,
};

/// A past-tense fact that other modules react to; a plain struct that a module publishes.
///
/// `KIND` is stable and names module and fact: `"classes.published"`.
pub trait Event: Serialize {
    /// The stable name of the fact.
    const KIND: &'static str;
}

pub(crate) enum Engine {
    Reader(Reader),
    Writer(Seat),
    Postgres(Conn),
}

/// A transaction, or a reader. Dropping it rolls back.
///
/// While a writing `Tx` is alive, everybody else waits for it (on SQLite; on PostgreSQL, whoever wants the
/// same rows): never await anything slow, and never a second `Tx`, while holding one.
pub struct Tx {
    pub(crate) engine: Engine,
    pub(crate) mint: Arc<Mint>,
    wake: Arc<tokio::sync::Notify>,
    memory: Arc<Memory>,
    writes: bool,
    atomic: bool,
    failed: bool,
    queued_work: bool,
}

/// How a [`Tx`] was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Read,
    Snapshot,
    Write,
}

impl Tx {
    pub(crate) fn new(
        engine: Engine,
        (mint, wake, memory): (Arc<Mint>, Arc<tokio::sync::Notify>, Arc<Memory>),
        mode: Mode,
    ) -> Self {
        let (writes, atomic) = (mode == Mode::Write, mode != Mode::Read);
        Self {
            engine,
            mint,
            wake,
            memory,
            writes,
            atomic,
            failed: false,
            queued_work: false,
        }
    }

    /// Which engine's words to use; the only place that may ask is a function of [`Dialect`].
    pub(crate) fn dialect(&self) -> Dialect {
        match self.engine {
            Engine::Postgres(_) => Dialect::Postgres,
            Engine::Reader(_) | Engine::Writer(_) => Dialect::Sqlite,
        }
    }

    /// What this process remembers of this database under a type, empty at first. Keep only what no writer, of this
    /// process or another, can make wrong: say a parsed document under its id and version.
    #[must_use]
    pub fn memory<T: std::any::Any + Send + Sync + Default>(&self) -> Arc<T> {
        self.memory.of()
    }

    fn usable(&self) -> Result<()> {
        if self.failed {
            return Err(Error::broken(
                "a statement of this transaction failed; drop it and begin again",
            ));
        }
        Ok(())
    }

    fn note<T>(&mut self, result: Result<T>) -> Result<T> {
        self.failed |= self.atomic && result.is_err();
        result
    }

    async fn run<R: FromRow>(
        &mut self,
        sql: &str,
        args: &[Value],
        take: impl FnMut(R) -> Result<bool> + Send,
    ) -> Result<()> {
        self.usable()?;
        let result = match &mut self.engine {
            Engine::Reader(reader) => in_place(|| sqlite::rows(reader.connection(), sql, args, take)),
            Engine::Writer(seat) => in_place(|| sqlite::rows(seat.connection(), sql, args, take)),
            Engine::Postgres(conn) => conn.rows(sql, args, take).await,
        };
        self.note(result)
    }

    /// Exactly one row.
    ///
    /// # Errors
    /// `NotFound` when there is none; `Broken` when there are several.
    pub async fn one<R: FromRow>(&mut self, sql: &str, args: &[Value]) -> Result<R> {
        let mut found = None;
        let mut more = false;
        self.run(sql, args, |row: R| {
            more = found.is_some();
            found.get_or_insert(row);
            Ok(!more)
        })
        .await?;
        if more {
            return Err(Error::broken(format!("more than one row from: {sql}")));
        }
        found.ok_or(Error::NotFound)
    }

    /// The first row, if there is one. Reads to the end: say `limit 1` where many could match.
    ///
    /// # Errors
    /// Of the database.
    pub async fn first<R: FromRow>(&mut self, sql: &str, args: &[Value]) -> Result<Option<R>> {
        let mut found = None;
        self.run(sql, args, |row: R| {
            found.get_or_insert(row);
            Ok(true)
        })
        .await?;
        Ok(found)
    }

    /// All rows. For listings, which are paged; for more, [`Tx::each`].
    ///
    /// # Errors
    /// Of the database.
    pub async fn all<R: FromRow>(&mut self, sql: &str, args: &[Value]) -> Result<Vec<R>> {
        let mut rows = Vec::new();
        self.run(sql, args, |row| {
            rows.push(row);
            Ok(true)
        })
        .await?;
        Ok(rows)
    }

    /// Hands every row over as it arrives, in constant memory; returns how many there were.
    ///
    /// # Errors
    /// Of the database, or the first one of `take`, which ends the scan.
    pub async fn each<R: FromRow>(
        &mut self,
        sql: &str,
        args: &[Value],
        mut take: impl FnMut(R) -> Result<()> + Send,
    ) -> Result<u64> {
        let mut count = 0;
        self.run(sql, args, |row| {
            count += 1;
            take(row).map(|()| true)
        })
        .await?;
        Ok(count)
    }

    /// Runs a statement; returns how many rows it changed.
    ///
    /// # Errors
    /// A broken uniqueness, see [`crate::is_duplicate`]; `Stale` where a retry helps; else `Broken`.
    pub async fn exec(&mut self, sql: &str, args: &[Value]) -> Result<u64> {
        self.usable()?;
        let result = match &mut self.engine {
            Engine::Reader(reader) => in_place(|| sqlite::exec(reader.connection(), sql, args)),
            Engine::Writer(seat) => in_place(|| sqlite::exec(seat.connection(), sql, args)),
            Engine::Postgres(conn) => conn.exec(sql, args).await,
        };
        self.note(result)
    }

    /// Runs an update or delete that must meet exactly one row: `… where id = $1 and version = $2`.
    ///
    /// # Errors
    /// `Stale` when it met none; `Broken` when it met several.
    pub async fn exec_one(&mut self, sql: &str, args: &[Value]) -> Result<()> {
        match self.exec(sql, args).await? {
            1 => Ok(()),
            0 => Err(Error::Stale),
            _ => {
                self.failed = true;
                Err(Error::broken(format!("more than one row changed by: {sql}")))
            }
        }
    }

    /// Runs `insert … on conflict … do nothing`; false when the row was there already.
    ///
    /// # Errors
    /// As [`Tx::exec`]. A statement without `on conflict` is refused: it would end the transaction.
    pub async fn exec_new(&mut self, sql: &str, args: &[Value]) -> Result<bool> {
        if !sql.to_ascii_lowercase().contains("on conflict") {
            return Err(Error::broken(format!(
                "exec_new without `on conflict … do nothing`: {sql}"
            )));
        }
        Ok(self.exec(sql, args).await? > 0)
    }

    /// Inserts many rows: `insert into t (a, b) values {}`, with or without `on conflict …` after it, and no
    /// other placeholders. Cut into statements that both engines take. Returns how many rows changed. With
    /// `do update`, no two rows may have the same key (PostgreSQL refuses that): add them up first.
    ///
    /// # Errors
    /// As [`Tx::exec`].
    pub fn insert_all<const N: usize>(
        &mut self,
        sql: &str,
        rows: impl IntoIterator<Item = [Value; N]>,
    ) -> impl Future<Output = Result<u64>> + Send {
        // Collected here, so that the future holds no iterator and is Send whatever made the rows.
        let values: Vec<Value> = rows.into_iter().flatten().collect();
        self.insert_flat(sql, N, values)
    }

    async fn insert_flat(&mut self, sql: &str, width: usize, values: Vec<Value>) -> Result<u64> {
        self.usable()?;
        let (head, tail) = halves(sql, width)?;
        let result = match &mut self.engine {
            Engine::Postgres(conn) => conn.insert_columns(head, tail, width, values).await,
            Engine::Writer(seat) => in_place(|| placed(seat, head, tail, width, &values)),
            Engine::Reader(_) => Err(Error::broken("a reader cannot insert")),
        };
        self.note(result)
    }

    /// Inserts many rows, each unless it is there already: `insert into t (id, …) values {} on conflict (…) do nothing`,
    /// where the first column is an `id` that the caller minted. Returns the ids that are new now, in the order of the
    /// rows; of two rows in conflict with each other the first is.
    ///
    /// # Errors
    /// As [`Tx::exec`].
    pub fn insert_new<const N: usize>(
        &mut self,
        sql: &str,
        rows: impl IntoIterator<Item = [Value; N]>,
    ) -> impl Future<Output = Result<Vec<i64>>> + Send {
        let values: Vec<Value> = rows.into_iter().flatten().collect();
        self.insert_new_flat(sql, N, values)
    }

    async fn insert_new_flat(&mut self, sql: &str, width: usize, values: Vec<Value>) -> Result<Vec<i64>> {
        self.usable()?;
        let (head, tail) = halves(sql, width)?;
        let result = match &mut self.engine {
            Engine::Postgres(conn) => conn.insert_columns_new(head, tail, width, values).await,
            Engine::Writer(seat) => in_place(|| {
                let one = format!("{head}({}){tail}", vec!["?"; width].join(","));
                sqlite::insert_each(seat.connection(), &one, width, &values)
            }),
            Engine::Reader(_) => Err(Error::broken("a reader cannot insert")),
        };
        self.note(result)
    }

    /// Locks one row until the end of the transaction, for load → decide → save on a counter or a state that
    /// others change too. On SQLite the one writer is the lock.
    ///
    /// # Errors
    /// `NotFound` when there is no such row.
    pub async fn lock_row(&mut self, table: &'static str, id: i64) -> Result<()> {
        let lock = self.dialect().row_lock();
        self.one::<i64>(&format!("select id from {table} where id = $1{lock}"), &[id.into()])
            .await
            .map(drop)
    }

    /// Keeps one row from being changed until the end of the transaction; many may hold it at once. For a decision
    /// that rests on a row which seldom changes, where [`Tx::lock_row`] would make everybody wait for everybody.
    ///
    /// # Errors
    /// `NotFound` when there is no such row.
    pub async fn share_row(&mut self, table: &'static str, id: i64) -> Result<()> {
        let share = self.dialect().row_share();
        self.one::<i64>(&format!("select id from {table} where id = $1{share}"), &[id.into()])
            .await
            .map(drop)
    }

    /// Ends the transaction; returns only when its work is durable. A reader just ends.
    ///
    /// # Errors
    /// `Broken` when a statement failed before or the commit did; nothing was written then, except when the
    /// connection to PostgreSQL broke during the commit itself, which nobody can tell.
    pub async fn commit(mut self) -> Result<()> {
        self.usable()?;
        let wake = self.queued_work.then(|| Arc::clone(&self.wake));
        let atomic = self.atomic;
        self.failed = true;
        match self.engine {
            Engine::Reader(reader) => drop(reader),
            Engine::Writer(seat) => seat.commit().await?,
            Engine::Postgres(conn) if atomic => conn.commit().await?,
            Engine::Postgres(conn) => drop(conn),
        }
        if let Some(wake) = wake {
            wake.notify_one();
        }
        Ok(())
    }

    /// A new id, greater than every id this process minted before.
    #[must_use]
    pub fn mint<T>(&self) -> Id<T> {
        self.mint.next()
    }

    /// Tells the other modules what happened: a row of the outbox in this same transaction. Handlers run
    /// later, as jobs, each at least once; see [`crate::jobs`].
    ///
    /// # Errors
    /// As [`Tx::exec`].
    pub async fn tell<E: Event + Sync>(&mut self, event: &E, at: Time) -> Result<()> {
        let body = serde_json::to_string(event).map_err(Error::broken)?;
        crate::outbox::insert(self, E::KIND, body, at).await
    }

    /// Writes one row of the audit trail in this same transaction.
    ///
    /// # Errors
    /// As [`Tx::exec`].
    pub async fn audit(&mut self, entry: crate::Audit<'_>) -> Result<()> {
        crate::audit::insert(self, entry).await
    }

    /// The writing connection of SQLite, for what only the migrations and the bulk loader do.
    pub(crate) fn writer_connection(&self) -> Result<&rusqlite::Connection> {
        match &self.engine {
            Engine::Writer(seat) => Ok(seat.connection()),
            Engine::Reader(_) | Engine::Postgres(_) => Err(Error::broken("not the writer of SQLite")),
        }
    }

    /// Remembers that a worker has something to do once this is committed.
    pub(crate) fn queue_work(&mut self) {
        self.queued_work |= self.writes;
    }
}

/// How many rows one statement of `width` columns takes: under 32,766 placeholders (SQLite) and 65,535
/// (PostgreSQL), and few enough that a statement stays small.
fn rows_per_statement(width: usize) -> usize {
    (16_000 / width).clamp(1, 512)
}

/// Cuts `count` rows into full statements and powers of two, so that few statement texts exist.
fn cuts(count: usize, full: usize) -> Vec<usize> {
    let mut cuts = vec![full; count / full];
    let mut rest = count % full;
    while rest > 0 {
        let part = 1 << rest.ilog2();
        cuts.push(part);
        rest -= part;
    }
    cuts
}

/// What stands before and behind the rows.
fn halves(sql: &str, width: usize) -> Result<(&str, &str)> {
    let halves = sql.split_once("{}").filter(|_| width > 0);
    halves.ok_or_else(|| Error::broken(format!("an insert of rows needs `values {{}}` and columns: {sql}")))
}

fn placed(seat: &Seat, head: &str, tail: &str, width: usize, values: &[Value]) -> Result<u64> {
    let row = format!("({})", vec!["?"; width].join(","));
    let (mut total, mut rest) = (0, values);
    let mut last: (usize, String) = (0, String::new());
    for rows in cuts(values.len() / width, rows_per_statement(width)) {
        let (now, later) = rest.split_at(rows * width);
        if last.0 != rows {
            last = (rows, format!("{head}{}{tail}", vec![row.as_str(); rows].join(",")));
        }
        total += sqlite::exec_placed(seat.connection(), &last.1, now.iter())?;
        rest = later;
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_rows_is_cut_into_few_texts() {
        for count in 0..3000 {
            let cuts = cuts(count, 512);
            assert_eq!(cuts.iter().sum::<usize>(), count);
            assert!(cuts.iter().all(|cut| cut.is_power_of_two() && *cut <= 512));
        }
        assert!(rows_per_statement(9) * 9 < 32_766);
        assert_eq!(rows_per_statement(1), 512);
    }
}
