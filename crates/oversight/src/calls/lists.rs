//! Calls and declarations as those see them who may: lists, one call, one declaration; and what the public sees of them.

use kernel::{Code as _, Deadline, Error, Result, id::CallId, id::DeclarationId};
use registry::taxonomy::deadlines;
use registry::{Ctx, Listed, Window};
use rules::calls::approval;
use rules::calls::check::Finding;
use rules::calls::template::Approver;
use rules::calls::{CallState, DeclarationState, Level, Party, Period};
use rules::permits::{self, Act};

use super::store::call::{self as call_store, Approval, Call, CallFilter};
use super::store::declaration::{self as store, Declaration, DeclarationFilter, DeclarationLine};
use super::store::notice::{self as notice_store, KeptObjection};
use super::store::part::{self, Attachment, Checked, HandedIn, Told};
use super::store::topic::{self as topic_store, Topic};
use super::{CALL, checking, moving};

/// Whether the actor may see a declaration: the host its own, everybody else what was handed in.
pub(super) fn in_sight(ctx: &Ctx, one: &Declaration) -> Result<()> {
    ctx.may(Act::ListDeclarations, &one.place)?;
    if one.number.is_none() && ctx.actor.org() != Some(one.host) {
        return Err(Error::NotFound);
    }
    Ok(())
}

/// Calls that the actor keeps or watches over.
///
/// # Errors
/// Storage failures.
pub async fn calls(ctx: &Ctx, filter: &CallFilter, window: &Window) -> Result<Listed<Call>> {
    let mut tx = ctx.db.read().await?;
    call_store::list(&mut tx, &ctx.scope(Act::ListCalls), filter, window).await
}

/// Published calls, for everybody, newest first.
///
/// # Errors
/// Storage failures.
pub async fn public_calls(ctx: &Ctx, filter: &CallFilter, window: &Window) -> Result<Listed<Call>> {
    let mut tx = ctx.db.read().await?;
    let filter = CallFilter {
        published: true,
        ..filter.clone()
    };
    call_store::list(&mut tx, &kernel::Scope::All, &filter, window).await
}

/// Calls that take topics or declarations now.
///
/// # Errors
/// Storage failures.
pub async fn open_calls(ctx: &Ctx) -> Result<Vec<Call>> {
    let filter = CallFilter {
        state: Some(CallState::Open),
        ..CallFilter::default()
    };
    let found = public_calls(ctx, &filter, &Window::sorted("closes", false, 100)).await?;
    let now = ctx.now();
    Ok(found
        .rows
        .into_iter()
        .filter(|call| call.opens_at <= now && now <= call.closes_at)
        .collect())
}

/// A call with what belongs to it.
#[derive(Debug, Clone)]
pub struct CallView {
    /// The call.
    pub call: Call,
    /// How many declarations are in each state.
    pub counts: Vec<(DeclarationState, i64)>,
    /// The approvals that were given.
    pub approvals: Vec<Approval>,
    /// The bodies that still have to approve.
    pub missing: Vec<Approver>,
    /// The deadline of the notice or of the approvals.
    pub due: Option<Deadline>,
    /// Objections; for the body whose call it is.
    pub objections: Vec<KeptObjection>,
    /// Whether the actor is that body.
    pub moves: bool,
    /// For which body the actor may approve now.
    pub approves: Option<Approver>,
    /// The declarations in review or later, best first.
    pub ranked: Vec<Declaration>,
}

/// States from the review on, in which a declaration has or awaits a rank.
const RANKED: [DeclarationState; 7] = [
    DeclarationState::Reviewing,
    DeclarationState::Proposed,
    DeclarationState::Noticed,
    DeclarationState::Approving,
    DeclarationState::Approved,
    DeclarationState::Deferred,
    DeclarationState::NotSelected,
];

