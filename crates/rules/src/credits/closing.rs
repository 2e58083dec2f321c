//! 年度关账: when a year's hours are final, and what may still enter it afterwards.
//!
//! ```text
//! Open ──close──► Closed ──reopen──► Reopened ──close──► Closed
//! ```
//! R-60: a year is closed when it is over, by the lead, with a date until which late hours still enter.
//! R-61: after that date nothing enters a closed year but what somebody decided with a reason: a reversal, or the
//! outcome of a dispute. R-62: a closed year shows the figures of the day it was closed; what was corrected later is
//! marked. R-8: nothing is carried over from one year to the next; what an edition may say about carrying belongs to
//! the requirement, not here.
//! Deliberately absent: the running year. It cannot be closed, so postings to it are never asked about.

use chrono::{Datelike, TimeDelta};
use kernel::{Date, Error, Hours, Result, Time};

use super::{Cause, Line, Posting, Subject};
use crate::said;

/// Days of the late window that the form proposes: no text of Shanghai is known, so it is the lead's to set.
pub const LATE_DAYS: i64 = 60;
/// The longest late window in days.
const LATE_MOST: i64 = 400;

/// Where a year of the ledger stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum YearState {
    /// Never closed.
    Open,
    /// Closed.
    Closed {
        /// When.
        at: Time,
        /// Last day on which late hours enter.
        late_until: Date,
    },
    /// Closed once, and opened again for a reason.
    Reopened {
        /// When.
        at: Time,
        /// Why.
        reason: String,
    },
}

impl YearState {
    /// The code stored.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed { .. } => "closed",
            Self::Reopened { .. } => "reopened",
        }
    }

    /// When it was closed, if it is.
    #[must_use]
    pub const fn closed_at(&self) -> Option<Time> {
        match self {
            Self::Closed { at, .. } => Some(*at),
            _ => None,
        }
    }

    /// Closes `year` (R-60).
    ///
    /// # Errors
    /// `closing.not_over`, `closing.closed`; wrong at `late_until` when the window ends before today or in more than
    /// 400 days.
    pub fn close(&self, year: i32, now: Time, late_until: Date) -> Result<Self> {
        let today = now.date();
        if year >= today.year() {
            return Err(Error::refused_by(
                "R-60",
                "closing.not_over",
                format!("{year} 年度还没有结束，{} 年 1 月 1 日起才能关账。", year + 1),
            ));
        }
        if let Self::Closed { at, .. } = self {
            return Err(Error::refused_by(
                "R-60",
                "closing.closed",
                format!("{year} 年度已于 {} 关账，不需要再关。", said::day(at.date())),
            ));
        }
        if late_until < today || late_until > today + TimeDelta::days(LATE_MOST) {
            return Err(Error::wrong(
                "late_until",
                "closing.late_until",
                "补录截止日应在今天或之后，最长 400 天。",
            ));
        }
        Ok(Self::Closed { at: now, late_until })
    }

    /// Opens a closed year again.
    ///
    /// # Errors
    /// `closing.not_closed`; wrong at `reason` when it has not 4 to 200 characters.
    pub fn reopen(&self, year: i32, now: Time, reason: &str) -> Result<Self> {
        let reason = reason.trim();
        if !(4..=200).contains(&reason.chars().count()) {
            return Err(Error::wrong(
                "reason",
                "closing.reason",
                "请用 4 到 200 个字写明重新开账的原因，审计记录中可以查到。",
            ));
        }
        match self {
            Self::Closed { .. } => Ok(Self::Reopened {
                at: now,
                reason: reason.to_owned(),
            }),
            _ => Err(Error::refused_by(
                "R-60",
                "closing.not_closed",
                format!("{year} 年度没有关账，不需要重新开账。"),
            )),
        }
    }

    /// Whether a posting may enter the year today (R-61).
    ///
    /// # Errors
    /// `credits.year_closed`, saying since when and what to do.
    pub fn admit(&self, posting: &Posting, today: Date) -> Result<()> {
        if posting.cause.is_decision() {
            return Ok(());
        }
        self.admit_undecided(posting.year, today)
    }

    /// Whether hours on which nobody has decided may enter `year` today (R-61): what a report asks before it is written.
    ///
    /// # Errors
    /// As [`YearState::admit`].
    pub fn admit_undecided(&self, year: i32, today: Date) -> Result<()> {
        match self {
            Self::Closed { at, late_until } if today > *late_until => Err(Error::refused_by(
                "R-61",
                "credits.year_closed",
                format!(
                    "{} 年度已于 {} 关账，补录也已于 {} 截止，不能再记入学时。确有遗漏的，请本人提出学时异议，由主管部门决定。",
                    year,
                    said::day(at.date()),
                    said::day(*late_until)
                ),
            )),
            _ => Ok(()),
        }
    }
}

impl Cause {
    /// Whether somebody decided this posting with a reason, so that a closed year admits it (R-61). A new kind of
    /// cause that is the outcome of a decision belongs into this list.
    #[must_use]
    pub const fn is_decision(&self) -> bool {
        matches!(self, Self::Reversal(_) | Self::Dispute(_) | Self::Decided(_))
    }
}

/// The sums of a closed year as they were on the day it was closed, and what came after (R-62).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// When the year was closed.
    pub at: Time,
    /// Hours in all on that day.
    pub total: Hours,
    /// Of them in 专业科目.
    pub professional: Hours,
    /// How many entries came later.
    pub later: usize,
    /// What they add to the hours; negative where hours were taken back.
    pub change: Hours,
}

