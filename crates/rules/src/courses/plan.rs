//! The plan of a class and everything publishing asks of it, told at the field.
//! Deliberately absent: who may publish (permits) and the course's own checks (course.rs).

use chrono::Datelike;
use kernel::{FieldError, Hours, Money, Time};

use super::{Delivery, Eligibility, FeeSource, SessionPlan, class::Times, schedule};

/// The most people in one class.
pub const MOST_SEATS: i64 = 5_000;

/// The plan of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassPlan {
    /// Title shown in the catalogue.
    pub title: String,
    /// How it is taught.
    pub delivery: Delivery,
    /// Code of a key area, if it serves one.
    pub key_area: Option<String>,
    /// What to expect, in a few sentences.
    pub summary: String,
    /// The main place, in words.
    pub place: String,
    /// Whom to ask: name and telephone.
    pub contact: String,
    /// What a person pays.
    pub fee: Money,
    /// Who bears the cost.
    pub fee_source: FeeSource,
    /// The year in which the hours count.
    pub year: i32,
    /// Enrolment opens.
    pub enrol_from: Option<Time>,
    /// Enrolment ends.
    pub enrol_until: Option<Time>,
    /// Seats.
    pub capacity: i64,
    /// Of these, seats reserved for front-line staff.
    pub reserved: i64,
    /// Who may enrol.
    pub eligibility: Eligibility,
    /// Hours the provider declares (R-7: never more is posted).
    pub declared_hours: Hours,
}

impl ClassPlan {
    /// Everything that stands in the way of publishing at `now`, each at its field.
    #[must_use]
    pub fn faults(&self, sessions: &[SessionPlan], now: Time) -> Vec<FieldError> {
        let mut faults = self.basics();
        faults.extend(schedule::faults(sessions, self.delivery));
        faults.extend(self.seats());
        faults.extend(self.window(sessions, now));
        faults
    }

    fn basics(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut say = |field: &'static str, code, sentence: &str| faults.push(FieldError::new(field, code, sentence));
        if self.title.trim().is_empty() {
            say("title", "class.title", "请填写班次名称。");
        }
        if self.contact.trim().is_empty() {
            say("contact", "class.contact", "请填写联系人和电话，学员有事可以找谁。");
        }
        if self.delivery.has_place() && self.place.trim().is_empty() {
            say("place", "class.place", "请填写上课地点。");
        }
        if self.declared_hours <= Hours::ZERO {
            say("declared_hours", "class.hours", "请填写申报学时，例如 16 或 1.5。");
        }
        if self.fee.is_negative() {
            say("fee", "class.fee", "收费标准不能是负数；不收费请填 0。");
        }
        faults
    }

    fn seats(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if !(1..=MOST_SEATS).contains(&self.capacity) {
            let sentence = format!("招生人数应在 1 到 {MOST_SEATS} 之间。");
            faults.push(FieldError::new("capacity", "class.capacity", sentence));
        }
        if self.reserved < 0 || self.reserved > self.capacity {
            let sentence = "基层一线名额不能多于招生人数。";
            faults.push(FieldError::new("reserved", "class.reserved", sentence));
        }
        faults
    }

    fn window(&self, sessions: &[SessionPlan], now: Time) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut say = |field: &'static str, code, sentence: String| faults.push(FieldError::new(field, code, sentence));
        match (self.enrol_from, self.enrol_until) {
            (None, _) => say("enrol_from", "class.enrol_from", "请填写报名开始时间。".into()),
            (Some(from), Some(until)) if until <= from => {
                say(
                    "enrol_until",
                    "class.enrol_order",
                    "报名截止时间应晚于报名开始时间。".into(),
                );
            }
            _ => {}
        }
        let begin = sessions.iter().map(|s| s.starts_at).min();
        let end = sessions.iter().map(|s| s.ends_at).max();
        match self.enrol_until {
            None => say("enrol_until", "class.enrol_until", "请填写报名截止时间。".into()),
            Some(until) if until <= now => {
                say(
                    "enrol_until",
                    "class.enrol_past",
                    "报名截止时间已过，请改为将来的时间。".into(),
                );
            }
            Some(until) if begin.is_some_and(|begin| until > begin) => {
                say(
                    "enrol_until",
                    "class.enrol_late",
                    "报名应在第一个课次开始前截止。".into(),
                );
            }
            Some(_) => {}
        }
        if begin.is_some_and(|begin| begin <= now) {
            say(
                "sessions",
                "class.begun",
                "第一个课次的时间已过，请改为将来的时间。".into(),
            );
        }
        if let Some(end) = end
            && end.plus_seconds(-1).date().year() != self.year
        {
            let year = end.plus_seconds(-1).date().year();
            say(
                "year",
                "class.year",
                format!("学时计入结束当年：最后一个课次在 {year} 年，学时年度请填 {year}。"),
            );
        }
        faults
    }

    /// The times that move the class on once it is published; none while a part is missing.
    #[must_use]
    pub fn times(&self, sessions: &[SessionPlan]) -> Option<Times> {
        Some(Times {
            enrol_from: self.enrol_from?,
            enrol_until: self.enrol_until?,
            starts_at: sessions.iter().map(|s| s.starts_at).min()?,
            ends_at: sessions.iter().map(|s| s.ends_at).max()?,
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use kernel::date;

    use super::*;
    use crate::courses::schedule::tests::session;

    pub(in crate::courses) fn plan() -> ClassPlan {
        ClassPlan {
            title: "数据治理（春季班）".into(),
            delivery: Delivery::Offline,
            key_area: None,
            summary: String::new(),
            place: "延安西路 1 号".into(),
            contact: "李老师 021-00000000".into(),
            fee: Money::ZERO,
            fee_source: FeeSource::Finance,
            year: 2026,
            enrol_from: Some(Time::local(date(2026, 2, 1), 9, 0)),
            enrol_until: Some(Time::local(date(2026, 3, 1), 17, 0)),
            capacity: 50,
            reserved: 10,
            eligibility: Eligibility::default(),
            declared_hours: Hours::whole(8),
        }
    }

    fn now() -> Time {
        Time::local(date(2026, 1, 20), 9, 0)
    }

    #[test]
    fn a_whole_plan_can_be_published() {
        assert_eq!(plan().faults(&[session(5, 9, 12)], now()), []);
    }

    #[test]
    fn what_is_missing_is_told_all_at_once_at_the_fields() {
        let empty = ClassPlan {
            contact: String::new(),
            place: " ".into(),
            capacity: 0,
            reserved: 3,
            enrol_until: None,
            declared_hours: Hours::ZERO,
            ..plan()
        };
        let fields: Vec<String> = empty.faults(&[], now()).iter().map(|f| f.field.to_string()).collect();
        assert_eq!(
            fields,
            [
                "contact",
                "place",
                "declared_hours",
                "sessions",
                "capacity",
                "reserved",
                "enrol_until"
            ]
        );
    }

    #[test]
    fn the_window_closes_before_teaching_and_in_the_future() {
        let code = |plan: ClassPlan, now| plan.faults(&[session(5, 9, 12)], now).first().map(|f| f.code);
        let late = ClassPlan {
            enrol_until: Some(Time::local(date(2026, 3, 6), 9, 0)),
            ..plan()
        };
        assert_eq!(code(late, now()), Some("class.enrol_late"));
        assert_eq!(
            code(plan(), Time::local(date(2026, 3, 2), 9, 0)),
            Some("class.enrol_past")
        );
        assert_eq!(code(ClassPlan { year: 2025, ..plan() }, now()), Some("class.year"));
    }
}
