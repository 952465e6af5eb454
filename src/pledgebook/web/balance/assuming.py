"""Read what a balance is asked for: its request to the forecasts, or what is wrong with a field."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from pledgebook.errors import UsageError
from pledgebook.web.balance.asked import Question

if TYPE_CHECKING:
    from pledgebook.forecasting.assumptions import Assumptions
    from pledgebook.forecasting.request import Request

__all__ = ["Read", "assumptions_of", "read", "to_toml", "year_on"]

T = TypeVar("T")

_LONGEST_NAME = 200


@dataclass(slots=True)
class Read:
    """A question that was read: its request, or the faults by field where it has any.

    `course` is the name of the scenario, bent as the sliders say.
    """

    request: Request | None = None
    course: str = "steady"
    faults: dict[str, str] = field(default_factory=dict)


def read(question: Question, today: dt.date) -> Read:
    """Read a question, with all faults of its fields. `today` is the day of the ledger."""
    from pledgebook.forecasting.request import Request, to_end
    from pledgebook.forecasting.scenarios import bent, known_scenarios, scenario_named

    found = Read()
    taken = _Taker(found.faults)
    until = taken("until", lambda: to_end(question.until) if question.until else year_on(today))
    course = taken("course", lambda: scenario_named(question.course))
    times = taken("times", lambda: _number(question.times, "times"))
    late = taken("late", lambda: int(_number(question.late, "days")))
    for name in ("item", "recipient"):
        if not getattr(question, name):
            found.faults[name] = f"Name the {name}."
    assume = assumptions_of(question, found.faults)
    if course is not None and times is not None and late is not None:
        bending = taken("times", lambda: bent(course, use=times, late=late))
        found.course = bending.name if bending is not None else course.name
    if found.faults or until is None:
        return found
    # All that stand side by side are prepared together.
    named = (found.course, *(one.name for one in known_scenarios()))
    found.request = taken(
        "until",
        lambda: Request(
            item=question.item,
            recipient=question.recipient,
            as_of=today,
            until=until,
            step=question.step,  # type: ignore[arg-type]
            scenarios=named,
            assume=assume,
        ),
    )
    return found


def assumptions_of(question: Question, faults: dict[str, str]) -> Assumptions:
    """Return what is assumed; faults of fields are added to `faults` by the field's name."""
    from pledgebook.forecasting.assumptions import (
        Assumptions,
        Losses,
        parse_assumptions,
        parse_range,
        parse_rate,
    )

    taken = _Taker(faults)
    told = taken.told("more", question.more, lambda: parse_assumptions(question.more))

    def share() -> float:
        return _between(_number(question.share.rstrip(" %"), "per cent"), 0, 100) / 100

    def losses() -> Losses:
        low, _, high = question.losses.rstrip(" %").replace("–", "-").partition("-")
        ends = [_between(_number(one, "per cent"), 0, 100) / 100 for one in (low, high or low)]
        if ends[0] > ends[1]:
            raise UsageError(f"{question.losses!r} is upside down", mend="Write 0-2")
        return Losses(low=ends[0], high=ends[1])

    given: dict[str, Any] = {
        "stock": taken.told("stock", question.stock, lambda: parse_range(question.stock)),
        "use": taken.told("use", question.use, lambda: parse_rate(question.use)),
        "share_of_output": taken.told("share", question.share, share),
        "losses": taken.told("losses", question.losses, losses),
        "reserve": taken.told("reserve", question.reserve, lambda: _number(question.reserve, "")),
        "shelf_life_days": taken.told(
            "life", question.life, lambda: int(_between(_number(question.life, "days"), 1, 36_500))
        ),
    }
    if question.givers:
        given["givers"] = tuple(one.strip() for one in question.givers.split(",") if one.strip())
    assume = (told or Assumptions()).with_options(**given)
    for party in {*assume.givers, *(one.party for one in assume.shelf)}:
        if len(party) > _LONGEST_NAME:
            faults.setdefault("givers", "The name of a party is too long.")
    return assume


def year_on(day: dt.date) -> dt.date:
    """Return the last day of the month a year after a day: the horizon where none is named."""
    after = dt.date(day.year + 1 + (day.month == 12), day.month % 12 + 1, 1)
    return after - dt.timedelta(days=1)


def to_toml(assume: Assumptions) -> str:
    """Return assumptions as a TOML file, by which `pledgebook forecast --assume` takes them."""
    told = assume.model_dump(exclude_defaults=True)
    lines = [f"{name} = {_value(one)}" for name, one in told.items() if not _is_table(one)]
    for name, one in told.items():
        if isinstance(one, Mapping):
            lines += ["", f"[{name}]", *_pairs(one)]
        elif _is_table(one):
            for each in one:
                lines += ["", f"[[{name}]]", *_pairs(each)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _is_table(one: object) -> bool:
    return isinstance(one, Mapping) or (
        isinstance(one, tuple) and bool(one) and isinstance(one[0], Mapping)
    )


def _pairs(held: Mapping[str, object]) -> Iterator[str]:
    for name, one in held.items():
        if one is not None:
            yield f"{name} = {_value(one)}"


def _value(one: object) -> str:
    """Return a value as TOML writes it; its strings escape what those of JSON do, and DEL."""
    if isinstance(one, Mapping):
        return f"{{ {', '.join(_pairs(one))} }}"
    if isinstance(one, tuple):
        return f"[{', '.join(map(_value, one))}]"
    if isinstance(one, dt.date):
        return one.isoformat()
    return json.dumps(one, ensure_ascii=False).replace("\x7f", "\\u007f")


class _Taker:
    """Takes what a field says, or notes what is wrong with it."""

    def __init__(self, faults: dict[str, str]) -> None:
        self._faults = faults

    def __call__(self, name: str, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except UsageError as error:
            mend = f" {error.mend.rstrip('.')}." if error.mend else ""
            what = error.what[:1].upper() + error.what[1:]
            self._faults.setdefault(name, f"{what.rstrip('.')}.{mend}")
            return None

    def told(self, name: str, text: str, make: Callable[[], T]) -> T | None:
        """Take a field where anything stands in it."""
        return self(name, make) if text else None


def _number(text: str, unit: str) -> float:
    try:
        found = float(text.replace(",", "").replace(" ", ""))
    except ValueError as error:
        raise UsageError(f"{text!r} is no number", mend=f"Write a number of {unit}") from error
    if not 0 <= found < float("inf"):
        raise UsageError(f"{text!r} is no number of {unit}", mend="Give 0 or more")
    return found


def _between(value: float, low: float, high: float) -> float:
    if not low <= value <= high:
        raise UsageError(
            f"{value:g} lies outside what can be", mend=f"Give from {low:g} to {high:g}"
        )
    return value
