//! The evaluation of an activity: facts + edition + what was recognised before → hours by year, explained.
//!
//! ```text
//! measured ──cap of the event──► ──once, at its highest──► ──spread over years──► ──cap of each year──► shares
//! ```
//! R-25: the edition in force on the day on which the activity ended decides; the caller chose it. R-26: an achievement
//! counts once, at its highest; a higher claim gives the difference. R-27: nothing above a cap. R-28: spread by the rule.
//! R-38: a quantity must be plausible for its unit and its days.
//! Pure: the same facts give the same hours for ever.

use chrono::Datelike;
use kernel::{Date, Error, FieldError, Hours, Result};

use super::measure::amount;
use super::{Edition, Once, Rule, Traits, Unit};
use crate::credits::Subject;
use crate::said;

/// More hours than any activity can have, and the bound of all arithmetic.
pub(super) const MOST_HOURS: Hours = Hours::whole(10_000);

/// The facts of an activity, as the person states them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The rule of the edition under which it is claimed.
    pub rule: String,
    /// Which subject it shall fill.
    pub subject: Subject,
    /// How many units, in hundredths of the unit: 150 is one and a half days.
    pub quantity: i64,
    /// Rank among the authors, 1 is first.
    pub rank: Option<u8>,
    /// Length of the paper in characters.
    pub words: Option<i64>,
    /// Hours taught or attended.
    pub taught: Option<Hours>,
    /// Hours that the courseware is labelled with.
    pub labelled: Option<Hours>,
    /// First day of the activity.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// What makes it the same achievement as another: a patent's number, a DOI, a title.
    pub achievement: Option<String>,
    /// The year chosen, where the rule lets choose.
    pub year: Option<i32>,
    /// The day of the claim.
    pub claimed_on: Date,
    /// What the edition looks at in the person.
    pub traits: Traits,
}

impl Claimed {
    /// One unit of an activity on one day; fill in the rest.
    #[must_use]
    pub fn one(rule: &str, subject: Subject, on: Date) -> Self {
        Self {
            rule: rule.to_owned(),
            subject,
            quantity: 100,
            rank: None,
            words: None,
            taught: None,
            labelled: None,
            from: on,
            to: on,
            achievement: None,
            year: None,
            claimed_on: on,
            traits: Traits::default(),
        }
    }

    /// Calendar years in which it lay.
    pub(super) fn years(&self) -> i64 {
        i64::from(self.to.year() - self.from.year() + 1).max(1)
    }
}

/// What was recognised for the person before and stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Before {
    /// One element per year share.
    pub recognised: Vec<Recognised>,
}

/// A share that was recognised and stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// Under which rule.
    pub rule: String,
    /// For which year.
    pub year: i32,
    /// How many.
    pub hours: Hours,
    /// Of which achievement.
    pub achievement: Option<String>,
}

impl Before {
    /// Hours of a year under rules.
    pub(super) fn of(&self, year: i32, rule: impl Fn(&str) -> bool) -> Hours {
        let of_year = self.recognised.iter().filter(|one| one.year == year && rule(&one.rule));
        of_year.map(|one| one.hours).sum()
    }

    /// Hours of an achievement, in all years or in one.
    fn of_achievement(&self, name: &str, year: Option<i32>) -> Hours {
        let same = self
            .recognised
            .iter()
            .filter(|one| one.achievement.as_deref() == Some(name) && year.is_none_or(|year| one.year == year));
        same.map(|one| one.hours).sum()
    }

    /// What is recognised together with an evaluation, for the next one.
    pub fn add(&mut self, evaluation: &Evaluation, achievement: Option<&str>) {
        self.recognised
            .extend(evaluation.shares.iter().map(|(year, hours)| Recognised {
                rule: evaluation.rule.clone(),
                year: *year,
                hours: *hours,
                achievement: achievement.map(str::to_owned),
            }));
    }
}

