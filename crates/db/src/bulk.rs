//! Loads millions of rows: the demonstration city, a migration from another system.
//!
//! ```text
//! drop_indexes(tables) ─► Loader::open(table, columns) ─► row … row ─► finish ─► restore_indexes
//! ```
//! Rows are collected and written in pieces, each in a transaction of its own (SQLite: one prepared insert,
//! PostgreSQL: binary COPY), so memory is constant and several loaders may be open at once; a loader whose rows
//! are referred to by another's is flushed first. Give rows in the order of their ids.
//!
//! Dropped indexes are remembered in the database, so that an interrupted load is repaired by
//! [`crate::Db::migrate`]. Deliberately absent: conflict handling, audit and outbox rows. This is for loading
//! into an empty installation; imports by users go through use cases.

use std::pin::pin;

use bytes::{BufMut, Bytes, BytesMut};
use futures_util::SinkExt;
use kernel::{Error, Result};
use postgres_types::{ToSql, Type};
use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::{Db, Tx, Value, args, dialect::Dialect, failure, meter::Meter, sqlite::in_place, tx::Engine};

/// A piece is written at this many rows …
const ROWS: usize = 20_000;
/// … or at this many bytes of text.
const BYTES: usize = 8 << 20;

/// Fills one table.
pub struct Loader {
    db: Db,
    insert: String,
    width: usize,
    buffer: Buffer,
    rows: usize,
    total: u64,
}

/// Rows that wait to be written, without an allocation per value.
enum Buffer {
    Sqlite {
        cells: Vec<Cell>,
        bytes: Vec<u8>,
    },
    /// In the binary form of COPY, with the types of the columns.
    Postgres {
        types: Vec<Type>,
        bytes: BytesMut,
    },
}

enum Cell {
    Null,
    Int(i64),
    Text(usize, usize),
    Blob(usize, usize),
}

