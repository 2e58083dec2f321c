//! 职称申报学时审核: what an application for a title looks back on, and whether a person's hours reach it.
//!
//! how many years an application looks back, and what they must hold, are the demands of a requirement edition
//! (`requirement`, `Purpose::Title`, each with source and confidence): for Shanghai 公需 90 学时 in three years, of them 必修
//! at least 45 (R-30, medium), professional hours by specialty. The last of the years is the one before the
//! application. The yearly demands of those years are told as advice and decide nothing. Pure: entries and a target in,
//! findings with their reasons out. What is not on record is said to be unknown, never guessed: hours of an older
//! record do not say whether they are 必修, and so decide nothing in favour of or against somebody.
//! Deliberately absent: signing and keeping an answer (`oversight::credentials`), experts' judgement of anything else.

mod answer;

use std::collections::BTreeSet;

use chrono::Datelike;
use kernel::{Date, EntryId, Error, Hours, Result};

use super::recognition::Part;
use super::requirement::{Demand, Edition, Period, Purpose as Decides, Source, Traits, What};
use super::{Subject, part_of};
use crate::people::TitleLevel;

pub use answer::{Answer, AnswerFinding, AnswerPerson, AnswerRule, AnswerTarget, AnswerYear};

/// An application lies at most so far ahead.
const AHEAD_DAYS: i64 = 400;
/// The rule under which older records are taken over; they do not tell 必修 from 选修.
const OLDER_RECORD: &str = "R-10";

kernel::codes! {
    /// 用途: what the answer is asked for.
    pub enum Purpose {
        /// An application for a title.
        TitleReview = "title_review" "职称评审",
        /// Appointment to a post.
        Appointment = "appointment" "岗位聘任",
        /// Registration of a professional qualification.
        Registration = "registration" "职业资格注册",
        /// The person looks for itself.
        Own = "own" "本人自查",
    }
}

kernel::codes! {
    /// What became of a demand, or of all of them.
    pub enum Verdict {
        /// Reached.
        Met = "met" "符合",
        /// Not reached.
        NotMet = "not_met" "不符合",
        /// What is on record does not decide it.
        Unknown = "unknown" "需人工核对",
    }
}

/// Whether a rule decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The answer rests on it.
    Decides,
    /// It is told beside the answer.
    Advice,
}

/// The title applied for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// 职称系列, a code of the vocabulary.
    pub series: String,
    /// 职称级别.
    pub level: TitleLevel,
    /// A condition by name that the edition knows: 冶金专业.
    pub specialty: Option<String>,
    /// The day of the application.
    pub on: Date,
}

/// What the check looks at in an entry; reversed entries and reversals cancel out and are both left in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earned {
    /// The entry.
    pub id: EntryId,
    /// The year it counts for.
    pub year: i32,
    /// Subject.
    pub subject: Subject,
    /// Hours, negative in a reversal.
    pub hours: Hours,
    /// Whether it is 必修; none when it does not say.
    pub compulsory: Option<bool>,
}

impl Earned {
    /// What a rule says about 必修; an older record says nothing.
    #[must_use]
    pub fn compulsory_by(rule: &str) -> Option<bool> {
        (rule != OLDER_RECORD).then(|| part_of(rule) == Part::Compulsory)
    }
}

/// One demand and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it stands.
    pub verdict: Verdict,
    /// Needed.
    pub need: Hours,
    /// There.
    pub have: Hours,
    /// The reason in one sentence.
    pub sentence: String,
}

/// One demand of the edition and its findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Its code in the edition.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether it decides.
    pub weight: Weight,
    /// By which right.
    pub source: Source,
    /// The years it looked at.
    pub years: Vec<i32>,
    /// A finding for each of its figures.
    pub findings: Vec<Finding>,
}

/// The whole check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitleCheck {
    /// The edition.
    pub edition: String,
    /// What the deciding rules say together.
    pub verdict: Verdict,
    /// Every rule that applies.
    pub judged: Vec<Judged>,
}

/// The conditions by name that the title demands of an edition know, for those who choose.
#[must_use]
pub fn specialties(edition: &Edition) -> Vec<&str> {
    let demands = edition.demands.iter().filter(|demand| demand.purpose == Decides::Title);
    let names: BTreeSet<&str> = demands
        .flat_map(|demand| demand.audience.named.iter().map(String::as_str))
        .collect();
    names.into_iter().collect()
}

