//! The decision: every body that the kind of call names approves, in any order; the last one publishes the annual plan.

use db::Tx;
use kernel::{Code as _, Error, Result, id::CallId, id::DeclarationId};
use registry::Ctx;
use registry::tasks;
use rules::calls::approval::{self, Given};
use rules::calls::template::Approver;
use rules::calls::{CallDeed, CallState, DeclarationDeed, DeclarationState, plan_number, reason};
use rules::permits::Act;
use serde_json::json;

use super::store::call::{self as call_store, Call};
use super::store::declaration;
use super::{PlanPublished, moving, subject};

/// For which of the bodies the actor approves.
fn acts_for(ctx: &Ctx, call: &Call) -> Result<Approver> {
    ctx.may(Act::ApproveCall, &call.place)?;
    let asked = &call.template.approvers;
    let found = asked
        .iter()
        .copied()
        .find(|approver| approver.role(call.level) == ctx.actor.role);
    found.ok_or_else(|| Error::refused("approval.not_asked", "这次征集不需要您所在部门批复。"))
}

/// The cause of the task that asks a body to approve.
pub(super) fn cause(call: CallId, approver: Approver) -> String {
    format!("call.approve:{call}:{}", approver.code())
}

/// Approves for the actor's body; `version` is the one that was shown, so that two clerks at once cannot both approve. Returns whether
/// the plan is published by it.
///
/// # Errors
/// NotFound, Forbidden, `approval.not_asked`, `approval.twice`, `approval.same_person`, `call.state`, `call.own`, Stale.
pub async fn approve(ctx: &Ctx, id: CallId, version: i64) -> Result<bool> {
    let mut tx = ctx.db.write().await?;
    let mut call = call_store::lock(&mut tx, id).await?;
    let approver = acts_for(ctx, &call)?;
    let given: Vec<Given> = call_store::approvals(&mut tx, id)
        .await?
        .into_iter()
        .map(|one| one.given)
        .collect();
    let next = Given {
        approver,
        by: ctx.actor.account,
    };
    // Asked before the state, so that who comes second reads that the own body has approved already.
    let last = approval::give(&call.template.approvers, &given, next)?;
    call.state = call
        .state
        .after(if last { CallDeed::Approve } else { CallDeed::Consent })?;
    let mut projects = declaration::of_call(&mut tx, id, &[DeclarationState::Approving]).await?;
    for one in &projects {
        moving::stand_back(ctx, &mut tx, one.host).await?;
    }
    call_store::approve(&mut tx, id, &next, &ctx.actor.label, ctx.now()).await?;
    if last {
        for one in &mut projects {
            let serial = super::store::next(&mut tx, "plan", call.year).await?;
            one.plan_number = Some(plan_number(call.year, serial));
            moving::step(ctx, &mut tx, (&call, one), (DeclarationDeed::Approve, "")).await?;
        }
        call.published_at = Some(ctx.now());
        call.state_at = ctx.now();
        tx.tell(&PlanPublished { call: id }, ctx.now()).await?;
    }
    call_store::save(&mut tx, &call, version).await?;
    tasks::done(ctx, &mut tx, &cause(id, approver)).await?;
    let (was, is) = (
        json!({ "state": CallState::Approving }),
        json!({ "state": call.state, "named": approver.name() }),
    );
    ctx.audit(&mut tx, "approve_call", subject(&call), was, is).await?;
    tx.commit().await?;
    Ok(last)
}

/// Does not approve one project of the plan; the others go on.
///
/// # Errors
/// As [`approve`]; wrong at `reason`.
pub async fn reject(ctx: &Ctx, id: DeclarationId, version: i64, why: &str) -> Result<()> {
    let why = reason(why, "不予批准的理由")?;
    let mut tx = ctx.db.write().await?;
    let (call, mut one) = moving::lock(&mut tx, id).await?;
    super::lists::in_sight(ctx, &one)?;
    acts_for(ctx, &call)?;
    moving::stand_back(ctx, &mut tx, one.host).await?;
    moving::step_from(
        ctx,
        &mut tx,
        (&call, &mut one, version),
        (DeclarationDeed::Reject, &why),
    )
    .await?;
    tx.commit().await
}

/// Asks every body to approve, within the period of the call.
pub(super) async fn ask(ctx: &Ctx, tx: &mut Tx, call: &Call) -> Result<()> {
    use registry::taxonomy::deadlines;
    use rules::calls::Period;
    let name = (super::CALL, call.id.get(), Period::Approve.code());
    let due = deadlines::set(ctx, tx, name, ctx.today(), call.template.days(Period::Approve)).await?;
    for approver in &call.template.approvers {
        let role = approver.role(call.level);
        let task = tasks::NewTask {
            kind: "call.approve",
            title: format!("批复年度项目计划：{}", call.title),
            href: format!("/desk/calls/{}", call.id),
            role,
            place: moving::addressed(role, &call.place),
            cause: cause(call.id, *approver),
            due: Some(due),
        };
        tasks::ask(ctx, tx, task).await?;
    }
    Ok(())
}
