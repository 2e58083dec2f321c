//! The employer's and the competent body's side: confirm, give back, refuse, recognise.
//!
//! nobody acts on their own claim. R-43: recognising locks the person's claims and counts anew what stands, so
//! that two clerks at once cannot both give what a cap allows once; the second finds the claim changed.

use db::Tx;
use kernel::{Error, Hours, Result, id::ClaimId};
use registry::identity::grants;
use registry::{Ctx, people};
use rules::credits::claims::{ClaimCode, ClaimState, Step, keep_apart};
use rules::permits::Act;

use super::store::claim::{self as store, Claim, Moved};
use super::store::share;
use super::{ClaimRecognised, tell, worth};

/// Locks a claim on which the actor may act now.
async fn turn(ctx: &Ctx, tx: &mut Tx, id: ClaimId, act: Act) -> Result<Claim> {
    let seen = store::load(tx, id).await?;
    ctx.may(act, &seen.place)?;
    if seen.number.is_none() {
        return Err(Error::NotFound);
    }
    let family = people::all_ids(tx, seen.person).await?;
    let claim = store::lock(tx, id, &family).await?;
    stand_back(ctx, tx, &claim).await?;
    claim.state.awaits(claim.competent, ctx.actor.role)?;
    Ok(claim)
}

/// refuses whoever is the claimant, in whatever role.
pub(super) async fn stand_back(ctx: &Ctx, tx: &mut Tx, claim: &Claim) -> Result<()> {
    let mut own = Vec::new();
    if let Some(account) = ctx.actor.account {
        for person in grants::people_of(tx, account).await? {
            own.extend(people::all_ids(tx, person).await?);
        }
    }
    own.extend(ctx.actor.person());
    keep_apart(&[claim.person], &own)
}

async fn save(ctx: &Ctx, tx: &mut Tx, claim: &Claim, seen: i64) -> Result<()> {
    let moved = Moved {
        at: ctx.now(),
        by: ctx.actor.account,
    };
    store::save_state(tx, claim, seen, moved).await
}

/// The employer confirms; `version` is the one that was shown.
///
/// # Errors
/// NotFound, Forbidden, `claim.own`, `claim.turn`, `claim.over`, Stale.
pub async fn confirm(ctx: &Ctx, id: ClaimId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut claim = turn(ctx, &mut tx, id, Act::DecideClaim).await?;
    claim.state = claim.state.confirm(ctx.actor.account)?;
    if let ClaimState::Confirmed { how, .. } = &claim.state {
        claim.confirmed_how = Some(*how);
    }
    save(ctx, &mut tx, &claim, version).await?;
    tell::moved(ctx, &mut tx, &claim, (ClaimCode::Submitted, Step::Confirmed), "").await?;
    tx.commit().await
}

/// Gives a claim back to be mended.
///
/// # Errors
/// As [`confirm`], and wrong at `reason`.
pub async fn give_back(ctx: &Ctx, id: ClaimId, version: i64, reason: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut claim = turn(ctx, &mut tx, id, Act::DecideClaim).await?;
    let before = claim.state.code();
    claim.state = claim.state.give_back(reason)?;
    save(ctx, &mut tx, &claim, version).await?;
    tell::moved(ctx, &mut tx, &claim, (before, Step::Returned), reason.trim()).await?;
    tx.commit().await
}

/// Refuses a claim.
///
/// # Errors
/// As [`confirm`], and wrong at `reason`.
pub async fn refuse(ctx: &Ctx, id: ClaimId, version: i64, reason: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let mut claim = turn(ctx, &mut tx, id, Act::DecideClaim).await?;
    let before = claim.state.code();
    claim.state = claim.state.refuse(reason)?;
    save(ctx, &mut tx, &claim, version).await?;
    tell::moved(ctx, &mut tx, &claim, (before, Step::Refused), reason.trim()).await?;
    tx.commit().await
}

/// Recognises a claim: counts it as things stand and posts its hours, all or nothing.
///
/// # Errors
/// As [`confirm`]; `claim.confirmed_by_you`, `claim.nothing` when caps leave nothing, what the rule or the ledger
/// refuses (a closed year).
pub async fn recognise(ctx: &Ctx, id: ClaimId, version: i64) -> Result<Hours> {
    let mut tx = ctx.db.write().await?;
    let mut claim = turn(ctx, &mut tx, id, Act::DecideClaim).await?;
    claim.state = claim.state.recognise(ctx.actor.account)?;
    let worth = worth::count(ctx, &mut tx, &claim).await.map_err(of_the_claim)?;
    if worth.shares.is_empty() {
        let why = worth.steps.join("；");
        return Err(Error::refused_by(
            "R-43",
            "claim.nothing",
            format!("按现在的情况没有可以再认定的学时：{why}。请退回或不予认定，并写明理由。"),
        ));
    }
    claim.hours = worth.total();
    claim.steps.clone_from(&worth.steps);
    claim.edition.clone_from(&worth.edition);
    save(ctx, &mut tx, &claim, version).await?;
    let postings = worth::postings(ctx, &claim, &worth);
    let mut shares = Vec::with_capacity(postings.len());
    for posting in &postings {
        let ids = crate::credits::post(ctx, &mut tx, std::slice::from_ref(posting)).await?;
        shares.push((posting.year, posting.hours, *ids.first().ok_or(Error::Stale)?));
    }
    share::insert(&mut tx, claim.id, &shares).await?;
    tell::moved(ctx, &mut tx, &claim, (ClaimCode::Confirmed, Step::Recognised), "").await?;
    let told = ClaimRecognised {
        claim: claim.id,
        person: claim.person,
        hours: claim.hours,
    };
    tx.tell(&told, ctx.now()).await?;
    tx.commit().await?;
    Ok(claim.hours)
}

/// A clerk has no fields to mend: what is wrong with the claim's own facts is said as a refusal.
fn of_the_claim(error: Error) -> Error {
    match error {
        Error::Wrong(faults) => {
            let said: Vec<&str> = faults.iter().map(|fault| fault.sentence.as_str()).collect();
            Error::refused(
                "claim.faulty",
                format!("申报内容不能按认定标准计算：{}请退回补正。", said.join("")),
            )
        }
        other => other,
    }
}

/// What became of one claim in a batch.
#[derive(Debug)]
pub struct Done {
    /// Its number, or its id where it is out of sight.
    pub number: String,
    /// What it came to.
    pub result: Result<Hours>,
}

async fn numbered(ctx: &Ctx, id: ClaimId) -> String {
    match super::view(ctx, id).await {
        Ok(view) => view.claim.number.unwrap_or_default(),
        Err(_) => id.to_string(),
    }
}

/// Confirms claims one by one, each as it was shown; one that is refused does not keep the others.
pub async fn confirm_many(ctx: &Ctx, shown: &[(ClaimId, i64)]) -> Vec<Done> {
    let mut done = Vec::with_capacity(shown.len());
    for (id, version) in shown {
        let result = confirm(ctx, *id, *version).await.map(|()| Hours::ZERO);
        done.push(Done {
            number: numbered(ctx, *id).await,
            result,
        });
    }
    done
}

/// Recognises claims one by one, each as it was shown and each in a transaction of its own.
pub async fn recognise_many(ctx: &Ctx, shown: &[(ClaimId, i64)]) -> Vec<Done> {
    let mut done = Vec::with_capacity(shown.len());
    for (id, version) in shown {
        let result = recognise(ctx, *id, *version).await;
        done.push(Done {
            number: numbered(ctx, *id).await,
            result,
        });
    }
    done
}
