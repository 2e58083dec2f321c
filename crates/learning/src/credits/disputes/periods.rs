//! The periods in force, and setting them; a change holds for periods that begin afterwards.

use kernel::{Place, Result};
use registry::{Ctx, Subject as Thing};
use rules::credits::disputes::Terms;
use rules::permits::Act;
use serde_json::json;

use super::store;

/// The periods in force.
///
/// # Errors
/// Storage failures.
pub async fn terms(ctx: &Ctx) -> Result<Terms> {
    let mut tx = ctx.db.read().await?;
    store::terms(&mut tx).await
}

/// Sets the periods.
///
/// # Errors
/// Forbidden by the permission table.
pub async fn set_terms(ctx: &Ctx, to: Terms) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    ctx.may(Act::SetParameters, &Place::default())?;
    let before = store::terms(&mut tx).await?;
    store::save_terms(&mut tx, &to, ctx.now(), &ctx.actor.label).await?;
    let outline = |terms: &Terms| json!({ "answer": terms.answer, "decision": terms.decision, "appeal": terms.appeal, "review": terms.review });
    let thing = Thing::new("parameters", 1, Place::default());
    ctx.audit(&mut tx, "set_dispute_terms", thing, outline(&before), outline(&to))
        .await?;
    tx.commit().await
}
