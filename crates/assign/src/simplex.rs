//! The cheapest full flow: the primal network simplex with strongly feasible trees and block search.
//!
//! It starts from a flow that is given, so that only the way from there to the best one is walked. Arcs strictly between
//! their bounds must form no cycle in it; those of [`crate::network`] do not, because only the arcs of bounded groups and the
//! arcs into the sink can be there, and each of them ends in a node that has no second one. An artificial root holds the tree
//! together; what the given flow leaves undone flows over arcs to it that cost more than any path.
//! A tree is strongly feasible when every node can send one more unit towards the root; leaving arcs are chosen so that this
//! stays true, and then no sequence of pivots comes back to where it was.
//! Not all arcs take part from the beginning ([`crate::sifting`]). Where there is little room, [`crate::scaling`] finds
//! a nearer flow to start from; its prices become the costs of the artificial arcs, which then carry nothing.
//! All numbers are integers, and nothing depends on chance or on the clock: the same input gives the same pivots.

use crate::network::{Network, index};
use crate::scaling::approach;
use crate::tree::{Edge, NONE, Tree};

/// A cheapest flow, and the price of each node: for every arc, `cost + price[tail] − price[head]` is 0 or more where it
/// could carry more, and 0 or less where it carries something.
#[derive(Debug)]
pub(crate) struct Optimum {
    pub(crate) flow: Vec<u32>,
    pub(crate) price: Vec<i64>,
}

/// The state of an arc, so that `state × reduced cost < 0` says that it should enter.
const LOWER: i8 = 1;
const UPPER: i8 = -1;
/// How many arcs are looked at, at least, before the best of them is taken.
const BLOCK: usize = 64;
/// In the tree, or an artificial arc that did its work.
const STILL: i8 = 0;

pub(crate) struct Simplex {
    /// The artificial arcs, one for each node, then the arcs that take part.
    network: Network,
    /// Which arcs of the whole network those are.
    origin: Vec<u32>,
    flow: Vec<u32>,
    state: Vec<i8>,
    pub(crate) price: Vec<i64>,
    tree: Tree,
    /// How many arcs are artificial.
    artificial: usize,
    /// Where the search for an entering arc goes on.
    next: usize,
}

/// What stops the flow around a cycle: the node under the arc that gives out first; none when it is the entering arc.
struct Stop {
    room: u32,
    node: Option<u32>,
    /// On the side where the entering arc begins (as the flow runs), not where it ends.
    before: bool,
}

impl Simplex {
    pub(crate) fn new(network: &Network, flow: &[u32]) -> Self {
        let nodes = network.nodes();
        let mut simplex = Self {
            network: Network {
                supply: vec![0; nodes + 1],
                ..Network::default()
            },
            origin: Vec::new(),
            flow: Vec::new(),
            state: Vec::new(),
            price: vec![0; nodes + 1],
            tree: Tree::loose(nodes + 1),
            artificial: nodes,
            next: 0,
        };
        let mut undone = network.supply.clone();
        for (arc, flow) in flow.iter().enumerate() {
            undone[network.tail[arc] as usize] -= i64::from(*flow);
            undone[network.head[arc] as usize] += i64::from(*flow);
        }
        let most = network.cost.iter().map(|cost| cost.abs()).max().unwrap_or(0);
        let dear = (most + 1) * i64::try_from(nodes).unwrap_or(i64::MAX);
        let dear = if undone.iter().all(|left| *left == 0) { 0 } else { dear };
        for (node, left) in (0..).zip(undone) {
            simplex.artificial(node, left, dear);
        }
        simplex
    }

    /// Whether nothing is undone, so that the artificial arcs carry nothing whatever they cost.
    pub(crate) fn is_full(&self) -> bool {
        self.flow[..self.artificial].iter().all(|flow| *flow == 0)
    }

    /// Whether few arcs leave a choice: then the first trees would hold together by little, and most pivots move nothing.
    pub(crate) fn is_tight(&self) -> bool {
        let arcs = self.artificial..self.flow.len();
        let between = arcs.filter(|arc| 0 < self.flow[*arc] && self.flow[*arc] < self.network.capacity[*arc]);
        between.count() * 8 < self.artificial
    }

