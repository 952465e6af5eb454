"""Commands to go on with, below an answer."""

from __future__ import annotations

from collections.abc import Sequence

from pledgebook.cli.terminal import console

__all__ = ["tell_commands"]


def tell_commands(commands: Sequence[tuple[str, str]]) -> None:
    """Print commands, each with what it shows, on lines that can be copied whole."""
    out = console()
    if commands:
        out.print("\nGo on", style="bold")
    for command, shows in commands:
        out.print(f"  {shows}:", style="dim")
        # Not broken into lines of its own, so that it can be copied whole.
        out.print(f"  {command}", soft_wrap=True)
