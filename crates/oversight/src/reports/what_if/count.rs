//! The counting: a chunk of people and their balances, judged twice, added to counters.
//!
//! reads only. Two chunks are in work at once, one for each core of a small server; what is held is two chunks and
//! the counters. A chunk's people and balances are read in the order of their keys.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use db::{Db, Tx, jobs::JobCtx};
use kernel::{Error, Hours, OrgId, PersonId, Result, Scope};
use rules::credits::claims::recount::{Recognition, recount};
use rules::credits::editions::Document;
use rules::credits::requirement::{self, Reached, Traits, Years};
use rules::credits::{class_hours, recognition};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use super::super::store::inventory;
use super::super::store::what_if::{self as store, ClassHours, Narrowed, PersonRow};
use super::Dimension;

/// Chunks in work at once.
const AT_ONCE: usize = 2;

/// What is compared with what.
#[derive(Debug, Clone)]
pub struct Plan(Arc<Compared>);

#[derive(Debug)]
struct Compared {
    /// The last year looked at.
    last: i32,
    /// The requirements in force for each year.
    demanded: Vec<(i32, Arc<requirement::Edition>)>,
    draft: Document,
}

impl Plan {
    /// The requirements in force for each year, and the draft.
    #[must_use]
    pub fn new(last: i32, demanded: Vec<(i32, Arc<requirement::Edition>)>, draft: Document) -> Self {
        Self(Arc::new(Compared { last, demanded, draft }))
    }

    fn first_balance(&self) -> i32 {
        self.0.last + 1 - i32::try_from(Years::SPAN).unwrap_or(1)
    }

    fn recognising(&self) -> Option<&recognition::Edition> {
        match &self.0.draft {
            Document::Recognition(edition) => Some(edition),
            Document::Requirement(_) => None,
        }
    }

    /// How the years of a person change: `now` as they are, `then` as the draft would have them.
    fn changes(&self, traits: &Traits, now: &Years, then: &Years) -> Vec<Change> {
        let mut changes = Vec::new();
        for (year, demanded) in &self.0.demanded {
            let drafted = match &self.0.draft {
                Document::Requirement(edition) => edition,
                Document::Recognition(_) => &**demanded,
            };
            let change = Change {
                year: *year,
                now: demanded.reached(traits, *year, now),
                then: drafted.reached(traits, *year, then),
            };
            if change.now != change.then {
                changes.push(change);
            }
        }
        changes
    }
}

/// How a year of a person changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The year.
    pub year: i32,
    /// By the editions in force.
    pub now: Reached,
    /// By the draft.
    pub then: Reached,
}

/// How many people, and in which direction they change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// People looked at.
    pub people: i64,
    /// Of whom at least something changes.
    pub changed: i64,
    /// Who would reach the year and do not now.
    pub gained: i64,
    /// Who reach the year now and would not.
    pub lost: i64,
    /// Who would reach the period for a title and do not now.
    pub title_gained: i64,
    /// Who reach it now and would not.
    pub title_lost: i64,
}

impl Counted {
    fn add<'a>(&mut self, changes: impl Iterator<Item = &'a Change>) {
        let mut seen = [false; 5];
        for change in changes {
            seen[0] = true;
            seen[1] |= change.then.annual && !change.now.annual;
            seen[2] |= change.now.annual && !change.then.annual;
            seen[3] |= change.then.title && !change.now.title;
            seen[4] |= change.now.title && !change.then.title;
        }
        self.people += 1;
        self.changed += i64::from(seen[0]);
        self.gained += i64::from(seen[1]);
        self.lost += i64::from(seen[2]);
        self.title_gained += i64::from(seen[3]);
        self.title_lost += i64::from(seen[4]);
    }

    fn merge(&mut self, other: &Self) {
        self.people += other.people;
        self.changed += other.changed;
        self.gained += other.gained;
        self.lost += other.lost;
        self.title_gained += other.title_gained;
        self.title_lost += other.title_lost;
    }
}

/// The counters of one year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearCount {
    /// The year.
    pub year: i32,
    /// Its counters.
    #[serde(flatten)]
    pub counted: Counted,
}

/// Everything that is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Everybody, over all years.
    pub total: Counted,
    /// By year.
    pub years: Vec<YearCount>,
    /// By district, department and level; the code is empty where a person has none.
    pub groups: HashMap<(Dimension, String), Counted>,
    /// By employer.
    pub employers: HashMap<Option<OrgId>, Counted>,
}

impl Counts {
    fn new(plan: &Plan) -> Self {
        let years = plan.0.demanded.iter().map(|(year, _)| YearCount {
            year: *year,
            ..YearCount::default()
        });
        Self {
            years: years.collect(),
            ..Self::default()
        }
    }

