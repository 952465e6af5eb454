"""Levels: output, use and need as a rate, which run on from sentence to sentence.

"U.S. output has reached 28,000 a month", "the goal is 100,000", "the figure should stand at
20,000" continue one series: its kind, its actor, its item and its period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pledgebook.reading.grammar.agents import owner_of
from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.discourse import Frame, Level, Memory
from pledgebook.reading.grammar.parties import party_at
from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.grammar.subjects import subject_of
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.text.lexicon import word_set

LEVEL_KINDS = frozenset({"production", "expenditure", "request"})
_MADE = frozenset(
    {"artillery-ammunition", "ammunition", "rocket-ammunition", "missile", "drone", "artillery"}
)
_RATED = frozenset({"produce", "spend", "ask"})


def level_frame(
    units: Sequence[Unit],
    anchor: Anchor,
    predicate: Predicate | None,
    predicates: Sequence[Predicate],
    memory: Memory,
    per: str | None,
    block: int,
    said: str | None,
) -> Frame | None:
    """Return the frame of a number that is a level, None where it is none."""
    if anchor.number is None or (
        predicate is not None
        and predicate.family in _RATED
        and not (predicate.trigger.weak and predicate.family == "produce")
    ):
        return None
    if predicate is not None and predicate.family in ("order", "train", "refuse"):
        return None
    lows = [unit.low for unit in units]
    named = any(low in word_set("levels") for low in lows)
    running = (
        memory.level is not None
        and memory.level.frame.block == block
        and predicate is not None
        and predicate.trigger.lemma in word_set("rising")
    )
    if per is None and not (
        (named or running) and memory.level is not None and anchor.item is None
    ):
        return None
    actors: tuple[str, ...] = _nearest_maker(units, anchor, memory)
    kind = "production"
    maker = next((p for p in predicates if p.family == "produce" and p.noun), None)
    if maker is not None and not actors:
        found = owner_of(units, maker, memory, giving=False)
        if found is None and not maker.noun:
            found = subject_of(units, maker, memory, giving=False)
        if found is not None:
            actors = found.codes
    elif maker is None and not actors and memory.level is None and predicate is None:
        return None
    if (
        not actors
        and per is not None
        and maker is None
        and predicate is not None
        and predicate.family in ("give", "promise", "arrive", "hold", "receive")
    ):
        found = subject_of(units, predicate, memory, giving=False)
        if (
            found is not None
            and all(memory.is_company(code) for code in found.codes)
            and found.codes
        ):
            actors = found.codes
    if actors and maker is None and memory.level is not None:
        kind = memory.level.frame.kind
    if not actors and memory.level is not None:
        frame = memory.level.frame
        kind, actors = (frame.kind, frame.actors) if maker is None else (kind, frame.actors)
    elif not actors and (
        maker is not None or (anchor.item is not None and anchor.item.category in _MADE)
    ):
        actors = memory.state_codes(giving=False)
    if not actors:
        return None
    before = lows[max(0, anchor.first - 9) : anchor.last + 6]
    ahead = any(low in word_set("ahead") for low in before)
    status = "tentative" if kind == "production" and ahead else "firm"
    return Frame(kind, status, "new", actors, None, said, None, block, rule="level")


def _nearest_maker(units: Sequence[Unit], anchor: Anchor, memory: Memory) -> tuple[str, ...]:
    """Return the company right before a level: "and Rheinmetall alone aims at 1.5 million"."""
    for k in range(anchor.first - 1, max(-1, anchor.first - 9), -1):
        unit = units[k]
        if unit.kind == "party":
            code = party_at(units, k, memory)
            return (code,) if code is not None and memory.is_company(code) else ()
        if unit.low in (";", ",", "while", "but"):
            return ()
    return ()


def with_level(memory: Memory, frame: Frame, per: str | None) -> None:
    """Remember the series that a statement belongs to."""
    if frame.kind in LEVEL_KINDS and per is not None:
        memory.level = Level(replace(frame, when=None), per)
