//! Calls for projects, from the call to the published annual plan.
//!
//! ```text
//! draft ──► publish ──► topics, declarations, recommendation ──► check ──► (review) ──► propose ──► notice ──► approve ──► plan
//! ```
//! The workflow stands in [`rules::calls::workflow`]; here it is carried out. `templates` keeps the kinds of call, `fees` the ceilings,
//! `drafting` a call until it is published, `topics` and `declaring` what comes in, `recommending` and `checking` what is done with it,
//! `planning` the ranking and the proposed plan, `noticing` the public notice with objections, `observing` the evidence that it could be
//! seen, `approving` the decision, `changing` what happens to a project of a published plan, `round` what happens by the clock, `moving`
//! the one door through which every declaration moves, `lists` what is shown.
//! `review` has experts review what is in a round; its ranking comes back by [`take_ranking`].
//! Rules: R-80 to R-92. Deliberately absent: filing, enrolment and the class of an approved project.

mod approving;
mod changing;
mod checking;
mod declaring;
mod drafting;
mod fees;
mod lists;
mod moving;
mod noticing;
mod observing;
mod planning;
mod recommending;
pub mod review;
mod round;
mod store;
mod templates;
mod topics;

use db::{Event, Tx};
use kernel::{Error, Result, id::CallId};
use registry::{Ctx, Subject};
use rules::permits::Act;
use serde::{Deserialize, Serialize};

pub use approving::{approve, reject};
pub use changing::{cancel_project, defer, replace_host, resume};
pub use checking::{begin_review, decide_check, examine};
pub use declaring::{attach, begin, detach, may_write, open_attachment, save, submit, withdraw};
pub use drafting::{Draft, cancel, draft, edit, publish};
pub use fees::{fees, set_fee, standards};
pub use lists::{
    CallView, DeclarationView, PublicCall, calls, counts, declarations, open_calls, public_call, public_calls,
    view_call, view_declaration,
};
pub use noticing::{answer_objection, object, reveal_objector};
pub use observing::{Answer, Evidence, Visit, Visited, evidence, observe, signed_evidence};
pub use planning::{give_notice, propose, record_scores, take_back, take_ranking};
pub use recommending::{decline, give_back, recommend};
pub use round::{handlers, round};
pub use store::{
    call::{Approval, Call, CallFilter},
    declaration::{Declaration, DeclarationFilter, DeclarationLine},
    fee::KeptStandard,
    notice::{KeptObjection, Seen},
    part::{Attachment, Checked, HandedIn, Told},
    template::KeptTemplate,
    topic::{Topic, TopicFilter},
};
pub use templates::{add_template, save_template, template, templates};
pub use topics::{NewTopic, decide_topic, edit_topic, propose_topic, topics, view_topic, withdraw_topic};

/// Keeps the kinds of call and the ceilings that an installation begins with, where they are missing.
///
/// # Errors
/// Storage failures.
pub async fn ship(ctx: &Ctx) -> Result<()> {
    templates::ship_templates(ctx).await?;
    fees::ship_fees(ctx).await
}

/// What a call is called in its deadlines and in the trail.
const CALL: &str = "call";
/// What a declaration is called there.
const DECLARATION: &str = "declaration";
/// What a topic is called there.
const TOPIC: &str = "topic";

/// Told when an annual plan was published.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanPublished {
    /// The call it came from.
    pub call: CallId,
}

impl Event for PlanPublished {
    const KIND: &'static str = "plan_published";
}

/// Locks a call that the actor moves on as the body whose call it is.
async fn of_authority(ctx: &Ctx, tx: &mut Tx, id: CallId) -> Result<Call> {
    let call = store::call::lock(tx, id).await?;
    is_authority(ctx, &call)?;
    Ok(call)
}

/// Whether the actor is the body whose call it is; who only watches over it is told so.
fn is_authority(ctx: &Ctx, call: &Call) -> Result<()> {
    ctx.may(Act::EditCall, &call.place)?;
    if ctx.actor.role == call.level.role() || ctx.actor.role == kernel::Role::System {
        return Ok(());
    }
    Err(Error::refused(
        "call.turn",
        format!("这次征集由{}组织，请由其办理。", call.authority),
    ))
}

fn subject(call: &Call) -> Subject {
    Subject::new(CALL, call.id.get(), call.place.clone())
}
