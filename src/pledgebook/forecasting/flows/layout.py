"""How a system is laid out for the kernel: tables of plain records, one array for each kind.

Indices of lines, works and amounts count within their component; -1 stands for "none".
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "AMOUNT",
    "BALANCES",
    "COMPONENT",
    "CUSTOMER",
    "EVENT",
    "FLOWS",
    "HANDOVER",
    "LAW",
    "LINE",
    "LINE_FLOWS",
    "LOT",
    "RAMP",
    "RECORDS",
    "REGIME",
    "REORDER",
    "TOTAL",
    "TOTAL_FLOWS",
    "WORKS",
    "Tables",
]

FLOWS = ("stock", "arrivals", "wanted", "use", "gap", "cost", "output", "needed", "days of supply")
"""The order in which the kernel keeps what it measures."""
LINE_FLOWS = (0, 1, 2, 3, 4, 5, 7, 8)
TOTAL_FLOWS = (0, 1, 2, 3, 4, 5, 6)

BALANCES = (
    "opening", "arrived", "used", "expired", "given", "closing",
    "sent", "lost", "under_way", "wanted", "cost", "run_dry",
)  # fmt: skip
"""The order of the sums over the horizon that the kernel keeps for each draw of a line."""


def _record(**fields: str) -> np.dtype[np.void]:
    return np.dtype(list(fields.items()))


def _span(*names: str) -> dict[str, str]:
    return {f"{name}_{end}": "i4" for name in names for end in ("from", "to")}


COMPONENT = _record(
    **_span("line", "lot", "works", "handover", "amount", "total", "ramp", "customer")
)
AMOUNT = _record(
    key="u8", tie="u8", weight="f8", mu="f8", sd="f8", below="f8", span="f8", low="f8", high="f8",
    exact="i4",
)  # fmt: skip
LINE = _record(
    opening="i4", reserve="i4", **_span("regime", "event"), noise="i4", law="i4", size="f8",
    noise_key="u8", cut="i4", shelf="i4", ages="i4", backorder="i4", reorder="i4", gives="i4",
    slots="i4", balance="i4", used="i4",
)  # fmt: skip
REGIME = _record(start="i4", level="i4", shape="i4")
EVENT = _record(size="i4", key="u8", earliest="i4", span="i4", duration="i4", chance="f8")
REORDER = _record(
    point="f8", up_to="f8", quantity="f8", lead="i4", law="i4", lead_key="u8", unit_cost="f8",
    order_cost="f8", budget="f8", every="i4",
)  # fmt: skip
LOT = _record(
    line="i4", source="i4", size="i4", lost="i4", law="i4", key="u8", tie="u8", weight="f8",
    transit="i4",
)  # fmt: skip
WORKS = _record(
    rate="i4", **_span("ramp", "customer"), idle="i4", idle_never="f8", idle_key="u8",
    starts="i4", slots="i4", balance="i4",
)  # fmt: skip
RAMP = _record(to="i4", delay="i4", length="i4", never="f8", key="u8")
CUSTOMER = _record(line="i4", share="f8", backlog="i4", transit="i4", lost="i4")
HANDOVER = _record(source="i4", line="i4", rate="i4", start="i4", end="i4", transit="i4", lost="i4")
LAW = _record(values="i4", bounds="i4", guide="i4", n="i4", equal="i4")
TOTAL = _record(**_span("member"), slots="i4")

RECORDS = (
    COMPONENT, AMOUNT, LINE, REGIME, EVENT, REORDER, LOT, WORKS, RAMP, CUSTOMER, HANDOVER, LAW,
    TOTAL,
)  # fmt: skip
"""The kinds of the first tables, in their order."""

Records = NDArray[np.void]


class Tables(NamedTuple):
    """All that the kernel reads. `members` of totals are lines, or works as -1 - their index.

    `shapes` are (n, steps), `ages` the shares of the opening stock that have expired by each step
    of a shelf life, one after the other. `slots` (n, flows) say where the draws of a flow go.
    """

    components: Records
    amounts: Records
    lines: Records
    regimes: Records
    events: Records
    reorders: Records
    lots: Records
    works: Records
    ramps: Records
    customers: Records
    handovers: Records
    laws: Records
    totals: Records
    members: NDArray[np.int32]
    values: NDArray[np.float64]
    bounds: NDArray[np.uint64]
    guide: NDArray[np.int32]
    shapes: NDArray[np.float64]
    ages: NDArray[np.float64]
    slots: NDArray[np.int32]
    step_days: NDArray[np.float64]
    steps_a_year: int
