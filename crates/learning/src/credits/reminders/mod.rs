//! 学时提醒: people who miss something are told as the year ends.
//!
//! A job runs every morning and asks the rule whether a reminder is due ([`rules::credits::reminder`]). It goes through the
//! people who have an account, a thousand at a time, by key; a message is keyed by year, day and person, so a second run,
//! or one after a crash, tells nobody twice. The digest of employers is `oversight::reports`'.
//! Deliberately absent: reminding people without an account; their employer's digest counts them.

mod store;

use std::collections::HashSet;

use chrono::Datelike;
use db::jobs::{Handlers, JobCtx};
use db::{Event, Tx};
use kernel::{Error, PersonId, Place, Result, Role};
use registry::identity::accounts;
use registry::notices::{self, NewMessage};
use registry::{Ctx, CtxSource, Subject as Thing, people};
use rules::credits::reminder;
use rules::credits::requirement::Years;
use rules::permits::Act;
use serde_json::{Value as Json, json};

use super::{closing::YearClosed, editions};
use crate::credits;

const REMIND: &str = "credits.remind";
const TELL_CLOSED: &str = "credits.tell_closed";
/// People in one transaction.
const CHUNK: u32 = 1_000;

/// The handlers of this module.
#[must_use]
pub fn handlers(source: &CtxSource) -> Handlers {
    let (source, closing) = (std::sync::Arc::clone(source), std::sync::Arc::clone(source));
    Handlers::new()
        .on(REMIND, move |job| remind(source(REMIND), job))
        .on(TELL_CLOSED, move |job| tell_closed(closing(TELL_CLOSED), job))
        .react(YearClosed::KIND, TELL_CLOSED)
        .daily(REMIND, 8, 10)
}

/// The days in force, the most distant first.
///
/// # Errors
/// Storage failures.
pub async fn days(tx: &mut Tx) -> Result<Vec<u32>> {
    let set = store::days(tx).await?;
    Ok(if set.is_empty() { reminder::DAYS.to_vec() } else { set })
}

/// Sets the days.
///
/// # Errors
/// Forbidden by the permission table; days that make no sense.
pub async fn set_days(ctx: &Ctx, typed: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    ctx.may(Act::SetParameters, &Place::default())?;
    let next = reminder::read_days(typed)?;
    let before = days(&mut tx).await?;
    store::set_days(&mut tx, &next, ctx.now(), &ctx.actor.label).await?;
    let thing = Thing::new("reminder", 0, Place::default());
    ctx.audit(
        &mut tx,
        "set_reminder_days",
        thing,
        json!({ "days": before }),
        json!({ "days": next }),
    )
    .await?;
    tx.commit().await
}

/// Whether the person who acts has muted reminders.
///
/// # Errors
/// Storage failures.
pub async fn is_muted(ctx: &Ctx) -> Result<bool> {
    let Some(person) = ctx.actor.person() else {
        return Ok(false);
    };
    let mut tx = ctx.db.read().await?;
    Ok(!store::muted(&mut tx, &[person]).await?.is_empty())
}

/// Reminders leave the person who acts alone from now on.
///
/// # Errors
/// NotFound when no person acts.
pub async fn mute(ctx: &Ctx) -> Result<()> {
    let person = ctx.actor.person().ok_or(Error::NotFound)?;
    let mut tx = ctx.db.write().await?;
    store::mute(&mut tx, person, ctx.now()).await?;
    told(ctx, &mut tx, "mute_reminders", person).await?;
    tx.commit().await
}

/// The person who acts wants reminders again.
///
/// # Errors
/// NotFound when no person acts.
pub async fn unmute(ctx: &Ctx) -> Result<()> {
    let person = ctx.actor.person().ok_or(Error::NotFound)?;
    let mut tx = ctx.db.write().await?;
    store::unmute(&mut tx, person).await?;
    told(ctx, &mut tx, "unmute_reminders", person).await?;
    tx.commit().await
}

