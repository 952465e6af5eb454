"""The faults of a scenario file: all of them collected, each with its line and its mend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from pledgebook.errors import Problem, UsageError
from pledgebook.vocabulary.toml_places import Path, find_line

__all__ = ["Faults", "ScenarioError", "key_name", "nearest", "without"]


class ScenarioError(UsageError):
    """A scenario that cannot be planned: `problems` are all of its faults, in order of line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        where = f"{first.source}, {first.place}" if first.place else first.source
        more = len(self.problems) - 1
        mend = first.mend
        if more:
            mend = f"{mend.rstrip('.')}; " if mend else ""
            mend += f"then see the {more} other fault{'s' if more > 1 else ''}"
        super().__init__(first.what, where=where, mend=mend)


class Faults:
    """Collects what is wrong with one file. `lines` tells where its keys stand.

    Paths are those of what could be read: `order` says which element of the file each element of
    an array is, where others were left out, whose names are `unread`.
    """

    def __init__(self, source: str, lines: Mapping[Path, int]) -> None:
        self.source = source
        self.lines = lines
        self.order: Mapping[Path, Sequence[int]] = {}
        self.unread: frozenset[str] = frozenset()
        self._found: dict[tuple[Path, str], tuple[int, Problem]] = {}

    def add(
        self, code: str, path: Path, what: str, mend: str | None = None, *, warning: bool = False
    ) -> None:
        """Note a fault at a key; the same fault at the same key is noted once."""
        path = self.original(path)
        line = find_line(self.lines, path)
        name = key_name(path)
        place = ", ".join(part for part in (f"line {line}" if line else "", name) if part)
        problem = Problem(
            code=code,
            what=what,
            source=self.source,
            place=place or None,
            mend=mend,
            severity="warning" if warning else "error",
        )
        self._found.setdefault((path, what), (line or 0, problem))

    def original(self, path: Path) -> Path:
        """Return the path in the file of a path in what could be read of it."""
        found: Path = ()
        for at, part in enumerate(path):
            kept = self.order.get(path[:at]) if isinstance(part, int) else None
            known = kept is not None and isinstance(part, int) and part < len(kept)
            found = (*found, kept[part] if known else part)  # type: ignore[index]
        return found

    def has(self, path: Path) -> bool:
        """Tell whether anything is wrong at a path, or beneath it."""
        path = self.original(path)
        return any(where[: len(path)] == path for where, _ in self._found)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What stands in the way of a plan, in order of line."""
        return self._sorted("error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is to be known and stands in nobody's way."""
        return self._sorted("warning")

    def _sorted(self, severity: str) -> tuple[Problem, ...]:
        found = [one for one in self._found.values() if one[1].severity == severity]
        return tuple(problem for _, problem in sorted(found, key=lambda one: one[0]))

    def stop(self) -> None:
        """Raise ScenarioError where there is any error."""
        if errors := self.errors:
            raise ScenarioError(errors)

    def add_invalid(self, errors: Iterable[ErrorDetails], model: type[BaseModel]) -> None:
        """Note what pydantic found, in words that fit a file."""
        for one in errors:
            self._add_one(one, tuple(one["loc"]), model)

    def _add_one(self, one: ErrorDetails, path: Path, model: type[BaseModel]) -> None:
        context: dict[str, Any] = one.get("ctx", {})
        if "says" in context:
            what, mend = _split(context["says"])
            self.add(one["type"], (*path, *context["at"]), what, mend)
        elif one["type"] == "extra_forbidden":
            keys = _keys(model, path[:-1])
            near = nearest(str(path[-1]), keys)
            mend = f"Did you mean {near}?" if near else f"Its keys are {', '.join(keys)}"
            self.add("unknown-key", path, f"there is no key {str(path[-1])!r} here", mend)
        elif one["type"] == "missing":
            says = _says(model, path)
            self.add(
                "missing", path, f"{path[-1]} is not said", f"Add it: {says}" if says else None
            )
        else:
            what = _in_words(one["msg"])
            says = _says(model, path)
            self.add(one["type"].replace("_", "-"), path, what, f"It is {says}" if says else None)


def key_name(path: Path) -> str:
    """Return a path as a person reads it, tables counted from 1: "need[2].amount"."""
    name = ""
    for part in path:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return name.removeprefix(".")


def nearest(text: str, names: Iterable[str]) -> str | None:
    """Return the name that is spelt most like a text, if any comes near."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(
        text.casefold(), list(names), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=60
    )
    return None if found is None else str(found[0])


def _split(says: str) -> tuple[str, str | None]:
    what, _, mend = says.partition(": write ")
    return what, f"Write {mend}" if mend else None


def _in_words(message: str) -> str:
    words = message.removeprefix("Value error, ").replace("Input should", "it should")
    return words[0].lower() + words[1:]


def _keys(model: type[BaseModel], path: Path) -> list[str]:
    table = _table_at(model, path)
    return [] if table is None else [one.alias or name for name, one in table.model_fields.items()]


def _says(model: type[BaseModel], path: Path) -> str:
    """Return the description of the key that a path names, or that it lies within."""
    for cut in range(len(path), 0, -1):
        table = _table_at(model, path[: cut - 1]) if isinstance(path[cut - 1], str) else None
        for name, one in table.model_fields.items() if table else ():
            if path[cut - 1] == (one.alias or name):
                return one.description or ""
    return ""


def without(path: Path, kind: str, model: type[BaseModel]) -> Path:
    """Return what must be left out for the rest to be read, where `path` is wrong in some way.

    Without a key that it needs a table is left out, and a list of figures with any of them.
    """
    gone = path[:-1] if kind == "missing" else path
    while gone and isinstance(gone[-1], int) and _table_at(model, gone) is None:
        gone = gone[:-1]
    return gone


def _table_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """Return the model of the table that a path leads to; None where it leads to a value."""
    table: type[BaseModel] | None = model
    for part in path:
        if table is not None and isinstance(part, str):
            fields = table.model_fields.items()
            field = next((one for name, one in fields if part == (one.alias or name)), None)
            table = None if field is None else _model_in(field.annotation)
    return table


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _model_in(one))), None)
