//! `classes` and `class_counters`.

use db::{FromRow, Row, Tx, args, code};
use kernel::{OrgId, Place, Result, Seconds, Time, id::ClassId, id::CourseId, id::CourseVersionId};
use rules::courses::class::Times;
use rules::courses::{ClassPlan, ClassState, Phase, Seats};
use rules::credits::{ActivityForm, Subject};

/// A class as stored.
#[derive(Debug, Clone)]
pub struct Class {
    /// Its id.
    pub id: ClassId,
    /// The course it teaches.
    pub course: CourseId,
    /// The version of the course.
    pub course_version: CourseVersionId,
    /// Its number, once published.
    pub number: Option<String>,
    /// 公需 or 专业.
    pub subject: Subject,
    /// One of the five forms.
    pub form: ActivityForm,
    /// Code of the focus field.
    pub field: Option<String>,
    /// The plan.
    pub plan: ClassPlan,
    /// The first session begins, once published.
    pub starts_at: Option<Time>,
    /// The last session ends, once published.
    pub ends_at: Option<Time>,
    /// Taught time of all sessions.
    pub taught: Seconds,
    /// The state.
    pub state: ClassState,
    /// Free seats and the queue.
    pub seats: Seats,
    /// Who runs it.
    pub provider: OrgId,
    /// The provider's name when it was written.
    pub provider_name: String,
    /// The provider's district.
    pub district: Option<String>,
    /// The provider's department.
    pub department: Option<String>,
    /// When the draft was begun.
    pub created_at: Time,
    /// For optimistic changes of the plan and state; enrolment does not raise it.
    pub version: i64,
}

impl Class {
    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            provider: Some(self.provider),
            district: self.district.clone(),
            department: self.department.clone(),
            ..Place::default()
        }
    }

    /// The times that move it on; a published class has them all.
    #[must_use]
    pub fn times(&self) -> Option<Times> {
        Some(Times {
            enrol_from: self.plan.enrol_from?,
            enrol_until: self.plan.enrol_until?,
            starts_at: self.starts_at?,
            ends_at: self.ends_at?,
        })
    }

    /// Where it stands at `now`.
    #[must_use]
    pub fn phase(&self, now: Time) -> Phase {
        match self.times() {
            Some(times) => self.state.phase(&times, now),
            None if matches!(self.state, ClassState::Cancelled { .. }) => Phase::Cancelled,
            None => Phase::Draft,
        }
    }

    /// People with a seat.
    #[must_use]
    pub fn taken(&self) -> i64 {
        match self.state {
            ClassState::Draft => 0,
            _ => self.plan.capacity - self.seats.free(),
        }
    }
}

pub(in crate::courses) const COLUMNS: &str = "k.id, k.course, k.course_version, k.number, k.subject, k.form, k.field,
    k.title, k.delivery, k.key_area, k.summary, k.place, k.contact, k.fee, k.fee_source, k.year, k.enrol_from,
    k.enrol_until, k.capacity, k.reserved, k.eligibility, k.declared_hours, k.starts_at, k.ends_at, k.taught_seconds,
    k.state, k.state_at, k.published_at, k.state_reason, k.seats_open, k.seats_reserved, k.waiting, k.next_place,
    k.provider, k.provider_name, k.district, k.department, k.created_at, k.version";

impl FromRow for Class {
    fn from_row(row: &Row) -> Result<Self> {
        let state: String = row.get(25)?;
        let reason: String = row.get(28)?;
        Ok(Self {
            id: row.get(0)?,
            course: row.get(1)?,
            course_version: row.get(2)?,
            number: row.get(3)?,
            subject: row.code(4)?,
            form: row.code(5)?,
            field: row.get(6)?,
            plan: plan(row)?,
            starts_at: row.get(22)?,
            ends_at: row.get(23)?,
            taught: row.get(24)?,
            state: ClassState::stored(&state, row.get(26)?, row.get(27)?, &reason)?,
            seats: seats(row, 29)?,
            provider: row.get(33)?,
            provider_name: row.get(34)?,
            district: row.get(35)?,
            department: row.get(36)?,
            created_at: row.get(37)?,
            version: row.get(38)?,
        })
    }
}

fn plan(row: &Row) -> Result<ClassPlan> {
    Ok(ClassPlan {
        title: row.get(7)?,
        delivery: row.code(8)?,
        key_area: row.get(9)?,
        summary: row.get(10)?,
        place: row.get(11)?,
        contact: row.get(12)?,
        fee: row.get(13)?,
        fee_source: row.code(14)?,
        year: row.get(15)?,
        enrol_from: row.get(16)?,
        enrol_until: row.get(17)?,
        capacity: row.get(18)?,
        reserved: row.get(19)?,
        eligibility: row.json(20)?,
        declared_hours: row.get(21)?,
    })
}

fn seats(row: &Row, from: usize) -> Result<Seats> {
    Ok(Seats {
        general: row.get(from)?,
        reserved: row.get(from + 1)?,
        waiting: row.get(from + 2)?,
        next_place: row.get(from + 3)?,
    })
}

pub(in crate::courses) async fn load(tx: &mut Tx, id: ClassId) -> Result<Class> {
    tx.one(&format!("select {COLUMNS} from classes k where k.id = $1"), args![id])
        .await
}

