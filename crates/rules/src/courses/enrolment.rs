//! The state of one person's enrolment in one class.
//!
//! ```text
//! (none) ──take──► enrolled ──────────────complete──► completed | failed | absent
//!           └────► waiting ──promote──► enrolled
//! enrolled | waiting ──withdraw──► withdrawn ──take──► …
//! enrolled | waiting ──class cancelled──► cancelled
//! waiting ──class completed──► withdrawn (never had a seat)
//! ```
//!
//! The person and the employer withdraw until enrolment ends; later the provider does, with a reason.
//! Deliberately absent: payment.

use kernel::{Code, Error, Result, Role, Time};

use super::{class::Times, seats::Seat};

kernel::codes! {
    /// The stored code of a state.
    pub enum EnrolmentCode {
        /// Has a seat.
        Enrolled = "enrolled" "已报名",
        /// Waits for a seat.
        Waiting = "waiting" "候补",
        /// Gave it up, or was taken off by the provider.
        Withdrawn = "withdrawn" "已退出",
        /// The class was cancelled.
        Cancelled = "cancelled" "班次取消",
        /// Passed; hours are posted.
        Completed = "completed" "已结业",
        /// Did not pass.
        Failed = "failed" "未结业",
        /// Did not take part.
        Absent = "absent" "未参加",
    }
}

kernel::codes! {
    /// The recorded result of one person.
    pub enum Outcome {
        /// Passed.
        Passed = "passed" "合格",
        /// Failed.
        Failed = "failed" "不合格",
        /// Did not take part.
        Absent = "absent" "未参加",
    }
}

/// A recorded result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Passed, failed or absent.
    pub outcome: Outcome,
    /// Points 0–100, if an examination gave any.
    pub score: Option<u32>,
    /// When it was recorded.
    pub at: Time,
    /// By whom.
    pub by: String,
}

/// The state of an enrolment, with the facts known in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnrolmentState {
    /// Has a seat, perhaps already a result.
    Enrolled {
        /// Which kind of seat.
        seat: Seat,
        /// The result, once recorded.
        result: Option<Recorded>,
    },
    /// Waits.
    Waiting,
    /// Over, by the person, the employer or the provider.
    Withdrawn {
        /// When.
        at: Time,
        /// Why; empty when the person or employer withdrew in time.
        reason: String,
    },
    /// Over, because the class was cancelled.
    Cancelled {
        /// When.
        at: Time,
    },
    /// Passed; hours are posted.
    Completed {
        /// When.
        at: Time,
        /// The result it rests on (R-9).
        result: Recorded,
    },
    /// Did not pass.
    Failed {
        /// When.
        at: Time,
        /// Why: the result, or too little attendance.
        reason: String,
        /// The result.
        result: Recorded,
    },
    /// Did not take part.
    Absent {
        /// When.
        at: Time,
    },
}

impl EnrolmentState {
    /// The code to store.
    #[must_use]
    pub const fn code(&self) -> EnrolmentCode {
        match self {
            Self::Enrolled { .. } => EnrolmentCode::Enrolled,
            Self::Waiting => EnrolmentCode::Waiting,
            Self::Withdrawn { .. } => EnrolmentCode::Withdrawn,
            Self::Cancelled { .. } => EnrolmentCode::Cancelled,
            Self::Completed { .. } => EnrolmentCode::Completed,
            Self::Failed { .. } => EnrolmentCode::Failed,
            Self::Absent { .. } => EnrolmentCode::Absent,
        }
    }

    /// Reads the state from its columns.
    ///
    /// # Errors
    /// Broken when the facts do not belong together.
    pub fn stored(code: EnrolmentCode, at: Time, reason: String, seat: Seat, result: Option<Recorded>) -> Result<Self> {
        let recorded =
            |result: Option<Recorded>| result.ok_or_else(|| Error::broken("a finished enrolment has no result"));
        Ok(match code {
            EnrolmentCode::Enrolled => Self::Enrolled { seat, result },
            EnrolmentCode::Waiting => Self::Waiting,
            EnrolmentCode::Withdrawn => Self::Withdrawn { at, reason },
            EnrolmentCode::Cancelled => Self::Cancelled { at },
            EnrolmentCode::Completed => Self::Completed {
                at,
                result: recorded(result)?,
            },
            EnrolmentCode::Failed => Self::Failed {
                at,
                reason,
                result: recorded(result)?,
            },
            EnrolmentCode::Absent => Self::Absent { at },
        })
    }

    /// A person who is in this state asks to enrol (again).
    ///
    /// # Errors
    /// `enrolment.already`, `enrolment.over`.
    pub fn again(&self) -> Result<()> {
        match self {
            Self::Withdrawn { .. } => Ok(()),
            Self::Enrolled { .. } => Err(Error::refused(
                "enrolment.already",
                "已经报名了这个班次，不用重复报名。",
            )),
            Self::Waiting => Err(Error::refused(
                "enrolment.already",
                "已在这个班次的候补名单中，不用重复报名。",
            )),
            _ => Err(Error::refused("enrolment.over", "这个班次的报名已经办结。")),
        }
    }

