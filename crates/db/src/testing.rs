//! Fresh, migrated databases for tests, in some tens of milliseconds each.
//!
//! ```ignore
//! for engine in db::testing::engines() {
//!     let db = db::testing::fresh(engine).await;
//! }
//! ```
//! SQLite: a copy of a migrated file that is kept in the system's temporary folder. PostgreSQL (the server in
//! `ZHIXIN_TEST_PG`, see `scripts/pg-temp.sh`): `create database … template …`, dropped with the value. Templates
//! are named after the digest of all migrations, so an edited migration makes new ones.
//! Failures panic: this is for tests only.

use std::{ops::Deref, path::PathBuf, time::Duration};

use tokio_postgres::{Client, NoTls};

use crate::{Db, migrations};

/// Which engine a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file of its own.
    Sqlite,
    /// A database of its own on the server in `ZHIXIN_TEST_PG`.
    Postgres,
}

#[allow(
    clippy::disallowed_methods,
    reason = "tests are told by a variable where their server is"
)]
fn server() -> Option<String> {
    std::env::var("ZHIXIN_TEST_PG").ok().filter(|url| !url.is_empty())
}

/// The engines that tests can run on here: both, or SQLite with a printed line that says why.
#[must_use]
pub fn engines() -> Vec<Engine> {
    if server().is_some() {
        return vec![Engine::Sqlite, Engine::Postgres];
    }
    println!("PostgreSQL is skipped: ZHIXIN_TEST_PG is not set (scripts/pg-temp.sh run -- …)");
    vec![Engine::Sqlite]
}

/// A database that vanishes with this value.
pub struct TestDb {
    db: Option<Db>,
    url: String,
    place: Place,
}

enum Place {
    Folder { _folder: tempfile::TempDir },
    Server { admin: String, name: String },
}

impl TestDb {
    /// Where it is, for programs that open it themselves.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A second process's view of the same database.
    pub async fn open_again(&self) -> Db {
        Db::open(&self.url).await.expect("a test database opens")
    }
}

impl Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        self.db.as_ref().expect("the database is there until the drop")
    }
}

/// A fresh database with all migrations.
///
/// # Panics
/// When it cannot be made.
pub async fn fresh(engine: Engine) -> TestDb {
    match engine {
        Engine::Sqlite => sqlite().await,
        Engine::Postgres => postgres().await,
    }
}

/// A fresh database without any migration.
///
/// # Panics
/// When it cannot be made.
pub async fn empty(engine: Engine) -> TestDb {
    match engine {
        Engine::Sqlite => {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let url = format!("sqlite:{}", folder.path().join("zhixin.db").display());
            test_db(url, Place::Folder { _folder: folder }).await
        }
        Engine::Postgres => create_database("template0").await,
    }
}

async fn test_db(url: String, place: Place) -> TestDb {
    let db = Db::open(&url).await.expect("a test database opens");
    TestDb {
        db: Some(db),
        url,
        place,
    }
}

/// The name of the template: changes with every migration.
fn digest() -> String {
    let texts: String = migrations::MIGRATIONS
        .iter()
        .flat_map(|m| [m.name, m.sqlite, m.postgres])
        .collect();
    migrations::checksum(&texts)[..16].to_owned()
}

async fn sqlite() -> TestDb {
    let template = std::env::temp_dir().join(format!("zhixin-template-{}.db", digest()));
    if !template.exists() {
        make_sqlite_template(&template).await;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("zhixin.db");
    std::fs::copy(&template, &path).expect("the template can be copied");
    test_db(format!("sqlite:{}", path.display()), Place::Folder { _folder: folder }).await
}

/// Made aside and renamed, so that tests in other processes never see half a template.
async fn make_sqlite_template(template: &PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("template.db");
    let db = Db::open(&format!("sqlite:{}", path.display()))
        .await
        .expect("a template opens");
    db.migrate().await.expect("the migrations run on SQLite");
    drop(db);
    let aside = template.with_extension(format!("{}.aside", std::process::id()));
    std::fs::copy(&path, &aside).expect("the template can be kept");
    std::fs::rename(&aside, template).expect("the template can be named");
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .expect("ZHIXIN_TEST_PG answers");
    tokio::spawn(connection);
    client
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url
        .split_once('?')
        .map_or((url, String::new()), |(base, q)| (base, format!("?{q}")));
    let authority = base.split_once("://").map_or(base, |(_, rest)| rest);
    let root = match authority.find('/') {
        Some(slash) => &base[..base.len() - authority.len() + slash],
        None => base,
    };
    format!("{root}/{name}{query}")
}

async fn postgres() -> TestDb {
    let url = server().expect("ZHIXIN_TEST_PG is set");
    let template = format!("zhixin_template_{}", digest());
    let admin = connect(&url).await;
    // One process makes the template, the others wait for it.
    admin.execute("select pg_advisory_lock(7)", &[]).await.expect("a lock");
    let sql = "select 1 from pg_database where datname = $1";
    if admin
        .query_opt(sql, &[&template])
        .await
        .expect("the catalogue answers")
        .is_none()
    {
        let making = format!("{template}_making");
        for sql in [
            format!("drop database if exists {making} with (force)"),
            format!("create database {making}"),
        ] {
            admin.batch_execute(&sql).await.expect("a template database");
        }
        let db = Db::open(&with_database(&url, &making))
            .await
            .expect("the template opens");
        db.migrate().await.expect("the migrations run on PostgreSQL");
        drop(db);
        let close = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
        admin
            .execute(close, &[&making])
            .await
            .expect("connections to the template end");
        let rename = format!("alter database {making} rename to {template}");
        for _ in 0..50 {
            if admin.batch_execute(&rename).await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    admin
        .execute("select pg_advisory_unlock(7)", &[])
        .await
        .expect("the lock ends");
    create_database(&template).await
}

async fn create_database(template: &str) -> TestDb {
    let admin = server().expect("ZHIXIN_TEST_PG is set");
    let random = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 0);
    let name = format!("zhixin_test_{}_{random:x}", std::process::id());
    let client = connect(&admin).await;
    let sql = format!("create database {name} template {template}");
    // Two databases cannot be copied from one template at the same instant on older servers.
    let mut made = client.batch_execute(&sql).await;
    for _ in 0..100 {
        if made.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
        made = client.batch_execute(&sql).await;
    }
    made.expect("a test database can be made");
    let url = with_database(&admin, &name);
    test_db(url, Place::Server { admin, name }).await
}

impl Drop for TestDb {
    fn drop(&mut self) {
        drop(self.db.take());
        let Place::Server { admin, name } = &self.place else {
            return;
        };
        let sql = format!("drop database if exists {name} with (force)");
        let admin = admin.clone();
        // A runtime of its own, because this one may be ending.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime
                .expect("a runtime")
                .block_on(async { connect(&admin).await.batch_execute(&sql).await })
        });
        if !matches!(dropping.join(), Ok(Ok(()))) {
            eprintln!("the test database {name} was left behind");
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_database_of_a_url_is_replaced() {
        let of = |url| super::with_database(url, "b");
        assert_eq!(of("postgres://u:p@h:1/a"), "postgres://u:p@h:1/b");
        assert_eq!(of("postgres://u@h:1"), "postgres://u@h:1/b");
        assert_eq!(of("postgres://u@/a?host=/tmp"), "postgres://u@/b?host=/tmp");
    }
}