/// Refuses a target that makes no sense on this day.
///
/// # Errors
/// Wrong at `on` (before the edition, or more than 400 days ahead) or at `specialty`.
pub fn take(edition: &Edition, target: &Target, today: Date) -> Result<()> {
    if target.on < edition.in_force || target.on > today + chrono::TimeDelta::days(AHEAD_DAYS) {
        let sentence = format!("申报日期应在 {} 之后，且不晚于一年以后。", edition.in_force);
        return Err(Error::wrong("on", "title_check.on", sentence));
    }
    let known = target
        .specialty
        .as_deref()
        .is_none_or(|name| specialties(edition).contains(&name));
    if known {
        Ok(())
    } else {
        Err(Error::wrong(
            "specialty",
            "title_check.specialty",
            "没有这个专业的学时要求，请不填或改选。",
        ))
    }
}

impl Target {
    fn traits(&self) -> Traits {
        Traits {
            series: Some(self.series.clone()),
            level: Some(self.level),
            field: None,
            named: self.specialty.iter().cloned().collect(),
        }
    }

    /// The last year looked at: the one before the application.
    #[must_use]
    pub fn last_year(&self) -> i32 {
        self.on.year() - 1
    }

    /// Demands that decide an application of this year.
    fn deciding<'a>(&self, edition: &'a Edition) -> Vec<&'a Demand> {
        let traits = self.traits();
        let of_title = |demand: &&Demand| demand.purpose == Decides::Title && demand.applies(&traits, self.on.year());
        edition.demands.iter().filter(of_title).collect()
    }

    /// First and last year that any demand looks at; none when none applies.
    #[must_use]
    pub fn span(&self, edition: &Edition) -> Option<(i32, i32)> {
        let back = self
            .deciding(edition)
            .iter()
            .map(|demand| demand.period.years())
            .max()?;
        Some((self.last_year() - i32::from(back) + 1, self.last_year()))
    }
}

/// Judges a person's entries.
#[must_use]
pub fn judge(edition: &Edition, target: &Target, earned: &[Earned]) -> TitleCheck {
    let traits = target.traits();
    let mut judged: Vec<Judged> = target
        .deciding(edition)
        .into_iter()
        .map(|demand| {
            let last = target.last_year();
            let years: Vec<i32> = (last - i32::from(demand.period.years()) + 1..=last).collect();
            deciding(demand, &traits, years, earned)
        })
        .collect();
    if let Some((from, to)) = target.span(edition) {
        judged.extend(advice(edition, &traits, (from, to), earned));
    }
    let verdicts: Vec<Verdict> = judged
        .iter()
        .filter(|each| each.weight == Weight::Decides)
        .flat_map(|each| each.findings.iter().map(|finding| finding.verdict))
        .collect();
    let verdict = if verdicts.contains(&Verdict::NotMet) {
        Verdict::NotMet
    } else if verdicts.is_empty() || verdicts.contains(&Verdict::Unknown) {
        Verdict::Unknown
    } else {
        Verdict::Met
    };
    TitleCheck {
        edition: edition.code.clone(),
        verdict,
        judged,
    }
}

fn deciding(demand: &Demand, traits: &Traits, years: Vec<i32>, earned: &[Earned]) -> Judged {
    let mut findings = Vec::new();
    for figure in &demand.figures {
        let least = figure.least.of(traits.level);
        match demand.period {
            Period::EachOfYears { .. } => {
                findings.extend(years.iter().map(|year| find(figure.what, least, &[*year], earned)));
            }
            Period::Term { .. } => {
                let times = i64::from(demand.period.years());
                findings.push(find(
                    figure.what,
                    Hours::hundredths(least.get() * times),
                    &years,
                    earned,
                ));
            }
            Period::Year | Period::Years { .. } => findings.push(find(figure.what, least, &years, earned)),
        }
    }
    judged(demand, Weight::Decides, years, findings)
}

/// The yearly requirement of the years looked at, beside the answer.
fn advice(edition: &Edition, traits: &Traits, (from, to): (i32, i32), earned: &[Earned]) -> Vec<Judged> {
    let years: Vec<i32> = (from..=to).collect();
    let yearly = edition.demands.iter().filter(|demand| {
        demand.purpose == Decides::Annual && demand.period == Period::Year && demand.applies(traits, to)
    });
    yearly
        .map(|demand| {
            let total = demand.least(What::Total, traits);
            let finding = each_year(&years, (total, demand.least(What::Professional, traits)), earned);
            judged(demand, Weight::Advice, years.clone(), vec![finding])
        })
        .collect()
}

