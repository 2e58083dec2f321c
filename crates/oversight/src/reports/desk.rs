//! What the home page of a desk shows beside its tasks: a few figures of one's own.
//! Deliberately absent: what the prepared figures hold already (`progress`).

use kernel::{ClassId, Result, Time};
use registry::{Ctx, people};
use rules::permits::Act;

use super::store::desk as store;

/// A provider's classes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProviderFigures {
    /// Drafts.
    pub drafts: i64,
    /// Open for enrolment.
    pub open: i64,
    /// Being taught.
    pub teaching: i64,
    /// Taught, results missing.
    pub awaiting: i64,
    /// Completed.
    pub completed: i64,
    /// People on waiting lists.
    pub waiting: i64,
}

/// The next session of a learner.
#[derive(Debug, Clone)]
pub struct NextSession {
    /// Of which class.
    pub class: ClassId,
    /// Its title.
    pub class_title: String,
    /// What is taught.
    pub title: String,
    /// When it begins.
    pub starts_at: Time,
    /// Where; empty online.
    pub place: String,
}

/// The classes within the actor's scope.
///
/// # Errors
/// Storage failures.
pub async fn provider_figures(ctx: &Ctx) -> Result<ProviderFigures> {
    let mut tx = ctx.db.read().await?;
    store::count_classes(&mut tx, &ctx.scope(Act::ListClasses), ctx.now()).await
}

/// The actor's next session, running ones included.
///
/// # Errors
/// Storage failures.
pub async fn next_session(ctx: &Ctx) -> Result<Option<NextSession>> {
    let Some(person) = ctx.actor.person() else {
        return Ok(None);
    };
    let mut tx = ctx.db.read().await?;
    let ids = people::all_ids(&mut tx, person).await?;
    store::next_session(&mut tx, &ids, ctx.now()).await
}

/// Deeds of the audit trail since an instant with their number, the most frequent first, at most twelve kinds.
///
/// # Errors
/// Storage failures.
pub async fn deeds_since(ctx: &Ctx, from: Time) -> Result<Vec<(String, i64)>> {
    let mut tx = ctx.db.read().await?;
    store::count_deeds(&mut tx, &ctx.scope(Act::SearchAudit), from).await
}
