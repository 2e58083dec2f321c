//! What administrators do on the staff page: see, create, scope and end the accounts of their own people.
//!
//! load → may → decide → save → tell, each with its row in the trail. Who may is said by `permits` (the act, the
//! reach) and by `rules::identity::granting` (which role with which bounds: never more than one's own).
//! An account is in sight when one of its grants is; grants out of reach are not shown, and an account that has one
//! cannot be reset or ended from here, because a code would open that role too.
//! Deliberately absent: editing a grant (end it and give another), and bringing an ended account back.

use db::Tx;
use kernel::{Error, Result, Role, Time, id::AccountId, id::GrantId};
use rules::identity::granting;
use rules::permits::Act;
use serde_json::json;

use super::accounts::{self, Account, NewAccount};
use super::activation::{self, ActivationCode};
use super::grants::{self, Grant};
use super::{NewGrant, store, throttle};
use crate::{Ctx, Listed, Window};

/// Where a grant of staff stands, for the filter of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its holder has not chosen a password yet.
    Invited,
    /// In use.
    Active,
    /// Ended.
    Ended,
}

/// What the list is asked for; without a state, all that have not ended.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words of login name, name or bounds.
    pub words: Option<String>,
    /// Only this role.
    pub role: Option<Role>,
    /// Only grants that stand so.
    pub state: Option<State>,
}

/// One grant with its account, as the list shows it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The grant.
    pub grant: GrantId,
    /// The account.
    pub account: AccountId,
    /// Its login name.
    pub login: String,
    /// What its holder is called.
    pub display_name: String,
    /// Code of the account's standing.
    pub status: String,
    /// The role.
    pub role: Role,
    /// Whether it administers its body.
    pub admin: bool,
    /// What its bounds are called.
    pub label: String,
    /// When it was granted.
    pub granted_at: Time,
    /// When it ended.
    pub ended_at: Option<Time>,
}

impl Line {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        match self.status.as_str() {
            _ if self.ended_at.is_some() => State::Ended,
            "invited" => State::Invited,
            _ => State::Active,
        }
    }
}

/// An account with the grants that the actor may see.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The account.
    pub account: Account,
    /// Its grants in reach, oldest first.
    pub grants: Vec<Grant>,
    /// Until when its login is paused after failures.
    pub paused_until: Option<Time>,
    /// Until when its newest activation code is good.
    pub code_until: Option<Time>,
    /// Why the actor may not issue a code or end the account; none when it may.
    pub out_of_reach: Option<String>,
}

/// An account to be created.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// The chosen login name.
    pub login: String,
    /// What its holder is called.
    pub display_name: String,
    /// The first role.
    pub grant: NewGrant,
}

/// Staff in reach.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &Filter, window: &Window) -> Result<Listed<Line>> {
    let mut tx = ctx.db.read().await?;
    store::grants::list_staff(&ctx.scope(Act::ListStaff), &mut tx, filter, window).await
}

/// One account in reach.
///
/// # Errors
/// `NotFound` when none of its grants is in reach.
pub async fn detail(ctx: &Ctx, id: AccountId) -> Result<Detail> {
    let mut tx = ctx.db.read().await?;
    let (account, all) = in_sight(ctx, &mut tx, id, Act::ListStaff).await?;
    let out_of_reach = match granting::may_reissue(&ctx.actor, &living(&all)) {
        Err(Error::Forbidden(sentence)) => Some(sentence),
        _ => None,
    };
    let scope = ctx.scope(Act::ListStaff);
    Ok(Detail {
        paused_until: throttle::paused_until(&mut tx, &account.login, ctx.now()).await?,
        code_until: store::codes::open_until(&mut tx, id, ctx.now()).await?,
        grants: all.into_iter().filter(|held| scope.holds(&held.grant.own)).collect(),
        account,
        out_of_reach,
    })
}

/// Creates an invited account with its first role; the code is shown once.
///
/// # Errors
/// Forbidden when the role is not the actor's to grant; `Wrong` at `login`, or where the bounds are missing.
pub async fn create(ctx: &Ctx, new: NewStaff) -> Result<(AccountId, ActivationCode)> {
    let mut tx = ctx.db.write().await?;
    may_grant(ctx, &mut tx, &new.grant).await?;
    let account = NewAccount {
        login: new.login,
        display_name: new.display_name,
        person: None,
        grants: vec![new.grant],
    };
    let id = accounts::create(ctx, &mut tx, account).await?;
    let code = activation::issue(ctx, &mut tx, id).await?;
    tx.commit().await?;
    Ok((id, code))
}

/// Gives one more role to the account with this login name, wherever it belongs: its holder can tell the granter
/// the name, and the granter learns nothing about the account but that it exists.
///
/// # Errors
/// Forbidden when the role is not the actor's to grant; `Wrong` at `login` when there is no such account;
/// `grant.exists`.
pub async fn grant(ctx: &Ctx, login: &str, grant: NewGrant) -> Result<AccountId> {
    let mut tx = ctx.db.write().await?;
    may_grant(ctx, &mut tx, &grant).await?;
    let unknown = || {
        Error::wrong(
            "login",
            "login.unknown",
            "没有这个登录名的账号，请向本人核对；新同事请用“新建账号”。",
        )
    };
    let account = accounts::find_by_login(&mut tx, login).await?.ok_or_else(unknown)?;
    grants::give(ctx, &mut tx, account.id, grant).await?;
    tx.commit().await?;
    Ok(account.id)
}

