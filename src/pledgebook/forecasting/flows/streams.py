"""Names of random streams: a stream's key is the hash of the seed and of what it is drawn for.

The key hangs on names alone. So the same line has the same draws in another system, in another
scenario and at another place in the list (common random numbers).
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from hashlib import blake2b

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


class Streams:
    """The streams of one simulation; those of the groups in `swap` are of an independent set."""

    def __init__(self, seed: int, swap: Collection[Group | str] = ()) -> None:
        swapped = {Group(group) for group in swap}
        self._sets = {
            group: f"{seed}\x1f{'second' if group in swapped else 'first'}\x1f" for group in Group
        }
        self._groups = {group: f"{self._sets[group]}{group.value}\x1f" for group in Group}

    def key(self, group: Group, *names: str) -> int:
        """Return the key of what is drawn in a group under these names: 64 bits, signed."""
        return _hash(self._groups[group] + "\x1f".join(names))

    def tie(self, group: Group, name: str) -> int:
        """Return the key of a tie: one for all groups, but for those that are swapped."""
        return _hash(f"{self._sets[group]}tie\x1f{name}")


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)
