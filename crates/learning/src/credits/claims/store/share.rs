//! `claim_shares`: what a recognised claim gave in each year, and by which entry.

use db::{FromRow, Query, Row, Tx, Value, args};
use kernel::{EntryId, Hours, PersonId, Result, id::ClaimId};

/// A share of an earlier recognition.
#[derive(Debug, Clone)]
pub(in crate::credits::claims) struct Share {
    pub(in crate::credits::claims) rule: String,
    pub(in crate::credits::claims) key: Option<String>,
    pub(in crate::credits::claims) year: i32,
    pub(in crate::credits::claims) hours: Hours,
    pub(in crate::credits::claims) entry: EntryId,
}

impl FromRow for Share {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            rule: row.get(0)?,
            key: row.get(1)?,
            year: row.get(2)?,
            hours: row.get(3)?,
            entry: row.get(4)?,
        })
    }
}

pub(in crate::credits::claims) async fn insert(
    tx: &mut Tx,
    claim: ClaimId,
    shares: &[(i32, Hours, EntryId)],
) -> Result<()> {
    let rows = shares
        .iter()
        .map(|(year, hours, entry)| -> [Value; 4] { [claim.into(), (*year).into(), (*hours).into(), (*entry).into()] });
    tx.insert_all("insert into claim_shares (claim, year, hours, entry) values {}", rows)
        .await
        .map(drop)
}

/// What was recognised for these records, other than by one claim.
// unscoped: the records of one person, whose claim is being decided.
pub(in crate::credits::claims) async fn of_people(
    tx: &mut Tx,
    family: &[PersonId],
    but: ClaimId,
) -> Result<Vec<Share>> {
    Query::new(
        "select c.rule, c.key, s.year, s.hours, s.entry from claim_shares s join claims c on c.id = s.claim
         where c.state = 'recognised'",
    )
    .and_in("c.person", family.iter().map(|id| (*id).into()))
    .and("c.id <> {}", but)
    .push(" order by s.claim, s.year")
    .fetch(tx)
    .await
}

pub(in crate::credits::claims) async fn of(tx: &mut Tx, claim: ClaimId) -> Result<Vec<(i32, Hours, EntryId)>> {
    tx.all(
        "select year, hours, entry from claim_shares where claim = $1 order by year",
        args![claim],
    )
    .await
}
