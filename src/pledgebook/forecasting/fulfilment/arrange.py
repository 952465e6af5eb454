"""What is known of commitments, laid out as arrays for the likelihood.

Calendar time is in days, day d being [d, d + 1). A lot's delivery lies somewhere in a window; the
window is cut into bins that are fine near the report and coarse far from it, so that the chance of
a delivery in a bin is exact and only the chance of its being told is averaged over the bin. The
rest of a commitment has one window from the promise to the end of the day of knowledge.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pledgebook.forecasting.fulfilment.spells import Days, Mark, Record

__all__ = ["BEFORE", "MOST_LOTS", "YEAR", "Block", "Windows", "arrange", "window_edges"]

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]

YEAR = 365.25
MOST_LOTS = 10
"""The most lots that what is left is thought to consist of."""
BEFORE = -60.0
"""The logarithm of no time at all."""
_BACK = np.array(
    [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 90, 145, 235, 380, 610, 1000, 1600, 2600, 4200], dtype=float
)
_INNER = np.array([0.5 - np.sqrt(0.15), 0.5, 0.5 + np.sqrt(0.15)])
"""Gauss-Legendre points of three within a bin."""
INNER_WEIGHTS = np.array([5.0, 8.0, 5.0]) / 18.0
_PROMISE = np.array([1.0, 3.0, 5.0]) / 6.0
_FEW = 3


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows of delivery, one a row, of lots or of rests, with the lags to their reports.

    `owner` is the commitment (R,), `log_time` the log days from each promise node to each edge
    (R, P, B + 1), `years` the middle of each bin in years from the reference (R, B). The chance to
    be told is G(upper) - G(lower) at the lags whose logarithms are `log_upper` and `log_lower`
    (R, B, 3), averaged over the three points of each bin.
    """

    owner: Whole
    log_time: Floats
    years: Floats
    log_upper: Floats
    log_lower: Floats


@dataclass(frozen=True, slots=True)
class Block:
    """Commitments of one kind as arrays; n rows.

    `index` are their places among all, `nodes` the promise nodes of each, `parts` the windows of
    the reported lots, `rests` one for each commitment of which something may be left (its owners,
    ascending), None where all is complete. `lots` are the reported lots (n,), `log_coefficient`
    the logarithm of what each number of further lots weighs apart from the law of the number
    (n, MOST_LOTS + 1), -inf where it cannot be. `plain` and `told` weigh the powers of "not
    reported" and of "open and not reported" (n,), `over` says that nothing more will come.
    """

    index: Whole
    nodes: int
    parts: tuple[Windows, ...]
    rests: Windows | None
    lots: Floats
    log_coefficient: Floats
    plain: Floats
    told: Floats
    over: NDArray[np.bool_]

    @property
    def several(self) -> bool:
        """Whether the commitments have several reported lots, which fix their slowness closely."""
        return bool(self.lots[0] > 1)

    @property
    def size(self) -> int:
        """How many commitments there are."""
        return len(self.index)


def arrange(records: Sequence[Record], as_of: dt.date, reference: dt.date) -> list[Block]:
    """Lay commitments out by kind: promised on a day or in a period, with several lots or not."""
    kinds: dict[tuple[bool, bool], list[int]] = defaultdict(list)
    for place, one in enumerate(records):
        kinds[_vague(one), len(one.parts) > 1].append(place)
    return [
        _block(np.array(places), [records[place] for place in places], as_of, reference)
        for _, places in sorted(kinds.items())
    ]


def _vague(record: Record) -> bool:
    return record.promised[0] != record.promised[1]


