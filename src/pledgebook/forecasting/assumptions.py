"""What a person assumes where no report tells: in options, or in a TOML file of their own.

Every assumption is a range, low to high, which is read as the span of eight in ten; it is named
beside each figure that rests on it.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pledgebook.errors import UsageError
from pledgebook.vocabulary.statement import Per
from pledgebook.vocabulary.toml_files import TomlKind

__all__ = [
    "Assumptions",
    "Event",
    "Losses",
    "OwnWorks",
    "Range",
    "Rate",
    "Reordering",
    "Shelf",
    "assumptions_schema",
    "load_assumptions",
    "parse_assumptions",
    "parse_range",
    "parse_rate",
]

_NUMBER = r"\d+(?:[ ,_]?\d{3})*(?:\.\d+)?(?:[kKmM])?"
_RANGE = re.compile(rf"({_NUMBER})(?:\s*(?:-|–|\.\.|to)\s*({_NUMBER}))?")
_FACTORS = {"k": 1e3, "m": 1e6}
_KIND = TomlKind("the file of assumptions")

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
R = TypeVar("R", bound="Range")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Range(_Part):
    """An amount that is not known exactly: eight times in ten it lies from low to high."""

    low: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    high: Annotated[float, Field(ge=0, allow_inf_nan=False)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}")
        if self.low == 0 < self.high:
            raise ValueError("a range from zero has no middle: give a low above zero, or only 0")
        return self

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.low:,.10g}"
        return f"{self.low:,.10g} to {self.high:,.10g}"


class Rate(Range):
    """A range per day, week, month or year."""

    per: Per = Per.MONTH

    def __str__(self) -> str:
        return f"{Range.__str__(self)} a {self.per.value}"


class Losses(_Part):
    """The share of what is sent that does not arrive."""

    low: Share
    high: Share


class Event(_Part):
    """Use beside the base rate, once: of what size, between which days, over how many days."""

    name: str = Field(min_length=1)
    earliest: dt.date
    latest: dt.date
    days: Annotated[int, Field(ge=1)] = 30
    low: Positive
    high: Positive
    chance: Annotated[float, Field(gt=0, le=1)] = 1.0

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.latest < self.earliest:
            raise ValueError("latest lies before earliest")
        if self.high < self.low:
            raise ValueError("high lies below low")
        return self


class Reordering(_Part):
    """Order anew when what is held and on order falls below a level, as far as money reaches."""

    below: Positive
    up_to: Positive
    unit_cost: Annotated[float, Field(ge=0)] = 0.0
    budget_per_year: Positive | None = None
    lead_days_low: Annotated[int, Field(ge=1)]
    lead_days_high: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.up_to < self.below:
            raise ValueError("up_to lies under below: an order would never fill the shelf")
        if self.lead_days_high < self.lead_days_low:
            raise ValueError("lead_days_high lies below lead_days_low")
        return self


class Shelf(_Part):
    """A giver's shelf: what it holds, the reserve that it keeps, and what it hands over at most."""

    party: str = Field(min_length=1)
    stock: Range
    reserve: Annotated[float, Field(ge=0)] = 0.0
    hands_over: Rate
    days: Annotated[int, Field(ge=0)] = 0


class OwnWorks(_Part):
    """A production line: its rate, the rate that it is to reach and when, and who gets how much."""

    name: str = Field(min_length=1)
    rate: Rate
    to: Rate | None = None
    reached: dt.date | None = None
    idle_until: dt.date | None = None
    share: Share = 1.0
    days: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.to is None) is not (self.reached is None):
            raise ValueError("to and reached belong together: the rate, and the day it is reached")
        return self


class Assumptions(_Part):
    """All that is assumed. What is left out is taken from the reports, or stays unknown."""

    stock: Range | None = Field(default=None, description="what the recipient holds at the start")
    use: Rate | None = Field(default=None, description="what the recipient uses up")
    share_of_output: Share | None = Field(
        default=None, description="the share of the givers' told output that goes to the recipient"
    )
    givers: tuple[str, ...] = Field(
        default=(), description="whose output counts; else those who have given to the recipient"
    )
    losses: Losses | None = Field(default=None, description="lost on the way, as shares")
    reserve: Annotated[float, Field(ge=0)] = 0.0
    shelf_life_days: Annotated[int, Field(ge=1)] | None = None
    reordering: Reordering | None = None
    event: tuple[Event, ...] = ()
    shelf: tuple[Shelf, ...] = ()
    works: tuple[OwnWorks, ...] = ()

    def with_options(self, **given: Any) -> Assumptions:  # noqa: ANN401
        """Return these with those of the options that are given in place of their own."""
        return self.model_copy(
            update={name: value for name, value in given.items() if value is not None}
        )


def load_assumptions(path: Path) -> Assumptions:
    """Read assumptions from a TOML file. Raises UsageError with file, key and the mend."""
    return parse_assumptions(_KIND.load(path), str(path))


def parse_assumptions(text: str, where: str | None = None) -> Assumptions:
    """Read assumptions from TOML; `where` names where it stands. Raises UsageError as above."""
    tables = _KIND.tables(text, where or "assumptions")
    try:
        return Assumptions.model_validate(tables)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"])) or "the file"
        what = f"{key}: {first['msg'].removeprefix('Value error, ')}"
        mend = f"The keys are {', '.join(Assumptions.model_fields)}"
        raise UsageError(what, where=where, mend=mend) from error


def assumptions_schema() -> dict[str, Any]:
    """Return the JSON Schema of a file of assumptions, by which an editor can complete one."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Assumptions.model_json_schema(),
    }


def parse_range(text: str) -> Range:
    """Read "200000", "200,000-400,000" or "200k to 0.4m". Raises UsageError."""
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{text!r} is no range", mend="Write 200000, or 200000-400000")
    low = _number(found[1])
    high = _number(found[2]) if found[2] else low
    return _checked(Range, text, low=low, high=high)


def parse_rate(text: str) -> Rate:
    """Read "110000/month" or "4000-7000 a day". Raises UsageError."""
    amount, mark, per = _split_rate(text)
    if not mark or per not in set(Per):
        raise UsageError(
            f"{text!r} is no rate", mend="Write 110000/month; also /day, /week and /year"
        )
    span = parse_range(amount)
    return _checked(Rate, text, low=span.low, high=span.high, per=Per(per))


def _split_rate(text: str) -> tuple[str, str, str]:
    for mark in ("/", " per ", " a "):
        amount, found, per = text.strip().casefold().rpartition(mark)
        if found:
            return amount, found, per.strip()
    return text, "", ""


def _checked(kind: type[R], text: str, **fields: Any) -> R:  # noqa: ANN401
    try:
        return kind(**fields)
    except ValidationError as error:
        message = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise UsageError(f"{text!r}: {message}", mend="Write 200000, or 200000-400000") from error


def _number(text: str) -> float:
    factor = _FACTORS.get(text[-1].casefold(), 1.0)
    digits = text[:-1] if factor > 1 else text
    return float(re.sub(r"[ ,_]", "", digits)) * factor
