//! The problem as a network of flows, one unit for each review.
//!
//! ```text
//! declaration ─► (declaration, group) ─► expert ─► sink      the group only where its number is bounded
//!      └──────────────────────────────────►┘
//! ```
//! Lower bounds are sent in advance: a least number of a group is supply of its node instead of the declaration's, a least
//! load is demand of the expert instead of the sink's. So arcs have only capacities, and a bound that contradicts another
//! becomes a demand that nothing reaches. Nothing below this file knows what the flow means.

use crate::free::Free;
use crate::problem::{Declaration, Expert};

/// A network: nodes that supply (above 0) or demand (below 0), arcs with capacity and cost.
#[derive(Debug, Clone, Default)]
pub(crate) struct Network {
    pub(crate) supply: Vec<i64>,
    pub(crate) tail: Vec<u32>,
    pub(crate) head: Vec<u32>,
    pub(crate) capacity: Vec<u32>,
    pub(crate) cost: Vec<i64>,
}

impl Network {
    pub(crate) fn node(&mut self, supply: i64) -> u32 {
        self.supply.push(supply);
        index(self.supply.len() - 1)
    }

    pub(crate) fn arc(&mut self, (tail, head): (u32, u32), capacity: u32, cost: i64) {
        self.tail.push(tail);
        self.head.push(head);
        self.capacity.push(capacity);
        self.cost.push(cost);
    }

    pub(crate) fn nodes(&self) -> usize {
        self.supply.len()
    }

    pub(crate) fn arcs(&self) -> usize {
        self.tail.len()
    }
}

/// Where the nodes of a problem stand in its network.
#[derive(Debug)]
pub(crate) struct Layout {
    declarations: u32,
    /// The first bounded group of each declaration, and the end of all.
    slots: Vec<u32>,
    experts: u32,
    pub(crate) sink: u32,
}

impl Layout {
    pub(crate) fn of(free: &Free) -> Self {
        let declarations = index(free.rows.len());
        let mut slots = vec![declarations];
        let mut end = declarations;
        for row in &free.rows {
            end += index(row.mix.len());
            slots.push(end);
        }
        Self {
            declarations,
            slots,
            experts: end,
            sink: end + index(free.loads.len()),
        }
    }

    pub(crate) fn declaration(&self, declaration: Declaration) -> u32 {
        declaration.0
    }

    pub(crate) fn slot(&self, declaration: Declaration, mix: usize) -> u32 {
        self.slots[declaration.0 as usize] + index(mix)
    }

    pub(crate) fn expert(&self, expert: Expert) -> u32 {
        self.experts + expert.0
    }

    /// The declaration whose node or group this is.
    pub(crate) fn owner(&self, node: u32) -> Declaration {
        if node < self.declarations {
            return Declaration(node);
        }
        let after = self.slots.partition_point(|first| *first <= node);
        Declaration(index(after) - 1)
    }

    /// The expert whose node this is.
    pub(crate) fn expert_at(&self, node: u32) -> Expert {
        Expert(node - self.experts)
    }
}

/// The network of all choices of at least a fit. The arcs of the choices come first.
pub(crate) fn network(
    free: &Free,
    layout: &Layout,
    (least, cost): (i64, impl Fn(Declaration, Expert, i64) -> i64),
) -> Network {
    let mut network = Network::default();
    for row in &free.rows {
        let apart: i64 = row.mix.iter().map(|mix| i64::from(mix.min)).sum();
        network.node(i64::from(row.need) - apart);
    }
    for mix in free.rows.iter().flat_map(|row| &row.mix) {
        network.node(i64::from(mix.min));
    }
    for load in &free.loads {
        network.node(-i64::from(load.min));
    }
    let apart: i64 = free.loads.iter().map(|load| i64::from(load.min)).sum();
    network.node(apart - free.need());
    for (declaration, row) in (0..).map(Declaration).zip(&free.rows) {
        for choice in row.choices.iter().take_while(|choice| choice.fit >= least) {
            let tail = match free.slot(declaration, choice.expert) {
                Some(mix) => layout.slot(declaration, mix),
                None => layout.declaration(declaration),
            };
            let cost = cost(declaration, choice.expert, choice.fit);
            network.arc((tail, layout.expert(choice.expert)), 1, cost);
        }
    }
    for (declaration, row) in (0..).map(Declaration).zip(&free.rows) {
        for (at, mix) in row.mix.iter().enumerate() {
            let ends = (layout.declaration(declaration), layout.slot(declaration, at));
            network.arc(ends, mix.max - mix.min, 0);
        }
    }
    for (expert, load) in (0..).map(Expert).zip(&free.loads) {
        network.arc((layout.expert(expert), layout.sink), load.max - load.min, 0);
    }
    network
}

pub(crate) fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
