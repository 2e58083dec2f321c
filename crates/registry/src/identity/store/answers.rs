//! The table `idempotency`. Status 0 is a claim without an answer; `created_at` is when the key was claimed and tells
//! a claim from one that took it over.

use db::{FromRow, Row, Tx, args};
use kernel::{Error, Result, Time};

use crate::identity::answers::{Answer, Held, Known};

impl FromRow for Known {
    fn from_row(row: &Row) -> Result<Self> {
        let status: i64 = row.get(1)?;
        let answer = match status {
            0 => None,
            status => Some(Answer {
                status: u16::try_from(status).map_err(Error::broken)?,
                body: row.get(2)?,
            }),
        };
        Ok(Self {
            request: row.get(0)?,
            answer,
            since: row.get(3)?,
        })
    }
}

/// Claims a key; false when somebody has it.
pub async fn insert(tx: &mut Tx, held: &Held, request: &str) -> Result<bool> {
    let sql = "insert into idempotency (account, key, request_hash, status, body, created_at)
        values ($1, $2, $3, 0, '', $4) on conflict (account, key) do nothing";
    tx.exec_new(sql, args![held.account, &held.key, request, held.since])
        .await
}

pub async fn find(tx: &mut Tx, held: &Held) -> Result<Option<Known>> {
    let sql = "select request_hash, status, body, created_at from idempotency where account = $1 and key = $2";
    tx.first(sql, args![held.account, &held.key]).await
}

/// Claims a key that is over; false when somebody was faster.
pub async fn take_over(tx: &mut Tx, held: &Held, since: Time, request: &str) -> Result<bool> {
    let sql = "update idempotency set request_hash = $4, status = 0, body = '', created_at = $5
        where account = $1 and key = $2 and created_at = $3";
    let args = args![held.account, &held.key, since, request, held.since];
    Ok(tx.exec(sql, args).await? > 0)
}

pub async fn save(tx: &mut Tx, held: &Held, answer: &Answer) -> Result<()> {
    let sql = "update idempotency set status = $4, body = $5
        where account = $1 and key = $2 and created_at = $3 and status = 0";
    let args = args![held.account, &held.key, held.since, answer.status, &answer.body];
    tx.exec(sql, args).await.map(drop)
}

pub async fn remove(tx: &mut Tx, held: &Held) -> Result<()> {
    let sql = "delete from idempotency where account = $1 and key = $2 and created_at = $3 and status = 0";
    tx.exec(sql, args![held.account, &held.key, held.since]).await.map(drop)
}

/// Forgets answers older than this instant.
pub async fn forget(tx: &mut Tx, before: Time) -> Result<u64> {
    tx.exec("delete from idempotency where created_at < $1", args![before])
        .await
}
