//! Forgetting what is over: counts of attempts after a day, remembered answers after seven, codes and sessions after thirty.
//! They carry traces of people (a browser's name, what stood beside a code) and serve nobody any more.

use kernel::Result;

use super::{answers, store};
use crate::Ctx;

/// Days after which codes and sessions that are over are forgotten; the trail keeps that they were.
const KEPT_DAYS: i64 = 30;

/// Forgets; returns how many rows. A job of the system, once a day.
///
/// # Errors
/// Storage failures.
pub async fn sweep(ctx: &Ctx) -> Result<u64> {
    let mut tx = ctx.db.write().await?;
    let (day, month) = (ctx.now().plus_days(-1), ctx.now().plus_days(-KEPT_DAYS));
    let counts = store::throttles::forget(&mut tx, day).await?;
    let codes = store::codes::forget(&mut tx, month).await?;
    let sessions = store::sessions::forget(&mut tx, month).await?;
    let answers = store::answers::forget(&mut tx, ctx.now().plus_days(-answers::KEPT_DAYS)).await?;
    tx.commit().await?;
    Ok(counts + codes + sessions + answers)
}
