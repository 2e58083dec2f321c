//! Who sat in a class of the past: enrolments, reserved time, marks, results, verdicts, postings.
//!
//! Nobody sits in two classes on one day. Verdicts are those of [`rules::courses::completion`], postings those of
//! [`rules::credits::for_class`]. Deliberately absent: withdrawals and waiting lists, which end with a class.

use std::collections::{HashMap, HashSet};

use chrono::Datelike;
use db::bulk::Loader;
use db::{Value, code};
use kernel::{Code, Date, EnrolmentId, Hours, Result, Seconds, Time};
use registry::Ctx;
use rules::attendance::Mark;
use rules::courses::completion::{Standing, Verdict, decide};
use rules::courses::enrolment::EnrolmentCode;
use rules::courses::seats::Seat;
use rules::courses::{Outcome, Parameters};
use rules::credits::{ClassFacts, Posting, for_class};

use super::City;
use super::class_rows::{ClassRow, session_id};
use super::courses::day;
use super::ledger::POSTED_BY;
use super::people::Person;
use super::random::Dice;
use super::taught::Planned;

/// Loaders of what belongs to a person in a class.
pub(super) struct Rows {
    enrolments: Loader,
    intervals: Loader,
    marks: Loader,
    next_enrolment: i64,
    next_interval: i64,
    busy: HashSet<(u64, Date)>,
    seen: HashSet<u64>,
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
    pub(super) async fn open(ctx: &Ctx) -> Result<Self> {
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
    pub(super) fn choose(&mut self, city: &City<'_>, planned: &Planned, index: usize) -> Vec<(u64, Person)> {
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

    pub(super) async fn add(
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
        let edition = rules::credits::recognition::shipped();
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
                    .push(for_class(&edition, &facts, person.id, id, place));
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

    pub(super) async fn finish(self, city: &City<'_>) -> Result<()> {
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
        part: rules::credits::recognition::Part::Elective,
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
