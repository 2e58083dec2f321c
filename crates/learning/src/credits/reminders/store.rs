//! `reminder_days` and `reminder_mutes`.

use db::{Query, Tx, Value, args};
use kernel::{PersonId, Result, Time};

/// People named in one `in (…)`.
const CHUNK: usize = 500;

pub(super) async fn days(tx: &mut Tx) -> Result<Vec<u32>> {
    tx.all("select days from reminder_days order by days desc", &[]).await
}

pub(super) async fn set_days(tx: &mut Tx, days: &[u32], at: Time, by: &str) -> Result<()> {
    tx.exec("delete from reminder_days", &[]).await?;
    let rows = days.iter().map(|day| [Value::from(*day), at.into(), by.into()]);
    tx.insert_all("insert into reminder_days (days, set_at, set_by) values {}", rows)
        .await
        .map(drop)
}

pub(super) async fn mute(tx: &mut Tx, person: PersonId, at: Time) -> Result<()> {
    let sql = "insert into reminder_mutes (id, muted_at) values ($1, $2) on conflict (id) do nothing";
    tx.exec(sql, args![person, at]).await.map(drop)
}

pub(super) async fn unmute(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.exec("delete from reminder_mutes where id = $1", args![person])
        .await
        .map(drop)
}

/// Those of these people who have muted reminders.
pub(super) async fn muted(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<PersonId>> {
    let mut found = Vec::new();
    for some in people.chunks(CHUNK) {
        let query = Query::new("select m.id from reminder_mutes m where 1 = 1")
            .and_in("m.id", some.iter().map(|id| (*id).into()));
        found.extend(query.fetch::<PersonId>(tx).await?);
    }
    Ok(found)
}
