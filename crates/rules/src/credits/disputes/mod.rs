//! Disputes about the ledger: a person contests an hour, the provider answers, the supervising body decides.
//!
//! ```text
//! opened ──answer──► answered ────┐
//!   └──lapse / nobody to ask──► unanswered ──decide──► decided ──appeal──► appealed ──decide──► final
//!                                 │                      └──the period for an appeal ends──► final
//! opened, answered, unanswered ──withdraw──► withdrawn   (an appeal too: then the first decision is final)
//! opened, answered, unanswered ──the hours are posted the ordinary way──► settled
//! ```
//! Rules: R-48 what may be contested, R-49 the answer, R-50 who decides, R-51 by when, R-52 who never decides, R-53 what
//! follows in the ledger, R-54 the appeal. A file each: `state` (the machine), `body` (who decides), `remedy` (the
//! postings), `terms` (the periods), `evidence` (what may be uploaded).
//! Deliberately absent: changing an entry. What was wrong is taken back and posted anew.

mod body;
mod evidence;
mod remedy;
mod state;
mod terms;

use chrono::Datelike;
use kernel::{Date, EnrolmentId, EntryId, FieldError, Hours, Result};

pub use body::{Body, impartial, placed};
pub use evidence::{EVIDENCE_FILES, Evidence};
pub use remedy::{Ledger, Ruling, remedy};
pub use state::{Answer, DisputeState, Stance, Verdict};
pub use terms::{Terms, workdays_between};

use super::recognition::Part;
use super::{ActivityForm, Subject};

kernel::codes! {
    /// 异议类别: what a person can contest (R-48).
    pub enum DisputeKind {
        /// An activity was done, its hours are not there.
        Missing = "missing" "缺少学时",
        /// The entry is mine, its figures are not right.
        Wrong = "wrong" "学时有误",
        /// The entry is not mine.
        Foreign = "foreign" "不是本人的学时",
    }
}

kernel::codes! {
    /// 异议状态.
    pub enum DisputeCode {
        /// The provider is asked.
        Opened = "opened" "待施教机构答复",
        /// The provider has answered.
        Answered = "answered" "已答复，待决定",
        /// Nobody answered in time, or there is nobody to ask.
        Unanswered = "unanswered" "无答复，待决定",
        /// Decided; an appeal is possible.
        Decided = "decided" "已决定，可申请复核",
        /// The lead decides once more.
        Appealed = "appealed" "复核中",
        /// Over.
        Final = "final" "已办结",
        /// The hours were posted the ordinary way.
        Settled = "settled" "已补记",
        /// The person took it back.
        Withdrawn = "withdrawn" "已撤回",
    }
}

impl DisputeCode {
    /// Whether the case still goes on.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Final | Self::Settled | Self::Withdrawn)
    }

    /// Whether the supervising body has to decide now.
    #[must_use]
    pub const fn awaits_decision(self) -> bool {
        matches!(self, Self::Answered | Self::Unanswered)
    }
}

kernel::codes! {
    /// 决定结果.
    pub enum Outcome {
        /// The person is right.
        Upheld = "upheld" "支持",
        /// Partly right.
        Partly = "partly" "部分支持",
        /// The ledger stands.
        Rejected = "rejected" "不支持",
    }
}

/// What an entry should say: as the person claims it, or as the body finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The activity.
    pub title: String,
    /// 公需 or 专业.
    pub subject: Subject,
    /// Whether they are of the compulsory part of 公需科目 (R-39).
    pub part: Part,
    /// Which of the five forms.
    pub form: ActivityForm,
    /// How many hours.
    pub hours: Hours,
    /// The day on which they were earned.
    pub earned_on: Date,
}

/// Most hours that one activity can be said to have given: four years' worth of the yearly 90.
const MOST: Hours = Hours::whole(360);

impl Wanted {
    /// What can be said of an activity.
    ///
    /// # Errors
    /// Wrong, with every faulty field.
    pub fn check(&self, today: Date) -> Result<()> {
        let mut faults = Vec::new();
        if !(2..=100).contains(&self.title.trim().chars().count()) {
            faults.push(FieldError::new(
                "title",
                "dispute.title",
                "请用 2 到 100 个字写明活动名称。",
            ));
        }
        if self.part == Part::Compulsory && self.subject != Subject::Public {
            faults.push(FieldError::new(
                "compulsory",
                "dispute.compulsory",
                "只有公需科目才有必修学时，请改选科目或不勾选必修。",
            ));
        }
        if self.hours <= Hours::ZERO || self.hours > MOST {
            let sentence = format!("学时应大于 0，且一项活动不超过 {MOST} 学时。");
            faults.push(FieldError::new("hours", "dispute.hours", sentence));
        }
        if self.earned_on > today {
            faults.push(FieldError::new(
                "earned_on",
                "dispute.future",
                "取得日期不能晚于今天，请核对。",
            ));
        } else if self.earned_on.year() < 2000 {
            faults.push(FieldError::new(
                "earned_on",
                "dispute.past",
                "取得日期早于 2000 年，请核对。",
            ));
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(kernel::Error::Wrong(faults))
        }
    }
}

