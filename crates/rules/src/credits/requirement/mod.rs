//! Requirements: what a year, a cycle of years or a title application must reach, as an edition of rules says.
//!
//! ```text
//! edition ──for a person and a year──► Requirement (the year)      ──compare──► Statement
//!         └─for a person and a year──► demands of longer periods   ──judge────► outcome with gaps
//! ```
//! Every demand that applies to a person holds: the nation's for everybody, 会计's for accountants besides. `judge.rs`
//! compares, `check.rs` finds faults, `shipped.rs` holds what comes with the platform (`data/editions`).
//! Rules: R-3, R-4 (the nation's year), R-30 (上海公需 over three years), R-31 (accountants), R-32 (冶金 over three years),
//! R-37 (which edition, all demands hold), R-75 (the same comparisons decide statements, lists and figures).
//! Deliberately absent: hours by activity form within a demand, which balances do not know; they are told in words
//! (`made_of`).

mod check;
mod judge;
mod shipped;

use kernel::{Code, Date, Hours};
use serde::{Deserialize, Serialize};

pub use super::audience::{Audience, ByLevel, LevelHours, Traits};
use super::iso_date;
use super::recognition::ClaimBy;
pub use super::source::{Confidence, Source};

pub use judge::{Comparison, Gap, Outcome, Reached, Shortfall, Sums, Years};
pub use shipped::{sample, shipped};

/// The requirement rules of a place, in force from a day on. Never edited once in force: a later edition supersedes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Short and unique.
    pub code: String,
    /// As people call it.
    pub name: String,
    /// Whose rules.
    pub jurisdiction: String,
    /// First day in force.
    #[serde(with = "iso_date")]
    pub in_force: Date,
    /// Last day in force, once it is known.
    #[serde(default, with = "iso_date::optional")]
    pub until: Option<Date>,
    /// What is demanded. All that apply to a person hold together.
    pub demands: Vec<Demand>,
}

/// One demand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// Unique in its edition.
    pub code: String,
    /// In plain words.
    pub name: String,
    /// What it decides.
    pub purpose: Purpose,
    /// Of whom.
    #[serde(default)]
    pub audience: Audience,
    /// First year it is demanded for.
    pub from_year: i32,
    /// Last year, once it is known.
    #[serde(default)]
    pub until_year: Option<i32>,
    /// Over which years.
    pub period: Period,
    /// How much of what.
    pub figures: Vec<Figure>,
    /// When in the year the learning is open, where a notice says so.
    #[serde(default)]
    pub window: Option<Window>,
    /// Until which day of the next year hours of the year may still be recorded.
    #[serde(default)]
    pub late: Option<ClaimBy>,
    /// What becomes of a surplus or a gap.
    #[serde(default)]
    pub carry: Carry,
    /// By which right.
    pub source: Source,
}

kernel::codes! {
    /// What a demand decides.
    pub enum Purpose {
        /// Whether the year is reached.
        Annual = "annual" "年度要求",
        /// Whether a period counts for a title application.
        Title = "title" "职称申报要求",
    }
}

/// Over which years hours are added up; the year asked about is the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "over", rename_all = "snake_case")]
pub enum Period {
    /// The year alone.
    Year,
    /// So many years together: 三年 90 学时.
    Years {
        /// How many.
        count: u8,
    },
    /// Each of so many years by itself: 高级核认五年.
    EachOfYears {
        /// How many.
        count: u8,
    },
    /// The figures are of a year and may be reached on average over a term of appointment (聘任期).
    Term {
        /// The shortest term, over which it is judged.
        least: u8,
        /// The longest.
        most: u8,
    },
}

/// How much of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Of what.
    pub what: What,
    /// At least.
    pub least: ByLevel,
    /// What it is made of, where the source says: 在线 126, 直播 54.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made_of: Vec<Portion>,
}

/// A part of a figure, told and not judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portion {
    /// Its name.
    pub name: String,
    /// Its hours.
    pub hours: Hours,
}

kernel::codes! {
    /// Of what a demand speaks.
    pub enum What {
        /// All hours.
        Total = "total" "总学时",
        /// 公需科目.
        Public = "public" "公需科目",
        /// The compulsory part of 公需科目.
        Compulsory = "compulsory" "公需科目必修",
        /// 专业科目.
        Professional = "professional" "专业科目",
    }
}

/// From which day to which day of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// First month and day.
    pub from: MonthDay,
    /// Last month and day.
    pub to: MonthDay,
}

/// A day of any year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthDay {
    /// Month.
    pub month: u32,
    /// Day.
    pub day: u32,
}

/// What becomes of a surplus or a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Carry {
    /// Nothing: hours count in their year (R-8).
    #[default]
    Never,
    /// A gap may be made up within so many years.
    MakeUp {
        /// How many.
        years: u8,
    },
    /// Over the term of appointment.
    WithinTerm,
}

