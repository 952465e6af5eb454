"""How far a reading is."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ReadProgress"]


@dataclass(frozen=True, slots=True)
class ReadProgress:
    """How far a reading is. `bytes_total` is None where a size is not known beforehand.

    `cost` says in words what was spent, where the coder costs anything.
    """

    origin: str
    documents: int
    statements: int
    problems: int
    bytes_done: int
    bytes_total: int | None
    cost: str = ""