    /// Begins at a flow and at prices that are nearly the best.
    pub(crate) fn draw_near(&mut self) {
        let arcs = self.artificial..self.flow.len();
        let Some((flow, price)) = approach(&self.network, arcs.clone(), &self.flow) else {
            return;
        };
        self.flow = flow;
        for (cost, price) in self.network.cost[..self.artificial].iter_mut().zip(price) {
            *cost = -price;
        }
        for arc in arcs {
            self.state[arc] = if self.flow[arc] == 0 { LOWER } else { UPPER };
        }
    }

    /// Lets an arc take part.
    pub(crate) fn admit(&mut self, network: &Network, arc: usize, flow: u32) {
        self.network.arc(
            (network.tail[arc], network.head[arc]),
            network.capacity[arc],
            network.cost[arc],
        );
        self.origin.push(index(arc));
        self.flow.push(flow);
        self.state.push(if flow == 0 { LOWER } else { UPPER });
    }

    /// The flow of the whole network, and its prices.
    pub(crate) fn told(self, network: &Network) -> Optimum {
        let mut flow = vec![0; network.arcs()];
        for (arc, carried) in self.origin.iter().zip(&self.flow[self.artificial..]) {
            flow[*arc as usize] = *carried;
        }
        Optimum {
            flow,
            price: self.price,
        }
    }

    /// The first tree: arcs strictly between their bounds, each part of them on an artificial arc.
    pub(crate) fn plant(&mut self) {
        let mut between: Vec<Vec<u32>> = vec![Vec::new(); self.artificial];
        for arc in self.artificial..self.flow.len() {
            if 0 < self.flow[arc] && self.flow[arc] < self.network.capacity[arc] {
                between[self.network.tail[arc] as usize].push(index(arc));
                between[self.network.head[arc] as usize].push(index(arc));
                self.state[arc] = STILL;
            }
        }
        // Nodes with something undone first: their artificial arc carries it and belongs into the tree.
        let root = index(self.artificial);
        let (busy, idle): (Vec<u32>, Vec<u32>) = (0..root).partition(|node| self.flow[*node as usize] != 0);
        for node in busy.into_iter().chain(idle) {
            if self.tree.at(node).parent == NONE {
                self.plant_part(node, &between);
            }
        }
        let (price, cost) = (&mut self.price, &self.network.cost);
        self.tree.walk(root, |node, knot| {
            if knot.parent != NONE {
                let cost = cost[knot.arc as usize];
                price[node as usize] = price[knot.parent as usize] + if knot.rises { -cost } else { cost };
            }
        });
    }

    /// An artificial arc between a node and the root, that carries what is undone and no more; it waits at its upper bound.
    fn artificial(&mut self, node: u32, left: i64, cost: i64) {
        let root = index(self.artificial);
        let ends = if left >= 0 { (node, root) } else { (root, node) };
        let flow = u32::try_from(left.abs()).unwrap_or(u32::MAX);
        self.network.arc(ends, flow, cost);
        self.flow.push(flow);
        self.state.push(if flow == 0 { STILL } else { UPPER });
    }

    /// Hangs a node on the root, and on it what it is joined with by arcs between their bounds.
    fn plant_part(&mut self, top: u32, between: &[Vec<u32>]) {
        let root = index(self.artificial);
        let arc = top as usize;
        self.network.capacity[arc] = u32::MAX;
        self.state[arc] = STILL;
        let rises = self.network.tail[arc] == top;
        self.tree.link(
            top,
            Edge {
                parent: root,
                arc: index(arc),
                rises,
            },
        );
        let mut open = vec![top];
        while let Some(parent) = open.pop() {
            for &arc in &between[parent as usize] {
                let (tail, head) = (self.network.tail[arc as usize], self.network.head[arc as usize]);
                let (node, rises) = if tail == parent { (head, false) } else { (tail, true) };
                if self.tree.at(node).parent == NONE {
                    self.tree.link(node, Edge { parent, arc, rises });
                    open.push(node);
                }
            }
        }
    }

