//! `--classes N`: published classes in bulk, for measuring a catalogue of the size of a real city's.
//!
//! They begin between five days and half a year from today and differ in title, field, provider, district, delivery and
//! enrolment window; each has its deadline, its job for the end, and its words in the search index, as publishing gives
//! them. Deliberately absent: enrolments; whoever measures a rush makes it.

use chrono::Datelike;
use db::jobs::Job;
use kernel::{Clock, Result, Time, id::ClassId};
use registry::Ctx;
use registry::taxonomy::{Vocabulary, deadlines};
use rules::courses::{Parameters, class_number};
use serde_json::json;

use super::City;
use super::class_rows::{ClassRow, Classes};
use super::courses::{self, HOURS_A_DAY, day};
use super::random::Dice;
use super::taught::Past;
use super::words::{DISTRICTS, FIELDS};

/// Classes in one transaction of the search index.
const PIECE: usize = 200;
/// What tells two classes of a course apart.
const KINDS: [&str; 8] = [
    "提高班",
    "实务班",
    "基础班",
    "高级研修班",
    "专题班",
    "周末班",
    "骨干班",
    "青年班",
];

/// Writes so many published classes.
pub(super) async fn load(city: &City<'_>, past: &mut Past, many: u32) -> Result<()> {
    let mut classes = Classes::open(city.ctx).await?;
    let mut waiting: Vec<Found> = Vec::with_capacity(PIECE);
    city.progress.begin("报名中班次", u64::from(many));
    for serial in 0..many {
        let found = add(city, past, &mut classes, serial).await?;
        waiting.push(found);
        if waiting.len() == PIECE {
            classes.flush().await?;
            publish(city, &mut waiting).await?;
        }
    }
    classes.flush().await?;
    publish(city, &mut waiting).await?;
    past.counts.0 += u64::from(many);
    Ok(())
}

/// What publishing leaves beside the row.
struct Found {
    class: ClassId,
    words: String,
    ends_at: Time,
    published_at: Time,
}

async fn add(city: &City<'_>, past: &mut Past, classes: &mut Classes, serial: u32) -> Result<Found> {
    let mut dice = Dice::of("offered", u64::from(serial));
    let course = &city.courses[dice.below(city.courses.len())];
    let provider = &city.bodies.providers[(course.provider + dice.below(7)) % city.bodies.providers.len()];
    let delivery = courses::delivery(&mut dice);
    let first = day(city.today, dice.between(5, 180));
    let days = courses::workdays(
        city.ctx,
        first,
        usize::try_from(course.hours / HOURS_A_DAY).unwrap_or(1),
    );
    let sessions = courses::sessions(course, provider, delivery, &days);
    let year = days[days.len() - 1].year();
    let counter = past
        .counters
        .entry((year, kernel::Code::code(course.subject)))
        .or_insert(1);
    let number = class_number(year, course.subject, *counter);
    *counter += 1;
    let id = ClassId::new(past.next_class);
    past.next_class += 1;
    let place = DISTRICTS[dice.below(DISTRICTS.len())].1;
    let title = format!(
        "{}{}（{place}第 {} 期）",
        course.title,
        dice.pick(&KINDS),
        serial % 97 + 1
    );
    let opened = dice
        .between(-20, 4)
        .min(first.signed_duration_since(city.today).num_days() - 4);
    let class = ClassRow {
        id,
        course,
        provider,
        number,
        title,
        delivery,
        fee: courses::fee(&mut dice, course.hours),
        year,
        enrol: (
            Time::local(day(city.today, opened), 9, 0),
            Time::local(day(first, -2), 17, 0),
        ),
        sessions: &sessions,
        capacity: dice.between(4, 30) * 5,
        taken: 0,
        published_at: Time::local(day(city.today, -25), 10, 0),
        completed_at: None,
    };
    classes.add(&class).await?;
    let names = &city.names;
    let field = course.field.map(|field| FIELDS[field].code);
    let words = class.searchable(
        &names.of_opt(Vocabulary::FocusField, field),
        &names.of_opt(Vocabulary::KeyArea, DISTRICTS[provider.district].2),
    );
    Ok(Found {
        class: id,
        words,
        ends_at: class.ends_at(),
        published_at: class.published_at,
    })
}

async fn publish(city: &City<'_>, waiting: &mut Vec<Found>) -> Result<()> {
    let mut tx = city.ctx.db.batch().await?;
    for found in waiting.iter() {
        let ctx = Ctx {
            clock: Clock::at(found.published_at),
            ..city.ctx.clone()
        };
        let last_day = found.ends_at.plus_seconds(-1).date();
        let class = ("class", found.class.get(), "results");
        deadlines::set(&ctx, &mut tx, class, last_day, Parameters::DEFAULT.result_workdays).await?;
        let job = Job {
            kind: "courses.ask_results",
            key: format!("class:{}", found.class),
            body: json!({ "class": found.class }),
            run_at: found.ends_at,
            requested_by: None,
        };
        db::jobs::enqueue(&mut tx, job).await?;
        tx.index_text("classes", found.class.get(), &found.words).await?;
    }
    tx.commit().await?;
    city.progress.add(waiting.len() as u64);
    waiting.clear();
    Ok(())
}
