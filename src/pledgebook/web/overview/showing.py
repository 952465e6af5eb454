"""The overview in words: what its template shows, drawn for what is on the page alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pledgebook.ledger.explain import document_name
from pledgebook.ledger.records import Entry, StoredDocument
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import COUNTED
from pledgebook.ledger.store import Store
from pledgebook.ledger.totals import OUTSTANDING
from pledgebook.ledger.wording import check_line, units
from pledgebook.reporting.amounts import money, quantity
from pledgebook.reporting.plain import one_line
from pledgebook.web.commitment.rows import CommitmentRow, row_of
from pledgebook.web.live import View
from pledgebook.web.overview.gathering import LISTED, CategoryLine, Overview
from pledgebook.web.wording import Wording, plain_category

__all__ = ["Card", "CategoryRow", "ClashRow", "NewRow", "Shown", "shown"]

_CURRENCIES = 3
_CLASHES = 5
_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Card:
    """How far commitments came: how many reached a stage, money as given, how many are unknown."""

    stage: Stage
    count: int
    unknown: int
    money: tuple[str, ...]
    more_money: int


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category in one unit, the lines of each cell by stage."""

    name: str
    ask: str
    unit: str
    commitments: int | None
    cells: Mapping[str, tuple[str, ...]]
    outstanding: str
    overdue: int | None


@dataclass(frozen=True, slots=True)
class NewRow:
    """A statement with its sentence; `commitment` is its home, None for a level."""

    id: str
    says: str
    quote: str
    speaker: str
    day: dt.date
    dated: bool
    document: str
    title: str
    commitment: str | None


@dataclass(frozen=True, slots=True)
class ClashRow:
    """A contradiction: what it is about, what it comes to, and who says what."""

    commitment: str
    title: str
    says: str
    told: tuple[NewRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page shows."""

    cards: Sequence[Card]
    categories: Sequence[CategoryRow]
    largest: Sequence[CommitmentRow]
    overdue: Sequence[CommitmentRow]
    newest: Sequence[NewRow]
    clashes: Sequence[ClashRow]
    failing: Sequence[tuple[str, str]]


def shown(found: Overview, view: View, words: Wording, store: Store) -> Shown:
    """Put an overview into words; the titles of documents are read for what is shown alone."""
    ledger = view.ledger
    clashes = found.clashes[:_CLASHES]
    told = [
        entry
        for clash in clashes
        for name in clash.statements[:_SENTENCES]
        if (entry := ledger.entries.get(name)) is not None
    ]
    documents = store.texts(sorted({entry.document for entry in (*found.newest, *told)}))
    quoting = _Quoting(view, words, documents)
    rows = [
        [row_of(one, words, ledger.entries, found.today) for one in some[:LISTED]]
        for some in (found.largest, found.overdue)
    ]
    return Shown(
        cards=[_card(stage, found) for stage in COUNTED],
        categories=[_category(line) for line in found.categories],
        largest=rows[0],
        overdue=rows[1],
        newest=[quoting.row(entry) for entry in found.newest],
        clashes=[
            ClashRow(
                commitment=clash.commitment.id,
                title=words.title(clash.commitment),
                says=f"{clash.stage.value.replace('_', ' ')}: {words.text(clash.says)}",
                told=tuple(
                    quoting.row(ledger.entries[name])
                    for name in clash.statements[:_SENTENCES]
                    if name in ledger.entries
                ),
                more=max(0, len(clash.statements) - _SENTENCES),
            )
            for clash in clashes
        ],
        failing=[
            (check.statement, f"{words.text(check.covers)}: {check_line(check)}")
            for check in found.failing[:_CLASHES]
        ],
    )


def _card(stage: Stage, found: Overview) -> Card:
    paid = found.money[stage]
    # Currencies cannot be ranked; what is told in large numbers is shown first.
    ordered = sorted(paid.items(), key=lambda pair: (-(pair[1].low or 0.0), pair[0]))
    return Card(
        stage=stage,
        count=found.reached.get(stage, 0),
        unknown=found.unknown[stage],
        money=tuple(money(total, currency) for currency, total in ordered[:_CURRENCIES]),
        more_money=max(0, len(ordered) - _CURRENCIES),
    )


def _category(line: CategoryLine) -> CategoryRow:
    sums = line.sums
    cells = {}
    for stage in COUNTED:
        lines = [quantity(sums.quantities.get(stage.value))]
        paid = sums.money.get(stage.value, {})
        lines += [money(total, currency) for currency, total in paid.items()]
        cells[stage.value] = tuple(filter(None, lines))
    return CategoryRow(
        name=plain_category(sums.category),
        ask=sums.category,
        unit="" if sums.unit in (None, "item") else units(sums.unit or ""),
        commitments=line.commitments,
        cells=cells,
        outstanding=quantity(sums.quantities.get(OUTSTANDING)),
        overdue=line.overdue,
    )


@dataclass(frozen=True, slots=True)
class _Quoting:
    view: View
    words: Wording
    documents: Mapping[str, StoredDocument]

    def row(self, entry: Entry) -> NewRow:
        document = self.documents.get(entry.document)
        statement = entry.statement
        return NewRow(
            id=entry.id,
            says=self.words.statement(statement),
            quote=one_line(statement.evidence.quote),
            speaker=one_line(statement.speaker or ""),
            day=entry.counted,
            dated=entry.dated,
            document=entry.document,
            title=one_line(document_name(document)) if document else entry.document,
            commitment=self.view.ledger.home.get(entry.id),
        )
