//! The only crate that has heard of SQLite or PostgreSQL.
//!
//! # Recipe for a `store.rs`
//!
//! A use-case folder that owns tables has one private `store.rs`, and no other file writes SQL:
//!
//! ```
//! use db::{FromRow, Listed, Page, Query, Row, Tx, args, code};
//! use kernel::{Hours, Result, Scope, Time, id::ClassId};
//! # kernel::codes! { pub enum State { Open = "open" "开放" } }
//!
//! /// A class as the listing shows it. Plain struct, one `FromRow`, columns in the order of the select.
//! pub struct Line { pub id: ClassId, pub title: String, pub hours: Hours, pub starts_at: Time }
//!
//! impl FromRow for Line {
//!     fn from_row(row: &Row) -> Result<Self> {
//!         Ok(Self { id: row.get(0)?, title: row.get(1)?, hours: row.get(2)?, starts_at: row.get(3)? })
//!     }
//! }
//!
//! /// A listing takes the scope as its first argument, conditions by what was asked, and a page.
//! pub async fn list(scope: &Scope, tx: &mut Tx, year: Option<i32>, words: &str, page: &Page) -> Result<Listed<Line>> {
//!     Query::new("select k.id, k.title, k.hours, k.starts_at from classes k where 1 = 1")
//!         .scope(scope, "k")
//!         .and_opt("k.year = {}", year)
//!         .and_matches("classes", "k", words)
//!         .page(page)
//!         .list(tx)
//!         .await
//! }
//!
//! /// A change names the version it was decided on; somebody else's change in between is `Stale`.
//! pub async fn save_state(tx: &mut Tx, id: ClassId, state: State, version: i64) -> Result<()> {
//!     let sql = "update classes set state = $2, version = version + 1 where id = $1 and version = $3";
//!     tx.exec_one(sql, args![id, code(state), version]).await
//! }
//! ```
//!
//! A use case: `let mut tx = ctx.db.write().await?;` → load → may → decide → save → `tx.tell(&event, now)` →
//! `tx.audit(…)` → `tx.commit().await?`. Everything that returns before `commit` leaves no trace. A page reads
//! with `db.read()`, an export of many rows with `db.snapshot()` and `each`, an import or report writes with
//! `db.batch()` and `insert_all` in pieces of a few thousand rows.
//!
//! What to know:
//! - **One SQL text for both engines**: placeholders `$1 … $n`, all used; `on conflict`, `returning`, CTEs, window
//!   functions; `cast(sum(x) as bigint)`, because PostgreSQL sums to numeric; `cast($1 as bigint)` where
//!   PostgreSQL would take a parameter for an integer (`coalesce($1, 0)`, `x = 1 + $1`); no `now()`, no floats.
//! - Columns are `bigint`, `text`, `blob`/`bytea`. Booleans are 0/1, dates ISO text, times microseconds.
//! - **Never await anything slow, and never a second `Tx`, while holding a writing one**; `group.rs` says why.
//! - A failed statement ends its transaction. Where a duplicate may happen, use [`Tx::exec_new`].
//! - A counter that others change too: a conditional update (`… where taken < capacity`), or [`Tx::lock_row`] first.
//! - Tests and programs need a multi-threaded runtime: `#[tokio::test(flavor = "multi_thread")]`.
//! - A migration is a pair of files with the next number; rules in `migrations.rs`, classes in `schema.rs`,
//!   search tables in `search.rs`.
//!
//! Deliberately absent: nouns of the domain, an object mapper, migrations backwards.

mod audit;
pub mod bulk;
mod dialect;
mod failure;
mod group;
pub mod jobs;
mod memory;
mod meter;
mod migrations;
mod mint;
pub mod outbox;
mod postgres;
mod query;
mod row;
pub mod schema;
mod scope;
pub mod search;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod value;

use std::{path::Path, sync::Arc, time::Duration};

use kernel::{Error, Id, Result};
use tokio::sync::Notify;

