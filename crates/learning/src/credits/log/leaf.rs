//! What the log holds of an entry: a salted commitment to every column of its row.
//!
//! ```text
//! commitment = SHA-256("zhixin-entry-1\n" ‖ salt ‖ columns)          32 bytes, public
//! column     = 'n' | 'i' ‖ 8 bytes | 't' ‖ 4 bytes of length ‖ UTF-8  most significant byte first
//! ```
//! The columns stand in the order of [`COLUMNS`], each says what it is and how long, so no two rows have the same bytes.
//! The salt (16 random bytes, kept with the row, secret) makes the commitment tell nothing to whoever guesses at hours.
//! Rules: R-20 (every column of an entry is committed to, its cause included). Deliberately absent: the tree over the
//! commitments (`tlog`), and where salt and row are kept (`credits/store.rs`).

use db::{Column, Value};
use kernel::{EntryId, Error, Result};
use sha2::{Digest, Sha256};

/// The columns of an entry that never change, in the order in which they are committed to.
pub const COLUMNS: [&str; WIDTH] = [
    "id",
    "person",
    "year",
    "subject",
    "form",
    "hours",
    "cause",
    "attempt",
    "title",
    "rule",
    "edition",
    "basis",
    "earned_on",
    "posted_at",
    "posted_by",
    "reverses",
    "reason",
    "org",
    "provider",
    "district",
    "department",
];

/// How many columns there are.
pub const WIDTH: usize = 21;
/// Bytes of a salt.
pub const SALT: usize = 16;
const DOMAIN: &[u8] = b"zhixin-entry-1\n";

/// What the log holds of an entry.
pub type Commitment = [u8; 32];

/// Salts, drawn from the operating system a few hundred at a time.
#[derive(Debug, Default)]
pub struct Salts {
    drawn: Vec<u8>,
}

impl Salts {
    /// The next one.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn draw(&mut self) -> Result<[u8; SALT]> {
        if self.drawn.is_empty() {
            self.drawn.resize(SALT * 512, 0);
            getrandom::fill(&mut self.drawn).map_err(Error::broken)?;
        }
        let rest = self.drawn.len() - SALT;
        let salt = self.drawn[rest..].try_into().map_err(Error::broken)?;
        self.drawn.truncate(rest);
        Ok(salt)
    }
}

/// The bytes that are committed to, collected column by column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical(Vec<u8>);

impl Canonical {
    /// Of a row as it is about to be written.
    #[must_use]
    pub fn of_values(values: &[Value]) -> Self {
        Self::of_columns(values.iter().map(column))
    }

    /// Of a row as it was read.
    #[must_use]
    pub fn of_columns<'c>(columns: impl Iterator<Item = Column<'c>>) -> Self {
        let mut canonical = Self(Vec::with_capacity(768));
        for column in columns {
            canonical.add(&column);
        }
        canonical
    }

    fn add(&mut self, column: &Column<'_>) {
        let mut sized = |kind: u8, bytes: &[u8]| {
            self.0.push(kind);
            self.0
                .extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
            self.0.extend(bytes);
        };
        match column {
            Column::Null => self.0.push(b'n'),
            Column::Int(value) => {
                self.0.push(b'i');
                self.0.extend(value.to_be_bytes());
            }
            Column::Text(text) => sized(b't', text.as_bytes()),
            Column::Blob(bytes) => sized(b'b', bytes),
        }
    }

    /// The commitment to them under a salt.
    #[must_use]
    pub fn commitment(&self, salt: &[u8]) -> Commitment {
        commitment(salt, &self.0)
    }

    /// The bytes themselves.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The commitment to canonical bytes under a salt.
#[must_use]
pub fn commitment(salt: &[u8], canonical: &[u8]) -> Commitment {
    let mut hasher = Sha256::new();
    hasher.update(DOMAIN);
    hasher.update(salt);
    hasher.update(canonical);
    hasher.finalize().into()
}

fn column(value: &Value) -> Column<'_> {
    match value {
        Value::Null => Column::Null,
        Value::Int(value) => Column::Int(*value),
        Value::Text(text) => Column::Text(text),
        Value::Blob(bytes) => Column::Blob(bytes),
    }
}

/// Entries that wait for their index, as one row of the queue keeps them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Ids, eight bytes each, most significant first.
    pub entries: Vec<u8>,
    /// Commitments, in the same order.
    pub commitments: Vec<u8>,
}

impl Waiting {
    /// One more.
    pub fn push(&mut self, entry: EntryId, commitment: &Commitment) {
        self.entries.extend(entry.get().to_be_bytes());
        self.commitments.extend(commitment);
    }

    /// How many wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len() / 8
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Vec<Value> {
        (0..WIDTH as i64)
            .map(|n| match n % 3 {
                0 => Value::Int(n),
                1 => Value::Text(format!("列{n}")),
                _ => Value::Null,
            })
            .collect()
    }

    #[test]
    fn r20_every_column_of_an_entry_is_committed_to_its_cause_included() {
        let salt = [7; SALT];
        let whole = Canonical::of_values(&row()).commitment(&salt);
        for place in 0..WIDTH {
            for other in [Value::Int(99), Value::Text("改".into()), Value::Null] {
                let mut changed = row();
                if changed[place] == other {
                    continue;
                }
                changed[place] = other;
                assert_ne!(
                    Canonical::of_values(&changed).commitment(&salt),
                    whole,
                    "{}",
                    COLUMNS[place]
                );
            }
        }
        assert_ne!(Canonical::of_values(&row()).commitment(&[8; SALT]), whole);
    }

    #[test]
    fn text_cannot_slip_from_one_column_into_the_next() {
        let two = |a: &str, b: &str| Canonical::of_values(&[a.into(), b.into()]);
        assert_ne!(two("ab", "c"), two("a", "bc"));
        assert_ne!(two("", "t"), two("t", ""));
        assert_ne!(Canonical::of_values(&[Value::Null]), Canonical::of_values(&["".into()]));
    }

    #[test]
    fn no_two_salts_are_the_same() {
        let mut salts = Salts::default();
        let drawn: std::collections::HashSet<_> = (0..2000).map(|_| salts.draw().unwrap()).collect();
        assert_eq!(drawn.len(), 2000);
    }
}
