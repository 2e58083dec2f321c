//! The professionals: each is made from its number alone, so that a city of millions keeps nobody in memory.
//!
//! Person 0 is 演示学员, the holder of `demo-learner`. Employers take turns (person i works for employer i mod E), so
//! every employer has people of every age. Document numbers ascend in windows of twenty thousand people, so that the
//! index of documents, which a constraint keeps up while loading, grows where it was written last.
//! Deliberately absent: accounts; people who were imported have none until they activate.

use std::sync::Arc;

use chrono::{Datelike, Days};
use db::bulk::Loader;
use db::{Value, code};
use kernel::{Date, IdentityDocument, PersonId, Place, Result, Time, date};
use registry::Ctx;
use registry::taxonomy::{Names, Vocabulary};
use rules::people::{PostKind, TitleLevel};

use super::bodies::{Bodies, Body, SINCE};
use super::random::Dice;
use super::words::{self, FIELDS};

/// People in one window of birthdays.
const WINDOW: u64 = 20_000;
/// Days between the oldest and the youngest birthday: 1962 to 2001.
const BIRTHDAYS: u64 = 14_600;
/// A prime: steps of so many days visit every day of a window whose length it does not divide.
const STRIDE: u64 = 7_919;

/// How a person learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Habit {
    /// Reaches every year.
    Steady,
    /// Reached the years before, is late this year.
    Late,
    /// Misses most years.
    Behind,
    /// The learner of the demo account: see `scenes`.
    Learner,
}

/// A professional of the city.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// The id: the number of the person and one.
    pub(super) id: PersonId,
    /// The name.
    pub(super) name: String,
    /// The document, of the demonstration's area.
    pub(super) document: IdentityDocument,
    phone: String,
    series: &'static str,
    level: TitleLevel,
    post: String,
    manages: bool,
    /// Works at the front line.
    pub(super) front_line: bool,
    /// Index in [`FIELDS`].
    pub(super) field: usize,
    /// Index of the present employer.
    pub(super) employer: usize,
    from: Date,
    /// The employer before, with the first and the last day there.
    before: Option<(usize, Date, Date)>,
    /// How the person learns.
    pub(super) habit: Habit,
}

/// Makes people and writes them.
pub(super) struct People<'a> {
    bodies: &'a Bodies,
    names: Arc<Names>,
    /// How many there are.
    pub(super) count: u64,
}

impl<'a> People<'a> {
    /// So many people of these bodies.
    pub(super) fn new(bodies: &'a Bodies, names: Arc<Names>, count: u64) -> Self {
        Self { bodies, names, count }
    }

    /// The person with this number, from 0.
    pub(super) fn person(&self, number: u64) -> Person {
        let mut dice = Dice::of("person", number);
        let employers = self.bodies.employers.len();
        let employer = usize::try_from(number).unwrap_or(0) % employers;
        let own = self.bodies.employers[employer].field;
        let field = if dice.percent(85) {
            own
        } else {
            dice.below(FIELDS.len())
        };
        let level = match dice.below(100) {
            0..=5 => TitleLevel::Senior,
            6..=25 => TitleLevel::Associate,
            26..=69 => TitleLevel::Intermediate,
            70..=93 => TitleLevel::Assistant,
            _ => TitleLevel::Technician,
        };
        let about = &FIELDS[field];
        let (from, before) = stays(&mut dice, (employer, employers));
        let mut person = Person {
            id: PersonId::new(i64::try_from(number + 1).unwrap_or(i64::MAX)),
            name: words::person_name(&mut dice),
            document: self.document(number),
            phone: words::phone(number),
            series: about.series,
            level,
            post: (*dice.pick(&about.posts)).to_owned(),
            manages: dice.percent(8),
            front_line: dice.percent(35),
            field,
            employer,
            from,
            before,
            habit: match dice.below(100) {
                0..=61 => Habit::Steady,
                62..=84 => Habit::Late,
                _ => Habit::Behind,
            },
        };
        if number == 0 {
            person.become_learner();
        }
        person
    }

    /// No two people have the same birthday and serial: windows do not overlap, and within one the stride visits
    /// every day before it comes to a day again with the next serial.
    fn document(&self, number: u64) -> IdentityDocument {
        let windows = self.count.div_ceil(WINDOW).max(1);
        let days = (BIRTHDAYS / windows).max(1);
        let (window, place) = (number / WINDOW, number % WINDOW);
        // Person 0, who is shown often, is in the middle of life.
        let day = window * days + (place * STRIDE + days * 3 / 5) % days;
        let born = date(1962, 1, 1) + Days::new(day);
        IdentityDocument::demo(born, u32::try_from(place / days).unwrap_or(0))
    }

    /// Index of the first people who work for an employer, at most `many`, the learner left out.
    pub(super) fn of_employer(&self, employer: usize, many: usize) -> Vec<u64> {
        let step = self.bodies.employers.len();
        let numbers = (u64::try_from(employer).unwrap_or(0)..self.count).step_by(step);
        numbers.filter(|number| *number != 0).take(many).collect()
    }

