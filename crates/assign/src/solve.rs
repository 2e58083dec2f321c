//! From a problem to its outcome: the highest worst fit first, then the best total, then the draws of the seed.
//!
//! The worst fit is found among the distinct fits, from the top down: no higher than the least of the declarations' own
//! limits (the fit of the last of as many best candidates as it needs), from there in doubling strides to the first fit at
//! which everything can be assigned, then by bisection. High fits have small networks, so most of the steps are cheap.

use crate::answer::{Answer, Outcome};
use crate::explain;
use crate::feasible::{Fill, fill};
use crate::free::{Free, FreeRow};
use crate::network::{Layout, Network, network};
use crate::problem::{Declaration, Expert, Flaw, Pair, Problem, Row};
use crate::proof::Prices;
use crate::sifting::optimum;
use crate::simplex::Optimum;
use crate::value::Scale;

/// Finds the best assignment, or says why there is none.
///
/// # Errors
/// A pair with two fits; fits too far apart for 64 bits.
pub fn solve(problem: &Problem) -> Result<Outcome, Flaw> {
    let free = match Free::of(problem)? {
        Ok(free) => free,
        Err(violations) => return Ok(Outcome::Contradicted(violations)),
    };
    let layout = Layout::of(&free);
    let levels = Levels::of(&free);
    // Whatever the threshold, the spread of all fits must fit into 64 bits.
    Scale::try_new(problem, levels.lowest())?;
    let Some(found) = levels.highest(&free, &layout) else {
        return Ok(Outcome::Short(explain::shortage(problem, &free, &layout)));
    };
    let least = found.worst.unwrap_or(i64::MAX);
    let scale = Scale::try_new(problem, found.worst.unwrap_or(0))?;
    let value = |declaration, expert, fit| -scale.value(declaration, expert, fit);
    let network = network(&free, &layout, (least, value));
    let Optimum { flow, price } = optimum(&network, &found.flow);
    let chosen = choices(&network, &layout).zip(&flow).filter(|(_, flow)| **flow > 0);
    let mut pairs: Vec<Pair> = chosen
        .map(|((tail, head), _)| (layout.owner(tail), layout.expert_at(head)))
        .collect();
    pairs.extend(problem.fixed());
    pairs.sort_unstable();
    Ok(Outcome::Assigned(Answer {
        seed: problem.seed,
        total: total(problem, &pairs),
        pairs,
        worst: found.worst,
        prices: layout.prices(&free, |node| price[node as usize]),
        ceiling: found.ceiling,
    }))
}

/// The ends of the arcs that stand for choices: they come first, and lead to an expert.
fn choices(network: &Network, layout: &Layout) -> impl Iterator<Item = (u32, u32)> {
    let (sink, first) = (layout.sink, layout.expert(Expert(0)));
    let ends = network.tail.iter().copied().zip(network.head.iter().copied());
    ends.take_while(move |(tail, head)| *head >= first && *head < sink && *tail < first)
}

fn total(problem: &Problem, pairs: &[Pair]) -> i128 {
    let of_row = |(declaration, row): (Declaration, &Row)| -> i128 {
        let begin = pairs.partition_point(|pair| pair.0 < declaration);
        let own = &pairs[begin..begin + pairs[begin..].partition_point(|pair| pair.0 == declaration)];
        let counted = row
            .fits
            .iter()
            .filter(|(expert, _)| own.binary_search(&(declaration, *expert)).is_ok());
        counted.map(|(_, fit)| i128::from(*fit)).sum()
    };
    problem.numbered().map(of_row).sum()
}

/// The distinct fits that the worst one could be, from the top.
struct Levels {
    fits: Vec<i64>,
    /// The first that no declaration rules out by itself.
    begin: usize,
}

/// The highest worst fit.
struct Highest {
    worst: Option<i64>,
    /// A full flow at it.
    flow: Vec<u32>,
    ceiling: Option<Prices>,
}

