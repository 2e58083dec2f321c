//! Messages as the administrators of an endpoint see them: where each stands, what the receiver answered, once more.

use db::Tx;
use kernel::id::{DeliveryId, EndpointId};
use kernel::{Result, Time};
use rules::permits::Act;
use rules::webhooks::EventKind;
use rules::webhooks::delivery::{DeliveryState, Standing};
use serde_json::json;

use super::{Endpoint, store};
use crate::{Ctx, Listed, Window};

/// A message to an endpoint.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its id; the receiver knows it as `msg_` and this.
    pub id: DeliveryId,
    /// To whom.
    pub endpoint: EndpointId,
    /// What happened.
    pub kind: EventKind,
    /// JSON as it is sent.
    pub body: String,
    /// Where it stands.
    pub standing: Standing,
    /// When it was tried last.
    pub tried_at: Option<Time>,
    /// The status of the last answer; none when there was none.
    pub status: Option<u16>,
    /// The beginning of the last answer, or why there was none.
    pub answer: String,
    /// When it was written.
    pub created_at: Time,
}

impl Delivery {
    /// The id that the receiver sees, the same at every attempt.
    #[must_use]
    pub fn message_id(&self) -> String {
        format!("msg_{}", self.id)
    }
}

/// What the list is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct DeliveryFilter {
    /// In one state.
    pub state: Option<DeliveryState>,
    /// Of one kind.
    pub kind: Option<EventKind>,
}

/// The messages to an endpoint.
///
/// # Errors
/// `NotFound` when the endpoint is out of reach.
pub async fn deliveries(
    ctx: &Ctx,
    endpoint: EndpointId,
    filter: DeliveryFilter,
    window: &Window,
) -> Result<(Endpoint, Listed<Delivery>)> {
    let endpoint = super::load(ctx, endpoint).await?;
    let mut tx = ctx.db.read().await?;
    let listed = store::deliveries::list_of(&mut tx, endpoint.id, filter, window).await?;
    Ok((endpoint, listed))
}

/// One message with its endpoint.
///
/// # Errors
/// `NotFound` when the endpoint is out of reach.
pub async fn delivery(ctx: &Ctx, id: DeliveryId) -> Result<(Endpoint, Delivery)> {
    let mut tx = ctx.db.read().await?;
    let delivery = store::deliveries::load(&mut tx, id).await?;
    drop(tx);
    Ok((super::load(ctx, delivery.endpoint).await?, delivery))
}

/// Sends a message once more from the beginning, under the same id.
///
/// # Errors
/// `NotFound`, Forbidden; `webhook.waiting` while it waits for its first attempt.
pub async fn again(ctx: &Ctx, id: DeliveryId) -> Result<Delivery> {
    let mut tx = ctx.db.write().await?;
    let delivery = store::deliveries::load(&mut tx, id).await?;
    // Locked, so that a turn that is under way writes its outcome before or after, never in between.
    let endpoint = store::endpoints::lock(&mut tx, delivery.endpoint).await?;
    ctx.may(Act::ManageWebhooks, &endpoint.place)?;
    let delivery = store::deliveries::load(&mut tx, id).await?;
    let standing = delivery.standing.again(ctx.now())?;
    store::deliveries::save(&mut tx, id, standing, None).await?;
    store::endpoints::wake(&mut tx, endpoint.id).await?;
    let after = json!({ "message": id });
    ctx.audit(&mut tx, "retry_webhook", endpoint.subject(), json!(null), after)
        .await?;
    tx.commit().await?;
    Ok(delivery)
}

/// Removes messages from before a moment that no longer wait; returns how many.
///
/// # Errors
/// Storage failures.
pub async fn prune(tx: &mut Tx, before: Time) -> Result<u64> {
    store::deliveries::prune(tx, before).await
}
