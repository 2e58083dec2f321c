//! The table `tokens`. A token counts only while neither its account nor its grant has ended; it needs no
//! password, so an account that nobody signs in with may have one.

use db::{FromRow, Query, Row, Tx, args};
use kernel::{Actor, Code as _, Place, Result, Scope, Time, id::AccountId, id::GrantId, id::TokenId};
use rules::identity::TokenScope;

use super::place;
use crate::identity::sessions::grant_label;
use crate::identity::tokens::{Filter, Line, State};
use crate::{Listed, Orders, Window};

/// Scopes as stored: codes with a space between them.
fn written(scopes: &[TokenScope]) -> String {
    scopes.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(" ")
}

fn read(text: &str) -> Vec<TokenScope> {
    text.split(' ').filter_map(TokenScope::from_code).collect()
}

/// A token to be written.
pub struct New<'a> {
    pub hash: [u8; 32],
    pub account: AccountId,
    pub grant: GrantId,
    pub scopes: &'a [TokenScope],
    pub label: &'a str,
    pub at: Time,
    pub expires_at: Time,
}

pub async fn insert(tx: &mut Tx, new: &New<'_>) -> Result<TokenId> {
    let id = tx.mint();
    let sql = "insert into tokens (id, token_hash, account, grant_id, scopes, label, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let New {
        hash,
        account,
        grant,
        scopes,
        label,
        at,
        expires_at,
    } = new;
    tx.exec(
        sql,
        args![id, hash, *account, *grant, written(scopes), *label, *at, *expires_at],
    )
    .await?;
    Ok(id)
}

/// A token as a request needs it.
pub struct Found {
    pub id: TokenId,
    pub used_at: Option<Time>,
    pub actor: Actor,
    pub scopes: Vec<TokenScope>,
}

impl FromRow for Found {
    fn from_row(row: &Row) -> Result<Self> {
        let actor = Actor {
            account: row.get(3)?,
            label: row.get(4)?,
            role: row.code(5)?,
            own: place(row, 6)?,
            admin: false,
            request: String::new(),
        };
        Ok(Self {
            id: row.get(0)?,
            scopes: read(&row.get::<String>(1)?),
            used_at: row.get(2)?,
            actor,
        })
    }
}

pub async fn find(tx: &mut Tx, hash: &[u8; 32], now: Time) -> Result<Option<Found>> {
    let sql =
        "select t.id, t.scopes, t.used_at, a.id, a.login, g.role, g.person, g.org, g.provider, g.district, g.department
        from tokens t join accounts a on a.id = t.account join grants g on g.id = t.grant_id
        where t.token_hash = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > $2)
            and a.status <> 'ended' and g.ended_at is null";
    tx.first(sql, args![hash, now]).await
}

pub async fn touch(tx: &mut Tx, id: TokenId, at: Time) -> Result<()> {
    tx.exec("update tokens set used_at = $2 where id = $1", args![id, at])
        .await
        .map(drop)
}

impl FromRow for Line {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            label: row.get(1)?,
            scopes: read(&row.get::<String>(2)?),
            login: row.get(3)?,
            role: grant_label(row.code(4)?, false, &row.get::<String>(5)?),
            created_at: row.get(6)?,
            expires_at: row.get(7)?,
            used_at: row.get(8)?,
            revoked_at: row.get(9)?,
        })
    }
}

const COLUMNS: &str =
    "t.id, t.label, t.scopes, a.login, g.role, g.label, t.created_at, t.expires_at, t.used_at, t.revoked_at";
const FROM: &str = "from tokens t join accounts a on a.id = t.account join grants g on g.id = t.grant_id where 1 = 1";
const ORDERS: Orders = Orders {
    columns: &[
        ("created", "t.created_at"),
        ("label", "t.label"),
        ("login", "a.login"),
        ("used", "coalesce(t.used_at, 0)"),
    ],
    key: "t.id",
};

pub async fn list(scope: &Scope, tx: &mut Tx, filter: &Filter, window: &Window) -> Result<Listed<Line>> {
    let select = format!("select {COLUMNS}{} {FROM}", window.tail(&ORDERS));
    let words = filter
        .words
        .as_ref()
        .map(|words| format!("%{}%", super::grants::escape_like(words)));
    let query = Query::new(&select)
        .scope(scope, "g")
        .and_opt("(t.label like {} escape '\\' or a.login like {} escape '\\')", words);
    let query = match filter.state {
        None => query,
        Some(State::Valid) => query
            .and_plain("t.revoked_at is null")
            .and("t.expires_at > {}", filter.now),
        Some(State::Revoked) => query.and_plain("t.revoked_at is not null"),
        Some(State::Expired) => query
            .and_plain("t.revoked_at is null")
            .and("t.expires_at <= {}", filter.now),
    };
    window.fetch(tx, query, &ORDERS).await
}

/// One token with the place of its grant.
pub struct Placed {
    pub line: Line,
    pub place: Place,
}

impl FromRow for Placed {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            line: Line::from_row(row)?,
            place: place(row, 10)?,
        })
    }
}

pub async fn load(tx: &mut Tx, id: TokenId) -> Result<Placed> {
    let sql = format!("select {COLUMNS}, g.person, g.org, g.provider, g.district, g.department {FROM} and t.id = $1");
    tx.one(&sql, args![id]).await
}

/// Revokes a living token; `Stale` when somebody else did meanwhile.
pub async fn revoke(tx: &mut Tx, id: TokenId, at: Time) -> Result<()> {
    tx.exec_one(
        "update tokens set revoked_at = $2 where id = $1 and revoked_at is null",
        args![id, at],
    )
    .await
}

/// Revokes the tokens of an ended grant.
pub async fn revoke_of_grant(tx: &mut Tx, grant: GrantId, at: Time) -> Result<u64> {
    tx.exec(
        "update tokens set revoked_at = $2 where grant_id = $1 and revoked_at is null",
        args![grant, at],
    )
    .await
}
