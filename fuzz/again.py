"""One input once more, without atheris: what it raises, within bounds of processor time and memory.

python fuzz/again.py NAME FILE
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from harness import harness_named

__all__ = ["main"]

_SECONDS = 10
"""Of processor time, loading the modules included."""


def main() -> None:
    """Check the input that the command line names; a broken law is a traceback and status 1."""
    name, path = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    harness_named(name).check(Path(path).read_bytes())
    print(f"{name} holds for {path}")


if __name__ == "__main__":
    main()