async fn told(ctx: &Ctx, tx: &mut Tx, act: &str, person: PersonId) -> Result<()> {
    let place = Place {
        person: Some(person),
        ..ctx.actor.own.clone()
    };
    ctx.audit(
        tx,
        act,
        Thing::new("person", person.get(), place),
        Json::Null,
        Json::Null,
    )
    .await
}

/// Tells everybody who has an account that a year is final and its statement can be made.
async fn tell_closed(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let told = job.event::<YearClosed>()?;
    let (year, told) = (told.body.year, told.id);
    let (mut after, mut sent) = (PersonId::new(0), 0_u64);
    loop {
        let mut tx = ctx.db.batch().await?;
        let chunk = accounts::learners_after(&mut tx, after, CHUNK).await?;
        let Some(last) = chunk.last().copied() else { break };
        for person in &chunk {
            let message = NewMessage {
                role: Some(Role::Learner),
                place: Place {
                    person: Some(*person),
                    ..Place::default()
                },
                title: format!("{year} 年度学时已关账"),
                body: format!(
                    "您 {year} 年度的学时已经确定，可以出具年度学时证明。对学时有疑问的，请在年度学时页面查看理由并提出异议。"
                ),
                href: format!("/desk/my/statement?year={year}"),
                cause: format!("closed:{year}:{told}:{person}"),
            };
            notices::send(&ctx, &mut tx, &message).await?;
        }
        tx.commit().await?;
        sent += chunk.len() as u64;
        after = last;
        job.progress(sent, sent).await?;
    }
    Ok(json!({ "told": sent }))
}

async fn remind(ctx: Ctx, job: JobCtx) -> Result<Json> {
    let today = ctx.today();
    let mut tx = ctx.db.read().await?;
    let days = days(&mut tx).await?;
    drop(tx);
    let Some(day) = reminder::due(&days, today) else {
        return Ok(json!({ "due": Json::Null }));
    };
    let (mut after, mut looked, mut sent) = (PersonId::new(0), 0_u64, 0_u64);
    loop {
        let mut tx = ctx.db.batch().await?;
        let chunk = accounts::learners_after(&mut tx, after, CHUNK).await?;
        let Some(last) = chunk.last().copied() else { break };
        sent += remind_chunk(&ctx, &mut tx, (day, &chunk)).await?;
        tx.commit().await?;
        looked += chunk.len() as u64;
        after = last;
        job.progress(looked, looked).await?;
    }
    Ok(json!({ "due": day, "people": looked, "missing": sent }))
}

/// Tells those of a chunk who miss something; returns how many those are.
async fn remind_chunk(ctx: &Ctx, tx: &mut Tx, (day, ids): (u32, &[PersonId])) -> Result<u64> {
    let year = ctx.today().year();
    let left = reminder::days_left(ctx.today());
    let muted: HashSet<PersonId> = store::muted(tx, ids).await?.into_iter().collect();
    let people = people::load_many(tx, ids.iter().copied().filter(|id| !muted.contains(id))).await?;
    let sums = credits::sums_of(tx, ids, year).await?;
    let edition = editions::requirement(tx, year, ctx.today()).await?;
    let nothing = Years::from(year);
    let mut sent = 0;
    for person in people.iter().filter(|person| person.merged_into.is_none()) {
        let years = sums.get(&person.id).unwrap_or(&nothing);
        let missing = edition.shortfall(&editions::traits_of(person), year, years);
        let Some((title, body)) = reminder::to_person(year, left, &missing) else {
            continue;
        };
        let message = NewMessage {
            role: Some(Role::Learner),
            place: Place {
                person: Some(person.id),
                ..Place::default()
            },
            title,
            body,
            href: "/desk/my/statement".into(),
            cause: format!("reminder:{year}:{day}:{}", person.id),
        };
        notices::send(ctx, tx, &message).await?;
        sent += 1;
    }
    Ok(sent)
}
