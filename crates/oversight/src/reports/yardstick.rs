//! By what people are measured in a year: the requirement edition of the year and the figures of the pace.
//!
//! The figures of the pace are the lead's to set; a change holds at once for lists and with the next count for figures.
//! Deliberately absent: demands by department; they are demands of an edition.

use db::Tx;
use kernel::{Place, Result};
use learning::credits::editions;
use registry::{Ctx, Subject as Thing};
use rules::credits::requirement::Purpose;
use rules::permits::Act;
use rules::reports::{Pace, Yardstick};
use serde_json::json;

use super::store::pace as store;

/// The yardstick of a year as of today.
pub(super) async fn of_year(ctx: &Ctx, tx: &mut Tx, year: i32) -> Result<Yardstick> {
    let edition = editions::requirement(tx, year, ctx.today()).await?;
    let pace = store::load(tx).await?;
    Ok(Yardstick::new((*edition).clone(), year, pace, ctx.today()))
}

/// The figures of the pace in force.
///
/// # Errors
/// Storage failures.
pub async fn pace(ctx: &Ctx) -> Result<Pace> {
    let mut tx = ctx.db.read().await?;
    store::load(&mut tx).await
}

/// Sets the figures of the pace.
///
/// # Errors
/// Forbidden by the permission table.
pub async fn set_pace(ctx: &Ctx, to: Pace) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    ctx.may(Act::SetParameters, &Place::default())?;
    let before = store::load(&mut tx).await?;
    store::save(&mut tx, to, ctx.now(), &ctx.actor.label).await?;
    let outline = |pace: &Pace| json!({ "first_month": pace.first_month, "last_days": pace.last_days });
    let thing = Thing::new("parameters", 2, Place::default());
    ctx.audit(&mut tx, "set_pace", thing, outline(&before), outline(&to))
        .await?;
    tx.commit().await
}

/// What a year demands, each demand in words, for pages that compare with it.
///
/// # Errors
/// Storage failures.
pub async fn demands_in_words(ctx: &Ctx, year: i32) -> Result<Vec<String>> {
    let mut tx = ctx.db.read().await?;
    let edition = editions::requirement(&mut tx, year, ctx.today()).await?;
    let asked = |demand: &&rules::credits::requirement::Demand| {
        demand.purpose == Purpose::Annual
            && demand.audience.named.is_empty()
            && demand.from_year <= year
            && demand.until_year.is_none_or(|until| year <= until)
    };
    let words = edition.demands.iter().filter(asked);
    Ok(words
        .map(|demand| format!("{}：{}", demand.name, demand.in_words()))
        .collect())
}
