"""The app as a process of its own, by the program: one that can be killed."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

__all__ = ["Apart", "serving_apart"]

_ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/\?key=(\S+)")


@dataclass
class Apart:
    """A server on a port of this machine."""

    process: subprocess.Popen[str]
    url: str
    key: str

    @contextlib.contextmanager
    def client(self) -> Iterator[httpx.Client]:
        """Lend a client that knows the key."""
        headers = {"authorization": f"Bearer {self.key}"}
        with httpx.Client(base_url=self.url, headers=headers, timeout=60) as found:
            yield found

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self.process.kill()
        self.process.wait(60)


@contextlib.contextmanager
def serving_apart(place: str | Path, home: Path) -> Iterator[Apart]:
    """Serve a book by `pledgebook serve`; what is left of it is ended on leaving."""
    command = [sys.executable, "-m", "pledgebook", "serve", "--db", str(place), "--port", "0"]
    environment = os.environ | {"HOME": str(home), "CI": "1", "PYTHONUTF8": "1"}
    with subprocess.Popen(
        [*command, "--no-open", "--no-watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as process:
        try:
            assert process.stdout is not None
            found = None
            while found is None:
                line = process.stdout.readline()
                assert line, "the server ended"
                found = _ADDRESS.search(line)
            yield Apart(process, found[1], found[2])
        finally:
            process.kill()
            process.wait(60)
