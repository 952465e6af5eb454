"""Flows: stock, arrivals, works and use played forward, many draws at a time.

`system` says what flows, `simulate` plays it and `result` is what comes out. The kernel behind is
compiled by Numba, which is imported when something is simulated and not before.
"""

from pledgebook.forecasting.flows.result import (
    LEVELS,
    Balance,
    Flow,
    LineResult,
    Moments,
    Result,
    TotalResult,
)
from pledgebook.forecasting.flows.simulate import simulate
from pledgebook.forecasting.flows.streams import Group
from pledgebook.forecasting.flows.system import (
    Amount,
    Customer,
    Event,
    Handover,
    Law,
    Line,
    Lot,
    Mode,
    Noise,
    Ramp,
    Regime,
    Reorder,
    System,
    Tie,
    Total,
    Works,
)

__all__ = [
    "LEVELS",
    "Amount",
    "Balance",
    "Customer",
    "Event",
    "Flow",
    "Group",
    "Handover",
    "Law",
    "Line",
    "LineResult",
    "Lot",
    "Mode",
    "Moments",
    "Noise",
    "Ramp",
    "Regime",
    "Reorder",
    "Result",
    "System",
    "Tie",
    "Total",
    "TotalResult",
    "Works",
    "simulate",
]
