//! Scorecards: a weighted tree of indicators, what one reviewer's marks come to, what a panel's come to, and who stands where.
//!
//! ```text
//! Scorecard + Marks ──score──► Points of one reviewer ──panel::aggregate──► score, spread, outliers ──ranking::rank──► places
//! ```
//! R-107: siblings' weights sum to 100; a leaf is marked from 0 to its most; the total is Σ share × mark ÷ most, exact, and
//! rounded once, half up, to hundredths of a point. The engine knows nothing of what is judged: calls, assessments of bases
//! and inspections give it their own trees. Deliberately absent: floating point numbers, storage, sentences of a call.

pub mod panel;
pub mod ranking;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use kernel::{Error, FieldError, Result};
use serde::{Deserialize, Serialize};

/// Points in hundredths; 100 points are the most a scorecard gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(i64);

impl Points {
    /// None at all.
    pub const ZERO: Self = Self(0);
    /// All that a scorecard gives.
    pub const FULL: Self = Self(10_000);

    /// From hundredths of a point.
    #[must_use]
    pub const fn hundredths(value: i64) -> Self {
        Self(value)
    }

    /// From whole points.
    #[must_use]
    pub const fn whole(value: i64) -> Self {
        Self(value * 100)
    }

    /// In hundredths.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Reads `86` or `86.5`, at most two decimals, from nothing to all.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let read = kernel::Hours::parse(text)?.get();
        (0..=Self::FULL.0).contains(&read).then_some(Self(read))
    }
}

/// As people write it: `86.5`, without zeros at the end.
impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        kernel::Hours::hundredths(self.0).fmt(f)
    }
}

impl std::ops::Add for Points {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Points {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

/// Half up, for a denominator above zero.
pub(crate) fn rounded(numerator: i128, denominator: i128) -> i64 {
    let quotient = (2 * numerator + denominator).div_euclid(2 * denominator);
    i64::try_from(quotient).unwrap_or(i64::MAX)
}

/// An indicator: marked itself, or made of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// Stable within its scorecard.
    pub code: String,
    /// What is judged.
    pub name: String,
    /// Its share of its parent, in percent.
    pub weight: u32,
    /// What to look at.
    #[serde(default)]
    pub hint: String,
    /// How it is judged.
    pub by: Judged,
}

/// How an indicator is judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    /// By a mark from 0 to this.
    Mark(u32),
    /// By its parts.
    Parts(Vec<Criterion>),
}

/// A tree of indicators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scorecard(pub Vec<Criterion>);

/// An indicator that is marked, with its share of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf<'a> {
    /// The indicator.
    pub criterion: &'a Criterion,
    /// Names above it, from the top.
    pub under: Vec<&'a str>,
    /// The highest mark.
    pub most: u32,
    /// Millionths of the whole.
    pub share: i64,
}

/// One reviewer's marks by the codes of the leaves.
pub type Marks = BTreeMap<String, u32>;

/// Marks go to these, so that every total has a small common denominator and is exact.
const MOST: [u32; 6] = [5, 10, 20, 25, 50, 100];
/// Levels of a tree.
const DEPTH: u32 = 3;
/// Leaves of a tree: more is a form that nobody fills in with care.
const LEAVES: usize = 40;

impl Scorecard {
    /// The plain one: content, teaching, organisation, benefit and budget.
    #[must_use]
    pub fn flat(parts: &[(&str, &str, u32, &str)]) -> Self {
        let leaf = |(code, name, weight, hint): &(&str, &str, u32, &str)| Criterion {
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            weight: *weight,
            hint: (*hint).to_owned(),
            by: Judged::Mark(100),
        };
        Self(parts.iter().map(leaf).collect())
    }

