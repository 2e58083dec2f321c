//! Until when a class may be reported, and the exception when that is over.
//!
//! ```text
//! requested ──grant (until a day, with a reason)──► granted
//!     └─────refuse (with a reason)────────────────► refused ──► (may be requested again)
//! ```
//! R-55: a class is reported within the reporting window, a number of working days after its last day; a window that
//! reaches a year without a calendar never closes by itself (R-11). R-56: afterwards only through an exception, requested
//! with a reason and granted with a reason by a supervising body until a day.
//! Deliberately absent: extending a window that is still open.

use kernel::{Date, Deadline, Error, Result, Time};

use crate::said;

/// The most days for which a window is reopened.
pub const LONGEST_REOPENING: i64 = 90;

kernel::codes! {
    /// The stored code of a request.
    pub enum LateCode {
        /// Waits for a decision.
        Requested = "requested" "待审批",
        /// The window is open again.
        Granted = "granted" "已同意",
        /// It stays closed.
        Refused = "refused" "不同意",
    }
}

/// A request to report late, with the facts known in its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LateState {
    /// Waits for a decision.
    Requested,
    /// The window is open until this day.
    Granted {
        /// Until the end of this day.
        until: Date,
        /// Who decided, as the trail writes it.
        by: String,
        /// When.
        at: Time,
        /// Why.
        reason: String,
    },
    /// It stays closed.
    Refused {
        /// Who decided, as the trail writes it.
        by: String,
        /// When.
        at: Time,
        /// Why.
        reason: String,
    },
}

/// Whether a class may be reported today (R-55, R-56). `closes` is the end of its window, if it has one; `reopened` the
/// last day of an exception.
///
/// # Errors
/// `report.window` by R-55, with what to do.
pub fn admits(closes: Option<Deadline>, reopened: Option<Date>, today: Date) -> Result<()> {
    let Some(closes) = closes.filter(|closes| closes.has_passed(today)) else {
        return Ok(());
    };
    match reopened {
        Some(until) if today <= until => Ok(()),
        Some(until) => Err(Error::refused_by(
            "R-56",
            "report.window",
            format!(
                "逾期报送已于 {} 截止；仍需报送的，请再次申请并说明理由。",
                said::day(until)
            ),
        )),
        None => Err(Error::refused_by(
            "R-55",
            "report.window",
            format!(
                "报送期限已于 {} 截止。确有理由的，请在“逾期报送”中提出申请，由主管部门同意后在批准的日期前报送。",
                closes.date()
            ),
        )),
    }
}

/// Whether a late report may be requested: only when it is needed, and with a reason (R-56).
///
/// # Errors
/// `late.needless` while the window is open, `late.pending` while a request waits, Wrong at `reason`.
pub fn may_request(
    (closes, reopened): (Option<Deadline>, Option<Date>),
    pending: bool,
    reason: &str,
    today: Date,
) -> Result<()> {
    if admits(closes, reopened, today).is_ok() {
        return Err(Error::refused(
            "late.needless",
            "报送期限还没有截止，可以直接报送，不需要申请。",
        ));
    }
    if pending {
        return Err(Error::refused(
            "late.pending",
            "这个班次的逾期报送申请正在审批，请等待结果。",
        ));
    }
    check_reason(reason, "请写明为什么没有按期报送，至少 10 个字；主管部门据此决定。", 10)
}

fn check_reason(reason: &str, sentence: &str, least: usize) -> Result<()> {
    let length = reason.trim().chars().count();
    if (least..=500).contains(&length) {
        return Ok(());
    }
    let sentence = if length > 500 {
        "理由请不超过 500 个字。"
    } else {
        sentence
    };
    Err(Error::wrong("reason", "late.reason", sentence))
}

impl LateState {
    /// The code to store.
    #[must_use]
    pub const fn code(&self) -> LateCode {
        match self {
            Self::Requested => LateCode::Requested,
            Self::Granted { .. } => LateCode::Granted,
            Self::Refused { .. } => LateCode::Refused,
        }
    }