/// What is contested (R-48).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contested {
    /// Hours that are not there; where they come from an enrolment, it is named.
    Missing {
        /// What should be there.
        wanted: Wanted,
        /// The enrolment they would come from.
        enrolment: Option<EnrolmentId>,
    },
    /// An entry with wrong figures.
    Wrong {
        /// The entry.
        entry: EntryId,
        /// What it should say.
        wanted: Wanted,
    },
    /// Somebody else's entry.
    Foreign {
        /// The entry.
        entry: EntryId,
    },
}

impl Contested {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> DisputeKind {
        match self {
            Self::Missing { .. } => DisputeKind::Missing,
            Self::Wrong { .. } => DisputeKind::Wrong,
            Self::Foreign { .. } => DisputeKind::Foreign,
        }
    }

    /// The entry it is about.
    #[must_use]
    pub const fn entry(&self) -> Option<EntryId> {
        match self {
            Self::Missing { .. } => None,
            Self::Wrong { entry, .. } | Self::Foreign { entry } => Some(*entry),
        }
    }

    /// The enrolment it is about.
    #[must_use]
    pub const fn enrolment(&self) -> Option<EnrolmentId> {
        match self {
            Self::Missing { enrolment, .. } => *enrolment,
            _ => None,
        }
    }

    /// What should be there.
    #[must_use]
    pub const fn wanted(&self) -> Option<&Wanted> {
        match self {
            Self::Missing { wanted, .. } | Self::Wrong { wanted, .. } => Some(wanted),
            Self::Foreign { .. } => None,
        }
    }
}

/// An explanation or reason as typed: 4 to 500 characters.
///
/// # Errors
/// Wrong at `field`.
pub fn read_words(field: &'static str, label: &str, typed: &str) -> Result<String> {
    let words = typed.trim();
    let count = words.chars().count();
    if (4..=500).contains(&count) {
        return Ok(words.to_owned());
    }
    let sentence = format!("请用 4 到 500 个字写明{label}，现在是 {count} 个字。");
    Err(kernel::Error::wrong(field, "dispute.words", sentence))
}

/// The number of a case as people write it: `YY2026-000017`.
#[must_use]
pub fn number(year: i32, serial: i64) -> String {
    format!("YY{year}-{serial:06}")
}

#[cfg(test)]
mod tests {
    use kernel::{Error, Id, date};

    use super::*;

    fn wanted() -> Wanted {
        Wanted {
            title: "数据治理".into(),
            subject: Subject::Professional,
            part: Part::Elective,
            form: ActivityForm::Class,
            hours: Hours::whole(8),
            earned_on: date(2026, 3, 5),
        }
    }

    /// R-48: missing, wrong, foreign, each with what it is about.
    #[test]
    fn r48_three_things_can_be_contested() {
        let missing = Contested::Missing {
            wanted: wanted(),
            enrolment: Some(Id::new(3)),
        };
        let wrong = Contested::Wrong {
            entry: Id::new(7),
            wanted: wanted(),
        };
        let foreign = Contested::Foreign { entry: Id::new(7) };
        assert_eq!(
            [&missing, &wrong, &foreign].map(Contested::kind),
            [DisputeKind::Missing, DisputeKind::Wrong, DisputeKind::Foreign]
        );
        assert_eq!((missing.entry(), missing.enrolment()), (None, Some(Id::new(3))));
        assert_eq!((wrong.entry(), foreign.entry()), (Some(Id::new(7)), Some(Id::new(7))));
        assert!(foreign.wanted().is_none());
    }

    #[test]
    fn absurd_quantities_are_told_field_by_field() {
        let today = date(2026, 3, 5);
        assert!(wanted().check(today).is_ok());
        let bad = Wanted {
            title: "课".into(),
            hours: Hours::whole(-1),
            earned_on: date(2026, 3, 6),
            ..wanted()
        };
        let Err(Error::Wrong(faults)) = bad.check(today) else {
            panic!("accepted")
        };
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["title", "hours", "earned_on"]);
        let compulsory = |subject| Wanted {
            subject,
            part: Part::Compulsory,
            ..wanted()
        };
        assert!(compulsory(Subject::Public).check(today).is_ok());
        assert!(compulsory(Subject::Professional).check(today).is_err());
        for hours in [Hours::ZERO, Hours::whole(361)] {
            assert!(Wanted { hours, ..wanted() }.check(today).is_err());
        }
        assert!(
            Wanted {
                earned_on: date(1999, 12, 31),
                ..wanted()
            }
            .check(today)
            .is_err()
        );
    }

    #[test]
    fn words_are_needed_and_kept_short() {
        assert_eq!(
            read_words("words", "说明", "  我参加了全部课次 ").expect("words"),
            "我参加了全部课次"
        );
        assert!(read_words("words", "说明", "没有").is_err());
        assert!(read_words("words", "说明", &"长".repeat(501)).is_err());
    }
}
