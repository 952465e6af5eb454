"""One harness in a process of its own, under atheris; run.py starts it.

    python fuzz/child.py NAME FINDINGS [libFuzzer's options] CORPUS SEEDS

An input that breaks the law is kept in the folder FINDINGS, one for each place of the code, and
fuzzing goes on. What libFuzzer itself ends on (an input that takes too long or too much memory) it
keeps there too.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
import traceback
from pathlib import Path

__all__ = ["main", "place_of"]

_MOST_FRAMES = 4
_FIRST = 200
_HERE = Path(__file__).parent


def main() -> None:
    """Run the harness that the command line names, until libFuzzer has had enough."""
    import atheris

    name, findings = sys.argv[1], Path(sys.argv[2])
    sys.path.insert(0, str(_HERE))
    from harness import harness_named

    rooms = _rooms(name)
    with atheris.instrument_imports(include=list(rooms)):
        harness = harness_named(name)
        check = harness.check
        # Modules that are loaded when they are first wanted are to be watched too.
        for path in sorted(Path(sys.argv[-1]).glob("*"))[:_FIRST]:
            with contextlib.suppress(Exception):
                check(path.read_bytes())
    known: set[str] = set()

    def one(data: bytes) -> None:
        try:
            check(data)
        except Exception as error:  # noqa: BLE001  whatever it is, it is a finding
            mark = hashlib.sha256("\n".join(place_of(error)).encode()).hexdigest()[:12]
            if mark in known:
                return
            known.add(mark)
            path = findings / f"broken-{mark}"
            if not path.exists():
                path.write_bytes(data)
                path.with_suffix(".txt").write_text(
                    "".join(traceback.format_exception(error)), encoding="utf-8"
                )
                print(f"FINDING {path}: {type(error).__name__}: {error!s:.200}", file=sys.stderr)

    atheris.Setup([sys.argv[0], *sys.argv[3:]], one)
    atheris.Fuzz()


def _rooms(name: str) -> tuple[str, ...]:
    """Return the packages that a harness watches, without loading them: that is instrumented."""
    import ast

    tree = ast.parse((_HERE / "harnesses" / f"{name}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "rooms":
            found: tuple[str, ...] = ast.literal_eval(node.value)
            return found
    raise KeyError(name)


def place_of(error: BaseException) -> list[str]:
    """Return what tells a finding from others: its kind, and the innermost lines of the code."""
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    return [type(error).__name__, *(f"{frame.filename}:{frame.lineno}" for frame in frames)]


if __name__ == "__main__":
    main()
