//! The demo provider's classes, one for every stage: two completed with certificates for the learner, one over and
//! waiting for results, one running today, one open that the learner may join, one draft.
//!
//! The learner has 72 of 90 hours this year and lacks 18 in 专业科目: exactly what the open class gives.
//! Deliberately absent: the learner in the running class, which would close the gap before anybody tries.

use chrono::Datelike;
use kernel::{Code, Date, Hours, PersonId, Result, Role, Time, id::ClassId};
use learning::courses::{self as classes, NewResult, RollMark};
use rules::attendance::Mark;
use rules::courses::{ClassPlan, Delivery, Eligibility, Outcome};
use rules::credits::Subject;

use super::Stage;
use crate::demo::City;
use crate::demo::courses::{Course, HOURS_A_DAY, day, fee, room, sessions, workdays};
use crate::demo::ledger::Sums;
use crate::demo::random::Dice;

/// The demo provider's courses by their place in the list: 18 hours and 12.
const LONG: usize = 0;
const SHORT: usize = 3;
/// The course of which the scenes make classes of the past.
pub(super) const PAST_SHORT: usize = SHORT;
/// The learner's completed classes: course and how many days ago the first day was at most.
const COMPLETED: [(usize, i64); 2] = [(LONG, -66), (SHORT, -38)];

/// A class to be published.
pub(super) struct Wanted<'a> {
    pub(super) course: &'a Course,
    pub(super) title: String,
    pub(super) delivery: Delivery,
    pub(super) days: Vec<Date>,
    /// The day of publishing, and the first and last day of enrolment.
    pub(super) published: Date,
    pub(super) enrol: (Date, Date),
    pub(super) capacity: i64,
    pub(super) reserved: i64,
    pub(super) eligibility: Eligibility,
}

pub(super) async fn play(stage: &Stage<'_>) -> Result<()> {
    let colleagues = stage.city.people.of_employer(0, 8);
    for (index, (course, first)) in COMPLETED.into_iter().enumerate() {
        let mut people: Vec<u64> = colleagues.iter().copied().take(4).collect();
        people.insert(0, 0);
        let class = past(stage, course, first, index + 1).await?;
        enrol(stage, class, (0, &people), day(stage.today(), first - 10)).await?;
        roll(stage, class).await?;
        complete(stage, class).await?;
    }
    let class = past(stage, SHORT, -16, 3).await?;
    seat_guests(stage, class, &colleagues, -25).await?;
    roll(stage, class).await?;
    running(stage, &colleagues).await?;
    open(stage).await?;
    draft(stage).await
}

/// Adds the hours of the learner's completed classes.
pub(super) fn promise(city: &City<'_>, given: &mut Sums) {
    for (course, first) in COMPLETED {
        let hours = city.courses[course].hours;
        if let Some(last) = days_of(city, course, day(city.today, first)).last() {
            let sum = given.entry((last.year(), Subject::Professional.code())).or_default();
            sum.0 += Hours::whole(hours).get();
        }
    }
}

fn days_of(city: &City<'_>, course: usize, first: Date) -> Vec<Date> {
    let many = usize::try_from(city.courses[course].hours / HOURS_A_DAY).unwrap_or(1);
    workdays(city.ctx, first, many)
}

/// A class that began so many days ago.
pub(super) async fn past(stage: &Stage<'_>, course: usize, first: i64, edition: usize) -> Result<ClassId> {
    let city = stage.city;
    let days = days_of(city, course, day(city.today, first));
    let begins = days[0];
    let title = format!("{}（演示第 {edition} 期）", city.courses[course].title);
    let wanted = Wanted {
        course: &city.courses[course],
        title,
        delivery: if edition == 2 {
            Delivery::Blended
        } else {
            Delivery::Offline
        },
        days,
        published: day(begins, -30),
        enrol: (day(begins, -28), day(begins, -3)),
        capacity: 20,
        reserved: 4,
        eligibility: Eligibility::default(),
    };
    publish(stage, &wanted).await
}

