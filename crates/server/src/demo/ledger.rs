//! The ledger: ten entries a person, taken over from an older record, spread over 2022 to this year, and the balances
//! of everything that was loaded.
//!
//! Entries are shaped by [`rules::credits::for_history`], exactly as an import of older records would post them. What
//! past classes have given counts towards what a person wants to reach, so that the sums are plausible.
//! Deliberately absent: audit and outbox rows. Nobody acted; this is how the city was when the platform began.

use std::collections::BTreeMap;

use chrono::Datelike;
use db::bulk::Loader;
use db::{Db, Value};
use kernel::{Code, Date, EntryId, Hours, Result, Time, date};
use learning::credits::log::leaf::{COLUMNS, Salts, Waiting};
use learning::credits::salted;
use registry::Ctx;
use rules::credits::{ActivityForm, HistoryFacts, Posting, Subject, for_history};

use super::people::{Habit, People, Person};
use super::random::Dice;
use super::words::FIELDS;

/// Entries of a person's older record.
pub(super) const ENTRIES: u64 = 10;
/// The first year of the programme.
pub(super) const FIRST_YEAR: i32 = 2022;
/// Who posted, as the entry says.
pub(super) const POSTED_BY: &str = "system:demo";

/// Hundredths and activities by year and subject, in the order of the balances' key.
pub(super) type Sums = BTreeMap<(i32, &'static str), (i64, i64)>;

/// Entries whose commitments go into the queue of the log together.
const PIECE: usize = 16_384;

/// Writes entries and balances. Ids ascend from 1.
pub(super) struct Ledger {
    entries: Loader,
    balances: Loader,
    queue: Loader,
    waiting: Waiting,
    salts: Salts,
    db: Db,
    next: i64,
    today: Date,
}

impl Ledger {
    pub(super) async fn open(ctx: &Ctx, today: Date) -> Result<Self> {
        let columns: Vec<&str> = COLUMNS.into_iter().chain(["salt"]).collect();
        let balances = ["person", "year", "subject", "hours", "activities"];
        Ok(Self {
            entries: Loader::open(&ctx.db, "credits_entries", &columns).await?,
            balances: Loader::open(&ctx.db, "credits_balances", &balances).await?,
            queue: Loader::open(&ctx.db, "log_queue", &["id", "entries", "commitments"]).await?,
            waiting: Waiting::default(),
            salts: Salts::default(),
            db: ctx.db.clone(),
            next: 1,
            today,
        })
    }

    /// Writes an entry and adds it to the sums of its person.
    pub(super) async fn post(&mut self, posting: &Posting, sums: &mut Sums) -> Result<()> {
        let id = EntryId::new(self.next);
        self.next += 1;
        let at = Time::local(posting.earned_on, 17, 0)
            .plus_days(3)
            .min(Time::start_of(self.today));
        let (row, commitment) = salted(id, posting, (at, POSTED_BY), &mut self.salts)?;
        self.entries.row(&row).await?;
        self.waiting.push(id, &commitment);
        if self.waiting.len() >= PIECE {
            self.settle_log().await?;
        }
        let sum = sums.entry((posting.year, posting.subject.code())).or_default();
        sum.0 += posting.hours.get();
        sum.1 += 1;
        Ok(())
    }

    /// Writes the balances of a person; people come in the order of their ids.
    pub(super) async fn settle(&mut self, person: &Person, sums: &Sums) -> Result<()> {
        for ((year, subject), (hours, activities)) in sums {
            let row: [Value; 5] = [
                person.id.into(),
                (*year).into(),
                (*subject).into(),
                (*hours).into(),
                (*activities).into(),
            ];
            self.balances.row(&row).await?;
        }
        Ok(())
    }

    /// Lets the entries so far wait for their index, once they are written.
    async fn settle_log(&mut self) -> Result<()> {
        self.entries.flush().await?;
        let Waiting { entries, commitments } = std::mem::take(&mut self.waiting);
        let id: EntryId = self.db.mint();
        self.queue.row(&[id.into(), entries.into(), commitments.into()]).await
    }

    /// How many entries there are so far.
    pub(super) fn count(&self) -> u64 {
        u64::try_from(self.next - 1).unwrap_or(0)
    }

    /// Writes the rest; returns how many entries there are.
    pub(super) async fn finish(mut self) -> Result<u64> {
        self.settle_log().await?;
        self.queue.finish().await?;
        self.balances.finish().await?;
        self.entries.finish().await
    }
}

/// The older record of a person: ten entries (the learner of the demo account has two every year), less what classes
/// give (`given`) of what the person reaches.
pub(super) fn history(people: &People<'_>, person: &Person, number: u64, today: Date, given: &Sums) -> Vec<Posting> {
    let mut dice = Dice::of("history", number);
    let years = u64::try_from(today.year() - FIRST_YEAR + 1).unwrap_or(1);
    let learner = person.habit == Habit::Learner;
    let entries = if learner { years * 2 } else { ENTRIES };
    let each = |serial: u64| {
        let year = FIRST_YEAR + i32::try_from(serial * years / entries).unwrap_or(0);
        let subject = if serial.is_multiple_of(2) {
            Subject::Professional
        } else {
            Subject::Public
        };
        let day = earned_on(&mut dice, year, today);
        let reached = target(person, &mut dice, (year, subject), today);
        let given = given.get(&(year, subject.code())).map_or(0, |sum| sum.0);
        let key = if learner {
            format!("demo/L{serial}")
        } else {
            format!("demo/{}", number * ENTRIES + serial)
        };
        let facts = HistoryFacts {
            key,
            title: title(person, subject),
            subject,
            form: form(&mut dice, subject),
            hours: Hours::hundredths((reached.get() - given).max(200)),
            earned_on: day,
        };
        for_history(facts, person.id, people.place_on(person, day))
    };
    (0..entries).map(each).collect()
}

fn title(person: &Person, subject: Subject) -> String {
    match subject {
        Subject::Public => "公需科目学习".into(),
        Subject::Professional => format!("{}专业科目学习", FIELDS[person.field].short),
    }
}

fn form(dice: &mut Dice, subject: Subject) -> ActivityForm {
    match (subject, dice.below(100)) {
        (Subject::Public, 0..=79) => ActivityForm::Distance,
        (_, 0..=59) | (Subject::Public, _) => ActivityForm::Class,
        (_, 60..=74) => ActivityForm::Distance,
        (_, 75..=86) => ActivityForm::Academic,
        (_, 87..=96) => ActivityForm::Practice,
        _ => ActivityForm::Other,
    }
}

/// A day of the year, of this one before today.
fn earned_on(dice: &mut Dice, year: i32, today: Date) -> Date {
    let day = i64::from(u32::try_from(dice.between(40, 345)).unwrap_or(40));
    let day = if year == today.year() {
        day * i64::from(today.ordinal0()) / 365
    } else {
        day
    };
    let first = date(year, 1, 1);
    first
        .checked_add_days(chrono::Days::new(u64::try_from(day).unwrap_or(0)))
        .unwrap_or(first)
}

/// What a person reaches in a subject of a year, in whole hours.
fn target(person: &Person, dice: &mut Dice, (year, subject): (i32, Subject), today: Date) -> Hours {
    let (professional, public) = (60 + dice.between(0, 6) * 2, 30 + dice.between(0, 2) * 2);
    let whole = if subject == Subject::Professional {
        professional
    } else {
        public
    };
    let now = year == today.year();
    let percent = match person.habit {
        Habit::Learner => return learner(now, subject),
        Habit::Steady if !now => 100,
        Habit::Steady => (i64::from(today.ordinal()) * 115 / 365).min(100),
        Habit::Late if !now => 100 - dice.between(0, 3) / 3 * 20,
        Habit::Late => i64::from(today.ordinal()) * dice.between(50, 85) / 365,
        Habit::Behind if !now => dice.between(20, 110).min(100),
        Habit::Behind => i64::from(today.ordinal()) * dice.between(0, 40) / 365,
    };
    Hours::whole((whole * percent / 100).max(2))
}

/// The learner of the demo account reached every year before; this year 72 of 90 hours, 18 missing in 专业科目.
fn learner(now: bool, subject: Subject) -> Hours {
    Hours::whole(match (now, subject) {
        (true, Subject::Professional) => 42,
        (false, Subject::Professional) => 64,
        (_, Subject::Public) => 30,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use registry::taxonomy::Names;

    use super::*;
    use crate::demo::bodies::Bodies;

    #[test]
    fn ten_entries_a_person_from_the_first_year_to_today_each_with_a_cause_of_its_own() {
        let bodies = Bodies::plan(&Names::default(), &[], 64);
        let people = People::new(&bodies, Arc::new(Names::default()), 300);
        let mut causes = BTreeSet::new();
        for today in [date(2026, 11, 22), date(2026, 1, 1), date(2027, 6, 1)] {
            causes.clear();
            for number in 0..300 {
                let person = people.person(number);
                let record = history(&people, &person, number, today, &Sums::new());
                assert!(number == 0 || record.len() as u64 == ENTRIES);
                assert!(
                    record
                        .iter()
                        .all(|p| p.earned_on <= today && p.hours > Hours::ZERO && p.year >= FIRST_YEAR)
                );
                assert!(record.iter().any(|p| p.year == today.year()));
                causes.extend(record.iter().map(|p| p.cause.text()));
            }
            assert!(causes.len() >= 3_000);
        }
    }

    #[test]
    fn the_learner_lacks_eighteen_professional_hours_this_year() {
        let bodies = Bodies::plan(&Names::default(), &[], 64);
        let people = People::new(&bodies, Arc::new(Names::default()), 10);
        let today = date(2026, 11, 22);
        let record = history(&people, &people.person(0), 0, today, &Sums::new());
        let sum = |subject| -> Hours {
            record
                .iter()
                .filter(|p| p.year == 2026 && p.subject == subject)
                .map(|p| p.hours)
                .sum()
        };
        assert_eq!(
            (sum(Subject::Public), sum(Subject::Professional)),
            (Hours::whole(30), Hours::whole(42))
        );
    }
}
