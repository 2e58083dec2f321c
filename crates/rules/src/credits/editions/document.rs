//! An edition of either kind: what both have in common, so that one page, one store and one life serve them.

use kernel::{Date, Error, FieldError, Result};

use super::EditionKind;
use super::figures::{self, Figure, Visit};
use crate::credits::{Audience, Source, recognition, requirement};

/// The document of an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// How many hours an activity is worth.
    Recognition(recognition::Edition),
    /// What must be reached.
    Requirement(requirement::Edition),
}

/// One rule or demand as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its code, `class` for the rule of classes.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The rule in words.
    pub words: Vec<String>,
    /// To whom it applies.
    pub audience: Audience,
    /// By which right.
    pub source: Source,
}

impl Document {
    /// Reads the stored text of a kind.
    ///
    /// # Errors
    /// Broken when it is no such document.
    pub fn read(kind: EditionKind, text: &str) -> Result<Self> {
        match kind {
            EditionKind::Recognition => serde_json::from_str(text).map(Self::Recognition),
            EditionKind::Requirement => serde_json::from_str(text).map(Self::Requirement),
        }
        .map_err(Error::broken)
    }

    /// The text to store.
    ///
    /// # Errors
    /// Never in practice; Broken when it cannot be written.
    pub fn text(&self) -> Result<String> {
        match self {
            Self::Recognition(edition) => serde_json::to_string(edition),
            Self::Requirement(edition) => serde_json::to_string(edition),
        }
        .map_err(Error::broken)
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> EditionKind {
        match self {
            Self::Recognition(_) => EditionKind::Recognition,
            Self::Requirement(_) => EditionKind::Requirement,
        }
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Recognition(edition) => &edition.code,
            Self::Requirement(edition) => &edition.code,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Recognition(edition) => &edition.name,
            Self::Requirement(edition) => &edition.name,
        }
    }

    /// Its first day in force.
    #[must_use]
    pub const fn in_force(&self) -> Date {
        match self {
            Self::Recognition(edition) => edition.in_force,
            Self::Requirement(edition) => edition.in_force,
        }
    }

    /// The same under another code, name and first day: the beginning of a draft.
    #[must_use]
    pub fn renamed(mut self, code: &str, name: &str, from: Date) -> Self {
        match &mut self {
            Self::Recognition(edition) => {
                (edition.code, edition.name, edition.in_force) = (code.to_owned(), name.to_owned(), from);
                edition.until = None;
            }
            Self::Requirement(edition) => {
                (edition.code, edition.name, edition.in_force) = (code.to_owned(), name.to_owned(), from);
                edition.until = None;
            }
        }
        self
    }

