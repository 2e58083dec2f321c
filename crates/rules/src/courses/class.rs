//! The state of a class and its transitions.
//!
//! ```text
//! draft ──publish──► published ──complete──► completed
//!   └──────cancel───────┴──────cancel──────► cancelled
//! ```
//!
//! Between publishing and completing, time alone moves a class on: enrolment not yet open, open, closed,
//! teaching, awaiting results. Those are [`Phase`]s computed from the clock, never stored, so no job can be late.
//! Deliberately absent: reopening a completed class (a mistake is corrected by reversing entries).

use kernel::{Code, Error, Result, Time};

use crate::said;

kernel::codes! {
    /// The stored code of a state.
    pub enum StateCode {
        /// Being written; its provider alone sees it.
        Draft = "draft" "草稿",
        /// Open to everybody.
        Published = "published" "已发布",
        /// Results are final and hours are posted.
        Completed = "completed" "已结业",
        /// Will not take place.
        Cancelled = "cancelled" "已取消",
    }
}

/// The state of a class, with the facts known in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClassState {
    /// Being written.
    Draft,
    /// Open to everybody.
    Published {
        /// Since when.
        at: Time,
    },
    /// Results are final and hours are posted.
    Completed {
        /// When it was published.
        published_at: Time,
        /// When it was completed.
        at: Time,
    },
    /// Will not take place.
    Cancelled {
        /// When it was published, if it ever was.
        published_at: Option<Time>,
        /// When it was cancelled.
        at: Time,
        /// Why.
        reason: String,
    },
}

/// The times that move a published class on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Enrolment opens.
    pub enrol_from: Time,
    /// Enrolment ends.
    pub enrol_until: Time,
    /// The first session begins.
    pub starts_at: Time,
    /// The last session ends.
    pub ends_at: Time,
}

kernel::codes! {
    /// Where a class stands today.
    pub enum Phase {
        /// Being written.
        Draft = "draft" "草稿",
        /// Published, enrolment opens later.
        Announced = "announced" "即将报名",
        /// Enrolment is open.
        EnrolmentOpen = "enrolment_open" "报名中",
        /// Enrolment is over, teaching not begun.
        EnrolmentClosed = "enrolment_closed" "报名截止",
        /// Teaching.
        Teaching = "teaching" "开班中",
        /// Taught; results are to be recorded.
        AwaitingResult = "awaiting_result" "待录入结果",
        /// Completed.
        Completed = "completed" "已结业",
        /// Cancelled.
        Cancelled = "cancelled" "已取消",
    }
}

impl ClassState {
    /// The code to store.
    #[must_use]
    pub const fn code(&self) -> StateCode {
        match self {
            Self::Draft => StateCode::Draft,
            Self::Published { .. } => StateCode::Published,
            Self::Completed { .. } => StateCode::Completed,
            Self::Cancelled { .. } => StateCode::Cancelled,
        }
    }

    /// Reads the state from its columns.
    ///
    /// # Errors
    /// Broken when the facts do not belong together.
    pub fn stored(code: &str, at: Time, published_at: Option<Time>, reason: &str) -> Result<Self> {
        let published = || published_at.ok_or_else(|| Error::broken("a published class has no time of publishing"));
        Ok(match StateCode::from_code(code) {
            Some(StateCode::Draft) => Self::Draft,
            Some(StateCode::Published) => Self::Published { at: published()? },
            Some(StateCode::Completed) => Self::Completed {
                published_at: published()?,
                at,
            },
            Some(StateCode::Cancelled) => Self::Cancelled {
                published_at,
                at,
                reason: reason.to_owned(),
            },
            None => return Err(Error::broken("a class has an unknown state")),
        })
    }

    /// When it was published, if it was.
    #[must_use]
    pub const fn published_at(&self) -> Option<Time> {
        match self {
            Self::Draft => None,
            Self::Published { at } => Some(*at),
            Self::Completed { published_at, .. } => Some(*published_at),
            Self::Cancelled { published_at, .. } => *published_at,
        }
    }

