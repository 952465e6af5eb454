"""The words of time of a language: months, weekdays, "next", "since", and how years are written."""

from __future__ import annotations

from dataclasses import dataclass

from pledgebook.reading.languages.tables import Lexicon
from pledgebook.reading.languages.tokens import Token
from pledgebook.reading.quantities.calendar_math import Direction, Period
from pledgebook.reading.quantities.date_context import DateKind, Relation
from pledgebook.reading.text.wording import table

__all__ = ["Found", "TimeWord", "TimeWords"]

_YEARS = range(1990, 2060)


@dataclass(frozen=True, slots=True)
class TimeWord:
    """What a word says of time: `role` as in `dates.toml`, `value` its number, `name` its name."""

    role: str
    value: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A period at `tokens[first:last]`."""

    first: int
    last: int
    period: Period
    kind: DateKind


class TimeWords:
    """The words of time of one language, by its data file `dates.toml`."""

    def __init__(self, lang: str) -> None:
        data = table("dates.toml", lang)
        endings = table("language.toml", lang)["endings"]
        rows: list[tuple[str, TimeWord]] = []
        for number, words in enumerate(data["months"], 1):
            rows += [(word, TimeWord("month", number)) for word in words]
        for number, words in enumerate(data["weekdays"]):
            rows += [(word, TimeWord("weekday", number)) for word in words]
        for name, words in data["seasons"].items():
            rows += [(word, TimeWord("season", 0, name)) for word in words]
        for name, words in data["parts"].items():
            rows += [(word, TimeWord("part", 0, name)) for word in words]
        for offset, words in data["days"].items():
            rows += [(word, TimeWord("day", int(offset))) for word in words]
        for name, words in data["units"].items():
            rows += [(word, TimeWord("unit", 0, name)) for word in words]
        for name, words in data["which"].items():
            rows += [(word, TimeWord("which", {"last": -1, "this": 0, "next": 1}[name]))
                     for word in words]  # fmt: skip
        for name, words in data["whole"].items():
            unit, _, offset = name.rpartition("_")
            rows += [(word, TimeWord("whole", int(offset), unit)) for word in words]
        for name, words in data["quarters"].items():
            rows += [(word, TimeWord("quarter", int(name))) for word in words]
        for name, words in data["halves"].items():
            rows += [(word, TimeWord("half", int(name))) for word in words]
        for name in ("ago", "ahead", "of", "year"):
            rows += [(word, TimeWord(name)) for word in data[name]]
        self._words: Lexicon[TimeWord] = Lexicon(endings, rows)
        self._relations: Lexicon[str] = Lexicon(
            endings, [(word, name) for name, words in data["relations"].items() for word in words]
        )
        self.seasons: dict[str, tuple[int, int]] = {
            "spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2)
        }  # fmt: skip

    def relation(self, tokens: list[Token], first: int) -> Relation | None:
        """Return what the word before a date says of it: by, since, in, ..."""
        for begin in range(max(0, first - 3), first):
            for end, name in self._relations.at(tokens, begin):
                if end == first or (end == first - 1 and tokens[end].kind == "word"
                                    and len(tokens[end].low) < 4):  # fmt: skip
                    return name  # type: ignore[return-value]
        return None

    def word(self, tokens: list[Token], index: int, *roles: str) -> tuple[int, TimeWord] | None:
        """Return the word of time at `index` that has one of some roles, and where it ends."""
        if not 0 <= index < len(tokens):
            return None
        return next((hit for hit in self._words.at(tokens, index) if hit[1].role in roles), None)

    def year(self, tokens: list[Token], index: int) -> tuple[int, int] | None:
        """Read a year at `index`, with words such as "року" around it."""
        place = index
        link = self.word(tokens, place, "of")
        if link is not None:
            place = link[0]
        if place < len(tokens) and tokens[place].kind == "figure":
            token = tokens[place]
            if len(token.low) == 4 and token.low.isdigit() and int(token.low) in _YEARS:
                end = place + 1
                behind = self.word(tokens, end, "year")
                return (behind[0] if behind else end), int(token.low)
        return None

    def stands_alone(self, tokens: list[Token], index: int) -> bool:
        """Tell whether four digits are a year: a preposition of time before them, or brackets."""
        if index and (tokens[index - 1].low in "(,/" or self.relation(tokens, index)):
            return True
        return index + 1 < len(tokens) and tokens[index + 1].low in ")"

    def tense(self, tokens: list[Token], first: int) -> Direction:
        """Return whether the words before a date put it ahead or behind."""
        relation = self.relation(tokens, first)
        if relation in ("by", "until", "from"):
            return "future"
        return "past" if relation == "since" else None
