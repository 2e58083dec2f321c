//! What an operator looks at: jobs that run, wait or gave up, and the state of the system. No people, no hours of anybody.

use db::jobs::{self, JobState, Status};
use kernel::{Place, Result, id::JobId};
use registry::{Ctx, Subject};
use rules::permits::Act;
use serde_json::json;

/// A job as the page shows it.
pub type JobRow = Status;

/// The latest jobs, at most 200.
///
/// # Errors
/// Forbidden by the permission table.
pub async fn jobs(ctx: &Ctx, state: Option<JobState>) -> Result<Vec<JobRow>> {
    ctx.may(Act::ListJobs, &Place::default())?;
    let mut tx = ctx.db.read().await?;
    jobs::list(&mut tx, None, state).await
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
