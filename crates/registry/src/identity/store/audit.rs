//! Reading the table `audit`, which `db` writes and which nobody changes (triggers on both engines).
//! A sanctioned exception to "a table is read by its folder alone": the trail belongs to all, searching it is here.

use db::{FromRow, Query, Row, Tx, args};
use kernel::{Result, Scope};

use crate::identity::audit::{Entry, Filter};
use crate::{Listed, Orders, Window};

const COLUMNS: &str =
    "t.id, t.at, t.actor, t.role, t.request, t.act, t.subject_kind, t.subject, t.before, t.after, t.reason";
const ORDERS: Orders = Orders {
    columns: &[
        ("at", "t.at"),
        ("actor", "t.actor"),
        ("act", "t.act"),
        ("subject", "t.subject_kind"),
    ],
    key: "t.id",
};
/// Orders that no index serves.
const UNINDEXED: &[&str] = &["actor", "subject"];

impl FromRow for Entry {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            at: row.get(1)?,
            actor: row.get(2)?,
            role: row.code(3)?,
            request: row.get(4)?,
            act: row.get(5)?,
            subject_kind: row.get(6)?,
            subject: row.get(7)?,
            before: row.get(8)?,
            after: row.get(9)?,
            reason: row.get(10)?,
        })
    }
}

pub async fn list(scope: &Scope, tx: &mut Tx, filter: &Filter, window: &Window) -> Result<Listed<Entry>> {
    let select = format!("select {COLUMNS}{} from audit t where 1 = 1", window.tail(&ORDERS));
    let words = filter
        .words
        .as_ref()
        .map(|words| format!("%{}%", super::grants::escape_like(words)));
    // A login name leads to its account, which has an index; jobs and the public have only their label.
    let account = match &filter.actor {
        Some(login) => super::accounts::find_by_login(tx, login)
            .await?
            .map(|account| account.id),
        None => None,
    };
    let label = filter.actor.clone().filter(|_| account.is_none());
    let query = Query::new(&select)
        .scope(scope, "t")
        .and_opt("t.account = {}", account)
        .and_opt("t.actor = {}", label)
        .and_opt("t.act = {}", filter.act.clone())
        .and_opt("t.subject_kind = {}", filter.subject_kind.clone())
        .and_opt("t.subject = {}", filter.subject)
        .and_opt("t.at >= {}", filter.from.map(kernel::Time::start_of))
        .and_opt("t.at < {}", filter.until.and_then(|day| day.succ_opt()).map(kernel::Time::start_of))
        .and_opt(
            "(t.before like {} escape '\\' or t.after like {} escape '\\' or t.reason like {} escape '\\' or t.request like {} escape '\\')",
            words,
        );
    window.fetch_ordered(tx, query, &ORDERS, UNINDEXED).await
}

pub async fn load(scope: &Scope, tx: &mut Tx, id: i64) -> Result<Entry> {
    Query::new(&format!("select {COLUMNS} from audit t where 1 = 1"))
        .scope(scope, "t")
        .and("t.id = {}", id)
        .one(tx)
        .await
}

/// The acts and kinds of subject that the trail has seen, for the choices of the filter. Walks from value to value
/// along the index, so that a trail of millions answers at once.
pub async fn vocabulary(tx: &mut Tx) -> Result<(Vec<String>, Vec<String>)> {
    Ok((
        tx.all(&distinct("act"), args![]).await?,
        tx.all(&distinct("subject_kind"), args![]).await?,
    ))
}

fn distinct(column: &str) -> String {
    format!(
        "with recursive seen (word) as (
            select min({column}) from audit
            union all
            select (select min(t.{column}) from audit t where t.{column} > seen.word) from seen where seen.word is not null
        ) select word from seen where word is not null"
    )
}
