//! 事件通知 (webhooks): systems that want to be told, what they are told, and the messages on their way.
//!
//! ```text
//! use case ─ tx.tell ─► outbox ─ job of the module ─► announce ─► one row per endpoint in whose scope it lies
//!                                                                   └── Dispatcher ─ courier ─► the receiver
//! ```
//! - A module of higher rank reacts to its own event, looks up where the things stand and calls [`announce`]: this module
//!   knows no class and no hour. It stands at rank 1 because an endpoint is kept by a role of an account (`identity`).
//! - What is told is what the interface calls the things, no more, and only of things that the role could see itself (R-72); whoever wants more asks the
//!   interface with its token.
//! - Messages have a runner of their own ([`Dispatcher`]) beside the worker of jobs, which runs two at a time for everybody:
//!   a receiver that takes ten seconds must not hold up a certificate.
//!
//! States: `rules::webhooks::{endpoint, delivery}`. Deliberately absent: sockets, TLS and signatures (`courier`), events of
//! other modules, full objects in messages.

mod announce;
mod deliveries;
mod dispatcher;
mod store;

use courier::{Courier, Refusal, Secret};
use kernel::id::{AccountId, DeliveryId, EndpointId, GrantId};
use kernel::{Code as _, Error, Place, Result, Time};
use rules::permits::Act;
use rules::webhooks::endpoint::{OVERLAP, Standing};
use rules::webhooks::{EventKind, may_be_told};
use serde_json::{Value as Json, json};

use crate::{Ctx, Listed, Subject, Window};

pub use announce::{Announcement, announce};
pub use deliveries::{Delivery, DeliveryFilter, again, deliveries, delivery, prune};
pub use dispatcher::Dispatcher;

/// An endpoint as its page and the dispatcher know it; its secrets are not shown.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// The role that keeps it and bounds what it is told.
    pub grant: GrantId,
    /// Login name of the account that keeps it.
    pub kept_by: String,
    /// What it is, in the words of its maker.
    pub label: String,
    /// Where messages go.
    pub address: String,
    /// What it is told.
    pub kinds: Vec<EventKind>,
    /// The secrets that sign now are these; the former one until then.
    pub secret: Secret,
    /// What signs besides, and until when.
    pub former: Option<(Secret, Time)>,
    /// Whether it is told.
    pub standing: Standing,
    /// When it last took a message.
    pub delivered_at: Option<Time>,
    /// Where it stands.
    pub place: Place,
    /// Changes with every deed.
    pub version: i64,
}

impl Endpoint {
    fn subject(&self) -> Subject {
        Subject::new("webhook", self.id.get(), self.place.clone())
    }

    /// The secrets that sign at this moment, the present one first.
    #[must_use]
    pub fn secrets(&self, now: Time) -> Vec<Secret> {
        let former = self.former.iter().filter(|(_, until)| now < *until);
        std::iter::once(self.secret.clone())
            .chain(former.map(|(secret, _)| secret.clone()))
            .collect()
    }
}

/// What an administrator types.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What it is: 2 to 40 characters.
    pub label: String,
    /// Where messages go.
    pub address: String,
    /// What it is told.
    pub kinds: Vec<EventKind>,
}

/// What the list is asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words of label or address.
    pub words: Option<String>,
    /// Only those that are told, or are not.
    pub on: Option<bool>,
}

/// An address that the courier accepts, or the error at its field.
async fn accepted(courier: &Courier, address: &str) -> Result<String> {
    let checked = courier.check(address).await;
    checked.map(|address| address.as_str().to_owned()).map_err(|refusal| {
        let code = match refusal {
            Refusal::Inside => "webhook.inside",
            Refusal::Plain => "webhook.plain",
            Refusal::Malformed | Refusal::Credentials | Refusal::Unresolved => "webhook.address",
        };
        Error::wrong("address", code, format!("{refusal}。"))
    })
}

fn generated() -> Result<Secret> {
    Secret::generate().ok_or_else(|| Error::broken("the operating system gives no random numbers"))
}

fn trail(draft: &Draft) -> Json {
    let kinds: Vec<&str> = draft.kinds.iter().map(|kind| kind.code()).collect();
    json!({ "label": draft.label, "address": draft.address, "kinds": kinds })
}

/// Makes an endpoint for the actor's own present role; gives it with the text of its secret, shown this once.
///
/// # Errors
/// Forbidden by the permission table; `Wrong` at `address` or `kinds`.
pub async fn create(ctx: &Ctx, courier: &Courier, grant: GrantId, mut draft: Draft) -> Result<(EndpointId, String)> {
    let account: AccountId = ctx.actor.account.ok_or(Error::NotFound)?;
    let place = ctx.actor.own.clone();
    ctx.may(Act::ManageWebhooks, &place)?;
    may_be_told(&ctx.actor, &draft.kinds)?;
    // Before the transaction: names are resolved.
    draft.address = accepted(courier, &draft.address).await?;
    let secret = generated()?;
    let mut tx = ctx.db.write().await?;
    let new = store::endpoints::New {
        account,
        grant,
        kept_by: &ctx.actor.label,
        draft: &draft,
        secret: &secret,
        place: &place,
        at: ctx.now(),
    };
    let id = store::endpoints::insert(&mut tx, &new).await?;
    let subject = Subject::new("webhook", id.get(), place);
    ctx.audit(&mut tx, "create_webhook", subject, Json::Null, trail(&draft))
        .await?;
    tx.commit().await?;
    Ok((id, secret.reveal()))
}

