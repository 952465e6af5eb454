"""The courses of use and giving that a forecast plays through: steady, surge, cut, continued."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pledgebook.errors import UsageError

__all__ = ["Scenario", "scenario_named", "scenarios_named"]

_DATA = Path(__file__).parent / "data" / "scenarios.toml"
_FACTOR = re.compile(r"surge=(\d+(?:\.\d+)?)")
_LARGEST_FACTOR = 100.0


@dataclasses.dataclass(frozen=True, slots=True)
class Scenario:
    """One course: how use is changed, and whether giving continues (see the data file)."""

    name: str
    says: str
    use: float = 1.0
    cut: bool = False
    continued: bool = False
    required: bool = False
    paced: bool = False


@cache
def _known() -> dict[str, Scenario]:
    listed = tomllib.loads(_DATA.read_text(encoding="utf-8"))["scenario"]
    return {one["name"]: Scenario(**one) for one in listed}


def scenario_named(name: str) -> Scenario:
    """Return a scenario: one of the data file, or "surge=2.5" for a factor of one's own.

    Raises UsageError for another name.
    """
    known = _known()
    wanted = name.strip().casefold()
    if wanted in known:
        return known[wanted]
    own = _FACTOR.fullmatch(wanted)
    if own is not None and 0 < float(own[1]) <= _LARGEST_FACTOR:
        factor = float(own[1])
        says = f"use is {factor:g} times what it is; nothing new is promised"
        return dataclasses.replace(known["surge"], name=f"surge={factor:g}", says=says, use=factor)
    raise UsageError(
        f"no scenario is called {name!r}", mend=f"One of: {', '.join(known)}, or surge=FACTOR"
    )


def scenarios_named(names: Iterable[str]) -> tuple[Scenario, ...]:
    """Return some scenarios, each once, in the order given. Raises UsageError."""
    found = {scenario.name: scenario for scenario in map(scenario_named, names)}
    return tuple(found.values())
