//! Answers remembered under idempotency keys: a system that repeats a write gets the first answer, and nothing happens twice.
//!
//! ```text
//! nothing ──claim──► claimed ──keep──► answered ──7 days──► forgotten
//!                      │  └──release──► nothing     (the work failed: nothing was written, so it may be tried again)
//!                      └── 5 minutes without an answer: its process vanished, and it may be claimed again
//! ```
//! A key belongs to an account. The same key with another request is a mistake of the caller and is told.
//! Only answers of work that was done are kept. A process that vanishes between the work and [`keep`] leaves a claim
//! without an answer, so the work itself must bear a second run, as with jobs.
//! Deliberately absent: keys for requests that change nothing.

use kernel::{Error, Result, Time, id::AccountId};

use super::store;
use crate::Ctx;

/// Days for which an answer is remembered.
pub const KEPT_DAYS: i64 = 7;
/// Seconds after which a claim without an answer may be taken over; no request lives that long.
const ABANDONED: i64 = 300;
/// The longest key, in characters.
const LONGEST: usize = 128;

/// A remembered answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The JSON body.
    pub body: String,
}

/// A claim that this request holds.
#[derive(Debug, Clone)]
pub struct Held {
    pub(super) account: AccountId,
    pub(super) key: String,
    pub(super) since: Time,
}

/// What a key stands for when a request comes with it.
#[derive(Debug, Clone)]
pub enum Claim {
    /// Nobody came with it before: do the work, then [`keep`] or [`release`].
    Ours(Held),
    /// The work was done; this was the answer.
    Answered(Answer),
}

/// A row as found.
pub(super) struct Known {
    pub(super) request: String,
    pub(super) answer: Option<Answer>,
    pub(super) since: Time,
}

impl Known {
    fn is_over(&self, now: Time) -> bool {
        let age = now.seconds_since(self.since);
        age >= KEPT_DAYS * 86_400 || (self.answer.is_none() && age >= ABANDONED)
    }
}

/// Claims a key for the request with the digest `request`.
///
/// # Errors
/// Wrong at `Idempotency-Key` when the key is no key, or was used for another request; `idempotency.busy` while the
/// first request with it is under way.
pub async fn claim(ctx: &Ctx, key: &str, request: &str) -> Result<Claim> {
    let account = ctx.actor.account.ok_or_else(|| Error::broken("a key of nobody"))?;
    if key.is_empty() || key.len() > LONGEST || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        let sentence = format!("幂等键应为 1 到 {LONGEST} 个可见的 ASCII 字符，建议使用 UUID。");
        return Err(Error::wrong("Idempotency-Key", "idempotency.form", sentence));
    }
    let held = Held {
        account,
        key: key.to_owned(),
        since: ctx.now(),
    };
    let mut tx = ctx.db.write().await?;
    let claim = if store::answers::insert(&mut tx, &held, request).await? {
        Ok(Claim::Ours(held))
    } else {
        known(&mut tx, held, request).await
    };
    tx.commit().await?;
    claim
}

async fn known(tx: &mut db::Tx, held: Held, request: &str) -> Result<Claim> {
    let busy = || {
        let sentence = "使用同一幂等键的请求正在处理，请稍后用原请求重试。";
        Error::refused("idempotency.busy", sentence)
    };
    // It may be invisible still: the other transaction has only just ended.
    let known = store::answers::find(tx, &held).await?.ok_or_else(busy)?;
    if known.is_over(held.since) {
        let ours = store::answers::take_over(tx, &held, known.since, request).await?;
        return if ours { Ok(Claim::Ours(held)) } else { Err(busy()) };
    }
    if known.request != request {
        let sentence = "这个幂等键已用于另一个请求。内容不同的请求请换一个新的幂等键。";
        return Err(Error::wrong("Idempotency-Key", "idempotency.differs", sentence));
    }
    known.answer.map(Claim::Answered).ok_or_else(busy)
}

/// Remembers the answer of the work that was done under the claim.
///
/// # Errors
/// Storage failures.
pub async fn keep(ctx: &Ctx, held: &Held, answer: &Answer) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    store::answers::save(&mut tx, held, answer).await?;
    tx.commit().await
}

/// Gives the key back, because the work failed.
///
/// # Errors
/// Storage failures.
pub async fn release(ctx: &Ctx, held: &Held) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    store::answers::remove(&mut tx, held).await?;
    tx.commit().await
}
