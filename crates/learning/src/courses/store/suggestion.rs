//! SQL of suggestions: what a person sits in, and which classes are open.

use std::collections::{HashMap, HashSet};

use db::{Coded, FromRow, Query, Row, Tx, code};
use kernel::{Hours, PersonId, Result, Scope, Seconds, Time, id::ClassId};
use rules::courses::Eligibility;
use rules::credits::recognition::ClassRule;
use rules::credits::{Subject, class_hours};

use super::super::suggest::Advised;

/// Open classes that fit a person and are looked at.
pub(in crate::courses) const LOOKED_AT: usize = 60;
/// Open classes that are read.
const READ: i64 = 240;

/// Classes these records sit in that give hours of the year when they are completed.
pub(in crate::courses) async fn under_way(
    tx: &mut Tx,
    records: &[PersonId],
    year: i32,
    rule: &ClassRule,
) -> Result<Vec<(ClassId, Subject, Hours)>> {
    let query = Query::new(
        "select k.id, k.subject, k.taught_seconds, k.declared_hours from enrolments e join classes k on k.id = e.class
         where e.state = 'enrolled' and k.state = 'published'",
    )
    .and_in("e.person", records.iter().map(|id| (*id).into()))
    .and("k.year = {}", year)
    .push(" order by k.id");
    let rows: Vec<(ClassId, Coded<Subject>, Seconds, Hours)> = query.fetch(tx).await?;
    let given = rows
        .into_iter()
        .map(|(id, subject, taught, declared)| (id, subject.0, class_hours(rule, taught, declared).0));
    Ok(given.collect())
}

/// Every class of the year these records were ever enrolled in, whatever became of it: one that was left is not advised.
pub(in crate::courses) async fn enrolled(tx: &mut Tx, records: &[PersonId], year: i32) -> Result<HashSet<ClassId>> {
    let query = Query::new("select k.id from enrolments e join classes k on k.id = e.class where 1 = 1")
        .and_in("e.person", records.iter().map(|id| (*id).into()))
        .and("k.year = {}", year);
    let ids: Vec<ClassId> = query.fetch(tx).await?;
    Ok(ids.into_iter().collect())
}

/// An open class.
pub(in crate::courses) struct Open {
    pub advised: Advised,
    pub eligibility: Eligibility,
    pub seats_open: i64,
    taught: Seconds,
}

impl FromRow for Open {
    fn from_row(row: &Row) -> Result<Self> {
        let (taught, declared): (Seconds, Hours) = (row.get(4)?, row.get(5)?);
        let (open, reserved): (i64, i64) = (row.get(12)?, row.get(13)?);
        Ok(Self {
            advised: Advised {
                class: row.get(0)?,
                title: row.get(1)?,
                provider_name: row.get(2)?,
                subject: row.code(3)?,
                hours: declared,
                delivery: row.code(6)?,
                district: row.get(7)?,
                starts_at: row.get(8)?,
                ends_at: row.get(9)?,
                enrol_until: row.get(10)?,
                free: open + reserved,
            },
            eligibility: row.json(11)?,
            seats_open: open,
            taught,
        })
    }
}

/// Classes where one can enrol now and that are over before `end`, those with most hours first.
pub(in crate::courses) async fn list_open(
    scope: &Scope,
    tx: &mut Tx,
    (now, end): (Time, Time),
    (subject, rule): (Option<Subject>, &ClassRule),
) -> Result<Vec<Open>> {
    let mut open: Vec<Open> = Query::new(
        "select k.id, k.title, k.provider_name, k.subject, k.taught_seconds, k.declared_hours, k.delivery, k.district,
            k.starts_at, k.ends_at, k.enrol_until, k.eligibility, k.seats_open, k.seats_reserved
         from classes k where k.state = 'published' and k.seats_open + k.seats_reserved > 0",
    )
    .scope(scope, "k")
    .and("k.enrol_until > {}", now)
    .and("k.enrol_from <= {}", now)
    .and("k.ends_at <= {}", end)
    .and_opt("k.subject = {}", subject.map(code))
    .push_with(
        " order by k.declared_hours desc, k.starts_at, k.id limit {}",
        [READ.into()],
    )
    .fetch(tx)
    .await?;
    for one in &mut open {
        one.advised.hours = class_hours(rule, one.taught, one.advised.hours).0;
    }
    Ok(open)
}

/// From when until when the sessions of these classes take.
pub(in crate::courses) async fn sessions(
    tx: &mut Tx,
    classes: impl Iterator<Item = ClassId>,
) -> Result<HashMap<ClassId, Vec<(Time, Time)>>> {
    let ids: Vec<db::Value> = classes.map(Into::into).collect();
    let mut found: HashMap<ClassId, Vec<(Time, Time)>> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let query = Query::new("select s.class, s.starts_at, s.ends_at from class_sessions s where 1 = 1")
        .and_in("s.class", ids)
        .push(" order by s.class, s.starts_at");
    let rows: Vec<(ClassId, Time, Time)> = query.fetch(tx).await?;
    for (class, from, until) in rows {
        found.entry(class).or_default().push((from, until));
    }
    Ok(found)
}
