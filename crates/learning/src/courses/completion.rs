//! Completion of a class in one transaction: verdicts, postings, states, the event, the end of the task.
//! Rules: R-9 (from recorded results only), R-6 and R-7 through [`rules::credits::for_class`].
//! A class of several hundred people costs a handful of statements of many rows, never one a person.
//! Deliberately absent: certificates (a job of a higher module reacts to [`super::ClassCompleted`]) and undoing (hours
//! are reversed entry by entry).

use db::Tx;
use kernel::{Deadline, Hours, Result, id::ClassId, id::EnrolmentId};
use registry::{Ctx, Subject, tasks, taxonomy::deadlines};
use rules::courses::completion::{self as decide, Standing, Verdict};
use rules::courses::enrolment::EnrolmentCode;
use rules::courses::{EnrolmentState, Parameters};
use rules::credits::recognition::{Edition, Part};
use rules::credits::{ClassFacts, Posting, class_hours, for_class};
use rules::permits::Act;
use serde_json::json;

use super::class::{RESULTS, results_cause};
use super::results::recorded;
use super::store::class::{self as class_store, Class};
use super::store::enrolment::{self as store, Enrolment};
use super::store::{course as course_store, parameters, session as session_store};
use super::{ClassCompleted, ClassView};
use crate::credits::editions;
use crate::{attendance, credits};

/// What came of a completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completed {
    /// How many completed.
    pub passed: usize,
    /// How many did not.
    pub failed: usize,
    /// How many were absent.
    pub absent: usize,
    /// Hours posted to each who completed.
    pub hours: Hours,
}

/// Whether a class can be completed now, and what it would post.
#[derive(Debug, Clone)]
pub struct Readiness {
    /// What is missing, in sentences; empty when nothing is.
    pub missing: Vec<String>,
    /// Hours it would post to each.
    pub hours: Hours,
    /// How they come about.
    pub basis: String,
    /// How many would complete, fail and be absent.
    pub outlook: (usize, usize, usize),
    /// When results are due.
    pub due: Option<Deadline>,
}

/// Looks ahead: what is missing for completion, and what it would do.
///
/// # Errors
/// NotFound when out of sight.
pub async fn readiness(ctx: &Ctx, view: &ClassView) -> Result<Readiness> {
    let mut tx = ctx.db.read().await?;
    let class = &view.class;
    ctx.may(Act::ListClasses, &class.place())?;
    let (people, sessions) = (seated(&mut tx, class).await?, count(view.sessions.len()));
    let (_, standings) = standings(&mut tx, class, people).await?;
    let mut missing = Vec::new();
    if let Err(kernel::Error::Refused { sentence, .. }) = class
        .state
        .clone()
        .complete(class.ends_at.unwrap_or_default(), ctx.now())
    {
        missing.push(sentence.trim_end_matches('。').to_owned());
    }
    missing.extend(decide::missing(&standings, sessions));
    let parameters = parameters::load(&mut tx).await?;
    let verdicts = decide::decide(&standings, sessions, class.taught, &parameters).unwrap_or_default();
    let (hours, basis) = class_hours(&view.rule, class.taught, class.plan.declared_hours);
    let due = deadlines::find(&mut tx, "class", class.id.get(), RESULTS).await?;
    Ok(Readiness {
        missing,
        hours,
        basis,
        outlook: tally(&verdicts),
        due,
    })
}

/// The enrolments of a class that completed, for modules that react to [`ClassCompleted`].
///
/// # Errors
/// Storage failures.
pub async fn completed_enrolments(tx: &mut Tx, class: ClassId) -> Result<Vec<EnrolmentId>> {
    store::completed(tx, class).await
}

/// Completes a class.
///
/// # Errors
/// NotFound, Forbidden, `class.not_over`, `class.completed`, `class.not_published`, `class.incomplete`,
/// `report.window`, `class.filed`, Stale.
pub async fn complete(ctx: &Ctx, id: ClassId) -> Result<Completed> {
    let mut tx = ctx.db.batch().await?;
    let done = complete_in(ctx, &mut tx, id).await?;
    tx.commit().await?;
    super::counts::forget();
    Ok(done)
}

