//! An endpoint: the address of a system that wants to be told, and whether it still listens.
//!
//! ```text
//! On ──switch off──► Off ──switch on──► On
//!  └──nothing taken for so many days, 410, or the role that keeps it ended──► Off
//! ```
//! R-74: after a failure the whole endpoint rests for a while that doubles, so that an address that is down costs one attempt at
//! a time and holds up nobody else. The days are an installation's to set.

use kernel::{Error, Result, Time};

/// Seconds that a former secret still signs after it was replaced: a day.
pub const OVERLAP: i64 = 86_400;
/// The first rest after a failure in seconds; it doubles.
const REST: i64 = 10;
/// The longest rest.
const LONGEST: i64 = 3_600;

kernel::codes! {
    /// Why an endpoint is told nothing.
    pub enum Silenced {
        /// Somebody switched it off.
        ByHand = "by_hand" "人工停用",
        /// It took nothing for too long.
        Failing = "failing" "连续送达失败",
        /// It answered that there is nobody any more.
        Gone = "gone" "接收方答复 410（不再接收）",
        /// The role that kept it has ended.
        Ended = "ended" "所属账号的角色已终止",
    }
}

/// Where an endpoint stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is told.
    On {
        /// Since when nothing was taken, if the last attempt failed.
        failing_since: Option<Time>,
        /// Failures one after the other.
        failures: u32,
    },
    /// It is not.
    Off {
        /// Since when.
        at: Time,
        /// Why.
        why: Silenced,
    },
}

impl Standing {
    /// A new endpoint, or one that is told again.
    #[must_use]
    pub const fn new() -> Self {
        Self::On {
            failing_since: None,
            failures: 0,
        }
    }

    /// It took a message.
    #[must_use]
    pub const fn taken(self) -> Self {
        match self {
            Self::On { .. } => Self::new(),
            off @ Self::Off { .. } => off,
        }
    }

    /// It did not take a message; after `patience` days of that it is told no more.
    #[must_use]
    pub fn failed(self, now: Time, patience: u32) -> Self {
        let Self::On {
            failing_since,
            failures,
        } = self
        else {
            return self;
        };
        let since = failing_since.unwrap_or(now);
        if now >= since.plus_days(i64::from(patience)) && failing_since.is_some() {
            return Self::Off {
                at: now,
                why: Silenced::Failing,
            };
        }
        Self::On {
            failing_since: Some(since),
            failures: failures.saturating_add(1),
        }
    }

    /// It is told no more, for a reason that the platform has found; one that is off stays off as it was.
    #[must_use]
    pub const fn silence(self, at: Time, why: Silenced) -> Self {
        match self {
            Self::On { .. } => Self::Off { at, why },
            off @ Self::Off { .. } => off,
        }
    }

    /// Until when it is left alone.
    #[must_use]
    pub fn rests_until(self, now: Time) -> Time {
        match self {
            Self::On { failures: 0, .. } | Self::Off { .. } => now,
            Self::On { failures, .. } => now.plus_seconds((REST << (failures - 1).min(20)).min(LONGEST)),
        }
    }

    /// Somebody switches it off.
    ///
    /// # Errors
    /// `webhook.off` when it is off.
    pub fn switch_off(self, at: Time) -> Result<Self> {
        match self {
            Self::On { .. } => Ok(Self::Off {
                at,
                why: Silenced::ByHand,
            }),
            Self::Off { .. } => Err(Error::refused("webhook.off", "这个接收地址已经停用。")),
        }
    }

    /// Somebody switches it on again.
    ///
    /// # Errors
    /// `webhook.on` when it is on.
    pub fn switch_on(self) -> Result<Self> {
        match self {
            Self::Off { .. } => Ok(Self::new()),
            Self::On { .. } => Err(Error::refused("webhook.on", "这个接收地址正在使用。")),
        }
    }
}

impl Default for Standing {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    #[test]
    fn r74_an_endpoint_that_takes_nothing_for_days_is_told_no_more() {
        let at = |days: i64| Time::from_micros(days * DAY);
        let mut standing = Standing::new();
        for day in 0..5 {
            standing = standing.failed(at(day), 5);
            assert!(
                matches!(standing, Standing::On { failing_since: Some(since), .. } if since == at(0)),
                "{day}"
            );
        }
        let off = Standing::Off {
            at: at(5),
            why: Silenced::Failing,
        };
        assert_eq!(standing.failed(at(5), 5), off);
        assert_eq!(off.failed(at(9), 5), off);
        assert_eq!(off.taken(), off);
        assert_eq!(standing.taken(), Standing::new());
        // The first failure alone never ends it, whatever the patience.
        assert!(matches!(
            Standing::new().failed(at(9), 0),
            Standing::On { failures: 1, .. }
        ));
    }

    #[test]
    fn r74_the_rest_after_failures_doubles_up_to_an_hour() {
        let now = Time::from_micros(0);
        let mut standing = Standing::new();
        let mut rests = vec![standing.rests_until(now).seconds_since(now)];
        for _ in 0..11 {
            standing = standing.failed(now, 5);
            rests.push(standing.rests_until(now).seconds_since(now));
        }
        assert_eq!(rests, [0, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
        let long = Standing::On {
            failing_since: Some(now),
            failures: u32::MAX,
        };
        assert_eq!(long.failed(now, 5).rests_until(now).seconds_since(now), LONGEST);
    }

    #[test]
    fn every_deed_in_every_state() {
        let now = Time::from_micros(7);
        let on = Standing::new();
        let off = on.switch_off(now).unwrap();
        assert!(on.switch_on().is_err() && off.switch_off(now).is_err());
        assert_eq!(off.switch_on().unwrap(), on);
        let gone = on.silence(now, Silenced::Gone);
        assert!(matches!(
            gone,
            Standing::Off {
                why: Silenced::Gone,
                ..
            }
        ));
        assert_eq!(off.silence(now, Silenced::Gone), off);
        assert_eq!(gone.switch_on().unwrap(), on);
        assert_eq!(off.rests_until(now), now);
    }
}
