//! The table `throttles`: attempts by key, counted in one statement so that parallel guesses are all counted.

use db::{FromRow, Row, Tx, args};
use kernel::{Result, Time};
use rules::identity::throttle::{Count, Throttle};

impl FromRow for Counted {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self(Count {
            attempts: row.get(0)?,
            at: row.get(1)?,
        }))
    }
}

/// A count as a row.
pub struct Counted(pub Count);

/// Counts an attempt. A forgotten count begins anew; during a pause the time stands still.
pub async fn spend(tx: &mut Tx, key: &str, throttle: Throttle, now: Time) -> Result<Count> {
    let sql = "insert into throttles (key, at, attempts) values ($1, $2, 1)
        on conflict (key) do update set
            attempts = case when throttles.at <= $3 then 1 else throttles.attempts + 1 end,
            at = case when throttles.at > $3 and throttles.attempts >= $4 then throttles.at else excluded.at end
        returning attempts, at";
    let Counted(count) = tx
        .one(sql, args![key, now, throttle.forgotten_before(now), throttle.limit])
        .await?;
    Ok(count)
}

/// The count of a key, if there is one.
pub async fn find(tx: &mut Tx, key: &str) -> Result<Option<Count>> {
    let found: Option<Counted> = tx
        .first("select attempts, at from throttles where key = $1", args![key])
        .await?;
    Ok(found.map(|counted| counted.0))
}

/// Takes one attempt back: it succeeded.
pub async fn refund(tx: &mut Tx, key: &str) -> Result<()> {
    tx.exec(
        "update throttles set attempts = attempts - 1 where key = $1 and attempts > 0",
        args![key],
    )
    .await
    .map(drop)
}

/// Forgets a key's count.
pub async fn clear(tx: &mut Tx, key: &str) -> Result<()> {
    tx.exec("delete from throttles where key = $1", args![key])
        .await
        .map(drop)
}

/// Forgets counts whose last attempt was before this instant.
pub async fn forget(tx: &mut Tx, before: Time) -> Result<u64> {
    tx.exec("delete from throttles where at < $1", args![before]).await
}
