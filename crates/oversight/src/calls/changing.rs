//! What happens to a project after the plan was published: put off, gone on with, given to another host, called off.
//!
//! each change has a reason, stays in the story and stands on the public plan beside the project.

use db::Tx;
use kernel::{Error, Place, Result, id::DeclarationId};
use registry::notices::{self, NewMessage};
use registry::{Ctx, orgs};
use rules::calls::{DeclarationDeed, reason};

use super::store::call::Call;
use super::store::declaration::Declaration;
use super::{declaring, is_authority, moving};

async fn of_plan(ctx: &Ctx, tx: &mut Tx, id: DeclarationId) -> Result<(Call, Declaration)> {
    let (call, one) = moving::lock(tx, id).await?;
    super::lists::in_sight(ctx, &one)?;
    is_authority(ctx, &call)?;
    moving::stand_back(ctx, tx, one.host).await?;
    Ok((call, one))
}

async fn change(ctx: &Ctx, id: DeclarationId, version: i64, (deed, why): (DeclarationDeed, &str)) -> Result<()> {
    let why = reason(why, "变更的原因")?;
    let mut tx = ctx.db.write().await?;
    let (call, mut one) = of_plan(ctx, &mut tx, id).await?;
    moving::step_from(ctx, &mut tx, (&call, &mut one, version), (deed, &why)).await?;
    tx.commit().await
}

/// Puts a project off.
///
/// # Errors
/// NotFound, Forbidden, `call.turn`, `call.own`, `call.state`, wrong at `reason`, Stale.
pub async fn defer(ctx: &Ctx, id: DeclarationId, version: i64, why: &str) -> Result<()> {
    change(ctx, id, version, (DeclarationDeed::Defer, why)).await
}

/// Goes on with a project that was put off.
///
/// # Errors
/// As [`defer`].
pub async fn resume(ctx: &Ctx, id: DeclarationId, version: i64, why: &str) -> Result<()> {
    change(ctx, id, version, (DeclarationDeed::Resume, why)).await
}

/// Calls a declaration or a project off.
///
/// # Errors
/// As [`defer`].
pub async fn cancel_project(ctx: &Ctx, id: DeclarationId, version: i64, why: &str) -> Result<()> {
    change(ctx, id, version, (DeclarationDeed::Cancel, why)).await
}

/// Gives a project to another host, by its 统一社会信用代码; it must be one that may declare.
///
/// # Errors
/// As [`defer`]; wrong at `host`; `call.declarant`.
pub async fn replace_host(ctx: &Ctx, id: DeclarationId, version: i64, (code, why): (&str, &str)) -> Result<()> {
    let why = reason(why, "变更承办单位的原因")?;
    let code = rules::orgs::read_code("host", code.trim(), ctx.installation.demo)
        .map_err(|fault| Error::Wrong(vec![fault]))?;
    let mut tx = ctx.db.write().await?;
    let (call, mut one) = of_plan(ctx, &mut tx, id).await?;
    let org = orgs::find_by_code(&mut tx, &code)
        .await?
        .ok_or_else(|| Error::wrong("host", "declaration.host", "平台上没有这个机构，请核对代码。"))?;
    if org.id == one.host {
        return Err(Error::wrong(
            "host",
            "declaration.host",
            "这就是现在的承办单位，不需要变更。",
        ));
    }
    moving::stand_back(ctx, &mut tx, org.id).await?;
    declaring::host(&org, ctx.today()).may_declare(&call.template)?;
    let note = format!("由{}变更为{}：{why}", one.host_name, org.name);
    let former = one.place.clone();
    one.host = org.id;
    one.host_name.clone_from(&org.name);
    one.place.org = Some(org.id);
    one.place.provider = org.is_provider.then_some(org.id);
    moving::step_from(
        ctx,
        &mut tx,
        (&call, &mut one, version),
        (DeclarationDeed::ReplaceHost, &note),
    )
    .await?;
    let message = NewMessage {
        role: Some(moving::host_role(&former)),
        place: Place {
            org: former.org,
            ..Place::default()
        },
        title: "项目变更承办单位".to_owned(),
        body: format!("《{}》{note}", one.content.title),
        href: format!("/calls/{}", call.id),
        cause: format!("declaration:{id}:{}:former", one.version),
    };
    notices::send(ctx, &mut tx, &message).await?;
    tx.commit().await
}
