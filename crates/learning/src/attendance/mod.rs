//! attendance: one timeline of reserved time per person, and the marks of roll calls.
//!
//! [`hold`] comes first: it makes writers of the same timeline follow one another, in the order of person ids, so
//! that two enrolments of one person can never both find the time free. Then [`clashes`] tells who is busy and
//! [`reserve`] writes. Rule R-12. Everything runs inside the caller's transaction; who may do it is the caller's
//! question, because this module does not know classes.
//! Deliberately absent: intervals of self-paced study (they will be further rows of the same timeline).

mod store;

use std::collections::HashMap;

use db::Tx;
use kernel::{PersonId, Result, Seconds, Time, id::ClassId, id::SessionId};
use registry::Ctx;
use rules::attendance::{self, Clash, Mark, Span};

pub use store::Marked;

/// A session to be reserved: where it stands in time, and how much of it is taught (breaks left out).
#[derive(Debug, Clone)]
pub struct Reservation {
    /// The session on the timeline.
    pub span: Span,
    /// Taught time.
    pub taught: Seconds,
}

/// What one person attended of a class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attended {
    /// Taught time of the attended sessions.
    pub time: Seconds,
    /// Sessions attended.
    pub sessions: u32,
    /// Sessions with any mark.
    pub marked: u32,
}

/// A mark to be written, decided on the version that was read (0 when there was none).
#[derive(Debug, Clone, Copy)]
pub struct NewMark {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub mark: Mark,
    /// The version it replaces.
    pub version: i64,
}

/// Makes this transaction the only writer of these people's timelines until it ends.
///
/// # Errors
/// Storage failures.
pub async fn hold(tx: &mut Tx, people: &[PersonId]) -> Result<()> {
    let mut sorted = people.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    store::hold(tx, &sorted).await
}

/// For each of these people who is busy at one of the wanted times: the first clash.
///
/// # Errors
/// Storage failures.
pub async fn clashes(tx: &mut Tx, people: &[PersonId], wanted: &[Reservation]) -> Result<HashMap<PersonId, Clash>> {
    let spans: Vec<Span> = wanted.iter().map(|reservation| reservation.span.clone()).collect();
    let Some(from) = spans.iter().map(|span| span.starts_at).min() else {
        return Ok(HashMap::new());
    };
    let until = spans.iter().map(|span| span.ends_at).max().unwrap_or(from);
    let taken = store::spans(tx, people, from, until).await?;
    let clash = |(person, taken): (PersonId, Vec<Span>)| Some((person, attendance::clash(&taken, &spans)?));
    Ok(taken.into_iter().filter_map(clash).collect())
}

/// Reserves the sessions of a class for these people. Ask [`hold`] and [`clashes`] first; a session that is
/// reserved already stays as it is.
///
/// # Errors
/// Storage failures.
pub async fn reserve(tx: &mut Tx, people: &[PersonId], wanted: &[Reservation]) -> Result<()> {
    store::reserve(tx, people, wanted).await
}

/// What is taken on the timelines of these records, all together: from when until when.
///
/// # Errors
/// Storage failures.
pub async fn taken(tx: &mut Tx, records: &[PersonId], (from, until): (Time, Time)) -> Result<Vec<(Time, Time)>> {
    let spans = store::spans(tx, records, from, until).await?;
    Ok(spans
        .into_values()
        .flatten()
        .map(|span| (span.starts_at, span.ends_at))
        .collect())
}

/// Moves sessions on the timelines of everybody who has them reserved. Ask [`hold`] and [`clashes`] first.
///
/// # Errors
/// Storage failures.
pub async fn shift(tx: &mut Tx, moved: &[Reservation]) -> Result<()> {
    for reservation in moved {
        store::shift(tx, reservation).await?;
    }
    Ok(())
}

/// Gives one person's time of a class back.
///
/// # Errors
/// Storage failures.
pub async fn release(tx: &mut Tx, person: PersonId, class: ClassId) -> Result<()> {
    store::release(tx, person, class).await
}

/// Gives everybody's time of a cancelled class back.
///
/// # Errors
/// Storage failures.
pub async fn release_all(tx: &mut Tx, class: ClassId) -> Result<()> {
    store::release_all(tx, class).await
}

/// The marks of one session.
///
/// # Errors
/// Storage failures.
pub async fn marks(tx: &mut Tx, session: SessionId) -> Result<Vec<Marked>> {
    store::marks(tx, session).await
}

/// The mark of one person in one session.
///
/// # Errors
/// Storage failures.
pub async fn mark_of(tx: &mut Tx, session: SessionId, person: PersonId) -> Result<Option<Mark>> {
    Ok(store::mark_of(tx, session, person).await?.map(|marked| marked.mark))
}

/// Writes marks of one session; the same mark again changes nothing. Returns what was before each mark that
/// changed, for the trail. The caller holds the class locked.
///
/// # Errors
/// `Stale` when a mark was changed since the version given.
pub async fn mark(
    ctx: &Ctx,
    tx: &mut Tx,
    at: (ClassId, SessionId),
    marks: &[NewMark],
) -> Result<Vec<(NewMark, Option<Mark>)>> {
    let known: HashMap<PersonId, Marked> = store::marks(tx, at.1)
        .await?
        .into_iter()
        .map(|m| (m.person, m))
        .collect();
    let mut changed = Vec::new();
    for mark in marks {
        match known.get(&mark.person) {
            Some(before) if before.mark == mark.mark => {}
            Some(before) if before.version != mark.version => return Err(kernel::Error::Stale),
            None if mark.version != 0 => return Err(kernel::Error::Stale),
            before => changed.push((*mark, before.map(|before| before.mark))),
        }
    }
    store::mark(tx, at, &changed, ctx.now(), &ctx.actor.label).await?;
    Ok(changed)
}

/// What everybody attended of a class; people without any mark are not in it.
///
/// # Errors
/// Storage failures.
pub async fn attended(tx: &mut Tx, class: ClassId) -> Result<HashMap<PersonId, Attended>> {
    store::attended(tx, class).await
}

/// How many of a class are marked, by session.
///
/// # Errors
/// Storage failures.
pub async fn marked_by_session(tx: &mut Tx, class: ClassId) -> Result<HashMap<SessionId, i64>> {
    store::marked_by_session(tx, class).await
}
