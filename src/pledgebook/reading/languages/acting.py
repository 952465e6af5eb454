"""Who acts and who gets in a clause, by memory where the clause names nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pledgebook.reading.languages.deciding import GIVING
from pledgebook.reading.languages.mentions import Marked
from pledgebook.reading.languages.roles import Memory, Stand, subjects

__all__ = ["actors_of", "fallback", "recipient_of", "remember"]

_OWN = frozenset({"production", "expenditure", "stock"})
"""What a party does with what is its own: here the one who gets may act too."""
_SOURCES = frozenset({"from", "by", "genitive", "adjective", "with"})


def actors_of(
    marked: Marked,
    memory: Memory,
    kind: str,
    found: Sequence[Stand],
    earlier: Sequence[Sequence[Stand]] = (),
    *,
    passive: bool,
    family: str = "",
) -> tuple[str, ...]:
    """Return who acts: the subject of the clause, of those before it, or whom memory names.

    `found` are the parties of the clause, `earlier` those of the clauses before it, nearest first.
    """
    barred = set(memory.hostile)
    if kind in GIVING and memory.recipient:
        barred.add(memory.recipient)
    usable = _usable(kind, family, [s for s in found if s.how != "said"])
    passive = passive or family in ("receive", "arrive")
    actors = subjects(marked, usable, frozenset(barred), passive=passive)
    if not actors and kind in _OWN:
        actors = subjects(marked, usable, frozenset(), passive=passive)
    if not actors and kind in GIVING:
        # "aus Washington", "in Deutschland ausgebildet": the place acts.
        places = [
            replace(stand, how="subject")
            for stand in usable
            if stand.how == "oblique"
            and (stand.role in ("capital", "metonym") or kind == "training")
        ]
        actors = subjects(marked, places, frozenset(barred), passive=False)
    if not actors and kind == "stock":
        # "в ізраїльської армії", "dans l'armée française": where it lies, it is held.
        owners = [replace(s, how="subject") for s in usable if s.how == "oblique"]
        actors = subjects(marked, owners, frozenset(), passive=False)
    for stretch in earlier:
        if actors:
            break
        others = [s for s in stretch if s.how != "adjective"]
        if kind not in ("production", "contract"):
            others = [s for s in others if s.kind != "company"]
        actors = subjects(marked, others, frozenset(barred), passive=False)
    return tuple(sorted(set(actors or fallback(memory, kind))))


def _usable(kind: str, family: str, found: list[Stand]) -> list[Stand]:
    """Return the parties that may act in a statement of this kind."""
    if family in ("receive", "arrive"):
        source = [s for s in found if s.how in _SOURCES]
        found = source if family == "receive" or source else found
    if kind == "request":
        found = [s for s in found if s.code != "ALLIES"]
    if kind == "contract":
        found = [s for s in found if s.how != "adjective"]
    states = [s for s in found if s.kind != "company"]
    if kind == "production" or (kind == "contract" and not states):
        return found
    if kind == "stock" and not any(s.how == "subject" for s in states):
        return [s for s in found if s.kind != "company" or s.how == "subject"]
    return states


def fallback(memory: Memory, kind: str) -> tuple[str, ...]:
    """Return who acts where neither the clause nor those before it name anyone."""
    if kind == "request":
        return (memory.recipient,) if memory.recipient else ()
    if kind == "production" and memory.company:
        return (memory.company,)
    if kind in _OWN:
        if memory.maker and kind != "expenditure":
            return memory.maker
        known = memory.recipient if kind == "expenditure" else memory.subject or memory.recipient
        return (known,) if known else ()
    if memory.publisher and memory.publisher != memory.recipient:
        return (memory.publisher,)
    return memory.last or ((memory.giver,) if memory.giver else ())


def recipient_of(
    memory: Memory, kind: str, found: Sequence[Stand], actors: tuple[str, ...], family: str = ""
) -> str | None:
    """Return who gets it: whom the clause names as such, else whom the document is about."""
    if kind in _OWN:
        return None
    if family == "receive":
        getting = (s.code for s in found if s.how == "subject" and s.kind == "state")
        named = next((code for code in getting if code not in actors), None)
        if named is not None:
            return named
    for stand in found:
        if stand.how == "to" and stand.kind == "state" and (
            stand.code not in actors and stand.code not in memory.hostile
        ):  # fmt: skip
            return stand.code
    if kind == "request":
        return memory.recipient or (actors[0] if len(actors) == 1 else None)
    if kind == "contract" and not any(s.code == memory.recipient for s in found):
        return None
    return memory.recipient if memory.recipient not in actors else None


def remember(memory: Memory, found: Sequence[Stand]) -> None:
    """Keep who was named in a sentence as one who acts, and as one who may give."""
    memory.company = next((s.code for s in found if s.kind == "company"), memory.company)
    for stand in found:
        if stand.how != "subject" or stand.code in memory.hostile:
            continue
        memory.subject = stand.code
        if stand.code != memory.recipient and stand.kind != "company":
            memory.last = (stand.code,)
            break
