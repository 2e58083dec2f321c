//! The table `sessions`. A session counts only while its account is active and its grant has not ended.

use db::{FromRow, Row, Tx, args};
use kernel::{Actor, Result, Time, id::AccountId, id::GrantId};
use rules::identity::session::Lifetime;

use super::place;
use crate::identity::sessions::{GrantView, Line, grant_label};

/// A session as a request needs it.
pub struct Found {
    pub id: i64,
    pub csrf: String,
    pub lifetime: Lifetime,
    pub account: AccountId,
    pub display_name: String,
    pub grant: GrantId,
    pub actor: Actor,
}

impl FromRow for Found {
    fn from_row(row: &Row) -> Result<Self> {
        let account: AccountId = row.get(4)?;
        let actor = Actor {
            account: Some(account),
            role: row.code(8)?,
            admin: row.get(9)?,
            own: place(row, 10)?,
            label: row.get(5)?,
            request: String::new(),
        };
        Ok(Self {
            id: row.get(0)?,
            csrf: row.get(1)?,
            lifetime: Lifetime {
                seen_at: row.get(2)?,
                expires_at: row.get(3)?,
            },
            account,
            display_name: row.get(6)?,
            grant: row.get(7)?,
            actor,
        })
    }
}

pub async fn find(tx: &mut Tx, token_hash: &[u8; 32]) -> Result<Option<Found>> {
    let sql = "select s.id, s.csrf, s.seen_at, s.expires_at, a.id, a.login, a.display_name, g.id, g.role, g.admin,
            g.person, g.org, g.provider, g.district, g.department
        from sessions s join accounts a on a.id = s.account join grants g on g.id = s.grant_id
        where s.token_hash = $1 and s.revoked_at is null and a.status = 'active' and g.ended_at is null";
    tx.first(sql, args![token_hash]).await
}

impl FromRow for GrantView {
    fn from_row(row: &Row) -> Result<Self> {
        let (role, admin) = (row.code(1)?, row.get(2)?);
        Ok(Self {
            id: row.get(0)?,
            role,
            admin,
            label: grant_label(role, admin, &row.get::<String>(3)?),
        })
    }
}

/// The roles between which an account may switch, oldest first.
pub async fn grant_views(tx: &mut Tx, account: AccountId) -> Result<Vec<GrantView>> {
    let sql = "select id, role, admin, label from grants where account = $1 and ended_at is null order by id";
    tx.all(sql, args![account]).await
}

/// A session to be written.
pub struct New<'a> {
    pub token_hash: [u8; 32],
    pub account: AccountId,
    pub grant: GrantId,
    pub csrf: &'a str,
    pub agent: &'a str,
    pub lifetime: Lifetime,
}

pub async fn insert(tx: &mut Tx, new: &New<'_>) -> Result<i64> {
    let id = tx.mint::<()>();
    let sql = "insert into sessions (id, token_hash, account, grant_id, csrf, created_at, seen_at, expires_at, agent)
        values ($1, $2, $3, $4, $5, $6, $6, $7, $8)";
    let Lifetime { seen_at, expires_at } = new.lifetime;
    tx.exec(
        sql,
        args![
            id,
            &new.token_hash,
            new.account,
            new.grant,
            new.csrf,
            seen_at,
            expires_at,
            new.agent
        ],
    )
    .await?;
    Ok(id.get())
}

/// The grant of the account's newest session: the role in which it worked last.
pub async fn last_grant(tx: &mut Tx, account: AccountId) -> Result<Option<GrantId>> {
    tx.first(
        "select grant_id from sessions where account = $1 order by id desc limit 1",
        args![account],
    )
    .await
}

pub async fn touch(tx: &mut Tx, id: i64, at: Time) -> Result<()> {
    tx.exec(
        "update sessions set seen_at = $2 where id = $1 and seen_at < $2",
        args![id, at],
    )
    .await
    .map(drop)
}

/// Changes the role of a living session of this account; `Stale` when it ended meanwhile.
pub async fn switch(tx: &mut Tx, id: i64, account: AccountId, grant: GrantId, csrf: &str) -> Result<()> {
    let sql = "update sessions set grant_id = $3, csrf = $4 where id = $1 and account = $2 and revoked_at is null";
    tx.exec_one(sql, args![id, account, grant, csrf]).await
}

impl FromRow for Line {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            created_at: row.get(1)?,
            seen_at: row.get(2)?,
            expires_at: row.get(3)?,
            agent: row.get(4)?,
            role: grant_label(row.code(5)?, row.get(6)?, &row.get::<String>(7)?),
        })
    }
}

/// The living sessions of an account, newest first; `idle_before` as in [`Lifetime::idle_before`].
pub async fn living(tx: &mut Tx, account: AccountId, now: Time) -> Result<Vec<Line>> {
    let sql = "select s.id, s.created_at, s.seen_at, s.expires_at, s.agent, g.role, g.admin, g.label
        from sessions s join grants g on g.id = s.grant_id
        where s.account = $1 and s.revoked_at is null and g.ended_at is null and s.expires_at > $2 and s.seen_at > $3
        order by s.id desc";
    tx.all(sql, args![account, now, Lifetime::idle_before(now)]).await
}

/// Revokes one session of the account; false when it is over already, or another's.
pub async fn revoke(tx: &mut Tx, id: i64, account: AccountId, at: Time) -> Result<bool> {
    let sql = "update sessions set revoked_at = $3 where id = $1 and account = $2 and revoked_at is null";
    Ok(tx.exec(sql, args![id, account, at]).await? > 0)
}

/// Revokes all sessions of the account but `keep`; returns how many.
pub async fn revoke_all(tx: &mut Tx, account: AccountId, keep: Option<i64>, at: Time) -> Result<u64> {
    let sql = "update sessions set revoked_at = $3 where account = $1 and id <> $2 and revoked_at is null and expires_at > $3";
    tx.exec(sql, args![account, keep.unwrap_or(0), at]).await
}

/// Revokes all sessions that act in a grant.
pub async fn revoke_of_grant(tx: &mut Tx, grant: GrantId, at: Time) -> Result<u64> {
    tx.exec(
        "update sessions set revoked_at = $2 where grant_id = $1 and revoked_at is null",
        args![grant, at],
    )
    .await
}

/// Forgets sessions that were over before this instant.
pub async fn forget(tx: &mut Tx, before: Time) -> Result<u64> {
    tx.exec("delete from sessions where expires_at < $1", args![before])
        .await
}
