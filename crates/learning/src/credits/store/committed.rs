//! Entries as the public log and its audit read them: recomputed from every column.

use std::collections::HashMap;

use db::{FromRow, Query, Row, Tx, args};
use kernel::{EntryId, Error, Result};

use super::super::log::leaf::{COLUMNS, Canonical, Commitment, Opening, SALT, WIDTH};

/// Entries asked for in one statement.
const CHUNK: usize = 500;

/// The commitments to these entries, in their order, computed from the rows as they are.
pub(in crate::credits) async fn commitments(tx: &mut Tx, entries: &[EntryId]) -> Result<Vec<Commitment>> {
    let mut found = HashMap::with_capacity(entries.len());
    for chunk in entries.chunks(CHUNK) {
        let query = Query::new(&recomputing("where 1 = 1")).and_in("e.id", chunk.iter().map(|id| (*id).into()));
        for row in query.fetch::<Recomputed>(tx).await? {
            found.insert(row.id, row.commitment());
        }
    }
    entries
        .iter()
        .map(|id| {
            found
                .get(id)
                .copied()
                .ok_or_else(|| Error::broken(format!("entry {id} is gone")))
        })
        .collect()
}

/// What a proof reveals of an entry.
pub(in crate::credits) async fn opening(tx: &mut Tx, id: EntryId) -> Result<Opening> {
    struct Revealed(Opening);
    impl FromRow for Revealed {
        fn from_row(row: &Row) -> Result<Self> {
            let salt: Vec<u8> = row.get(WIDTH)?;
            Ok(Self(canonical(row)?.opening(&salt)))
        }
    }
    let Revealed(opening) = tx.one(&recomputing("where e.id = $1"), args![id]).await?;
    Ok(opening)
}

/// A row as an audit reads it.
pub(in crate::credits) struct Recomputed {
    pub(in crate::credits) id: EntryId,
    canonical: Canonical,
    salt: Vec<u8>,
    pub(in crate::credits) cause: String,
    pub(in crate::credits) person: i64,
    pub(in crate::credits) year: i64,
    pub(in crate::credits) subject: String,
    pub(in crate::credits) hours: i64,
    pub(in crate::credits) reverses: bool,
}

impl Recomputed {
    /// The commitment to the row as it is.
    pub(in crate::credits) fn commitment(&self) -> Commitment {
        self.canonical.commitment(&self.salt)
    }

    /// Whether its commitment tells nothing to whoever guesses.
    pub(in crate::credits) fn is_salted(&self) -> bool {
        self.salt.len() == SALT
    }
}

fn canonical(row: &Row) -> Result<Canonical> {
    // Asked for once, so that the columns can be walked through without being collected.
    row.column(WIDTH)?;
    Ok(Canonical::of_columns(
        (0..WIDTH).map(|place| row.column(place).unwrap_or(db::Column::Null)),
    ))
}

impl FromRow for Recomputed {
    fn from_row(row: &Row) -> Result<Self> {
        let salt = match row.column(WIDTH)? {
            db::Column::Blob(salt) => salt.to_vec(),
            _ => Vec::new(),
        };
        Ok(Self {
            canonical: canonical(row)?,
            salt,
            id: row.get(0)?,
            person: row.get(1)?,
            year: row.get(2)?,
            subject: row.get(3)?,
            hours: row.get(5)?,
            cause: row.get(6)?,
            reverses: row.get::<Option<i64>>(15)?.is_some(),
        })
    }
}

fn recomputing(tail: &str) -> String {
    format!(
        "select e.{}, e.salt from credits_entries e {tail}",
        COLUMNS.join(", e.")
    )
}

/// Rows after an id, in the order of the ids.
pub(in crate::credits) async fn recomputed(tx: &mut Tx, after: Option<i64>, most: u32) -> Result<Vec<Recomputed>> {
    let from = after.map_or(i64::MIN, |after| after.saturating_add(1));
    tx.all(
        &recomputing(&format!("where e.id >= $1 order by e.id limit {most}")),
        args![from],
    )
    .await
}
