//! The decision, and the decision on an appeal, each with its postings in the same transaction.
//!
//! Deliberately absent: a decision by time. Whoever is silent past the period is told to the lead (`round`).

use db::Tx;
use kernel::{EntryId, Error, Result, id::DisputeId};
use registry::{Ctx, tasks, taxonomy::deadlines};
use rules::credits::Posting;
use rules::credits::disputes::{
    self as decide, Body, DisputeCode, DisputeState, Ledger, Outcome, Ruling, Verdict, Wanted, workdays_between,
};
use rules::permits::Act;

use super::super::{EntryReversed, store as ledger};
use super::{Dispute, DisputeDecided, KIND, StepKind, measured, notes, store};

/// A decision as typed.
#[derive(Debug, Clone)]
pub struct Decision {
    /// How.
    pub outcome: Outcome,
    /// Why; both parties read it.
    pub reason: String,
    /// What was found right, where the person is supported.
    pub found: Option<Wanted>,
}

/// Decides a case; `version` is the one that was shown.
///
/// # Errors
/// NotFound, Forbidden, `dispute.other_body`, `dispute.own_hand`, `dispute.awaits_answer`, `dispute.decided`,
/// `dispute.already_posted`, wrong fields, Stale when somebody else decided it meanwhile.
pub async fn decide(ctx: &Ctx, (id, version): (DisputeId, i64), decision: Decision) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let case = store::lock(&mut tx, (id, version)).await?;
    let appealed = case.state.code() == DisputeCode::Appealed;
    let (act, body) = if appealed {
        (Act::ReviewDispute, Body::Lead)
    } else {
        (Act::DecideDispute, case.body)
    };
    ctx.may(act, &case.place)?;
    decide::impartial(body, ctx.actor.role, &ctx.actor.label, &hands(&mut tx, &case).await?)?;
    let reason = decide::read_words("reason", "决定理由", &decision.reason)?;
    if let (Some(found), true) = (&decision.found, decision.outcome != Outcome::Rejected) {
        found.check(ctx.today())?;
    }
    let facts = facts(&mut tx, &case).await?;
    let ruling = Ruling {
        dispute: id,
        number: &case.number,
        body,
        outcome: decision.outcome,
        reason: &reason,
        found: decision.found.as_ref(),
        place: &case.place,
    };
    let postings = decide::remedy(&case.contested, &facts, &ruling)?;
    let first = case.state.verdict().cloned();
    // The state is asked before anything is posted: a case that is over posts nothing.
    let verdict = Verdict {
        at: ctx.now(),
        outcome: decision.outcome,
        reason: reason.clone(),
        entry: None,
    };
    case.state.clone().decide(verdict.clone())?;
    let posted = carry_out(ctx, &mut tx, &postings).await?;
    let entry = posted.or_else(|| first.as_ref().and_then(|first| first.entry));
    let next = case.state.clone().decide(Verdict { entry, ..verdict })?;
    let holds = effective(first.as_ref(), decision.outcome);
    let result = store::Measured {
        outcome: Some(holds),
        workdays: workdays_between(&ctx.calendar, case.opened_at.date(), ctx.today()),
    };
    let step = if appealed {
        StepKind::Reviewed
    } else {
        StepKind::Decided
    };
    let told = format!("{}：{reason}", decision.outcome.name());
    measured(ctx, &mut tx, &case, &next, ("decide_dispute", step, &told), result).await?;
    tasks::done(ctx, &mut tx, &notes::cause("review", id)).await?;
    after(ctx, &mut tx, &case, &next).await?;
    tx.tell(
        &DisputeDecided {
            dispute: id,
            outcome: holds,
            entry,
            posted,
        },
        ctx.now(),
    )
    .await?;
    tx.commit().await
}

/// The outcome that holds: a rejected appeal leaves the first.
fn effective(first: Option<&Verdict>, outcome: Outcome) -> Outcome {
    match (first, outcome) {
        (Some(first), Outcome::Rejected) => first.outcome,
        (_, outcome) => outcome,
    }
}

async fn after(ctx: &Ctx, tx: &mut Tx, case: &Dispute, next: &DisputeState) -> Result<()> {
    let until = match next {
        DisputeState::Decided { .. } => {
            let terms = store::terms(tx).await?;
            Some(deadlines::set(ctx, tx, (KIND, case.id.get(), "appeal"), ctx.today(), terms.appeal).await?)
        }
        _ => None,
    };
    notes::decided(ctx, tx, case, next, until).await
}

/// Everybody who had a hand in the case or in the entry it is about.
async fn hands(tx: &mut Tx, case: &Dispute) -> Result<Vec<String>> {
    let mut hands = store::hands(tx, case.id).await?;
    if let Some(entry) = case.contested.entry() {
        hands.push(ledger::posted_by(tx, entry).await?);
    }
    Ok(hands)
}

/// What the ledger says before the decision.
async fn facts(tx: &mut Tx, case: &Dispute) -> Result<Ledger> {
    let decided = case.state.verdict().and_then(|verdict| verdict.entry);
    let Some(entry) = decided.or_else(|| case.contested.entry()) else {
        let cause = case.contested.enrolment().map_or(
            rules::credits::Cause::Dispute(case.id),
            rules::credits::Cause::Enrolment,
        );
        let (attempts, stands) = ledger::attempts(tx, &cause.text()).await?;
        return Ok(Ledger {
            standing: None,
            attempts,
            posted_meanwhile: stands.is_some(),
        });
    };
    let posting = ledger::load(tx, entry).await?;
    let (attempts, stands) = ledger::attempts(tx, &posting.cause.text()).await?;
    let reversed = ledger::is_reversed(tx, entry).await?;
    Ok(Ledger {
        standing: Some((entry, posting, reversed)),
        attempts,
        posted_meanwhile: stands.is_some_and(|standing| standing != entry),
    })
}

/// Posts what follows from the decision; returns the entry that stands by it.
async fn carry_out(ctx: &Ctx, tx: &mut Tx, postings: &[Posting]) -> Result<Option<EntryId>> {
    let posted = super::super::post(ctx, tx, postings).await?;
    if posted.len() != postings.len() {
        // Somebody posted one of these causes since the ledger was read.
        return Err(Error::Stale);
    }
    let mut standing = None;
    for (posting, id) in postings.iter().zip(posted) {
        match posting.reverses {
            Some(entry) => tx.tell(&EntryReversed { entry }, ctx.now()).await?,
            None => standing = Some(id),
        }
    }
    Ok(standing)
}
