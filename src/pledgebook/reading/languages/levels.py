"""Levels that a clause gives by a rate or by a verb of reaching: "20.000 im Monat", "auf 300"."""

from __future__ import annotations

from pledgebook.reading.languages.anchors import AID, Anchor
from pledgebook.reading.languages.clauses import Clause
from pledgebook.reading.languages.deciding import Verdict
from pledgebook.reading.languages.frames import Frame
from pledgebook.reading.languages.mentions import Marked

__all__ = ["is_rate", "level_of"]

_LEVELS = frozenset({"production", "expenditure", "stock"})
_AHEAD = frozenset({"plan", "maybe"})
_OTHERWISE = frozenset({"battle", "none", "ask", "refuse", "promise", "train"})


def is_rate(marked: Marked, clause: Clause) -> bool:
    """Tell whether a clause names a period of a rate ("pro Tag", "щомісяця")."""
    names = ("per-day", "per-week", "per-month", "per-year")
    return marked.has_cue(clause.first, clause.last, *names)


def level_of(
    marked: Marked, clause: Clause, anchor: Anchor, before: Frame | None
) -> Verdict | None:
    """Return what a clause says that has no action of its own but a rate, or a verb of reaching.

    A number goes on with the output, use or holdings `before`; a rate alone is one of output.
    """
    families = {action.family for action in clause.actions}
    if families & _OTHERWISE:
        return None
    if "level" in families and (anchor.money is not None or anchor.category in AID):
        return Verdict("pledge", "firm", "new")
    rate = is_rate(marked, clause)
    if anchor.number is None or anchor.money is not None or anchor.category == "person":
        return None
    if not rate and "level" not in families:
        return None
    kind = before.kind if before is not None and before.kind in _LEVELS else ""
    if not kind and rate and anchor.category not in AID:
        kind = "production"
    if not kind:
        return None
    ahead = bool(families & _AHEAD) or any(a.form in ("fut", "inf") for a in clause.actions)
    ahead = ahead or marked.has_cue(clause.first, clause.last, "future")
    status = "tentative" if ahead and kind == "production" else "firm"
    return Verdict(kind, status, "new")
