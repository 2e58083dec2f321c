//! Sends what waits: endpoint by endpoint, each in one hand, several at once.
//!
//! ```text
//! claim an endpoint that has something due ─► its messages in order, at most a few ─► settle each ─► give it back
//! ```
//! The endpoint is the unit: a receiver that is slow or down costs one hand for one attempt and then rests (R-74), so that
//! it holds up nobody. A hand holds its endpoint by a lease, across processes; a process that dies loses nothing, and the
//! receiver may get a message twice, under the same id.
//! Deliberately absent: what to tell whom (`announce.rs`), sockets (`courier`).

use std::sync::Arc;
use std::time::Duration;

use courier::{Answer, Courier, Failure, Message};
use kernel::id::EndpointId;
use kernel::{Result, Role};
use rules::webhooks::delivery::Attempt;
use rules::webhooks::endpoint::{Silenced, Standing};
use serde_json::json;
use tokio::task::JoinSet;

use super::deliveries::Delivery;
use super::{Endpoint, store};
use crate::notices::{self, NewMessage};
use crate::{Ctx, CtxSource, identity::grants};

/// Endpoints served at once.
const HANDS: usize = 8;
/// Messages of one turn; ten seconds each at most, so that the turn ends within the lease.
const TURN: usize = 5;
/// How often the table is looked at when nothing was due.
const PACE: Duration = Duration::from_secs(1);
/// How long turns under way are waited for at the end.
const GRACE: Duration = Duration::from_secs(12);

/// Sends messages until it is told to stop.
#[derive(Clone)]
pub struct Dispatcher {
    source: CtxSource,
    courier: Arc<Courier>,
    patience: u32,
}

impl Dispatcher {
    /// With what sends, and the days after which an endpoint that takes nothing is switched off.
    #[must_use]
    pub fn new(source: &CtxSource, courier: Arc<Courier>, patience: u32) -> Self {
        Self {
            source: Arc::clone(source),
            courier,
            patience,
        }
    }

    fn ctx(&self) -> Ctx {
        (self.source)("webhooks")
    }

