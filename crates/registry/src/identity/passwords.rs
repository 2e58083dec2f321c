//! Changing one's own password while signed in. Forgotten ones are replaced by activation.

use kernel::{Error, Result};
use rules::identity::{password, throttle as pauses};
use serde_json::json;

use super::{accounts, secrets, sessions::own_account, store, throttle};
use crate::{Ctx, Subject};

/// What is handed in. No `Debug`: it holds passwords.
pub struct Change {
    /// The password as it is.
    pub current: String,
    /// The new one.
    pub password: String,
    /// The new one again.
    pub again: String,
}

/// Changes the own password and ends all other sessions. A wrong current password counts as a failed login: a
/// session left open must not be a place to guess.
///
/// # Errors
/// `Wrong` at `current`, `password` or `again`; `identity.locked` after too many wrong ones.
pub async fn change(ctx: &Ctx, session: i64, given: &Change) -> Result<()> {
    let (account, hash) = {
        let mut tx = ctx.db.read().await?;
        let account = accounts::load(&mut tx, own_account(ctx)?).await?;
        let hash = store::accounts::hash_of(&mut tx, account.id).await?;
        (account, hash)
    };
    password::check(&given.password, &given.again, &account.login)?;
    let key = throttle::login_key(&account.login);
    pauses::admit_login(throttle::spend(ctx, &key, pauses::LOGIN).await?, ctx.now())?;
    if !secrets::verify_password(&given.current, hash.as_deref()).await? {
        return Err(Error::wrong(
            "current",
            "password.wrong",
            "当前密码不正确，请重新输入。",
        ));
    }
    let hash = secrets::hash_password(&given.password).await?;
    let mut tx = ctx.db.write().await?;
    let standing = account.standing.clone().activate(ctx.now())?;
    store::accounts::save_password(&mut tx, &account, &standing, &hash).await?;
    store::sessions::revoke_all(&mut tx, account.id, Some(session), ctx.now()).await?;
    store::throttles::clear(&mut tx, &key).await?;
    let subject = Subject::new("account", account.id.get(), ctx.actor.own.clone());
    ctx.audit(&mut tx, "change_password", subject, json!(null), json!(null))
        .await?;
    tx.commit().await
}
