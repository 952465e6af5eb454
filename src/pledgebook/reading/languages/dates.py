"""Dates and periods in a text of another language, resolved against the document's date."""

from __future__ import annotations

import datetime as dt
from functools import cache

from pledgebook.reading.languages.time_words import Found, TimeWord, TimeWords
from pledgebook.reading.languages.tokens import Token
from pledgebook.reading.quantities import calendar_math as calendar
from pledgebook.reading.quantities.calendar_math import Direction, Period
from pledgebook.reading.quantities.date_context import DateKind
from pledgebook.reading.quantities.dates import DateMention

__all__ = ["Calendar", "calendar_of"]

_YEARS = range(1990, 2060)


class Calendar(TimeWords):
    """The dates of one language."""

    def mentions(
        self, tokens: list[Token], anchor: dt.date | None, counts: dict[int, tuple[int, float]]
    ) -> tuple[list[DateMention], set[int]]:
        """Return the dates in order, and the indexes of the tokens that they take.

        `counts` are the numbers of the text by the index of their first token: (behind, value).
        Without `anchor` only dates that name their year are found.
        """
        found: list[DateMention] = []
        taken: set[int] = set()
        index = 0
        while index < len(tokens):
            one = self._at(tokens, index, anchor, counts)
            if one is None:
                index += 1
                continue
            relation = self.relation(tokens, one.first)
            period, kind = one.period, one.kind
            if relation == "since" and anchor and period.last < anchor and kind != "day":
                precision = "year" if kind == "year" else "month"
                period = Period(period.first, anchor, precision)  # type: ignore[arg-type]
                kind = "span"
            found.append(
                DateMention(
                    tokens[one.first].start,
                    tokens[one.last - 1].end,
                    period.written(),
                    relation,
                    calendar.side_of(period, anchor),
                    kind,
                )
            )
            taken.update(range(one.first, one.last))
            index = one.last
        return found, taken

    def _at(
        self,
        tokens: list[Token],
        index: int,
        anchor: dt.date | None,
        counts: dict[int, tuple[int, float]],
    ) -> Found | None:
        try:
            token = tokens[index]
            if token.kind == "figure":
                return self._from_figure(tokens, index, anchor)
            if token.kind == "word":
                return self._from_word(tokens, index, anchor, counts)
        except (ValueError, OverflowError):
            # 31 June, or a year beyond the calendar: no date.
            return None
        return None

    def _from_figure(self, tokens: list[Token], index: int, anchor: dt.date | None) -> Found | None:
        token = tokens[index]
        dotted = self._dotted(tokens, index)
        if dotted is not None:
            return dotted
        if token.low.isdigit() and 1 <= int(token.low) <= 31:
            place = index + 1
            if place < len(tokens) and tokens[place].low == ".":
                place += 1
            if place < len(tokens) and tokens[place].low in ("er", "-"):
                place += 1
            month = self.word(tokens, place, "month")
            if month is not None:
                return self._day_of(tokens, index, month, int(token.low), anchor)
        year = self.year(tokens, index)
        if year is None:
            return None
        if tokens[year[0] - 1].kind == "figure" and not self.stands_alone(tokens, index):
            return None
        return Found(index, year[0], calendar.year(year[1]), "year")

    def _dotted(self, tokens: list[Token], index: int) -> Found | None:
        """Read 14.02.2023, 14.2., 14/02/2023 and 2023-02-14."""
        parts: list[int] = []
        place = index
        marks = ""
        while place < len(tokens) and len(parts) < 3:
            token = tokens[place]
            if token.kind != "figure":
                break
            pieces = token.low.split(".")
            if not all(piece.isdigit() for piece in pieces):
                return None
            parts += map(int, pieces)
            marks += "." * (len(pieces) - 1)
            place += 1
            ahead = place < len(tokens) and tokens[place].low in "./-"
            if ahead and len(parts) < 3 and _tight(tokens, place):
                marks += tokens[place].low
                place += 1
            else:
                break
        if len(parts) != 3 or len(set(marks)) != 1:
            return None
        if marks[0] == "-":
            year, month, day = parts
        else:
            day, month, year = parts
        year += 2000 if year < 100 else 0
        if year not in _YEARS:
            return None
        return Found(index, place, calendar.day(dt.date(year, month, day)), "day")

    def _day_of(
        self,
        tokens: list[Token],
        first: int,
        month: tuple[int, TimeWord],
        day: int,
        anchor: dt.date | None,
    ) -> Found | None:
        end, word = month
        if end < len(tokens) and tokens[end].low == "." and self.year(tokens, end + 1):
            end += 1
        year = self.year(tokens, end)
        if year is not None:
            return Found(first, year[0], calendar.day(dt.date(year[1], word.value, day)), "day")
        if anchor is None:
            return None
        period = calendar.nearest_month(word.value, anchor, self.tense(tokens, first))
        return Found(first, end, calendar.day(period.first.replace(day=day)), "day")

    def _from_word(
        self,
        tokens: list[Token],
        index: int,
        anchor: dt.date | None,
        counts: dict[int, tuple[int, float]],
    ) -> Found | None:
        hits = self._words.at(tokens, index)
        if not hits:
            # "vor zwei Wochen" opens with "vor"; a spelled number may open "за три тижні".
            return None
        for end, word in hits:
            made = self._meant(tokens, index, end, word, anchor, counts)
            if made is not None:
                return made
        return None

    def _meant(
        self,
        tokens: list[Token],
        index: int,
        end: int,
        word: TimeWord,
        anchor: dt.date | None,
        counts: dict[int, tuple[int, float]],
    ) -> Found | None:
        role = word.role
        if role == "part":
            return self._part(tokens, index, end, word, anchor)
        if role == "month":
            return self._month(tokens, index, end, word, anchor, index)
        if role in ("season", "quarter", "half"):
            return self._stretch(tokens, index, end, word, anchor)
        if role == "year":
            year = self.year(tokens, end)
            return Found(index, year[0], calendar.year(year[1]), "year") if year else None
        if anchor is None:
            return None
        if role == "day":
            moved = anchor + dt.timedelta(days=word.value)
            return Found(index, end, calendar.day(moved), "day")
        if role == "whole":
            period = _unit(word.name, anchor, word.value)
            return Found(index, end, period, _kind(word.name))
        if role == "weekday":
            return self._weekday(tokens, index, end, word, anchor, 0)
        if role == "which":
            return self._which(tokens, index, end, word, anchor)
        if role in ("ago", "ahead"):
            return self._counted(tokens, index, end, word, anchor, counts)
        return None

    def _which(
        self, tokens: list[Token], index: int, end: int, word: TimeWord, anchor: dt.date
    ) -> Found | None:
        """Read "nächste Woche", "минулого року", "letzten Dienstag"."""
        unit = self.word(tokens, end, "unit")
        if unit is not None:
            name = unit[1].name
            return Found(index, unit[0], _unit(name, anchor, word.value), _kind(name))
        day = self.word(tokens, end, "weekday")
        if day is not None:
            return self._weekday(tokens, index, day[0], day[1], anchor, word.value)
        season = self.word(tokens, end, "season")
        direction: Direction = "past" if word.value < 0 else "future" if word.value > 0 else None
        if season is not None:
            period = calendar.nearest_season(self.seasons[season[1].name], anchor, direction)
            return Found(index, season[0], period, "season")
        month = self.word(tokens, end, "month")
        if month is not None:
            period = calendar.nearest_month(month[1].value, anchor, direction)
            return Found(index, month[0], period, "month")
        return None

    def _weekday(
        self, tokens: list[Token], index: int, end: int, word: TimeWord, anchor: dt.date, which: int
    ) -> Found:
        direction: Direction = "future" if which > 0 else "past" if which < 0 else None
        behind = self.word(tokens, end, "which")
        if which == 0 and behind is not None:
            direction = "future" if behind[1].value > 0 else "past"
            end = behind[0]
        if direction is None:
            direction = self.tense(tokens, index)
        return Found(
            index, end, calendar.day(calendar.weekday(word.value, anchor, direction)), "day"
        )

    def _counted(
        self,
        tokens: list[Token],
        index: int,
        end: int,
        word: TimeWord,
        anchor: dt.date,
        counts: dict[int, tuple[int, float]],
    ) -> Found | None:
        """Read "vor zwei Wochen", "il y a trois mois", "через місяць"."""
        number = counts.get(end)
        behind, value = number if number is not None else (end, 1.0)
        unit = self.word(tokens, behind, "unit")
        if unit is None or (number is None and unit[1].name == "day"):
            return None
        steps = int(value) * (-1 if word.role == "ago" else 1)
        name = unit[1].name
        if name == "day":
            moved = calendar.day(anchor + dt.timedelta(days=steps))
            return Found(index, unit[0], moved, "day")
        return Found(index, unit[0], _unit(name, anchor, steps), _kind(name))

    def _part(
        self, tokens: list[Token], index: int, end: int, word: TimeWord, anchor: dt.date | None
    ) -> Found | None:
        """Read "Ende März", "fin 2023", "на початку наступного року"."""
        month = self.word(tokens, end, "month")
        if month is None:
            link = self.word(tokens, end, "of")
            month = self.word(tokens, link[0], "month") if link else None
        if month is not None:
            return self._month(tokens, index, month[0], month[1], anchor, index)
        year = self.year(tokens, end)
        if year is not None:
            return Found(index, year[0], _piece(calendar.year(year[1]), word.name), "month")
        which = self.word(tokens, end, "which")
        if which is not None and anchor is not None:
            made = self._which(tokens, end, which[0], which[1], anchor)
            if made is not None and made.kind == "year":
                return Found(index, made.last, _piece(made.period, word.name), "month")
            if made is not None:
                return Found(index, made.last, made.period, made.kind)
        whole = self.word(tokens, end, "whole")
        if whole is not None and anchor is not None:
            period = _unit(whole[1].name, anchor, whole[1].value)
            named = whole[1].name == "year"
            return Found(index, whole[0], _piece(period, word.name) if named else period, "month")
        unit = self.word(tokens, end, "unit")
        if unit is not None and anchor is not None and unit[1].name in ("year", "month"):
            period = _unit(unit[1].name, anchor, 0)
            named = unit[1].name == "year"
            return Found(index, unit[0], _piece(period, word.name) if named else period, "month")
        return None

    def _month(
        self,
        tokens: list[Token],
        index: int,
        end: int,
        word: TimeWord,
        anchor: dt.date | None,
        first: int,
    ) -> Found | None:
        year = self.year(tokens, end)
        if year is not None:
            return Found(index, year[0], calendar.month(year[1], word.value), "month")
        if anchor is None:
            return None
        which = self.word(tokens, end, "which")
        if which is not None and self.word(tokens, which[0], "unit"):
            unit = self.word(tokens, which[0], "unit")
            if unit is not None and unit[1].name == "year":
                month = calendar.month(anchor.year + which[1].value, word.value)
                return Found(index, unit[0], month, "month")
        whole = self.word(tokens, end, "whole")
        if whole is not None and whole[1].name == "year":
            month = calendar.month(anchor.year + whole[1].value, word.value)
            return Found(index, whole[0], month, "month")
        period = calendar.nearest_month(word.value, anchor, self.tense(tokens, first))
        return Found(index, end, period, "month")

    def _stretch(
        self, tokens: list[Token], index: int, end: int, word: TimeWord, anchor: dt.date | None
    ) -> Found | None:
        """Read "Frühjahr 2024", "премше квартал", "second semestre 2023"."""
        year = self.year(tokens, end)
        behind = year[0] if year else end
        number = year[1] if year else None
        if number is None and anchor is None:
            return None
        if word.role == "season":
            bounds = self.seasons[word.name]
            if number is not None:
                return Found(index, behind, calendar.season(bounds, number), "season")
            if anchor is None:
                return None
            direction = self.tense(tokens, index)
            return Found(index, end, calendar.nearest_season(bounds, anchor, direction), "season")
        of = number if number is not None else (anchor.year if anchor else 0)
        make = calendar.quarter if word.role == "quarter" else calendar.half
        return Found(index, behind, make(word.value, of), "quarter")


