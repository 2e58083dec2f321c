//! How many classes a search of the catalogue finds, remembered for the rest of the minute.
//!
//! Counting reads every match, showing a page reads twenty: without a memory the count would cost more than the page. A
//! number is forgotten when this process changes what is published, and when the minute is over (another process may
//! have published, and enrolment windows open and close by the clock).
//! Deliberately absent: anything but the public catalogue; numbers within a scope are always counted.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
    sync::{Mutex, PoisonError},
};

use registry::Ctx;

use super::CatalogueQuery;

/// Searches remembered at once; when there are more, all are forgotten.
const MOST: usize = 2_000;
const MINUTE: i64 = 60_000_000;

/// Rises whenever this process changes what is published.
static CHANGES: AtomicU64 = AtomicU64::new(0);
static KNOWN: Mutex<Option<HashMap<Asked, u64>>> = Mutex::new(None);

/// One search at one time in one installation (tests hold several in a process).
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Asked {
    installation: PathBuf,
    changes: u64,
    minute: i64,
    query: CatalogueQuery,
}

impl Asked {
    pub(super) fn now(ctx: &Ctx, query: &CatalogueQuery) -> Self {
        Self {
            installation: ctx.installation.data.clone(),
            changes: CHANGES.load(Ordering::SeqCst),
            minute: ctx.now().micros().div_euclid(MINUTE),
            query: query.clone(),
        }
    }

    /// The number, if it is remembered.
    pub(super) fn known(&self) -> Option<u64> {
        let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref()?.get(self).copied()
    }

    /// Remembers a number that was counted after this was made.
    pub(super) fn remember(self, count: u64) {
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get_or_insert_default();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(self, count);
    }
}

/// What is published has changed, and the change is committed.
pub(super) fn forget() {
    CHANGES.fetch_add(1, Ordering::SeqCst);
}
