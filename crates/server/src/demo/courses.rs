//! The courses of the providers, one version each, and what is common to all classes made from them.
//! Deliberately absent: later versions; a visitor may publish one.

use chrono::Days;
use db::bulk::Loader;
use db::{Value, code};
use kernel::{Date, Hours, Money, Result, Seconds, Time, id::CourseId};
use registry::Ctx;
use rules::courses::{Delivery, FeeSource, SessionPlan};
use rules::credits::{ActivityForm, Subject};

use super::bodies::{Bodies, Body, SINCE};
use super::random::Dice;
use super::words::{self, DISTRICTS, FIELDS, PUBLIC};

/// Taught hours of a day: two sessions of three.
pub(super) const HOURS_A_DAY: i64 = 6;

/// A course.
#[derive(Debug, Clone)]
pub(super) struct Course {
    /// Its id, small and ascending; its version has the same number.
    pub(super) id: CourseId,
    /// Title.
    pub(super) title: String,
    /// 公需 or 专业.
    pub(super) subject: Subject,
    /// One of the five forms.
    pub(super) form: ActivityForm,
    /// Index in [`FIELDS`]; none for 公需.
    pub(super) field: Option<usize>,
    direction: Option<&'static str>,
    /// Standard hours.
    pub(super) hours: i64,
    /// Index of the provider.
    pub(super) provider: usize,
}

/// The courses: six topics of each field in turn, so that course `field * 6 + topic` is in that field; then 公需.
pub(super) fn plan(bodies: &Bodies) -> Vec<Course> {
    let mut courses = Vec::new();
    for (field, about) in FIELDS.iter().enumerate() {
        // Providers of the field first; every field has at least two.
        let own: Vec<usize> = (0..bodies.providers.len())
            .filter(|p| bodies.providers[*p].field == field)
            .collect();
        for (topic, title) in about.topics.iter().enumerate() {
            courses.push(Course {
                id: CourseId::new(i64::try_from(courses.len() + 1).unwrap_or(0)),
                title: (*title).to_owned(),
                subject: Subject::Professional,
                form: if topic == 5 {
                    ActivityForm::Academic
                } else {
                    ActivityForm::Class
                },
                field: Some(field),
                direction: None,
                hours: [18, 12, 24, 12, 30, 6][topic],
                provider: own[topic % own.len()],
            });
        }
    }
    for (index, (title, direction, hours)) in PUBLIC.iter().enumerate() {
        courses.push(Course {
            id: CourseId::new(i64::try_from(courses.len() + 1).unwrap_or(0)),
            title: (*title).to_owned(),
            subject: Subject::Public,
            form: ActivityForm::Class,
            field: None,
            direction: Some(direction),
            hours: *hours,
            provider: index * 5 % bodies.providers.len(),
        });
    }
    courses
}

impl Course {
    /// What it is about.
    pub(super) fn summary(&self) -> String {
        format!(
            "演示课程：{}的基本要求、典型案例和实务操作，适合相关岗位的专业技术人员。",
            self.title
        )
    }
}

/// Writes courses and versions.
pub(super) async fn load(ctx: &Ctx, bodies: &Bodies, courses: &[Course]) -> Result<()> {
    let columns = [
        "id",
        "title",
        "subject",
        "form",
        "field",
        "direction",
        "summary",
        "status",
        "provider",
        "provider_name",
        "district",
        "department",
        "created_at",
    ];
    let mut loader = Loader::open(&ctx.db, "courses", &columns).await?;
    let columns = [
        "id",
        "course",
        "number",
        "syllabus",
        "hours",
        "published_at",
        "created_by",
    ];
    let mut versions = Loader::open(&ctx.db, "course_versions", &columns).await?;
    let at = Time::local(SINCE, 9, 0);
    for course in courses {
        let provider = &bodies.providers[course.provider];
        let row: [Value; 13] = [
            course.id.into(),
            course.title.as_str().into(),
            code(course.subject),
            code(course.form),
            course.field.map(|field| FIELDS[field].code).into(),
            course.direction.into(),
            course.summary().into(),
            "active".into(),
            provider.id.into(),
            provider.name.as_str().into(),
            provider.district_code().into(),
            provider.department.as_deref().into(),
            at.into(),
        ];
        loader.row(&row).await?;
        let syllabus = format!(
            "一、{0}概述\n二、政策与标准\n三、关键技术\n四、案例研讨\n五、考核",
            course.title
        );
        let hours = Hours::whole(course.hours);
        let row: [Value; 7] = [
            course.id.into(),
            course.id.into(),
            1.into(),
            syllabus.into(),
            hours.into(),
            at.into(),
            "demo".into(),
        ];
        versions.row(&row).await?;
    }
    loader.finish().await?;
    versions.finish().await.map(drop)
}

