"""From the scores of a model to statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pledgebook.reading.learned.arrays import Arrays
from pledgebook.reading.learned.candidate import Candidate
from pledgebook.reading.learned.spotting import CATEGORIES, KINDS, PERIODS, SCOPES, STATUSES
from pledgebook.reading.learned.survey import Spot, Survey
from pledgebook.reading.text.lexicon import word_set
from pledgebook.vocabulary.statement import (
    Category,
    Evidence,
    Item,
    Kind,
    Money,
    Quantity,
    Scope,
    Statement,
    Status,
)

Floats = npt.NDArray[np.float32]
CERTAIN_JOINT = 0.7
"""What a second party must reach to be an actor beside the first."""
SURE = 0.9
"""What the surest statement of a document must reach; below it, it tells of other things."""
NOTHING = {"when": -1.0, "speaker": -1.0}
"""Added to the score of leaving a field empty: trained on few, the model leaves too many so."""
FAR_APART = 8
"""Units between two parties that no text joins any more."""


@dataclass(slots=True)
class Scores:
    """What a model says of a document: logits of the heads by spot, of the pairs by candidate."""

    heads: Mapping[str, Floats]
    pairs: Mapping[str, Floats]
    joint: Floats
    first: Floats
    last: Floats


def softmax(logits: Floats) -> Floats:
    """Return probabilities along the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def decode(made: Arrays, scores: Scores, threshold: float) -> list[Statement | None]:
    """Return the statement of each spot of a stretch, None where it makes none.

    `threshold` is the least probability of being a statement.
    """
    kinds = softmax(scores.heads["kind"])
    return [
        _statement(made, scores, number, kinds[number])
        if 1 - float(kinds[number, 0]) >= threshold
        else None
        for number in range(len(made.spots))
    ]


def settled(statements: Iterable[Statement | None]) -> list[Statement]:
    """Return a document's statements in the order of its text.

    What is said again word for word is left out, and all of it where nothing in it is sure.
    """
    found: list[Statement] = []
    seen: set[tuple[object, ...]] = set()
    for statement in statements:
        if statement is None:
            continue
        key = (
            statement.kind, statement.actors, statement.item, statement.quantity, statement.money,
            statement.evidence.start if statement.quantity or statement.money else None,
        )  # fmt: skip
        if key not in seen:
            seen.add(key)
            found.append(statement)
    if not any(statement.score >= SURE for statement in found):
        return []
    return sorted(found, key=lambda s: (s.evidence.start, s.evidence.end))


def _statement(made: Arrays, scores: Scores, number: int, kinds: Floats) -> Statement | None:
    survey, spot = made.survey, made.spots[number]
    kind = KINDS[int(np.argmax(kinds[1:]))]
    category = CATEGORIES[int(np.argmax(scores.heads["category"][number]))]
    category = "training-service" if kind == "training" else category
    actors = _actors(made, scores, number)
    if not actors:
        return None
    recipient = _best(made, scores, "recipient", number).value
    amount = _best(made, scores, "money", number)
    count = _best(made, scores, "quantity", number)
    per = PERIODS[int(np.argmax(scores.heads["per"][number]))]
    designation = _best(made, scores, "designation", number).value
    supplier = _best(made, scores, "supplier", number).value
    start, end = _evidence(made, scores, number)
    money = _money(amount)
    return Statement(
        kind=Kind(kind),
        status=Status(STATUSES[int(np.argmax(scores.heads["status"][number]))]),
        scope=Scope(SCOPES[int(np.argmax(scores.heads["scope"][number]))]),
        actors=actors,
        recipient=recipient,
        item=Item(category=Category(category), designation=designation),
        quantity=_quantity(survey, count, category, spot, per, counted=money is None),
        money=money,
        when=_best(made, scores, "when", number).value,
        supplier=supplier if kind in ("contract", "production") else None,
        speaker=_best(made, scores, "speaker", number).value,
        evidence=Evidence(
            document=survey.context.document.id,
            start=start,
            end=end,
            quote=survey.context.text[start:end],
        ),
        rule=f"({spot.kind})",
        score=round(1 - float(kinds[0]), 4),
    )


