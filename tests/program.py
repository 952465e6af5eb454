"""Run the program: as a user does, in a process and with a home of its own; or in this one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
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


class Inside:
    """The command line in this very process: many times faster, for what needs no other."""

    def __call__(self, *arguments: str | Path) -> Done:
        done = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Done(done.exit_code, done.stdout, done.stderr)

    def well(self, *arguments: str | Path) -> str:
        """Run what has to succeed and return what it printed."""
        done = self(*arguments)
        assert done.code == 0, done.err
        return done.out


@dataclass(frozen=True)
class Program:
    """The command line with an empty home; relative paths are taken from `home`."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}
        # What one run has compiled the next one need not, and the source stays clean.
        cache = self.home.parent.parent / "bytecode"
        return kept | {
            "HOME": str(self.home),
            "PYTHONUTF8": "1",
            "PYTHONPYCACHEPREFIX": str(cache),
        }

    def command(self, *arguments: str | Path) -> list[str]:
        return [sys.executable, "-m", "pledgebook", *map(str, arguments)]

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
        found = Done(done.returncode, done.stdout.decode(), done.stderr.decode())
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
