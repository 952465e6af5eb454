"""Books with a bit of everything in them, made by hand or drawn by hypothesis."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from making import CODER, DIGEST, START, Clock, Said, document, reading
from pledgebook.book import Book
from pledgebook.errors import Problem
from pledgebook.ledger import schema as t
from pledgebook.ledger.records import Reading, digest_id
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Category, Ground, Kind


@dataclass(frozen=True)
class Scene:
    """A book in which something happens."""

    book: Book
    store: Store
    clock: Clock


Step = Callable[[Scene], None]

ODD = [
    "",
    "\x00",
    "\x1a0000",
    "\ud800",
    "=1+1",
    "'=1+1",
    "\\N",
    '"a",\r\nb',
    "\ufffe☃\U0001f69c",
    " ",
]
_DONORS = ("NOR", "SWE", "DEU")


def rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, numbers and times too."""
    with store.database.reading() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(sa.select(table).order_by(*table.primary_key))
            ]
            for table in t.metadata.sorted_tables
        }


def counts(store: Store) -> dict[str, int]:
    return {name: len(found) for name, found in rows(store).items()}


def said(number: int, odd: str = "") -> Reading:
    """A report by one of three donors; `odd` stands in all that is free text."""
    donor = _DONORS[number % len(_DONORS)]
    # A quotation, unlike a text, holds no lone surrogates.
    sane = odd.encode(errors="ignore").decode()
    one = Said(
        f"{donor} will send {number + 1} tanks{sane}",
        actors=(donor,),
        quantity=number + 1,
        speaker=odd or None,
        supplier=odd or None,
        more={"grounds": (Ground(field="actors", start=0, end=4),)},
    )
    again = Said(
        f"{donor} sent {number + 1} tanks", kind=Kind.DELIVERY, actors=(donor,), quantity=number + 1
    )
    whole = Said(f"{donor} sends {number + 7} in all", actors=(donor,), quantity=number + 7)
    text = (
        f"Nobody quotes this. {'Nor this. ' * 20}"
        f"{donor} said on {number}: {odd} {one.quote}. And before, {odd}, {again.quote}.\n"
        # The ledger listens to the words near a quotation.
        f"{'A correction: not 9' if number % 2 else 'Not'} as was said{odd}, but {whole.quote}."
    )
    made = document(
        text,
        "2023-02-14" if number % 4 else None,
        title=odd or None,
        name=odd or None,
        url=f"https://example.org/{number}" if number % 2 else None,
        origin=f"reports/{number}{odd}.txt",
    )
    # The second statement is told twice: equal ones are numbered.
    return reading(made, [one, again, again, whole])


def reread(one: Reading, version: str = "2") -> Reading:
    """The same document, of which a newer coder makes less."""
    return Reading(one.document, one.statements[:1], CODER, version, DIGEST)


def add_release(store: Store, clock: Clock, number: int) -> None:
    """An imported release with one row, its document and a price."""
    made = document(f"Donor: NOR\nItem: tank {number}", origin=f"release.csv#{number}")
    one = reading(made, [Said(f"tank {number}", category=Category.TANK)])
    store.add([one])
    name = digest_id("i", "kiel", str(number))
    with store.database.writing() as connection:
        connection.execute(
            t.releases.insert().values(
                id=name, dataset="kiel", name=f"2022-{number}", format="kiel",
                published=dt.date(2022, 10, 3), origin="release.csv", bytes_sha256="0" * 64,
                supersedes=None, notes='["a note"]', made_by="me", made_at=clock(),
            )
        )  # fmt: skip
        connection.execute(
            t.release_rows.insert().values(
                release_id=name, position=0, document_id=made.id, run_id=one.run_id,
                key="NOR1", origin="release.csv#row=1",
            )
        )  # fmt: skip
        connection.execute(
            t.prices.insert().values(
                release_id=name, position=0, document_id=made.id, body='{"high":2.5,"low":1}'
            )
        )


def full_book(book: Book, clock: Clock) -> None:
    """Fill a book with something in every table, some of it taken back, hidden or erased."""
    store = book._store
    for number, odd in enumerate(ODD):
        store.add([said(number, odd)], [Problem(code="odd", what=odd or "-", source=f"{number}")])
        clock.advance(hours=1)
    store.add([reread(said(3, ODD[3])), reread(said(5, ODD[5]))])
    clock.advance(microseconds=1)
    store.add([said(3, ODD[3])])
    first, second, third, *_ = book.commitments()
    book.judge("same", first.id, second.id, by="A", note="=x")
    wrong = book.judge("wrong", third.statements[0], by="\ud800", note="'")
    clock.advance(days=1)
    book.revoke(wrong.id, by="A")
    book.judge("corrected", third.statements[0], by="A", changes={"recipient": "POL"})
    named = [said(number, ODD[number]).document.id for number in range(len(ODD))]
    for hidden in named[1], named[6]:
        book.withdraw(hidden, by="A", note="\x00")
        clock.advance(seconds=1)
    book._store.withdraw(named[6], by="A", hidden=False)
    book.purge(named[7], by="A")
    add_release(store, clock, 1)
    clock.advance(days=1)
    add_release(store, clock, 2)


def _add(number: int, odd: str) -> Step:
    def step(scene: Scene) -> None:
        scene.store.add([said(number, odd)])

    return step


def _reread(number: int, odd: str) -> Step:
    def step(scene: Scene) -> None:
        scene.store.add([reread(said(number, odd), version=str(scene.clock().second))])

    return step


def _document_step(number: int, what: str) -> Step:
    def step(scene: Scene) -> None:
        ids = scene.store.ids("d")
        if not ids:
            return
        name = ids[number % len(ids)]
        if what == "purge":
            scene.store.purge(name, by="me")
        else:
            scene.store.withdraw(name, by="me", note=what, hidden=what == "hide")

    return step


def _judge(number: int, kind: str) -> Step:
    def step(scene: Scene) -> None:
        names = list(scene.book.ledger().entries)
        made = scene.book.judgements()
        if kind == "revoke" and made:
            scene.book.revoke(made[number % len(made)].id, by="me")
        elif kind == "wrong" and names:
            scene.book.judge("wrong", names[number % len(names)], by="me")
        elif len(names) > 1 and kind in ("same", "different"):
            first, second = number % len(names), (number + 1) % len(names)
            scene.book.judge(kind, names[first], names[second], by="me")

    return step


_numbers = st.integers(0, 5)
_odd = st.sampled_from(ODD)
_steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(_add, _numbers, _odd),
    st.builds(_reread, _numbers, _odd),
    st.builds(_document_step, _numbers, st.sampled_from(["purge", "hide", "show"])),
    st.builds(_judge, _numbers, st.sampled_from(["same", "different", "wrong", "revoke"])),
)
histories = st.lists(st.tuples(_steps, st.integers(0, 3)), max_size=12)
"""What happens to a book, and how many seconds later the next thing does."""


def live(book: Book, clock: Clock, history: Sequence[tuple[Step, int]]) -> None:
    """Let a history happen to a book."""
    for step, seconds in history:
        step(Scene(book, book._store, clock))
        clock.advance(seconds=seconds)


def new_clock() -> Clock:
    return Clock(START)
