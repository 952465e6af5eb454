"""What was fuzzed, added up: executions, branches reached and findings of each harness.

Every run of a harness appends a line to the log, so that a round may take days and be cut off.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from harness import harness_named

__all__ = ["Run", "Sum", "add", "read", "sums", "table"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a harness.

    `reached` counts the branches and comparisons that its inputs reached so far, as libFuzzer
    counts them; `corpus` how many inputs it keeps for that. `findings` are new ones.
    """

    harness: str
    executions: int
    seconds: float
    reached: int
    corpus: int
    findings: int
    day: str


@dataclass(slots=True)
class Sum:
    """All runs of a harness together."""

    executions: int = 0
    seconds: float = 0.0
    reached: int = 0
    corpus: int = 0
    findings: int = 0


def add(log: Path, run: Run) -> None:
    """Append a run to the log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as out:
        out.write(json.dumps(asdict(run)) + "\n")


def read(log: Path) -> list[Run]:
    """Return the runs of a log; none where there is no log yet."""
    if not log.exists():
        return []
    return [Run(**json.loads(line)) for line in log.read_text(encoding="utf-8").splitlines()]


def sums(runs: Iterable[Run]) -> dict[str, Sum]:
    """Add runs up by harness; of the reach of several runs the furthest counts."""
    found: dict[str, Sum] = {}
    for run in runs:
        one = found.setdefault(run.harness, Sum())
        one.executions += run.executions
        one.seconds += run.seconds
        one.reached = max(one.reached, run.reached)
        one.corpus = max(one.corpus, run.corpus)
        one.findings += run.findings
    return found


def table(log: Path, names: Iterable[str]) -> str:
    """Return the log as a table in Markdown, with what each harness holds to."""
    found = sums(read(log))
    lines = [
        "| harness | executions | a second | reached | inputs kept | findings | law |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    total = Sum()
    for name in names:
        one = found.get(name, Sum())
        total.executions += one.executions
        total.seconds += one.seconds
        total.findings += one.findings
        lines.append(_line(name, one, harness_named(name).law))
    lines.append(_line("all", total, "", bare=True))
    return "\n".join(lines)


def _line(name: str, one: Sum, law: str, *, bare: bool = False) -> str:
    rate = f"{one.executions / one.seconds:,.0f}" if one.seconds else ""
    reach = ("", "") if bare else (f"{one.reached:,}", f"{one.corpus:,}")
    cells = (name, f"{one.executions:,}", rate, *reach, f"{one.findings}", law)
    return f"| {' | '.join(cells)} |".replace("  ", " ")


def today() -> str:
    """Return the day, as the log has it."""
    return dt.datetime.now(dt.UTC).date().isoformat()
