//! `review_bars`: pairs that are never assigned.

use db::{FromRow, Row, Tx, Value, args, code};
use kernel::{Result, Time};

use crate::calls::review::{Bar, RoundId};

impl FromRow for Bar {
    fn from_row(row: &Row) -> Result<Self> {
        let (at, by, why): (Option<Time>, Option<String>, String) = (row.get(5)?, row.get(6)?, row.get(7)?);
        Ok(Self {
            id: row.get(0)?,
            item: row.get(1)?,
            expert: row.get(2)?,
            ground: row.code(3)?,
            detail: row.get(4)?,
            lifted: at.zip(by).map(|(at, by)| (at, by, why)),
        })
    }
}

const COLUMNS: &str = "id, item, expert, ground, detail, lifted_at, lifted_by, lifted_why";

/// The bars of a round by what they bar, lifted ones too.
pub(in crate::calls::review) async fn of(tx: &mut Tx, round: RoundId) -> Result<Vec<Bar>> {
    let sql = format!("select {COLUMNS} from review_bars where round = $1 order by item, expert, ground");
    tx.all(&sql, args![round]).await
}

pub(in crate::calls::review) async fn load(tx: &mut Tx, round: RoundId, id: i64) -> Result<Bar> {
    let sql = format!("select {COLUMNS} from review_bars where round = $1 and id = $2");
    tx.one(&sql, args![round, id]).await
}

/// Writes the bars as they were computed now; those that were lifted stay as they are.
pub(in crate::calls::review) async fn replace(tx: &mut Tx, round: RoundId, bars: &[Bar]) -> Result<()> {
    tx.exec(
        "delete from review_bars where round = $1 and lifted_at is null",
        args![round],
    )
    .await?;
    let rows: Vec<[Value; 6]> = bars
        .iter()
        .filter(|bar| bar.lifted.is_none())
        .map(|bar| {
            [
                tx.mint::<()>().into(),
                round.into(),
                bar.item.into(),
                bar.expert.into(),
                code(bar.ground),
                bar.detail.as_str().into(),
            ]
        })
        .collect();
    let sql = "insert into review_bars (id, round, item, expert, ground, detail) values {}";
    for some in rows.chunks(2_000) {
        tx.insert_all(sql, some.to_vec()).await?;
    }
    Ok(())
}

pub(in crate::calls::review) async fn lift(tx: &mut Tx, id: i64, (at, by, why): (Time, &str, &str)) -> Result<()> {
    let sql =
        "update review_bars set lifted_at = $2, lifted_by = $3, lifted_why = $4 where id = $1 and lifted_at is null";
    tx.exec_one(sql, args![id, at, by, why]).await
}
