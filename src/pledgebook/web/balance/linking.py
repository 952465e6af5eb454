"""Ids within sentences, as links to what they name."""

from __future__ import annotations

import re

__all__ = ["linked"]

_ID = re.compile(r"\b([scdt])([0-9a-f]{20})\b")
_HOMES = {"s": "/why/", "c": "/commitments/", "d": "/documents/", "t": "/balance/series/"}
_SHOWN = 8


def linked(text: str) -> list[tuple[str, str]]:
    """Return a text in pieces, each with where it leads: ids are cut short and lead to their home.

    Pieces that lead nowhere have "".
    """
    pieces, end = [], 0
    for found in _ID.finditer(text):
        pieces.append((text[end : found.start()], ""))
        pieces.append((found[0][:_SHOWN], _HOMES[found[1]] + found[0]))
        end = found.end()
    return [one for one in (*pieces, (text[end:], "")) if one[0]]
