//! How many hours a quantity of an activity is: per unit, by the rank of the author, by taught time, as labelled.
//!
//! A measure knows nothing of limits. Arithmetic is in hundredths, rounded down, and cannot overflow: quantities and
//! figures are bounded before (`evaluate.rs`, `check.rs`).

use kernel::{Error, Hours, Result};
use serde::{Deserialize, Serialize};

use super::{ByLevel, Claimed};

kernel::codes! {
    /// What is counted.
    pub enum Unit {
        HalfDay = "half_day" "半天",
        Day = "day" "天",
        Event = "event" "次",
        Item = "item" "项",
        Course = "course" "门",
        ExamSubject = "exam_subject" "科",
        Certificate = "certificate" "证书",
        Credit = "credit" "学分",
        Courseware = "courseware" "课件",
        Year = "year" "年",
        Cycle = "cycle" "审验期",
        Thousand = "thousand_characters" "千字",
        TenThousand = "ten_thousand_characters" "万字",
    }
}

/// What happens to a part of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Broken {
    /// Half a unit is half the hours.
    InProportion,
    /// Only whole units count.
    WholeOnly,
    /// The part counts by its taught time: so many minutes an hour.
    ByMinutes {
        /// Minutes that make one 学时.
        minutes: i64,
    },
}

/// How a quantity becomes hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Measure {
    /// So many hours a unit: 每天 8.
    PerUnit {
        /// What is counted.
        unit: Unit,
        /// Hours of one.
        hours: Hours,
        /// A part of one.
        broken: Broken,
    },
    /// By the rank of the author: 64/56/48/40/32.
    ByRank {
        /// What is counted.
        unit: Unit,
        /// Hours of the first, the second, and so on.
        hours: Vec<Hours>,
        /// Hours of everybody after; none: they get nothing.
        others: Option<Hours>,
    },
    /// Taught hours times a factor: 授课学时 × 2.
    TimesTaught {
        /// In hundredths: 200 is ×2.
        factor: i64,
    },
    /// As the courseware is labelled: 课件标定学时.
    AsLabelled,
    /// A base, and more for a paper by its length: 10, with a paper up to 2,000 characters +20, above +30.
    Banded {
        /// What is counted.
        unit: Unit,
        /// Hours of one without a paper.
        base: Hours,
        /// Additions by length, shortest first; the last is open.
        bands: Vec<WordBand>,
    },
    /// The years in which the activity lay count as completed: 视同完成.
    Whole {
        /// What a year demands.
        per_year: ByLevel,
    },
}

/// An addition for a paper of up to so many characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordBand {
    /// Up to and with; none is open.
    pub up_to: Option<i64>,
    /// Added hours.
    pub add: Hours,
}

/// A quantity in hundredths as people write it.
pub(super) fn amount(hundredths: i64) -> String {
    Hours::hundredths(hundredths).to_string()
}

impl Measure {
    /// What is counted; hours themselves where the activity has its own.
    #[must_use]
    pub const fn unit(&self) -> Option<Unit> {
        match self {
            Self::PerUnit { unit, .. } | Self::ByRank { unit, .. } | Self::Banded { unit, .. } => Some(*unit),
            Self::AsLabelled => Some(Unit::Courseware),
            Self::Whole { .. } => Some(Unit::Cycle),
            Self::TimesTaught { .. } => None,
        }
    }

    /// The measure in words, for people who want to know before they claim.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::PerUnit { unit, hours, broken } => {
                let part = match broken {
                    Broken::InProportion => String::new(),
                    Broken::WholeOnly => format!("，不足一{}不计", unit.name()),
                    Broken::ByMinutes { minutes } => {
                        format!("，不足一{}的按 {minutes} 分钟 1 学时", unit.name())
                    }
                };
                format!("每{} {hours} 学时{part}", unit.name())
            }
            Self::ByRank { unit, hours, others } => {
                let ranks: Vec<String> = hours.iter().map(ToString::to_string).collect();
                let others = others.map_or_else(String::new, |others| format!("，其他参与人 {others}"));
                let first = if hours.len() == 1 {
                    "独立或主持"
                } else {
                    "按排名"
                };
                format!("每{}{first} {} 学时{others}", unit.name(), ranks.join("/"))
            }
            Self::TimesTaught { factor } => format!("实际学时 × {}", amount(*factor)),
            Self::AsLabelled => "按课件标定学时".into(),
            Self::Banded { unit, base, bands } => {
                let mut words = format!("每{} {base} 学时", unit.name());
                let mut below = 0;
                for band in bands {
                    let length = match band.up_to {
                        Some(up_to) => format!("论文不超过 {up_to} 字"),
                        None => format!("论文超过 {below} 字"),
                    };
                    below = band.up_to.unwrap_or(below);
                    words.push_str(&format!("，{length}加 {}", band.add));
                }
                words
            }
            Self::Whole { per_year } => format!("视同完成，每年按 {} 学时", per_year.otherwise),
        }
    }

    /// The hours before any limit, with the sentence that says how.
    pub(super) fn hours(&self, claimed: &Claimed) -> Result<(Hours, String)> {
        match self {
            Self::PerUnit { unit, hours, broken } => per_unit(*unit, *hours, *broken, claimed),
            Self::ByRank { unit, hours, others } => by_rank(*unit, hours, *others, claimed),
            Self::TimesTaught { factor } => {
                let taught = needed(claimed.taught, "taught", "请填写实际授课（参加）学时。")?;
                let hours = Hours::hundredths(taught.get() * factor / 100);
                let words = format!("实际 {taught} 学时 × {} = {hours} 学时", amount(*factor));
                Ok((hours, words))
            }
            Self::AsLabelled => {
                let labelled = needed(claimed.labelled, "labelled", "请填写课件标定的学时。")?;
                Ok((labelled, format!("课件标定 {labelled} 学时")))
            }
            Self::Banded { unit, base, bands } => Ok(banded(*unit, *base, bands, claimed)),
            Self::Whole { per_year } => {
                let years = claimed.years();
                let each = per_year.of(claimed.traits.level);
                let hours = Hours::hundredths(each.get() * years);
                let words = format!("{years} 个年度视同完成，每年 {each} 学时，共 {hours} 学时");
                Ok((hours, words))
            }
        }
    }
}

