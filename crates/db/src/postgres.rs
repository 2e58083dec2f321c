//! The PostgreSQL engine: two pools, and connections that never come back to them with work open.
//!
//! - Writers run `begin` (read committed) … `commit`; readers connect with
//!   `default_transaction_read_only=on`, so that a listing cannot write by mistake.
//! - A connection that is dropped inside a transaction, or in the middle of a statement (the future was
//!   cancelled), is rolled back by a task of its own before the pool lends it again. If that fails, takes
//!   longer than a second, or there is no runtime left, it is detached and closed, after the server was asked
//!   to stop what runs; the server then rolls back.
//! - Statements are prepared once per connection.
//! - Deliberately absent: TLS. The database stands on the same host, on a trusted network, or behind a tunnel.

use std::{error::Error as StdError, str::FromStr, sync::Arc, time::Duration};

use bytes::{BufMut, BytesMut};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use futures_util::TryStreamExt;
use kernel::{Error, Result};
use postgres_types::{IsNull, Kind, ToSql, Type, to_sql_checked};
use tokio_postgres::{Config, NoTls, Statement};

use crate::{FromRow, Row, Value, failure, meter::Meter};

/// Statements kept per connection; dynamic listings make few texts, so this is never reached by honest use.
const CACHED: usize = 600;

/// The pools of one database.
pub(crate) struct Server {
    pub(crate) config: Config,
    writers: Pool,
    readers: Pool,
}

/// Options of every connection: abandoned transactions end by themselves, and short statements are not compiled.
const OPTIONS: &str = "-c timezone=UTC -c jit=off -c client_min_messages=warning";

impl Server {
    pub(crate) async fn open(url: &str) -> Result<Arc<Self>> {
        let refuse = |error: &dyn std::fmt::Display| {
            Error::refused(
                "db.open",
                format!("连不上 PostgreSQL，请检查 ZHIXIN_DATABASE_URL：{error}"),
            )
        };
        let mut config = Config::from_str(url).map_err(|error| refuse(&error))?;
        let given = config.get_options().unwrap_or_default().to_owned();
        config.options(format!(
            "{OPTIONS} -c idle_in_transaction_session_timeout=300000 {given}"
        ));
        config
            .application_name("zhixin")
            .connect_timeout(Duration::from_secs(10));
        let mut reading = config.clone();
        let options = config.get_options().unwrap_or_default().to_owned();
        reading.options(format!("{options} -c default_transaction_read_only=on"));
        let size = std::thread::available_parallelism().map_or(2, usize::from) * 4;
        let server = Self {
            writers: pool(config.clone(), size.clamp(8, 32))?,
            readers: pool(reading, size.clamp(8, 32))?,
            config,
        };
        let greeting = server.writers.get().await;
        drop(greeting.map_err(|error| {
            let source = std::error::Error::source(&error)
                .map(|s| format!("：{s}"))
                .unwrap_or_default();
            refuse(&format!("{error}{source}"))
        })?);
        Ok(Arc::new(server))
    }

    /// A connection of its own, outside the pools: it holds locks for as long as it lives.
    pub(crate) async fn dedicated(&self) -> Result<tokio_postgres::Client> {
        let (client, connection) = self
            .config
            .connect(NoTls)
            .await
            .map_err(|error| failure::postgres(&error, "connect"))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(%error, "a dedicated connection to PostgreSQL ended");
            }
        });
        Ok(client)
    }

    /// A writing connection inside a transaction.
    pub(crate) async fn write(&self) -> Result<Conn> {
        Conn::begin(&self.writers, Some("begin")).await
    }

    /// A connection that only reads, each statement by itself.
    pub(crate) async fn read(&self) -> Result<Conn> {
        Conn::begin(&self.readers, None).await
    }

    /// A connection that reads one state of the database across statements.
    pub(crate) async fn snapshot(&self) -> Result<Conn> {
        Conn::begin(&self.readers, Some("begin isolation level repeatable read read only")).await
    }
}

fn pool(config: Config, size: usize) -> Result<Pool> {
    let manager = Manager::from_config(
        config,
        NoTls,
        ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        },
    );
    let pool = Pool::builder(manager).max_size(size).runtime(Runtime::Tokio1);
    pool.wait_timeout(Some(Duration::from_secs(30)))
        .build()
        .map_err(Error::broken)
}

