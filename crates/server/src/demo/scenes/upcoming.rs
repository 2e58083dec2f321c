//! Classes that are open for enrolment now: three in every focus field, one of each delivery, and four in 公需科目.
//! Deliberately absent: people enrolling by themselves; the employers' lists fill the seats.

use kernel::Result;
use rules::courses::{Delivery, Eligibility};

use super::Stage;
use super::classroom::{Wanted, enrol, publish};
use crate::demo::courses::{Course, HOURS_A_DAY, day, workdays};
use crate::demo::words::FIELDS;

/// How many classes.
pub(super) const MANY: u64 = FIELDS.len() as u64 * 3 + 4;
/// The topics of a field that are offered: 18, 12 and 24 hours.
const TOPICS: [usize; 3] = [0, 1, 2];

pub(super) async fn play(stage: &Stage<'_>) -> Result<()> {
    for field in 0..FIELDS.len() {
        for (turn, topic) in TOPICS.into_iter().enumerate() {
            let course = &stage.city.courses[field * 6 + topic];
            let class = publish(stage, &wanted(stage, course, (field, turn))).await?;
            for employer in [field, field + 20, field + 40] {
                let people = stage.city.people.of_employer(employer, 2 + (field + turn) % 4);
                enrol(stage, class, (employer, &people), day(stage.today(), -3)).await?;
            }
            stage.city.progress.add(1);
        }
    }
    for turn in 0..4 {
        let course = &stage.city.courses[FIELDS.len() * 6 + turn];
        publish(stage, &wanted(stage, course, (turn * 5, turn))).await?;
        stage.city.progress.add(1);
    }
    Ok(())
}

/// One class of a field is so small that its list is full and people wait.
fn wanted<'a>(stage: &Stage<'_>, course: &'a Course, (field, turn): (usize, usize)) -> Wanted<'a> {
    let today = stage.today();
    let later = i64::try_from(12 + (field * 3 + turn * 11) % 40).unwrap_or(12);
    let many = usize::try_from(course.hours / HOURS_A_DAY).unwrap_or(1);
    let days = workdays(stage.city.ctx, day(today, later), many);
    let about = course.field.map(|field| FIELDS[field].code.to_owned());
    let eligibility = match (course.field.is_some(), (field + turn) % 4) {
        (true, 1) => Eligibility {
            title_levels: vec!["senior".into(), "associate".into()],
            ..Eligibility::default()
        },
        (true, 2) => Eligibility {
            fields: about.into_iter().collect(),
            ..Eligibility::default()
        },
        (true, 3) => Eligibility {
            districts: vec!["310104".into(), "310115".into(), "310112".into(), "310114".into()],
            ..Eligibility::default()
        },
        _ => Eligibility::default(),
    };
    let capacity = if (field, turn) == (0, 2) {
        4
    } else {
        i64::try_from(20 + (field + turn) % 4 * 10).unwrap_or(20)
    };
    Wanted {
        course,
        title: format!("{}（演示{}班）", course.title, ["面授", "直播", "混合"][turn % 3]),
        delivery: [Delivery::Offline, Delivery::Online, Delivery::Blended][turn % 3],
        published: day(today, -9),
        enrol: (day(today, -7), day(days[0], -3)),
        days,
        capacity,
        reserved: if turn == 0 { 4 } else { 0 },
        eligibility,
    }
}
