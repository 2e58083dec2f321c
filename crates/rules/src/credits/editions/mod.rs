//! The life of an edition: drafted, proposed, approved by two persons, in force from a day on, superseded.
//!
//! ```text
//! draft ──propose──► proposed ──approve──► proposed (one approval) ──approve (another person)──► approved
//!   ▲                   │                        │
//!   └────── return ─────┴────────────────────────┘          approved: upcoming ─► in force ─► ended (superseded)
//! draft ──discard──► discarded
//! ```
//! R-33: an edition that is approved is never edited; a later one supersedes it. R-34: two different persons approve, so
//! that the drafter alone never can. R-35: it comes into force today at the earliest, after every approved edition of
//! its kind; nothing is ruled backwards.
//! `figures.rs` lists and sets single figures, `measuring.rs` gives a rule another kind of measure, `document.rs` joins both kinds, `difference.rs` says in words what differs.

mod difference;
mod document;
mod figures;
mod measuring;

use kernel::{AccountId, Date, Error, FieldError, Result, Time};
use serde::{Deserialize, Serialize};

pub use difference::difference;
pub use document::{Document, Entry};
pub use figures::{Figure, Slot};
pub use measuring::{Ask, BrokenKind, MeasureKind};

kernel::codes! {
    /// What an edition rules.
    pub enum EditionKind {
        /// How many hours an activity is worth.
        Recognition = "recognition" "学时认定标准",
        /// What a year and longer periods must reach.
        Requirement = "requirement" "学时要求",
    }
}

/// One person's approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The account, by number.
    pub account: i64,
    /// As the trail writes it.
    pub by: String,
    /// When, in microseconds.
    pub at: Time,
}

/// Where an edition stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditionState {
    /// Being written.
    Draft,
    /// Waits for approval.
    Proposed {
        /// Since when.
        at: Time,
        /// Those who approved so far: none or one.
        approvals: Vec<Approval>,
    },
    /// Ruled.
    Approved {
        /// Since when.
        at: Time,
        /// The two who approved.
        approvals: Vec<Approval>,
    },
    /// Given up before it was ruled.
    Discarded {
        /// When.
        at: Time,
    },
}

impl EditionState {
    /// The stored code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Proposed { .. } => "proposed",
            Self::Approved { .. } => "approved",
            Self::Discarded { .. } => "discarded",
        }
    }

    /// Who approved.
    #[must_use]
    pub fn approvals(&self) -> &[Approval] {
        match self {
            Self::Proposed { approvals, .. } | Self::Approved { approvals, .. } => approvals,
            Self::Draft | Self::Discarded { .. } => &[],
        }
    }

    /// Whether its figures may be changed (R-33).
    ///
    /// # Errors
    /// Refused with what to do instead.
    pub fn edit(&self) -> Result<()> {
        let sentence = match self {
            Self::Draft => return Ok(()),
            Self::Proposed { .. } => "该版本已提交审批，不能修改。请先退回草稿。",
            Self::Approved { .. } => "已批准的版本不能修改。请在它的基础上起草新版本，新版本生效后自动取代它。",
            Self::Discarded { .. } => "该草稿已作废，请另行起草。",
        };
        Err(Error::refused_by("R-33", "edition.fixed", sentence))
    }

    /// Puts a draft to approval.
    ///
    /// # Errors
    /// Refused when it is no draft; Wrong with every fault of its figures.
    pub fn propose(&self, faults: Vec<FieldError>, at: Time) -> Result<Self> {
        self.edit()?;
        if !faults.is_empty() {
            return Err(Error::Wrong(faults));
        }
        Ok(Self::Proposed {
            at,
            approvals: Vec::new(),
        })
    }

    /// One person approves (R-34); the second approval rules (R-35).
    ///
    /// # Errors
    /// Refused when it was not proposed, the same person approves twice, or its first day is no longer possible.
    pub fn approve(&self, account: AccountId, by: &str, dates: Dates, at: Time) -> Result<Self> {
        let Self::Proposed {
            at: proposed,
            approvals,
        } = self
        else {
            let sentence = "只有已提交审批的版本才能批准。";
            return Err(Error::refused("edition.not_proposed", sentence));
        };
        if approvals.iter().any(|one| one.account == account.get()) {
            let sentence = "您已经批准过，须由另一位工作人员批准后才生效。";
            return Err(Error::refused_by("R-34", "edition.two_persons", sentence));
        }
        dates.check()?;
        let mut approvals = approvals.clone();
        approvals.push(Approval {
            account: account.get(),
            by: by.to_owned(),
            at,
        });
        Ok(if approvals.len() < 2 {
            Self::Proposed {
                at: *proposed,
                approvals,
            }
        } else {
            Self::Approved { at, approvals }
        })
    }

    /// Gives a proposed edition back to its drafter; approvals are void.
    ///
    /// # Errors
    /// Refused when it is not proposed.
    pub fn give_back(&self) -> Result<Self> {
        match self {
            Self::Proposed { .. } => Ok(Self::Draft),
            _ => Err(Error::refused("edition.not_proposed", "只有已提交审批的版本才能退回。")),
        }
    }

    /// Gives a draft up.
    ///
    /// # Errors
    /// Refused when it is no draft.
    pub fn discard(&self, at: Time) -> Result<Self> {
        self.edit()?;
        Ok(Self::Discarded { at })
    }
}