    /// What is wrong with the tree (R-107); nothing when it may be used.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut codes = BTreeSet::new();
        siblings(&self.0, 1, &mut codes, &mut faults);
        let leaves = self.leaves().len();
        if leaves > LEAVES {
            faults.push(fault(format!("评分表有 {leaves} 个打分项，最多 {LEAVES} 个。")));
        }
        faults
    }

    /// The leaves in the order of the tree.
    #[must_use]
    pub fn leaves(&self) -> Vec<Leaf<'_>> {
        let mut leaves = Vec::new();
        for criterion in &self.0 {
            descend(criterion, 1_000_000, &[], &mut leaves);
        }
        leaves
    }

    /// What complete marks come to.
    ///
    /// # Errors
    /// Wrong at the code of each leaf that is missing or out of bounds; marks of unknown leaves are refused too.
    pub fn score(&self, marks: &Marks) -> Result<Points> {
        let leaves = self.leaves();
        let mut faults = Vec::new();
        for leaf in &leaves {
            let code = &leaf.criterion.code;
            match marks.get(code) {
                None => faults.push(FieldError::new(
                    code.clone(),
                    "score.missing",
                    format!("请给“{}”打分。", leaf.criterion.name),
                )),
                Some(mark) if *mark > leaf.most => faults.push(FieldError::new(
                    code.clone(),
                    "score.bounds",
                    format!("“{}”的分数应在 0 到 {} 之间。", leaf.criterion.name, leaf.most),
                )),
                Some(_) => {}
            }
        }
        if let Some(stray) = marks
            .keys()
            .find(|code| leaves.iter().all(|leaf| leaf.criterion.code != **code))
        {
            return Err(Error::broken(format!(
                "a mark for {stray}, which the scorecard does not have"
            )));
        }
        if faults.is_empty() {
            Ok(Points(self.sum(marks)))
        } else {
            Err(Error::Wrong(faults))
        }
    }

    /// What the marks come to so far; what is missing counts nothing.
    #[must_use]
    pub fn so_far(&self, marks: &Marks) -> Points {
        Points(self.sum(marks))
    }

    fn sum(&self, marks: &Marks) -> i64 {
        let of_leaf = |leaf: &Leaf<'_>| {
            let mark = marks.get(&leaf.criterion.code).copied().unwrap_or(0).min(leaf.most);
            i128::from(leaf.share) * i128::from(mark) * i128::from(100 / leaf.most.max(1))
        };
        // Shares are millionths and marks hundredths: 10^8 is the whole, 10^4 hundredths of a point.
        rounded(self.leaves().iter().map(of_leaf).sum(), 10_000)
    }
}

fn fault(sentence: String) -> FieldError {
    FieldError::new("scorecard", "scorecard.tree", sentence)
}

fn siblings(all: &[Criterion], depth: u32, codes: &mut BTreeSet<String>, faults: &mut Vec<FieldError>) {
    let sum: u32 = all.iter().map(|criterion| criterion.weight).sum();
    if sum != 100 {
        let names: Vec<&str> = all.iter().map(|criterion| criterion.name.as_str()).collect();
        faults.push(fault(format!(
            "同一级指标（{}）的权重合计应为 100，现在是 {sum}。",
            names.join("、")
        )));
    }
    for criterion in all {
        let name = &criterion.name;
        if criterion.code.is_empty() || name.trim().is_empty() {
            faults.push(fault("每个指标都要有代码和名称。".into()));
        }
        if criterion.weight == 0 {
            faults.push(fault(format!("指标“{name}”的权重应大于 0。")));
        }
        if !codes.insert(criterion.code.clone()) {
            faults.push(fault(format!("指标代码 {} 出现了两次。", criterion.code)));
        }
        match &criterion.by {
            Judged::Mark(most) if !MOST.contains(most) => {
                faults.push(fault(format!("指标“{name}”的满分应为 5、10、20、25、50 或 100。")));
            }
            Judged::Mark(_) => {}
            Judged::Parts(parts) if parts.is_empty() => {
                faults.push(fault(format!("指标“{name}”没有下级指标，请填写满分。")));
            }
            Judged::Parts(_) if depth == DEPTH => {
                faults.push(fault(format!("指标最多 {DEPTH} 级，“{name}”不能再分。")));
            }
            Judged::Parts(parts) => siblings(parts, depth + 1, codes, faults),
        }
    }
}

