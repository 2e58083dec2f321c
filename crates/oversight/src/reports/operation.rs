//! What an operator looks at: jobs that run, wait or gave up, and the state of the system. No people, no hours of anybody.

use db::jobs::{self, Heap, JobState, Status, Wanted};
use kernel::{Place, Result, id::JobId};
use registry::{Ctx, Subject};
use rules::permits::Act;
use serde_json::json;

/// A job as the page shows it.
pub type JobRow = Status;

/// What an operator looks at first.
#[derive(Debug, Clone)]
pub struct JobsNow {
    /// Given up, running or overdue, at most fifty.
    pub pressing: Vec<JobRow>,
    /// All jobs by kind and state.
    pub heaps: Vec<Heap>,
}

/// The jobs that ask for attention, and how many there are of each kind.
///
/// # Errors
/// Forbidden by the permission table.
pub async fn jobs_now(ctx: &Ctx) -> Result<JobsNow> {
    ctx.may(Act::ListJobs, &Place::default())?;
    let mut tx = ctx.db.read().await?;
    Ok(JobsNow {
        pressing: jobs::pressing(&mut tx, ctx.now(), 50).await?,
        heaps: jobs::heaps(&mut tx).await?,
    })
}

/// A page of the jobs of a kind or state, the latest first, behind `after`.
///
/// # Errors
/// Forbidden by the permission table.
pub async fn jobs(ctx: &Ctx, wanted: &Wanted, after: Option<JobId>) -> Result<db::Listed<JobRow>> {
    ctx.may(Act::ListJobs, &Place::default())?;
    let mut tx = ctx.db.read().await?;
    jobs::list(&mut tx, wanted, after, 50).await
}

/// Stops a job: at once if it waits, at its next look if it runs.
///
/// # Errors
/// Forbidden, NotFound; Stale when it is over.
pub async fn cancel_job(ctx: &Ctx, id: JobId) -> Result<()> {
    ctx.may(Act::ListJobs, &Place::default())?;
    let mut tx = ctx.db.write().await?;
    let job = jobs::load(&mut tx, id).await?;
    jobs::cancel(&mut tx, id, ctx.now()).await?;
    let thing = Subject::new("job", id.get(), Place::default());
    ctx.audit(
        &mut tx,
        "cancel_job",
        thing,
        json!({ "state": job.state }),
        json!({ "kind": job.kind }),
    )
    .await?;
    tx.commit().await
}

/// Gives a job that gave up its attempts back.
///
/// # Errors
/// Forbidden, NotFound; Stale when it did not give up.
pub async fn revive_job(ctx: &Ctx, id: JobId) -> Result<()> {
    ctx.may(Act::ListJobs, &Place::default())?;
    let mut tx = ctx.db.write().await?;
    let job = jobs::load(&mut tx, id).await?;
    jobs::revive(&mut tx, id, ctx.now()).await?;
    let thing = Subject::new("job", id.get(), Place::default());
    ctx.audit(
        &mut tx,
        "revive_job",
        thing,
        json!({ "state": job.state }),
        json!({ "kind": job.kind }),
    )
    .await?;
    tx.commit().await
}

/// How many jobs wait, run or gave up.
///
/// # Errors
/// Forbidden by the permission table.
pub async fn system(ctx: &Ctx) -> Result<Vec<(JobState, u64)>> {
    ctx.may(Act::ViewSystem, &Place::default())?;
    let mut tx = ctx.db.read().await?;
    jobs::counts(&mut tx).await
}
