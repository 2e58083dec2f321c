//! `fee_standards`.

use db::{FromRow, Row, Tx, args, code};
use kernel::{Result, Time};
use rules::calls::fees::Standard;

/// A figure as it is kept.
#[derive(Debug, Clone)]
pub struct KeptStandard {
    /// The figure.
    pub standard: Standard,
    /// When it was set.
    pub changed_at: Time,
    /// By whom.
    pub changed_by: String,
}

impl FromRow for KeptStandard {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            standard: Standard {
                item: row.code(0)?,
                value: row.get(1)?,
                basis: row.get(2)?,
                confidence: row.code(3)?,
            },
            changed_at: row.get(4)?,
            changed_by: row.get(5)?,
        })
    }
}

pub(in crate::calls) async fn all(tx: &mut Tx) -> Result<Vec<KeptStandard>> {
    tx.all(
        "select item, value, basis, confidence, changed_at, changed_by from fee_standards order by item",
        args![],
    )
    .await
}

/// Keeps a figure that is not there yet; whether it was new.
pub(in crate::calls) async fn ship(tx: &mut Tx, standard: &Standard, at: Time, by: &str) -> Result<bool> {
    let sql = "insert into fee_standards (item, value, basis, confidence, changed_at, changed_by) values ($1, $2, $3, $4, $5, $6)
        on conflict (item) do nothing";
    tx.exec_new(
        sql,
        args![
            code(standard.item),
            standard.value,
            standard.basis.as_str(),
            code(standard.confidence),
            at,
            by
        ],
    )
    .await
}

pub(in crate::calls) async fn set(tx: &mut Tx, standard: &Standard, at: Time, by: &str) -> Result<()> {
    let sql = "insert into fee_standards (item, value, basis, confidence, changed_at, changed_by) values ($1, $2, $3, $4, $5, $6)
        on conflict (item) do update set value = excluded.value, basis = excluded.basis, confidence = excluded.confidence,
        changed_at = excluded.changed_at, changed_by = excluded.changed_by";
    tx.exec(
        sql,
        args![
            code(standard.item),
            standard.value,
            standard.basis.as_str(),
            code(standard.confidence),
            at,
            by
        ],
    )
    .await
    .map(drop)
}