/// The days that decide whether an edition may come into force.
#[derive(Debug, Clone, Copy)]
pub struct Dates {
    /// Its first day.
    pub in_force: Date,
    /// The first day of the latest approved edition of its kind.
    pub latest: Option<Date>,
    /// Today.
    pub today: Date,
}

impl Dates {
    /// R-35: today at the earliest, and after the latest one.
    ///
    /// # Errors
    /// Refused with what to do.
    pub fn check(self) -> Result<()> {
        if self.in_force < self.today {
            let sentence = "生效日期不能早于今天，规则不溯及既往。请退回草稿，改为今天或以后的日期。";
            return Err(Error::refused_by("R-35", "edition.past", sentence));
        }
        if self.latest.is_some_and(|latest| self.in_force <= latest) {
            let sentence = "生效日期应晚于同类已批准版本的生效日期。请退回草稿，改为更晚的日期。";
            return Err(Error::refused_by("R-35", "edition.order", sentence));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Id, date};

    use super::*;

    const AT: Time = Time::from_micros(1);

    fn dates() -> Dates {
        Dates {
            in_force: date(2027, 1, 1),
            latest: Some(date(2022, 1, 1)),
            today: date(2026, 11, 24),
        }
    }

    fn every_state() -> [EditionState; 5] {
        let proposed = EditionState::Draft.propose(vec![], AT).expect("a draft");
        let once = proposed.approve(Id::new(1), "a", dates(), AT).expect("first");
        let twice = once.approve(Id::new(2), "b", dates(), AT).expect("second");
        let discarded = EditionState::Draft.discard(AT).expect("a draft");
        [EditionState::Draft, proposed, once, twice, discarded]
    }

    fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
        match result {
            Err(Error::Refused { code, .. }) => code,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn r33_only_a_draft_is_edited_proposed_or_discarded() {
        for state in &every_state()[1..] {
            assert_eq!(code(state.edit()), "edition.fixed");
            assert_eq!(code(state.propose(vec![], AT)), "edition.fixed");
            assert_eq!(code(state.discard(AT)), "edition.fixed");
        }
        assert!(EditionState::Draft.edit().is_ok());
        let fault = FieldError::new("x", "edition.figure", "x");
        assert!(matches!(
            EditionState::Draft.propose(vec![fault], AT),
            Err(Error::Wrong(_))
        ));
    }

    #[test]
    fn r34_two_different_persons_approve() {
        let [draft, proposed, once, twice, discarded] = every_state();
        assert_eq!((once.code(), twice.code()), ("proposed", "approved"));
        assert_eq!(twice.approvals().len(), 2);
        assert_eq!(code(once.approve(Id::new(1), "a", dates(), AT)), "edition.two_persons");
        for state in [&draft, &twice, &discarded] {
            assert_eq!(
                code(state.approve(Id::new(3), "c", dates(), AT)),
                "edition.not_proposed"
            );
            assert_eq!(code(state.give_back()), "edition.not_proposed");
        }
        assert_eq!(once.give_back().expect("proposed"), EditionState::Draft);
        assert_eq!(proposed.give_back().expect("proposed"), EditionState::Draft);
    }

    #[test]
    fn r35_nothing_is_ruled_backwards() {
        let [_, proposed, ..] = every_state();
        let past = Dates {
            in_force: date(2026, 11, 23),
            ..dates()
        };
        assert_eq!(code(proposed.approve(Id::new(1), "a", past, AT)), "edition.past");
        let before = Dates {
            latest: Some(date(2027, 1, 1)),
            ..dates()
        };
        assert_eq!(code(proposed.approve(Id::new(1), "a", before, AT)), "edition.order");
        assert!(
            Dates {
                in_force: date(2026, 11, 24),
                ..dates()
            }
            .check()
            .is_ok()
        );
    }
}
