"""Run the program: as a user does, in a process and with a home of its own; or in this one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from typer.testing import CliRunner

from pledgebook.cli import app

SECONDS = 60
_NOT_OURS = (
    "PYTHONDONTWRITEBYTECODE",
    "PLEDGEBOOK",
    "COLUMNS",
    "LINES",
    "NO_COLOR",
    "FORCE_COLOR",
    "TERM",
    "XDG_",
    "_TYPER",
)


@dataclass(frozen=True)
class Done:
    """What a run left behind."""

    code: int
    out: str
    err: str


class Books:
    """Names of books that are kept in a database: what a test calls `aid.db` is such a one.

    So the same test runs on a file and on a server, and reads the same name in what it is shown.
    """

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def keep(self, path: Path, place: str) -> None:
        """From now on the book at a path is in truth at another place."""
        self._places |= {path.name: place, str(path): place}

    def arguments(self, given: tuple[str | Path, ...]) -> list[str]:
        """Put the true places of books where their names are given."""
        return [self._places.get(str(argument), str(argument)) for argument in given]

    def shown(self, text: str) -> str:
        """Put the names of books back where their places were shown."""
        for name, place in self._places.items():
            text = text.replace(place, f"~/{Path(name).name}")
        return text


class Inside:
    """The command line in this very process: many times faster, for what needs no other."""

    def __init__(self, books: Books | None = None) -> None:
        self._books = books or Books()

    def __call__(self, *arguments: str | Path, stdin: str = "") -> Done:
        done = CliRunner().invoke(app, self._books.arguments(arguments), input=stdin)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        shown = self._books.shown
        return Done(done.exit_code, shown(done.stdout), shown(done.stderr))

    def well(self, *arguments: str | Path) -> str:
        """Run what has to succeed and return what it printed."""
        done = self(*arguments)
        assert done.code == 0, done.err
        return done.out


@dataclass(frozen=True)
class Program:
    """The command line with an empty home; relative paths are taken from `home`."""

    home: Path
    books: Books = field(default_factory=Books)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}
        # What one run has compiled the next one need not, in any process of the tests, and the
        # source stays clean.
        folder = self.home.parent.parent
        cache = (folder.parent if folder.name.startswith("popen-") else folder) / "bytecode"
        return kept | {
            "HOME": str(self.home),
            "PYTHONUTF8": "1",
            "PYTHONPYCACHEPREFIX": str(cache),
        }

    def command(self, *arguments: str | Path) -> list[str]:
        return [sys.executable, "-m", "pledgebook", *self.books.arguments(arguments)]

    def __call__(
        self,
        *arguments: str | Path,
        stdin: bytes = b"",
        settings: Mapping[str, str] | None = None,
    ) -> Done:
        more = settings or {}
        done = subprocess.run(
            self.command(*arguments),
            input=stdin,
            capture_output=True,
            cwd=self.home,
            env={**self.environment, **more},
            timeout=SECONDS,
            check=False,
        )
        shown = self.books.shown
        found = Done(done.returncode, shown(done.stdout.decode()), shown(done.stderr.decode()))
        assert "Traceback" not in found.err or more.get("PLEDGEBOOK_DEBUG") == "1", found.err
        return found

    def well(
        self,
        *arguments: str | Path,
        stdin: bytes = b"",
        settings: Mapping[str, str] | None = None,
    ) -> str:
        """Run what has to succeed and return what it printed."""
        done = self(*arguments, stdin=stdin, settings=settings)
        assert done.code == 0, done.err
        return done.out
