//! SQL of attendance: `attendance_people`, `attendance_intervals`, `attendance_marks`.
//! Deliberately absent: decisions, and any other table.

use std::collections::HashMap;

use db::{Coded, Query, Tx, Value, args, code};
use kernel::{PersonId, Result, Seconds, Time, id::ClassId, id::SessionId};
use rules::attendance::{Mark, Span};

use super::{Attended, NewMark, Reservation};

/// People named in one `in (…)`, under the engines' limits of parameters.
const CHUNK: usize = 500;

/// A mark as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub mark: Mark,
    /// Rises with every change, from 1.
    pub version: i64,
}

/// Sorted by the caller: rows are locked in the order of the statement.
pub(super) async fn hold(tx: &mut Tx, people: &[PersonId]) -> Result<()> {
    let sql = "insert into attendance_people (id, version) values {}
        on conflict (id) do update set version = attendance_people.version + 1";
    tx.insert_all(sql, people.iter().map(|person| [(*person).into(), Value::Int(1)]))
        .await
        .map(drop)
}

pub(super) async fn spans(
    tx: &mut Tx,
    people: &[PersonId],
    from: Time,
    until: Time,
) -> Result<HashMap<PersonId, Vec<Span>>> {
    let mut found: HashMap<PersonId, Vec<Span>> = HashMap::new();
    for chunk in people.chunks(CHUNK) {
        let rows: Vec<(PersonId, ClassId, SessionId, String, Time, Time)> = Query::new(
            "select i.person, i.class, i.session, i.title, i.starts_at, i.ends_at from attendance_intervals i where 1 = 1",
        )
        .and_in("i.person", chunk.iter().map(|person| (*person).into()))
        .and("i.ends_at > {}", from)
        .and("i.starts_at < {}", until)
        .fetch(tx)
        .await?;
        for (person, class, session, title, starts_at, ends_at) in rows {
            found.entry(person).or_default().push(Span {
                class,
                session,
                title,
                starts_at,
                ends_at,
            });
        }
    }
    Ok(found)
}

pub(super) async fn reserve(tx: &mut Tx, people: &[PersonId], wanted: &[Reservation]) -> Result<()> {
    let sql =
        "insert into attendance_intervals (id, person, starts_at, ends_at, taught, title, session, class) values {}
        on conflict (person, session) do nothing";
    let mut rows: Vec<[Value; 8]> = Vec::with_capacity(people.len() * wanted.len());
    for person in people {
        for Reservation { span, taught } in wanted {
            rows.push([
                tx.mint::<()>().into(),
                (*person).into(),
                span.starts_at.into(),
                span.ends_at.into(),
                (*taught).into(),
                span.title.as_str().into(),
                span.session.into(),
                span.class.into(),
            ]);
        }
    }
    tx.insert_all(sql, rows).await.map(drop)
}

pub(super) async fn shift(tx: &mut Tx, Reservation { span, taught }: &Reservation) -> Result<()> {
    // By class, for which there is an index; a class has few sessions.
    tx.exec(
        "update attendance_intervals set starts_at = $3, ends_at = $4, taught = $5 where class = $1 and session = $2",
        args![span.class, span.session, span.starts_at, span.ends_at, *taught],
    )
    .await
    .map(drop)
}

pub(super) async fn release(tx: &mut Tx, person: PersonId, class: ClassId) -> Result<()> {
    tx.exec(
        "delete from attendance_intervals where class = $1 and person = $2",
        args![class, person],
    )
    .await
    .map(drop)
}

pub(super) async fn release_all(tx: &mut Tx, class: ClassId) -> Result<()> {
    tx.exec("delete from attendance_intervals where class = $1", args![class])
        .await
        .map(drop)
}

pub(super) async fn mark_of(tx: &mut Tx, session: SessionId, person: PersonId) -> Result<Option<Marked>> {
    let sql = "select person, mark, version from attendance_marks where session = $1 and person = $2";
    let row: Option<(PersonId, Coded<Mark>, i64)> = tx.first(sql, args![session, person]).await?;
    Ok(row.map(|(person, Coded(mark), version)| Marked { person, mark, version }))
}

pub(super) async fn marks(tx: &mut Tx, session: SessionId) -> Result<Vec<Marked>> {
    let sql = "select person, mark, version from attendance_marks where session = $1 order by person";
    let rows: Vec<(PersonId, Coded<Mark>, i64)> = tx.all(sql, args![session]).await?;
    Ok(rows
        .into_iter()
        .map(|(person, Coded(mark), version)| Marked { person, mark, version })
        .collect())
}

pub(super) async fn mark(
    tx: &mut Tx,
    (class, session): (ClassId, SessionId),
    marks: &[(NewMark, Option<Mark>)],
    at: Time,
    by: &str,
) -> Result<()> {
    let sql = "insert into attendance_marks (session, person, class, mark, marked_at, marked_by) values {}
        on conflict (session, person) do update set mark = excluded.mark, marked_at = excluded.marked_at,
        marked_by = excluded.marked_by, version = attendance_marks.version + 1";
    let rows = marks.iter().map(|(new, _)| {
        [
            session.into(),
            new.person.into(),
            class.into(),
            code(new.mark),
            at.into(),
            Value::from(by),
        ]
    });
    tx.insert_all(sql, rows).await.map(drop)
}

pub(super) async fn attended(tx: &mut Tx, class: ClassId) -> Result<HashMap<PersonId, Attended>> {
    let sql = "select m.person,
        cast(sum(case when m.mark in ('present', 'late') then i.taught else 0 end) as bigint),
        cast(sum(case when m.mark in ('present', 'late') then 1 else 0 end) as bigint), count(*)
        from attendance_marks m join attendance_intervals i on i.person = m.person and i.session = m.session
        where m.class = $1 group by m.person";
    let rows: Vec<(PersonId, Seconds, u32, u32)> = tx.all(sql, args![class]).await?;
    let each = |(person, time, sessions, marked)| (person, Attended { time, sessions, marked });
    Ok(rows.into_iter().map(each).collect())
}

pub(super) async fn marked_by_session(tx: &mut Tx, class: ClassId) -> Result<HashMap<SessionId, i64>> {
    // Marks of people who withdrew later stay for the trail and are not counted.
    let sql = "select m.session, count(*) from attendance_marks m
        join attendance_intervals i on i.person = m.person and i.session = m.session
        where m.class = $1 group by m.session";
    let rows: Vec<(SessionId, i64)> = tx.all(sql, args![class]).await?;
    Ok(rows.into_iter().collect())
}
