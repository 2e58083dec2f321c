//! The demonstration city: made up, deterministic, and marked as such on every page, PDF and export.
//!
//! ```text
//! empty database ──load──► mark 'loading' ─► bodies ─► courses ─► past classes ─► people, ledger ─► scenes ─► mark '1'
//! ```
//! - The same city every time: what is generated comes from `random.rs` with one seed and from the day called today.
//!   Years that are over do not depend on today.
//! - The past and the many are loaded in bulk, in the order of their ids, indexes after (`db::bulk`), with no audit or
//!   outbox row, because nobody acted. Ids are small numbers from 1, far below those that the mint gives, and cheaper.
//! - What a visitor will touch is played by the use cases themselves with a moved clock (`scenes/`), so it has its
//!   trail, its messages, its jobs and its certificates.
//! - Nothing of it can be real: names say 演示 or carry a mark, numbers of documents and organisations lie in the
//!   unassigned area 319999. The password of the demo accounts exists in this folder only.
//! - A database with people that is no demonstration is refused; a demonstration stays as it is.
//!
//! This folder may write tables that others own (see the tidy check of tables): it loads, it does not act.
//! Deliberately absent: removing the city. It has a database of its own; whoever is done deletes the file.

mod bodies;
mod class_rows;
mod courses;
mod ledger;
mod offered;
mod people;
mod progress;
mod random;
mod scenes;
mod sitting;
mod taught;
mod words;

use std::sync::Arc;

use db::args;
use kernel::{Date, Error, Result};
use registry::Ctx;
use registry::taxonomy::{self, Names, Vocabulary};

use bodies::Bodies;
use courses::Course;
use ledger::{Ledger, Sums};
use people::People;
pub use progress::Progress;
pub use scenes::{LOGINS, PASSWORD};

/// The most people a city can have: documents of the demonstration's area are as many as birthdays and serials.
pub const MOST_PEOPLE: u32 = 10_000_000;
/// People written before their employments, which refer to them.
const PIECE: u64 = 10_000;
/// Tables whose indexes are made after the loading.
const INDEXED: [&str; 4] = ["people", "employments", "credits_entries", "enrolments"];

/// How large the city is and which day it is there.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Professionals.
    pub people: u32,
    /// Further published classes, for measuring the catalogue.
    pub classes: u32,
    /// The day from which everything is reckoned.
    pub today: Date,
}

/// What was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Organisations.
    pub orgs: u64,
    /// Professionals.
    pub people: u64,
    /// Entries of the ledger loaded in bulk.
    pub entries: u64,
    /// Classes loaded in bulk.
    pub classes: u64,
    /// Enrolments loaded in bulk.
    pub enrolments: u64,
}

/// What loading came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The city is there.
    Loaded(Summary),
    /// It was there before; nothing changed.
    Present,
}

/// The city while it is being made.
struct City<'a> {
    ctx: &'a Ctx,
    today: Date,
    progress: &'a Progress,
    bodies: &'a Bodies,
    courses: &'a [Course],
    people: &'a People<'a>,
    names: Arc<Names>,
}

impl City<'_> {
    /// How many people take part in classes.
    fn core(&self) -> u64 {
        self.people.count.min(taught::CORE)
    }
}

/// Loads the city into a database with reference data. `ctx` is the system's in a demonstration's installation.
///
/// # Errors
/// `demo.occupied` when there are people already and it is no demonstration; `demo.torn` when an earlier loading did not
/// come to its end; Wrong for a size that no city has; storage failures.
pub async fn load(ctx: &Ctx, options: &Options, progress: &Progress) -> Result<Outcome> {
    if !(1..=MOST_PEOPLE).contains(&options.people) {
        return Err(Error::wrong(
            "people",
            "demo.people",
            format!("--people 应在 1 到 {MOST_PEOPLE} 之间。"),
        ));
    }
    if options.today < kernel::date(2023, 1, 1) || options.today > kernel::date(2099, 12, 31) {
        return Err(Error::wrong(
            "today",
            "demo.today",
            "--today 应在 2023 年到 2099 年之间，例如 2026-03-05。",
        ));
    }
    if begin(ctx).await? {
        return Ok(Outcome::Present);
    }
    let (names, departments) = {
        let mut tx = ctx.db.read().await?;
        (
            taxonomy::names(&mut tx).await?,
            taxonomy::terms(&mut tx, Vocabulary::Department).await?,
        )
    };
    let employers = usize::try_from(options.people / 250).unwrap_or(0).clamp(64, 12_000);
    let bodies = Bodies::plan(&names, &departments, employers);
    let courses = courses::plan(&bodies);
    let people = People::new(&bodies, Arc::clone(&names), u64::from(options.people));
    let city = City {
        ctx,
        today: options.today,
        progress,
        bodies: &bodies,
        courses: &courses,
        people: &people,
        names,
    };
    let summary = fill(&city, options).await?;
    scenes::play(&city).await?;
    mark(ctx, "1").await?;
    progress.finish();
    Ok(Outcome::Loaded(summary))
}

