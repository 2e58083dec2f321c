//! `review_minutes`: only ever added to; the last one of a thing is what the panel came to.

use db::{FromRow, Row, Tx, args};
use kernel::{Result, Time};
use rules::scorecards::Points;

use crate::calls::review::panel::Minutes;
use crate::calls::review::{ItemId, RoundId};

impl FromRow for Minutes {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            item: row.get(0)?,
            at: row.get(1)?,
            present: row.get(2)?,
            body: row.get(3)?,
            agreed: row.get::<Option<i64>>(4)?.map(Points::hundredths),
        })
    }
}

pub(in crate::calls::review) async fn insert(
    tx: &mut Tx,
    (round, item): (RoundId, ItemId),
    minutes: &Minutes,
    (at, by): (Time, &str),
) -> Result<()> {
    let sql = "insert into review_minutes (id, round, item, at, present, body, agreed, actor)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = args![
        tx.mint::<()>(),
        round,
        item,
        at,
        minutes.present.as_str(),
        minutes.body.as_str(),
        minutes.agreed.map(Points::get),
        by,
    ];
    tx.exec(sql, values).await.map(drop)
}

/// The minutes of a round, oldest first.
pub(in crate::calls::review) async fn of(tx: &mut Tx, round: RoundId) -> Result<Vec<Minutes>> {
    let sql = "select item, at, present, body, agreed from review_minutes where round = $1 order by id";
    tx.all(sql, args![round]).await
}