    /// Where the class stands at `now`.
    #[must_use]
    pub fn phase(&self, times: &Times, now: Time) -> Phase {
        match self {
            Self::Draft => Phase::Draft,
            Self::Completed { .. } => Phase::Completed,
            Self::Cancelled { .. } => Phase::Cancelled,
            Self::Published { .. } if now >= times.ends_at => Phase::AwaitingResult,
            Self::Published { .. } if now >= times.starts_at => Phase::Teaching,
            Self::Published { .. } if now >= times.enrol_until => Phase::EnrolmentClosed,
            Self::Published { .. } if now >= times.enrol_from => Phase::EnrolmentOpen,
            Self::Published { .. } => Phase::Announced,
        }
    }

    /// The plan may be edited.
    ///
    /// # Errors
    /// `class.not_draft`.
    pub fn edit(&self) -> Result<()> {
        match self {
            Self::Draft => Ok(()),
            _ => Err(Error::refused(
                "class.not_draft",
                "班次已发布，时间、名额和报名条件不能再改；需要更改请取消本班次后重新开班。",
            )),
        }
    }

    /// Contact, places, addresses and teachers may still be changed.
    ///
    /// # Errors
    /// `class.over`.
    pub fn adjust(&self) -> Result<()> {
        match self {
            Self::Draft | Self::Published { .. } => Ok(()),
            _ => Err(Error::refused("class.over", "班次已结业或已取消，不能再修改。")),
        }
    }

    /// draft → published. The plan was checked by `ClassPlan::faults`.
    ///
    /// # Errors
    /// `class.not_draft`.
    pub fn publish(self, now: Time) -> Result<Self> {
        match self {
            Self::Draft => Ok(Self::Published { at: now }),
            _ => Err(Error::refused("class.published", "班次已经发布过了。")),
        }
    }

    /// draft or published → cancelled.
    ///
    /// # Errors
    /// `class.over` when it is completed or cancelled already, `class.reason` without a reason.
    pub fn cancel(self, reason: &str, now: Time) -> Result<Self> {
        let published_at = self.published_at();
        match self {
            Self::Draft | Self::Published { .. } if reason.trim().is_empty() => Err(Error::wrong(
                "reason",
                "class.reason",
                "请写明取消的原因，已报名的学员会收到。",
            )),
            Self::Draft | Self::Published { .. } => Ok(Self::Cancelled {
                published_at,
                at: now,
                reason: reason.trim().to_owned(),
            }),
            Self::Completed { .. } => Err(Error::refused("class.over", "班次已结业，不能取消。")),
            Self::Cancelled { .. } => Err(Error::refused("class.over", "班次已经取消。")),
        }
    }

    /// published → completed, not before the last session has ended.
    ///
    /// # Errors
    /// `class.not_published`, `class.not_over`.
    pub fn complete(self, ends_at: Time, now: Time) -> Result<Self> {
        match self {
            Self::Published { .. } if now < ends_at => Err(Error::refused(
                "class.not_over",
                format!("班次到 {ends_at} 才结束，结束后才能办理结业。"),
            )),
            Self::Published { at } => Ok(Self::Completed {
                published_at: at,
                at: now,
            }),
            Self::Completed { .. } => Err(Error::refused("class.completed", "班次已经办理结业。")),
            _ => Err(Error::refused("class.not_published", "只有已发布的班次才能办理结业。")),
        }
    }

    /// Roll calls and results may be recorded: published, and the day has come.
    ///
    /// # Errors
    /// `class.not_published`, `class.final`, `class.early`.
    pub fn record(&self, from: Time, now: Time) -> Result<()> {
        match self {
            Self::Published { .. } if now < from => Err(Error::refused(
                "class.early",
                format!("{} 开始后才能登记。", said::moment(from)),
            )),
            Self::Published { .. } => Ok(()),
            Self::Completed { .. } => Err(Error::refused(
                "class.final",
                "班次已结业，考勤和结果不能再改；确有错误请由市级牵头部门冲正学时。",
            )),
            _ => Err(Error::refused("class.not_published", "班次未发布或已取消，不能登记。")),
        }
    }

