"""How a scenario writes months, durations and figures that change over time.

A figure over time is one number, a list with one number a step, or pieces: {from, to, value}.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

__all__ = [
    "PER",
    "SOURCE",
    "Each",
    "EachOrBook",
    "EachOrBooks",
    "Figure",
    "FigureOrBook",
    "Flag",
    "Month",
    "Months",
    "Name",
    "OverTime",
    "Per",
    "Piece",
    "Positive",
    "Share",
    "Table",
    "Yearly",
    "month_name",
]

Per = Literal["day", "week", "month", "quarter", "year"]
Book = Literal["book"]
Books = Literal["book", "book requirement"]

PER = "the time that the rates of this table are for"
SOURCE = "where it was said: words, an address, ids that `why` opens"

_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-\d{2})?")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(months?|quarters?|years?)")
_LENGTHS = {"month": 1, "quarter": 3, "year": 12}
_LARGEST = 1e15


class Table(BaseModel):
    """One table of the file; a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def month_name(month: int) -> str:
    """Return "2023-03" for a count of months since the year 0."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _fault(code: str, says: str, *at: str | int) -> PydanticCustomError:
    """Return a fault in a value; `at` leads from the key to the part of it that is wrong."""
    # Braces would be taken for places to fill in.
    return PydanticCustomError(code, "{says}", {"says": says, "at": list(at)})


def _month(value: object, *at: str | int) -> int:
    if isinstance(value, dt.date):
        return value.year * 12 + value.month - 1
    found = _MONTH.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or not 1 <= int(found[2]) <= 12:
        raise _fault("month", f'{value!r} is no month: write it as "2023-03"', *at)
    return int(found[1]) * 12 + int(found[2]) - 1


def _months(value: object) -> int:
    length: float | None = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        length = float(value)
    elif isinstance(value, str) and (found := _DURATION.fullmatch(value.strip().casefold())):
        length = float(found[1]) * _LENGTHS[found[2].rstrip("s")]
    if length is None or not 0 <= length <= 12_000 or length != int(length):
        says = f'{value!r} is no duration: write whole months, as 6 or "6 months", or "1 year"'
        raise _fault("duration", says)
    return int(length)


def _number(value: object, *at: str | int) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _fault("number", f"{value!r} is no number: write one, without quotes", *at)
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise _fault(
            "number", f"{value!r} is too large to be reckoned with: write at most {_LARGEST:g}", *at
        )
    if value < 0:
        raise _fault("negative", f"{value:g} is below zero: write 0 or more", *at)
    return float(value)


@dataclass(frozen=True, slots=True)
class Piece:
    """A value from a month to a month, both included; None where the horizon begins or ends."""

    first: int | None
    last: int | None
    value: float


@dataclass(frozen=True, slots=True)
class OverTime:
    """A figure over time: exactly one of the three is given."""

    one: float | None = None
    each: tuple[float, ...] | None = None
    pieces: tuple[Piece, ...] | None = None


def _over_time(value: object) -> OverTime:
    if isinstance(value, OverTime):
        return value
    if isinstance(value, dict):
        return OverTime(pieces=(_piece(value),))
    if isinstance(value, list):
        if value and all(isinstance(one, dict) for one in value):
            return OverTime(pieces=tuple(_piece(one, at) for at, one in enumerate(value)))
        if not value:
            raise _fault("list", "the list is empty: write one number, or one a step")
        return OverTime(each=tuple(_number(one, at) for at, one in enumerate(value)))
    if isinstance(value, str):
        raise _fault("number", f"{value!r} is no figure: write a number, a list or pieces")
    return OverTime(one=_number(value))


def _piece(value: dict[str, object], *at: int) -> Piece:
    for key in value:
        if key not in ("from", "to", "value"):
            says = f"{key!r} is no key of a piece: write {{from, to, value}}"
            raise _fault("unknown-key", says, *at, key)
    if "value" not in value:
        raise _fault("missing", "the piece has no value: write {from, to, value}", *at)
    first = _month(value["from"], *at, "from") if "from" in value else None
    last = _month(value["to"], *at, "to") if "to" in value else None
    if first is not None and last is not None and last < first:
        says = f"the piece ends in {month_name(last)}, before it begins in {month_name(first)}"
        says += ": write the earlier month first"
        raise _fault("order", says, *at, "to")
    return Piece(first, last, _number(value["value"], *at, "value"))


def _yearly(value: object) -> float | dict[int, float] | tuple[float, ...]:
    if isinstance(value, dict):
        found = {}
        for key, one in value.items():
            if not re.fullmatch(r"\d{4}", str(key)):
                raise _fault("year", f"{key!r} is no year: write {{2024 = 100}}", str(key))
            found[int(key)] = _number(one, str(key))
        return found
    if isinstance(value, list | tuple):
        return tuple(_number(one, at) for at, one in enumerate(value))
    return _number(value)


_NUMBER_SCHEMA = {"type": "number", "minimum": 0}
_MONTH_SCHEMA = {"type": "string", "pattern": r"^\d{4}-\d{2}$", "examples": ["2023-03"]}
_PIECE_SCHEMA = {
    "type": "object",
    "properties": {"from": _MONTH_SCHEMA, "to": _MONTH_SCHEMA, "value": _NUMBER_SCHEMA},
    "required": ["value"],
    "additionalProperties": False,
}
_OVER_SCHEMA: dict[str, Any] = {
    "title": "over time",
    "anyOf": [
        _NUMBER_SCHEMA,
        {"type": "array", "items": _NUMBER_SCHEMA, "minItems": 1},
        {"type": "array", "items": _PIECE_SCHEMA, "minItems": 1},
        _PIECE_SCHEMA,
    ],
}
_YEARLY_SCHEMA: dict[str, Any] = {
    "title": "by year",
    "anyOf": [
        _NUMBER_SCHEMA,
        {"type": "array", "items": _NUMBER_SCHEMA, "minItems": 1},
        {"type": "object", "patternProperties": {r"^\d{4}$": _NUMBER_SCHEMA}},
    ],
}
_MONTHS_SCHEMA: dict[str, Any] = {
    "title": "months",
    "anyOf": [
        {"type": "integer", "minimum": 0},
        {"type": "string", "pattern": r"^\d+ (month|quarter|year)s?$"},
    ],
}

Month = Annotated[int, BeforeValidator(_month), WithJsonSchema({**_MONTH_SCHEMA, "title": "month"})]
"""A month of the calendar, as months since the year 0."""
Months = Annotated[int, BeforeValidator(_months), WithJsonSchema(_MONTHS_SCHEMA)]
"""A duration in whole months: 6, "6 months" or "1 year"."""
Each = Annotated[OverTime, BeforeValidator(_over_time), WithJsonSchema(_OVER_SCHEMA)]
"""A figure of at least zero over time."""
Yearly = Annotated[
    float | dict[int, float] | tuple[float, ...],
    BeforeValidator(_yearly),
    WithJsonSchema(_YEARLY_SCHEMA),
]
"""A figure by budget year: one for all, a list in turn, or {2024 = 100}."""


def _figure(value: object) -> float:
    return _number(value)


def _or_book(value: object, *words: str) -> object:
    if isinstance(value, str):
        if value in words:
            return value
        mend = " or ".join(f'"{word}"' for word in words)
        raise _fault("number", f"{value!r} is no figure: write numbers, or {mend}")
    return None


def _each_or_book(value: object) -> object:
    return _or_book(value, "book") or _over_time(value)


def _each_or_books(value: object) -> object:
    return _or_book(value, "book", "book requirement") or _over_time(value)


def _figure_or_book(value: object) -> object:
    return _or_book(value, "book") or _number(value)


def _with_words(schema: dict[str, Any], *words: str) -> WithJsonSchema:
    return WithJsonSchema({"title": schema["title"], "anyOf": [schema, {"enum": [*words]}]})


_FIGURE_SCHEMA = {**_NUMBER_SCHEMA, "title": "number"}
Figure = Annotated[float, BeforeValidator(_figure), WithJsonSchema(_FIGURE_SCHEMA)]
"""A number of at least zero."""
FigureOrBook = Annotated[
    float | Book, BeforeValidator(_figure_or_book), _with_words(_FIGURE_SCHEMA, "book")
]
EachOrBook = Annotated[
    OverTime | Book, BeforeValidator(_each_or_book), _with_words(_OVER_SCHEMA, "book")
]
EachOrBooks = Annotated[
    OverTime | Books,
    BeforeValidator(_each_or_books),
    _with_words(_OVER_SCHEMA, "book", "book requirement"),
]
Name = Annotated[str, Field(min_length=1)]
Positive = Annotated[float, Field(gt=0, le=_LARGEST, allow_inf_nan=False, strict=True)]
Share = Annotated[float, Field(ge=0, le=1, strict=True)]
Flag = Annotated[bool, Field(strict=True)]
