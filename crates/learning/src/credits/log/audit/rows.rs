//! The rows of the ledger, recomputed in the order of their ids and compared with what the log holds of each.
//!
//! ```text
//! read a stretch of rows and the bundles beside it ─► recompute it on another core, while the next one is read
//! ```
//! Which bundles may hold an id is known from their smallest and greatest ids, read once ([`Spans`]): nearly always those
//! that follow each other, but an entry whose transaction took long stands in a later one.

use std::collections::HashMap;
use std::sync::Arc;

use db::Tx;
use kernel::{EntryId, Error, Result};
use tlog::Hash;
use tokio::task::spawn_blocking;

use super::{Balance, Finding, MOST, Out, State, number};
use crate::credits::log::store::{self, Head, Span};
use crate::credits::store as ledger;

/// Entries read at a time.
const ROWS: u32 = 8_192;

/// Entries that wait, with their commitments where those are known.
type Queue = HashMap<i64, Option<Hash>>;

/// Entries that wait for their index.
pub(super) async fn queued(tx: &mut Tx, findings: &mut Vec<Finding>) -> Result<Queue> {
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
pub(super) async fn recompute<F>(
    tx: &mut Tx,
    head: &Head,
    queue: Queue,
    state: &mut State,
    (findings, tell): Out<'_, F>,
) -> Result<()>
where
    F: FnMut(&State, u64) -> Result<()> + Send,
{
    let queue = Arc::new(queue);
    let mut spans = Spans::read(tx).await?;
    let mut last = state.last;
    let mut working = None;
    loop {
        let stretch = Stretch::read(tx, head, last, &mut spans).await?;
        let ended = stretch.ended;
        last = stretch.rows.last().map(|row| row.id.get()).or(last);
        let (queue, seed) = (Arc::clone(&queue), state.seed);
        let next = spawn_blocking(move || stretch.recompute(&queue, seed));
        if let Some(before) = working.replace(next) {
            let done: Done = before.await.map_err(Error::broken)?;
            done.join(state, findings);
            tell(state, head.size)?;
        }
        if ended || findings.len() >= MOST {
            break;
        }
    }
    if let Some(done) = working {
        done.await.map_err(Error::broken)?.join(state, findings);
        tell(state, head.size)?;
    }
    for id in queue.keys() {
        if findings.len() < MOST && !ledger::exists(tx, EntryId::new(*id)).await? {
            let sentence = format!("等待排队的学时（编号 {id}）已不在流水中：被删除。");
            findings.push(Finding::of("entry.dropped", *id, None, sentence));
        }
    }
    Ok(())
}

/// Which bundles may hold an id, in the order of their smallest ids.
struct Spans {
    all: Vec<Span>,
    /// Those before this place begin at or before the ids looked at.
    begun: usize,
    /// The begun ones that have not ended.
    open: Vec<Span>,
}

impl Spans {
    async fn read(tx: &mut Tx) -> Result<Self> {
        let mut all = store::spans(tx).await?;
        all.sort_unstable_by_key(|span| span.low);
        Ok(Self {
            all,
            begun: 0,
            open: Vec::new(),
        })
    }

    /// The numbers of the bundles that may hold an id from `from` to `to`, as runs of numbers that follow each other.
    /// `from` never falls from one call to the next.
    fn between(&mut self, from: i64, to: i64) -> Vec<(u64, u64)> {
        while let Some(span) = self.all.get(self.begun).filter(|span| span.low <= to) {
            self.open.push(*span);
            self.begun += 1;
        }
        self.open.retain(|span| span.high >= from);
        let mut numbers: Vec<u64> = self.open.iter().map(|span| span.number).collect();
        numbers.sort_unstable();
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for number in numbers {
            match runs.last_mut() {
                Some((_, end)) if *end + 1 == number => *end = number,
                _ => runs.push((number, number)),
            }
        }
        runs
    }
}

/// Rows one after another, and what the log holds of their ids.
struct Stretch {
    rows: Vec<ledger::Recomputed>,
    /// Index and commitment by id.
    logged: HashMap<i64, (u64, Hash)>,
    doubled: Vec<Finding>,
    ended: bool,
}

/// What became of a stretch.
struct Done {
    findings: Vec<Finding>,
    last: Option<i64>,
    rows: u64,
    hours: Balance,
    activities: Balance,
}

impl Stretch {
    async fn read(tx: &mut Tx, head: &Head, last: Option<i64>, spans: &mut Spans) -> Result<Self> {
        let rows = ledger::recomputed(tx, last, ROWS).await?;
        let ended = rows.len() < ROWS as usize;
        let from = last.map_or(i64::MIN, |last| last.saturating_add(1));
        let to = rows.last().filter(|_| !ended).map_or(i64::MAX, |row| row.id.get());
        let mut stretch = Self {
            logged: HashMap::with_capacity(rows.len() + 512),
            rows,
            doubled: Vec::new(),
            ended,
        };
        for (first, last) in spans.between(from, to) {
            for bundle in store::bundles_between(tx, first, last).await? {
                for (index, id, commitment) in bundle.leaves() {
                    if id.get() >= from && id.get() <= to && index < head.size {
                        stretch.note(id.get(), index, commitment.try_into().map_err(Error::broken)?);
                    }
                }
            }
        }
        Ok(stretch)
    }

    fn note(&mut self, id: i64, index: u64, commitment: Hash) {
        if self.logged.insert(id, (index, commitment)).is_some() {
            let sentence = format!("同一条学时（编号 {id}）在账本中出现两次。");
            self.doubled
                .push(Finding::of("entry.doubled", id, Some(index), sentence));
        }
    }

    fn recompute(self, queue: &Queue, seed: [u8; 16]) -> Done {
        let Self {
            rows,
            mut logged,
            doubled,
            ..
        } = self;
        let mut done = Done {
            findings: doubled,
            last: rows.last().map(|row| row.id.get()),
            rows: rows.len() as u64,
            hours: Balance::default(),
            activities: Balance::default(),
        };
        for row in &rows {
            let id = row.id.get();
            if let Some(found) = disagrees(row, logged.remove(&id), queue.get(&id)) {
                done.findings.push(found);
            }
            let number = number(seed, row.person, row.year, &row.subject);
            done.hours.add(number, row.hours);
            done.activities.add(number, if row.reverses { -1 } else { 1 });
        }
        let mut dropped: Vec<_> = logged.into_iter().collect();
        dropped.sort_by_key(|(_, (index, _))| *index);
        done.findings
            .extend(dropped.into_iter().take(MOST).map(|(id, (index, _))| {
                let sentence = format!("账本第 {index} 号记录对应的学时（编号 {id}）已不在流水中：被删除。");
                Finding::of("entry.dropped", id, Some(index), sentence)
            }));
        done
    }
}

impl Done {
    fn join(self, state: &mut State, findings: &mut Vec<Finding>) {
        findings.extend(self.findings);
        state.last = self.last.or(state.last);
        state.rows += self.rows;
        state.hours.join(self.hours);
        state.activities.join(self.activities);
    }
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
        (Some((index, commitment)), None) if commitment != row.commitment() => {
            changed(Some(index), &format!("与账本第 {index} 号记录的承诺值不符"))
        }
        (None, Some(Some(commitment))) if *commitment != row.commitment() => changed(None, "与等待排队的承诺值不符"),
        _ if !row.is_salted() => changed(None, "缺少随机盐"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(given: &[(i64, i64)]) -> Spans {
        let all = (0..).zip(given).map(|(number, (low, high))| Span {
            number,
            low: *low,
            high: *high,
        });
        let mut all: Vec<Span> = all.collect();
        all.sort_unstable_by_key(|span| span.low);
        Spans {
            all,
            begun: 0,
            open: Vec::new(),
        }
    }

    #[test]
    fn bundles_beside_a_stretch_are_found_and_those_with_late_entries_too() {
        // The third bundle holds an entry, 5, whose transaction took long.
        let mut spans = spans(&[(1, 10), (11, 20), (5, 30), (31, 40)]);
        assert_eq!(spans.between(i64::MIN, 10), [(0, 0), (2, 2)]);
        assert_eq!(spans.between(11, 25), [(1, 2)]);
        assert_eq!(spans.between(26, 31), [(2, 3)]);
        assert_eq!(spans.between(41, i64::MAX), []);
    }
}