/// One call.
///
/// # Errors
/// NotFound when it is out of sight.
pub async fn view_call(ctx: &Ctx, id: CallId) -> Result<CallView> {
    let mut tx = ctx.db.read().await?;
    let call = call_store::load(&mut tx, id).await?;
    ctx.may(Act::ListCalls, &call.place)?;
    let filter = DeclarationFilter {
        call: Some(id),
        ..DeclarationFilter::default()
    };
    let counts = store::counts(&mut tx, &ctx.scope(Act::ListDeclarations), &filter).await?;
    let approvals = call_store::approvals(&mut tx, id).await?;
    let given: Vec<approval::Given> = approvals.iter().map(|one| one.given).collect();
    let missing: Vec<Approver> = approval::missing(&call.template.approvers, &given).collect();
    let moves =
        permits::may(&ctx.actor, Act::EditCall, &call.place).is_ok() && Level::of(ctx.actor.role) == Some(call.level);
    let approves = missing
        .iter()
        .copied()
        .find(|approver| approver.role(call.level) == ctx.actor.role)
        .filter(|_| {
            call.state == CallState::Approving && permits::may(&ctx.actor, Act::ApproveCall, &call.place).is_ok()
        });
    let objections = if moves {
        notice_store::objections(&mut tx, id).await?
    } else {
        Vec::new()
    };
    Ok(CallView {
        due: due(&mut tx, &call).await?,
        ranked: store::of_call(&mut tx, id, &RANKED).await?,
        counts,
        approvals,
        missing,
        objections,
        moves,
        approves,
        call,
    })
}

async fn due(tx: &mut db::Tx, call: &Call) -> Result<Option<Deadline>> {
    let period = match call.state {
        CallState::Noticed => Period::Notice,
        CallState::Approving => Period::Approve,
        _ => return Ok(None),
    };
    deadlines::find(tx, CALL, call.id.get(), period.code()).await
}

/// A call as everybody sees it.
#[derive(Debug, Clone)]
pub struct PublicCall {
    /// The call.
    pub call: Call,
    /// Adopted topics.
    pub topics: Vec<Topic>,
    /// Projects under notice, or of the published plan, with what was changed since.
    pub projects: Vec<(Declaration, Vec<Told>)>,
    /// Objections that were answered.
    pub answered: Vec<KeptObjection>,
    /// How many objections wait for their answer.
    pub open: usize,
    /// When the notice ends.
    pub due: Option<Deadline>,
}

/// One published call.
///
/// # Errors
/// NotFound for a draft as for nothing.
pub async fn public_call(ctx: &Ctx, id: CallId) -> Result<PublicCall> {
    let mut tx = ctx.db.read().await?;
    let call = call_store::load(&mut tx, id).await?;
    if call.number.is_none() {
        return Err(Error::NotFound);
    }
    let states: &[DeclarationState] = match call.state {
        CallState::Noticed => &[DeclarationState::Noticed],
        CallState::Approving => &[DeclarationState::Approving],
        CallState::Published => &[
            DeclarationState::Approved,
            DeclarationState::Deferred,
            DeclarationState::Cancelled,
            DeclarationState::Withdrawn,
        ],
        _ => &[],
    };
    let mut projects = Vec::new();
    for one in store::of_call(&mut tx, id, states).await? {
        // What was called off before the plan is no part of it.
        if call.state == CallState::Published && one.plan_number.is_none() {
            continue;
        }
        let changes = if call.state == CallState::Published {
            changes(part::story(&mut tx, one.id).await?)
        } else {
            Vec::new()
        };
        projects.push((one, changes));
    }
    let objections = notice_store::objections(&mut tx, id).await?;
    let (answered, open): (Vec<_>, Vec<_>) = objections.into_iter().partition(|one| one.answered_at.is_some());
    Ok(PublicCall {
        topics: topic_store::adopted(&mut tx, id).await?,
        due: deadlines::find(&mut tx, CALL, id.get(), Period::Notice.code()).await?,
        open: open.len(),
        projects,
        answered,
        call,
    })
}

