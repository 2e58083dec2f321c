//! The states of an account.
//!
//! ```text
//! invited ──activate──► active ──activate (new password)──► active
//!    └────────── end ──────┴──► ended
//! ```
//! An account is invited without a password; its holder chooses one with a one-time code. An ended account never
//! comes back: whoever returns gets a new one, so that the trail of the old one stays closed.
//! Deliberately absent: a lock. Pauses after failed logins belong to the name that was typed (`throttle.rs`).

use kernel::{Error, Result, Time};

/// Where an account stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Created; nobody has chosen a password yet.
    Invited {
        /// When it was created.
        since: Time,
    },
    /// Its holder has a password.
    Active {
        /// When the password was chosen.
        since: Time,
    },
    /// Over for good.
    Ended {
        /// When.
        since: Time,
        /// Login name of who ended it.
        by: String,
    },
}

impl Standing {
    /// The holder chose a password.
    ///
    /// # Errors
    /// `account.ended` for an ended account.
    pub fn activate(self, now: Time) -> Result<Self> {
        match self {
            Self::Invited { .. } | Self::Active { .. } => Ok(Self::Active { since: now }),
            Self::Ended { .. } => Err(ended()),
        }
    }

    /// Ends the account.
    ///
    /// # Errors
    /// `account.ended` when it is over already.
    pub fn end(self, now: Time, by: &str) -> Result<Self> {
        match self {
            Self::Invited { .. } | Self::Active { .. } => Ok(Self::Ended {
                since: now,
                by: by.to_owned(),
            }),
            Self::Ended { .. } => Err(ended()),
        }
    }

    /// Refuses what needs an account that is not over: a grant, a code.
    ///
    /// # Errors
    /// `account.ended`.
    pub fn open(&self) -> Result<()> {
        if matches!(self, Self::Ended { .. }) {
            Err(ended())
        } else {
            Ok(())
        }
    }

    /// The stable code, as stored.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invited { .. } => "invited",
            Self::Active { .. } => "active",
            Self::Ended { .. } => "ended",
        }
    }

    /// The word of a code, for lists and filters.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Invited { .. } => "待激活",
            Self::Active { .. } => "正常",
            Self::Ended { .. } => "已终止",
        }
    }

    /// Since when it stands so.
    #[must_use]
    pub const fn since(&self) -> Time {
        match self {
            Self::Invited { since } | Self::Active { since } | Self::Ended { since, .. } => *since,
        }
    }

    /// Puts the stored parts together; `None` when they are no state.
    #[must_use]
    pub fn from_parts(code: &str, since: Time, ended_by: Option<String>) -> Option<Self> {
        match (code, ended_by) {
            ("invited", None) => Some(Self::Invited { since }),
            ("active", None) => Some(Self::Active { since }),
            ("ended", Some(by)) => Some(Self::Ended { since, by }),
            _ => None,
        }
    }
}

fn ended() -> Error {
    Error::refused("account.ended", "这个账号已终止，不能再使用。需要时请另建账号。")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_micros(9);

    fn states() -> [Standing; 3] {
        let since = Time::from_micros(1);
        [
            Standing::Invited { since },
            Standing::Active { since },
            Standing::Ended {
                since,
                by: "boss".into(),
            },
        ]
    }

    #[test]
    fn only_an_ended_account_refuses() {
        for state in states() {
            let over = matches!(state, Standing::Ended { .. });
            assert_eq!(state.open().is_err(), over);
            assert_eq!(
                state.clone().activate(NOW).ok(),
                (!over).then_some(Standing::Active { since: NOW })
            );
            let ended = Standing::Ended {
                since: NOW,
                by: "me".into(),
            };
            assert_eq!(state.end(NOW, "me").ok(), (!over).then_some(ended));
        }
    }

    #[test]
    fn a_state_is_stored_and_read_back() {
        for state in states() {
            let by = if let Standing::Ended { by, .. } = &state {
                Some(by.clone())
            } else {
                None
            };
            assert_eq!(Standing::from_parts(state.code(), state.since(), by), Some(state));
        }
        assert_eq!(Standing::from_parts("ended", NOW, None), None);
        assert_eq!(Standing::from_parts("active", NOW, Some("x".into())), None);
    }
}
