//! A year's hours compared with what the year must reach, each hour with its reason.
//!
//! give the two figures to reach; R-8: only hours of the year count, surplus is not carried over.
//! A reversed entry and its reversal both stay visible and cancel out. R-15: an activity counts one 人次 when its
//! entry stands unreversed.

use kernel::{Date, EntryId, Hours, Time};

use super::{ActivityForm, Requirement, Subject};

/// One entry of a person's year.
#[derive(Debug, Clone)]
pub struct Line {
    /// The entry.
    pub id: EntryId,
    /// Which subject it fills.
    pub subject: Subject,
    /// In which form it was learned.
    pub form: ActivityForm,
    /// Hours, negative in a reversal.
    pub hours: Hours,
    /// The activity.
    pub title: String,
    /// The rule that gave the hours.
    pub rule: String,
    /// How the figure came about.
    pub basis: String,
    /// When they were earned.
    pub earned_on: Date,
    /// When they were posted.
    pub posted_at: Time,
    /// The entry this one takes back.
    pub reverses: Option<EntryId>,
    /// Whether another entry takes this one back.
    pub reversed: bool,
}

/// Where a person stands in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Everything is reached.
    Reached,
    /// Something is missing; each is zero when that part is reached.
    Missing {
        /// Hours missing in all.
        total: Hours,
        /// Of them in 专业科目.
        professional: Hours,
    },
}

/// A year of a person.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The year.
    pub year: i32,
    /// What it must reach.
    pub requirement: Requirement,
    /// Every entry, oldest first.
    pub lines: Vec<Line>,
    /// Hours in all.
    pub total: Hours,
    /// Hours in 公需科目.
    pub public: Hours,
    /// Hours in 专业科目.
    pub professional: Hours,
    /// Activities that count (人次).
    pub activities: usize,
}

impl Statement {
    /// Adds up the entries of a year.
    #[must_use]
    pub fn evaluate(year: i32, requirement: Requirement, lines: Vec<Line>) -> Self {
        let sum = |subject| {
            lines
                .iter()
                .filter(|line| line.subject == subject)
                .map(|line| line.hours)
                .sum()
        };
        let (public, professional): (Hours, Hours) = (sum(Subject::Public), sum(Subject::Professional));
        let activities = lines
            .iter()
            .filter(|line| line.reverses.is_none() && !line.reversed)
            .count();
        Self {
            year,
            requirement,
            total: public + professional,
            public,
            professional,
            activities,
            lines,
        }
    }

    /// Whether the year is reached, and what is missing.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let total = (self.requirement.total - self.total).or_zero();
        let professional = (self.requirement.professional - self.professional).or_zero();
        if total == Hours::ZERO && professional == Hours::ZERO {
            return Standing::Reached;
        }
        // What is missing in 专业科目 is missing in all as well.
        Standing::Missing {
            total: total.max(professional),
            professional,
        }
    }

    /// The answer in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let done = format!(
            "{} 年度已完成 {} / {} 学时",
            self.year, self.total, self.requirement.total
        );
        match self.standing() {
            Standing::Reached => format!("{done}，其中专业科目 {} 学时，已达到年度要求。", self.professional),
            Standing::Missing { total, professional } if professional == Hours::ZERO => {
                format!("{done}，还差 {total} 学时，科目不限。")
            }
            Standing::Missing { total, professional } if total == professional => {
                format!("{done}，还差专业科目 {professional} 学时。")
            }
            Standing::Missing { total, professional } => {
                format!("{done}，还差 {total} 学时，其中专业科目至少 {professional} 学时。")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Id, date};

    use super::*;
    use crate::credits::national;

    fn line(id: i64, subject: Subject, hours: i64) -> Line {
        Line {
            id: Id::new(id),
            subject,
            form: ActivityForm::Class,
            hours: Hours::whole(hours),
            title: String::new(),
            rule: "R-7".into(),
            basis: String::new(),
            earned_on: date(2026, 3, 5),
            posted_at: Time::default(),
            reverses: None,
            reversed: false,
        }
    }

    fn year(public: i64, professional: i64) -> Statement {
        let lines = vec![
            line(1, Subject::Public, public),
            line(2, Subject::Professional, professional),
        ];
        Statement::evaluate(2026, national(), lines)
    }

    #[test]
    fn r3_r4_ninety_hours_and_two_thirds_professional() {
        assert_eq!(year(30, 60).standing(), Standing::Reached);
        assert_eq!(year(0, 90).standing(), Standing::Reached);
        let missing = |total, professional| Standing::Missing {
            total: Hours::whole(total),
            professional: Hours::whole(professional),
        };
        assert_eq!(year(30, 42).standing(), missing(18, 18));
        assert_eq!(year(60, 42).standing(), missing(18, 18));
        assert_eq!(year(10, 60).standing(), missing(20, 0));
        assert_eq!(year(10, 50).standing(), missing(30, 10));
        assert_eq!(year(90, 0).standing(), missing(60, 60));
    }

    #[test]
    fn the_sentence_answers_first() {
        assert_eq!(
            year(30, 42).sentence(),
            "2026 年度已完成 72 / 90 学时，还差专业科目 18 学时。"
        );
        assert_eq!(
            year(10, 50).sentence(),
            "2026 年度已完成 60 / 90 学时，还差 30 学时，其中专业科目至少 10 学时。"
        );
        assert_eq!(
            year(30, 60).sentence(),
            "2026 年度已完成 90 / 90 学时，其中专业科目 60 学时，已达到年度要求。"
        );
    }

    #[test]
    fn r15_a_reversed_activity_does_not_count() {
        let taken = Line {
            reversed: true,
            ..line(1, Subject::Public, 8)
        };
        let back = Line {
            hours: Hours::whole(-8),
            reverses: Some(Id::new(1)),
            ..line(2, Subject::Public, 8)
        };
        let statement = Statement::evaluate(2026, national(), vec![taken, back, line(3, Subject::Professional, 8)]);
        assert_eq!((statement.total, statement.activities), (Hours::whole(8), 1));
    }
}
