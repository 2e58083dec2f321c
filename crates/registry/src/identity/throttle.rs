//! Counting attempts. Each count is a transaction of its own, committed before the attempt is judged, so that a
//! hundred guesses sent at once are all counted before the first is answered.
//!
//! Keys carry the SHA-256 of a login name, not the name: people type their password into the wrong field.

use db::Tx;
use kernel::{Result, Time};
use rules::identity::throttle::{Count, LOGIN, Throttle};

use super::{secrets, store};
use crate::Ctx;

/// The key of a login name as typed (folded).
pub fn login_key(login: &str) -> String {
    let hex: String = secrets::digest(login)
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("login:{hex}")
}

/// The key of an address that signs in.
pub fn address_key(address: &str) -> String {
    format!("address:{address}")
}

/// The key of an address that types one-time codes.
pub fn code_key(address: &str) -> String {
    format!("code:{address}")
}

/// Counts one attempt.
pub async fn spend(ctx: &Ctx, key: &str, throttle: Throttle) -> Result<Count> {
    let mut tx = ctx.db.write().await?;
    let count = store::throttles::spend(&mut tx, key, throttle, ctx.now()).await?;
    tx.commit().await?;
    Ok(count)
}

/// Takes one attempt back.
pub async fn refund(ctx: &Ctx, key: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    store::throttles::refund(&mut tx, key).await?;
    tx.commit().await
}

/// Until when a login name is paused, if it is.
pub async fn paused_until(tx: &mut Tx, login: &str, now: Time) -> Result<Option<Time>> {
    let count = store::throttles::find(tx, &login_key(login)).await?;
    // The fifth failure begins the pause; the count itself passes the limit with the sixth attempt.
    let begun = count.map(|count| Count {
        attempts: count.attempts + 1,
        ..count
    });
    Ok(begun.and_then(|count| LOGIN.paused_until(count, now)))
}
