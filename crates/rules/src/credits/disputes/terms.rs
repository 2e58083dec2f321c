//! The periods of a dispute, in working days: configurable, because no text known to the platform fixes them for Shanghai.
//!
//! answer and decision together take 20 working days by default, which is nearest to the 30 days in which 北京市规定
//! (2016) and 河南省条例 (2010) have complaints about continuing education decided. Confidence: low (by analogy).
//! a period that reaches a year without a calendar is a lower bound.
//! Deliberately absent: periods by kind of dispute.

use kernel::{Calendar, Date, Error, FieldError, Result};

/// The periods in force, working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// For the provider's answer, from the opening.
    pub answer: u32,
    /// For the decision, from the answer or its lapse.
    pub decision: u32,
    /// For the person to appeal, from the decision.
    pub appeal: u32,
    /// For the decision on an appeal.
    pub review: u32,
}

impl Terms {
    /// What holds until the lead says otherwise: 示例（待市人社局确认）.
    pub const DEFAULT: Self = Self {
        answer: 5,
        decision: 15,
        appeal: 10,
        review: 20,
    };

    /// Each period with its name as stored and its name as said.
    #[must_use]
    pub fn named(&self) -> [(&'static str, &'static str, u32); 4] {
        [
            ("answer", "施教机构答复期限", self.answer),
            ("decision", "作出决定的期限", self.decision),
            ("appeal", "申请复核的期限", self.appeal),
            ("review", "复核决定的期限", self.review),
        ]
    }

    /// New periods, if they make sense: 1 to 60 working days each.
    ///
    /// # Errors
    /// Wrong, at each field.
    pub fn try_new(answer: u32, decision: u32, appeal: u32, review: u32) -> Result<Self> {
        let terms = Self {
            answer,
            decision,
            appeal,
            review,
        };
        let faults: Vec<FieldError> = terms
            .named()
            .into_iter()
            .filter(|(_, _, days)| !(1..=60).contains(days))
            .map(|(field, label, _)| {
                FieldError::new(field, "dispute.terms", format!("{label}应在 1 到 60 个工作日之间。"))
            })
            .collect();
        if faults.is_empty() {
            Ok(terms)
        } else {
            Err(Error::Wrong(faults))
        }
    }
}

/// Working days from the day after `from` up to and including `to`; none when a year between has no calendar.
#[must_use]
pub fn workdays_between(calendar: &Calendar, from: Date, to: Date) -> Option<u32> {
    let days = from.iter_days().skip(1).take_while(|day| *day <= to);
    days.map(|day| calendar.is_workday(day).map(u32::from)).sum()
}

#[cfg(test)]
mod tests {
    use kernel::{calendar::DayKind, date};

    use super::*;

    #[test]
    fn r51_periods_are_whole_working_days_within_reason() {
        assert_eq!(Terms::try_new(5, 15, 10, 20).expect("the default"), Terms::DEFAULT);
        let Err(Error::Wrong(faults)) = Terms::try_new(0, 15, 61, 20) else {
            panic!("accepted")
        };
        assert_eq!(faults.len(), 2);
    }

    #[test]
    fn working_days_are_counted_only_where_the_calendar_is_known() {
        let calendar = Calendar::new([(date(2026, 4, 6), DayKind::Holiday)]);
        assert_eq!(workdays_between(&calendar, date(2026, 4, 3), date(2026, 4, 7)), Some(1));
        assert_eq!(workdays_between(&calendar, date(2026, 4, 3), date(2026, 4, 3)), Some(0));
        assert_eq!(workdays_between(&calendar, date(2026, 12, 31), date(2027, 1, 5)), None);
    }
}
