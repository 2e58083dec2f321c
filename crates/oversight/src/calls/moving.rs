//! The one door through which every declaration moves: the table says whether, where to, who is told and what period begins.
//!
//! Each move leaves a step of the story, an audit row, the end of the tasks of the state before, a task for whoever must act next, and
//! messages to whom the table names. Deliberately absent: who may; the use case of each deed asks.

use db::Tx;
use kernel::{Code as _, Deadline, OrgId, Place, Result, Role, id::DeclarationId};
use registry::identity::grants;
use registry::notices::{self, NewMessage};
use registry::tasks::{self, NewTask};
use registry::taxonomy::deadlines;
use registry::{Ctx, Subject};
use rules::calls::{DeclarationDeed, DeclarationState, Party, Period, keep_apart};
use serde_json::json;

use super::DECLARATION;
use super::store::call::Call;
use super::store::declaration::{self as store, Declaration};
use super::store::part::{self, Told};

/// Locks a declaration, with its call.
pub(super) async fn lock(tx: &mut Tx, id: DeclarationId) -> Result<(Call, Declaration)> {
    tx.lock_row("declarations", id.get()).await?;
    let one = store::load(tx, id).await?;
    Ok((super::store::call::load(tx, one.call).await?, one))
}

/// refuses whoever may act for the host, in whatever role.
pub(super) async fn stand_back(ctx: &Ctx, tx: &mut Tx, host: OrgId) -> Result<()> {
    let mut own: Vec<OrgId> = ctx.actor.org().into_iter().collect();
    if let Some(account) = ctx.actor.account {
        own.extend(grants::orgs_of(tx, account).await?);
    }
    keep_apart(host, &own)
}

/// Moves a declaration as it was loaded in this transaction.
pub(super) async fn step(
    ctx: &Ctx,
    tx: &mut Tx,
    (call, one): (&Call, &mut Declaration),
    (deed, note): (DeclarationDeed, &str),
) -> Result<()> {
    let seen = one.version;
    step_from(ctx, tx, (call, one, seen), (deed, note)).await
}

/// Moves a declaration as somebody was shown it: `seen` is the version on their page.
pub(super) async fn step_from(
    ctx: &Ctx,
    tx: &mut Tx,
    (call, one, seen): (&Call, &mut Declaration, i64),
    (deed, note): (DeclarationDeed, &str),
) -> Result<()> {
    let row = one.state.row(deed)?;
    let before = one.state;
    one.state = row.to;
    one.state_at = ctx.now();
    note.clone_into(&mut one.reason);
    store::save(tx, one, seen).await?;
    one.version = seen + 1;
    let told = Told {
        at: ctx.now(),
        deed,
        role: ctx.actor.role,
        note: note.to_owned(),
    };
    part::tell(tx, one.id, &told, &ctx.actor.label).await?;
    let thing = Subject::new(DECLARATION, one.id.get(), one.place.clone());
    let (was, is) = (
        json!({ "state": before }),
        json!({ "state": one.state, "number": one.number }),
    );
    let why = Some(note).filter(|note| !note.is_empty());
    ctx.audit_because(tx, deed_in_trail(deed), thing, (was, is), why)
        .await?;
    end_tasks(ctx, tx, one, before).await?;
    let asked = ask(ctx, tx, (call, one), row.then).await?;
    for party in row.tells.iter().filter(|party| Some(**party) != asked) {
        message(ctx, tx, (call, one), (*party, deed, note)).await?;
    }
    Ok(())
}

/// What a deed is called in the trail; its words stand in `rules/src/identity/trail.rs`.
const fn deed_in_trail(deed: DeclarationDeed) -> &'static str {
    match deed {
        DeclarationDeed::Submit | DeclarationDeed::SubmitDirectly => "submit_declaration",
        DeclarationDeed::Recommend => "recommend_declaration",
        DeclarationDeed::Return => "return_declaration",
        DeclarationDeed::Decline => "decline_declaration",
        DeclarationDeed::Pass => "pass_declaration",
        DeclarationDeed::Fail => "fail_declaration",
        DeclarationDeed::Propose => "propose_declaration",
        DeclarationDeed::TakeBack => "take_back_declaration",
        DeclarationDeed::LeaveOut => "leave_out_declaration",
        DeclarationDeed::GiveNotice => "notice_declaration",
        DeclarationDeed::Exclude => "exclude_declaration",
        DeclarationDeed::EndNotice => "end_notice_declaration",
        DeclarationDeed::Approve => "approve_declaration",
        DeclarationDeed::Reject => "reject_declaration",
        DeclarationDeed::Defer => "defer_declaration",
        DeclarationDeed::Resume => "resume_declaration",
        DeclarationDeed::ReplaceHost => "replace_host",
        DeclarationDeed::Withdraw => "withdraw_declaration",
        DeclarationDeed::Cancel => "cancel_declaration",
    }
}

