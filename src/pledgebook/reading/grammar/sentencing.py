"""Statements of one sentence or of one line of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pledgebook.reading.grammar.acting import GIVING
from pledgebook.reading.grammar.agents import joined
from pledgebook.reading.grammar.anchoring import find_anchors
from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.context import Context, Sentence
from pledgebook.reading.grammar.discourse import Frame
from pledgebook.reading.grammar.emitting import emit, emit_training
from pledgebook.reading.grammar.framing import frame_of, is_foreign, rate_at, shares
from pledgebook.reading.grammar.governing import govern
from pledgebook.reading.grammar.implied import bare_refusals, unnamed_ammunition
from pledgebook.reading.grammar.kinds import Reading, read_predicate
from pledgebook.reading.grammar.levels import level_frame
from pledgebook.reading.grammar.lists import (
    label_parties,
    segment_parties,
    stage_in_line,
    trailing_parties,
)
from pledgebook.reading.grammar.parties import party_at, role_of
from pledgebook.reading.grammar.predicates import Predicate, find_predicates, find_presence
from pledgebook.reading.grammar.speakers import speaker_in
from pledgebook.reading.grammar.subjects import subject_of
from pledgebook.reading.grammar.telling import no_frame, tell_nothing, tell_verbs
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.grammar.values import AID
from pledgebook.reading.text.lexicon import phrase_pattern

Readings = Sequence[tuple[Predicate, Reading | None]]


def is_finite(predicate: Predicate) -> bool:
    """Tell a verb that makes a line of a list a sentence of its own."""
    if predicate.noun or predicate.reduced or predicate.tense in ("infinitive", "gerund"):
        return False
    return predicate.family not in ("train", "hold", "lack", "spend") and not predicate.trigger.weak


def unretracted(sentence: Sentence, anchors: list[Anchor]) -> list[Anchor]:
    """Leave out what a correction takes back: "an earlier version gave 300,000"."""
    found = _RETRACTED.search(sentence.text)
    if found is None:
        return anchors
    end = min(
        (
            at
            for mark in (";", " - ", " – ", ". ")
            if (at := sentence.text.find(mark, found.end())) > 0
        ),
        default=len(sentence.text),
    )
    low, high = sentence.start + found.start(), sentence.start + end
    return [a for a in anchors if not low <= sentence.units[a.first].start < high]


_RETRACTED = re.compile(
    r"\b(?:earlier version|we wrote|wrongly|as we (?:reported|had it)|erroneously)\b", re.IGNORECASE
)


def verbs_of(units: Sequence[Unit], recipient: str | None) -> list[Predicate]:
    """Return the predicates of a sentence, being where the one who gets is among them."""
    predicates = find_predicates(units)
    presence = find_presence(units, recipient)
    return predicates if presence is None else [*predicates, presence]


def is_battle(units: Sequence[Unit]) -> bool:
    """Tell whether a sentence is about fighting."""
    return bool(phrase_pattern("battle").search(" ".join(unit.low for unit in units)))


def read_sentence(context: Context, sentence: Sentence) -> None:
    """Find the statements of one sentence."""
    memory = context.memory
    units = sentence.units
    anchors = find_anchors(units)
    predicates = verbs_of(units, memory.recipient)
    sentence.predicates = predicates
    sentence.battle = is_battle(units)
    said = speaker_in(sentence.text)
    if said is not None:
        memory.speaker = said
    readings = [(p, read_predicate(p, units)) for p in predicates]
    if context.trace is not None:
        tell_verbs(context, sentence, readings)
    if sentence.kind == "item" and _read_item(context, sentence, anchors, readings):
        return
    if sentence.text.endswith("?"):
        return
    if sentence.kind == "text" and _read_labelled(context, sentence, anchors, readings):
        return
    anchors = unretracted(sentence, anchors)
    if not any(anchor.item is not None for anchor in anchors):
        anchors = [*anchors, *unnamed_ammunition(predicates, memory)]
    anchors = [*anchors, *bare_refusals(units, anchors, predicates, memory, sentence.block)]
    last_frame: Frame | None = None
    foreign = is_foreign(context, sentence)
    for anchor, predicate, reading in govern(units, anchors, readings):
        named = anchor.item is not None and anchor.item.category not in AID and not anchor.weak
        if named and not sentence.battle and anchor.item is not None:
            memory.remember(anchor.item, sentence.block)
        per = anchor.number.per or rate_at(context, sentence, anchor) if anchor.number else None
        found = level_frame(units, anchor, predicate, predicates, memory, per, sentence.block, said)
        if found is None:
            found = frame_of(context, sentence, anchor, predicate, reading, said, last_frame)
        if found is None:
            if context.trace is not None:
                why = no_frame(sentence, anchor, predicate, reading)
                tell_nothing(context, sentence, anchor, why)
            continue
        if not foreign and found.kind in GIVING:
            tell_nothing(context, sentence, anchor, "a government's spending at home")
            continue
        for share in shares(context, units, anchor, found):
            if emit(context, sentence, anchor, predicate, share):
                last_frame = share
    emit_training(context, sentence, readings, said)
    if last_frame is not None:
        last_frame = replace(last_frame, origin=(sentence.start, sentence.end))
        memory.frame = last_frame
        if sentence.text.rstrip().endswith(":"):
            memory.heads[sentence.block] = replace(last_frame, block=sentence.block)
    note_parties(context, sentence, predicates)


def _read_item(
    context: Context, sentence: Sentence, anchors: Sequence[Anchor], readings: Readings
) -> bool:
    """Read a line of a list under its head; return False where it is a sentence of its own."""
    memory = context.memory
    head = memory.heads.get(sentence.head) if sentence.head is not None else context.section
    head = head or context.section
    finite = [p for p, r in readings if r and is_finite(p)]
    if sentence.text.endswith(".") and not finite:
        finite = [p for p, r in readings if r and _is_told(p) and p.family in _TELLING]
    label = label_parties(sentence.units, memory)[0]
    if head is not None and (not finite or (label and not [p for p in finite if p.first > 3])):
        read_list_line(context, sentence, anchors, head)
        return True
    if head is None and not finite:
        frame = memory.opening(label or memory.state_codes(giving=True), sentence.block)
        counted = [a for a in anchors if a.number is not None or a.money is not None]
        read_list_line(context, sentence, anchors if label else counted, frame)
        return True
    return False


def _read_labelled(
    context: Context, sentence: Sentence, anchors: Sequence[Anchor], readings: Readings
) -> bool:
    """Read "Germany: 18 tanks" within a text as a line of a list; return False for all else."""
    if len(sentence.units) >= _LONGEST_LABELLED or any(r and _is_told(p) for p, r in readings):
        return False
    memory = context.memory
    actors, begin = label_parties(sentence.units, memory)
    if not actors or not begin or sentence.units[begin - 1].low != ":":
        return False
    frame = memory.frame or memory.opening(actors, sentence.block)
    read_list_line(context, sentence, anchors, replace(frame, actors=actors))
    return True


def _is_told(predicate: Predicate) -> bool:
    """Tell a finite verb: one that a sentence, and no mere phrase, is built on."""
    plain = not predicate.noun and not predicate.reduced
    return plain and predicate.tense in ("past", "perfect", "present", "future")


_TELLING = frozenset({"produce", "hold", "spend", "give", "arrive"})
_LONGEST_LABELLED = 40
"""Units of a text that may still be a labelled line."""


def read_list_line(
    context: Context, sentence: Sentence, anchors: Sequence[Anchor], frame: Frame
) -> None:
    """Read a line of a list under the frame of its head."""
    units = sentence.units
    actors, begin = label_parties(units, context.memory)
    context.strong += (
        bool(actors)
        or context.memory.recipient is not None
        or any(a.number is not None and a.item is not None and a.item.designation for a in anchors)
    )
    if actors:
        frame = replace(frame, actors=actors, inherits=("kind",))
        if context.memory.recipient in actors and frame.kind != "request":
            frame = replace(frame, recipient=None)
    if not actors:
        actors = trailing_parties(units, context.memory)
        if actors:
            frame = replace(frame, actors=actors, inherits=("kind",))
    if actors and frame.kind == "request" and context.memory.recipient not in actors:
        frame = replace(frame, kind="pledge")
    frame = replace(stage_in_line(units, frame), rule="list")
    if not frame.actors:
        return
    frame = replace(frame, actors=joined(units, frame.actors, context.memory))
    for anchor in anchors:
        if anchor.first < begin or (anchor.item is None and anchor.money is None):
            continue
        after = units[anchor.last + 1].low if anchor.last + 1 < len(units) else ""
        givers = segment_parties(units, anchor, begin, context.memory) or frame.actors
        shares = [(code,) for code in givers] if after == "each" else [givers]
        for share in shares:
            emit(context, sentence, anchor, None, replace(frame, actors=share))


def note_parties(context: Context, sentence: Sentence, predicates: Sequence[Predicate]) -> None:
    """Remember who acted in a sentence, for the pronouns of the next."""
    units = sentence.units
    memory = context.memory
    persons: list[str] = []
    for index, unit in enumerate(units):
        if unit.kind != "party":
            continue
        code = getattr(unit.value, "code", None)
        if getattr(unit.value, "role", "") == "person":
            named = party_at(units, index, memory)
            if named is not None and (persons or role_of(units, index) == "nominal"):
                persons.append(named)
        elif code is not None and memory.is_company(code):
            memory.company = code
    if persons:
        memory.person_party, memory.person_parties = persons[0], tuple(persons)
    for predicate in predicates:
        if predicate.noun:
            continue
        found = subject_of(units, predicate, memory, giving=False)
        if found is not None and found.direct:
            memory.note(found.codes)
            return
    for index, unit in enumerate(units):
        if unit.kind == "party" and role_of(units, index) == "nominal":
            code = party_at(units, index, memory)
            if code is not None:
                memory.note((code,))
                return
