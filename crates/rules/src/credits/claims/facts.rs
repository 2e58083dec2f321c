//! What a person says in a claim: saved as it is typed, read with a sentence at each field when it is handed in.
//!
//! hours from elsewhere need who attested them, the number of the document, the year and the hours.
//! Negative, empty and absurd quantities are refused here, whatever rule they would be counted by.
//! Deliberately absent: what a quantity is worth; the edition of recognition rules says that.

use chrono::Datelike;
use kernel::{Date, Error, FieldError, Hours, Result, date};
use serde::{Deserialize, Serialize};

use super::achievement;
use crate::credits::recognition::{Broken, Claimed, Measure, Once, Rule, Spread, Traits, Unit};
use crate::credits::{Subject, iso_date};

kernel::codes! {
    /// 申报类别.
    pub enum ClaimKind {
        /// An activity converted to hours by a recognition rule.
        Converted = "converted" "折算申报",
        /// Hours that a body elsewhere attested.
        Elsewhere = "elsewhere" "外省市学时",
    }
}

/// No claim goes back further.
const EARLIEST: i32 = 2_000;
/// More hours than a year of working days holds are a slip of the pen.
pub const MOST_HOURS: Hours = Hours::whole(2_000);
/// The largest quantity in hundredths.
pub const MOST_QUANTITY: i64 = 1_000_000;

/// What was typed so far; a draft may lack anything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// What was done, as the person will read it in the ledger.
    pub title: String,
    /// Which subject it is to fill.
    pub subject: Option<Subject>,
    /// Number or full name of the achievement: DOI, patent, project.
    pub achievement: String,
    /// How much, in hundredths of the rule's unit.
    pub quantity: Option<i64>,
    /// The person's rank among those who did it, from 1.
    pub rank: Option<u8>,
    /// Words of a paper.
    pub words: Option<i64>,
    /// Hours taught.
    pub taught: Option<Hours>,
    /// Hours that a courseware is labelled with.
    pub labelled: Option<Hours>,
    /// First day.
    #[serde(with = "iso_date::optional")]
    pub from: Option<Date>,
    /// Last day, from which the year is taken.
    #[serde(with = "iso_date::optional")]
    pub to: Option<Date>,
    /// Who attested hours from elsewhere.
    pub authority: String,
    /// The number of its document.
    pub document: String,
    /// The year for which it attested them, or the one that the person chose where a rule lets choose.
    pub year: Option<i32>,
    /// How many.
    pub hours: Option<Hours>,
}

/// Which facts a claim must have beside title, subject and days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asks {
    /// The unit of the quantity, if one is asked: 天.
    pub unit: Option<String>,
    /// The last rank that counts, if one is asked.
    pub ranks: Option<u8>,
    /// Words of a paper; may be absent where no paper was read.
    pub words: bool,
    /// Hours taught.
    pub taught: bool,
    /// Hours taught in a part of a unit; may be absent where units are whole.
    pub rest: bool,
    /// Hours labelled.
    pub labelled: bool,
    /// Number or name of the achievement.
    pub achievement: bool,
    /// The year in which the hours are to count, where the rule lets choose.
    pub year: bool,
}

/// Facts of an attestation from elsewhere, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attested {
    /// Who attested.
    pub authority: String,
    /// The number of the document.
    pub document: String,
    /// For which year.
    pub year: i32,
    /// How many hours.
    pub hours: Hours,
}

impl Asks {
    /// What a recognition rule wants to know.
    #[must_use]
    pub fn of(rule: &Rule) -> Self {
        let unit = match (&rule.measure, rule.measure.unit()) {
            (_, None | Some(Unit::Courseware | Unit::Cycle | Unit::Year)) => None,
            (_, Some(unit)) => Some(unit.name().to_owned()),
        };
        let by_minutes = matches!(
            rule.measure,
            Measure::PerUnit {
                broken: Broken::ByMinutes { .. },
                ..
            }
        );
        let ranks = match &rule.measure {
            Measure::ByRank { others: Some(_), .. } => Some(99),
            Measure::ByRank { hours, .. } => u8::try_from(hours.len()).ok(),
            _ => None,
        };
        Self {
            unit,
            ranks,
            words: matches!(rule.measure, Measure::Banded { .. }),
            taught: matches!(rule.measure, Measure::TimesTaught { .. }),
            rest: by_minutes,
            labelled: matches!(rule.measure, Measure::AsLabelled),
            achievement: rule.once != Once::Repeats,
            year: matches!(rule.spread, Spread::ValidYears { .. }),
        }
    }
}

struct Faults(Vec<FieldError>);

impl Faults {
    fn say(&mut self, field: &'static str, code: &'static str, sentence: impl Into<String>) {
        self.0.push(FieldError::new(field, code, sentence));
    }

