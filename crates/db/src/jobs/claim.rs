//! Taking a job under a lease, keeping it, and giving it back with its outcome.
//!
//! Every statement that follows a claim names the holder: a worker that lost its lease changes nothing.

use kernel::{Error, Result, Time, id::AccountId, id::JobId};
use serde_json::Value as Json;

use crate::{Db, FromRow, Row, Value, args};

/// How long a worker holds a job without a sign of life, in seconds.
pub(super) const LEASE: i64 = 60;
/// The pause before the second attempt, in seconds; it doubles up to an hour.
const PAUSE: i64 = 10;

/// A job in a worker's hands.
#[derive(Debug, Clone)]
pub(super) struct Claimed {
    pub(super) id: JobId,
    pub(super) kind: String,
    pub(super) key: String,
    pub(super) body: Json,
    pub(super) attempt: i64,
    max_attempts: i64,
    pub(super) requested_by: Option<AccountId>,
    cancel: bool,
}

impl FromRow for Claimed {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            key: row.get(2)?,
            body: row.get(3)?,
            attempt: row.get(4)?,
            max_attempts: row.get(5)?,
            requested_by: row.get(6)?,
            cancel: row.get(7)?,
        })
    }
}

const DUE: &str = "finished_at is null and coalesce(lease_until, run_at) <= $1";

