//! What every move of a claim leaves behind: a step of the story, tasks for whoever must act, a message to the person.

use db::Tx;
use kernel::{Deadline, Place, Result, Role};
use registry::notices::{self, NewMessage};
use registry::tasks::{self, NewTask};
use registry::taxonomy::deadlines;
use registry::{Ctx, Subject};
use rules::credits::claims::{ClaimCode, Step};
use serde_json::json;

use super::store::{claim::Claim, parameters, step};

/// What a claim is called in its deadlines.
pub(super) const KIND: &str = "claim";

/// The name of the deadline that runs in a state.
pub(super) const fn deadline_name(state: ClaimCode) -> Option<&'static str> {
    match state {
        ClaimCode::Submitted => Some("confirm"),
        ClaimCode::Confirmed => Some("recognise"),
        ClaimCode::Returned => Some("correct"),
        _ => None,
    }
}

/// Writes what goes with a move that was saved: the audit row, the story, the tasks and the message.
pub(super) async fn moved(
    ctx: &Ctx,
    tx: &mut Tx,
    claim: &Claim,
    (before, step_done): (ClaimCode, Step),
    note: &str,
) -> Result<()> {
    let told = step::Told {
        at: ctx.now(),
        step: step_done,
        role: ctx.actor.role,
        note: note.to_owned(),
    };
    step::add(tx, claim.id, &told, &ctx.actor.label).await?;
    let thing = Subject::new(KIND, claim.id.get(), claim.place.clone());
    let was = json!({ "state": before });
    let is = json!({ "state": claim.state.code(), "number": claim.number, "hours": claim.hours });
    let deed = match step_done {
        Step::Submitted | Step::Resubmitted => "submit_claim",
        Step::Confirmed => "confirm_claim",
        Step::PassedOn => "pass_on_claim",
        Step::Returned => "return_claim",
        Step::Refused => "refuse_claim",
        Step::Withdrawn => "withdraw_claim",
        Step::Recognised => "recognise_claim",
        Step::Voided => "void_claim",
    };
    let why = Some(note).filter(|note| !note.is_empty());
    ctx.audit_because(tx, deed, thing, (was, is), why).await?;
    ask(ctx, tx, claim).await?;
    message(ctx, tx, claim, step_done, note).await
}

fn cause(claim: &Claim, round: i64, name: &str) -> String {
    format!("claim.{name}:{}:{round}", claim.id)
}

/// Ends the tasks of the state before and asks whoever must act now, with the deadline.
async fn ask(ctx: &Ctx, tx: &mut Tx, claim: &Claim) -> Result<()> {
    for name in ["confirm", "recognise", "correct"] {
        tasks::done(ctx, tx, &cause(claim, claim.round, name)).await?;
        if claim.round > 1 {
            tasks::done(ctx, tx, &cause(claim, claim.round - 1, name)).await?;
        }
    }
    let state = claim.state.code();
    let Some(name) = deadline_name(state) else {
        return Ok(());
    };
    let figures = parameters::load(tx).await?;
    let days = match state {
        ClaimCode::Submitted => figures.confirm_workdays,
        ClaimCode::Returned => figures.correct_workdays,
        _ => figures.recognise_workdays,
    };
    let due = deadlines::set(ctx, tx, (KIND, claim.id.get(), name), ctx.today(), days).await?;
    let number = claim.number.as_deref().unwrap_or_default();
    let (kind, role, deed) = match state {
        ClaimCode::Submitted => ("claim.confirm", Role::Employer, "确认学时申报"),
        ClaimCode::Returned => ("claim.correct", Role::Learner, "补正学时申报"),
        _ => ("claim.recognise", claim.competent.role(), "认定学时申报"),
    };
    let task = NewTask {
        kind,
        title: format!("{deed} {number}：{}", claim.facts.title),
        href: format!("/desk/claims/{}", claim.id),
        role,
        place: addressed(role, &claim.place),
        cause: cause(claim, claim.round, name),
        due: Some(due),
    };
    tasks::ask(ctx, tx, task).await
}

/// Only the part of the place by which the role finds its tasks.
fn addressed(role: Role, place: &Place) -> Place {
    let place = place.clone();
    match role {
        Role::Employer => Place {
            org: place.org,
            ..Place::default()
        },
        Role::District => Place {
            district: place.district,
            ..Place::default()
        },
        Role::Department => Place {
            department: place.department,
            ..Place::default()
        },
        Role::Learner => Place {
            person: place.person,
            ..Place::default()
        },
        _ => Place::default(),
    }
}

async fn message(ctx: &Ctx, tx: &mut Tx, claim: &Claim, step: Step, note: &str) -> Result<()> {
    let title = &claim.facts.title;
    let body = match step {
        Step::Submitted | Step::Resubmitted | Step::Withdrawn => return Ok(()),
        Step::Confirmed => format!("“{title}”已由单位确认，转{}认定。", claim.competent.name()),
        Step::PassedOn => format!(
            "单位没有在期限内确认“{title}”，已直接转{}认定。",
            claim.competent.name()
        ),
        Step::Returned => format!("“{title}”需要补正：{note} 请修改后重新提交。"),
        Step::Refused => format!("“{title}”不予认定，理由：{note}"),
        Step::Recognised => format!("“{title}”已认定 {} 学时，已记入年度学时。", claim.hours),
        Step::Voided => format!("“{title}”经抽查作废，学时已冲正，理由：{note}"),
    };
    let message = NewMessage {
        role: None,
        place: Place {
            person: claim.place.person,
            ..Place::default()
        },
        title: format!("学时申报{}", step.name()),
        body,
        href: format!("/desk/claims/{}", claim.id),
        cause: format!("claim:{}:{}:{}", claim.id, claim.round, kernel::Code::code(step)),
    };
    notices::send(ctx, tx, &message).await
}

/// The deadline that runs for a claim now.
pub(super) async fn due(tx: &mut Tx, claim: &Claim) -> Result<Option<Deadline>> {
    match deadline_name(claim.state.code()) {
        Some(name) => deadlines::find(tx, KIND, claim.id.get(), name).await,
        None => Ok(None),
    }
}
