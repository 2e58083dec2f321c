//! What the solver says, in sentences: what does not hold, what stands in the way, what would help.

use assign::{Answer, Binding, Declaration, Expert, Relief, Shortage, Violation};

use super::Outcome;
use super::lists::Whole;
use super::problem::Draft;

/// At most so many sentences of a kind; a page of hundreds helps nobody.
const MOST: usize = 20;

struct Words<'a>(&'a Whole, &'a Draft);

impl Words<'_> {
    fn item(&self, declaration: Declaration) -> String {
        let item = self.0.item(self.1.item(declaration));
        item.map(|item| format!("{}《{}》", item.number, item.title))
            .unwrap_or_default()
    }

    fn number(&self, declaration: Declaration) -> String {
        let item = self.0.item(self.1.item(declaration));
        item.map(|item| item.number.clone()).unwrap_or_default()
    }

    fn expert(&self, expert: Expert) -> String {
        self.0.name_of(self.1.expert(expert)).to_owned()
    }

    fn violation(&self, violation: &Violation) -> String {
        match *violation {
            Violation::Unknown { .. } => "选择的申报或专家不在本次评审中。".to_owned(),
            Violation::Twice { declaration, expert } => {
                format!("{}已经由{}评审。", self.item(declaration), self.expert(expert))
            }
            Violation::Conflict { declaration, expert } => {
                let why = self.why(declaration, expert);
                format!("{}不能评审{}：{why}。", self.expert(expert), self.item(declaration))
            }
            Violation::Veto { declaration, expert } => {
                let why = self.why(declaration, expert);
                format!("{}与{}：{why}，请先核对。", self.expert(expert), self.item(declaration))
            }
            Violation::NoCandidate { declaration, expert } => {
                format!("{}不是{}的候选评审人。", self.expert(expert), self.item(declaration))
            }
            Violation::FixedMissing { declaration, expert } => format!(
                "{}的评审已下发给{}，不能撤换；需要更换的，请本人选择回避。",
                self.item(declaration),
                self.expert(expert)
            ),
            Violation::TooFewReviews {
                declaration,
                given,
                wanted,
            }
            | Violation::TooManyReviews {
                declaration,
                given,
                wanted,
            } => {
                format!("{}有 {given} 位评审人，应为 {wanted} 位。", self.item(declaration))
            }
            Violation::Underload { expert, given, min } => {
                format!("{}承担 {given} 件，至少应为 {min} 件。", self.expert(expert))
            }
            Violation::Overload { expert, given, max } => {
                format!("{}承担 {given} 件，超过上限 {max} 件。", self.expert(expert))
            }
            Violation::MixBelow {
                declaration,
                group,
                given,
                min,
            } => format!(
                "{}的评审人中“{}”有 {given} 位，至少应为 {min} 位。",
                self.item(declaration),
                self.1.group(group).name()
            ),
            Violation::MixAbove {
                declaration,
                group,
                given,
                max,
            } => format!(
                "{}的评审人中“{}”有 {given} 位，最多应为 {max} 位。",
                self.item(declaration),
                self.1.group(group).name()
            ),
        }
    }

    /// Why a pair is barred.
    fn why(&self, declaration: Declaration, expert: Expert) -> String {
        let (item, expert) = (self.1.item(declaration), self.1.expert(expert));
        let bar = self.0.bars.iter().find(|bar| bar.item == item && bar.expert == expert);
        bar.map_or_else(|| "本人已回避".to_owned(), |bar| bar.detail.clone())
    }

    fn binding(&self, binding: &Binding) -> String {
        match *binding {
            Binding::Load { expert, max } => format!("{}最多承担 {max} 件。", self.expert(expert)),
            Binding::LeastLoad { expert, min } => format!("{}至少承担 {min} 件。", self.expert(expert)),
            Binding::MixMax {
                declaration,
                group,
                max,
            } => format!(
                "{}的评审人中“{}”最多 {max} 位。",
                self.number(declaration),
                self.1.group(group).name()
            ),
            Binding::MixMin {
                declaration,
                group,
                min,
            } => format!(
                "{}的评审人中“{}”至少 {min} 位。",
                self.number(declaration),
                self.1.group(group).name()
            ),
            Binding::Candidates { declaration, others } => {
                format!("{}另外只有 {others} 位候选评审人。", self.number(declaration))
            }
            Binding::Conflicts { declaration, count } => {
                format!("{}有 {count} 位专家需要回避。", self.number(declaration))
            }
            Binding::Veto { declaration, expert } => format!(
                "{}与{}姓名相同，尚未核对。",
                self.number(declaration),
                self.expert(expert)
            ),
        }
    }

    fn relief(&self, relief: &Relief) -> String {
        match relief {
            Relief::MoreLoad { expert, by } => format!("请{}多承担 {by} 件。", self.expert(*expert)),
            Relief::LessLeastLoad { expert, by } => format!("{}的最少件数减少 {by} 件。", self.expert(*expert)),
            Relief::HigherMix { declaration, group, by } => format!(
                "{}的评审人中“{}”的上限增加 {by} 位。",
                self.number(*declaration),
                self.1.group(*group).name()
            ),
            Relief::LowerMix { declaration, group, by } => format!(
                "{}的评审人中“{}”的下限减少 {by} 位。",
                self.number(*declaration),
                self.1.group(*group).name()
            ),
            Relief::LiftVeto { declaration, expert } => format!(
                "核对{}与{}中的同名人员，不是同一人的解除回避。",
                self.expert(*expert),
                self.number(*declaration)
            ),
            Relief::NewExperts { group, reviews } => {
                let whom = group.map_or("专家".to_owned(), |group| {
                    format!("“{}”的专家", self.1.group(group).name())
                });
                let (count, most) = reviews
                    .iter()
                    .fold((0, 0), |(sum, most): (u32, u32), (_, by)| (sum + by, most.max(*by)));
                format!("再邀请至少 {most} 位{whom}，合计承担 {count} 件。")
            }
        }
    }
}

/// What does not hold.
pub(super) fn violations(whole: &Whole, draft: &Draft, broken: &[Violation]) -> Vec<String> {
    let words = Words(whole, draft);
    broken.iter().take(MOST).map(|one| words.violation(one)).collect()
}

/// What an assignment came to.
pub(super) fn assigned(answer: &Answer, proven: bool) -> Outcome {
    Outcome::Assigned {
        pairs: answer.pairs.len() as u64,
        worst: answer.worst,
        total: i64::try_from(answer.total).unwrap_or(i64::MAX),
        proven,
    }
}

/// Why there is none.
pub(super) fn short(whole: &Whole, draft: &Draft, shortage: &Shortage) -> Outcome {
    let words = Words(whole, draft);
    let declarations = shortage.declarations.iter().map(|one| words.number(*one));
    let experts = shortage.experts.iter().map(|one| words.expert(*one));
    Outcome::Short {
        missing: shortage.missing,
        declarations: declarations.collect(),
        experts: experts.collect(),
        binding: shortage
            .binding
            .iter()
            .take(MOST)
            .map(|one| words.binding(one))
            .collect(),
        reliefs: shortage
            .reliefs
            .iter()
            .take(MOST)
            .map(|one| words.relief(one))
            .collect(),
    }
}
