//! Roles granted to accounts, as higher modules need them: give one, move one, end those of a person.
//!
//! ```text
//! living ──end──► ended
//! ```
//! A grant is never edited: another bound is another grant, so that the trail shows who might do what on which day.
//! Only the place of a professional's own grant follows the person from employer to employer.

use std::collections::HashMap;

use db::Tx;
use kernel::{Actor, Error, Place, Result, Role, Time, id::AccountId, id::GrantId, id::PersonId};
use rules::identity::NewGrant;
use serde_json::json;

use super::{accounts, sessions::grant_label, store};
use crate::{Ctx, Subject};

/// A role that was granted.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// Who has it.
    pub account: AccountId,
    /// Role and bounds.
    pub grant: NewGrant,
    /// Login name of who granted it.
    pub granted_by: String,
    /// When.
    pub granted_at: Time,
    /// When and by whom it was ended.
    pub ended: Option<(Time, String)>,
}

impl Grant {
    /// The audit subject.
    pub(super) fn subject(&self) -> Subject {
        Subject::new("grant", self.id.get(), self.grant.own.clone())
    }

    /// `区人社部门管理员 · 徐汇区`.
    #[must_use]
    pub fn label(&self) -> String {
        grant_label(self.grant.role, self.grant.admin, &self.grant.label)
    }
}

/// Gives an account one more role, inside the caller's transaction and after the caller's own `may`.
///
/// # Errors
/// `grant.exists` when it has this role there already; `account.ended`; `Wrong` when the bounds do not fit.
pub async fn give(ctx: &Ctx, tx: &mut Tx, id: AccountId, grant: NewGrant) -> Result<GrantId> {
    grant.check_bounds()?;
    let account = accounts::load(tx, id).await?;
    account.standing.open()?;
    let living = store::grants::living(tx, id).await?;
    if living
        .iter()
        .any(|held| held.grant.role == grant.role && held.grant.admin == grant.admin && held.grant.own == grant.own)
    {
        return Err(Error::refused("grant.exists", "这个账号已有同样的角色，不需要再授予。"));
    }
    let ids = store::grants::insert(tx, id, std::slice::from_ref(&grant), &ctx.actor.label, ctx.now()).await?;
    let given = *ids
        .first()
        .ok_or_else(|| Error::broken("a grant was written without an id"))?;
    let after = json!({ "login": account.login, "role": grant_label(grant.role, grant.admin, &grant.label) });
    ctx.audit(
        tx,
        "grant_role",
        Subject::new("grant", given.get(), grant.own),
        json!(null),
        after,
    )
    .await?;
    Ok(given)
}

/// Ends a living grant with the sessions and tokens that act in it.
pub(super) async fn end(ctx: &Ctx, tx: &mut Tx, grant: &Grant, reason: Option<&str>) -> Result<()> {
    let now = ctx.now();
    store::grants::end(tx, grant.id, &ctx.actor.label, now).await?;
    store::sessions::revoke_of_grant(tx, grant.id, now).await?;
    store::tokens::revoke_of_grant(tx, grant.id, now).await?;
    let account = accounts::load(tx, grant.account).await?;
    let before = json!({ "login": account.login, "role": grant.label() });
    ctx.audit_because(tx, "end_grant", grant.subject(), (before, json!(null)), reason)
        .await
}

/// Ends the living grants of one role that let an account act as this person, inside the caller's transaction and after
/// the caller's own `may`.
///
/// # Errors
/// Storage failures.
pub async fn end_of_person(ctx: &Ctx, tx: &mut Tx, (person, role): (PersonId, Role), reason: &str) -> Result<()> {
    let Some(account) = accounts::find_by_person(tx, person).await? else {
        return Ok(());
    };
    let living = store::grants::living(tx, account.id).await?;
    let same = |held: &&Grant| held.grant.role == role && held.grant.own.person == Some(person);
    for held in living.iter().filter(same) {
        end(ctx, tx, held, Some(reason)).await?;
    }
    Ok(())
}

/// Moves a professional's own grant to where the person stands now (another employer, another district), so that
/// the new employer finds the account and the old one no longer does. `label` is the new employer's name.
///
/// # Errors
/// Storage failures.
pub async fn place_person(tx: &mut Tx, person: PersonId, place: &Place, label: &str) -> Result<()> {
    store::grants::place_person(tx, person, place, label).await.map(drop)
}

/// The professionals as whom an account may act: who must stand back from deeds about them.
///
/// # Errors
/// Storage failures.
pub async fn people_of(tx: &mut Tx, account: AccountId) -> Result<Vec<PersonId>> {
    let living = store::grants::living(tx, account).await?;
    Ok(living.iter().filter_map(|held| held.grant.own.person).collect())
}

/// The actors of those of these grants that live, whose accounts live too: what a system that acts for one may see.
///
/// # Errors
/// Storage failures.
pub async fn actors(tx: &mut Tx, grants: &[GrantId]) -> Result<HashMap<GrantId, Actor>> {
    store::grants::actors(tx, grants).await
}

/// The role of a grant, living or ended.
///
/// # Errors
/// Storage failures.
pub async fn role_of(tx: &mut Tx, grant: GrantId) -> Result<Option<Role>> {
    store::grants::role_of(tx, grant).await
}

/// The organisations for which an account may act, in whatever role: who must stand back from deeds about them.
///
/// # Errors
/// Storage failures.
pub async fn orgs_of(tx: &mut Tx, account: AccountId) -> Result<Vec<kernel::OrgId>> {
    let living = store::grants::living(tx, account).await?;
    let own = living.iter().filter(|held| held.grant.own.person.is_none());
    Ok(own.filter_map(|held| held.grant.own.org).collect())
}
