//! Jobs by the clock: a row per schedule, moved on by whoever fires it, so that only one process does.
//!
//! A run that was missed while nothing was running is made up for once, not once per missed time.

use kernel::{Result, Time};

use super::{Job, enqueue};
use crate::{Db, args};

/// When a kind of job runs by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Schedule {
    pub(super) kind: &'static str,
    /// Seconds between two runs; 0 for a daily one.
    pub(super) every: i64,
    /// Minutes after midnight in Shanghai of a daily run.
    pub(super) minute: i64,
}

impl Schedule {
    fn next(&self, after: Time) -> Time {
        if self.every > 0 {
            return after.plus_seconds(self.every);
        }
        let today = Time::start_of(after.date()).plus_seconds(self.minute * 60);
        if today > after { today } else { today.plus_days(1) }
    }
}

/// Makes sure that every schedule has its row; a changed schedule starts anew.
pub(super) async fn ensure(db: &Db, schedules: &[Schedule], now: Time) -> Result<()> {
    if schedules.is_empty() {
        return Ok(());
    }
    let mut tx = db.write().await?;
    let rows = schedules
        .iter()
        .map(|s| [s.kind.into(), s.every.into(), s.minute.into(), s.next(now).into()]);
    let sql = "insert into cron (kind, every_seconds, at_minute, next_run) values {}
        on conflict (kind) do update set every_seconds = excluded.every_seconds, at_minute = excluded.at_minute,
        next_run = case when cron.every_seconds = excluded.every_seconds and cron.at_minute = excluded.at_minute
            then cron.next_run else excluded.next_run end";
    tx.insert_all(sql, rows).await?;
    tx.commit().await
}

/// Enqueues every scheduled job whose time has come; returns how many.
pub(super) async fn fire(db: &Db, schedules: &[Schedule], now: Time) -> Result<u64> {
    if schedules.is_empty() {
        return Ok(0);
    }
    let due: Vec<(String, Time)> = db
        .read()
        .await?
        .all("select kind, next_run from cron where next_run <= $1", args![now])
        .await?;
    let mut fired = 0;
    for (kind, run) in due {
        let Some(schedule) = schedules.iter().find(|schedule| schedule.kind == kind) else {
            continue;
        };
        let mut tx = db.write().await?;
        let sql = "update cron set next_run = $3 where kind = $1 and next_run = $2";
        if tx.exec(sql, args![kind, run, schedule.next(now)]).await? == 1 {
            let key = format!("cron:{}", run.micros());
            let body = serde_json::json!({ "scheduled": run });
            enqueue(
                &mut tx,
                Job {
                    kind: schedule.kind,
                    key,
                    body,
                    run_at: now,
                    requested_by: None,
                },
            )
            .await?;
            fired += 1;
        }
        tx.commit().await?;
    }
    Ok(fired)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::date;

    #[test]
    fn a_daily_run_is_at_its_minute_in_shanghai() {
        let schedule = Schedule {
            kind: "k",
            every: 0,
            minute: 150,
        };
        let day = date(2026, 3, 5);
        assert_eq!(schedule.next(Time::local(day, 2, 29)), Time::local(day, 2, 30));
        assert_eq!(
            schedule.next(Time::local(day, 2, 30)),
            Time::local(date(2026, 3, 6), 2, 30)
        );
    }
}
