//! What happens by the clock: windows close, notices are observed, extended and end.
//!
//! A notice ends when its deadline has passed and every objection is answered; a deadline in a year without a calendar never passes
//! . A second run finds nothing left to do.

use db::jobs::Handlers;
use kernel::{Result, id::CallId};
use registry::{Ctx, CtxSource};
use rules::calls::notice::is_over;
use rules::calls::visibility::EVERY;
use rules::calls::{CallDeed, CallState, DeclarationDeed, DeclarationState};
use serde_json::json;

use super::store::call as call_store;
use super::store::{declaration, notice};
use super::{Visit, approving, moving, observing, subject};

const OBSERVE: &str = "calls.observe";
const ROUND: &str = "calls.round";

/// The handlers of this module; notices are opened with `visit`.
#[must_use]
pub fn handlers(source: &CtxSource, visit: &Visit) -> Handlers {
    let (observing_source, source) = (CtxSource::clone(source), CtxSource::clone(source));
    let visit = Visit::clone(visit);
    // One number for the life of this program: a restart shows in the series.
    let run = source("calls").db.mint::<()>().get();
    Handlers::new()
        .on(OBSERVE, move |_| {
            let (ctx, visit) = (observing_source("calls"), Visit::clone(&visit));
            async move { Ok(json!({ "observed": observing::observe(&ctx, &visit, run).await? })) }
        })
        .every(OBSERVE, EVERY)
        .on(ROUND, move |_| {
            let ctx = source("calls");
            async move { Ok(json!({ "moved": round(&ctx).await? })) }
        })
        .every(ROUND, EVERY)
}

/// Closes windows and ends notices whose time has come; returns how many calls moved.
///
/// # Errors
/// Storage failures.
pub async fn round(ctx: &Ctx) -> Result<u64> {
    let mut moved = 0;
    for state in [CallState::Open, CallState::Noticed] {
        let standing = call_store::standing(&mut ctx.db.read().await?, state).await?;
        for id in standing {
            let done = match state {
                CallState::Open => close(ctx, id).await?,
                _ => end_notice(ctx, id).await?,
            };
            moved += u64::from(done);
        }
    }
    Ok(moved)
}

/// the window closes to the second.
async fn close(ctx: &Ctx, id: CallId) -> Result<bool> {
    let mut tx = ctx.db.write().await?;
    let mut call = call_store::lock(&mut tx, id).await?;
    if call.state != CallState::Open || ctx.now() <= call.closes_at {
        return Ok(false);
    }
    call.state = call.state.after(CallDeed::Close)?;
    call.state_at = ctx.now();
    call_store::save(&mut tx, &call, call.version).await?;
    let (was, is) = (json!({ "state": CallState::Open }), json!({ "state": call.state }));
    ctx.audit(&mut tx, "close_call", subject(&call), was, is).await?;
    tx.commit().await?;
    Ok(true)
}

async fn end_notice(ctx: &Ctx, id: CallId) -> Result<bool> {
    let mut tx = ctx.db.write().await?;
    let mut call = call_store::lock(&mut tx, id).await?;
    if call.state != CallState::Noticed {
        return Ok(false);
    }
    let due = observing::extend(ctx, &mut tx, &mut call).await?;
    let open = notice::open(&mut tx, id).await?;
    if !due.is_some_and(|due| is_over(due, ctx.today(), open)) {
        // An extension is kept all the same.
        tx.commit().await?;
        return Ok(false);
    }
    call.state = call.state.after(CallDeed::EndNotice)?;
    call.state_at = ctx.now();
    for mut one in declaration::of_call(&mut tx, id, &[DeclarationState::Noticed]).await? {
        moving::step(ctx, &mut tx, (&call, &mut one), (DeclarationDeed::EndNotice, "")).await?;
    }
    call_store::save(&mut tx, &call, call.version).await?;
    approving::ask(ctx, &mut tx, &call).await?;
    let (was, is) = (json!({ "state": CallState::Noticed }), json!({ "state": call.state }));
    ctx.audit(&mut tx, "end_notice_of_call", subject(&call), was, is)
        .await?;
    tx.commit().await?;
    Ok(true)
}
