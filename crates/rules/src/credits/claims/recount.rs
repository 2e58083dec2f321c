//! Recognised claims of one person counted again under a draft of the recognition rules, for what-if.
//!
//! In the order in which they were recognised each is evaluated with the facts that were recognised, under the caps and
//! the "once, at its highest" of the draft. A rule that the draft does not have any more, or whose conditions the claim
//! does not meet, gives nothing. Left as they are: hours attested elsewhere, which no recognition rule counts, and
//! claims of which an entry was taken back or decided anew: a decision with a reason stands.
//! Pure; nothing is written.

use kernel::{Date, Hours};

use super::{ClaimKind, Facts};
use crate::credits::recognition::{Before, Edition, Part, Recognised, Traits, evaluate};
use crate::credits::{Subject, part_of};

/// A recognised claim.
#[derive(Debug, Clone)]
pub struct Recognition {
    /// Converted, or from elsewhere.
    pub kind: ClaimKind,
    /// The rule under which it was claimed.
    pub rule: String,
    /// What the person said.
    pub facts: Facts,
    /// What makes it the same achievement as another.
    pub key: Option<String>,
    /// The day of the claim.
    pub claimed_on: Date,
    /// What it gave.
    pub shares: Vec<Share>,
}

/// What a claim gave for a year.
#[derive(Debug, Clone)]
pub struct Share {
    /// The year.
    pub year: i32,
    /// Which subject it fills.
    pub subject: Subject,
    /// How many hours.
    pub hours: Hours,
    /// The rule of the entry.
    pub rule: String,
    /// Whether the entry stands.
    pub stands: bool,
}

/// Hours of a year that a recount adds or, negative, takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The year.
    pub year: i32,
    /// Which subject.
    pub subject: Subject,
    /// How many.
    pub hours: Hours,
    /// Of them compulsory.
    pub compulsory: Hours,
}

impl Change {
    fn of(year: i32, subject: Subject, hours: Hours, rule: &str) -> Self {
        let compulsory = match part_of(rule) {
            Part::Compulsory => hours,
            Part::Elective => Hours::ZERO,
        };
        Self {
            year,
            subject,
            hours,
            compulsory,
        }
    }
}

impl Recognition {
    /// Whether a draft cannot change it.
    fn is_settled(&self) -> bool {
        self.kind == ClaimKind::Elsewhere || self.shares.iter().any(|share| !share.stands)
    }

    fn standing(&self) -> impl Iterator<Item = &Share> {
        self.shares.iter().filter(|share| share.stands)
    }
}

