"""Names by their shape: bodies by how they end, models by their digits, states by their codes.

Only the spans are found here; what they name is settled where the mentions are made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pledgebook.reading.text.lexicon import word_list
from pledgebook.reading.text.wording import table

# Letters and digits in one word: K600, FK-3, M992A3, L-39ZA, AN/VRC-92E, 2S44, GBU-39/B.
_MODEL = re.compile(
    r"(?=[A-Z\d])(?<![\w/.,$€£#-])(?=[\w/-]{2,20}(?![\w/-]))(?!(?i:covid|sars)|U-?\d\d\b)"
    r"(?:[A-Z]{1,3}/)?(?:[A-Z][A-Za-z]{0,8}-?\d{1,4}|\d{1,2}[A-Z]{1,2}\d{1,3})"
    r"(?:-?[A-Z]{1,3}\d?|-\d{1,3}[A-Z]?|/[A-Z])?(?![\w/%-])"
)
# The part of a model that its variants share ends with a digit: T-90 of T-90S.
_VARIANT = re.compile(r"-?[A-Z]{1,3}\d?(?:/[A-Z])?$|/[A-Z]$")
# K600 vehicles, FK-3 surface-to-air systems, K600 "Rhino" vehicles.
_TO_NOUN = re.compile(r"""['"”’]?[ ](?:["“]\w{2,12}["”] )?(?:[a-z][a-z-]{2,16} ){0,2}""")
# Howitzers D-20, rifles of type P1, carriers (M992A3).
_FROM_NOUN = re.compile(r""" (?:\(|["“]|(?:of )?(?:the )?(?:type|model|types) ["“]?)?""")


def bodies(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the spans of bodies by the words that end their names, and whether it is a firm."""
    for found in _bodies().finditer(text):
        yield found.start(), found.end(), bool(found["firm"])


@cache
def _bodies() -> re.Pattern[str]:
    firm = "|".join(map(re.escape, word_list("firm_endings")))
    body = "|".join(map(re.escape, word_list("body_endings")))
    name = r"(?:[A-Z][\w’'&.-]{1,24} ){1,4}"
    return re.compile(rf"(?<![\w-]){name}(?:(?P<firm>{firm})|(?:{body}))(?![\w-])")


def models(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of words that are written as models are."""
    for found in _MODEL.finditer(text):
        yield found.span()


def stem(model: str) -> str | None:
    """Return what a model is a variant of: T-90 for T-90S. None where nothing says so."""
    found = _VARIANT.search(model)
    if found is None or not found.start() or not model[found.start() - 1].isdigit():
        return None
    return model[: found.start()]


def is_counted(folded: str, start: int) -> bool:
    """Tell whether a number stands before a place: "eighteen", "3 more", "12 second-hand"."""
    return _number_before().search(folded, max(0, start - 40), start) is not None


@cache
def _number_before() -> re.Pattern[str]:
    numbers = table("numbers.toml")
    words = [*numbers["units"], *numbers["tens"], "dozen", "several", "all", "both"]
    return re.compile(rf"(?<![\w.-])(?:\d[\d,.]*|(?:{'|'.join(words)})[\w-]*) (?:[a-z-]+ )?$")


def state_codes(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the two-letter codes of states, with the state, where a text lists states by them.

    Four different ones must stand there, none beside a word in capitals: "IT EQUIPMENT" is none.
    """
    found = [
        (match.start(), match.end(), match.group())
        for match in _code_pattern().finditer(text)
        if not _SHOUT_BEFORE.search(text, max(0, match.start() - 24), match.start())
        and not _SHOUT_AFTER.match(text, match.end())
    ]
    if len({code for _, _, code in found}) >= _ENOUGH_CODES:
        codes = table("roles.toml")["state_codes"]
        yield from ((start, end, codes[code]) for start, end, code in found)


_ENOUGH_CODES = 4
_SHOUT_BEFORE = re.compile(r"[A-Z]{3,}[ ,]$")
_SHOUT_AFTER = re.compile(r"[ ,][A-Z]{3,}")


@cache
def _code_pattern() -> re.Pattern[str]:
    codes = "|".join(table("roles.toml")["state_codes"])
    return re.compile(rf"(?=[A-Z][A-Z](?!\w))(?<![\w'’.&/-])(?:{codes})(?![\w'’&-]|\.\w)")


def leads_to(text: str, end: int, noun: int) -> bool:
    """Tell whether a name that ends at `end` stands before the noun that starts at `noun`."""
    return end < noun <= end + 60 and _TO_NOUN.fullmatch(text, end, noun) is not None


def follows(text: str, noun_end: int, start: int) -> bool:
    """Tell whether a name that starts at `start` stands right behind a noun."""
    return (
        noun_end < start <= noun_end + 24
        and _FROM_NOUN.fullmatch(text, noun_end, start) is not None
    )


__all__ = ["bodies", "follows", "is_counted", "leads_to", "models", "state_codes", "stem"]
