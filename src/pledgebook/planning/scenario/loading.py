"""The scenario file: what a planner may choose from and must respect, read with all its faults."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from pledgebook.errors import Problem
from pledgebook.planning.scenario.faults import Faults, ScenarioError, without
from pledgebook.planning.scenario.tables import Scenario
from pledgebook.vocabulary.toml_files import NoTomlError, TomlKind
from pledgebook.vocabulary.toml_places import Path, key_lines

__all__ = ["ScenarioFile", "load_scenario", "read_scenario", "scenario_schema"]

_KIND = TomlKind(
    "the scenario",
    most=2_000_000,
    absent="Check the path, or write one with `pledgebook plan --init FILE`",
    mend="Strings stand in quotes, months too; a table's head comes before its keys",
)
_MOST_VALUES = 100_000


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario as it was written: its tables, and on which line each key stands.

    `faults` are those found so far. Where there are any, `scenario` is what could be read beside
    them: `compile_scenario` looks for more, and raises them all.
    """

    scenario: Scenario
    source: str
    text: str
    lines: Mapping[Path, int]
    faults: Faults = field(compare=False)


def load_scenario(path: FilePath | str) -> ScenarioFile:
    """Read a scenario file as far as it goes; its faults are collected and raised on compiling.

    Raises UsageError where there is no such file, ScenarioError where nothing of it can be read.
    """
    path = FilePath(path)
    return read_scenario(_KIND.load(path), str(path))


def read_scenario(text: str, source: str = "scenario") -> ScenarioFile:
    """Read a scenario from text, as `load_scenario`; `source` names it in faults."""
    text = text.replace("\r\n", "\n")
    try:
        data = _KIND.tables(text, source)
    except NoTomlError as error:
        raise ScenarioError([error.problem]) from error
    lines = key_lines(text)
    # Each value may be a fault, and each fault is told.
    if len(lines) > _MOST_VALUES:
        what = f"it holds {len(lines):,} keys and values, the limit is {_MOST_VALUES:,}"
        mend = "Leave out what does not bear on the plan, or make several scenarios"
        raise ScenarioError([Problem(code="too-large", what=what, source=source, mend=mend)])
    faults = Faults(source, lines)
    gone: set[Path] = set()
    while True:
        raw, faults.order, faults.unread = _without(data, gone)
        try:
            scenario = Scenario.model_validate(raw)
        except ValidationError as error:
            found = error.errors(include_url=False)
            if not gone:
                faults.add_invalid(found, Scenario)
            more = {faults.original(without(tuple(e["loc"]), e["type"], Scenario)) for e in found}
            if () in more or more <= gone:
                raise ScenarioError(faults.errors) from error
            gone |= more
        else:
            return ScenarioFile(scenario, source, text, faults.lines, faults)


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, by which an editor can complete and check one."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Scenario.model_json_schema(),
    }


def _without(
    data: Mapping[str, Any], gone: Collection[Path]
) -> tuple[dict[str, Any], dict[Path, Sequence[int]], frozenset[str]]:
    """Return the data without some paths, which elements of arrays are left, and names lost."""
    order: dict[Path, Sequence[int]] = {}
    unread: set[str] = set()

    def copied(value: object, here: Path, now: Path) -> object:
        if isinstance(value, dict):
            return {
                key: copied(one, (*here, key), (*now, key))
                for key, one in value.items()
                if (*here, key) not in gone
            }
        if not isinstance(value, list):
            return value
        kept = [at for at in range(len(value)) if (*here, at) not in gone]
        order[now] = kept
        for at in set(range(len(value))) - set(kept):
            if isinstance(value[at], dict):
                unread.update(_names(value[at]))
        return [copied(value[at], (*here, at), (*now, new)) for new, at in enumerate(kept)]

    raw = {key: copied(value, (key,), (key,)) for key, value in data.items() if (key,) not in gone}
    return raw, order, frozenset(unread)


def _names(table: Mapping[str, Any]) -> set[str]:
    """Return the names by which other tables may call one: its own, or those it has without."""
    item = table.get("item")
    names = (table.get("name"), f"{table.get('maker')}: {item}", f"{item} line")
    return {name for name in names if isinstance(name, str)}
