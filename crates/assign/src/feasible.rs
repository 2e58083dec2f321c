//! As much flow as possible, whatever it costs: Dinic's algorithm with many sources and sinks.
//!
//! Phases: a breadth-first search from all supply that is left gives levels, then every shortest path is filled. Arcs are
//! tried in the order in which they were added, so the first phase takes what the caller put first. Flow is taken back over
//! lists of the arcs that carry some, not by searching all arcs into a node: in a dense network few of them do.
//! When a search reaches no demand, what it reached is the supply side of a smallest cut.

use crate::network::{Network, index};

/// A flow as large as possible.
#[derive(Debug)]
pub(crate) struct Fill {
    pub(crate) flow: Vec<u32>,
    /// Supply that reached no demand.
    pub(crate) missing: i64,
    /// Which nodes that supply still reaches; none when nothing is missing.
    pub(crate) reached: Vec<bool>,
}

/// Sends what can be sent.
pub(crate) fn fill(network: &Network) -> Fill {
    let mut search = Search::new(network);
    while search.levels() {
        search.block();
    }
    let missing = search.left.iter().filter(|left| **left > 0).sum();
    Fill {
        flow: search.flow,
        missing,
        reached: search.level.iter().map(|level| *level != NOWHERE).collect(),
    }
}

const NOWHERE: u32 = u32::MAX;

/// One arc of a path: over it, or back over it.
#[derive(Debug, Clone, Copy)]
struct Step {
    from: u32,
    arc: u32,
    back: bool,
}

struct Search<'n> {
    network: &'n Network,
    flow: Vec<u32>,
    /// Supply (above 0) and demand (below 0) not yet met.
    left: Vec<i64>,
    /// Arcs by tail: those of node v are `out[first[v]..first[v + 1]]`.
    first: Vec<u32>,
    out: Vec<u32>,
    /// Arcs by head that carry flow.
    carrying: Vec<Vec<u32>>,
    level: Vec<u32>,
    queue: Vec<u32>,
    /// Where each node goes on: places in `out`, then in `carrying`.
    cursor: Vec<u32>,
    path: Vec<Step>,
}

impl<'n> Search<'n> {
    fn new(network: &'n Network) -> Self {
        let nodes = network.nodes();
        let mut first = vec![0; nodes + 1];
        for tail in &network.tail {
            first[*tail as usize + 1] += 1;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        let mut place = first.clone();
        let mut out = vec![0; network.arcs()];
        for (arc, tail) in (0..).zip(&network.tail) {
            let place = &mut place[*tail as usize];
            out[*place as usize] = arc;
            *place += 1;
        }
        Self {
            network,
            flow: vec![0; network.arcs()],
            left: network.supply.clone(),
            first,
            out,
            carrying: vec![Vec::new(); nodes],
            level: Vec::new(),
            queue: Vec::new(),
            cursor: Vec::new(),
            path: Vec::new(),
        }
    }

    /// Levels from all supply left; whether they reach a demand.
    fn levels(&mut self) -> bool {
        self.level.clear();
        self.level.resize(self.network.nodes(), NOWHERE);
        self.queue.clear();
        for node in 0..self.left.len() {
            if self.left[node] > 0 {
                self.level[node] = 0;
                self.queue.push(index(node));
            }
        }
        let (mut at, mut last) = (0, NOWHERE);
        while at < self.queue.len() {
            let node = self.queue[at] as usize;
            at += 1;
            let level = self.level[node];
            if level >= last {
                break;
            }
            if self.spread(node, level + 1) {
                last = level + 1;
            }
        }
        last != NOWHERE
    }

    /// Gives the neighbours of a node their level; whether one of them has demand.
    fn spread(&mut self, node: usize, level: u32) -> bool {
        let mut met = false;
        let mut reach = |to: u32| {
            if self.level[to as usize] == NOWHERE {
                self.level[to as usize] = level;
                self.queue.push(to);
                met |= self.left[to as usize] < 0;
            }
        };
        for &arc in &self.out[self.first[node] as usize..self.first[node + 1] as usize] {
            if self.flow[arc as usize] < self.network.capacity[arc as usize] {
                reach(self.network.head[arc as usize]);
            }
        }
        for &arc in &self.carrying[node] {
            reach(self.network.tail[arc as usize]);
        }
        met
    }

    /// Fills every path along rising levels.
    fn block(&mut self) {
        self.cursor.clear();
        self.cursor.resize(self.network.nodes(), 0);
        for source in 0..self.left.len() {
            while self.left[source] > 0 && self.find(source) {
                self.send(source);
            }
        }
    }

    /// A path to a demand, left in `path`.
    fn find(&mut self, source: usize) -> bool {
        self.path.clear();
        let mut node = source;
        while self.left[node] >= 0 {
            if let Some(step) = self.step(node) {
                self.path.push(step);
                node = self.end(step);
                continue;
            }
            self.level[node] = NOWHERE;
            let Some(step) = self.path.pop() else { return false };
            node = step.from as usize;
            self.cursor[node] += 1;
        }
        true
    }

    /// The next way on from a node, where its cursor stands.
    fn step(&mut self, node: usize) -> Option<Step> {
        let (begin, end) = (self.first[node], self.first[node + 1]);
        let wanted = self.level[node].wrapping_add(1);
        loop {
            let cursor = self.cursor[node];
            let (arc, back) = if cursor < end - begin {
                (self.out[(begin + cursor) as usize], false)
            } else {
                let at = (cursor - (end - begin)) as usize;
                (*self.carrying[node].get(at)?, true)
            };
            let step = Step {
                from: index(node),
                arc,
                back,
            };
            let open = back || self.flow[arc as usize] < self.network.capacity[arc as usize];
            if open && self.level[self.end(step)] == wanted {
                return Some(step);
            }
            self.cursor[node] += 1;
        }
    }

    fn end(&self, step: Step) -> usize {
        let ends = if step.back {
            &self.network.tail
        } else {
            &self.network.head
        };
        ends[step.arc as usize] as usize
    }

    /// Sends along the path what fits.
    fn send(&mut self, source: usize) {
        let target = self.path.last().map_or(source, |step| self.end(*step));
        let mut most = self.left[source].min(-self.left[target]);
        for step in &self.path {
            let flow = self.flow[step.arc as usize];
            let room = if step.back {
                flow
            } else {
                self.network.capacity[step.arc as usize] - flow
            };
            most = most.min(i64::from(room));
        }
        self.left[source] -= most;
        self.left[target] += most;
        let sent = u32::try_from(most).unwrap_or_default();
        for at in 0..self.path.len() {
            let Step { from, arc, back } = self.path[at];
            let flow = &mut self.flow[arc as usize];
            if !back {
                if *flow == 0 {
                    self.carrying[self.network.head[arc as usize] as usize].push(arc);
                }
                *flow += sent;
                continue;
            }
            *flow -= sent;
            if *flow == 0 {
                // The cursor stands on this arc; another one takes its place and is looked at next.
                let from = from as usize;
                let forward = self.first[from + 1] - self.first[from];
                self.carrying[from].swap_remove((self.cursor[from] - forward) as usize);
            }
        }
    }
}
