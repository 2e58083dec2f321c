//! How often a system has called, counted per account and use in memory, so per process. How often it may, says
//! `rules::identity::call_limit` with the figures of the installation.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use kernel::{Time, id::AccountId};
use rules::identity::TokenScope;
use rules::identity::call_limit::Calls;

/// Counts kept at once; beyond it those that matter no more are forgotten.
const REMEMBERED: usize = 10_000;

/// The counts.
#[derive(Debug, Default)]
pub(crate) struct Limit(Mutex<HashMap<(AccountId, TokenScope), Calls>>);

/// The one of this process.
pub(crate) static SYSTEMS: LazyLock<Limit> = LazyLock::new(Limit::default);

impl Limit {
    /// Counts a call of an account for a use.
    ///
    /// # Errors
    /// The seconds to wait, when it is one too many.
    pub(crate) fn count(&self, caller: (AccountId, TokenScope), now: Time, per_minute: u32) -> Result<(), i64> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= REMEMBERED {
            counts.retain(|_, calls| !calls.is_spent(now));
        }
        counts.entry(caller).or_default().count(now, per_minute)
    }
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;

    #[test]
    fn accounts_and_uses_are_counted_apart() {
        let limit = Limit::default();
        let now = Time::from_micros(0);
        let count = |account, scope| limit.count((Id::new(account), scope), now, 2).is_ok();
        assert!(count(1, TokenScope::Roster) && count(1, TokenScope::Roster));
        assert!(!count(1, TokenScope::Roster));
        assert!(count(2, TokenScope::Roster) && count(1, TokenScope::Verify));
    }
}
