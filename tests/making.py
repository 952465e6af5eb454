"""Documents, statements and readings for tests, made by hand and small."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pledgebook.ledger.records import Entry, Reading, statement_ids
from pledgebook.ledger.releases import NewRelease, NewRow
from pledgebook.vocabulary.document import Document, sha256
from pledgebook.vocabulary.statement import (
    Category,
    Evidence,
    Item,
    Kind,
    Money,
    Per,
    Quantity,
    Scope,
    Statement,
    Status,
)

CODER, VERSION, DIGEST = "by-hand", "1", "catalogue"
START = dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC)

Amount = tuple[float | None, float | None]


@dataclass
class Clock:
    """A clock that stands still until it is told to go on."""

    now: dt.datetime = START

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, **span: float) -> dt.datetime:
        self.now += dt.timedelta(**span)
        return self.now


@dataclass(frozen=True)
class Said:
    """One sentence of a made-up report and how it is coded."""

    quote: str
    kind: Kind = Kind.PLEDGE
    actors: tuple[str, ...] = ("NOR",)
    recipient: str | None = "UKR"
    category: Category = Category.TANK
    designation: str | None = "Leopard 2"
    quantity: int | Amount | None = None
    unit: str = "item"
    per: Per | None = None
    money: tuple[float, str] | None = None
    status: Status = Status.FIRM
    scope: Scope = Scope.NEW
    when: str | None = None
    supplier: str | None = None
    speaker: str | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def statement(self, document: Document) -> Statement:
        start = document.text.index(self.quote)
        low_high = (
            (self.quantity, self.quantity) if isinstance(self.quantity, int) else self.quantity
        )
        return Statement(
            kind=self.kind,
            status=self.status,
            scope=self.scope,
            actors=self.actors,
            recipient=self.recipient,
            item=Item(category=self.category, designation=self.designation),
            quantity=Quantity(low=low_high[0], high=low_high[1], unit=self.unit, per=self.per)
            if low_high
            else None,
            money=Money(low=self.money[0], high=self.money[0], currency=self.money[1])
            if self.money
            else None,
            when=self.when,
            supplier=self.supplier,
            speaker=self.speaker,
            evidence=Evidence(
                document=document.id,
                start=start,
                end=start + len(self.quote),
                quote=self.quote,
            ),
            **self.more,
        )


def document(text: str, date: str | None = "2023-02-14", **changes: Any) -> Document:  # noqa: ANN401
    fields: dict[str, Any] = {
        "text": text,
        "bytes_sha256": sha256(text),
        "extractor": "text/1",
        "origin": "reports/one.txt",
        "date": dt.date.fromisoformat(date) if date else None,
        "date_source": "metadata" if date else None,
        "lang": "en",
    }
    return Document(**(fields | changes))


def report(
    *said: Said, date: str | None = "2023-02-14", lead: str = "", version: str = VERSION
) -> Reading:
    """Write the sentences into one text and code them."""
    made = document(" ".join([lead, *(f"{one.quote}." for one in said)]).strip(), date)
    return reading(made, said, version=version)


def reading(made: Document, said: Sequence[Said] = (), version: str = VERSION) -> Reading:
    statements = tuple(one.statement(made) for one in said)
    return Reading(made, statements, CODER, version, DIGEST)


def entries(readings: Iterable[Reading]) -> list[Entry]:
    """What the store would hand out of these readings."""
    found = []
    for one in readings:
        day = one.document.date
        found += [
            Entry(name, statement, one.document.id, day or START.date(), day is not None)
            for name, statement in zip(
                statement_ids(one.document.id, one.statements), one.statements, strict=True
            )
        ]
    return found


def norway() -> list[Reading]:
    """Promised, recalled, partly handed over, and a further promise by somebody else."""
    return [
        report(
            Said("Norway will send eight Leopard 2 tanks", quantity=8, when="2023-02-14"),
            Said("Denmark will send 19 F-16 jets", actors=("DNK",), quantity=19,
                 category=Category.AIRCRAFT, designation="F-16", when="2023-12"),
            date="2023-02-14",
        ),
        report(
            Said("the eight Leopard 2 tanks that Norway promised", quantity=8,
                 scope=Scope.BACKGROUND, when="2023-02-14"),
            Said("Sweden will give ten Leopard 2 tanks", actors=("SWE",), quantity=10),
            date="2023-02-24",
        ),
        report(
            Said("Norway handed over three of its Leopard 2 tanks", kind=Kind.DELIVERY, quantity=3,
                 when="2023-03-20"),
            Said("Ukraine asked for 100 tanks", kind=Kind.REQUEST, actors=("UKR",), quantity=100,
                 designation=None),
            Said("Norway holds 30 Leopard 2 tanks", kind=Kind.STOCK, recipient=None, quantity=30),
            date="2023-03-21",
        ),
    ]  # fmt: skip


_serial = itertools.count()


def unique(prefix: str = "report") -> str:
    """Return a text that no other call returns."""
    return f"{prefix} {next(_serial)}"


def release(
    rows: Sequence[Reading],
    name: str = "2023-01",
    published: str | None = "2023-01-31",
    *,
    dataset: str = "tracker",
    prices: Sequence[dict[str, Any]] = (),
) -> NewRelease:
    """A release of some rows; `prices` go with the first of them."""
    return NewRelease(
        dataset=dataset,
        name=name,
        format="made",
        origin=f"{name}.csv",
        bytes_sha256=sha256(name + "".join(row.document.text for row in rows)),
        reader="made/1",
        rows=[
            NewRow(
                row,
                f"key of {row.document.text}",
                f"{name}.csv#row={number}",
                () if number else prices,
            )
            for number, row in enumerate(rows)
        ],
        published=dt.date.fromisoformat(published) if published else None,
        notes=["a note"],
    )
