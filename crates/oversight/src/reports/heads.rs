//! Counts distinct people while the rows of one person pass after another, in memory that does not grow with people.
//!
//! Somebody who changed the employer within a year counts once at each of its places and once in the sum above them;
//! so sums of distinct people are counted, never added up. Records whose entries were all reversed count nowhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rules::plans;

use super::figures::{Employer, Heads as HeadsRow, Level};
use super::store::ledger::PersonYear;

/// All districts, or all departments.
pub(super) const ALL: &str = "*";
/// All years.
pub(super) const EVER: i32 = 0;
/// All years of the programme.
pub(super) const PROGRAMME: i32 = -1;

type Place = (i32, String, String);
type LevelOf = (i32, String, String, String);
type EmployerOf = (i32, i64, String, String);
/// 人次, hours, people.
type Sum = (i64, i64, i64);

/// The counts so far, and the person whose rows are passing.
#[derive(Default)]
pub(super) struct Heads {
    people: HashMap<Place, i64>,
    levels: HashMap<LevelOf, Sum>,
    employers: HashMap<EmployerOf, Sum>,
    person: i64,
    own: BTreeSet<Place>,
}

impl Heads {
    /// A row of the person who passes.
    pub(super) fn add(&mut self, row: PersonYear) {
        if row.person != self.person {
            self.finish();
            self.person = row.person;
        }
        if row.activities <= 0 {
            return;
        }
        let PersonYear {
            year,
            district,
            department,
            org,
            level,
            activities,
            hours,
            ..
        } = row;
        let in_programme = (plans::FIRST_YEAR..=plans::LAST_YEAR).contains(&year);
        for year in [Some(year), Some(EVER), in_programme.then_some(PROGRAMME)]
            .into_iter()
            .flatten()
        {
            for (d, p) in [
                (district.as_str(), department.as_str()),
                (ALL, department.as_str()),
                (&district, ALL),
                (ALL, ALL),
            ] {
                self.own.insert((year, d.to_owned(), p.to_owned()));
            }
        }
        let add = |sum: &mut Sum| *sum = (sum.0 + activities, sum.1 + hours, sum.2 + 1);
        add(self
            .levels
            .entry((year, district.clone(), department.clone(), level))
            .or_default());
        add(self.employers.entry((year, org, district, department)).or_default());
    }

    /// The person who passed is over.
    pub(super) fn finish(&mut self) {
        for place in std::mem::take(&mut self.own) {
            *self.people.entry(place).or_default() += 1;
        }
    }

    /// Distinct people of a year, [`EVER`] or of the [`PROGRAMME`], at a place.
    pub(super) fn of(&self, year: i32, district: &str, department: &str) -> i64 {
        let place = (year, district.to_owned(), department.to_owned());
        self.people.get(&place).copied().unwrap_or_default()
    }

    /// The counts as they are kept, in order.
    pub(super) fn rows(&self) -> Vec<HeadsRow> {
        let mut rows: Vec<HeadsRow> = self
            .people
            .iter()
            .map(|((year, d, p), people)| (*year, d.clone(), p.clone(), *people))
            .collect();
        rows.sort();
        rows
    }

    /// By title level, in order. Somebody whose rows of a year lie at two places counts at each.
    pub(super) fn levels(&self) -> Vec<Level> {
        let rows = self.levels.iter();
        let mut rows: Vec<Level> = rows
            .map(|((year, d, p, level), sum)| (*year, d.clone(), p.clone(), level.clone(), sum.0, sum.1, sum.2))
            .collect();
        rows.sort();
        rows
    }

    /// By employer, for each year, in order.
    pub(super) fn employers(&self) -> BTreeMap<i32, Vec<Employer>> {
        let mut years: BTreeMap<i32, Vec<Employer>> = BTreeMap::new();
        for ((year, org, district, department), sum) in &self.employers {
            years
                .entry(*year)
                .or_default()
                .push((*org, district.clone(), department.clone(), sum.0, sum.1, sum.2));
        }
        years.values_mut().for_each(|rows| rows.sort());
        years
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(person: i64, year: i32, district: &str, activities: i64) -> PersonYear {
        let (department, level) = ("wjw".to_owned(), "senior".to_owned());
        PersonYear {
            person,
            year,
            district: district.to_owned(),
            department,
            org: 7,
            level,
            activities,
            hours: 100 * activities,
        }
    }

    #[test]
    fn r15_people_count_once_in_every_sum_and_reversed_ones_nowhere() {
        let mut heads = Heads::default();
        for each in [
            row(1, 2025, "310101", 2),
            row(1, 2025, "310104", 1),
            row(1, 2026, "310104", 1),
            row(2, 2026, "310104", 0),
        ] {
            heads.add(each);
        }
        heads.finish();
        assert_eq!(heads.of(2025, "310101", ALL) + heads.of(2025, "310104", ALL), 2);
        assert_eq!(heads.of(2025, ALL, ALL), 1);
        assert_eq!(heads.of(EVER, ALL, ALL), 1);
        assert_eq!(heads.of(2026, "310104", "wjw"), 1);
        assert_eq!(
            heads.employers()[&2026],
            [(7, "310104".to_owned(), "wjw".to_owned(), 1, 100, 1)]
        );
    }
}
