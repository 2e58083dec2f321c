//! What other systems are told of classes: published, changed, cancelled, completed, and the hours that a completion posted.
//! Deliberately absent: enrolments, which are about people.

use db::jobs::{Handlers, JobCtx, Told};
use db::{Event, Tx};
use kernel::{Error, Result, id::ClassId};
use registry::webhooks::{self, Announcement};
use registry::{Ctx, CtxSource};
use rules::webhooks::EventKind;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::store::{class as class_store, enrolment as enrolment_store};
use super::{ClassCancelled, ClassChanged, ClassCompleted, ClassPublished};
use crate::credits;

const ANNOUNCE: &str = "courses.announce";

/// The handlers of this file.
pub(super) fn handlers(source: &CtxSource) -> Handlers {
    let source = CtxSource::clone(source);
    Handlers::new()
        .on(ANNOUNCE, move |job| announce(source("courses"), job))
        .react(ClassPublished::KIND, ANNOUNCE)
        .react(ClassChanged::KIND, ANNOUNCE)
        .react(ClassCancelled::KIND, ANNOUNCE)
        .react(ClassCompleted::KIND, ANNOUNCE)
}

#[derive(Deserialize)]
struct OfClass {
    class: ClassId,
}

async fn announce(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let told: Told<OfClass> = job.event()?;
    let kind = match job.body["kind"].as_str() {
        Some(ClassPublished::KIND) => EventKind::ClassPublished,
        Some(ClassChanged::KIND) => EventKind::ClassChanged,
        Some(ClassCancelled::KIND) => EventKind::ClassCancelled,
        Some(ClassCompleted::KIND) => EventKind::ClassCompleted,
        other => return Err(Error::broken(format!("nobody tells other systems of {other:?}"))),
    };
    let mut tx = ctx.db.read().await?;
    let class = class_store::load(&mut tx, told.body.class).await?;
    let posted = match kind {
        EventKind::ClassCompleted => posted_by(&mut tx, class.id).await?,
        _ => Vec::new(),
    };
    drop(tx);
    let of_class = Announcement {
        event: told.id,
        kind,
        at: told.at,
        things: vec![(class.id.to_string(), class.place())],
        cause: None,
    };
    let hours = Announcement {
        kind: EventKind::HoursPosted,
        things: posted,
        cause: Some(("class", class.id.get())),
        ..of_class.clone()
    };
    let messages = webhooks::announce(&ctx, &of_class).await? + webhooks::announce(&ctx, &hours).await?;
    Ok(json!({ "messages": messages }))
}

async fn posted_by(tx: &mut Tx, class: ClassId) -> Result<Vec<(String, kernel::Place)>> {
    let enrolments = enrolment_store::completed(tx, class).await?;
    let entries = credits::entries_of_enrolments(tx, &enrolments).await?;
    credits::placed(tx, &entries).await
}