/// Yesterday, today and tomorrow, moved so that all lie in one year.
async fn running(stage: &Stage<'_>, colleagues: &[u64]) -> Result<()> {
    let (city, today) = (stage.city, stage.today());
    let first = match (
        day(today, -1).year() == today.year(),
        day(today, 1).year() == today.year(),
    ) {
        (false, _) => today,
        (_, false) => day(today, -2),
        _ => day(today, -1),
    };
    let wanted = Wanted {
        course: &city.courses[LONG],
        title: format!("{}（演示正在开班）", city.courses[LONG].title),
        delivery: Delivery::Offline,
        days: (0..3).map(|later| day(first, later)).collect(),
        published: day(first, -30),
        enrol: (day(first, -28), day(first, -4)),
        capacity: 20,
        reserved: 4,
        eligibility: Eligibility::default(),
    };
    let class = publish(stage, &wanted).await?;
    seat_guests(stage, class, colleagues, -20).await?;
    roll(stage, class).await
}

/// Open now, in the learner's field and level; the learner is not in it yet.
async fn open(stage: &Stage<'_>) -> Result<()> {
    let (city, today) = (stage.city, stage.today());
    let wanted = Wanted {
        course: &city.courses[LONG],
        title: format!("{}（演示招生中）", city.courses[LONG].title),
        delivery: Delivery::Offline,
        days: days_of(city, LONG, day(today, 16)),
        published: day(today, -12),
        enrol: (day(today, -10), day(today, 12)),
        capacity: 30,
        reserved: 6,
        eligibility: Eligibility {
            title_levels: vec!["intermediate".into(), "associate".into(), "senior".into()],
            fields: vec!["ai".into(), "emerging_digital".into()],
            ..Eligibility::default()
        },
    };
    let class = publish(stage, &wanted).await?;
    for employer in [20, 40] {
        let people = stage.city.people.of_employer(employer, 4);
        enrol(stage, class, (employer, &people), day(today, -6)).await?;
    }
    Ok(())
}

/// A class that is being written.
async fn draft(stage: &Stage<'_>) -> Result<()> {
    let course = &stage.city.courses[SHORT];
    classes::draft(&stage.acting("demo-provider", -2, 15), course.id)
        .await
        .map(drop)
}

/// Colleagues of the learner and people of three more employers take seats.
async fn seat_guests(stage: &Stage<'_>, class: ClassId, colleagues: &[u64], days: i64) -> Result<()> {
    let on = day(stage.today(), days);
    enrol(stage, class, (0, colleagues), on).await?;
    for employer in [20, 40, 60] {
        let people = stage.city.people.of_employer(employer, 3);
        enrol(stage, class, (employer, &people), on).await?;
    }
    Ok(())
}

/// Draft, plan, sessions, publishing: as a provider does it.
pub(super) async fn publish(stage: &Stage<'_>, wanted: &Wanted<'_>) -> Result<ClassId> {
    let (course, city) = (wanted.course, stage.city);
    let provider = &city.bodies.providers[course.provider];
    let ctx = stage.at(
        stage.staff(Role::Provider, provider),
        Time::local(wanted.published, 10, 0),
    );
    let class = classes::draft(&ctx, course.id).await?;
    let drafted = classes::view(&ctx, class).await?.class;
    let mut dice = Dice::of("fee", u64::try_from(course.id.get()).unwrap_or(0));
    let (price, fee_source) = fee(&mut dice, course.hours);
    let place = if wanted.delivery.has_place() {
        room(provider)
    } else {
        String::new()
    };
    let plan = ClassPlan {
        title: wanted.title.clone(),
        delivery: wanted.delivery,
        key_area: crate::demo::words::DISTRICTS[provider.district].2.map(str::to_owned),
        place,
        contact: "演示联系人 021-00000000".into(),
        fee: price,
        fee_source,
        year: wanted.days.last().map_or(drafted.plan.year, Datelike::year),
        enrol_from: Some(Time::local(wanted.enrol.0, 9, 0)),
        enrol_until: Some(Time::local(wanted.enrol.1, 17, 0)),
        capacity: wanted.capacity,
        reserved: wanted.reserved,
        eligibility: wanted.eligibility.clone(),
        declared_hours: Hours::whole(course.hours),
        ..drafted.plan
    };
    classes::edit(&ctx, class, drafted.version, &plan).await?;
    let sessions = sessions(course, provider, wanted.delivery, &wanted.days);
    classes::plan_sessions(&ctx, class, drafted.version + 1, &sessions).await?;
    classes::publish(&ctx, class, drafted.version + 2).await?;
    Ok(class)
}

