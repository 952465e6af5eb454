"""To whom a sentence attributes what it says."""

from __future__ import annotations

from collections.abc import Sequence

from pledgebook.reading.languages.clauses import Clause
from pledgebook.reading.languages.mentions import Mark, Marked, PartyName

__all__ = ["speaker_of"]


def speaker_of(marked: Marked, first: int, clauses: Sequence[Clause]) -> str | None:
    """Return the person or body that a sentence names as saying it, as written."""
    for clause in clauses:
        says = any(a.family == "say" for a in clause.actions)
        tells = says or any(
            a.family == "promise" and a.form not in ("adj", "noun") for a in clause.actions
        )
        if not tells:
            continue
        named = [
            m for m in marked.within(clause.first, clause.last)
            if m.kind == "party" and isinstance(m.value, PartyName)
        ]  # fmt: skip
        persons = [m for m in named if isinstance(m.value, PartyName) and m.value.role == "person"]
        bodies = [m for m in named if isinstance(m.value, PartyName) and m.value.role == "metonym"]
        for mark in (*persons, *(bodies if says else ())):
            return _written(marked, mark, first)
    return None


def _written(marked: Marked, mark: Mark, first: int) -> str:
    """Return a name with the given names before it."""
    begin = mark.first
    if isinstance(mark.value, PartyName) and mark.value.role == "person":
        while begin > first:
            token = marked.tokens[begin - 1]
            names = {name for _, name in marked.cues.get(begin - 1, ())}
            if token.kind != "word" or not token.capital or "apposition" in names:
                break
            if any(m.first < begin <= m.last for m in marked.within(begin - 4, begin)):
                break
            begin -= 1
    return marked.text[marked.tokens[begin].start : marked.tokens[mark.last - 1].end]
