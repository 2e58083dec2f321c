//! Calls to assign reviewers for: declarations and experts with fields, fits out of a thousand, conflicts; and the same as a
//! file of integers for another solver.
//!
//! A fit is made of the fields that both sides have in common and of chance. The last declaration is of a field that nobody
//! knows well: it holds the worst fit down for all, so that few pairs can be left aside because of it.

use assign::{Declaration, Expert, Flaw, Group, Load, Mix, Problem};

use crate::chance::Chance;

const FIELDS: usize = 40;
const REVIEWS: u32 = 5;
const SEED: u64 = 20_261_124;

/// How large a call is and how it is made.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub declarations: usize,
    pub experts: usize,
    /// Candidates of each declaration; everybody without it.
    pub candidates: Option<usize>,
    /// One to three reviewers of each declaration from practice.
    pub mixed: bool,
    /// Reviews that experts can give altogether, in percent of those needed.
    pub capacity: usize,
}

/// A call, and what another solver needs to know of it.
pub struct Panel {
    pub problem: Problem,
    head: Vec<i64>,
    loads: Vec<i64>,
    groups: Vec<i64>,
    pairs: Vec<[i64; 3]>,
}

impl Panel {
    /// The same call for the same size.
    pub fn of(size: Size) -> Result<Self, Flaw> {
        let mut chance = Chance::new(SEED);
        let mut panel = Self {
            problem: Problem::new(SEED),
            head: vec![
                number(size.declarations),
                number(size.experts),
                i64::from(REVIEWS),
                i64::from(size.mixed),
            ],
            loads: Vec::new(),
            groups: Vec::new(),
            pairs: Vec::new(),
        };
        let practice = panel.problem.group();
        let needed = size.declarations * REVIEWS as usize * size.capacity / 100;
        for number in 0..size.experts {
            let load = needed / size.experts + usize::from(number < needed % size.experts);
            panel.expert(load, practice, number % 3 == 0)?;
        }
        let fields: Vec<[usize; 2]> = (0..size.experts)
            .map(|_| [chance.below(FIELDS), chance.below(FIELDS)])
            .collect();
        let mut of_field: Vec<Vec<usize>> = vec![Vec::new(); FIELDS];
        for (expert, of_expert) in fields.iter().enumerate() {
            of_field[of_expert[0]].push(expert);
        }
        let mix = [Mix {
            group: practice,
            min: 1,
            max: 3,
        }];
        let mix = if size.mixed { &mix[..] } else { &[] };
        for number in 0..size.declarations {
            let declaration = panel.problem.declaration(REVIEWS, mix)?;
            let wanted = [chance.below(FIELDS), chance.below(FIELDS)];
            let rare = number + 1 == size.declarations;
            for expert in candidates(size, &of_field[wanted[0]], &mut chance) {
                let mut fit = chance.below(300);
                for (own, worth) in wanted.iter().zip([400, 200]) {
                    fit += if fields[expert].contains(own) { worth } else { 0 };
                }
                panel.pair(
                    declaration,
                    expert,
                    if rare { fit / 10 } else { fit + 100 },
                    chance.below(100) < 3,
                )?;
            }
        }
        Ok(panel)
    }

    fn expert(&mut self, load: usize, practice: Group, is_of_practice: bool) -> Result<(), Flaw> {
        let load = u32::try_from(load).unwrap_or(u32::MAX);
        self.problem
            .expert(Load::up_to(load), is_of_practice.then_some(practice))?;
        self.loads.push(i64::from(load));
        self.groups.push(i64::from(is_of_practice));
        Ok(())
    }

    fn pair(&mut self, declaration: Declaration, expert: usize, fit: usize, conflict: bool) -> Result<(), Flaw> {
        let expert = Expert(u32::try_from(expert).unwrap_or(u32::MAX));
        self.problem.fit(declaration, expert, number(fit))?;
        if conflict {
            return self.problem.conflict(declaration, expert);
        }
        self.pairs
            .push([i64::from(declaration.0), i64::from(expert.0), number(fit)]);
        Ok(())
    }

    /// Everything as integers of 64 bits: head (declarations, experts, reviews, mixed), most of each expert, who is of
    /// practice, and the pairs without conflict: declarations, experts, fits.
    pub fn bytes(&self) -> Vec<u8> {
        let head = self.head.iter().chain(&self.loads).chain(&self.groups).copied();
        let columns = (0..3).flat_map(|column| self.pairs.iter().map(move |pair| pair[column]));
        head.chain(columns).flat_map(i64::to_le_bytes).collect()
    }
}

/// Everybody, or some: half of them of the field, the others anybody.
fn candidates(size: Size, of_field: &[usize], chance: &mut Chance) -> Vec<usize> {
    let Some(wanted) = size.candidates else {
        return (0..size.experts).collect();
    };
    let mut found = Vec::with_capacity(wanted);
    let mut there = vec![false; size.experts];
    while found.len() < wanted.min(size.experts) {
        // Every second of them is of the field, as far as chance finds new ones there.
        let of_field = chance
            .pick(of_field)
            .copied()
            .filter(|expert| found.len() % 2 == 0 && !there[*expert]);
        let expert = of_field.unwrap_or_else(|| chance.below(size.experts));
        if !there[expert] {
            there[expert] = true;
            found.push(expert);
        }
    }
    found
}

fn number(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
