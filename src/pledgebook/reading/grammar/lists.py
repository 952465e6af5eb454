"""Lists and sections: what a heading or list head hands down to the lines below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from pledgebook.reading.grammar.anchors import Anchor
from pledgebook.reading.grammar.discourse import Frame, Memory
from pledgebook.reading.grammar.parties import listed, party_at
from pledgebook.reading.grammar.units import Unit
from pledgebook.reading.text.lexicon import cue_table, phrase_pattern

STAGES: dict[str, tuple[str, str]] = {
    "delivered": ("delivery", "total"),
    "planned": ("pledge", "new"),
    "requested": ("request", "new"),
    "ordered": ("contract", "new"),
    "made": ("production", "new"),
}
"""Kind and scope of what a heading or a column head puts at a stage."""


@cache
def _stage_pattern(stage: str) -> re.Pattern[str]:
    words = sorted(cue_table("sections")[stage], key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, words)) + r")(?![\w-])")


def stage_of(text: str) -> str | None:
    """Return the stage that a heading or list head names, None where it names none."""
    low = text.lower()
    if re.search(r"\b(?:to be|will be|being|yet to be|not yet)\b", low):
        return "planned"
    for stage in ("requested", "ordered", "delivered", "planned", "made"):
        if _stage_pattern(stage).search(low):
            return stage
    return None


def _direction(units: Sequence[Unit], memory: Memory) -> tuple[str, str] | None:
    """Return giver and recipient of a heading "From the DPRK to the Russian Federation"."""
    found: dict[str, str] = {}
    for index, unit in enumerate(units):
        if unit.kind != "party":
            continue
        before = [u.low for u in units[max(0, index - 2) : index] if u.low != "the"]
        code = party_at(units, index, memory)
        if code is not None and before[-1:] in (["from"], ["to"]):
            found.setdefault(before[-1], code)
    return (found["from"], found["to"]) if len(found) == 2 else None


def section_frame(text: str, units: Sequence[Unit], memory: Memory, block: int) -> Frame | None:
    """Return the frame that a heading opens, from the words in it and what is known so far."""
    stage = stage_of(text)
    direction = _direction(units, memory)
    if stage is None and direction is None:
        return None
    kind, scope = STAGES[stage] if stage is not None else ("delivery", "total")
    if stage == "planned" and phrase_pattern("heading_total").search(text.lower()):
        scope = "total"
    giver = memory.giver or memory.publisher
    actors: tuple[str, ...] = (giver,) if giver else memory.state_codes(giving=True)
    if direction is not None and kind != "request":
        return Frame(kind, "firm", scope, direction[:1], direction[1], None, None, block)
    if kind == "request":
        actors = (memory.recipient,) if memory.recipient else actors
    return Frame(kind, "firm", scope, actors, memory.recipient, memory.speaker, None, block)


def stage_in_line(units: Sequence[Unit], frame: Frame) -> Frame:
    """Let a line say more than its head: "handed over in July", "on order", "under discussion"."""
    text = " ".join(unit.low for unit in units)
    dated = any(unit.kind == "date" for unit in units)
    label = text.partition(" : ")[0] if " : " in text else text.partition(":")[0]
    asking = phrase_pattern("line_requested").search(label) if label != text else None
    if asking and frame.kind != "request" and frame.recipient is not None:
        return replace(frame, kind="request", status="firm", actors=(frame.recipient,))
    if phrase_pattern("line_undone").search(text):
        frame = replace(frame, status="tentative")
    if phrase_pattern("line_refused").search(text):
        return replace(frame, kind="refusal", status="firm")
    if phrase_pattern("line_ordered").search(text):
        return replace(frame, kind="contract", scope="new")
    if frame.kind == "pledge" and phrase_pattern("line_done").search(text):
        return replace(frame, kind="delivery", scope="background" if dated else "new")
    return frame


def segment_parties(
    units: Sequence[Unit], anchor: Anchor, begin: int, memory: Memory
) -> tuple[str, ...]:
    """Return the party at the head of an anchor's part of a line: "...; Qatar: field hospital"."""
    start = anchor.first
    while start > begin and units[start - 1].low not in (";", "/"):
        start -= 1
    if start <= begin:
        return ()
    while start < anchor.first and units[start].low in ("and", "plus", "the"):
        start += 1
    if units[start].kind != "party" or start >= anchor.first:
        return ()
    code = party_at(units, start, memory)
    if code is None or code == memory.recipient:
        return ()
    return listed(units, start, code, memory)[0]


def trailing_parties(units: Sequence[Unit], memory: Memory) -> tuple[str, ...]:
    """Return the parties in brackets at the end of a line: "... (EU, Canada, Denmark)"."""
    if not units or units[-1].low not in (")", ")."):
        return ()
    codes: list[str] = []
    for index in range(len(units) - 2, -1, -1):
        if units[index].low == "(":
            return tuple(sorted(set(codes)))
        if units[index].kind == "party":
            code = party_at(units, index, memory)
            if code is not None:
                codes.append(code)
                continue
        if units[index].low not in (",", "and", "the"):
            return ()
    return ()


def label_parties(units: Sequence[Unit], memory: Memory) -> tuple[tuple[str, ...], int]:
    """Return the parties that label a line ("Germany: ...", "Sweden and Finland - ...").

    The second value is the unit after the label, 0 where there is none.
    """
    codes: list[str] = []
    for index, unit in enumerate(units[:14]):
        if unit.kind == "party":
            code = party_at(units, index, memory)
            if code is not None:
                codes.append(code)
            continue
        if unit.low in (":", "–", "—", "-", "|") and codes:
            return tuple(sorted(set(codes))), index + 1
        if unit.low not in ("and", ",", "the", "&", "(", ")", "via", "through", "'s", "of"):
            break
    return (), 0
