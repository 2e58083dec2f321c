//! Calls, topics and declarations in the words of the pages.

use kernel::{Code, Error};
use registry::taxonomy::{self, Names};
use rules::calls::notice::ObjectionState;
use rules::calls::{CallState, DeclarationState, TopicState};
use ui::{Choice, State};
use web::{Caller, Fields};

pub(super) const fn call(state: CallState) -> State {
    match state {
        CallState::Draft => State::Draft,
        CallState::Open => State::CallOpen,
        CallState::Closed => State::InCheck,
        CallState::Reviewing => State::InReview,
        CallState::Proposed => State::PlanProposed,
        CallState::Noticed => State::UnderNotice,
        CallState::Approving => State::AwaitingApproval,
        CallState::Published => State::PlanPublished,
        CallState::Cancelled => State::CalledOff,
    }
}

pub(super) const fn declaration(state: DeclarationState) -> State {
    match state {
        DeclarationState::Draft => State::Draft,
        DeclarationState::Submitted => State::AwaitingRecommendation,
        DeclarationState::Returned => State::Returned,
        DeclarationState::Checking => State::AwaitingCheck,
        DeclarationState::Reviewing => State::InReview,
        DeclarationState::Proposed => State::InProposedPlan,
        DeclarationState::Noticed => State::UnderNotice,
        DeclarationState::Approving => State::AwaitingApproval,
        DeclarationState::Approved => State::InPlan,
        DeclarationState::Deferred => State::PutOff,
        DeclarationState::NotRecommended => State::NotRecommended,
        DeclarationState::Failed => State::FormallyFailed,
        DeclarationState::NotSelected => State::NotSelected,
        DeclarationState::Rejected => State::NotApproved,
        DeclarationState::Withdrawn => State::TakenBack,
        DeclarationState::Cancelled => State::Cancelled,
    }
}

pub(super) const fn topic(state: TopicState) -> State {
    match state {
        TopicState::Proposed => State::AwaitingReview,
        TopicState::Returned => State::Returned,
        TopicState::Adopted => State::Adopted,
        TopicState::Declined => State::NotAdopted,
        TopicState::Withdrawn => State::TakenBack,
    }
}

pub(super) const fn objection(state: ObjectionState) -> State {
    match state {
        ObjectionState::Open => State::AwaitingAnswer,
        ObjectionState::Upheld => State::ObjectionUpheld,
        ObjectionState::Dismissed => State::ObjectionDismissed,
    }
}

pub(super) fn choices<C: Code>(name: impl Fn(C) -> &'static str) -> Vec<Choice> {
    C::ALL
        .iter()
        .map(|each| Choice::new(each.code(), name(*each)))
        .collect()
}

/// The version that a form was shown with.
pub(super) fn version(fields: &Fields) -> kernel::Result<i64> {
    fields.get("version").parse().map_err(|_| Error::Stale)
}

/// The names of the terms.
pub(super) async fn names(caller: &Caller) -> kernel::Result<std::sync::Arc<Names>> {
    taxonomy::names(&mut caller.ctx().db.read().await?).await
}

/// A score in hundredths as people write it.
pub(super) fn score(hundredths: i64) -> String {
    kernel::Hours::hundredths(hundredths).to_string()
}
