//! `review_places`: the ranking of a closed round; never changed.

use db::{FromRow, Row, Tx, Value, args, code};
use kernel::{Result, id::DeclarationId};
use rules::scorecards::Points;
use rules::scorecards::ranking::{Entry, Placed, Tie};

use crate::calls::review::{ItemId, RoundId};

/// A declaration's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// What.
    pub item: ItemId,
    /// The declaration.
    pub declaration: DeclarationId,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// From 1.
    pub place: u32,
    /// What it is ranked by.
    pub total: Points,
    /// The panel's score.
    pub score: Points,
    /// What the panel agreed on instead.
    pub agreed: Option<Points>,
    /// Points of priority.
    pub priority: Points,
    /// The highest less the lowest.
    pub spread: Points,
    /// What decided against the one before, where the totals are equal.
    pub by: Option<Tie>,
    /// Whether somebody has the same place.
    pub shared: bool,
}

impl FromRow for Ranked {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            item: row.get(0)?,
            declaration: row.get(1)?,
            number: row.get(2)?,
            title: row.get(3)?,
            place: row.get(4)?,
            total: Points::hundredths(row.get(5)?),
            score: Points::hundredths(row.get(6)?),
            agreed: row.get::<Option<i64>>(7)?.map(Points::hundredths),
            priority: Points::hundredths(row.get(8)?),
            spread: Points::hundredths(row.get(9)?),
            by: row.code_opt(10)?,
            shared: row.get(11)?,
        })
    }
}

pub(in crate::calls::review) async fn insert_all(
    tx: &mut Tx,
    round: RoundId,
    placed: &[(Placed, Entry)],
) -> Result<()> {
    let rows: Vec<[Value; 10]> = placed
        .iter()
        .map(|(placed, entry)| {
            [
                placed.item.into(),
                round.into(),
                placed.place.into(),
                placed.total.get().into(),
                entry.score.get().into(),
                entry.agreed.map(Points::get).into(),
                entry.priority.get().into(),
                entry.spread.get().into(),
                placed.by.map(code).into(),
                placed.shared.into(),
            ]
        })
        .collect();
    let sql =
        "insert into review_places (item, round, place, total, score, agreed, priority, spread, decided_by, shared)
        values {}";
    tx.insert_all(sql, rows).await.map(drop)
}

/// The places of a round, the best first; none before it is closed.
pub(in crate::calls::review) async fn of(tx: &mut Tx, round: RoundId) -> Result<Vec<Ranked>> {
    let sql =
        "select p.item, i.declaration, i.number, i.title, p.place, p.total, p.score, p.agreed, p.priority, p.spread,
            p.decided_by, p.shared
        from review_places p join review_items i on i.id = p.item where p.round = $1 order by p.place, i.number";
    tx.all(sql, args![round]).await
}
