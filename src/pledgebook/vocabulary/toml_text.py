"""TOML that others wrote, to be read in bounded time: what `tomllib` would choke on is refused.

Its time for a dotted key goes with the square of its parts; it counts on the interpreter's stack
for nesting, and on its limit for digits.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

__all__ = ["BadTomlError", "loads"]

_MOST_PARTS = 30
_LONG_KEY = re.compile(
    rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{_MOST_PARTS}}}"""
)


class BadTomlError(ValueError):
    """A text that is no TOML, or none that is read; the text says why and, at its end, where."""


def loads(text: str) -> dict[str, Any]:
    """Return the tables of a text. Raises BadTomlError."""
    _refuse_long_keys(text)
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise BadTomlError("it is nested too deeply") from error
    except tomllib.TOMLDecodeError as error:
        raise BadTomlError(str(error)) from error
    except ValueError as error:
        # A number of more digits than Python reads.
        raise BadTomlError("a number of it has too many digits") from error


def _refuse_long_keys(text: str) -> None:
    found = _LONG_KEY.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        what = f"a key has more than {_MOST_PARTS} parts (at line {line}, column 1)"
        raise BadTomlError(what)
