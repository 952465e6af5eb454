"""The ledger by donor, recipient, item, category, supplier, stage and time, in any combination.

Stages stand side by side and are never added to each other; units are kept apart, and so are
currencies. A commitment of several donors stands once, under their joint name: it is neither
divided between them nor counted for each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pledgebook.errors import UsageError
from pledgebook.ledger.answers.pieces import Piece, Span, pieces_of
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.filters import EVERYTHING, Filter
from pledgebook.ledger.intervals import Interval, Total
from pledgebook.ledger.records import Entry, digest_id
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.totals import once, outstanding_total
from pledgebook.ledger.wholes import Relation
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["ANY_UNIT", "DIMENSIONS", "TIMES", "GroupRow", "dimensions", "group_id", "group_rows"]

ANY_UNIT = "*"
"""The unit of a row that stands for all units of its group: it opens, and bears no sum."""

_PROMISED = (Stage.PLEDGED, Stage.ON_ORDER)
_FUNDING = frozenset({Relation.FUNDING})
_ALL = ""
_MASK_DIGITS = 3
_DIGITS = 20


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One line of a table by some dimensions.

    `values` are those of the dimensions in the order asked for; None where there is none.
    `labels` are the same as a person reads them. `categories` are the item categories that its
    quantities add up: more than one, and the sum is of different things. `joint` counts the
    commitments of several donors, `within` those whose money, or payment for things, lies within a
    package that is not in this row: over several rows they would be added up twice. `only` says by
    what the ledger was narrowed.
    """

    id: str
    by: tuple[str, ...]
    values: tuple[str | None, ...]
    labels: tuple[str | None, ...]
    unit: str | None
    quantities: Mapping[Stage, Total]
    money: Mapping[Stage, Mapping[str, Total]]
    outstanding: Total | None
    overdue: int
    considered: int
    refused: int
    joint: int
    within: int
    undated: int
    contradictions: int
    categories: tuple[str, ...]
    commitments: tuple[Commitment, ...]
    only: Filter = EVERYTHING

    @property
    def reports(self) -> int:
        """How many statements its commitments rest on."""
        return sum(len(one.statements) for one in self.commitments)


def _donor(piece: Piece) -> str | None:
    return ", ".join(piece.commitment.donors) or None


def _item(piece: Piece) -> str | None:
    one = piece.commitment
    name = one.item_id or (one.designation or "").casefold()
    return f"{one.category.value}/{name}"


def _period(length: int) -> Callable[[Span], str]:
    """Return what names the month or year of a span; a longer span keeps its own name."""

    def name(span: Span) -> str:
        first, last = (day.isoformat()[:length] for day in (span.start, span.end))
        return first if first == last else span.text

    return name


_month, _year = _period(7), _period(4)


def _quarter(span: Span) -> str:
    first, last = (f"{day.year}-Q{(day.month + 2) // 3}" for day in (span.start, span.end))
    return first if first == last else span.text


_READ: Mapping[str, Callable[[Piece], str | None]] = {
    "donor": _donor,
    "recipient": lambda piece: piece.commitment.recipient,
    "item": _item,
    "category": lambda piece: piece.commitment.category.value,
    "month": lambda piece: _month(piece.span),
    "quarter": lambda piece: _quarter(piece.span),
    "year": lambda piece: _year(piece.span),
    "stage": lambda piece: piece.stage.value,
    "supplier": lambda piece: piece.commitment.supplier,
}

DIMENSIONS = tuple(_READ)
"""What a table can be made by."""

TIMES = ("month", "quarter", "year")
"""The dimensions of time, of which a table has at most one."""


def dimensions(by: str | Iterable[str]) -> tuple[str, ...]:
    """Return the dimensions that "donor,month" names. Raises UsageError for any other word."""
    words = by.split(",") if isinstance(by, str) else list(by)
    found = tuple(dict.fromkeys(word.strip().casefold() for word in words if word.strip()))
    unknown = [word for word in found if word not in DIMENSIONS]
    if unknown or not found:
        what = f"a table cannot be made by {unknown[0]!r}" if unknown else "no dimension is named"
        raise UsageError(what, mend=f"Any of these, with commas between: {', '.join(DIMENSIONS)}")
    times = [word for word in found if word in TIMES]
    if len(times) > 1:
        raise UsageError(
            f"a table is by {times[0]} or by {times[1]}, not by both", mend="Name one of them"
        )
    return found


def group_rows(
    commitments: Iterable[Commitment],
    by: Sequence[str],
    entries: Mapping[str, Entry],
    catalogue: Catalogue,
    *,
    only: Filter = EVERYTHING,
    prefix: str = "f",
    whole: bool = False,
) -> list[GroupRow]:
    """Return a row for each group and unit, in the order of the dimensions.

    `only` is the filter that `commitments` went through, with names resolved: it is a part of the
    rows' ids. `prefix` leaves out rows whose ids do not begin so. `whole` gives one row for each
    group, whatever its units, to be opened rather than read.
    """
    groups: dict[tuple[tuple[str | None, ...], str | None], list[Piece]] = defaultdict(list)
    for piece in pieces_of(commitments, entries, catalogue.default_units):
        values = tuple(_READ[name](piece) for name in by)
        groups[values, ANY_UNIT if whole else piece.unit].append(piece)
    rows = []
    for (values, unit), pieces in groups.items():
        name = group_id(dict(zip(by, values, strict=True)), unit, only)
        if name.startswith(prefix):
            rows.append(_row(name, tuple(by), values, unit, pieces, only))
    return sorted(rows, key=_order)