impl Frozen {
    /// The frozen sums of a year, none when it is not closed.
    #[must_use]
    pub fn of(state: &YearState, lines: &[Line]) -> Option<Self> {
        let at = state.closed_at()?;
        let sum = |keep: &dyn Fn(&&Line) -> bool| -> Hours { lines.iter().filter(keep).map(|line| line.hours).sum() };
        Some(Self {
            at,
            total: sum(&|line| line.posted_at <= at),
            professional: sum(&|line| line.posted_at <= at && line.subject == Subject::Professional),
            later: lines.iter().filter(|line| line.posted_at > at).count(),
            change: sum(&|line| line.posted_at > at),
        })
    }

    /// Whether an entry came after the year was closed.
    #[must_use]
    pub fn is_later(&self, line: &Line) -> bool {
        line.posted_at > self.at
    }

    /// The state of the year in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let closed = format!(
            "本年度已于 {} 关账，关账时共 {} 学时",
            said::day(self.at.date()),
            self.total
        );
        match self.later {
            0 => format!("{closed}，此后没有变动。"),
            later => format!("{closed}；此后更正 {later} 笔，合计 {} 学时。", signed(self.change)),
        }
    }
}

fn signed(hours: Hours) -> String {
    if hours.is_negative() {
        hours.to_string().replace('-', "−")
    } else {
        format!("+{hours}")
    }
}

/// `2026年3月5日`.
#[cfg(test)]
mod tests {
    use kernel::{EntryId, Place, date, id::Id};

    use super::super::ActivityForm;
    use super::super::{HistoryFacts, for_history, reverse};
    use super::*;

    fn at(year: i32, month: u32, on: u32) -> Time {
        Time::local(date(year, month, on), 9, 0)
    }

    fn closed() -> YearState {
        YearState::Open
            .close(2025, at(2026, 2, 1), date(2026, 3, 31))
            .expect("2025 is over")
    }

    fn posting() -> Posting {
        let facts = HistoryFacts {
            key: "k".into(),
            title: "培训".into(),
            subject: Subject::Public,
            form: ActivityForm::Class,
            hours: Hours::whole(8),
            earned_on: date(2025, 5, 6),
        };
        for_history(facts, Id::new(1), Place::default())
    }

    fn code(result: Result<impl Sized>) -> &'static str {
        match result {
            Ok(_) => "ok",
            Err(Error::Refused { code, .. }) => code,
            Err(Error::Wrong(faults)) => faults[0].code,
            Err(_) => "other",
        }
    }

    /// R-60, every state with every deed.
    #[test]
    fn r60_a_year_is_closed_once_when_it_is_over_and_opened_for_a_reason() {
        let reopened = closed().reopen(2025, at(2026, 4, 1), "漏登一批学时").expect("closed");
        let close = |state: &YearState, year| code(state.close(year, at(2026, 2, 1), date(2026, 3, 31)));
        let reopen = |state: &YearState| code(state.reopen(2025, at(2026, 4, 1), "漏登一批学时"));
        assert_eq!(close(&YearState::Open, 2025), "ok");
        assert_eq!(close(&YearState::Open, 2026), "closing.not_over");
        assert_eq!(close(&closed(), 2025), "closing.closed");
        assert_eq!(close(&reopened, 2025), "ok");
        assert_eq!(reopen(&YearState::Open), "closing.not_closed");
        assert_eq!(reopen(&closed()), "ok");
        assert_eq!(reopen(&reopened), "closing.not_closed");
        assert_eq!(code(closed().reopen(2025, at(2026, 4, 1), "错")), "closing.reason");
        for window in [date(2026, 1, 31), date(2027, 6, 1)] {
            assert_eq!(
                code(YearState::Open.close(2025, at(2026, 2, 1), window)),
                "closing.late_until"
            );
        }
    }

    /// R-61: until the late window ends everything enters, afterwards decisions alone.
    #[test]
    fn r61_a_closed_year_admits_decisions_alone() {
        let reopened = closed().reopen(2025, at(2026, 4, 1), "漏登一批学时").expect("closed");
        let back = reverse(EntryId::new(9), &posting(), false, "登记有误").expect("a reversal");
        let states = [YearState::Open, closed(), reopened];
        for (state, plain) in states.iter().zip(["ok", "credits.year_closed", "ok"]) {
            assert_eq!(code(state.admit(&posting(), date(2026, 3, 31))), "ok");
            assert_eq!(code(state.admit(&posting(), date(2026, 4, 1))), plain);
            assert_eq!(code(state.admit(&back, date(2026, 4, 1))), "ok");
        }
    }

    /// R-62: later entries change the sums of the ledger and not the frozen ones.
    #[test]
    fn r62_frozen_figures_are_those_of_the_day() {
        let line = |id: i64, hours: i64, posted_at: Time| Line {
            id: EntryId::new(id),
            subject: Subject::Professional,
            form: ActivityForm::Class,
            hours: Hours::whole(hours),
            title: String::new(),
            rule: "R-7".into(),
            basis: String::new(),
            earned_on: date(2025, 5, 6),
            posted_at,
            reverses: None,
            reversed: false,
        };
        let lines = [
            line(1, 8, at(2025, 5, 6)),
            line(2, 4, at(2026, 2, 1)),
            line(3, -8, at(2026, 2, 2)),
        ];
        assert_eq!(Frozen::of(&YearState::Open, &lines), None);
        let frozen = Frozen::of(&closed(), &lines).expect("closed");
        assert_eq!((frozen.total, frozen.later), (Hours::whole(12), 1));
        assert_eq!(
            frozen.sentence(),
            "本年度已于 2026年2月1日 关账，关账时共 12 学时；此后更正 1 笔，合计 −8 学时。"
        );
        assert!(frozen.is_later(&lines[2]) && !frozen.is_later(&lines[1]));
    }
}
