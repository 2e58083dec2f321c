//! `review_seats`.

use db::{FromRow, Row, Tx, Value, args, code};
use kernel::{Error, Result};

use crate::calls::review::{RoundId, Seat};

impl FromRow for Seat {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            expert: row.get(0)?,
            person: row.get(1)?,
            name: row.get(2)?,
            background: row.code(3)?,
            fields: row.json(4)?,
            specialty: row.get(5)?,
            level: row.code_opt(6)?,
            capacity: row.get(7)?,
        })
    }
}

/// Who takes part in a round, in the order of their ids.
pub(in crate::calls::review) async fn of(tx: &mut Tx, round: RoundId) -> Result<Vec<Seat>> {
    let sql = "select expert, person, name, background, fields, specialty, title_level, capacity from review_seats
        where round = $1 order by expert";
    tx.all(sql, args![round]).await
}

/// Seats these; whoever has a review that stands keeps the seat.
pub(in crate::calls::review) async fn replace(tx: &mut Tx, round: RoundId, seats: &[Seat]) -> Result<()> {
    let sql = "delete from review_seats where round = $1 and expert not in
        (select v.expert from reviews v where v.round = $1 and v.state in ('sent', 'accepted', 'signed'))";
    tx.exec(sql, args![round]).await?;
    for seat in seats {
        let fields = serde_json::to_string(&seat.fields).map_err(Error::broken)?;
        let values: [Value; 9] = [
            round.into(),
            seat.expert.into(),
            seat.person.into(),
            seat.name.as_str().into(),
            code(seat.background),
            fields.into(),
            seat.specialty.as_str().into(),
            seat.level.map(code).into(),
            seat.capacity.into(),
        ];
        tx.exec_new(
            "insert into review_seats (round, expert, person, name, background, fields, specialty, title_level, capacity)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (round, expert) do nothing",
            &values,
        )
        .await?;
    }
    Ok(())
}