/// `kind in ($n, …)` for the kinds this worker knows, numbered from `first`.
fn kinds_condition(kinds: &[&'static str], first: usize) -> String {
    let places: Vec<String> = (first..first + kinds.len()).map(|n| format!("${n}")).collect();
    format!("kind in ({})", places.join(", "))
}

/// Takes the job that is due longest, if there is one.
pub(super) async fn claim(db: &Db, holder: &str, kinds: &[&'static str], now: Time) -> Result<Option<Claimed>> {
    if kinds.is_empty() {
        return Ok(None);
    }
    // Looked at with a reader first: an idle worker must not take the writer every second.
    let due = format!(
        "select 1 from jobs where {DUE} and {} limit 1",
        kinds_condition(kinds, 2)
    );
    let mut args = vec![Value::from(now)];
    args.extend(kinds.iter().map(|kind| Value::from(*kind)));
    if db.read().await?.first::<i64>(&due, &args).await?.is_none() {
        return Ok(None);
    }
    loop {
        let Some(claimed) = take(db, holder, kinds, now).await? else {
            return Ok(None);
        };
        if claimed.cancel {
            end(db, holder, &claimed, "cancelled", now, None).await?;
        } else if claimed.attempt > claimed.max_attempts {
            let error = "its worker vanished during the last attempt";
            end(db, holder, &claimed, "dead", now, Some(error)).await?;
        } else {
            return Ok(Some(claimed));
        }
    }
}

async fn take(db: &Db, holder: &str, kinds: &[&'static str], now: Time) -> Result<Option<Claimed>> {
    let mut tx = db.write().await?;
    let sql = format!(
        "update jobs set state = 'running', holder = $2, lease_until = $3, attempts = attempts + 1,
            started_at = coalesce(started_at, $1)
         where id = (select id from jobs where {DUE} and {} order by coalesce(lease_until, run_at), id limit 1{})
         returning id, kind, key, body, attempts, max_attempts, requested_by, cancel",
        kinds_condition(kinds, 4),
        tx.dialect().claim_lock()
    );
    let mut args = vec![now.into(), holder.into(), now.plus_seconds(LEASE).into()];
    args.extend(kinds.iter().map(|kind| Value::from(*kind)));
    let claimed = tx.first(&sql, &args).await?;
    tx.commit().await?;
    Ok(claimed)
}

/// Renews the lease; false when it was lost.
pub(super) async fn renew(db: &Db, holder: &str, id: JobId, now: Time) -> Result<bool> {
    let mut tx = db.write().await?;
    let sql = "update jobs set lease_until = $3 where id = $1 and holder = $2 and state = 'running'";
    let kept = tx.exec(sql, args![id, holder, now.plus_seconds(LEASE)]).await? == 1;
    tx.commit().await?;
    Ok(kept)
}

/// The pause after the attempt of this number.
fn pause(attempt: i64) -> i64 {
    let doubled = PAUSE << (attempt - 1).clamp(0, 10);
    doubled.min(3600)
}

/// What a person may read about a failure that trying again would not change.
fn verdict(error: &Error) -> Option<String> {
    match error {
        Error::Refused { sentence, .. } | Error::Forbidden(sentence) => Some(sentence.clone()),
        Error::Wrong(fields) => Some(
            fields
                .iter()
                .map(|f| f.sentence.as_str())
                .collect::<Vec<_>>()
                .join("；"),
        ),
        Error::NotFound => Some("要处理的对象不存在。".to_owned()),
        Error::Stale | Error::Broken(_) => None,
    }
}

/// Writes the outcome of an attempt; false when the lease was lost and nothing was written.
pub(super) async fn settle(db: &Db, holder: &str, job: &Claimed, outcome: &Result<Json>, now: Time) -> Result<bool> {
    let error = match outcome {
        Ok(result) => return done(db, holder, job, result, now).await,
        Err(error) => error,
    };
    if matches!(error, Error::Refused { code, .. } if *code == super::worker::CANCELLED) {
        return end(db, holder, job, "cancelled", now, None).await;
    }
    if let Some(sentence) = verdict(error) {
        let mut tx = db.write().await?;
        let sql = "update jobs set state = 'dead', note = $4, error = $5, finished_at = $3, lease_until = null
            where id = $1 and holder = $2 and state = 'running'";
        let count = tx
            .exec(sql, args![job.id, holder, now, sentence, error.to_string()])
            .await?;
        tx.commit().await?;
        return Ok(count == 1);
    }
    if job.attempt >= job.max_attempts {
        return end(db, holder, job, "dead", now, Some(&error.to_string())).await;
    }
    let mut tx = db.write().await?;
    let sql = "update jobs set state = 'waiting', run_at = $3, error = $4, lease_until = null, holder = null
        where id = $1 and holder = $2 and state = 'running'";
    let again = now.plus_seconds(pause(job.attempt));
    let count = tx.exec(sql, args![job.id, holder, again, error.to_string()]).await?;
    tx.commit().await?;
    Ok(count == 1)
}

async fn done(db: &Db, holder: &str, job: &Claimed, result: &Json, now: Time) -> Result<bool> {
    let mut tx = db.write().await?;
    let sql = "update jobs set state = 'done', result = $4, error = null, finished_at = $3, lease_until = null
        where id = $1 and holder = $2 and state = 'running'";
    let count = tx.exec(sql, args![job.id, holder, now, result]).await?;
    tx.commit().await?;
    Ok(count == 1)
}

async fn end(db: &Db, holder: &str, job: &Claimed, state: &str, now: Time, error: Option<&str>) -> Result<bool> {
    let mut tx = db.write().await?;
    let sql = "update jobs set state = $4, error = $5, finished_at = $3, lease_until = null
        where id = $1 and holder = $2 and state = 'running'";
    let count = tx.exec(sql, args![job.id, holder, now, state, error]).await?;
    tx.commit().await?;
    Ok(count == 1)
}

/// Gives back, unharmed, whatever this holder still holds: it is shutting down.
pub(super) async fn release(db: &Db, holder: &str, now: Time) -> Result<u64> {
    let mut tx = db.write().await?;
    let sql =
        "update jobs set state = 'waiting', run_at = $2, attempts = attempts - 1, lease_until = null, holder = null
        where holder = $1 and state = 'running'";
    let count = tx.exec(sql, args![holder, now]).await?;
    tx.commit().await?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let pauses: Vec<i64> = (1..=10).map(pause).collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600]);
        assert_eq!(pause(1000), 3600);
    }
}
