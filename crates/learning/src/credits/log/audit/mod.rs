//! Recomputes the whole ledger against its log and its counters, in one snapshot and little memory: a stretch of rows, and
//! three numbers for each 256 leaves.
//!
//! ```text
//! checkpoint ─► tree (bundles → tiles → root) ─► rows (every column → commitment ↔ bundle or queue) ─► balances ─► done
//! ```
//! The rows are read in the order of their ids; beside each stretch of them lie the bundles and queued entries that may
//! hold those ids, so an entry changed, dropped, added behind the log's back, doubled or put elsewhere is met by name.
//! Balances are compared without sorting: each key (person, year, subject) gets a number drawn for this audit, and the sum
//! of number × hours over the entries must be that over the balances; if it is not, the exact sums name the first.
//! While a stretch is read, the one before is recomputed on another core. `tree.rs` holds the tree, `rows.rs` the rows.
//! R-23: an audit agrees only when all of it agrees. It can be stopped anywhere and goes on from its [`State`].
//! Deliberately absent: whether an old backup was restored; that shows only against a checkpoint kept elsewhere.

mod rows;
mod tree;

use db::Tx;
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tlog::{Algorithm, PublicKey};

use super::proof::{Opened, open_checkpoint};
use super::store::{self, Head};
use crate::credits::store as ledger;

/// Findings after which the audit stops looking for more.
const MOST: usize = 20;

/// Something that does not agree, in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A stable code: `entry.changed`, `tile`, `checkpoint`.
    pub code: &'static str,
    /// The entry, where one is at fault.
    pub entry: Option<i64>,
    /// Its index in the log.
    pub index: Option<u64>,
    /// What was found.
    pub sentence: String,
}

impl Finding {
    fn new(code: &'static str, sentence: impl Into<String>) -> Self {
        Self {
            code,
            entry: None,
            index: None,
            sentence: sentence.into(),
        }
    }

    fn of(code: &'static str, entry: i64, index: Option<u64>, sentence: impl Into<String>) -> Self {
        Self {
            entry: Some(entry),
            index,
            ..Self::new(code, sentence)
        }
    }
}

/// How far an audit has come; written down, it can go on later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Drawn once, so that nobody can choose balances that cancel out.
    seed: [u8; 16],
    /// Leaves whose tree was recomputed: whole bundles.
    pub leaves: u64,
    high: i64,
    /// The last id whose row was recomputed.
    last: Option<i64>,
    /// How many rows that were.
    pub rows: u64,
    hours: Balance,
    activities: Balance,
}

/// An exact sum: too wide for a JSON number, so two halves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Balance(i64, u64);

impl Balance {
    fn add(&mut self, number: u64, times: i64) {
        let sum = ((i128::from(self.0) << 64) | i128::from(self.1)) + i128::from(number) * i128::from(times);
        // The halves of two's complement.
        *self = Self((sum >> 64) as i64, sum as u64);
    }

    fn join(&mut self, other: Self) {
        let whole = |sum: Self| (i128::from(sum.0) << 64) | i128::from(sum.1);
        let sum = whole(*self) + whole(other);
        *self = Self((sum >> 64) as i64, sum as u64);
    }
}

impl State {
    /// A new audit.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn begin() -> Result<Self> {
        let mut seed = [0; 16];
        getrandom::fill(&mut seed).map_err(Error::broken)?;
        Ok(Self {
            seed,
            leaves: 0,
            high: i64::MIN,
            last: None,
            rows: 0,
            hours: Balance::default(),
            activities: Balance::default(),
        })
    }
}

/// The number of a balance's key in the audit of this seed.
fn number(seed: [u8; 16], person: i64, year: i64, subject: &str) -> u64 {
    let mut hasher = Sha256::new();
    hasher.update(seed);
    hasher.update(person.to_be_bytes());
    hasher.update(year.to_be_bytes());
    hasher.update(subject);
    let digest: [u8; 32] = hasher.finalize().into();
    u64::from_be_bytes(*digest.first_chunk().unwrap_or(&[0; 8])) >> 1
}

