"""What a balance shows as tables to download."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pledgebook.reporting.forecast_records import FORECAST_FIELDS, step_records
from pledgebook.reporting.names import Names
from pledgebook.web.balance.playing import beside, main_outlook, play
from pledgebook.web.balance.points import PER, figures_of, promises, resting
from pledgebook.web.balance.showing import inputs_of
from pledgebook.web.tables import Column, Table

if TYPE_CHECKING:
    from pledgebook.web.balance.desk import Ready

__all__ = ["figures_table", "matters_table", "promises_table", "scenarios_table", "steps_table"]


def _columns(names: Iterable[str]) -> tuple[Column, ...]:
    return tuple(Column(name, name.replace("_", " ").capitalize()) for name in names)


def steps_table(ready: Ready, course: str) -> Table:
    """Return the figures of a course: a row for each measure and step, with its band."""
    rows = [
        {**one, "sources": " ".join(one["sources"])} for one in step_records(play(ready, course))
    ]
    return Table("balance", _columns(FORECAST_FIELDS), rows)


def scenarios_table(ready: Ready, course: str) -> Table:
    """Return scenario beside scenario, with why one cannot be told."""
    rows = [
        {
            "scenario": one.name, "says": one.says, "runs_dry": one.dry, "between": one.span,
            "dry_by_the_end": one.by_the_end, "days_of_supply_at_the_end": one.days,
            "missing_until_the_end": one.missing, "needed_at_the_start": one.needed,
            "cannot_be_told": one.lacking,
        }
        for one in beside(ready, course)
    ]  # fmt: skip
    return Table("balance-scenarios", _columns(rows[0]), rows)


_FIGURE_FIELDS = (
    "series", "about", "first_day", "last_day", "low", "high", "unit", "per", "speaker", "told",
    "hedge", "words", "echoed_by", "statement",
)  # fmt: skip


def figures_table(ready: Ready, course: str) -> Table:
    """Return every told figure that the balance rests on, with who said it and in which words."""
    forecast = play(ready, course)
    per = PER[forecast.step]
    rows = [
        {
            "series": series.id, "about": series.about, "first_day": one.first,
            "last_day": one.last, "low": one.low, "high": one.high, "unit": series.key.unit,
            "per": per.value if series.is_rate else None, "speaker": one.speaker,
            "told": one.told, "hedge": one.hedge or None, "words": one.words,
            "echoed_by": "; ".join(one.echoes) or None, "statement": one.statement,
        }
        for series in resting(inputs_of(ready, forecast))
        for one in figures_of(series, per)
    ]  # fmt: skip
    return Table("balance-figures", _columns(_FIGURE_FIELDS), rows)


_PROMISE_FIELDS = (
    "commitment", "donors", "item", "unit", "low", "high", "due", "arrived_by_now",
    "arrived_by_the_end", "half_expected_by",
)  # fmt: skip


def promises_table(ready: Ready, course: str, names: Names) -> Table:
    """Return the open promises with the chances of their arriving, before any delay of a slider."""
    rows = [
        {
            "commitment": one.commitment, "donors": names.of(", ".join(one.donors)),
            "item": one.item, "unit": one.unit, "low": one.low, "high": one.high, "due": one.due,
            "arrived_by_now": one.arrived, "arrived_by_the_end": float(one.by[-1]),
            "half_expected_by": one.median,
        }
        for one in promises(play(ready, course))
    ]  # fmt: skip
    return Table("balance-promises", _columns(_PROMISE_FIELDS), rows)


_INFLUENCE_FIELDS = ("input", "alone", "alone_error", "with_all_else", "with_all_else_error")


def matters_table(ready: Ready, course: str) -> Table:
    """Return what moves the answer most, as shares of its variance."""
    outlook = main_outlook(play(ready, course))
    rows = [
        dict(
            zip(
                _INFLUENCE_FIELDS,
                (one.inputs, one.first, one.first_error, one.total, one.total_error),
                strict=True,
            )
        )
        for one in (outlook.influences if outlook is not None else ())
    ]
    return Table("balance-matters", _columns(_INFLUENCE_FIELDS), rows)
