"""A TOML file that a person wrote: its text and its tables, or what is wrong with it, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pledgebook.errors import Problem, UsageError
from pledgebook.vocabulary.toml_text import BadTomlError, loads

__all__ = ["NoTomlError", "TomlKind"]

_PLACE = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")


class NoTomlError(UsageError):
    """A text that is no TOML: `problem` tells the same as the error, for those who collect."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(
            problem.what, where=f"{problem.source}, {problem.place}", mend=problem.mend
        )


@dataclass(frozen=True, slots=True)
class TomlKind:
    """One kind of file that people write as TOML.

    `name` is what faults call it ("the scenario"), `most` how many bytes it may have. `absent` is
    the mend where there is no such file, `mend` where it is no TOML.
    """

    name: str
    most: int = 1_000_000
    absent: str = "Check the path"
    mend: str = "Strings stand in quotes; a table's head comes before its keys"

    def load(self, path: Path) -> str:
        """Return the text of a file. Raises UsageError where it cannot be read, or is no text."""
        try:
            with path.open("rb") as stream:
                return self.read(stream, str(path))
        except OSError as error:
            what = f"{self.name} cannot be read: {error.strerror or error}"
            raise UsageError(what, where=str(path), mend=self.absent) from error

    def read(self, stream: BinaryIO, where: str) -> str:
        """Return the text of a file that is open; `where` names it in faults. Raises as `load`."""
        data = stream.read(self.most + 1)
        if len(data) > self.most:
            what = f"{self.name} is too large: more than {self.most / 1e6:g} MB"
            raise UsageError(what, where=where, mend="Check that it is the right file")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            what = f"the file is no UTF-8 text (byte {error.start})"
            raise UsageError(what, where=where, mend="Save it as UTF-8") from error

    def tables(self, text: str, where: str) -> dict[str, Any]:
        """Return the tables of a text. Raises NoTomlError, with the line."""
        try:
            return loads(text)
        except BadTomlError as error:
            raise NoTomlError(self._no_toml(error, text, where)) from error

    def _no_toml(self, error: Exception, text: str, where: str) -> Problem:
        says = str(error)
        place = _PLACE.search(says)
        line = int(place[1]) if place is not None and place[1] else text.count("\n") + 1
        says = _PLACE.sub("", says)
        what = f"this is no TOML: {says[0].lower()}{says[1:]}"
        return Problem(code="toml", what=what, source=where, place=f"line {line}", mend=self.mend)
