//! The rows of classes and their sessions, of whatever stage, as they are loaded.
//! Deliberately absent: enrolments (`sitting`).

use db::bulk::Loader;
use db::{Value, code};
use kernel::{Code, Hours, Id, Money, Result, Seconds, Time, id::ClassId};
use registry::Ctx;
use rules::courses::{Delivery, FeeSource, SessionPlan, schedule};

use super::bodies::Body;
use super::courses::{Course, room};
use super::words::{DISTRICTS, FIELDS};

/// A published or completed class as it is loaded.
pub(super) struct ClassRow<'a> {
    pub(super) id: ClassId,
    pub(super) course: &'a Course,
    pub(super) provider: &'a Body,
    pub(super) number: String,
    pub(super) title: String,
    pub(super) delivery: Delivery,
    pub(super) fee: (Money, FeeSource),
    pub(super) year: i32,
    pub(super) enrol: (Time, Time),
    pub(super) sessions: &'a [SessionPlan],
    pub(super) capacity: i64,
    /// People with a seat.
    pub(super) taken: i64,
    pub(super) published_at: Time,
    pub(super) completed_at: Option<Time>,
}

const CLASSES: [&str; 36] = [
    "id",
    "course",
    "course_version",
    "number",
    "title",
    "subject",
    "form",
    "delivery",
    "field",
    "key_area",
    "summary",
    "place",
    "contact",
    "fee",
    "fee_source",
    "year",
    "starts_at",
    "ends_at",
    "enrol_from",
    "enrol_until",
    "capacity",
    "declared_hours",
    "taught_seconds",
    "state",
    "state_at",
    "published_at",
    "seats_open",
    "seats_reserved",
    "waiting",
    "next_place",
    "provider",
    "provider_name",
    "district",
    "department",
    "created_at",
    "version",
];
const SESSIONS: [&str; 11] = [
    "id",
    "class",
    "position",
    "title",
    "starts_at",
    "ends_at",
    "break_seconds",
    "place",
    "url",
    "teacher",
    "teacher_title",
];

/// Writes classes with their sessions.
pub(super) struct Classes {
    classes: Loader,
    sessions: Loader,
}

impl Classes {
    pub(super) async fn open(ctx: &Ctx) -> Result<Self> {
        Ok(Self {
            classes: Loader::open(&ctx.db, "classes", &CLASSES).await?,
            sessions: Loader::open(&ctx.db, "class_sessions", &SESSIONS).await?,
        })
    }

    /// Writes a class; its session at position n has the id `class * 16 + n`.
    pub(super) async fn add(&mut self, class: &ClassRow<'_>) -> Result<()> {
        self.classes.row(&class.row()).await?;
        for (position, plan) in (1_i64..).zip(class.sessions) {
            let row: [Value; 11] = [
                session_id(class.id, position).into(),
                class.id.into(),
                position.into(),
                plan.title.as_str().into(),
                plan.starts_at.into(),
                plan.ends_at.into(),
                plan.pause.into(),
                plan.place.as_str().into(),
                plan.url.as_str().into(),
                plan.teacher.as_str().into(),
                plan.teacher_title.as_str().into(),
            ];
            self.sessions.row(&row).await?;
        }
        Ok(())
    }

    /// Writes what waits, so that others may refer to it.
    pub(super) async fn flush(&mut self) -> Result<()> {
        self.classes.flush().await?;
        self.sessions.flush().await
    }
}

/// The id of a session that was loaded.
pub(super) fn session_id(class: ClassId, position: i64) -> Id<kernel::id::SessionRow> {
    Id::new(class.get() * 16 + position)
}

impl ClassRow<'_> {
    /// Taught time.
    pub(super) fn taught(&self) -> Seconds {
        schedule::taught(self.sessions)
    }

    /// The last session's end.
    pub(super) fn ends_at(&self) -> Time {
        self.sessions
            .iter()
            .map(|session| session.ends_at)
            .max()
            .unwrap_or(self.published_at)
    }

    fn row(&self) -> [Value; 36] {
        let (course, provider) = (self.course, self.provider);
        let place = if self.delivery.has_place() {
            room(provider)
        } else {
            String::new()
        };
        let starts_at = self.sessions.first().map(|session| session.starts_at);
        let state = if self.completed_at.is_some() {
            "completed"
        } else {
            "published"
        };
        [
            self.id.into(),
            course.id.into(),
            course.id.into(),
            self.number.as_str().into(),
            self.title.as_str().into(),
            code(course.subject),
            code(course.form),
            code(self.delivery),
            course.field.map(|field| FIELDS[field].code).into(),
            DISTRICTS[provider.district].2.into(),
            course.summary().into(),
            place.into(),
            "演示联系人 021-00000000".into(),
            self.fee.0.into(),
            self.fee.1.code().into(),
            self.year.into(),
            starts_at.into(),
            self.ends_at().into(),
            self.enrol.0.into(),
            self.enrol.1.into(),
            self.capacity.into(),
            Hours::whole(course.hours).into(),
            self.taught().into(),
            state.into(),
            self.completed_at.unwrap_or(self.published_at).into(),
            self.published_at.into(),
            (self.capacity - self.taken).into(),
            0.into(),
            0.into(),
            (self.taken + 1).into(),
            provider.id.into(),
            provider.name.as_str().into(),
            provider.district_code().into(),
            provider.department.as_deref().into(),
            self.published_at.plus_days(-7).into(),
            4.into(),
        ]
    }

    /// What the catalogue finds the class by: the same words as a class that a provider publishes.
    pub(super) fn searchable(&self, field_name: &str, area_name: &str) -> String {
        let place = if self.delivery.has_place() {
            room(self.provider)
        } else {
            String::new()
        };
        let mut words = vec![
            self.title.clone(),
            self.course.title.clone(),
            self.number.clone(),
            self.provider.name.clone(),
            field_name.to_owned(),
            area_name.to_owned(),
            place,
            self.course.summary(),
        ];
        let mut teachers: Vec<&str> = self.sessions.iter().map(|session| session.teacher.as_str()).collect();
        teachers.sort_unstable();
        teachers.dedup();
        words.extend(teachers.into_iter().map(str::to_owned));
        words.extend(self.sessions.iter().map(|session| session.title.clone()));
        words.join("\n")
    }
}