/// Whether the database is a demonstration, without opening the application.
///
/// # Errors
/// Storage failures.
pub async fn is_demo(db: &db::Db) -> Result<bool> {
    let mut tx = db.read().await?;
    Ok(tx
        .first::<String>("select value from meta where key = 'demo'", &[])
        .await?
        .is_some())
}

/// Checks that the city may be loaded here and marks the database; true when the city is there already.
async fn begin(ctx: &Ctx) -> Result<bool> {
    let mut tx = ctx.db.write().await?;
    let known: Option<String> = tx.first("select value from meta where key = 'demo'", &[]).await?;
    match known.as_deref() {
        Some("1") => return Ok(true),
        Some(_) => {
            let sentence = "上一次装载演示数据没有完成。请删除这个数据库文件（或清空这个数据库），再重新装载。";
            return Err(Error::refused("demo.torn", sentence));
        }
        None => {}
    }
    let mut occupied = false;
    for table in ["people", "orgs", "accounts"] {
        let sql = format!("select id from {table} limit 1");
        occupied |= tx.first::<i64>(&sql, &[]).await?.is_some();
    }
    if occupied {
        let sentence = "这个数据库里已有真实数据，不能装载演示数据。请用 --data 指定另一个目录。";
        return Err(Error::refused("demo.occupied", sentence));
    }
    tx.exec("insert into meta (key, value) values ('demo', 'loading')", &[])
        .await?;
    tx.commit().await?;
    Ok(false)
}

async fn mark(ctx: &Ctx, value: &str) -> Result<()> {
    let mut tx = ctx.db.write().await?;
    tx.exec_one("update meta set value = $1 where key = 'demo'", args![value])
        .await?;
    tx.commit().await
}

/// Everything that is loaded in bulk.
async fn fill(city: &City<'_>, options: &Options) -> Result<Summary> {
    let ctx = city.ctx;
    let indexes = db::bulk::drop_indexes(&ctx.db, &INDEXED).await?;
    city.progress
        .begin("机构与课程", (city.bodies.len() + city.courses.len()) as u64);
    city.bodies.load(ctx).await?;
    courses::load(ctx, city.bodies, city.courses).await?;
    city.progress.add((city.bodies.len() + city.courses.len()) as u64);
    load_people(city).await?;
    let mut past = taught::load(city).await?;
    if options.classes > 0 {
        offered::load(city, &mut past, options.classes).await?;
    }
    taught::save_counters(ctx, &past.counters).await?;
    let (classes, enrolments) = past.counts;
    let entries = load_ledger(city, past).await?;
    city.progress.begin("建立索引", indexes.into());
    db::bulk::restore_indexes_telling(&ctx.db, |_, _| city.progress.add(1)).await?;
    let orgs = city.bodies.len() as u64;
    Ok(Summary {
        orgs,
        people: city.people.count,
        entries,
        classes,
        enrolments,
    })
}

async fn load_people(city: &City<'_>) -> Result<()> {
    let mut rows = people::loader(city.ctx).await?;
    let mut stays = people::stays_loader(city.ctx).await?;
    city.progress.begin("人员", city.people.count);
    for number in 0..city.people.count {
        let person = city.people.person(number);
        rows.row(&city.people.row(&person)).await?;
        for stay in city.people.stays(&person) {
            stays.row(&stay).await?;
        }
        if (number + 1).is_multiple_of(PIECE) {
            rows.flush().await?;
            stays.flush().await?;
            city.progress.add(PIECE);
        }
    }
    rows.finish().await?;
    stays.finish().await?;
    city.progress.add(city.people.count % PIECE);
    Ok(())
}

/// Entries of classes and of the older record, person by person, and the balances they add up to.
async fn load_ledger(city: &City<'_>, mut past: taught::Past) -> Result<u64> {
    let mut ledger = Ledger::open(city.ctx, city.today).await?;
    let taught: usize = past.postings.values().map(Vec::len).sum();
    city.progress
        .begin("学时流水", city.people.count * ledger::ENTRIES + taught as u64);
    let mut told = 0;
    for number in 0..city.people.count {
        let person = city.people.person(number);
        let mut sums = Sums::new();
        for posting in past.postings.remove(&number).unwrap_or_default() {
            ledger.post(&posting, &mut sums).await?;
        }
        let mut given = sums.clone();
        if number == 0 {
            scenes::promise(city, &mut given);
        }
        for posting in ledger::history(city.people, &person, number, city.today, &given) {
            ledger.post(&posting, &mut sums).await?;
        }
        ledger.settle(&person, &sums).await?;
        if (number + 1).is_multiple_of(PIECE) {
            city.progress.add(ledger.count() - told);
            told = ledger.count();
        }
    }
    city.progress.add(ledger.count() - told);
    ledger.finish().await
}
