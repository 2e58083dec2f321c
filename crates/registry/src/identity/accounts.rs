//! Accounts as other modules need them: create one, load one, find one.
//!
//! The functions that take a `Tx` run inside the caller's transaction and ask no permission: the caller has asked for
//! its own act (registering a person, importing a roster). What administrators do on the staff page, with its
//! permissions, stands in `staff.rs`.
//! Deliberately absent: a password. An account is invited and its holder chooses one with an activation code; only
//! the demonstration data brings a hash along.

use db::Tx;
use kernel::{Error, Place, Result, Time, id::AccountId, id::PersonId};
use rules::identity::{LoginName, NewGrant, Standing};
use serde_json::json;

use super::store;
use crate::{Ctx, Subject};

/// An account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The login name.
    pub login: String,
    /// What its holder is called: a person's name or a post (`徐汇区人社局 李敏`).
    pub display_name: String,
    /// The professional whose account it is, if it is one's.
    pub person: Option<PersonId>,
    /// Where it stands.
    pub standing: Standing,
    /// For optimistic checks.
    pub version: i64,
}

/// An account to be created, invited and without a password.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The login name as chosen; checked here.
    pub login: String,
    /// What its holder is called.
    pub display_name: String,
    /// The professional whose account it is.
    pub person: Option<PersonId>,
    /// Its first roles.
    pub grants: Vec<NewGrant>,
}

/// Creates an invited account with its grants.
///
/// # Errors
/// `Wrong` at `login` when the name is malformed or taken; `Wrong` when a grant's bounds do not fit its role;
/// `account.person_has_one` when the person has an account already.
pub async fn create(ctx: &Ctx, tx: &mut Tx, new: NewAccount) -> Result<AccountId> {
    let login = LoginName::parse(&new.login)?;
    new.grants.iter().try_for_each(NewGrant::check_bounds)?;
    let standing = Standing::Invited { since: ctx.now() };
    let account = Account {
        id: tx.mint(),
        login: login.as_str().to_owned(),
        display_name: new.display_name.trim().to_owned(),
        person: new.person,
        standing,
        version: 1,
    };
    insert(tx, &account, None, ctx.now()).await?;
    store::grants::insert(tx, account.id, &new.grants, &ctx.actor.label, ctx.now()).await?;
    let after = json!({ "login": account.login, "display_name": account.display_name, "grants": told(&new.grants) });
    ctx.audit(tx, "create_account", subject(&account, &new.grants), json!(null), after)
        .await?;
    Ok(account.id)
}

/// Creates an active account of the demonstration data: the only account whose password the platform knows.
/// Writes no trail, like everything the demonstration generates.
///
/// # Errors
/// As [`create`].
pub async fn create_demo(
    tx: &mut Tx,
    at: Time,
    login: &str,
    display_name: &str,
    password_hash: &str,
    grants: &[NewGrant],
) -> Result<AccountId> {
    let login = LoginName::parse(login)?.as_str().to_owned();
    grants.iter().try_for_each(NewGrant::check_bounds)?;
    let person = grants.iter().find_map(|grant| grant.own.person);
    let standing = Standing::Active { since: at };
    let account = Account {
        id: tx.mint(),
        login,
        display_name: display_name.to_owned(),
        person,
        standing,
        version: 1,
    };
    insert(tx, &account, Some(password_hash), at).await?;
    store::grants::insert(tx, account.id, grants, "system:demo", at).await?;
    Ok(account.id)
}

async fn insert(tx: &mut Tx, account: &Account, hash: Option<&str>, at: Time) -> Result<()> {
    if let Some(person) = account.person
        && store::accounts::find_by_person(tx, person).await?.is_some()
    {
        return Err(Error::refused(
            "account.person_has_one",
            "此人已有账号。忘记密码请重新发放激活码。",
        ));
    }
    if store::accounts::insert(tx, account, hash, at).await? {
        return Ok(());
    }
    Err(Error::wrong("login", "login.taken", "这个登录名已有人使用，请换一个。"))
}

/// The account with this id.
///
/// # Errors
/// `NotFound`.
pub async fn load(tx: &mut Tx, id: AccountId) -> Result<Account> {
    store::accounts::load(tx, id).await
}

/// The account of a professional, if there is one.
///
/// # Errors
/// Storage failures.
pub async fn find_by_person(tx: &mut Tx, person: PersonId) -> Result<Option<Account>> {
    store::accounts::find_by_person(tx, person).await
}

/// Professionals who have an account, in the order of their ids, after one of them.
///
/// # Errors
/// Storage failures.
pub async fn learners_after(tx: &mut Tx, after: PersonId, most: u32) -> Result<Vec<PersonId>> {
    store::accounts::learners_after(tx, after, most).await
}

/// The account with this login name, if there is one; the name may be typed in any case.
///
/// # Errors
/// Storage failures.
pub async fn find_by_login(tx: &mut Tx, login: &str) -> Result<Option<Account>> {
    store::accounts::find_by_login(tx, &rules::identity::login_name::fold(login)).await
}

/// A free login name for a professional who did not choose one: `zx` and eight random digits, never anything
/// personal.
///
/// # Errors
/// Storage failures.
pub async fn free_login(tx: &mut Tx) -> Result<String> {
    loop {
        let number = u64::from_be_bytes(super::secrets::random_bits()) % 100_000_000;
        let login = format!("zx{number:08}");
        if store::accounts::find_by_login(tx, &login).await?.is_none() {
            return Ok(login);
        }
    }
}

/// Follows a merge of two records of one person: the account and its roles go with the record that stays. When both
/// have an account, the one of the record that stays is kept and the other keeps its login but no longer a person.
///
/// # Errors
/// Storage failures.
pub async fn follow_merge(tx: &mut Tx, from: PersonId, to: PersonId) -> Result<()> {
    let Some(account) = find_by_person(tx, from).await? else {
        return Ok(());
    };
    if find_by_person(tx, to).await?.is_some() {
        return Ok(());
    }
    store::accounts::move_to_person(tx, account.id, to).await?;
    store::grants::move_to_person(tx, from, to).await.map(drop)
}

/// The audit subject of an account, standing where its first grant stands.
pub(super) fn subject(account: &Account, grants: &[NewGrant]) -> Subject {
    let place = grants.first().map_or_else(Place::default, |grant| grant.own.clone());
    Subject::new("account", account.id.get(), place)
}

/// Grants as the trail tells them.
pub(super) fn told(grants: &[NewGrant]) -> serde_json::Value {
    grants
        .iter()
        .map(|grant| super::sessions::grant_label(grant.role, grant.admin, &grant.label))
        .collect()
}
