//! What a slice writes, inside its transaction: seats of a roster, results and marks of a class of the platform, or all
//! of a class that ran elsewhere: enrolment, time, hours.
//!
//! Rules: R-6, R-7 (hours), R-9 (from a recorded result), R-12, R-13, R-57. Every slice leaves a row in the trail.
//! Deliberately absent: deciding (`pass.rs` has, on the same transaction).

use std::collections::HashMap;

use db::Tx;
use kernel::{PersonId, Place, Result};
use registry::{Ctx, Subject, orgs};
use rules::attendance::Mark;
use rules::courses::completion::Verdict;
use rules::courses::enrolment::Recorded;
use rules::courses::reporting::{ReportKind, Told};
use rules::courses::{ClassState, EnrolmentState};
use rules::credits::recognition::{Edition, Part};
use rules::credits::{ClassFacts, Posting, for_class};
use serde_json::json;

use super::super::ClassCompleted;
use super::super::enrol::{self, Answer};
use super::super::store::class::{self as class_store, Class};
use super::super::store::enrolment::{self as store, Enrolment};
use super::super::store::reports;
use super::super::store::session::Session;
use super::ClassReport;
use super::pass::{Right, Target};
use crate::attendance::{self, NewMark};
use crate::courses::store::course as course_store;
use crate::credits;
use crate::credits::editions;

/// What a slice came to.
#[derive(Default)]
pub(super) struct Wrote {
    /// Rows written.
    pub(super) rows: i64,
    /// Of a roster: people who wait.
    pub(super) waiting: i64,
}

/// Writes the right rows of a slice and counts them with the report.
pub(super) async fn write(
    ctx: &Ctx,
    tx: &mut Tx,
    (target, report): (&Target, &ClassReport),
    right: &[Right],
) -> Result<Wrote> {
    let (Some(first), Some(last)) = (right.first(), right.last()) else {
        return Ok(Wrote::default());
    };
    let wrote = match target.kind {
        ReportKind::Roster => roster(ctx, tx, target, right).await?,
        ReportKind::Completions if target.filed => filed(ctx, tx, target, right).await?,
        ReportKind::Completions => results(ctx, tx, target, right).await?,
    };
    reports::wrote(tx, report.id, wrote.rows).await?;
    let told = json!({ "class": target.class.id, "rows": wrote.rows, "from_row": first.row, "to_row": last.row });
    let thing = Subject::new("class_report", report.id.get(), report.place());
    ctx.audit(tx, "write_class_report", thing, json!(null), told).await?;
    Ok(wrote)
}

async fn roster(ctx: &Ctx, tx: &mut Tx, target: &Target, right: &[Right]) -> Result<Wrote> {
    let people: Vec<_> = right.iter().map(|row| row.person.clone()).collect();
    let answers = enrol::place_reported(ctx, tx, target.class.id, &people).await?;
    let many = |placed: fn(&Answer) -> bool| answers.values().filter(|answer| placed(answer)).count();
    Ok(Wrote {
        rows: i64::try_from(many(Answer::is_placed)).unwrap_or(i64::MAX),
        waiting: i64::try_from(many(|answer| matches!(answer, Answer::Waiting { .. }))).unwrap_or(i64::MAX),
    })
}

fn recorded(ctx: &Ctx, told: &Told) -> Recorded {
    Recorded {
        outcome: told.outcome,
        score: told.score,
        at: ctx.now(),
        by: ctx.actor.label.clone(),
    }
}

/// Results and marks of people with a seat; hours come with the completion of the class.
async fn results(ctx: &Ctx, tx: &mut Tx, target: &Target, right: &[Right]) -> Result<Wrote> {
    let class = class_store::lock(tx, target.class.id).await?;
    let (mut changed, mut away) = (Vec::with_capacity(right.len()), Vec::with_capacity(right.len()));
    for row in right {
        let (Some(enrolment), Some(told)) = (&row.enrolment, &row.told) else {
            continue;
        };
        let state = enrolment.state.clone().record(recorded(ctx, told))?;
        away.push((enrolment.person, told.absent_from.clone()));
        changed.push(Enrolment {
            state,
            ..enrolment.clone()
        });
    }
    store::put(tx, &changed).await?;
    mark_all(ctx, tx, &target.sessions, &away).await?;
    let is: Vec<_> = changed
        .iter()
        .map(|e| json!([e.person, super::super::results::recorded(&e.state).map(|r| r.outcome)]))
        .collect();
    let thing = Subject::new("class", class.id.get(), class.place());
    ctx.audit(tx, "report_results", thing, json!(null), json!(is)).await?;
    Ok(Wrote {
        rows: i64::try_from(changed.len()).unwrap_or(i64::MAX),
        waiting: 0,
    })
}

