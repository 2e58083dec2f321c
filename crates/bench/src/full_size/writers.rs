//! Two servers on one PostgreSQL database, posting at once: nothing lost, nothing doubled, one log.
//!
//! Two `zhixin serve` run with their sequencers; beside each a process of this program posts, half of its batches its own
//! and half the very same causes as the other, at the same time. Then everything is counted, and the log audited.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use db::testing;
use tokio::process::Child;

use crate::Engine;
use crate::city::City;
use crate::ledger::{self, BATCH};
use crate::process;
use crate::report::Report;
use crate::served::Served;

/// Batches that each writer posts alone, and as many that both post.
const BATCHES: u64 = 100;
/// Numbers of the batches that both post begin here.
const SHARED: u64 = 1_000_000;
/// Longest the writers may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// What a writing process is told.
#[derive(Debug, clap::Args)]
pub struct WriterArgs {
    /// The database
    #[arg(long)]
    database: String,
    /// The data folder
    #[arg(long)]
    data: PathBuf,
    /// Which of the two it is
    #[arg(long)]
    number: u64,
}

/// Posts own and shared batches in turn; prints how many entries were new.
///
/// # Errors
/// Of the database.
pub async fn write(args: &WriterArgs) -> Result<()> {
    let city = City::of(Engine::Postgres, args.data.clone(), args.database.clone());
    let ctx = city.ctx().await?;
    let mut new = 0;
    for number in 0..BATCHES {
        for batch in [args.number * BATCHES + number, SHARED + number] {
            let postings = ledger::batch(batch, BATCH).postings;
            let mut tx = ctx.db.batch().await?;
            new += learning::credits::post(&ctx, &mut tx, &postings).await?.len();
            tx.commit().await?;
        }
    }
    println!("{new}");
    Ok(())
}

/// Measures and reports.
///
/// # Errors
/// When an entry was lost or doubled, or the log does not agree with the ledger.
pub(super) async fn measure(binary: &Path, folder: &Path, report: &mut Report) -> Result<()> {
    let base = testing::fresh(testing::Engine::Postgres).await;
    let data = folder.join("writers");
    std::fs::create_dir_all(&data)?;
    let city = City::of(Engine::Postgres, data, base.url().to_owned());
    let servers = [
        Served::start(binary, &city, folder).await?,
        Served::start(binary, &city, folder).await?,
    ];
    let begun = Instant::now();
    let written = both(&city).await;
    let took = begun.elapsed().as_secs_f64();
    for server in servers {
        server.stop().await?;
    }
    let new = written?;
    let entries = 3 * BATCHES * BATCH as u64;
    ensure!(
        new == entries,
        "the writers say that {new} entries were new instead of {entries}"
    );
    let mut tx = base.read().await?;
    let (there, causes): (i64, i64) = tx
        .one("select count(*), count(distinct cause) from credits_entries", &[])
        .await?;
    let (leaves, waiting): (i64, i64) = tx
        .one("select size, (select count(*) from log_queue) from log_head", &[])
        .await?;
    drop(tx);
    let expected = i64::try_from(entries)?;
    ensure!(
        there == expected && causes == expected,
        "{there} entries with {causes} causes instead of {expected}"
    );
    ensure!(
        leaves == expected && waiting == 0,
        "the log has {leaves} leaves, {waiting} rows wait"
    );
    audited(binary, &city).await?;
    let figure = format!(
        "{entries} entries in {took:.1} s ({:.0}/s), none lost, none doubled, one log, the audit agrees",
        entries as f64 / took
    );
    report.judged("PostgreSQL", "two servers posting at once", &figure, ("one log", true));
    Ok(())
}

/// Two writers at once; how many entries were new for either.
async fn both(city: &City) -> Result<u64> {
    let writer = |number: u64| -> Result<Child> {
        let mut command = process::command(&std::env::current_exe()?);
        command.args(["writer", "--database", &city.url, "--number", &number.to_string()]);
        command.arg("--data").arg(&city.data);
        command.stdout(Stdio::piped()).stderr(Stdio::inherit());
        command.spawn().context("a writer cannot be started")
    };
    let (one, other) = (writer(0)?, writer(1)?);
    let ended = async { tokio::try_join!(one.wait_with_output(), other.wait_with_output()) };
    let (one, other) = tokio::time::timeout(PATIENCE, ended)
        .await
        .context("the writers did not end in time")??;
    let mut new = 0;
    for ended in [one, other] {
        ensure!(ended.status.success(), "a writer ended with {}", ended.status);
        let said = String::from_utf8_lossy(&ended.stdout);
        new += said.trim().parse::<u64>().context("a writer printed no number")?;
    }
    Ok(new)
}

async fn audited(binary: &Path, city: &City) -> Result<()> {
    let mut command = process::command(binary);
    command.args(["log", "audit", "--json", "--data"]).arg(&city.data);
    command.args(["--database", &city.url]);
    let ended = command.output().await?;
    let said = String::from_utf8_lossy(&ended.stdout);
    ensure!(ended.status.success(), "the audit does not agree: {said}");
    Ok(())
}
