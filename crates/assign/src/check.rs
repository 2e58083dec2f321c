//! Whether an assignment, made by whomever, keeps everything that must hold: the one place that says what "holds" means.
//!
//! The solver's answers and changes made by hand pass the same check. The fit is no constraint: a person may change a pair
//! for a worse one.

use crate::problem::{Declaration, Expert, Group, Pair, Problem};

/// Something that must hold and does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Violation {
    /// The pair names a declaration or an expert that does not exist.
    Unknown {
        declaration: Declaration,
        expert: Expert,
    },
    /// The same pair twice.
    Twice {
        declaration: Declaration,
        expert: Expert,
    },
    Conflict {
        declaration: Declaration,
        expert: Expert,
    },
    Veto {
        declaration: Declaration,
        expert: Expert,
    },
    /// The expert is no candidate of the declaration (the pair has no fit and was not fixed).
    NoCandidate {
        declaration: Declaration,
        expert: Expert,
    },
    /// A pair fixed by hand is not there.
    FixedMissing {
        declaration: Declaration,
        expert: Expert,
    },
    TooFewReviews {
        declaration: Declaration,
        given: u32,
        wanted: u32,
    },
    TooManyReviews {
        declaration: Declaration,
        given: u32,
        wanted: u32,
    },
    Underload {
        expert: Expert,
        given: u32,
        min: u32,
    },
    Overload {
        expert: Expert,
        given: u32,
        max: u32,
    },
    MixBelow {
        declaration: Declaration,
        group: Group,
        given: u32,
        min: u32,
    },
    MixAbove {
        declaration: Declaration,
        group: Group,
        given: u32,
        max: u32,
    },
}

impl Violation {
    /// Whether more pairs could not heal it.
    pub(crate) fn is_lasting(&self) -> bool {
        !matches!(
            self,
            Self::FixedMissing { .. } | Self::TooFewReviews { .. } | Self::Underload { .. } | Self::MixBelow { .. }
        )
    }
}

/// Everything that the assignment breaks; nothing when it may stand.
#[must_use]
pub fn check(problem: &Problem, pairs: &[Pair]) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut of_row: Vec<Vec<Expert>> = vec![Vec::new(); problem.rows.len()];
    let mut loads = vec![0; problem.members.len()];
    for &(declaration, expert) in pairs {
        let reviewers = of_row.get_mut(declaration.0 as usize);
        let load = loads.get_mut(expert.0 as usize);
        let (Some(reviewers), Some(load)) = (reviewers, load) else {
            found.push(Violation::Unknown { declaration, expert });
            continue;
        };
        reviewers.push(expert);
        *load += 1;
    }
    let mut seen = Seen::new(problem.members.len());
    for ((declaration, _), reviewers) in problem.numbered().zip(&of_row) {
        row(problem, declaration, (reviewers, &mut seen), &mut found);
    }
    for ((number, member), given) in (0..).zip(&problem.members).zip(loads) {
        let (expert, load) = (Expert(number), member.load);
        if given < load.min {
            found.push(Violation::Underload {
                expert,
                given,
                min: load.min,
            });
        }
        if given > load.max {
            found.push(Violation::Overload {
                expert,
                given,
                max: load.max,
            });
        }
    }
    found
}

fn row(
    problem: &Problem,
    declaration: Declaration,
    (reviewers, seen): (&[Expert], &mut Seen),
    found: &mut Vec<Violation>,
) {
    let row = &problem.rows[declaration.0 as usize];
    let (given, wanted) = (count(reviewers.len()), row.reviews);
    if given < wanted {
        found.push(Violation::TooFewReviews {
            declaration,
            given,
            wanted,
        });
    }
    if given > wanted {
        found.push(Violation::TooManyReviews {
            declaration,
            given,
            wanted,
        });
    }
    let is_candidate = seen.none().and(row.fits.iter().map(|(expert, _)| *expert));
    let unknown = reviewers
        .iter()
        .filter(|expert| !is_candidate.has(**expert) && !row.fixed.contains(expert));
    found.extend(unknown.map(|&expert| Violation::NoCandidate { declaration, expert }));
    let there = seen.none();
    for &expert in reviewers {
        if there.has(expert) {
            found.push(Violation::Twice { declaration, expert });
        }
        there.note(expert);
    }
    let among = |list: &[Expert], wanted: bool| -> Vec<Expert> {
        list.iter()
            .copied()
            .filter(|expert| there.has(*expert) == wanted)
            .collect()
    };
    let pairs = |list: Vec<Expert>, violation: fn(Declaration, Expert) -> Violation| {
        list.into_iter().map(move |expert| violation(declaration, expert))
    };
    found.extend(pairs(among(&row.conflicts, true), |declaration, expert| {
        Violation::Conflict { declaration, expert }
    }));
    found.extend(pairs(among(&row.vetoes, true), |declaration, expert| Violation::Veto {
        declaration,
        expert,
    }));
    found.extend(pairs(among(&row.fixed, false), |declaration, expert| {
        Violation::FixedMissing { declaration, expert }
    }));
    for mix in &row.mix {
        let of_group = |expert: &&Expert| problem.members[expert.0 as usize].group == Some(mix.group);
        let (group, given) = (mix.group, count(reviewers.iter().filter(of_group).count()));
        if given < mix.min {
            found.push(Violation::MixBelow {
                declaration,
                group,
                given,
                min: mix.min,
            });
        }
        if given > mix.max {
            found.push(Violation::MixAbove {
                declaration,
                group,
                given,
                max: mix.max,
            });
        }
    }
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// A set of experts that is emptied at no cost.
pub(crate) struct Seen {
    round: u32,
    marks: Vec<u32>,
}

impl Seen {
    pub(crate) fn new(experts: usize) -> Self {
        Self {
            round: 0,
            marks: vec![0; experts],
        }
    }

    /// The empty set.
    pub(crate) fn none(&mut self) -> &mut Self {
        self.round += 1;
        self
    }

    pub(crate) fn and(&mut self, experts: impl Iterator<Item = Expert>) -> &mut Self {
        for expert in experts {
            self.note(expert);
        }
        self
    }

    pub(crate) fn note(&mut self, expert: Expert) {
        self.marks[expert.0 as usize] = self.round;
    }

    pub(crate) fn has(&self, expert: Expert) -> bool {
        self.marks[expert.0 as usize] == self.round
    }
}
