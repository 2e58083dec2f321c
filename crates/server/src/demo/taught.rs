//! What was taught from 2022 until a few weeks ago: completed classes with everybody who sat in them.
//!
//! Everything a completion leaves behind is written in the shape the use cases give it: sessions, seats, reserved time
//! nobody sits in two classes on one day), marks of every session, results, verdicts of
//! [`rules::courses::completion`], postings of [`rules::credits::for_class`].
//! Deliberately absent: audit rows, events and certificates of these classes; those that the demo learner finished are
//! made by the use cases themselves (`scenes`).

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::Datelike;
use db::bulk::Loader;
use db::{Value, code};
use kernel::{Clock, Code, Date, EnrolmentId, Hours, Result, Seconds, Time, id::ClassId};
use registry::{Ctx, taxonomy::deadlines};
use rules::attendance::Mark;
use rules::courses::completion::{Standing, Verdict, decide};
use rules::courses::enrolment::EnrolmentCode;
use rules::courses::seats::Seat;
use rules::courses::{Outcome, Parameters, class_number};
use rules::credits::{ClassFacts, Posting, Subject, for_class};

use super::City;
use super::courses::{self, ClassRow, Classes, HOURS_A_DAY, day, session_id};
use super::ledger::{FIRST_YEAR, POSTED_BY};
use super::people::Person;
use super::random::Dice;

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

