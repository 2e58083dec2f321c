//! The recommending body's side: recommend, give back, decline.

use db::Tx;
use kernel::{Error, Result, id::DeclarationId};
use registry::Ctx;
use rules::calls::{DeclarationDeed, DeclarationState, reason};
use rules::permits::Act;

use super::store::call::Call;
use super::store::declaration::Declaration;
use super::{is_authority, moving};

/// Locks a declaration that waits for the actor as its recommending body.
async fn turn(ctx: &Ctx, tx: &mut Tx, id: DeclarationId) -> Result<(Call, Declaration)> {
    let (call, one) = moving::lock(tx, id).await?;
    super::lists::in_sight(ctx, &one)?;
    ctx.may(Act::RecommendDeclaration, &one.place)?;
    moving::stand_back(ctx, tx, one.host).await?;
    if ctx.actor.role != one.recommender {
        return Err(Error::refused(
            "call.turn",
            format!("这件申报由{}推荐，请由其办理。", one.recommender.name()),
        ));
    }
    Ok((call, one))
}

/// Recommends; `version` is the one that was shown, `words` what is said for it.
///
/// # Errors
/// NotFound, Forbidden, `call.own`, `call.turn`, `call.state`, Stale.
pub async fn recommend(ctx: &Ctx, id: DeclarationId, version: i64, words: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let (call, mut one) = turn(ctx, &mut tx, id).await?;
    let words = words.trim();
    if words.chars().count() > 300 {
        return Err(Error::wrong("reason", "call.reason", "推荐意见最多 300 个字。"));
    }
    moving::step_from(
        ctx,
        &mut tx,
        (&call, &mut one, version),
        (DeclarationDeed::Recommend, words),
    )
    .await?;
    tx.commit().await
}

/// Gives a declaration back to be mended: by the recommending body, or, at the formal check, by the body whose call it is.
///
/// # Errors
/// As [`recommend`]; wrong at `reason`.
pub async fn give_back(ctx: &Ctx, id: DeclarationId, version: i64, why: &str) -> Result<()> {
    let why = reason(why, "需要修改的内容")?;
    let mut tx = ctx.db.write().await?;
    let (call, mut one) = moving::lock(&mut tx, id).await?;
    super::lists::in_sight(ctx, &one)?;
    if one.state == DeclarationState::Checking {
        is_authority(ctx, &call)?;
        moving::stand_back(ctx, &mut tx, one.host).await?;
    } else {
        (_, one) = turn(ctx, &mut tx, id).await?;
    }
    moving::step_from(
        ctx,
        &mut tx,
        (&call, &mut one, version),
        (DeclarationDeed::Return, &why),
    )
    .await?;
    tx.commit().await
}

/// Does not recommend.
///
/// # Errors
/// As [`recommend`]; wrong at `reason`.
pub async fn decline(ctx: &Ctx, id: DeclarationId, version: i64, why: &str) -> Result<()> {
    let why = reason(why, "不予推荐的理由")?;
    let mut tx = ctx.db.write().await?;
    let (call, mut one) = turn(ctx, &mut tx, id).await?;
    moving::step_from(
        ctx,
        &mut tx,
        (&call, &mut one, version),
        (DeclarationDeed::Decline, &why),
    )
    .await?;
    tx.commit().await
}
