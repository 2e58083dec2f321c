//! `check_ins` (sessions whose check-in was opened) and `checked_in` (who checked in, and in which browser).

use db::{Tx, args};
use kernel::{PersonId, Result, Time, id::SessionId};
use rules::attendance::Mark;

use super::Opened;
use super::code::Secret;

pub(super) async fn find(tx: &mut Tx, session: SessionId) -> Result<Option<Opened>> {
    let sql = "select secret, opened_at, closed_at from check_ins where session = $1";
    let row: Option<(Vec<u8>, Time, Option<Time>)> = tx.first(sql, args![session]).await?;
    Ok(row.map(|(secret, at, closed_at)| Opened {
        secret: Secret(secret),
        at,
        closed_at,
    }))
}

/// Opens it, or opens it again with another secret.
pub(super) async fn open(tx: &mut Tx, session: SessionId, secret: &Secret, (at, by): (Time, &str)) -> Result<()> {
    let sql = "insert into check_ins (session, secret, opened_at, opened_by) values ($1, $2, $3, $4)
        on conflict (session) do update set secret = excluded.secret, opened_at = excluded.opened_at,
        opened_by = excluded.opened_by, closed_at = null";
    tx.exec(sql, args![session, secret.0.as_slice(), at, by])
        .await
        .map(drop)
}

pub(super) async fn close(tx: &mut Tx, session: SessionId, at: Time) -> Result<()> {
    let sql = "update check_ins set closed_at = $2 where session = $1 and closed_at is null";
    tx.exec(sql, args![session, at]).await.map(drop)
}

/// Whether this browser has checked somebody else in to this session.
pub(super) async fn browser_used(
    tx: &mut Tx,
    session: SessionId,
    (browser, person): (&[u8], PersonId),
) -> Result<bool> {
    let sql = "select count(*) from checked_in where session = $1 and browser = $2 and person <> $3";
    Ok(tx.one::<i64>(sql, args![session, browser, person]).await? > 0)
}

pub(super) async fn note(
    tx: &mut Tx,
    session: SessionId,
    (person, mark, browser): (PersonId, Mark, &[u8]),
    at: Time,
) -> Result<()> {
    // Somebody whose mark was cleared by a withdrawal may come back: the later check-in replaces the earlier.
    let sql = "insert into checked_in (session, person, mark, at, browser) values ($1, $2, $3, $4, $5)
        on conflict (session, person) do update set mark = excluded.mark, at = excluded.at, browser = excluded.browser";
    tx.exec(sql, args![session, person, db::code(mark), at, browser])
        .await
        .map(drop)
}

/// Sessions that go on, whose check-in is open and in which these records have a seat and no mark yet.
pub(super) async fn waiting_for(tx: &mut Tx, records: &[PersonId], now: Time) -> Result<Vec<(SessionId, String, i64)>> {
    let query = db::Query::new(
        "select s.id, k.title, s.position from enrolments e
         join classes k on k.id = e.class
         join class_sessions s on s.class = e.class
         join check_ins c on c.session = s.id
         left join attendance_marks m on m.session = s.id and m.person = e.person
         where e.state = 'enrolled' and c.closed_at is null and m.person is null",
    )
    .and_in("e.person", records.iter().map(|id| (*id).into()))
    .and("s.ends_at > {}", now)
    .push(" order by s.starts_at, s.id");
    query.fetch(tx).await
}

// unscoped: of one session, whose class the use case has asked for
/// How many have checked in.
pub(super) async fn count(tx: &mut Tx, session: SessionId) -> Result<i64> {
    tx.one("select count(*) from checked_in where session = $1", args![session])
        .await
}
