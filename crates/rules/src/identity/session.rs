//! How long a session lives: until it is idle too long, too old, revoked, or its grant ends.
//!
//! ```text
//! living ──no request for IDLE──► over     living ──ABSOLUTE after sign-in──► over     living ──revoke──► over
//! ```
//! Deliberately absent: "keep me signed in". The desks stand in open offices.

use kernel::Time;

/// Seconds without a request: two hours, a long form or a lunch, not an afternoon away.
pub const IDLE: i64 = 2 * 3600;
/// Seconds from sign-in whatever happens: one working day.
pub const ABSOLUTE: i64 = 12 * 3600;
/// The time of the last request is written at most this often, in seconds, so that reading stays reading.
pub const TOUCH: i64 = 60;

/// The times of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// When it was last used, to [`TOUCH`].
    pub seen_at: Time,
    /// When it ends whatever happens.
    pub expires_at: Time,
}

impl Lifetime {
    /// A session that begins at `now`.
    #[must_use]
    pub const fn begin(now: Time) -> Self {
        Self {
            seen_at: now,
            expires_at: now.plus_seconds(ABSOLUTE),
        }
    }

    /// Whether it still lives at `now`.
    #[must_use]
    pub fn lives(self, now: Time) -> bool {
        now < self.expires_at && now.seconds_since(self.seen_at) < IDLE
    }

    /// Whether the time of the last request is due to be written.
    #[must_use]
    pub const fn wants_touch(self, now: Time) -> bool {
        now.seconds_since(self.seen_at) >= TOUCH
    }

    /// Sessions last seen at or before this instant are over at `now`; for queries.
    #[must_use]
    pub const fn idle_before(now: Time) -> Time {
        now.plus_seconds(-IDLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NINE: Time = Time::from_micros(1_772_672_400_000_000);

    #[test]
    fn an_idle_session_ends_after_two_hours() {
        let session = Lifetime::begin(NINE);
        assert!(session.lives(NINE.plus_seconds(IDLE - 1)));
        assert!(!session.lives(NINE.plus_seconds(IDLE)));
    }

    #[test]
    fn a_busy_session_ends_after_twelve_hours() {
        let busy = Lifetime {
            seen_at: NINE.plus_seconds(ABSOLUTE - 1),
            ..Lifetime::begin(NINE)
        };
        assert!(busy.lives(NINE.plus_seconds(ABSOLUTE - 1)));
        assert!(!busy.lives(NINE.plus_seconds(ABSOLUTE)));
    }

    #[test]
    fn the_last_request_is_written_once_a_minute() {
        let session = Lifetime::begin(NINE);
        assert!(!session.wants_touch(NINE.plus_seconds(59)));
        assert!(session.wants_touch(NINE.plus_seconds(60)));
    }
}