pub use audit::Audit;
pub use failure::{DUPLICATE, is_duplicate};
pub use jobs::{Job, JobCtx, Worker};
pub use query::{Listed, Page, Query};
pub use row::{Coded, Column, FromRow, FromValue, Row};
pub use tx::{Event, Tx};
pub use value::{Value, code};

use dialect::Dialect;
use group::Group;
use memory::Memory;
use mint::Mint;
use postgres::Server;
use sqlite::Readers;
use tx::{Engine, Mode};

/// A database: cheap to clone, one per process and installation.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    engine: Home,
    mint: Arc<Mint>,
    wake: Arc<Notify>,
    memory: Arc<Memory>,
    _node: Option<NodeKeeper>,
}

enum Home {
    Sqlite { group: Arc<Group>, readers: Arc<Readers> },
    Postgres(Arc<Server>),
}

impl Db {
    /// Opens `sqlite:PATH` (created if absent, with its folder) or `postgres://…`. Does not migrate.
    ///
    /// # Errors
    /// `Refused` with the sentence that says what to write or check.
    pub async fn open(url: &str) -> Result<Self> {
        let wake = Arc::default();
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = Path::new(path.strip_prefix("//").unwrap_or(path));
            let engine = open_sqlite(path)?;
            let mint = Arc::new(Mint::new(Mint::random_node()));
            return Ok(Self(Arc::new(Inner {
                engine,
                mint,
                wake,
                memory: Arc::default(),
                _node: None,
            })));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let server = Server::open(url).await?;
            let mint = Arc::new(Mint::new(Mint::random_node()));
            let keeper = keep_node(Arc::clone(&server), Arc::clone(&mint)).await?;
            return Ok(Self(Arc::new(Inner {
                engine: Home::Postgres(server),
                mint,
                wake,
                memory: Arc::default(),
                _node: Some(keeper),
            })));
        }
        Err(Error::refused(
            "db.url",
            "数据库地址应写成 sqlite:文件路径 或 postgres://用户:口令@主机/库名。",
        ))
    }

    /// Whether PostgreSQL is behind it; for `doctor` and tests, never for a use case.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.server().is_some()
    }

    /// Applies the embedded migrations that are missing, under a lock; returns how many. Restores the indexes
    /// of a bulk load that was interrupted.
    ///
    /// # Errors
    /// `Refused` when the database is newer than this program, or a migration was edited after it was applied.
    pub async fn migrate(&self) -> Result<u32> {
        let count = migrations::migrate(self).await?;
        bulk::restore_indexes(self).await?;
        Ok(count)
    }

    /// How many migrations [`Db::migrate`] would apply; for `doctor`.
    ///
    /// # Errors
    /// As [`Db::migrate`].
    pub async fn missing_migrations(&self) -> Result<usize> {
        migrations::missing(self).await
    }

    /// What the engine itself finds wrong with its file; empty when nothing is. Reads the whole file on SQLite; PostgreSQL
    /// has tools of its own for that and is only asked whether it answers.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn faults(&self) -> Result<Vec<String>> {
        let mut tx = self.read().await?;
        if self.is_postgres() {
            tx.one::<i64>("select cast(1 as bigint)", &[]).await?;
            return Ok(Vec::new());
        }
        let found: Vec<String> = tx.all("pragma quick_check(20)", &[]).await?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }

    /// A reader: each statement sees the latest committed state.
    ///
    /// # Errors
    /// When no connection comes.
    pub async fn read(&self) -> Result<Tx> {
        let engine = match &self.0.engine {
            Home::Sqlite { readers, .. } => Engine::Reader(readers.take().await?),
            Home::Postgres(server) => Engine::Postgres(server.read().await?),
        };
        Ok(self.tx(engine, Mode::Read))
    }

    /// A reader whose statements all see one state: for exports and statements of several queries.
    ///
    /// # Errors
    /// When no connection comes.
    pub async fn snapshot(&self) -> Result<Tx> {
        let engine = match &self.0.engine {
            Home::Sqlite { readers, .. } => {
                let reader = readers.take().await?;
                sqlite::command(reader.connection(), "begin")?;
                Engine::Reader(reader)
            }
            Home::Postgres(server) => Engine::Postgres(server.snapshot().await?),
        };
        Ok(self.tx(engine, Mode::Snapshot))
    }

    /// One use case: short, shares its durable commit with others on SQLite.
    ///
    /// # Errors
    /// When the writer, or a connection, does not come.
    pub async fn write(&self) -> Result<Tx> {
        let engine = match &self.0.engine {
            Home::Sqlite { group, .. } => Engine::Writer(group.write().await?),
            Home::Postgres(server) => Engine::Postgres(server.write().await?),
        };
        Ok(self.tx(engine, Mode::Write))
    }

    /// A transaction of its own for bulk work. On SQLite everybody else waits: keep it under a second.
    ///
    /// # Errors
    /// When the writer, or a connection, does not come.
    pub async fn batch(&self) -> Result<Tx> {
        let engine = match &self.0.engine {
            Home::Sqlite { group, .. } => Engine::Writer(group.batch().await?),
            Home::Postgres(server) => Engine::Postgres(server.write().await?),
        };
        Ok(self.tx(engine, Mode::Write))
    }

    /// A new id, greater than every id this process minted before.
    #[must_use]
    pub fn mint<T>(&self) -> Id<T> {
        self.0.mint.next()
    }

    /// Waits until a transaction of this process committed work for a worker.
    pub(crate) async fn woken(&self) {
        self.0.wake.notified().await;
    }

    pub(crate) fn server(&self) -> Option<&Arc<Server>> {
        match &self.0.engine {
            Home::Sqlite { .. } => None,
            Home::Postgres(server) => Some(server),
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        if self.is_postgres() {
            Dialect::Postgres
        } else {
            Dialect::Sqlite
        }
    }

    fn tx(&self, engine: Engine, mode: Mode) -> Tx {
        let inner = &self.0;
        let (mint, wake, memory) = (&inner.mint, &inner.wake, &inner.memory);
        Tx::new(engine, (Arc::clone(mint), Arc::clone(wake), Arc::clone(memory)), mode)
    }
}