/// A pooled connection. Goes back to its pool only with nothing open and nothing under way.
pub(crate) struct Conn {
    client: Option<Object>,
    /// Inside a transaction, or in the middle of a statement: must be cleaned before it is lent again.
    dirty: bool,
    in_transaction: bool,
}

impl Conn {
    async fn begin(pool: &Pool, begin: Option<&str>) -> Result<Self> {
        let client = pool.get().await.map_err(|error| failure::pool(&error))?;
        let mut conn = Self {
            client: Some(client),
            dirty: false,
            in_transaction: false,
        };
        if let Some(sql) = begin {
            conn.dirty = true;
            conn.client()
                .batch_execute(sql)
                .await
                .map_err(|error| failure::postgres(&error, sql))?;
            conn.in_transaction = true;
        }
        Ok(conn)
    }

    fn client(&self) -> &Object {
        self.client
            .as_ref()
            .expect("a connection has its client until it is dropped")
    }

    async fn statement(&self, sql: &str) -> Result<Statement> {
        let client = self.client();
        if client.statement_cache.size() >= CACHED {
            client.statement_cache.clear();
        }
        client
            .prepare_cached(sql)
            .await
            .map_err(|error| failure::postgres(&error, sql))
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        let _meter = Meter::start("commit");
        self.client()
            .batch_execute("commit")
            .await
            .map_err(|error| failure::postgres(&error, "commit"))?;
        self.dirty = false;
        Ok(())
    }

    /// Runs a statement and hands every row, as it arrives, to `take` until that returns false.
    pub(crate) async fn rows<R: FromRow>(
        &mut self,
        sql: &str,
        args: &[Value],
        mut take: impl FnMut(R) -> Result<bool> + Send,
    ) -> Result<()> {
        let _meter = Meter::start(sql);
        self.dirty = true;
        let statement = self.statement(sql).await?;
        let failed = |error| failure::postgres(&error, sql);
        let stream = self.client().query_raw(&statement, args.iter()).await.map_err(failed)?;
        let mut stream = std::pin::pin!(stream);
        let mut row = Row::default();
        let mut early = None;
        while let Some(found) = stream.try_next().await.map_err(failed)? {
            row.fill_from_postgres(&found)?;
            match R::from_row(&row).and_then(&mut take) {
                Ok(true) => {}
                Ok(false) => early = Some(Ok(())),
                Err(error) => early = Some(Err(error)),
            }
            if early.is_some() {
                break;
            }
        }
        self.dirty = self.in_transaction || early.is_some();
        early.unwrap_or(Ok(()))
    }

    /// Runs a statement and counts the rows it changed.
    pub(crate) async fn exec(&mut self, sql: &str, args: &[Value]) -> Result<u64> {
        let _meter = Meter::start(sql);
        self.dirty = true;
        let statement = self.statement(sql).await?;
        let count = self.client().execute_raw(&statement, args.iter()).await;
        let count = count.map_err(|error| failure::postgres(&error, sql))?;
        self.dirty = self.in_transaction;
        Ok(count)
    }

    /// Inserts rows column by column: `head` is `insert into t (a, b) values `. Returns how many rows changed.
    pub(crate) async fn insert_columns(
        &mut self,
        head: &str,
        tail: &str,
        width: usize,
        values: Vec<Value>,
    ) -> Result<u64> {
        if values.is_empty() {
            return Ok(0);
        }
        let (sql, columns) = self.columns(head, tail, width, values).await?;
        let _meter = Meter::start(&sql);
        let statement = self.statement(&sql).await?;
        let count = self.client().execute_raw(&statement, columns.iter()).await;
        let count = count.map_err(|error| failure::postgres(&error, &sql))?;
        self.dirty = self.in_transaction;
        Ok(count)
    }