/// How a class is taught, from its course: academic meetings are met, one in three is online or blended.
pub(super) fn delivery(dice: &mut Dice) -> Delivery {
    match dice.below(10) {
        0..=5 => Delivery::Offline,
        6..=8 => Delivery::Online,
        _ => Delivery::Blended,
    }
}

/// The sessions of a class on these days: three hours in the morning, three in the afternoon, fifteen minutes of break.
pub(super) fn sessions(course: &Course, provider: &Body, delivery: Delivery, days: &[Date]) -> Vec<SessionPlan> {
    const TOPICS: [&str; 4] = ["政策与标准", "关键技术", "案例研讨", "实务操作"];
    let mut dice = Dice::of("sessions", u64::try_from(course.id.get()).unwrap_or(0));
    let (teacher, teacher_title) = words::teacher(&mut dice);
    let (second, second_title) = words::teacher(&mut dice);
    let place = if delivery.has_place() {
        room(provider)
    } else {
        String::new()
    };
    let url = if delivery.has_address() {
        format!("https://live.example/{}", course.id)
    } else {
        String::new()
    };
    let mut sessions = Vec::new();
    for (index, day) in days.iter().enumerate() {
        for (half, (hour, minute)) in [(9, 0), (13, 30)].into_iter().enumerate() {
            let starts_at = Time::local(*day, hour, minute);
            let by_second = half == 1;
            sessions.push(SessionPlan {
                title: TOPICS[(index * 2 + half) % TOPICS.len()].into(),
                starts_at,
                ends_at: starts_at.plus_seconds(150 * 60),
                pause: Seconds::minutes(15),
                place: place.clone(),
                url: url.clone(),
                teacher: if by_second { second.clone() } else { teacher.clone() },
                teacher_title: if by_second { second_title } else { teacher_title }.into(),
            });
        }
    }
    sessions
}

/// The room of a provider.
pub(super) fn room(provider: &Body) -> String {
    format!(
        "{}·演示路 1 号 {} 楼",
        DISTRICTS[provider.district].1,
        provider.id.get() % 9 + 1
    )
}

/// So many working days from `first` on; of a year without a calendar, all but weekends.
pub(super) fn workdays(ctx: &Ctx, first: Date, many: usize) -> Vec<Date> {
    let weekday = |day: &Date| chrono::Datelike::weekday(day).num_days_from_monday() < 5;
    let worked = |day: &Date| ctx.calendar.is_workday(*day).unwrap_or(weekday(day));
    first.iter_days().filter(worked).take(many).collect()
}

/// A day so many days on, or before today with a negative number.
pub(super) fn day(from: Date, days: i64) -> Date {
    let many = Days::new(days.unsigned_abs());
    let moved = if days < 0 {
        from.checked_sub_days(many)
    } else {
        from.checked_add_days(many)
    };
    moved.unwrap_or(from)
}

/// Money and who bears it.
pub(super) fn fee(dice: &mut Dice, hours: i64) -> (Money, FeeSource) {
    match dice.below(10) {
        0..=5 => (Money::ZERO, FeeSource::Finance),
        6..=8 => (Money::fen(hours * 4_000), FeeSource::Employer),
        _ => (Money::fen(hours * 3_000), FeeSource::Person),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::{Code as _, date};
    use registry::taxonomy::Names;
    use rules::courses::schedule;

    use super::*;

    #[test]
    fn every_field_has_six_courses_whose_hours_are_whole_days() {
        let bodies = Bodies::plan(&Names::default(), &[], 64);
        let courses = plan(&bodies);
        assert_eq!(courses.len(), FIELDS.len() * 6 + PUBLIC.len());
        assert!(courses.iter().all(|course| course.hours % HOURS_A_DAY == 0));
        for (index, course) in courses.iter().take(120).enumerate() {
            assert_eq!(course.field, Some(index / 6));
        }
        let fields: BTreeSet<_> = courses.iter().filter_map(|course| course.field).collect();
        assert_eq!(fields.len(), 20);
    }

    #[test]
    fn a_day_of_sessions_gives_the_hours_of_a_day() {
        let bodies = Bodies::plan(&Names::default(), &[], 64);
        let courses = plan(&bodies);
        let days = [date(2026, 3, 4), date(2026, 3, 5)];
        for delivery in Delivery::ALL {
            let sessions = sessions(&courses[1], &bodies.providers[0], *delivery, &days);
            assert_eq!(schedule::faults(&sessions, *delivery), []);
            let (hours, _) = rules::credits::class_hours(
                &rules::credits::recognition::shipped().class,
                schedule::taught(&sessions),
                Hours::whole(courses[1].hours),
            );
            assert_eq!(hours, Hours::whole(courses[1].hours));
        }
    }
}
