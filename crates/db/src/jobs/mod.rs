//! Background jobs: a table that promises to run what was enqueued, at least once, on one worker at a time.
//!
//! ```text
//! waiting ──claim──► running ──ok──► done
//!    ▲  │               │ ├─ a rule says no, or the last attempt failed ──► dead
//!    │  └─cancel─► cancelled ◄─ the handler saw the cancel flag and stopped
//!    └── failed, with back-off; or the lease ran out (its worker vanished)
//! ```
//!
//! - `enqueue` runs in the use case's own transaction: the job exists if and only if the use case happened.
//! - `(kind, key)` is unique for ever: enqueueing again changes nothing and gives the same id. Keys are chosen
//!   so that this is what is meant: `import:{file}`, `event:{id}:{kind}`, `cron:{instant}`.
//! - A worker holds a job by a lease and renews it while the handler runs. A handler whose lease was lost is
//!   stopped. Since a vanished worker may have done its work just before, **a handler must bear a second run**:
//!   it looks, or keys its own writes, before it acts.
//! - `Stale` and `Broken` are tried again with doubling pauses, up to [`MAX_ATTEMPTS`]; a rule's no is final.
//!
//! `claim.rs` takes and gives back, `worker.rs` runs handlers, `cron.rs` fires by the clock.
//! Deliberately absent: priorities, queues by name, chains of jobs (a handler enqueues what follows).

mod claim;
mod cron;
mod worker;

use kernel::{Code, Error, Result, Time, id::AccountId, id::JobId};
use serde_json::Value as Json;

pub use worker::{Failed, Handler, Handlers, JobCtx, Ran, Told, Worker};

use crate::{FromRow, Listed, Page, Query, Row, Tx, Value, args};

/// Attempts after which a job is dead.
pub const MAX_ATTEMPTS: i64 = 8;

kernel::codes! {
    /// Where a job stands.
    pub enum JobState {
        /// Waits for its time, or for the next attempt.
        Waiting = "waiting" "等待执行",
        /// A worker runs it.
        Running = "running" "执行中",
        /// Done; the result is there.
        Done = "done" "已完成",
        /// Given up; the note or the error says why.
        Dead = "dead" "已失败",
        /// Cancelled before it was done.
        Cancelled = "cancelled" "已取消",
    }
}

/// What to run, when, and for whom.
#[derive(Debug, Clone)]
pub struct Job {
    /// Which handler runs it: `registry.import_people`.
    pub kind: &'static str,
    /// What makes it the same job as another of its kind.
    pub key: String,
    /// What the handler needs to know.
    pub body: Json,
    /// Not before this instant.
    pub run_at: Time,
    /// Whose order it is, for their page of running work; none for the platform's own.
    pub requested_by: Option<AccountId>,
}

const INSERT: &str = "insert into jobs (id, kind, key, body, state, run_at, due_at, attempts, max_attempts,
    progress_done, progress_total, cancel, requested_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (kind, key) do nothing";
pub(crate) const INSERT_MANY: &str = "insert into jobs (id, kind, key, body, state, run_at, due_at, attempts,
    max_attempts, progress_done, progress_total, cancel, requested_by) values {} on conflict (kind, key) do nothing";

pub(crate) fn row(
    id: JobId,
    kind: &str,
    key: String,
    body: &Json,
    run_at: Time,
    requested_by: Option<AccountId>,
) -> [Value; 13] {
    let zero = || Value::Int(0);
    let state = JobState::Waiting.code().into();
    let (at, max) = (Value::from(run_at), Value::Int(MAX_ATTEMPTS));
    let (id, body, by) = (id.into(), body.into(), requested_by.into());
    [
        id,
        kind.into(),
        key.into(),
        body,
        state,
        at.clone(),
        at,
        zero(),
        max,
        zero(),
        zero(),
        zero(),
        by,
    ]
}

/// Enqueues a job in the caller's transaction; gives the id of the job of this kind and key, new or not.
///
/// # Errors
/// Of the database.
pub async fn enqueue(tx: &mut Tx, job: Job) -> Result<JobId> {
    let Job {
        kind,
        key,
        body,
        run_at,
        requested_by,
    } = job;
    let id = tx.mint();
    if tx
        .exec_new(INSERT, &row(id, kind, key.clone(), &body, run_at, requested_by))
        .await?
    {
        tx.queue_work();
        return Ok(id);
    }
    tx.one("select id from jobs where kind = $1 and key = $2", args![kind, key])
        .await
}

/// Cancels a job: at once if it waits; if it runs, its handler is told and may stop.
///
/// # Errors
/// `NotFound`, or `Stale` when it is over already.
pub async fn cancel(tx: &mut Tx, id: JobId, now: Time) -> Result<()> {
    let waiting = "update jobs set state = 'cancelled', finished_at = $2 where id = $1 and state = 'waiting'";
    if tx.exec(waiting, args![id, now]).await? == 1 {
        return Ok(());
    }
    if tx
        .exec(
            "update jobs set cancel = 1 where id = $1 and state = 'running'",
            args![id],
        )
        .await?
        == 1
    {
        return Ok(());
    }
    tx.one::<i64>("select id from jobs where id = $1", args![id]).await?;
    Err(Error::Stale)
}

/// Gives a dead job its attempts back.
///
/// # Errors
/// `Stale` when it is not dead.
pub async fn revive(tx: &mut Tx, id: JobId, now: Time) -> Result<()> {
    let sql = "update jobs set state = 'waiting', run_at = $2, attempts = 0, finished_at = null, note = null,
        error = null, cancel = 0 where id = $1 and state = 'dead'";
    tx.exec_one(sql, args![id, now]).await?;
    tx.queue_work();
    Ok(())
}

