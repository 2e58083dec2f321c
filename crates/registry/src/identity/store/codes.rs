//! The table `one_time_codes`.

use db::{FromRow, Row, Tx, args};
use kernel::{Result, Time, id::AccountId};
use rules::identity::Purpose;
use serde_json::Value as Json;

use crate::identity::codes::Redeemed;

impl FromRow for Redeemed {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            account: row.get(1)?,
            body: row.json(2)?,
            expires_at: row.get(3)?,
        })
    }
}

/// A code to be written.
pub struct New<'a> {
    pub hash: [u8; 32],
    pub purpose: Purpose,
    pub account: Option<AccountId>,
    pub body: &'a Json,
    pub at: Time,
    pub expires_at: Time,
}

pub async fn insert(tx: &mut Tx, new: &New<'_>) -> Result<()> {
    let id = tx.mint::<()>();
    let sql = "insert into one_time_codes (id, code_hash, purpose, account, body, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)";
    let New {
        hash,
        purpose,
        account,
        body,
        at,
        expires_at,
    } = new;
    tx.exec(
        sql,
        args![id, hash, db::code(*purpose), *account, *body, *at, *expires_at],
    )
    .await
    .map(drop)
}

/// A code that may still be used.
pub async fn find(tx: &mut Tx, purpose: Purpose, hash: &[u8; 32], now: Time) -> Result<Option<Redeemed>> {
    let sql = "select id, account, body, expires_at from one_time_codes
        where code_hash = $1 and purpose = $2 and used_at is null and expires_at > $3";
    tx.first(sql, args![hash, db::code(purpose), now]).await
}

/// Uses a code up; false when somebody was faster.
pub async fn use_up(tx: &mut Tx, id: i64, at: Time) -> Result<bool> {
    Ok(tx
        .exec(
            "update one_time_codes set used_at = $2 where id = $1 and used_at is null",
            args![id, at],
        )
        .await?
        > 0)
}

/// Makes the account's unused codes of a purpose worthless; all purposes when none is named.
pub async fn void(tx: &mut Tx, account: AccountId, purpose: Option<Purpose>, at: Time) -> Result<u64> {
    match purpose {
        Some(purpose) => {
            let sql = "update one_time_codes set used_at = $3 where account = $1 and purpose = $2 and used_at is null";
            tx.exec(sql, args![account, db::code(purpose), at]).await
        }
        None => {
            tx.exec(
                "update one_time_codes set used_at = $2 where account = $1 and used_at is null",
                args![account, at],
            )
            .await
        }
    }
}

/// Until when the account's newest unused activation code is good.
pub async fn open_until(tx: &mut Tx, account: AccountId, now: Time) -> Result<Option<Time>> {
    let sql = "select expires_at from one_time_codes
        where account = $1 and purpose = $2 and used_at is null and expires_at > $3 order by id desc limit 1";
    tx.first(sql, args![account, db::code(Purpose::Activation), now]).await
}

/// Forgets codes that were over before this instant, with what they carry.
pub async fn forget(tx: &mut Tx, before: Time) -> Result<u64> {
    tx.exec(
        "delete from one_time_codes where expires_at < $1 or used_at < $1",
        args![before],
    )
    .await
}
