//! A crowd: signed-in people who all want the same at the same time, a seat or a mark on the roll.
//!
//! Their accounts and sessions are written beforehand, because hashing thousands of passwords is not what is measured; each
//! request then passes everything a person's request passes. The classes they meet in are copies of one of the
//! demonstration city's, without conditions, so that nobody is refused for a reason of its own.

use anyhow::{Context as _, Result, ensure};
use db::{Db, Tx, Value, args};
use kernel::{ClassId, PersonId, SessionId, Time};
use sha2::{Digest as _, Sha256};

use crate::city::Survey;

/// Rows written at once.
const STEP: usize = 500;
/// How long a session of the crowd lives.
const HOUR: i64 = 3_600;

/// One of the crowd.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// The cookie of the session, and of the browser.
    pub cookie: String,
    /// The form token of the session.
    pub csrf: String,
}

/// Signs so many people of the city in.
///
/// # Errors
/// Of the database, or when the city has fewer people.
pub async fn gather(db: &Db, survey: &Survey, size: usize, now: Time) -> Result<Vec<Member>> {
    ensure!(survey.people.len() >= size, "the city has fewer than {size} people");
    let mut tx = db.batch().await?;
    let taken = "select person from accounts where person is not null";
    let taken: std::collections::HashSet<PersonId> = tx
        .all::<(PersonId,)>(taken, &[])
        .await?
        .into_iter()
        .map(|row| row.0)
        .collect();
    let people = survey.people.iter().filter(|id| !taken.contains(id)).take(size);
    let people: Vec<PersonId> = people.copied().collect();
    ensure!(people.len() == size, "too few people without an account");
    let mut members = Vec::with_capacity(size);
    for chunk in people.chunks(STEP) {
        members.extend(sign_in(&mut tx, chunk, now).await?);
    }
    tx.commit().await?;
    Ok(members)
}

async fn sign_in(tx: &mut Tx, people: &[PersonId], now: Time) -> Result<Vec<Member>> {
    let (mut accounts, mut grants, mut sessions, mut members) = (vec![], vec![], vec![], vec![]);
    for person in people {
        let (account, grant, session) = (tx.mint::<()>(), tx.mint::<()>(), tx.mint::<()>());
        // Sixty-four letters that nobody else has.
        let token: String = Sha256::digest(format!("crowd {person}"))
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let csrf = format!("csrf-{person}");
        let digest = Sha256::digest(&token).to_vec();
        accounts.push([
            Value::from(account),
            format!("crowd-{person}").into(),
            "演示人员".into(),
            (*person).into(),
            "active".into(),
            now.into(),
            now.into(),
        ]);
        grants.push([
            Value::from(grant),
            account.into(),
            "learner".into(),
            (*person).into(),
            "bench".into(),
            now.into(),
        ]);
        sessions.push([
            Value::from(session),
            digest.into(),
            account.into(),
            grant.into(),
            csrf.as_str().into(),
            now.into(),
            now.into(),
            now.plus_seconds(HOUR).into(),
        ]);
        let cookie = format!("zhixin_session={token}; zhixin_visitor={}", &token[..43]);
        members.push(Member {
            person: *person,
            cookie,
            csrf,
        });
    }
    let sql = "insert into accounts (id, login, display_name, person, status, status_since, created_at) values {}";
    tx.insert_all(sql, accounts).await?;
    let sql = "insert into grants (id, account, role, person, granted_by, granted_at) values {}";
    tx.insert_all(sql, grants).await?;
    let sql =
        "insert into sessions (id, token_hash, account, grant_id, csrf, created_at, seen_at, expires_at) values {}";
    tx.insert_all(sql, sessions).await?;
    Ok(members)
}

/// A class without conditions, open for enrolment, and its one session.
///
/// # Errors
/// Of the database, or when the city has no published class to copy.
pub async fn class(
    db: &Db,
    (number, seats): (&str, i64),
    (starts_at, ends_at): (Time, Time),
    now: Time,
) -> Result<(ClassId, SessionId)> {
    let mut tx = db.batch().await?;
    let (class, session) = (
        ClassId::new(tx.mint::<()>().get()),
        SessionId::new(tx.mint::<()>().get()),
    );
    let sql = "insert into classes (id, number, starts_at, ends_at, enrol_from, enrol_until, capacity, seats_open,
            eligibility, reserved, seats_reserved, waiting, next_place, delivery, taught_seconds,
            course, course_version, title, subject, form, field, fee_source, year, declared_hours, state, state_at,
            published_at, provider, provider_name, district, department, created_at)
        select $1, $2, $3, $4, $5, $6, $7, $7, '{}', 0, 0, 0, 1, 'offline', $8,
            course, course_version, title, subject, form, field, fee_source, year, declared_hours, state, state_at,
            published_at, provider, provider_name, district, department, created_at
        from classes where state = 'published' and year = $9 order by id limit 1";
    let year = chrono::Datelike::year(&now.date());
    let until = starts_at.plus_seconds(-60);
    let taught = ends_at.seconds_since(starts_at);
    let (from, until) = (now.plus_seconds(-HOUR), until);
    tx.exec_one(
        sql,
        args![class, number, starts_at, ends_at, from, until, seats, taught, year],
    )
    .await
    .context("the city has no published class to copy")?;
    let sql = "insert into class_sessions (id, class, position, title, starts_at, ends_at) values ($1, $2, 1, '第一讲', $3, $4)";
    tx.exec_one(sql, args![session, class, starts_at, ends_at]).await?;
    tx.commit().await?;
    Ok((class, session))
}

/// Seats these people in a class, each with the time reserved, as if they had enrolled one after another.
///
/// # Errors
/// Of the database.
pub async fn seat(db: &Db, (class, session): (ClassId, SessionId), members: &[Member], now: Time) -> Result<()> {
    let mut tx = db.batch().await?;
    let provider: i64 = tx
        .one("select provider from classes where id = $1", args![class])
        .await?;
    let mut place = 0_i64;
    for chunk in members.chunks(STEP) {
        let (mut seats, mut spans) = (vec![], vec![]);
        for member in chunk {
            place += 1;
            seats.push([
                Value::from(tx.mint::<()>()),
                class.into(),
                member.person.into(),
                "演示人员".into(),
                "enrolled".into(),
                "general".into(),
                place.into(),
                "bench".into(),
                now.into(),
                now.into(),
                provider.into(),
            ]);
            spans.push([
                Value::from(tx.mint::<()>()),
                member.person.into(),
                now.into(),
                now.plus_seconds(HOUR).into(),
                HOUR.into(),
                "演示班次".into(),
                session.into(),
                class.into(),
            ]);
        }
        let sql =
            "insert into enrolments (id, class, person, name, state, seat, place, enrolled_by, enrolled_at, state_at,
            provider) values {}";
        tx.insert_all(sql, seats).await?;
        let sql = "insert into attendance_intervals (id, person, starts_at, ends_at, taught, title, session, class) values {}";
        tx.insert_all(sql, spans).await?;
    }
    let taken = i64::try_from(members.len())?;
    let sql = "update classes set seats_open = seats_open - $2, next_place = $2 + 1 where id = $1";
    tx.exec_one(sql, args![class, taken]).await?;
    tx.commit().await?;
    Ok(())
}
