//! Figures of the claims' procedure that no text known to the platform fixes: configurable, marked as the platform's.

use kernel::{Error, FieldError, Result};

/// The figures in force. Confidence of each: platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameters {
    /// Working days in which the employer confirms.
    pub confirm_workdays: u32,
    /// Working days in which the competent body recognises.
    pub recognise_workdays: u32,
    /// Working days in which the person should correct.
    pub correct_workdays: u32,
    /// Share of recognised claims that a draw chooses, in percent.
    pub sample_percent: u32,
}

impl Parameters {
    /// What holds until the municipal lead says otherwise.
    pub const DEFAULT: Self = Self {
        confirm_workdays: 10,
        recognise_workdays: 15,
        correct_workdays: 15,
        sample_percent: 5,
    };

    /// New figures, if they make sense.
    ///
    /// # Errors
    /// Wrong, at each field.
    pub fn try_new(confirm: u32, recognise: u32, correct: u32, percent: u32) -> Result<Self> {
        let days = [
            ("confirm_workdays", "单位确认期限", confirm),
            ("recognise_workdays", "认定期限", recognise),
            ("correct_workdays", "补正期限", correct),
        ];
        let mut faults: Vec<FieldError> = days
            .iter()
            .filter(|(_, _, days)| !(1..=90).contains(days))
            .map(|(field, label, _)| {
                FieldError::new(
                    *field,
                    "parameters.workdays",
                    format!("{label}应在 1 到 90 个工作日之间。"),
                )
            })
            .collect();
        if !(1..=100).contains(&percent) {
            faults.push(FieldError::new(
                "sample_percent",
                "parameters.percent",
                "抽查比例应在 1% 到 100% 之间。",
            ));
        }
        if !faults.is_empty() {
            return Err(Error::Wrong(faults));
        }
        Ok(Self {
            confirm_workdays: confirm,
            recognise_workdays: recognise,
            correct_workdays: correct,
            sample_percent: percent,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_that_make_no_sense_are_refused() {
        assert!(Parameters::try_new(10, 15, 15, 5).is_ok());
        for (a, b, c, d) in [
            (0, 15, 15, 5),
            (10, 91, 15, 5),
            (10, 15, 0, 5),
            (10, 15, 15, 0),
            (10, 15, 15, 101),
        ] {
            assert!(Parameters::try_new(a, b, c, d).is_err());
        }
    }
}