/// Changes what an endpoint is called, where it is or what it is told; `version` is the one that was shown.
///
/// # Errors
/// NotFound, Forbidden, Stale; `Wrong` as at [`create`].
pub async fn edit(ctx: &Ctx, courier: &Courier, id: EndpointId, version: i64, mut draft: Draft) -> Result<()> {
    draft.address = accepted(courier, &draft.address).await?;
    let mut tx = ctx.db.write().await?;
    let endpoint = store::endpoints::load(&mut tx, id).await?;
    ctx.may(Act::ManageWebhooks, &endpoint.place)?;
    let holder = holder(&mut tx, &endpoint).await?;
    may_be_told(&holder, &draft.kinds)?;
    store::endpoints::save_draft(&mut tx, id, version, &draft).await?;
    let before = trail(&Draft {
        label: endpoint.label.clone(),
        address: endpoint.address.clone(),
        kinds: endpoint.kinds.clone(),
    });
    ctx.audit(&mut tx, "edit_webhook", endpoint.subject(), before, trail(&draft))
        .await?;
    tx.commit().await
}

/// The role that keeps an endpoint, as an actor.
async fn holder(tx: &mut db::Tx, endpoint: &Endpoint) -> Result<kernel::Actor> {
    let living = crate::identity::grants::actors(tx, &[endpoint.grant]).await?;
    let refused = || {
        Error::refused(
            "webhook.ended",
            "这个接收地址所属账号的角色已经终止，请由现在的管理员另建。",
        )
    };
    living.into_values().next().ok_or_else(refused)
}

/// Replaces the secret; the former one signs for a day besides. Gives the text of the new one, shown this once.
///
/// # Errors
/// NotFound, Forbidden, Stale.
pub async fn rotate(ctx: &Ctx, id: EndpointId, version: i64) -> Result<String> {
    let secret = generated()?;
    let mut tx = ctx.db.write().await?;
    let endpoint = store::endpoints::load(&mut tx, id).await?;
    ctx.may(Act::ManageWebhooks, &endpoint.place)?;
    let until = ctx.now().plus_seconds(OVERLAP);
    store::endpoints::save_secret(&mut tx, id, version, &secret, (&endpoint.secret, until)).await?;
    let after = json!({ "former_until": until.to_string() });
    ctx.audit(&mut tx, "rotate_webhook_secret", endpoint.subject(), Json::Null, after)
        .await?;
    tx.commit().await?;
    Ok(secret.reveal())
}

/// An endpoint is told no more. What waits for it stays and goes on when it is switched on.
///
/// # Errors
/// NotFound, Forbidden, `webhook.off`, Stale.
pub async fn switch_off(ctx: &Ctx, id: EndpointId, version: i64) -> Result<()> {
    let now = ctx.now();
    stand(ctx, id, version, "switch_off_webhook", |standing| {
        standing.switch_off(now)
    })
    .await
}

/// An endpoint is told again.
///
/// # Errors
/// NotFound, Forbidden, `webhook.on`, `webhook.ended`, Stale.
pub async fn switch_on(ctx: &Ctx, id: EndpointId, version: i64) -> Result<()> {
    stand(ctx, id, version, "switch_on_webhook", Standing::switch_on).await
}

async fn stand(
    ctx: &Ctx,
    id: EndpointId,
    version: i64,
    deed: &str,
    decide: impl FnOnce(Standing) -> Result<Standing> + Send,
) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let endpoint = store::endpoints::lock(&mut tx, id).await?;
    ctx.may(Act::ManageWebhooks, &endpoint.place)?;
    let next = decide(endpoint.standing)?;
    if matches!(next, Standing::On { .. }) {
        holder(&mut tx, &endpoint).await?;
    }
    store::endpoints::save_deed(&mut tx, id, version, (next, ctx.now())).await?;
    let state = |standing| json!({ "state": store::endpoints::state_code(standing) });
    let (before, after) = (state(endpoint.standing), state(next));
    ctx.audit(&mut tx, deed, endpoint.subject(), before, after).await?;
    tx.commit().await
}

/// Sends a message of the kind `webhook.test`, which says nothing but that it came.
///
/// # Errors
/// NotFound, Forbidden; `webhook.off` when the endpoint is off.
pub async fn test(ctx: &Ctx, id: EndpointId) -> Result<DeliveryId> {
    let mut tx = ctx.db.write().await?;
    let endpoint = store::endpoints::load(&mut tx, id).await?;
    ctx.may(Act::ManageWebhooks, &endpoint.place)?;
    if matches!(endpoint.standing, Standing::Off { .. }) {
        return Err(Error::refused("webhook.off", "这个接收地址已停用，请先启用再测试。"));
    }
    let event = tx.mint();
    let body = announce::message(EventKind::Test, ctx.now(), (&[id.to_string()], None));
    let made: DeliveryId = tx.mint();
    let rows = vec![(made, id, body, 0)];
    store::deliveries::insert(&mut tx, event, EventKind::Test, rows, ctx.now()).await?;
    store::endpoints::wake(&mut tx, id).await?;
    ctx.audit(&mut tx, "test_webhook", endpoint.subject(), Json::Null, Json::Null)
        .await?;
    tx.commit().await?;
    Ok(made)
}

/// Endpoints of the bodies in reach.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &Filter, window: &Window) -> Result<Listed<Endpoint>> {
    let mut tx = ctx.db.read().await?;
    store::endpoints::list(&ctx.scope(Act::ManageWebhooks), &mut tx, filter, window).await
}

/// One endpoint in reach.
///
/// # Errors
/// `NotFound`, also when it is out of reach.
pub async fn load(ctx: &Ctx, id: EndpointId) -> Result<Endpoint> {
    let mut tx = ctx.db.read().await?;
    let endpoint = store::endpoints::load(&mut tx, id).await?;
    ctx.may(Act::ManageWebhooks, &endpoint.place)?;
    Ok(endpoint)
}