fn judged(demand: &Demand, weight: Weight, years: Vec<i32>, findings: Vec<Finding>) -> Judged {
    Judged {
        code: demand.code.clone(),
        name: demand.name.clone(),
        weight,
        source: demand.source.clone(),
        years,
        findings,
    }
}

fn find(what: What, need: Hours, years: &[i32], earned: &[Earned]) -> Finding {
    let sum = |keep: &dyn Fn(&Earned) -> bool| -> Hours {
        let within = earned.iter().filter(|each| years.contains(&each.year) && keep(each));
        within.map(|each| each.hours).sum()
    };
    let span = words(years);
    let public = |each: &Earned| each.subject == Subject::Public;
    let have = match what {
        What::Total => sum(&|_| true),
        What::Public => sum(&public),
        What::Professional => sum(&|each| each.subject == Subject::Professional),
        What::Compulsory => {
            let sure = sum(&|each| public(each) && each.compulsory == Some(true));
            let open = sum(&|each| public(each) && each.compulsory.is_none());
            return compulsory(&span, need, sure, open);
        }
    };
    plain(&format!("{span}{}", what.name()), need, have)
}

fn plain(what: &str, need: Hours, have: Hours) -> Finding {
    let (verdict, rest) = if have >= need {
        (Verdict::Met, "已达到".to_owned())
    } else {
        (Verdict::NotMet, format!("还差 {} 学时", need - have))
    };
    Finding {
        verdict,
        need,
        have,
        sentence: format!("{what} {have} 学时，要求 {need} 学时，{rest}。"),
    }
}

fn compulsory(span: &str, need: Hours, sure: Hours, open: Hours) -> Finding {
    if sure >= need || sure + open < need {
        let have = if sure >= need { sure } else { sure + open };
        return plain(&format!("{span}公需科目中的必修"), need, have);
    }
    Finding {
        verdict: Verdict::Unknown,
        need,
        have: sure,
        sentence: format!(
            "{span}公需科目中的必修要求 {need} 学时：记录标明必修的 {sure} 学时，另有 {open} 学时没有标明是否必修，请人工核对。"
        ),
    }
}

fn each_year(years: &[i32], (total, professional): (Hours, Hours), earned: &[Earned]) -> Finding {
    let of = |year: i32, only: Option<Subject>| -> Hours {
        let within = earned
            .iter()
            .filter(|each| each.year == year && only.is_none_or(|subject| each.subject == subject));
        within.map(|each| each.hours).sum()
    };
    let mut parts = Vec::new();
    let mut short = false;
    for year in years {
        let (all, specialist) = (of(*year, None), of(*year, Some(Subject::Professional)));
        let reached = all >= total && specialist >= professional;
        short |= !reached;
        let word = if reached { "达到" } else { "未达到" };
        parts.push(format!("{year} 年 {all} 学时（专业 {specialist}）{word}"));
    }
    let have = years.iter().map(|year| of(*year, None)).sum();
    let need = Hours::hundredths(total.get() * i64::try_from(years.len()).unwrap_or_default());
    Finding {
        verdict: if short { Verdict::NotMet } else { Verdict::Met },
        need,
        have,
        sentence: format!("每年 {total} 学时、其中专业科目 {professional}：{}。", parts.join("，")),
    }
}

/// `2023–2025 年`.
fn words(years: &[i32]) -> String {
    match (years.first(), years.last()) {
        (Some(first), Some(last)) if first != last => format!("{first}–{last} 年"),
        (Some(year), _) => format!("{year} 年"),
        _ => String::new(),
    }
}

impl TitleCheck {
    /// The answer in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let of = |verdict| {
            let findings = self
                .judged
                .iter()
                .filter(|each| each.weight == Weight::Decides)
                .flat_map(|each| &each.findings);
            let sentences = findings.filter(move |finding| finding.verdict == verdict);
            sentences.map(|finding| finding.sentence.as_str()).collect::<String>()
        };
        match self.verdict {
            Verdict::Met => "学时符合申报要求。".to_owned(),
            Verdict::NotMet => format!("学时不符合申报要求：{}", of(Verdict::NotMet)),
            Verdict::Unknown if self.judged.is_empty() => "没有适用于这个职称的学时要求，请人工核对。".to_owned(),
            Verdict::Unknown => format!("学时需人工核对：{}", of(Verdict::Unknown)),
        }
    }
}

#[cfg(test)]
mod tests;