def group_id(values: Mapping[str, str | None], unit: str | None, only: Filter) -> str:
    """Return the id of a row: its first digits tell the dimensions, so that it can be found again.

    The order in which the dimensions were asked for does not matter.
    """
    named = [name for name in DIMENSIONS if name in values]
    flags = [name in values for name in DIMENSIONS]
    flags += [part is not None for part in (only.donor, only.recipient, only.item)]
    mask = sum(1 << place for place, flag in enumerate(flags) if flag)
    parts = [part for name in named for part in (name, values[name])]
    digest = digest_id("f", "by", *parts, unit, only.donor, only.recipient, only.item)
    return f"f{mask:0{_MASK_DIGITS}x}{digest[1 : 1 + _DIGITS - _MASK_DIGITS]}"


def _order(row: GroupRow) -> tuple[object, ...]:
    stages = list(Stage)
    key = [
        f"{stages.index(Stage(value)):02}" if name == "stage" and value else value or "~"
        for name, value in zip(row.by, row.labels, strict=True)
    ]
    return *key, row.unit or "~", row.id


def _row(
    name: str,
    by: tuple[str, ...],
    values: tuple[str | None, ...],
    unit: str | None,
    pieces: Sequence[Piece],
    only: Filter,
) -> GroupRow:
    members = tuple({piece.commitment.id: piece.commitment for piece in pieces}.values())
    quantities: dict[Stage, Total] = {}
    money: dict[Stage, Mapping[str, Total]] = {}
    for stage in Stage:
        some = [piece for piece in pieces if piece.stage is stage]
        if not some:
            continue
        if unit != ANY_UNIT:
            quantities[stage] = _quantity(members, some)
        money[stage] = _money(members, some, stage)
    # What is outstanding follows from several stages: it is of none of them.
    unmet = [] if "stage" in by or unit == ANY_UNIT else _unmet(pieces)
    kinds = {
        piece.commitment.category.value
        for piece in pieces
        if piece.quantity is not None and piece.unit is not None
    }
    return GroupRow(
        id=name,
        by=by,
        values=values,
        labels=_labels(by, values, members),
        unit=unit,
        quantities=quantities,
        money=money,
        outstanding=outstanding_total(unmet) if unmet else None,
        overdue=sum(one.overdue for one in unmet),
        considered=sum(one.tentative for one in members),
        refused=sum(Stage.REFUSED in one.stages for one in members),
        joint=sum(len(one.donors) > 1 for one in members),
        within=sum(_brings_twice(one, members) for one in members),
        undated=sum(not one.dated for one in members),
        contradictions=sum(len(one.contradictions) for one in members),
        categories=tuple(sorted(kinds)),
        commitments=members,
        only=only,
    )


def _quantity(members: Sequence[Commitment], pieces: Iterable[Piece]) -> Total:
    """Add up pieces of one stage and unit; what one pays for and another hands over counts once."""
    brought: dict[str, Interval] = {}
    for piece in pieces:
        if piece.quantity is not None:
            name = piece.commitment.id
            earlier = brought.get(name)
            brought[name] = piece.quantity if earlier is None else earlier.plus(piece.quantity)

    def quantity(one: Commitment) -> Mapping[str, Interval]:
        return {_ALL: brought[one.id]} if one.id in brought else {}

    return once(members, quantity, relations=_FUNDING).get(_ALL, Total())


def _money(
    members: Sequence[Commitment], pieces: Iterable[Piece], stage: Stage
) -> Mapping[str, Total]:
    """Add up the money of one stage by currency; each package with its parts once."""
    brought: dict[str, dict[str, Interval]] = defaultdict(dict)
    for piece in pieces:
        known = brought[piece.commitment.id]
        for currency, amount in piece.money.items():
            known[currency] = known[currency].plus(amount) if currency in known else amount
    firm = stage is not Stage.DELIVERED
    return once(members, lambda one: brought.get(one.id, {}), whole_is_firm=firm)


def _brings_twice(one: Commitment, members: Sequence[Commitment]) -> bool:
    """Tell whether something of a commitment stands in the row of its whole too."""
    if not one.wholes:
        return False
    here = {other.id for other in members}
    has_money = any(figure.money for figure in one.stages.values())
    return any(
        part.whole not in here and (has_money or part.relation in _FUNDING) for part in one.wholes
    )


def _unmet(pieces: Iterable[Piece]) -> list[Commitment]:
    """Return the commitments whose outstanding part stands here: beside the promise it is of."""
    found: dict[str, Commitment] = {}
    for piece in pieces:
        one = piece.commitment
        if one.outstanding is None or piece.quantity is None or piece.stage not in _PROMISED:
            continue
        figures = [(stage, one.stages[stage]) for stage in _PROMISED if stage in one.stages]
        base = max(figures, key=lambda found: (found[1].quantity.known, found[1].quantity.floor))
        if piece.stage is base[0]:
            found[one.id] = one
    return list(found.values())


def _labels(
    by: Sequence[str], values: Sequence[str | None], members: Sequence[Commitment]
) -> tuple[str | None, ...]:
    item = min(one.item for one in members)
    return tuple(item if name == "item" else value for name, value in zip(by, values, strict=True))
