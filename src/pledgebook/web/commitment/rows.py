"""Commitments as rows of a table: the words of each cell, drawn for those that are shown alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.events import State
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage, StageFigure
from pledgebook.ledger.status import COUNTED
from pledgebook.ledger.totals import counts_items
from pledgebook.ledger.wording import units
from pledgebook.reporting.answer_cells import interval, money_lines
from pledgebook.web.tables import Column, Table
from pledgebook.web.wording import Wording, plain_category

__all__ = [
    "STATE_TONES",
    "CommitmentRow",
    "commitment_table",
    "figure_lines",
    "is_about",
    "row_of",
    "state_words",
]

STATE_TONES = {
    State.ASKED: "asked",
    State.GRANTED: "asked",
    State.CONSIDERED: "considered",
    State.PLEDGED: "pledged",
    State.RESUMED: "pledged",
    State.ON_ORDER: "on-order",
    State.PARTLY_DELIVERED: "delivered",
    State.DELIVERED: "delivered",
    State.REFUSED: "refused",
    State.PAUSED: "refused",
    State.WITHDRAWN: "refused",
}
"""The colour of a state: that of the stage that it is nearest to."""


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """One commitment in words. `stages` has the lines of a cell for each stage that it reached."""

    id: str
    giver: str
    taker: str
    item: str
    unit: str
    stages: Mapping[str, tuple[str, ...]]
    outstanding: str
    promised: str
    days_late: int | None
    state: str
    tone: str
    first: dt.date
    last: dt.date
    reports: int
    differs: bool
    doubt: float | None


def row_of(
    one: Commitment, words: Wording, entries: Mapping[str, Entry], today: dt.date
) -> CommitmentRow:
    """Return a commitment in words."""
    about = any(
        is_about(one.stages[stage], entries)
        for stage in (Stage.PLEDGED, Stage.ON_ORDER, Stage.DELIVERED)
        if stage in one.stages
    )
    late = (today - one.due).days if one.overdue and one.due is not None else None
    return CommitmentRow(
        id=one.id,
        giver=words.giver(one),
        taker=words.names.of(one.recipient),
        item=words.item(one),
        unit="" if one.unit in (None, "item") else units(one.unit or ""),
        stages={
            stage.value: tuple(figure_lines(figure, entries))
            for stage, figure in one.stages.items()
        },
        outstanding=outstanding_text(one, about=about),
        promised=(one.promised or "").replace("/", " to "),
        days_late=late,
        state=state_words(one.state),
        tone=STATE_TONES[one.state],
        first=one.first,
        last=one.last,
        reports=len(one.statements),
        differs=bool(one.contradictions),
        doubt=max((doubt.score for doubt in one.doubts), default=None),
    )


def state_words(state: State) -> str:
    """Return how a commitment stands: "partly delivered"."""
    return state.value.replace("-", " ")


def is_about(figure: StageFigure, entries: Mapping[str, Entry]) -> bool:
    """Tell whether a report that a figure rests on gives its number as "about"."""
    return any(
        entry.statement.quantity is not None and entry.statement.quantity.approx
        for name in figure.prevailing
        if (entry := entries.get(name)) is not None
    )


def figure_lines(figure: StageFigure, entries: Mapping[str, Entry]) -> list[str]:
    """Return what is known of a stage as `status` writes it: "~7,000", "≤4", "n/k", "€200M"."""
    lines = []
    if figure.quantity.known or not figure.money:
        about = "~" if is_about(figure, entries) and _is_single(figure.quantity) else ""
        lines.append(about + interval(figure.quantity))
    return lines + money_lines(dict(sorted(figure.money.items())))


def _is_single(amount: Interval) -> bool:
    return amount.known and amount.low == amount.high


def outstanding_text(one: Commitment, *, about: bool) -> str:
    """Return how much is outstanding; empty where no number of things was promised."""
    left = one.outstanding
    if left is None or not counts_items(one):
        return ""
    if left.high == 0:
        return "0"
    return ("~" if about and _is_single(left) else "") + interval(left)


_COLUMNS = (
    Column("id", "Id"),
    Column("donor", "Donor"),
    Column("asked_by", "Asked by"),
    Column("recipient", "Recipient"),
    Column("category", "Category"),
    Column("item", "Item"),
    Column("unit", "Unit"),
    Column("state", "State"),
    *(
        Column(f"{stage.value}_{end}", f"{stage.value.replace('_', ' ').capitalize()}, {end}")
        for stage in COUNTED
        for end in ("low", "high", "money")
    ),
    Column("outstanding_low", "Outstanding, low"),
    Column("outstanding_high", "Outstanding, high"),
    Column("promised", "Promised for"),
    Column("due", "Due"),
    Column("overdue", "Overdue"),
    Column("days_late", "Days late"),
    Column("first", "First report"),
    Column("last", "Last report"),
    Column("reports", "Reports"),
    Column("contradictions", "Contradictions"),
    Column("doubt", "May be the same as another: score"),
)


def commitment_table(name: str, commitments: Iterable[Commitment], today: dt.date) -> Table:
    """Return commitments as a table to download: exact figures, codes of parties, whole ids.

    A stage that was not reached has no figures; one of unknown size has the word "unknown" as low.
    """
    rows: Sequence[Mapping[str, Any]] = [_record(one, today) for one in commitments]
    return Table(name, _COLUMNS, rows)


def _record(one: Commitment, today: dt.date) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": one.id,
        "donor": ", ".join(one.donors),
        "asked_by": ", ".join(one.asked_by),
        "recipient": one.recipient,
        "category": plain_category(one.category.value),
        "item": one.designation,
        "unit": one.unit,
        "state": state_words(one.state),
    }
    for stage in COUNTED:
        figure = one.stages.get(stage)
        if figure is not None:
            record |= _ends(stage.value, figure.quantity, asked=not figure.money)
            record[f"{stage.value}_money"] = "; ".join(
                f"{currency} {amount}" for currency, amount in sorted(figure.money.items())
            )
    if one.outstanding is not None and counts_items(one):
        record |= _ends("outstanding", one.outstanding, asked=True)
    late = one.overdue and one.due is not None
    return record | {
        "promised": one.promised,
        "due": str(one.due) if one.due else None,
        "overdue": one.overdue,
        "days_late": (today - one.due).days if late and one.due else None,
        "first": str(one.first),
        "last": str(one.last),
        "reports": len(one.statements),
        "contradictions": len(one.contradictions),
        "doubt": max((round(doubt.score, 3) for doubt in one.doubts), default=None),
    }


def _ends(name: str, amount: Interval, *, asked: bool) -> dict[str, Any]:
    if not amount.known:
        return {f"{name}_low": "unknown"} if asked else {}
    return {f"{name}_low": amount.low, f"{name}_high": amount.high}
