//! Runs handlers: relays events, fires schedules, claims what is due, keeps the lease, settles the outcome.
//!
//! The handler runs in a task of its own, so that a panic fails one attempt and nothing else, and so that the
//! lease is renewed whatever the handler waits for.

use std::{
    collections::BTreeMap,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use kernel::{Clock, Error, Id, Result, Time, id::AccountId, id::EventRow, id::JobId};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value as Json;
use tokio::{
    task::{AbortHandle, JoinSet},
    time::{sleep, timeout},
};

use super::{
    claim::{self, Claimed, LEASE},
    cron::{self, Schedule},
};
use crate::{Db, args, outbox};

/// The code with which a handler says that it stopped because it was asked to.
pub(super) const CANCELLED: &str = "job.cancelled";
/// How long a worker waits for its handlers when it shuts down.
const GRACE: Duration = Duration::from_secs(15);
/// How often a worker looks when nobody wakes it (another process may have enqueued).
const IDLE: Duration = Duration::from_secs(1);
/// How often progress is written at most.
const PROGRESS: Duration = Duration::from_millis(400);

/// What runs a job; its result is kept with the job.
pub type Handler = Arc<dyn Fn(JobCtx) -> BoxFuture<'static, Result<Json>> + Send + Sync>;

/// Who handles what. Every module contributes its own; the server puts them together.
#[derive(Clone, Default)]
pub struct Handlers {
    by_kind: BTreeMap<&'static str, Handler>,
    subscriptions: outbox::Subscriptions,
    schedules: Vec<Schedule>,
}

impl Handlers {
    /// Nobody handles anything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Jobs of this kind are run by `handler`, which must bear a second run.
    #[must_use]
    pub fn on<F, Fut>(mut self, kind: &'static str, handler: F) -> Self
    where
        F: Fn(JobCtx) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Json>> + Send + 'static,
    {
        self.by_kind.insert(kind, Arc::new(move |ctx| Box::pin(handler(ctx))));
        self
    }

    /// An event of the kind `event` becomes a job of the kind `job`; the handler reads it with
    /// [`JobCtx::event`].
    #[must_use]
    pub fn react(mut self, event: &'static str, job: &'static str) -> Self {
        self.subscriptions.push((event, job));
        self
    }

    /// A job of this kind is enqueued every so many seconds.
    #[must_use]
    pub fn every(mut self, kind: &'static str, seconds: u32) -> Self {
        self.schedules.push(Schedule {
            kind,
            every: i64::from(seconds.max(1)),
            minute: 0,
        });
        self
    }

    /// A job of this kind is enqueued every day at this time in Shanghai.
    #[must_use]
    pub fn daily(mut self, kind: &'static str, hour: u32, minute: u32) -> Self {
        self.schedules.push(Schedule {
            kind,
            every: 0,
            minute: i64::from(hour * 60 + minute),
        });
        self
    }

    /// These and those of another module.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.by_kind.extend(other.by_kind);
        self.subscriptions.extend(other.subscriptions);
        self.schedules.extend(other.schedules);
        self
    }

    /// Every kind that is promised has somebody who runs it.
    fn check(&self) -> Result<()> {
        let reacting = self.subscriptions.iter().map(|(_, job)| *job);
        let promised = reacting.chain(self.schedules.iter().map(|schedule| schedule.kind));
        match promised.into_iter().find(|kind| !self.by_kind.contains_key(kind)) {
            Some(kind) => Err(Error::broken(format!("no handler for jobs of the kind {kind}"))),
            None => Ok(()),
        }
    }
}

/// An event as its handler reads it.
#[derive(Debug, Clone, Deserialize)]
pub struct Told<E> {
    /// The event's id: key the writes of the handler by it.
    #[serde(rename = "event")]
    pub id: Id<EventRow>,
    /// When it happened.
    pub at: Time,
    /// What happened.
    pub body: E,
}

/// What a handler knows and may say while it runs. Its methods open transactions of their own: never call
/// them while holding a [`crate::Tx`].
#[derive(Clone)]
pub struct JobCtx {
    /// The database.
    pub db: Db,
    /// The present.
    pub clock: Clock,
    /// The job.
    pub id: JobId,
    /// Its key.
    pub key: String,
    /// What the one who enqueued it wrote.
    pub body: Json,
    /// 1 for the first attempt.
    pub attempt: i64,
    /// Whose order it is.
    pub requested_by: Option<AccountId>,
    holder: Arc<str>,
    told: Arc<Mutex<Option<Instant>>>,
}

impl JobCtx {
    /// The body as its type.
    ///
    /// # Errors
    /// When it is something else.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_value(self.body.clone()).map_err(|error| Error::broken(format!("body of a job: {error}")))
    }

    /// The event that this job reacts to.
    ///
    /// # Errors
    /// When the job does not come from such an event.
    pub fn event<E: DeserializeOwned>(&self) -> Result<Told<E>> {
        self.parse()
    }

    /// Writes how much is done, at most every 400 ms; cheap enough to call per row.
    ///
    /// # Errors
    /// `Stale` when the lease was lost: stop.
    pub async fn progress(&self, done: u64, total: u64) -> Result<()> {
        if done < total && !self.may_tell() {
            return Ok(());
        }
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let sql = "update jobs set progress_done = $3, progress_total = $4 where id = $1 and holder = $2";
        let mut tx = self.db.write().await?;
        tx.exec_one(sql, args![self.id, &*self.holder, count(done), count(total)])
            .await?;
        tx.commit().await
    }

    fn may_tell(&self) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let due = told.is_none_or(|at| at.elapsed() >= PROGRESS);
        if due {
            *told = Some(Instant::now());
        }
        due
    }

    /// Writes what the person who waits may read meanwhile, in Chinese.
    ///
    /// # Errors
    /// `Stale` when the lease was lost: stop.
    pub async fn note(&self, text: &str) -> Result<()> {
        let mut tx = self.db.write().await?;
        tx.exec_one(
            "update jobs set note = $3 where id = $1 and holder = $2",
            args![self.id, &*self.holder, text],
        )
        .await?;
        tx.commit().await
    }

    /// Whether somebody asked it to stop.
    ///
    /// # Errors
    /// Of the database.
    pub async fn cancelled(&self) -> Result<bool> {
        self.db
            .read()
            .await?
            .one("select cancel from jobs where id = $1", args![self.id])
            .await
    }

    /// Ends the handler with `?` if somebody asked it to stop; the job is cancelled then.
    ///
    /// # Errors
    /// The one that means "cancelled".
    pub async fn stop_if_cancelled(&self) -> Result<()> {
        if self.cancelled().await? {
            return Err(Error::refused(CANCELLED, "任务已取消。"));
        }
        Ok(())
    }
}

