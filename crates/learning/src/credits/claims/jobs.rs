//! What happens by the clock: claims whose employer said nothing in time go on to the competent body.
//!
//! A deadline that reaches a year without a calendar never passes, so nothing is passed on by it. A second run
//! finds nothing left to do.

use db::jobs::Handlers;
use kernel::{Result, id::ClaimId};
use registry::taxonomy::deadlines;
use registry::{Ctx, CtxSource, people};
use rules::credits::claims::{ClaimCode, ClaimState, Step};
use serde_json::json;

use super::store::claim::{self as store, Moved};
use super::store::parameters;
use super::tell;

const PASS_ON: &str = "claims.pass_on";

/// The handlers of this module.
#[must_use]
pub fn handlers(source: &CtxSource) -> Handlers {
    let source = CtxSource::clone(source);
    Handlers::new()
        .on(PASS_ON, move |_| {
            let ctx = source("claims");
            async move { Ok(json!({ "passed_on": pass_on(&ctx).await? })) }
        })
        .daily(PASS_ON, 1, 20)
}

/// Passes on what employers left lying; returns how many.
async fn pass_on(ctx: &Ctx) -> Result<u64> {
    let mut tx = ctx.db.read().await?;
    let figures = parameters::load(&mut tx).await?;
    // A working day is at least a day: nothing younger can be overdue.
    let before = ctx.now().plus_days(-i64::from(figures.confirm_workdays.min(1)));
    let waiting = store::unconfirmed_since(&mut tx, before).await?;
    drop(tx);
    let mut count = 0;
    for id in waiting {
        count += u64::from(pass_one(ctx, id).await?);
    }
    Ok(count)
}

async fn pass_one(ctx: &Ctx, id: ClaimId) -> Result<bool> {
    let mut tx = ctx.db.write().await?;
    let seen = store::load(&mut tx, id).await?;
    let family = people::all_ids(&mut tx, seen.person).await?;
    let mut claim = store::lock(&mut tx, id, &family).await?;
    let due = deadlines::find(&mut tx, tell::KIND, id.get(), "confirm").await?;
    if claim.state != ClaimState::Submitted || !due.is_some_and(|due| due.has_passed(ctx.today())) {
        return Ok(false);
    }
    let version = claim.version;
    claim.state = claim.state.pass_on()?;
    if let ClaimState::Confirmed { how, .. } = &claim.state {
        claim.confirmed_how = Some(*how);
    }
    let moved = Moved {
        at: ctx.now(),
        by: None,
    };
    store::save_state(&mut tx, &claim, version, moved).await?;
    tell::moved(ctx, &mut tx, &claim, (ClaimCode::Submitted, Step::PassedOn), "").await?;
    tx.commit().await?;
    Ok(true)
}
