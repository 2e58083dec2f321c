//! Where people stand in a year, as lists and figures sort them.
//!
//! Reached and missing follow. R-63: while the year runs, 有风险 compares with an even pace over the year, from
//! April on, and in its last thirty days with the whole requirement: a reference line of the platform that warns early,
//! not a demand of the regulation, and said as such. Its two figures stand in [`Pace`].
//! Deliberately absent: the figures themselves (`oversight/reports`).

use chrono::Datelike;
use kernel::{Date, Hours};

use crate::credits::Requirement;

/// The figures of the reference line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Month from which somebody can be behind: in the first quarter most classes have not begun.
    pub first_month: u32,
    /// So many days before the end of the year the pace is the whole requirement: too few classes are left.
    pub last_days: u32,
}

/// The figures in use; no text fixes them.
pub const PACE: Pace = Pace {
    first_month: 4,
    last_days: 30,
};

/// What 有风险 means, as pages state it.
pub const AT_RISK: &str = "有风险：本年度自 4 月起，学时低于按全年均匀推进应有的进度；最后 30 天内尚未达标。这是平台的提醒线，不是规定的要求。";

kernel::codes! {
    /// 年度达标情况.
    pub enum Compliance {
        /// Total and professional hours are reached.
        Reached = "reached" "已达标",
        /// The year runs, and the pace suffices so far.
        OnCourse = "on_course" "进行中",
        /// The year runs, and the hours are behind an even pace.
        AtRisk = "at_risk" "有风险",
        /// The year is over and not reached.
        Missing = "missing" "未达标",
    }
}

/// The figures that decide, for one year as seen on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Hours of the year in all.
    pub total: Hours,
    /// Of them in 专业科目.
    pub professional: Hours,
    /// Hours in all that an even pace would have by now.
    pub pace_total: Hours,
    /// Of them in 专业科目.
    pub pace_professional: Hours,
    /// Whether the year is over.
    pub over: bool,
}

/// The thresholds of `year` on the day `today`.
#[must_use]
pub fn thresholds(requirement: &Requirement, year: i32, today: Date) -> Thresholds {
    let running = year == today.year();
    let days: u32 = if today.leap_year() { 366 } else { 365 };
    let passed = match (running, days - today.ordinal() < PACE.last_days) {
        (true, true) => days,
        (true, false) if today.month() >= PACE.first_month => today.ordinal(),
        _ => 0,
    };
    let pace = |hours: Hours| Hours::hundredths(hours.get() * i64::from(passed) / i64::from(days));
    Thresholds {
        total: requirement.total,
        professional: requirement.professional,
        pace_total: pace(requirement.total),
        pace_professional: pace(requirement.professional),
        over: year < today.year(),
    }
}

impl Thresholds {
    /// Where somebody with these hours stands.
    #[must_use]
    pub fn judge(&self, total: Hours, professional: Hours) -> Compliance {
        if total >= self.total && professional >= self.professional {
            Compliance::Reached
        } else if self.over {
            Compliance::Missing
        } else if total < self.pace_total || professional < self.pace_professional {
            Compliance::AtRisk
        } else {
            Compliance::OnCourse
        }
    }

    /// What is missing in all: hours missing in 专业科目 are missing in all as well.
    #[must_use]
    pub fn missing(&self, total: Hours, professional: Hours) -> (Hours, Hours) {
        let professional = (self.professional - professional).or_zero();
        ((self.total - total).or_zero().max(professional), professional)
    }
}

#[cfg(test)]
mod tests {
    use kernel::date;

    use super::*;
    use crate::credits::national;

    fn judged(year: i32, today: Date, total: i64, professional: i64) -> Compliance {
        thresholds(&national(), year, today).judge(Hours::whole(total), Hours::whole(professional))
    }

    /// both figures must be reached; the pace warns only while the year runs and after its first quarter.
    #[test]
    fn reached_needs_both_and_risk_needs_a_running_year() {
        let july = date(2026, 7, 2);
        assert_eq!(judged(2026, july, 90, 60), Compliance::Reached);
        assert_eq!(judged(2026, july, 120, 59), Compliance::OnCourse);
        assert_eq!(judged(2026, july, 90, 10), Compliance::AtRisk);
        assert_eq!(judged(2026, july, 20, 20), Compliance::AtRisk);
        assert_eq!(judged(2026, date(2026, 3, 31), 0, 0), Compliance::OnCourse);
        assert_eq!(judged(2025, july, 89, 60), Compliance::Missing);
    }

    /// the pace is even from April on, and whole in the last thirty days.
    #[test]
    fn r63_the_pace_warns_from_april_and_in_december_asks_for_everything() {
        assert_eq!(judged(2026, date(2026, 3, 31), 0, 0), Compliance::OnCourse);
        assert_eq!(judged(2026, date(2026, 4, 1), 0, 0), Compliance::AtRisk);
        assert_eq!(judged(2026, date(2026, 12, 1), 89, 60), Compliance::OnCourse);
        assert_eq!(judged(2026, date(2026, 12, 2), 89, 60), Compliance::AtRisk);
        assert_eq!(judged(2026, date(2026, 12, 31), 90, 60), Compliance::Reached);
        assert_eq!(judged(2027, date(2026, 12, 31), 0, 0), Compliance::OnCourse);
    }

    #[test]
    fn professional_hours_are_missing_in_all_too() {
        let limits = thresholds(&national(), 2026, date(2026, 7, 2));
        assert_eq!(
            limits.missing(Hours::whole(85), Hours::whole(40)),
            (Hours::whole(20), Hours::whole(20))
        );
        assert_eq!(
            limits.missing(Hours::whole(95), Hours::whole(60)),
            (Hours::ZERO, Hours::ZERO)
        );
    }
}
