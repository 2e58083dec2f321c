//! What other systems are told of hours: those that a claim or a decision posted, reversals, decided disputes, closed years.
//! Hours that a class posted are told by `courses`, which knows the class.
//! Deliberately absent: claims and disputes on their way; they are between a person and those who decide.

use db::jobs::{Handlers, JobCtx, Told};
use db::{Event, Tx};
use kernel::{EntryId, Place, Result};
use registry::webhooks::{self, Announcement};
use registry::{Ctx, CtxSource};
use rules::webhooks::EventKind;
use serde_json::{Value as Json, json};

use super::claims::{self, ClaimRecognised};
use super::closing::YearClosed;
use super::disputes::{self, DisputeDecided};
use super::{EntryReversed, store};

const REVERSED: &str = "credits.announce_reversed";
const RECOGNISED: &str = "credits.announce_recognised";
const DECIDED: &str = "credits.announce_decided";
const CLOSED: &str = "credits.announce_closed";

/// The handlers of this file.
#[must_use]
pub fn handlers(source: &CtxSource) -> Handlers {
    let ctx = || {
        let source = CtxSource::clone(source);
        move || source("credits")
    };
    let (back, recognised, decided, closed) = (ctx(), ctx(), ctx(), ctx());
    Handlers::new()
        .on(REVERSED, move |job| announce_reversed(back(), job))
        .react(EntryReversed::KIND, REVERSED)
        .on(RECOGNISED, move |job| announce_recognised(recognised(), job))
        .react(ClaimRecognised::KIND, RECOGNISED)
        .on(DECIDED, move |job| announce_decided(decided(), job))
        .react(DisputeDecided::KIND, DECIDED)
        .on(CLOSED, move |job| announce_closed(closed(), job))
        .react(YearClosed::KIND, CLOSED)
}

/// Entries as other systems name them, each with its place.
///
/// # Errors
/// Storage failures.
pub async fn placed(tx: &mut Tx, entries: &[EntryId]) -> Result<Vec<(String, Place)>> {
    let places = store::places(tx, entries).await?;
    Ok(places.into_iter().map(|(id, place)| (id.to_string(), place)).collect())
}

async fn announce_reversed(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let told: Told<EntryReversed> = job.event()?;
    let things = placed(&mut ctx.db.read().await?, &[told.body.entry]).await?;
    let messages = tell(&ctx, &told, EventKind::HoursReversed, (things, None)).await?;
    Ok(json!({ "messages": messages }))
}

async fn announce_recognised(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let told: Told<ClaimRecognised> = job.event()?;
    let mut tx = ctx.db.read().await?;
    let entries = claims::entries(&mut tx, told.body.claim).await?;
    let things = placed(&mut tx, &entries).await?;
    drop(tx);
    let cause = Some(("claim", told.body.claim.get()));
    let messages = tell(&ctx, &told, EventKind::HoursPosted, (things, cause)).await?;
    Ok(json!({ "messages": messages }))
}

async fn announce_decided(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let told: Told<DisputeDecided> = job.event()?;
    let mut tx = ctx.db.read().await?;
    let case = (
        told.body.dispute.to_string(),
        disputes::place(&mut tx, told.body.dispute).await?,
    );
    // What the decision posted; an entry that it let stand was told when it was posted.
    let posted: Vec<EntryId> = told.body.posted.into_iter().collect();
    let entries = placed(&mut tx, &posted).await?;
    drop(tx);
    let mut messages = tell(&ctx, &told, EventKind::DisputeDecided, (vec![case], None)).await?;
    let cause = Some(("dispute", told.body.dispute.get()));
    messages += tell(&ctx, &told, EventKind::HoursPosted, (entries, cause)).await?;
    Ok(json!({ "messages": messages }))
}

async fn announce_closed(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let told: Told<YearClosed> = job.event()?;
    let things = vec![(told.body.year.to_string(), Place::default())];
    let messages = tell(&ctx, &told, EventKind::YearClosed, (things, None)).await?;
    Ok(json!({ "messages": messages }))
}

type About = (Vec<(String, Place)>, Option<(&'static str, i64)>);

async fn tell<E>(ctx: &Ctx, told: &Told<E>, kind: EventKind, (things, cause): About) -> Result<u64> {
    let announcement = Announcement {
        event: told.id,
        kind,
        at: told.at,
        things,
        cause,
    };
    webhooks::announce(ctx, &announcement).await
}
