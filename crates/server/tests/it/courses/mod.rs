//! Courses and classes: from a draft to posted hours, by use cases and by the pages of a provider.

mod catalogue;
mod class;
mod pages;
mod versions;

use kernel::id::SessionId;
use kernel::{ClassId, CourseId, Date, Hours, Money, Seconds, Time, date};
use learning::courses::{self, NewResult, RollMark};
use rules::attendance::Mark;
use rules::courses::{ClassPlan, CourseDraft, Delivery, Eligibility, FeeSource, Outcome, SessionPlan};
use rules::credits::{ActivityForm, Subject};
use testkit::World;

/// A professional course of a provider.
pub(crate) async fn course(world: &World, provider: &str) -> CourseId {
    let draft = CourseDraft {
        title: "数据治理".into(),
        subject: Subject::Professional,
        form: ActivityForm::Class,
        field: Some("ai".into()),
        direction: None,
        summary: "数据资产与治理方法。".into(),
        syllabus: "一、数据资产；二、数据质量。".into(),
        hours: Hours::whole(8),
    };
    courses::create(&world.acting(provider), &draft)
        .await
        .expect("a course")
}

/// A session from nine to twelve with a quarter of an hour's break: 165 taught minutes.
pub(crate) fn morning(day: Date) -> SessionPlan {
    SessionPlan {
        title: "数据资产".into(),
        starts_at: Time::local(day, 9, 0),
        ends_at: Time::local(day, 12, 0),
        pause: Seconds::minutes(15),
        place: "延安西路 1 号".into(),
        url: String::new(),
        teacher: "王老师".into(),
        teacher_title: "教授".into(),
    }
}

/// A class of provider-a with these sessions, open for enrolment from 5 March 2026 until the evening of the 20th.
pub(crate) async fn published(
    world: &World,
    title: &str,
    days: &[Date],
    change: impl FnOnce(&mut ClassPlan),
) -> ClassId {
    published_by(world, "provider-a", (title, days), change).await
}

/// The same of any provider.
pub(crate) async fn published_by(
    world: &World,
    provider: &str,
    (title, days): (&str, &[Date]),
    change: impl FnOnce(&mut ClassPlan),
) -> ClassId {
    let ctx = world.acting(provider);
    let id = courses::draft(&ctx, course(world, provider).await)
        .await
        .expect("a draft");
    let mut plan = ClassPlan {
        title: title.into(),
        delivery: Delivery::Offline,
        key_area: None,
        summary: String::new(),
        place: "延安西路 1 号".into(),
        contact: "李老师 021-00000000".into(),
        fee: Money::ZERO,
        fee_source: FeeSource::Finance,
        year: 2026,
        enrol_from: Some(Time::local(date(2026, 3, 5), 9, 0)),
        enrol_until: Some(Time::local(date(2026, 3, 20), 17, 0)),
        capacity: 50,
        reserved: 0,
        eligibility: Eligibility::default(),
        declared_hours: Hours::whole(8),
    };
    change(&mut plan);
    let version = async || courses::view(&ctx, id).await.expect("the draft").class.version;
    courses::edit(&ctx, id, version().await, &plan)
        .await
        .expect("the plan is saved");
    let sessions: Vec<SessionPlan> = days.iter().map(|day| morning(*day)).collect();
    courses::plan_sessions(&ctx, id, version().await, &sessions)
        .await
        .expect("the sessions are saved");
    courses::publish(&ctx, id, version().await)
        .await
        .expect("it is published");
    id
}

pub(crate) async fn sessions(world: &World, class: ClassId) -> Vec<SessionId> {
    let view = courses::view(&world.acting("provider-a"), class)
        .await
        .expect("the class");
    view.sessions.iter().map(|session| session.id).collect()
}

/// Marks everybody of a session.
pub(crate) async fn mark_all(world: &World, session: SessionId, mark: Mark) {
    mark_all_by(world, "provider-a", session, mark).await;
}

/// The same by any provider.
pub(crate) async fn mark_all_by(world: &World, provider: &str, session: SessionId, mark: Mark) {
    let ctx = world.acting(provider);
    let roll = courses::roll(&ctx, session).await.expect("the roll");
    let marks: Vec<RollMark> = roll
        .lines
        .iter()
        .map(|line| RollMark {
            person: line.person,
            mark,
            version: line.version,
        })
        .collect();
    courses::record_roll(&ctx, session, &marks)
        .await
        .expect("the roll is kept");
}

pub(crate) async fn record_all(world: &World, class: ClassId, outcome: Outcome) {
    record_all_by(world, "provider-a", class, outcome).await;
}

/// The same by any provider.
pub(crate) async fn record_all_by(world: &World, provider: &str, class: ClassId, outcome: Outcome) {
    let ctx = world.acting(provider);
    let sheet = courses::result_sheet(&ctx, class).await.expect("the sheet");
    let results: Vec<NewResult> = sheet
        .lines
        .iter()
        .map(|line| NewResult {
            enrolment: line.enrolment,
            version: line.version,
            outcome,
            score: Some(88),
        })
        .collect();
    courses::record_results(&ctx, class, &results)
        .await
        .expect("the results are kept");
}

const DAYS: [Date; 2] = [date_of(23), date_of(24)];

const fn date_of(day: u32) -> Date {
    match Date::from_ymd_opt(2026, 3, day) {
        Some(date) => date,
        None => panic!("no such day"),
    }
}
