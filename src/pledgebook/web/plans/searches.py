"""Searches for plans that go on beside the requests: few at once, watched, to be ended at will."""

from __future__ import annotations

import dataclasses
import json
import os
import secrets
import subprocess
import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from pledgebook.web.plans.solving import Request

__all__ = ["Search", "Searches"]

_AT_ONCE = 1
_WAITING = 20
_KEPT = 40
_POINTS = 400
_PATIENCE = 30.0
"""Seconds that a search has to come to its end after it was cancelled."""


@dataclass(slots=True)
class Search:
    """A search for the plan of a scenario. `points` are (seconds, bound, best) as they came."""

    id: str
    name: str
    by: str
    request: Request
    stage: str = "waiting"
    seconds: float = 0.0
    bound: float | None = None
    best: float | None = None
    gap: float | None = None
    points: list[tuple[float, float | None, float | None]] = field(default_factory=list)
    failed: str | None = None
    problems: tuple[str, ...] = ()
    over: bool = False
    cancelled: bool = False
    process: subprocess.Popen[str] | None = None

    def take(self, told: dict[str, Any]) -> None:
        """Take in one line that the process told."""
        if "failed" in told:
            self.failed, self.problems = told["failed"], tuple(told.get("problems", ()))
        self.stage = told.get("stage", self.stage)
        self.seconds = told.get("seconds", self.seconds)
        if told.get("bound") is not None or told.get("best") is not None:
            self.bound, self.best, self.gap = told["bound"], told["best"], told["gap"]
            if len(self.points) < _POINTS:
                self.points.append((self.seconds, self.bound, self.best))


class Searches:
    """Runs searches one after the other; a worker of the app, stopped with it."""

    def __init__(self, source: str | None) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._searches: OrderedDict[str, Search] = OrderedDict()
        self._room = threading.Semaphore(_AT_ONCE)
        self._stopped = False

    def start(self) -> None:
        """Nothing is to be done before the first search."""

    def stop(self) -> None:
        """End all that goes on: what has no answer yet is left without one."""
        self._stopped = True
        for search in self.newest():
            if not search.over:
                self.cancel(search.id)
                if search.process is not None:
                    search.process.terminate()

    def begin(self, name: str, request: Request, by: str) -> Search | None:
        """Begin a search, or line it up; None where too many wait already."""
        search = Search("q" + secrets.token_hex(8), name, by, request)
        with self._lock:
            if sum(not one.over for one in self._searches.values()) >= _WAITING:
                return None
            self._searches[search.id] = search
            over = [key for key, one in self._searches.items() if one.over]
            for key in over[: max(len(self._searches) - _KEPT, 0)]:
                del self._searches[key]
        threading.Thread(target=self._run, args=(search,), daemon=True).start()
        return search

    def get(self, name: str) -> Search | None:
        """Return a search by its id."""
        with self._lock:
            return self._searches.get(name)

    def newest(self, scenario: str | None = None) -> list[Search]:
        """Return the searches of this run of the server, newest first."""
        with self._lock:
            found = list(self._searches.values())[::-1]
        return [one for one in found if scenario is None or one.name == scenario]

    def cancel(self, name: str) -> None:
        """Take the best so far; whoever does not come to an end soon is ended."""
        search = self.get(name)
        if search is None or search.over:
            return
        search.cancelled = True
        process = search.process
        if process is None or process.stdin is None:
            return
        try:
            process.stdin.write("cancel\n")
            process.stdin.flush()
        except OSError:
            return
        threading.Timer(_PATIENCE, process.kill).start()

    def _run(self, search: Search) -> None:
        with self._room:
            try:
                if not (search.cancelled or self._stopped):
                    self._searched(search)
            finally:
                search.over = True

    def _searched(self, search: Search) -> None:
        environment = dict(os.environ)
        environment.pop("PLEDGEBOOK_DB", None)
        if self._source:
            environment["PLEDGEBOOK_DB"] = self._source
        with subprocess.Popen(
            [sys.executable, "-m", "pledgebook.web.plans.solving"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=environment,
        ) as process:
            search.process = process
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(dataclasses.asdict(search.request)) + "\n")
            process.stdin.flush()
            ended = False
            for line in process.stdout:
                told = json.loads(line)
                ended = ended or "done" in told or "failed" in told
                search.take(told)
            if not ended:
                search.failed = (
                    "it was ended before there was a plan" if search.cancelled
                    else "the search ended without an answer; the log of the server may say why"
                )  # fmt: skip