fn descend<'a>(criterion: &'a Criterion, whole: i64, under: &[&'a str], leaves: &mut Vec<Leaf<'a>>) {
    let share = whole / 100 * i64::from(criterion.weight);
    match &criterion.by {
        Judged::Mark(most) => leaves.push(Leaf {
            criterion,
            under: under.to_vec(),
            most: *most,
            share,
        }),
        Judged::Parts(parts) => {
            let mut names = under.to_vec();
            names.push(&criterion.name);
            for part in parts {
                descend(part, share, &names, leaves);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn leaf(code: &str, weight: u32, most: u32) -> Criterion {
        Criterion {
            code: code.into(),
            name: format!("指标{code}"),
            weight,
            hint: String::new(),
            by: Judged::Mark(most),
        }
    }

    fn tree() -> Scorecard {
        let parts = Judged::Parts(vec![leaf("b1", 70, 20), leaf("b2", 30, 5)]);
        Scorecard(vec![
            leaf("a", 60, 100),
            Criterion {
                by: parts,
                ..leaf("b", 40, 0)
            },
        ])
    }

    fn marks(given: &[(&str, u32)]) -> Marks {
        given.iter().map(|(code, mark)| ((*code).to_owned(), *mark)).collect()
    }

    #[test]
    fn r107_a_total_is_shares_times_marks_rounded_once() {
        let card = tree();
        assert!(card.faults().is_empty());
        // 60 × 85/100 + 28 × 17/20 + 12 × 4/5 = 51 + 23.8 + 9.6
        let score = card
            .score(&marks(&[("a", 85), ("b1", 17), ("b2", 4)]))
            .expect("complete");
        assert_eq!(score.to_string(), "84.4");
        assert_eq!(
            card.score(&marks(&[("a", 100), ("b1", 20), ("b2", 5)])).expect("full"),
            Points::FULL
        );
        assert_eq!(card.so_far(&marks(&[("b2", 4)])).to_string(), "9.6");
        let shares: i64 = card.leaves().iter().map(|leaf| leaf.share).sum();
        assert_eq!(shares, 1_000_000);
    }

    #[test]
    fn missing_and_impossible_marks_are_told_at_their_leaves() {
        let card = tree();
        let Err(Error::Wrong(faults)) = card.score(&marks(&[("a", 101), ("b1", 3)])) else {
            panic!("it must be refused");
        };
        let at: Vec<&str> = faults.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(at, ["a", "b2"]);
        let stray = card.score(&marks(&[("a", 1), ("b1", 1), ("b2", 1), ("z", 1)]));
        assert!(matches!(stray, Err(Error::Broken(_))));
    }

    #[test]
    fn faulty_trees_are_told() {
        let faults = |card: Scorecard| card.faults().len();
        assert_eq!(faults(Scorecard(vec![leaf("a", 99, 100)])), 1);
        assert_eq!(faults(Scorecard(vec![leaf("a", 50, 100), leaf("a", 50, 100)])), 1);
        assert_eq!(faults(Scorecard(vec![leaf("a", 100, 7)])), 1);
        assert_eq!(faults(Scorecard(vec![])), 1);
        let mut deep = leaf("x", 100, 100);
        for level in 0..3 {
            deep = Criterion {
                by: Judged::Parts(vec![deep]),
                ..leaf(&format!("y{level}"), 100, 0)
            };
        }
        assert_eq!(faults(Scorecard(vec![deep])), 1);
    }

    #[test]
    fn a_card_survives_its_document() {
        let text = serde_json::to_string(&tree()).expect("json");
        assert!(text.contains("\"mark\":20") && text.contains("\"parts\":["));
        assert_eq!(serde_json::from_str::<Scorecard>(&text).expect("read"), tree());
    }

    proptest! {
        #[test]
        fn more_marks_never_mean_fewer_points(a in 0_u32..=99, b in 0_u32..=20, c in 0_u32..=5) {
            let card = tree();
            let lower = card.score(&marks(&[("a", a), ("b1", b), ("b2", c)])).expect("complete");
            let higher = card.score(&marks(&[("a", a + 1), ("b1", b), ("b2", c)])).expect("complete");
            prop_assert_eq!(higher.get() - lower.get(), 60);
            prop_assert!(Points::ZERO <= lower && higher <= Points::FULL);
        }
    }
}
