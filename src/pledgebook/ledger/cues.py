"""The words by which texts tell of parts, corrections and pauses, from their data file."""

from __future__ import annotations

import functools
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator

from pledgebook.errors import CatalogueError
from pledgebook.vocabulary.statement import Category

__all__ = ["Cues", "Near", "load_cues", "phrases"]

_FILE = Path(__file__).parent / "data" / "relations.toml"
_NUMBER = (
    r"(?:\d[\d.,  ]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a dozen"
    r"|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf"
    r"|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze"
    r"|два|дві|три|чотири|п.ять|шість|сім|вісім|дев.ять|десять)"
)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Near(_Strict):
    """How near each other, in characters, things of one text stand; the data file says which."""

    listed_after: int = Field(ge=0)
    listed_before: int = Field(ge=0)
    paid: int = Field(ge=0)
    under_part: int = Field(ge=0)
    sum_tolerance: float = Field(ge=0, lt=0.1)
    most_amounts: int = Field(ge=2)


class _Words(_Strict):
    part: tuple[str, ...]
    beside: tuple[str, ...]
    paid: tuple[str, ...]
    some: tuple[str, ...]
    reimbursed: tuple[str, ...]
    corrected: tuple[str, ...]
    changed: tuple[str, ...]
    closing: tuple[str, ...]
    paused: tuple[str, ...]
    withdrawn: tuple[str, ...]
    resumed: tuple[str, ...]


class _Days(_Strict):
    answer: int = Field(ge=0)
    vague_answer: int = Field(ge=0)


class _Most(_Strict):
    answers: int = Field(ge=1)
    granted: int = Field(ge=1)


class _Says(_Strict):
    inside: str
    under: str
    words: str
    sum: str
    listed: str
    after: str
    row: str
    reimbursed: str
    paid: str
    corrected: str
    changed: str
    restated: str


class Cues(_Strict):
    """All words and settings of the data file, which says what each means."""

    holds: Mapping[Category, tuple[str, ...]]
    near: Near
    words: _Words
    shares: Mapping[str, tuple[float, float]]
    days: _Days
    most: _Most
    says: _Says

    @field_validator("shares")
    @classmethod
    def _are_parts(
        cls, shares: Mapping[str, tuple[float, float]]
    ) -> Mapping[str, tuple[float, float]]:
        for phrase, (low, high) in shares.items():
            if not 0 < low <= high <= 1:
                raise ValueError(f"{phrase!r} is no part of one: {low} to {high}")
        return shares

    _lists: dict[str, _Phrases] = PrivateAttr(default_factory=dict)

    def has(self, name: str, text: str) -> bool:
        """Tell whether a text has one of the words of a list, by the name of the list."""
        wanted = self._lists.get(name)
        if wanted is None:
            wanted = self._lists[name] = _Phrases(getattr(self.words, name))
        return wanted.are_in(text)

    def holds_item(self, package: Category, item: Category) -> bool:
        """Tell whether a package of one category may hold an item of another."""
        held = self.holds.get(package, ())
        return "*" in held or item.value in held

    def share(self, text: str) -> tuple[float, float] | None:
        """Return the part of a whole that a text names in words, as its least and its most."""
        wanted = self._lists.get("shares")
        if wanted is None:
            wanted = self._lists["shares"] = _Phrases(tuple(self.shares))
        if not wanted.are_in(text):
            return None
        for phrase, found in self.shares.items():
            if _pattern((phrase,)).search(text) is not None:
                return found
        return None


class _Phrases:
    """Phrases to be found in many texts: hardly any text has the letters of one."""

    def __init__(self, wanted: tuple[str, ...]) -> None:
        letters: dict[str, list[tuple[list[str], re.Pattern[str]]]] = defaultdict(list)
        for phrase in wanted:
            words = [_folded(word.removesuffix("*")) for word in phrase.split() if word != "#"]
            words.sort(key=len, reverse=True)
            letters["".join(words[:1])].append((words[1:], _pattern((phrase,))))
        self._letters = list(letters.items())

    def are_in(self, text: str) -> bool:
        """Tell whether one of the phrases stands in a text."""
        folded = _folded(text)
        for longest, possible in self._letters:
            if longest in folded:
                for others, pattern in possible:
                    if all(word in folded for word in others) and pattern.search(text):
                        return True
        return False


def _folded(text: str) -> str:
    """Return a text in which whatever letters pass for each other in a pattern are the same."""
    if text.isascii():
        return text.lower()
    # To a pattern both of the Turkish letters are an "i"; folding leaves a dot of one of them.
    return text.casefold().replace("\u0131", "i").replace("\u0307", "")


def phrases(wanted: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of phrases: "*" ends a word in any way, "#" is a number."""
    return _pattern(tuple(wanted))


@functools.cache
def _pattern(wanted: tuple[str, ...]) -> re.Pattern[str]:
    # The longest first: an alternation takes what comes first.
    ordered = sorted(wanted, key=lambda phrase: (-len(phrase), phrase))
    # The edges stand around all of them: most places in a text begin no word.
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_phrase, ordered))})(?!\w)", re.IGNORECASE)


def _phrase(phrase: str) -> str:
    words = []
    for word in phrase.split():
        if word == "#":
            words.append(_NUMBER)
        else:
            words.append(re.escape(word.removesuffix("*")) + (r"\w*" if word[-1] == "*" else ""))
    return r"[,\s]+".join(words)


@functools.cache
def load_cues(path: Path = _FILE) -> Cues:
    """Read the words. Raises CatalogueError where the file breaks its schema."""
    try:
        return Cues.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise CatalogueError(
            f"the words of relations are wrong: {error}", where=str(path), mend="Mend the file"
        ) from error
