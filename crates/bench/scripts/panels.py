"""The same call, solved by OR-tools: prints the highest worst fit, the best total fit and the seconds that took.

Reads the integers that crates/bench/src/panels.rs writes. The worst fit is searched as our solver does it (from the highest
level that no declaration rules out by itself, in doubling strides, then by bisection) with OR-tools' maximum flow; the
total comes from its minimum cost flow. Reading the file and importing the libraries does not count.
"""

import sys
import time

import numpy
from ortools.graph.python import max_flow, min_cost_flow


def main(path):
    numbers = numpy.fromfile(path, dtype="<i8")
    declarations, experts, reviews, mixed = (int(n) for n in numbers[:4])
    loads = numbers[4 : 4 + experts]
    practice = numbers[4 + experts : 4 + 2 * experts] == 1
    row, column, fit = numbers[4 + 2 * experts :].reshape(3, -1)
    started = time.perf_counter()
    call = Call(declarations, reviews, loads, practice if mixed else None, (row, column, fit))
    worst = call.highest_worst()
    total = call.best_total(worst)
    print(worst, total, f"{time.perf_counter() - started:.6f}")


class Call:
    """Declarations first, then their practice nodes if there are any, then experts, then the sink, then the source."""

    def __init__(self, declarations, reviews, loads, practice, pairs):
        row, column, self.fit = pairs
        self.declarations, self.reviews, experts = declarations, reviews, len(loads)
        base = declarations if practice is None else 2 * declarations
        self.sink, self.source = base + experts, base + experts + 1
        self.tail = row if practice is None else numpy.where(practice[column], declarations + row, row)
        self.head = base + column
        numbers = numpy.arange(declarations)
        fixed = [(base + numpy.arange(experts), numpy.full(experts, self.sink), loads)]
        self.supply = numpy.full(declarations, reviews)
        if practice is not None:
            # One to three of practice: one is sent in advance, up to two more may follow.
            fixed.append((numbers, declarations + numbers, numpy.full(declarations, 2)))
            self.supply = numpy.concatenate([numpy.full(declarations, reviews - 1), numpy.full(declarations, 1)])
        self.fixed = [numpy.concatenate(part) for part in zip(*fixed)]
        # For each declaration, the fit of the last of as many best candidates as it needs.
        order = numpy.lexsort((-self.fit, row))
        first = numpy.searchsorted(row[order], numbers)
        limit = self.fit[order][first + reviews - 1].min()
        levels = numpy.unique(self.fit)[::-1]
        self.levels = levels[levels <= limit]

    def is_full(self, level):
        chosen = self.fit >= level
        flow = max_flow.SimpleMaxFlow()
        flow.add_arcs_with_capacity(self.tail[chosen], self.head[chosen], numpy.ones(chosen.sum(), dtype="i8"))
        flow.add_arcs_with_capacity(*self.fixed)
        nodes = numpy.arange(len(self.supply))
        flow.add_arcs_with_capacity(numpy.full(len(nodes), self.source), nodes, self.supply)
        if flow.solve(self.source, self.sink) != flow.OPTIMAL:
            raise SystemExit("maximum flow: not solved")
        return flow.optimal_flow() == self.declarations * self.reviews

    def highest_worst(self):
        above, level, stride = -1, 0, 1
        while not self.is_full(self.levels[level]):
            if level == len(self.levels) - 1:
                raise SystemExit("no full assignment")
            above, level, stride = level, min(level + stride, len(self.levels) - 1), 2 * stride
        while above + 1 < level:
            middle = (above + level) // 2
            above, level = (above, middle) if self.is_full(self.levels[middle]) else (middle, level)
        return int(self.levels[level])

    def best_total(self, worst):
        chosen = self.fit >= worst
        flow = min_cost_flow.SimpleMinCostFlow()
        ones = numpy.ones(chosen.sum(), dtype="i8")
        flow.add_arcs_with_capacity_and_unit_cost(self.tail[chosen], self.head[chosen], ones, -self.fit[chosen])
        flow.add_arcs_with_capacity_and_unit_cost(*self.fixed, numpy.zeros(len(self.fixed[0]), dtype="i8"))
        flow.set_nodes_supplies(numpy.arange(len(self.supply)), self.supply)
        flow.set_nodes_supplies(numpy.array([self.sink]), numpy.array([-self.declarations * self.reviews]))
        if flow.solve() != flow.OPTIMAL:
            raise SystemExit("minimum cost flow: not solved")
        return -flow.optimal_cost()


if __name__ == "__main__":
    main(sys.argv[1])
