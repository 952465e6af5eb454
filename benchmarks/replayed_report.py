"""What the replay of the stories shows: scores, what they hang on, and the worst forecasts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from replayed_cases import END, HORIZONS, TARGETS, Aim, Case
from replayed_scores import Score, log_loss, reliability, scored

__all__ = [
    "FORECASTERS",
    "MODELS",
    "PEERS",
    "SHOWN",
    "Chances",
    "Forecast",
    "Table",
    "as_json",
    "by_the_end",
    "counted",
    "markdown",
    "plain",
    "tables",
    "worst",
]

Floats = NDArray[np.float64]
Chances = Mapping[Aim, float]

MODELS = ("prior", "other parts", "other stories", "by that day", "by that day, *")
PEERS = ("constant", "age")
FORECASTERS = (*MODELS, *PEERS)
SHOWN = "other stories"
"""The forecaster whose cases are broken down: it and its peers have learned from the same."""
_SAYS = {
    "some": "A further delivery is told of",
    "all": "All of it is told to be delivered",
}
_LATE = 30
_SPANS = ((60, "60 days or less"), (240, "61 to 240 days"), (100_000, "more than 240 days"))


@dataclass(frozen=True, slots=True)
class Forecast:
    """One open commitment on one day, with the chances that each forecaster gives."""

    case: Case
    chances: Mapping[str, Chances]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of words and figures, the first column words."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """One aim of one case."""

    forecast: Forecast
    aim: Aim

    @property
    def case(self) -> Case:
        return self.forecast.case

    @property
    def came(self) -> bool:
        return self.case.came[self.aim]

    def chance(self, who: str) -> float:
        return self.forecast.chances[who][self.aim]


def _rows(forecasts: Iterable[Forecast], aim: Aim) -> list[_Row]:
    return [_Row(one, aim) for one in forecasts if aim in one.case.came]


def _column(rows: Sequence[_Row], who: str) -> Floats:
    return np.array([row.chance(who) for row in rows], dtype=float)


def _came(rows: Sequence[_Row]) -> Floats:
    return np.array([row.came for row in rows], dtype=float)


def _score(rows: Sequence[_Row], who: str) -> Score:
    peers = {name: _column(rows, name) for name in PEERS}
    return scored(_column(rows, who), _came(rows), [row.case.story.name for row in rows], peers)


def counted(forecasts: Sequence[Forecast]) -> str:
    """Say how many forecasts there are, and how many of them anything hangs on."""
    cases = [one.case for one in forecasts]
    came = [case for case in cases if case.came["some", END]]
    keys = {(case.story.name, case.key) for case in cases}
    told = {(case.story.name, case.key) for case in came}
    again = sum(END in case.again for case in cases)
    summed = sum(case.summed for case in cases if END not in case.again)
    stories = {case.story.name for case in cases}
    return (
        f"{len(cases)} open commitments on days of {len(stories)} stories, of {len(keys)} different"
        f" ones; of {len(told)} of these, in {len({name for name, _ in told})} stories, a further"
        f" delivery was told later ({len(came)} forecasts). In {again} of the {len(cases)} cases"
        f" the story speaks of the commitment again at all; in {summed} more a running total of"
        " such goods follows, which may hold it."
    )


# Tables

_HEAD = (
    "cases", "stories", "told in", "came", "chance", "Brier", "log", "rank",
    "skill over the constant", "skill over age",
)  # fmt: skip


def _line(name: str, score: Score, *, ranked: bool = True) -> tuple[str, ...]:
    return (
        name,
        str(score.cases),
        str(score.stories),
        str(score.told),
        f"{score.came:.3f}",
        f"{score.mean:.3f}",
        f"{score.brier:.4f}",
        f"{score.log:.3f}",
        f"{score.rank:.2f}" if ranked and score.rank is not None else "-",
        *(_interval(score.over[peer]) if peer != name else "-" for peer in PEERS),
    )


def _interval(found: tuple[float, float, float] | None) -> str:
    return "-" if found is None else f"{found[0]:+.2f} ({found[1]:+.2f} to {found[2]:+.2f})"


def _name(days: int) -> str:
    return "by the end of the story" if days == END else f"within {days} days"


def _scores(forecasts: Sequence[Forecast], aim: Aim) -> Table:
    rows = _rows(forecasts, aim)
    # The share of all others is lower where more came here: its order is a mirror, and no rank.
    lines = tuple(_line(who, _score(rows, who), ranked=who != "constant") for who in FORECASTERS)
    return Table(f"{_SAYS[aim[0]]} {_name(aim[1])}", ("", *_HEAD), lines)


def by_the_end(forecasts: Sequence[Forecast]) -> Iterator[Table]:
    """Yield the scores of each target by the end of the story."""
    return (_scores(forecasts, (target, END)) for target in TARGETS)


def tables(forecasts: Sequence[Forecast]) -> Iterator[Table]:
    """Yield the scores by target and horizon, those of single kinds of cases, the reliability."""
    for target in TARGETS:
        for days in (END, *HORIZONS[:-1]):
            if _rows(forecasts, (target, days)):
                yield _scores(forecasts, (target, days))
    rows = _rows(forecasts, ("some", END))
    title = f"{_SAYS['some']} {_name(END)}, by {SHOWN!r}"
    lines = tuple(_line(name, _score(own, SHOWN)) for name, own in _broken_down(rows))
    yield Table(f"{title}, broken down", ("", *_HEAD), lines)
    yield Table(
        "Reliability of the same", ("", "chances", "cases", "stories", "mean", "came"),
        tuple(line for who in MODELS for line in _bins(rows, who)),
    )  # fmt: skip


def _bins(rows: Sequence[_Row], who: str) -> Iterator[tuple[str, ...]]:
    names = [row.case.story.name for row in rows]
    for one in reliability(_column(rows, who), _came(rows), names):
        span = f"{one.low:.1f} to {one.high:.1f}"
        yield who, span, str(one.cases), str(one.stories), f"{one.mean:.3f}", f"{one.came:.3f}"


def _broken_down(rows: Sequence[_Row]) -> Iterator[tuple[str, list[_Row]]]:
    tests: list[tuple[str, Callable[[Case], str]]] = [
        ("stage", lambda case: case.stage),
        ("goods", lambda case: case.family),
        ("part", lambda case: case.story.part),
        ("told", lambda case: "a part of it before" if case.begun else "nothing of it before"),
        ("due", lambda case: "a day is named" if case.commitment.due else "no day is named"),
        ("first told", lambda case: "over 30 days late" if case.late > _LATE else "at once"),
        ("end in", lambda case: next(says for most, says in _SPANS if case.ahead <= most)),
        ("later", _later),
    ]
    for says, test in tests:
        values = [test(row.case) for row in rows]
        for value in sorted(set(values)):
            own = [row for row, one in zip(rows, values, strict=True) if one == value]
            yield f"{says}: {value}", own


def _later(case: Case) -> str:
    if END in case.again:
        return "spoken of again"
    return "a running total alone" if case.summed else "never again"


def plain(table: Table) -> str:
    """Return a table for the terminal."""
    lines = (table.head, *table.rows)
    wide = [max(len(line[at]) for line in lines) for at in range(len(table.head))]
    return "\n".join(
        [
            table.title,
            *(
                "  ".join(
                    [line[0].ljust(wide[0])]
                    + [cell.rjust(size) for cell, size in zip(line[1:], wide[1:], strict=True)]
                )
                for line in lines
            ),
        ]
    )


def markdown(table: Table) -> str:
    """Return a table for the docs."""
    rule = ("---", *("--:" for _ in table.head[1:]))
    lines = ("| " + " | ".join(line) + " |" for line in (table.head, rule, *table.rows))
    return "\n".join([f"**{table.title}**", "", *lines])


def worst(forecasts: Sequence[Forecast], number: int) -> Iterator[str]:
    """Yield the worst forecasts by the end of the story, one for each commitment."""
    rows = _rows(forecasts, ("some", END))
    loss = log_loss(_column(rows, SHOWN), _came(rows))
    seen: set[tuple[str, str]] = set()
    for at in np.argsort(-loss, kind="stable"):
        row, case = rows[at], rows[at].case
        if len(seen) == number:
            return
        if (case.story.name, case.key) in seen:
            continue
        seen.add((case.story.name, case.key))
        yield "\n  ".join([_told(row), *(" ".join(said.split()) for said in case.later)])


def _told(row: _Row) -> str:
    case = row.case
    return (
        f"{case.story.name}, {case.key}, on {case.day}: {case.stage} of {case.family},"
        f" {case.since_promise} days old, due {case.commitment.due or 'no day'}, end of the story"
        f" {case.story.last}: {row.chance(SHOWN):.3f} (constant {row.chance('constant'):.3f}, age"
        f" {row.chance('age'):.3f}), {'told' if row.came else 'not told'}"
        f"\n  {' '.join(case.words.split())!r}"
    )


def as_json(forecasts: Sequence[Forecast]) -> dict[str, Any]:
    """Return the scores and the single forecasts as plain data, without the words of any text."""
    scores = {
        f"{_SAYS[target]} {_name(days)}": {
            who: asdict(_score(_rows(forecasts, (target, days)), who)) for who in FORECASTERS
        }
        for target in TARGETS
        for days in HORIZONS
        if _rows(forecasts, (target, days))
    }
    single = [
        {
            "story": one.case.story.name,
            "day": one.case.day.isoformat(),
            "key": one.case.key,
            "stage": one.case.stage,
            "family": one.case.family,
            "aims": [
                {
                    "target": target,
                    "days": days,
                    "until": one.case.until[days].isoformat(),
                    "came": came,
                    "chances": {who: one.chances[who][target, days] for who in FORECASTERS},
                }
                for (target, days), came in one.case.came.items()
            ],
        }
        for one in forecasts
    ]
    return {"scores": scores, "forecasts": single}
