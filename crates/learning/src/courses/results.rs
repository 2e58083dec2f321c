//! Results: passed, failed or absent for each person with a seat, with points if an examination gave any.
//! Completion rests on them; they stay open to correction until then.
//! Deliberately absent: examinations and their papers.

use std::collections::HashMap;

use kernel::{PersonId, Result, Time, id::ClassId, id::EnrolmentId};
use registry::{Ctx, Subject};
use rules::courses::enrolment::{EnrolmentCode, Recorded};
use rules::courses::{EnrolmentState, Outcome};
use rules::permits::Act;
use serde_json::json;

use super::rolls::had_seat;
use super::store::class::{self as class_store, Class};
use super::store::enrolment as store;
use super::store::parameters;
use crate::attendance::{self, Attended};

/// The results of a class.
#[derive(Debug, Clone)]
pub struct ResultSheet {
    /// The class.
    pub class: Class,
    /// How many sessions it has.
    pub sessions: u32,
    /// The least share of attendance, in words.
    pub share: String,
    /// Everybody with a seat, in the order of arrival.
    pub lines: Vec<ResultLine>,
}

/// One person of the sheet.
#[derive(Debug, Clone)]
pub struct ResultLine {
    /// The enrolment.
    pub enrolment: EnrolmentId,
    /// Who.
    pub person: PersonId,
    /// Name of the day of enrolment.
    pub name: String,
    /// Employer of the day of enrolment.
    pub org_name: String,
    /// The state.
    pub state: EnrolmentState,
    /// The result, if recorded.
    pub result: Option<Recorded>,
    /// What the person attended.
    pub attended: Attended,
    /// Whether that is enough.
    pub enough: bool,
    /// For the optimistic change.
    pub version: i64,
}

/// One result to be recorded, decided on the version that was read.
#[derive(Debug, Clone, Copy)]
pub struct NewResult {
    /// Whose enrolment.
    pub enrolment: EnrolmentId,
    /// The version that was read.
    pub version: i64,
    /// The result.
    pub outcome: Outcome,
    /// Points 0–100.
    pub score: Option<u32>,
}

/// The result recorded in a state.
pub(super) fn recorded(state: &EnrolmentState) -> Option<&Recorded> {
    match state {
        EnrolmentState::Enrolled { result, .. } => result.as_ref(),
        EnrolmentState::Completed { result, .. } | EnrolmentState::Failed { result, .. } => Some(result),
        _ => None,
    }
}

/// The sheet of results, for those who list the class's people.
///
/// # Errors
/// NotFound when out of sight.
pub async fn sheet(ctx: &Ctx, class: ClassId) -> Result<ResultSheet> {
    let mut tx = ctx.db.read().await?;
    let class = class_store::load(&mut tx, class).await?;
    ctx.may(Act::ListClasses, &class.place())?;
    let share = parameters::load(&mut tx).await?.attendance;
    let attended = attendance::attended(&mut tx, class.id).await?;
    let sessions = super::store::session::of_class(&mut tx, class.id).await?.len();
    let people = store::of_class(&mut tx, class.id).await?;
    let lines = people.into_iter().filter(|e| had_seat(&e.state)).map(|e| {
        let attended = attended.get(&e.person).copied().unwrap_or_default();
        ResultLine {
            enrolment: e.id,
            person: e.person,
            name: e.name,
            org_name: e.org_name,
            result: recorded(&e.state).cloned(),
            state: e.state,
            attended,
            enough: share.reached(attended.time, class.taught),
            version: e.version,
        }
    });
    let lines = lines.collect();
    let sessions = u32::try_from(sessions).unwrap_or(u32::MAX);
    Ok(ResultSheet {
        class,
        sessions,
        share: share.words(),
        lines,
    })
}

/// Records results; returns how many changed. Open from the last day of the class until completion.
///
/// # Errors
/// NotFound, Forbidden, `class.early`, `class.final`, `enrolment.no_seat`; Stale when a result was changed meanwhile.
pub async fn record(ctx: &Ctx, class: ClassId, results: &[NewResult]) -> Result<usize> {
    let mut tx = ctx.db.batch().await?;
    let class = class_store::lock(&mut tx, class).await?;
    ctx.may(Act::RecordResult, &class.place())?;
    let last_day = class
        .ends_at
        .map_or(Time::default(), |end| Time::start_of(end.plus_seconds(-1).date()));
    class.state.record(last_day, ctx.now())?;
    let people = store::in_state(&mut tx, class.id, EnrolmentCode::Enrolled).await?;
    let mut known: HashMap<EnrolmentId, store::Enrolment> = people.into_iter().map(|e| (e.id, e)).collect();
    let (mut changed, mut was, mut is) = (Vec::new(), Vec::new(), Vec::new());
    for new in results {
        let mut enrolment = known.remove(&new.enrolment).ok_or(kernel::Error::Stale)?;
        let before = recorded(&enrolment.state).map(|r| (r.outcome, r.score));
        if before == Some((new.outcome, new.score)) {
            continue;
        }
        if enrolment.version != new.version {
            return Err(kernel::Error::Stale);
        }
        let result = Recorded {
            outcome: new.outcome,
            score: new.score,
            at: ctx.now(),
            by: ctx.actor.label.clone(),
        };
        enrolment.state = enrolment.state.record(result)?;
        was.push(json!([enrolment.person, before]));
        is.push(json!([enrolment.person, new.outcome, new.score]));
        changed.push(enrolment);
    }
    store::put(&mut tx, &changed).await?;
    if !changed.is_empty() {
        let thing = Subject::new("class", class.id.get(), class.place());
        ctx.audit(&mut tx, "record_result", thing, json!(was), json!(is))
            .await?;
    }
    tx.commit().await?;
    Ok(changed.len())
}
