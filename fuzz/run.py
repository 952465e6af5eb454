"""Coverage-guided fuzzing of what reads other people's bytes.

    python fuzz/run.py --seconds 60 numbers html   these harnesses, a minute each
    python fuzz/run.py --seconds 20                all of them, 20 seconds altogether
    python fuzz/run.py --runs 500000 sentences     so many executions
    python fuzz/run.py --goal                      until each has had its whole round, by turns
    python fuzz/run.py --sum                       what was done so far, as a table

Inputs that reach something new are kept in .fuzz/corpus, findings in .fuzz/findings with what they
raised, and every run is a line of .fuzz/log.jsonl. A finding becomes a file of fuzz/regressions,
which the tests replay. Exit status: 0 nothing found, 1 something was found, 2 not to be run here.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from harness import Harness, harness_named, names
from tally import Run, add, read, sums, table, today

__all__ = ["main"]

HERE = Path(__file__).resolve().parent
# Where runs are kept; another place for a run that must not be disturbed by this one.
STATE = Path(os.environ.get("PLEDGEBOOK_FUZZ") or HERE.parent / ".fuzz")
LOG = STATE / "log.jsonl"
_LONGEST_SECONDS = 30
"""What one input may take, on a machine that has other work; they take milliseconds."""
_MOST_MEGABYTES = 1500
"""What the process may take: the reader itself, and the corpus, take some hundred."""
_TURN = 50_000
_TURN_SECONDS = 600
_LONGEST_WORD = 60
_MEMORY = Path("/dev/shm")
_RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_PROGRESS = re.compile(r"^#(\d+)\s.*?\bcov: (\d+).*?\bcorp: (\d+)/", re.MULTILINE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; return the exit status."""
    asked = _parser().parse_args(arguments)
    wanted = asked.harness or names()
    if unknown := sorted(set(wanted) - set(names())):
        print(f"There is no harness {unknown[0]}; there are {', '.join(names())}.")
        return 2
    if asked.sum:
        print(table(LOG, wanted))
        return 0
    if importlib.util.find_spec("atheris") is None:
        print(
            f"Atheris is not installed for {sys.platform}: there are packages of it for Linux "
            "only. What was found before is replayed anywhere, by `make test`."
        )
        return 2
    if asked.goal:
        return _to_the_goal(wanted, asked.turn)
    seconds = asked.seconds
    if seconds is not None and not asked.harness:
        seconds = max(1, seconds // len(wanted))
    found = sum(_run(name, asked.runs, seconds) for name in wanted)
    print(f"{found} findings" if found else "nothing found")
    return 1 if found else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("harness", nargs="*", help="names of harnesses (all of them)")
    parser.add_argument("--runs", type=int, help="executions of each")
    parser.add_argument("--seconds", type=int, help="of each; of all together if none is named")
    parser.add_argument("--goal", action="store_true", help="go on until each has its whole round")
    parser.add_argument("--turn", type=int, default=_TURN, help="executions at a time, with --goal")
    parser.add_argument("--sum", action="store_true", help="show what was done so far")
    return parser


def _to_the_goal(wanted: Sequence[str], turn: int) -> int:
    """Let harnesses take turns until each has had its executions; the shortest way to go first."""
    found = 0
    while True:
        done = sums(read(LOG))
        ahead = {
            name: left
            for name in wanted
            if (left := harness_named(name).goal - (done[name].executions if name in done else 0))
            > 0
        }
        if not ahead:
            return 1 if found else 0
        for name, left in ahead.items():
            found += _run(name, min(turn, left), _TURN_SECONDS)


def _run(name: str, runs: int | None, seconds: int | None) -> int:
    """Run one harness in a process of its own; return how many findings are new."""
    harness = harness_named(name)
    findings, corpus = STATE / "findings" / name, STATE / "corpus" / name
    for folder in (findings, corpus):
        folder.mkdir(parents=True, exist_ok=True)
    before = _found(findings)
    command = [sys.executable, HERE / "child.py", name, findings, *_options(name, runs, seconds)]
    command += [f"-artifact_prefix={findings}/", f"-max_len={harness.longest}"]
    command += map(str, (corpus, _seeds(name, harness)))
    started = time.monotonic()
    # Files under fuzzing lie in memory where that can be: there are thousands a second.
    with tempfile.TemporaryDirectory(dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None) as files:
        done = subprocess.run(
            [*map(str, command)],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "TMPDIR": files},
            check=False,
        )
    said = done.stderr.decode("utf-8", "replace")
    executions, reached, kept = _told(said)
    new = sorted(
        path for path in _found(findings) - before if not _only_waited(name, findings / path)
    )
    taken = round(time.monotonic() - started, 1)
    if executions:
        add(LOG, Run(name, executions, taken, reached, kept, len(new), today()))
    print(
        f"{name}: {executions:,} executions in {taken} s, {reached:,} reached, "
        f"{kept:,} inputs kept, {len(new)} new findings",
        flush=True,
    )
    for path in new:
        print(f"  {findings / path}", flush=True)
    if not executions or (done.returncode and not new):
        print(said[-3000:], flush=True)
        time.sleep(1)
        return len(new) or 1
    return len(new)


def _options(name: str, runs: int | None, seconds: int | None) -> list[str]:
    options = [
        f"-timeout={_LONGEST_SECONDS}",
        f"-rss_limit_mb={_MOST_MEGABYTES}",
        "-print_final_stats=1",
        "-reload=0",
        f"-dict={_dictionary(name)}",
    ]
    if runs is not None:
        options.append(f"-runs={runs}")
    if seconds is not None:
        options.append(f"-max_total_time={seconds}")
    return options


def _told(said: str) -> tuple[int, int, int]:
    """Return executions, reach and size of the corpus, as libFuzzer told them last."""
    steps = _PROGRESS.findall(said)
    runs = _RUNS.findall(said)
    reached, kept = (int(steps[-1][1]), int(steps[-1][2])) if steps else (0, 0)
    return int(runs[-1]) if runs else int(steps[-1][0]) if steps else 0, reached, kept


def _found(findings: Path) -> set[str]:
    kinds = ("broken-*", "crash-*", "timeout-*", "oom-*", "leak-*")
    return {path.name for kind in kinds for path in findings.glob(kind) if path.suffix != ".txt"}


def _only_waited(name: str, path: Path) -> bool:
    """Tell whether an input that took too long takes little processor time: then it goes.

    libFuzzer looks at the clock, and a machine that has other work lets a process wait.
    """
    if not path.name.startswith("timeout-"):
        return False
    again = subprocess.run(
        [sys.executable, HERE / "again.py", name, path], capture_output=True, check=False
    )
    if again.returncode == 0:
        path.unlink()
    return again.returncode == 0


def _seeds(name: str, harness: Harness) -> Path:
    folder = STATE / "seeds" / name
    folder.mkdir(parents=True, exist_ok=True)
    regressions = sorted((HERE / "regressions" / name).glob("*"))
    given = [*harness.seeds(), *(path.read_bytes() for path in regressions)]
    for number, data in enumerate(given):
        (folder / f"{number:05}").write_bytes(data[: harness.longest])
    return folder


def _dictionary(name: str) -> Path:
    """Write the words of a harness in libFuzzer's way; return the file."""
    path = STATE / "words" / f"{name}.dict"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="ascii") as out:
        for word in harness_named(name).words():
            data = word.encode("utf-8", "surrogatepass")[:_LONGEST_WORD]
            if data:
                out.write('"' + "".join(f"\\x{byte:02x}" for byte in data) + '"\n')
    return path


if __name__ == "__main__":
    sys.exit(main())
