//! Objections against a plan under public notice, from whoever, and their answers.
//!
//! Who objected is seen by the body whose call it is alone; the public reads that there was an objection, and the answer.

use kernel::{Code as _, Error, Result, id::CallId, id::DeclarationId, id::ObjectionId};
use registry::tasks::{self, NewTask};
use registry::taxonomy::deadlines;
use registry::{Ctx, Subject};
use rules::calls::notice::{Objection, ObjectionState, may_object};
use rules::calls::{CallState, DeclarationDeed, DeclarationState, Period, reason};
use serde_json::{Value as Json, json};

use super::store::call as call_store;
use super::store::declaration;
use super::store::notice::{self as store, KeptObjection};
use super::{CALL, is_authority, moving};

/// The cause of the task that asks for an answer.
pub(super) fn cause(id: ObjectionId) -> String {
    format!("objection.answer:{id}")
}

/// Takes an objection from whoever; it keeps the notice from ending until it is answered. Gives the number of its receipt.
///
/// # Errors
/// NotFound when nothing is under notice; `objection.late`; wrong at each field.
pub async fn object(
    ctx: &Ctx,
    id: CallId,
    against: Option<DeclarationId>,
    objection: Objection,
) -> Result<ObjectionId> {
    let objection = objection.checked()?;
    let mut tx = ctx.db.write().await?;
    // Locked, so that the notice cannot end while an objection comes in.
    let call = call_store::lock(&mut tx, id).await?;
    let due = deadlines::find(&mut tx, CALL, id.get(), Period::Notice.code()).await?;
    let Some(due) = due.filter(|_| call.notice_at.is_some()) else {
        return Err(Error::NotFound);
    };
    may_object(due, ctx.today())?;
    if call.state != CallState::Noticed {
        return Err(Error::NotFound);
    }
    if let Some(one) = against {
        let one = declaration::load(&mut tx, one).await?;
        if one.call != id || one.state != DeclarationState::Noticed {
            return Err(Error::wrong(
                "declaration",
                "objection.declaration",
                "请从公示的项目中选择。",
            ));
        }
    }
    let kept = KeptObjection {
        id: tx.mint(),
        call: id,
        declaration: against,
        objection,
        state: ObjectionState::Open,
        answer: String::new(),
        at: ctx.now(),
        answered_at: None,
        version: 1,
    };
    store::object(&mut tx, &kept).await?;
    let days = call.template.days(Period::Answer);
    let due = deadlines::set(
        ctx,
        &mut tx,
        ("objection", kept.id.get(), Period::Answer.code()),
        ctx.today(),
        days,
    )
    .await?;
    let task = NewTask {
        kind: "objection.answer",
        title: format!("答复公示异议：{}", call.title),
        href: format!("/desk/calls/{id}/objections"),
        role: call.level.role(),
        place: moving::addressed(call.level.role(), &call.place),
        cause: cause(kept.id),
        due: Some(due),
    };
    tasks::ask(ctx, &mut tx, task).await?;
    let thing = Subject::new("objection", kept.id.get(), call.place.clone());
    ctx.audit(
        &mut tx,
        "object_to_plan",
        thing,
        Json::Null,
        json!({ "call": call.number }),
    )
    .await?;
    tx.commit().await?;
    Ok(kept.id)
}

/// Answers an objection; where it is upheld, the project it is about is taken out of the plan.
///
/// # Errors
/// NotFound, Forbidden, `call.turn`, `call.own`, `objection.answered`, wrong at `reason`, Stale.
pub async fn answer_objection(
    ctx: &Ctx,
    id: ObjectionId,
    version: i64,
    (upheld, words): (bool, &str),
) -> Result<CallId> {
    let words = reason(words, "答复的内容和依据")?;
    let mut tx = ctx.db.write().await?;
    let mut kept = store::objection(&mut tx, id).await?;
    let call = call_store::lock(&mut tx, kept.call).await?;
    is_authority(ctx, &call)?;
    kept.state = kept.state.answer(upheld)?;
    kept.answer.clone_from(&words);
    kept.answered_at = Some(ctx.now());
    store::answer(&mut tx, &kept, version, &ctx.actor.label).await?;
    if let Some(about) = kept.declaration {
        let (call, mut one) = moving::lock(&mut tx, about).await?;
        moving::stand_back(ctx, &mut tx, one.host).await?;
        if upheld && one.state == DeclarationState::Noticed {
            let note = format!("公示异议成立：{words}");
            moving::step(ctx, &mut tx, (&call, &mut one), (DeclarationDeed::Exclude, &note)).await?;
        }
    }
    tasks::done(ctx, &mut tx, &cause(id)).await?;
    let thing = Subject::new("objection", id.get(), call.place.clone());
    let is = json!({ "state": kept.state });
    ctx.audit_because(&mut tx, "answer_objection", thing, (json!(null), is), Some(&words))
        .await?;
    tx.commit().await?;
    Ok(call.id)
}

/// Who objected and how to reach them, unmasked; the trail keeps who looked.
///
/// # Errors
/// NotFound, Forbidden, `call.turn`.
pub async fn reveal_objector(ctx: &Ctx, id: ObjectionId) -> Result<KeptObjection> {
    let mut tx = ctx.db.write().await?;
    let kept = store::objection(&mut tx, id).await?;
    let call = call_store::load(&mut tx, kept.call).await?;
    is_authority(ctx, &call)?;
    let thing = Subject::new("objection", id.get(), call.place.clone());
    ctx.audit(&mut tx, "reveal_objector", thing, Json::Null, Json::Null)
        .await?;
    tx.commit().await?;
    Ok(kept)
}
