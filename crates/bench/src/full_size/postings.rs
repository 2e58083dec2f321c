//! Postings into the whole city: ours against raw in the same tables at their full size, then by a plan with the log beside.
//!
//! Raw rows get a place in the queue of the log afterwards, with commitments to be computed by the sequencer, so that the
//! audit of the city still holds. Both sides post for people and employers scattered over the whole city, each for others.

use std::time::Instant;

use anyhow::{Result, ensure};
use db::args;
use kernel::EntryId;
use learning::credits::log;
use oversight::credentials::Press;
use registry::Ctx;

use super::Site;
use crate::Engine;
use crate::ledger::{BATCH, Batch, Cast, batch_among};
use crate::log::{Beside, post};
use crate::raw::{Raw, Shape};
use crate::report::{median, ms};

/// Rounds of ours and raw; the median counts.
const ROUNDS: usize = 3;
/// Batches of a round.
const BATCHES: usize = 40;
/// Batches by the plan: ten seconds at 10,000 a second.
const PLANNED: usize = 200;
const RATE: f64 = 10_000.0;

/// Measures and reports.
///
/// # Errors
/// Of the database, or when the sides did not write the same.
pub(super) async fn measure(site: &mut Site<'_>) -> Result<()> {
    let ctx = site.city.ctx().await?;
    let press = Press::open(&site.city.data)?;
    let sequencer = press.sequencer(&ctx);
    sequencer.catch_up().await?;
    let mut maker = Maker::of(&ctx, site.people).await?;
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let batches = maker.make(&ctx, BATCHES);
        ours.push(post_ours(&ctx, &batches).await?);
        let batches = maker.make(&ctx, BATCHES);
        raw.push(post_raw(site, &ctx, &batches).await?);
        sequencer.catch_up().await?;
    }
    let (ours, raw) = (median(ours), median(raw));
    let ratio = ours / raw.max(f64::EPSILON);
    let figure = format!("{ours:.0}/s, raw {raw:.0}/s, ratio {ratio:.2}");
    let clears = ratio >= 0.5 && ours >= RATE;
    site.judged(
        "postings, batches of 500",
        &figure,
        ("at least 10000/s and half of raw", clears),
    );
    site.note("postings a second", ours);
    let planned: Vec<_> = maker
        .make(&ctx, PLANNED)
        .into_iter()
        .map(|batch| batch.postings)
        .collect();
    let leaves = log::head(&mut ctx.db.read().await?).await?.size;
    let beside = Beside::run(sequencer);
    let posted = post(&ctx, &planned, leaves).await;
    beside.stop().await?;
    let (ids, lag, kept) = posted?;
    ensure!(ids.len() == PLANNED * BATCH, "only {} entries were new", ids.len());
    let figure = format!("{}{}", ms(lag), if kept { "" } else { " (the rate was not kept)" });
    let clears = kept && lag.as_secs_f64() < 2.0;
    site.judged(
        "greatest lag of the checkpoint at 10,000/s",
        &figure,
        ("under 2000 ms", clears),
    );
    site.note("lag of the checkpoint, ms", lag.as_secs_f64() * 1e3);
    Ok(())
}

/// Makes batches that were never posted, also not by an earlier run.
struct Maker {
    cast: Cast,
    next: u64,
}

impl Maker {
    async fn of(ctx: &Ctx, people: u32) -> Result<Self> {
        let mut tx = ctx.db.read().await?;
        let employers: i64 = tx.one("select count(*) from orgs where is_employer = 1", &[]).await?;
        // Batches number their causes; the log only grows, so its size is above every number used before.
        let next = log::head(&mut tx).await?.size;
        Ok(Self {
            cast: Cast::City {
                people: people.into(),
                employers: u64::try_from(employers)?.max(1),
            },
            next,
        })
    }

    fn make(&mut self, ctx: &Ctx, count: usize) -> Vec<Batch> {
        let batches = (0..count).map(|_| {
            let ids: Vec<i64> = (0..BATCH).map(|_| ctx.db.mint::<()>().get()).collect();
            self.next += 1;
            batch_among(self.cast, self.next, &ids)
        });
        batches.collect()
    }
}

fn rate(batches: &[Batch], begun: Instant) -> f64 {
    (batches.len() * BATCH) as f64 / begun.elapsed().as_secs_f64()
}

async fn post_ours(ctx: &Ctx, batches: &[Batch]) -> Result<f64> {
    let begun = Instant::now();
    let mut posted = 0;
    for batch in batches {
        let mut tx = ctx.db.batch().await?;
        posted += learning::credits::post(ctx, &mut tx, &batch.postings).await?.len();
        tx.commit().await?;
    }
    ensure!(posted == batches.len() * BATCH, "only {posted} entries were new");
    Ok(rate(batches, begun))
}

async fn post_raw(site: &Site<'_>, ctx: &Ctx, batches: &[Batch]) -> Result<f64> {
    let shape = match site.city.engine {
        // The faster of the two at every size that was tried; `make bench` compares both.
        Engine::Sqlite => Shape::RowByRow,
        Engine::Postgres => Shape::ManyRows,
    };
    let mut connection = match site.city.url.strip_prefix("sqlite:") {
        Some(path) => Raw::sqlite(path.as_ref(), shape)?,
        None => Raw::postgres(&site.city.url).await?,
    };
    let begun = Instant::now();
    for batch in batches {
        connection.post(batch).await?;
    }
    let rate = rate(batches, begun);
    drop(connection);
    for batch in batches {
        let mut tx = ctx.db.batch().await?;
        let ids: Vec<u8> = batch.ids().flat_map(i64::to_be_bytes).collect();
        let id: EntryId = tx.mint();
        let sql = "insert into log_queue (id, entries, commitments) values ($1, $2, null)";
        tx.exec(sql, args![id, ids]).await?;
        tx.commit().await?;
    }
    Ok(rate)
}
