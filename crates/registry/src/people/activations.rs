//! Activation codes for professionals: an employer or district hands them out; imports make no passwords.

use kernel::{Result, id::PersonId};
use rules::permits::Act;

use super::{load, registration};
use crate::{
    Ctx,
    identity::{accounts, activation, activation::ActivationCode},
};

/// Issues an activation code for a person, making the account first if there is none. The code is shown once.
///
/// # Errors
/// NotFound, Forbidden; Refused when the account was ended.
pub async fn issue(ctx: &Ctx, id: PersonId) -> Result<ActivationCode> {
    let mut tx = ctx.db.write().await?;
    let person = load(&mut tx, id).await?;
    ctx.may(Act::IssueActivation, &person.place())?;
    let account = match accounts::find_by_person(&mut tx, person.id).await? {
        Some(account) => account.id,
        None => {
            let login = accounts::free_login(&mut tx).await?;
            let new = registration::account_of(&mut tx, &person, &login).await?;
            accounts::create(ctx, &mut tx, new).await?
        }
    };
    let code = activation::issue(ctx, &mut tx, account).await?;
    tx.commit().await?;
    Ok(code)
}

/// The login name and standing of a person's account, for the person's page.
///
/// # Errors
/// NotFound when the person is out of sight.
pub async fn of(ctx: &Ctx, id: PersonId) -> Result<Option<accounts::Account>> {
    let mut tx = ctx.db.read().await?;
    let person = load(&mut tx, id).await?;
    ctx.may(Act::ViewPerson, &person.place())?;
    accounts::find_by_person(&mut tx, person.id).await
}
