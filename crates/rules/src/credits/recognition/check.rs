//! What is wrong with an edition: figures that no rule may have. A draft with faults is not put to approval.

use kernel::{FieldError, Hours};

use super::evaluate::MOST_HOURS;
use super::{Broken, Cap, Edition, Measure, Part, Rule, Spread};
use crate::credits::part_of;

impl Edition {
    /// Every fault, with the path of the figure as its field: `rules.3.measure`.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if !(1..=240).contains(&self.class.minutes_per_hour) {
            let sentence = "1 学时的授课分钟数应在 1 到 240 之间。";
            faults.push(FieldError::new("class.minutes", "edition.minutes", sentence));
        }
        for (at, rule) in self.rules.iter().enumerate() {
            let mut wrong = |part: &str, sentence: String| {
                let field = format!("rules.{at}.{part}");
                let sentence = format!("“{}”{sentence}", rule.name);
                faults.push(FieldError::new(field, "edition.figure", sentence));
            };
            if rule.code.trim().is_empty() || self.rules.iter().filter(|one| one.code == rule.code).count() > 1 {
                wrong("code", "的代码为空或与其他项重复。".into());
            }
            if (rule.part == Part::Compulsory) != (part_of(&rule.code) == Part::Compulsory) {
                wrong("code", "的代码应以“必修”结尾，当且仅当它给出必修学时（R-39）。".into());
            }
            if rule.fills.is_empty() {
                wrong("fills", "没有可以计入的科目。".into());
            }
            if rule.source.document.trim().is_empty() {
                wrong("source", "没有写明依据。".into());
            }
            if let Some(sentence) = measure_fault(rule) {
                wrong("measure", sentence.into());
            }
            if let Some(sentence) = limit_fault(rule) {
                wrong("caps", sentence.into());
            }
        }
        faults
    }
}

fn out_of_range(hours: Hours) -> bool {
    hours <= Hours::ZERO || hours > MOST_HOURS
}

fn measure_fault(rule: &Rule) -> Option<&'static str> {
    let wrong = match &rule.measure {
        Measure::PerUnit { hours, broken, .. } => {
            out_of_range(*hours) || matches!(broken, Broken::ByMinutes { minutes } if !(1..=240).contains(minutes))
        }
        Measure::ByRank { hours, others, .. } => {
            let falling = hours.windows(2).all(|pair| pair[0] >= pair[1]);
            hours.is_empty() || !falling || hours.iter().chain(others).any(|hours| out_of_range(*hours))
        }
        Measure::TimesTaught { factor } => !(1..=10_000).contains(factor),
        Measure::AsLabelled => false,
        Measure::Banded { base, bands, .. } => {
            let open_last = bands.iter().rev().skip(1).all(|band| band.up_to.is_some());
            let rising = bands.windows(2).all(|pair| match (pair[0].up_to, pair[1].up_to) {
                (Some(first), Some(second)) => first < second,
                _ => true,
            });
            out_of_range(*base) || !open_last || !rising || bands.iter().any(|band| out_of_range(band.add))
        }
        Measure::Whole { per_year } => per_year.figures().any(out_of_range),
    };
    wrong.then_some("的学时数不合理：应大于 0，不超过 10,000，排名靠后者不高于靠前者，字数档次由小到大。")
}

fn limit_fault(rule: &Rule) -> Option<&'static str> {
    let caps = rule.caps.iter().any(|cap| match cap {
        Cap::Event { most } | Cap::Year { most } | Cap::KindAndYear { most, .. } => out_of_range(*most),
        Cap::EventByLength { bands } => bands.is_empty() || bands.iter().any(|band| out_of_range(band.most)),
        Cap::EventYears { years, per_year } => !(1..=10).contains(years) || per_year.figures().any(out_of_range),
    });
    let spread = match rule.spread {
        Spread::OverYears { years } | Spread::ValidYears { years } => !(1..=10).contains(&years),
        Spread::InYear | Spread::YearsOfActivity => false,
    };
    (caps || spread).then_some("的上限或年限不合理：上限应大于 0，年限在 1 到 10 之间。")
}