    /// As [`Conn::insert_columns`], and returns the ids that are new.
    pub(crate) async fn insert_columns_new(
        &mut self,
        head: &str,
        tail: &str,
        width: usize,
        values: Vec<Value>,
    ) -> Result<Vec<i64>> {
        if values.is_empty() {
            return Ok(Vec::new());
        }
        let tail = format!("{tail} returning id");
        let (sql, columns) = self.columns(head, &tail, width, values).await?;
        let _meter = Meter::start(&sql);
        let statement = self.statement(&sql).await?;
        let failed = |error| failure::postgres(&error, &sql);
        let stream = self
            .client()
            .query_raw(&statement, columns.iter())
            .await
            .map_err(failed)?;
        let mut stream = std::pin::pin!(stream);
        let mut new = Vec::new();
        while let Some(row) = stream.try_next().await.map_err(failed)? {
            new.push(row.try_get(0).map_err(failed)?);
        }
        self.dirty = self.in_transaction;
        Ok(new)
    }

    /// One statement for any number of rows, `insert into t (a, b) select * from unnest($1, $2)`: a statement of many
    /// rows would have thousands of parameters, each planned for itself. The one-row form tells the columns' types.
    async fn columns(
        &mut self,
        head: &str,
        tail: &str,
        width: usize,
        values: Vec<Value>,
    ) -> Result<(String, Vec<ColumnOf>)> {
        self.dirty = true;
        let places: Vec<String> = (1..=width).map(|place| format!("${place}")).collect();
        let one = self.statement(&format!("{head}({})", places.join(","))).await?;
        let Some(into) = head.trim_end().strip_suffix("values") else {
            return Err(Error::broken(format!("an insert of rows needs `values {{}}`: {head}")));
        };
        let arrays: Vec<String> = one
            .params()
            .iter()
            .zip(&places)
            .map(|(kind, place)| format!("{place}::{}[]", kind.name()))
            .collect();
        let sql = format!("{into}select * from unnest({}){tail}", arrays.join(","));
        let rows = values.len() / width;
        let mut columns: Vec<ColumnOf> = (0..width).map(|_| ColumnOf(Vec::with_capacity(rows))).collect();
        for (index, value) in values.into_iter().enumerate() {
            columns[index % width].0.push(value);
        }
        Ok((sql, columns))
    }

    /// The client itself, for what only PostgreSQL does (COPY, locks). The connection counts as under way until
    /// [`Conn::settled`].
    pub(crate) fn raw(&mut self) -> &Object {
        self.dirty = true;
        self.client()
    }

    pub(crate) fn settled(&mut self) {
        self.dirty = self.in_transaction;
    }
}

/// The values of one column as an array of PostgreSQL.
#[derive(Debug)]
struct ColumnOf(Vec<Value>);

impl ToSql for ColumnOf {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Box<dyn StdError + Sync + Send>> {
        let Kind::Array(member) = ty.kind() else {
            return Err(format!("{} is no array", ty.name()).into());
        };
        out.put_i32(1); // one dimension
        out.put_i32(i32::from(self.0.contains(&Value::Null)));
        out.put_u32(member.oid());
        out.put_i32(i32::try_from(self.0.len())?);
        out.put_i32(1); // counted from one
        for value in &self.0 {
            let at = out.len();
            out.put_i32(-1);
            if *value != Value::Null {
                value.to_sql_checked(member, out)?;
                let length = i32::try_from(out.len() - at - 4)?;
                out[at..at + 4].copy_from_slice(&length.to_be_bytes());
            }
        }
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(ty.kind(), Kind::Array(member) if <Value as ToSql>::accepts(member))
    }

    to_sql_checked!();
}

/// A client that is closed, not pooled, unless it is given back.
struct Closing(Option<Object>);

impl Closing {
    fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            drop(Object::take(client));
        }
    }
}

impl Drop for Conn {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        if !self.dirty {
            return drop(client);
        }
        let closing = Closing(Some(client));
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return drop(closing);
        };
        runtime.spawn(async move {
            let Some(client) = closing.0.as_ref() else { return };
            let rollback = client.batch_execute("rollback");
            match tokio::time::timeout(Duration::from_secs(1), rollback).await {
                Ok(Ok(())) => closing.give_back(),
                Ok(Err(_)) => drop(closing),
                Err(_) => {
                    // A long statement is still running; ask the server to stop it, and hang up: the request
                    // could arrive late and stop a statement of the connection's next holder.
                    let cancel = client.cancel_token();
                    drop(closing);
                    let _ = cancel.cancel_query(NoTls).await;
                }
            }
        });
    }
}