def _unit(name: str, anchor: dt.date, offset: int) -> Period:
    if name == "week":
        return calendar.week(anchor, offset)
    if name == "month":
        return calendar.month(anchor.year, anchor.month + offset)
    if name == "year":
        return calendar.year(anchor.year + offset)
    if name == "yearend":
        return calendar.month(anchor.year + offset, 12)
    return calendar.day(anchor + dt.timedelta(days=offset))


def _kind(name: str) -> DateKind:
    kinds: dict[str, DateKind] = {
        "week": "span",
        "month": "month",
        "yearend": "month",
        "year": "year",
    }
    return kinds.get(name, "day")


def _piece(year: Period, part: str) -> Period:
    """Return the part of a year: its first or last month, or the middle one."""
    month = {"begin": 1, "mid": 6, "end": 12}[part]
    return calendar.month(year.first.year, month)


def _tight(tokens: list[Token], place: int) -> bool:
    """Tell whether a mark stands between two figures without blanks."""
    return (
        0 < place < len(tokens) - 1
        and tokens[place - 1].end == tokens[place].start
        and tokens[place].end == tokens[place + 1].start
        and tokens[place + 1].kind == "figure"
    )


@cache
def calendar_of(lang: str) -> Calendar:
    """Return the calendar of a language; it is made once."""
    return Calendar(lang)
