//! What the solver says: an assignment with its proof, or why there is none and what would make one. Data, no sentences.

use crate::check::Violation;
use crate::problem::{Declaration, Expert, Group, Pair};
use crate::proof::Prices;

/// What comes of a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The best assignment.
    Assigned(Answer),
    /// The fixed pairs alone break what must hold, whatever is chosen beside them.
    Contradicted(Vec<Violation>),
    /// There are not enough reviewers.
    Short(Shortage),
}

/// The best assignment, with what anybody needs to check that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The seed that broke the ties.
    pub seed: u64,
    /// All pairs, the fixed ones among them, in order.
    pub pairs: Vec<Pair>,
    /// The highest fit that all freely chosen pairs can have at least; none when nothing was left to choose.
    pub worst: Option<i64>,
    /// The sum of all fits, the fixed pairs' among them.
    pub total: i128,
    /// Proof that no assignment of that worst fit has a better total.
    pub prices: Prices,
    /// Proof that no assignment has a better worst fit; none when no open pair fits better at all.
    pub ceiling: Option<Prices>,
}

/// Reviews that nobody can give: a smallest cut of the network, told in the words of the problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// Reviews that are missing even in the best case.
    pub missing: u64,
    /// The declarations that compete (or, where least loads cannot be met, that alone could meet them).
    pub declarations: Vec<Declaration>,
    /// The experts whom they compete for (or whose least loads cannot be met).
    pub experts: Vec<Expert>,
    /// What stands in the way.
    pub binding: Vec<Binding>,
    /// The fewest changes that were found to make an assignment possible; see [`crate::Problem::relieved`].
    pub reliefs: Vec<Relief>,
    /// Proof that there is no assignment; see [`crate::verify_impossible`].
    pub proof: Prices,
}

/// A rule that holds the missing reviews back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// The expert may give no more than this.
    Load { expert: Expert, max: u32 },
    /// The expert must give this many.
    LeastLoad { expert: Expert, min: u32 },
    /// No more of the group may review the declaration.
    MixMax {
        declaration: Declaration,
        group: Group,
        max: u32,
    },
    /// So many of the group must review the declaration.
    MixMin {
        declaration: Declaration,
        group: Group,
        min: u32,
    },
    /// Beside the experts named, the declaration has only so many candidates, and each reviews it once.
    Candidates { declaration: Declaration, others: u32 },
    /// So many more candidates are in conflict with the declaration.
    Conflicts { declaration: Declaration, count: u32 },
    /// One more candidate is vetoed.
    Veto { declaration: Declaration, expert: Expert },
}

/// A change that makes an assignment possible, together with the others of its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relief {
    /// The expert may give so many reviews more.
    MoreLoad { expert: Expert, by: u32 },
    /// The expert need not give so many.
    LessLeastLoad { expert: Expert, by: u32 },
    /// So many more of the group may review the declaration.
    HigherMix {
        declaration: Declaration,
        group: Group,
        by: u32,
    },
    /// So many fewer of the group need to review the declaration.
    LowerMix {
        declaration: Declaration,
        group: Group,
        by: u32,
    },
    /// The veto is lifted.
    LiftVeto { declaration: Declaration, expert: Expert },
    /// Additional experts of the group, or of none that is bounded: at least as many as the most for one declaration,
    /// together able to give the sum.
    NewExperts {
        group: Option<Group>,
        reviews: Vec<(Declaration, u32)>,
    },
}
