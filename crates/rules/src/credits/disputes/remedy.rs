//! What follows in the ledger from a decision: reversals and new postings, never a change.
//!
//! where the decision supports the person, the entry that stands is taken back and, unless it was somebody else's,
//! the right figures are posted as the next attempt of the **same cause**, so that whoever posts that cause again (a class
//! that is completed late, a report that is sent twice) posts nothing twice. A missing hour of an enrolment is posted as
//! that enrolment's; any other missing hour has the dispute itself as its cause. Each posting names the number of the case,
//! who decided and why, and its rule the part that was found. R-54: an appeal never takes away what the first decision gave, for only those who were not wholly
//! right appeal and a rejected appeal changes nothing.
//! Deliberately absent: certificates, which follow the reversal by its event.

use chrono::Datelike;
use kernel::{EntryId, Error, Place, Result, id::DisputeId};

use super::{Body, Contested, Outcome, Wanted};
use crate::credits::recognition::Part;
use crate::credits::{Cause, Posting, reverse};

/// The edition of R-53.
const EDITION: &str = "2026";

/// What the ledger says about the case before the decision.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// The entry the decision is about: the contested one, or the one that an earlier decision posted; and whether it was
    /// taken back meanwhile.
    pub standing: Option<(EntryId, Posting, bool)>,
    /// The latest attempt of the cause in the ledger; 0 when it was never posted.
    pub attempts: i64,
    /// Whether a posting of the cause stands, other than `standing`.
    pub posted_meanwhile: bool,
}

/// A decision with what it finds right.
#[derive(Debug, Clone)]
pub struct Ruling<'a> {
    /// The case.
    pub dispute: DisputeId,
    /// Its number.
    pub number: &'a str,
    /// Who decides.
    pub body: Body,
    /// How.
    pub outcome: Outcome,
    /// Why.
    pub reason: &'a str,
    /// What the body found right, where it supports the person.
    pub found: Option<&'a Wanted>,
    /// Where new entries stand.
    pub place: &'a Place,
}

/// The postings that carry the ruling out, in their order: a reversal first, then what replaces it.
///
/// # Errors
/// `dispute.all_or_nothing` for half of a foreign entry, `dispute.found` when the right figures are missing or, for
/// 部分支持, no less than what was asked; `dispute.already_posted`; the refusals of [`reverse`].
pub fn remedy(contested: &Contested, ledger: &Ledger, ruling: &Ruling<'_>) -> Result<Vec<Posting>> {
    if ruling.outcome == Outcome::Rejected {
        return Ok(Vec::new());
    }
    let Some(asked) = contested.wanted() else {
        return foreign(ledger, ruling);
    };
    let found = ruling.found.ok_or_else(|| {
        Error::wrong(
            "hours",
            "dispute.found",
            "支持或部分支持的，请填写认定的学时、科目和日期。",
        )
    })?;
    if ruling.outcome == Outcome::Partly && found == asked {
        let sentence = "认定的内容与本人主张完全一致，请选择“支持”；部分支持的请填写实际认定的学时、科目或日期。";
        return Err(Error::wrong("hours", "dispute.found", sentence));
    }
    if ledger.posted_meanwhile {
        return Err(Error::refused_by(
            "R-53",
            "dispute.already_posted",
            "这项学时已经按正常途径入账，不能重复记入；请核对本人年度学时后作出不予支持的决定，或由本人撤回异议。",
        ));
    }
    let attempt = ledger.attempts + 1;
    let Some((entry, posted, reversed)) = &ledger.standing else {
        let person = ruling
            .place
            .person
            .ok_or_else(|| Error::broken("a dispute stands at no person"))?;
        let of_enrolment = |id| Cause::Decided(Cause::Enrolment(id).text());
        let cause = contested
            .enrolment()
            .map_or(Cause::Dispute(ruling.dispute), of_enrolment);
        return Ok(vec![Posting {
            cause,
            attempt,
            ..fresh(found, ruling, person)
        }]);
    };
    let cause = Cause::Decided(posted.cause.text());
    let again = Posting {
        cause,
        attempt,
        ..fresh(found, ruling, posted.person)
    };
    if *reversed {
        return Ok(vec![again]);
    }
    Ok(vec![reverse(*entry, posted, false, &because(ruling))?, again])
}

/// The part that was found stands in the rule, as everywhere.
const fn rule(found: &Wanted) -> &'static str {
    match found.part {
        Part::Compulsory => "R-53-必修",
        Part::Elective => "R-53",
    }
}