/// What [`Worker::run_due`] did.
#[derive(Debug, Default)]
pub struct Ran {
    /// Jobs done.
    pub done: u64,
    /// Attempts that failed; those that may be tried again wait for their next time.
    pub failed: Vec<Failed>,
}

/// One failed attempt.
#[derive(Debug)]
pub struct Failed {
    /// The job.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// Why.
    pub error: Error,
}

/// Runs jobs until it is told to stop.
#[derive(Clone)]
pub struct Worker {
    db: Db,
    clock: Clock,
    handlers: Arc<Handlers>,
    kinds: Arc<[&'static str]>,
    holder: Arc<str>,
    slots: usize,
    scheduled: Arc<AtomicBool>,
}

impl Worker {
    /// A worker of two jobs at a time.
    #[must_use]
    pub fn new(db: Db, clock: Clock, handlers: Handlers) -> Self {
        let kinds = handlers.by_kind.keys().copied().collect();
        let holder = db.mint::<()>().to_string().into();
        let handlers = Arc::new(handlers);
        Self {
            db,
            clock,
            handlers,
            kinds,
            holder,
            slots: 2,
            scheduled: Arc::default(),
        }
    }

    /// The same worker with another number of jobs at a time.
    #[must_use]
    pub fn slots(mut self, slots: usize) -> Self {
        self.slots = slots.max(1);
        self
    }

