//! What happens by the calendar: answers that lapse, decisions that become final, reminders, and what is overdue.
//!
//! A daily round over the open cases, each in a transaction of its own; a case that somebody changes meanwhile is left for
//! the next round. R-11: what is only a lower bound neither lapses nor closes. R-51: a body's silence decides nothing.

use std::sync::Arc;

use db::Event;
use db::jobs::{Handlers, JobCtx};
use kernel::{Deadline, Error, Id, Result, id::DisputeId};
use registry::{Ctx, CtxSource, taxonomy::deadlines};
use rules::credits::disputes::{DisputeCode, DisputeState};
use serde_json::{Value as Json, json};

use super::super::EntryReversed;
use super::{KIND, StepKind, go_on, notes, running, settling, store};

const ROUND: &str = "disputes.round";
const REVERSED: &str = "disputes.entry_reversed";
/// Cases read at once.
const STEP: u32 = 200;
/// A reminder goes out when no more working days are left than these.
const NEAR: u32 = 2;

/// The handlers of this module.
#[must_use]
pub fn handlers(source: &CtxSource) -> Handlers {
    let (rounds, reversed) = (Arc::clone(source), Arc::clone(source));
    Handlers::new()
        .on(ROUND, move |_| {
            let ctx = rounds("disputes.round");
            async move { round(&ctx).await.map(|moved| json!({ "moved": moved })) }
        })
        .daily(ROUND, 0, 20)
        .on(REVERSED, move |job| entry_reversed(reversed("disputes.reversed"), job))
        .react(EntryReversed::KIND, REVERSED)
}

async fn entry_reversed(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let told = job.event::<EntryReversed>()?;
    let settled = settling::settle_reversed(&ctx, told.body.entry).await?;
    Ok(json!({ "settled": settled }))
}

/// One round over all open cases; returns how many changed their state.
///
/// # Errors
/// Storage failures.
pub async fn round(ctx: &Ctx) -> Result<u64> {
    let (mut moved, mut after) = (0, Id::new(0));
    loop {
        let mut tx = ctx.db.read().await?;
        let some = store::after(&mut tx, OPEN, after, STEP).await?;
        drop(tx);
        let Some(last) = some.last() else { return Ok(moved) };
        after = last.id;
        for case in &some {
            match visit(ctx, case.id).await {
                Ok(changed) => moved += u64::from(changed),
                // Somebody else acted meanwhile; the next round looks again.
                Err(Error::Stale) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

const OPEN: &[DisputeCode] = &[
    DisputeCode::Opened,
    DisputeCode::Answered,
    DisputeCode::Unanswered,
    DisputeCode::Decided,
    DisputeCode::Appealed,
];

async fn visit(ctx: &Ctx, id: DisputeId) -> Result<bool> {
    let mut tx = ctx.db.write().await?;
    let case = store::lock_latest(&mut tx, id).await?;
    let Some(name) = running(case.state.code()) else {
        return Ok(false);
    };
    let Some(due) = deadlines::find(&mut tx, KIND, id.get(), name).await? else {
        return Ok(false);
    };
    let (today, now) = (ctx.today(), ctx.now());
    let changed = due.has_passed(today);
    match (&case.state, changed) {
        (DisputeState::Opened, true) => {
            let next = case.state.clone().lapse(due, today, now)?;
            let words = "施教机构在期限内没有答复";
            go_on(ctx, &mut tx, &case, &next, ("lapse_dispute", StepKind::Lapsed, words)).await?;
            let terms = store::terms(&mut tx).await?;
            let by = deadlines::set(ctx, &mut tx, (KIND, id.get(), "decision"), today, terms.decision).await?;
            notes::to_be_decided(ctx, &mut tx, &case, by, words).await?;
        }
        (DisputeState::Decided { .. }, true) => {
            let next = case.state.clone().close(due, today, now)?;
            let words = "期限内没有申请复核";
            go_on(ctx, &mut tx, &case, &next, ("close_dispute", StepKind::Closed, words)).await?;
        }
        (_, true) => notes::overdue(ctx, &mut tx, &case, name, due).await?,
        (_, false) if near(ctx, due) => notes::remind(ctx, &mut tx, &case, name, due).await?,
        _ => return Ok(false),
    }
    tx.commit().await?;
    Ok(changed)
}

fn near(ctx: &Ctx, due: Deadline) -> bool {
    matches!(due, Deadline::On(day) if ctx.calendar.after(ctx.today(), NEAR).date() >= day)
}