impl Levels {
    fn of(free: &Free) -> Self {
        let mut fits: Vec<i64> = free
            .rows
            .iter()
            .flat_map(|row| &row.choices)
            .map(|choice| choice.fit)
            .collect();
        fits.sort_unstable_by(|a, b| b.cmp(a));
        fits.dedup();
        let needing = free.rows.iter().filter(|row| row.need > 0);
        let limits = needing.map(|row| row.choices.get(row.need as usize - 1).map(|choice| choice.fit));
        let begin = match limits.min().flatten() {
            Some(limit) => fits.partition_point(|fit| *fit > limit),
            // Nothing to choose, or somebody without enough candidates: only everything together can tell.
            None => fits.len().saturating_sub(1),
        };
        Self { fits, begin }
    }

    fn lowest(&self) -> i64 {
        self.fits.last().copied().unwrap_or(0)
    }

    fn highest(&self, free: &Free, layout: &Layout) -> Option<Highest> {
        let at = |level: usize| fill(&network(free, layout, (self.fits[level], |_, _, _| 0)));
        if free.need() == 0 || self.fits.is_empty() {
            let only = fill(&network(free, layout, (i64::MAX, |_, _, _| 0)));
            let worst = None;
            return (only.missing == 0).then_some(Highest {
                worst,
                flow: only.flow,
                ceiling: None,
            });
        }
        let (full, refused) = self.search(at)?;
        let refused = match refused {
            None if full.0 > 0 => Some(at(full.0 - 1)),
            refused => refused,
        };
        Some(Highest {
            worst: Some(self.fits[full.0]),
            flow: full.1.flow,
            ceiling: refused.map(|refused| cut_prices(&refused, free, layout)),
        })
    }

    /// The first level with a full flow, and what the level above it came to if it was tried.
    fn search(&self, at: impl Fn(usize) -> Fill) -> Option<((usize, Fill), Option<Fill>)> {
        let last = self.fits.len() - 1;
        let (mut level, mut stride) = (self.begin, 1);
        let mut refused: Option<(usize, Fill)> = None;
        let mut full = loop {
            let fill = at(level);
            if fill.missing == 0 {
                break (level, fill);
            }
            if level == last {
                return None;
            }
            refused = Some((level, fill));
            level = (level + stride).min(last);
            stride *= 2;
        };
        while let Some((above, _)) = &refused
            && above + 1 < full.0
        {
            let middle = usize::midpoint(*above, full.0);
            let fill = at(middle);
            if fill.missing == 0 {
                full = (middle, fill);
            } else {
                refused = Some((middle, fill));
            }
        }
        Some((full, refused.map(|(_, fill)| fill)))
    }
}

/// The prices that a cut stands for: a node that supply still reaches costs one less.
pub(crate) fn cut_prices(refused: &Fill, free: &Free, layout: &Layout) -> Prices {
    layout.prices(free, |node| -i64::from(refused.reached[node as usize]))
}

impl Layout {
    /// Prices of nodes as prices of declarations, mixes and experts. A negative one helps only against a least number; where
    /// none is left, nothing is chosen, 0 proves the same, and it does so whatever the fixed pairs already gave.
    pub(crate) fn prices(&self, free: &Free, price: impl Fn(u32) -> i64) -> Prices {
        let sink = price(self.sink);
        let against = |least: u32, price: i64| if least == 0 { price.max(0) } else { price };
        let rows = || (0..).map(Declaration).zip(&free.rows);
        let of_row = |(declaration, row): (Declaration, &FreeRow)| -> Vec<i64> {
            let own = price(self.declaration(declaration));
            let mixes = row.mix.iter().enumerate();
            mixes
                .map(|(at, mix)| against(mix.min, price(self.slot(declaration, at)) - own))
                .collect()
        };
        let experts = (0..).map(Expert).zip(&free.loads);
        Prices {
            declarations: rows()
                .map(|(declaration, _)| price(self.declaration(declaration)) - sink)
                .collect(),
            mixes: rows().map(of_row).collect(),
            experts: experts
                .map(|(expert, load)| against(load.min, sink - price(self.expert(expert))))
                .collect(),
        }
    }
}
