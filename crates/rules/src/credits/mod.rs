//! The ledger of hours: what may be posted, for which reason, and what a year's hours amount to.
//!
//! A file per kind of posting, so that the listing of this folder is the complete list of what may change a
//! balance: `class.rs` (a completed class), `history.rs` (hours recorded before the platform), `claims/` (hours that a
//! person claims), `reversal.rs` (the correction of an entry), `disputes/remedy.rs` (what a decided dispute
//! posts). `recognition/` says what other activities are worth;
//! `requirement/` what a year and longer periods must reach; `statement.rs` compares; `closing.rs` says when a year is
//! final; `title_check/` what an application for a title looks back on.
//! Rules: R-3, R-4 (requirement), R-5 (forms), R-6, R-7 (hours of a class), R-8 (valid in the year), R-15 (人次).
//! Deliberately absent: any other way to change a balance.

mod audience;
pub mod claims;
mod class;
mod closing;
pub mod disputes;
pub mod editions;
mod history;
pub(crate) mod iso_date;
mod part;
pub mod recognition;
pub mod reminder;
pub mod requirement;
mod reversal;
mod source;
mod statement;
pub mod title_check;

use std::borrow::Cow;

use kernel::{Date, EntryId, Hours, PersonId, Place};

pub use audience::{Audience, ByLevel, LevelHours, Traits};
pub use class::{ClassFacts, class_hours, for_class};
pub use closing::{Frozen, LATE_DAYS, YearState};
pub use history::{HistoryFacts, for_history};
pub use part::{COMPULSORY_CLASS, COMPULSORY_ENDING, part_of};
pub use requirement::{Requirement, national};
pub use reversal::reverse;
pub use source::{Confidence, Source};
pub use statement::{Line, PeriodLine, Standing, Statement};

kernel::codes! {
    /// 科目. Nationally there are exactly these two (人社部令第25号 第七条).
    pub enum Subject {
        Public = "public" "公需科目",
        Professional = "professional" "专业科目",
    }
}

kernel::codes! {
    /// 继续教育活动形式: the five forms of 人社部令第25号 第八条第二款.
    pub enum ActivityForm {
        /// ① 培训班、研修班、进修班.
        Class = "class" "培训班、研修班或者进修班学习",
        /// ② 继续教育实践活动.
        Practice = "practice" "继续教育实践活动",
        /// ③ 远程教育.
        Distance = "distance" "远程教育",
        /// ④ 学术会议、学术讲座、学术访问.
        Academic = "academic" "学术会议、学术讲座、学术访问",
        /// ⑤ 符合规定的其他方式.
        Other = "other" "符合规定的其他方式",
    }
}

/// Why an entry stands in the ledger. As text it is the ledger's `cause`: kind, colon, number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A completed enrolment in a class.
    Enrolment(kernel::id::EnrolmentId),
    /// A row of a record that is older than the platform: source and number.
    History(String),
    /// A recognised claim, and the year of the share posted.
    Claim(kernel::id::ClaimId, i32),
    /// The correction of an entry.
    Reversal(EntryId),
    /// A decision about a missing hour that no other cause could post.
    Dispute(kernel::id::DisputeId),
    /// The cause of another posting, which a decided dispute posts anew: its text.
    Decided(String),
    /// A cause as the ledger keeps it: its text is all that is known of it.
    Stored(String),
}

impl Cause {
    /// The text stored.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Enrolment(id) => format!("enrolment:{id}"),
            Self::History(key) => format!("history:{key}"),
            Self::Claim(id, year) => format!("claim:{id}:{year}"),
            Self::Reversal(id) => format!("reversal:{id}"),
            Self::Dispute(id) => format!("dispute:{id}"),
            Self::Decided(text) | Self::Stored(text) => text.clone(),
        }
    }
}

/// One entry to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// Whose hours.
    pub person: PersonId,
    /// The year they count for (R-8: valid in the year, never carried over).
    pub year: i32,
    /// Which subject they fill.
    pub subject: Subject,
    /// In which of the five forms they were learned.
    pub form: ActivityForm,
    /// How many; negative only in a reversal.
    pub hours: Hours,
    /// Why.
    pub cause: Cause,
    /// Which posting of this cause: 1, or more after a reversal.
    pub attempt: i64,
    /// What the person sees: the name of the activity.
    pub title: String,
    /// The rule that gave the hours, `R-7`.
    pub rule: Cow<'static, str>,
    /// The edition of the rule.
    pub edition: Cow<'static, str>,
    /// The explanation in one sentence, in Chinese: how the figure came about.
    pub basis: String,
    /// The day on which they were earned.
    pub earned_on: Date,
    /// The entry this one takes back.
    pub reverses: Option<EntryId>,
    /// Why it takes it back.
    pub reason: Option<String>,
    /// Employer, provider, district and department of that day.
    pub place: Place,
}

#[cfg(test)]
mod tests {
    use kernel::{Code, Id, date};

    use super::*;

    fn recorded(earned_on: Date) -> Posting {
        let facts = HistoryFacts {
            key: "register/1".into(),
            title: "数据治理".into(),
            subject: Subject::Professional,
            form: ActivityForm::Academic,
            hours: Hours::whole(8),
            earned_on,
        };
        for_history(facts, Id::new(1), Place::default())
    }

    #[test]
    fn r5_the_regulation_names_five_forms() {
        assert_eq!(ActivityForm::ALL.len(), 5);
        assert!(
            ActivityForm::ALL
                .iter()
                .all(|form| ActivityForm::from_code(form.code()) == Some(*form))
        );
    }

    #[test]
    fn r8_hours_count_for_the_year_in_which_they_were_earned_and_no_other() {
        assert_eq!(recorded(date(2025, 12, 31)).year, 2025);
        assert_eq!(recorded(date(2026, 1, 1)).year, 2026);
    }

    #[test]
    fn r10_what_an_employer_must_keep_is_kept_kind_content_time_and_result() {
        let entry = recorded(date(2026, 3, 5));
        assert_eq!((entry.form, entry.title.as_str()), (ActivityForm::Academic, "数据治理"));
        assert_eq!((entry.earned_on, entry.hours), (date(2026, 3, 5), Hours::whole(8)));
        assert!(entry.basis.contains("8 学时"));
    }
}
