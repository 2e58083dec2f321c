//! `report_parameters`: the figures of R-63, as set by the lead.

use db::{Tx, Value};
use kernel::{Result, Time};
use rules::reports::Pace;

/// The figures in force.
// unscoped: two figures of the platform, shown to everybody whom they concern.
pub(in crate::reports) async fn load(tx: &mut Tx) -> Result<Pace> {
    let rows: Vec<(String, u32)> = tx.all("select name, value from report_parameters", &[]).await?;
    let value = |name: &str, otherwise: u32| {
        let set = rows.iter().find(|(set, _)| set == name);
        set.map_or(otherwise, |(_, value)| *value)
    };
    Ok(Pace {
        first_month: value("pace_first_month", Pace::DEFAULT.first_month),
        last_days: value("pace_last_days", Pace::DEFAULT.last_days),
    })
}

pub(in crate::reports) async fn save(tx: &mut Tx, to: Pace, at: Time, by: &str) -> Result<()> {
    let figures = [("pace_first_month", to.first_month), ("pace_last_days", to.last_days)];
    let sql = "insert into report_parameters (name, value, changed_at, changed_by) values {}
        on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at,
        changed_by = excluded.changed_by";
    let rows = figures.map(|(name, value)| [Value::from(name), value.into(), at.into(), by.into()]);
    tx.insert_all(sql, rows).await.map(drop)
}
