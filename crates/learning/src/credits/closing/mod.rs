//! 年度关账: the lead makes a year final, and every poster passes the door here.
//!
//! ```text
//! open ──close──► closed ──reopen──► reopened
//! ```
//! The states stand in [`rules::credits::YearState`]; rules R-60, R-61, R-62. [`admit`] is called by `credits::post`
//! alone, which every poster uses: a year in the past is held against closing while entries are posted into it, and
//! closing locks the same row, so that no entry slips in between. The running year is never asked about.
//! Deliberately absent: figures of a year (`oversight::reports` counts them) and statements made beforehand for
//! everybody; a statement is made when it is asked for.

mod store;

use std::collections::BTreeSet;

use chrono::Datelike;
use db::{Event, Tx};
use kernel::{Date, Error, Place, Result};
use registry::{Ctx, Subject};
use rules::credits::{Posting, YearState};
use rules::permits::Act;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use store::Year;

/// Told when a year was closed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct YearClosed {
    /// Which.
    pub year: i32,
}

impl Event for YearClosed {
    const KIND: &'static str = "year_closed";
}

/// Refuses postings into years that are closed (R-61).
pub(super) async fn admit(ctx: &Ctx, tx: &mut Tx, postings: &[Posting]) -> Result<()> {
    let today = ctx.today();
    let past: BTreeSet<i32> = postings
        .iter()
        .map(|posting| posting.year)
        .filter(|year| *year < today.year())
        .collect();
    for year in past {
        let state = store::hold(tx, year).await?.state;
        for posting in postings.iter().filter(|posting| posting.year == year) {
            state.admit(posting, today)?;
        }
    }
    Ok(())
}

/// Why hours on which nobody has decided may not enter a year today (R-61); none when they may. A dry run asks it; the
/// posting asks again.
///
/// # Errors
/// Storage failures.
pub async fn refusal(ctx: &Ctx, tx: &mut Tx, year: i32) -> Result<Option<String>> {
    match state(tx, year).await?.admit_undecided(year, ctx.today()) {
        Ok(()) => Ok(None),
        Err(Error::Refused { sentence, .. }) => Ok(Some(sentence)),
        Err(error) => Err(error),
    }
}

/// A year of the ledger.
///
/// # Errors
/// NotFound for a year that the ledger does not keep (before 2000, after 2100).
pub async fn year(tx: &mut Tx, year: i32) -> Result<Year> {
    store::load(tx, year).await
}

/// The years that were ever closed, latest first.
///
/// # Errors
/// Storage failures.
pub async fn closed_years(tx: &mut Tx) -> Result<Vec<Year>> {
    store::touched(tx).await
}

/// Closes a year: `version` is the one that was shown before the confirmation, `late_until` the last day on which late
/// hours enter.
///
/// # Errors
/// Forbidden; `closing.not_over`, `closing.closed`, a wrong date (R-60); Stale.
pub async fn close(ctx: &Ctx, which: i32, version: i64, late_until: Date) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let year = store::lock(&mut tx, which).await?;
    ctx.may(Act::CloseYear, &Place::default())?;
    let next = year.state.close(which, ctx.now(), late_until)?;
    store::save(&mut tx, &year, version, &next, &ctx.actor.label).await?;
    let after = json!({ "state": next.code(), "late_until": late_until.to_string() });
    ctx.audit(
        &mut tx,
        "close_year",
        thing(which),
        json!({ "state": year.state.code() }),
        after,
    )
    .await?;
    tx.tell(&YearClosed { year: which }, ctx.now()).await?;
    tx.commit().await
}

/// Opens a closed year again, for a reason.
///
/// # Errors
/// Forbidden; `closing.not_closed`, a wrong reason (R-60); Stale.
pub async fn reopen(ctx: &Ctx, which: i32, version: i64, reason: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    let year = store::lock(&mut tx, which).await?;
    ctx.may(Act::CloseYear, &Place::default())?;
    let next = year.state.reopen(which, ctx.now(), reason)?;
    store::save(&mut tx, &year, version, &next, &ctx.actor.label).await?;
    let change = (json!({ "state": year.state.code() }), json!({ "state": next.code() }));
    ctx.audit_because(&mut tx, "reopen_year", thing(which), change, Some(reason.trim()))
        .await?;
    tx.commit().await
}

fn thing(year: i32) -> Subject {
    Subject::new("year", i64::from(year), Place::default())
}

/// The state of a year that is shown beside its hours; a year that the ledger does not keep is open.
///
/// # Errors
/// Storage failures.
pub async fn state(tx: &mut Tx, which: i32) -> Result<YearState> {
    match store::load(tx, which).await {
        Ok(year) => Ok(year.state),
        Err(Error::NotFound) => Ok(YearState::Open),
        Err(error) => Err(error),
    }
}
