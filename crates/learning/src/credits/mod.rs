//! The ledger of hours: append-only entries, each with its cause and its rule, and the balances they add up to.
//!
//! ```text
//! nothing ──post──► entry ──reverse──► entry + reversal      (never changed, never deleted)
//! ```
//! A posting is atomic with what caused it: callers of higher rank post inside their own transaction. The same cause
//! posts once, whoever repeats it. Balances (`credits_balances`) are a cache of sums, written in the same transaction
//! and proved against the entries by [`prove_balances`]. Rules: R-3, R-4, R-6, R-7, R-8, R-10, R-15.
//! Each posting leaves one row in the queue of the public log ([`log`]), in the same transaction; its index is given after
//! the commit by one sequencer, never here. `claims/` holds what people claim, `disputes/` the cases about entries (R-48 to
//! R-54), `editions/` the rules in force, `closing/` the years that are final, `outside.rs` what other systems are told.

pub mod claims;
pub mod closing;
pub mod disputes;
pub mod editions;
mod glance;
mod handing_over;
pub mod log;
mod outside;
pub mod reminders;
mod store;

use std::collections::HashMap;

use db::{Event, Tx};
use kernel::{EnrolmentId, EntryId, PersonId, Place, Result, Scope};
use registry::{Ctx, Listed, Subject as Thing, Window, people};
use rules::credits::requirement::Years;
use rules::credits::title_check::Earned;
use rules::credits::{self, Posting, Statement, Subject};
use rules::permits::Act;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use glance::{YearSums, glance};
pub use handing_over::{HandedOver, hand_over, hand_over_complete};
pub use outside::{handlers, placed};
pub use store::{EntryFilter, EntryLine, Mismatch, PostedEntry, ROW, salted};

/// Told when an entry was taken back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EntryReversed {
    /// The entry that counts no more.
    pub entry: EntryId,
}

impl Event for EntryReversed {
    const KIND: &'static str = "entry_reversed";
}

/// Posts entries inside the caller's transaction; a cause that was posted before posts nothing. Returns the ids of the
/// entries that are new, in the order of the postings.
///
/// # Errors
/// `credits.year_closed` when one of them belongs to a year that was closed ([`closing`], R-61); storage failures.
/// Nothing is posted then.
pub async fn post(ctx: &Ctx, tx: &mut Tx, postings: &[Posting]) -> Result<Vec<EntryId>> {
    closing::admit(ctx, tx, postings).await?;
    let (posted, waiting) = store::insert(tx, postings, ctx.now(), &ctx.actor.label).await?;
    store::add_to_balances(tx, &posted).await?;
    log::enqueue(tx, &waiting).await?;
    Ok(posted.into_iter().map(|(id, _)| id).collect())
}

/// Takes an entry back with a reason that the person will read. Returns the reversal.
///
/// # Errors
/// NotFound and Forbidden by the permission table; `credits.reversed`, `credits.reversal` or a wrong reason
/// from the rule ([`credits::reverse`]).
pub async fn reverse(ctx: &Ctx, entry: EntryId, reason: &str) -> Result<EntryId> {
    let mut tx = ctx.db.write().await?;
    let place = store::load(&mut tx, entry).await?.place;
    ctx.may(Act::ReverseEntry, &place)?;
    let id = take_back(ctx, &mut tx, entry, reason).await?;
    tx.commit().await?;
    Ok(id)
}

/// Takes an entry back inside the caller's transaction, for a cause that the caller has decided on. Returns the reversal.
///
/// # Errors
/// `credits.reversed`, `credits.reversal` or a wrong reason from the rule ([`credits::reverse`]).
pub async fn take_back(ctx: &Ctx, tx: &mut Tx, entry: EntryId, reason: &str) -> Result<EntryId> {
    let posted = store::load(tx, entry).await?;
    let reversed_before = store::is_reversed(tx, entry).await?;
    let back = credits::reverse(entry, &posted, reversed_before, reason)?;
    let ids = post(ctx, tx, std::slice::from_ref(&back)).await?;
    let thing = Thing::new("credits_entry", entry.get(), posted.place.clone());
    let before = json!({ "hours": posted.hours, "title": posted.title });
    let after = json!({ "reversed_by": ids.first() });
    ctx.audit_because(tx, "reverse_entry", thing, (before, after), Some(reason))
        .await?;
    tx.tell(&EntryReversed { entry }, ctx.now()).await?;
    ids.first().copied().ok_or(kernel::Error::Stale)
}

