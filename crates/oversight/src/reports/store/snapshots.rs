//! Prepared figures by name: one JSON document each, and when it was taken.

use db::{Tx, args};
use kernel::{Error, Result, Time};
use serde::{Serialize, de::DeserializeOwned};

/// A snapshot: its figures, when they were taken, how long that took in microseconds.
pub(in crate::reports) struct Kept<T> {
    pub figures: T,
    pub as_of: Time,
    pub took_micros: i64,
}

/// The snapshot of this name, if it was ever taken. One that an older release wrote in another shape counts as none.
pub(in crate::reports) async fn find<T: DeserializeOwned>(tx: &mut Tx, name: &str) -> Result<Option<Kept<T>>> {
    let row: Option<(String, Time, i64)> = tx
        .first(
            "select body, as_of, took_micros from report_snapshots where name = $1",
            args![name],
        )
        .await?;
    let kept = row.and_then(|(body, as_of, took_micros)| {
        let figures = serde_json::from_str(&body).ok()?;
        Some(Kept {
            figures,
            as_of,
            took_micros,
        })
    });
    Ok(kept)
}

/// Keeps figures under a name in place of those taken before.
pub(in crate::reports) async fn keep<T: Serialize>(
    tx: &mut Tx,
    name: &str,
    figures: &T,
    (as_of, took): (Time, i64),
) -> Result<()> {
    let body = serde_json::to_string(figures).map_err(Error::broken)?;
    let sql = "insert into report_snapshots (name, body, as_of, took_micros) values ($1, $2, $3, $4)
        on conflict (name) do update set body = excluded.body, as_of = excluded.as_of, took_micros = excluded.took_micros";
    tx.exec(sql, args![name, body, as_of, took]).await.map(drop)
}
