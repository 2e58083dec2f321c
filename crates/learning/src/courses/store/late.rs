//! `late_reports`.

use db::{FromRow, Query, Row, Tx, args, code};
use kernel::{Date, Error, Result, Scope, id::ClassId};
use registry::{Listed, Orders, Window};
use rules::courses::reporting::{LateCode, LateState};

use super::super::reporting::late::{LateFilter, LateId, LateReport};

const COLUMNS: &str = "l.id, l.class, l.reason, l.state, l.until_day, l.decided_by, l.decided_at, l.decision,
    l.requested_by, l.requested_at, l.provider, l.provider_name, l.district, l.department, l.version, k.title,
    coalesce(k.number, '')";
const FROM: &str = "late_reports l join classes k on k.id = l.class";

const ORDERS: Orders = Orders {
    columns: &[("requested", "l.id"), ("provider", "l.provider_name")],
    key: "l.id",
};

impl FromRow for LateReport {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            class: row.get(1)?,
            reason: row.get(2)?,
            state: state(row)?,
            requested_by: row.get(8)?,
            requested_at: row.get(9)?,
            provider: row.get(10)?,
            provider_name: row.get(11)?,
            district: row.get(12)?,
            department: row.get(13)?,
            version: row.get(14)?,
            title: row.get(15)?,
            number: row.get(16)?,
        })
    }
}

fn state(row: &Row) -> Result<LateState> {
    let code: LateCode = row.code(3)?;
    if code == LateCode::Requested {
        return Ok(LateState::Requested);
    }
    let broken = || Error::broken("a decided request has no decision");
    let by = row.get::<Option<String>>(5)?.ok_or_else(broken)?;
    let at = row.get::<Option<kernel::Time>>(6)?.ok_or_else(broken)?;
    let reason: String = row.get(7)?;
    Ok(match row.get::<Option<Date>>(4)? {
        Some(until) if code == LateCode::Granted => LateState::Granted { until, by, at, reason },
        _ => LateState::Refused { by, at, reason },
    })
}

pub(in crate::courses) async fn load(tx: &mut Tx, id: LateId) -> Result<LateReport> {
    tx.one(&format!("select {COLUMNS} from {FROM} where l.id = $1"), args![id])
        .await
}

pub(in crate::courses) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &LateFilter,
    window: &Window,
) -> Result<Listed<LateReport>> {
    let select = format!("select {COLUMNS}{} from {FROM} where 1 = 1", window.tail(&ORDERS));
    let query = Query::new(&select)
        .scope(scope, "l")
        .and_opt("l.state = {}", filter.state.map(code))
        .and_opt("l.class = {}", filter.class);
    window.fetch(tx, query, &ORDERS).await
}

pub(in crate::courses) async fn insert(tx: &mut Tx, late: &LateReport) -> Result<()> {
    tx.exec(
        "insert into late_reports (id, class, reason, state, requested_by, requested_at, provider, provider_name,
         district, department) values ($1, $2, $3, 'requested', $4, $5, $6, $7, $8, $9)",
        args![
            late.id,
            late.class,
            &late.reason,
            &late.requested_by,
            late.requested_at,
            late.provider,
            &late.provider_name,
            late.district.as_deref(),
            late.department.as_deref(),
        ],
    )
    .await
    .map(drop)
}

pub(in crate::courses) async fn decide(tx: &mut Tx, id: LateId, version: i64, to: &LateState) -> Result<()> {
    let (until, by, at, reason) = match to {
        LateState::Requested => return Err(Error::broken("a decision decides")),
        LateState::Granted { until, by, at, reason } => (Some(*until), by, *at, reason),
        LateState::Refused { by, at, reason } => (None, by, *at, reason),
    };
    tx.exec_one(
        "update late_reports set state = $3, until_day = $4, decided_by = $5, decided_at = $6, decision = $7,
         version = version + 1 where id = $1 and version = $2",
        args![id, version, code(to.code()), until, by, at, reason],
    )
    .await
}

/// The last day until which the window of a class was opened again.
pub(in crate::courses) async fn reopened(tx: &mut Tx, class: ClassId) -> Result<Option<Date>> {
    tx.one(
        "select max(until_day) from late_reports where class = $1 and state = 'granted'",
        args![class],
    )
    .await
}

/// Whether a request of this class waits for a decision.
pub(in crate::courses) async fn is_pending(tx: &mut Tx, class: ClassId) -> Result<bool> {
    let sql = "select 1 from late_reports where class = $1 and state = 'requested'";
    Ok(tx.first::<i64>(sql, args![class]).await?.is_some())
}
