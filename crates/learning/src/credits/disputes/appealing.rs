//! What the person does after opening a case: appeal once, or take it back.

use kernel::{Deadline, Result, id::DisputeId};
use registry::{Ctx, taxonomy::deadlines};
use rules::credits::disputes::{self as decide, DisputeCode};
use rules::permits::Act;

use super::{KIND, NewEvidence, StepKind, go_on, keep, notes, store};

/// Appeals to the lead; `version` is the one that was shown.
///
/// # Errors
/// NotFound, Forbidden, `dispute.nothing_to_appeal`, `dispute.appeal_late`, `dispute.appealed`, `dispute.undecided`,
/// `dispute.over`, wrong words, Stale.
pub async fn appeal(
    ctx: &Ctx,
    (id, version): (DisputeId, i64),
    grounds: &str,
    evidence: Vec<NewEvidence>,
) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let case = store::lock(&mut tx, (id, version)).await?;
    ctx.may(Act::OpenDispute, &case.place)?;
    let grounds = decide::read_words("grounds", "申请复核的理由", grounds)?;
    let until = deadlines::find(&mut tx, KIND, id.get(), "appeal").await?;
    // A case without this period was never decided; the state says so.
    let until = until.unwrap_or(Deadline::On(ctx.today()));
    let next = case
        .state
        .clone()
        .appeal(until, ctx.today(), (ctx.now(), grounds.clone()))?;
    go_on(
        ctx,
        &mut tx,
        &case,
        &next,
        ("appeal_dispute", StepKind::Appealed, &grounds),
    )
    .await?;
    keep(ctx, &mut tx, &case, evidence).await?;
    let terms = store::terms(&mut tx).await?;
    let due = deadlines::set(ctx, &mut tx, (KIND, id.get(), "review"), ctx.today(), terms.review).await?;
    notes::appealed(ctx, &mut tx, &case, due).await?;
    tx.commit().await
}

/// Takes the case, or the appeal, back.
///
/// # Errors
/// NotFound, Forbidden, `dispute.decided`, `dispute.over`, Stale.
pub async fn withdraw(ctx: &Ctx, (id, version): (DisputeId, i64)) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let case = store::lock(&mut tx, (id, version)).await?;
    ctx.may(Act::OpenDispute, &case.place)?;
    let next = case.state.clone().withdraw(ctx.now())?;
    let words = match next.code() {
        DisputeCode::Withdrawn => "撤回异议",
        _ => "撤回复核申请，原决定生效",
    };
    go_on(
        ctx,
        &mut tx,
        &case,
        &next,
        ("withdraw_dispute", StepKind::Withdrawn, words),
    )
    .await?;
    notes::over(ctx, &mut tx, &case, words).await?;
    tx.commit().await
}
