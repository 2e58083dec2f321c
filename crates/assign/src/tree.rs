//! A rooted tree over the nodes of a network whose edges are arcs: children as linked lists, so that a part can be hung
//! elsewhere in the time of its path, and walked through in the time of its size.

pub(crate) const NONE: u32 = u32::MAX;

/// A node's place in the tree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Knot {
    pub(crate) parent: u32,
    /// The arc between the node and its parent.
    pub(crate) arc: u32,
    /// Whether that arc leads to the parent.
    pub(crate) rises: bool,
    pub(crate) depth: u32,
    child: u32,
    next: u32,
    prev: u32,
}

const LOOSE: Knot = Knot {
    parent: NONE,
    arc: NONE,
    rises: true,
    depth: 0,
    child: NONE,
    next: NONE,
    prev: NONE,
};

/// How a node hangs on another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    pub(crate) parent: u32,
    pub(crate) arc: u32,
    pub(crate) rises: bool,
}

#[derive(Debug)]
pub(crate) struct Tree {
    knots: Vec<Knot>,
}

impl Tree {
    /// Nodes that hang nowhere yet.
    pub(crate) fn loose(nodes: usize) -> Self {
        Self {
            knots: vec![LOOSE; nodes],
        }
    }

    #[inline]
    pub(crate) fn at(&self, node: u32) -> Knot {
        self.knots[node as usize]
    }

    /// Hangs a loose node, with what hangs on it, whose depths stay as they are.
    pub(crate) fn link(&mut self, node: u32, edge: Edge) {
        let sibling = self.knots[edge.parent as usize].child;
        if sibling != NONE {
            self.knots[sibling as usize].prev = node;
        }
        self.knots[edge.parent as usize].child = node;
        let depth = self.knots[edge.parent as usize].depth + 1;
        let knot = &mut self.knots[node as usize];
        (knot.parent, knot.arc, knot.rises) = (edge.parent, edge.arc, edge.rises);
        (knot.next, knot.prev, knot.depth) = (sibling, NONE, depth);
    }

    fn unlink(&mut self, node: u32) {
        let Knot { parent, next, prev, .. } = self.knots[node as usize];
        if prev == NONE {
            self.knots[parent as usize].child = next;
        } else {
            self.knots[prev as usize].next = next;
        }
        if next != NONE {
            self.knots[next as usize].prev = prev;
        }
    }

    /// Cuts the part under `cut` off and hangs it by its node `end` instead.
    pub(crate) fn rehang(&mut self, cut: u32, end: u32, edge: Edge) {
        let (mut node, mut edge) = (end, edge);
        loop {
            let old = self.at(node);
            self.unlink(node);
            self.link(node, edge);
            if node == cut {
                return;
            }
            edge = Edge {
                parent: node,
                arc: old.arc,
                rises: !old.rises,
            };
            node = old.parent;
        }
    }

    /// Visits a node and everything under it, parents first, and corrects the depths.
    pub(crate) fn walk(&mut self, top: u32, mut visit: impl FnMut(u32, Knot)) {
        let mut node = top;
        loop {
            let mut knot = self.at(node);
            if knot.parent != NONE {
                knot.depth = self.knots[knot.parent as usize].depth + 1;
                self.knots[node as usize].depth = knot.depth;
            }
            visit(node, knot);
            if knot.child != NONE {
                node = knot.child;
                continue;
            }
            while node != top && self.knots[node as usize].next == NONE {
                node = self.knots[node as usize].parent;
            }
            if node == top {
                return;
            }
            node = self.knots[node as usize].next;
        }
    }
}