    /// The employer of a person on a day.
    pub(super) fn employer_on(&self, person: &Person, day: Date) -> &'a Body {
        let index = match person.before {
            Some((before, _, until)) if day <= until => before,
            _ => person.employer,
        };
        &self.bodies.employers[index]
    }

    /// Where things about a person stood on a day.
    pub(super) fn place_on(&self, person: &Person, day: Date) -> Place {
        Place {
            person: Some(person.id),
            provider: None,
            ..self.employer_on(person, day).place()
        }
    }

    /// The row of `people`.
    pub(super) fn row(&self, person: &Person) -> [Value; 21] {
        let employer = &self.bodies.employers[person.employer];
        let title = format!("{}.1.{}", person.series, kernel::Code::code(person.level));
        let title = if self.names.has(Vocabulary::TitleName, &title) {
            self.names.of(Vocabulary::TitleName, &title)
        } else {
            String::new()
        };
        let since = Time::local(SINCE, 9, 0);
        [
            person.id.into(),
            person.name.as_str().into(),
            code(person.document.kind()),
            person.document.number().into(),
            person.document.born().into(),
            person.phone.as_str().into(),
            person.series.into(),
            code(person.level),
            title.into(),
            person.post.as_str().into(),
            code(if person.manages {
                PostKind::Managerial
            } else {
                PostKind::Technical
            }),
            person.front_line.into(),
            FIELDS[person.field].code.into(),
            person.id.into(),
            employer.id.into(),
            employer.district_code().into(),
            employer.department.as_deref().into(),
            "verified".into(),
            "demo".into(),
            since.into(),
            since.into(),
        ]
    }

    /// The rows of `employments`, the earlier stay first.
    pub(super) fn stays(&self, person: &Person) -> Vec<[Value; 6]> {
        let stay = |half: i64, org: usize, from: Date, until: Option<Date>| {
            let id = person.id.get() * 2 + half;
            let org = self.bodies.employers[org].id;
            [
                id.into(),
                person.id.into(),
                org.into(),
                person.post.as_str().into(),
                from.into(),
                until.into(),
            ]
        };
        let before = person.before.map(|(org, from, until)| stay(0, org, from, Some(until)));
        before
            .into_iter()
            .chain([stay(1, person.employer, person.from, None)])
            .collect()
    }
}

impl Person {
    fn become_learner(&mut self) {
        self.level = TitleLevel::Intermediate;
        self.field = 0;
        self.series = FIELDS[0].series;
        self.post = FIELDS[0].posts[0].to_owned();
        self.manages = false;
        self.front_line = true;
        self.before = None;
        self.habit = Habit::Learner;
    }
}

/// First day with the present employer, and the stay before it if there was one since 2019.
fn stays(dice: &mut Dice, (employer, employers): (usize, usize)) -> (Date, Option<(usize, Date, Date)>) {
    let began = date(
        2010 + i32::try_from(dice.below(11)).unwrap_or(0),
        1 + u32::try_from(dice.below(12)).unwrap_or(0),
        1,
    );
    if employers < 2 || !dice.percent(15) {
        return (began, None);
    }
    let changed = date(
        2022 + i32::try_from(dice.below(4)).unwrap_or(0),
        1 + u32::try_from(dice.below(12)).unwrap_or(0),
        1,
    );
    let before = (employer + 1 + dice.below(employers - 1)) % employers;
    let last = changed.pred_opt().unwrap_or(changed);
    (
        changed,
        Some((before, began.with_year(began.year().min(2020)).unwrap_or(began), last)),
    )
}

const PEOPLE: [&str; 21] = [
    "id",
    "name",
    "document_kind",
    "document_no",
    "born",
    "phone",
    "title_series",
    "title_level",
    "title_name",
    "post",
    "post_kind",
    "front_line",
    "field",
    "person",
    "org",
    "district",
    "department",
    "standing",
    "verified_by",
    "verified_at",
    "created_at",
];

/// A loader of `people`.
pub(super) async fn loader(ctx: &Ctx) -> Result<Loader> {
    Loader::open(&ctx.db, "people", &PEOPLE).await
}

/// A loader of `employments`.
pub(super) async fn stays_loader(ctx: &Ctx) -> Result<Loader> {
    Loader::open(
        &ctx.db,
        "employments",
        &["id", "person", "org", "post", "from_day", "until_day"],
    )
    .await
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn city(count: u64, check: impl Fn(&People<'_>)) {
        let bodies = Bodies::plan(&Names::default(), &[], 64);
        check(&People::new(&bodies, Arc::new(Names::default()), count));
    }

    #[test]
    fn no_two_people_have_one_document() {
        for count in [1, 2_000, 20_000, 100_000] {
            city(count, |people| {
                let numbers: HashSet<String> = (0..count).map(|n| people.document(n).number().to_owned()).collect();
                assert_eq!(numbers.len() as u64, count);
            });
        }
        city(3_000_000, |people| {
            let last = (2_980_000..3_000_000).map(|n| people.document(n).number().to_owned());
            assert_eq!(last.collect::<HashSet<_>>().len(), 20_000);
            assert!(
                people
                    .document(2_999_999)
                    .born()
                    .is_some_and(|born| born < date(2002, 1, 1))
            );
        });
    }

    #[test]
    fn a_stay_follows_the_other_and_the_employer_is_that_of_the_day() {
        city(2_000, |people| {
            let moved = (0..2_000)
                .map(|n| people.person(n))
                .find(|p| p.before.is_some())
                .expect("somebody moved");
            let (before, from, until) = moved.before.expect("moved");
            assert!(from < until && until.succ_opt() == Some(moved.from) && before != moved.employer);
            assert_eq!(people.employer_on(&moved, until).id, people.bodies.employers[before].id);
            assert_eq!(
                people.employer_on(&moved, moved.from).id,
                people.bodies.employers[moved.employer].id
            );
            assert_eq!(people.stays(&moved).len(), 2);
        });
    }

    #[test]
    fn a_person_is_the_same_in_a_small_and_in_a_larger_city() {
        city(2_000, |small| {
            city(2_500, |large| assert_eq!(small.person(77).name, large.person(77).name))
        });
    }
}
