"""Correlation clustering: the partition of a block for which the weights inside are the greatest.

Each pair of members has a weight, above zero for "one undertaking", below for "two". The best
partition maximises the sum of the weights inside its clusters (Bansal, Blum and Chawla, Machine
Learning 56, 2004). Small blocks are solved exactly by branch and bound, larger ones by greedy
additive joining (Keuper and others, ICCV 2015) and moves of single members. The search is bounded
by the number of its nodes, never by time, so that the answer does not depend on the machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["APART", "Partition", "in_two_steps", "partition"]

Weights = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

APART = -1e6
"""The weight of a pair that may never be together."""
_EXACT = 10
"""Members of the largest block that is searched for the proved best."""
_NODES = 1_000
"""Nodes of the search tree that are looked at before the best so far is taken."""
_ROUNDS = 100
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Partition:
    """The cluster of each member, numbered in the order of their first members.

    `proved` says that no partition has a greater sum.
    """

    labels: list[int]
    proved: bool


def partition(weights: Weights) -> Partition:
    """Return the best partition that is found; `weights` is symmetric, its diagonal nought."""
    size = len(weights)
    if size == 1:
        return Partition([0], proved=True)
    if size == 2:
        return Partition([0, 0 if weights[0, 1] > 0 else 1], proved=True)
    if (weights >= 0).all():
        return Partition([0] * size, proved=True)
    labels = _moved(weights, _greedy(weights))
    if size > _EXACT:
        return Partition(_numbered(labels), proved=False)
    search = _Search(weights, labels)
    return Partition(_numbered(search.best), proved=search.proved)


def in_two_steps(weights: Weights, late: Flags) -> list[int]:
    """Part those that are not late; then the late ones, to whom the clusters found are members."""
    if not late.any() or late.all():
        return partition(weights).labels
    early, after = np.flatnonzero(~late), np.flatnonzero(late)
    labels = np.array(partition(weights[np.ix_(early, early)]).labels)
    clusters = int(labels.max()) + 1
    home = np.empty(len(weights), np.int64)
    home[early] = labels
    home[after] = clusters + np.arange(len(after))
    joined = np.full((clusters + len(after), clusters + len(after)), APART)
    joined[clusters:, clusters:] = weights[np.ix_(after, after)]
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(clusters))
    sums = np.add.reduceat(weights[np.ix_(after, early[order])], starts, axis=1)
    joined[clusters:, :clusters] = sums
    joined[:clusters, clusters:] = sums.T
    np.fill_diagonal(joined, 0.0)
    found = np.array(partition(joined).labels)
    return [int(label) for label in found[home]]


def _greedy(weights: Weights) -> list[int]:
    """Join the two clusters with the greatest sum between them, for as long as it is above zero."""
    size = len(weights)
    between = weights.copy()
    np.fill_diagonal(between, -np.inf)
    labels = list(range(size))
    while True:
        place = int(between.argmax())
        one, other = divmod(place, size)
        if between[one, other] <= _TINY:
            return labels
        one, other = min(one, other), max(one, other)
        between[one] += between[other]
        between[:, one] = between[one]
        between[one, one] = -np.inf
        between[other] = between[:, other] = -np.inf
        labels = [one if label == other else label for label in labels]


def _moved(weights: Weights, labels: list[int]) -> list[int]:
    """Move single members to where they fit best, or to a cluster of their own, while one gains."""
    size = len(weights)
    found = np.array(labels)
    for _ in range(_ROUNDS):
        still = True
        for member in range(size):
            sums = np.bincount(found, weights[member], minlength=size)
            best = int(sums.argmax())
            if sums[best] <= _TINY:
                # Where no cluster draws it, it is best alone.
                alone = np.count_nonzero(found == found[member]) == 1
                if alone or sums[found[member]] > -_TINY:
                    continue
                free = np.bincount(found, minlength=size) == 0
                best = int(free.argmax())
                gain = -sums[found[member]]
            else:
                gain = sums[best] - sums[found[member]]
            if gain > _TINY and best != found[member]:
                found[member] = best
                still = False
        if still:
            break
    return [int(label) for label in found]


def _numbered(labels: list[int]) -> list[int]:
    numbers: dict[int, int] = {}
    return [numbers.setdefault(label, len(numbers)) for label in labels]


class _Search:
    """Branch and bound over the members in turn: each joins a cluster or opens one.

    The bound of a node is what it holds and, for each pair that is not decided, its weight where
    that is above zero.
    """

    def __init__(self, weights: Weights, start: list[int]) -> None:
        # Members with much at stake are settled first: the bound then cuts early.
        stakes = np.abs(weights).sum(axis=1)
        self._order: list[int] = np.argsort(-stakes, kind="stable").tolist()
        ordered = weights[np.ix_(self._order, self._order)]
        self._weights: list[list[float]] = ordered.tolist()
        size = len(weights)
        self._hope = [0.0] * (size + 1)
        for member in reversed(range(size)):
            gain = sum(max(0.0, self._weights[member][before]) for before in range(member))
            self._hope[member] = self._hope[member + 1] + gain
        self._value = self._worth([start[member] for member in self._order])
        self._labels: list[int] | None = None
        self._start = start
        self._nodes = 0
        self.proved = True
        self._visit([], 0, 0.0)
        self.best = start
        if self._labels is not None:
            self.best = [0] * size
            for place, member in enumerate(self._order):
                self.best[member] = self._labels[place]

    def _worth(self, labels: list[int]) -> float:
        return sum(
            self._weights[one][other]
            for one in range(len(labels))
            for other in range(one)
            if labels[one] == labels[other]
        )

    def _visit(self, labels: list[int], clusters: int, value: float) -> None:
        if self._nodes >= _NODES:
            self.proved = False
            return
        self._nodes += 1
        member = len(labels)
        if member == len(self._weights):
            if value > self._value + _TINY:
                self._value, self._labels = value, labels.copy()
            return
        gains = [0.0] * (clusters + 1)
        for other, label in enumerate(labels):
            gains[label] += self._weights[member][other]
        for label in sorted(range(clusters + 1), key=lambda one: (-gains[one], one)):
            if value + gains[label] + self._hope[member + 1] <= self._value + _TINY:
                # Gains only fall from here on.
                return
            labels.append(label)
            self._visit(labels, max(clusters, label + 1), value + gains[label])
            labels.pop()
