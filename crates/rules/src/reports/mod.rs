//! Where people stand in a year, as lists and figures sort them.
//!
//! whether the year is reached is the comparison of its requirement edition (`credits/requirement`), for each person
//! the demands on their series, level and field, cycles of years among them: the same that a statement tells. R-63: while
//! the year runs, 有风险 compares with an even pace over the year, from some month on, and in its last days with the whole
//! requirement: a reference line of the platform that warns early, not a demand of the regulation, and said as such. Its
//! two figures ([`Pace`]) are the lead's to set. Deliberately absent: the figures of people (`oversight/reports`).

use chrono::Datelike;
use kernel::{Date, Error, FieldError, Result};

use crate::credits::Traits;
use crate::credits::requirement::{Comparison, Edition, Shortfall, Years};

/// The figures of the reference line. Confidence of both: platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Month from which somebody can be behind: in the first quarter most classes have not begun.
    pub first_month: u32,
    /// So many days before the end of the year the pace is the whole requirement: too few classes are left.
    pub last_days: u32,
}

impl Pace {
    /// What holds until the municipal lead says otherwise.
    pub const DEFAULT: Self = Self {
        first_month: 4,
        last_days: 30,
    };

    /// New figures, if they make sense.
    ///
    /// # Errors
    /// Wrong, at each field.
    pub fn try_new(first_month: u32, last_days: u32) -> Result<Self> {
        let mut faults = Vec::new();
        if !(1..=12).contains(&first_month) {
            faults.push(FieldError::new(
                "first_month",
                "pace.month",
                "起算月份应在 1 到 12 月之间。",
            ));
        }
        if !(1..=180).contains(&last_days) {
            faults.push(FieldError::new(
                "last_days",
                "pace.days",
                "年末天数应在 1 到 180 天之间。",
            ));
        }
        if !faults.is_empty() {
            return Err(Error::Wrong(faults));
        }
        Ok(Self { first_month, last_days })
    }

    /// What 有风险 means, as pages state it.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!(
            "有风险：本年度自 {} 月起，学时低于按全年均匀推进应有的进度；最后 {} 天内尚未达标。这是平台的提醒线，不是规定的要求。",
            self.first_month, self.last_days
        )
    }

    /// How much of `year` counts as passed on the day `today`, as days of how many.
    fn passed(&self, year: i32, today: Date) -> (i64, i64) {
        let days: u32 = if today.leap_year() { 366 } else { 365 };
        let passed = match (year == today.year(), days - today.ordinal() < self.last_days) {
            (true, true) => days,
            (true, false) if today.month() >= self.first_month => today.ordinal(),
            _ => 0,
        };
        (i64::from(passed), i64::from(days))
    }
}

kernel::codes! {
    /// 年度达标情况.
    pub enum Compliance {
        /// Everything that the year demands is reached.
        Reached = "reached" "已达标",
        /// The year runs, and the pace suffices so far.
        OnCourse = "on_course" "进行中",
        /// The year runs, and the hours are behind an even pace.
        AtRisk = "at_risk" "有风险",
        /// The year is over and not reached.
        Missing = "missing" "未达标",
    }
}

/// What decides where people stand in one year, as seen on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yardstick {
    /// What is demanded.
    pub edition: Edition,
    /// The year.
    pub year: i32,
    /// Whether it is over.
    pub over: bool,
    /// How much of it has passed, as days of how many.
    pub passed: (i64, i64),
}

impl Yardstick {
    /// The yardstick of `year` on the day `today`.
    #[must_use]
    pub fn new(edition: Edition, year: i32, pace: Pace, today: Date) -> Self {
        Self {
            edition,
            year,
            over: year < today.year(),
            passed: pace.passed(year, today),
        }
    }

