//! Recognition: how many hours an activity is worth, as an edition of rules says.
//!
//! ```text
//! facts of an activity + edition + what was recognised before ──evaluate──► hours by year + explanation
//! ```
//! `measure.rs` counts, `cap.rs` limits and spreads, `evaluate.rs` does both and explains, `check.rs` says what is
//! wrong with an edition, `shipped.rs` holds those that come with the platform (`data/editions`).
//! Rules: R-6, R-7 (a class), R-25 (which edition), R-26 (once, at its highest), R-27 (caps), R-28 (spread),
//! R-29 (accountants), R-38 (plausible quantities).
//! Deliberately absent: who may recognise and in which order; that is the path of a claim.

mod cap;
mod check;
mod evaluate;
mod measure;
mod shipped;

use kernel::{Date, Seconds};
use serde::{Deserialize, Serialize};

pub use super::audience::{Audience, ByLevel, LevelHours, Traits};
pub use super::source::{Confidence, Source};
use super::{ActivityForm, Subject, iso_date};

pub use cap::{Cap, LengthBand, Spread};
pub use evaluate::{Before, Claimed, Evaluation, Recognised, evaluate};
pub use measure::{Broken, Measure, Unit, WordBand};
pub use shipped::{sample, shipped};

/// The recognition rules of a place, in force from a day on. Never edited once in force: a later edition supersedes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Short and unique, `shanghai-2022`; entries of the ledger name it.
    pub code: String,
    /// As people call it.
    pub name: String,
    /// Whose rules: 上海.
    pub jurisdiction: String,
    /// First day in force.
    #[serde(with = "iso_date")]
    pub in_force: Date,
    /// Last day in force, once it is known.
    #[serde(default, with = "iso_date::optional")]
    pub until: Option<Date>,
    /// How a class is measured.
    pub class: ClassRule,
    /// How everything else is.
    pub rules: Vec<Rule>,
}

/// How the hours of a class come about (R-6, R-7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassRule {
    /// Taught minutes that make one 学时.
    pub minutes_per_hour: i64,
    /// Which figure counts.
    pub method: ClassMethod,
    /// By which right.
    pub source: Source,
}

kernel::codes! {
    /// Which figure of a class counts.
    pub enum ClassMethod {
        /// The lesser of taught time and declared hours.
        Lesser = "lesser" "授课时间折算与申报学时取较小者",
        /// Taught time alone.
        Taught = "taught" "按授课时间折算",
        /// Declared hours alone.
        Declared = "declared" "按申报学时",
    }
}

impl ClassRule {
    /// Taught time in hours, rounded down to hundredths (R-6).
    #[must_use]
    pub fn by_time(&self, taught: Seconds) -> kernel::Hours {
        kernel::Hours::hundredths(taught.get() * 100 / (self.minutes_per_hour.max(1) * 60))
    }
}

/// What one kind of activity is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Unique in its edition; entries name it: `会计-考试`.
    pub code: String,
    /// The activity in plain words.
    pub name: String,
    /// In which of the five forms it is learned.
    pub form: ActivityForm,
    /// Which subjects it may fill; the person chooses where there are two.
    pub fills: Vec<Subject>,
    /// To whom it applies.
    #[serde(default)]
    pub audience: Audience,
    /// How many hours.
    pub measure: Measure,
    /// At most how many. All of them hold.
    #[serde(default)]
    pub caps: Vec<Cap>,
    /// In which years.
    pub spread: Spread,
    /// Whether the same achievement may come again.
    pub once: Once,
    /// Whether hours in 公需科目 under this rule are of the compulsory part.
    #[serde(default)]
    pub part: Part,
    /// Until when it must be claimed.
    #[serde(default)]
    pub claim_by: Option<ClaimBy>,
    /// What the person has to show.
    pub evidence: Vec<String>,
    /// Who recognises.
    pub recogniser: Recogniser,
    /// By which right.
    pub source: Source,
}

kernel::codes! {
    /// Whether an achievement counts again (R-26).
    pub enum Once {
        /// Each activity is its own.
        Repeats = "repeats" "可多次申报",
        /// One achievement counts once, at its highest.
        AtItsHighest = "at_its_highest" "同一成果只认定一次，取最高",
        /// One achievement counts once in each year, at its highest.
        OnceAYear = "once_a_year" "同一成果每年认定一次，取最高",
    }
}

kernel::codes! {
    /// 必修 or 选修.
    #[derive(Default)]
    pub enum Part {
        /// 选修, or no such difference.
        #[default]
        Elective = "elective" "选修",
        /// 必修.
        Compulsory = "compulsory" "必修",
    }
}

kernel::codes! {
    /// Who recognises claimed hours.
    pub enum Recogniser {
        /// The employer.
        Employer = "employer" "用人单位",
        /// The district bureau.
        District = "district" "区人社局",
        /// The industry department.
        Department = "department" "行业主管部门",
        /// The municipal lead department.
        Lead = "lead" "市人社局",
    }
}

/// A day of the year after the activity: 次年3月31日.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimBy {
    /// Month.
    pub month: u32,
    /// Day.
    pub day: u32,
}

impl ClaimBy {
    /// The last day on which an activity that ended on `ended` may be claimed.
    #[must_use]
    pub fn last_day(self, ended: Date) -> Option<Date> {
        Date::from_ymd_opt(chrono::Datelike::year(&ended) + 1, self.month, self.day)
    }
}

impl Edition {
    /// The rule of this code.
    #[must_use]
    pub fn rule(&self, code: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.code == code)
    }

    /// The rules that apply to a person.
    pub fn rules_for<'a>(&'a self, traits: &'a Traits) -> impl Iterator<Item = &'a Rule> {
        self.rules.iter().filter(|rule| rule.audience.holds(traits))
    }

    /// Whether it is in force on a day (R-25: the day on which the activity ended decides).
    #[must_use]
    pub fn is_in_force(&self, on: Date) -> bool {
        self.in_force <= on && self.until.is_none_or(|until| on <= until)
    }
}

#[cfg(test)]
mod tests;
