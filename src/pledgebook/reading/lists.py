"""Lists and sections: what a heading or list head hands down to the lines below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from pledgebook.reading.discourse import Frame, Memory
from pledgebook.reading.lexicon import cue_table, phrase_pattern
from pledgebook.reading.parties import party_at
from pledgebook.reading.units import Unit

_STAGES: dict[str, tuple[str, str]] = {
    "delivered": ("delivery", "total"),
    "planned": ("pledge", "new"),
    "requested": ("request", "new"),
    "ordered": ("contract", "new"),
    "made": ("production", "new"),
}


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


def section_frame(text: str, memory: Memory, block: int) -> Frame | None:
    """Return the frame that a heading opens, from the words in it and what is known so far."""
    stage = stage_of(text)
    if stage is None:
        return None
    kind, scope = _STAGES[stage]
    if stage == "planned" and phrase_pattern("heading_total").search(text.lower()):
        scope = "total"
    giver = memory.giver or memory.publisher
    actors: tuple[str, ...] = (giver,) if giver else memory.state_codes(giving=True)
    if kind == "request":
        actors = (memory.recipient,) if memory.recipient else actors
    return Frame(kind, "firm", scope, actors, memory.recipient, memory.speaker, None, block)


def stage_in_line(units: Sequence[Unit], frame: Frame) -> Frame:
    """Let a line say more than its head: "handed over in July", "on order", "under discussion"."""
    text = " ".join(unit.low for unit in units)
    dated = any(unit.kind == "date" for unit in units)
    if phrase_pattern("line_undone").search(text):
        frame = replace(frame, status="tentative")
    if phrase_pattern("line_refused").search(text):
        return replace(frame, kind="refusal", status="firm")
    if phrase_pattern("line_ordered").search(text):
        return replace(frame, kind="contract", scope="new")
    if frame.kind == "pledge" and phrase_pattern("line_done").search(text):
        return replace(frame, kind="delivery", scope="background" if dated else "new")
    return frame


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