fn cause(one: &Declaration, state: DeclarationState, round: i64) -> String {
    format!("{DECLARATION}.{}:{}:{round}", state.code(), one.id)
}

async fn end_tasks(ctx: &Ctx, tx: &mut Tx, one: &Declaration, before: DeclarationState) -> Result<()> {
    tasks::done(ctx, tx, &cause(one, before, one.round)).await?;
    // Handing in again begins a new round.
    tasks::done(ctx, tx, &cause(one, before, one.round - 1)).await
}

/// In which role the host acts.
pub(super) const fn host_role(place: &Place) -> Role {
    if place.provider.is_some() {
        Role::Provider
    } else {
        Role::Employer
    }
}

/// Only the part of a place by which a role finds its tasks and messages.
pub(super) fn addressed(role: Role, place: &Place) -> Place {
    let of = place.clone();
    match role {
        Role::Provider => Place {
            provider: of.provider,
            ..Place::default()
        },
        Role::Employer => Place {
            org: of.org,
            ..Place::default()
        },
        Role::District => Place {
            district: of.district,
            ..Place::default()
        },
        Role::Department => Place {
            department: of.department,
            ..Place::default()
        },
        _ => Place::default(),
    }
}

/// Asks whoever must act in the new state, with the deadline; returns who.
async fn ask(
    ctx: &Ctx,
    tx: &mut Tx,
    (call, one): (&Call, &Declaration),
    then: Option<Period>,
) -> Result<Option<Party>> {
    let (party, role, place, words) = match one.state {
        DeclarationState::Submitted => (Party::Recommender, one.recommender, &one.place, "推荐项目申报"),
        DeclarationState::Returned => (Party::Host, host_role(&one.place), &one.place, "修改项目申报"),
        DeclarationState::Checking => (Party::Authority, call.level.role(), &call.place, "形式审查项目申报"),
        _ => return Ok(None),
    };
    let due = match then {
        Some(period) => Some(due_in(ctx, tx, (one, call), period).await?),
        None => None,
    };
    let number = one.number.as_deref().unwrap_or_default();
    let task = NewTask {
        kind: match party {
            Party::Recommender => "declaration.recommend",
            Party::Host => "declaration.correct",
            _ => "declaration.check",
        },
        title: format!("{words} {number}：{}", one.content.title),
        href: format!("/desk/declarations/{}", one.id),
        role,
        place: addressed(role, place),
        cause: cause(one, one.state, one.round),
        due,
    };
    tasks::ask(ctx, tx, task).await?;
    Ok(Some(party))
}

async fn due_in(ctx: &Ctx, tx: &mut Tx, (one, call): (&Declaration, &Call), period: Period) -> Result<Deadline> {
    let name = (DECLARATION, one.id.get(), period.code());
    deadlines::set(ctx, tx, name, ctx.today(), call.template.days(period)).await
}

/// The deadline that runs for a declaration now.
pub(super) async fn due(tx: &mut Tx, one: &Declaration) -> Result<Option<Deadline>> {
    let period = match one.state {
        DeclarationState::Submitted => Period::Recommend,
        DeclarationState::Returned => Period::Correct,
        DeclarationState::Checking => Period::Check,
        _ => return Ok(None),
    };
    deadlines::find(tx, DECLARATION, one.id.get(), period.code()).await
}

async fn message(
    ctx: &Ctx,
    tx: &mut Tx,
    (call, one): (&Call, &Declaration),
    (party, deed, note): (Party, DeclarationDeed, &str),
) -> Result<()> {
    let (role, place) = match party {
        Party::Host => {
            let place = Place {
                org: Some(one.host),
                ..Place::default()
            };
            (host_role(&one.place), place)
        }
        Party::Recommender => (one.recommender, addressed(one.recommender, &one.place)),
        Party::Authority => (call.level.role(), addressed(call.level.role(), &call.place)),
        // Those who approve are asked once for the whole plan.
        Party::Approver | Party::Platform => return Ok(()),
    };
    let because = if note.is_empty() {
        String::new()
    } else {
        format!("说明：{note}")
    };
    let message = NewMessage {
        role: Some(role),
        place,
        title: format!("项目申报：{}", deed.name()),
        body: format!("《{}》{}{because}", one.content.title, one.state.sees()),
        href: format!("/desk/declarations/{}", one.id),
        cause: format!("{DECLARATION}:{}:{}:{}", one.id, one.version, party.code()),
    };
    notices::send(ctx, tx, &message).await
}