    /// Opens the window again until a day (R-56).
    ///
    /// # Errors
    /// `late.decided`; Wrong at `until` or `reason`.
    pub fn grant(self, until: Date, reason: &str, (by, at): (&str, Time)) -> Result<Self> {
        self.open()?;
        let days = until.signed_duration_since(at.date()).num_days();
        if !(0..=LONGEST_REOPENING).contains(&days) {
            let sentence = format!("截止日期应从今天起，不超过 {LONGEST_REOPENING} 天。");
            return Err(Error::wrong("until", "late.until", sentence));
        }
        check_reason(reason, "请写明同意的理由，申请的机构会看到。", 2)?;
        Ok(Self::Granted {
            until,
            by: by.to_owned(),
            at,
            reason: reason.trim().to_owned(),
        })
    }

    /// Leaves the window closed.
    ///
    /// # Errors
    /// `late.decided`; Wrong at `reason`.
    pub fn refuse(self, reason: &str, (by, at): (&str, Time)) -> Result<Self> {
        self.open()?;
        check_reason(reason, "请写明不同意的理由，申请的机构会看到。", 2)?;
        Ok(Self::Refused {
            by: by.to_owned(),
            at,
            reason: reason.trim().to_owned(),
        })
    }

    fn open(&self) -> Result<()> {
        match self {
            Self::Requested => Ok(()),
            _ => Err(Error::refused("late.decided", "这份申请已经有了决定，不能再改。")),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::date;

    use super::*;

    const CLOSES: Option<Deadline> = Some(Deadline::On(match Date::from_ymd_opt(2026, 4, 10) {
        Some(date) => date,
        None => panic!("no such day"),
    }));

    fn code(result: Result<()>) -> &'static str {
        match result {
            Ok(()) => "",
            Err(Error::Refused { code, .. }) => code,
            Err(Error::Wrong(faults)) => faults[0].code,
            Err(_) => "other",
        }
    }

    #[test]
    fn r55_the_window_is_open_to_its_last_day_and_a_lower_bound_never_closes_it() {
        assert_eq!(code(admits(CLOSES, None, date(2026, 4, 10))), "");
        assert_eq!(code(admits(CLOSES, None, date(2026, 4, 11))), "report.window");
        assert_eq!(code(admits(None, None, date(2030, 1, 1))), "");
        let bound = Deadline::NotBefore {
            date: date(2027, 1, 8),
            missing: 2027,
        };
        assert_eq!(code(admits(Some(bound), None, date(2027, 12, 31))), "");
    }

    #[test]
    fn r56_an_exception_opens_until_its_day_and_no_longer() {
        let until = Some(date(2026, 5, 8));
        assert_eq!(code(admits(CLOSES, until, date(2026, 5, 8))), "");
        assert_eq!(code(admits(CLOSES, until, date(2026, 5, 9))), "report.window");
    }

    #[test]
    fn r56_a_request_is_needed_single_and_reasoned() {
        let late = date(2026, 4, 20);
        let reason = "讲课教师住院，结果迟了两周才收齐。";
        assert_eq!(code(may_request((CLOSES, None), false, reason, late)), "");
        assert_eq!(
            code(may_request((CLOSES, None), false, reason, date(2026, 4, 10))),
            "late.needless"
        );
        assert_eq!(code(may_request((CLOSES, None), true, reason, late)), "late.pending");
        assert_eq!(code(may_request((CLOSES, None), false, "忘了", late)), "late.reason");
    }

    #[test]
    fn r56_a_decision_has_a_reason_a_day_within_bounds_and_is_final() {
        let at = Time::local(date(2026, 4, 20), 9, 0);
        let grant = |until| LateState::Requested.grant(until, "情况属实", ("区人社局", at));
        assert!(grant(date(2026, 4, 20)).is_ok() && grant(date(2026, 7, 19)).is_ok());
        assert!(grant(date(2026, 4, 19)).is_err() && grant(date(2026, 7, 20)).is_err());
        assert!(LateState::Requested.refuse("", ("区人社局", at)).is_err());
        let refused = LateState::Requested.refuse("没有证明", ("区人社局", at));
        let Ok(refused) = refused else { panic!("not refused") };
        assert_eq!(refused.code(), LateCode::Refused);
        assert!(refused.grant(date(2026, 5, 1), "改主意", ("区人社局", at)).is_err());
    }
}
