//! Kinds of call, kept by the municipal lead: a new kind is a new row, never new code.

use kernel::{Error, Place, Result, id::CallTemplateId};
use registry::{Ctx, Subject};
use rules::calls::Template;
use rules::calls::template::shipped;
use rules::permits::Act;
use serde_json::{Value as Json, json};

use super::store::template::{self as store, KeptTemplate};

/// Keeps the shipped kinds that are not there yet; what somebody changed stays.
///
/// # Errors
/// Storage failures.
pub async fn ship_templates(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let known = store::all(&mut tx).await?;
    if known.is_empty() {
        for template in shipped() {
            store::insert(&mut tx, &template, ctx.now(), &ctx.actor.label).await?;
        }
    }
    tx.commit().await
}

/// The kinds of call, for whoever drafts one.
///
/// # Errors
/// Storage failures.
pub async fn templates(ctx: &Ctx) -> Result<Vec<KeptTemplate>> {
    store::all(&mut ctx.db.read().await?).await
}

/// One kind.
///
/// # Errors
/// NotFound.
pub async fn template(ctx: &Ctx, id: CallTemplateId) -> Result<KeptTemplate> {
    store::load(&mut ctx.db.read().await?, id).await
}

fn same_name() -> Error {
    Error::wrong(
        "kind",
        "template.same",
        "已有同名的项目种类，请换一个名称，或修改已有的种类。",
    )
}

/// Adds a kind.
///
/// # Errors
/// Forbidden; wrong at each field; wrong at `kind` when there is one of this name.
pub async fn add_template(ctx: &Ctx, template: Template) -> Result<CallTemplateId> {
    ctx.may(Act::SetParameters, &Place::default())?;
    let template = template.checked()?;
    let mut tx = ctx.db.write().await?;
    let id = store::insert(&mut tx, &template, ctx.now(), &ctx.actor.label)
        .await?
        .ok_or_else(same_name)?;
    let thing = Subject::new("call_template", id.get(), Place::default());
    ctx.audit(
        &mut tx,
        "add_call_template",
        thing,
        Json::Null,
        json!({ "name": template.kind }),
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a kind; calls that took it along keep what they took.
///
/// # Errors
/// As [`add_template`]; Stale.
pub async fn save_template(ctx: &Ctx, id: CallTemplateId, version: i64, template: Template) -> Result<()> {
    ctx.may(Act::SetParameters, &Place::default())?;
    let template = template.checked()?;
    let mut tx = ctx.db.write().await?;
    let mut kept = store::load(&mut tx, id).await?;
    let others = store::all(&mut tx).await?;
    if others
        .iter()
        .any(|other| other.id != id && other.template.kind == template.kind)
    {
        return Err(same_name());
    }
    let before = json!({ "name": kept.template.kind });
    kept.template = template;
    kept.changed_at = ctx.now();
    store::save(&mut tx, &kept, version, &ctx.actor.label).await?;
    let thing = Subject::new("call_template", id.get(), Place::default());
    let after = json!({ "name": kept.template.kind });
    ctx.audit(&mut tx, "save_call_template", thing, before, after).await?;
    tx.commit().await
}
