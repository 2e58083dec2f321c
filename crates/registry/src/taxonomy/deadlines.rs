//! Deadlines counted in working days: set once, shown with what is not known, counted anew when a year is imported.
//!
//! ```text
//! set ──► on a day                       (every year touched has a calendar)
//!     └─► not before a day, year missing ──import of that year──► on a day, with a row in the trail
//! ```
//! R-11: a deadline that reaches an unknown year never ends a right by itself (`Deadline::has_passed`), and the lead gets
//! one task per missing year. Whoever shows a deadline says it with [`super::deadline_sentence`].
//! Deliberately absent: what happens when a deadline passes; that is its owner's rule.

use std::collections::HashMap;

use db::{Query, Tx};
use kernel::{Calendar, Date, Deadline, Place, Result, Role, Time};

use super::store;
use crate::{Ctx, tasks};

/// A deadline with what it was counted from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub(super) id: i64,
    /// The kind of thing it is about: `class`.
    pub subject_kind: String,
    /// The thing's id.
    pub subject: i64,
    /// Which of the thing's deadlines: `report`.
    pub name: String,
    /// The day before the first counted day.
    pub from: Date,
    /// How many working days.
    pub workdays: u32,
    /// When it ends.
    pub deadline: Deadline,
}

/// A deadline that was counted anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The kind of thing it is about.
    pub subject_kind: String,
    /// The thing's id.
    pub subject: i64,
    /// Which of the thing's deadlines.
    pub name: String,
    /// How it was.
    pub before: Deadline,
    /// How it is.
    pub after: Deadline,
    /// When it changed.
    pub at: Time,
    /// Who imported.
    pub actor: String,
    /// Why.
    pub reason: String,
}

/// The cause of the task that asks the lead for a year's calendar.
#[must_use]
pub fn cause(year: i32) -> String {
    format!("calendar:{year}")
}

/// Sets (or sets again) a deadline of `workdays` working days that begins the day after `from`.
///
/// # Errors
/// Storage failures.
pub async fn set(
    ctx: &Ctx,
    tx: &mut Tx,
    (subject_kind, subject, name): (&str, i64, &str),
    from: Date,
    workdays: u32,
) -> Result<Deadline> {
    let deadline = ctx.calendar.after(from, workdays);
    let known = store::find_deadline(tx, (subject_kind, subject, name)).await?;
    let id = known.map_or_else(|| tx.mint::<()>().get(), |known| known.id);
    let (subject_kind, name) = (subject_kind.to_owned(), name.to_owned());
    let counted = Counted {
        id,
        subject_kind,
        subject,
        name,
        from,
        workdays,
        deadline,
    };
    store::save_deadline(tx, &counted, ctx.now()).await?;
    ask_for_year(ctx, tx, deadline).await?;
    Ok(deadline)
}

/// Asks the lead to import the year that a deadline misses; once per year.
async fn ask_for_year(ctx: &Ctx, tx: &mut Tx, deadline: Deadline) -> Result<()> {
    let Deadline::NotBefore { missing, .. } = deadline else {
        return Ok(());
    };
    let task = tasks::NewTask {
        kind: "calendar.import",
        title: format!("导入 {missing} 年放假安排"),
        href: "/desk/calendar".into(),
        role: Role::Lead,
        place: Place::default(),
        cause: cause(missing),
        due: None,
    };
    tasks::ask(ctx, tx, task).await
}

/// A deadline of a thing, if it has that one.
///
/// # Errors
/// Storage failures.
pub async fn find(tx: &mut Tx, subject_kind: &str, subject: i64, name: &str) -> Result<Option<Deadline>> {
    Ok(store::find_deadline(tx, (subject_kind, subject, name))
        .await?
        .map(|counted| counted.deadline))
}

/// The deadlines of many things of a kind, by thing and name: for lists.
///
/// # Errors
/// Storage failures.
pub async fn find_many(tx: &mut Tx, subject_kind: &str, subjects: &[i64]) -> Result<HashMap<(i64, String), Deadline>> {
    let found = store::deadlines_of(tx, subject_kind, subjects).await?;
    Ok(found
        .into_iter()
        .map(|counted| ((counted.subject, counted.name), counted.deadline))
        .collect())
}

/// Keeps a list to the things whose deadline has passed by `today`: `subject` is their column of ids, `name` an expression
/// for which of their deadlines runs. What ends in a year without a calendar has not passed (R-11).
#[must_use]
pub fn overdue(query: Query, subject_kind: &str, (subject, name): (&str, &str), today: Date) -> Query {
    store::overdue(query, subject_kind, (subject, name), today)
}

/// Years that running deadlines miss, each with how many deadlines wait for it.
///
/// # Errors
/// Storage failures.
pub async fn missing_years(tx: &mut Tx) -> Result<Vec<(i32, i64)>> {
    store::waiting(tx).await
}

/// The latest changes, newest first, at most `limit`.
///
/// # Errors
/// Storage failures.
pub async fn changes(tx: &mut Tx, limit: u32) -> Result<Vec<Changed>> {
    store::changes(tx, limit).await
}

/// How many deadlines were counted through these years.
pub(super) async fn touched(tx: &mut Tx, years: (i32, i32)) -> Result<u64> {
    let (mut count, mut after) = (0, 0);
    loop {
        let some = store::touching(tx, years, after).await?;
        let Some(last) = some.last() else { return Ok(count) };
        after = last.id;
        count += u64::try_from(some.len()).unwrap_or(0);
    }
}

/// Counts anew every deadline that touches one of the years; returns how many moved. Each move leaves a row in
/// the trail. A deadline that still misses a later year asks for that one.
pub(super) async fn recount(ctx: &Ctx, tx: &mut Tx, calendar: &Calendar, years: &[i32]) -> Result<u64> {
    let (Some(first), Some(last)) = (years.iter().min(), years.iter().max()) else {
        return Ok(0);
    };
    let reason = format!(
        "导入 {} 年放假安排",
        years.iter().map(i32::to_string).collect::<Vec<_>>().join("、")
    );
    let (mut moved, mut after) = (0, 0);
    loop {
        let some = store::touching(tx, (*first, *last), after).await?;
        let Some(last) = some.last() else { return Ok(moved) };
        after = last.id;
        for counted in &some {
            let fresh = calendar.after(counted.from, counted.workdays);
            if fresh == counted.deadline {
                continue;
            }
            let (at, actor) = (ctx.now(), ctx.actor.label.as_str());
            store::move_deadline(
                tx,
                store::Change {
                    counted,
                    after: fresh,
                    at,
                    actor,
                    reason: &reason,
                },
            )
            .await?;
            ask_for_year(ctx, tx, fresh).await?;
            moved += 1;
        }
    }
}
