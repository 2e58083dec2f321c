//! What the log holds of an entry: a salted commitment to every column of its row, of which a document opens but some.
//!
//! ```text
//! opening ‖ sealing = SHA-256("zhixin-salts-1\n" ‖ salt)                      16 bytes each
//! sealed     = SHA-256("zhixin-sealed-1\n" ‖ sealing ‖ hidden columns)        32 bytes
//! commitment = SHA-256("zhixin-entry-2\n" ‖ opening ‖ sealed ‖ shown columns) 32 bytes, public
//! column     = 'n' | 'i' ‖ 8 bytes | 't' ‖ 4 bytes of length ‖ UTF-8           most significant byte first
//! ```
//! The columns stand in the order of [`COLUMNS`], each says what it is and how long, so no two rows have the same bytes.
//! The salt (16 random bytes, kept with the row, secret) makes the commitment tell nothing to whoever guesses at hours.
//! A document reveals `opening`, `sealed` and the shown columns: enough to recompute the commitment. Who posted the entry,
//! whose it is, its cause and its bodies are behind `sealed`, whose salt nobody can compute from what is revealed.
//! Rules: R-20 (every column of an entry is committed to, its cause included), R-73 (a proof discloses no account and no
//! person). Deliberately absent: the tree over the commitments (`tlog`), and where salt and row are kept
//! (`credits/store.rs`).

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
/// Columns that no document shows: ids of people, accounts and bodies, and free words.
pub const HIDDEN: [&str; 10] = [
    "person",
    "cause",
    "attempt",
    "basis",
    "posted_by",
    "reason",
    "org",
    "provider",
    "district",
    "department",
];
/// Bytes of a salt.
pub const SALT: usize = 16;
const DERIVING: &[u8] = b"zhixin-salts-1\n";
const SEALING: &[u8] = b"zhixin-sealed-1\n";
const DOMAIN: &[u8] = b"zhixin-entry-2\n";

/// Which of [`COLUMNS`] are hidden, so that nobody compares names for every entry.
const IS_HIDDEN: [bool; WIDTH] = [
    false, true, false, false, false, false, true, true, false, false, false, true, false, false, true, false, true,
    true, true, true, true,
];

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
pub struct Canonical {
    shown: Vec<u8>,
    hidden: Vec<u8>,
}

/// What a document reveals of an entry, and what its commitment is recomputed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The half of the salt that opens.
    pub salt: [u8; SALT],
    /// The digest of the hidden columns, then the shown ones.
    pub entry: Vec<u8>,
}

impl Canonical {
    /// Of a row as it is about to be written.
    #[must_use]
    pub fn of_values(values: &[Value]) -> Self {
        Self::of_columns(values.iter().map(column))
    }

    /// Of a row as it was read.
    #[must_use]
    pub fn of_columns<'c>(columns: impl Iterator<Item = Column<'c>>) -> Self {
        let mut canonical = Self {
            shown: Vec::with_capacity(256),
            hidden: Vec::with_capacity(512),
        };
        for (column, hidden) in columns.zip(IS_HIDDEN) {
            let bytes = if hidden {
                &mut canonical.hidden
            } else {
                &mut canonical.shown
            };
            encode(&column, bytes);
        }
        canonical
    }

    /// The commitment to them under a salt.
    #[must_use]
    pub fn commitment(&self, salt: &[u8]) -> Commitment {
        let (opening, sealed) = self.sealed(salt);
        digest(DOMAIN, &[&opening, &sealed, &self.shown])
    }

    /// What a document reveals.
    #[must_use]
    pub fn opening(&self, salt: &[u8]) -> Opening {
        let (opening, sealed) = self.sealed(salt);
        Opening {
            salt: opening,
            entry: [&sealed[..], &self.shown].concat(),
        }
    }

    fn sealed(&self, salt: &[u8]) -> ([u8; SALT], [u8; 32]) {
        let both = digest(DERIVING, &[salt]);
        let (mut opening, mut sealing) = ([0; SALT], [0; SALT]);
        opening.copy_from_slice(&both[..SALT]);
        sealing.copy_from_slice(&both[SALT..]);
        (opening, digest(SEALING, &[&sealing, &self.hidden]))
    }
}

