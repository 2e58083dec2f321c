//! How well an expert suits a declaration, from 0 to 1000: the field first, then the specialty, then the title.
//!
//! the fit is computed from what is on file and never from who somebody is; its parts are shown. The figures are
//! proposals of the platform. Deliberately absent: past marks, which would make lenient reviewers welcome.

use crate::people::TitleLevel;

/// An expert as far as the fit goes.
#[derive(Debug, Clone, Copy)]
pub struct Knowledge<'a> {
    /// Codes of focus fields.
    pub fields: &'a [String],
    /// In their own words.
    pub specialty: &'a str,
    /// The level of the title.
    pub level: Option<TitleLevel>,
}

/// A declaration as far as the fit goes.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Code of its focus field.
    pub field: Option<&'a str>,
    /// Its title.
    pub title: &'a str,
}

const FIELD: i64 = 600;
const NO_FIELD: i64 = 200;
const SPECIALTY: i64 = 200;
const SENIOR: i64 = 200;
const ASSOCIATE: i64 = 150;
const OTHER: i64 = 50;

/// How well they suit.
#[must_use]
pub fn fit(knowledge: Knowledge<'_>, subject: Subject<'_>) -> i64 {
    let field = match subject.field {
        Some(field) if knowledge.fields.iter().any(|one| one == field) => FIELD,
        Some(_) => 0,
        None => NO_FIELD,
    };
    let level = match knowledge.level {
        Some(TitleLevel::Senior) => SENIOR,
        Some(TitleLevel::Associate) => ASSOCIATE,
        _ => OTHER,
    };
    field + level + SPECIALTY * common(knowledge.specialty, subject.title) / 100
}

/// Pairs of neighbouring letters.
fn pairs(text: &str) -> Vec<[char; 2]> {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut pairs: Vec<[char; 2]> = letters.windows(2).map(|two| [two[0], two[1]]).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// How much of the specialty stands in the title, in percent of its pairs of letters.
fn common(specialty: &str, title: &str) -> i64 {
    let (own, theirs) = (pairs(specialty), pairs(title));
    if own.is_empty() {
        return 0;
    }
    let shared = own.iter().filter(|pair| theirs.binary_search(pair).is_ok()).count();
    i64::try_from(shared * 100 / own.len()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(fields: &[&str], specialty: &str, level: Option<TitleLevel>) -> i64 {
        let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
        let knowledge = Knowledge {
            fields: &fields,
            specialty,
            level,
        };
        let subject = Subject {
            field: Some("integrated_circuits"),
            title: "集成电路先进封装工艺",
        };
        fit(knowledge, subject)
    }

    #[test]
    fn r113_the_field_weighs_more_than_all_the_rest() {
        let knows = of(&["integrated_circuits"], "", None);
        let titled = of(&["ai"], "先进封装工艺", Some(TitleLevel::Senior));
        assert!(knows > titled);
        assert_eq!(
            of(&["integrated_circuits"], "先进封装", Some(TitleLevel::Senior)),
            1_000
        );
        assert_eq!(of(&["ai"], "护理", Some(TitleLevel::Associate)), 150);
    }

    proptest! {
        #[test]
        fn a_fit_lies_between_nothing_and_a_thousand(specialty in "\\PC{0,30}", title in "\\PC{0,30}") {
            let fields = ["x".to_owned()];
            let knowledge = Knowledge { fields: &fields, specialty: &specialty, level: Some(TitleLevel::Senior) };
            let fit = fit(knowledge, Subject { field: Some("x"), title: &title });
            prop_assert!((0..=1_000).contains(&fit));
        }
    }
}
