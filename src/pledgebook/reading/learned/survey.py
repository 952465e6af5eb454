"""The survey of a document: its sentences, what could be a statement, who is in the reader's mind.

The learned coder decides over candidates; the grammar finds them. A survey goes through a document
once, as the grammar coder does, and keeps at each sentence who was in mind then, and what the
grammar itself made of it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from pledgebook.reading.grammar.acting import GIVING, actors_of
from pledgebook.reading.grammar.anchoring import find_anchors
from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.coder import Prepared, go_through, prepare
from pledgebook.reading.grammar.context import Context, Sentence
from pledgebook.reading.grammar.discourse import Frame
from pledgebook.reading.grammar.governing import govern
from pledgebook.reading.grammar.kinds import Reading, read_predicate
from pledgebook.reading.grammar.parties import party_at
from pledgebook.reading.grammar.predicates import Predicate
from pledgebook.reading.grammar.rowitems import cell_units, row_anchors
from pledgebook.reading.grammar.sentencing import is_battle, verbs_of
from pledgebook.reading.grammar.speakers import speaker_in
from pledgebook.reading.grammar.units import Unit, units_of
from pledgebook.reading.quantities.numbers import NumberMention
from pledgebook.reading.text.lexicon import word_list
from pledgebook.reading.text.mentions import PartyMention
from pledgebook.reading.text.rows import Row
from pledgebook.reading.text.segments import sentences
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement

MOST_SPOTS = 24
"""Candidates of one sentence; what goes beyond is an enumeration of something else."""


@dataclass(slots=True)
class State:
    """Who was in mind when a sentence began: the answers to "it", "he", "we", "the company"."""

    codes: dict[str, tuple[str, ...]]
    frame: Frame | None
    head: Frame | None
    speaker: str | None


@dataclass(slots=True)
class Place:
    """A sentence, line or row. `head` is the place of the line that introduces its list."""

    index: int
    start: int
    end: int
    block: int
    kind: str
    units: list[Unit]
    head: int | None = None
    label: str | None = None
    stamp: bool = False
    row: Row | None = None
    state: State | None = None
    predicates: list[Predicate] = field(default_factory=list)
    battle: bool = False
    said: str | None = None
    spots: list[Spot] = field(default_factory=list)


@dataclass(slots=True)
class Spot:
    """What could be a statement: an anchor in a place; `guess` is what the grammar made of it.

    `verb` is the word that governs it by the grammar, `reading` what it states, `actors` who acts.

    `kind` is "item", "money", "number", "loose" (a number that counts something unknown),
    "training", "verb" (a word that opens statements) or "line" (a whole one, without any of these).
    """

    index: int
    place: int
    anchor: Anchor
    kind: str
    start: int
    end: int
    guess: Statement | None = None
    verb: Predicate | None = None
    reading: Reading | None = None
    actors: tuple[str, ...] = ()


@dataclass(slots=True)
class PartyPlace:
    """A party where it is named: at a unit of a place. `sure` is False where support is wanting."""

    place: int
    unit: int
    code: str
    role: str
    sure: bool


@dataclass(slots=True)
class Survey:
    """All that the learned coder looks at in a document; which one, its context tells."""

    context: Context
    places: list[Place]
    spots: list[Spot]
    parties: list[PartyPlace]


def survey(document: Document, catalogue: Catalogue) -> Survey | None:
    """Go through a document; None where nothing in it could be a statement."""
    prepared = prepare(document, catalogue)
    if prepared is None:
        return None
    places = _places(prepared)
    by_start = {place.start: place for place in places}

    def watch(sentence: Sentence, context: Context) -> None:
        place = by_start.get(sentence.start)
        if place is not None:
            place.state = _state(sentence, context)
            _look(place, context)

    prepared.context.watch = watch
    context = go_through(prepared)
    context.watch = None
    parties = _parties(places, context)
    for place in places:
        if place.state is None:
            _look(place, context)
    spots = [spot for place in places for spot in place.spots]
    for index, spot in enumerate(spots):
        spot.index = index
    _guesses(context, places)
    return Survey(context, places, spots, parties)


def _places(prepared: Prepared) -> list[Place]:
    text = prepared.context.text
    places: list[Place] = []
    first_of: dict[int, int] = {}
    for number, block in enumerate(prepared.blocks):
        head = first_of.get(block.head) if block.head is not None else None
        if number in prepared.rows:
            row = prepared.rows[number]
            if row is None:
                continue
            spans = [(row.start, row.end)]
        else:
            row = None
            spans = sentences(text, block.start, block.end)
        for order, (start, end) in enumerate(spans):
            units = units_of(text, prepared.spans, start, end)
            if not units:
                continue
            place = Place(
                len(places), start, end, number, "row" if row else block.kind, units, head
            )
            place.label, place.row = block.speaker, row
            place.stamp = block.stamp and order == 0
            place.said = speaker_in(text[start:end]) if not row else None
            places.append(place)
            # The last sentence of a block is the one that introduces what follows.
            first_of[number] = place.index
    return places


def _state(sentence: Sentence, context: Context) -> State:
    memory = context.memory
    head = memory.heads.get(sentence.head) if sentence.head is not None else None
    head = head or context.section
    codes = {
        "last": _one(memory.last),
        "subject": _one(memory.subject),
        "giver": _one(memory.giver),
        "givers": memory.last_givers,
        "person": memory.person_parties or _one(memory.person_party),
        "company": _one(memory.company),
        "we": _one(memory.we),
        "publisher": _one(memory.publisher),
        "default": _one(memory.default_giver),
        "frame": memory.frame.actors if memory.frame else (),
        "head": head.actors if head else (),
        "recipient": _one(memory.recipient),
    }
    return State(codes, memory.frame, head, memory.speaker)


def _one(code: str | None) -> tuple[str, ...]:
    return (code,) if code is not None else ()


def _parties(places: list[Place], context: Context) -> list[PartyPlace]:
    found = []
    for place in places:
        for index, unit in enumerate(place.units):
            if isinstance(unit.value, PartyMention):
                code = party_at(place.units, index, context.memory)
                found.append(
                    PartyPlace(
                        place.index,
                        index,
                        code or unit.value.code,
                        unit.value.role,
                        code is not None,
                    )
                )
    return found


def _look(place: Place, context: Context) -> None:
    """Find the spots of a place, and what the grammar says of each at this point of its reading."""
    units, memory = place.units, context.memory
    place.predicates = verbs_of(units, memory.recipient)
    place.battle = is_battle(units)
    readings = [(predicate, read_predicate(predicate, units)) for predicate in place.predicates]
    _find_spots(place)
    strong = context.strong
    by_anchor = {id(spot.anchor): spot for spot in place.spots}
    for anchor, verb, reading in govern(units, [s.anchor for s in place.spots], readings):
        # An anchor that serves another ("in return for ...") is one of the grammar's own making.
        spot = by_anchor.get(id(anchor))
        if spot is not None and verb is not None and spot.verb is None:
            spot.verb, spot.reading = verb, reading
    for spot in place.spots:
        if spot.kind == "verb":
            spot.verb, spot.reading = next(
                (found for found in readings if found[0].head == spot.anchor.head), (None, None)
            )
        if spot.verb is not None and spot.reading is not None:
            kind = spot.reading.kind
            giving = kind in GIVING and memory.recipient is not None
            spot.actors = actors_of(
                context, units, spot.anchor, spot.verb, spot.reading, kind, giving=giving
            )
    # Looking on must not change what the grammar makes of the document.
    context.strong = strong


def _find_spots(place: Place) -> None:
    units = place.units
    training = word_list("training_words")
    anchors = find_anchors(units)
    if place.row is not None:
        cells = [(cell, cell_units(units, cell)) for cell in place.row.cells]
        joined = row_anchors(units, place.row, cells, find_anchors)
        if joined:
            taken = {a.head for a in joined}
            rest = [a for a in anchors if a.head not in taken and a.item is None]
            anchors = joined + rest
    used = {id(anchor.number) for anchor in anchors if anchor.number is not None}
    found: list[tuple[Anchor, str]] = []
    for anchor in anchors:
        kind = "item" if anchor.item is not None else "money" if anchor.money else "number"
        found.append((anchor, kind))
    for index, unit in enumerate(units):
        if isinstance(unit.value, NumberMention) and id(unit.value) not in used:
            if unit.value.kind in ("cardinal", "vague", "percent"):
                found.append((Anchor(index, index, index, None, unit.value), "loose"))
        elif unit.kind == "word" and unit.low.startswith(training):
            found.append((Anchor(index, index, index, None), "training"))
    heads = {anchor.head for anchor, _ in found}
    for predicate in place.predicates:
        if predicate.head not in heads:
            head = predicate.head
            found.append((Anchor(head, head, head, None), "verb"))
            heads.add(head)
    if not found:
        found.append((Anchor(0, len(units) - 1, 0, None), "line"))
    found.sort(key=lambda pair: (units[pair[0].head].start, pair[1]))
    for anchor, kind in found[:MOST_SPOTS]:
        start, end = units[anchor.first].start, units[anchor.last].end
        place.spots.append(Spot(0, place.index, anchor, kind, start, end))


def _guesses(context: Context, places: list[Place]) -> None:
    """Give each spot the statement that the grammar made of it."""
    starts = [place.start for place in places]
    for statement, (start, end) in zip(context.found, context.spans, strict=True):
        place = places[max(0, bisect_right(starts, start) - 1)]
        best: tuple[tuple[int, ...], Spot] | None = None
        for spot in place.spots:
            shared = min(end, spot.end) - max(start, spot.start)
            if shared <= 0:
                continue
            same = (spot.start == start) + (spot.end == end)
            training = (spot.kind == "training") == (statement.kind == "training")
            score = (spot.guess is None, same, training, shared)
            if best is None or score > best[0]:
                best = (score, spot)
        if best is not None and best[1].guess is None:
            best[1].guess = statement
