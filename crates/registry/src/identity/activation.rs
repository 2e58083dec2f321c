//! Activation: the holder of an account chooses a password with a one-time code; the first time and every time the
//! password was forgotten.
//!
//! ```text
//! issue (shown once, 30 days) ──use_code + password──► account active, all sessions revoked, the login's pause lifted
//! ```
//! The old password goes on working until the new one is chosen, so that a code nobody asked for locks nobody out.
//! Deliberately absent: sending the code. The administrator hands it over; the platform has no mail and no SMS.

use db::Tx;
use kernel::{Actor, Error, Result, Time, id::AccountId};
use rules::identity::{Purpose, one_time_code::ACTIVATION_TTL, password};
use serde_json::json;

use super::{accounts, accounts::Account, codes, secrets, store, throttle};
use crate::Ctx;

/// An activation code, shown once.
#[derive(Debug, Clone)]
pub struct ActivationCode {
    /// Login name of the account it opens.
    pub login: String,
    /// The code as it is to be typed.
    pub code: String,
    /// The last instant at which it is good.
    pub expires_at: Time,
}

/// What the holder hands in.
pub struct Activation {
    /// The code as typed.
    pub code: String,
    /// The chosen password, twice.
    pub password: String,
    /// The second time.
    pub again: String,
    /// The address of the request.
    pub address: String,
}

/// Issues an activation code, inside the caller's transaction and after the caller's own `may`.
///
/// # Errors
/// `account.ended`; `NotFound`.
pub async fn issue(ctx: &Ctx, tx: &mut Tx, id: AccountId) -> Result<ActivationCode> {
    let account = accounts::load(tx, id).await?;
    account.standing.open()?;
    let held = held(tx, &account).await?;
    let code = codes::issue(ctx, tx, Purpose::Activation, Some(id), json!({}), ACTIVATION_TTL).await?;
    store::throttles::clear(tx, &throttle::login_key(&account.login)).await?;
    let expires_at = ctx.now().plus_seconds(ACTIVATION_TTL);
    let after = json!({ "login": account.login, "expires_at": expires_at.rfc3339() });
    ctx.audit(
        tx,
        "issue_activation",
        accounts::subject(&account, &held),
        json!(null),
        after,
    )
    .await?;
    Ok(ActivationCode {
        login: account.login,
        code,
        expires_at,
    })
}

/// Chooses the password of the account that the code opens; returns its login name.
///
/// # Errors
/// `Wrong` at `code`, `password` or `again`; `throttle.code` after too many unknown codes.
pub async fn use_code(ctx: &Ctx, given: &Activation) -> Result<String> {
    codes::admit(ctx, &given.address).await?;
    let account = account_of(ctx, &given.code).await?;
    codes::succeeded(ctx, &given.address).await?;
    password::check(&given.password, &given.again, &account.login)?;
    let hash = secrets::hash_password(&given.password).await?;
    let mut tx = ctx.db.write().await?;
    codes::redeem(ctx, &mut tx, Purpose::Activation, &given.code).await?;
    let standing = account.standing.clone().activate(ctx.now())?;
    store::accounts::save_password(&mut tx, &account, &standing, &hash).await?;
    store::sessions::revoke_all(&mut tx, account.id, None, ctx.now()).await?;
    store::throttles::clear(&mut tx, &throttle::login_key(&account.login)).await?;
    let held = held(&mut tx, &account).await?;
    let holder = ctx.acting_as(Actor {
        account: Some(account.id),
        label: account.login.clone(),
        ..ctx.actor.clone()
    });
    let (before, after) = (
        json!({ "status": account.standing.code() }),
        json!({ "status": standing.code() }),
    );
    holder
        .audit(
            &mut tx,
            "activate_account",
            accounts::subject(&account, &held),
            before,
            after,
        )
        .await?;
    tx.commit().await?;
    Ok(account.login)
}

async fn account_of(ctx: &Ctx, code: &str) -> Result<Account> {
    let mut tx = ctx.db.read().await?;
    let found = codes::look(ctx, &mut tx, Purpose::Activation, code).await?;
    let id = found
        .account
        .ok_or_else(|| Error::broken("an activation code without an account"))?;
    accounts::load(&mut tx, id).await
}

async fn held(tx: &mut Tx, account: &Account) -> Result<Vec<super::NewGrant>> {
    Ok(store::grants::living(tx, account.id)
        .await?
        .into_iter()
        .map(|held| held.grant)
        .collect())
}
