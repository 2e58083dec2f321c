//! A case that the ordinary way has settled: the class was completed after all, or the foreign entry was taken back.
//!
//! Both come from events, so a second run finds nothing undecided and changes nothing.

use kernel::{EnrolmentId, EntryId, Result};
use registry::Ctx;
use rules::credits::disputes::DisputeState;

use super::super::store as ledger;
use super::{Dispute, StepKind, go_on, notes, store};

/// Settles the undecided cases about these enrolments whose hours now stand in the ledger; returns how many. For the
/// module that completes classes.
///
/// # Errors
/// Storage failures.
pub async fn settle_completed(ctx: &Ctx, enrolments: &[EnrolmentId]) -> Result<u64> {
    let mut tx = ctx.db.write().await?;
    let mut settled = 0;
    for case in store::of_enrolments(&mut tx, enrolments).await? {
        let Some(enrolment) = case.contested.enrolment() else {
            continue;
        };
        let standing = ledger::standing_of(&mut tx, &[enrolment]).await?;
        if let Some(entry) = standing.first() {
            settle(ctx, &mut tx, &case, *entry, "施教机构已办理结业，学时已记入").await?;
            settled += 1;
        }
    }
    tx.commit().await?;
    Ok(settled)
}

/// Settles the case that says that this entry is somebody else's: it was taken back.
pub(super) async fn settle_reversed(ctx: &Ctx, entry: EntryId) -> Result<bool> {
    let mut tx = ctx.db.write().await?;
    let Some(case) = store::foreign_of_entry(&mut tx, entry).await? else {
        return Ok(false);
    };
    settle(ctx, &mut tx, &case, entry, "该笔学时已经冲正").await?;
    tx.commit().await?;
    Ok(true)
}

async fn settle(ctx: &Ctx, tx: &mut db::Tx, case: &Dispute, entry: EntryId, words: &str) -> Result<()> {
    let next: DisputeState = case.state.clone().settle(entry, ctx.now())?;
    go_on(ctx, tx, case, &next, ("settle_dispute", StepKind::Settled, words)).await?;
    notes::over(ctx, tx, case, words).await
}
