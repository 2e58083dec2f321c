//! What was taught from 2022 until a few weeks ago: completed classes with everybody who sat in them.
//!
//! Everything a completion leaves behind is written in the shape the use cases give it; `sitting` does it for the people.
//! Deliberately absent: audit rows, events and certificates of these classes; those that the demo learner finished are
//! made by the use cases themselves (`scenes`).

use std::collections::{BTreeMap, HashMap};

use chrono::Datelike;
use db::bulk::Loader;
use kernel::{Clock, Code, Date, Result, Time, id::ClassId};
use registry::{Ctx, taxonomy::deadlines};
use rules::courses::{Parameters, class_number};
use rules::credits::{Posting, Subject};

use super::City;
use super::class_rows::{ClassRow, Classes};
use super::courses::{self, HOURS_A_DAY, day};
use super::ledger::FIRST_YEAR;
use super::people::Person;
use super::random::Dice;
use super::sitting::Rows;

/// People who took part in classes: the first of the city.
pub(super) const CORE: u64 = 2_000;
/// Days a class has been over before it belongs to the past.
const SETTLED: i64 = 21;

/// Numbers given to classes: year and subject to the next counter.
pub(super) type Counters = BTreeMap<(i32, &'static str), i64>;

/// What the past left: postings by person, and the counters of numbers.
pub(super) struct Past {
    /// Postings by number of the person.
    pub(super) postings: HashMap<u64, Vec<Posting>>,
    /// Next counters.
    pub(super) counters: Counters,
    /// The next free id of a class.
    pub(super) next_class: i64,
    /// How many classes and enrolments there are.
    pub(super) counts: (u64, u64),
}

/// Writes the past: all classes first, because enrolments refer to them.
pub(super) async fn load(city: &City<'_>) -> Result<Past> {
    let mut past = Past {
        postings: HashMap::new(),
        counters: Counters::new(),
        next_class: 1,
        counts: (0, 0),
    };
    let mut loader = Classes::open(city.ctx).await?;
    let mut rows = Rows::open(city.ctx).await?;
    let planned = plan(city);
    city.progress.begin("往年班次", planned.len() as u64);
    let mut classes = Vec::with_capacity(planned.len());
    for (index, planned) in planned.iter().enumerate() {
        let subject = planned.course(city).subject;
        let counter = past.counters.entry((planned.year, subject.code())).or_insert(1);
        let number = class_number(planned.year, subject, *counter);
        *counter += 1;
        let id = ClassId::new(past.next_class);
        past.next_class += 1;
        let people = rows.choose(city, planned, index);
        let class = planned.row(city, id, number, people.len());
        loader.add(&class).await?;
        classes.push((class, people));
    }
    loader.flush().await?;
    for (class, people) in &classes {
        past.counts.1 += rows.add(city, class, people, &mut past.postings).await?;
        city.progress.add(1);
    }
    past.counts.0 = classes.len() as u64;
    rows.finish(city).await?;
    expect_results(city.ctx, &classes).await?;
    Ok(past)
}

/// The deadlines that publishing set at the time.
async fn expect_results(ctx: &Ctx, classes: &[(ClassRow<'_>, Vec<(u64, Person)>)]) -> Result<()> {
    let mut tx = ctx.db.batch().await?;
    for (class, _) in classes {
        let ctx = Ctx {
            clock: Clock::at(class.published_at),
            ..ctx.clone()
        };
        let last_day = class.ends_at().plus_seconds(-1).date();
        let subject = ("class", class.id.get(), "results");
        deadlines::set(&ctx, &mut tx, subject, last_day, Parameters::DEFAULT.result_workdays).await?;
    }
    tx.commit().await
}

/// A class of the past before it has people.
pub(super) struct Planned {
    course: usize,
    pub(super) year: i32,
    edition: usize,
    pub(super) days: Vec<Date>,
    pub(super) capacity: usize,
    dice: Dice,
    sessions: Vec<rules::courses::SessionPlan>,
    delivery: rules::courses::Delivery,
}

/// Classes of every year, in the order of their end; a year's plan does not depend on today.
fn plan(city: &City<'_>) -> Vec<Planned> {
    let a_year = usize::try_from(city.core() / 20).unwrap_or(0).clamp(8, 100);
    let mut planned = Vec::new();
    for year in FIRST_YEAR..=city.today.year() {
        let mut editions: HashMap<usize, usize> = HashMap::new();
        for serial in 0..a_year {
            let key = u64::from(year.unsigned_abs()) * 1_000 + serial as u64;
            let mut dice = Dice::of("taught", key);
            let course = dice.below(city.courses.len());
            let edition = *editions.entry(course).and_modify(|edition| *edition += 1).or_insert(1);
            let many = usize::try_from(city.courses[course].hours / HOURS_A_DAY).unwrap_or(1);
            let first = day(kernel::date(year, 1, 4), dice.between(30, 335));
            let days = courses::workdays(city.ctx, first, many);
            let over = days
                .last()
                .is_some_and(|last| last.year() == year && day(*last, SETTLED) < city.today);
            if !over {
                continue;
            }
            let delivery = courses::delivery(&mut dice);
            let provider = &city.bodies.providers[city.courses[course].provider];
            let sessions = courses::sessions(&city.courses[course], provider, delivery, &days);
            let capacity = 18 + dice.below(23);
            planned.push(Planned {
                course,
                year,
                edition,
                days,
                capacity,
                dice,
                sessions,
                delivery,
            });
        }
    }
    planned.sort_by_key(|planned| planned.days.last().copied());
    planned
}

impl Planned {
    /// The course it teaches.
    pub(super) fn course<'a>(&self, city: &'a City<'_>) -> &'a courses::Course {
        &city.courses[self.course]
    }

    fn row<'a>(&'a self, city: &'a City<'_>, id: ClassId, number: String, taken: usize) -> ClassRow<'a> {
        let course = self.course(city);
        let (first, last) = (self.days[0], self.days[self.days.len() - 1]);
        let completed = courses::workdays(city.ctx, day(last, 1), 4)[3];
        ClassRow {
            id,
            course,
            provider: &city.bodies.providers[course.provider],
            number,
            title: format!("{}（{} 年第 {} 期）", course.title, self.year, self.edition),
            delivery: self.delivery,
            fee: courses::fee(&mut self.dice.clone(), course.hours),
            year: self.year,
            enrol: (Time::local(day(first, -28), 9, 0), Time::local(day(first, -3), 17, 0)),
            sessions: &self.sessions,
            capacity: i64::try_from(self.capacity).unwrap_or(0),
            taken: i64::try_from(taken).unwrap_or(0),
            published_at: Time::local(day(first, -35), 10, 0),
            completed_at: Some(Time::local(completed, 15, 0)),
        }
    }
}

/// Writes the counters that numbers were taken from, so that the next class gets the next number.
pub(super) async fn save_counters(ctx: &Ctx, counters: &Counters) -> Result<()> {
    let mut loader = Loader::open(&ctx.db, "class_counters", &["year", "subject", "next"]).await?;
    for ((year, subject), next) in counters {
        debug_assert!(Subject::from_code(subject).is_some());
        loader.row(&[(*year).into(), (*subject).into(), (*next).into()]).await?;
    }
    loader.finish().await.map(drop)
}
