//! Recomputes the whole ledger against its log and its counters, in one snapshot and constant memory.
//!
//! ```text
//! checkpoint ─► tree (bundles → tiles → root) ─► rows (every column → commitment ↔ bundle or queue) ─► balances ─► done
//! ```
//! The rows are read in the order of their ids; beside each stretch of them lie the bundles and queued entries that may
//! hold those ids, so an entry changed, dropped, added behind the log's back, doubled or put elsewhere is met by name.
//! Balances are compared without sorting: each key (person, year, subject) gets a number drawn for this audit, and the sum
//! of number × hours over the entries must be that over the balances; if it is not, the exact sums name the first.
//! R-23: an audit agrees only when all of it agrees. It can be stopped anywhere and goes on from its [`State`].
//! Deliberately absent: whether an old backup was restored; that shows only against a checkpoint kept elsewhere.

use std::collections::HashMap;

use db::Tx;
use kernel::{EntryId, Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tlog::{Algorithm, Hash, PublicKey, WIDTH, append, needed, root};

use super::proof::{Opened, open_checkpoint};
use super::store::{self, Bundle, Head};
use crate::credits::store as ledger;

/// Findings after which the audit stops looking for more.
const MOST: usize = 20;
/// Entries read at a time.
const ROWS: u32 = 8_192;
/// Bundles read at a time.
const BUNDLES: u32 = 64;

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

    fn number(&self, person: i64, year: i64, subject: &str) -> u64 {
        let mut hasher = Sha256::new();
        hasher.update(self.seed);
        hasher.update(person.to_be_bytes());
        hasher.update(year.to_be_bytes());
        hasher.update(subject);
        let digest: [u8; 32] = hasher.finalize().into();
        u64::from_be_bytes(*digest.first_chunk().unwrap_or(&[0; 8])) >> 1
    }
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
    tree(tx, &head, state, (&mut findings, &mut tell)).await?;
    let queue = queued(tx, &mut findings).await?;
    rows(tx, &head, &queue, state, (&mut findings, &mut tell)).await?;
    if findings.len() < MOST {
        balances(tx, state, &mut findings).await?;
    }
    findings.truncate(MOST);
    Ok(Report {
        entries: state.rows,
        waiting: queue.len() as u64,
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

/// The tree over the commitments, recomputed bundle by bundle.
async fn tree<F>(tx: &mut Tx, head: &Head, state: &mut State, (findings, tell): Out<'_, F>) -> Result<()>
where
    F: FnMut(&State, u64) -> Result<()> + Send,
{
    let mut tiles = store::read(tx, needed(state.leaves, &[])).await?;
    let mut size = state.leaves;
    while size < head.size && findings.len() < MOST {
        let bundles = store::bundles_from(tx, size / WIDTH, BUNDLES).await?;
        let mut leaves: Vec<Hash> = Vec::new();
        for bundle in &bundles {
            let expected = (head.size - size - leaves.len() as u64).min(WIDTH);
            if let Some(found) = misshapen(bundle, (size + leaves.len() as u64) / WIDTH, expected, &mut state.high) {
                findings.push(found);
                return Ok(());
            }
            leaves.extend(bundle.leaf_hashes().as_chunks::<32>().0);
        }
        if leaves.is_empty() {
            let gap = format!("账本应有 {} 条记录，只找到 {size} 条：其后的记录被删除。", head.size);
            findings.push(Finding::new("log.gap", gap));
            return Ok(());
        }
        let changed = append(&mut tiles, size, &leaves).map_err(Error::broken)?;
        for ((level, number), ours) in changed.iter().filter(|((level, _), _)| *level > 0) {
            let kept = store::tile(tx, *level, *number).await?;
            if kept.as_ref().and_then(|kept| kept.get(..ours.len())) != Some(ours.as_slice()) {
                let sentence = format!("第 {level} 层第 {number} 块树节点与重新计算的不一致：被改动或缺失。");
                findings.push(Finding::new("tile", sentence));
            }
        }
        size += leaves.len() as u64;
        tiles.0.extend(changed);
        let edge: Vec<_> = needed(size, &[])
            .into_iter()
            .filter_map(|path| Some((path.level?, path.number)))
            .collect();
        tiles.0.retain(|key, _| edge.contains(key));
        // A partial bundle is recomputed when the audit goes on.
        state.leaves = size - size % WIDTH;
        tell(state, head.size)?;
    }
    let ours = root(&mut tiles, size).map_err(Error::broken)?;
    if findings.is_empty() && ours != head.root {
        findings.push(Finding::new(
            "root",
            "由全部记录重新计算的树根与检查点不一致：账本中的记录被改动过。",
        ));
    }
    Ok(())
}

/// What is wrong with the shape of a bundle: its number, its width, the ids it says it holds.
fn misshapen(bundle: &Bundle, number: u64, width: u64, high: &mut i64) -> Option<Finding> {
    let (entries, commitments) = (bundle.entries.len() as u64, bundle.commitments.len() as u64);
    if bundle.number != number || commitments != width * 32 || entries != width * 8 {
        let sentence = format!("账本第 {number} 组记录缺失，或条数不对：应有 {width} 条。");
        return Some(Finding::new("log.gap", sentence));
    }
    let (low, greatest) = bundle.leaves().fold((i64::MAX, *high), |(low, high), (_, id, _)| {
        (low.min(id.get()), high.max(id.get()))
    });
    // A partial bundle is met again when the audit goes on after it has grown.
    if width == WIDTH {
        *high = greatest;
    }
    let wrong = bundle.low != low || bundle.high != greatest;
    wrong.then(|| Finding::new("log.index", format!("账本第 {number} 组记录的编号范围与其内容不符。")))
}

/// Entries that wait, with their commitments.
async fn queued(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<HashMap<i64, Option<Hash>>> {
    let mut waiting = HashMap::new();
    for row in store::queue(tx).await? {
        for (place, entry) in row.entries.iter().enumerate() {
            let commitment = match &row.commitments {
                Some(commitments) => match commitments.get(place) {
                    Some(commitment) => Some(*commitment),
                    None => {
                        findings.push(Finding::of("queue", entry.get(), None, "待排队的记录缺少承诺值。"));
                        continue;
                    }
                },
                None => None,
            };
            if waiting.insert(entry.get(), commitment).is_some() {
                findings.push(Finding::of("queue", entry.get(), None, "同一条学时在队列中出现两次。"));
            }
        }
    }
    Ok(waiting)
}

/// Every row against the log, in the order of the ids.
async fn rows<F>(
    tx: &mut Tx,
    head: &Head,
    queue: &HashMap<i64, Option<Hash>>,
    state: &mut State,
    (findings, tell): Out<'_, F>,
) -> Result<()>
where
    F: FnMut(&State, u64) -> Result<()> + Send,
{
    loop {
        let rows = ledger::recomputed(tx, state.last, ROWS).await?;
        let ended = rows.len() < ROWS as usize;
        let from = state.last.map_or(i64::MIN, |last| last.saturating_add(1));
        let to = rows.last().filter(|_| !ended).map_or(i64::MAX, |row| row.id.get());
        let mut logged = logged(tx, head, (from, to), findings).await?;
        for row in &rows {
            let id = row.id.get();
            if let Some(found) = disagrees(row, logged.remove(&id), queue.get(&id)) {
                findings.push(found);
            }
            let number = state.number(row.person, row.year, &row.subject);
            state.hours.add(number, row.hours);
            state.activities.add(number, if row.reverses { -1 } else { 1 });
        }
        let mut dropped: Vec<_> = logged.into_iter().collect();
        dropped.sort_by_key(|(_, (index, _))| *index);
        findings.extend(dropped.into_iter().take(MOST).map(|(id, (index, _))| {
            let sentence = format!("账本第 {index} 号记录对应的学时（编号 {id}）已不在流水中：被删除。");
            Finding::of("entry.dropped", id, Some(index), sentence)
        }));
        if let Some(row) = rows.last() {
            state.last = Some(row.id.get());
        }
        state.rows += rows.len() as u64;
        tell(state, head.size)?;
        if ended || findings.len() >= MOST {
            break;
        }
    }
    for id in queue.keys() {
        if findings.len() < MOST && !ledger::exists(tx, EntryId::new(*id)).await? {
            let sentence = format!("等待排队的学时（编号 {id}）已不在流水中：被删除。");
            findings.push(Finding::of("entry.dropped", *id, None, sentence));
        }
    }
    Ok(())
}

/// What the log holds of the ids from `from` to `to`: index and commitment.
async fn logged(
    tx: &mut Tx,
    head: &Head,
    (from, to): (i64, i64),
    findings: &mut Vec<Finding>,
) -> Result<HashMap<i64, (u64, Hash)>> {
    let mut logged = HashMap::with_capacity(ROWS as usize + 512);
    for bundle in store::bundles_between(tx, from, to).await? {
        for (index, id, commitment) in bundle.leaves() {
            if id.get() < from || id.get() > to || index >= head.size {
                continue;
            }
            let commitment: Hash = commitment.try_into().map_err(Error::broken)?;
            if logged.insert(id.get(), (index, commitment)).is_some() {
                let sentence = format!("同一条学时（编号 {id}）在账本中出现两次。");
                findings.push(Finding::of("entry.doubled", id.get(), Some(index), sentence));
            }
        }
    }
    Ok(logged)
}

fn disagrees(row: &ledger::Recomputed, logged: Option<(u64, Hash)>, queued: Option<&Option<Hash>>) -> Option<Finding> {
    let id = row.id.get();
    let changed = |index, place: &str| {
        let sentence = format!("学时（编号 {id}，{}）的内容与入账时不一致：{place}。", row.cause);
        Some(Finding::of("entry.changed", id, index, sentence))
    };
    match (logged, queued) {
        (None, None) => {
            let sentence = format!(
                "学时（编号 {id}，{}）既不在公开账本中，也不在等待排队：绕过入账直接写入。",
                row.cause
            );
            Some(Finding::of("entry.unlogged", id, None, sentence))
        }
        (Some(_), Some(_)) => Some(Finding::of(
            "entry.doubled",
            id,
            None,
            format!("学时（编号 {id}）已在账本中，又在等待排队。"),
        )),
        (Some((index, commitment)), None) if commitment != row.commitment => {
            changed(Some(index), &format!("与账本第 {index} 号记录的承诺值不符"))
        }
        (None, Some(Some(commitment))) if *commitment != row.commitment => changed(None, "与等待排队的承诺值不符"),
        _ if !row.salted => changed(None, "缺少随机盐"),
        _ => None,
    }
}

async fn balances(tx: &mut Tx, state: &State, findings: &mut Vec<Finding>) -> Result<()> {
    let (mut hours, mut activities) = (Balance::default(), Balance::default());
    ledger::each_balance(tx, |balance| {
        let number = state.number(balance.person, balance.year, &balance.subject);
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
