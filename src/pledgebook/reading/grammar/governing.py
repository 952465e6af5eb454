"""Which predicate governs an anchor: the nearest that can, over as few barriers as possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.kinds import Reading
from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.text.lexicon import word_set

Governed = tuple[Anchor, Predicate | None, Reading | None]

_LIMIT = 16.0


def govern(
    units: Sequence[Unit],
    anchors: Sequence[Anchor],
    readings: Sequence[tuple[Predicate, Reading | None]],
) -> list[Governed]:
    """Give each anchor its predicate, or None where none is near enough."""
    chosen: list[Governed] = []
    for anchor in anchors:
        served = _served(anchor, readings)
        if served is not None:
            chosen.append(served)
        best: tuple[float, Predicate, Reading] | None = None
        for predicate, reading in readings:
            if reading is None or predicate.family == "train":
                continue
            if served is not None and predicate is served[1]:
                continue
            if anchor.relative and (predicate.passive or predicate.first < anchor.last):
                continue
            cost = distance(units, anchor, predicate)
            if cost is not None and (best is None or cost < best[0]):
                best = (cost, predicate, reading)
        if best is None or best[0] >= _LIMIT:
            chosen.append((anchor, None, None))
        else:
            predicate, reading = _refused(units, best[1], best[2], readings)
            predicate, reading = _obtained(predicate, reading, readings)
            predicate, reading = _signed(units, predicate, reading, readings)
            chosen.append((anchor, predicate, reading))
    return chosen


def _served(
    anchor: Anchor, readings: Sequence[tuple[Predicate, Reading | None]]
) -> Governed | None:
    """Give a participle behind "ammunition for Gepard guns" to the guns: "... sent to Ukraine"."""
    if anchor.inner is None:
        return None
    for predicate, reading in readings:
        if reading is not None and predicate.reduced and predicate.first == anchor.last + 1:
            return anchor.inner, predicate, reading
    return None


def _refused(
    units: Sequence[Unit],
    predicate: Predicate,
    reading: Reading,
    readings: Sequence[tuple[Predicate, Reading | None]],
) -> tuple[Predicate, Reading]:
    """Let a refusal rule over what is refused: "turned down a request to let ... go"."""
    if reading.kind == "refusal":
        return predicate, reading
    for other, other_reading in readings:
        if other_reading is None or other.family != "refuse" or other_reading.kind != "refusal":
            continue
        if other is predicate:
            continue
        if not other.noun and not other.passive and other.last < predicate.first:
            between = units[other.last + 1 : predicate.first]
            if len(between) <= 9 and not any(
                u.low in word_set("clause_openers") or u.low in (";", ":", "and") for u in between
            ):
                return other, other_reading
        if (
            other.passive
            and other.first > predicate.last
            and (predicate.noun or predicate.tense in ("infinitive", "gerund"))
        ):
            between = units[predicate.last + 1 : other.first]
            if len(between) <= 12 and not any(
                u.low in word_set("clause_openers") or u.low == ";" for u in between
            ):
                return other, other_reading
    return predicate, reading


def _obtained(
    predicate: Predicate,
    reading: Reading,
    readings: Sequence[tuple[Predicate, Reading | None]],
) -> tuple[Predicate, Reading]:
    """Read "secured commitments for tanks" as what others promise, not as a purchase."""
    if predicate.noun or predicate.trigger.lemma not in word_set("obtaining"):
        return predicate, reading
    for other, other_reading in readings:
        near = 0 < other.head - predicate.last <= 4
        if near and other_reading is not None and other.noun and other.family == "promise":
            return other, replace(other_reading, inverse=True)
    return predicate, reading


def _signed(
    units: Sequence[Unit],
    predicate: Predicate,
    reading: Reading,
    readings: Sequence[tuple[Predicate, Reading | None]],
) -> tuple[Predicate, Reading]:
    """Let an order rule over what it is for: "signed a deal to restart production of shells"."""
    if reading.kind != "production":
        return predicate, reading
    for other, other_reading in readings:
        if other_reading is None or other_reading.kind != "contract" or other.reduced:
            continue
        between = units[other.last + 1 : predicate.first]
        aimed = any(u.low in ("to", "for") for u in units[other.last + 1 : predicate.last + 1])
        broken = any(u.low in word_set("clause_openers") or u.low in (";", ",") for u in between)
        if 0 < predicate.first - other.last <= 9 and aimed and not broken:
            return other, other_reading
    return predicate, reading


def distance(units: Sequence[Unit], anchor: Anchor, predicate: Predicate) -> float | None:
    """Say how far a predicate is from an anchor; None where it cannot govern it."""
    if anchor.first <= predicate.head <= anchor.last:
        return None if anchor.item is None else 0.5
    if predicate.last < anchor.first:
        return _behind(units, anchor, predicate)
    if predicate.first > anchor.last:
        return _ahead(units, anchor, predicate)
    return None


def _behind(units: Sequence[Unit], anchor: Anchor, predicate: Predicate) -> float:
    between = units[predicate.last + 1 : anchor.first]
    cost = len(between) * 0.4
    if predicate.passive and not predicate.reduced:
        cost += 3
    if predicate.reduced:
        cost += 5 if between else 0
    if predicate.trigger.weak:
        cost += 1.5
    if predicate.noun:
        cost += 0.5 if between and between[0].low in ("of", "for", "to", "on", ":") else 2.5
    for unit in between:
        if unit.low in (";", ":"):
            cost += 5
        elif unit.low in word_set("clause_openers"):
            cost += 3.5
    return cost


def _ahead(units: Sequence[Unit], anchor: Anchor, predicate: Predicate) -> float:
    between = units[anchor.last + 1 : predicate.first]
    cost = len(between) * 0.5 + 3
    relative = any(u.low in ("that", "which", "whom") for u in between[:2])
    contact = bool(between) and (
        between[0].kind == "party" or between[0].low in ("it", "they", "we", "he", "she", "i")
    )
    if (
        predicate.passive
        or predicate.family == "arrive"
        or predicate.trigger.lemma in ("go", "follow", "come", "leave")
    ):
        cost -= 2.5
    elif relative or contact:
        cost -= 0.5
    elif predicate.noun:
        cost += 7
    elif predicate.family in ("produce", "lack", "hold"):
        cost += 3
    else:
        cost += 7
    for unit in between:
        if unit.low in (";", ":"):
            cost += 8
        elif unit.low in (",", "and", "but", "while"):
            cost += 2
        elif unit.kind == "item":
            cost += 0.5
    return cost
