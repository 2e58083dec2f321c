//! How often a system may call: an allowance a minute for each of its uses, spent as fast as it likes and given back evenly.
//!
//! ```text
//! next = max(next, now) + 1 min ÷ allowance       refused while next would lie more than a minute ahead
//! ```
//! Each account has one [`Calls`] for each scope, so that a system which checks titles all day cannot starve its own
//! roster. No rule of a regulation: the figures are ours and an installation may set others ([`Allowances::parse`]).
//! Deliberately absent: where the counts are kept (`api::limit`), limits of visitors (`server::limits`).

use kernel::{Code as _, Time};

use super::TokenScope;

/// The span over which an allowance is given.
const MINUTE: i64 = 60_000_000;
/// More than this many calls a minute are not told apart from no limit at all.
const MOST: u32 = 6_000_000;

/// Calls a minute, by what a token is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowances {
    usual: u32,
    special: Vec<(TokenScope, u32)>,
}

impl Default for Allowances {
    fn default() -> Self {
        Self {
            usual: 600,
            special: vec![(TokenScope::TitleChecks, 18_000)],
        }
    }
}

impl Allowances {
    /// `usual` for every use but those listed: `title_checks=18000,statements=6000`.
    ///
    /// # Errors
    /// The sentence that says what to write.
    pub fn parse(usual: u32, special: &str) -> Result<Self, String> {
        let within = |calls: u32| (1..=MOST).contains(&calls);
        if !within(usual) {
            return Err(format!("每分钟次数应在 1 到 {MOST} 之间。"));
        }
        let mut listed: Vec<(TokenScope, u32)> = Vec::new();
        for part in special.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let read = part.split_once('=').and_then(|(scope, calls)| {
                let scope = TokenScope::from_code(scope.trim())?;
                let calls = calls.trim().parse().ok().filter(|calls| within(*calls))?;
                Some((scope, calls))
            });
            let (scope, calls) = read.ok_or_else(|| {
                let codes: Vec<&str> = TokenScope::ALL.iter().map(|scope| scope.code()).collect();
                format!("“{part}”应写成 用途=每分钟次数，用途为 {}。", codes.join("、"))
            })?;
            listed.retain(|(other, _)| *other != scope);
            listed.push((scope, calls));
        }
        Ok(Self { usual, special: listed })
    }

    /// Calls a minute for this use.
    #[must_use]
    pub fn of(&self, scope: TokenScope) -> u32 {
        let special = self.special.iter().find(|(listed, _)| *listed == scope);
        special.map_or(self.usual, |(_, calls)| *calls)
    }
}

/// The calls of one account for one use: when the last of them will have been given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calls(i64);

impl Calls {
    /// Counts a call.
    ///
    /// # Errors
    /// The seconds to wait, when it is one too many; it is not counted then.
    pub fn count(&mut self, now: Time, per_minute: u32) -> Result<(), i64> {
        let share = MINUTE / i64::from(per_minute.max(1));
        let next = self.0.max(now.micros()) + share;
        let ahead = next - now.micros();
        if ahead > MINUTE {
            return Err((ahead - MINUTE).div_euclid(1_000_000) + i64::from((ahead - MINUTE).rem_euclid(1_000_000) > 0));
        }
        self.0 = next;
        Ok(())
    }

    /// Whether nothing is left to give back, so that it may be forgotten.
    #[must_use]
    pub fn is_spent(&self, now: Time) -> bool {
        self.0 <= now.micros()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: i64) -> Time {
        Time::from_micros(micros)
    }

    fn counted(calls: &mut Calls, now: i64, per_minute: u32) -> u32 {
        let mut count = 0;
        while calls.count(at(now), per_minute).is_ok() {
            count += 1;
        }
        count
    }

    #[test]
    fn a_minutes_calls_may_come_at_once_and_are_given_back_evenly() {
        let mut calls = Calls::default();
        assert_eq!(counted(&mut calls, 0, 600), 600);
        assert_eq!(calls.count(at(0), 600), Err(1));
        assert_eq!(counted(&mut calls, 1_000_000, 600), 10);
        assert_eq!(counted(&mut calls, 31_000_000, 600), 300);
        assert!(!calls.is_spent(at(31_000_000)) && calls.is_spent(at(91_000_000)));
        assert_eq!(counted(&mut calls, 200_000_000, 600), 600);
    }

    #[test]
    fn two_hundred_title_checks_a_second_are_never_refused() {
        let (mut calls, allowance) = (Calls::default(), Allowances::default().of(TokenScope::TitleChecks));
        assert!((0..200 * 300).all(|n| calls.count(at(n * 5_000), allowance).is_ok()));
    }

    #[test]
    fn a_slow_allowance_says_how_long_to_wait() {
        let mut calls = Calls::default();
        assert_eq!(calls.count(at(0), 1), Ok(()));
        assert_eq!(calls.count(at(0), 1), Err(60));
        assert_eq!(calls.count(at(59_500_000), 1), Err(1));
        assert_eq!(calls.count(at(60_000_000), 1), Ok(()));
    }

    #[test]
    fn allowances_are_read_and_rubbish_is_refused_with_what_to_write() {
        let read = Allowances::parse(100, " title_checks = 12000 , roster=5,").unwrap();
        assert_eq!(read.of(TokenScope::TitleChecks), 12_000);
        assert_eq!((read.of(TokenScope::Roster), read.of(TokenScope::Verify)), (5, 100));
        for wrong in ["title=1", "roster", "roster=0", "roster=-1", "roster=many"] {
            assert!(
                Allowances::parse(100, wrong).unwrap_err().contains("title_checks"),
                "{wrong}"
            );
        }
        assert!(Allowances::parse(0, "").is_err());
    }
}