fn open_sqlite(path: &Path) -> Result<Home> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::refused("db.open", format!("建不了文件夹 {}：{error}", folder.display())))?;
    }
    let writer = sqlite::in_place(|| sqlite::open_writer(path))?;
    let places = std::thread::available_parallelism().map_or(2, usize::from) + 2;
    Ok(Home::Sqlite {
        group: Group::new(writer),
        readers: Readers::new(path.to_owned(), places),
    })
}

/// The namespace of the advisory locks that keep the nodes of processes apart.
const NODE_LOCKS: i32 = 0x7a78;

/// Holds a node number for as long as it lives.
struct NodeKeeper(tokio::task::AbortHandle);

impl Drop for NodeKeeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Takes a node number that no other process of this database has, and another one if its connection breaks.
async fn keep_node(server: Arc<Server>, mint: Arc<Mint>) -> Result<NodeKeeper> {
    let mut holder = take_node(&server, &mint).await?;
    let task = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            if holder.is_closed() {
                match take_node(&server, &mint).await {
                    Ok(client) => holder = client,
                    Err(error) => tracing::warn!(%error, "no node number; ids are minted under the old one"),
                }
            }
        }
    });
    Ok(NodeKeeper(task.abort_handle()))
}

async fn take_node(server: &Server, mint: &Mint) -> Result<tokio_postgres::Client> {
    let client = server.dedicated().await?;
    let start = Mint::random_node();
    for node in (start..mint::NODES).chain(0..start) {
        let number = i32::try_from(node).map_err(Error::broken)?;
        let sql = "select pg_try_advisory_lock($1, $2)";
        let row = client.query_one(sql, &[&NODE_LOCKS, &number]).await;
        if row.map_err(|error| failure::postgres(&error, sql))?.get::<_, bool>(0) {
            mint.set_node(node);
            return Ok(client);
        }
    }
    Err(Error::broken("all 1024 node numbers are taken"))
}