/// What was changed in the plan, from the whole story.
fn changes(story: Vec<Told>) -> Vec<Told> {
    use rules::calls::DeclarationDeed as Deed;
    story
        .into_iter()
        .skip_while(|told| told.deed != Deed::Approve)
        .skip(1)
        .collect()
}

/// Declarations in sight.
///
/// # Errors
/// Storage failures.
pub async fn declarations(ctx: &Ctx, filter: &DeclarationFilter, window: &Window) -> Result<Listed<DeclarationLine>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &ctx.scope(Act::ListDeclarations), &seen(ctx, filter), window).await
}

/// How many declarations in sight are in each state.
///
/// # Errors
/// Storage failures.
pub async fn counts(ctx: &Ctx, filter: &DeclarationFilter) -> Result<Vec<(DeclarationState, i64)>> {
    let mut tx = ctx.db.read().await?;
    store::counts(&mut tx, &ctx.scope(Act::ListDeclarations), &seen(ctx, filter)).await
}

/// A host lists its drafts too; everybody else what was handed in.
fn seen(ctx: &Ctx, filter: &DeclarationFilter) -> DeclarationFilter {
    let mut filter = filter.clone();
    filter.with_drafts &= permits::has(&ctx.actor, Act::MakeDeclaration);
    filter
}

/// One declaration with what belongs to it.
#[derive(Debug, Clone)]
pub struct DeclarationView {
    /// The declaration.
    pub declaration: Declaration,
    /// Its call.
    pub call: Call,
    /// Its topic.
    pub topic: Option<Topic>,
    /// Its story.
    pub story: Vec<Told>,
    /// What was handed in, each time.
    pub versions: Vec<HandedIn>,
    /// Its attachments.
    pub attachments: Vec<Attachment>,
    /// The formal check that was made.
    pub checked: Vec<Checked>,
    /// What the machine finds now; while it is written or checked.
    pub found: Vec<Finding>,
    /// The deadline that runs.
    pub due: Option<Deadline>,
    /// Whether the actor acts for its host.
    pub own: bool,
    /// As whom the actor may act on it.
    pub parties: Vec<Party>,
}

/// One declaration.
///
/// # Errors
/// NotFound when it is out of sight, or another's draft.
pub async fn view_declaration(ctx: &Ctx, id: DeclarationId) -> Result<DeclarationView> {
    let mut tx = ctx.db.read().await?;
    let one = store::load(&mut tx, id).await?;
    in_sight(ctx, &one)?;
    let call = call_store::load(&mut tx, one.call).await?;
    let own = ctx.actor.org() == Some(one.host);
    let mut parties = Vec::new();
    if own && permits::may(&ctx.actor, Act::MakeDeclaration, &one.place).is_ok() {
        parties.push(Party::Host);
    }
    if permits::may(&ctx.actor, Act::RecommendDeclaration, &one.place).is_ok() && ctx.actor.role == one.recommender {
        parties.push(Party::Recommender);
    }
    if permits::may(&ctx.actor, Act::EditCall, &call.place).is_ok() && Level::of(ctx.actor.role) == Some(call.level) {
        parties.push(Party::Authority);
    }
    let approves = call
        .template
        .approvers
        .iter()
        .any(|approver| approver.role(call.level) == ctx.actor.role);
    if approves && permits::may(&ctx.actor, Act::ApproveCall, &call.place).is_ok() {
        parties.push(Party::Approver);
    }
    let found = if one.state.is_open() || one.state == DeclarationState::Checking {
        checking::found(ctx, &mut tx, &call, &one).await?
    } else {
        Vec::new()
    };
    let topic = match one.topic {
        Some(topic) => Some(topic_store::load(&mut tx, topic).await?),
        None => None,
    };
    Ok(DeclarationView {
        story: part::story(&mut tx, id).await?,
        versions: part::versions(&mut tx, id).await?,
        attachments: part::attachments(&mut tx, id).await?,
        checked: part::checked(&mut tx, id).await?,
        due: moving::due(&mut tx, &one).await?,
        found,
        topic,
        own,
        parties,
        declaration: one,
        call,
    })
}