/// An employer enrols people of its own; who may not or cannot is left out.
pub(super) async fn enrol(stage: &Stage<'_>, class: ClassId, whom: (usize, &[u64]), on: Date) -> Result<()> {
    let (employer, people) = whom;
    let Some(body) = stage.city.bodies.employers.get(employer).filter(|_| !people.is_empty()) else {
        return Ok(());
    };
    let ctx = stage.at(stage.staff(Role::Employer, body), Time::local(on, 11, 0));
    let ids: Vec<PersonId> = people
        .iter()
        .map(|number| stage.city.people.person(*number).id)
        .collect();
    classes::enrol_staff(&ctx, class, &ids).await.map(drop)
}

/// Calls the roll of every session that was over this morning: one in fifteen came late, one in twenty was away.
async fn roll(stage: &Stage<'_>, class: ClassId) -> Result<()> {
    let provider = stage.staff(Role::Provider, &stage.city.bodies.providers[0]);
    let morning = Time::start_of(stage.today());
    let view = classes::view(&stage.at(provider.clone(), morning), class).await?;
    for session in view.sessions.iter().filter(|session| session.plan.ends_at < morning) {
        let ctx = stage.at(provider.clone(), session.plan.ends_at.plus_seconds(600));
        let roll = classes::roll(&ctx, session.id).await?;
        let mark = |line: &classes::RollLine| {
            let mut dice = Dice::of(
                "roll",
                u64::try_from(line.person.get() * 31 + session.position).unwrap_or(0),
            );
            let learner = line.person == stage.city.people.person(0).id;
            let mark = match dice.below(60) {
                _ if learner => Mark::Present,
                0..=3 => Mark::Late,
                4..=5 => Mark::Leave,
                6 => Mark::Absent,
                _ => Mark::Present,
            };
            RollMark {
                person: line.person,
                mark,
                version: line.version,
            }
        };
        let marks: Vec<RollMark> = roll.lines.iter().map(mark).collect();
        classes::record_roll(&ctx, session.id, &marks).await?;
    }
    Ok(())
}

/// Everybody passes; then the class is completed, hours are posted and certificates are on their way.
async fn complete(stage: &Stage<'_>, class: ClassId) -> Result<()> {
    let provider = stage.staff(Role::Provider, &stage.city.bodies.providers[0]);
    let over = classes::view(&stage.at(provider.clone(), Time::start_of(stage.today())), class)
        .await?
        .class
        .ends_at;
    let ctx = stage.at(provider, over.unwrap_or_default().plus_days(2));
    let sheet = classes::result_sheet(&ctx, class).await?;
    let result = |(index, line): (usize, &classes::ResultLine)| NewResult {
        enrolment: line.enrolment,
        version: line.version,
        outcome: Outcome::Passed,
        score: u32::try_from(78 + index * 3 % 20).ok(),
    };
    let results: Vec<NewResult> = sheet.lines.iter().enumerate().map(result).collect();
    classes::record_results(&ctx, class, &results).await?;
    classes::complete(&ctx, class).await.map(drop)
}
