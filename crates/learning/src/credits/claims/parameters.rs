//! The figures of the claims' procedure, with the defaults of [`rules::credits::claims::Parameters`]. A change holds for
//! deadlines that begin afterwards.

use kernel::{Place, Result};
use registry::{Ctx, Subject};
use rules::credits::claims::Parameters;
use rules::permits::Act;
use serde_json::json;

use super::store::parameters as store;

/// The figures in force.
///
/// # Errors
/// Storage failures.
pub async fn parameters(ctx: &Ctx) -> Result<Parameters> {
    let mut tx = ctx.db.read().await?;
    store::load(&mut tx).await
}

/// Sets the figures.
///
/// # Errors
/// Forbidden by the permission table.
pub async fn set_parameters(ctx: &Ctx, to: Parameters) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    ctx.may(Act::SetParameters, &Place::default())?;
    let before = store::load(&mut tx).await?;
    store::save(&mut tx, to, ctx.now(), &ctx.actor.label).await?;
    let outline = |figures: &Parameters| {
        json!({
            "confirm_workdays": figures.confirm_workdays, "recognise_workdays": figures.recognise_workdays,
            "correct_workdays": figures.correct_workdays, "sample_percent": figures.sample_percent,
        })
    };
    let thing = Subject::new("parameters", 0, Place::default());
    ctx.audit(&mut tx, "set_parameters", thing, outline(&before), outline(&to))
        .await?;
    tx.commit().await
}
