"""The file of feeds: read with all its faults, each with its line, its key and its mend."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pledgebook.documents.feeds.addresses import address_digest
from pledgebook.documents.feeds.settings import FeedSettings, FeedsFile
from pledgebook.errors import Problem, UsageError
from pledgebook.vocabulary.toml_files import NoTomlError, TomlKind
from pledgebook.vocabulary.toml_places import Path, find_line, key_lines

__all__ = ["FEEDS_FILE", "FeedsError", "feeds_schema", "load_feeds", "make_settings", "read_feeds"]

FEEDS_FILE = TomlKind(
    "the file of feeds",
    absent="Check the path; examples/feeds.toml is one to begin with",
    mend="Strings stand in quotes; a feed begins with [[feed]]",
)
"""What such a file is, and how large it may be."""


class FeedsError(UsageError):
    """Feeds that cannot be watched as they are written: `problems` are all of their faults."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        where = f"{first.source}, {first.place}" if first.place else first.source
        mend = first.mend or ""
        if len(self.problems) > 1:
            mend += "" if mend.endswith("?") else "."
            mend += f" Then see the other faults ({len(self.problems) - 1})"
        super().__init__(first.what, where=where, mend=mend or None)


def load_feeds(path: FilePath | str) -> FeedsFile:
    """Read a file of feeds. Raises UsageError where there is none, FeedsError with its faults."""
    path = FilePath(path)
    return read_feeds(FEEDS_FILE.load(path), str(path))


def read_feeds(text: str, source: str = "feeds") -> FeedsFile:
    """Read feeds from the text of such a file; `source` names it in faults. Raises FeedsError."""
    text = text.replace("\r\n", "\n")
    try:
        data = FEEDS_FILE.tables(text, source)
    except NoTomlError as error:
        raise FeedsError([error.problem]) from error
    lines = key_lines(text)
    try:
        found = FeedsFile.model_validate(data)
    except ValidationError as error:
        found_wrong = error.errors(include_url=False)
        # Where a feed is wrong pydantic counts it as missing as well.
        told = [one for one in found_wrong if one["type"] != "too_short" or len(found_wrong) == 1]
        faults = [_fault(one, FeedsFile, source) for one in told]
        raise FeedsError(_placed(faults, lines)) from error
    if twice := list(_twice(found, source)):
        raise FeedsError(_placed(twice, lines))
    return found


def make_settings(**given: Any) -> FeedSettings:  # noqa: ANN401  checked here
    """Return the settings of one feed from its keys. Raises FeedsError with all their faults."""
    try:
        return FeedSettings.model_validate(given)
    except ValidationError as error:
        source = str(given.get("url", "feed"))[:200]
        faults = [_fault(one, FeedSettings, source) for one in error.errors(include_url=False)]
        raise FeedsError(_placed(faults, {})) from error


def feeds_schema() -> dict[str, Any]:
    """Return the JSON Schema of a file of feeds, by which an editor can complete and check one."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **FeedsFile.model_json_schema(),
    }


def _fault(one: ErrorDetails, model: type[BaseModel], source: str) -> tuple[Path, Problem]:
    """Return what pydantic found, in words that fit a file."""
    path = tuple(one["loc"])
    table = FeedSettings if path[:1] == ("feed",) and len(path) > 1 else model
    keys = list(table.model_fields)
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    told = table.model_fields.get(key)
    code = one["type"].replace("_", "-")
    mend: str | None = None
    if one["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, keys, n=1)
        code, what = "unknown-key", f"there is no key {key!r} here"
        mend = f"Did you mean {near[0]}?" if near else f"Its keys are {', '.join(keys)}"
    elif one["type"] == "missing":
        what = f"{key} is not said"
        mend = f"Add it: {told.description}" if told is not None else None
    else:
        says = one["msg"].removeprefix("Value error, ").replace("Input should", "it should")
        says = says.replace("a valid tuple", "a list")
        what, _, mends = says.partition(": write ")
        what = what[0].lower() + what[1:]
        mend = f"Write {mends}" if mends else None
        if mend is None and told is not None:
            mend = f"It is: {told.description}"
    return path, Problem(code=code, what=what, source=source, mend=mend)


def _placed(faults: Sequence[tuple[Path, Problem]], lines: dict[Path, int]) -> list[Problem]:
    """Say where each fault stands, and sort them by line."""
    found = []
    for path, problem in faults:
        line = find_line(lines, path)
        parts = [f"line {line}" if line else "", _key_name(path)]
        place = ", ".join(part for part in parts if part) or None
        found.append((line or 0, problem.model_copy(update={"place": place})))
    return [problem for _, problem in sorted(found, key=lambda one: one[0])]


def _key_name(path: Path) -> str:
    """Return a path as a person reads it, tables counted from 1: "feed[2].every"."""
    name = ""
    for part in path:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return name.removeprefix(".")


def _twice(found: FeedsFile, source: str) -> Iterator[tuple[Path, Problem]]:
    seen: dict[str, int] = {}
    for number, one in enumerate(found.feed):
        first = seen.setdefault(address_digest(one.url), number)
        if first != number:
            what = f"this is the address of feed[{first + 1}] already"
            mend = "Take one of the two out"
            yield (
                ("feed", number, "url"),
                Problem(code="twice", what=what, source=source, mend=mend),
            )
