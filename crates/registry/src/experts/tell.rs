//! What every move of a membership leaves behind: the audit row, a step of the story, the task of an invitation, a message.

use db::Tx;
use kernel::{Place, Result, Role};
use rules::experts::Step;
use serde_json::Value as Json;

use super::Expert;
use super::store::{self, Told};
use crate::Ctx;
use crate::notices::{self, NewMessage};
use crate::tasks::{self, NewTask};

/// Where an expert answers and keeps their own facts.
const HREF: &str = "/desk/my/expert";

/// Writes what goes with a move that was saved.
pub(super) async fn moved(ctx: &Ctx, tx: &mut Tx, expert: &Expert, (before, step): (Json, Step)) -> Result<()> {
    let reason = expert.standing.reason();
    let told = Told {
        at: ctx.now(),
        step,
        role: ctx.actor.role,
        note: reason.to_owned(),
    };
    store::add_step(tx, expert.id, &told, &ctx.actor.label).await?;
    let deed = match step {
        Step::Invited => "invite_expert",
        Step::Accepted => "accept_invitation",
        Step::Declined => "decline_invitation",
        Step::Suspended => "suspend_expert",
        Step::Resumed => "resume_expert",
        Step::Ended => "end_expert",
    };
    let why = Some(reason).filter(|reason| !reason.is_empty());
    ctx.audit_because(tx, deed, expert.subject(), (before, expert.audited()), why)
        .await?;
    ask(ctx, tx, expert, step).await?;
    message(ctx, tx, expert, step).await
}

fn addressed(expert: &Expert) -> Place {
    Place {
        person: Some(expert.person),
        ..Place::default()
    }
}

async fn ask(ctx: &Ctx, tx: &mut Tx, expert: &Expert, step: Step) -> Result<()> {
    // Each invitation is a cause of its own: the instant tells them apart.
    let invitations = store::steps(tx, expert.id).await?;
    let last = invitations.iter().rev().find(|told| told.step == Step::Invited);
    let Some(last) = last else { return Ok(()) };
    let cause = format!("expert.invitation:{}:{}", expert.id, last.at.micros());
    if step != Step::Invited {
        return tasks::done(ctx, tx, &cause).await;
    }
    let task = NewTask {
        kind: "expert.invitation",
        title: "答复加入专家库的邀请".to_owned(),
        href: HREF.to_owned(),
        role: Role::Learner,
        place: addressed(expert),
        cause,
        due: None,
    };
    tasks::ask(ctx, tx, task).await
}

async fn message(ctx: &Ctx, tx: &mut Tx, expert: &Expert, step: Step) -> Result<()> {
    let reason = expert.standing.reason();
    let (title, body) = match step {
        Step::Invited => (
            "邀请您加入专家库",
            format!(
                "任期到 {}。请查看说明后接受或谢绝；接受后可以切换到专家角色。",
                expert.term.until
            ),
        ),
        Step::Suspended => ("专家库：已暂停分配评审", format!("理由：{reason}")),
        Step::Resumed => ("专家库：已恢复分配评审", "请核对您的可用时间和回避登记。".to_owned()),
        Step::Ended => ("专家库：已退出", format!("理由：{reason} 感谢您的工作。")),
        Step::Accepted | Step::Declined => return Ok(()),
    };
    let message = NewMessage {
        role: None,
        place: addressed(expert),
        title: title.to_owned(),
        body,
        href: HREF.to_owned(),
        cause: format!(
            "expert:{}:{}:{}",
            expert.id,
            kernel::Code::code(step),
            ctx.now().micros()
        ),
    };
    notices::send(ctx, tx, &message).await
}