    /// Runs until it is told to stop.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let mut hands = JoinSet::new();
        loop {
            while hands.len() < HANDS {
                match self.claim().await {
                    Ok(Some(endpoint)) => {
                        let hand = self.clone();
                        hands.spawn(async move {
                            if let Err(error) = hand.turn(endpoint).await {
                                tracing::error!(%endpoint, %error, "a turn of webhooks failed");
                            }
                        });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(%error, "webhooks could not be looked for");
                        break;
                    }
                }
            }
            tokio::select! {
                () = &mut stop => break,
                Some(_) = hands.join_next() => {}
                () = tokio::time::sleep(PACE) => {}
            }
        }
        let drained = async { while hands.join_next().await.is_some() {} };
        // What is cut off is sent again after its lease.
        let _ = tokio::time::timeout(GRACE, drained).await;
    }

    /// Sends all that is due now, one after the other; returns how many attempts that were.
    ///
    /// # Errors
    /// Storage failures.
    pub async fn catch_up(&self) -> Result<u64> {
        let mut total = 0;
        while let Some(endpoint) = self.claim().await? {
            total += self.turn(endpoint).await?;
        }
        Ok(total)
    }

    async fn claim(&self) -> Result<Option<EndpointId>> {
        let ctx = self.ctx();
        // Looked at with a reader first: nobody takes the writer every second for nothing.
        if !store::endpoints::is_due(&mut ctx.db.read().await?, ctx.now()).await? {
            return Ok(None);
        }
        let mut tx = ctx.db.write().await?;
        let claimed = store::endpoints::claim(&mut tx, ctx.now()).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    /// The messages of an endpoint that are due, until one is not taken.
    async fn turn(&self, id: EndpointId) -> Result<u64> {
        let ctx = self.ctx();
        let mut tried = 0;
        while tried < TURN {
            let mut tx = ctx.db.read().await?;
            let endpoint = store::endpoints::load(&mut tx, id).await?;
            let delivery = store::deliveries::next_due(&mut tx, id, ctx.now()).await?;
            let living = !grants::actors(&mut tx, &[endpoint.grant]).await?.is_empty();
            drop(tx);
            let Some(delivery) = delivery.filter(|_| matches!(endpoint.standing, Standing::On { .. })) else {
                break;
            };
            if !living {
                self.silence(&ctx, id, Silenced::Ended).await?;
                break;
            }
            tried += 1;
            let answer = self.send(&ctx, &endpoint, &delivery).await;
            if !self.settle(&ctx, &delivery, answer).await? {
                break;
            }
        }
        let mut tx = ctx.db.write().await?;
        store::endpoints::give_back(&mut tx, id).await?;
        tx.commit().await?;
        Ok(tried as u64)
    }

    async fn send(&self, ctx: &Ctx, endpoint: &Endpoint, delivery: &Delivery) -> std::result::Result<Answer, Failure> {
        let (id, now) = (delivery.message_id(), ctx.now());
        let message = Message {
            id: &id,
            at: now.micros().div_euclid(1_000_000),
            body: &delivery.body,
            secrets: &endpoint.secrets(now),
        };
        self.courier.send(&endpoint.address, &message).await
    }

    /// Writes what came of an attempt; whether the receiver may be sent the next message now.
    async fn settle(
        &self,
        ctx: &Ctx,
        delivery: &Delivery,
        answer: std::result::Result<Answer, Failure>,
    ) -> Result<bool> {
        let now = ctx.now();
        let (status, words) = match answer {
            Ok(answer) => (Some(answer.status), answer.excerpt),
            Err(failure) => (None, failure.to_string()),
        };
        let attempt = Attempt::of(status);
        let mut tx = ctx.db.write().await?;
        let endpoint = store::endpoints::lock(&mut tx, delivery.endpoint).await?;
        let next = match attempt {
            Attempt::Taken => endpoint.standing.taken(),
            Attempt::Failed => endpoint.standing.failed(now, self.patience),
            Attempt::Gone => endpoint.standing.silence(now, Silenced::Gone),
        };
        let tried = delivery.standing.tried(attempt, now);
        store::deliveries::save(&mut tx, delivery.id, tried, Some((now, status, &words))).await?;
        let taken = (attempt == Attempt::Taken).then_some(now);
        store::endpoints::save_outcome(&mut tx, endpoint.id, (next, now), taken).await?;
        if let (Standing::On { .. }, Standing::Off { why, .. }) = (endpoint.standing, next) {
            silenced(ctx, &mut tx, &endpoint, why).await?;
        }
        tx.commit().await?;
        Ok(attempt == Attempt::Taken)
    }

    async fn silence(&self, ctx: &Ctx, id: EndpointId, why: Silenced) -> Result<()> {
        let mut tx = ctx.db.write().await?;
        let endpoint = store::endpoints::lock(&mut tx, id).await?;
        let next = endpoint.standing.silence(ctx.now(), why);
        store::endpoints::save_outcome(&mut tx, id, (next, ctx.now()), None).await?;
        silenced(ctx, &mut tx, &endpoint, why).await?;
        tx.commit().await
    }
}

/// Tells those who keep an endpoint that it is told no more, and the trail.
async fn silenced(ctx: &Ctx, tx: &mut db::Tx, endpoint: &Endpoint, why: Silenced) -> Result<()> {
    let after = json!({ "state": "off", "why": why });
    ctx.audit(
        tx,
        "silence_webhook",
        endpoint.subject(),
        json!({ "state": "on" }),
        after,
    )
    .await?;
    let role = grants::role_of(tx, endpoint.grant).await?;
    let message = NewMessage {
        role: Some(role.unwrap_or(Role::Operator)),
        place: endpoint.place.clone(),
        title: format!("事件通知已停用：{}", endpoint.label),
        body: format!(
            "接收地址 {} 已自动停用，原因：{}。停用期间的事件不再通知；未送达的消息保留，修复后请在页面上重新启用。",
            endpoint.address,
            why.name()
        ),
        href: format!("/desk/webhooks/{}", endpoint.id),
        cause: format!("webhook.off:{}:{}", endpoint.id, ctx.now().micros()),
    };
    notices::send(ctx, tx, &message).await
}