/// What a year must reach for a person: all yearly demands that apply, together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The edition.
    pub edition: String,
    /// Documents and articles.
    pub source: String,
    /// How sure the figures are: as sure as the least sure of them.
    pub confidence: Confidence,
    /// First day in force of the edition.
    pub in_force: Date,
    /// Hours in all.
    pub total: Hours,
    /// Of them in 专业科目.
    pub professional: Hours,
    /// Of them in 公需科目.
    pub public: Hours,
    /// Of those in the compulsory part.
    pub compulsory: Hours,
}

impl Requirement {
    /// The figure of a part.
    #[must_use]
    pub const fn of(&self, what: What) -> Hours {
        match what {
            What::Total => self.total,
            What::Public => self.public,
            What::Compulsory => self.compulsory,
            What::Professional => self.professional,
        }
    }
}

/// The national requirement: what holds where no edition says more (R-3, R-4).
#[must_use]
pub fn national() -> Requirement {
    shipped().requirement(&Traits::default(), 2022)
}

impl Demand {
    /// Whether it is demanded of a person for a year.
    #[must_use]
    pub fn applies(&self, traits: &Traits, year: i32) -> bool {
        self.is_of(year) && self.audience.holds(traits)
    }

    /// Whether anybody is asked for it in a year.
    fn is_of(&self, year: i32) -> bool {
        self.from_year <= year && self.until_year.is_none_or(|until| year <= until)
    }

    /// The figure of a part for a level; nothing where the demand does not speak of it.
    #[must_use]
    pub fn least(&self, what: What, traits: &Traits) -> Hours {
        let figure = self.figures.iter().find(|figure| figure.what == what);
        figure.map_or(Hours::ZERO, |figure| figure.least.of(traits.level))
    }

    /// Whether it speaks of one year alone and decides it.
    fn is_of_the_year(&self) -> bool {
        self.purpose == Purpose::Annual && self.period == Period::Year
    }

    /// The demand in one sentence.
    #[must_use]
    pub fn in_words(&self) -> String {
        let figures: Vec<String> = self
            .figures
            .iter()
            .map(|figure| {
                let levels: Vec<String> = figure
                    .least
                    .levels
                    .iter()
                    .map(|one| format!("{} {}", one.level.name(), one.hours))
                    .collect();
                let levels = if levels.is_empty() {
                    String::new()
                } else {
                    format!("（{}）", levels.join("，"))
                };
                format!("{}不少于 {} 学时{levels}", figure.what.name(), figure.least.otherwise)
            })
            .collect();
        format!("{}{}", self.period.in_words(), figures.join("，"))
    }
}

impl Period {
    /// In words, as the beginning of a sentence.
    #[must_use]
    pub fn in_words(self) -> String {
        match self {
            Self::Year => "每年".into(),
            Self::Years { count } => format!("连续 {count} 年累计"),
            Self::EachOfYears { count } => format!("近 {count} 年每年"),
            Self::Term { least, most } if least == most => format!("{least} 年聘任期内平均每年"),
            Self::Term { least, most } => format!("{least} 至 {most} 年聘任期内平均每年"),
        }
    }

    /// How many years it looks at.
    #[must_use]
    pub const fn years(self) -> u8 {
        match self {
            Self::Year => 1,
            Self::Years { count } | Self::EachOfYears { count } => count,
            Self::Term { least, .. } => least,
        }
    }
}

impl Edition {
    /// The demands that apply to a person for a year.
    pub fn demands_for<'a>(&'a self, traits: &'a Traits, year: i32) -> impl Iterator<Item = &'a Demand> {
        self.demands.iter().filter(move |demand| demand.applies(traits, year))
    }

    /// What the year must reach: of each part the most that a yearly demand asks for (R-37).
    #[must_use]
    pub fn requirement(&self, traits: &Traits, year: i32) -> Requirement {
        let demands: Vec<&Demand> = self
            .demands_for(traits, year)
            .filter(|demand| demand.is_of_the_year())
            .collect();
        let most = |what| {
            let figures = demands.iter().map(|demand| demand.least(what, traits));
            figures.max().unwrap_or_default()
        };
        let sources: Vec<String> = demands.iter().map(|demand| demand.source.cited()).collect();
        let sure = |demand: &&&Demand| Confidence::ALL.iter().position(|one| *one == demand.source.confidence);
        Requirement {
            edition: self.name.clone(),
            source: sources.join("；"),
            confidence: demands
                .iter()
                .max_by_key(sure)
                .map_or(Confidence::Platform, |demand| demand.source.confidence),
            in_force: self.in_force,
            total: most(What::Total),
            professional: most(What::Professional),
            public: most(What::Public),
            compulsory: most(What::Compulsory),
        }
    }

    /// Whether it is in force on a day.
    #[must_use]
    pub fn is_in_force(&self, on: Date) -> bool {
        self.in_force <= on && self.until.is_none_or(|until| on <= until)
    }
}

#[cfg(test)]
mod tests;
