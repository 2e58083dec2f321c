//! The lines of a run: what was measured, the figure, the bar it must clear, and whether it did.
//!
//! Lines are printed as they come and written to a file at the end. A part that could not be measured is a line too.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// What a line says about its bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Ok,
    Missed,
    NoBar,
    Failed,
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Missed => "MISSED",
            Self::NoBar => "",
            Self::Failed => "FAILED",
        }
    }
}

/// All lines of a run.
pub struct Report {
    lines: Vec<String>,
    missed: usize,
    failed: usize,
}

impl Report {
    /// Begins with the description of the machine.
    pub fn new(head: Vec<String>) -> Self {
        let mut report = Self {
            lines: Vec::new(),
            missed: 0,
            failed: 0,
        };
        for line in head {
            report.say(line);
        }
        report.say(String::new());
        report
    }

    fn say(&mut self, line: String) {
        println!("{line}");
        self.lines.push(line);
    }

    fn line(&mut self, engine: &str, what: &str, figure: &str, bar: &str, verdict: Verdict) {
        let bar = if bar.is_empty() {
            String::new()
        } else {
            format!("   [{bar}]")
        };
        let line = format!("{engine:<11}{what:<44} {figure}{bar} {}", verdict.word());
        self.say(line.trim_end().to_owned());
    }

    /// A figure without a bar.
    pub fn figure(&mut self, engine: &str, what: &str, figure: &str) {
        self.line(engine, what, figure, "", Verdict::NoBar);
    }

    /// A figure that must clear a bar.
    pub fn judged(&mut self, engine: &str, what: &str, figure: &str, (bar, clears): (&str, bool)) {
        self.missed += usize::from(!clears);
        let verdict = if clears { Verdict::Ok } else { Verdict::Missed };
        self.line(engine, what, figure, bar, verdict);
    }

    /// A sentence between the lines.
    pub fn remark(&mut self, sentence: &str) {
        self.say(format!("           {sentence}"));
    }

    /// Notes a part that ended with an error.
    pub fn failed_part(&mut self, engine: &str, what: &str, result: Result<()>) {
        if let Err(error) = result {
            self.failed += 1;
            self.line(engine, what, &format!("{error:#}"), "", Verdict::Failed);
        }
    }

    /// Whether everything could be measured, whatever the figures.
    pub fn complete(&self) -> bool {
        self.failed == 0
    }

    /// Ends the report and writes it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&mut self, path: &Path) -> Result<()> {
        self.say(String::new());
        let summary = match (self.failed, self.missed) {
            (0, 0) => "every bar was cleared".to_owned(),
            (0, missed) => format!("{missed} bars MISSED"),
            (failed, missed) => format!("{failed} parts FAILED, {missed} bars MISSED"),
        };
        self.say(summary);
        let text = self.lines.join("\n") + "\n";
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
        println!("{}", path.display());
        Ok(())
    }
}

/// `12.3 ms`.
pub fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

/// The middle one of several figures; 0 of none.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_the_middle_whatever_the_order() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!(median(Vec::new()).abs() < f64::EPSILON);
    }
}
