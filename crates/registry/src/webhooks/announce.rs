//! Turns an event into messages: one for each endpoint that listens to its kind, naming the things that its role could see
//! . A second run changes nothing: a message is unique by endpoint, event, kind and part.
//!
//! A message is thin on purpose: it travels to an address that somebody typed, over networks that are not ours, and is kept
//! there for nobody knows how long.

use kernel::id::EventId;
use kernel::{Code as _, Place, Result, Time};
use rules::webhooks::{EventKind, told};
use serde_json::{Map, json};

use super::store;
use crate::{Ctx, identity::grants};

/// Things in one message; more go into further ones.
const THINGS: usize = 500;

/// Something that happened, for whoever may know.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// The outbox row that it comes from.
    pub event: EventId,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: Time,
    /// To what, as the interface names it, and where each of these things stands.
    pub things: Vec<(String, Place)>,
    /// What it comes from, where that helps to ask: `("class", id)`.
    pub cause: Option<(&'static str, i64)>,
}

/// Writes the messages; returns how many there are. Runs in a job of whoever announces.
///
/// # Errors
/// Storage failures.
pub async fn announce(ctx: &Ctx, announcement: &Announcement) -> Result<u64> {
    let mut tx = ctx.db.read().await?;
    let listening = store::endpoints::listening(&mut tx, announcement.kind).await?;
    let roles: Vec<_> = listening.iter().map(|(_, grant)| *grant).collect();
    let holders = grants::actors(&mut tx, &roles).await?;
    drop(tx);
    let mut messages = Vec::new();
    for (endpoint, grant) in listening {
        let Some(holder) = holders.get(&grant) else { continue };
        let seen = told(holder, announcement.kind, &announcement.things);
        for (part, things) in (0..).zip(seen.chunks(THINGS)) {
            let body = message(announcement.kind, announcement.at, (things, announcement.cause));
            messages.push((ctx.db.mint(), endpoint, body, part));
        }
    }
    let count = messages.len() as u64;
    if count > 0 {
        let mut tx = ctx.db.write().await?;
        store::deliveries::insert(&mut tx, announcement.event, announcement.kind, messages, ctx.now()).await?;
        tx.commit().await?;
    }
    Ok(count)
}

/// The body of a message: kind, time, what the things are called.
pub(super) fn message(kind: EventKind, at: Time, (things, cause): (&[String], Option<(&str, i64)>)) -> String {
    let mut data = Map::new();
    data.insert(kind.things().to_owned(), things.into());
    if let Some((name, id)) = cause {
        data.insert(name.to_owned(), id.to_string().into());
    }
    json!({ "type": kind.code(), "timestamp": at.rfc3339(), "data": data }).to_string()
}
