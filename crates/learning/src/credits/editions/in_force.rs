//! Which approved edition holds on a day, and its rules, parsed once in a process.
//!
//! The heads of the approved editions are few and asked for each time, so that what another process approved holds at
//! once. A document is kept under id and version: an approved one is never edited (R-33, triggers refuse it), so what is
//! kept cannot become wrong. Where an installation has no edition yet, those that come with the platform hold.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use db::Tx;
use kernel::{Date, Result};
use rules::credits::editions::{Document, EditionKind};
use rules::credits::{recognition as recognising, requirement as requiring};

use super::{EditionId, store};

static RECOGNITION: LazyLock<Arc<recognising::Edition>> = LazyLock::new(|| Arc::new(recognising::shipped()));
static REQUIREMENT: LazyLock<Arc<requiring::Edition>> = LazyLock::new(|| Arc::new(requiring::shipped()));

/// The identity of an approved edition, and its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) id: EditionId,
    pub(super) version: i64,
    pub(super) in_force: Date,
}

/// Of these, in the order of their first days, the one in force on a day; before the first, the first.
fn on(heads: &[Head], day: Date) -> Option<Head> {
    let begun = heads.iter().rev().find(|head| head.in_force <= day);
    begun.or_else(|| heads.first()).copied()
}

#[derive(Debug, Clone)]
enum Parsed {
    Recognition(Arc<recognising::Edition>),
    Requirement(Arc<requiring::Edition>),
}

/// Approved documents by id and version.
#[derive(Default)]
struct Known(Mutex<HashMap<(EditionId, i64), Parsed>>);

async fn parsed(tx: &mut Tx, head: Head) -> Result<Parsed> {
    let known = tx.memory::<Known>();
    let key = (head.id, head.version);
    let found = known
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&key)
        .cloned();
    if let Some(found) = found {
        return Ok(found);
    }
    let read = match store::load(tx, head.id).await?.document {
        Document::Recognition(edition) => Parsed::Recognition(Arc::new(edition)),
        Document::Requirement(edition) => Parsed::Requirement(Arc::new(edition)),
    };
    known
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(key, read.clone());
    Ok(read)
}

/// The recognition rules in force on a day: for an activity, the day on which it ended.
///
/// # Errors
/// Storage failures.
pub async fn recognition(tx: &mut Tx, day: Date) -> Result<Arc<recognising::Edition>> {
    let heads = store::heads(tx, EditionKind::Recognition).await?;
    match on(&heads, day) {
        Some(head) => match parsed(tx, head).await? {
            Parsed::Recognition(edition) => Ok(edition),
            Parsed::Requirement(_) => Ok(Arc::clone(&RECOGNITION)),
        },
        None => Ok(Arc::clone(&RECOGNITION)),
    }
}

/// The requirement rules of a year: those in force on its last day, or today while it runs.
///
/// # Errors
/// Storage failures.
pub async fn requirement(tx: &mut Tx, year: i32, today: Date) -> Result<Arc<requiring::Edition>> {
    let years = requirements(tx, year..=year, today).await?;
    Ok(years
        .into_iter()
        .next()
        .map_or_else(|| Arc::clone(&REQUIREMENT), |(_, edition)| edition))
}

/// The same of several years.
///
/// # Errors
/// Storage failures.
pub async fn requirements(
    tx: &mut Tx,
    years: RangeInclusive<i32>,
    today: Date,
) -> Result<Vec<(i32, Arc<requiring::Edition>)>> {
    let heads = store::heads(tx, EditionKind::Requirement).await?;
    let mut found = Vec::new();
    for year in years {
        let last = Date::from_ymd_opt(year, 12, 31).unwrap_or(today).min(today);
        let edition = match on(&heads, last) {
            Some(head) => match parsed(tx, head).await? {
                Parsed::Requirement(edition) => edition,
                Parsed::Recognition(_) => Arc::clone(&REQUIREMENT),
            },
            None => Arc::clone(&REQUIREMENT),
        };
        found.push((year, edition));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use kernel::{Id, date};

    use super::*;

    #[test]
    fn r25_the_latest_that_has_begun_holds_and_before_the_first_the_first() {
        let head = |id, in_force| Head {
            id: Id::new(id),
            version: 1,
            in_force,
        };
        let heads = [
            head(1, date(2022, 12, 2)),
            head(2, date(2026, 1, 1)),
            head(3, date(2027, 1, 1)),
        ];
        let id = |day| on(&heads, day).map(|head| head.id.get());
        assert_eq!(id(date(2020, 1, 1)), Some(1));
        assert_eq!(id(date(2025, 12, 31)), Some(1));
        assert_eq!(id(date(2026, 1, 1)), Some(2));
        assert_eq!(id(date(2030, 1, 1)), Some(3));
        assert_eq!(on(&[], date(2030, 1, 1)), None);
    }
}
