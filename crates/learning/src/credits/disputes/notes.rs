//! Who is asked and who is told at each step: tasks with deadlines for those who must act, messages for those concerned.
//!
//! Every task and message is keyed by the case and the step, so that nothing is asked or told twice.
//! Deliberately absent: names of the person in what others read; they open the case, where the name is masked.

use db::Tx;
use kernel::{Deadline, Place, Result, Role, id::DisputeId};
use registry::notices::{self, NewMessage};
use registry::tasks::{self, NewTask};
use registry::{Ctx, taxonomy::deadline_sentence};
use rules::credits::disputes::{DisputeState, Outcome};

use super::Dispute;

/// The cause of a task about a case.
pub(super) fn cause(what: &str, id: DisputeId) -> String {
    format!("dispute.{what}:{id}")
}

fn provider(case: &Dispute) -> Place {
    Place {
        provider: case.place.provider,
        org: case.place.provider,
        ..Place::default()
    }
}

struct Asked<'a> {
    kind: &'static str,
    what: &'a str,
    words: &'a str,
    role: Role,
    place: Place,
}

async fn ask(ctx: &Ctx, tx: &mut Tx, case: &Dispute, asked: Asked<'_>, due: Deadline) -> Result<()> {
    let task = NewTask {
        kind: asked.kind,
        title: format!("{}：{}（{}）", asked.words, case.title, case.number),
        href: format!("/desk/disputes/{}", case.id),
        role: asked.role,
        place: asked.place,
        cause: cause(asked.what, case.id),
        due: Some(due),
    };
    tasks::ask(ctx, tx, task).await
}

async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    case: &Dispute,
    (role, place): (Option<Role>, Place),
    note: Note<'_>,
) -> Result<()> {
    let to = role.map_or("person", kernel::Code::code);
    let message = NewMessage {
        role,
        place,
        title: note.title.to_owned(),
        body: note.body,
        href: format!("/desk/disputes/{}", case.id),
        cause: format!("dispute:{}:{}:{to}", case.id, note.step),
    };
    notices::send(ctx, tx, &message).await
}

struct Note<'a> {
    step: &'a str,
    title: &'a str,
    body: String,
}

fn person(case: &Dispute) -> (Option<Role>, Place) {
    (
        None,
        Place {
            person: Some(case.person),
            ..Place::default()
        },
    )
}

fn to_provider(case: &Dispute) -> (Option<Role>, Place) {
    (Some(Role::Provider), provider(case))
}

/// A case is there: the provider, or where there is none the body, must act.
pub(super) async fn opened(ctx: &Ctx, tx: &mut Tx, case: &Dispute, due: Deadline) -> Result<()> {
    let by = deadline_sentence(due);
    let next = match case.state {
        DisputeState::Opened => format!("施教机构将在 {by} 前答复，之后由{}决定。", case.body.name()),
        _ => format!("{}将在 {by} 前作出决定。", case.body.name()),
    };
    let body = format!("“{}”的异议 {} 已受理。{next}", case.title, case.number);
    tell(
        ctx,
        tx,
        case,
        person(case),
        Note {
            step: "opened",
            title: "异议已受理",
            body,
        },
    )
    .await?;
    if !matches!(case.state, DisputeState::Opened) {
        return ask_body(ctx, tx, case, due).await;
    }
    let asked = Asked {
        kind: "dispute.answer",
        what: "answer",
        words: "答复学时异议",
        role: Role::Provider,
        place: provider(case),
    };
    ask(ctx, tx, case, asked, due).await?;
    let body = format!(
        "有学员对“{}”的学时提出异议（{}），请核对后在 {by} 前答复；确属漏记的，也可以直接办理结业补记。",
        case.title, case.number
    );
    tell(
        ctx,
        tx,
        case,
        to_provider(case),
        Note {
            step: "opened",
            title: "收到学时异议",
            body,
        },
    )
    .await
}

async fn ask_body(ctx: &Ctx, tx: &mut Tx, case: &Dispute, due: Deadline) -> Result<()> {
    let asked = Asked {
        kind: "dispute.decide",
        what: "decide",
        words: "决定学时异议",
        role: case.body.role(),
        place: case.body.desk(&case.place),
    };
    ask(ctx, tx, case, asked, due).await
}

/// Answered, or lapsed: the body must decide.
pub(super) async fn to_be_decided(ctx: &Ctx, tx: &mut Tx, case: &Dispute, due: Deadline, why: &str) -> Result<()> {
    tasks::done(ctx, tx, &cause("answer", case.id)).await?;
    ask_body(ctx, tx, case, due).await?;
    let by = deadline_sentence(due);
    let body = format!(
        "“{}”的异议 {}：{why}，{}将在 {by} 前作出决定。",
        case.title,
        case.number,
        case.body.name()
    );
    tell(
        ctx,
        tx,
        case,
        person(case),
        Note {
            step: "to_be_decided",
            title: "异议有新进展",
            body,
        },
    )
    .await
}