def _block(index: Whole, records: list[Record], as_of: dt.date, reference: dt.date) -> Block:
    nodes = 3 if _vague(records[0]) else 1
    rows: list[tuple[int, Floats, float, bool]] = []
    for owner, record in enumerate(records):
        for part in record.parts:
            report = part.reported or as_of
            days: Days = part.delivered or (record.promised[0], report)
            edges = window_edges(days[0].toordinal(), days[1].toordinal() + 1, report)
            rows.append((owner, edges, report.toordinal(), part.reported_by))
    few = [row for row in rows if len(row[1]) <= _FEW]
    many = [row for row in rows if len(row[1]) > _FEW]
    today = as_of.toordinal()
    ends = [
        (owner, window_edges(one.promised[0].toordinal(), today + 1, as_of), float(today), True)
        for owner, one in enumerate(records)
        if not one.complete
    ]
    starts = np.stack([_promise_nodes(one.promised, nodes) for one in records])
    marks = [one.mark for one in records]
    return Block(
        index=index,
        nodes=nodes,
        parts=tuple(_windows(some, starts, reference) for some in (few, many) if some),
        rests=_windows(ends, starts, reference) if ends else None,
        lots=np.array([float(len(one.parts)) for one in records]),
        log_coefficient=np.stack([_log_coefficients(one) for one in records]),
        plain=np.array([0.0 if mark is Mark.OPEN else 1.0 for mark in marks]),
        told=np.array([{Mark.UNMARKED: 0.0, Mark.OPEN: 1.0}.get(mark, -1.0) for mark in marks]),
        over=np.array([one.withdrawn for one in records]),
    )


def window_edges(start: float, end: float, report: dt.date) -> Floats:
    """Return the edges of the bins of a window, ascending, cut at lags back from a report."""
    back = report.toordinal() + 1 - _BACK
    inside = back[(back > start) & (back < end)]
    return np.concatenate([[start], inside[::-1], [end]])


def _promise_nodes(promised: Days, nodes: int) -> Floats:
    first, last = promised[0].toordinal(), promised[1].toordinal()
    return np.array([float(first)]) if nodes == 1 else first + (last + 1 - first) * _PROMISE


def _windows(
    rows: Sequence[tuple[int, Floats, float, bool]], starts: Floats, reference: dt.date
) -> Windows:
    most = max(len(edges) for _, edges, _, _ in rows)
    owner = np.array([row[0] for row in rows])
    # Shorter ones end in bins of no width, which hold no chance.
    edges = np.stack([np.pad(row[1], (0, most - len(row[1])), mode="edge") for row in rows])
    report = np.array([row[2] for row in rows])[:, None, None]
    by = np.array([row[3] for row in rows])[:, None, None]
    width = np.diff(edges, axis=1)
    points = edges[:, :-1, None] + width[:, :, None] * _INNER
    middle = edges[:, :-1] + width / 2.0
    return Windows(
        owner=owner,
        log_time=log_time(edges[:, None, :] - starts[owner][:, :, None]),
        years=(middle - reference.toordinal()) / YEAR,
        log_upper=log_time(report + 1.0 - points),
        log_lower=np.where(by, BEFORE, log_time(report - points)),
    )


def log_time(days: Floats) -> Floats:
    """Return the logarithm of some days; no time where there is none."""
    return np.where(days > 0, np.log(np.maximum(days, 1e-12)), BEFORE)


def _log_coefficients(record: Record) -> Floats:
    """Return what each number of further lots weighs, given the sizes of those reported.

    Of K lots of exchangeable sizes, uniform on the simplex, r were reported with the shares
    s_1..s_r, k = K - r were not: the density is K!/k! (K-1)!/(k-1)! (1 - s_1 - .. - s_r)^(k-1).
    """
    from scipy.special import gammaln

    done = len(record.parts)
    further = np.arange(MOST_LOTS + 1, dtype=float)
    lots = done + further
    weight = gammaln(lots + 1) - gammaln(further + 1)
    if record.left is None:
        weight = weight - weight.max()
        return weight if done else np.where(further > 0, weight, -np.inf)
    if record.complete:
        return np.where(further == 0, 0.0, -np.inf)
    if done and all(one.share is not None for one in record.parts):
        weight = weight + gammaln(lots) - gammaln(np.maximum(further, 1.0))
        weight = weight + (further - 1.0) * np.log(np.clip(record.left, 1e-6, 1.0))
    weight = np.where(further > 0, weight, -np.inf)
    return np.asarray(weight - weight.max())
