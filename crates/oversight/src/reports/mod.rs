//! Figures of the programme: prepared snapshots, the statistics of article 25, who has reached the year, and what each
//! desk's home page shows.
//!
//! ```text
//! ledger and tables ──refresh (every 5 minutes, and soon after a class is completed)──► snapshots ──► pages
//! ```
//! A page never sums the ledger: it reads a snapshot and says as of when. Sums over the whole ledger run again only when
//! the ledger has grown, and on a large one not more often than its size allows (`refresh`). Lists of people are read
//! live within the actor's scope (`compliance`). R-15 (人次), R-16 (what article 25 asks to be counted).
//! This module reads the tables of every other one and writes none of theirs: the sanctioned exception.
//! Deliberately absent: forecasts, targets by department (they come with the yearly plans), free queries.

mod closing;
mod compliance;
mod desk;
mod digest;
mod figures;
mod heads;
mod operation;
mod providers;
mod refresh;
mod standings;
mod statistics;
mod store;
pub mod what_if;
mod yardstick;

use kernel::Result;
use registry::Ctx;

pub use closing::{YearOutlook, year_outlook};
pub use compliance::{ComplianceFilter, ComplianceLine, compliance, employer_standings, note_compliance_export};
pub use desk::{NextSession, ProviderFigures, deeds_since, next_session, provider_figures};
pub use figures::{
    ClassCount, CourseCount, DistrictFigure, Inventory, Progress, Share, StandingCell, Standings, YearFigure,
};
pub use operation::{JobRow, JobsNow, cancel_job, jobs, jobs_now, revive_job, system};
pub use providers::{ProviderFilter, ProviderLine, providers};
pub use refresh::{handlers, refresh};
pub use standings::{GroupBy, GroupLine, StandingsQuery, StandingsView, standings};
pub use statistics::{Grouping, StatisticsLine, StatisticsQuery, Table as StatisticsTable, statistics};
pub use yardstick::{demands_in_words, pace, set_pace};

/// A ledger up to this size is summed while the first visitor waits; a larger one in the background.
const SMALL: i64 = 50_000;

/// The programme as a whole, as last taken; public. Without any snapshot a small ledger is summed at once, a large
/// one is being prepared: `as_of` is none then.
///
/// # Errors
/// Storage failures.
pub async fn progress(ctx: &Ctx) -> Result<Progress> {
    match refresh::kept(ctx, refresh::PROGRESS).await? {
        Some(progress) => Ok(progress),
        None => Ok(Progress::default()),
    }
}
