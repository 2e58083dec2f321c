//! What a call says of its review: the scorecard, how many reviews, how they become a score, ties, priority, blindness.
//!
//! None of these figures stands in a text; each call sets its own, and the first ones are proposals (confidence: low).

use kernel::FieldError;
use serde::{Deserialize, Serialize};

use super::Priority;
use crate::experts::Background;
use crate::scorecards::{Points, Scorecard, panel::Method, ranking::Tie};

/// How many reviewers of a background each declaration has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MixRule {
    /// Of which background.
    pub background: Background,
    /// At least.
    pub min: u32,
    /// At most.
    pub max: u32,
}

/// What a call says of its review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// What is judged.
    pub scorecard: Scorecard,
    /// Reviews of each declaration.
    pub reviews: u32,
    /// How reviews become a score.
    pub method: Method,
    /// How far marks may lie apart before the panel discusses.
    pub apart: Points,
    /// Whether reviewers see no host and no names.
    pub blind: bool,
    /// Years in which a former employer bars.
    pub former_years: u32,
    /// Backgrounds of the reviewers of each declaration.
    pub mix: Vec<MixRule>,
    /// Points of priority.
    pub priority: Priority,
    /// What decides between equal totals, in this order.
    pub ties: Vec<Tie>,
    /// Working days that reviewers have.
    pub workdays: u32,
}

impl Settings {
    /// What a call that says nothing else has: five reviews of a plain scorecard, the highest and the lowest left out.
    #[must_use]
    pub fn proposed() -> Self {
        Self {
            scorecard: Scorecard::flat(&[
                ("need", "选题价值", 30, "是否对准聚焦领域的紧缺能力，与已办班次不重复。"),
                ("design", "课程设计", 30, "目标、内容、方式和考核是否相互支撑。"),
                ("team", "师资和组织", 20, "师资是否匹配，组织保障是否落实。"),
                ("benefit", "预期效果", 10, "学员能带回岗位用的是什么，怎样衡量。"),
                ("budget", "经费合理", 10, "预算是否与人数、天数和标准相符。"),
            ]),
            reviews: 5,
            method: Method::Trimmed,
            apart: Points::whole(20),
            blind: false,
            former_years: 3,
            mix: Vec::new(),
            priority: Priority::NONE,
            ties: vec![Tie::Priority, Tie::Median, Tie::Spread, Tie::Draw],
            workdays: 10,
        }
    }

    /// What is wrong with them.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = self.scorecard.faults();
        let mut note = |wrong: bool, field: &'static str, sentence: &str| {
            if wrong {
                faults.push(FieldError::new(field, "review.settings", sentence.to_owned()));
            }
        };
        note(
            !(1..=15).contains(&self.reviews),
            "reviews",
            "每项申报的评审人数应在 1 到 15 之间。",
        );
        note(
            self.apart < Points::whole(1) || self.apart > Points::FULL,
            "apart",
            "允许的评分分歧应在 1 到 100 分之间。",
        );
        note(
            self.former_years > 10,
            "former_years",
            "曾任职回避年限应在 0 到 10 年之间。",
        );
        note(
            !(1..=60).contains(&self.workdays),
            "workdays",
            "评审期限应在 1 到 60 个工作日之间。",
        );
        let least: u32 = self.mix.iter().map(|rule| rule.min).sum();
        note(
            least > self.reviews || self.mix.iter().any(|rule| rule.min > rule.max),
            "mix",
            "各类专家的最少人数合计不能超过评审人数，最少不能大于最多。",
        );
        let twice = |at: usize, rule: &MixRule| self.mix[..at].iter().any(|one| one.background == rule.background);
        note(
            self.mix.iter().enumerate().any(|(at, rule)| twice(at, rule)),
            "mix",
            "同一类专家只能写一条配比。",
        );
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_proposed_may_be_used_and_survives_its_document() {
        let settings = Settings::proposed();
        assert_eq!(settings.faults(), []);
        let text = serde_json::to_string(&settings).expect("json");
        assert_eq!(serde_json::from_str::<Settings>(&text).expect("read"), settings);
    }

    #[test]
    fn settings_that_nobody_could_follow_are_refused() {
        let rule = |min, max| MixRule {
            background: Background::Finance,
            min,
            max,
        };
        for mix in [vec![rule(6, 9)], vec![rule(2, 1)], vec![rule(0, 1), rule(0, 2)]] {
            let settings = Settings {
                mix,
                ..Settings::proposed()
            };
            assert_eq!(settings.faults().len(), 1);
        }
        let settings = Settings {
            reviews: 0,
            apart: Points::ZERO,
            workdays: 0,
            former_years: 11,
            ..Settings::proposed()
        };
        assert_eq!(settings.faults().len(), 4);
    }
}
