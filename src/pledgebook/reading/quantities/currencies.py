"""Currency markers in text: the signs, codes and names that make a figure an amount of money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pledgebook.reading.text.wording import GAP, alternation, table


@dataclass(frozen=True, slots=True)
class Marker:
    """A currency word or sign at `text[start:end]`.

    `leads` tells that a figure may come after it, `follows` that one may come before it. A `word`
    leads only a figure with its magnitude ("Euro 5 million").
    """

    start: int
    end: int
    currency: str | None
    leads: bool
    follows: bool
    word: bool = False


@cache
def _pattern() -> re.Pattern[str]:
    data = table("money.toml")
    wordy = [sign for sign in data["signs"] if sign[0].isalpha()]
    plain = [sign for sign in data["signs"] if not sign[0].isalpha()]
    names = alternation([*data["names"], *data["shared"]])
    codes = alternation(code.lower() for code in data["codes"]["known"])
    return re.compile(
        rf"(?P<sign>{alternation(plain)})"
        rf"|(?<![^\W\d_])(?:(?P<wordy>{alternation(wordy)})(?![^\W\d_])"
        rf"|(?P<code>{codes})(?![^\W\d_])|(?P<name>{names})(?!\w))"
    )


class Markers:
    """The currency markers of one text; `lowered` is the text folded.

    `kroner` and `dollar` are the currencies of these bare names where nothing else tells.
    """

    def __init__(self, text: str, lowered: str, kroner: str | None, dollar: str) -> None:
        self._text = text
        self._lowered = lowered
        self._kroner = kroner
        self._dollar = dollar
        self._told: dict[str, str | None] = {}

    def __iter__(self) -> Iterator[Marker]:
        for found in _pattern().finditer(self._lowered):
            marker = self._marker(found)
            if marker is not None:
                yield marker

    def at(self, place: int) -> Marker | None:
        """Return the marker that begins at `place`."""
        found = _pattern().match(self._lowered, place)
        return self._marker(found) if found else None

    def _marker(self, found: re.Match[str]) -> Marker | None:
        kind, (start, end) = found.lastgroup, found.span()
        word = " ".join(found.group().split())
        data = table("money.toml")
        if kind == "code":
            if not self._text[start:end].isupper():
                return None
            return Marker(start, end, word.upper(), leads=True, follows=True)
        if kind == "name":
            shared = data["shared"].get(word)
            if shared is not None:
                currency = self._shared(shared, start)
            else:
                currency = self._dollar if word in {"dollar", "dollars"} else data["names"][word]
            leads = word in data["words"]["leading"]
            return Marker(start, end, currency, leads=leads, follows=True, word=True)
        currency = self._dollar if word == "$" else data["signs"][word]
        return Marker(start, end, currency, leads=True, follows=True)

    def _shared(self, name: str, start: int) -> str | None:
        """Settle a name that several states share: by a word near it, the default, any word."""
        known = table("money.toml")["adjectives"][name]
        near = _adjectives(name).findall(self._lowered, max(0, start - _NEAR), start)
        if near:
            return str(known[near[-1]])
        if self._kroner is not None and name == "kroner":
            return self._kroner
        if name not in self._told:
            anywhere = {known[word] for word in _adjectives(name).findall(self._lowered)}
            self._told[name] = str(anywhere.pop()) if len(anywhere) == 1 else None
        return self._told[name]


_NEAR = 120


@cache
def _adjectives(name: str) -> re.Pattern[str]:
    words = alternation(table("money.toml")["adjectives"][name])
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


_OF = re.compile(rf"{GAP}of(?!\w)|-")


def is_weight(marker: Marker, amount: float, lowered: str) -> bool:
    """Tell pounds of weight from pounds sterling: "500 pounds of explosive", "a 500-pound bomb"."""
    word = lowered[marker.start : marker.end]
    if not word.startswith("pound"):
        return False
    hyphened = lowered[marker.start - 1 : marker.start] == "-"
    return amount < 100_000 and (hyphened or bool(_OF.match(lowered, marker.end)))