/// As [`complete`], inside the caller's transaction.
pub(super) async fn complete_in(ctx: &Ctx, tx: &mut Tx, id: ClassId) -> Result<Completed> {
    let class = class_store::lock(tx, id).await?;
    ctx.may(Act::CompleteClass, &class.place())?;
    super::reporting::filed::not_filed(tx, id).await?;
    let ends_at = class.ends_at.unwrap_or_default();
    let state = class.state.clone().complete(ends_at, ctx.now())?;
    super::reporting::admit(ctx, tx, id).await?;
    let sessions = count(session_store::of_class(tx, id).await?.len());
    let parameters: Parameters = parameters::load(tx).await?;
    let people = seated(tx, &class).await?;
    let (people, standings) = standings(tx, &class, people).await?;
    let verdicts = decide::decide(&standings, sessions, class.taught, &parameters)?;
    let edition = editions::recognition(tx, ended_on(&class)).await?;
    let part = course_store::part(tx, class.course_version).await?;
    let postings = postings(&edition, part, &class, (&people, &verdicts));
    credits::post(ctx, tx, &postings).await?;
    let mut rows: Vec<Enrolment> = people
        .into_iter()
        .zip(&verdicts)
        .map(|(enrolment, verdict)| settled(ctx, enrolment, verdict))
        .collect();
    for mut waiting in store::in_state(tx, id, EnrolmentCode::Waiting).await? {
        waiting.state = EnrolmentState::Withdrawn {
            at: ctx.now(),
            reason: "班次已结业，候补未轮到".into(),
        };
        waiting.state_at = ctx.now();
        attendance::release(tx, waiting.person, id).await?;
        rows.push(waiting);
    }
    store::put(tx, &rows).await?;
    class_store::save_state(tx, id, class.version, &state, ctx.now()).await?;
    tasks::done(ctx, tx, &results_cause(id)).await?;
    let (passed, failed, absent) = tally(&verdicts);
    let (hours, _) = class_hours(&edition.class, class.taught, class.plan.declared_hours);
    let after = json!({ "state": state.code(), "passed": passed, "failed": failed, "absent": absent, "hours": hours });
    let thing = Subject::new("class", id.get(), class.place());
    ctx.audit(
        tx,
        "complete_class",
        thing,
        json!({ "state": class.state.code() }),
        after,
    )
    .await?;
    tx.tell(&ClassCompleted { class: id }, ctx.now()).await?;
    Ok(Completed {
        passed,
        failed,
        absent,
        hours,
    })
}

async fn seated(tx: &mut Tx, class: &Class) -> Result<Vec<Enrolment>> {
    store::in_state(tx, class.id, EnrolmentCode::Enrolled).await
}

type Standings = Vec<Standing<kernel::PersonId>>;

async fn standings(tx: &mut Tx, class: &Class, people: Vec<Enrolment>) -> Result<(Vec<Enrolment>, Standings)> {
    let attended = attendance::attended(tx, class.id).await?;
    let standing = |enrolment: &Enrolment| {
        let attended = attended.get(&enrolment.person).copied().unwrap_or_default();
        Standing {
            person: enrolment.person,
            result: recorded(&enrolment.state).map(|result| result.outcome),
            attended: attended.time,
            marked: attended.marked,
        }
    };
    let standings = people.iter().map(standing).collect();
    Ok((people, standings))
}

/// The day whose edition of the recognition rules decides.
fn ended_on(class: &Class) -> kernel::Date {
    class.ends_at.unwrap_or_default().plus_seconds(-1).date()
}

/// The postings of those who completed: every one the hours of the class.
fn postings(
    edition: &Edition,
    part: Part,
    class: &Class,
    (people, verdicts): (&[Enrolment], &[Verdict]),
) -> Vec<Posting> {
    let facts = ClassFacts {
        title: class.plan.title.clone(),
        subject: class.subject,
        form: class.form,
        part,
        taught: class.taught,
        declared: class.plan.declared_hours,
        ended_on: ended_on(class),
    };
    let completed = people
        .iter()
        .zip(verdicts)
        .filter(|(_, verdict)| **verdict == Verdict::Completed);
    completed
        .map(|(e, _)| for_class(edition, &facts, e.person, e.id, e.place.clone()))
        .collect()
}

fn settled(ctx: &Ctx, mut enrolment: Enrolment, verdict: &Verdict) -> Enrolment {
    let at = ctx.now();
    let result = recorded(&enrolment.state).cloned();
    enrolment.state = match (verdict, result) {
        (Verdict::Completed, Some(result)) => EnrolmentState::Completed { at, result },
        (Verdict::Failed(reason), Some(result)) => EnrolmentState::Failed {
            at,
            reason: reason.clone(),
            result,
        },
        _ => EnrolmentState::Absent { at },
    };
    enrolment.state_at = at;
    enrolment
}

fn tally(verdicts: &[Verdict]) -> (usize, usize, usize) {
    let many = |wanted: fn(&Verdict) -> bool| verdicts.iter().filter(|verdict| wanted(verdict)).count();
    (
        many(|v| matches!(v, Verdict::Completed)),
        many(|v| matches!(v, Verdict::Failed(_))),
        many(|v| matches!(v, Verdict::Absent)),
    )
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
