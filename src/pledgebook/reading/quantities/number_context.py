"""Whether a bare number counts anything: model names, calibres, years and pronouns do not."""

from __future__ import annotations

import re
from functools import cache

from pledgebook.reading.quantities.number_words import Core
from pledgebook.reading.text.wording import BLANK, GAP, alternation, table


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(table("numbers.toml")["words"][name])


def name_heads() -> frozenset[str]:
    """Return the words after which a figure names a thing and counts none."""
    return _words("name_heads")


@cache
def _months() -> frozenset[str]:
    months = table("dates.toml")["months"]
    return frozenset(months)


@cache
def _percent() -> re.Pattern[str]:
    names = alternation(table("numbers.toml")["words"]["per_cent"])
    return re.compile(rf"{BLANK}?%|(?:{GAP}|-)(?:{names})(?!\w)")


@cache
def _fraction() -> re.Pattern[str]:
    return re.compile(rf"(?:-|{GAP})(?:{alternation(_words('fractions'))})(?!\w)")


@cache
def _times() -> re.Pattern[str]:
    return re.compile(rf"{GAP}times(?!\w)")


_NEXT = re.compile(rf"{GAP}([^\W_][^\s,;:!?()]*)")
_PREVIOUS = re.compile(r"(\S+)\s{0,3}\Z")
_HYPHENED = re.compile(r"[-\u2010\u2011]([^\W\d_]+)")
_TAIL = re.compile(r"/\d|[°'\u2032\u2033]")
_EDGES = ".,;:()[]\"“”\u2018\u2019'"


def is_percent(lowered: str, end: int) -> int:
    """Return the end of the percent sign or words that follow a number, or 0."""
    found = _percent().match(lowered, end)
    return found.end() if found else 0


def is_times(lowered: str, end: int) -> bool:
    """Tell whether a number is a factor: "three times"."""
    return bool(_times().match(lowered, end))


def counts(core: Core, text: str, lowered: str) -> bool:
    """Tell whether a bare number is a quantity, a percentage, a rank or a multiple."""
    start, end = core.start, core.end
    previous = _previous(lowered, start)
    following = _following(lowered, end)
    if core.kind in {"ordinal", "multiple"}:
        return core.kind == "multiple" or not _is_fraction_word(previous, following)
    if is_percent(lowered, end):
        return True
    if _fraction().match(lowered, end) and core.high < 100:
        return False
    if following in _words("measures") or following.rstrip(".") in _words("measures"):
        return False
    if hyphened := _HYPHENED.match(lowered, end):
        return hyphened[1] in _words("counted_after_hyphen")
    if core.digits:
        return not _is_label(core, text, lowered, previous, following)
    if lowered[start:end] == "one":
        return previous not in _words("pronoun_before") and following not in _words("pronoun_after")
    return True


def _previous(lowered: str, start: int) -> str:
    found = _PREVIOUS.search(lowered, max(0, start - 24), start)
    return found[1] if found else ""


def _following(lowered: str, end: int) -> str:
    found = _NEXT.match(lowered, end)
    return found[1] if found else ""


def _is_fraction_word(previous: str, following: str) -> bool:
    """Tell "a third of" apart from the third package."""
    return following == "of" and previous in {"a", "one", "about", "nearly", "almost", "roughly"}


def _is_label(core: Core, text: str, lowered: str, previous: str, following: str) -> bool:
    start, end = core.start, core.end
    head = previous.lstrip(_EDGES)
    if head in _words("name_heads"):
        return True
    if core.low <= 31 and (head in _months() or following.strip(_EDGES) in _months()):
        return True
    if _TAIL.match(lowered, end) or _is_marker(lowered, start, end):
        return True
    bare = text[start:end]
    if len(bare) == 4 and bare.isdigit() and 1900 <= core.low <= 2100:
        return is_bare_year(int(core.low), previous, following)
    if len(bare) > 1 and bare[0] == "0" and bare[1] != ".":
        return True
    return _is_age(core, text, previous)


_MARK = re.compile(r"[.)](?=\s|\Z)")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d")


def _is_marker(lowered: str, start: int, end: int) -> bool:
    """Tell whether it marks a list entry, a subsection or a time: "3) ", "506(a)(1)", "17.10 "."""
    before = lowered[max(0, start - 2) : start]
    if before[-1:] == "-" and lowered[end : end + 1] == "-":
        return True
    if before[-1:] == "(" and (before[:-1].isalnum() or before[:-1] == ")"):
        return lowered[end : end + 1] == ")"
    line = lowered.rfind("\n", max(0, start - 12), start) + 1 or max(0, start - 12)
    if (line > 0 and lowered[line - 1] != "\n") or lowered[line:start].strip(" \t-*•("):
        return False
    return bool(_MARK.match(lowered, end) or _CLOCK.fullmatch(lowered, start, end))


def is_bare_year(value: int, previous: str, following: str) -> bool:
    """Tell a year from a count written without a comma: "in 2000", "2000 rounds"."""
    if value % 50 or previous.strip(_EDGES) in _words("year_before"):
        return True
    return not following[:1].isalpha()


def _is_age(core: Core, text: str, previous: str) -> bool:
    """Tell whether it is an age in apposition: "Anand, 55, said"."""
    return (
        16 <= core.low < 100
        and previous.endswith(",")
        and text[core.end : core.end + 1] == ","
        and text[max(0, core.start - 24) : core.start].rstrip(" ,").rpartition(" ")[2][:1].isupper()
    )
