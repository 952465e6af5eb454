"""Numbers, currencies and dates in the cells of tables.

A cell that says nothing is None, never zero. One that cannot be read raises FigureError with the
reason, so that its reader can name the row and the column.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from pledgebook.exchange.intake import data_table

__all__ = [
    "FigureError",
    "Interval",
    "currency_of",
    "interval_of",
    "is_blank",
    "is_missing",
    "number_of",
    "period_of",
    "years_of",
]

Interval = tuple[float | None, float | None, bool]
"""Low, high, and whether it is only about right."""

_LARGEST = 1e18
# Nothing is said, or it is said that it is not known: both leave the figure unknown.
_BLANK = frozenset(
    {"", ".", "..", "-", "--", "---", "\u2013", "\u2014", "n/a", "n.a.", "na", "n.d.", "none"}
    | {"null", "nan", "not given", "no price", "no value available", "not available", "#n/a"}
)
_UNKNOWN = frozenset(
    {"undisclosed", "not disclosed", "unknown", "unspecified", "not specified", "unclear"}
    | {"classified", "secret", "tbd", "tbc", "tba", "?", "??", "x"}
    | {"several", "some", "many", "various", "multiple", "a number of"}
)
_POINT = re.compile(r"[+-]?(?:\d{1,3}(?:[, '\u2019]\d{3})+|\d+)(?:\.\d+)?")
_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:[. '\u2019]\d{3})+|\d+)(?:,\d+)?")
_EXPONENT = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d{1,2}")
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_RANGE = re.compile(r"(.*\d)\s*(?:-|\u2013|\u2014|\bto\b|\u2026|\.\.\.)\s*(\d.*)")
_LEAST = re.compile(
    r"(?:>=?|\u2265|at least|min(?:imum)?\.?|more than|over)\s*(?=\d)", re.IGNORECASE
)
_MOST = re.compile(
    r"(?:<=?|\u2264|up to|at most|max(?:imum)?\.?|less than|under)\s*(?=\d)", re.IGNORECASE
)
_ABOUT = re.compile(
    r"(?:~|\u2248|c\.|ca\.?|circa|about|approx(?:imately)?\.?|around|some|nearly|almost)\s*(?=\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEARS = re.compile(r"\(?((?:19|20)\d\d)\)?(?:\s*[-\u2013/]\s*\(?((?:19|20)\d\d)\)?)?\s*\??")
_DAY = re.compile(r"(\d{1,4})([./ -])(\d{1,2})\2(\d{1,4})(?:[T ]+\d{1,2}:.{0,30})?")
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:.{0,30})?)?")


class FigureError(ValueError):
    """A cell that is no number, currency or date; the text says why, in a few words."""


def is_blank(text: str) -> bool:
    """Tell whether a cell says nothing at all: empty, a dash, ".", "n/a"."""
    return text.strip().casefold() in _BLANK


def is_missing(text: str) -> bool:
    """Tell whether a cell gives no figure: blank, a dash, ".", "No price", "undisclosed"."""
    return text.strip().casefold() in _BLANK | _UNKNOWN


def number_of(text: str, *, decimal: str | None = None) -> float | None:
    """Return the number of a cell, None where it holds none. Raises FigureError.

    `decimal` is the mark before the fraction, "." or ",". The other one, blanks and apostrophes
    may stand between thousands. Where nobody says which it is, it is the point, and "1.000" is
    refused: it may be a thousand.
    """
    text = text.strip().replace("\u00a0", " ").replace("\u202f", " ")
    if is_missing(text):
        return None
    text = text.replace("\u2212", "-")
    if decimal is None and _AMBIGUOUS.fullmatch(text):
        raise FigureError(f"{_short(text)} may be a thousand or a fraction: say the decimal mark")
    if decimal == "," and _COMMA.fullmatch(text):
        plain = re.sub(r"[. '\u2019]", "", text).replace(",", ".")
    elif decimal != "," and _POINT.fullmatch(text):
        plain = re.sub(r"[, '\u2019]", "", text)
    elif decimal != "," and _EXPONENT.fullmatch(text):
        plain = text
    else:
        raise FigureError(f"{_short(text)} is no number")
    value = float(plain)
    if abs(value) > _LARGEST:
        raise FigureError(f"{_short(text)} is too large to be meant")
    return value


def interval_of(text: str, *, decimal: str | None = None) -> Interval | None:
    """Return low and high of a cell such as "8", "8-10", "up to 4", "~50" or "dozens".

    None where it says nothing. Raises FigureError where it is no quantity, or below zero.
    """
    text = text.strip()
    if is_missing(text):
        return None
    low: float | None
    high: float | None
    bounded, about = re.match(r"\d", text) is not None, False
    if not bounded:
        if match := _ABOUT.match(text):
            text, about = text[match.end() :], True
        if match := _LEAST.match(text):
            return _checked(number_of(text[match.end() :], decimal=decimal), None, about, text)
        if match := _MOST.match(text):
            return _checked(None, number_of(text[match.end() :], decimal=decimal), about, text)
    if text.endswith("+"):
        return _checked(number_of(text[:-1], decimal=decimal), None, about, text)
    if match := _RANGE.fullmatch(text):
        low, high = (number_of(part, decimal=decimal) for part in match.groups())
        return _checked(low, high, about, text)
    try:
        low = high = number_of(text, decimal=decimal)
    except FigureError:
        return _spoken(text)
    return _checked(low, high, about, text)


def currency_of(text: str) -> str | None:
    """Return the ISO 4217 code of a cell, None where it is blank. Raises FigureError."""
    said = text.strip()
    if is_missing(said):
        return None
    codes, names = _currencies()
    if said.upper() in codes:
        return said.upper()
    if code := names.get(said.casefold()):
        return code
    raise FigureError(f"{_short(said)} is no currency of ISO 4217")


def period_of(text: str, *, day_first: bool | None = None) -> str | None:
    """Return a day, a month, a year or a span of these as `when` is written, None where blank.

    ISO dates and years always; 14/02/2023 only where `day_first` says which number is the day, or
    where one of them cannot be a month. Raises FigureError.
    """
    said = text.strip()
    if is_missing(said):
        return None
    if "/" in said and said.count("/") == 1 and _DAY.fullmatch(said) is None:
        first, last = (period_of(part, day_first=day_first) for part in said.split("/"))
        if first and last:
            return _span(first, last)
    if _YEAR.fullmatch(said):
        return said
    if match := _ISO.fullmatch(said):
        year, month, day = match.groups()
        if day is None:
            if not 1 <= int(month) <= 12:
                raise FigureError(f"{_short(said)} is no month")
            return f"{year}-{month}"
        return _date(int(year), int(month), int(day), said).isoformat()
    if match := _DAY.fullmatch(said):
        return _numeric(match, said, day_first).isoformat()
    raise FigureError(f"{_short(said)} is no date")


def years_of(text: str) -> tuple[int, ...]:
    """Return the years of a cell that may name several: "2022; 2023", "2022-2024", "(2021)".

    They come in order, each once; a question mark or brackets behind a year are passed over.
    Raises FigureError where a part is no year.
    """
    if is_missing(text) or text.strip() == "?":
        return ()
    found: set[int] = set()
    for part in re.split(r"[;,&]|\band\b", text):
        said = part.strip()
        if not said:
            continue
        match = _YEARS.fullmatch(said)
        if match is None:
            raise FigureError(f"{_short(said)} is no year")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise FigureError(f"{_short(said)} ends before it begins")
        found.update(range(first, last + 1))
    return tuple(sorted(found))


@cache
def _currencies() -> tuple[frozenset[str], dict[str, str]]:
    table = data_table("currencies")
    return frozenset([*table["current"], *table["withdrawn"]]), dict(table["names"])


def _checked(low: float | None, high: float | None, about: bool, text: str) -> Interval | None:
    if low is None and high is None:
        return None
    if any(end is not None and end < 0 for end in (low, high)):
        raise FigureError(f"{_short(text)} is below zero")
    if low is not None and high is not None and low > high:
        raise FigureError(f"{_short(text)} ends lower than it begins")
    return low, high, about


def _spoken(text: str) -> Interval:
    """Read what is written out, as in a report: "dozens", "two", "several hundred"."""
    from pledgebook.reading.quantities.numbers import find_numbers

    found = find_numbers(text) if not any(char.isdigit() for char in text) else []
    if len(found) != 1 or (found[0].low is None and found[0].high is None):
        raise FigureError(f"{_short(text)} is no number")
    return found[0].low, found[0].high, found[0].approx


def _numeric(match: re.Match[str], said: str, day_first: bool | None) -> dt.date:
    first, middle, last = int(match[1]), int(match[3]), int(match[4])
    if len(match[1]) == 4:
        return _date(first, middle, last, said)
    if len(match[4]) != 4:
        raise FigureError(f"{_short(said)} has no year of four digits")
    if first > 12 or middle > 12:
        day_first = first > 12
    elif first == middle:
        day_first = True
    if day_first is None and match[2] == ".":
        day_first = True  # 1.2.2023 is written so only where the day comes first
    if day_first is None:
        raise FigureError(f"{_short(said)} may be two dates: say which number is the day")
    day, month = (first, middle) if day_first else (middle, first)
    return _date(last, month, day, said)


def _date(year: int, month: int, day: int, said: str) -> dt.date:
    try:
        found = dt.date(year, month, day)
    except ValueError as error:
        raise FigureError(f"{_short(said)} is no day of the calendar") from error
    if not 1900 <= found.year <= 2100:
        raise FigureError(f"{_short(said)} lies outside 1900 to 2100")
    return found


def _span(first: str, last: str) -> str:
    from pledgebook.vocabulary.period import bounds

    whole = f"{first}/{last}"
    try:
        bounds(whole)
    except ValueError as error:
        raise FigureError(f"{_short(whole)} ends before it begins") from error
    return whole


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:37]}...")
