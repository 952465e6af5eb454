"""Who does what in a clause: how each party that it names stands to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from pledgebook.reading.languages.mentions import Mark, Marked, PartyName
from pledgebook.reading.text.wording import table

__all__ = ["Memory", "Stand", "stands", "subjects"]

_REACH = 4
_SHARED = frozenset({"to", "oblique", "from", "by", "with"})
"""How a name may stand that one joined to it by "and" shares."""
_NOMINAL = frozenset({"name", "capital", "metonym", "person", "phrase", "people"})


@dataclass(slots=True)
class Memory:
    """What a reader keeps in mind: who gives, who gets, what was said last."""

    recipient: str | None = None
    giver: str | None = None
    """The one whom the document is mostly about, apart from the recipient."""
    last: tuple[str, ...] = ()
    """The actors of the last statement of giving."""
    publisher: str | None = None
    subject: str | None = None
    """The party that was named last as one who acts, whoever it is."""
    maker: tuple[str, ...] = ()
    """The actors of the last statement of output, use or holdings."""
    company: str | None = None
    """The company that was named last."""
    hostile: frozenset[str] = frozenset()
    topic: str = "military-aid"
    items: list[tuple[str, str | None, str | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stand:
    """A party with how it stands: subject, to, from, by, with, oblique, genitive, adjective."""

    place: int
    code: str
    how: str
    role: str
    kind: str


@cache
def _cases(lang: str) -> dict[str, tuple[str, ...]]:
    data = table("cues.toml", lang).get("cases", {})
    return {name: tuple(words) for name, words in data.items()}


@cache
def _dative(lang: str) -> frozenset[str]:
    return frozenset(word.lower() for word in table("cues.toml", lang)["they_get"])


def stands(marked: Marked, lang: str, first: int, last: int) -> list[Stand]:
    """Return the parties of a stretch of text, in order, with how each stands."""
    found: list[Stand] = []
    end = -1
    for mark in marked.within(first, last):
        if mark.kind != "party" or not isinstance(mark.value, PartyName):
            continue
        stand = _stand(marked, lang, mark, first)
        before = found[-1] if found else None
        if before is not None and before.how in _SHARED and stand.how == "subject" and (
            mark.first == end + 1 and marked.has_cue(end, mark.first, "conjunction")
        ):  # fmt: skip
            # "für die Türkei und Syrien"
            stand = replace(stand, how=before.how)
        found.append(stand)
        end = mark.last
    return found


def _stand(marked: Marked, lang: str, mark: Mark, first: int) -> Stand:
    name = mark.value
    assert isinstance(name, PartyName)
    if name.role == "adjective":
        how = _adjective(marked, mark)
        if how == "adjective":
            return Stand(mark.first, name.code, how, name.role, name.kind)
    how = _how(marked, lang, mark, name, first)
    role = "metonym" if name.role == "adjective" else name.role
    return Stand(mark.first, name.code, how, role, name.kind)


def _adjective(marked: Marked, mark: Mark) -> str:
    """Tell "die deutsche Regierung", which acts, from "deutsche Panzer", which are given."""
    for place in range(mark.last, min(mark.last + 2, len(marked.tokens))):
        if any(name == "apposition" for _, name in marked.cues.get(place, ())):
            return "metonym"
    before = mark.first - 1
    if before >= 0 and any(name == "apposition" for _, name in marked.cues.get(before, ())):
        return "metonym"
    return "adjective"


def _how(marked: Marked, lang: str, mark: Mark, name: PartyName, first: int) -> str:
    last = marked.tokens[mark.last - 1]
    if last.low in _dative(lang) or marked.tokens[mark.first].low in _dative(lang):
        return "to"
    steps = 0
    place = mark.first - 1
    while place >= first and steps < _REACH:
        names = _covering(marked, place, first)
        token = marked.tokens[place]
        if token.kind != "word" and token.low not in "\"'«»„“”-":
            break
        for how in ("said", "by", "to", "with", "from", "oblique", "genitive"):
            if how in names:
                return how
        before = marked.within(place, place + 1)
        skips = "article" in names or "apposition" in names or token.low in "\"'«»„“”-"
        if not skips and not (token.capital and name.role == "person") and not (
            before and before[0].kind == "party"
            and getattr(before[0].value, "role", "") == "adjective"
        ):  # fmt: skip
            break
        place, steps = place - 1, steps + 1
    for how, endings in _cases(lang).items():
        if last.low.endswith(endings) and name.role != "phrase" and len(last.low) > 4:
            return how
    return "subject"


def _covering(marked: Marked, place: int, first: int) -> list[str]:
    """Return the cues that end at a token, those of the longest phrase alone."""
    for begin in range(max(first, place - 3), place + 1):
        names = [name for end, name in marked.cues.get(begin, ()) if end == place + 1]
        if names:
            return names
    return []


def subjects(
    marked: Marked, found: Sequence[Stand], barred: frozenset[str], *, passive: bool
) -> tuple[str, ...]:
    """Return who acts among the parties of a clause: the subject and those joined to it."""
    open_to = [s for s in found if s.code not in barred]
    orders = (("by",), ("subject",), ("from",), ("genitive", "with"), ("adjective",))
    if not passive:
        orders = (("subject",), ("by",), ("from",), ("genitive", "with"), ("adjective",))
    for hows in orders:
        heads = [s for s in open_to if s.how in hows]
        if not heads:
            continue
        best = next((s for s in heads if s.role in _NOMINAL), heads[0])
        return _joined(marked, best, found, barred)
    return ()


def _joined(
    marked: Marked, head: Stand, found: Sequence[Stand], barred: frozenset[str]
) -> tuple[str, ...]:
    """Return a party with those that are joined to it by "und", a comma, or "gemeinsam mit"."""
    codes = [head.code]
    codes += [s.code for s in found if s.how == "with" and s.place < head.place
              and s.code != head.code and s.code not in barred]  # fmt: skip
    before = head
    for stand in found:
        if stand.place <= head.place:
            continue
        gap = range(before.place + 1, stand.place)
        joined = marked.has_cue(gap.start, gap.stop, "joint") and len(gap) <= 4
        apart = any(m.kind in ("verb", "item", "number", "money")
                    for m in marked.within(gap.start, gap.stop))  # fmt: skip
        with_it = stand.how == "with" and len(gap) <= 8 and not apart
        if (joined and not apart and stand.role != "person") or with_it:
            if stand.code not in barred and stand.code not in codes:
                codes.append(stand.code)
            before = stand
        elif not joined:
            break
    return tuple(codes)