/// What the claims of one person, in the order of their recognition, would give more or less under the draft. What stays
/// as it is comes as two changes that cancel out.
#[must_use]
pub fn recount(draft: &Edition, traits: &Traits, claims: &[Recognition]) -> Vec<Change> {
    let (mut before, mut changes) = (Before::default(), Vec::new());
    for claim in claims {
        if claim.is_settled() {
            before.recognised.extend(claim.standing().map(|share| Recognised {
                rule: claim.rule.clone(),
                year: share.year,
                hours: share.hours,
                achievement: claim.key.clone(),
            }));
            continue;
        }
        let gone = claim.standing();
        changes.extend(gone.map(|share| Change::of(share.year, share.subject, -share.hours, &share.rule)));
        let claimed = claim.facts.claimed(&claim.rule, traits.clone(), claim.claimed_on);
        if let Ok(found) = evaluate(draft, &claimed, &before) {
            let shares = found.shares.iter();
            changes.extend(shares.map(|(year, hours)| Change::of(*year, claimed.subject, *hours, &found.rule)));
            before.add(&found, claim.key.as_deref());
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use kernel::date;

    use super::*;
    use crate::credits::recognition::{Cap, Measure, sample};

    const MEETING: &str = "泰州-全国会议";

    fn meeting(draft: &Edition, title: &str, before: &Before) -> Recognition {
        let facts = Facts {
            title: title.into(),
            quantity: Some(100),
            from: Some(date(2026, 2, 10)),
            to: Some(date(2026, 2, 10)),
            ..Facts::default()
        };
        let claimed_on = date(2026, 3, 5);
        let claimed = facts.claimed(MEETING, Traits::default(), claimed_on);
        let found = evaluate(draft, &claimed, before).expect("recognised");
        let share = |(year, hours): &(i32, Hours)| Share {
            year: *year,
            subject: claimed.subject,
            hours: *hours,
            rule: found.rule.clone(),
            stands: true,
        };
        Recognition {
            kind: ClaimKind::Converted,
            rule: MEETING.into(),
            key: facts.key(ClaimKind::Converted),
            facts,
            claimed_on,
            shares: found.shares.iter().map(share).collect(),
        }
    }

    fn three() -> Vec<Recognition> {
        let edition = sample();
        let mut before = Before::default();
        let mut claims = Vec::new();
        for title in ["第一届年会", "第二届年会", "第三届年会"] {
            let claim = meeting(&edition, title, &before);
            before.recognised.extend(claim.shares.iter().map(|share| Recognised {
                rule: claim.rule.clone(),
                year: share.year,
                hours: share.hours,
                achievement: claim.key.clone(),
            }));
            claims.push(claim);
        }
        claims
    }

    fn sum(changes: &[Change]) -> Hours {
        changes.iter().map(|change| change.hours).sum()
    }

    fn drafted(change: impl FnOnce(&mut crate::credits::recognition::Rule)) -> Edition {
        let mut draft = sample();
        change(
            draft
                .rules
                .iter_mut()
                .find(|rule| rule.code == MEETING)
                .expect("the rule"),
        );
        draft
    }

    fn base(rule: &mut crate::credits::recognition::Rule, hours: i64) {
        match &mut rule.measure {
            Measure::Banded { base, .. } | Measure::PerUnit { hours: base, .. } => *base = Hours::whole(hours),
            other => panic!("{other:?}"),
        }
    }

    /// a draft that changes nothing changes no claim; a figure changes each, a cap the later ones, a rule that is gone
    /// all.
    #[test]
    fn r76_recognised_claims_are_counted_again_by_figure_cap_and_rule() {
        let (claims, traits) = (three(), Traits::default());
        let posted: Hours = claims
            .iter()
            .flat_map(|claim| &claim.shares)
            .map(|share| share.hours)
            .sum();
        assert_eq!(sum(&recount(&sample(), &traits, &claims)), Hours::ZERO);
        let less = drafted(|rule| base(rule, 1));
        assert_eq!(sum(&recount(&less, &traits, &claims)), Hours::whole(3) - posted);
        let capped = drafted(|rule| {
            base(rule, 2);
            rule.caps = vec![Cap::Year { most: Hours::whole(3) }];
        });
        assert_eq!(sum(&recount(&capped, &traits, &claims)), Hours::whole(3) - posted);
        let mut gone = sample();
        gone.rules.retain(|rule| rule.code != MEETING);
        assert_eq!(sum(&recount(&gone, &traits, &claims)), -posted);
    }

    #[test]
    fn r76_what_was_decided_or_attested_elsewhere_stays_and_fills_the_caps() {
        let mut claims = three();
        claims[0].shares[0].stands = false;
        claims[1].kind = ClaimKind::Elsewhere;
        let third = claims[2].shares[0].hours;
        let none = drafted(|rule| rule.caps = vec![Cap::Year { most: Hours::whole(1) }]);
        let changes = recount(&none, &Traits::default(), &claims);
        assert!(sum(&changes) <= Hours::ZERO && sum(&changes) >= -third);
        assert_eq!(changes[0].hours, -third, "only the third is counted again");
        let capped_away = sum(&changes);
        assert_eq!(capped_away, -third, "the second fills the cap");
    }
}