/// What came out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// Hours by year, none of them zero; empty when nothing is left to recognise.
    pub shares: Vec<(i32, Hours)>,
    /// How it came about, sentence by sentence: what was counted, what was capped and by what.
    pub steps: Vec<String>,
    /// The explanation in one line, for the ledger.
    pub basis: String,
    /// The rule.
    pub rule: String,
    /// The edition.
    pub edition: String,
}

impl Evaluation {
    /// All hours.
    #[must_use]
    pub fn total(&self) -> Hours {
        self.shares.iter().map(|(_, hours)| *hours).sum()
    }
}

/// Evaluates an activity by an edition.
///
/// # Errors
/// Refused when the edition has no such rule, it is not for this person or the claim is too late; wrong fields when a
/// fact is missing or implausible. Nothing left to recognise is no error: the shares are empty and the steps say why.
pub fn evaluate(edition: &Edition, claimed: &Claimed, before: &Before) -> Result<Evaluation> {
    let rule = permitted(edition, claimed)?;
    plausible(rule, claimed)?;
    let (measured, words) = rule.measure.hours(claimed)?;
    let mut steps = vec![words];
    let mut hours = measured;
    for cap in &rule.caps {
        if let Some(most) = cap.of_event(claimed)
            && hours > most
        {
            steps.push(format!("{}，超出的 {} 学时不计", cap.in_words(), hours - most));
            hours = most;
        }
    }
    let hours = once(rule, claimed, before, hours, &mut steps);
    let Some(shares) = rule.spread.shares(claimed, hours) else {
        let sentence = format!("{}，请选择其中的年度。", rule.spread.in_words());
        return Err(Error::wrong("year", "recognition.year", sentence));
    };
    if shares.len() > 1 && hours > Hours::ZERO {
        let words: Vec<String> = shares.iter().map(|(year, part)| format!("{year} 年 {part}")).collect();
        steps.push(format!("{}：{}", rule.spread.in_words(), words.join("，")));
    }
    let shares = shares
        .into_iter()
        .map(|(year, part)| (year, within_year(rule, year, part, before, &mut steps)))
        .filter(|(_, part)| *part > Hours::ZERO)
        .collect();
    Ok(finish(edition, rule, shares, steps))
}

fn finish(edition: &Edition, rule: &Rule, shares: Vec<(i32, Hours)>, mut steps: Vec<String>) -> Evaluation {
    let total: Hours = shares.iter().map(|(_, hours)| *hours).sum();
    steps.push(if total > Hours::ZERO {
        format!("认定 {total} 学时")
    } else {
        "本次没有可以再认定的学时".into()
    });
    let basis = format!("{}：{}（{}）", rule.name, steps.join("；"), rule.source.cited());
    Evaluation {
        shares,
        basis,
        steps,
        rule: rule.code.clone(),
        edition: edition.code.clone(),
    }
}

/// The rule, if the edition has it, it is for this person and subject, and it is not too late.
fn permitted<'a>(edition: &'a Edition, claimed: &Claimed) -> Result<&'a Rule> {
    let rule = edition.rule(&claimed.rule).ok_or_else(|| {
        Error::refused_by(
            "R-25",
            "recognition.rule",
            format!("《{}》中没有这一项活动，请重新选择活动种类。", edition.name),
        )
    })?;
    if !rule.audience.holds(&claimed.traits) {
        let sentence = format!("“{}”只适用于规定的职称系列或级别，请核对您的职称信息。", rule.name);
        return Err(Error::refused("recognition.audience", sentence));
    }
    if let Some(last) = rule.claim_by.and_then(|by| by.last_day(claimed.to))
        && claimed.claimed_on > last
    {
        let sentence = format!("“{}”应在 {} 前申报，现已超过期限。", rule.name, said::day(last));
        return Err(Error::refused("recognition.late", sentence));
    }
    if !rule.fills.contains(&claimed.subject) {
        let names: Vec<&str> = rule.fills.iter().map(|subject| subject.name()).collect();
        let sentence = format!("本项只能计入{}，请改选科目。", names.join("、"));
        return Err(Error::wrong("subject", "recognition.subject", sentence));
    }
    Ok(rule)
}

