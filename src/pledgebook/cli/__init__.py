"""The command line: parse, call, present.

Exit status: 0 done, 1 done with problems reported, 2 wrong usage or nothing could be done; 130
stopped by Ctrl-C, 141 the reader of the output went away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pledgebook.cli.application import app

__all__ = ["app", "main"]

_STOPPED = 130


def main() -> None:
    """Run the command line and leave the process with its exit status."""
    try:
        # Ctrl-C while this is still being loaded stops it like at any other time.
        from pledgebook.cli.application import main as run

        run()
    except KeyboardInterrupt:
        raise SystemExit(_STOPPED) from None


def __getattr__(name: str) -> object:
    """Load the application when it is first asked for."""
    if name == "app":
        from pledgebook.cli.application import app as found

        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
