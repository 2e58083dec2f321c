//! Reports of providers: who will come and who passed, as a file or through the API, for classes run here and elsewhere.
//!
//! ```text
//! waiting ──check──► checked ──confirm──► committing ──► done
//!    │                  │                     └── stopped by what the writing found ──► failed
//!    └──────cancel──────┴──► cancelled            a file that cannot be read ──► failed
//! ```
//! A file is tried out first and writes nothing. Confirmed, its right rows are written and its wrong ones come back in
//! the workbook: a person's row is written whole or not at all, and never twice.
//! `row.rs` judges a row, `window.rs` says until when a class may be reported, `filing.rs` what a class that ran outside
//! the platform must say. Rules: R-55, R-56 (window), R-57 (once), R-58 (identity), R-59 (scope).
//! Deliberately absent: looking people up, and hours themselves (R-6, R-7 in `credits`).

mod filing;
mod row;
mod window;

use kernel::{Error, Result};

pub use filing::{Approved, Filing, MOST_PARTICIPANTS, read_sessions, write_sessions};
pub use row::{COLUMNS, Frame, Person, Told, judge, title};
pub use window::{LONGEST_REOPENING, LateCode, LateState, admits, may_request};

kernel::codes! {
    /// What a report says.
    pub enum ReportKind {
        /// Who will come: enrols the right ones.
        Roster = "roster" "学员名单",
        /// Who passed: records results and posts hours.
        Completions = "completions" "结业结果",
    }
}

kernel::codes! {
    /// Where a report stands.
    pub enum ReportState {
        /// Handed in; the dry run waits or runs.
        Waiting = "waiting" "正在检查",
        /// The dry run is over; nothing was written yet.
        Checked = "checked" "已检查",
        /// Confirmed; the writing waits or runs.
        Committing = "committing" "正在写入",
        /// Every right row is in.
        Done = "done" "已报送",
        /// Stopped, with the reason; rows that were written stay, and stay single.
        Failed = "failed" "未报送",
        /// Given up; nothing was written.
        Cancelled = "cancelled" "已取消",
    }
}

impl ReportState {
    /// Confirms a checked report: `right` rows will be written.
    ///
    /// # Errors
    /// `report.nothing`, `report.state`, with what to do.
    pub fn confirm(self, right: i64) -> Result<Self> {
        match self {
            Self::Checked if right == 0 => Err(Error::refused(
                "report.nothing",
                "没有需要写入的行：要么都有错误，要么此前已经报送过。有错误的请按错误清单改正后重新上传。",
            )),
            Self::Checked => Ok(Self::Committing),
            other => Err(Error::refused(
                "report.state",
                format!("这份报送{}，不能再次确认。", other.name()),
            )),
        }
    }

    /// Gives a report up.
    ///
    /// # Errors
    /// `report.committing`, `report.state`.
    pub fn cancel(self) -> Result<Self> {
        match self {
            Self::Waiting | Self::Checked => Ok(Self::Cancelled),
            Self::Committing => Err(Error::refused(
                "report.committing",
                "正在写入，不能取消；写入中断会自动接着做完，每人只记一次。",
            )),
            other => Err(Error::refused(
                "report.state",
                format!("这份报送{}，不能取消。", other.name()),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Code;

    use super::*;

    #[test]
    fn only_a_checked_report_with_a_right_row_is_confirmed_and_only_before_it_is_given_up() {
        for state in ReportState::ALL.iter().copied() {
            assert_eq!(state.confirm(1).is_ok(), state == ReportState::Checked, "{state:?}");
            let open = matches!(state, ReportState::Waiting | ReportState::Checked);
            assert_eq!(state.cancel().is_ok(), open, "{state:?}");
        }
        assert!(ReportState::Checked.confirm(0).is_err());
    }
}