/// Locks the class until the end of the transaction and reads it as it is then. Whoever gives seats, writes
/// enrolments or marks of a class holds this lock, so all of it happens one after another per class.
pub(in crate::courses) async fn lock(tx: &mut Tx, id: ClassId) -> Result<Class> {
    tx.lock_row("classes", id.get()).await?;
    load(tx, id).await
}

/// What a new draft takes from its course.
pub(in crate::courses) struct Origin<'a> {
    pub course: &'a super::course::Course,
    pub version: CourseVersionId,
}

pub(in crate::courses) async fn insert(tx: &mut Tx, from: Origin<'_>, plan: &ClassPlan, at: Time) -> Result<ClassId> {
    let id = tx.mint();
    let course = from.course;
    tx.exec(
        "insert into classes (id, course, course_version, title, subject, form, delivery, field, year, capacity,
         declared_hours, state, state_at, provider, provider_name, district, department, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'draft', $12, $13, $14, $15, $16, $12)",
        args![
            id,
            course.id,
            from.version,
            plan.title.as_str(),
            code(course.subject),
            code(course.form),
            code(plan.delivery),
            course.field.as_deref(),
            plan.year,
            plan.capacity,
            plan.declared_hours,
            at,
            course.provider,
            course.provider_name.as_str(),
            course.district.as_deref(),
            course.department.as_deref()
        ],
    )
    .await?;
    let version = 1;
    save_plan(tx, id, version, plan).await?;
    Ok(id)
}

pub(in crate::courses) async fn save_plan(tx: &mut Tx, id: ClassId, version: i64, plan: &ClassPlan) -> Result<()> {
    let eligibility = serde_json::to_value(&plan.eligibility).map_err(kernel::Error::broken)?;
    tx.exec_one(
        "update classes set title = $3, delivery = $4, key_area = $5, summary = $6, place = $7, contact = $8, fee = $9,
         fee_source = $10, year = $11, enrol_from = $12, enrol_until = $13, capacity = $14, reserved = $15,
         eligibility = $16, declared_hours = $17, version = version + 1 where id = $1 and version = $2",
        args![
            id,
            version,
            plan.title.trim(),
            code(plan.delivery),
            plan.key_area.as_deref(),
            plan.summary.trim(),
            plan.place.trim(),
            plan.contact.trim(),
            plan.fee,
            code(plan.fee_source),
            plan.year,
            plan.enrol_from,
            plan.enrol_until,
            plan.capacity,
            plan.reserved,
            eligibility,
            plan.declared_hours
        ],
    )
    .await
}

/// Raises the version of a class whose sessions changed.
pub(in crate::courses) async fn touch(tx: &mut Tx, id: ClassId, version: i64) -> Result<()> {
    tx.exec_one(
        "update classes set version = version + 1 where id = $1 and version = $2",
        args![id, version],
    )
    .await
}

/// Publishing: number, times, taught time, seats and the state.
pub(in crate::courses) async fn save_published(tx: &mut Tx, class: &Class) -> Result<()> {
    tx.exec_one(
        "update classes set number = $3, starts_at = $4, ends_at = $5, taught_seconds = $6, seats_open = $7,
         seats_reserved = $8, waiting = 0, next_place = 1, state = $9, state_at = $10, published_at = $10,
         version = version + 1 where id = $1 and version = $2",
        args![
            class.id,
            class.version,
            class.number.as_deref(),
            class.starts_at,
            class.ends_at,
            class.taught,
            class.seats.general,
            class.seats.reserved,
            code(class.state.code()),
            class.state.published_at()
        ],
    )
    .await
}

/// The times and the taught time of a class whose sessions moved; its version was raised by what changed with them.
pub(in crate::courses) async fn save_times(tx: &mut Tx, class: &Class) -> Result<()> {
    tx.exec_one(
        "update classes set starts_at = $2, ends_at = $3, taught_seconds = $4 where id = $1",
        args![class.id, class.starts_at, class.ends_at, class.taught],
    )
    .await
}

pub(in crate::courses) async fn save_state(
    tx: &mut Tx,
    id: ClassId,
    version: i64,
    state: &ClassState,
    now: Time,
) -> Result<()> {
    let reason = match state {
        ClassState::Cancelled { reason, .. } => reason.as_str(),
        _ => "",
    };
    tx.exec_one(
        "update classes set state = $3, state_at = $4, state_reason = $5, version = version + 1
         where id = $1 and version = $2",
        args![id, version, code(state.code()), now, reason],
    )
    .await
}

/// Seats do not raise the version: enrolment does not disturb whoever edits the class.
pub(in crate::courses) async fn save_seats(tx: &mut Tx, id: ClassId, seats: Seats) -> Result<()> {
    tx.exec_one(
        "update classes set seats_open = $2, seats_reserved = $3, waiting = $4, next_place = $5 where id = $1",
        args![id, seats.general, seats.reserved, seats.waiting, seats.next_place],
    )
    .await
}

/// The next counter of a year and subject, from 1.
pub(in crate::courses) async fn next_counter(tx: &mut Tx, year: i32, subject: Subject) -> Result<i64> {
    let sql = "insert into class_counters (year, subject, next) values ($1, $2, 2)
        on conflict (year, subject) do update set next = class_counters.next + 1 returning next - 1";
    tx.one(sql, args![year, code(subject)]).await
}
