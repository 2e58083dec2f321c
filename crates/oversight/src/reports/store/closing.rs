//! What of a year is not finished.

use db::{Tx, args};
use kernel::{Result, Time};

/// Classes of the year that are over and not completed, and the people who sit in them.
pub(in crate::reports) async fn unfinished(tx: &mut Tx, year: i32, now: Time) -> Result<(i64, i64)> {
    tx.one(
        "select count(*), cast(coalesce(sum((select count(*) from enrolments e where e.class = k.id and e.state = 'enrolled')), 0) as bigint)
         from classes k where k.year = $1 and k.state = 'published' and k.ends_at < $2",
        args![year, now],
    )
    .await
}