fn foreign(ledger: &Ledger, ruling: &Ruling<'_>) -> Result<Vec<Posting>> {
    if ruling.outcome == Outcome::Partly {
        let sentence = "“不是本人的学时”只能支持或不支持；只是数字有误的，请说明并不予支持，由本人另提“学时有误”。";
        return Err(Error::wrong("outcome", "dispute.all_or_nothing", sentence));
    }
    let (entry, posted, reversed) = ledger
        .standing
        .as_ref()
        .ok_or_else(|| Error::broken("a contested entry is not in the ledger"))?;
    if *reversed {
        return Ok(Vec::new());
    }
    Ok(vec![reverse(*entry, posted, false, &because(ruling))?])
}

/// The reason of a reversal: short, because a reversal admits 200 characters; the whole reason stands in the case.
fn because(ruling: &Ruling<'_>) -> String {
    let reason: String = ruling.reason.chars().take(120).collect();
    format!("异议 {} 经{}决定更正：{reason}", ruling.number, ruling.body.name())
}

fn fresh(found: &Wanted, ruling: &Ruling<'_>, person: kernel::PersonId) -> Posting {
    Posting {
        person,
        year: found.earned_on.year(),
        subject: found.subject,
        form: found.form,
        hours: found.hours,
        cause: Cause::Dispute(ruling.dispute),
        attempt: 1,
        title: found.title.trim().to_owned(),
        rule: rule(found).into(),
        edition: EDITION.into(),
        basis: format!(
            "异议 {} 经{}决定{}，认定 {} 学时{}。理由：{}",
            ruling.number,
            ruling.body.name(),
            ruling.outcome.name(),
            found.hours,
            if found.part == Part::Compulsory {
                "（公需科目必修）"
            } else {
                ""
            },
            ruling.reason
        ),
        earned_on: found.earned_on,
        reverses: None,
        reason: None,
        place: ruling.place.clone(),
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Hours, Id, date};
    use proptest::prelude::*;

    use super::*;
    use crate::credits::{ActivityForm, HistoryFacts, Subject, for_history, part_of};

    fn wanted(hours: i64) -> Wanted {
        Wanted {
            title: "数据治理".into(),
            subject: Subject::Professional,
            part: Part::Elective,
            form: ActivityForm::Class,
            hours: Hours::whole(hours),
            earned_on: date(2026, 3, 5),
        }
    }

    fn posted(hours: i64) -> Posting {
        let facts = HistoryFacts {
            key: "t/1".into(),
            title: "数据治理".into(),
            subject: Subject::Professional,
            form: ActivityForm::Class,
            hours: Hours::whole(hours),
            earned_on: date(2026, 3, 5),
        };
        for_history(facts, Id::new(1), place())
    }

    fn place() -> Place {
        Place {
            person: Some(Id::new(1)),
            ..Place::default()
        }
    }

    fn rule(contested: &Contested, ledger: &Ledger, outcome: Outcome, found: Option<&Wanted>) -> Result<Vec<Posting>> {
        let place = place();
        let ruling = Ruling {
            dispute: Id::new(70),
            number: "YY2026-000001",
            body: Body::District,
            outcome,
            reason: "签到表可以证明",
            found,
            place: &place,
        };
        remedy(contested, ledger, &ruling)
    }

    fn standing(posting: Posting) -> Ledger {
        Ledger {
            attempts: posting.attempt,
            standing: Some((Id::new(9), posting, false)),
            posted_meanwhile: false,
        }
    }

    fn sum(postings: &[Posting]) -> Hours {
        postings.iter().map(|posting| posting.hours).sum()
    }

    #[test]
    fn r53_a_wrong_entry_is_taken_back_and_its_cause_is_posted_again() {
        let contested = Contested::Wrong {
            entry: Id::new(9),
            wanted: wanted(8),
        };
        let made = rule(&contested, &standing(posted(6)), Outcome::Upheld, Some(&wanted(8))).expect("postings");
        assert_eq!(made.len(), 2);
        assert_eq!((made[0].hours, made[0].reverses), (Hours::whole(-6), Some(Id::new(9))));
        assert_eq!(
            (made[1].hours, made[1].attempt, made[1].cause.text()),
            (Hours::whole(8), 2, posted(6).cause.text())
        );
        assert!(made[1].basis.contains("YY2026-000001") && made[1].basis.contains("签到表可以证明"));
        assert_eq!(made[1].rule, "R-53");
        assert!(
            made.iter().all(|posting| posting.cause.is_decision()),
            "a closed year admits it (R-61)"
        );
    }

    #[test]
    fn r53_r39_hours_are_posted_in_the_part_that_was_found() {
        let of = |part| Wanted {
            subject: Subject::Public,
            part,
            ..wanted(8)
        };
        for part in [Part::Elective, Part::Compulsory] {
            let wrong = Contested::Wrong {
                entry: Id::new(9),
                wanted: of(part),
            };
            let made = rule(&wrong, &standing(posted(6)), Outcome::Upheld, Some(&of(part))).expect("postings");
            assert_eq!(part_of(&made[1].rule), part);
            let missing = Contested::Missing {
                wanted: of(part),
                enrolment: None,
            };
            let made = rule(&missing, &Ledger::default(), Outcome::Upheld, Some(&of(part))).expect("a posting");
            assert_eq!(part_of(&made[0].rule), part);
            assert_eq!(made[0].basis.contains("必修"), part == Part::Compulsory);
        }
    }

    #[test]
    fn r53_a_missing_hour_is_the_enrolments_or_the_disputes() {
        let missing = |enrolment| Contested::Missing {
            wanted: wanted(8),
            enrolment,
        };
        let of_class = rule(
            &missing(Some(Id::new(5))),
            &Ledger::default(),
            Outcome::Upheld,
            Some(&wanted(8)),
        );
        let of_class = of_class.expect("a posting");
        assert_eq!(
            (of_class.len(), of_class[0].cause.text(), of_class[0].attempt),
            (1, "enrolment:5".to_owned(), 1)
        );
        let other = rule(&missing(None), &Ledger::default(), Outcome::Partly, Some(&wanted(4))).expect("a posting");
        assert_eq!(
            (other[0].cause.text(), other[0].hours),
            ("dispute:70".to_owned(), Hours::whole(4))
        );
        let again = Ledger {
            attempts: 1,
            ..Ledger::default()
        };
        let again = rule(&missing(Some(Id::new(5))), &again, Outcome::Upheld, Some(&wanted(8))).expect("a posting");
        assert_eq!(
            again[0].attempt, 2,
            "after a reversal the same cause posts its next attempt"
        );
        let posted = Ledger {
            attempts: 1,
            posted_meanwhile: true,
            ..Ledger::default()
        };
        let twice = rule(&missing(Some(Id::new(5))), &posted, Outcome::Upheld, Some(&wanted(8)));
        assert!(matches!(
            twice,
            Err(Error::Refused {
                code: "dispute.already_posted",
                ..
            })
        ));
    }

    #[test]
    fn r53_a_foreign_entry_is_taken_back_and_nothing_is_posted() {
        let contested = Contested::Foreign { entry: Id::new(9) };
        let made = rule(&contested, &standing(posted(6)), Outcome::Upheld, None).expect("a reversal");
        assert_eq!((made.len(), sum(&made)), (1, Hours::whole(-6)));
        assert!(rule(&contested, &standing(posted(6)), Outcome::Partly, None).is_err());
    }

    #[test]
    fn a_rejection_posts_nothing_and_half_a_support_names_its_figures() {
        let contested = Contested::Wrong {
            entry: Id::new(9),
            wanted: wanted(8),
        };
        assert!(
            rule(&contested, &standing(posted(6)), Outcome::Rejected, None)
                .expect("nothing")
                .is_empty()
        );
        assert!(rule(&contested, &standing(posted(6)), Outcome::Upheld, None).is_err());
        assert!(rule(&contested, &standing(posted(6)), Outcome::Partly, Some(&wanted(8))).is_err());
    }

    #[test]
    fn what_was_taken_back_meanwhile_is_not_taken_back_twice() {
        let taken = Ledger {
            attempts: 1,
            standing: Some((Id::new(9), posted(6), true)),
            posted_meanwhile: false,
        };
        let wrong = Contested::Wrong {
            entry: Id::new(9),
            wanted: wanted(8),
        };
        let made = rule(&wrong, &taken, Outcome::Upheld, Some(&wanted(8))).expect("a posting");
        assert_eq!((made.len(), made[0].hours, made[0].attempt), (1, Hours::whole(8), 2));
        let foreign = Contested::Foreign { entry: Id::new(9) };
        assert!(
            rule(&foreign, &taken, Outcome::Upheld, None)
                .expect("nothing")
                .is_empty()
        );
    }

    proptest! {
        /// whatever stood and whatever is found, after the ruling the person has exactly what was found; a second
        /// ruling on the outcome of the first replaces it wholly.
        #[test]
        fn what_was_found_is_what_stands(before in 1_i64..36_000, first in 1_i64..36_000, second in 1_i64..36_000) {
            let hours = |h| Wanted { hours: Hours::hundredths(h), ..wanted(1) };
            let contested = Contested::Wrong { entry: Id::new(9), wanted: hours(36_000) };
            let old = Posting { hours: Hours::hundredths(before), ..posted(1) };
            let made = rule(&contested, &standing(old.clone()), Outcome::Partly, Some(&hours(first))).expect("postings");
            prop_assert_eq!(old.hours + sum(&made), Hours::hundredths(first));
            let ledger = Ledger { attempts: 2, standing: Some((Id::new(11), made[1].clone(), false)), posted_meanwhile: false };
            let again = rule(&contested, &ledger, Outcome::Upheld, Some(&hours(second))).expect("postings");
            prop_assert_eq!(old.hours + sum(&made) + sum(&again), Hours::hundredths(second));
            prop_assert_eq!(again[1].attempt, 3);
        }
    }
}
