//! The raw side of the ratio: the driver alone, one connection, the same tables, indexes, rows and durability.
//!
//! SQLite is tried in both ways people write it, one statement of many rows and one prepared statement run row by row;
//! the faster one is what we compare with. PostgreSQL is asked with one statement of many rows, because row by row it
//! would wait for the network each time.

use std::collections::HashMap;

use anyhow::Result;
use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, Value as SqliteValue, ValueRef};
use rusqlite::{Connection, params_from_iter};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, NoTls, Statement};

use crate::ledger::{BALANCE_COLUMNS, BALANCE_WIDTH, Batch, Cell, ENTRY_COLUMNS, ENTRY_WIDTH};

impl rusqlite::ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Int(int) => ToSqlOutput::Owned(SqliteValue::Integer(*int)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Blob(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Self::Null => ToSqlOutput::Owned(SqliteValue::Null),
        })
    }
}

impl ToSql for Cell {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Int(int) => int.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Blob(bytes) => bytes.as_slice().to_sql(kind, out),
            Self::Null => Ok(IsNull::Yes),
        }
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::TEXT | Type::BYTEA)
    }

    to_sql_checked!();
}

/// How many rows a statement of the raw side holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One statement of all rows of the batch.
    ManyRows,
    /// One prepared statement, run for each row.
    RowByRow,
}

/// One connection.
pub enum Raw {
    Sqlite(Connection, Shape),
    /// With the statements it has prepared, as the platform keeps them too.
    Postgres(Client, HashMap<String, Statement>),
}

impl Raw {
    /// Opens the file as durably as the platform does.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn sqlite(path: &std::path::Path, shape: Shape) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
             pragma journal_size_limit = 67108864; pragma cache_size = -32768; pragma mmap_size = 0;",
        )?;
        Ok(Self::Sqlite(connection, shape))
    }

    /// Connects.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn postgres(url: &str) -> Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        // Ends by itself when the client is dropped.
        tokio::spawn(connection);
        client.batch_execute("set jit = off").await?;
        Ok(Self::Postgres(client, HashMap::new()))
    }

    /// Writes a batch in a transaction of its own; returns when it is durable.
    ///
    /// # Errors
    /// Of the database.
    pub async fn post(&mut self, batch: &Batch) -> Result<()> {
        match self {
            Self::Sqlite(connection, shape) => {
                let shape = *shape;
                tokio::task::block_in_place(|| post_sqlite(connection, shape, batch))
            }
            Self::Postgres(client, known) => post_postgres(client, known, batch).await,
        }
    }
}

fn entries_sql(rows: usize, mark: char) -> String {
    let rows = places(rows, ENTRY_WIDTH, mark);
    format!("insert into credits_entries ({ENTRY_COLUMNS}) values {rows}")
}

fn balances_sql(rows: usize, mark: char) -> String {
    let rows = places(rows, BALANCE_WIDTH, mark);
    format!(
        "insert into credits_balances ({BALANCE_COLUMNS}) values {rows} on conflict (person, year, subject) do update set
         hours = credits_balances.hours + excluded.hours, activities = credits_balances.activities + excluded.activities"
    )
}

/// `(?1, ?2), (?3, ?4)`.
fn places(rows: usize, width: usize, mark: char) -> String {
    let row = |row: usize| {
        let places: Vec<String> = (1..=width)
            .map(|place| format!("{mark}{}", row * width + place))
            .collect();
        format!("({})", places.join(","))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(",")
}

fn post_sqlite(connection: &mut Connection, shape: Shape, batch: &Batch) -> Result<()> {
    let transaction = connection.transaction()?;
    match shape {
        Shape::ManyRows => {
            transaction
                .prepare_cached(&entries_sql(batch.entries.len(), '?'))?
                .execute(params_from_iter(batch.entries.iter().flatten()))?;
            transaction
                .prepare_cached(&balances_sql(batch.balances.len(), '?'))?
                .execute(params_from_iter(batch.balances.iter().flatten()))?;
        }
        Shape::RowByRow => {
            let mut entry = transaction.prepare_cached(&entries_sql(1, '?'))?;
            for row in &batch.entries {
                entry.execute(params_from_iter(row))?;
            }
            let mut balance = transaction.prepare_cached(&balances_sql(1, '?'))?;
            for row in &batch.balances {
                balance.execute(params_from_iter(row))?;
            }
        }
    }
    transaction.commit()?;
    Ok(())
}

async fn post_postgres(client: &mut Client, known: &mut HashMap<String, Statement>, batch: &Batch) -> Result<()> {
    let (entries, balances) = (batch.entries.len(), batch.balances.len());
    let transaction = client.transaction().await?;
    for (sql, cells) in [
        (entries_sql(entries, '$'), flat(&batch.entries)),
        (balances_sql(balances, '$'), flat(&batch.balances)),
    ] {
        let statement = match known.get(&sql) {
            Some(statement) => statement.clone(),
            None => transaction.prepare(&sql).await?,
        };
        transaction.execute(&statement, &cells).await?;
        known.insert(sql, statement);
    }
    transaction.commit().await?;
    Ok(())
}

fn flat<const N: usize>(rows: &[[Cell; N]]) -> Vec<&(dyn ToSql + Sync)> {
    rows.iter()
        .flatten()
        .map(|cell| -> &(dyn ToSql + Sync) { cell })
        .collect()
}