    /// Works until `shutdown`; then waits a little for what runs and gives the rest back unharmed.
    ///
    /// # Errors
    /// When a subscription or schedule has no handler. Failures of jobs and of the database are logged and
    /// tried again.
    pub async fn run(&self, shutdown: impl Future<Output = ()> + Send) -> Result<()> {
        self.handlers.check()?;
        let mut shutdown = pin!(shutdown);
        let mut running = JoinSet::new();
        loop {
            if let Err(error) = self.turn(&mut running).await {
                tracing::error!(%error, "the worker could not look for work");
            }
            tokio::select! {
                () = &mut shutdown => break,
                Some(_) = running.join_next() => {}
                () = self.db.woken() => {}
                () = sleep(IDLE) => {}
            }
        }
        let drained = timeout(GRACE, async { while running.join_next().await.is_some() {} }).await;
        if drained.is_err() {
            running.shutdown().await;
            claim::release(&self.db, &self.holder, self.clock.now()).await?;
        }
        Ok(())
    }

    /// Runs everything that is due now, one after the other, with all that follows from it; then returns.
    ///
    /// # Errors
    /// Of the database; failures of jobs are in the answer.
    pub async fn run_due(&self) -> Result<Ran> {
        self.handlers.check()?;
        let mut ran = Ran::default();
        loop {
            self.prepare().await?;
            let Some(job) = claim::claim(&self.db, &self.holder, &self.kinds, self.clock.now()).await? else {
                return Ok(ran);
            };
            let (id, kind) = (job.id, job.kind.clone());
            match self.attempt(job).await {
                Ok(()) => ran.done += 1,
                Err(error) => ran.failed.push(Failed { id, kind, error }),
            }
        }
    }

    /// Events and schedules become jobs.
    async fn prepare(&self) -> Result<()> {
        let now = self.clock.now();
        if !self.scheduled.load(Ordering::SeqCst) {
            cron::ensure(&self.db, &self.handlers.schedules, now).await?;
            self.scheduled.store(true, Ordering::SeqCst);
        }
        outbox::relay(&self.db, &self.handlers.subscriptions, now).await?;
        cron::fire(&self.db, &self.handlers.schedules, now).await?;
        Ok(())
    }

    async fn turn(&self, running: &mut JoinSet<()>) -> Result<()> {
        self.prepare().await?;
        while running.len() < self.slots {
            let now = self.clock.now();
            let Some(job) = claim::claim(&self.db, &self.holder, &self.kinds, now).await? else {
                break;
            };
            let worker = self.clone();
            running.spawn(async move {
                let (id, kind) = (job.id, job.kind.clone());
                if let Err(error) = worker.attempt(job).await {
                    tracing::warn!(%id, kind, %error, "an attempt at a job failed");
                }
            });
        }
        Ok(())
    }

    /// Runs the handler and settles what it says; gives its error.
    async fn attempt(&self, job: Claimed) -> Result<()> {
        let Some(handler) = self.handlers.by_kind.get(job.kind.as_str()) else {
            return Err(Error::broken(format!("no handler for jobs of the kind {}", job.kind)));
        };
        let ctx = JobCtx {
            db: self.db.clone(),
            clock: self.clock.clone(),
            id: job.id,
            key: job.key.clone(),
            body: job.body.clone(),
            attempt: job.attempt,
            requested_by: job.requested_by,
            holder: Arc::clone(&self.holder),
            told: Arc::default(),
        };
        let mut task = tokio::spawn(handler(ctx));
        let _stop = StopOnDrop(task.abort_handle());
        let outcome = tokio::select! {
            joined = &mut task => joined.unwrap_or_else(|_| Err(Error::broken("the handler panicked"))),
            () = self.keep_lease(job.id) => Err(Error::broken("the lease was lost; the handler was stopped")),
        };
        let settled = claim::settle(&self.db, &self.holder, &job, &outcome, self.clock.now()).await?;
        if !settled {
            tracing::warn!(id = %job.id, kind = job.kind, "the outcome of a job came after its lease was lost");
        }
        outcome.map(drop)
    }

    /// Renews the lease again and again; returns when it was lost.
    async fn keep_lease(&self, id: JobId) {
        loop {
            sleep(Duration::from_secs(LEASE.unsigned_abs() / 3)).await;
            match claim::renew(&self.db, &self.holder, id, self.clock.now()).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(%error, "a lease could not be renewed"),
            }
        }
    }
}

/// Stops the handler when nobody waits for it any more.
struct StopOnDrop(AbortHandle);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
