//! At most how many hours, and in which years they count.
//!
//! what is above a cap is not counted and not carried over. R-28: hours may be spread over years by the rule only.

use chrono::{Datelike, Months};
use kernel::{Date, Hours};
use serde::{Deserialize, Serialize};

use super::evaluate::Before;
use super::{ByLevel, Claimed, Rule};

/// A limit. Several limits of a rule hold together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "per", rename_all = "snake_case")]
pub enum Cap {
    /// One activity gives at most so many.
    Event {
        /// At most.
        most: Hours,
    },
    /// One activity gives at most so many, by how long it lasted: ≤30; 3–6 months ≤60; longer ≤90.
    EventByLength {
        /// Shortest first; the last is open.
        bands: Vec<LengthBand>,
    },
    /// One activity gives at most what so many years demand: 一次最多认定两年学时.
    EventYears {
        /// Years.
        years: i64,
        /// What one demands.
        per_year: ByLevel,
    },
    /// This rule gives at most so many a year.
    Year {
        /// At most.
        most: Hours,
    },
    /// These rules together give at most so many a year.
    KindAndYear {
        /// Codes of the rules that are capped together, this one among them.
        rules: Vec<String>,
        /// At most.
        most: Hours,
    },
}

/// A limit for activities that were shorter than so many months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LengthBand {
    /// Shorter than; none is open.
    pub under_months: Option<u32>,
    /// At most.
    pub most: Hours,
}

/// In which years the hours count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "over", rename_all = "snake_case")]
pub enum Spread {
    /// In the year in which the activity ended.
    InYear,
    /// In equal parts over so many years, from the year in which it ended: 分两年登记.
    OverYears {
        /// How many.
        years: u32,
    },
    /// In one year that the person chooses among so many, from the year in which it ended: 三年内有效.
    ValidYears {
        /// How many.
        years: u32,
    },
    /// In each of the years in which the activity lay, in equal parts: for 视同完成.
    YearsOfActivity,
}

impl Cap {
    /// The limit in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Event { most } => format!("每次最多 {most} 学时"),
            Self::EventByLength { bands } => {
                let mut from = 0;
                let words: Vec<String> = bands
                    .iter()
                    .map(|band| match band.under_months {
                        Some(months) => {
                            let words = format!("{from} 至 {months} 个月最多 {} 学时", band.most);
                            from = months;
                            words
                        }
                        None => format!("{from} 个月以上最多 {} 学时", band.most),
                    })
                    .collect();
                words.join("，")
            }
            Self::EventYears { years, per_year } => {
                format!("每次最多认定 {years} 年学时（每年 {}）", per_year.otherwise)
            }
            Self::Year { most } => format!("本项每年最多 {most} 学时"),
            Self::KindAndYear { most, .. } => format!("同类活动合计每年最多 {most} 学时"),
        }
    }

    /// What one activity may give at most, when this limit is of that kind.
    pub(super) fn of_event(&self, claimed: &Claimed) -> Option<Hours> {
        match self {
            Self::Event { most } => Some(*most),
            Self::EventByLength { bands } => bands
                .iter()
                .find(|band| band.under_months.is_none_or(|months| shorter_than(claimed, months)))
                .map(|band| band.most),
            Self::EventYears { years, per_year } => {
                Some(Hours::hundredths(per_year.of(claimed.traits.level).get() * years))
            }
            Self::Year { .. } | Self::KindAndYear { .. } => None,
        }
    }

    /// What is left of the year, when this limit is of that kind.
    pub(super) fn left_in(&self, rule: &Rule, year: i32, before: &Before) -> Option<Hours> {
        match self {
            Self::Year { most } => Some((*most - before.of(year, |code| code == rule.code)).or_zero()),
            Self::KindAndYear { rules, most } => Some(
                (*most - before.of(year, |code| code == rule.code || rules.iter().any(|one| one == code))).or_zero(),
            ),
            Self::Event { .. } | Self::EventByLength { .. } | Self::EventYears { .. } => None,
        }
    }
}

/// Whether the activity, both days counted, was shorter than so many months.
fn shorter_than(claimed: &Claimed, months: u32) -> bool {
    let end: Option<Date> = claimed.from.checked_add_months(Months::new(months));
    end.and_then(|end| end.pred_opt()).is_some_and(|last| claimed.to < last)
}

impl Spread {
    /// In words.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::InYear => "计入活动结束的年度".into(),
            Self::OverYears { years } => format!("平均计入自结束年度起的 {years} 个年度"),
            Self::ValidYears { years } => format!("自结束年度起 {years} 年内有效，由本人选择计入其中一个年度"),
            Self::YearsOfActivity => "平均计入活动所在的各个年度".into(),
        }
    }

    /// The shares of the years; what does not divide goes to the first. `None` when the chosen year is not among them.
    pub(super) fn shares(self, claimed: &Claimed, hours: Hours) -> Option<Vec<(i32, Hours)>> {
        let ended = claimed.to.year();
        match self {
            Self::InYear => Some(vec![(ended, hours)]),
            Self::OverYears { years } => Some(parts(ended, i64::from(years), hours)),
            Self::ValidYears { years } => {
                let chosen = claimed.year.unwrap_or(ended);
                let last = ended.saturating_add(i32::try_from(years).unwrap_or(1).max(1) - 1);
                (ended..=last).contains(&chosen).then(|| vec![(chosen, hours)])
            }
            Self::YearsOfActivity => Some(parts(claimed.from.year(), claimed.years(), hours)),
        }
    }
}

fn parts(first: i32, years: i64, hours: Hours) -> Vec<(i32, Hours)> {
    let years = years.max(1);
    let each = hours.get() / years;
    let rest = hours.get() - each * years;
    (0..years)
        .zip(first..)
        .map(|(at, year)| (year, Hours::hundredths(if at == 0 { each + rest } else { each })))
        .collect()
}
