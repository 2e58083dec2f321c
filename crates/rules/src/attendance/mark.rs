//! The marks of a roll call, and the share of the taught time a person must have attended.
//! Deliberately absent: minutes of lateness; who came late attended, and the mark says so.

use kernel::Seconds;

kernel::codes! {
    /// 考勤, what a roll call says about one person in one session.
    pub enum Mark {
        /// Was there.
        Present = "present" "出勤",
        /// Was there, came late.
        Late = "late" "迟到",
        /// Was away with leave.
        Leave = "leave" "请假",
        /// Was away.
        Absent = "absent" "缺勤",
    }
}

impl Mark {
    /// Whether the session counts as attended.
    #[must_use]
    pub const fn attended(self) -> bool {
        matches!(self, Self::Present | Self::Late)
    }
}

/// The least share of the taught time that a person must have attended, as a fraction: no floats for time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttendanceShare {
    /// Upper part of the fraction.
    pub numerator: u32,
    /// Lower part, never zero.
    pub denominator: u32,
}

impl AttendanceShare {
    /// Two thirds. No national text fixes a share; the figure is a default of the platform with low
    /// confidence, to be confirmed by the municipal lead, who can change it as a platform parameter.
    pub const DEFAULT: Self = Self {
        numerator: 2,
        denominator: 3,
    };

    /// Whether the attended part of the taught time reaches the share. Nothing taught is never enough.
    #[must_use]
    pub fn reached(self, attended: Seconds, taught: Seconds) -> bool {
        let (attended, taught) = (i128::from(attended.get()), i128::from(taught.get()));
        taught > 0 && attended * i128::from(self.denominator) >= taught * i128::from(self.numerator)
    }

    /// In words: `三分之二`-like fractions read as `2/3`.
    #[must_use]
    pub fn words(self) -> String {
        format!("{}/{}", self.numerator, self.denominator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_is_attended_and_leave_is_not() {
        assert!(Mark::Present.attended() && Mark::Late.attended());
        assert!(!Mark::Leave.attended() && !Mark::Absent.attended());
    }

    #[test]
    fn the_share_is_exact_at_its_edge() {
        let share = AttendanceShare::DEFAULT;
        assert!(share.reached(Seconds::new(200), Seconds::new(300)));
        assert!(!share.reached(Seconds::new(199), Seconds::new(300)));
        assert!(!share.reached(Seconds::ZERO, Seconds::ZERO));
    }
}