async fn may_grant(ctx: &Ctx, tx: &mut Tx, grant: &NewGrant) -> Result<()> {
    let lead_admins = store::grants::count_lead_admins(tx).await?;
    granting::may_grant(&ctx.actor, grant, lead_admins)
}

/// One grant in reach, for its confirmation page.
///
/// # Errors
/// `NotFound`; Forbidden when it is in sight but not the actor's to end.
pub async fn load_grant(ctx: &Ctx, id: GrantId) -> Result<(Account, Grant)> {
    let mut tx = ctx.db.read().await?;
    let grant = store::grants::load(&mut tx, id).await?;
    ctx.may(Act::EndGrant, &grant.grant.own)?;
    granting::may_end(&ctx.actor, &grant.grant)?;
    Ok((accounts::load(&mut tx, grant.account).await?, grant))
}

/// Ends a role with the sessions and tokens that act in it; returns whose it was.
///
/// # Errors
/// `NotFound`, Forbidden, `grant.own_last_admin`, `grant.over`.
pub async fn end_grant(ctx: &Ctx, id: GrantId, reason: &str) -> Result<AccountId> {
    let mut tx = ctx.db.write().await?;
    let grant = store::grants::load(&mut tx, id).await?;
    ctx.may(Act::EndGrant, &grant.grant.own)?;
    granting::may_end(&ctx.actor, &grant.grant)?;
    if grant.ended.is_some() {
        return Err(Error::refused("grant.over", "这个角色已经终止。"));
    }
    let own = ctx.actor.account == Some(grant.account);
    let living = store::grants::living(&mut tx, grant.account).await?;
    let others = living.iter().filter(|held| held.id != id && held.grant.admin).count();
    granting::keep_an_administrator(own, grant.grant.admin, i64::try_from(others).unwrap_or(i64::MAX))?;
    grants::end(ctx, &mut tx, &grant, Some(reason)).await?;
    tx.commit().await?;
    Ok(grant.account)
}

/// Issues a new activation code, shown once; the pause of the login is lifted.
///
/// # Errors
/// `NotFound`; Forbidden when the account has a role out of reach; `account.ended`; `account.no_role`.
pub async fn reissue(ctx: &Ctx, id: AccountId) -> Result<ActivationCode> {
    let mut tx = ctx.db.write().await?;
    let (_, all) = in_sight(ctx, &mut tx, id, Act::IssueActivation).await?;
    let living = living(&all);
    granting::may_reissue(&ctx.actor, &living)?;
    if living.is_empty() {
        return Err(Error::refused(
            "account.no_role",
            "这个账号没有任何有效角色，请先授予角色，再发放激活码。",
        ));
    }
    let code = activation::issue(ctx, &mut tx, id).await?;
    tx.commit().await?;
    Ok(code)
}

/// Ends an account for good: its roles, sessions, tokens and codes with it.
///
/// # Errors
/// `NotFound`; Forbidden when it has a role out of reach; `account.own`; `account.ended`.
pub async fn end_account(ctx: &Ctx, id: AccountId, reason: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let (account, all) = in_sight(ctx, &mut tx, id, Act::EndGrant).await?;
    if ctx.actor.account == Some(id) {
        return Err(Error::refused(
            "account.own",
            "不能终止自己的账号，请由另一位管理员办理。",
        ));
    }
    granting::may_reissue(&ctx.actor, &living(&all))?;
    let ended = account.standing.clone().end(ctx.now(), &ctx.actor.label)?;
    store::accounts::save_standing(&mut tx, &account, &ended).await?;
    for held in all.iter().filter(|held| held.ended.is_none()) {
        grants::end(ctx, &mut tx, held, Some(reason)).await?;
    }
    store::sessions::revoke_all(&mut tx, id, None, ctx.now()).await?;
    store::codes::void(&mut tx, id, None, ctx.now()).await?;
    let (before, after) = (
        json!({ "status": account.standing.code() }),
        json!({ "status": ended.code() }),
    );
    ctx.audit_because(
        &mut tx,
        "end_account",
        accounts::subject(&account, &living(&all)),
        (before, after),
        Some(reason),
    )
    .await?;
    tx.commit().await
}

async fn in_sight(ctx: &Ctx, tx: &mut Tx, id: AccountId, act: Act) -> Result<(Account, Vec<Grant>)> {
    let account = accounts::load(tx, id).await?;
    let all = store::grants::of_account(tx, id).await?;
    let scope = ctx.scope(act);
    if all.iter().any(|held| scope.holds(&held.grant.own)) {
        Ok((account, all))
    } else {
        Err(Error::NotFound)
    }
}

fn living(grants: &[Grant]) -> Vec<NewGrant> {
    grants
        .iter()
        .filter(|held| held.ended.is_none())
        .map(|held| held.grant.clone())
        .collect()
}