/// What an audit came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The head of the log at that moment.
    pub head: Head,
    /// By which of the known algorithms its checkpoint is signed.
    pub signed_by: Vec<Algorithm>,
    /// Entries recomputed.
    pub entries: u64,
    /// Entries that wait for their index.
    pub waiting: u64,
    /// What does not agree; the first ones, if there are many.
    pub findings: Vec<Finding>,
}

/// Audits in a snapshot. `tell` hears of every stretch; an error of it stops the audit.
///
/// # Errors
/// Storage failures, and those of `tell`: the audit could not come to its end.
pub async fn audit(
    tx: &mut Tx,
    keys: &[PublicKey],
    state: &mut State,
    mut tell: impl FnMut(&State, u64) -> Result<()> + Send,
) -> Result<Report> {
    let head = store::head(tx).await?;
    let (signed_by, mut findings) = checkpoint(&head, keys);
    tree::recompute(tx, &head, state, (&mut findings, &mut tell)).await?;
    let queue = rows::queued(tx, &mut findings).await?;
    let waiting = queue.len() as u64;
    rows::recompute(tx, &head, queue, state, (&mut findings, &mut tell)).await?;
    if findings.len() < MOST {
        balances(tx, state, &mut findings).await?;
    }
    findings.truncate(MOST);
    Ok(Report {
        entries: state.rows,
        waiting,
        head,
        signed_by,
        findings,
    })
}

type Out<'o, F> = (&'o mut Vec<Finding>, &'o mut F);

fn checkpoint(head: &Head, keys: &[PublicKey]) -> (Vec<Algorithm>, Vec<Finding>) {
    if head.note.is_empty() && head.size == 0 {
        return (Vec::new(), Vec::new());
    }
    let wrong = |sentence: String| (Vec::new(), vec![Finding::new("checkpoint", sentence)]);
    match open_checkpoint(&head.note, keys) {
        Err(why) => wrong(format!("当前检查点不可信：{why}。")),
        Ok(Opened { checkpoint, .. }) if checkpoint.size != head.size || checkpoint.root != head.root => {
            wrong("当前检查点与账本记录的大小或根不一致。".to_owned())
        }
        Ok(Opened { signed_by, .. }) => (signed_by, Vec::new()),
    }
}

async fn balances(tx: &mut Tx, state: &State, findings: &mut Vec<Finding>) -> Result<()> {
    let (mut hours, mut activities) = (Balance::default(), Balance::default());
    ledger::each_balance(tx, |balance| {
        let number = number(state.seed, balance.person, balance.year, &balance.subject);
        hours.add(number, balance.hours);
        activities.add(number, balance.activities);
        Ok(())
    })
    .await?;
    if hours == state.hours && activities == state.activities {
        return Ok(());
    }
    for wrong in ledger::mismatches(tx, u32::try_from(MOST).unwrap_or(20)).await? {
        let sentence = format!(
            "人员 {} {} 年度{}的余额是 {} 学时，流水合计是 {} 学时。",
            wrong.person,
            wrong.year,
            ledger::subject_name(&wrong.subject),
            wrong.balance,
            wrong.entries
        );
        findings.push(Finding::new("balance", sentence));
    }
    if activities != state.activities && hours == state.hours {
        findings.push(Finding::new("balance", "活动次数的计数与流水不一致。"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact_beyond_sixty_four_bits_and_below_zero() {
        let mut sum = Balance::default();
        for _ in 0..1000 {
            sum.add(u64::MAX >> 1, 1_000_000);
        }
        for _ in 0..1000 {
            sum.add(u64::MAX >> 1, -1_000_001);
        }
        for _ in 0..1000 {
            sum.add(u64::MAX >> 1, 1);
        }
        assert_eq!(sum, Balance::default());
        sum.add(1, -1);
        assert_eq!(sum, Balance(-1, u64::MAX));
    }
}
