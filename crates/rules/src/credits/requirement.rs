//! What a year must reach: 人社部令第25号 第八条第一款, in force since 2015-10-01.
//!
//! at least 90 学时 a year in all. R-4: 专业科目 is generally (一般) at least two thirds of them; the word
//! 一般 makes the share a default of the regulation, so it is a figure of the requirement, not a constant of code.

use kernel::{Date, Hours, date};

use super::Confidence;

/// What a year must reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Name of the edition.
    pub edition: &'static str,
    /// Document and article.
    pub source: &'static str,
    /// How sure the figures are.
    pub confidence: Confidence,
    /// First day in force.
    pub in_force: Date,
    /// Hours in all.
    pub total: Hours,
    /// Of them in 专业科目.
    pub professional: Hours,
}

/// The national requirement.
#[must_use]
pub fn national() -> Requirement {
    Requirement {
        edition: "人社部令第25号",
        source: "《专业技术人员继续教育规定》（人社部令第25号）第八条",
        confidence: Confidence::High,
        in_force: date(2015, 10, 1),
        total: Hours::whole(90),
        professional: Hours::whole(60),
    }
}