/// The commitment to what a document reveals.
#[must_use]
pub fn commitment(opening: &[u8], entry: &[u8]) -> Commitment {
    digest(DOMAIN, &[opening, entry])
}

/// The integer in a shown column of what a document reveals; none when the column is hidden or the bytes are no entry.
#[must_use]
pub fn shown_integer(entry: &[u8], column: &str) -> Option<i64> {
    let place = COLUMNS
        .iter()
        .position(|name| *name == column && !HIDDEN.contains(name))?;
    let before = IS_HIDDEN[..place].iter().filter(|hidden| !**hidden).count();
    let mut rest = entry.get(32..)?;
    for at in 0..=before {
        let (kind, after) = rest.split_first()?;
        let (value, after) = match kind {
            b'n' => (None, after),
            b'i' => {
                let (value, after) = after.split_first_chunk::<8>()?;
                (Some(i64::from_be_bytes(*value)), after)
            }
            b't' | b'b' => {
                let (length, after) = after.split_first_chunk::<4>()?;
                let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
                (None, after.get(length..)?)
            }
            _ => return None,
        };
        if at == before {
            return value;
        }
        rest = after;
    }
    None
}

fn encode(column: &Column<'_>, bytes: &mut Vec<u8>) {
    let mut sized = |kind: u8, content: &[u8]| {
        bytes.push(kind);
        bytes.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend(content);
    };
    match column {
        Column::Null => bytes.push(b'n'),
        Column::Int(value) => {
            bytes.push(b'i');
            bytes.extend(value.to_be_bytes());
        }
        Column::Text(text) => sized(b't', text.as_bytes()),
        Column::Blob(content) => sized(b'b', content),
    }
}

fn digest(domain: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(domain);
    for part in parts {
        hasher.update(part);
    }
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
        let two = |a: &str, b: &str| {
            let mut bytes = Vec::new();
            encode(&Column::Text(a), &mut bytes);
            encode(&Column::Text(b), &mut bytes);
            bytes
        };
        assert_ne!(two("ab", "c"), two("a", "bc"));
        assert_ne!(two("", "t"), two("t", ""));
        assert_ne!(Canonical::of_values(&[Value::Null]), Canonical::of_values(&["".into()]));
    }

    #[test]
    fn r73_what_a_document_reveals_holds_no_hidden_column_and_still_proves_every_one() {
        let hidden: Vec<&str> = COLUMNS
            .iter()
            .zip(IS_HIDDEN)
            .filter_map(|(name, hidden)| hidden.then_some(*name))
            .collect();
        assert_eq!(hidden, HIDDEN);
        let values: Vec<Value> = COLUMNS.iter().map(|name| format!("内容：{name}").into()).collect();
        let salt = [7; SALT];
        let canonical = Canonical::of_values(&values);
        let opening = canonical.opening(&salt);
        assert_eq!(commitment(&opening.salt, &opening.entry), canonical.commitment(&salt));
        for name in COLUMNS {
            let content = format!("内容：{name}");
            let revealed = opening
                .entry
                .windows(content.len())
                .any(|bytes| bytes == content.as_bytes());
            assert_eq!(revealed, !HIDDEN.contains(&name), "{name}");
        }
        assert_ne!(opening.salt, salt, "the salt of the row stays secret");
    }

    #[test]
    fn a_shown_integer_is_read_and_a_hidden_one_is_not() {
        let values: Vec<Value> = (0..WIDTH as i64).map(Value::Int).collect();
        let opening = Canonical::of_values(&values).opening(&[7; SALT]);
        for (place, name) in (0..).zip(COLUMNS) {
            let expected = (!HIDDEN.contains(&name)).then_some(place);
            assert_eq!(shown_integer(&opening.entry, name), expected, "{name}");
        }
        assert_eq!(shown_integer(&opening.entry[..40], "hours"), None);
    }

    #[test]
    fn no_two_salts_are_the_same() {
        let mut salts = Salts::default();
        let drawn: std::collections::HashSet<_> = (0..2000).map(|_| salts.draw().unwrap()).collect();
        assert_eq!(drawn.len(), 2000);
    }
}
