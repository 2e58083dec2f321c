//! What other systems are told of documents: issued, ended, and answers about titles that stand no more. They are named by
//! the number that the interface verifies.
//! Deliberately absent: answers as they are given; whoever asked has them, two hundred a second.

use db::Event;
use db::jobs::{Handlers, JobCtx, Told};
use kernel::{Place, Result};
use registry::webhooks::{self, Announcement};
use registry::{Ctx, CtxSource};
use rules::webhooks::EventKind;
use serde_json::{Value as Json, json};

use super::title_checks::{self, TitleCheckRevoked};
use super::{CredentialEnded, CredentialIssued, store};

const ISSUED: &str = "credentials.announce_issued";
const ENDED: &str = "credentials.announce_ended";
const ANSWER: &str = "title_checks.announce_revoked";

/// The handlers of this file.
pub(super) fn handlers(source: &CtxSource) -> Handlers {
    let ctx = || {
        let source = CtxSource::clone(source);
        move || source("credentials")
    };
    let (issued, ended, answer) = (ctx(), ctx(), ctx());
    Handlers::new()
        .on(ISSUED, move |job| announce_issued(issued(), job))
        .react(CredentialIssued::KIND, ISSUED)
        .on(ENDED, move |job| announce_ended(ended(), job))
        .react(CredentialEnded::KIND, ENDED)
        .on(ANSWER, move |job| announce_answer(answer(), job))
        .react(TitleCheckRevoked::KIND, ANSWER)
}

async fn announce_issued(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let told: Told<CredentialIssued> = job.event()?;
    let document = store::load(&mut ctx.db.read().await?, told.body.credential).await?;
    let thing = (document.number, document.place);
    tell(&ctx, &told, EventKind::CertificateIssued, thing).await
}

async fn announce_ended(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let told: Told<CredentialEnded> = job.event()?;
    let document = store::load(&mut ctx.db.read().await?, told.body.credential).await?;
    let thing = (document.number, document.place);
    tell(&ctx, &told, EventKind::CertificateRevoked, thing).await
}

async fn announce_answer(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let told: Told<TitleCheckRevoked> = job.event()?;
    let thing = title_checks::named(&mut ctx.db.read().await?, told.body.title_check).await?;
    tell(&ctx, &told, EventKind::TitleCheckRevoked, thing).await
}

async fn tell<E>(ctx: &Ctx, told: &Told<E>, kind: EventKind, thing: (String, Place)) -> Result<Json> {
    let announcement = Announcement {
        event: told.id,
        kind,
        at: told.at,
        things: vec![thing],
        cause: None,
    };
    let messages = webhooks::announce(ctx, &announcement).await?;
    Ok(json!({ "messages": messages }))
}
