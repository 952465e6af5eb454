"""What a forecast is asked for, and its id: a line of text that holds the whole question.

A forecast is a pure function of a book and a request, so its id is the request itself. It opens on
any machine that has the book: "forecast:155mm/UKR?until=2024-12#stock@2023-06".
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any, get_args
from urllib.parse import parse_qsl, quote, unquote, urlencode

from pydantic import ValidationError

from pledgebook.errors import UsageError
from pledgebook.forecasting.assumptions import Assumptions, Range, Rate, parse_range, parse_rate
from pledgebook.forecasting.forecast import Measure, StepName
from pledgebook.forecasting.scenarios import scenarios_named
from pledgebook.vocabulary.period import bounds

__all__ = ["DRAWS", "PREFIX", "Place", "Request", "is_forecast_id", "parse_id", "to_end"]

PREFIX = "forecast:"
DRAWS = 10_000
_MOST_DRAWS = 10_000_000
_MOST_STEPS = 1_300
_STEPS: tuple[StepName, ...] = get_args(StepName)
_SIMPLE = ("stock", "use", "share_of_output")
_ID_MEND = "Copy it from a forecast: forecast:ITEM/RECIPIENT?until=DAY#MEASURE@DAY"


@dataclass(frozen=True, slots=True)
class Request:
    """The question: which item, for whom, from which day until when, under which courses.

    `until` is the last day. `recipient` and `item` are names or codes; `draws` and `seed` make the
    same answer again.
    """

    item: str
    recipient: str
    as_of: dt.date
    until: dt.date
    step: StepName = "month"
    scenarios: tuple[str, ...] = ("steady",)
    assume: Assumptions = field(default_factory=Assumptions)
    draws: int = DRAWS
    seed: int = 1

    def __post_init__(self) -> None:
        if self.step not in _STEPS:
            raise UsageError(f"{self.step!r} is no step", mend=f"One of: {', '.join(_STEPS)}")
        if self.until <= self.as_of:
            raise UsageError(
                f"the horizon ends on {self.until}, before it begins on {self.as_of}",
                mend="Give a later --until, or an earlier --as-of",
            )
        if not 100 <= self.draws <= _MOST_DRAWS:
            raise UsageError(
                f"{self.draws:,} draws cannot be made",
                mend=f"Give from 100 to {_MOST_DRAWS:,}; {DRAWS:,} will do",
            )
        if len(step_days(self.as_of, self.until, self.step)) - 1 > _MOST_STEPS:
            raise UsageError(
                f"until {self.until} there are more than {_MOST_STEPS:,} {self.step}s",
                mend="Give an earlier --until, or --step month",
            )
        scenarios_named(self.scenarios)

    @property
    def days(self) -> tuple[dt.date, ...]:
        """The first days of the steps, and the day after the last."""
        return step_days(self.as_of, self.until, self.step)

    @property
    def id(self) -> str:
        """The request as one line of text."""
        asked: dict[str, str] = {
            "until": self.until.isoformat(),
            "as_of": self.as_of.isoformat(),
        }
        standard = {one.name: one.default for one in dataclasses.fields(self)}
        if self.step != standard["step"]:
            asked["step"] = self.step
        if self.scenarios != standard["scenarios"]:
            asked["scenario"] = ",".join(self.scenarios)
        for name in ("draws", "seed"):
            if getattr(self, name) != standard[name]:
                asked[name] = str(getattr(self, name))
        asked |= _assumed(self.assume)
        names = f"{quote(self.item, safe='')}/{quote(self.recipient, safe='')}"
        return f"{PREFIX}{names}?{urlencode(asked, safe=',:/')}"


@dataclass(frozen=True, slots=True)
class Place:
    """One point of a forecast: a measure, on a day, under a scenario; None where all are meant."""

    measure: Measure | None = None
    day: dt.date | None = None
    scenario: str | None = None


def step_days(first: dt.date, last: dt.date, step: StepName) -> tuple[dt.date, ...]:
    """Return the first days of the steps from a day on that cover the last day, and the end.

    The first step begins on the day itself; months begin on the same day of the month, or on its
    last day where it is shorter.
    """
    days = [first]
    while days[-1] <= last:
        days.append(_later(first, len(days), step))
    return tuple(days)


def _later(first: dt.date, number: int, step: StepName) -> dt.date:
    if step == "week":
        return first + dt.timedelta(weeks=number)
    months = first.year * 12 + first.month - 1 + number
    year, month = divmod(months, 12)
    ends = bounds(f"{year:04d}-{month + 1:02d}")[1]
    return ends.replace(day=min(first.day, ends.day))


def to_end(text: str | dt.date) -> dt.date:
    """Return the last day of "2024-12", "2024" or a day. Raises UsageError."""
    if isinstance(text, dt.date):
        return text
    try:
        return bounds(text.strip())[1]
    except ValueError as error:
        raise UsageError(f"{text!r} is no day", mend="Write 2024-12-31, 2024-12 or 2024") from error


def is_forecast_id(text: str) -> bool:
    """Tell whether a text is meant to be the id of a forecast."""
    return text.strip().startswith(PREFIX)


def parse_id(text: str) -> tuple[Request, Place]:
    """Read an id back into its request, and the point that it names. Raises UsageError."""
    body, _, point = text.strip().removeprefix(PREFIX).partition("#")
    names, _, query = body.partition("?")
    item, _, recipient = names.partition("/")
    asked = dict(parse_qsl(query))
    if not item or not recipient or "until" not in asked or "as_of" not in asked:
        raise UsageError(f"{text!r} is no id of a forecast", mend=_ID_MEND)
    known: dict[str, Any] = {}
    if "step" in asked:
        known["step"] = asked["step"]
    if "scenario" in asked:
        known["scenarios"] = tuple(asked["scenario"].split(","))
    try:
        known |= {name: int(asked[name]) for name in ("draws", "seed") if name in asked}
        assume = Assumptions.model_validate(json.loads(asked.get("assume", "{}")))
    except (ValueError, ValidationError) as error:
        raise UsageError(f"{text!r} is no id of a forecast", mend=_ID_MEND) from error
    request = Request(
        item=unquote(item),
        recipient=unquote(recipient),
        as_of=to_end(asked["as_of"]),
        until=to_end(asked["until"]),
        assume=assume.with_options(**_options(asked)),
        **known,
    )
    return request, _place(point)


def _options(asked: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "stock" in asked:
        found["stock"] = parse_range(asked["stock"])
    if "use" in asked:
        found["use"] = parse_rate(asked["use"])
    if "share_of_output" in asked:
        span = parse_range(asked["share_of_output"])
        found["share_of_output"] = span.low
    return found


def _assumed(assume: Assumptions) -> dict[str, str]:
    """Return what is assumed as few words: the simple ones each for itself, the rest as JSON."""
    found: dict[str, str] = {}
    if assume.stock is not None:
        found["stock"] = _span(assume.stock)
    if assume.use is not None:
        found["use"] = _span(assume.use)
    if assume.share_of_output is not None:
        found["share_of_output"] = f"{assume.share_of_output:.10g}"
    rest = assume.model_dump(mode="json", exclude_defaults=True, exclude=set(_SIMPLE))
    if rest:
        found["assume"] = json.dumps(rest, separators=(",", ":"), sort_keys=True)
    return found


def _span(span: Range) -> str:
    ends = f"{span.low:.15g}" if span.low == span.high else f"{span.low:.15g}-{span.high:.15g}"
    return f"{ends}/{span.per.value}" if isinstance(span, Rate) else ends


def _place(text: str) -> Place:
    if not text:
        return Place()
    what, _, day = text.partition("@")
    scenario, _, name = what.rpartition("/")
    wanted = unquote(name).replace("-", " ").casefold()
    measure = next((one for one in Measure if one.value == wanted), None)
    if measure is None:
        names = ", ".join(one.value.replace(" ", "-") for one in Measure)
        raise UsageError(f"{name!r} is no measure of a forecast", mend=f"One of: {names}")
    return Place(measure, bounds(day)[0] if day else None, unquote(scenario) or None)
