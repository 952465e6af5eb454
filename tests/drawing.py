"""What a terminal of a given width would show."""

from __future__ import annotations

import io

from rich.console import Console, RenderableType


def drawn(content: RenderableType, width: int) -> str:
    """Return the content as plain text, without the spaces that fill its lines."""
    out = io.StringIO()
    Console(file=out, width=width, no_color=True, highlight=False).print(content)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())
