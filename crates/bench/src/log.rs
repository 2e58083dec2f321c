//! The public log: how long a posting waits for its checkpoint at 10,000 a second, how long a proof takes, how fast an
//! audit reads.
//!
//! Postings leave by a plan, five hundred every fifty milliseconds, while the sequencer runs beside them as in a server. The
//! lag is from the commit of a batch to the moment at which a reader sees a checkpoint over it.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use db::Db;
use hdrhistogram::Histogram;
use kernel::EntryId;
use learning::credits::log::{self, Sequencer, audit};
use oversight::credentials::Press;
use registry::Ctx;
use rules::credits::Posting;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::Engine;
use crate::ledger::{self, BATCH};
use crate::postings::Fresh;
use crate::report::{Report, ms};
use crate::scale::Scale;

/// Postings a second that the promise speaks of.
const RATE: usize = 10_000;
/// How long they are posted.
const SECONDS: usize = 10;
const PROOFS: usize = 2_000;

/// The sequencer at work beside what is measured, as in a server.
pub struct Beside {
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Beside {
    /// Begins.
    pub fn run(sequencer: Sequencer) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(async move { sequencer.run(async { drop(stopped.await) }).await });
        Self { stop, running }
    }

    /// Ends, once all that waits stands under a checkpoint.
    ///
    /// # Errors
    /// When it panicked.
    pub async fn stop(self) -> Result<()> {
        drop(self.stop);
        Ok(self.running.await?)
    }
}

/// Measures and reports.
///
/// # Errors
/// Of the database, or when the audit does not agree.
pub async fn measure(engine: Engine, scale: &Scale, folder: &Path, report: &mut Report) -> Result<()> {
    let fresh = Fresh::make(engine, folder, "log").await?;
    let press = Press::open(&folder.join("log-keys"))?;
    let beside = Beside::run(press.sequencer(&fresh.ctx()));
    let batches = RATE / BATCH * if scale.quick { 2 } else { SECONDS };
    let planned: Vec<_> = (0..batches as u64)
        .map(|number| ledger::batch(number, BATCH).postings)
        .collect();
    let (ids, lag, kept) = post(&fresh.ctx(), &planned, 0).await?;
    beside.stop().await?;
    let name = engine.name();
    let bar = ("under 2000 ms".to_owned(), lag < Duration::from_secs(2) && kept);
    let figure = format!("{}{}", ms(lag), if kept { "" } else { " (the rate was not kept)" });
    report.judged(
        name,
        "log, greatest lag of the checkpoint at 10,000/s",
        &figure,
        (&bar.0, bar.1),
    );
    let p99 = prove(&fresh.db, &ids).await?;
    let bar = ("under 20 ms".to_owned(), p99 < Duration::from_millis(20));
    report.judged(name, "log, inclusion proof, p99", &ms(p99), (&bar.0, bar.1));
    let rate = examine(&fresh, &press, ids.len()).await?;
    let bar = ("at least 200000/s".to_owned(), rate >= 200_000.0);
    report.judged(name, "log, audit", &format!("{rate:.0} entries/s"), (&bar.0, bar.1));
    Ok(())
}

/// Posts by the plan into a ledger whose log has so many leaves; the ids, the greatest lag, and whether the plan was kept.
pub async fn post(ctx: &Ctx, planned: &[Vec<Posting>], leaves: u64) -> Result<(Vec<EntryId>, Duration, bool)> {
    let every = Duration::from_secs(1) * u32::try_from(BATCH)? / u32::try_from(RATE)?;
    let begun = Instant::now();
    let (told, mut hears) = tokio::sync::mpsc::unbounded_channel::<(u64, Instant)>();
    let db = ctx.db.clone();
    let watching = tokio::spawn(async move {
        let mut greatest = Duration::ZERO;
        while let Some((count, committed)) = hears.recv().await {
            while log::head(&mut db.read().await?).await?.size < count {
                ensure!(
                    committed.elapsed() < Duration::from_secs(60),
                    "no checkpoint in a minute"
                );
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            greatest = greatest.max(committed.elapsed());
        }
        anyhow::Ok(greatest)
    });
    let mut ids = Vec::new();
    for (number, postings) in planned.iter().enumerate() {
        let due = every * u32::try_from(number)?;
        tokio::time::sleep(due.saturating_sub(begun.elapsed())).await;
        let mut tx = ctx.db.batch().await?;
        ids.extend(learning::credits::post(ctx, &mut tx, postings).await?);
        tx.commit().await?;
        told.send((leaves + ids.len() as u64, Instant::now()))?;
    }
    let kept = begun.elapsed() < every * u32::try_from(planned.len())? + Duration::from_millis(500);
    drop(told);
    Ok((ids, watching.await??, kept))
}

/// What 99 of 100 proofs of these entries did not exceed, each in a snapshot of its own.
pub async fn prove(db: &Db, ids: &[EntryId]) -> Result<Duration> {
    let mut waits = Histogram::<u64>::new(3)?;
    for number in 0..PROOFS {
        let entry = ids[number * 7_919 % ids.len()];
        let asked = Instant::now();
        let mut tx = db.snapshot().await?;
        ensure!(log::prove(&mut tx, &[entry]).await?.is_some(), "an entry has no proof");
        drop(tx);
        waits.record(u64::try_from(asked.elapsed().as_micros())?)?;
    }
    Ok(Duration::from_micros(waits.value_at_percentile(99.0)))
}

async fn examine(fresh: &Fresh, press: &Press, entries: usize) -> Result<f64> {
    let mut state = audit::State::begin()?;
    let begun = Instant::now();
    let mut tx = fresh.db.snapshot().await?;
    let found = audit::audit(&mut tx, &press.log_keys(), &mut state, |_, _| Ok(())).await?;
    let took = begun.elapsed();
    ensure!(
        found.findings.is_empty() && found.entries == entries as u64,
        "the audit does not agree"
    );
    Ok(entries as f64 / took.as_secs_f64())
}
