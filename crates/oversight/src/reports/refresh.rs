//! Takes the figures and keeps them: one run reads the ledger three times and the other tables once.
//!
//! Sums over the ledger are taken again only if its newest entry changed, and on a ledger that took longer than
//! [`QUICK`] only after [`REST`] times as long: a city of three million people is not summed all day. What exists
//! besides (classes, organisations, people) is counted every time.
//! A run may come twice; it only replaces figures by newer ones.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Datelike;
use db::Event;
use db::jobs::{Handlers, Job, JobCtx};
use kernel::{Clock, Result, Time};
use learning::{courses::ClassCompleted, credits::EntryReversed};
use registry::{Ctx, CtxSource};
use rules::plans;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value as Json, json};

use super::figures::{Cell, Content, DistrictFigure, Progress, Share, YearFigure};
use super::heads::{ALL, Heads, PROGRAMME};
use super::standings;
use super::store::{inventory, ledger, snapshots};

pub(super) const PROGRESS: &str = "progress";
pub(super) const CELLS: &str = "cells";
pub(super) const HEADS: &str = "heads";
pub(super) const LEVELS: &str = "levels";
pub(super) const CONTENT: &str = "content";
const STATE: &str = "refresh";
/// The snapshot of employers is kept by year: `employers:2026`.
pub(super) const EMPLOYERS: &str = "employers";

const REFRESH: &str = "reports.refresh";
const SOON: &str = "reports.refresh_soon";
/// Seconds between two runs by the clock.
const EVERY: u32 = 300;
/// Events of this many seconds lead to one run.
const SLOT: i64 = 60;
/// A run over the ledger that is shorter than this (in microseconds) may follow every change.
const QUICK: i64 = 15_000_000;
/// A longer one rests for so many times its own length.
const REST: i64 = 20;

/// What the last run over the ledger saw.
#[derive(Serialize, Deserialize)]
struct LastRun {
    newest: i64,
}

/// The handlers of this module.
#[must_use]
pub fn handlers(source: &CtxSource) -> Handlers {
    let (running, soon) = (Arc::clone(source), Arc::clone(source));
    Handlers::new()
        .on(REFRESH, move |_| {
            let ctx = running("reports");
            async move { refresh(&ctx).await.map(|summed| json!({ "summed": summed })) }
        })
        .on(SOON, move |_: JobCtx| shortly(soon("reports")))
        .every(REFRESH, EVERY)
        .react(ClassCompleted::KIND, SOON)
        .react(EntryReversed::KIND, SOON)
        .and(super::digest::handlers(source))
}

/// All events of one slot enqueue the same job, at the end of the slot.
async fn shortly(ctx: Ctx) -> Result<Json> {
    let slot = ctx.now().micros() / (SLOT * 1_000_000) + 1;
    let mut tx = ctx.db.write().await?;
    let job = Job {
        kind: REFRESH,
        key: format!("slot:{slot}"),
        body: json!({}),
        run_at: Time::from_micros(slot * SLOT * 1_000_000),
        requested_by: None,
    };
    db::jobs::enqueue(&mut tx, job).await?;
    tx.commit().await?;
    Ok(json!({ "slot": slot }))
}

/// A snapshot; when none was ever taken and the ledger is small, all figures are taken first.
pub(super) async fn kept<T: DeserializeOwned>(ctx: &Ctx, name: &str) -> Result<Option<T>> {
    let mut tx = ctx.db.read().await?;
    if let Some(kept) = snapshots::find(&mut tx, name).await? {
        return Ok(Some(kept.figures));
    }
    let taken_before = snapshots::find::<LastRun>(&mut tx, STATE).await?.is_some();
    if taken_before || ledger::is_larger_than(&mut tx, super::SMALL).await? {
        return Ok(None);
    }
    drop(tx);
    refresh(ctx).await?;
    let mut tx = ctx.db.read().await?;
    Ok(snapshots::find(&mut tx, name).await?.map(|kept| kept.figures))
}

/// Takes the figures; says whether the ledger was summed as well.
///
/// # Errors
/// Storage failures; the figures taken before stay then.
pub async fn refresh(ctx: &Ctx) -> Result<bool> {
    let mut tx = ctx.db.snapshot().await?;
    let last = snapshots::find::<LastRun>(&mut tx, STATE).await?;
    let before = snapshots::find::<Progress>(&mut tx, PROGRESS).await?;
    let newest = ledger::newest(&mut tx).await?;
    let changed = last.as_ref().is_none_or(|last| last.figures.newest != newest) || before.is_none();
    let rested = last.as_ref().is_none_or(|last| {
        let since = ctx.now().micros() - last.as_of.micros();
        last.took_micros < QUICK || since >= last.took_micros * REST
    });
    let begun = ctx.now();
    let sums = if changed && rested {
        Some(sum(&mut tx).await?)
    } else {
        None
    };
    let took = elapsed(&ctx.clock, begun);
    let year = ctx.today().year();
    let mut progress = match &sums {
        Some(sums) => sums.progress(),
        None => before.map(|kept| kept.figures).unwrap_or_default(),
    };
    progress.as_of = Some(ctx.now());
    progress.inventory = inventory::take(&mut tx, ctx.now()).await?;
    progress.year = year;
    let due = standings::due(ctx, &mut tx, (newest, progress.inventory.people)).await?;
    let mut taken = Vec::new();
    for year in &due.years {
        taken.push(standings::take(ctx, &mut tx, *year).await?);
    }
    drop(tx);
    let mut tx = ctx.db.batch().await?;
    for each in &taken {
        if each.year == year {
            progress.standings = each.by_place();
        }
        each.keep(&mut tx).await?;
    }
    due.keep(&mut tx, (ctx.now(), elapsed(&ctx.clock, begun))).await?;
    let at = (ctx.now(), took);
    snapshots::keep(&mut tx, PROGRESS, &progress, at).await?;
    if let Some(sums) = &sums {
        snapshots::keep(&mut tx, CELLS, &sums.cells, at).await?;
        snapshots::keep(&mut tx, HEADS, &sums.heads.rows(), at).await?;
        snapshots::keep(&mut tx, LEVELS, &sums.heads.levels(), at).await?;
        snapshots::keep(&mut tx, CONTENT, &sums.content, at).await?;
        for (year, employers) in sums.heads.employers() {
            snapshots::keep(&mut tx, &format!("{EMPLOYERS}:{year}"), &employers, at).await?;
        }
        snapshots::keep(&mut tx, STATE, &LastRun { newest }, at).await?;
    }
    tx.commit().await?;
    Ok(sums.is_some())
}

