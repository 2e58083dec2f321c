//! The public notice (公示): who may object until when, and when it is over.
//!
//! it lasts at least five working days, counted from the day after it began. R-89: everybody may object until the end of its
//! last day; an open objection keeps the notice from ending, is answered with a reason, and who objected is never published.
//! a notice that reaches a year without a calendar does not end before that year is imported.

use kernel::{Date, Deadline, Error, FieldError, Result};

kernel::codes! {
    /// Where an objection stands.
    pub enum ObjectionState {
        /// Waits for its answer.
        Open = "open" "待答复",
        /// Right: the project is taken out.
        Upheld = "upheld" "异议成立",
        /// Not right.
        Dismissed = "dismissed" "异议不成立",
    }
}

/// An objection as somebody writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Objection {
    /// Who, never published.
    pub name: String,
    /// How to reach them, never published.
    pub contact: String,
    /// What and why.
    pub text: String,
}

impl Objection {
    /// Reads what was typed.
    ///
    /// # Errors
    /// Wrong, at each field.
    pub fn checked(self) -> Result<Self> {
        let mut faults = Vec::new();
        let mut note = |field: &'static str, sentence: &str| {
            faults.push(FieldError::new(field, "objection.field", sentence));
        };
        let count = |text: &str| text.trim().chars().count();
        if !(2..=40).contains(&count(&self.name)) {
            note("name", "请填写姓名或单位名称，2 到 40 个字，不会公开。");
        }
        if !(5..=60).contains(&count(&self.contact)) {
            note("contact", "请填写电话或电子邮箱，以便核实和答复，不会公开。");
        }
        if !(10..=2_000).contains(&count(&self.text)) {
            note("text", "请用 10 到 2000 个字写明异议的事实和理由。");
        }
        if !faults.is_empty() {
            return Err(Error::Wrong(faults));
        }
        Ok(Self {
            name: self.name.trim().to_owned(),
            contact: self.contact.trim().to_owned(),
            text: self.text.trim().to_owned(),
        })
    }
}

impl ObjectionState {
    /// open → upheld | dismissed.
    ///
    /// # Errors
    /// `objection.answered`.
    pub fn answer(self, upheld: bool) -> Result<Self> {
        match (self, upheld) {
            (Self::Open, true) => Ok(Self::Upheld),
            (Self::Open, false) => Ok(Self::Dismissed),
            _ => Err(Error::refused("objection.answered", "这件异议已经答复过了。")),
        }
    }
}

/// whether an objection is still taken.
///
/// # Errors
/// `objection.late`.
pub fn may_object(deadline: Deadline, today: Date) -> Result<()> {
    if deadline.has_passed(today) {
        return Err(Error::refused_by(
            "R-89",
            "objection.late",
            "公示期已满，不再受理异议。对结果有意见的，可以向组织单位信访或投诉。",
        ));
    }
    Ok(())
}

/// Whether the notice is over: its time has run and every objection is answered.
#[must_use]
pub fn is_over(deadline: Deadline, today: Date, open_objections: i64) -> bool {
    deadline.has_passed(today) && open_objections == 0
}

#[cfg(test)]
mod tests {
    use kernel::date;

    use super::*;

    #[test]
    fn r89_the_last_day_counts_whole_and_an_open_objection_holds_the_notice() {
        let last = Deadline::On(date(2026, 5, 13));
        assert!(may_object(last, date(2026, 5, 13)).is_ok());
        assert!(may_object(last, date(2026, 5, 14)).is_err());
        assert!(!is_over(last, date(2026, 5, 13), 0));
        assert!(is_over(last, date(2026, 5, 14), 0));
        assert!(!is_over(last, date(2026, 5, 14), 1));
        assert!(ObjectionState::Open.answer(true).unwrap().answer(false).is_err());
    }

    #[test]
    fn a_year_without_a_calendar_never_ends_a_notice() {
        let open = Deadline::NotBefore {
            date: date(2027, 1, 5),
            missing: 2027,
        };
        assert!(!is_over(open, date(2027, 12, 31), 0));
        assert!(may_object(open, date(2027, 12, 31)).is_ok());
    }

    #[test]
    fn an_objection_says_who_how_and_what() {
        assert!(Objection::default().checked().is_err());
        let whole = Objection {
            name: " 某单位 ".into(),
            contact: "021-00000000".into(),
            text: "该项目与去年的项目内容重复，请核实。".into(),
        };
        assert_eq!(whole.checked().unwrap().name, "某单位");
    }
}
