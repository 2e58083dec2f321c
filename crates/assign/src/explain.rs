//! Why there is no assignment, and what would make one.
//!
//! Why: the supply that is left after the largest flow reaches a set of nodes, and what leaves that set is a smallest cut.
//! What would help: the same network with additional arcs, one for each kind of change, each unit at the price of one change
//! and a little for its kind, so that a cheapest flow needs the fewest changes, and among those the gentlest:
//! a lifted veto or one more review for somebody before two more, before a bound moved, before additional experts.
//! Conflicts are never lifted. A change of two units counts twice; sets of changes are compared by that count alone.

use crate::answer::{Binding, Relief, Shortage};
use crate::check::Seen;
use crate::feasible::{Fill, fill};
use crate::free::Free;
use crate::network::{Layout, Network, network};
use crate::problem::{Declaration, Expert, Group, Problem};
use crate::sifting::optimum;
use crate::solve::cut_prices;

/// One change, far above the sum of all that its kind may add.
const CHANGE: i64 = 1 << 24;

/// The explanation of a problem that has no full flow.
pub(crate) fn shortage(problem: &Problem, free: &Free, layout: &Layout) -> Shortage {
    let network = network(free, layout, (i64::MIN, |_, _, _| 0));
    let best = fill(&network);
    let cut = Cut {
        problem,
        free,
        layout,
        fill: &best,
    };
    let (declarations, experts) = (cut.declarations(), cut.experts());
    Shortage {
        missing: u64::try_from(best.missing).unwrap_or_default(),
        binding: cut.binding(&declarations, &experts),
        declarations,
        experts,
        proof: cut_prices(&best, free, layout),
        reliefs: reliefs(problem, (free, layout), network, best.flow),
    }
}

struct Cut<'a> {
    problem: &'a Problem,
    free: &'a Free,
    layout: &'a Layout,
    fill: &'a Fill,
}