fn elapsed(clock: &Clock, begun: Time) -> i64 {
    clock.now().micros() - begun.micros()
}

/// Everything that was summed over the ledger.
struct Sums {
    cells: Vec<Cell>,
    content: Vec<Content>,
    heads: Heads,
}

async fn sum(tx: &mut db::Tx) -> Result<Sums> {
    let cells = ledger::cells(tx).await?;
    let content = ledger::content(tx).await?;
    let mut heads = Heads::default();
    ledger::each_person_year(tx, |row| {
        heads.add(row);
        Ok(())
    })
    .await?;
    heads.finish();
    Ok(Sums { cells, content, heads })
}

/// 人次 and hours by a code.
fn shares<'a>(rows: impl Iterator<Item = (&'a str, i64, i64)>) -> Vec<Share> {
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (code, activities, hours) in rows {
        let sum = sums.entry(code).or_default();
        sum.0 += activities;
        sum.1 += hours;
    }
    let shares = sums.into_iter().map(|(code, (activities, hours))| Share {
        code: code.to_owned(),
        activities,
        hours,
    });
    shares.collect()
}

/// The programme began in its first year: hours recorded for earlier years are no part of it.
fn of_programme(year: i32) -> bool {
    (plans::FIRST_YEAR..=plans::LAST_YEAR).contains(&year)
}

impl Sums {
    fn progress(&self) -> Progress {
        let cells = || self.cells.iter().filter(|cell| of_programme(cell.0));
        let content = || self.content.iter().filter(|row| of_programme(row.0));
        let mut years: BTreeMap<i32, YearFigure> = BTreeMap::new();
        let mut months: BTreeMap<&str, i64> = BTreeMap::new();
        for (year, month, _, _, _, _, activities, hours) in cells() {
            let figure = years.entry(*year).or_insert_with(|| YearFigure {
                year: *year,
                ..YearFigure::default()
            });
            figure.activities += activities;
            figure.hours += hours;
            *months.entry(month).or_default() += activities;
        }
        for figure in years.values_mut() {
            figure.people = self.heads.of(figure.year, ALL, ALL);
        }
        Progress {
            activities: years.values().map(|figure| figure.activities).sum(),
            hours: years.values().map(|figure| figure.hours).sum(),
            people: self.heads.of(PROGRAMME, ALL, ALL),
            years: years.into_values().collect(),
            months: months
                .into_iter()
                .map(|(month, activities)| (month.to_owned(), activities))
                .collect(),
            districts: self.districts(),
            departments: shares(cells().map(|cell| (cell.3.as_str(), cell.6, cell.7))),
            subjects: shares(cells().map(|cell| (cell.4.as_str(), cell.6, cell.7))),
            forms: shares(cells().map(|cell| (cell.5.as_str(), cell.6, cell.7))),
            fields: shares(content().map(|row| (row.3.as_str(), row.7, row.8))),
            key_areas: shares(content().map(|row| (row.4.as_str(), row.7, row.8))),
            deliveries: shares(content().map(|row| (row.5.as_str(), row.7, row.8))),
            ..Progress::default()
        }
    }

    fn districts(&self) -> Vec<DistrictFigure> {
        let span = usize::try_from(plans::LAST_YEAR - plans::FIRST_YEAR + 1).unwrap_or_default();
        let mut found: BTreeMap<&str, DistrictFigure> = BTreeMap::new();
        for (year, _, district, _, _, _, activities, _) in self.cells.iter().filter(|cell| of_programme(cell.0)) {
            let figure = found.entry(district).or_insert_with(|| DistrictFigure {
                code: district.clone(),
                people: self.heads.of(PROGRAMME, district, ALL),
                years: vec![0; span],
                ..DistrictFigure::default()
            });
            figure.activities += activities;
            let at = usize::try_from(year - plans::FIRST_YEAR).unwrap_or_default();
            if let Some(value) = figure.years.get_mut(at) {
                *value += activities;
            }
        }
        found.into_values().collect()
    }
}
