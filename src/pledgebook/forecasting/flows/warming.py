"""Compile the kernel of the flows before anybody needs it: `python -m` this, or call `warm`."""

from __future__ import annotations

from pledgebook.forecasting.flows.simulate import simulate
from pledgebook.forecasting.flows.system import Line, System

__all__ = ["warm"]


def warm() -> None:
    """Play the smallest system: what was compiled is kept on disk, and loaded in this process.

    Raises UsageError where Numba is not installed.
    """
    simulate(System(1, [Line("warm")]), draws=1)


if __name__ == "__main__":
    warm()
