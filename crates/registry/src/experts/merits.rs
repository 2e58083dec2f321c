//! The merit record: what an expert did for the programme, and how it was rated. Only ever added to.

use db::Tx;
use kernel::{Date, Error, ExpertId, Result};
use rules::experts::MeritKind;
use rules::permits::Act;
use serde_json::{Value as Json, json};

use super::store;
use crate::Ctx;

/// A deed to be recorded.
#[derive(Debug, Clone)]
pub struct NewMerit {
    /// Whose.
    pub expert: ExpertId,
    /// What kind.
    pub kind: MeritKind,
    /// What: the round, the class, the advice.
    pub title: String,
    /// How much: reviews, 学时, times.
    pub amount: i64,
    /// From 1 to 5, where somebody rated it.
    pub rating: Option<i64>,
    /// What else was said.
    pub note: String,
    /// When it was done.
    pub on: Date,
    /// Why it is recorded; the same cause is recorded once.
    pub cause: String,
}

/// A recorded deed.
#[derive(Debug, Clone)]
pub struct Merit {
    /// What kind.
    pub kind: MeritKind,
    /// What.
    pub title: String,
    /// How much.
    pub amount: i64,
    /// From 1 to 5, where somebody rated it.
    pub rating: Option<i64>,
    /// What else was said.
    pub note: String,
    /// When it was done.
    pub on: Date,
}

/// Records a deed inside the caller's transaction; gives whether it was new.
///
/// # Errors
/// Storage failures.
pub async fn note_merit(ctx: &Ctx, tx: &mut Tx, merit: &NewMerit) -> Result<bool> {
    store::insert_merit(tx, merit, (ctx.now(), &ctx.actor.label)).await
}

/// Records teaching or advice by hand; reviews are recorded by their round.
///
/// # Errors
/// NotFound, Forbidden; Wrong at fields.
pub async fn record(ctx: &Ctx, merit: NewMerit) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let expert = store::load(&mut tx, merit.expert).await?;
    ctx.may(Act::KeepExperts, &expert.place)?;
    if merit.on > ctx.today() {
        return Err(Error::wrong("on", "merit.on", "日期不能晚于今天。"));
    }
    if !note_merit(ctx, &mut tx, &merit).await? {
        return Err(Error::Stale);
    }
    let after = json!({ "kind": merit.kind, "title": merit.title });
    ctx.audit(&mut tx, "record_merit", expert.subject(), Json::Null, after)
        .await?;
    tx.commit().await
}