/// A job as a page shows it.
#[derive(Debug, Clone)]
pub struct Status {
    /// Its id.
    pub id: JobId,
    /// Which handler runs it.
    pub kind: String,
    /// Its key.
    pub key: String,
    /// Where it stands.
    pub state: JobState,
    /// How much is done …
    pub done: u64,
    /// … of how much; 0 while unknown.
    pub total: u64,
    /// What to tell the person who waits, in Chinese: what it does now, or why it was refused.
    pub note: Option<String>,
    /// What it found, once done.
    pub result: Option<Json>,
    /// Whose order it is.
    pub requested_by: Option<AccountId>,
    /// Whether it was asked to stop.
    pub cancelling: bool,
    /// When it was due first.
    pub due_at: Time,
    /// When an attempt began first.
    pub started_at: Option<Time>,
    /// When it was over.
    pub finished_at: Option<Time>,
}

const STATUS: &str = "select j.id, j.kind, j.key, j.state, j.progress_done, j.progress_total, j.note, j.result,
    j.requested_by, j.cancel, j.due_at, j.started_at, j.finished_at from jobs j where 1 = 1";

impl FromRow for Status {
    fn from_row(row: &Row) -> Result<Self> {
        let count = |index| row.get::<i64>(index).map(|n| u64::try_from(n).unwrap_or(0));
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            key: row.get(2)?,
            state: row.code(3)?,
            done: count(4)?,
            total: count(5)?,
            note: row.get(6)?,
            result: row.get(7)?,
            requested_by: row.get(8)?,
            cancelling: row.get(9)?,
            due_at: row.get(10)?,
            started_at: row.get(11)?,
            finished_at: row.get(12)?,
        })
    }
}

/// One job. The caller asks whether its reader may see it (`requested_by`).
///
/// # Errors
/// `NotFound`.
pub async fn load(tx: &mut Tx, id: JobId) -> Result<Status> {
    Query::new(STATUS).and("j.id = {}", id).one(tx).await
}

/// What a list of jobs is narrowed to; an empty one admits all.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of one account.
    pub of: Option<AccountId>,
    /// Of one kind.
    pub kind: Option<String>,
    /// In one state.
    pub state: Option<JobState>,
}

/// A page of jobs, the latest first; it goes on behind `after`.
///
/// # Errors
/// Of the database.
pub async fn list(tx: &mut Tx, wanted: &Wanted, after: Option<JobId>, size: u32) -> Result<Listed<Status>> {
    let page = Page {
        order: "j.id",
        key: "j.id",
        descending: true,
        after: after.map(|id| (id.into(), id.get())),
        size,
    };
    Query::new(STATUS)
        .and_opt("j.requested_by = {}", wanted.of)
        .and_opt("j.kind = {}", wanted.kind.as_deref())
        .and_opt("j.state = {}", wanted.state.map(crate::code))
        .page(&page)
        .list(tx)
        .await
}

/// The jobs to look at now: given up, running, or waiting although their time has come; at most `most`, these first.
///
/// # Errors
/// Of the database.
pub async fn pressing(tx: &mut Tx, now: Time, most: u32) -> Result<Vec<Status>> {
    Query::new(STATUS)
        .and(
            "(j.state in ('dead', 'running') or (j.state = 'waiting' and j.due_at <= {}))",
            now,
        )
        .push_with(
            " order by case j.state when 'dead' then 0 when 'running' then 1 else 2 end, j.due_at, j.id limit {}",
            [most.into()],
        )
        .fetch(tx)
        .await
}

/// How many jobs of one kind stand in one state.
#[derive(Debug, Clone)]
pub struct Heap {
    /// The kind.
    pub kind: String,
    /// The state.
    pub state: JobState,
    /// How many.
    pub count: u64,
    /// When the first of them is due.
    pub first_due: Time,
    /// When the last of them ended.
    pub last_end: Option<Time>,
}

impl FromRow for Heap {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            kind: row.get(0)?,
            state: row.code(1)?,
            count: u64::try_from(row.get::<i64>(2)?).unwrap_or(0),
            first_due: row.get(3)?,
            last_end: row.get(4)?,
        })
    }
}

/// All jobs by kind and state.
///
/// # Errors
/// Of the database.
pub async fn heaps(tx: &mut Tx) -> Result<Vec<Heap>> {
    let sql = "select kind, state, count(*), min(due_at), max(finished_at) from jobs group by kind, state order by kind, state";
    tx.all(sql, &[]).await
}

/// How many jobs stand in each state that is not over, and how many are dead: for `/metrics` and the doctor.
///
/// # Errors
/// Of the database.
pub async fn counts(tx: &mut Tx) -> Result<Vec<(JobState, u64)>> {
    let sql =
        "select state, count(*) from jobs where finished_at is null or state = 'dead' group by state order by state";
    let rows: Vec<(crate::Coded<JobState>, i64)> = tx.all(sql, &[]).await?;
    Ok(rows
        .into_iter()
        .map(|(state, count)| (state.0, u64::try_from(count).unwrap_or(0)))
        .collect())
}

/// Removes jobs that were over before `before`, except the dead. Their keys become free again.
///
/// # Errors
/// Of the database.
pub async fn prune(tx: &mut Tx, before: Time) -> Result<u64> {
    tx.exec(
        "delete from jobs where finished_at < $1 and state in ('done', 'cancelled')",
        args![before],
    )
    .await
}
