//! Mints row ids: ascending 63-bit numbers, unique across the processes of one installation.
//!
//! 41 bits milliseconds since 2022-01-01 · 10 bits node · 12 bits sequence. Within a process an id is always
//! greater than the one before: when a millisecond's 4,096 numbers are used up, or the clock steps back, the
//! mint runs ahead of the clock. The node keeps processes apart: on PostgreSQL it is a number under an advisory
//! lock, held by a connection of its own for as long as the process lives; on SQLite, where a second process is
//! a short command of the operator, it is a random number. Ids carry no meaning and are never taken apart.

use std::{
    hash::{BuildHasher, Hasher},
    sync::atomic::{AtomicI64, Ordering},
};

use kernel::{Clock, Id};

/// Milliseconds from 1970 to 2022.
const EPOCH: i64 = 1_640_995_200_000;
pub(crate) const NODES: i64 = 1 << 10;
const SEQUENCE_BITS: u32 = 12;

/// The mint of one process.
#[derive(Debug)]
pub(crate) struct Mint {
    /// The last milliseconds and sequence, without the node.
    last: AtomicI64,
    node: AtomicI64,
}

impl Mint {
    pub(crate) fn new(node: i64) -> Self {
        Self {
            last: AtomicI64::new(0),
            node: AtomicI64::new(node),
        }
    }

    /// A number that other processes hardly have.
    pub(crate) fn random_node() -> i64 {
        let random = std::hash::RandomState::new().build_hasher().finish();
        i64::try_from(random % NODES.unsigned_abs()).unwrap_or(0)
    }

    pub(crate) fn set_node(&self, node: i64) {
        self.node.store(node, Ordering::SeqCst);
    }

    pub(crate) fn next<T>(&self) -> Id<T> {
        let now = (Clock::System.now().micros() / 1000 - EPOCH).max(0) << SEQUENCE_BITS;
        let after = |last: i64| Some(now.max(last + 1));
        let last = self
            .last
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, after)
            .unwrap_or(now);
        let tick = now.max(last + 1);
        let (milliseconds, sequence) = (tick >> SEQUENCE_BITS, tick & ((1 << SEQUENCE_BITS) - 1));
        let node = self.node.load(Ordering::SeqCst);
        Id::new((((milliseconds * NODES) | node) << SEQUENCE_BITS) | sequence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend_and_never_repeat_across_threads() {
        let mint = Mint::new(Mint::random_node());
        let each = |_| {
            let ids: Vec<i64> = (0..20_000).map(|_| mint.next::<()>().get()).collect();
            assert!(ids.is_sorted());
            ids
        };
        let mut all: Vec<i64> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|n| scope.spawn(move || each(n))).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(all[0] > 0);
    }
}