    /// enrolled or waiting → withdrawn.
    ///
    /// # Errors
    /// `enrolment.final`, `enrolment.late` (person or employer after the end of enrolment), and wrong `reason`
    /// when the provider gives none.
    pub fn withdraw(self, by: Role, reason: &str, times: &Times, now: Time) -> Result<Self> {
        if !matches!(self, Self::Enrolled { .. } | Self::Waiting) {
            return Err(Error::refused("enrolment.final", "这条报名已经结束，不能退出。"));
        }
        let reason = reason.trim();
        match by {
            Role::Provider | Role::System if reason.is_empty() => Err(Error::wrong(
                "reason",
                "enrolment.reason",
                "请写明退出的原因，学员会看到。",
            )),
            Role::Provider | Role::System => Ok(Self::Withdrawn {
                at: now,
                reason: reason.to_owned(),
            }),
            _ if now >= times.enrol_until => Err(Error::refused(
                "enrolment.late",
                format!("报名已于 {} 截止，之后退出请联系施教机构办理。", times.enrol_until),
            )),
            _ => Ok(Self::Withdrawn {
                at: now,
                reason: reason.to_owned(),
            }),
        }
    }

    /// Records or replaces the result; R-9 rests on it.
    ///
    /// # Errors
    /// `enrolment.no_seat` when the person is not enrolled, `enrolment.final` when it is over.
    pub fn record(self, recorded: Recorded) -> Result<Self> {
        match self {
            Self::Enrolled { seat, .. } => Ok(Self::Enrolled {
                seat,
                result: Some(recorded),
            }),
            Self::Waiting => Err(Error::refused(
                "enrolment.no_seat",
                "还在候补名单中，没有名额，不能录入结果。",
            )),
            _ => Err(Error::refused("enrolment.final", "这条报名已经结束，不能再录入结果。")),
        }
    }
}

/// A score as typed, checked: 0 to 100.
///
/// # Errors
/// Wrong at `field`.
pub fn score(text: &str, field: &str) -> Result<Option<u32>> {
    match text.trim() {
        "" => Ok(None),
        text => match text.parse::<u32>() {
            Ok(points) if points <= 100 => Ok(Some(points)),
            _ => Err(Error::wrong(
                field.to_owned(),
                "result.score",
                "成绩应是 0 到 100 的整数，没有考试可以不填。",
            )),
        },
    }
}

impl Outcome {
    /// A result as people write it in a table: its term or its code.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::from_name(text).or_else(|| <Self as Code>::from_code(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: Times = Times {
        enrol_from: Time::from_micros(10_000_000),
        enrol_until: Time::from_micros(20_000_000),
        starts_at: Time::from_micros(30_000_000),
        ends_at: Time::from_micros(40_000_000),
    };

    fn at(second: i64) -> Time {
        Time::from_micros(second * 1_000_000)
    }

    fn recorded() -> Recorded {
        Recorded {
            outcome: Outcome::Passed,
            score: Some(88),
            at: at(41),
            by: "t".into(),
        }
    }

    fn every_state() -> [EnrolmentState; 7] {
        [
            EnrolmentState::Enrolled {
                seat: Seat::General,
                result: None,
            },
            EnrolmentState::Waiting,
            EnrolmentState::Withdrawn {
                at: at(1),
                reason: String::new(),
            },
            EnrolmentState::Cancelled { at: at(1) },
            EnrolmentState::Completed {
                at: at(1),
                result: recorded(),
            },
            EnrolmentState::Failed {
                at: at(1),
                reason: "x".into(),
                result: recorded(),
            },
            EnrolmentState::Absent { at: at(1) },
        ]
    }

    #[test]
    fn every_transition_from_every_state() {
        let allowed = |f: &dyn Fn(EnrolmentState) -> bool| every_state().map(f);
        assert_eq!(
            allowed(&|s| s.again().is_ok()),
            [false, false, true, false, false, false, false]
        );
        let leave = |s: EnrolmentState| s.withdraw(Role::Learner, "", &TIMES, at(15)).is_ok();
        assert_eq!(allowed(&leave), [true, true, false, false, false, false, false]);
        assert_eq!(
            allowed(&|s| s.record(recorded()).is_ok()),
            [true, false, false, false, false, false, false]
        );
    }

    #[test]
    fn after_the_window_only_the_provider_withdraws_and_says_why() {
        let state = || EnrolmentState::Enrolled {
            seat: Seat::General,
            result: None,
        };
        let late = state().withdraw(Role::Employer, "", &TIMES, at(20));
        assert!(matches!(
            late,
            Err(Error::Refused {
                code: "enrolment.late",
                ..
            })
        ));
        assert!(matches!(
            state().withdraw(Role::Provider, "", &TIMES, at(35)),
            Err(Error::Wrong(_))
        ));
        assert!(state().withdraw(Role::Provider, "一直未到", &TIMES, at(35)).is_ok());
    }

    #[test]
    fn scores_are_whole_and_between_nought_and_a_hundred() {
        assert_eq!(score(" 88 ", "s").expect("in range"), Some(88));
        assert_eq!(score("", "s").expect("may be absent"), None);
        assert!(score("101", "s").is_err() && score("-1", "s").is_err() && score("八十", "s").is_err());
    }

    #[test]
    fn states_read_back_as_stored() {
        for state in every_state() {
            let (at_, reason, result) = match &state {
                EnrolmentState::Withdrawn { at, reason } => (*at, reason.clone(), None),
                EnrolmentState::Completed { at, result } => (*at, String::new(), Some(result.clone())),
                EnrolmentState::Failed { at, reason, result } => (*at, reason.clone(), Some(result.clone())),
                _ => (at(1), String::new(), None),
            };
            let read = EnrolmentState::stored(state.code(), at_, reason, Seat::General, result);
            assert_eq!(read.expect("facts belong together"), state);
        }
    }
}
