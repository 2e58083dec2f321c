//! Figures that no text the platform knows fixes for Shanghai: configurable, each with its confidence.
//! Deliberately absent: figures of the national order (they stand in `credits`).

use kernel::{FieldError, Result};

use crate::attendance::AttendanceShare;
use crate::attendance::check_in::Minutes;

/// The figures in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameters {
    /// The least share of taught time to complete a class. Confidence: low.
    pub attendance: AttendanceShare,
    /// Working days after the last session in which results are to be recorded. Confidence: medium (documents of
    /// other provinces for senior seminars name 10 or 15 working days).
    pub result_workdays: u32,
    /// 报送期限, working days after the last day of a class within which it may be reported. Confidence: platform,
    /// to be confirmed; no text of Shanghai names a figure.
    pub report_workdays: u32,
    /// Working days after the last day of a class until which participants may answer about it. Confidence: low (other
    /// provinces want the result of the survey within 10 working days, with the closing documents).
    pub survey_workdays: u32,
    /// When check-in by code opens, and until when one is in time. Confidence: low.
    pub check_in: Minutes,
}

impl Parameters {
    /// What holds until the municipal lead says otherwise.
    pub const DEFAULT: Self = Self {
        attendance: AttendanceShare::DEFAULT,
        result_workdays: 10,
        report_workdays: 30,
        survey_workdays: 10,
        check_in: Minutes::DEFAULT,
    };

    /// New figures, if they make sense.
    ///
    /// # Errors
    /// Wrong, at the field.
    pub fn try_new(
        (numerator, denominator): (u32, u32),
        (result_workdays, report_workdays, survey_workdays): (u32, u32, u32),
        check_in: Minutes,
    ) -> Result<Self> {
        let mut faults = Vec::new();
        if denominator == 0 || denominator > 100 || numerator > denominator {
            let sentence = "最低出勤比例应是不大于 1 的分数，分母 1 到 100，例如 2/3。";
            faults.push(FieldError::new(
                "attendance_numerator",
                "parameters.attendance",
                sentence,
            ));
        }
        if !(1..=90).contains(&result_workdays) {
            let sentence = "录入结果期限应在 1 到 90 个工作日之间。";
            faults.push(FieldError::new(
                "result_workdays",
                "parameters.result_workdays",
                sentence,
            ));
        }
        if !(result_workdays..=180).contains(&report_workdays) {
            let sentence = "报送期限应不短于录入结果期限，且不超过 180 个工作日。";
            faults.push(FieldError::new(
                "report_workdays",
                "parameters.report_workdays",
                sentence,
            ));
        }
        if !(1..=90).contains(&survey_workdays) {
            let sentence = "满意度评价期限应在 1 到 90 个工作日之间。";
            faults.push(FieldError::new(
                "survey_workdays",
                "parameters.survey_workdays",
                sentence,
            ));
        }
        if check_in.lead > 180 {
            let sentence = "提前签到时间应在 0 到 180 分钟之间。";
            faults.push(FieldError::new("check_in_lead", "parameters.check_in_lead", sentence));
        }
        if check_in.grace > 60 {
            let sentence = "迟到宽限应在 0 到 60 分钟之间。";
            faults.push(FieldError::new("check_in_grace", "parameters.check_in_grace", sentence));
        }
        if !faults.is_empty() {
            return Err(kernel::Error::Wrong(faults));
        }
        Ok(Self {
            attendance: AttendanceShare { numerator, denominator },
            result_workdays,
            report_workdays,
            survey_workdays,
            check_in,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_that_make_no_sense_are_refused_at_their_field() {
        let tried = |share, days| Parameters::try_new(share, days, Minutes::DEFAULT).is_ok();
        assert!(tried((2, 3), (10, 10, 10)));
        for share in [(4, 3), (1, 0)] {
            assert!(!tried(share, (10, 30, 10)));
        }
        for days in [
            (0, 30, 10),
            (91, 100, 10),
            (10, 9, 10),
            (10, 181, 10),
            (10, 30, 0),
            (10, 30, 91),
        ] {
            assert!(!tried((2, 3), days), "{days:?}");
        }
        for (lead, grace) in [(181, 10), (30, 61)] {
            assert!(Parameters::try_new((2, 3), (10, 30, 10), Minutes { lead, grace }).is_err());
        }
    }
}
