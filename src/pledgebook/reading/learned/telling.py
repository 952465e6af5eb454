"""What the learned coder tells a trace: each sentence, its spots, and what came of them."""

from __future__ import annotations

from pledgebook.reading.learned.arrays import Arrays
from pledgebook.reading.learned.decode import Scores, softmax
from pledgebook.reading.learned.spotting import KINDS
from pledgebook.reading.trace import Trace
from pledgebook.vocabulary.statement import Statement

SHOWN = 3
"""Kinds shown of each spot, the likeliest first."""


def tell(trace: Trace, made: Arrays, scores: Scores, found: list[Statement | None]) -> None:
    """Tell how a stretch was decided; `found` holds what came of each spot."""
    chances = softmax(scores.heads["kind"])
    survey, last = made.survey, -1
    for number, spot in enumerate(made.spots):
        place = survey.places[spot.place]
        if spot.place != last:
            last = spot.place
            trace.tell("sentence", place.start, place.end, facts={"form": place.kind})
            for unit in place.units:
                if unit.kind not in ("word", "punct"):
                    facts = {"kind": unit.kind, "value": unit.text}
                    trace.tell("mention", unit.start, unit.end, facts=facts)
        named = zip(("nothing", *KINDS), chances[number].tolist(), strict=True)
        best = dict(sorted(named, key=lambda one: -one[1])[:SHOWN])
        statement = found[number]
        if statement is None:
            trace.tell("score", spot.start, spot.end, facts={"read as": spot.kind}, scores=best)
        else:
            start, end = statement.evidence.start, statement.evidence.end
            trace.tell(
                "statement", start, end, facts={"rule": spot.kind}, scores=best, statement=statement
            )
