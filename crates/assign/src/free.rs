//! What the fixed pairs leave to choose: remaining reviews, loads and mixes, and the pairs that nothing forbids, best first.

use std::cmp::Reverse;

use crate::check::{Seen, Violation, check};
use crate::problem::{Declaration, Expert, Flaw, Group, Load, Mix, Problem, Row};

/// A pair that may be chosen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    pub(crate) fit: i64,
    pub(crate) expert: Expert,
}

/// What is left of a declaration.
#[derive(Debug)]
pub(crate) struct FreeRow {
    pub(crate) need: u32,
    pub(crate) mix: Vec<Mix>,
    /// The best fit first.
    pub(crate) choices: Vec<Choice>,
}

/// What is left of a problem.
#[derive(Debug)]
pub(crate) struct Free {
    pub(crate) rows: Vec<FreeRow>,
    pub(crate) loads: Vec<Load>,
    pub(crate) groups: Vec<Option<Group>>,
}

impl Free {
    /// The rest of the problem; or what the fixed pairs break, whatever is chosen beside them.
    ///
    /// # Errors
    /// A pair with two fits.
    pub(crate) fn of(problem: &Problem) -> Result<Result<Self, Vec<Violation>>, Flaw> {
        let fixed = problem.fixed();
        let lasting: Vec<Violation> = check(problem, &fixed)
            .into_iter()
            .filter(Violation::is_lasting)
            .collect();
        if !lasting.is_empty() {
            return Ok(Err(lasting));
        }
        let mut loads: Vec<Load> = problem.members.iter().map(|member| member.load).collect();
        for (_, expert) in &fixed {
            let load = &mut loads[expert.0 as usize];
            (load.min, load.max) = (load.min.saturating_sub(1), load.max - 1);
        }
        let mut seen = Seen::new(problem.members.len());
        let rows: Result<Vec<FreeRow>, Flaw> = problem
            .numbered()
            .map(|(declaration, row)| free_row(problem, (declaration, row), &mut seen))
            .collect();
        Ok(Ok(Self {
            rows: rows?,
            loads,
            groups: problem.members.iter().map(|member| member.group).collect(),
        }))
    }

    /// All remaining reviews.
    pub(crate) fn need(&self) -> i64 {
        self.rows.iter().map(|row| i64::from(row.need)).sum()
    }

    /// The mix of a declaration for which an expert counts.
    pub(crate) fn slot(&self, declaration: Declaration, expert: Expert) -> Option<usize> {
        let group = self.groups[expert.0 as usize]?;
        let row = &self.rows[declaration.0 as usize];
        row.mix.iter().position(|mix| mix.group == group)
    }
}

fn free_row(problem: &Problem, (declaration, row): (Declaration, &Row), seen: &mut Seen) -> Result<FreeRow, Flaw> {
    let twice = seen.none();
    for &(expert, _) in &row.fits {
        if twice.has(expert) {
            return Err(Flaw::FitTwice(declaration, expert));
        }
        twice.note(expert);
    }
    let closed = seen
        .none()
        .and(row.conflicts.iter().chain(&row.vetoes).chain(&row.fixed).copied());
    let open = row.fits.iter().filter(|(expert, _)| !closed.has(*expert));
    let mut choices: Vec<Choice> = open.map(|&(expert, fit)| Choice { fit, expert }).collect();
    choices.sort_unstable_by_key(|choice| (Reverse(choice.fit), choice.expert));
    let left = |mix: &Mix| {
        let of_group = |expert: &&Expert| problem.members[expert.0 as usize].group == Some(mix.group);
        let fixed = u32::try_from(row.fixed.iter().filter(of_group).count()).unwrap_or(u32::MAX);
        Mix {
            group: mix.group,
            min: mix.min.saturating_sub(fixed),
            max: mix.max - fixed,
        }
    };
    Ok(FreeRow {
        need: row.reviews - u32::try_from(row.fixed.len()).unwrap_or(u32::MAX),
        mix: row.mix.iter().map(left).collect(),
        choices,
    })
}
