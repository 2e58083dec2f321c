//! Prices that prove: one sum over them bounds every assignment from above, whoever made it and however they were found.
//!
//! A price of a declaration, of each of its bounded groups, and of an expert is what one more review there costs the rest.
//! For any prices whatever, no full assignment is worth more than
//!
//! ```text
//! Σ declarations  reviews × price
//! Σ mixes         (max if price > 0, else min) × price
//! Σ experts       (max if price > 0, else min) × price
//! Σ open pairs    max(0, value − its three prices)          and for fixed pairs: value − its three prices
//! ```
//! because each line is at least what the assignment's reviews are worth on it (the duality of linear programmes).
//! An assignment that reaches the sum is the best one. If every value is 0 and the sum is below 0, there is no assignment.
//! [`verify`] and [`verify_impossible`] use nothing of the solver: the input, the answer and this sum are all they need.

use crate::answer::{Answer, Shortage};
use crate::check::{Seen, Violation, check};
use crate::problem::{Declaration, Expert, Pair, Problem};
use crate::value::Scale;

/// The prices of a proof.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prices {
    pub declarations: Vec<i64>,
    /// For each declaration, one price for each mix in the order in which it was given.
    pub mixes: Vec<Vec<i64>>,
    pub experts: Vec<i64>,
}

/// Why an answer proves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// It was drawn with another seed.
    OtherSeed,
    /// The assignment breaks something that must hold.
    Broken(Vec<Violation>),
    /// A chosen pair fits worse than the worst fit that the answer states.
    WorseFit(Pair),
    /// The total fit is not the stated one.
    OtherTotal { counted: i128 },
    /// The prices are not of this problem: their number is wrong.
    OtherPrices,
    /// The prices allow a better assignment.
    NotBest,
    /// It is not shown that a higher worst fit is impossible.
    NotHighest,
    /// It is not shown that there is no assignment.
    NotImpossible,
}

/// Whether an answer keeps what must hold, has the highest possible worst fit, and the best total among those.
///
/// # Errors
/// The first doubt.
pub fn verify(problem: &Problem, answer: &Answer) -> Result<(), Doubt> {
    if answer.seed != problem.seed {
        return Err(Doubt::OtherSeed);
    }
    let broken = check(problem, &answer.pairs);
    if !broken.is_empty() {
        return Err(Doubt::Broken(broken));
    }
    let mut tally = Tally::default();
    // Without a worst fit nothing may be chosen freely at all.
    let (worst, open) = (answer.worst.unwrap_or(0), answer.worst.is_some());
    let scale = Scale::try_new(problem, worst).map_err(|_| Doubt::NotBest)?;
    let value = |declaration, expert, fit| i128::from(scale.value(declaration, expert, fit));
    let mut chosen = answer.pairs.clone();
    chosen.sort_unstable();
    for (declaration, row) in problem.numbered() {
        for &(expert, fit) in &row.fits {
            if chosen.binary_search(&(declaration, expert)).is_err() {
                continue;
            }
            tally.total += i128::from(fit);
            if row.fixed.contains(&expert) {
                continue;
            }
            if !open || fit < worst {
                return Err(Doubt::WorseFit((declaration, expert)));
            }
            tally.value += value(declaration, expert, fit);
        }
    }
    if tally.total != answer.total {
        return Err(Doubt::OtherTotal { counted: tally.total });
    }
    let bound = bound(problem, &answer.prices, |fit| open && fit >= worst, value)?;
    if bound != tally.value {
        return Err(Doubt::NotBest);
    }
    highest(problem, answer)
}

#[derive(Default)]
struct Tally {
    total: i128,
    value: i128,
}

/// Whether no assignment has a better worst fit than the answer's.
fn highest(problem: &Problem, answer: &Answer) -> Result<(), Doubt> {
    let Some(worst) = answer.worst else { return Ok(()) };
    let better = |fit: i64| fit > worst;
    let Some(ceiling) = &answer.ceiling else {
        // Nothing to prove where no better pair is open.
        let nothing = Prices::none(problem);
        let gain = |_, _, _| 1;
        return if bound(problem, &nothing, better, gain)? == 0 {
            Ok(())
        } else {
            Err(Doubt::NotHighest)
        };
    };
    if bound(problem, ceiling, better, |_, _, _| 0)? < 0 {
        Ok(())
    } else {
        Err(Doubt::NotHighest)
    }
}

/// Whether a shortage proves that there is no assignment at all.
///
/// # Errors
/// The doubt.
pub fn verify_impossible(problem: &Problem, shortage: &Shortage) -> Result<(), Doubt> {
    let bound = bound(problem, &shortage.proof, |_| true, |_, _, _| 0)?;
    if bound < 0 { Ok(()) } else { Err(Doubt::NotImpossible) }
}

/// The sum of the header, over the open pairs whose fit is enough. Fixed pairs are worth nothing.
fn bound(
    problem: &Problem,
    prices: &Prices,
    enough: impl Fn(i64) -> bool,
    value: impl Fn(Declaration, Expert, i64) -> i128,
) -> Result<i128, Doubt> {
    if !prices.belong_to(problem) {
        return Err(Doubt::OtherPrices);
    }
    let between = |price: i64, min: u32, max: u32| i128::from(price) * i128::from(if price > 0 { max } else { min });
    let mut sum = 0;
    for (member, price) in problem.members.iter().zip(&prices.experts) {
        sum += between(*price, member.load.min, member.load.max);
    }
    let mut closed = Seen::new(problem.members.len());
    for (declaration, row) in problem.numbered() {
        let own = prices.declarations[declaration.0 as usize];
        let groups = &prices.mixes[declaration.0 as usize];
        sum += i128::from(own) * i128::from(row.reviews);
        for (mix, price) in row.mix.iter().zip(groups) {
            sum += between(*price, mix.min, mix.max);
        }
        let price_of = |expert: Expert| {
            let mix = row.mix_of(problem.members[expert.0 as usize].group);
            let group = mix.map_or(0, |mix| groups[mix]);
            i128::from(own) + i128::from(group) + i128::from(prices.experts[expert.0 as usize])
        };
        sum -= row.fixed.iter().map(|expert| price_of(*expert)).sum::<i128>();
        let closed = closed
            .none()
            .and(row.conflicts.iter().chain(&row.vetoes).chain(&row.fixed).copied());
        let open = row
            .fits
            .iter()
            .filter(|(expert, fit)| enough(*fit) && !closed.has(*expert));
        sum += open
            .map(|&(expert, fit)| (value(declaration, expert, fit) - price_of(expert)).max(0))
            .sum::<i128>();
    }
    Ok(sum)
}

impl Prices {
    fn none(problem: &Problem) -> Self {
        Self {
            declarations: vec![0; problem.rows.len()],
            mixes: problem.rows.iter().map(|row| vec![0; row.mix.len()]).collect(),
            experts: vec![0; problem.members.len()],
        }
    }

    fn belong_to(&self, problem: &Problem) -> bool {
        let mixes = self.mixes.iter().map(Vec::len);
        self.declarations.len() == problem.rows.len()
            && self.experts.len() == problem.members.len()
            && self.mixes.len() == problem.rows.len()
            && mixes.zip(&problem.rows).all(|(prices, row)| prices == row.mix.len())
    }
}
