"""Names of random streams: a stream's key is the hash of the seed and of what it is drawn for.

The key hangs on names alone. So the same line has the same draws in another system, in another
scenario and at another place in the list (common random numbers).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Group", "Streams"]


class Group(StrEnum):
    """Streams that can be drawn from a second seed together, to see what moves an answer."""

    STOCK = "stock"
    """Opening stocks and reserves."""
    USE = "use"
    """The levels of use."""
    NOISE = "noise"
    """The fresh draws of use in each step."""
    EVENTS = "events"
    ARRIVALS = "arrivals"
    """Sizes and delays of lots, and rates of handovers."""
    LOSSES = "losses"
    OUTPUT = "output"
    """Rates, ramps, restarts and order backlogs of works."""
    ORDERS = "orders"
    """Lead times of orders."""


@dataclass(frozen=True, slots=True)
class Streams:
    """The streams of one simulation; those of the groups in `swap` are of an independent set."""

    seed: int
    swap: frozenset[Group] = frozenset()

    @classmethod
    def of(cls, seed: int, swap: Collection[Group | str]) -> Streams:
        """Return the streams of a seed, with these groups swapped."""
        return cls(seed, frozenset(Group(group) for group in swap))

    def key(self, group: Group, *names: str) -> int:
        """Return the 64-bit key of what is drawn in a group under these names."""
        return self._hash(group, group.value, *names)

    def tie(self, group: Group, name: str) -> int:
        """Return the key of a tie: one for all groups, but for those that are swapped."""
        return self._hash(group, "tie", name)

    def _hash(self, group: Group, *names: str) -> int:
        which = "second" if group in self.swap else "first"
        text = "\x1f".join((str(self.seed), which, *names))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
