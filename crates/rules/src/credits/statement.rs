//! A year's hours compared with what the year must reach, each hour with its reason.
//!
//! give the two figures to reach, an edition may give more; R-8: only hours of the year count, surplus is not carried over.
//! A reversed entry and its reversal both stay visible and cancel out. R-15: an activity counts one 人次 when its
//! entry stands unreversed.

use kernel::{Date, EntryId, Hours, Time};

use super::recognition::Part;
use super::requirement::{Purpose, Shortfall, What};
use super::{ActivityForm, Requirement, Subject, part_of};

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
    /// Of them in its compulsory part.
    pub compulsory: Hours,
    /// Hours in 专业科目.
    pub professional: Hours,
    /// Activities that count (人次).
    pub activities: usize,
    /// What longer periods demand, told in sentences; empty where nobody asked.
    pub periods: Vec<PeriodLine>,
}

/// A demand over several years, compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodLine {
    /// The demand in plain words.
    pub name: String,
    /// What it decides.
    pub purpose: Purpose,
    /// The answer in one sentence.
    pub sentence: String,
    /// What is missing of it, by part.
    pub missing: Shortfall,
    /// Whether all is reached.
    pub reached: bool,
    /// Document and article.
    pub source: String,
    /// How sure the figures are.
    pub confidence: &'static str,
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
        let compulsory = lines
            .iter()
            .filter(|line| line.subject == Subject::Public && part_of(&line.rule) == Part::Compulsory)
            .map(|line| line.hours)
            .sum();
        let activities = lines
            .iter()
            .filter(|line| line.reverses.is_none() && !line.reversed)
            .count();
        Self {
            year,
            requirement,
            total: public + professional,
            public,
            compulsory,
            professional,
            activities,
            periods: Vec::new(),
            lines,
        }
    }

    /// What is missing of a part.
    #[must_use]
    pub fn missing(&self, what: What) -> Hours {
        self.shortfall().of(what)
    }

    /// What is missing of the year, by part: of the year itself and of cycles of years that end with it.
    #[must_use]
    pub fn shortfall(&self) -> Shortfall {
        self.cycles()
            .fold(self.of_the_year(), |missing, period| missing.or(&period.missing))
    }

    /// Cycles of years that end with this one.
    fn cycles(&self) -> impl Iterator<Item = &PeriodLine> {
        self.periods.iter().filter(|period| period.purpose == Purpose::Annual)
    }

    fn of_the_year(&self) -> Shortfall {
        let mut missing = Shortfall::default();
        for (what, reached) in [
            (What::Total, self.total),
            (What::Public, self.public),
            (What::Compulsory, self.compulsory),
            (What::Professional, self.professional),
        ] {
            missing.widen(what, (self.requirement.of(what) - reached).or_zero());
        }
        missing
    }

    /// Whether the year is reached, and what is missing.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let missing = self.shortfall();
        match missing.in_all() {
            Hours::ZERO => Standing::Reached,
            total => Standing::Missing {
                total,
                professional: missing.professional,
            },
        }
    }

    /// The answer in one sentence, and one more for each cycle of years that is not reached.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut sentence = self.sentence_of_the_year();
        for cycle in self.cycles().filter(|cycle| !cycle.reached) {
            sentence.push_str(&format!("{}：{}", cycle.name, cycle.sentence));
        }
        sentence
    }

    fn sentence_of_the_year(&self) -> String {
        let done = format!(
            "{} 年度已完成 {} / {} 学时",
            self.year, self.total, self.requirement.total
        );
        let missing = self.of_the_year();
        let total = missing.in_all();
        if total == Hours::ZERO {
            return format!("{done}，其中专业科目 {} 学时，已达到年度要求。", self.professional);
        }
        let parts: Vec<(What, Hours)> = [What::Professional, What::Public, What::Compulsory]
            .into_iter()
            .map(|what| (what, missing.of(what)))
            .filter(|(_, missing)| *missing > Hours::ZERO)
            .collect();
        match parts.as_slice() {
            [] => format!("{done}，还差 {total} 学时，科目不限。"),
            [(what, missing)] if *missing == total => format!("{done}，还差{} {missing} 学时。", what.name()),
            parts => {
                let parts: Vec<String> = parts
                    .iter()
                    .map(|(what, missing)| format!("{}至少 {missing} 学时", what.name()))
                    .collect();
                format!("{done}，还差 {total} 学时，其中{}。", parts.join("、"))
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
    fn a_year_may_demand_public_hours_and_compulsory_ones() {
        let mut statement = year(10, 80);
        statement.requirement.public = Hours::whole(30);
        assert_eq!(
            statement.sentence(),
            "2026 年度已完成 90 / 90 学时，还差公需科目 20 学时。"
        );
        statement.requirement.compulsory = Hours::whole(15);
        assert_eq!(
            statement.sentence(),
            "2026 年度已完成 90 / 90 学时，还差 20 学时，其中公需科目至少 20 学时、公需科目必修至少 15 学时。"
        );
        assert_ne!(statement.standing(), Standing::Reached);
        statement.lines[0].rule = crate::credits::COMPULSORY_CLASS.into();
        let again = Statement::evaluate(2026, statement.requirement, statement.lines);
        assert_eq!(again.compulsory, Hours::whole(10));
    }

    /// a cycle of years that ends with this one decides the year as well, and the sentence says so.
    #[test]
    fn r75_a_cycle_of_years_decides_the_year_that_ends_it() {
        let mut statement = year(30, 60);
        let mut cycle = PeriodLine {
            name: "四年周期".into(),
            purpose: Purpose::Annual,
            sentence: "2023–2026 年总学时 350 / 360 学时，还差总学时 10 学时。".into(),
            missing: Shortfall {
                total: Hours::whole(10),
                ..Shortfall::default()
            },
            reached: false,
            source: String::new(),
            confidence: "",
        };
        statement.periods = vec![cycle.clone()];
        let missing = Standing::Missing {
            total: Hours::whole(10),
            professional: Hours::ZERO,
        };
        assert_eq!(statement.standing(), missing);
        assert!(
            statement
                .sentence()
                .ends_with("四年周期：2023–2026 年总学时 350 / 360 学时，还差总学时 10 学时。")
        );
        cycle.purpose = Purpose::Title;
        statement.periods = vec![cycle];
        assert_eq!(statement.standing(), Standing::Reached);
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
