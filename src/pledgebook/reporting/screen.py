"""The console that all tables and trees are printed on."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console

__all__ = ["Screen"]


class Screen(Console):
    """A console that shows text as it is: no markup, no emoji, no colours by guess."""

    def __init__(self, stream: TextIO, width: int | None = None) -> None:
        super().__init__(file=stream, width=width, highlight=False, emoji=False, markup=False)

    def on_broken_pipe(self) -> None:
        """Leave it to the caller what to do where nobody reads the output any more."""
        raise BrokenPipeError