/// Decided: both parties read the outcome and the reason; the person also until when an appeal is possible.
pub(super) async fn decided(
    ctx: &Ctx,
    tx: &mut Tx,
    case: &Dispute,
    next: &DisputeState,
    until: Option<Deadline>,
) -> Result<()> {
    tasks::done(ctx, tx, &cause("answer", case.id)).await?;
    tasks::done(ctx, tx, &cause("decide", case.id)).await?;
    let Some(verdict) = next.verdict() else { return Ok(()) };
    let ledger = match verdict.outcome {
        Outcome::Rejected => "学时不变。",
        Outcome::Upheld | Outcome::Partly => "学时已在作出决定的同时更正。",
    };
    let appeal = until.map_or_else(String::new, |until| {
        format!("对决定不服的，可在 {} 前申请复核一次。", deadline_sentence(until))
    });
    let told = format!(
        "“{}”的异议 {}：{}。{ledger}理由：{}。",
        case.title,
        case.number,
        verdict.outcome.name(),
        verdict.reason
    );
    let step = if matches!(case.state, DisputeState::Appealed { .. }) {
        "reviewed"
    } else {
        "decided"
    };
    let title = if step == "reviewed" {
        "异议复核已有决定"
    } else {
        "异议已有决定"
    };
    tell(
        ctx,
        tx,
        case,
        person(case),
        Note {
            step,
            title,
            body: format!("{told}{appeal}"),
        },
    )
    .await?;
    if case.place.provider.is_none() {
        return Ok(());
    }
    tell(
        ctx,
        tx,
        case,
        to_provider(case),
        Note {
            step,
            title,
            body: told,
        },
    )
    .await
}

/// Appealed: the lead must act, the parties are told.
pub(super) async fn appealed(ctx: &Ctx, tx: &mut Tx, case: &Dispute, due: Deadline) -> Result<()> {
    let asked = Asked {
        kind: "dispute.review",
        what: "review",
        words: "复核学时异议",
        role: Role::Lead,
        place: Place::default(),
    };
    ask(ctx, tx, case, asked, due).await?;
    let body = format!(
        "“{}”的异议 {} 已提交复核，市级牵头部门将在 {} 前作出决定。",
        case.title,
        case.number,
        deadline_sentence(due)
    );
    tell(
        ctx,
        tx,
        case,
        person(case),
        Note {
            step: "appealed",
            title: "复核申请已受理",
            body,
        },
    )
    .await
}

/// Over without a decision: nobody has to act any more.
pub(super) async fn over(ctx: &Ctx, tx: &mut Tx, case: &Dispute, why: &str) -> Result<()> {
    for what in ["answer", "decide", "review"] {
        tasks::done(ctx, tx, &cause(what, case.id)).await?;
    }
    let told = || format!("“{}”的异议 {} 已办结：{why}。", case.title, case.number);
    tell(
        ctx,
        tx,
        case,
        person(case),
        Note {
            step: "over",
            title: "异议已办结",
            body: told(),
        },
    )
    .await?;
    if case.place.provider.is_none() {
        return Ok(());
    }
    tell(
        ctx,
        tx,
        case,
        to_provider(case),
        Note {
            step: "over",
            title: "异议已办结",
            body: told(),
        },
    )
    .await
}

/// The period ends in two working days or less: whoever must act is reminded once.
pub(super) async fn remind(ctx: &Ctx, tx: &mut Tx, case: &Dispute, name: &str, due: Deadline) -> Result<()> {
    let to = match case.state {
        DisputeState::Opened => to_provider(case),
        DisputeState::Decided { .. } => person(case),
        DisputeState::Appealed { .. } => (Some(Role::Lead), Place::default()),
        _ => (Some(case.body.role()), case.body.desk(&case.place)),
    };
    let by = deadline_sentence(due);
    let body = match case.state {
        DisputeState::Decided { .. } => format!(
            "“{}”的异议 {}：如对决定不服，请在 {by} 前申请复核。",
            case.title, case.number
        ),
        _ => format!("“{}”的异议 {} 将于 {by} 到期，请尽快办理。", case.title, case.number),
    };
    let step = format!("remind:{name}");
    tell(
        ctx,
        tx,
        case,
        to,
        Note {
            step: &step,
            title: "异议期限将到",
            body,
        },
    )
    .await
}

/// A body is silent past its period: the lead is told, once.
pub(super) async fn overdue(ctx: &Ctx, tx: &mut Tx, case: &Dispute, name: &str, due: Deadline) -> Result<()> {
    let body = format!(
        "“{}”的异议 {} 应于 {} 前由{}决定，至今没有决定，请督办。",
        case.title,
        case.number,
        deadline_sentence(due),
        case.body.name()
    );
    let step = format!("overdue:{name}");
    let to = (Some(Role::Lead), Place::default());
    tell(
        ctx,
        tx,
        case,
        to,
        Note {
            step: &step,
            title: "异议逾期未决",
            body,
        },
    )
    .await
}