    /// Everything that is compared, of whomever it is demanded.
    pub fn comparisons(&self) -> impl Iterator<Item = Comparison<'_>> {
        self.edition.annual_comparisons(self.year)
    }

    /// What is missing of the year.
    #[must_use]
    pub fn missing(&self, traits: &Traits, years: &Years) -> Shortfall {
        self.edition.shortfall(traits, self.year, years)
    }

    /// Where somebody with these hours stands.
    #[must_use]
    pub fn judge(&self, traits: &Traits, years: &Years) -> Compliance {
        let all = |holds: &dyn Fn(&Comparison<'_>) -> bool| {
            self.comparisons()
                .filter(|one| one.demand.audience.holds(traits))
                .all(|one| holds(&one))
        };
        if all(&|one| one.holds(traits, years)) {
            Compliance::Reached
        } else if self.over {
            Compliance::Missing
        } else if all(&|one| self.is_on_course(one, traits, years)) {
            Compliance::OnCourse
        } else {
            Compliance::AtRisk
        }
    }

    /// Whether the pace suffices. A year before this one, where each stands by itself, cannot be made up by pace.
    fn is_on_course(&self, one: &Comparison<'_>, traits: &Traits, years: &Years) -> bool {
        if one.to < self.year {
            one.holds(traits, years)
        } else {
            one.keeps_pace(traits, years, self.passed)
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Hours, date};

    use super::*;
    use crate::credits::Subject;
    use crate::credits::requirement::{Period, What, sample, shipped};

    fn years(hours: &[(i32, i64, i64)]) -> Years {
        let mut years = Years::from(2015);
        for (year, public, professional) in hours {
            years.add(*year, Subject::Public, Hours::whole(*public), Hours::ZERO);
            years.add(*year, Subject::Professional, Hours::whole(*professional), Hours::ZERO);
        }
        years
    }

    fn judged(year: i32, today: Date, total: i64, professional: i64) -> Compliance {
        Yardstick::new(shipped(), year, Pace::DEFAULT, today).judge(
            &Traits::default(),
            &years(&[(year, total - professional, professional)]),
        )
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
    fn r63_the_figures_of_the_pace_are_the_leads_to_set_and_make_sense() {
        let pace = Pace::try_new(7, 10).expect("figures");
        let of = |today| {
            let yardstick = Yardstick::new(shipped(), 2026, pace, today);
            yardstick.judge(&Traits::default(), &Years::from(2015))
        };
        assert_eq!(of(date(2026, 6, 30)), Compliance::OnCourse);
        assert_eq!(of(date(2026, 7, 1)), Compliance::AtRisk);
        assert!(pace.in_words().contains("自 7 月起") && pace.in_words().contains("最后 10 天"));
        for (month, days) in [(0, 30), (13, 30), (4, 0), (4, 181)] {
            assert!(Pace::try_new(month, days).is_err());
        }
    }

    /// what an edition demands of some only, or of public hours, decides where they stand.
    #[test]
    fn r75_every_demand_on_a_person_decides_and_no_other() {
        let (july, mut edition) = (date(2026, 7, 2), sample());
        let judge = |edition: &Edition, series: Option<&str>, years: &Years| {
            let traits = Traits {
                series: series.map(str::to_owned),
                ..Traits::default()
            };
            Yardstick::new(edition.clone(), 2026, Pace::DEFAULT, july).judge(&traits, years)
        };
        // The sample demands 公需 30 a year of everybody.
        let without_public = years(&[(2026, 0, 120)]);
        assert_ne!(judge(&edition, None, &without_public), Compliance::Reached);
        assert_eq!(judge(&shipped(), None, &without_public), Compliance::Reached);
        let accountants = edition
            .demands
            .iter_mut()
            .find(|one| one.audience.series == ["17"])
            .expect("accountants");
        accountants.figures[0].least.otherwise = Hours::whole(120);
        let hours = years(&[(2026, 40, 60)]);
        assert_eq!(judge(&edition, None, &hours), Compliance::Reached);
        assert_ne!(judge(&edition, Some("17"), &hours), Compliance::Reached);
    }

    /// of a cycle of years, the pace asks for the share of what the years before left open.
    #[test]
    fn r75_in_a_cycle_the_pace_is_over_what_is_left_open() {
        let mut edition = shipped();
        let mut cycle = edition.demands[0].clone();
        cycle.code = "cycle".into();
        cycle.period = Period::Years { count: 2 };
        cycle.figures.retain(|figure| figure.what == What::Total);
        cycle.figures[0].least.otherwise = Hours::whole(280);
        edition.demands.push(cycle);
        // On 2 July 183 of 365 days have passed: of 100 open hours 50.13, of 190 hours 95.26.
        let yardstick = Yardstick::new(edition, 2026, Pace::DEFAULT, date(2026, 7, 2));
        let judge = |before, now| yardstick.judge(&Traits::default(), &years(&[(2025, 0, before), (2026, 30, now)]));
        assert_eq!(judge(180, 60), Compliance::OnCourse);
        assert_eq!(judge(90, 60), Compliance::AtRisk);
        assert_eq!(judge(90, 66), Compliance::OnCourse);
        assert_eq!(judge(180, 70), Compliance::Reached);
        let missing = yardstick.missing(&Traits::default(), &years(&[(2025, 0, 180), (2026, 30, 60)]));
        assert_eq!(
            (missing.in_all(), missing.professional),
            (Hours::whole(10), Hours::ZERO)
        );
    }

    #[test]
    fn professional_hours_are_missing_in_all_too() {
        let yardstick = Yardstick::new(shipped(), 2026, Pace::DEFAULT, date(2026, 7, 2));
        let missing = |public, professional| {
            let missing = yardstick.missing(&Traits::default(), &years(&[(2026, public, professional)]));
            (missing.in_all(), missing.professional)
        };
        assert_eq!(missing(45, 40), (Hours::whole(20), Hours::whole(20)));
        assert_eq!(missing(35, 60), (Hours::ZERO, Hours::ZERO));
    }
}
