//! A full flow that is nearly the cheapest, with prices to begin the simplex from: cost scaling by push and relabel.
//!
//! At each precision, arcs that the prices want full are filled and those they want empty are emptied; nodes that thereby
//! have too much push it on over arcs that pay for it, and lower their price by the precision where none does: an auction in
//! which experts who are asked for too often become dearer. Without spare capacity this saves the simplex nearly all of its
//! pivots. It need not be exact, so it stops early, and gives up where it does more work than it could save.

use std::collections::VecDeque;
use std::ops::Range;

use crate::network::{Network, index};

/// From one precision to the next, and how many of them.
const FINER: i64 = 8;
const PHASES: u32 = 4;
/// Arcs looked at, for each arc of the network and each precision, before it gives up.
const PATIENCE: usize = 300;

/// Flow and prices within the last precision of the best; none when it gave up.
pub(crate) fn approach(network: &Network, arcs: Range<usize>, flow: &[u32]) -> Option<(Vec<u32>, Vec<i64>)> {
    let most = network.cost[arcs.clone()]
        .iter()
        .map(|cost| cost.abs())
        .max()
        .unwrap_or(0);
    let mut auction = Auction::new(network, arcs, flow);
    let mut precision = most;
    for _ in 0..PHASES {
        precision /= FINER;
        if precision == 0 {
            break;
        }
        auction.refine(precision)?;
    }
    Some((auction.flow, auction.price))
}

struct Auction<'n> {
    network: &'n Network,
    arcs: Range<usize>,
    flow: Vec<u32>,
    price: Vec<i64>,
    excess: Vec<i64>,
    /// Ways by node: an arc out of it doubled, an arc into it doubled and one more.
    first: Vec<u32>,
    ways: Vec<u32>,
    cursor: Vec<u32>,
    queue: VecDeque<u32>,
}

impl<'n> Auction<'n> {
    fn new(network: &'n Network, arcs: Range<usize>, flow: &[u32]) -> Self {
        let nodes = network.nodes();
        let mut first = vec![0; nodes + 1];
        for arc in arcs.clone() {
            first[network.tail[arc] as usize + 1] += 1;
            first[network.head[arc] as usize + 1] += 1;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        let mut place = first.clone();
        let mut ways = vec![0; 2 * arcs.len()];
        for arc in arcs.clone() {
            for (node, way) in [
                (network.tail[arc], 2 * index(arc)),
                (network.head[arc], 2 * index(arc) + 1),
            ] {
                let place = &mut place[node as usize];
                ways[*place as usize] = way;
                *place += 1;
            }
        }
        Self {
            network,
            arcs,
            flow: flow.to_vec(),
            price: vec![0; nodes],
            excess: vec![0; nodes],
            first,
            ways,
            cursor: vec![0; nodes],
            queue: VecDeque::new(),
        }
    }

    fn refine(&mut self, precision: i64) -> Option<()> {
        self.ask();
        self.cursor.fill(0);
        self.queue = (0..index(self.excess.len()))
            .filter(|node| self.excess[*node as usize] > 0)
            .collect();
        let mut patience = PATIENCE * self.arcs.len();
        while let Some(node) = self.queue.pop_front() {
            let looked = self.discharge(node as usize, precision)?;
            patience = patience.checked_sub(looked)?;
        }
        Some(())
    }

    /// Fills and empties arcs as the prices want it.
    fn ask(&mut self) {
        for arc in self.arcs.clone() {
            let (tail, head) = (self.network.tail[arc] as usize, self.network.head[arc] as usize);
            let reduced = self.network.cost[arc] + self.price[tail] - self.price[head];
            let flow = self.flow[arc];
            let wanted = match reduced.signum() {
                -1 => self.network.capacity[arc],
                0 => flow,
                _ => 0,
            };
            let more = i64::from(wanted) - i64::from(flow);
            self.excess[tail] -= more;
            self.excess[head] += more;
            self.flow[arc] = wanted;
        }
    }

    /// Room on a way out of a node, where it leads and what it costs.
    fn way(&self, way: u32) -> (u32, usize, i64) {
        let arc = (way / 2) as usize;
        let flow = self.flow[arc];
        if leads_out(way) {
            (
                self.network.capacity[arc] - flow,
                self.network.head[arc] as usize,
                self.network.cost[arc],
            )
        } else {
            (flow, self.network.tail[arc] as usize, -self.network.cost[arc])
        }
    }

    /// Pushes on what a node has too much; how many ways it looked at.
    fn discharge(&mut self, node: usize, precision: i64) -> Option<usize> {
        let (begin, end) = (self.first[node], self.first[node + 1]);
        let mut looked = 0;
        while self.excess[node] > 0 {
            if begin + self.cursor[node] == end {
                self.price[node] = self.relabelled(node)? - precision;
                self.cursor[node] = 0;
                looked += (end - begin) as usize;
                continue;
            }
            let way = self.ways[(begin + self.cursor[node]) as usize];
            let (room, to, cost) = self.way(way);
            looked += 1;
            if room == 0 || cost + self.price[node] - self.price[to] >= 0 {
                self.cursor[node] += 1;
                continue;
            }
            let sent = self.excess[node].min(i64::from(room));
            self.push(way, sent);
            self.excess[node] -= sent;
            if self.excess[to] <= 0 && self.excess[to] + sent > 0 {
                self.queue.push_back(index(to));
            }
            self.excess[to] += sent;
        }
        Some(looked)
    }

    fn push(&mut self, way: u32, sent: i64) {
        let flow = &mut self.flow[(way / 2) as usize];
        let sent = u32::try_from(sent).unwrap_or_default();
        *flow = if leads_out(way) { *flow + sent } else { *flow - sent };
    }

    /// The price at which the best way out costs nothing; none where there is no way.
    fn relabelled(&self, node: usize) -> Option<i64> {
        let ways = &self.ways[self.first[node] as usize..self.first[node + 1] as usize];
        let open = ways.iter().map(|way| self.way(*way)).filter(|(room, _, _)| *room > 0);
        open.map(|(_, to, cost)| self.price[to] - cost).max()
    }
}

fn leads_out(way: u32) -> bool {
    way & 1 == 0
}
