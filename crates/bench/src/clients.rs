//! Single use cases a second: 64 clients at once, each posting one entry in a transaction of its own.
//!
//! On SQLite this is what group commit is for: whole use cases share a durable commit. Beside it stands one raw
//! connection that commits one entry at a time, which is what the disk allows without sharing.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use crate::Engine;
use crate::ledger;
use crate::postings::Fresh;
use crate::raw::Shape;
use crate::report::{Report, ms};
use crate::scale::Scale;

const CLIENTS: u64 = 64;
/// More than any machine posts in the time given.
const MOST: u64 = 2_000_000;

/// Measures and reports.
///
/// # Errors
/// Of the database.
pub async fn measure(engine: Engine, scale: &Scale, folder: &Path, report: &mut Report) -> Result<()> {
    let time = Duration::from_secs(scale.client_seconds.into());
    let (rate, waits) = ours(engine, folder, time).await?;
    let raw = raw(engine, folder, time).await?;
    let p99 = Duration::from_micros(waits.value_at_percentile(99.0));
    let figure = format!("{rate:.0}/s, p99 {} (one raw connection: {raw:.0} commits/s)", ms(p99));
    report.figure(engine.name(), "one-entry use cases, 64 at once", &figure);
    Ok(())
}

async fn ours(engine: Engine, folder: &Path, time: Duration) -> Result<(f64, Histogram<u64>)> {
    let fresh = Fresh::make(engine, folder, "clients").await?;
    let numbers = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (ctx, numbers) = (fresh.ctx(), Arc::clone(&numbers));
        clients.spawn(async move {
            let mut waits = Histogram::<u64>::new(3)?;
            while begun.elapsed() < time {
                let number = numbers.fetch_add(1, Ordering::Relaxed);
                if number >= MOST {
                    break;
                }
                let posting = ledger::posting(ledger::Cast::Strangers, (number, 0), 1);
                let asked = Instant::now();
                let mut tx = ctx.db.write().await?;
                learning::credits::post(&ctx, &mut tx, std::slice::from_ref(&posting)).await?;
                tx.commit().await?;
                waits.record(u64::try_from(asked.elapsed().as_micros())?)?;
            }
            anyhow::Ok(waits)
        });
    }
    let mut all = Histogram::<u64>::new(3)?;
    while let Some(client) = clients.join_next().await {
        all.add(client??)?;
    }
    Ok((all.len() as f64 / begun.elapsed().as_secs_f64(), all))
}

async fn raw(engine: Engine, folder: &Path, time: Duration) -> Result<f64> {
    let fresh = Fresh::make(engine, folder, "one-raw-client").await?;
    let mut raw = fresh.raw(Shape::RowByRow).await?;
    let begun = Instant::now();
    let mut done = 0;
    while begun.elapsed() < time && done < MOST {
        raw.post(&ledger::batch(done, 1)).await?;
        done += 1;
    }
    Ok(done as f64 / begun.elapsed().as_secs_f64())
}
