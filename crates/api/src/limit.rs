//! How many requests a system may make in a minute, counted per account in memory, so per process.
//! Deliberately absent: counting by endpoint, and a larger share for some.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use kernel::{Time, id::AccountId};

/// Requests of one account in a minute; a roster or a report is one request, however many people it holds.
pub(crate) const PER_MINUTE: u32 = 600;

/// The counts of the current minute.
#[derive(Debug, Default)]
pub(crate) struct Limit(Mutex<(i64, HashMap<AccountId, u32>)>);

/// The one of this process.
pub(crate) static SYSTEMS: LazyLock<Limit> = LazyLock::new(Limit::default);

impl Limit {
    /// Counts a request; false when it is one too many.
    pub(crate) fn allows(&self, account: AccountId, now: Time) -> bool {
        let minute = now.micros() / 60_000_000;
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.0 != minute {
            *counts = (minute, HashMap::new());
        }
        let count = counts.1.entry(account).or_default();
        *count += 1;
        *count <= PER_MINUTE
    }
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    #[test]
    fn a_minute_holds_so_many_requests_of_an_account_and_the_next_begins_anew() {
        let limit = Limit::default();
        let (one, other) = (Id::new(1), Id::new(2));
        let now = Time::from_micros(0);
        assert!((0..PER_MINUTE).all(|_| limit.allows(one, now)));
        assert!(!limit.allows(one, now));
        assert!(limit.allows(other, now));
        assert!(limit.allows(one, now.plus_seconds(60)));
    }
}
