//! Twin migrations: embedded, numbered, applied in order under a lock, each in a transaction of its own.
//!
//! What was applied is recorded with a checksum. A database whose history differs from this program's (an
//! edited migration, or a newer program's) is refused with a sentence and left as it is. Migrations go forward
//! only; a mistake is corrected by the next one.
//!
//! Rules for a migration: the same tables, columns, keys and indexes on both engines (a parity test compares
//! them); behind each column of the SQLite file its class (`-- personal`, see `schema.rs`); ids
//! `integer primary key` on SQLite where PostgreSQL has `bigint primary key`; constraints checked at once, never
//! `deferrable`, because SQLite would check them at the commit of a whole group.

use kernel::{Clock, Error, Result};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::{Db, failure, postgres::Server, sqlite::in_place};

pub(crate) struct Migration {
    pub(crate) number: u32,
    pub(crate) name: &'static str,
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// "zhixin" as a number: the advisory lock under which migrations run.
const LOCK: i64 = 0x7a68_6978_696e;

type Applied = Vec<(i64, String)>;
const APPLIED: &str = "select number, checksum from migrations order by number";

/// The digest of a text, whatever its line ends.
pub(crate) fn checksum(text: &str) -> String {
    let digest = Sha256::digest(text.replace("\r\n", "\n").as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The migrations that are still to be applied, if the history is ours.
fn pending(applied: &Applied, text: fn(&Migration) -> &'static str) -> Result<&'static [Migration]> {
    pending_of(MIGRATIONS, applied, text)
}

fn pending_of<'m>(
    known: &'m [Migration],
    applied: &Applied,
    text: fn(&Migration) -> &'static str,
) -> Result<&'m [Migration]> {
    for (index, (number, sum)) in applied.iter().enumerate() {
        let Some(migration) = known
            .get(index)
            .filter(|migration| i64::from(migration.number) == *number)
        else {
            let last = known.last().map_or(0, |migration| migration.number);
            let sentence =
                format!("数据库的结构（第 {number} 号迁移）比本程序（到第 {last} 号）新，请使用更新版本的程序。");
            return Err(Error::refused("migration.newer", sentence));
        };
        if checksum(text(migration)) != *sum {
            let sentence = format!(
                "第 {number} 号迁移（{}）在执行之后被改动过，本程序与数据库不一致，已拒绝启动。请使用建立该数据库的程序版本。",
                migration.name
            );
            return Err(Error::refused("migration.edited", sentence));
        }
    }
    Ok(&known[applied.len()..])
}

/// Applies what is missing; returns how many migrations it was.
pub(crate) async fn migrate(db: &Db) -> Result<u32> {
    match db.server() {
        Some(server) => postgres(server).await,
        None => {
            // The writer alone, so that no group is open meanwhile; other processes wait at `begin exclusive`.
            let tx = db.batch().await?;
            let count = in_place(|| sqlite(tx.writer_connection()?))?;
            tx.commit().await?;
            Ok(count)
        }
    }
}

/// How many migrations are still to be applied; applies none.
pub(crate) async fn missing(db: &Db) -> Result<usize> {
    let mut tx = db.read().await?;
    let exists = match db.server() {
        Some(_) => "select count(*) from pg_tables where schemaname = current_schema() and tablename = 'migrations'",
        None => "select count(*) from sqlite_master where type = 'table' and name = 'migrations'",
    };
    let applied: Applied = match tx.one::<i64>(exists, &[]).await? {
        0 => Vec::new(),
        _ => tx.all(APPLIED, &[]).await?,
    };
    let text: fn(&Migration) -> &'static str = match db.server() {
        Some(_) => |migration| migration.postgres,
        None => |migration| migration.sqlite,
    };
    Ok(pending(&applied, text)?.len())
}

/// The connection is inside the batch's transaction, which is ended first: each migration has its own.
fn sqlite(connection: &Connection) -> Result<u32> {
    let run = |sql: &str| {
        connection
            .execute_batch(sql)
            .map_err(|error| failure::sqlite(&error, sql))
    };
    run("commit")?;
    let mut count = 0;
    loop {
        run("begin exclusive")?;
        let step = sqlite_step(connection);
        match &step {
            Ok(true) => count += 1,
            Ok(false) => {}
            Err(_) => run("rollback")?,
        }
        if !step? {
            // The batch's own commit ends this last, empty transaction.
            return Ok(count);
        }
        run("commit")?;
    }
}

fn sqlite_step(connection: &Connection) -> Result<bool> {
    let read = || -> rusqlite::Result<Applied> {
        let table = "select 1 from sqlite_master where type = 'table' and name = 'migrations'";
        if !connection.prepare(table)?.exists([])? {
            return Ok(Vec::new());
        }
        connection
            .prepare(APPLIED)?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    };
    let applied = read().map_err(|error| failure::sqlite(&error, APPLIED))?;
    let Some(next) = pending(&applied, |migration| migration.sqlite)?.first() else {
        return Ok(false);
    };
    let file = format!("migrations/sqlite/{:04}_{}.sql", next.number, next.name);
    connection
        .execute_batch(next.sqlite)
        .map_err(|error| failure::sqlite(&error, &file))?;
    let sql = "insert into migrations (number, name, checksum, applied_at) values (?1, ?2, ?3, ?4)";
    let values = (
        next.number,
        next.name,
        checksum(next.sqlite),
        Clock::System.now().micros(),
    );
    connection
        .execute(sql, values)
        .map_err(|error| failure::sqlite(&error, sql))?;
    Ok(true)
}

async fn postgres(server: &Server) -> Result<u32> {
    let mut client = server.dedicated().await?;
    let failed = |sql: &'static str| move |error| failure::postgres(&error, sql);
    client
        .execute("select pg_advisory_lock($1)", &[&LOCK])
        .await
        .map_err(failed("pg_advisory_lock"))?;
    let table = client
        .query_one("select to_regclass('migrations') is not null", &[])
        .await;
    let exists: bool = table.map_err(failed("to_regclass"))?.get(0);
    let rows = if exists {
        client.query(APPLIED, &[]).await.map_err(failed(APPLIED))?
    } else {
        Vec::new()
    };
    let applied: Applied = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let mut count = 0;
    for next in pending(&applied, |migration| migration.postgres)? {
        let file = format!("migrations/postgres/{:04}_{}.sql", next.number, next.name);
        let tx = client.transaction().await.map_err(failed("begin"))?;
        tx.batch_execute(next.postgres)
            .await
            .map_err(|error| failure::postgres(&error, &file))?;
        let sql = "insert into migrations (number, name, checksum, applied_at) values ($1, $2, $3, $4)";
        let (sum, at) = (checksum(next.postgres), Clock::System.now().micros());
        tx.execute(sql, &[&i64::from(next.number), &next.name, &sum, &at])
            .await
            .map_err(failed(sql))?;
        tx.commit().await.map_err(failed("commit"))?;
        count += 1;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Migration] = &[
        Migration {
            number: 1,
            name: "one",
            sqlite: "a",
            postgres: "a",
        },
        Migration {
            number: 2,
            name: "two",
            sqlite: "b",
            postgres: "b",
        },
    ];

    fn refusal(applied: &Applied) -> &'static str {
        match pending_of(KNOWN, applied, |m| m.sqlite) {
            Err(Error::Refused { code, .. }) => code,
            _ => "none",
        }
    }

    #[test]
    fn an_edited_migration_and_a_newer_database_are_refused() {
        let one = (1, checksum("a"));
        assert_eq!(refusal(&vec![one.clone()]), "none");
        assert_eq!(refusal(&vec![(1, checksum("edited"))]), "migration.edited");
        assert_eq!(
            refusal(&vec![one.clone(), (2, checksum("b")), (3, checksum("c"))]),
            "migration.newer"
        );
        assert_eq!(refusal(&vec![one, (3, checksum("c"))]), "migration.newer");
        assert_eq!(checksum("x\r\ny"), checksum("x\ny"));
    }

    #[test]
    fn numbers_ascend_without_gaps() {
        let numbers: Vec<u32> = MIGRATIONS.iter().map(|migration| migration.number).collect();
        let want: Vec<u32> = (1..=u32::try_from(numbers.len()).unwrap()).collect();
        assert_eq!(numbers, want);
    }

    #[test]
    fn no_constraint_is_deferrable() {
        for migration in MIGRATIONS {
            for text in [migration.sqlite, migration.postgres] {
                assert!(!text.to_lowercase().contains("deferrable"), "{}", migration.name);
            }
        }
    }
}
