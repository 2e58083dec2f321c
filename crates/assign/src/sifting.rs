//! Few arcs at first, the others by price: the simplex sees only what could matter.
//!
//! The first arcs of each node are its best ones, and nearly always enough. When nothing is to gain among those that take part,
//! the prices say whether an arc that is left would be worth it; some of these join, and the simplex goes on where it was.
//! When none would, the flow is the cheapest of the whole network: nothing is lost by not having looked at an arc before.

use crate::network::{Network, index};
use crate::simplex::{Optimum, Simplex};

/// Improves a flow of a network that admits a full one.
pub(crate) fn optimum(network: &Network, flow: &[u32]) -> Optimum {
    let mut simplex = Simplex::new(network, flow);
    let mut rest = Rest::new(network, flow, &mut simplex);
    loop {
        while let Some(arc) = simplex.entering() {
            simplex.pivot(arc);
        }
        if rest.is_optimal(network, &mut simplex) {
            return simplex.told(network);
        }
    }
}

/// How many arcs of each node take part from the beginning, and how many more of them join at a time.
const FIRST: u32 = 32;
const MORE: u32 = 8;

/// The arcs that carry nothing and do not take part yet.
struct Rest {
    arcs: Vec<u32>,
    /// Arcs of each tail that were taken in this round.
    taken: Vec<u32>,
}

impl Rest {
    /// Leaves the first arcs of each node, and those that carry something, to the simplex.
    fn new(network: &Network, flow: &[u32], simplex: &mut Simplex) -> Self {
        let mut rest = Self {
            arcs: Vec::new(),
            taken: vec![0; network.nodes()],
        };
        for (arc, carried) in flow.iter().enumerate() {
            let taken = &mut rest.taken[network.tail[arc] as usize];
            *taken += 1;
            if *carried == 0 && *taken > FIRST {
                rest.arcs.push(index(arc));
            } else {
                simplex.admit(network, arc, *carried);
            }
        }
        if simplex.is_full() && simplex.is_tight() {
            simplex.draw_near();
        }
        simplex.plant();
        rest
    }

    /// Whether no arc that is left would make the flow cheaper; else some of those that would now take part.
    fn is_optimal(&mut self, network: &Network, simplex: &mut Simplex) -> bool {
        let before = self.arcs.len();
        self.taken.fill(0);
        let (price, taken) = (std::mem::take(&mut simplex.price), &mut self.taken);
        self.arcs.retain(|arc| {
            let arc = *arc as usize;
            let (tail, head) = (network.tail[arc] as usize, network.head[arc] as usize);
            if network.cost[arc] + price[tail] - price[head] >= 0 || taken[tail] == MORE {
                return true;
            }
            taken[tail] += 1;
            simplex.admit(network, arc, 0);
            false
        });
        simplex.price = price;
        self.arcs.len() == before
    }
}