def _rows(made: Arrays, field: str, number: int) -> npt.NDArray[np.intp]:
    owners = made.pairs[field].spot
    return np.arange(*np.searchsorted(owners, [number, number + 1]))


def _best(made: Arrays, scores: Scores, field: str, number: int) -> Candidate:
    candidates = made.pairs[field].candidates

    def worth(row: int) -> float:
        empty = NOTHING.get(field, 0.0) if candidates[row].value is None else 0.0
        return float(scores.pairs[field][row]) + empty

    return candidates[max(map(int, _rows(made, field, number)), key=worth)]


def _actors(made: Arrays, scores: Scores, number: int) -> tuple[str, ...]:
    candidates = made.pairs["actor"].candidates
    rows = [row for row in _rows(made, "actor", number) if candidates[int(row)].value is not None]
    if not rows:
        return ()
    first = candidates[int(max(rows, key=lambda row: float(scores.pairs["actor"][row])))]
    found = {first.value}
    for row in rows:
        other = candidates[int(row)]
        if 1 / (1 + np.exp(-float(scores.joint[row]))) > CERTAIN_JOINT and _stand_together(
            made, number, first, other
        ):
            found.add(other.value)
    return tuple(sorted(found))


def _stand_together(made: Arrays, number: int, first: Candidate, other: Candidate) -> bool:
    """Tell whether the text, or the grammar, joins two parties: the model alone joins too many."""
    spot, both = made.spots[number], {first.value, other.value}
    if both <= set(spot.actors) or (spot.guess is not None and both <= set(spot.guess.actors)):
        return True
    if first.place < 0 or first.place != other.place:
        return False
    low, high = sorted((first.unit, other.unit))
    between = made.survey.places[first.place].units[low + 1 : high]
    joining = word_set("joining")
    return len(between) < FAR_APART and all(
        unit.kind == "party" or unit.low in joining for unit in between
    )


def _evidence(made: Arrays, scores: Scores, number: int) -> tuple[int, int]:
    owners = made.edges.spot
    rows = np.arange(*np.searchsorted(owners, [number, number + 1]))
    spot = made.spots[number]
    units = made.survey.places[spot.place].units
    at = [made.edges.candidates[int(row)].unit for row in rows]
    before = [k for k, unit in enumerate(at) if unit <= spot.anchor.first]
    after = [k for k, unit in enumerate(at) if unit >= spot.anchor.last]
    first = at[max(before, key=lambda k: float(scores.first[rows[k]]))]
    last = at[max(after, key=lambda k: float(scores.last[rows[k]]))]
    while last > spot.anchor.last and units[last].kind == "punct":
        last -= 1
    return units[first].start, units[last].end


def _money(candidate: Candidate) -> Money | None:
    found = candidate.value
    if found is None or found.currency is None:
        return None
    return Money.model_validate(
        {"low": found.low, "high": found.high, "currency": found.currency, "per": found.per}
    )


def _quantity(
    survey: Survey,
    candidate: Candidate,
    category: str,
    spot: Spot,
    per: str | None,
    *,
    counted: bool,
) -> Quantity | None:
    found = candidate.value
    if found is None:
        return None
    item = spot.anchor.item
    unit = (item.unit if item is not None and item.category.value == category else None) or (
        survey.context.catalogue.default_units.get(Category(category), "item")
    )
    unit = "person" if category == "training-service" else unit
    if found == 1:
        return Quantity(low=1, high=1, unit=unit) if counted else None
    unit = "percent" if found.kind == "percent" else unit
    low, high = found.low, found.high
    if low is None and high is None:
        return None
    return Quantity.model_validate(
        {"low": low, "high": high, "unit": unit, "per": per, "approx": found.approx}
    )
