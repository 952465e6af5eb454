"""What an input costs: each in a process of its own, with hard bounds of memory and processor time.

    python tests/costing.py MODULE

A module of cases has `CASES`, name to a function that says in a few words what came of it, and
`WARM`, which loads what they all need. The process forks for each, so that what was there before
counts for none. Memory is what it took at its height beyond that, in megabytes.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

MOST_BYTES = 3_000_000_000
"""Of address space: an input that wants more ends in a MemoryError, or is killed."""
MOST_SECONDS = 30
"""Of processor time: an input that takes more is killed. The slowest of them takes a few."""
_BLOCK = 1024

Case = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Cost:
    """What came of an input, and the memory that it took."""

    name: str
    says: str
    megabytes: float


def costs_of(module: str) -> dict[str, Cost]:
    """Run all cases of a module; one that was killed is missing."""
    here = Path(__file__)
    folders = [str(here.parent), *(str(path) for path in here.parent.iterdir() if path.is_dir())]
    done = subprocess.run(
        [sys.executable, str(here), module],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(folders)},
    )
    return {one["name"]: Cost(**one) for one in map(json.loads, done.stdout.splitlines())}


def main() -> None:
    """Run the cases of the module that the command line names, and tell what each cost."""
    cases = importlib.import_module(sys.argv[1])
    cases.WARM()
    found: Mapping[str, Case] = cases.CASES
    for name, case in found.items():
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            _run(name, case)
        os.waitpid(child, 0)


def _run(name: str, case: Case) -> None:
    """Run one case in this process, and end it."""
    status = 1
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        before = _height()
        says = case()
        print(json.dumps(asdict(Cost(name, says, (_height() - before) / _BLOCK))), flush=True)
        status = 0
    finally:
        os._exit(status)


def _height() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
