//! The evidence that a public notice could be seen: what the platform itself observed, and what a gap in it costs.
//!
//! every ten minutes the platform opens the notice like anybody else and notes time, status and digest of what came. Between
//! two good observations more than two hours of working time (working days, 9:00 to 17:00) extend the notice by a working day, and by
//! one more for each further eight hours. The figures are the platform's own rule. A day of a year without a calendar counts as a
//! working day, against the platform.
//! Deliberately absent: a claim that others could reach it; the platform only says what it saw of itself.

use kernel::{Calendar, Deadline, Time};
use serde::Serialize;

/// Seconds between two observations.
pub const EVERY: u32 = 600;
/// Seconds of working time without a good observation that are still borne.
pub const BORNE: i64 = 2 * 3_600;
/// Seconds from which a pause is shown as a gap.
pub const SHOWN: i64 = 3 * EVERY as i64;
/// Working hours of a day.
const HOURS: (u32, u32) = (9, 17);

/// One observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// When.
    pub at: Time,
    /// Whether the notice came, and was the notice.
    pub good: bool,
    /// The run of the program that observed.
    pub run: i64,
}

/// A pause between good observations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The last good observation before, or the beginning of the notice.
    pub from: Time,
    /// The first good one after, or the end of what is looked at.
    pub until: Time,
    /// Seconds of working time in it.
    pub working: i64,
    /// Whether the program was started again in it.
    pub restarted: bool,
}

impl Gap {
    /// By how many working days it extends the notice.
    #[must_use]
    pub fn days(&self) -> u32 {
        let day = i64::from(HOURS.1 - HOURS.0) * 3_600;
        if self.working > BORNE {
            u32::try_from((self.working + day - 1) / day).unwrap_or(u32::MAX)
        } else {
            0
        }
    }
}

/// Seconds of working time between two moments.
#[must_use]
pub fn working_time(calendar: &Calendar, from: Time, until: Time) -> i64 {
    let mut day = from.date();
    let mut total = 0;
    while day <= until.date() {
        if calendar.is_workday(day).unwrap_or(true) {
            let begin = Time::local(day, HOURS.0, 0).max(from);
            let end = Time::local(day, HOURS.1, 0).min(until);
            total += end.seconds_since(begin).max(0);
        }
        let Some(next) = day.succ_opt() else { break };
        day = next;
    }
    total
}

/// The pauses of a series from the beginning of the notice until a moment, oldest first.
#[must_use]
pub fn gaps(calendar: &Calendar, series: &[Observation], from: Time, until: Time) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let (mut last, mut run, mut restarted) = (from, None, false);
    let mut pause = |last: Time, next: Time, restarted: bool| {
        if next.seconds_since(last) >= SHOWN {
            gaps.push(Gap {
                from: last,
                until: next,
                working: working_time(calendar, last, next),
                restarted,
            });
        }
    };
    for seen in series.iter().filter(|seen| seen.at >= from && seen.at <= until) {
        restarted |= run.is_some_and(|before| before != seen.run);
        run = Some(seen.run);
        if seen.good {
            pause(last, seen.at, restarted);
            (last, restarted) = (seen.at, false);
        }
    }
    pause(last, until, restarted);
    gaps
}

/// How many working days the gaps add to a notice of `days` working days, as far as can be said `now`. What is added is observed
/// too, so that a gap in an extension extends again.
#[must_use]
pub fn extension(calendar: &Calendar, series: &[Observation], from: Time, days: u32, now: Time) -> u32 {
    let mut added = 0;
    loop {
        let end = last_moment(calendar.after(from.date(), days + added)).min(now);
        let found = gaps(calendar, series, from, end).iter().map(Gap::days).sum();
        if found <= added {
            return added;
        }
        added = found;
    }
}

/// The end of the last day of a period.
#[must_use]
pub fn last_moment(deadline: Deadline) -> Time {
    Time::start_of(deadline.date()).plus_days(1)
}

#[cfg(test)]
mod tests {
    use kernel::calendar::DayKind;
    use kernel::{Date, date};

    use super::*;

    /// 2026 with one holiday, Friday 8 May.
    fn calendar() -> Calendar {
        Calendar::new([(date(2026, 5, 8), DayKind::Holiday)])
    }

    fn at(day: Date, hour: u32) -> Time {
        Time::local(day, hour, 0)
    }

