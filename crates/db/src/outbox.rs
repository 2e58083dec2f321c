//! The outbox: facts told in the transaction that made them true, turned into jobs afterwards.
//!
//! ```text
//! told ──relay──► relayed, with one job per subscription keyed `event:{id}:{kind of job}`
//! ```
//! The relay takes unrelayed rows in the order of their ids, makes their jobs and marks them, in one
//! transaction. There is no watermark: a transaction that commits late, with a lower id, is taken late, never
//! missed. Were a row relayed twice, its jobs' keys would be taken already and nothing would change.

use kernel::{Id, Result, Time, id::EventRow};
use serde_json::{Value as Json, json};

use crate::{Db, Tx, Value, args, jobs};

/// Rows relayed in one transaction.
const BATCH: i64 = 200;

pub(crate) async fn insert(tx: &mut Tx, kind: &str, body: String, at: Time) -> Result<()> {
    let id = tx.mint::<EventRow>();
    tx.exec(
        "insert into outbox (id, kind, at, body) values ($1, $2, $3, $4)",
        args![id, kind, at, body],
    )
    .await?;
    tx.queue_work();
    Ok(())
}

/// Who reacts to what: kind of event → kind of job.
pub(crate) type Subscriptions = Vec<(&'static str, &'static str)>;

/// Relays everything that waits; returns how many events it was.
pub(crate) async fn relay(db: &Db, subscriptions: &Subscriptions, now: Time) -> Result<u64> {
    let mut total = 0;
    // Looked at with a reader first: an idle worker must not take the writer every second.
    while db
        .read()
        .await?
        .first::<i64>("select 1 from outbox where relayed_at is null limit 1", &[])
        .await?
        .is_some()
    {
        let mut tx = db.write().await?;
        let sql = format!(
            "select id, kind, at, body from outbox where relayed_at is null order by id limit $1{}",
            tx.dialect().claim_lock()
        );
        let told: Vec<(Id<EventRow>, String, Time, Json)> = tx.all(&sql, args![BATCH]).await?;
        if told.is_empty() {
            break;
        }
        let mut rows = Vec::new();
        for (id, kind, at, body) in &told {
            for (_, job) in subscriptions.iter().filter(|(event, _)| event == kind) {
                let body = json!({ "event": id, "kind": kind, "at": at, "body": body });
                rows.push(jobs::row(tx.mint(), job, format!("event:{id}:{job}"), &body, now, None));
            }
        }
        tx.insert_all(jobs::INSERT_MANY, rows).await?;
        let marks: Vec<Value> = told.iter().map(|(id, ..)| (*id).into()).collect();
        let places: Vec<String> = (2..=marks.len() + 1).map(|n| format!("${n}")).collect();
        let mut args = vec![Value::from(now)];
        args.extend(marks);
        tx.exec(
            &format!("update outbox set relayed_at = $1 where id in ({})", places.join(", ")),
            &args,
        )
        .await?;
        tx.commit().await?;
        total += u64::try_from(told.len()).unwrap_or(0);
    }
    Ok(total)
}

/// Removes relayed events older than `before`; their jobs stay. Returns how many.
///
/// # Errors
/// Of the database.
pub async fn prune(tx: &mut Tx, before: Time) -> Result<u64> {
    tx.exec("delete from outbox where relayed_at < $1", args![before]).await
}
