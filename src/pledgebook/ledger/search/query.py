"""What a person typed, as what is looked for: words, "phrases", begun*, -without, field:value.

There is no wrong query. What is no field, or no value of one, is looked for as words; a quote that
is not closed, a sign alone, an asterisk in the middle count for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pledgebook.ledger.search.patterns import Pattern, Run
from pledgebook.ledger.search.words import fold

__all__ = ["FIELDS", "Condition", "Part", "Query", "parse", "words_of"]

FIELDS = frozenset(
    {"type", "donor", "recipient", "item", "category", "kind", "stage"}
    | {"speaker", "outlet", "lang", "from", "to"}
)

_CHARACTERS, _PARTS, _WORDS = 2000, 48, 32
"""How much of a query is looked at, how many parts it has, and how many words a part."""
_NAME = 4
"""So many words a name has at most that is looked for as one."""

_CLAUSE = re.compile(
    r"""(?P<sign>[-\u2212](?=\S))?
        (?:(?P<field>[A-Za-z]+):(?=\S))?
        (?:"(?P<quoted>[^"]*)"(?P<begun>\*?)|(?P<bare>\S+))""",
    re.VERBOSE,
)
_LEAST = 4
"""So many letters a word has at least whose plural, or singular, is looked for as well."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that has to be there, or (`absent`) must not be.

    `text` is it as typed, `names` the longer names that it may be a word of. Of a `phrase` and of
    what is `begun`, no other form is looked for.
    """

    text: str
    pattern: Pattern
    absent: bool = False
    phrase: bool = False
    begun: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """One field and what it has to be, or (`absent`) must not be."""

    field: str
    value: str
    absent: bool = False

    @property
    def words(self) -> Part | None:
        """It as words, where it makes no sense as a condition."""
        return words_of(f"{self.field} {self.value}", absent=self.absent)


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `blank` is a query without a character in it, which asks for all."""

    parts: tuple[Part, ...] = ()
    conditions: tuple[Condition, ...] = ()
    blank: bool = False


def parse(text: str, is_name: Callable[[str], bool] = lambda _: False) -> Query:
    """Read what was typed; every text has a meaning. `is_name` knows names of several words."""
    parts: list[Part] = []
    conditions: list[Condition] = []
    for match in _CLAUSE.finditer(text[:_CHARACTERS]):
        field, absent = (match["field"] or "").lower(), match["sign"] is not None
        quoted, bare = match["quoted"], match["bare"] or ""
        value = bare.strip('"') if quoted is None else quoted
        if field in FIELDS and value.strip():
            conditions.append(Condition(field, value.strip(), absent))
            continue
        if match["field"]:
            value = f"{match['field']} {value}"
        begun = bool(match["begun"]) if quoted is not None else bare.rstrip('"').endswith("*")
        part = words_of(value, absent=absent, phrase=quoted is not None, begun=begun)
        if part is not None:
            parts.append(part)
    kept = _named(parts[:_PARTS], is_name)
    return Query(tuple(kept), tuple(conditions[:_PARTS]), not text.strip())


def words_of(
    text: str, *, absent: bool = False, phrase: bool = False, begun: bool = False
) -> Part | None:
    """Return a text as words that stand beside each other, None where it has none."""
    words = tuple(fold(text)[:_WORDS])
    if not words:
        return None
    forms = [words] if phrase or begun else list(_forms(words))
    pattern = Pattern(tuple(Run(form, begun) for form in forms))
    return Part(text.strip("*"), pattern, absent, phrase, begun)


def _forms(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the words as they are, and with the last one in the other number."""
    yield words
    *before, last = words
    if last == "s" and before and before[-1].isdigit():
        # "F-16s"
        yield tuple(before)
        return
    if len(last) < _LEAST or not (last.isascii() and last.isalpha()):
        return
    if last.endswith("ies"):
        yield (*before, f"{last[:-3]}y")
    elif last.endswith("y") and last[-2] not in "aeiou":
        yield (*before, f"{last[:-1]}ies")
    if last.endswith("s"):
        if not last.endswith("ss"):
            yield (*before, last[:-1])
    else:
        yield (*before, f"{last}s")


def _named(parts: Sequence[Part], is_name: Callable[[str], bool]) -> list[Part]:
    """Return the parts, those that make a name together with that name."""
    found = list(parts)
    for start in range(len(found)):
        for length in range(2, _NAME + 1):
            some = found[start : start + length]
            if len(some) < length or any(one.absent or one.phrase or one.begun for one in some):
                break
            name = " ".join(one.text for one in some)
            if is_name(name):
                for at in range(start, start + length):
                    found[at] = replace(found[at], names=(*found[at].names, name))
    return found