    /// Enrolment is open at `now`.
    ///
    /// # Errors
    /// `enrolment.not_published`, `enrolment.not_open`, `enrolment.closed`.
    pub fn admits(&self, times: &Times, now: Time) -> Result<()> {
        match self.phase(times, now) {
            Phase::EnrolmentOpen => Ok(()),
            Phase::Announced => Err(Error::refused(
                "enrolment.not_open",
                format!("报名从 {} 开始，到时再来。", times.enrol_from),
            )),
            Phase::Draft | Phase::Cancelled => Err(Error::refused("enrolment.not_published", "这个班次不接受报名。")),
            _ => Err(Error::refused(
                "enrolment.closed",
                format!("报名已于 {} 截止。", times.enrol_until),
            )),
        }
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

    fn every_state() -> [ClassState; 4] {
        [
            ClassState::Draft,
            ClassState::Published { at: at(1) },
            ClassState::Completed {
                published_at: at(1),
                at: at(50),
            },
            ClassState::Cancelled {
                published_at: None,
                at: at(2),
                reason: "场地".into(),
            },
        ]
    }

    #[test]
    fn every_transition_from_every_state() {
        let allowed = |f: &dyn Fn(ClassState) -> bool| every_state().map(f);
        assert_eq!(allowed(&|s| s.publish(at(1)).is_ok()), [true, false, false, false]);
        assert_eq!(
            allowed(&|s| s.cancel("场地", at(1)).is_ok()),
            [true, true, false, false]
        );
        assert_eq!(
            allowed(&|s| s.complete(at(40), at(40)).is_ok()),
            [false, true, false, false]
        );
        assert_eq!(allowed(&|s| s.edit().is_ok()), [true, false, false, false]);
        assert_eq!(allowed(&|s| s.adjust().is_ok()), [true, true, false, false]);
        assert_eq!(
            allowed(&|s| s.record(at(30), at(30)).is_ok()),
            [false, true, false, false]
        );
        assert_eq!(
            allowed(&|s| s.admits(&TIMES, at(15)).is_ok()),
            [false, true, false, false]
        );
    }

    #[test]
    fn time_moves_a_published_class_through_its_phases() {
        let published = ClassState::Published { at: at(1) };
        let phases = [5, 10, 19, 20, 30, 39, 40].map(|second| published.phase(&TIMES, at(second)));
        assert_eq!(
            phases,
            [
                Phase::Announced,
                Phase::EnrolmentOpen,
                Phase::EnrolmentOpen,
                Phase::EnrolmentClosed,
                Phase::Teaching,
                Phase::Teaching,
                Phase::AwaitingResult
            ]
        );
    }

    #[test]
    fn cancelling_needs_a_reason_and_completing_needs_the_end() {
        assert!(matches!(ClassState::Draft.cancel(" ", at(1)), Err(Error::Wrong(_))));
        let early = ClassState::Published { at: at(1) }.complete(at(40), at(39));
        assert!(matches!(
            early,
            Err(Error::Refused {
                code: "class.not_over",
                ..
            })
        ));
    }

    #[test]
    fn a_state_reads_back_as_it_was_stored() {
        for state in every_state() {
            let (stored_at, reason) = match &state {
                ClassState::Completed { at, .. } => (*at, ""),
                ClassState::Cancelled { at, reason, .. } => (*at, reason.as_str()),
                _ => (at(1), ""),
            };
            let read = ClassState::stored(Code::code(state.code()), stored_at, state.published_at(), reason);
            assert_eq!(read.expect("facts belong together"), state);
        }
    }
}