/// Marks everybody reported, session by session; a mark that stands already is written only when it differs.
pub(super) async fn mark_all(
    ctx: &Ctx,
    tx: &mut Tx,
    sessions: &[Session],
    people: &[(PersonId, Vec<i64>)],
) -> Result<()> {
    for session in sessions {
        let known: HashMap<PersonId, i64> = attendance::marks(tx, session.id)
            .await?
            .into_iter()
            .map(|m| (m.person, m.version))
            .collect();
        let marks: Vec<NewMark> = people
            .iter()
            .map(|(person, away)| NewMark {
                person: *person,
                mark: if away.contains(&session.position) {
                    Mark::Absent
                } else {
                    Mark::Present
                },
                version: known.get(person).copied().unwrap_or(0),
            })
            .collect();
        attendance::mark(ctx, tx, (session.class, session.id), &marks).await?;
    }
    Ok(())
}

/// Everything of people of a class that ran elsewhere, at once; the caller holds their timelines.
pub(super) async fn filed(ctx: &Ctx, tx: &mut Tx, target: &Target, right: &[Right]) -> Result<Wrote> {
    let class = class_store::lock(tx, target.class.id).await?;
    let org_names = orgs::names(tx, right.iter().filter_map(|row| row.person.org)).await?;
    let mut seats = class.seats;
    let (mut rows, mut postings, mut present) = (Vec::new(), Vec::new(), Vec::new());
    let facts = facts(&class, course_store::part(tx, class.course_version).await?);
    let edition = editions::recognition(tx, facts.ended_on).await?;
    for row in right {
        let Some(told) = &row.told else { continue };
        let verdict = target.verdict(told)?;
        let place = Place {
            provider: Some(class.provider),
            ..row.person.place()
        };
        let order = seats.next_place;
        seats.next_place += 1;
        seats.general = (seats.general - 1).max(0);
        let enrolment = Enrolment {
            id: tx.mint(),
            class: class.id,
            person: row.person.id,
            name: row.person.name.clone(),
            org_name: place
                .org
                .and_then(|org| org_names.get(&org.get()).cloned())
                .unwrap_or_default(),
            front_line: row.person.front_line,
            state: settled(ctx, told, &verdict),
            order,
            enrolled_by: ctx.actor.label.clone(),
            enrolled_at: ctx.now(),
            state_at: ctx.now(),
            place,
            version: 1,
        };
        postings.extend(posting((&edition, &facts), &enrolment, &verdict));
        if verdict != Verdict::Absent {
            present.push(row.person.id);
        }
        rows.push(enrolment);
    }
    attendance::reserve(tx, &present, &target.wanted).await?;
    store::put(tx, &rows).await?;
    credits::post(ctx, tx, &postings).await?;
    class_store::save_seats(tx, class.id, seats).await?;
    Ok(Wrote {
        rows: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        waiting: 0,
    })
}

fn facts(class: &Class, part: Part) -> ClassFacts {
    ClassFacts {
        title: class.plan.title.clone(),
        subject: class.subject,
        form: class.form,
        part,
        taught: class.taught,
        declared: class.plan.declared_hours,
        ended_on: class.ends_at.unwrap_or_default().plus_seconds(-1).date(),
    }
}

fn posting((edition, facts): (&Edition, &ClassFacts), enrolment: &Enrolment, verdict: &Verdict) -> Option<Posting> {
    (*verdict == Verdict::Completed)
        .then(|| for_class(edition, facts, enrolment.person, enrolment.id, enrolment.place.clone()))
}

fn settled(ctx: &Ctx, told: &Told, verdict: &Verdict) -> EnrolmentState {
    let (at, result) = (ctx.now(), recorded(ctx, told));
    match verdict {
        Verdict::Completed => EnrolmentState::Completed { at, result },
        Verdict::Failed(reason) => EnrolmentState::Failed {
            at,
            reason: reason.clone(),
            result,
        },
        Verdict::Absent => EnrolmentState::Absent { at },
    }
}

/// A filed class is complete with its first report; every report that wrote rows is told, so that certificates follow.
pub(super) async fn complete_filed(ctx: &Ctx, tx: &mut Tx, target: &Target) -> Result<()> {
    let class = class_store::lock(tx, target.class.id).await?;
    if !matches!(class.state, ClassState::Completed { .. }) {
        let state = class
            .state
            .clone()
            .complete(class.ends_at.unwrap_or_default(), ctx.now())?;
        class_store::save_state(tx, class.id, class.version, &state, ctx.now()).await?;
        let thing = Subject::new("class", class.id.get(), class.place());
        let change = (json!({ "state": class.state.code() }), json!({ "state": state.code() }));
        ctx.audit(tx, "complete_class", thing, change.0, change.1).await?;
    }
    tx.tell(&ClassCompleted { class: class.id }, ctx.now()).await
}
