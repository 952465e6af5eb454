"""One candidate for one field of a statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Candidate:
    """One filler of a field: its value, the unit that names it, what speaks for it.

    `place` is -1 where no unit of the text names it.
    """

    value: Any
    place: int
    unit: int
    features: list[float]
