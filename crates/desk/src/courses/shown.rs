//! What the pages of courses and enrolment say in the same words: states, choices, times, versions of forms.

use std::sync::Arc;

use chrono::Datelike;
use kernel::{Code, Date, Error, Result, Time};
use learning::courses::Class;
use registry::Ctx;
use registry::taxonomy::{self, Names, Vocabulary};
use rules::courses::{EnrolmentState, Phase};
use ui::{Cell, Choice, State, format};
use web::Fields;

/// The state label of a class.
pub(crate) fn phase_state(phase: Phase, free: i64) -> State {
    match phase {
        Phase::Draft => State::Draft,
        Phase::Announced => State::Published,
        Phase::EnrolmentOpen if free <= 0 => State::Full,
        Phase::EnrolmentOpen => State::EnrolmentOpen,
        Phase::EnrolmentClosed => State::EnrolmentClosed,
        Phase::Teaching => State::Teaching,
        Phase::AwaitingResult => State::AwaitingResult,
        Phase::Completed => State::Completed,
        Phase::Cancelled => State::Cancelled,
    }
}

/// The state label of an enrolment.
pub(crate) fn enrolment_state(state: &EnrolmentState) -> State {
    match state {
        EnrolmentState::Enrolled { .. } => State::Enrolled,
        EnrolmentState::Waiting => State::Waiting,
        EnrolmentState::Withdrawn { .. } => State::Withdrawn,
        EnrolmentState::Cancelled { .. } => State::Cancelled,
        EnrolmentState::Completed { .. } => State::Completed,
        EnrolmentState::Failed { .. } => State::Failed,
        EnrolmentState::Absent { .. } => State::Absent,
    }
}

/// Choices of a closed vocabulary.
pub(crate) fn choices<C: Code>(name: impl Fn(C) -> &'static str) -> Vec<Choice> {
    C::ALL
        .iter()
        .map(|value| Choice::new(value.code(), name(*value)))
        .collect()
}

/// Choices of a vocabulary of the policy, in its order.
pub(crate) async fn terms(ctx: &Ctx, vocabulary: Vocabulary) -> Result<Vec<Choice>> {
    let mut tx = ctx.db.read().await?;
    let terms = taxonomy::terms(&mut tx, vocabulary).await?;
    Ok(terms.iter().map(|term| Choice::new(&term.code, &term.name)).collect())
}

/// Names of codes.
pub(crate) async fn names(ctx: &Ctx) -> Result<Arc<Names>> {
    let mut tx = ctx.db.read().await?;
    taxonomy::names(&mut tx).await
}

/// The years that a filter offers, latest first, the next one included.
pub(crate) fn years(today: Date) -> Vec<Choice> {
    (2022..=today.year() + 1)
        .rev()
        .map(|year| Choice::new(&year.to_string(), &format!("{year} 年")))
        .collect()
}

/// First and last day of a class, or nothing while they are not planned.
pub(crate) fn days(class: &Class) -> Cell {
    match (class.starts_at, class.ends_at) {
        (Some(from), Some(until)) => Cell::DateRange(from.date(), until.plus_seconds(-1).date()),
        _ => Cell::Empty,
    }
}

/// A moment in words.
pub(crate) fn moment(at: Time) -> String {
    format::moment(at.civil())
}

/// A moment as a form field sends it.
pub(crate) fn typed_moment(at: Option<Time>) -> String {
    at.map_or_else(String::new, |at| at.civil().format("%Y-%m-%dT%H:%M").to_string())
}

/// The version a form was shown with.
pub(crate) fn version(fields: &Fields) -> Result<i64> {
    fields.get("version").parse().map_err(|_| Error::Stale)
}
