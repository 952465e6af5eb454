"""Average-linkage clustering with must-links and cannot-links, the same in any order of input.

Two clusters are joined while the mean score between their members is above the threshold, best
pair first; ties go to the members that come first in the given, sorted order.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence

PairScore = Callable[[int, int], float]
Weight = Callable[[int], float]


def _alike(_: int) -> float:
    """Weigh all members the same."""
    return 1.0


class Groups:
    """Disjoint sets over 0..n-1; each is known by its smallest member."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, member: int) -> int:
        """Return the smallest member of the set."""
        root = member
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[member] != root:
            self._parent[member], member = root, self._parent[member]
        return root

    def join(self, one: int, other: int) -> None:
        """Make one set of two."""
        first, second = sorted((self.find(one), self.find(other)))
        self._parent[second] = first

    def sets(self) -> list[list[int]]:
        """Return the sets, each sorted, in the order of their smallest members."""
        found: dict[int, list[int]] = {}
        for member in range(len(self._parent)):
            found.setdefault(self.find(member), []).append(member)
        return list(found.values())


def cluster(
    members: Sequence[int],
    score: PairScore,
    *,
    threshold: float,
    must: Iterable[tuple[int, int]] = (),
    cannot: Iterable[tuple[int, int]] = (),
    weight: Weight = _alike,
) -> list[list[int]]:
    """Cluster `members`, which are sorted; return the clusters, each sorted.

    The mean is weighted: a pair counts by the product of the weights of its members. `must` pairs
    start in one cluster; `cannot` pairs are never in one, unless a must-link says so.
    """
    index = {member: number for number, member in enumerate(members)}
    groups = Groups(len(members))
    for one, other in must:
        if one in index and other in index:
            groups.join(index[one], index[other])
    clusters = {number: group for number, group in enumerate(groups.sets())}  # noqa: C416
    home = {member: number for number, group in clusters.items() for member in group}
    apart = {
        frozenset((home[index[one]], home[index[other]]))
        for one, other in cannot
        if one in index and other in index
    }
    sums = _sums(clusters, lambda one, other: score(members[one], members[other]))
    weights = {
        number: sum(weight(members[member]) for member in group)
        for number, group in clusters.items()
    }
    for one, row in sums.items():
        for other in row:
            row[other] *= weights[one] * weights[other]
    _merge(clusters, sums, weights, apart, threshold)
    return [[members[number] for number in sorted(group)] for _, group in sorted(clusters.items())]


def in_spans(
    members: Sequence[int],
    score: PairScore,
    *,
    threshold: float,
    must: Sequence[tuple[int, int]] = (),
    cannot: Sequence[tuple[int, int]] = (),
    most: int,
    weight: Weight = _alike,
) -> list[list[int]]:
    """Cluster at most `most` members at a time, in spans of the sorted list.

    The first members of the clusters are then clustered in the same way and bring theirs along, so
    that an undertaking that lasts longer than a span is found in one piece.
    """
    if len(members) <= most:
        return cluster(members, score, threshold=threshold, must=must, cannot=cannot, weight=weight)
    clusters: list[list[int]] = []
    for span in _spans(members, must, most):
        clusters += cluster(
            span, score, threshold=threshold, must=must, cannot=cannot, weight=weight
        )
    if len(clusters) == len(members):
        return sorted(clusters)
    first = {member: group[0] for group in clusters for member in group}
    groups = {group[0]: group for group in clusters}
    joined = in_spans(
        sorted(groups),
        score,
        threshold=threshold,
        cannot=[
            (first[a], first[b])
            for a, b in cannot
            if a in first and b in first and first[a] != first[b]
        ],
        most=most,
        weight=weight,
    )
    return [sorted(member for one in firsts for member in groups[one]) for firsts in joined]


def _spans(
    members: Sequence[int], must: Iterable[tuple[int, int]], most: int
) -> Iterable[list[int]]:
    """Cut the sorted members into spans of about `most`; what must-links join stays in one span."""
    index = {member: number for number, member in enumerate(members)}
    groups = Groups(len(members))
    for one, other in must:
        if one in index and other in index:
            groups.join(index[one], index[other])
    span: list[int] = []
    for group in sorted(groups.sets()):
        span += [members[number] for number in group]
        if len(span) >= most:
            yield sorted(span)
            span = []
    if span:
        yield sorted(span)


def _sums(clusters: Mapping[int, list[int]], score: PairScore) -> dict[int, dict[int, float]]:
    sums: dict[int, dict[int, float]] = {number: {} for number in clusters}
    for one, group in clusters.items():
        for other in range(one + 1, len(clusters)):
            fellows = clusters[other]
            if len(group) == len(fellows) == 1:
                total = score(group[0], fellows[0])
            else:
                # What a person joined is one thing: the likest of its members speaks for it.
                total = max(score(a, b) for a in group for b in fellows)
            sums[one][other] = sums[other][one] = total
    return sums


def _merge(
    clusters: dict[int, list[int]],
    sums: dict[int, dict[int, float]],
    weights: dict[int, float],
    apart: set[frozenset[int]],
    threshold: float,
) -> None:
    """Join clusters in place. A merged cluster keeps the smaller number."""

    def mean(one: int, other: int) -> float:
        return sums[one][other] / (weights[one] * weights[other])

    heap = [
        (-mean(one, other), one, other, 1, 1)
        for one, row in sums.items()
        for other in row
        if one < other and mean(one, other) > threshold
    ]
    heap = [
        (value, one, other, len(clusters[one]), len(clusters[other]))
        for value, one, other, _, _ in heap
    ]
    heapq.heapify(heap)
    while heap:
        _, one, other, size, other_size = heapq.heappop(heap)
        stale = len(clusters.get(one, ())) != size or len(clusters.get(other, ())) != other_size
        if stale or frozenset((one, other)) in apart:
            continue
        clusters[one] += clusters.pop(other)
        weights[one] += weights.pop(other)
        row = sums.pop(other)
        for third, total in row.items():
            if third == one:
                continue
            sums[third].pop(other)
            sums[one][third] = sums[third][one] = sums[one][third] + total
            if frozenset((other, third)) in apart:
                apart.add(frozenset((one, third)))
            value = mean(one, third)
            if value > threshold:
                first, second = sorted((one, third))
                sizes = len(clusters[first]), len(clusters[second])
                heapq.heappush(heap, (-value, first, second, *sizes))
        sums[one].pop(other)
