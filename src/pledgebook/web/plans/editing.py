"""The plain values of a scenario as a form, each put back at its own place in the text.

What a form cannot show (lists, tables in a line, text over several lines) stays as it is, comments
included: only the value on its line is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pledgebook.errors import Problem, UsageError
from pledgebook.planning.scenario.faults import ScenarioError
from pledgebook.planning.scenario.loading import read_scenario
from pledgebook.vocabulary.toml_places import Path, key_lines
from pledgebook.vocabulary.toml_text import BadTomlError, loads

__all__ = ["Field", "Group", "changed", "faults_of", "groups_of"]

_LINE = re.compile(
    r"""^(\s*[^=#]+?\s*=\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#][^#]*?)(\s*(?:\#(.*))?)$"""
)
_MOST = 600


@dataclass(frozen=True, slots=True)
class Field:
    """One value on one line: `name` is its path ("need.0.amount"), `hint` the comment beside it."""

    name: str
    key: str
    value: str
    kind: str
    hint: str
    line: int


@dataclass(slots=True)
class Group:
    """The values of one table, under the name that it bears."""

    title: str
    fields: list[Field] = field(default_factory=list)


def faults_of(text: str) -> list[tuple[int | None, Problem]]:
    """Return every fault of a scenario with the line where it stands, as far as it is known."""
    try:
        file = read_scenario(text)
    except ScenarioError as error:
        problems = list(error.problems)
    else:
        problems = list(file.faults.errors)
    return [(_line_of(problem), problem) for problem in problems]


def _line_of(problem: Problem) -> int | None:
    found = re.match(r"line (\d+)", problem.place or "")
    return int(found[1]) if found else None


def groups_of(text: str) -> list[Group]:
    """Return what a form can show of a scenario; nothing where it cannot be read at all."""
    try:
        data = loads(text)
    except BadTomlError:
        return []
    lines, places = text.split("\n"), key_lines(text)
    groups: dict[Path, Group] = {}
    count = 0
    for path, value in _scalars(data, ()):
        at = places.get(path)
        if at is None or count >= _MOST:
            continue
        found = _LINE.match(lines[at - 1])
        key = str(path[-1])
        if found is None or not found[1].strip().rstrip("=").strip().strip("\"'").endswith(key):
            continue
        count += 1
        table = path[:-1]
        group = groups.setdefault(table, Group(_title(table, data)))
        shown = ("true" if value else "false") if isinstance(value, bool) else str(value)
        group.fields.append(
            Field(
                ".".join(map(str, path)), key, shown, type(value).__name__,
                (found[4] or "").strip(), at,
            )
        )  # fmt: skip
    return list(groups.values())


def changed(text: str, values: Mapping[str, str]) -> str:
    """Return the text with some values put in place of others, by the names of their fields.

    Raises UsageError for a value that is none of its kind.
    """
    lines = text.split("\n")
    for group in groups_of(text):
        for one in group.fields:
            given = values.get(one.name)
            if given is None or given.strip() == one.value:
                continue
            found = _LINE.match(lines[one.line - 1])
            if found is None:
                continue
            lines[one.line - 1] = f"{found[1]}{_literal(one, given.strip())}{found[3]}"
    return "\n".join(lines)


def _literal(one: Field, given: str) -> str:
    """Return a value as TOML writes it."""
    if one.kind == "str":
        held = given.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(sign if sign.isprintable() else " " for sign in held) + '"'
    if one.kind == "bool":
        if given not in ("true", "false"):
            raise UsageError(f"{one.name} is true or false, not {given[:40]!r}", mend="Choose one")
        return given
    plain = given.replace(",", "_").replace(" ", "_")
    try:
        read = loads(f"x = {plain}")["x"] if plain else None
    except BadTomlError:
        read = None
    allowed = (int, float) if one.kind in ("int", "float") else object
    if read is None or isinstance(read, bool | str | list | dict) or not isinstance(read, allowed):
        raise UsageError(f"{given[:40]!r} is no value for {one.name}", mend=f"As in {one.value}")
    return plain


def _scalars(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401 - TOML data
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _scalars(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            if isinstance(inner, dict):
                yield from _scalars(inner, (*path, at))
    elif path:
        yield path, value


def _title(table: Path, data: Mapping[str, Any]) -> str:
    """Return what a table is called: "need: interceptors", "horizon", or "scenario"."""
    if not table:
        return "scenario"
    held: Any = data
    for step in table:
        held = held[step]
    words = [str(step) for step in table if isinstance(step, str)]
    name = (
        held.get("name") or held.get("party") or held.get("item")
        if isinstance(held, dict)
        else None
    )
    number = next((step + 1 for step in reversed(table) if isinstance(step, int)), None)
    if name:
        return f"{' '.join(words)}: {name}"
    return f"{' '.join(words)} {number}" if number else " ".join(words)
