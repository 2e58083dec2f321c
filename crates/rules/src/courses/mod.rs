//! courses: what a course, a class and an enrolment are, and what may happen to them.
//!
//! ```text
//! course   active ──end──► ended                              a version is a new row, never edited
//! class    draft ──publish──► published ──complete──► completed
//!            └───────cancel────────┴──cancel──► cancelled      teaching is a phase of time, not a state
//! person   enrolled | waiting ──withdraw──► withdrawn ──enrol──► …
//!            waiting ──promote──► enrolled ──complete──► completed | failed | absent
//! ```
//!
//! Rules: R-6 and R-7 (hours of a class, see `credits`), R-9 (completion only from a recorded result),
//! R-12 (no overlapping sessions, see `attendance`), R-13 and R-14 (seats), R-55 to R-59 (reports, see `reporting`).
//! Deliberately absent: money received, examinations, self-paced online study.

pub mod change;
pub mod class;
pub mod completion;
pub mod course;
pub mod eligibility;
pub mod enrolment;
pub mod parameters;
pub mod plan;
pub mod reporting;
pub mod schedule;
pub mod seats;
pub mod suggestion;
pub mod survey;

pub use class::{ClassState, Phase};
pub use course::{CourseDraft, CourseStatus};
pub use eligibility::{Candidate, Eligibility, Reason};
pub use enrolment::{EnrolmentState, Outcome};
pub use parameters::Parameters;
pub use plan::ClassPlan;
pub use schedule::SessionPlan;
pub use seats::{Seat, Seats};

kernel::codes! {
    /// 授课方式.
    pub enum Delivery {
        /// In a room.
        Offline = "offline" "线下面授",
        /// By live stream.
        Online = "online" "线上直播",
        /// Both.
        Blended = "blended" "线上线下结合",
    }
}

impl Delivery {
    /// Whether somebody must go somewhere.
    #[must_use]
    pub const fn has_place(self) -> bool {
        matches!(self, Self::Offline | Self::Blended)
    }

    /// Whether somebody must open an address.
    #[must_use]
    pub const fn has_address(self) -> bool {
        matches!(self, Self::Online | Self::Blended)
    }
}

kernel::codes! {
    /// 经费来源, who pays for a class: the four payers of article 5 of the national order.
    pub enum FeeSource {
        /// Municipal or district finance; free of charge for the person.
        Finance = "finance" "财政经费",
        /// The employers' training funds.
        Employer = "employer" "用人单位职工教育经费",
        /// The person.
        Person = "person" "个人",
        /// Society: associations, enterprises that sponsor.
        Society = "society" "社会资助",
    }
}

/// The number of a class as people read it, e.g. `2026-P-000123`: year, letter of the subject, a counter of
/// the year and subject. It carries no meaning beyond that.
#[must_use]
pub fn class_number(year: i32, subject: crate::credits::Subject, counter: i64) -> String {
    let letter = match subject {
        crate::credits::Subject::Public => 'G',
        crate::credits::Subject::Professional => 'P',
    };
    format!("{year}-{letter}-{counter:06}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credits::Subject;

    #[test]
    fn a_class_number_reads_year_subject_counter() {
        assert_eq!(class_number(2026, Subject::Professional, 123), "2026-P-000123");
        assert_eq!(class_number(2026, Subject::Public, 1), "2026-G-000001");
    }
}