    /// An arc whose entering makes the flow cheaper: the best of the next block that has one.
    pub(crate) fn entering(&mut self) -> Option<usize> {
        let arcs = self.state.len();
        let block = ((arcs as u64).isqrt() as usize).max(BLOCK);
        let (mut best, mut found) = (0, None);
        let mut looked = 0;
        while looked < arcs {
            let end = (self.next + block).min(arcs).min(self.next + arcs - looked);
            let range = self.next..end;
            let states = &self.state[range.clone()];
            let costs = &self.network.cost[range.clone()];
            let ends = self.network.tail[range.clone()]
                .iter()
                .zip(&self.network.head[range.clone()]);
            for (((at, state), cost), (tail, head)) in range.clone().zip(states).zip(costs).zip(ends) {
                let reduced = cost + self.price[*tail as usize] - self.price[*head as usize];
                let gain = i64::from(*state) * reduced;
                if gain < best {
                    (best, found) = (gain, Some(at));
                }
            }
            looked += range.len();
            self.next = if end == arcs { 0 } else { end };
            if found.is_some() {
                break;
            }
        }
        found
    }

    pub(crate) fn pivot(&mut self, entering: usize) {
        let (tail, head) = (self.network.tail[entering], self.network.head[entering]);
        let rising = self.state[entering] == LOWER;
        // The flow runs from `begin` over the entering arc to `end`, and round through the tree.
        let (begin, end) = if rising { (tail, head) } else { (head, tail) };
        let join = self.join(begin, end);
        let stop = self.stop((begin, end), join, self.network.capacity[entering]);
        self.send((begin, end), join, stop.room);
        let around = &mut self.flow[entering];
        *around = if rising {
            *around + stop.room
        } else {
            *around - stop.room
        };
        let Some(cut) = stop.node else {
            self.state[entering] = -self.state[entering];
            return;
        };
        let leaving = self.tree.at(cut).arc as usize;
        self.state[leaving] = match self.flow[leaving] {
            0 if leaving < self.artificial => STILL,
            0 => LOWER,
            _ => UPPER,
        };
        self.state[entering] = STILL;
        let (inside, outside) = if stop.before { (begin, end) } else { (end, begin) };
        let edge = Edge {
            parent: outside,
            arc: index(entering),
            rises: tail == inside,
        };
        self.tree.rehang(cut, inside, edge);
        let reduced = self.network.cost[entering] + self.price[tail as usize] - self.price[head as usize];
        let shift = if tail == inside { -reduced } else { reduced };
        let price = &mut self.price;
        self.tree.walk(inside, |node, _| price[node as usize] += shift);
    }

    /// Where the ways of two nodes to the root meet.
    fn join(&self, begin: u32, end: u32) -> u32 {
        let (mut a, mut b) = (begin, end);
        while a != b {
            let (of_a, of_b) = (self.tree.at(a), self.tree.at(b));
            if of_a.depth >= of_b.depth {
                a = of_a.parent;
            }
            if of_b.depth >= of_a.depth {
                b = of_b.parent;
            }
        }
        a
    }

    /// The last arc of the cycle that gives out first, beginning at the join: this keeps the tree strongly feasible.
    fn stop(&self, (begin, end): (u32, u32), join: u32, room: u32) -> Stop {
        let mut stop = Stop {
            room,
            node: None,
            before: false,
        };
        let mut node = begin;
        while node != join {
            let knot = self.tree.at(node);
            let room = self.room(knot.arc, !knot.rises);
            if room < stop.room {
                stop = Stop {
                    room,
                    node: Some(node),
                    before: true,
                };
            }
            node = knot.parent;
        }
        node = end;
        while node != join {
            let knot = self.tree.at(node);
            let room = self.room(knot.arc, knot.rises);
            if room <= stop.room {
                stop = Stop {
                    room,
                    node: Some(node),
                    before: false,
                };
            }
            node = knot.parent;
        }
        stop
    }

    #[inline]
    fn room(&self, arc: u32, along: bool) -> u32 {
        let flow = self.flow[arc as usize];
        if along {
            self.network.capacity[arc as usize] - flow
        } else {
            flow
        }
    }

    fn send(&mut self, (begin, end): (u32, u32), join: u32, amount: u32) {
        if amount == 0 {
            return;
        }
        for (from, falling) in [(begin, true), (end, false)] {
            let mut node = from;
            while node != join {
                let knot = self.tree.at(node);
                let flow = &mut self.flow[knot.arc as usize];
                *flow = if knot.rises == falling {
                    *flow - amount
                } else {
                    *flow + amount
                };
                node = knot.parent;
            }
        }
    }
}