impl Cut<'_> {
    fn reached(&self, node: u32) -> bool {
        self.fill.reached[node as usize]
    }

    /// Whether reviews are left that any expert could give, so that it is least loads which cannot be met.
    fn is_of_least_loads(&self) -> bool {
        self.reached(self.layout.sink)
    }

    /// A declaration counts when its own node or one of its groups does.
    fn declarations(&self) -> Vec<Declaration> {
        let wanted = !self.is_of_least_loads();
        let rows = (0..).map(Declaration).zip(&self.free.rows);
        let within = |(declaration, row): &(Declaration, &crate::free::FreeRow)| {
            self.reached(self.layout.declaration(*declaration)) == wanted
                || (0..row.mix.len()).any(|mix| self.reached(self.layout.slot(*declaration, mix)) == wanted)
        };
        rows.filter(within).map(|(declaration, _)| declaration).collect()
    }

    fn experts(&self) -> Vec<Expert> {
        let least = self.is_of_least_loads();
        let experts = (0..).map(Expert).zip(&self.free.loads);
        let within = |(expert, load): &(Expert, &crate::problem::Load)| {
            self.reached(self.layout.expert(*expert)) != least && (!least || load.min > 0)
        };
        experts.filter(within).map(|(expert, _)| expert).collect()
    }

    fn binding(&self, declarations: &[Declaration], experts: &[Expert]) -> Vec<Binding> {
        let least = self.is_of_least_loads();
        let mut binding: Vec<Binding> = Vec::new();
        for &expert in experts {
            let load = self.problem.members[expert.0 as usize].load;
            binding.push(if least {
                Binding::LeastLoad { expert, min: load.min }
            } else {
                Binding::Load { expert, max: load.max }
            });
        }
        let mut seen = Seen::new(self.free.loads.len());
        for (declaration, _) in self.problem.numbered() {
            self.of_mixes(declaration, &mut binding);
            if least || declarations.binary_search(&declaration).is_ok() {
                self.of_candidates(declaration, &mut seen, &mut binding);
            }
        }
        binding
    }

    fn of_mixes(&self, declaration: Declaration, binding: &mut Vec<Binding>) {
        let own = self.reached(self.layout.declaration(declaration));
        let mixes = self.problem.rows[declaration.0 as usize].mix.iter();
        for (at, mix) in mixes.enumerate() {
            let slot = self.reached(self.layout.slot(declaration, at));
            if own && !slot {
                binding.push(Binding::MixMax {
                    declaration,
                    group: mix.group,
                    max: mix.max,
                });
            }
            if slot && !own && mix.min > 0 {
                binding.push(Binding::MixMin {
                    declaration,
                    group: mix.group,
                    min: mix.min,
                });
            }
        }
    }

    /// Pairs that leave the cut: open ones count once each; vetoed and conflicting ones would have helped.
    fn of_candidates(&self, declaration: Declaration, seen: &mut Seen, binding: &mut Vec<Binding>) {
        let row = &self.problem.rows[declaration.0 as usize];
        let leaves = |expert: &Expert| {
            let from = match self.free.slot(declaration, *expert) {
                Some(mix) => self.layout.slot(declaration, mix),
                None => self.layout.declaration(declaration),
            };
            self.reached(from) && !self.reached(self.layout.expert(*expert))
        };
        let choices = self.free.rows[declaration.0 as usize].choices.iter();
        let others = choices.filter(|choice| leaves(&choice.expert)).count();
        let is_candidate = seen.none().and(row.fits.iter().map(|(expert, _)| *expert));
        let lost = |expert: &&Expert| is_candidate.has(**expert) && leaves(expert) && !row.fixed.contains(expert);
        let conflicts = row.conflicts.iter().filter(lost).count();
        let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        let own = self.reached(self.layout.declaration(declaration));
        if others > 0 || own && !self.is_of_least_loads() {
            binding.push(Binding::Candidates {
                declaration,
                others: count(others),
            });
        }
        if conflicts > 0 {
            binding.push(Binding::Conflicts {
                declaration,
                count: count(conflicts),
            });
        }
        let vetoes = row
            .vetoes
            .iter()
            .filter(lost)
            .filter(|expert| !row.conflicts.contains(expert));
        binding.extend(vetoes.map(|&expert| Binding::Veto { declaration, expert }));
    }
}

/// What an additional arc stands for.
#[derive(Debug, Clone, Copy)]
enum Change {
    MoreLoad(Expert),
    LessLeastLoad(Expert),
    HigherMix(Declaration, Group),
    LowerMix(Declaration, Group),
    LiftVeto(Declaration, Expert),
    NewExperts(Declaration, Option<Group>),
}

/// The network with every change that could be made to it.
struct Changes<'a> {
    network: Network,
    layout: &'a Layout,
    /// Where the changes begin, and what each arc from there on stands for; none for the way out of new experts.
    first: usize,
    kinds: Vec<Option<Change>>,
}

