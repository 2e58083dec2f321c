//! The answer of a title check as it is signed: one JSON document, members in alphabetical order, figures as texts.
//!
//! It says who, for which title and purpose, as of when, under which edition, from which entries, with which reasons.
//! it is true as of its moment; whoever relies on it later asks whether it still stands.
//! Deliberately absent: complete names and numbers of documents, and digests of them (a number with a known birthday is
//! soon guessed from its digest); the asking system knows whom it asked about.

use serde::{Deserialize, Serialize};

use super::{Judged, TitleCheck, Weight};

/// The signed document. Its members stand in alphabetical order, as they are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// When the ledger was read.
    pub as_of: String,
    /// Whether the data are made up.
    pub demo: bool,
    /// Code of the edition of the rules.
    pub edition: String,
    /// The entries it rests on.
    pub entries: Vec<String>,
    /// Where to ask whether it still stands.
    pub issuer: String,
    /// Its number.
    pub number: String,
    /// Whose hours.
    pub person: AnswerPerson,
    /// What it was asked for.
    pub purpose: String,
    /// Every rule with its reasons.
    pub rules: Vec<AnswerRule>,
    /// The answer in one sentence.
    pub sentence: String,
    /// The title applied for.
    pub target: AnswerTarget,
    /// `met`, `not_met`, `unknown`.
    pub verdict: String,
    /// The hours of each year looked at.
    pub years: Vec<AnswerYear>,
}

/// Whose hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerPerson {
    /// Masked.
    pub document_no: String,
    /// Masked.
    pub name: String,
}

/// The title applied for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerTarget {
    /// Code of the level.
    pub level: String,
    /// The day of the application.
    pub on: String,
    /// Code of the series.
    pub series: String,
    /// Name of the specialty, empty for none.
    pub specialty: String,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerRule {
    /// Code of the rule.
    pub code: String,
    /// How sure its figures are.
    pub confidence: String,
    /// Whether it decides.
    pub decides: bool,
    /// A finding for each demand.
    pub findings: Vec<AnswerFinding>,
    /// Name.
    pub name: String,
    /// Document and article.
    pub source: String,
    /// The years looked at.
    pub years: Vec<i32>,
}

/// One demand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerFinding {
    /// Hours there.
    pub have: String,
    /// Hours needed.
    pub need: String,
    /// The reason.
    pub sentence: String,
    /// How it stands.
    pub verdict: String,
}

/// The hours of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerYear {
    /// Whether the year is closed: open years still change.
    pub closed: bool,
    /// 专业科目.
    pub professional: String,
    /// 公需科目.
    pub public: String,
    /// Which.
    pub year: i32,
}

impl AnswerRule {
    /// The rules of a check as they are written.
    #[must_use]
    pub fn all(check: &TitleCheck) -> Vec<Self> {
        check.judged.iter().map(Self::of).collect()
    }

    fn of(judged: &Judged) -> Self {
        Self {
            code: judged.code.clone(),
            confidence: kernel::Code::code(judged.source.confidence).to_owned(),
            decides: judged.weight == Weight::Decides,
            findings: judged
                .findings
                .iter()
                .map(|finding| AnswerFinding {
                    have: finding.have.to_string(),
                    need: finding.need.to_string(),
                    sentence: finding.sentence.clone(),
                    verdict: kernel::Code::code(finding.verdict).to_owned(),
                })
                .collect(),
            name: judged.name.clone(),
            source: judged.source.cited(),
            years: judged.years.clone(),
        }
    }
}
