//! `review_items`.

use db::{FromRow, Row, Tx, Value, args};
use kernel::{Error, Result};
use rules::scorecards::Points;

use crate::calls::review::{Item, ItemId, RoundId};

const COLUMNS: &str =
    "i.id, i.declaration, i.number, i.title, i.field, i.host, i.host_name, i.named, i.body, i.priority, i.priority_why";

impl FromRow for Item {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            declaration: row.get(1)?,
            number: row.get(2)?,
            title: row.get(3)?,
            field: row.get(4)?,
            host: row.get(5)?,
            host_name: row.get(6)?,
            named: row.json(7)?,
            body: row.json(8)?,
            priority: Points::hundredths(row.get(9)?),
            priority_why: row.get(10)?,
        })
    }
}

pub(in crate::calls::review) async fn insert_all(tx: &mut Tx, round: RoundId, items: &[Item]) -> Result<()> {
    let mut rows: Vec<[Value; 12]> = Vec::with_capacity(items.len());
    for item in items {
        rows.push([
            item.id.into(),
            round.into(),
            item.declaration.into(),
            item.number.as_str().into(),
            item.title.as_str().into(),
            item.field.clone().into(),
            item.host.into(),
            item.host_name.as_str().into(),
            serde_json::to_string(&item.named).map_err(Error::broken)?.into(),
            serde_json::to_string(&item.body).map_err(Error::broken)?.into(),
            item.priority.get().into(),
            item.priority_why.as_str().into(),
        ]);
    }
    let sql = "insert into review_items (id, round, declaration, number, title, field, host, host_name, named, body, priority,
        priority_why) values {}";
    tx.insert_all(sql, rows).await.map(drop)
}

/// What a round reviews, by number.
pub(in crate::calls::review) async fn of(tx: &mut Tx, round: RoundId) -> Result<Vec<Item>> {
    let sql = format!("select {COLUMNS} from review_items i where i.round = $1 order by i.number, i.id");
    tx.all(&sql, args![round]).await
}

pub(in crate::calls::review) async fn load(tx: &mut Tx, id: ItemId) -> Result<Item> {
    tx.one(
        &format!("select {COLUMNS} from review_items i where i.id = $1"),
        args![id],
    )
    .await
}

pub(in crate::calls::review) async fn round_of(tx: &mut Tx, id: ItemId) -> Result<RoundId> {
    tx.one("select round from review_items where id = $1", args![id]).await
}