    fn length(&mut self, field: &'static str, label: &str, text: &str, (least, most): (usize, usize)) {
        let count = text.trim().chars().count();
        if count < least {
            self.say(field, "claim.missing", format!("请填写{label}，至少 {least} 个字。"));
        } else if count > most {
            self.say(
                field,
                "claim.long",
                format!("{label}最多 {most} 个字，现在是 {count} 个。"),
            );
        }
    }

    fn hours(&mut self, field: &'static str, label: &str, hours: Option<Hours>) {
        match hours {
            Some(hours) if hours > Hours::ZERO && hours <= MOST_HOURS => {}
            Some(hours) if hours > MOST_HOURS => self.say(
                field,
                "claim.absurd",
                format!("{label} {hours} 超过一年可能的学习时间，请核对是否多写了一位。"),
            ),
            _ => self.say(
                field,
                "claim.quantity",
                format!("{label}应大于 0，最多两位小数，例如 16 或 1.5。"),
            ),
        }
    }

    fn end(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Wrong(self.0))
        }
    }
}

impl Facts {
    fn common(&self, faults: &mut Faults) {
        faults.length("title", "活动或成果名称", &self.title, (2, 100));
        if self.subject.is_none() {
            faults.say("subject", "claim.subject", "请选择计入公需科目还是专业科目。");
        }
    }

    fn days(&self, today: Date, faults: &mut Faults) {
        let (Some(from), Some(to)) = (self.from, self.to) else {
            for (field, label, day) in [("from", "开始日期", self.from), ("to", "完成日期", self.to)] {
                if day.is_none() {
                    faults.say(field, "claim.day", format!("请填写{label}，例如 2026-03-05。"));
                }
            }
            return;
        };
        if to > today {
            faults.say("to", "claim.future", "完成日期在今天以后，完成后再申报。");
        } else if from > to {
            faults.say("from", "claim.order", "开始日期晚于完成日期，请核对。");
        } else if from.year() < EARLIEST {
            faults.say("from", "claim.early", "开始日期早于 2000 年，请核对。");
        }
    }

    /// Checks a converted activity before it is handed in.
    ///
    /// # Errors
    /// Wrong, with a sentence at each field.
    pub fn check(&self, asks: &Asks, today: Date) -> Result<()> {
        let mut faults = Faults(Vec::new());
        self.common(&mut faults);
        self.days(today, &mut faults);
        if let Some(unit) = &asks.unit {
            match self.quantity {
                Some(quantity) if (1..=MOST_QUANTITY).contains(&quantity) => {}
                Some(quantity) if quantity > MOST_QUANTITY => {
                    faults.say("quantity", "claim.absurd", "数量过大，请核对是否多写了一位。");
                }
                _ => faults.say(
                    "quantity",
                    "claim.quantity",
                    format!("数量应大于 0，单位是“{unit}”，例如 3 或 0.5。"),
                ),
            }
        }
        if let Some(last) = asks.ranks
            && !self.rank.is_some_and(|rank| (1..=last).contains(&rank))
        {
            faults.say("rank", "claim.rank", format!("请填写本人排名，前 {last} 名可以折算。"));
        }
        if asks.words && self.words.is_some_and(|words| !(1..=10_000_000).contains(&words)) {
            faults.say("words", "claim.words", "字数应大于 0；没有论文的不填。");
        }
        if asks.taught {
            faults.hours("taught", "实际授课学时", self.taught);
        }
        if asks.labelled {
            faults.hours("labelled", "课件标定学时", self.labelled);
        }
        if asks.achievement && achievement::key(&self.achievement).is_none() {
            faults.say(
                "achievement",
                "claim.achievement",
                "请填写能唯一确定成果的编号或全称：DOI、专利号、项目编号或论文题目。",
            );
        }
        faults.end()
    }

    /// checks hours from elsewhere before they are handed in.
    ///
    /// # Errors
    /// Wrong, with a sentence at each field.
    pub fn attested(&self, today: Date) -> Result<Attested> {
        let mut faults = Faults(Vec::new());
        self.common(&mut faults);
        faults.length("authority", "出具证明的机构全称", &self.authority, (4, 100));
        faults.length("document", "证明编号", &self.document, (2, 60));
        faults.hours("hours", "学时", self.hours);
        match self.year {
            Some(year) if (EARLIEST..=today.year()).contains(&year) => {}
            _ => faults.say(
                "year",
                "claim.year",
                format!("请填写证明载明的学时年度，不晚于 {} 年。", today.year()),
            ),
        }
        faults.end()?;
        Ok(Attested {
            authority: self.authority.trim().to_owned(),
            document: self.document.trim().to_owned(),
            year: self.year.unwrap_or_default(),
            hours: self.hours.unwrap_or_default(),
        })
    }

