"""Lists without bullets: runs of lines that each begin with a label ("Germany: 18 tanks")."""

from __future__ import annotations

import re

_LABELLED = re.compile(r"[ \t]*[^\s.:;,][^:;\n]{0,68}?(?::(?=\s)|\s[–—-](?=\s))")
_LEAST = 3
"""Lines that make a run."""
_WIDEST = 400
"""Characters of a line that may still belong to a list."""


def labelled_lines(text: str) -> dict[int, int | None]:
    """Return the starts of the lines of such runs, each with the start of its head's line.

    A run is three or more lines on end, most of which begin with a label; a first line without a
    label, or one that ends with a colon, is the head. None stands for a run without a head.
    """
    found: dict[int, int | None] = {}
    run: list[tuple[int, str]] = []
    position = 0
    for line in [*text.split("\n"), ""]:
        if line.strip() and len(line) <= _WIDEST:
            run.append((position, line))
        else:
            _take(run, found)
            run = []
        position += len(line) + 1
    return found


def _take(run: list[tuple[int, str]], found: dict[int, int | None]) -> None:
    if len(run) < _LEAST:
        return
    head: int | None = None
    lines = run
    first = run[0][1].rstrip()
    if first.endswith(":") or not _LABELLED.match(first):
        head, lines = run[0][0], run[1:]
    labelled = sum(bool(_LABELLED.match(line)) for _, line in lines)
    if labelled < _LEAST or labelled < 0.7 * len(lines):
        return
    for start, _ in lines:
        found[start] = head