    /// A good observation every ten minutes, but for the moments that are left out.
    fn series(from: Time, until: Time, out: impl Fn(Time) -> bool) -> Vec<Observation> {
        let mut all = Vec::new();
        let mut now = from;
        while now <= until {
            if !out(now) {
                all.push(Observation {
                    at: now,
                    good: true,
                    run: 1,
                });
            }
            now = now.plus_seconds(i64::from(EVERY));
        }
        all
    }

    #[test]
    fn working_time_leaves_out_nights_weekends_and_holidays() {
        let calendar = calendar();
        let hours = |from, until| working_time(&calendar, from, until) / 3_600;
        assert_eq!(hours(at(date(2026, 5, 6), 8), at(date(2026, 5, 6), 12)), 3);
        assert_eq!(hours(at(date(2026, 5, 6), 16), at(date(2026, 5, 7), 10)), 2);
        // Thursday evening to Monday morning: a holiday and a weekend.
        assert_eq!(hours(at(date(2026, 5, 7), 17), at(date(2026, 5, 11), 9)), 0);
        // A year without a calendar counts against the platform.
        assert_eq!(hours(at(date(2027, 1, 2), 0), at(date(2027, 1, 3), 0)), 8);
    }

    #[test]
    fn r88_two_hours_are_borne_and_a_second_more_extends() {
        let (from, until) = (at(date(2026, 5, 6), 9), at(date(2026, 5, 6), 17));
        let calendar = calendar();
        let count = |series: &[Observation]| gaps(&calendar, series, from, until).iter().map(Gap::days).sum::<u32>();
        assert_eq!(count(&series(from, until, |_| false)), 0);
        let from_ten = at(date(2026, 5, 6), 10);
        let borne = series(from, until, |now| now > from_ten && now < from_ten.plus_seconds(BORNE));
        assert_eq!(count(&borne), 0);
        let long = series(from, until, |now| now > from_ten && now <= from_ten.plus_seconds(BORNE));
        assert_eq!(count(&long), 1);
        // What came but was not the notice is no good observation.
        let bad: Vec<Observation> = series(from, until, |_| false)
            .into_iter()
            .map(|seen| Observation {
                good: seen.at <= from_ten,
                ..seen
            })
            .collect();
        assert_eq!(count(&bad), 1);
    }

    #[test]
    fn a_restart_shows_at_its_gap() {
        let (from, until) = (at(date(2026, 5, 6), 9), at(date(2026, 5, 6), 12));
        let mut all = series(from, until, |now| now > from && now < at(date(2026, 5, 6), 10));
        for seen in &mut all {
            seen.run = if seen.at > from { 2 } else { 1 };
        }
        let found = gaps(&calendar(), &all, from, until);
        assert_eq!(found.len(), 1);
        assert!(found[0].restarted && found[0].days() == 0);
    }

    #[test]
    fn r88_a_gap_in_the_extension_extends_again_and_nights_cost_nothing() {
        let from = at(date(2026, 5, 6), 9);
        // Five working days after 6 May, leaving out the holiday: 14 May, a Thursday.
        let last = date(2026, 5, 14);
        let good = series(from, at(date(2026, 5, 30), 0), |_| false);
        assert_eq!(extension(&calendar(), &good, from, 5, at(date(2026, 5, 30), 0)), 0);
        let out = |day: Date| move |now: Time| now > at(day, 10) && now < at(day, 13);
        let once = series(from, at(date(2026, 5, 30), 0), out(last));
        assert_eq!(extension(&calendar(), &once, from, 5, at(date(2026, 5, 30), 0)), 1);
        let twice = series(from, at(date(2026, 5, 30), 0), |now| {
            out(last)(now) || out(date(2026, 5, 15))(now)
        });
        assert_eq!(extension(&calendar(), &twice, from, 5, at(date(2026, 5, 30), 0)), 2);
        // A gap after the notice is over costs nothing.
        let later = series(from, at(date(2026, 5, 30), 0), out(date(2026, 5, 20)));
        assert_eq!(extension(&calendar(), &later, from, 5, at(date(2026, 5, 30), 0)), 0);
        // Nothing was observed for nine working hours: more than one day's.
        assert_eq!(extension(&calendar(), &[], from, 5, at(date(2026, 5, 7), 10)), 2);
    }
}
