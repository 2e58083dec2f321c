//! The SQL of editions.

use db::{FromRow, Query, Row, Tx, args, code};
use kernel::{Date, Error, Result, Scope, Time};
use registry::{Listed, Orders, Window};
use rules::credits::editions::{Approval, Document, EditionKind, EditionState};

use super::in_force::Head;
use super::{Edition, EditionId};

const COLUMNS: &str =
    "e.id, e.kind, e.document, e.state, e.state_at, e.approvals, e.until_day, e.based_on, e.drafted_by,
    e.drafted_at, e.version";

impl FromRow for Edition {
    fn from_row(row: &Row) -> Result<Self> {
        let kind: EditionKind = row.code(1)?;
        let state: String = row.get(3)?;
        let at: Time = row.get(4)?;
        let approvals: String = row.get(5)?;
        let approvals: Vec<Approval> = serde_json::from_str(&approvals).map_err(Error::broken)?;
        let state = match state.as_str() {
            "draft" => EditionState::Draft,
            "proposed" => EditionState::Proposed { at, approvals },
            "approved" => EditionState::Approved { at, approvals },
            "discarded" => EditionState::Discarded { at },
            _ => return Err(Error::broken("an edition is in no state")),
        };
        Ok(Self {
            id: row.get(0)?,
            document: Document::read(kind, &row.get::<String>(2)?)?,
            state,
            until: row.get(6)?,
            based_on: row.get(7)?,
            drafted_by: row.get(8)?,
            drafted_at: row.get(9)?,
            version: row.get(10)?,
        })
    }
}

fn approvals(state: &EditionState) -> Result<String> {
    serde_json::to_string(state.approvals()).map_err(Error::broken)
}

/// Inserts an edition; false when its code is taken.
pub(super) async fn insert(tx: &mut Tx, edition: &Edition) -> Result<bool> {
    let document = &edition.document;
    tx.exec_new(
        "insert into credits_editions (id, kind, code, name, document, in_force, until_day, state, state_at, approvals,
            based_on, drafted_by, drafted_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (code) do nothing",
        args![
            edition.id,
            code(document.kind()),
            document.code(),
            document.name(),
            document.text()?,
            document.in_force(),
            edition.until,
            edition.state.code(),
            edition.drafted_at,
            approvals(&edition.state)?,
            edition.based_on.as_str(),
            edition.drafted_by.as_str(),
            edition.drafted_at
        ],
    )
    .await
}

pub(super) async fn load(tx: &mut Tx, id: EditionId) -> Result<Edition> {
    Query::new(&format!("select {COLUMNS} from credits_editions e where 1 = 1"))
        .and("e.id = {}", id)
        .one(tx)
        .await
}

pub(super) async fn of_code(tx: &mut Tx, name: &str) -> Result<Edition> {
    Query::new(&format!("select {COLUMNS} from credits_editions e where 1 = 1"))
        .and("e.code = {}", name)
        .one(tx)
        .await
}

pub(super) async fn save_document(tx: &mut Tx, id: EditionId, version: i64, document: &Document) -> Result<()> {
    tx.exec_one(
        "update credits_editions set document = $1, name = $2, in_force = $3, version = version + 1
         where id = $4 and version = $5 and state = 'draft'",
        args![document.text()?, document.name(), document.in_force(), id, version],
    )
    .await
}

pub(super) async fn save_state(tx: &mut Tx, id: EditionId, version: i64, state: &EditionState, at: Time) -> Result<()> {
    tx.exec_one(
        "update credits_editions set state = $1, state_at = $2, approvals = $3, version = version + 1
         where id = $4 and version = $5",
        args![state.code(), at, approvals(state)?, id, version],
    )
    .await
}

/// The first day of the latest approved edition of a kind.
pub(super) async fn latest(tx: &mut Tx, kind: EditionKind) -> Result<Option<Date>> {
    let sql =
        "select in_force from credits_editions where kind = $1 and state = 'approved' order by in_force desc limit 1";
    tx.first(sql, args![code(kind)]).await
}

/// Ends the approved edition of a kind that has no end yet, the day before a new one begins.
pub(super) async fn supersede(tx: &mut Tx, kind: EditionKind, from: Date) -> Result<()> {
    let last = from.pred_opt().unwrap_or(from);
    let sql = "update credits_editions set until_day = $1, version = version + 1
        where kind = $2 and state = 'approved' and until_day is null";
    tx.exec(sql, args![last, code(kind)]).await?;
    Ok(())
}

impl FromRow for Head {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            version: row.get(1)?,
            in_force: row.get(2)?,
        })
    }
}

/// The approved editions of a kind in the order of their first days; of two with one first day the one made later is last.
pub(super) async fn heads(tx: &mut Tx, kind: EditionKind) -> Result<Vec<Head>> {
    let sql = "select id, version, in_force from credits_editions where kind = $1 and state = 'approved'
        order by in_force, id";
    tx.all(sql, args![code(kind)]).await
}

/// What a list of editions is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct EditionFilter {
    /// One kind.
    pub kind: Option<EditionKind>,
    /// One state, by its code.
    pub state: Option<String>,
}

const ORDERS: Orders = Orders {
    columns: &[
        ("in_force", "e.in_force"),
        ("name", "e.name"),
        ("drafted", "e.drafted_at"),
    ],
    key: "e.id",
};

/// Editions; they stand at no place, so a scope shows all of them or none.
pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &EditionFilter,
    window: &Window,
) -> Result<Listed<Edition>> {
    let select = format!(
        "select {COLUMNS}{} from credits_editions e where 1 = 1",
        window.tail(&ORDERS)
    );
    let mut query = Query::new(&select)
        .and_opt("e.kind = {}", filter.kind.map(code))
        .and_opt("e.state = {}", filter.state.clone());
    if *scope != Scope::All {
        query = query.and_plain("1 = 0");
    }
    window.fetch(tx, query, &ORDERS).await
}

pub(super) async fn approved(tx: &mut Tx, kind: EditionKind) -> Result<Vec<Edition>> {
    Query::new(&format!(
        "select {COLUMNS} from credits_editions e where e.state = 'approved'"
    ))
    .and("e.kind = {}", code(kind))
    .push(" order by e.in_force desc, e.id desc")
    .fetch(tx)
    .await
}
