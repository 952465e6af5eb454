"""The publication date that a document's own first lines, or its URL, state in full.

Strict on purpose: a wrong date shifts every "by April" and "next week" that is read later, so a
date counts only where it stands as a dateline does, with its year, and not in prose.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

EARLIEST = dt.date(1990, 1, 1)
_HEAD_CHARS = 600
_MAX_PREFIX = 70
_MAX_DATE_LINE = 130
_CLOCK = re.compile(r"(?:at\s+)?\d{1,2}[:.h]\d{2}\b")
_MARKS = frozenset(",:|(/-\u2013\u2014")
_BULLET = re.compile(r"\s*(?:[-*•▪\u2013\u2014+#>]|\d+[.)]|\(?[a-z]\))\s")
_PATH_DATE = re.compile(r"(?<!\d)(\d{4})([/-])(\d{1,2})\2(\d{1,2})(?!\d)")
_PATH_MONTH = re.compile(r"/(\d{4})/([a-z]{3,9})/(\d{1,2})(?!\d)")


def plausible(date: dt.date | None, today: dt.date | None = None) -> dt.date | None:
    """Return `date` unless it lies before 1990 or later than tomorrow."""
    if date is None or date < EARLIEST:
        return None
    today = today or dt.datetime.now(dt.UTC).date()
    return date if date <= today + dt.timedelta(days=1) else None


def iso_date(text: str) -> dt.date | None:
    """Read `2023-02-14`, with or without a time behind it; None where it is no such date."""
    match = re.fullmatch(r"\s*(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:.{0,30})?\s*", text)
    return _date(*match.groups()) if match else None


def date_in_url(url: str, today: dt.date | None = None) -> dt.date | None:
    """Return the full date in the path of a URL: /2023/02/14/, /2023-02-14, /2023/feb/14/."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    for match in _PATH_DATE.finditer(path):
        found = plausible(_date(match[1], match[3], match[4]), today)
        if found:
            return found
    named = _PATH_MONTH.search(path.lower())
    month = _words().months.get(named[2]) if named else None
    if named is None or month is None:
        return None
    return plausible(_date(named[1], month, named[3]), today)


def dateline(text: str, today: dt.date | None = None) -> dt.date | None:
    """Return the date of the dateline or date line in the first 600 characters of `text`.

    Where the lines state several different dates the one marked as published wins; without such
    a mark none does.
    """
    bare: set[dt.date] = set()
    later: list[dt.date] = []
    start = 0
    while start < min(len(text), _HEAD_CHARS):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start : min(end, start + 400)]
        start = end + 1
        found = _on_line(line)
        if found is None:
            continue
        date = plausible(found[1], today)
        if date is None:
            continue
        if found[0] == "first":
            return date
        if found[0] == "later":
            later.append(date)
        else:
            bare.add(date)
    if len(bare) == 1:
        return bare.pop()
    return later[0] if later and not bare else None


@dataclass(frozen=True, slots=True)
class _Words:
    months: dict[str, int]
    weekdays: frozenset[str]
    first: frozenset[str]
    later: frozenset[str]
    prose: frozenset[str]
    minor: frozenset[str]
    date: re.Pattern[str]


@cache
def _words() -> _Words:
    source = files("pledgebook.documents").joinpath("data/datelines.toml")
    data = tomllib.loads(source.read_text(encoding="utf-8"))
    months = {name: int(number) for number, names in data["months"].items() for name in names}
    words = {key: frozenset(values) for key, values in data["words"].items()}
    month = "|".join(re.escape(name) for name in sorted(months, key=len, reverse=True))
    pattern = re.compile(
        rf"""(?<![\w/.\u2013-])(?:
            (?P<y1>\d{{4}})-(?P<m1>\d{{2}})-(?P<d1>\d{{2}})
          | (?P<d2>\d{{1,2}})(?:st|nd|rd|th|\.|er|º)?\s+(?:of\s+|de\s+)?(?P<m2>{month})\.?,?
            \s+(?:de\s+)?(?P<y2>\d{{4}})
          | (?P<m3>{month})\.?\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>\d{{4}})
          | (?P<d4>\d{{1,2}})\.\s?(?P<m4>\d{{1,2}})\.\s?(?P<y4>\d{{4}})
          | (?P<a5>\d{{1,2}})/(?P<b5>\d{{1,2}})/(?P<y5>\d{{4}})
          | (?P<y6>\d{{4}})年\s?(?P<m6>\d{{1,2}})月\s?(?P<d6>\d{{1,2}})日
        )(?![\d/])""",
        re.IGNORECASE | re.VERBOSE,
    )
    return _Words(
        months=months,
        weekdays=words["weekdays"],
        first=words["first"],
        later=words["later"],
        prose=words["prose"],
        minor=words["minor"],
        date=pattern,
    )


