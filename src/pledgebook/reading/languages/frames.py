"""What a heading, the head of a list or a line of one says of what stands under or in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pledgebook.reading.languages.acting import actors_of, recipient_of
from pledgebook.reading.languages.clauses import clauses_of
from pledgebook.reading.languages.deciding import decide
from pledgebook.reading.languages.mentions import Marked
from pledgebook.reading.languages.roles import Memory, Stand, stands
from pledgebook.reading.languages.timing import when_of

__all__ = ["Frame", "frame_of_heading", "frame_of_line", "label_of"]

_STAGES = (
    ("refused", "refusal"), ("requested", "request"), ("ordered", "contract"),
    ("delivered", "delivery"), ("trained", "training"), ("held", "stock"),
    ("made", "production"), ("planned", "pledge"),
)  # fmt: skip
"""Cues of headings with the kind that they announce; the first that stands there counts."""
_OF_LINES = frozenset({"refused", "requested", "ordered", "delivered", "planned"})
_BRIEF = 6
"""Tokens of a heading that may be nothing but the name of who gives."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is handed down to lines and sentences that do not say it again."""

    kind: str
    status: str = "firm"
    scope: str = "new"
    actors: tuple[str, ...] = ()
    recipient: str | None = None
    when: str | None = None
    speaker: str | None = None


def frame_of_heading(
    marked: Marked, lang: str, memory: Memory, first: int, last: int, above: Frame | None
) -> Frame | None:
    """Return what a heading or head says of the lines below it, None where it says nothing.

    `above` is the frame of the section: a heading that only names a party names its giver anew.
    """
    found = [s for s in stands(marked, lang, first, last) if s.kind != "company"]
    verdict = None
    for clause in clauses_of(marked, first, last):
        verdict = decide(marked, clause, None, clause.first, clause.last) or verdict
    kind = _stage(marked, first, last)
    status = "firm"
    if verdict is not None:
        if not kind or (kind == "pledge" and verdict.kind in ("request", "contract")):
            kind = verdict.kind
        status = verdict.status
    if marked.has_cue(first, last, "section-tentative"):
        status, kind = "tentative", kind or "pledge"
    if not kind:
        givers = label_of(memory, found, first)
        if not givers or last - first > _BRIEF:
            return None
        return replace(above or Frame("pledge", recipient=memory.recipient), actors=givers)
    scope = "total" if kind == "delivery" else "new"
    actors = actors_of(marked, memory, kind, found, passive=True)
    recipient = recipient_of(memory, kind, found, actors)
    return Frame(kind, status, scope, actors, recipient, when_of(marked, first, last))


def _stage(marked: Marked, first: int, last: int) -> str:
    for name, kind in _STAGES:
        if marked.has_cue(first, last, f"section-{name}"):
            return kind
    return ""


def frame_of_line(marked: Marked, first: int, last: int, base: Frame | None) -> Frame:
    """Return the frame of a line: that of its head, changed by what the line says of its stage."""
    frame = base or Frame("pledge")
    for name, kind in _STAGES:
        if name not in _OF_LINES or not marked.has_cue(first, last, f"section-{name}"):
            continue
        if base is None or (kind != frame.kind and (kind != "pledge" or frame.kind == "delivery")):
            frame = replace(frame, kind=kind, scope="total" if kind == "delivery" else "new")
        break
    if marked.has_cue(first, last, "section-tentative"):
        frame = replace(frame, status="tentative")
    return frame


def label_of(memory: Memory, found: Sequence[Stand], first: int) -> tuple[str, ...]:
    """Return the parties that a line begins with: "Polen: 14 Panzer"."""
    codes: list[str] = []
    for stand in found:
        if stand.place - first > 2 + 3 * len(codes):
            break
        if stand.role != "adjective" and stand.kind != "company" and (
            stand.code != memory.recipient and stand.code not in memory.hostile
        ):  # fmt: skip
            codes.append(stand.code)
    return tuple(codes)
