"""From pairs to clusters: connected blocks of rows, each solved on its own.

Two rows can only come into one undertaking through pairs with a weight above the threshold, so the
blocks are the connected components of those pairs. A block that lasts for years is solved in spans
of time, whose clusters are then joined in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from pledgebook.ledger.joining.partition import APART, in_two_steps
from pledgebook.ledger.joining.table import Ints

__all__ = ["Linked", "Solver", "components"]

Longs = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Sums = npt.NDArray[np.float32]
Pairs = Sequence[tuple[int, int]]
Totals = Callable[[Ints, Ints], Sums]
Member = TypeVar("Member")
Linked = tuple[Ints, Ints, Sums]
"""Pairs of rows, the earlier first, with their weights."""

_SPEAKERS = 2
"""Members at each end of a cluster that speak for it when clusters are joined."""
_CLUSTERS = 50_000
"""Pairs of clusters that are scored at a time."""
_NO_EVIDENCE = -1.0
"""The weight of two clusters of which no members were found alike."""
_ROUNDS = 4
"""Rounds in which the clusters of neighbouring spans are joined."""
_AT_A_TIME = 1_000_000
"""Pairs that are scored at a time."""


def components(size: int, pairs: Iterable[tuple[Ints, Ints]]) -> Ints:
    """Return the smallest row that each of `size` rows is connected to."""
    root = np.arange(size, dtype=np.int32)
    for one, other in pairs:
        first, second = one, other
        while len(first):
            first, second = root[first], root[second]
            apart = first != second
            first, second = first[apart], second[apart]
            low, high = np.minimum(first, second), np.maximum(first, second)
            np.minimum.at(root, high, low)
            # Every row points at the root of its set before the next round.
            while True:
                further = root[root]
                if (further == root).all():
                    break
                root = further
            first, second = low, high
    return root


@dataclass(frozen=True, slots=True)
class Solver:
    """Solves blocks.

    `totals` scores pairs of rows. Rows that are `late` join the clusters of the others, and never
    bring two of these together. What `must` joins is one member; what `cannot` parts is never in
    one cluster, unless a must-link says so. A block of more than `most` rows is solved in spans.
    """

    totals: Totals
    late: Flags
    threshold: float
    most: int
    must: Pairs = ()
    cannot: Pairs = ()

    def blocks(self, linked: Linked) -> Ints:
        """Return the first row of the block of each row; `linked` are pairs that may be one.

        What is late connects no blocks: it comes to the block of the row that it is most like, or
        where there is none, to others of its kind.
        """
        late = self.late
        one, other, weight = linked
        early = ~late[one] & ~late[other]
        pairs = [(one[early], other[early])]
        if self.must:
            decided = np.array(self.must, np.int32)
            pairs.append((decided[:, 0], decided[:, 1]))
        rows, leads = _best(one, other, weight, late)
        follows = np.arange(len(late), dtype=np.int32)
        follows[rows] = leads
        settled = ~late
        settled[rows] = True
        free = ~settled[one] & ~settled[other]
        pairs.append((one[free], other[free]))
        rows = np.arange(len(late), dtype=np.int32)
        pairs.append((rows, follows))
        return components(len(late), pairs)

    def labels(self, linked: Linked) -> Ints:
        """Return the first row of the cluster of each row; `linked` are pairs that may be one."""
        root = self.blocks(linked)
        judged = {int(root[row]) for pair in (*self.must, *self.cannot) for row in pair}
        return self.labels_in(root, linked, judged)

    def labels_in(self, root: Ints, linked: Linked, judged: Collection[int]) -> Ints:
        """Return the first row of the cluster of each row, where the blocks are known.

        `root` is the first row of each row's block, `judged` are those of the blocks that people
        decided about.
        """
        size = len(root)
        labels = np.arange(size, dtype=np.int32)
        order = np.argsort(root, kind="stable").astype(np.int32)
        starts = np.flatnonzero(np.diff(root[order], prepend=-1))
        sizes = np.diff(np.append(starts, size))
        special = np.isin(root[order[starts]], list(judged)) & (sizes > 1)
        large = (sizes > self.most) & ~special
        plain = (sizes > 1) & ~special & ~large

        def block(number: int) -> Ints:
            rows: Ints = order[starts[number] : starts[number] + sizes[number]]
            return rows

        self._solve([block(number) for number in np.flatnonzero(plain).tolist()], labels)
        for number in np.flatnonzero(special).tolist():
            self._solve_judged(block(number).tolist(), labels)
        if large.any():
            self._solve_large([block(n) for n in np.flatnonzero(large).tolist()], linked, labels)
        return labels

    def _solve(self, blocks: Sequence[Ints], labels: Ints) -> None:
        """Score the pairs of many small blocks at once, then solve each."""
        for some in _batches(blocks):
            sizes = [len(block) for block in some]
            triangles = {size: np.triu_indices(size, 1) for size in set(sizes)}
            one = np.concatenate([block[triangles[len(block)][0]] for block in some])
            other = np.concatenate([block[triangles[len(block)][1]] for block in some])
            weights = self.totals(one, other).astype(np.float64) - self.threshold
            counts = [size * (size - 1) // 2 for size in sizes]
            starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
            whole = np.minimum.reduceat(weights, starts) >= 0
            for block, start, count, agreed in zip(some, starts, counts, whole, strict=True):
                if agreed:
                    labels[block] = block[0]
                    continue
                matrix = np.zeros((len(block), len(block)))
                matrix[triangles[len(block)]] = weights[start : start + count]
                found = np.array(in_two_steps(matrix + matrix.T, self.late[block]))
                first = block[np.unique(found, return_index=True)[1]]
                labels[block] = first[found]

    def _solve_large(self, blocks: Sequence[Ints], linked: Linked, labels: Ints) -> None:
        """Solve blocks span by span, then join the clusters of neighbouring spans."""
        one, other, weight = linked
        span, home = np.full((2, len(labels)), -1, np.int64)
        count = 0
        for number, block in enumerate(blocks):
            pieces = -(-len(block) // self.most)
            span[block] = count + np.arange(len(block)) * pieces // len(block)
            home[block] = number
            count += pieces
        rows = np.flatnonzero(home >= 0).astype(np.int32)
        inside = (span[one] == span[other]) & (home[one] >= 0)
        root = self.blocks((one[inside], other[inside], weight[inside]))
        order = rows[np.argsort(root[rows], kind="stable")]
        starts = np.flatnonzero(np.diff(root[order], prepend=-1))
        found = np.split(order, starts[1:])
        self._solve([block for block in found if len(block) > 1], labels)
        across = (home[one] == home[other]) & (home[one] >= 0) & (labels[one] != labels[other])
        self._join_clusters(rows, (one[across], other[across]), labels)

    def _join_clusters(self, rows: Ints, across: tuple[Ints, Ints], labels: Ints) -> None:
        """Join clusters that pairs still connect, a few rounds of neighbours with neighbours."""
        order = rows[np.argsort(labels[rows], kind="stable")]
        firsts = np.flatnonzero(np.diff(labels[order], prepend=-1))
        members = {int(some[0]): some for some in np.split(order, firsts[1:])}
        for _ in range(_ROUNDS):
            one, other = _distinct(labels[across[0]], labels[across[1]])
            if not len(one):
                return
            weights = self._between_clusters(one, other, members)
            root = components(len(labels), [(one[weights > 0], other[weights > 0])])
            merged = False
            for block, inside in _blocks(root, one, other):
                for start in range(0, len(block), self.most):
                    nodes = block[start : start + self.most]
                    pairs = inside[np.isin(one[inside], nodes) & np.isin(other[inside], nodes)]
                    matrix = np.full((len(nodes), len(nodes)), _NO_EVIDENCE)
                    first = np.searchsorted(nodes, one[pairs])
                    second = np.searchsorted(nodes, other[pairs])
                    matrix[first, second] = matrix[second, first] = weights[pairs]
                    np.fill_diagonal(matrix, 0.0)
                    late = np.array(
                        [bool(self.late[members[node]].all()) for node in nodes.tolist()]
                    )
                    found = np.array(in_two_steps(matrix, late))
                    for label in np.flatnonzero(np.bincount(found) > 1).tolist():
                        merged = True
                        parts = nodes[found == label].tolist()
                        joined = np.sort(np.concatenate([members.pop(part) for part in parts]))
                        members[int(joined[0])] = joined
                        labels[joined] = joined[0]
            if not merged:
                return

    def _between_clusters(self, one: Ints, other: Ints, members: Mapping[int, Ints]) -> Weights:
        """Return the sums of weights between clusters; of large ones, members at both ends.

        What is late brings no clusters together, so it has no say where there are others.
        """
        labels = np.unique(np.concatenate((one, other)))
        speakers = np.full((len(labels), 2 * _SPEAKERS), -1, np.int32)
        for place, label in enumerate(labels.tolist()):
            rows = members[label]
            early = rows[~self.late[rows]]
            spoken = _speaking((early if len(early) else rows).tolist())
            speakers[place, : len(spoken)] = spoken
        sums = np.zeros(len(one))
        for start in range(0, len(one), _CLUSTERS):
            some = slice(start, start + _CLUSTERS)
            first = speakers[np.searchsorted(labels, one[some])]
            second = speakers[np.searchsorted(labels, other[some])]
            for here in range(2 * _SPEAKERS):
                for there in range(2 * _SPEAKERS):
                    a, b = first[:, here], second[:, there]
                    told = np.flatnonzero((a >= 0) & (b >= 0))
                    low, high = np.minimum(a[told], b[told]), np.maximum(a[told], b[told])
                    sums[start + told] += self.totals(low, high) - self.threshold
        return sums

    def _solve_judged(self, rows: list[int], labels: Ints) -> None:
        """Solve a block that people decided about; what they joined is one node."""
        clusters = [[node] for node in _together(rows, self.must)]
        while True:
            size = len(clusters)
            found = []
            for start in range(0, size, self.most):
                found += self._joined(clusters[start : start + self.most])
            clusters = sorted(found)
            if len(clusters) == size or size <= self.most:
                break
        for cluster in clusters:
            members = sorted(row for node in cluster for row in node)
            labels[members] = members[0]

    def _joined(self, clusters: list[list[list[int]]]) -> list[list[list[int]]]:
        """Join clusters of nodes that are best together."""
        weights = self._sums_of_likest(clusters)
        home = {
            row: number
            for number, cluster in enumerate(clusters)
            for node in cluster
            for row in node
        }
        for one, other in self.cannot:
            first, second = home.get(one), home.get(other)
            if first is not None and second is not None and first != second:
                weights[first, second] = weights[second, first] = APART
        late = np.array([all(map(self._is_late, cluster)) for cluster in clusters])
        found: dict[int, list[list[int]]] = {}
        for number, label in enumerate(in_two_steps(weights, late)):
            found.setdefault(label, []).extend(clusters[number])
        return [sorted(nodes) for nodes in found.values()]

    def _is_late(self, node: list[int]) -> bool:
        return bool(self.late[node].all())

    def _sums_of_likest(self, clusters: list[list[list[int]]]) -> Weights:
        """Return the sums of weights between clusters of nodes, as `_between_clusters` does."""
        speakers = [
            _speaking([node for node in cluster if not self._is_late(node)] or cluster)
            for cluster in clusters
        ]
        weights = self._likest([node for nodes in speakers for node in nodes])
        np.fill_diagonal(weights, 0.0)
        starts = np.cumsum([0, *map(len, speakers)])[:-1]
        sums: Weights = np.add.reduceat(np.add.reduceat(weights, starts, axis=0), starts, axis=1)
        np.fill_diagonal(sums, 0.0)
        return sums

    def _likest(self, nodes: list[list[int]]) -> Weights:
        """Return the weights between nodes; of what a person joined, the likest members speak.

        What is late has no say where a person joined it to others.
        """
        nodes = [[row for row in node if not self.late[row]] or node for node in nodes]
        weights = np.full((len(nodes), len(nodes)), -np.inf)
        for first, second, found in self._between(nodes):
            np.maximum.at(weights, (first, second), found)
        both: Weights = np.maximum(weights, weights.T)
        return both

    def _between(self, nodes: list[list[int]]) -> Iterator[tuple[Longs, Longs, Weights]]:
        """Yield pairs of nodes with the weights of pairs of their rows, some at a time."""
        rows = np.array([row for node in nodes for row in node], np.int32)
        owner = np.repeat(np.arange(len(nodes)), [len(node) for node in nodes])
        step = max(1, _AT_A_TIME // max(1, len(rows)))
        for start in range(0, len(rows), step):
            some = rows[start : start + step]
            one, other = np.repeat(some, len(rows)), np.tile(rows, len(some))
            first = np.repeat(owner[start : start + step], len(rows))
            second = np.tile(owner, len(some))
            where = (one < other) & (first != second)
            found = self.totals(one[where], other[where]).astype(np.float64) - self.threshold
            yield first[where], second[where], found


def _best(one: Ints, other: Ints, weight: Sums, late: Flags) -> tuple[Ints, Ints]:
    """Return late rows, each with the row that is not late which it is most like."""
    back, forth = late[one] & ~late[other], ~late[one] & late[other]
    rows = np.concatenate((one[back], other[forth]))
    leads = np.concatenate((other[back], one[forth]))
    weights = np.concatenate((weight[back], weight[forth]))
    order = np.lexsort((leads, -weights, rows))
    first = np.unique(rows[order], return_index=True)[1]
    return rows[order][first], leads[order][first]


def _distinct(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Return pairs that are no pair of one with itself, each once."""
    low, high = np.minimum(one, other).astype(np.int64), np.maximum(one, other)
    keys = np.unique(low << 32 | high)
    first, second = (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)
    apart = first != second
    return first[apart], second[apart]


