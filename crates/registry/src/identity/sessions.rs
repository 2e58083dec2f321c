//! Signing in and out, sessions, switching between roles.
//!
//! ```text
//! login: count the attempt → find the account → verify (no transaction open) → session | one attempt less
//! living ──logout / revoke / password change / grant ended / account ended──► over
//! living ──idle 2 h / 12 h after sign-in──► over
//! ```
//! Rules: `rules::identity::{session, throttle}`. A session acts in one grant; switching changes the grant and the
//! form token, so that a form of the old role cannot be sent in the new one.
//! Deliberately absent: cookies (`web`), second factors (an issue of their own).

use db::Db;
use kernel::{Actor, Clock, Error, Result, Role, Time, id::AccountId, id::GrantId};
use rules::identity::{login_name, session::Lifetime, throttle as pauses};
use serde_json::json;

use super::{accounts, accounts::Account, grants::Grant, secrets, store, throttle};
use crate::{Ctx, Subject};

/// Most characters of a browser's self-description that are kept.
const AGENT_LENGTH: usize = 200;

/// What is handed in to sign in. No `Debug`: it holds a password.
pub struct Credentials {
    /// The login name as typed.
    pub login: String,
    /// The password.
    pub password: String,
    /// The browser's description of itself, for the list of one's sessions.
    pub agent: String,
    /// The address of the request.
    pub address: String,
}

/// A session that has just begun. No `Debug`: it holds the token.
pub struct NewSession {
    /// The token for the cookie; stored nowhere.
    pub token: String,
    /// The session.
    pub session: i64,
    /// Whose.
    pub account: AccountId,
    /// The role in which it begins.
    pub role: Role,
}

/// A living session with all a request needs.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session.
    pub session: i64,
    /// Who acts, in the current role.
    pub actor: Actor,
    /// What the holder is called.
    pub display_name: String,
    /// The form token of this session and role.
    pub csrf: String,
    /// The current role.
    pub grant: GrantId,
    /// All roles to switch between, the current one among them.
    pub grants: Vec<GrantView>,
}

/// One role of an account, for switching.
#[derive(Debug, Clone)]
pub struct GrantView {
    /// The grant.
    pub id: GrantId,
    /// Its role.
    pub role: Role,
    /// Whether it administers its body.
    pub admin: bool,
    /// `区人社部门管理员 · 徐汇区`.
    pub label: String,
}

/// One of one's own sessions, as its list shows it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The session.
    pub id: i64,
    /// When it began.
    pub created_at: Time,
    /// When it was last used, to a minute.
    pub seen_at: Time,
    /// When it ends at the latest.
    pub expires_at: Time,
    /// The browser's description of itself.
    pub agent: String,
    /// The role it acts in.
    pub role: String,
}

/// The session behind a cookie, if it lives. Writes the time of the request, at most once a minute.
///
/// # Errors
/// Storage failures.
pub async fn resolve(db: &Db, clock: &Clock, token: &str) -> Result<Option<SignedIn>> {
    let now = clock.now();
    let mut tx = db.read().await?;
    let Some(found) = store::sessions::find(&mut tx, &secrets::digest(token))
        .await?
        .filter(|found| found.lifetime.lives(now))
    else {
        return Ok(None);
    };
    let grants = store::sessions::grant_views(&mut tx, found.account).await?;
    drop(tx);
    if found.lifetime.wants_touch(now) {
        let mut tx = db.write().await?;
        store::sessions::touch(&mut tx, found.id, now).await?;
        tx.commit().await?;
    }
    let store::sessions::Found {
        id,
        csrf,
        display_name,
        grant,
        actor,
        ..
    } = found;
    Ok(Some(SignedIn {
        session: id,
        actor,
        display_name,
        csrf,
        grant,
        grants,
    }))
}

