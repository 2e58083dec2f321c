//! One message to one endpoint.
//!
//! ```text
//! Waiting ──2xx──► Delivered
//!   │  ▲──other, no answer: after a pause──┘        Delivered, GivenUp ──try again──► Waiting
//!   └──the last attempt failed──► GivenUp
//! ```
//! The pauses grow from ten seconds to a day, so that a receiver may be away for a weekend. A receiver gets a message at
//! least once, always under the same id.

use kernel::{Error, Result, Time};

/// Seconds after a failed attempt until the next; after the last there is none.
const PAUSES: [i64; 9] = [10, 60, 300, 1_800, 7_200, 21_600, 43_200, 86_400, 86_400];

kernel::codes! {
    /// Where a message stands.
    pub enum DeliveryState {
        /// To be sent, or to be sent again.
        Waiting = "waiting" "等待送达",
        /// The receiver has it.
        Delivered = "delivered" "已送达",
        /// No further attempt.
        GivenUp = "given_up" "已放弃",
    }
}

/// What an attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// The receiver has it.
    Taken,
    /// It has not.
    Failed,
    /// It says that there is nobody any more (410).
    Gone,
}

impl Attempt {
    /// By the status of the answer; none when there was no answer.
    #[must_use]
    pub const fn of(status: Option<u16>) -> Self {
        match status {
            Some(200..=299) => Self::Taken,
            Some(410) => Self::Gone,
            _ => Self::Failed,
        }
    }
}

/// Where a message stands, and when it is tried next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempts: u32,
    /// When it is tried next, while it waits.
    pub next_at: Time,
}

impl Standing {
    /// A new message, to be sent at once.
    #[must_use]
    pub const fn new(now: Time) -> Self {
        Self {
            state: DeliveryState::Waiting,
            attempts: 0,
            next_at: now,
        }
    }

    /// After an attempt.
    #[must_use]
    pub fn tried(self, attempt: Attempt, now: Time) -> Self {
        let attempts = self.attempts + 1;
        let pause = usize::try_from(self.attempts).ok().and_then(|done| PAUSES.get(done));
        let (state, next_at) = match (attempt, pause) {
            (Attempt::Taken, _) => (DeliveryState::Delivered, now),
            (Attempt::Failed | Attempt::Gone, Some(pause)) => (DeliveryState::Waiting, now.plus_seconds(*pause)),
            (Attempt::Failed | Attempt::Gone, None) => (DeliveryState::GivenUp, now),
        };
        Self {
            state,
            attempts,
            next_at,
        }
    }

    /// Sent once more from the beginning, because somebody asks for it.
    ///
    /// # Errors
    /// `webhook.waiting` while it waits anyway and has not been tried.
    pub fn again(self, now: Time) -> Result<Self> {
        if self.state == DeliveryState::Waiting && self.attempts == 0 {
            return Err(Error::refused(
                "webhook.waiting",
                "这条消息还在等待第一次发送，不需要重试。",
            ));
        }
        Ok(Self::new(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_tried_ten_times_over_three_days() {
        let begun = Time::from_micros(0);
        let (mut standing, mut now) = (Standing::new(begun), begun);
        let mut waits = Vec::new();
        loop {
            standing = standing.tried(Attempt::Failed, now);
            if standing.state != DeliveryState::Waiting {
                break;
            }
            waits.push(standing.next_at.seconds_since(now));
            now = standing.next_at;
        }
        assert_eq!((standing.state, standing.attempts), (DeliveryState::GivenUp, 10));
        assert_eq!(waits, PAUSES);
        assert!(now.seconds_since(begun) > 60 * 3_600 && now.seconds_since(begun) < 72 * 3_600);
        let again = standing.again(now).unwrap();
        assert_eq!(again, Standing::new(now));
        assert!(again.again(now).is_err());
    }

    #[test]
    fn only_a_status_of_success_is_taken() {
        let taken = |status| Attempt::of(Some(status)) == Attempt::Taken;
        assert!((100..600).all(|status| taken(status) == (200..300).contains(&status)));
        assert_eq!(Attempt::of(Some(410)), Attempt::Gone);
        assert_eq!(Attempt::of(Some(307)), Attempt::Failed);
        assert_eq!(Attempt::of(None), Attempt::Failed);
        let now = Time::from_micros(5);
        assert_eq!(
            Standing::new(now).tried(Attempt::Taken, now).state,
            DeliveryState::Delivered
        );
    }
}
