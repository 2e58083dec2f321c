//! An annual statement as the template wants it: the answer first, the sums, then every entry with its reason.
//! Deliberately absent: sums computed here; a statement prints what the ledger's owner computed.

use serde::Serialize;

use crate::UtcSecond;

/// A sum that the reader came for, with what is required of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// `总学时`
    pub label: String,
    /// `72`
    pub value: String,
    /// What is required, such as `90`; empty when nothing is.
    pub required: String,
    /// Whether the requirement is met; shown by a sign as well as a colour.
    pub met: bool,
    /// How much of the bar is filled, in thousandths, 0 to 1000; more is drawn as full.
    pub thousandths: u32,
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// `2026-03-05`
    pub date: String,
    pub activity: String,
    /// Who held it; smaller, under the activity.
    pub provider: String,
    /// `公需` or `专业`
    pub subject: String,
    /// `12.5`; reversals begin with `−`.
    pub hours: String,
    /// Why these hours count, or why not.
    pub why: String,
}

/// As many A4 pages as the entries need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    pub number: String,
    /// The name over the title: the programme or the platform.
    pub programme: String,
    /// `专业技术人员继续教育年度学时证明`
    pub title: String,
    /// `2026年度`
    pub period: String,
    pub holder: String,
    /// Document, employer, title: one line.
    pub identity: String,
    /// The answer: `本年度已完成 72 / 90 学时，还差专业科目 18 学时。`
    pub answer: String,
    /// Whether everything required is met.
    pub met: bool,
    pub figures: Vec<Figure>,
    pub entries: Vec<Entry>,
    /// The sum under the table: `72`.
    pub total: String,
    /// What stands instead of the table when there are no entries.
    pub empty: String,
    /// Sentences under the table, such as the rule and its source.
    pub notes: Vec<String>,
    pub issuer: String,
    pub issued_on: String,
    /// The address in the QR code, see [`crate::QrToken::url`].
    pub verify_url: String,
    /// Where to check, in a line or two beside the QR code.
    pub verify_hint: String,
    /// Marks each page 演示数据.
    pub demo: bool,
    /// The moment of issue, for the metadata of the PDF.
    pub issued_at: UtcSecond,
}