/// Signs in. Begins in the role in which the account worked last.
///
/// # Errors
/// `Wrong` when a field is empty; `identity.wrong` with the attempts left, `identity.locked` and `throttle.address`
/// with the time; `identity.no_role` when every grant has ended. Which accounts exist is told by none of them.
pub async fn login(ctx: &Ctx, given: &Credentials) -> Result<NewSession> {
    let name = login_name::fold(&given.login);
    if name.is_empty() {
        return Err(Error::wrong("username", "login.missing", "请填写登录名。"));
    }
    if given.password.is_empty() {
        return Err(Error::wrong("password", "password.missing", "请填写密码。"));
    }
    let address = throttle::spend(ctx, &throttle::address_key(&given.address), pauses::ADDRESS).await?;
    pauses::admit_address(address, ctx.now())?;
    let count = throttle::spend(ctx, &throttle::login_key(&name), pauses::LOGIN).await?;
    pauses::admit_login(count, ctx.now())?;
    let (account, hash) = known(ctx, &name).await?.unzip();
    let genuine = secrets::verify_password(&given.password, hash.flatten().as_deref()).await?;
    match account {
        Some(account) if genuine => begin(ctx, &account, given).await,
        unknown_or_wrong => Err(refuse(ctx, count, unknown_or_wrong.as_ref()).await?),
    }
}

async fn known(ctx: &Ctx, name: &str) -> Result<Option<(Account, Option<String>)>> {
    let mut tx = ctx.db.read().await?;
    let Some(account) = store::accounts::find_by_login(&mut tx, name).await? else {
        return Ok(None);
    };
    let usable = matches!(account.standing, rules::identity::Standing::Active { .. });
    let hash = if usable {
        store::accounts::hash_of(&mut tx, account.id).await?
    } else {
        None
    };
    Ok(Some((account, hash)))
}

/// What a failed attempt is told. The one that begins a pause stands in the trail.
async fn refuse(ctx: &Ctx, count: pauses::Count, account: Option<&Account>) -> Result<Error> {
    if let Some(account) = account.filter(|_| pauses::LOGIN.left(count) == 0) {
        let mut tx = ctx.db.write().await?;
        let held: Vec<_> = store::grants::living(&mut tx, account.id)
            .await?
            .into_iter()
            .map(|held| held.grant)
            .collect();
        let after = json!({ "login": account.login, "until": count.at.plus_seconds(pauses::LOGIN.pause).rfc3339() });
        ctx.audit(
            &mut tx,
            "pause_login",
            accounts::subject(account, &held),
            json!(null),
            after,
        )
        .await?;
        tx.commit().await?;
    }
    Ok(pauses::login_failure(count))
}

async fn begin(ctx: &Ctx, account: &Account, given: &Credentials) -> Result<NewSession> {
    let mut tx = ctx.db.write().await?;
    // The password was verified outside this transaction: nothing may have changed meanwhile.
    if store::accounts::load(&mut tx, account.id).await?.version != account.version {
        return Err(Error::Stale);
    }
    let living = store::grants::living(&mut tx, account.id).await?;
    let last = store::sessions::last_grant(&mut tx, account.id).await?;
    let Some(grant) = living.iter().find(|held| Some(held.id) == last).or(living.first()) else {
        return Err(Error::refused(
            "identity.no_role",
            "这个账号目前没有任何角色，请联系本单位管理员。",
        ));
    };
    let (token, csrf) = (secrets::random_token(), secrets::random_token());
    let agent: String = given.agent.chars().take(AGENT_LENGTH).collect();
    let new = store::sessions::New {
        token_hash: secrets::digest(&token),
        account: account.id,
        grant: grant.id,
        csrf: &csrf,
        agent: &agent,
        lifetime: Lifetime::begin(ctx.now()),
    };
    let session = store::sessions::insert(&mut tx, &new).await?;
    store::throttles::clear(&mut tx, &throttle::login_key(&account.login)).await?;
    store::throttles::refund(&mut tx, &throttle::address_key(&given.address)).await?;
    let subject = Subject::new("session", session, grant.grant.own.clone());
    acting(ctx, account, grant)
        .audit(
            &mut tx,
            "sign_in",
            subject,
            json!(null),
            json!({ "role": grant.label() }),
        )
        .await?;
    tx.commit().await?;
    Ok(NewSession {
        token,
        session,
        account: account.id,
        role: grant.grant.role,
    })
}

