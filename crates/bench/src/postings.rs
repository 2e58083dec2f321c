//! Hours posted a second: batches of 500 as a completed class posts them, ours against raw.
//!
//! Each round writes the same rows into a fresh, migrated database, first ours (`learning::credits::post` in a batch
//! transaction), then raw; the rounds take turns, so that a machine that slows down slows both, and the median counts.
//! Both sides must have written the same number of entries and the same sum of hours, or nothing is told.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, ensure};
use db::testing::TestDb;
use db::{Db, args};
use kernel::{Actor, Calendar, Clock, Hours};
use registry::{Ctx, Installation};

use crate::Engine;
use crate::clients;
use crate::ledger::{self, BATCH, Batch};
use crate::raw::{Raw, Shape};
use crate::report::{Report, median};
use crate::scale::Scale;

/// The share of raw that ours must reach.
const BAR: f64 = 0.5;

/// A fresh, migrated database.
pub struct Fresh {
    /// Ours over it.
    pub db: Db,
    url: String,
    // Kept so that it lives as long as it is measured.
    _server: Option<TestDb>,
}

impl Fresh {
    /// Makes one: a file in `folder` (not in a temporary folder, which may be memory), or a database on the server.
    pub async fn make(engine: Engine, folder: &Path, name: &str) -> Result<Self> {
        if engine == Engine::Postgres {
            let server = db::testing::fresh(db::testing::Engine::Postgres).await;
            return Ok(Self {
                db: (*server).clone(),
                url: server.url().to_owned(),
                _server: Some(server),
            });
        }
        let path = folder.join(format!("{name}.db"));
        let url = format!("sqlite:{}", path.display());
        let db = Db::open(&url).await?;
        db.migrate().await?;
        Ok(Self { db, url, _server: None })
    }

    /// A connection of the driver alone to the same database.
    pub async fn raw(&self, shape: Shape) -> Result<Raw> {
        match self.url.strip_prefix("sqlite:") {
            Some(path) => Raw::sqlite(path.as_ref(), shape),
            None => Raw::postgres(&self.url).await,
        }
    }

    /// The context in which a use case posts.
    pub fn ctx(&self) -> Ctx {
        let installation = Installation {
            demo: true,
            public_url: "http://127.0.0.1".into(),
            data: std::env::temp_dir(),
        };
        Ctx {
            actor: Actor::system("bench"),
            clock: Clock::System,
            db: self.db.clone(),
            calendar: Arc::new(Calendar::default()),
            installation: Arc::new(installation),
        }
    }

    /// Fails unless exactly so many entries of so many hours are there, in the ledger and in the balances.
    async fn holds(&self, batches: &[Batch]) -> Result<()> {
        let rows: usize = batches.iter().map(|batch| batch.postings.len()).sum();
        let hours: i64 = batches.iter().flat_map(|b| &b.postings).map(|p| p.hours.get()).sum();
        let mut tx = self.db.read().await?;
        let entries: (i64, Hours) = tx
            .one(
                "select count(*), cast(coalesce(sum(hours), 0) as bigint) from credits_entries",
                args![],
            )
            .await?;
        let balances: (i64, Hours) = tx
            .one(
                "select cast(coalesce(sum(activities), 0) as bigint), cast(coalesce(sum(hours), 0) as bigint) from credits_balances",
                args![],
            )
            .await?;
        let wanted = (i64::try_from(rows)?, Hours::hundredths(hours));
        ensure!(
            entries == wanted && balances == wanted,
            "the two sides did not write the same rows"
        );
        Ok(())
    }
}

/// Measures and reports.
///
/// # Errors
/// Of the database, or when the sides did not write the same.
pub async fn measure(engine: Engine, scale: &Scale, folder: &Path, report: &mut Report) -> Result<()> {
    let batches: Vec<Batch> = (0..scale.batches as u64)
        .map(|number| ledger::batch(number, BATCH))
        .collect();
    let shapes: &[Shape] = match engine {
        Engine::Sqlite => &[Shape::ManyRows, Shape::RowByRow],
        Engine::Postgres => &[Shape::ManyRows],
    };
    let mut ours = Vec::new();
    let mut raw: Vec<Vec<f64>> = vec![Vec::new(); shapes.len()];
    for round in 0..scale.rounds {
        ours.push(post_ours(engine, folder, &format!("ours-{round}"), &batches).await?);
        for (shape, rates) in shapes.iter().zip(&mut raw) {
            rates.push(post_raw(engine, folder, (&format!("raw-{round}-{shape:?}"), *shape), &batches).await?);
        }
    }
    let (ours, raw) = (median(ours), raw.into_iter().map(median).collect::<Vec<_>>());
    let fastest = raw.iter().copied().fold(0.0, f64::max);
    let ratio = ours / fastest.max(f64::EPSILON);
    let said: Vec<String> = raw.iter().map(|rate| format!("{rate:.0}")).collect();
    let (name, rounds) = (engine.name(), scale.rounds);
    report.figure(
        name,
        "postings, batches of 500, ours",
        &format!("{ours:.0}/s (median of {rounds})"),
    );
    let forms = if shapes.len() > 1 {
        " (many rows a statement, row by row)"
    } else {
        ""
    };
    report.figure(
        name,
        "postings, batches of 500, raw",
        &format!("{}/s{forms}", said.join(", ")),
    );
    let bar = (format!("at least {BAR} of the faster raw"), ratio >= BAR);
    report.judged(name, "postings, ratio", &format!("{ratio:.2}"), (&bar.0, bar.1));
    clients::measure(engine, scale, folder, report).await
}

async fn post_ours(engine: Engine, folder: &Path, name: &str, batches: &[Batch]) -> Result<f64> {
    let fresh = Fresh::make(engine, folder, name).await?;
    let ctx = fresh.ctx();
    let begun = Instant::now();
    for batch in batches {
        let mut tx = fresh.db.batch().await?;
        learning::credits::post(&ctx, &mut tx, &batch.postings).await?;
        tx.commit().await?;
    }
    let took = begun.elapsed().as_secs_f64();
    fresh.holds(batches).await?;
    Ok((batches.len() * BATCH) as f64 / took)
}

async fn post_raw(engine: Engine, folder: &Path, (name, shape): (&str, Shape), batches: &[Batch]) -> Result<f64> {
    let fresh = Fresh::make(engine, folder, name).await?;
    let mut raw = fresh.raw(shape).await?;
    let begun = Instant::now();
    for batch in batches {
        raw.post(batch).await?;
    }
    let took = begun.elapsed().as_secs_f64();
    fresh.holds(batches).await?;
    Ok((batches.len() * BATCH) as f64 / took)
}
