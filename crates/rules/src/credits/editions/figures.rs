//! The single figures of an edition, each with a path, its words and its value, so that a form can show and set one.
//!
//! Both kinds are walked by one visitor: what can be listed can be set, and what differs is found by comparing lists.

use kernel::{Code, Hours};

use crate::credits::recognition::{self, Cap, ClaimBy, ClassMethod, Measure, Spread};
use crate::credits::requirement::{self, Period};
use crate::credits::{ByLevel, Confidence, Source};

/// Where a value stands while it is visited.
#[derive(Debug)]
pub enum Slot<'a> {
    /// 学时.
    Hours(&'a mut Hours),
    /// A whole number.
    Whole(&'a mut i64),
    /// A small number.
    Small(&'a mut u32),
    /// A very small number.
    Tiny(&'a mut u8),
    /// A year.
    Year(&'a mut i32),
    /// Words.
    Text(&'a mut String),
    /// How sure the figures are.
    Confidence(&'a mut Confidence),
    /// Which figure of a class counts.
    Method(&'a mut ClassMethod),
}

impl Slot<'_> {
    /// As typed in a form.
    #[must_use]
    pub fn typed(&self) -> String {
        match self {
            Self::Hours(hours) => hours.to_string(),
            Self::Whole(value) => value.to_string(),
            Self::Small(value) => value.to_string(),
            Self::Tiny(value) => value.to_string(),
            Self::Year(value) => value.to_string(),
            Self::Text(text) => (*text).clone(),
            Self::Confidence(confidence) => confidence.code().to_owned(),
            Self::Method(method) => method.code().to_owned(),
        }
    }

    /// As read by people.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Confidence(confidence) => confidence.name().to_owned(),
            Self::Method(method) => method.name().to_owned(),
            other => other.typed(),
        }
    }

    /// The choices, where it is one: code and words.
    #[must_use]
    pub fn choices(&self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Confidence(_) => Confidence::ALL.iter().map(|one| (one.code(), one.name())).collect(),
            Self::Method(_) => ClassMethod::ALL.iter().map(|one| (one.code(), one.name())).collect(),
            _ => Vec::new(),
        }
    }

    /// Sets it from what was typed; `None` when that is no such value.
    pub fn set(&mut self, typed: &str) -> Option<()> {
        let typed = typed.trim();
        match self {
            Self::Hours(hours) => **hours = Hours::parse(typed)?,
            Self::Whole(value) => **value = typed.parse().ok()?,
            Self::Small(value) => **value = typed.parse().ok()?,
            Self::Tiny(value) => **value = typed.parse().ok()?,
            Self::Year(value) => **value = typed.parse().ok().filter(|year| (1949..2200).contains(year))?,
            Self::Text(text) => {
                if typed.chars().count() > 300 {
                    return None;
                }
                typed.clone_into(text);
            }
            Self::Confidence(confidence) => **confidence = Confidence::from_code(typed)?,
            Self::Method(method) => **method = ClassMethod::from_code(typed)?,
        }
        Some(())
    }
}

/// One figure as a form or a comparison sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The code of the rule or demand it belongs to; `class` for the rule of classes.
    pub owner: String,
    /// Where in it.
    pub path: String,
    /// What it says.
    pub label: String,
    /// As typed.
    pub typed: String,
    /// As read.
    pub words: String,
    /// Choices, where it is one of few.
    pub choices: Vec<(&'static str, &'static str)>,
    /// Whether it is about the source and not a figure itself.
    pub of_source: bool,
}

/// What a visitor is called with: owner, path, label, slot.
pub(super) type Visit<'v> = dyn FnMut(&str, &str, &str, Slot<'_>) + 'v;

pub(super) fn recognition(edition: &mut recognition::Edition, visit: &mut Visit<'_>) {
    let class = &mut edition.class;
    visit(
        "class",
        "minutes",
        "1 学时等于多少分钟授课",
        Slot::Whole(&mut class.minutes_per_hour),
    );
    visit("class", "method", "班次学时按哪个数计", Slot::Method(&mut class.method));
    source("class", &mut class.source, visit);
    for rule in &mut edition.rules {
        let code = rule.code.clone();
        visit(&code, "name", "活动", Slot::Text(&mut rule.name));
        measure(&code, &mut rule.measure, visit);
        for (at, one) in rule.caps.iter_mut().enumerate() {
            cap(&code, at, one, visit);
        }
        match &mut rule.spread {
            Spread::OverYears { years } => visit(&code, "spread", "平均计入几个年度", Slot::Small(years)),
            Spread::ValidYears { years } => visit(&code, "spread", "几年内有效", Slot::Small(years)),
            Spread::InYear | Spread::YearsOfActivity => {}
        }
        if let Some(by) = &mut rule.claim_by {
            claim_by(&code, "claim_by", by, visit);
        }
        source(&code, &mut rule.source, visit);
    }
}

fn measure(code: &str, measure: &mut Measure, visit: &mut Visit<'_>) {
    match measure {
        Measure::PerUnit { unit, hours, .. } => {
            visit(code, "hours", &format!("每{}学时", unit.name()), Slot::Hours(hours))
        }
        Measure::ByRank { hours, others, .. } => {
            for (at, each) in hours.iter_mut().enumerate() {
                visit(
                    code,
                    &format!("rank.{at}"),
                    &format!("第 {} 名学时", at + 1),
                    Slot::Hours(each),
                );
            }
            if let Some(others) = others {
                visit(code, "rank.others", "其他参与人学时", Slot::Hours(others));
            }
        }
        Measure::TimesTaught { factor } => visit(code, "factor", "倍数（百分之几，200 即 2 倍）", Slot::Whole(factor)),
        Measure::AsLabelled => {}
        Measure::Banded { unit, base, bands } => {
            visit(code, "base", &format!("每{}学时", unit.name()), Slot::Hours(base));
            for (at, band) in bands.iter_mut().enumerate() {
                if let Some(up_to) = &mut band.up_to {
                    let label = format!("第 {} 档论文字数上限", at + 1);
                    visit(code, &format!("band.{at}.up_to"), &label, Slot::Whole(up_to));
                }
                let label = format!("第 {} 档论文加计学时", at + 1);
                visit(code, &format!("band.{at}.add"), &label, Slot::Hours(&mut band.add));
            }
        }
        Measure::Whole { per_year } => by_level(code, "whole", "每年视同完成学时", per_year, visit),
    }
}

fn cap(code: &str, at: usize, cap: &mut Cap, visit: &mut Visit<'_>) {
    match cap {
        Cap::Event { most } => visit(code, &format!("cap.{at}"), "每次最多学时", Slot::Hours(most)),
        Cap::Year { most } => visit(code, &format!("cap.{at}"), "本项每年最多学时", Slot::Hours(most)),
        Cap::KindAndYear { most, .. } => visit(code, &format!("cap.{at}"), "同类合计每年最多学时", Slot::Hours(most)),
        Cap::EventByLength { bands } => {
            for (step, band) in bands.iter_mut().enumerate() {
                if let Some(months) = &mut band.under_months {
                    let label = format!("第 {} 档时长（不足几个月）", step + 1);
                    visit(code, &format!("cap.{at}.{step}.months"), &label, Slot::Small(months));
                }
                let label = format!("第 {} 档最多学时", step + 1);
                visit(code, &format!("cap.{at}.{step}"), &label, Slot::Hours(&mut band.most));
            }
        }
        Cap::EventYears { years, per_year } => {
            visit(
                code,
                &format!("cap.{at}.years"),
                "每次最多认定几年学时",
                Slot::Whole(years),
            );
            by_level(code, &format!("cap.{at}.year"), "其中每年学时", per_year, visit);
        }
    }
}

fn by_level(code: &str, path: &str, label: &str, figure: &mut ByLevel, visit: &mut Visit<'_>) {
    visit(code, path, label, Slot::Hours(&mut figure.otherwise));
    for one in &mut figure.levels {
        let label = format!("{label}（{}）", one.level.name());
        let path = format!("{path}.{}", one.level.code());
        visit(code, &path, &label, Slot::Hours(&mut one.hours));
    }
}

fn claim_by(code: &str, path: &str, by: &mut ClaimBy, visit: &mut Visit<'_>) {
    visit(
        code,
        &format!("{path}.month"),
        "次年补登截止月",
        Slot::Small(&mut by.month),
    );
    visit(code, &format!("{path}.day"), "次年补登截止日", Slot::Small(&mut by.day));
}

fn source(code: &str, source: &mut Source, visit: &mut Visit<'_>) {
    visit(code, "source.document", "依据文件", Slot::Text(&mut source.document));
    visit(code, "source.article", "条款", Slot::Text(&mut source.article));
    visit(code, "source.address", "公开网址", Slot::Text(&mut source.address));
    visit(
        code,
        "source.confidence",
        "可信程度",
        Slot::Confidence(&mut source.confidence),
    );
    visit(code, "source.note", "说明", Slot::Text(&mut source.note));
}

pub(super) fn requirement(edition: &mut requirement::Edition, visit: &mut Visit<'_>) {
    for demand in &mut edition.demands {
        let code = demand.code.clone();
        visit(&code, "name", "要求", Slot::Text(&mut demand.name));
        for figure in &mut demand.figures {
            let label = format!("{}不少于", figure.what.name());
            let path = format!("figure.{}", figure.what.code());
            by_level(&code, &path, &label, &mut figure.least, visit);
        }
        match &mut demand.period {
            Period::Year => {}
            Period::Years { count } | Period::EachOfYears { count } => {
                visit(&code, "period", "累计年数", Slot::Tiny(count));
            }
            Period::Term { least, most } => {
                visit(&code, "period.least", "聘任期最短年数", Slot::Tiny(least));
                visit(&code, "period.most", "聘任期最长年数", Slot::Tiny(most));
            }
        }
        visit(&code, "from_year", "从哪一年度起", Slot::Year(&mut demand.from_year));
        if let Some(window) = &mut demand.window {
            for (path, label, day) in [
                ("from", "学习开始", &mut window.from),
                ("to", "学习截止", &mut window.to),
            ] {
                visit(
                    &code,
                    &format!("window.{path}.month"),
                    &format!("{label}月"),
                    Slot::Small(&mut day.month),
                );
                visit(
                    &code,
                    &format!("window.{path}.day"),
                    &format!("{label}日"),
                    Slot::Small(&mut day.day),
                );
            }
        }
        if let Some(by) = &mut demand.late {
            claim_by(&code, "late", by, visit);
        }
        if let requirement::Carry::MakeUp { years } = &mut demand.carry {
            visit(&code, "carry", "几年内可以补足", Slot::Tiny(years));
        }
        source(&code, &mut demand.source, visit);
    }
}
