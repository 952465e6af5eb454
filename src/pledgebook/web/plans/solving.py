"""One search for a plan, in a process of its own: so that nothing waits for it and it can be ended.

    python -m pledgebook.web.plans.solving < request.json

The request is one line of JSON; what is told of the search are lines of JSON on standard output.
The line "cancel" on standard input takes the best plan so far. What comes out is written into a
folder, which appears whole or not at all:

    answer.json    `plan_record`, with what was asked
    head.json      the answer in words
    chart.json     the chart, as Vega-Lite
    plan.csv, plan.xlsx
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pledgebook.errors import PledgebookError

if TYPE_CHECKING:
    from pledgebook.planning.answer import PlanAnswer
    from pledgebook.planning.asking import Planner
    from pledgebook.planning.solving.highs import Progress

__all__ = ["Request", "main"]

_BETWEEN = 0.2
"""Seconds between two lines of one stage."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: scenario and answers' folder, how near to the best, how long, what besides."""

    scenario: str
    folder: str
    digest: str
    gap: float = 0.01
    time_limit: float | None = 120.0
    frontier: int = 0
    compare: str | None = None
    as_of: str | None = None


class _Teller:
    """Writes how the search goes."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._stage = ""
        self._last = 0.0

    def say(self, **held: object) -> None:
        """Write one line."""
        sys.stdout.write(json.dumps(held, allow_nan=False) + "\n")
        sys.stdout.flush()

    def begin(self, stage: str) -> None:
        """Tell what is being done."""
        self._stage, self._last = stage, 0.0
        self.say(stage=stage, seconds=time.monotonic() - self._began)

    def hear(self, progress: Progress) -> None:
        """Tell how far it is, not too often."""
        now = time.monotonic()
        if now - self._last < _BETWEEN:
            return
        self._last = now
        self.say(
            stage=self._stage,
            seconds=now - self._began,
            bound=_finite(progress.bound),
            best=_finite(progress.incumbent),
            gap=_finite(progress.gap),
        )


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def main() -> int:
    """Search as asked on standard input; return 0 where there is a plan, 1 where there is none."""
    request = Request(**json.loads(sys.stdin.readline()))
    cancelled = threading.Event()
    threading.Thread(target=_listen, args=(cancelled,), daemon=True).start()
    teller = _Teller()
    try:
        with _planner() as planner:
            found = planner.plan(
                request.scenario,
                gap=request.gap,
                time_limit=request.time_limit,
                frontier=request.frontier,
                compare=request.compare,
                as_of=request.as_of,
                progress=teller.hear,
                stage=teller.begin,
                cancel=cancelled.is_set,
            )
        teller.begin("writing it down")
        _write(found, request, cancelled=cancelled.is_set())
    except PledgebookError as error:
        problems = getattr(error, "problems", ())
        teller.say(failed=str(error), problems=[str(one) for one in problems])
        return 1
    teller.say(done=found.found)
    return 0 if found.found else 1


def _listen(cancelled: threading.Event) -> None:
    """Wait for the word; the end of the input means that nobody waits any more."""
    for line in sys.stdin:
        if line.strip() == "cancel":
            cancelled.set()
            return
    os._exit(3)


@contextmanager
def _planner() -> Iterator[Planner]:
    """Lend what makes plans, with the book that PLEDGEBOOK_DB names, if any."""
    from pledgebook.planning.asking import Planner
    from pledgebook.vocabulary.catalogue import load_catalogue

    place = os.environ.get("PLEDGEBOOK_DB")
    if not place:
        yield Planner(load_catalogue(None))
        return
    from pledgebook.book import Book

    with Book.open(place) as book:
        yield book.planner


def _write(found: PlanAnswer, request: Request, *, cancelled: bool) -> None:
    from pledgebook.reporting.plan_records import plan_csv, plan_record
    from pledgebook.reporting.plan_words import answer_lines, head_line

    folder = Path(request.folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".part-"))
    try:
        asked = dataclasses.asdict(request) | {"cancelled": cancelled}
        _json(part / "answer.json", plan_record(found) | {"asked": asked})
        _json(part / "head.json", {"head": head_line(found), "lines": answer_lines(found)})
        if found.found:
            (part / "plan.csv").write_text(plan_csv(found), encoding="utf-8")
            _extras(found, part)
        if folder.exists():
            shutil.rmtree(folder)
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _extras(found: PlanAnswer, part: Path) -> None:
    """Write what needs further packages, where they are."""
    from importlib.util import find_spec

    if find_spec("altair") is not None:
        from pledgebook.reporting.plan_chart import plan_chart

        _json(part / "chart.json", plan_chart(found).to_dict())
    if find_spec("xlsxwriter") is not None:
        from pledgebook.reporting.plan_xlsx import save_workbook

        save_workbook(found, part / "plan.xlsx")


def _json(path: Path, content: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    path.write_text(json.dumps(content, ensure_ascii=False, default=str), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