/// The context as the account that has just proved to be itself.
fn acting(ctx: &Ctx, account: &Account, grant: &Grant) -> Ctx {
    ctx.acting_as(Actor {
        account: Some(account.id),
        role: grant.grant.role,
        own: grant.grant.own.clone(),
        admin: grant.grant.admin,
        label: account.login.clone(),
        request: ctx.actor.request.clone(),
    })
}

/// Signs out.
///
/// # Errors
/// Storage failures; a session that is over already is no failure.
pub async fn logout(ctx: &Ctx, session: i64) -> Result<()> {
    end(ctx, session, "sign_out").await.map(drop)
}

/// Ends one of one's own sessions.
///
/// # Errors
/// `NotFound` when it is over already or another's.
pub async fn revoke(ctx: &Ctx, session: i64) -> Result<()> {
    if end(ctx, session, "revoke_session").await? {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

async fn end(ctx: &Ctx, session: i64, act: &str) -> Result<bool> {
    let mut tx = ctx.db.write().await?;
    let ended = store::sessions::revoke(&mut tx, session, own_account(ctx)?, ctx.now()).await?;
    if ended {
        let subject = Subject::new("session", session, ctx.actor.own.clone());
        ctx.audit(&mut tx, act, subject, json!(null), json!(null)).await?;
    }
    tx.commit().await?;
    Ok(ended)
}

/// Ends all of one's own sessions but this one; returns how many.
///
/// # Errors
/// Storage failures.
pub async fn revoke_others(ctx: &Ctx, keep: i64) -> Result<u64> {
    let mut tx = ctx.db.write().await?;
    let account = own_account(ctx)?;
    let ended = store::sessions::revoke_all(&mut tx, account, Some(keep), ctx.now()).await?;
    let subject = Subject::new("account", account.get(), ctx.actor.own.clone());
    ctx.audit(
        &mut tx,
        "revoke_other_sessions",
        subject,
        json!(null),
        json!({ "ended": ended }),
    )
    .await?;
    tx.commit().await?;
    Ok(ended)
}

/// One's own living sessions, newest first.
///
/// # Errors
/// Storage failures.
pub async fn list_own(ctx: &Ctx) -> Result<Vec<Line>> {
    let mut tx = ctx.db.read().await?;
    store::sessions::living(&mut tx, own_account(ctx)?, ctx.now()).await
}

/// Goes on in another role of the same account, with a new form token.
///
/// # Errors
/// `NotFound` when the grant is not a living one of this account.
pub async fn switch_role(ctx: &Ctx, session: i64, grant: GrantId) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let account = own_account(ctx)?;
    let next = store::grants::living(&mut tx, account)
        .await?
        .into_iter()
        .find(|held| held.id == grant)
        .ok_or(Error::NotFound)?;
    store::sessions::switch(&mut tx, session, account, grant, &secrets::random_token()).await?;
    let subject = Subject::new("session", session, next.grant.own.clone());
    let before = json!({ "role": ctx.actor.role.name() });
    ctx.audit(&mut tx, "switch_role", subject, before, json!({ "role": next.label() }))
        .await?;
    tx.commit().await
}

/// The account that acts; pages of one's own are behind a gate, so its absence is our fault.
pub(super) fn own_account(ctx: &Ctx) -> Result<AccountId> {
    ctx.actor.account.ok_or_else(|| Error::broken("no account acts here"))
}

/// A role as people read it: `区人社部门管理员 · 徐汇区`.
#[must_use]
pub fn grant_label(role: Role, admin: bool, bounds: &str) -> String {
    let rank = if admin { "管理员" } else { "" };
    let place = if bounds.is_empty() {
        String::new()
    } else {
        format!(" · {bounds}")
    };
    format!("{}{rank}{place}", role.name())
}
