//! Roll calls: who was there, session by session; marks stay open to correction until the class is completed.
//! Two people marking the same roll do not overwrite each other: each mark names the version it was decided on.
//! `roll_sheet` reads the same marks from a filled-in sheet.
//! `check_in` writes to the same roll what people do with their phones. Deliberately absent: faces.

use std::collections::HashMap;

use db::Tx;
use kernel::{PersonId, Result, Time, id::SessionId};
use registry::{Ctx, Subject};
use rules::attendance::Mark;
use rules::courses::EnrolmentState;
use rules::courses::enrolment::EnrolmentCode;
use rules::permits::Act;
use serde_json::json;

use super::store::class::{self as class_store, Class};
use super::store::enrolment as enrolment_store;
use super::store::session::{self as session_store, Session};
use crate::attendance::{self, Marked, NewMark};

/// The roll of one session.
#[derive(Debug, Clone)]
pub struct Roll {
    /// The class.
    pub class: Class,
    /// The session.
    pub session: Session,
    /// Everybody with a seat, in the order of arrival.
    pub lines: Vec<RollLine>,
}

/// One person of a roll.
#[derive(Debug, Clone)]
pub struct RollLine {
    /// Who.
    pub person: PersonId,
    /// Name of the day of enrolment.
    pub name: String,
    /// Employer of the day of enrolment.
    pub org_name: String,
    /// The mark, if there is one.
    pub mark: Option<Mark>,
    /// Version of the mark; 0 while there is none.
    pub version: i64,
}

/// One mark to be recorded.
pub type RollMark = NewMark;

/// The roll of a session, for those who list the class's people.
///
/// # Errors
/// NotFound when out of sight.
pub async fn roll(ctx: &Ctx, session: SessionId) -> Result<Roll> {
    let mut tx = ctx.db.read().await?;
    let session = session_store::load(&mut tx, session).await?;
    let class = class_store::load(&mut tx, session.class).await?;
    ctx.may(Act::ListClasses, &class.place())?;
    let lines = lines(&mut tx, (&class, session.id)).await?;
    Ok(Roll { class, session, lines })
}

/// Everybody with a seat, with the marks of one session.
pub(super) async fn lines(tx: &mut Tx, (class, session): (&Class, SessionId)) -> Result<Vec<RollLine>> {
    let people = enrolment_store::of_class(tx, class.id).await?;
    let marks = attendance::marks(tx, session).await?;
    let marks: HashMap<PersonId, Marked> = marks.into_iter().map(|marked| (marked.person, marked)).collect();
    let lines = people.into_iter().filter(|e| had_seat(&e.state)).map(|e| {
        let marked = marks.get(&e.person);
        RollLine {
            person: e.person,
            name: e.name,
            org_name: e.org_name,
            mark: marked.map(|marked| marked.mark),
            version: marked.map_or(0, |marked| marked.version),
        }
    });
    Ok(lines.collect())
}

/// Records marks of a session; returns how many changed. Open from the day of the session until completion.
///
/// # Errors
/// NotFound, Forbidden, `class.early`, `class.final`, `class.not_published`; Stale when a mark was changed meanwhile or
/// a person has no seat any more.
pub async fn record(ctx: &Ctx, session: SessionId, marks: &[RollMark]) -> Result<usize> {
    let mut tx = ctx.db.batch().await?;
    let session = session_store::load(&mut tx, session).await?;
    let class = class_store::lock(&mut tx, session.class).await?;
    ctx.may(Act::MarkAttendance, &class.place())?;
    class
        .state
        .record(Time::start_of(session.plan.starts_at.date()), ctx.now())?;
    let seated = enrolment_store::in_state(&mut tx, class.id, EnrolmentCode::Enrolled).await?;
    let has_seat: std::collections::HashSet<PersonId> = seated.iter().map(|e| e.person).collect();
    if marks.iter().any(|mark| !has_seat.contains(&mark.person)) {
        return Err(kernel::Error::Stale);
    }
    let changed = write(ctx, &mut tx, (&class, session.id), marks).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Writes the marks of one session with their audit row; returns how many changed. The class is locked and may be marked.
pub(super) async fn write(
    ctx: &Ctx,
    tx: &mut Tx,
    (class, session): (&Class, SessionId),
    marks: &[RollMark],
) -> Result<usize> {
    let changed = attendance::mark(ctx, tx, (class.id, session), marks).await?;
    if !changed.is_empty() {
        let was: Vec<_> = changed
            .iter()
            .map(|(new, before)| json!([new.person, before]))
            .collect();
        let is: Vec<_> = changed.iter().map(|(new, _)| json!([new.person, new.mark])).collect();
        let thing = Subject::new("session", session.get(), class.place());
        ctx.audit(tx, "mark_attendance", thing, json!(was), json!(is)).await?;
    }
    Ok(changed.len())
}

/// Whether the person sat in the class, now or when it was completed.
pub(super) fn had_seat(state: &EnrolmentState) -> bool {
    matches!(
        state,
        EnrolmentState::Enrolled { .. }
            | EnrolmentState::Completed { .. }
            | EnrolmentState::Failed { .. }
            | EnrolmentState::Absent { .. }
    )
}
