//! The postings of a recognised claim: one for each year that has a share of its hours.
//!
//! hours from elsewhere count for the year that their attestation names, throughout the country.

use kernel::{Date, Hours, PersonId, Place, id::ClaimId};

use super::facts::Attested;
use crate::credits::{ActivityForm, Cause, Posting, Subject};

/// What a claim comes to, by whichever way it was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worth {
    /// Hours of each year, none of them zero.
    pub shares: Vec<(i32, Hours)>,
    /// What was counted and what was capped, sentence by sentence.
    pub steps: Vec<String>,
    /// The same in one sentence, for the ledger.
    pub basis: String,
    /// The rule.
    pub rule: String,
    /// Its edition.
    pub edition: String,
}

impl Worth {
    /// Hours of all years.
    #[must_use]
    pub fn total(&self) -> Hours {
        self.shares.iter().map(|(_, hours)| *hours).sum()
    }
}

/// What is posted for a claim.
#[derive(Debug, Clone)]
pub struct ClaimFacts {
    /// The claim.
    pub claim: ClaimId,
    /// What was done.
    pub title: String,
    /// Which subject it fills.
    pub subject: Subject,
    /// In which of the five forms.
    pub form: ActivityForm,
    /// When it was earned.
    pub earned_on: Date,
}

/// What hours from elsewhere come to.
#[must_use]
pub fn attested(proof: &Attested) -> Worth {
    let Attested {
        authority,
        document,
        year,
        hours,
    } = proof;
    Worth {
        shares: vec![(*year, *hours)],
        steps: vec![
            format!("{authority}出具的证明（{document}）载明 {year} 年度 {hours} 学时。"),
            format!("继续教育学时在全国范围内当年有效，按证明计入 {year} 年度。"),
        ],
        basis: format!("按{authority}的证明（{document}）计入 {hours} 学时，{year} 年度在全国范围内有效"),
        rule: "R-45".into(),
        edition: "人社厅发〔2015〕151号".into(),
    }
}

/// The postings, one a year.
#[must_use]
pub fn for_claim(facts: &ClaimFacts, worth: &Worth, person: PersonId, place: &Place) -> Vec<Posting> {
    let split = worth.shares.len() > 1;
    worth
        .shares
        .iter()
        .map(|(year, hours)| Posting {
            person,
            year: *year,
            subject: facts.subject,
            form: facts.form,
            hours: *hours,
            cause: Cause::Claim(facts.claim, *year),
            attempt: 1,
            title: facts.title.clone(),
            rule: worth.rule.clone().into(),
            edition: worth.edition.clone().into(),
            basis: if split {
                format!("{}；其中 {year} 年度 {hours} 学时", worth.basis)
            } else {
                worth.basis.clone()
            },
            earned_on: facts.earned_on,
            reverses: None,
            reason: None,
            place: place.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use kernel::{Id, date};

    use super::*;

    #[test]
    fn r45_r8_elsewhere_counts_in_the_year_attested() {
        let proof = Attested {
            authority: "某省人社厅".into(),
            document: "12345".into(),
            year: 2025,
            hours: Hours::whole(36),
        };
        let facts = ClaimFacts {
            claim: Id::new(9),
            title: "外省市继续教育".into(),
            subject: Subject::Public,
            form: ActivityForm::Other,
            earned_on: date(2025, 12, 31),
        };
        let posted = for_claim(&facts, &attested(&proof), Id::new(1), &Place::default());
        assert_eq!(posted.len(), 1);
        assert_eq!((posted[0].year, posted[0].hours), (2025, Hours::whole(36)));
        assert_eq!(posted[0].cause.text(), "claim:9:2025");
        assert!(posted[0].basis.contains("某省人社厅"));
    }
}
