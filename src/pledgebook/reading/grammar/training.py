"""Training: who is trained by whom, and how many."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.quantities.numbers import NumberMention
from pledgebook.reading.text.lexicon import word_list


@cache
def _trainees() -> tuple[str, ...]:
    return word_list("trainees")


def training_anchor(units: Sequence[Unit], predicate: Predicate) -> Anchor | None:
    """Return the anchor of a training predicate, None where nobody is said to be trained."""
    trained = any(unit.low.startswith(_trainees()) for unit in units)
    if not trained:
        return None
    best: int | None = None
    for index, unit in enumerate(units):
        number = unit.value
        if not isinstance(number, NumberMention) or number.kind not in ("cardinal", "vague"):
            continue
        following = units[index + 1 : index + 6]
        counted = any(
            u.low.startswith(_trainees()) for u in following if u.kind in ("word", "party")
        )
        after = units[index + 1] if index + 1 < len(units) else None
        bare = (
            after is None
            or after.kind != "word"
            or after.low in ("more", "so", "of", "in", "by", "to", "this")
        )
        if not (counted or (bare and abs(index - predicate.head) < 4)):
            continue
        if best is None or abs(index - predicate.head) < abs(best - predicate.head):
            best = index
    anchor = Anchor(predicate.head, predicate.head, predicate.head, None)
    if best is not None:
        number = units[best].value
        assert isinstance(number, NumberMention)
        anchor.number = number
        last = best
        for k in range(best + 1, min(len(units), best + 5)):
            if units[k].low.startswith(_trainees()):
                last = k
        anchor.first, anchor.last = best, last
    return anchor