/// Those of these entries that no other takes back.
///
/// # Errors
/// Storage failures.
pub async fn standing(tx: &mut Tx, entries: &[EntryId]) -> Result<Vec<EntryId>> {
    store::standing(tx, entries).await
}

/// A person's year: every entry with its reason, the sums, what is missing. Entries of records that were merged into
/// this person count too. Asks for [`Act::ViewStatement`].
///
/// # Errors
/// NotFound when the person is out of the actor's sight.
pub async fn statement(ctx: &Ctx, tx: &mut Tx, person: PersonId, year: i32) -> Result<Statement> {
    let person = people::load(tx, person).await?;
    ctx.may(Act::ViewStatement, &person.place())?;
    let ids = people::all_ids(tx, person.id).await?;
    let lines = store::year(tx, &ids, year).await?;
    let edition = editions::requirement(tx, year, ctx.today()).await?;
    let traits = editions::traits_of(&person);
    let mut statement = Statement::evaluate(year, edition.requirement(&traits, year), lines);
    let sums = store::sums(tx, &ids, year).await?;
    statement.periods = edition.periods(&traits, year, &sums);
    Ok(statement)
}

/// Hours by year of many people, for as many years up to `year` as demands look back; records merged into them count with
/// them. Whoever has no hours is not among them.
///
/// # Errors
/// Storage failures.
pub async fn sums_of(tx: &mut Tx, people: &[PersonId], year: i32) -> Result<HashMap<PersonId, Years>> {
    let survivors: HashMap<PersonId, PersonId> = people::absorbed_by(tx, people).await?.into_iter().collect();
    let records: Vec<PersonId> = people.iter().copied().chain(survivors.keys().copied()).collect();
    store::sums_of(tx, &records, &survivors, year).await
}

/// What a title check looks at: the entries of these records from one year to another, oldest first.
///
/// # Errors
/// Storage failures.
pub async fn earned(tx: &mut Tx, records: &[PersonId], (from, to): (i32, i32)) -> Result<Vec<Earned>> {
    store::earned(tx, records, from, to).await
}

/// The years in which a person has entries, latest first.
///
/// # Errors
/// Storage failures.
pub async fn years(tx: &mut Tx, person: PersonId) -> Result<Vec<i32>> {
    let ids = people::all_ids(tx, person).await?;
    store::years(tx, &ids).await
}

/// Entries in the actor's scope ([`Act::ListEntries`]).
///
/// # Errors
/// Storage failures.
pub async fn list(ctx: &Ctx, filter: &EntryFilter, window: &Window) -> Result<Listed<EntryLine>> {
    let mut tx = ctx.db.read().await?;
    let scope: Scope = ctx.scope(Act::ListEntries);
    store::list(&mut tx, &scope, filter, window).await
}

/// Compares every balance with the sum of its entries; the first `limit` that differ.
///
/// # Errors
/// Storage failures.
pub async fn prove_balances(tx: &mut Tx, limit: u32) -> Result<Vec<Mismatch>> {
    store::mismatches(tx, limit).await
}

/// The place an entry is posted at: the person's of that day, with the provider of the class.
#[must_use]
pub fn place_of(person: &people::Person, provider: Option<kernel::OrgId>) -> Place {
    Place {
        provider,
        ..person.place()
    }
}

/// Hours of a person in a year by subject, from the balances.
///
/// # Errors
/// Storage failures.
pub async fn balance(tx: &mut Tx, person: PersonId, year: i32, subject: Subject) -> Result<kernel::Hours> {
    store::balance(tx, person, year, subject).await
}

/// An entry with what a document made from it needs.
///
/// # Errors
/// NotFound when there is none.
pub async fn posted(tx: &mut Tx, entry: EntryId) -> Result<PostedEntry> {
    store::posted(tx, entry).await
}

/// The entries that these enrolments caused and that stand.
///
/// # Errors
/// Storage failures.
pub async fn entries_of_enrolments(tx: &mut Tx, enrolments: &[EnrolmentId]) -> Result<Vec<EntryId>> {
    store::standing_of(tx, enrolments).await
}