/// Loaders of what belongs to a person in a class.
struct Rows {
    enrolments: Loader,
    intervals: Loader,
    marks: Loader,
    next_enrolment: i64,
    next_interval: i64,
    busy: HashSet<(u64, Date)>,
    seen: HashSet<u64>,
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
struct Planned {
    course: usize,
    year: i32,
    edition: usize,
    days: Vec<Date>,
    capacity: usize,
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
    fn course<'a>(&self, city: &'a City<'_>) -> &'a courses::Course {
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

/// One person in one class.
struct Taken {
    marks: Vec<Mark>,
    outcome: Outcome,
    score: Option<u32>,
}

impl Taken {
    fn roll(dice: &mut Dice, sessions: usize) -> Self {
        let away = dice.percent(3);
        let mark = |dice: &mut Dice| match dice.below(100) {
            _ if away => Mark::Absent,
            0..=92 => Mark::Present,
            93..=95 => Mark::Late,
            96..=97 => Mark::Leave,
            _ => Mark::Absent,
        };
        let marks = (0..sessions).map(|_| mark(dice)).collect();
        let passed = dice.percent(96);
        let points = if passed {
            dice.between(60, 98)
        } else {
            dice.between(35, 59)
        };
        let (outcome, score) = match (away, passed) {
            (true, _) => (Outcome::Absent, None),
            (_, true) => (Outcome::Passed, u32::try_from(points).ok()),
            (_, false) => (Outcome::Failed, u32::try_from(points).ok()),
        };
        Self { marks, outcome, score }
    }

    fn attended(&self, class: &ClassRow<'_>) -> Seconds {
        let each = self
            .marks
            .iter()
            .zip(class.sessions)
            .filter(|(mark, _)| mark.attended());
        each.map(|(_, session)| session.taught()).sum()
    }
}

impl Rows {
    async fn open(ctx: &Ctx) -> Result<Self> {
        let enrolments = [
            "id",
            "class",
            "person",
            "name",
            "org_name",
            "front_line",
            "state",
            "seat",
            "place",
            "enrolled_by",
            "enrolled_at",
            "state_at",
            "reason",
            "result",
            "score",
            "result_at",
            "result_by",
            "org",
            "provider",
            "district",
            "department",
            "version",
        ];
        let intervals = [
            "id",
            "person",
            "starts_at",
            "ends_at",
            "taught",
            "title",
            "session",
            "class",
        ];
        let marks = ["session", "person", "class", "mark", "marked_at", "marked_by"];
        Ok(Self {
            enrolments: Loader::open(&ctx.db, "enrolments", &enrolments).await?,
            intervals: Loader::open(&ctx.db, "attendance_intervals", &intervals).await?,
            marks: Loader::open(&ctx.db, "attendance_marks", &marks).await?,
            next_enrolment: 1,
            next_interval: 1,
            busy: HashSet::new(),
            seen: HashSet::new(),
        })
    }

    /// People of the field mostly, who are free on all days. This year the people of the first employer are left to
    /// the scenes that are played with them.
    fn choose(&mut self, city: &City<'_>, planned: &Planned, index: usize) -> Vec<(u64, Person)> {
        let mut dice = Dice::of("seats", index as u64 * 10_000 + u64::from(planned.year.unsigned_abs()));
        let field = planned.course(city).field;
        let wanted = planned.capacity.saturating_sub(dice.below(8));
        let core = usize::try_from(city.core()).unwrap_or(1);
        let mut chosen: Vec<(u64, Person)> = Vec::new();
        for _ in 0..wanted * 12 {
            if chosen.len() == wanted {
                break;
            }
            let number = dice.below(core) as u64;
            let person = city.people.person(number);
            let kept = planned.year == city.today.year() && person.employer == 0 || number == 0;
            let fits = field.is_none_or(|field| field == person.field || dice.percent(6));
            if kept || !fits || planned.days.iter().any(|day| self.busy.contains(&(number, *day))) {
                continue;
            }
            self.busy.extend(planned.days.iter().map(|day| (number, *day)));
            chosen.push((number, person));
        }
        chosen
    }

    async fn add(
        &mut self,
        city: &City<'_>,
        class: &ClassRow<'_>,
        people: &[(u64, Person)],
        postings: &mut HashMap<u64, Vec<Posting>>,
    ) -> Result<u64> {
        let mut dice = Dice::of("results", u64::try_from(class.id.get()).unwrap_or(0));
        let taken: Vec<Taken> = people
            .iter()
            .map(|_| Taken::roll(&mut dice, class.sessions.len()))
            .collect();
        let standing = |((_, person), taken): (&(u64, Person), &Taken)| Standing {
            person: person.id,
            result: Some(taken.outcome),
            attended: taken.attended(class),
            marked: u32::try_from(taken.marks.len()).unwrap_or(0),
        };
        let standings: Vec<_> = people.iter().zip(&taken).map(standing).collect();
        let sessions = u32::try_from(class.sessions.len()).unwrap_or(0);
        let verdicts = decide(&standings, sessions, class.taught(), &Parameters::DEFAULT)?;
        let facts = facts(class);
        for (order, (((number, person), taken), verdict)) in (1_i64..).zip(people.iter().zip(&taken).zip(&verdicts)) {
            let id = EnrolmentId::new(self.next_enrolment);
            self.next_enrolment += 1;
            self.seen.insert(*number);
            let at = day(class.enrol.0.date(), order % 20);
            let place = kernel::Place {
                provider: Some(class.provider.id),
                ..city.people.place_on(person, at)
            };
            let row = enrolment(
                (id, order, at),
                class,
                (person, &city.people.employer_on(person, at).name),
                (taken, verdict, &place),
            );
            self.enrolments.row(&row).await?;
            self.attend(class, person, taken).await?;
            if *verdict == Verdict::Completed {
                postings
                    .entry(*number)
                    .or_default()
                    .push(for_class(&facts, person.id, id, place));
            }
        }
        Ok(people.len() as u64)
    }

    /// Reserved time and marks of one person.
    async fn attend(&mut self, class: &ClassRow<'_>, person: &Person, taken: &Taken) -> Result<()> {
        for ((position, plan), mark) in (1_i64..).zip(class.sessions).zip(&taken.marks) {
            let session = session_id(class.id, position);
            let row: [Value; 8] = [
                self.next_interval.into(),
                person.id.into(),
                plan.starts_at.into(),
                plan.ends_at.into(),
                plan.taught().into(),
                class.title.as_str().into(),
                session.into(),
                class.id.into(),
            ];
            self.next_interval += 1;
            self.intervals.row(&row).await?;
            let at = plan.ends_at.plus_seconds(600);
            let row: [Value; 6] = [
                session.into(),
                person.id.into(),
                class.id.into(),
                code(*mark),
                at.into(),
                POSTED_BY.into(),
            ];
            self.marks.row(&row).await?;
        }
        Ok(())
    }

    async fn finish(self, city: &City<'_>) -> Result<()> {
        self.enrolments.finish().await?;
        self.intervals.finish().await?;
        self.marks.finish().await?;
        let mut timelines = Loader::open(&city.ctx.db, "attendance_people", &["id"]).await?;
        let mut seen: Vec<u64> = self.seen.into_iter().collect();
        seen.sort_unstable();
        for number in seen {
            timelines.row(&[city.people.person(number).id.into()]).await?;
        }
        timelines.finish().await.map(drop)
    }
}

fn facts(class: &ClassRow<'_>) -> ClassFacts {
    ClassFacts {
        title: class.title.clone(),
        subject: class.course.subject,
        form: class.course.form,
        taught: class.taught(),
        declared: Hours::whole(class.course.hours),
        ended_on: class.ends_at().plus_seconds(-1).date(),
    }
}

/// An enrolment as completion leaves it.
fn enrolment(
    (id, order, enrolled): (EnrolmentId, i64, Date),
    class: &ClassRow<'_>,
    (person, employer): (&Person, &str),
    (taken, verdict, place): (&Taken, &Verdict, &kernel::Place),
) -> [Value; 22] {
    let (state, seat, reason) = match verdict {
        Verdict::Completed => (EnrolmentCode::Completed, Seat::General, ""),
        Verdict::Failed(reason) => (EnrolmentCode::Failed, Seat::General, reason.as_str()),
        Verdict::Absent => (EnrolmentCode::Absent, Seat::None, ""),
    };
    let had = state != EnrolmentCode::Absent;
    let completed_at = class.completed_at.unwrap_or(class.published_at);
    [
        id.into(),
        class.id.into(),
        person.id.into(),
        person.name.as_str().into(),
        employer.into(),
        person.front_line.into(),
        code(state),
        code(seat),
        order.into(),
        POSTED_BY.into(),
        Time::local(enrolled, 10, 0).into(),
        completed_at.into(),
        reason.into(),
        had.then(|| taken.outcome.code()).into(),
        had.then_some(taken.score).flatten().into(),
        had.then(|| class.ends_at().plus_days(1)).into(),
        had.then_some(POSTED_BY).into(),
        place.org.into(),
        place.provider.into(),
        place.district.as_deref().into(),
        place.department.as_deref().into(),
        3.into(),
    ]
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