/// R-38: quantities that can be true.
fn plausible(rule: &Rule, claimed: &Claimed) -> Result<()> {
    let mut wrong = Vec::new();
    if claimed.from > claimed.to {
        let sentence = "结束日期早于开始日期，请核对。";
        wrong.push(FieldError::new("to", "recognition.days", sentence));
    } else if claimed.to > claimed.claimed_on {
        let sentence = "活动尚未结束，请在结束后申报。";
        wrong.push(FieldError::new("to", "recognition.future", sentence));
    }
    if let Some(unit) = rule.measure.unit() {
        let days = (claimed.to - claimed.from).num_days() + 1;
        if let Err(sentence) = quantity(unit, claimed.quantity, days) {
            wrong.push(FieldError::new("quantity", "recognition.quantity", sentence));
        }
    }
    if claimed.words.is_some_and(|words| !(0..=10_000_000).contains(&words)) {
        let sentence = "论文字数应在 0 到 10,000,000 之间，请核对。";
        wrong.push(FieldError::new("words", "recognition.words", sentence));
    }
    if rule.once != Once::Repeats && claimed.achievement.as_deref().is_none_or(|name| name.trim().is_empty()) {
        let sentence = "请填写成果的名称或编号，同一成果只认定一次。";
        wrong.push(FieldError::new("achievement", "recognition.achievement", sentence));
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Error::Wrong(wrong))
    }
}

fn quantity(unit: Unit, quantity: i64, days: i64) -> Result<(), String> {
    let name = unit.name();
    if quantity <= 0 {
        return Err(format!("数量应大于 0，单位为“{name}”，请核对。"));
    }
    let (most, fractions) = match unit {
        Unit::Day => (days, true),
        Unit::HalfDay => (days.saturating_mul(2), true),
        Unit::Thousand | Unit::TenThousand => (10_000, true),
        Unit::Credit => (1_000, true),
        Unit::Year | Unit::Cycle => (1, false),
        _ => (100, false),
    };
    if !fractions && quantity % 100 != 0 {
        return Err(format!("“{name}”应为整数，您填写了 {}，请核对。", amount(quantity)));
    }
    if quantity > most.saturating_mul(100) {
        let why = match unit {
            Unit::Day | Unit::HalfDay => format!("起止日期之间最多 {most} {name}"),
            Unit::Year | Unit::Cycle => format!("每次申报一{name}，请逐{name}申报"),
            _ => format!("一次最多填写 {most} {name}"),
        };
        return Err(format!("{why}，您填写了 {}，请核对。", amount(quantity)));
    }
    Ok(())
}

/// R-26: what the achievement is worth above what it was worth before.
fn once(rule: &Rule, claimed: &Claimed, before: &Before, hours: Hours, steps: &mut Vec<String>) -> Hours {
    let (name, year) = match (rule.once, claimed.achievement.as_deref()) {
        (Once::AtItsHighest, Some(name)) => (name, None),
        (Once::OnceAYear, Some(name)) => (name, Some(claimed.to.year())),
        _ => return hours,
    };
    let earlier = before.of_achievement(name, year);
    if earlier == Hours::ZERO {
        return hours;
    }
    let more = (hours - earlier).or_zero();
    steps.push(format!(
        "同一成果已认定 {earlier} 学时，取最高认定，本次补计 {more} 学时"
    ));
    more
}

/// R-27: what the caps of the year leave.
fn within_year(rule: &Rule, year: i32, part: Hours, before: &Before, steps: &mut Vec<String>) -> Hours {
    let mut hours = part;
    for cap in &rule.caps {
        if let Some(left) = cap.left_in(rule, year, before)
            && hours > left
        {
            steps.push(format!(
                "{year} 年{}，还可计 {left}，超出的 {} 学时不计",
                cap.in_words(),
                hours - left
            ));
            hours = left;
        }
    }
    hours
}