    /// The facts as the recognition rules read them, once [`Facts::check`] let them pass; `claimed_on` is the day of the
    /// claim.
    #[must_use]
    pub fn claimed(&self, rule: &str, traits: Traits, claimed_on: Date) -> Claimed {
        let to = self.to.unwrap_or(claimed_on);
        Claimed {
            quantity: self.quantity.unwrap_or(100),
            rank: self.rank,
            words: self.words,
            taught: self.taught,
            labelled: self.labelled,
            from: self.from.unwrap_or(to),
            achievement: self.key(ClaimKind::Converted),
            year: self.year,
            claimed_on,
            traits,
            ..Claimed::one(rule, self.subject.unwrap_or(Subject::Professional), to)
        }
    }

    /// What makes two claims one achievement: the attestation, the number or name, else what was done and when.
    #[must_use]
    pub fn key(&self, kind: ClaimKind) -> Option<String> {
        match kind {
            ClaimKind::Elsewhere => achievement::key(&format!("{}{}", self.authority, self.document)),
            ClaimKind::Converted => achievement::key(&self.achievement).or_else(|| {
                let (from, to) = (self.from?, self.to?);
                Some(format!("{}@{from}/{to}", achievement::key(&self.title)?))
            }),
        }
    }

    /// The day on which the hours were earned: the last of the activity, or the last of the attested year.
    #[must_use]
    pub fn earned_on(&self, kind: ClaimKind, today: Date) -> Date {
        match kind {
            ClaimKind::Converted => self.to.unwrap_or(today),
            ClaimKind::Elsewhere => self.year.map_or(today, |year| date(year, 12, 31).min(today)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper() -> Facts {
        Facts {
            title: "全国学术会议报告".into(),
            subject: Some(Subject::Professional),
            achievement: "10.1000/xyz".into(),
            quantity: Some(100),
            rank: Some(1),
            from: Some(date(2026, 1, 10)),
            to: Some(date(2026, 1, 12)),
            ..Facts::default()
        }
    }

    fn asks() -> Asks {
        Asks {
            unit: Some("次".into()),
            ranks: Some(5),
            words: true,
            achievement: true,
            ..Asks::default()
        }
    }

    fn faults(result: Result<()>) -> Vec<&'static str> {
        match result {
            Err(Error::Wrong(faults)) => faults.iter().map(|fault| fault.code).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn absurd_quantities_are_refused_at_their_field() {
        assert!(paper().check(&asks(), date(2026, 3, 5)).is_ok());
        let with = |change: &dyn Fn(&mut Facts)| {
            let mut facts = paper();
            change(&mut facts);
            faults(facts.check(&asks(), date(2026, 3, 5)))
        };
        assert_eq!(with(&|f| f.quantity = Some(-100)), ["claim.quantity"]);
        assert_eq!(with(&|f| f.quantity = Some(0)), ["claim.quantity"]);
        assert_eq!(with(&|f| f.quantity = None), ["claim.quantity"]);
        assert_eq!(with(&|f| f.quantity = Some(i64::MAX)), ["claim.absurd"]);
        assert_eq!(with(&|f| f.rank = Some(6)), ["claim.rank"]);
        assert_eq!(with(&|f| f.words = Some(-5)), ["claim.words"]);
        assert_eq!(with(&|f| f.to = Some(date(2026, 3, 6))), ["claim.future"]);
        assert_eq!(with(&|f| f.from = Some(date(2026, 2, 1))), ["claim.order"]);
        assert_eq!(with(&|f| f.from = Some(date(1999, 12, 31))), ["claim.early"]);
        assert_eq!(with(&|f| f.achievement = "论文".into()), ["claim.achievement"]);
        assert_eq!(with(&|f| f.to = None), ["claim.day"]);
    }

    #[test]
    fn r45_hours_from_elsewhere_need_their_document() {
        let proof = Facts {
            title: "外省市继续教育".into(),
            subject: Some(Subject::Public),
            authority: "某省人力资源和社会保障厅".into(),
            document: "继教〔2025〕12345 号".into(),
            year: Some(2025),
            hours: Some(Hours::whole(36)),
            ..Facts::default()
        };
        assert_eq!(proof.attested(date(2026, 3, 5)).unwrap().hours, Hours::whole(36));
        let with = |change: &dyn Fn(&mut Facts)| {
            let mut facts = proof.clone();
            change(&mut facts);
            faults(facts.attested(date(2026, 3, 5)).map(drop))
        };
        assert_eq!(with(&|f| f.hours = Some(Hours::whole(-8))), ["claim.quantity"]);
        assert_eq!(with(&|f| f.hours = Some(Hours::whole(20_000))), ["claim.absurd"]);
        assert_eq!(with(&|f| f.year = Some(2027)), ["claim.year"]);
        assert_eq!(with(&|f| f.document.clear()), ["claim.missing"]);
        let again = Facts {
            document: "继教 〔2025〕 12345号".into(),
            ..proof.clone()
        };
        assert_eq!(proof.key(ClaimKind::Elsewhere), again.key(ClaimKind::Elsewhere));
    }
}
