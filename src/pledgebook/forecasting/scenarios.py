"""The courses of use and giving that a forecast plays through: steady, surge, cut, continued.

Any of them can be bent: "continued+use=1.25+late=30" uses a quarter more, and all that was promised
comes 30 days later.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pledgebook.errors import UsageError

__all__ = [
    "MOST_DAYS_LATE",
    "Scenario",
    "bent",
    "known_scenarios",
    "scenario_named",
    "scenarios_named",
]

_DATA = Path(__file__).parent / "data" / "scenarios.toml"
_FACTOR = re.compile(r"surge=(\d+(?:\.\d+)?)")
_BEND = re.compile(r"use=(?P<use>\d+(?:\.\d+)?)|late=(?P<late>\d{1,5})")
_LARGEST_FACTOR = 100.0
MOST_DAYS_LATE = 3_650
"""So many days later than expected what was promised may come, at most."""


@dataclasses.dataclass(frozen=True, slots=True)
class Scenario:
    """One course: how use is changed, and whether giving continues (see the data file).

    `late` are days by which all that is promised comes later than it is expected to.
    """

    name: str
    says: str
    use: float = 1.0
    cut: bool = False
    continued: bool = False
    required: bool = False
    paced: bool = False
    late: int = 0


@cache
def _known() -> dict[str, Scenario]:
    listed = tomllib.loads(_DATA.read_text(encoding="utf-8"))["scenario"]
    return {one["name"]: Scenario(**one) for one in listed}


def known_scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios of the data file, in its order."""
    return tuple(_known().values())


def scenario_named(name: str) -> Scenario:
    """Return a scenario: one of the data file, or "surge=2.5" for a factor of one's own.

    Either may be bent, "cut+use=1.25+late=30". Raises UsageError for another name.
    """
    wanted, *bends = name.strip().casefold().split("+")
    found = _unbent(wanted)
    given: dict[str, str] = {}
    for bend in bends:
        told = _BEND.fullmatch(bend)
        kind = told.lastgroup if told is not None else None
        if told is None or kind is None or kind in given:
            raise UsageError(
                f"{bend!r} bends no scenario", mend="Write +use=1.25, +late=30, or both, each once"
            )
        given[kind] = told[kind]
    return bent(found, use=float(given.get("use", 1)), late=int(given.get("late", 0)))


def bent(scenario: Scenario, *, use: float = 1.0, late: int = 0) -> Scenario:
    """Return a scenario with `use` times its use, and promises that come `late` days later.

    Raises UsageError for a factor or a number of days that nobody can mean.
    """
    if not 0 < use <= _LARGEST_FACTOR:
        raise UsageError(f"use cannot be {use:g} times itself", mend="Give from 0.01 to 100")
    if not 0 <= late <= MOST_DAYS_LATE:
        mend = f"Give from 0 to {MOST_DAYS_LATE:,} days"
        raise UsageError(f"nothing comes {late:,} days late", mend=mend)
    name, says = scenario.name, scenario.says
    if use != 1:
        name, says = f"{name}+use={use:g}", f"{says}; use is {use:g} times that"
    if late:
        unit = "day" if late == 1 else "days"
        name, says = f"{name}+late={late}", f"{says}; what is on its way comes {late} {unit} later"
    both = scenario.use * use
    return dataclasses.replace(scenario, name=name, says=says, use=both, late=scenario.late + late)


def _unbent(wanted: str) -> Scenario:
    known = _known()
    if wanted in known:
        return known[wanted]
    own = _FACTOR.fullmatch(wanted)
    if own is not None and 0 < float(own[1]) <= _LARGEST_FACTOR:
        factor = float(own[1])
        says = f"use is {factor:g} times what it is; nothing new is promised"
        return dataclasses.replace(known["surge"], name=f"surge={factor:g}", says=says, use=factor)
    raise UsageError(
        f"no scenario is called {wanted!r}", mend=f"One of: {', '.join(known)}, or surge=FACTOR"
    )


def scenarios_named(names: Iterable[str]) -> tuple[Scenario, ...]:
    """Return some scenarios, each once, in the order given. Raises UsageError."""
    found = {scenario.name: scenario for scenario in map(scenario_named, names)}
    return tuple(found.values())