    fn add(&mut self, person: &PersonRow, changes: &[Change]) {
        self.total.add(changes.iter());
        for year in &mut self.years {
            year.counted
                .add(changes.iter().filter(|change| change.year == year.year));
        }
        let level = person.traits.level.map(kernel::Code::code);
        for (dimension, code) in [
            (Dimension::District, person.district.as_deref()),
            (Dimension::Department, person.department.as_deref()),
            (Dimension::Level, level),
        ] {
            let key = (dimension, code.unwrap_or_default().to_owned());
            self.groups.entry(key).or_default().add(changes.iter());
        }
        self.employers.entry(person.org).or_default().add(changes.iter());
    }

    fn merge(&mut self, other: Self) {
        self.total.merge(&other.total);
        for (mine, theirs) in self.years.iter_mut().zip(&other.years) {
            mine.counted.merge(&theirs.counted);
        }
        for (key, counted) in other.groups {
            self.groups.entry(key).or_default().merge(&counted);
        }
        for (key, counted) in other.employers {
            self.employers.entry(key).or_default().merge(&counted);
        }
    }
}

/// Counts everybody, chunk after chunk; tells the job how far it is and stops when asked to.
pub(super) async fn everybody(db: &Db, plan: Plan, job: Option<&JobCtx>) -> Result<Counts> {
    let mut counts = Counts::new(&plan);
    let mut tx = db.read().await?;
    let total = u64::try_from(inventory::people(&mut tx).await?).unwrap_or(0);
    drop(tx);
    let (mut cursor, mut done, mut working) = (None, 0_u64, JoinSet::new());
    loop {
        while working.len() < AT_ONCE {
            let mut tx = db.read().await?;
            let chunk = store::people(&Scope::All, &mut tx, &Narrowed::default(), cursor).await?;
            drop(tx);
            let Some(last) = chunk.last() else { break };
            cursor = Some(last.id);
            let (db, plan) = (db.clone(), plan.clone());
            working.spawn(async move { of_chunk(&db, &plan, &chunk).await });
        }
        let Some(counted) = working.join_next().await else {
            return Ok(counts);
        };
        let counted = counted.map_err(Error::broken)??;
        done += u64::try_from(counted.total.people).unwrap_or(0);
        counts.merge(counted);
        if let Some(job) = job {
            job.progress(done.min(total.saturating_sub(1)), total).await?;
            job.stop_if_cancelled().await?;
        }
    }
}

async fn of_chunk(db: &Db, plan: &Plan, chunk: &[PersonRow]) -> Result<Counts> {
    let mut tx = db.read().await?;
    let judged = judged(&mut tx, plan, chunk, true).await?;
    drop(tx);
    let mut counts = Counts::new(plan);
    for (person, changes) in chunk.iter().zip(&judged) {
        counts.add(person, changes);
    }
    Ok(counts)
}

/// The changes of each person of a chunk, which is in the order of ids. `whole` says that nobody between its first and
/// its last was left out, so that balances are read as one stretch.
pub(super) async fn judged(tx: &mut Tx, plan: &Plan, chunk: &[PersonRow], whole: bool) -> Result<Vec<Vec<Change>>> {
    let empty = Years::from(plan.first_balance());
    let mut now = vec![empty; chunk.len()];
    let stretch = store::Stretch::of(chunk, whole);
    // Balances come in the order of ids as people do: the place is found by going on, not by searching.
    let mut at = 0;
    let place = |at: &mut usize, person: PersonId| {
        if chunk.get(*at).is_none_or(|one| one.id > person) {
            *at = 0;
        }
        while chunk.get(*at).is_some_and(|one| one.id < person) {
            *at += 1;
        }
        chunk.get(*at).filter(|one| one.id == person).map(|_| *at)
    };
    store::each_balance(
        tx,
        &stretch,
        plan.first_balance(),
        |(person, year, subject, hours, compulsory)| {
            if let Some(at) = place(&mut at, person) {
                now[at].add(year, subject, hours, compulsory);
            }
            Ok(())
        },
    )
    .await?;
    let mut then = now.clone();
    if let Some(draft) = plan.recognising() {
        store::each_class_hours(tx, &stretch, |row: ClassHours| {
            let (hours, _) = class_hours(&draft.class, row.taught, row.declared);
            let more = hours - row.posted;
            if more != Hours::ZERO
                && let Some(at) = place(&mut at, row.person)
            {
                let compulsory = if row.is_compulsory() { more } else { Hours::ZERO };
                then[at].add(row.year, row.subject, more, compulsory);
            }
            Ok(())
        })
        .await?;
        let mut claims: BTreeMap<usize, Vec<Recognition>> = BTreeMap::new();
        store::each_recognition(tx, &stretch, |person, recognition| {
            if let Some(at) = place(&mut at, person) {
                claims.entry(at).or_default().push(recognition);
            }
        })
        .await?;
        for (at, claims) in claims {
            for change in recount(draft, &chunk[at].traits, &claims) {
                then[at].add(change.year, change.subject, change.hours, change.compulsory);
            }
        }
    }
    let people = chunk.iter().zip(now.iter().zip(&then));
    Ok(people
        .map(|(person, (now, then))| plan.changes(&person.traits, now, then))
        .collect())
}
