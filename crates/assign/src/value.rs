//! What a pair is worth to the solver: its fit first, then a number drawn from the seed that breaks ties.
//!
//! `value = (fit − worst) × step + draw`, `0 ≤ draw < range`, `step = range × reviews + 1`: all draws of an assignment
//! together are less than one point of fit, so the best value has the best total fit, and among those the best draws.
//! Draws depend on seed, declaration and expert alone. Whoever computes a best assignment, by whatever method, comes to the
//! same one, unless two have the very same sum of draws; the wider the range, the rarer that is. The range is the widest
//! power of two (2²⁴ at most) with which every sum of the solver stays within 64 bits.

use crate::problem::{Declaration, Expert, Flaw, Problem};

const WIDEST: u32 = 24;
/// Prices are sums of values along a path, which visits no node twice; the start by scaling may take them three times as far.
const ROOM: i128 = (1 << 59) - 1;

/// How fits become values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scale {
    seed: u64,
    worst: i64,
    step: i64,
    mask: u64,
}

impl Scale {
    /// For assignments whose worst fit is `worst`.
    pub(crate) fn try_new(problem: &Problem, worst: i64) -> Result<Self, Flaw> {
        let reviews: i128 = problem.rows.iter().map(|row| i128::from(row.reviews)).sum();
        let mixes: usize = problem.rows.iter().map(|row| row.mix.len()).sum();
        let nodes = (problem.rows.len() + mixes + problem.members.len() + 2) as i128;
        let fits = problem.rows.iter().flat_map(|row| &row.fits);
        let best = fits.map(|(_, fit)| *fit).max().unwrap_or(worst).max(worst);
        let spread = i128::from(best) - i128::from(worst) + 1;
        let fitting = |bits: &u32| {
            let step = (reviews << bits) + 1;
            spread
                .checked_mul(step)
                .and_then(|most| most.checked_mul(nodes))
                .is_some_and(|sum| sum < ROOM)
        };
        let bits = (0..=WIDEST).rev().find(fitting).ok_or(Flaw::TooWide)?;
        let step = i64::try_from((reviews << bits) + 1).map_err(|_| Flaw::TooWide)?;
        Ok(Self {
            seed: problem.seed,
            worst,
            step,
            mask: (1 << bits) - 1,
        })
    }

    /// What a pair of at least the worst fit is worth.
    pub(crate) fn value(&self, declaration: Declaration, expert: Expert, fit: i64) -> i64 {
        (fit - self.worst) * self.step + self.draw(declaration, expert)
    }

    fn draw(&self, declaration: Declaration, expert: Expert) -> i64 {
        let pair = (u64::from(declaration.0) << 32) | u64::from(expert.0);
        let drawn = mixed(mixed(self.seed) ^ pair) & self.mask;
        i64::try_from(drawn).unwrap_or_default()
    }
}

/// The finalizer of splitmix64: every bit of the input reaches every bit of the output.
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