def _on_line(line: str) -> tuple[str, dt.date] | None:
    match = _words().date.search(line)
    date = _of_match(match) if match else None
    if match is None or date is None:
        return None
    label = _label(line[: match.start()])
    if label is None and len(line) <= _MAX_DATE_LINE and line[match.start() - 1] == "(":
        return ("place", date) if line[match.end() :].rstrip() == ")" else None
    if label is None or not _closes(label, line, match.end()):
        return None
    return label, date


def _of_match(match: re.Match[str]) -> dt.date | None:
    part = {key: value for key, value in match.groupdict().items() if value is not None}
    if "a5" in part:
        first, second = int(part["a5"]), int(part["b5"])
        if first > 12 >= second:
            return _date(part["y5"], second, first)
        # 02/03/2023 is February in one country and March in another.
        same = first == second
        return _date(part["y5"], first, second) if second > 12 >= first or same else None
    year, month, day = (part[key] for letter in "ymd" for key in part if key[0] == letter)
    return _date(year, _words().months.get(month.lower(), month), day)


def _label(prefix: str) -> str | None:
    """Say what stands before the date: "first", "later", "place", "bare", or None for prose."""
    words = _words()
    text = prefix.strip(" \t*_|\u00a0([")
    plain = text.casefold().rstrip(" :.,-\u2013\u2014")
    weekday = plain.rsplit(" ", 1)[-1]
    if weekday in words.weekdays:
        text = text[: len(plain) - len(weekday)].rstrip(" .(")
        plain = text.casefold().rstrip(" :.,-\u2013\u2014")
    if not plain:
        return "bare" if not _BULLET.match(prefix) else None
    for label in ("first", "later"):
        named = words.first if label == "first" else words.later
        if plain in named or any(plain.endswith((f"({n}", f"| {n}", f"- {n}")) for n in named):
            return label
    return "place" if _is_place(text, prefix) else None


def _is_place(text: str, prefix: str) -> bool:
    words = _words()
    if len(text) > _MAX_PREFIX or _BULLET.match(prefix) or any(c.isdigit() for c in text):
        return False
    tokens = re.findall(r"[^\W\d_]+", text)
    if not tokens or tokens[0].casefold() in words.prose:
        return False
    # "Paris, le 14" and "Berlin, den 14": the mark stands before a small word.
    before, _, last = prefix.rstrip().rpartition(" ")
    mark = (before.rstrip() if last in words.minor else prefix.rstrip())[-1:]
    if mark not in _MARKS and not text.endswith(",") and not text.isupper():
        return False
    return all(not token[0].islower() or token in words.minor for token in tokens)


def _closes(label: str, line: str, end: int) -> bool:
    """Whether what follows the date is the end of a dateline and not the rest of a sentence."""
    rest = line[end:].strip(" \t*_\u00a0")
    if not rest or (label in {"first", "later"} and len(line) <= _MAX_DATE_LINE):
        return True
    if _CLOCK.match(rest) and len(line) <= _MAX_DATE_LINE:
        return True
    if label == "bare" and rest[0] in ",;":
        return len(line) <= 60
    return rest[0] in "-\u2013\u2014.:|(),;/[]"


def _date(year: str | int, month: str | int, day: str | int) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