impl Loader {
    /// Opens a loader for these columns of a table.
    ///
    /// # Errors
    /// When the table or a column does not exist.
    pub async fn open(db: &Db, table: &str, columns: &[&str]) -> Result<Self> {
        let names = columns.join(", ");
        let (insert, buffer) = match db.server() {
            None => {
                let places = vec!["?"; columns.len()].join(", ");
                let insert = format!("insert into {table} ({names}) values ({places})");
                (
                    insert,
                    Buffer::Sqlite {
                        cells: Vec::new(),
                        bytes: Vec::new(),
                    },
                )
            }
            Some(server) => {
                let client = server.dedicated().await?;
                let sql = format!("select {names} from {table}");
                let statement = client
                    .prepare(&sql)
                    .await
                    .map_err(|error| failure::postgres(&error, &sql))?;
                let types = statement
                    .columns()
                    .iter()
                    .map(|column| column.type_().clone())
                    .collect();
                let insert = format!("copy {table} ({names}) from stdin with (format binary)");
                (
                    insert,
                    Buffer::Postgres {
                        types,
                        bytes: BytesMut::new(),
                    },
                )
            }
        };
        Ok(Self {
            db: db.clone(),
            insert,
            width: columns.len(),
            buffer,
            rows: 0,
            total: 0,
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When it does not fit the columns, or a piece that became full could not be written.
    pub async fn row(&mut self, values: &[Value]) -> Result<()> {
        if values.len() != self.width {
            return Err(Error::broken(format!(
                "{} values for {} columns: {}",
                values.len(),
                self.width,
                self.insert
            )));
        }
        self.buffer.push(values)?;
        self.rows += 1;
        if self.rows >= ROWS || self.buffer.size() >= BYTES {
            self.flush().await?;
        }
        Ok(())
    }

    /// Writes what was collected.
    ///
    /// # Errors
    /// Of the database; rows of earlier pieces stay.
    pub async fn flush(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let _meter = Meter::start("copy");
        let mut tx = self.db.batch().await?;
        match &mut self.buffer {
            Buffer::Sqlite { cells, bytes } => {
                in_place(|| insert_piece(&tx, &self.insert, self.width, cells, bytes))?;
                cells.clear();
                bytes.clear();
            }
            Buffer::Postgres { bytes, .. } => copy_piece(&mut tx, &self.insert, bytes.split().freeze()).await?,
        }
        tx.commit().await?;
        self.total += u64::try_from(self.rows).unwrap_or(0);
        self.rows = 0;
        Ok(())
    }

    /// Writes the rest; returns how many rows were loaded in all.
    ///
    /// # Errors
    /// Of the database.
    pub async fn finish(mut self) -> Result<u64> {
        self.flush().await?;
        Ok(self.total)
    }
}

impl Buffer {
    fn size(&self) -> usize {
        match self {
            Self::Sqlite { bytes, .. } => bytes.len(),
            Self::Postgres { bytes, .. } => bytes.len(),
        }
    }

    fn push(&mut self, values: &[Value]) -> Result<()> {
        match self {
            Self::Sqlite { cells, bytes } => {
                let mut put = |value: &[u8]| {
                    let from = bytes.len();
                    bytes.extend_from_slice(value);
                    (from, bytes.len())
                };
                cells.extend(values.iter().map(|value| match value {
                    Value::Null => Cell::Null,
                    Value::Int(value) => Cell::Int(*value),
                    Value::Text(value) => {
                        let (from, to) = put(value.as_bytes());
                        Cell::Text(from, to)
                    }
                    Value::Blob(value) => {
                        let (from, to) = put(value);
                        Cell::Blob(from, to)
                    }
                }));
                Ok(())
            }
            Self::Postgres { types, bytes } => push_binary(types, bytes, values),
        }
    }
}

/// One row in the binary form of COPY: the number of fields, then each with its length, -1 for null.
fn push_binary(types: &[Type], out: &mut BytesMut, values: &[Value]) -> Result<()> {
    if out.is_empty() {
        out.put_slice(b"PGCOPY\n\xff\r\n\0");
        out.put_i32(0);
        out.put_i32(0);
    }
    out.put_i16(i16::try_from(values.len()).map_err(Error::broken)?);
    for (value, ty) in values.iter().zip(types) {
        let at = out.len();
        out.put_i32(-1);
        if *value != Value::Null {
            value.to_sql_checked(ty, out).map_err(Error::broken)?;
            let length = i32::try_from(out.len() - at - 4).map_err(Error::broken)?;
            out[at..at + 4].copy_from_slice(&length.to_be_bytes());
        }
    }
    Ok(())
}

fn insert_piece(tx: &Tx, sql: &str, width: usize, cells: &[Cell], bytes: &[u8]) -> Result<()> {
    let run = || {
        let mut statement = tx
            .writer_connection()
            .map_err(|_| rusqlite::Error::InvalidQuery)?
            .prepare_cached(sql)?;
        for row in cells.chunks_exact(width) {
            for (index, cell) in row.iter().enumerate() {
                let value = match cell {
                    Cell::Null => ValueRef::Null,
                    Cell::Int(value) => ValueRef::Integer(*value),
                    Cell::Text(from, to) => ValueRef::Text(&bytes[*from..*to]),
                    Cell::Blob(from, to) => ValueRef::Blob(&bytes[*from..*to]),
                };
                statement.raw_bind_parameter(index + 1, ToSqlOutput::Borrowed(value))?;
            }
            statement.raw_execute()?;
        }
        Ok(())
    };
    run().map_err(|error: rusqlite::Error| failure::sqlite(&error, sql))
}

async fn copy_piece(tx: &mut Tx, sql: &str, piece: Bytes) -> Result<()> {
    let Engine::Postgres(conn) = &mut tx.engine else {
        return Err(Error::broken("not PostgreSQL"));
    };
    let failed = |error| failure::postgres(&error, sql);
    let sink = conn.raw().copy_in::<_, Bytes>(sql).await.map_err(failed)?;
    let mut sink = pin!(sink);
    sink.send(piece).await.map_err(failed)?;
    sink.send(Bytes::from_static(&[0xff, 0xff])).await.map_err(failed)?;
    sink.finish().await.map_err(failed)?;
    conn.settled();
    Ok(())
}

const MEMORY: &str = "bulk.indexes";

/// The statements that make the indexes of a table, except those that a constraint needs.
fn index_statements(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => {
            "select name, sql from sqlite_master where type = 'index' and sql is not null and tbl_name = $1"
        }
        Dialect::Postgres => {
            "select c.relname, pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid
             where i.indrelid = to_regclass($1) and not exists
                (select 1 from pg_constraint k where k.conindid = i.indexrelid)"
        }
    }
}

/// Drops the indexes of these tables and remembers them, until [`restore_indexes`]. Primary keys stay.
///
/// # Errors
/// Of the database.
pub async fn drop_indexes(db: &Db, tables: &[&str]) -> Result<u32> {
    let mut tx = db.batch().await?;
    let mut remembered = remembered(&mut tx).await?;
    let mut count = 0;
    for table in tables {
        let indexes: Vec<(String, String)> = tx.all(index_statements(db.dialect()), args![*table]).await?;
        for (name, sql) in indexes {
            tx.exec(&format!("drop index {name}"), &[]).await?;
            remembered.push(sql);
            count += 1;
        }
    }
    remember(&mut tx, &remembered).await?;
    tx.commit().await?;
    Ok(count)
}

/// Makes the dropped indexes again, one transaction each, and gathers the planner's statistics.
///
/// # Errors
/// Of the database; what is missing is still remembered then.
pub async fn restore_indexes(db: &Db) -> Result<u32> {
    restore_indexes_telling(db, |_, _| ()).await
}

/// As [`restore_indexes`], and tells before each index how many are made, of how many.
///
/// # Errors
/// Of the database; what is missing is still remembered then.
pub async fn restore_indexes_telling(db: &Db, mut tell: impl FnMut(u32, u32) + Send) -> Result<u32> {
    let mut left = remembered(&mut db.read().await?).await?;
    let total = u32::try_from(left.len()).unwrap_or(u32::MAX);
    let mut made = 0;
    while let Some(sql) = left.pop() {
        tell(made, total);
        let mut tx = db.batch().await?;
        roomy(&tx, true)?;
        let result = tx.exec(&sql, &[]).await;
        roomy(&tx, false)?;
        result?;
        remember(&mut tx, &left).await?;
        tx.commit().await?;
        made += 1;
    }
    if total > 0 {
        analyze(db).await?;
    }
    Ok(made)
}

/// Gathers the planner's statistics, from samples. PostgreSQL also notes which pages everybody sees, once and now, instead
/// of while somebody works.
///
/// # Errors
/// Of the database.
pub async fn analyze(db: &Db) -> Result<()> {
    if let Some(server) = db.server() {
        let sql = "vacuum (analyze)";
        let client = server.dedicated().await?;
        return client
            .batch_execute(sql)
            .await
            .map_err(|error| failure::postgres(&error, sql));
    }
    let mut tx = db.batch().await?;
    if let Ok(connection) = tx.writer_connection() {
        in_place(|| connection.execute_batch("pragma analysis_limit = 1000"))
            .map_err(|error| failure::sqlite(&error, "pragma"))?;
    }
    tx.exec("analyze", &[]).await?;
    tx.commit().await
}

/// Lets SQLite sort in more memory while it makes an index.
fn roomy(tx: &Tx, roomy: bool) -> Result<()> {
    let Ok(connection) = tx.writer_connection() else {
        return Ok(());
    };
    let sql = if roomy {
        "pragma cache_size = -65536; pragma threads = 2"
    } else {
        "pragma cache_size = -32768; pragma threads = 0"
    };
    in_place(|| connection.execute_batch(sql)).map_err(|error| failure::sqlite(&error, sql))
}

async fn remembered(tx: &mut Tx) -> Result<Vec<String>> {
    let text: Option<String> = tx.first("select value from meta where key = $1", args![MEMORY]).await?;
    text.map_or(Ok(Vec::new()), |text| {
        serde_json::from_str(&text).map_err(Error::broken)
    })
}

async fn remember(tx: &mut Tx, statements: &[String]) -> Result<()> {
    tx.exec("delete from meta where key = $1", args![MEMORY]).await?;
    if !statements.is_empty() {
        let text = serde_json::to_string(statements).map_err(Error::broken)?;
        tx.exec("insert into meta (key, value) values ($1, $2)", args![MEMORY, text])
            .await?;
    }
    Ok(())
}
