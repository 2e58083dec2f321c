//! One-time codes for every purpose: issued in the caller's transaction, shown once, kept as a hash.
//!
//! ```text
//! issued ──redeem──► used     issued ──issue (same account and purpose)──► void     issued ──ttl──► expired
//! ```
//! Recipe: call [`admit`] before the transaction (it counts the attempt of this address), [`redeem`] inside it, and
//! [`succeeded`] after its commit. Unknown, used, void and expired codes get the same sentence.
//! Deliberately absent: delivery. Whoever issues a code shows or sends it; it can never be shown again.

use db::Tx;
use kernel::{Error, Result, Time, id::AccountId};
use rules::identity::{OneTimeCode, Purpose, throttle as pauses};
use serde_json::Value as Json;

use super::{secrets, store, throttle};
use crate::Ctx;

/// A code that was used, or may be.
#[derive(Debug, Clone)]
pub struct Redeemed {
    /// Its row.
    pub id: i64,
    /// The account it was issued for.
    pub account: Option<AccountId>,
    /// What the issuer put beside it.
    pub body: Json,
    /// When it would have expired.
    pub expires_at: Time,
}

/// Issues a code and makes earlier unused ones of the same account and purpose worthless. `ttl` is in seconds.
/// Returns the code as it is to be shown, `9F3K-7Q2M-…`; it is not kept.
///
/// # Errors
/// Storage failures.
pub async fn issue(
    ctx: &Ctx,
    tx: &mut Tx,
    purpose: Purpose,
    account: Option<AccountId>,
    body: Json,
    ttl: i64,
) -> Result<String> {
    let code = OneTimeCode::new(secrets::random_bits());
    let at = ctx.now();
    if let Some(account) = account {
        store::codes::void(tx, account, Some(purpose), at).await?;
    }
    let hash = secrets::digest(code.bits());
    let new = store::codes::New {
        hash,
        purpose,
        account,
        body: &body,
        at,
        expires_at: at.plus_seconds(ttl),
    };
    store::codes::insert(tx, &new).await?;
    Ok(code.to_string())
}

/// Counts an attempt of this address, in a transaction of its own.
///
/// # Errors
/// `throttle.code` after too many codes that nobody issued.
pub async fn admit(ctx: &Ctx, address: &str) -> Result<()> {
    let count = throttle::spend(ctx, &throttle::code_key(address), pauses::CODE).await?;
    pauses::admit_code(count, ctx.now())
}

/// Takes the attempt back: the code was right.
///
/// # Errors
/// Storage failures.
pub async fn succeeded(ctx: &Ctx, address: &str) -> Result<()> {
    throttle::refund(ctx, &throttle::code_key(address)).await
}

/// Looks at a code without using it.
///
/// # Errors
/// `Wrong` at `code` when it is mistyped; `code.unknown` when it cannot be used (any more).
pub async fn look(ctx: &Ctx, tx: &mut Tx, purpose: Purpose, code: &str) -> Result<Redeemed> {
    let code = OneTimeCode::parse(code)?;
    store::codes::find(tx, purpose, &secrets::digest(code.bits()), ctx.now())
        .await?
        .ok_or_else(unknown)
}

/// Uses a code up, inside the caller's transaction.
///
/// # Errors
/// As [`look`]; also when somebody else used it a moment ago.
pub async fn redeem(ctx: &Ctx, tx: &mut Tx, purpose: Purpose, code: &str) -> Result<Redeemed> {
    let found = look(ctx, tx, purpose, code).await?;
    if store::codes::use_up(tx, found.id, ctx.now()).await? {
        Ok(found)
    } else {
        Err(unknown())
    }
}

fn unknown() -> Error {
    let sentence = "这个激活码不存在、已用过或已过期。请逐组核对，或请本单位管理员重新发放激活码。";
    Error::wrong("code", "code.unknown", sentence)
}
