//! What-if over everybody: a draft of requirements, and a draft of recognition rules that measures every class anew.
//!
//! Counted in this process by the function that the job calls, the peak of its memory forgotten before. The draft of
//! requirements is the one that the demonstration keeps; the other is made once: 50 minutes a 学时 instead of 45.

use std::time::Instant;

use anyhow::{Result, ensure};
use kernel::Error;
use learning::credits::editions::{self, EditionId};
use oversight::reports::what_if;
use registry::Ctx;
use rules::credits::editions::Document;
use rules::credits::{recognition, requirement};

use super::Site;
use crate::process;

/// Seconds it may take.
const SECONDS: f64 = 60.0;
/// Bytes the process may hold at most.
const BYTES: u64 = 500_000_000;
/// Code of the draft of recognition rules.
const CODE: &str = "bench-50-minutes";

/// Measures and reports.
///
/// # Errors
/// When there is no draft, or somebody was not counted.
pub(super) async fn measure(site: &mut Site<'_>) -> Result<()> {
    let ctx = site.city.ctx().await?;
    let requirement = draft(&ctx, &requirement::sample().code, || {
        Document::Requirement(requirement::sample())
    })
    .await?;
    let recognition = draft(&ctx, CODE, fifty_minutes).await?;
    for (what, edition) in [("requirements", requirement), ("recognition", recognition)] {
        process::forget_peak()?;
        let begun = Instant::now();
        let counts = what_if::count(&ctx, edition).await?;
        let took = begun.elapsed().as_secs_f64();
        let peak = process::memory(std::process::id(), "VmHWM")?;
        ensure!(
            counts.total.people >= i64::from(site.people),
            "only {} people were counted",
            counts.total.people
        );
        let figure = format!(
            "{took:.1} s, peak {:.0} MB; {} of {} people change",
            peak as f64 / 1e6,
            counts.total.changed,
            counts.total.people
        );
        let clears = took < SECONDS && peak < BYTES;
        site.judged(
            &format!("what-if, {what}"),
            &figure,
            ("under 60 s, under 500 MB", clears),
        );
        site.note(&format!("what-if {what}, s"), took);
        site.note(&format!("what-if {what}, peak MB"), peak as f64 / 1e6);
    }
    Ok(())
}

/// The draft of this code; made if there is none.
async fn draft(ctx: &Ctx, code: &str, make: impl FnOnce() -> Document) -> Result<EditionId> {
    let found = editions::of_code(&mut ctx.db.read().await?, code).await;
    match found {
        Ok(edition) => Ok(edition.id),
        Err(Error::NotFound) => Ok(editions::draft_in_demonstration(ctx, make()).await?),
        Err(error) => Err(error.into()),
    }
}

fn fifty_minutes() -> Document {
    let mut edition = recognition::sample();
    CODE.clone_into(&mut edition.code);
    edition.class.minutes_per_hour = 50;
    Document::Recognition(edition)
}
