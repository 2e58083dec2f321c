//! Bearer tokens of systems: created for a grant, shown once, kept as a hash, revoked by hand or with the grant.
//!
//! ```text
//! valid ──revoke──► revoked     valid ──13 months──► expired     valid ──its grant or account ends──► revoked
//! ```
//! Rules: `rules::identity::token_scope`. People make tokens for their own current role only; the command line of
//! the machine makes them for any account.
//! Deliberately absent: showing a token again, changing its scopes.

use db::Db;
use kernel::{Actor, Clock, Error, Result, Role, Time, id::AccountId, id::GrantId, id::TokenId};
use rules::identity::token_scope::{TOUCH, TTL, TokenScope, may_carry};
use rules::permits::Act;
use serde_json::json;

use super::{accounts, secrets, store};
use crate::{Ctx, Listed, Subject, Window};

/// Begins every token, so that people and scanners recognise one that got into a mail or a repository.
const PREFIX: &str = "zhixin_";

/// A token to be created.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// The account it acts for.
    pub account: AccountId,
    /// The role it acts in; none: the account's first that has all the scopes.
    pub grant: Option<GrantId>,
    /// What it is for, in the words of its maker: `人事系统`.
    pub label: String,
    /// What it may do.
    pub scopes: Vec<TokenScope>,
}

/// Where a token stands, for the filter of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// May be used.
    Valid,
    /// Ended by hand or with its grant.
    Revoked,
    /// Ended by time.
    Expired,
}

/// What the list is asked for.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Words of label or login name.
    pub words: Option<String>,
    /// Only tokens that stand so.
    pub state: Option<State>,
    /// The present, for the state.
    pub now: Time,
}

/// One token, as its list shows it.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its id.
    pub id: TokenId,
    /// What it is for.
    pub label: String,
    /// What it may do.
    pub scopes: Vec<TokenScope>,
    /// Login name of its account.
    pub login: String,
    /// The role it acts in.
    pub role: String,
    /// When it was created.
    pub created_at: Time,
    /// When it expires.
    pub expires_at: Option<Time>,
    /// When it was last used, to a minute.
    pub used_at: Option<Time>,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
}

impl Line {
    /// Where it stands at `now`.
    #[must_use]
    pub fn state(&self, now: Time) -> State {
        match (self.revoked_at, self.expires_at) {
            (Some(_), _) => State::Revoked,
            (None, Some(end)) if end <= now => State::Expired,
            (None, _) => State::Valid,
        }
    }
}

/// Creates a token and returns it; it can never be shown again.
///
/// # Errors
/// `Wrong` at `scope` when the role does not have it; `NotFound` when the grant is not a living one of the account;
/// Forbidden or NotFound as `may` says.
pub async fn create(ctx: &Ctx, new: NewToken) -> Result<String> {
    let mut tx = ctx.db.write().await?;
    let account = accounts::load(&mut tx, new.account).await?;
    account.standing.open()?;
    if ctx.actor.role != Role::System && ctx.actor.account != Some(account.id) {
        return Err(Error::NotFound);
    }
    let living = store::grants::living(&mut tx, account.id).await?;
    let holder = |grant: &super::NewGrant| Actor {
        role: grant.role,
        own: grant.own.clone(),
        ..Actor::anonymous("")
    };
    let chosen = living.iter().find(|held| match new.grant {
        Some(id) => held.id == id,
        None => may_carry(&holder(&held.grant), &new.scopes).is_ok(),
    });
    let Some(grant) = chosen.or_else(|| living.first().filter(|_| new.grant.is_none())) else {
        return Err(Error::NotFound);
    };
    ctx.may(Act::ManageTokens, &grant.grant.own)?;
    may_carry(&holder(&grant.grant), &new.scopes)?;
    let token = format!("{PREFIX}{}", secrets::random_token());
    let at = ctx.now();
    let row = store::tokens::New {
        hash: secrets::digest(&token),
        account: account.id,
        grant: grant.id,
        scopes: &new.scopes,
        label: new.label.trim(),
        at,
        expires_at: at.plus_seconds(TTL),
    };
    let id = store::tokens::insert(&mut tx, &row).await?;
    let after = json!({ "login": account.login, "label": row.label, "scopes": new.scopes, "role": grant.label() });
    ctx.audit(
        &mut tx,
        "create_token",
        Subject::new("token", id.get(), grant.grant.own.clone()),
        json!(null),
        after,
    )
    .await?;
    tx.commit().await?;
    Ok(token)
}

/// Who acts with this bearer token and what it may do, if it is valid. Writes the time of use at most once a minute.
///
/// # Errors
/// Storage failures.
pub async fn resolve(db: &Db, clock: &Clock, bearer: &str) -> Result<Option<(Actor, Vec<TokenScope>)>> {
    let now = clock.now();
    let found = {
        let mut tx = db.read().await?;
        store::tokens::find(&mut tx, &secrets::digest(bearer), now).await?
    };
    let Some(found) = found else { return Ok(None) };
    if found.used_at.is_none_or(|used| now.seconds_since(used) >= TOUCH) {
        let mut tx = db.write().await?;
        store::tokens::touch(&mut tx, found.id, now).await?;
        tx.commit().await?;
    }
    Ok(Some((found.actor, found.scopes)))
}

/// Tokens of the bodies in reach.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &Filter, window: &Window) -> Result<Listed<Line>> {
    let mut tx = ctx.db.read().await?;
    store::tokens::list(&ctx.scope(Act::ManageTokens), &mut tx, filter, window).await
}

/// One token in reach.
///
/// # Errors
/// `NotFound`, also when it is out of reach.
pub async fn load(ctx: &Ctx, id: TokenId) -> Result<Line> {
    let mut tx = ctx.db.read().await?;
    let found = store::tokens::load(&mut tx, id).await?;
    ctx.may(Act::ManageTokens, &found.place)?;
    Ok(found.line)
}

/// Revokes a token.
///
/// # Errors
/// `NotFound` when out of reach; `token.over` when it is over already.
pub async fn revoke(ctx: &Ctx, id: TokenId) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let found = store::tokens::load(&mut tx, id).await?;
    ctx.may(Act::ManageTokens, &found.place)?;
    if found.line.revoked_at.is_some() {
        return Err(Error::refused("token.over", "这个令牌已经撤销。"));
    }
    store::tokens::revoke(&mut tx, id, ctx.now()).await?;
    let before = json!({ "login": found.line.login, "label": found.line.label, "scopes": found.line.scopes });
    ctx.audit(
        &mut tx,
        "revoke_token",
        Subject::new("token", id.get(), found.place),
        before,
        json!(null),
    )
    .await?;
    tx.commit().await
}
