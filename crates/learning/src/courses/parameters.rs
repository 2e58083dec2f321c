//! The platform's figures for classes, with the defaults and confidence of [`rules::courses::Parameters`].
//! A change holds for classes published afterwards (deadline) and completed afterwards (attendance).

use kernel::{Place, Result};
use registry::{Ctx, Subject};
use rules::courses::Parameters;
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
    let outline = |p: &Parameters| {
        json!({
            "attendance": p.attendance.words(), "result_workdays": p.result_workdays,
            "report_workdays": p.report_workdays, "survey_workdays": p.survey_workdays, "check_in_lead": p.check_in.lead, "check_in_grace": p.check_in.grace,
        })
    };
    ctx.audit(
        &mut tx,
        "set_parameters",
        Subject::new("parameters", 0, Place::default()),
        outline(&before),
        outline(&to),
    )
    .await?;
    tx.commit().await
}