def _blocks(root: Ints, one: Ints, other: Ints) -> Iterator[tuple[Ints, Longs]]:
    """Yield connected clusters, in order, with the places of the pairs inside."""
    labels = np.unique(np.concatenate((one, other)))
    order = np.argsort(root[labels], kind="stable")
    starts = np.flatnonzero(np.diff(root[labels][order], prepend=-1))
    places = np.argsort(root[one], kind="stable")
    keys = root[one][places]
    for block in np.split(labels[order], starts[1:]):
        if len(block) > 1:
            first, last = np.searchsorted(keys, (root[block[0]], root[block[0]] + 1))
            inside = places[first:last]
            yield block, inside[root[other[inside]] == root[block[0]]]


def _speaking(members: list[Member]) -> list[Member]:
    """Return the members that speak for a cluster: all, or of many those at both ends."""
    if len(members) <= 2 * _SPEAKERS:
        return members
    return members[:_SPEAKERS] + members[-_SPEAKERS:]


def _together(rows: list[int], pairs: Pairs) -> list[list[int]]:
    """Return rows in sets that the pairs connect, in the order of the first of each."""
    place = {row: number for number, row in enumerate(rows)}
    inside = [(place[a], place[b]) for a, b in pairs if a in place and b in place]
    linked = np.array(inside, np.int32).reshape(-1, 2)
    found: dict[int, list[int]] = {}
    for number, root in enumerate(components(len(rows), [(linked[:, 0], linked[:, 1])]).tolist()):
        found.setdefault(root, []).append(rows[number])
    return list(found.values())


def _batches(blocks: Sequence[Ints]) -> Iterator[Sequence[Ints]]:
    """Cut blocks into lots of about so many pairs."""
    start = pairs = 0
    for number, block in enumerate(blocks):
        pairs += len(block) * (len(block) - 1) // 2
        if pairs >= _AT_A_TIME:
            yield blocks[start : number + 1]
            start, pairs = number + 1, 0
    if start < len(blocks):
        yield blocks[start:]