fn needed(hours: Option<Hours>, field: &'static str, sentence: &str) -> Result<Hours> {
    hours
        .filter(|hours| !hours.is_negative() && *hours != Hours::ZERO)
        .filter(|hours| *hours <= super::evaluate::MOST_HOURS)
        .ok_or_else(|| Error::wrong(field, "recognition.hours", sentence))
}

fn per_unit(unit: Unit, each: Hours, broken: Broken, claimed: &Claimed) -> Result<(Hours, String)> {
    let (whole, part) = (claimed.quantity / 100, claimed.quantity % 100);
    let name = unit.name();
    match broken {
        Broken::InProportion => {
            let hours = Hours::hundredths(each.get() * claimed.quantity / 100);
            let words = format!(
                "{} {name} × 每{name} {each} 学时 = {hours} 学时",
                amount(claimed.quantity)
            );
            Ok((hours, words))
        }
        Broken::WholeOnly => {
            let hours = Hours::hundredths(each.get() * whole);
            let rest = if part > 0 {
                "（不足一个单位的部分不计）"
            } else {
                ""
            };
            let words = format!("{whole} {name} × 每{name} {each} 学时 = {hours} 学时{rest}");
            Ok((hours, words))
        }
        Broken::ByMinutes { minutes } => {
            let mut hours = Hours::hundredths(each.get() * whole);
            let mut words = format!("{whole} {name} × 每{name} {each} 学时");
            if part > 0 {
                let taught = needed(
                    claimed.taught,
                    "taught",
                    "不足一天的部分按授课时间计，请填写这部分的实际学时。",
                )?;
                // The person states it in 学时 of 45 minutes; it is converted when the rule has other minutes.
                let rest = Hours::hundredths(taught.get() * 45 / minutes.max(1)).min(each);
                hours = hours + rest;
                words.push_str(&format!("，另有不足一{name}的部分 {rest} 学时"));
            }
            words.push_str(&format!("，共 {hours} 学时"));
            Ok((hours, words))
        }
    }
}

fn by_rank(unit: Unit, hours: &[Hours], others: Option<Hours>, claimed: &Claimed) -> Result<(Hours, String)> {
    let rank = claimed
        .rank
        .filter(|rank| *rank >= 1)
        .ok_or_else(|| Error::wrong("rank", "recognition.rank", "请填写您在成果中的排名，第一名填 1。"))?;
    let Some(each) = hours.get(usize::from(rank) - 1).copied().or(others) else {
        return Err(Error::wrong(
            "rank",
            "recognition.rank",
            format!("本项只认定前 {} 名，第 {rank} 名不能申报学时。", hours.len()),
        ));
    };
    let total = Hours::hundredths(each.get() * (claimed.quantity / 100));
    let words = format!(
        "第 {rank} 名每{name} {each} 学时 × {} {name} = {total} 学时",
        claimed.quantity / 100,
        name = unit.name()
    );
    Ok((total, words))
}

fn banded(unit: Unit, base: Hours, bands: &[WordBand], claimed: &Claimed) -> (Hours, String) {
    let times = claimed.quantity / 100;
    let mut hours = Hours::hundredths(base.get() * times);
    let mut words = format!("{times} {name} × 每{name} {base} 学时", name = unit.name());
    if let Some(length) = claimed.words.filter(|length| *length > 0) {
        let band = bands.iter().find(|band| band.up_to.is_none_or(|up_to| length <= up_to));
        if let Some(band) = band {
            hours = hours + band.add;
            words.push_str(&format!("，论文 {length} 字加 {} 学时", band.add));
        }
    }
    words.push_str(&format!("，共 {hours} 学时"));
    (hours, words)
}
