//! The digest of employers: how many of their people miss something as the year ends, in one message.
//!
//! Counted figures, not people: it reads what `standings` prepared. Keyed by year, day and employer, so a second run
//! tells nobody twice; an employer whose people have all reached the year is told nothing.
//! Deliberately absent: names; they stand in the list the message leads to.

use chrono::Datelike;
use db::Event;
use db::jobs::{Handlers, JobCtx};
use kernel::{OrgId, Place, Result, Role};
use learning::credits::{closing::YearClosed, reminders};
use registry::notices::{self, NewMessage};
use registry::{Ctx, CtxSource};
use rules::credits::reminder;
use serde_json::{Value as Json, json};

use super::store::standings as store;

const DIGEST: &str = "reports.digest";
const TELL_CLOSED: &str = "reports.tell_closed";

/// The handlers of this module.
pub(super) fn handlers(source: &CtxSource) -> Handlers {
    let (source, closing) = (std::sync::Arc::clone(source), std::sync::Arc::clone(source));
    Handlers::new()
        .on(DIGEST, move |job| digest(source(DIGEST), job))
        .on(TELL_CLOSED, move |job| tell_closed(closing(TELL_CLOSED), job))
        .react(YearClosed::KIND, TELL_CLOSED)
        .daily(DIGEST, 8, 20)
}

/// Tells every employer how its people ended a year that was closed.
async fn tell_closed(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let told = job.event::<YearClosed>()?;
    let (year, event) = (told.body.year, told.id);
    let (mut after, mut sent) = (0, 0_u64);
    loop {
        let mut tx = ctx.db.batch().await?;
        let employers = store::list_employers(&mut tx, year, after).await?;
        let Some((last, ..)) = employers.last() else { break };
        after = *last;
        for (org, people, reached) in &employers {
            let message = NewMessage {
                role: Some(Role::Employer),
                place: Place {
                    org: Some(OrgId::new(*org)),
                    ..Place::default()
                },
                title: format!("{year} 年度学时已关账"),
                body: format!(
                    "本单位在册 {people} 人，{year} 年度达标 {reached} 人。学时已经确定，可以为本单位人员出具年度学时证明。"
                ),
                href: format!("/desk/compliance?year={year}"),
                cause: format!("closed:{year}:{event}:org:{org}"),
            };
            notices::send(&ctx, &mut tx, &message).await?;
        }
        tx.commit().await?;
        sent += employers.len() as u64;
        job.progress(sent, sent).await?;
    }
    Ok(json!({ "told": sent }))
}

async fn digest(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let year = ctx.today().year();
    let mut tx = ctx.db.read().await?;
    let days = reminders::days(&mut tx).await?;
    drop(tx);
    let Some(day) = reminder::due(&days, ctx.today()) else {
        return Ok(json!({ "due": Json::Null }));
    };
    let (mut after, mut told) = (0, 0_u64);
    loop {
        let mut tx = ctx.db.batch().await?;
        let employers = store::list_behind(&mut tx, year, after).await?;
        let Some((last, ..)) = employers.last() else { break };
        after = *last;
        for (org, people, reached, behind) in &employers {
            let left = reminder::days_left(ctx.today());
            let (title, body) = reminder::to_employer(year, left, (*people, people - reached, *behind));
            let message = NewMessage {
                role: Some(Role::Employer),
                place: Place {
                    org: Some(OrgId::new(*org)),
                    ..Place::default()
                },
                title,
                body,
                href: "/desk/compliance".into(),
                cause: format!("reminder:{year}:{day}:org:{org}"),
            };
            notices::send(&ctx, &mut tx, &message).await?;
        }
        tx.commit().await?;
        told += employers.len() as u64;
        job.progress(told, told).await?;
    }
    Ok(json!({ "due": day, "employers": told }))
}