impl Changes<'_> {
    fn add(&mut self, ends: (u32, u32), (capacity, extra): (u32, i64), change: Change) {
        self.network.arc(ends, capacity, CHANGE + extra);
        self.kinds.push(Some(change));
    }

    fn of_experts(&mut self, free: &Free) {
        let all = u32::try_from(free.rows.len()).unwrap_or(u32::MAX);
        for (expert, load) in (0..).map(Expert).zip(&free.loads) {
            let (node, sink) = (self.layout.expert(expert), self.layout.sink);
            for (capacity, extra) in [(1, 1), (1, 2), (all, 3)] {
                self.add((node, sink), (capacity, extra), Change::MoreLoad(expert));
            }
            if load.min > 0 {
                self.add((sink, node), (load.min, 3), Change::LessLeastLoad(expert));
            }
        }
    }

    /// Moved bounds, and additional experts for the declaration itself and for each of its bounded groups.
    fn of_declarations(&mut self, free: &Free, groups: u32) {
        let sink = self.layout.sink;
        let new: Vec<u32> = (0..=groups).map(|_| self.network.node(0)).collect();
        for node in &new {
            self.network.arc((*node, sink), u32::MAX >> 1, 0);
            self.kinds.push(None);
        }
        for (declaration, row) in (0..).map(Declaration).zip(&free.rows) {
            let own = self.layout.declaration(declaration);
            for (at, mix) in row.mix.iter().enumerate() {
                let (slot, group) = (self.layout.slot(declaration, at), mix.group);
                self.add((own, slot), (row.need, 4), Change::HigherMix(declaration, group));
                if mix.min > 0 {
                    self.add((slot, own), (mix.min, 4), Change::LowerMix(declaration, group));
                }
                let capacity = row.need.max(mix.min);
                self.add(
                    (slot, new[group.0 as usize]),
                    (capacity, 5),
                    Change::NewExperts(declaration, Some(group)),
                );
            }
            self.add(
                (own, new[groups as usize]),
                (row.need, 5),
                Change::NewExperts(declaration, None),
            );
        }
    }

    /// Vetoed candidates who are in no conflict.
    fn of_vetoes(&mut self, problem: &Problem, free: &Free) {
        for (declaration, row) in problem.numbered() {
            let may = |expert: &&Expert| {
                row.fits.iter().any(|(candidate, _)| candidate == *expert)
                    && !row.conflicts.contains(expert)
                    && !row.fixed.contains(expert)
            };
            for &expert in row.vetoes.iter().filter(may) {
                let from = match free.slot(declaration, expert) {
                    Some(mix) => self.layout.slot(declaration, mix),
                    None => self.layout.declaration(declaration),
                };
                self.add(
                    (from, self.layout.expert(expert)),
                    (1, 1),
                    Change::LiftVeto(declaration, expert),
                );
            }
        }
    }
}

/// The cheapest changes, given the largest flow without any.
fn reliefs(problem: &Problem, (free, layout): (&Free, &Layout), network: Network, mut flow: Vec<u32>) -> Vec<Relief> {
    let first = network.arcs();
    let mut changes = Changes {
        network,
        layout,
        first,
        kinds: Vec::new(),
    };
    changes.of_experts(free);
    changes.of_declarations(free, problem.groups);
    changes.of_vetoes(problem, free);
    flow.resize(changes.network.arcs(), 0);
    let Changes {
        network, first, kinds, ..
    } = changes;
    let best = optimum(&network, &flow);
    let made = kinds.iter().zip(&best.flow[first..]).filter(|(_, by)| **by > 0);
    let mut reliefs = Vec::new();
    for (change, by) in made {
        if let Some(change) = change {
            told(&mut reliefs, *change, *by);
        }
    }
    reliefs
}

/// Adds a change to the list, to the entry that is already there if it is of the same kind and place.
fn told(reliefs: &mut Vec<Relief>, change: Change, by: u32) {
    match change {
        Change::MoreLoad(expert) => match reliefs.last_mut() {
            Some(Relief::MoreLoad { expert: last, by: sum }) if *last == expert => *sum += by,
            _ => reliefs.push(Relief::MoreLoad { expert, by }),
        },
        Change::LessLeastLoad(expert) => reliefs.push(Relief::LessLeastLoad { expert, by }),
        Change::HigherMix(declaration, group) => reliefs.push(Relief::HigherMix { declaration, group, by }),
        Change::LowerMix(declaration, group) => reliefs.push(Relief::LowerMix { declaration, group, by }),
        Change::LiftVeto(declaration, expert) => reliefs.push(Relief::LiftVeto { declaration, expert }),
        Change::NewExperts(declaration, wanted) => {
            let entry = reliefs.iter_mut().find_map(|relief| match relief {
                Relief::NewExperts { group, reviews } if *group == wanted => Some(reviews),
                _ => None,
            });
            match entry {
                Some(reviews) => reviews.push((declaration, by)),
                None => reliefs.push(Relief::NewExperts {
                    group: wanted,
                    reviews: vec![(declaration, by)],
                }),
            }
        }
    }
}
