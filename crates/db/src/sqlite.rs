//! The SQLite engine: how a connection is set up, how statements run on it, and the pool of readers.
//!
//! Statements run in place, on the thread of the task (`block_in_place`): most take microseconds, and a
//! hop to another thread would cost more than they do. On a current-thread runtime, where tokio cannot
//! hand the other tasks over, they simply run.
//!
//! Placeholders are bound by their **number**, which SQLite itself reads out of the statement: it gives
//! raw `$2 … $1` places in the order of appearance, so binding by place would swap values silently. A
//! statement whose placeholders are not exactly `$1 … $n` for `n` arguments is refused, as PostgreSQL does.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kernel::{Error, Result};
use rusqlite::{CachedStatement, Connection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{FromRow, Row, Value, failure, meter::Meter};

/// Runs SQLite on this thread, telling tokio to move its other tasks away if it can.
pub(crate) fn in_place<T>(work: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

/// Opens the connection that writes. Durable before it answers: WAL with `synchronous=FULL`.
pub(crate) fn open_writer(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)
        .map_err(|error| Error::refused("db.open", format!("打不开数据库文件 {}：{error}", path.display())))?;
    let set = "pragma busy_timeout = 10000;
        pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
        pragma journal_size_limit = 67108864; pragma cache_size = -32768; pragma mmap_size = 0;";
    connection
        .execute_batch(set)
        .map_err(|error| failure::sqlite(&error, "pragma"))?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

fn open_reader(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path).map_err(|error| failure::sqlite(&error, "open"))?;
    let set = "pragma busy_timeout = 10000; pragma query_only = on; pragma cache_size = -4096; pragma mmap_size = 0;";
    connection
        .execute_batch(set)
        .map_err(|error| failure::sqlite(&error, "pragma"))?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// The pool of connections that only read; they are opened when first needed.
pub(crate) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn new(path: PathBuf, places: usize) -> Arc<Self> {
        Arc::new(Self {
            path,
            idle: Mutex::default(),
            places: Arc::new(Semaphore::new(places)),
        })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A reader of one's own until it is dropped.
    pub(crate) async fn take(self: &Arc<Self>) -> Result<Reader> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(Error::broken)?;
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => in_place(|| open_reader(&self.path))?,
        };
        Ok(Reader {
            connection: Some(connection),
            pool: Arc::clone(self),
            _place: place,
        })
    }
}

/// A connection that only reads; goes back to its pool when dropped.
pub(crate) struct Reader {
    connection: Option<Connection>,
    pool: Arc<Readers>,
    _place: OwnedSemaphorePermit,
}

impl Reader {
    pub(crate) fn connection(&self) -> &Connection {
        self.connection
            .as_ref()
            .expect("a reader has its connection until it is dropped")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        // The end of a snapshot. A connection that cannot end it is closed instead of lent again.
        if connection.is_autocommit() || connection.execute_batch("rollback").is_ok() {
            self.pool.idle().push(connection);
        }
    }
}

/// Runs a statement without arguments and without a result: `begin`, `savepoint`, `commit`.
pub(crate) fn command(connection: &Connection, sql: &str) -> Result<()> {
    let run = || connection.prepare_cached(sql)?.raw_execute();
    run().map(drop).map_err(|error| failure::sqlite(&error, sql))
}

fn prepared<'c>(connection: &'c Connection, sql: &str, args: &[Value]) -> Result<CachedStatement<'c>> {
    let mut statement = connection
        .prepare_cached(sql)
        .map_err(|error| failure::sqlite(&error, sql))?;
    bind(&mut statement, sql, args)?;
    Ok(statement)
}

fn bind(statement: &mut CachedStatement<'_>, sql: &str, args: &[Value]) -> Result<()> {
    let count = statement.parameter_count();
    if count != args.len() {
        let message = format!("{} arguments for {count} placeholders", args.len());
        return Err(Error::broken(format!("{message} in: {sql}")));
    }
    for index in 1..=count {
        let name = statement.parameter_name(index).unwrap_or("?");
        let number = name.strip_prefix('$').and_then(|digits| digits.parse::<usize>().ok());
        let Some(value) = number.and_then(|n| args.get(n.wrapping_sub(1))) else {
            return Err(Error::broken(format!("placeholder {name} has no argument in: {sql}")));
        };
        statement
            .raw_bind_parameter(index, value)
            .map_err(|error| failure::sqlite(&error, sql))?;
    }
    Ok(())
}

/// Runs a statement and hands every row to `take` until that returns false.
pub(crate) fn rows<R: FromRow>(
    connection: &Connection,
    sql: &str,
    args: &[Value],
    mut take: impl FnMut(R) -> Result<bool>,
) -> Result<()> {
    let _meter = Meter::start(sql);
    let mut statement = prepared(connection, sql, args)?;
    let width = statement.column_count();
    let mut rows = statement.raw_query();
    let mut row = Row::default();
    while let Some(found) = rows.next().map_err(|error| failure::sqlite(&error, sql))? {
        row.fill_from_sqlite(found, width)?;
        if !take(R::from_row(&row)?)? {
            break;
        }
    }
    Ok(())
}

/// Runs a statement and counts the rows it changed. A `returning` clause is run through.
pub(crate) fn exec(connection: &Connection, sql: &str, args: &[Value]) -> Result<u64> {
    let _meter = Meter::start(sql);
    let mut statement = prepared(connection, sql, args)?;
    changed(connection, &mut statement).map_err(|error| failure::sqlite(&error, sql))
}

fn changed(connection: &Connection, statement: &mut CachedStatement<'_>) -> rusqlite::Result<u64> {
    if statement.readonly() {
        let mut rows = statement.raw_query();
        while rows.next()?.is_some() {}
        return Ok(0);
    }
    if statement.column_count() == 0 {
        return statement
            .raw_execute()
            .map(|count| u64::try_from(count).unwrap_or(u64::MAX));
    }
    let mut rows = statement.raw_query();
    while rows.next()?.is_some() {}
    drop(rows);
    Ok(connection.changes())
}

/// Runs one statement of many rows, whose placeholders are plain `?` in the order of `values`.
pub(crate) fn exec_placed<'v>(
    connection: &Connection,
    sql: &str,
    values: impl Iterator<Item = &'v Value>,
) -> Result<u64> {
    let _meter = Meter::start(sql);
    let run = || {
        let mut statement = connection.prepare_cached(sql)?;
        for (index, value) in values.enumerate() {
            statement.raw_bind_parameter(index + 1, value)?;
        }
        statement.raw_execute()
    };
    run()
        .map(|count| u64::try_from(count).unwrap_or(u64::MAX))
        .map_err(|error| failure::sqlite(&error, sql))
}

/// Runs `insert … on conflict … do nothing` for each row of `width` values, whose first is its id; returns the ids of the
/// rows that were new. One short statement run often: a long one would have thousands of names to look up.
pub(crate) fn insert_each(connection: &Connection, sql: &str, width: usize, values: &[Value]) -> Result<Vec<i64>> {
    let _meter = Meter::start(sql);
    let run = || {
        let mut statement = connection.prepare_cached(sql)?;
        let mut new = Vec::with_capacity(values.len() / width);
        for row in values.chunks_exact(width) {
            for (index, value) in row.iter().enumerate() {
                statement.raw_bind_parameter(index + 1, value)?;
            }
            if let (1.., Value::Int(id)) = (statement.raw_execute()?, &row[0]) {
                new.push(*id);
            }
        }
        Ok(new)
    };
    run().map_err(|error| failure::sqlite(&error, sql))
}
