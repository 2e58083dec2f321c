//! Public notices, and messages to those whom something concerns.
//!
//! The states of a notice stand in [`rules::notices`]. A notice is written by the lead, a department or a district and
//! read by everybody once published. A message is addressed like a task, to a person or to a role at a place, in the
//! transaction of what it tells. Deliberately absent: mail and text messages; a message waits on the desk.

mod store;

use db::{Event, Tx};
use kernel::{Error, Place, Result, Role, id::NoticeId};
use rules::{notices::NoticeKind, permits::Act};
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::{Ctx, Listed, Subject, Window};

pub use store::{Message, Notice, NoticeFilter};

/// A notice as typed.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Category.
    pub kind: NoticeKind,
    /// 2 to 80 characters.
    pub title: String,
    /// Plain text, paragraphs by blank lines, up to 20,000 characters.
    pub body: String,
}

/// Told when a notice goes public.
#[derive(Debug, Serialize)]
pub struct NoticePublished {
    /// The notice.
    pub notice: NoticeId,
}

impl Event for NoticePublished {
    const KIND: &'static str = "notice_published";
}

/// Writes a new draft at the actor's own place.
///
/// # Errors
/// Forbidden by the permission table.
pub async fn draft(ctx: &Ctx, input: &Draft) -> Result<NoticeId> {
    let mut tx = ctx.db.write().await?;
    let place = ctx.actor.own.clone();
    ctx.may(Act::PublishNotice, &place)?;
    let id = store::insert(&mut tx, input, &place, &ctx.actor.label, ctx.now()).await?;
    ctx.audit(
        &mut tx,
        "draft_notice",
        Subject::new("notice", id.get(), place),
        Json::Null,
        json!({ "title": input.title }),
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a draft; `version` is the one that was shown.
///
/// # Errors
/// NotFound, Forbidden, `notice.not_draft`, Stale.
pub async fn edit(ctx: &Ctx, id: NoticeId, version: i64, input: &Draft) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let notice = store::load(&mut tx, id).await?;
    ctx.may(Act::PublishNotice, &notice.place)?;
    notice.state.edit()?;
    store::save_words(&mut tx, id, version, input).await?;
    let subject = Subject::new("notice", id.get(), notice.place);
    ctx.audit(
        &mut tx,
        "edit_notice",
        subject,
        json!({ "title": notice.title }),
        json!({ "title": input.title }),
    )
    .await?;
    tx.commit().await
}

/// Publishes a draft.
///
/// # Errors
/// NotFound, Forbidden, `notice.not_draft`, Stale.
pub async fn publish(ctx: &Ctx, id: NoticeId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let notice = store::load(&mut tx, id).await?;
    ctx.may(Act::PublishNotice, &notice.place)?;
    let next = notice.state.publish(ctx.now())?;
    store::save_state(&mut tx, id, version, next).await?;
    let subject = Subject::new("notice", id.get(), notice.place);
    ctx.audit(
        &mut tx,
        "publish_notice",
        subject,
        json!({ "state": notice.state.code() }),
        json!({ "state": next.code() }),
    )
    .await?;
    tx.tell(&NoticePublished { notice: id }, ctx.now()).await?;
    tx.commit().await
}

/// Takes a public notice down.
///
/// # Errors
/// NotFound, Forbidden, `notice.not_published`, Stale.
pub async fn end(ctx: &Ctx, id: NoticeId, version: i64) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let notice = store::load(&mut tx, id).await?;
    ctx.may(Act::PublishNotice, &notice.place)?;
    let next = notice.state.end(ctx.now())?;
    store::save_state(&mut tx, id, version, next).await?;
    let subject = Subject::new("notice", id.get(), notice.place);
    ctx.audit(
        &mut tx,
        "end_notice",
        subject,
        json!({ "state": notice.state.code() }),
        json!({ "state": next.code() }),
    )
    .await?;
    tx.commit().await
}

/// A notice as its keeper sees it.
///
/// # Errors
/// NotFound when it is out of sight.
pub async fn load(ctx: &Ctx, id: NoticeId) -> Result<Notice> {
    let mut tx = ctx.db.read().await?;
    let notice = store::load(&mut tx, id).await?;
    ctx.may(Act::ListNotices, &notice.place)?;
    Ok(notice)
}

/// Notices that the actor keeps.
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &NoticeFilter, window: &Window) -> Result<Listed<Notice>> {
    let mut tx = ctx.db.read().await?;
    store::list(&mut tx, &ctx.scope(Act::ListNotices), filter, window).await
}

/// A notice as the public sees it: published or ended, never a draft.
///
/// # Errors
/// NotFound for a draft as for nothing.
pub async fn public(ctx: &Ctx, id: NoticeId) -> Result<Notice> {
    let mut tx = ctx.db.read().await?;
    let notice = store::load(&mut tx, id).await?;
    if notice.state.code() == "draft" {
        Err(Error::NotFound)
    } else {
        Ok(notice)
    }
}

/// Public notices, newest first.
///
/// # Errors
/// Storage failures.
pub async fn list_public(ctx: &Ctx, filter: &NoticeFilter, window: &Window) -> Result<Listed<Notice>> {
    let mut tx = ctx.db.read().await?;
    let filter = NoticeFilter {
        state: Some("published"),
        ..filter.clone()
    };
    store::list(&mut tx, &kernel::Scope::All, &filter, window).await
}

/// A message to be sent.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// To a role at the place; none: to the person of the place.
    pub role: Option<Role>,
    /// Where the reader stands.
    pub place: Place,
    /// One line.
    pub title: String,
    /// What happened and what to do.
    pub body: String,
    /// Where to go.
    pub href: String,
    /// Why it is sent; the same cause is sent once.
    pub cause: String,
}

/// Sends a message inside the caller's transaction; a cause that is known is not sent again.
///
/// # Errors
/// Storage failures.
pub async fn send(ctx: &Ctx, tx: &mut Tx, message: &NewMessage) -> Result<()> {
    store::insert_message(tx, message, ctx.now()).await
}

/// The actor's newest messages: to its person, or to its role at its organisation, district or department.
///
/// # Errors
/// Storage failures.
pub async fn messages(ctx: &Ctx, limit: u32) -> Result<Vec<Message>> {
    let mut tx = ctx.db.read().await?;
    store::messages(&mut tx, ctx.actor.role, &ctx.actor.own, limit).await
}

/// How many of them are unread.
///
/// # Errors
/// Storage failures.
pub async fn unread(ctx: &Ctx) -> Result<u64> {
    let newest = messages(ctx, 100).await?;
    Ok(newest.iter().filter(|message| message.read_at.is_none()).count() as u64)
}

/// Marks the actor's messages as read.
///
/// # Errors
/// Storage failures.
pub async fn mark_read(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    store::mark_read(&mut tx, ctx.actor.role, &ctx.actor.own, ctx.now()).await?;
    tx.commit().await
}