    /// Every fault.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        match self {
            Self::Recognition(edition) => edition.faults(),
            Self::Requirement(edition) => edition.faults(),
        }
    }

    fn visit(&mut self, visit: &mut Visit<'_>) {
        match self {
            Self::Recognition(edition) => figures::recognition(edition, visit),
            Self::Requirement(edition) => figures::requirement(edition, visit),
        }
    }

    /// Every figure in its order.
    #[must_use]
    pub fn figures(&self) -> Vec<Figure> {
        let mut found = Vec::new();
        self.clone().visit(&mut |owner, path, label, slot| {
            found.push(Figure {
                owner: owner.to_owned(),
                path: path.to_owned(),
                label: label.to_owned(),
                typed: slot.typed(),
                words: slot.words(),
                choices: slot.choices(),
                of_source: path.starts_with("source."),
            });
        });
        found
    }

    /// Sets figures of one rule or demand from what was typed at their paths; paths that were not typed stay.
    ///
    /// # Errors
    /// Wrong at each path that is no such value; nothing is set then as far as the caller keeps the old document.
    pub fn set(&mut self, owner: &str, typed: &dyn Fn(&str) -> Option<String>) -> Result<()> {
        let mut wrong = Vec::new();
        self.visit(&mut |of, path, label, mut slot| {
            if of == owner
                && let Some(text) = typed(path)
                && slot.set(&text).is_none()
            {
                let sentence = format!("“{label}”填写的内容不对，请填写数字（学时最多两位小数）或 300 字以内的文字。");
                wrong.push(FieldError::new(path.to_owned(), "edition.typed", sentence));
            }
        });
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(Error::Wrong(wrong))
        }
    }

    /// How a rule counts; none for what is no rule of an activity.
    #[must_use]
    pub fn measure(&self, code: &str) -> Option<&recognition::Measure> {
        match self {
            Self::Recognition(edition) => edition.rule(code).map(|rule| &rule.measure),
            Self::Requirement(_) => None,
        }
    }

    /// Lets a rule count in another way.
    ///
    /// # Errors
    /// NotFound when there is no such rule.
    pub fn set_measure(&mut self, code: &str, measure: recognition::Measure) -> Result<()> {
        let Self::Recognition(edition) = self else {
            return Err(Error::NotFound);
        };
        let rule = edition.rules.iter_mut().find(|rule| rule.code == code);
        rule.ok_or(Error::NotFound)?.measure = measure;
        Ok(())
    }

    /// Takes a rule or demand out.
    ///
    /// # Errors
    /// NotFound when there is none; the rule of classes stays.
    pub fn remove(&mut self, code: &str) -> Result<()> {
        let (before, after) = match self {
            Self::Recognition(edition) => {
                let before = edition.rules.len();
                edition.rules.retain(|rule| rule.code != code);
                (before, edition.rules.len())
            }
            Self::Requirement(edition) => {
                let before = edition.demands.len();
                edition.demands.retain(|demand| demand.code != code);
                (before, edition.demands.len())
            }
        };
        if before == after { Err(Error::NotFound) } else { Ok(()) }
    }

    /// Copies a rule or demand under another code, to be changed then.
    ///
    /// # Errors
    /// NotFound when there is none; Wrong at `code` when the new code is taken or empty.
    pub fn copy(&mut self, code: &str, new_code: &str) -> Result<()> {
        let new_code = new_code.trim();
        if new_code.is_empty() || new_code.chars().count() > 40 || self.entries().iter().any(|one| one.code == new_code)
        {
            return Err(Error::wrong(
                "code",
                "edition.code",
                "请填写 40 字以内、与其他项不同的代码。",
            ));
        }
        match self {
            Self::Recognition(edition) => {
                let mut rule = edition.rule(code).ok_or(Error::NotFound)?.clone();
                rule.code = new_code.to_owned();
                edition.rules.push(rule);
            }
            Self::Requirement(edition) => {
                let found = edition.demands.iter().find(|demand| demand.code == code);
                let mut demand = found.ok_or(Error::NotFound)?.clone();
                demand.code = new_code.to_owned();
                edition.demands.push(demand);
            }
        }
        Ok(())
    }

    /// The rules or demands, each in words.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        match self {
            Self::Recognition(edition) => {
                let class = Entry {
                    code: "class".into(),
                    name: "班次".into(),
                    words: vec![
                        format!("{} 分钟授课为 1 学时", edition.class.minutes_per_hour),
                        edition.class.method.name().into(),
                    ],
                    audience: Audience::default(),
                    source: edition.class.source.clone(),
                };
                std::iter::once(class)
                    .chain(edition.rules.iter().map(of_rule))
                    .collect()
            }
            Self::Requirement(edition) => edition.demands.iter().map(of_demand).collect(),
        }
    }
}

fn of_rule(rule: &recognition::Rule) -> Entry {
    let fills: Vec<&str> = rule.fills.iter().map(|subject| subject.name()).collect();
    let mut words = vec![rule.measure.in_words()];
    words.extend(rule.caps.iter().map(recognition::Cap::in_words));
    words.push(format!("可计入{}", fills.join("、")));
    words.push(rule.spread.in_words());
    words.push(rule.once.name().to_owned());
    if let Some(by) = rule.claim_by {
        words.push(format!("最迟次年 {} 月 {} 日申报", by.month, by.day));
    }
    if !rule.evidence.is_empty() {
        words.push(format!("需要：{}", rule.evidence.join("、")));
    }
    words.push(format!("由{}认定", rule.recogniser.name()));
    Entry {
        code: rule.code.clone(),
        name: rule.name.clone(),
        words,
        audience: rule.audience.clone(),
        source: rule.source.clone(),
    }
}

fn of_demand(demand: &requirement::Demand) -> Entry {
    let mut words = vec![demand.in_words(), demand.purpose.name().to_owned()];
    for figure in &demand.figures {
        if !figure.made_of.is_empty() {
            let parts: Vec<String> = figure
                .made_of
                .iter()
                .map(|one| format!("{} {}", one.name, one.hours))
                .collect();
            words.push(format!("其中：{}", parts.join("，")));
        }
    }
    if let Some(window) = demand.window {
        let (from, to) = (window.from, window.to);
        words.push(format!(
            "学习时间 {} 月 {} 日至 {} 月 {} 日",
            from.month, from.day, to.month, to.day
        ));
    }
    words.push(match demand.until_year {
        Some(until) => format!("适用于 {}–{until} 年度", demand.from_year),
        None => format!("自 {} 年度起", demand.from_year),
    });
    Entry {
        code: demand.code.clone(),
        name: demand.name.clone(),
        words,
        audience: demand.audience.clone(),
        source: demand.source.clone(),
    }
}
