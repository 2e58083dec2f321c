//! The working-day calendar: weekends, public holidays and moved working days, year by year.
//!
//! The State Council announces each year's arrangement late in the year before. A year that was not
//! imported has no calendar, and a deadline that reaches into it is only a lower bound
//! ([`Deadline::NotBefore`]): it is shown as such and never ends a right by itself.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Weekday};

use crate::Date;

/// Kind of an exceptional day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// A day off that would have been a working day or a weekend day named by the notice.
    Holiday,
    /// A weekend day worked in exchange.
    Workday,
}

/// The day on which a period of working days ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// Known: the period ends with this day.
    On(Date),
    /// The count reached a year without a calendar; it ends on no earlier day than this.
    NotBefore {
        /// The earliest day possible, counting every day of the unknown year as worked.
        date: Date,
        /// The first year whose calendar is missing.
        missing: i32,
    },
}

impl Deadline {
    /// Whether the period is over on `today`; a lower bound is never over.
    #[must_use]
    pub fn has_passed(self, today: Date) -> bool {
        matches!(self, Self::On(date) if today > date)
    }

    /// The day, exact or the lower bound.
    #[must_use]
    pub fn date(self) -> Date {
        match self {
            Self::On(date) | Self::NotBefore { date, .. } => date,
        }
    }
}

/// The imported years and their exceptional days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeSet<i32>,
    days: BTreeMap<Date, DayKind>,
}

impl Calendar {
    /// A calendar of exceptional days; a year is known when at least one of its days is named.
    #[must_use]
    pub fn new(days: impl IntoIterator<Item = (Date, DayKind)>) -> Self {
        let days: BTreeMap<_, _> = days.into_iter().collect();
        let years = days.keys().map(Datelike::year).collect();
        Self { years, days }
    }

    /// Whether the year's arrangement was imported.
    #[must_use]
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// The imported years.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.iter().copied()
    }

    /// Whether people work on `date`; `None` when the year is unknown.
    #[must_use]
    pub fn is_workday(&self, date: Date) -> Option<bool> {
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        match self.days.get(&date) {
            Some(DayKind::Holiday) => Some(false),
            Some(DayKind::Workday) => Some(true),
            None if self.knows(date.year()) => Some(!weekend),
            None => None,
        }
    }

    /// The last day of a period of `count` working days that begins the day after `from`.
    #[must_use]
    pub fn after(&self, from: Date, count: u32) -> Deadline {
        let mut date = from;
        let mut left = count;
        let mut missing = None;
        while left > 0 {
            date = date
                .checked_add_days(Days::new(1))
                .expect("the calendar ends in the year 262143");
            let worked = self.is_workday(date).unwrap_or_else(|| {
                missing.get_or_insert(date.year());
                // Any day of an unknown year may turn out a working day, a weekend day too (moved
                // working days come before their holiday), so only this count is a true lower bound.
                true
            });
            left -= u32::from(worked);
        }
        match missing {
            None => Deadline::On(date),
            Some(missing) => Deadline::NotBefore { date, missing },
        }
    }

    /// Working days in the year, if it is known.
    #[must_use]
    pub fn workdays_in(&self, year: i32) -> Option<u32> {
        if !self.knows(year) {
            return None;
        }
        let first = Date::from_ymd_opt(year, 1, 1)?;
        let count = first
            .iter_days()
            .take_while(|d| d.year() == year)
            .filter(|d| self.is_workday(*d) == Some(true))
            .count();
        u32::try_from(count).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date;

    fn national_day_2026() -> Calendar {
        let off = (1..=7).map(|d| (date(2026, 10, d), DayKind::Holiday));
        Calendar::new(off.chain([
            (date(2026, 9, 20), DayKind::Workday),
            (date(2026, 10, 10), DayKind::Workday),
        ]))
    }

    #[test]
    fn holidays_are_skipped_and_moved_days_count() {
        let calendar = national_day_2026();
        assert_eq!(calendar.after(date(2026, 9, 30), 1), Deadline::On(date(2026, 10, 8)));
        assert_eq!(calendar.after(date(2026, 9, 30), 3), Deadline::On(date(2026, 10, 10)));
        assert_eq!(calendar.after(date(2026, 9, 18), 1), Deadline::On(date(2026, 9, 20)));
    }

    #[test]
    fn an_unknown_year_gives_a_lower_bound_that_never_passes() {
        let calendar = national_day_2026();
        let deadline = calendar.after(date(2026, 12, 30), 5);
        assert_eq!(
            deadline,
            Deadline::NotBefore {
                date: date(2027, 1, 4),
                missing: 2027
            }
        );
        assert!(!deadline.has_passed(date(2030, 1, 1)));
    }
}
