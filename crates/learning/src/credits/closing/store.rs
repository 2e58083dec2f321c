//! `credits_years`: one row for each year of the ledger, from 2000 to 2100, made by the migration. Its `id` is the year.

use db::{FromRow, Row, Tx, args};
use kernel::{Date, Error, Result, Time};
use rules::credits::YearState;

/// A year of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    /// Which.
    pub year: i32,
    /// Where it stands.
    pub state: YearState,
    /// Who brought it there.
    pub by: String,
    /// Changes with every change of its state.
    pub version: i64,
}

impl FromRow for Year {
    fn from_row(row: &Row) -> Result<Self> {
        let state: String = row.get(1)?;
        let (at, late_until): (Option<Time>, Option<Date>) = (row.get(2)?, row.get(3)?);
        let state = match (state.as_str(), at, late_until) {
            ("open", ..) => YearState::Open,
            ("closed", Some(at), Some(late_until)) => YearState::Closed { at, late_until },
            ("reopened", Some(at), _) => YearState::Reopened {
                at,
                reason: row.get(4)?,
            },
            _ => return Err(Error::broken("a year of the ledger is in no state")),
        };
        Ok(Self {
            year: row.get(0)?,
            state,
            by: row.get(5)?,
            version: row.get(6)?,
        })
    }
}

const COLUMNS: &str = "id, state, state_at, late_until, reason, state_by, version";

pub(super) async fn load(tx: &mut Tx, year: i32) -> Result<Year> {
    tx.one(
        &format!("select {COLUMNS} from credits_years where id = $1"),
        args![year],
    )
    .await
}

/// Keeps the year from being closed while something is posted into it.
pub(super) async fn hold(tx: &mut Tx, year: i32) -> Result<Year> {
    match tx.share_row("credits_years", i64::from(year)).await {
        Err(Error::NotFound) => Err(Error::refused(
            "credits.year",
            format!("学时年度 {year} 不在 2000 至 2100 年之间，请核对取得日期。"),
        )),
        Err(error) => Err(error),
        Ok(()) => load(tx, year).await,
    }
}

/// Waits for those who post into the year, and keeps others out until the commit.
pub(super) async fn lock(tx: &mut Tx, year: i32) -> Result<Year> {
    tx.lock_row("credits_years", i64::from(year)).await?;
    load(tx, year).await
}

pub(super) async fn touched(tx: &mut Tx) -> Result<Vec<Year>> {
    let sql = format!("select {COLUMNS} from credits_years where state <> 'open' order by id desc");
    tx.all(&sql, &[]).await
}

pub(super) async fn save(tx: &mut Tx, year: &Year, version: i64, next: &YearState, by: &str) -> Result<()> {
    let (at, late_until, reason) = match next {
        YearState::Open => (None, None, ""),
        YearState::Closed { at, late_until } => (Some(*at), Some(*late_until), ""),
        YearState::Reopened { at, reason } => (Some(*at), None, reason.as_str()),
    };
    tx.exec_one(
        "update credits_years set state = $3, state_at = $4, late_until = $5, reason = $6, state_by = $7,
            version = version + 1 where id = $1 and version = $2",
        args![year.year, version, next.code(), at, late_until, reason, by],
    )
    .await
}
