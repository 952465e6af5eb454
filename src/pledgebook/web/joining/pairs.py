"""Pairs of commitments that may be the same one, those first whose answer matters most."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pledgebook.ledger.commitments import Commitment, commitment_id
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.reconcile import Doubt

__all__ = ["Pair", "likely_pairs", "pair_of", "still_open", "weakest_links"]

_MOST = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """Two commitments, and how likely the machine thinks them one; `why` says why it is asked.

    `score` is None where the two were never compared: nothing speaks for it.
    """

    one: Commitment
    other: Commitment
    score: float | None
    doubt: Doubt | None
    why: str
    weight: float = 0.0


def likely_pairs(ledger: Ledger, commitments: Iterable[Commitment]) -> list[Pair]:
    """Return the pairs most worth a judgement, at most 500, in a stable order.

    An answer is worth most where the machine is least sure, and where much would be counted once
    rather than twice.
    """
    by_id = ledger.by_id
    seen: set[tuple[str, str]] = set()
    sizes: dict[str, float] = {}

    def size(one: Commitment) -> float:
        known = sizes.get(one.id)
        if known is None:
            known = sizes[one.id] = _size(one)
        return known

    found: list[tuple[float, str, str, Commitment, Commitment, Doubt]] = []
    for one in commitments:
        for doubt in one.doubts:
            other = by_id.get(commitment_id(doubt.anchor))
            if other is None:
                other = by_id.get(ledger.home.get(doubt.anchor, ""))
            if other is None or other is one:
                continue
            key = (min(one.id, other.id), max(one.id, other.id))
            if key in seen:
                continue
            seen.add(key)
            less = min(size(one), size(other))
            found.append((_weight(one, other, doubt.score, less), *key, one, other, doubt))
    best = heapq.nsmallest(_MOST, found, key=lambda it: (-it[0], it[1], it[2]))
    return [
        Pair(one, other, doubt.score, doubt, _why(one, other, doubt.score), weight)
        for weight, _, _, one, other, doubt in best
    ]


def still_open(pairs: Iterable[Pair], find: Callable[[str], Commitment | None]) -> list[Pair]:
    """Return the pairs, found a moment ago, that are open now, with what is known now.

    `find` returns the commitment of an id as it is now.
    """
    found = []
    for pair in pairs:
        one, other = find(pair.one.id), find(pair.other.id)
        if one is pair.one and other is pair.other:
            found.append(pair)
        elif one is not None and other is not None and one.id != other.id:
            anchors = {commitment_id(doubt.anchor): doubt for doubt in (*one.doubts, *other.doubts)}
            doubt = anchors.get(one.id) or anchors.get(other.id)
            if doubt is not None:
                score = doubt.score
                weight = _weight(one, other, score, min(_size(one), _size(other)))
                found.append(Pair(one, other, score, doubt, _why(one, other, score), weight))
    return found


def pair_of(ledger: Ledger, one: Commitment, other: Commitment) -> Pair:
    """Return any two commitments as a pair, with the doubt that the machine has of them."""
    for here, there in ((one, other), (other, one)):
        for doubt in here.doubts:
            if ledger.home.get(doubt.anchor) == there.id:
                return Pair(one, other, doubt.score, doubt, _why(one, other, doubt.score))
    return Pair(one, other, None, None, "you asked for these two")


def weakest_links(commitment: Commitment) -> list[str]:
    """Return the statements of a commitment, those first that belong to it least surely."""
    links = commitment.links
    return sorted(
        commitment.statements,
        key=lambda name: (links[name].score if name in links else 1.0, name),
    )


def _weight(one: Commitment, other: Commitment, score: float, less: float) -> float:
    """Return what an answer is worth; `less` is the size of the smaller of the two."""
    unsure = 4 * score * (1 - score)
    reports = len(one.documents) + len(other.documents)
    return unsure * (1 + math.log10(1 + less)) * math.log2(1 + reports)


def _size(one: Commitment) -> float:
    """Return the largest amount that one tells, things and money in their own measures."""
    amounts: list[float] = []
    for figure in one.stages.values():
        amounts.append(figure.quantity.floor)
        amounts += [money.floor / 1e6 for money in figure.money.values()]
    return max(amounts, default=0.0)


def _why(one: Commitment, other: Commitment, score: float) -> str:
    parts: Sequence[str] = [
        "the machine is unsure" if 0.25 <= score <= 0.75 else
        "the machine leans to one and the same" if score > 0.75 else
        "the machine leans to two",
    ]  # fmt: skip
    if min(_size(one), _size(other)) >= 100:
        parts = [*parts, "much would be counted twice"]
    reports = len(one.documents) + len(other.documents)
    if reports >= 6:
        parts = [*parts, f"{reports} reports rest on it"]
    return "; ".join(parts)
