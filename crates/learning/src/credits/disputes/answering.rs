//! The provider's answer.
//!
//! Deliberately absent: a second answer. What is added later goes to the deciding body.

use kernel::{Result, id::DisputeId};
use registry::{Ctx, taxonomy::deadlines};
use rules::credits::disputes::{self as decide, Answer, Stance};
use rules::permits::Act;

use super::{KIND, NewEvidence, StepKind, go_on, keep, notes, store};

/// Answers a case; `version` is the one that was shown.
///
/// # Errors
/// NotFound, Forbidden, `dispute.answered`, `dispute.lapsed`, `dispute.over`, wrong words, Stale.
pub async fn answer(
    ctx: &Ctx,
    (id, version): (DisputeId, i64),
    stance: Stance,
    words: &str,
    evidence: Vec<NewEvidence>,
) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let case = store::lock(&mut tx, (id, version)).await?;
    ctx.may(Act::AnswerDispute, &case.place)?;
    let words = decide::read_words("words", "答复意见", words)?;
    let said = Answer {
        at: ctx.now(),
        stance,
        words,
    };
    let told = format!("{}：{}", stance.name(), said.words);
    let next = case.state.clone().answer(said)?;
    go_on(
        ctx,
        &mut tx,
        &case,
        &next,
        ("answer_dispute", StepKind::Answered, &told),
    )
    .await?;
    keep(ctx, &mut tx, &case, evidence).await?;
    let terms = store::terms(&mut tx).await?;
    let due = deadlines::set(ctx, &mut tx, (KIND, id.get(), "decision"), ctx.today(), terms.decision).await?;
    notes::to_be_decided(ctx, &mut tx, &case, due, "施教机构已答复").await?;
    tx.commit().await
}
