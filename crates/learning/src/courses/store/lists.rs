//! The desks' lists.

use db::{FromRow, Query, Row, Tx, Value, code};
use kernel::{PersonId, Result, Scope, Time, id::EnrolmentId};
use registry::{Listed, Orders, Window};
use rules::courses::Phase;

use super::class::{self, Class};
use super::course::{self, Course};
use super::enrolment::{self, Enrolment};
use crate::courses::lists::{ClassFilter, CourseFilter, CourseLine, EnrolmentFilter, EnrolmentLine};

const COURSES: Orders = Orders {
    columns: &[
        ("created", "c.created_at"),
        ("title", "c.title"),
        ("provider", "c.provider_name"),
    ],
    key: "c.id",
};

impl FromRow for CourseLine {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            course: Course::from_row(row)?,
            latest: row.get(14)?,
            hours: row.get(15)?,
            classes: row.get(16)?,
        })
    }
}

pub(in crate::courses) async fn courses(
    tx: &mut Tx,
    scope: &Scope,
    filter: &CourseFilter,
    window: &Window,
) -> Result<Listed<CourseLine>> {
    let select = format!(
        "select {}, v.number, v.hours, (select count(*) from classes k where k.course = c.id){} from courses c
         join course_versions v on v.course = c.id
         where v.number = (select max(w.number) from course_versions w where w.course = c.id)",
        course::COLUMNS,
        window.tail(&COURSES)
    );
    let query = Query::new(&select)
        .scope(scope, "c")
        .and_opt("c.subject = {}", filter.subject.map(code))
        .and_opt("c.status = {}", filter.status.map(code))
        .and_opt("c.field = {}", filter.field.as_deref().map(Value::from))
        .and_opt(
            "(c.title like {} or c.provider_name like {})",
            contains(filter.words.as_deref()),
        );
    window.fetch(tx, query, &COURSES).await
}

const CLASSES: Orders = Orders {
    columns: &[
        ("created", "k.id"),
        ("starts", "coalesce(k.starts_at, 0)"),
        ("title", "k.title"),
        ("number", "coalesce(k.number, '')"),
        ("provider", "k.provider_name"),
        ("hours", "k.declared_hours"),
        ("capacity", "k.capacity"),
    ],
    key: "k.id",
};

pub(in crate::courses) async fn classes(
    tx: &mut Tx,
    scope: &Scope,
    filter: &ClassFilter,
    (window, now): (&Window, Time),
) -> Result<Listed<Class>> {
    let select = format!(
        "select {}{} from classes k where 1 = 1",
        class::COLUMNS,
        window.tail(&CLASSES)
    );
    let query = Query::new(&select)
        .scope(scope, "k")
        .and_opt("k.subject = {}", filter.subject.map(code))
        .and_opt("k.delivery = {}", filter.delivery.map(code))
        .and_opt("k.year = {}", filter.year)
        .and_opt("k.course = {}", filter.course)
        .and_opt("k.district = {}", filter.district.as_deref().map(Value::from))
        .and_opt(
            "(k.title like {} or k.provider_name like {} or coalesce(k.number, '') like {})",
            contains(filter.words.as_deref()),
        );
    let query = match filter.phase {
        Some(phase) => in_phase(query, phase, now),
        None => query,
    };
    window.fetch(tx, query, &CLASSES).await
}

/// A phase as a condition; the same words as `ClassState::phase`.
fn in_phase(query: Query, phase: Phase, now: Time) -> Query {
    let published = |condition: &str| query.clone().and_plain("k.state = 'published'").and(condition, now);
    match phase {
        Phase::Draft => query.and_plain("k.state = 'draft'"),
        Phase::Completed => query.and_plain("k.state = 'completed'"),
        Phase::Cancelled => query.and_plain("k.state = 'cancelled'"),
        Phase::Announced => published("k.enrol_from > {}"),
        Phase::EnrolmentOpen => published("k.enrol_from <= {} and k.enrol_until > {}"),
        Phase::EnrolmentClosed => published("k.enrol_until <= {} and k.starts_at > {}"),
        Phase::Teaching => published("k.starts_at <= {} and k.ends_at > {}"),
        Phase::AwaitingResult => published("k.ends_at <= {}"),
    }
}

const ENROLMENTS: Orders = Orders {
    columns: &[
        ("enrolled", "e.id"),
        ("name", "e.name"),
        ("employer", "e.org_name"),
        ("starts", "coalesce(k.starts_at, 0)"),
        ("title", "k.title"),
        ("order", "e.place"),
    ],
    key: "e.id",
};
/// Orders that no index serves; those of one class are few enough for each.
const UNINDEXED_ENROLMENTS: &[&str] = &["name", "employer", "starts", "title", "order"];

const OF_CLASS: &str = "k.title, coalesce(k.number, ''), k.subject, k.provider_name, k.place,
    coalesce(k.starts_at, 0), coalesce(k.ends_at, 0), coalesce(k.enrol_until, 0), k.declared_hours";

impl FromRow for EnrolmentLine {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            enrolment: Enrolment::from_row(row)?,
            title: row.get(22)?,
            number: row.get(23)?,
            subject: row.code(24)?,
            provider_name: row.get(25)?,
            place: row.get(26)?,
            starts_at: row.get(27)?,
            ends_at: row.get(28)?,
            enrol_until: row.get(29)?,
            hours: row.get(30)?,
        })
    }
}

pub(in crate::courses) async fn enrolments(
    tx: &mut Tx,
    scope: &Scope,
    filter: &EnrolmentFilter,
    window: &Window,
) -> Result<Listed<EnrolmentLine>> {
    let select = format!(
        "select {}, {OF_CLASS}{} from enrolments e join classes k on k.id = e.class where 1 = 1",
        enrolment::COLUMNS,
        window.tail(&ENROLMENTS)
    );
    let query = Query::new(&select)
        .scope(scope, "e")
        .and_opt("e.state = {}", filter.state.map(code))
        .and_opt("e.class = {}", filter.class)
        .and_opt("k.year = {}", filter.year)
        .and_opt(
            "(e.name like {} or e.org_name like {} or k.title like {})",
            contains(filter.words.as_deref()),
        );
    window.fetch_ordered(tx, query, &ENROLMENTS, UNINDEXED_ENROLMENTS).await
}

pub(in crate::courses) async fn of_people(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<EnrolmentLine>> {
    let select = format!(
        "select {}, {OF_CLASS} from enrolments e join classes k on k.id = e.class where 1 = 1",
        enrolment::COLUMNS
    );
    Query::new(&select)
        .and_in("e.person", people.iter().map(|person| (*person).into()))
        .push(" order by e.id desc limit 500")
        .fetch(tx)
        .await
}

pub(in crate::courses) async fn one_enrolment(tx: &mut Tx, id: EnrolmentId) -> Result<EnrolmentLine> {
    let select = format!(
        "select {}, {OF_CLASS} from enrolments e join classes k on k.id = e.class where 1 = 1",
        enrolment::COLUMNS
    );
    Query::new(&select).and("e.id = {}", id).one(tx).await
}

/// `%words%` with the pattern characters of `like` taken out: nobody searches names for them.
fn contains(words: Option<&str>) -> Option<String> {
    let plain: String = words?
        .trim()
        .chars()
        .filter(|c| !matches!(c, '%' | '_' | '\\'))
        .collect();
    (!plain.is_empty()).then(|| format!("%{plain}%"))
}
