"""A coding is what one person made of the machine's reading, and nothing of what others did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from making import Clock, Said, document, reading
from pledgebook.book import Book
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.coding.coding import Coding, Mark
from pledgebook.ledger.judgements import Verdict

NORWAY = Said("Norway will send eight Leopard 2 tanks", quantity=8)
SWEDEN = Said("Sweden gives ten tanks", actors=("SWE",), quantity=10, designation=None)
POLAND = Said("Poland sends 14 tanks", actors=("POL",), quantity=14, designation=None)
TEXT = f"{NORWAY.quote}. {SWEDEN.quote}. {POLAND.quote}. Finland follows with six."
FINLAND: dict[str, Any] = {"kind": "pledge", "actors": ["FIN"], "item": {"category": "tank"}}
EMPTY = "Nothing was promised on Monday."


@pytest.fixture
def book(place: str, clock: Clock) -> Iterator[Book]:
    with Book.open(place, clock=clock) as opened:
        opened.store.add([reading(document(TEXT), [NORWAY, SWEDEN, POLAND])])
        opened.store.add([reading(document(EMPTY, date="2023-02-15"), [])])
        yield opened


DOCUMENT, NOTHING = document(TEXT).id, document(EMPTY).id


def named(coding: Coding, party: str) -> str:
    [found] = [one.id for one in coding.statements if one.as_read.statement.actors == (party,)]
    return found


def marks(coding: Coding) -> dict[str, Mark]:
    return {one.statement.actors[0]: one.mark for one in coding.statements}


def judge(book: Book, clock: Clock, kind: str, party: str, by: str, **how: Any) -> str:  # noqa: ANN401
    clock.advance(minutes=1)
    name = named(book.coding.of(DOCUMENT, by), party)
    return book.coding.judge(kind, DOCUMENT, name, by=by, **how).id


def add_finland(book: Book, by: str = "ann") -> str:
    start = TEXT.index("Finland")
    made = book.add_statement(DOCUMENT, start, start + 24, FINLAND, by=by)
    return made.subjects[0].statement


def ann_codes(book: Book, clock: Clock) -> None:
    judge(book, clock, "accepted", "NOR", "ann")
    judge(book, clock, "wrong", "SWE", "ann")
    changes = {"quantity": {"low": 4, "high": 4}}
    judge(book, clock, "corrected", "POL", "ann", changes=changes)
    add_finland(book)


def test_everything_is_unread_at_first_in_the_order_of_the_text(book: Book) -> None:
    coding = book.coding.of(DOCUMENT[:8], "ann")
    assert coding.document == DOCUMENT
    assert [one.statement.actors for one in coding.unread] == [("NOR",), ("SWE",), ("POL",)]
    assert set(marks(coding).values()) == {Mark.UNREAD}
    assert (coding.done, coding.done_at, coding.lost) == (None, None, 0)
    assert book.coding.of(NOTHING, "ann").statements == ()


def test_a_coding_is_what_a_person_left(book: Book, clock: Clock) -> None:
    ann_codes(book, clock)
    coding = book.coding.of(DOCUMENT, "ann")
    assert marks(coding) == {
        "NOR": Mark.ACCEPTED,
        "SWE": Mark.WRONG,
        "POL": Mark.CORRECTED,
        "FIN": Mark.ADDED,
    }
    assert [one.statement.actors[0] for one in coding.standing] == ["NOR", "POL", "FIN"]
    poland = next(one for one in coding.statements if one.mark is Mark.CORRECTED)
    assert (poland.statement.quantity, poland.as_read.statement.quantity) != (None, None)
    assert poland.statement.quantity != poland.as_read.statement.quantity
    assert all(len(one.judgements) == 1 for one in coding.statements)
    assert coding.unread == ()


def test_each_person_works_blind_to_the_others(book: Book, clock: Clock) -> None:
    ann_codes(book, clock)
    before = book.coding.of(DOCUMENT, "bob")
    assert set(marks(before).values()) == {Mark.UNREAD}
    assert "FIN" not in marks(before)
    # What somebody else judged wrong is out of the ledger, and can be accepted all the same.
    swedish = named(before, "SWE")
    assert swedish not in book.ledger().entries
    book.coding.judge("accepted", DOCUMENT, swedish, by="bob")
    clock.advance(minutes=1)
    book.judge("accepted", swedish, by="eve")
    for who in ("bob", "eve"):
        assert marks(book.coding.of(DOCUMENT, who))["SWE"] is Mark.ACCEPTED
    assert marks(book.coding.of(DOCUMENT, "ann"))["SWE"] is Mark.WRONG
    assert swedish not in book.ledger().entries


def test_what_is_taken_back_is_as_if_it_had_not_been_said(book: Book, clock: Clock) -> None:
    wrong = judge(book, clock, "wrong", "SWE", "ann")
    clock.advance(minutes=1)
    book.revoke(wrong, by="bob")
    assert marks(book.coding.of(DOCUMENT, "ann"))["SWE"] is Mark.UNREAD


def test_a_document_is_coded_when_a_person_says_so(book: Book, clock: Clock) -> None:
    ann_codes(book, clock)
    made = book.coding.finish(DOCUMENT, by="ann")
    assert made.kind is Verdict.CODED
    assert book.coding.done("ann") == (DOCUMENT,)
    coding = book.coding.of(DOCUMENT, "ann")
    assert (coding.done, coding.done_at) == (made.id, clock.now)
    [whole] = [one for one in made.subjects if one.is_whole]
    assert (whole.start, whole.end) == (0, len(TEXT))
    assert {one.statement for one in made.subjects} - {""} == {one.id for one in coding.standing}
    assert book.ledger().decisions.state(made) == "in force"
    assert book.why(made.id).facts["by"] == "ann"
    # Said again with nothing changed, it is said once.
    clock.advance(minutes=1)
    assert book.coding.finish(DOCUMENT, by="ann") == made
    judge(book, clock, "wrong", "NOR", "ann")
    assert book.coding.finish(DOCUMENT, by="ann").id != made.id
    assert [one.statement.actors[0] for one in book.coding.of(DOCUMENT, "ann").standing] == [
        "POL",
        "FIN",
    ]


def test_a_document_without_statements_can_be_coded_too(book: Book) -> None:
    made = book.coding.finish(NOTHING, by="ann")
    assert [one.is_whole for one in made.subjects] == [True]
    assert book.coding.of(NOTHING, "ann").done == made.id
    assert book.ledger().decisions.state(made) == "in force"
    assert [one.documents for one in book.coding.coders()] == [(NOTHING,)]


def test_reopened_it_is_not_coded_and_nothing_else_is_lost(book: Book, clock: Clock) -> None:
    ann_codes(book, clock)
    book.coding.finish(DOCUMENT, by="ann")
    clock.advance(minutes=1)
    judge(book, clock, "wrong", "NOR", "ann")
    book.coding.finish(DOCUMENT, by="ann")
    clock.advance(minutes=1)
    assert len(book.coding.reopen(DOCUMENT, by="ann")) == 2
    assert book.coding.done("ann") == ()
    assert marks(book.coding.of(DOCUMENT, "ann"))["POL"] is Mark.CORRECTED
    with pytest.raises(UsageError, match="not done"):
        book.coding.reopen(DOCUMENT, by="ann")


def test_what_the_machine_reads_later_is_no_part_of_it(book: Book, clock: Clock) -> None:
    ann_codes(book, clock)
    book.coding.finish(DOCUMENT, by="ann")
    standing = [one.statement for one in book.coding.of(DOCUMENT, "ann").standing]
    more = Said("Finland follows", actors=("FIN",), recipient=None, designation=None)
    found = replace(more, quantity=6)
    other = replace(NORWAY, quantity=9)
    book.store.add([reading(document(TEXT), [other, more, found, SWEDEN], version="2")])
    coding = book.coding.of(DOCUMENT, "ann")
    assert [one.statement for one in coding.standing] == standing
    late = [one for one in coding.statements if one.mark is Mark.LATER]
    # What says the same as the one that she added is that one.
    [late_one] = late
    assert late_one.statement.quantity is not None
    assert marks(coding)["SWE"] is Mark.WRONG
    assert coding.lost == 0


def test_accepted_holds_for_what_was_read(book: Book, clock: Clock) -> None:
    judge(book, clock, "accepted", "NOR", "ann")
    same = replace(NORWAY, quote="will send eight Leopard 2 tanks")
    book.store.add([reading(document(TEXT), [same], version="2")])
    assert marks(book.coding.of(DOCUMENT, "ann")) == {"NOR": Mark.ACCEPTED}
    book.store.add([reading(document(TEXT), [replace(NORWAY, quantity=9)], version="3")])
    assert marks(book.coding.of(DOCUMENT, "ann")) == {"NOR": Mark.UNREAD}


def test_a_coding_moves_to_the_same_text_of_a_newer_extractor(book: Book, clock: Clock) -> None:
    ann_codes(book, clock)
    book.coding.finish(DOCUMENT, by="ann")
    before = book.coding.of(DOCUMENT, "ann")
    newer = document(TEXT, extractor="text/2")
    book.store.add([reading(newer, [NORWAY, SWEDEN, POLAND])])
    after = book.coding.of(newer.id, "ann")
    assert after.done == before.done
    assert book.coding.done("ann") == (newer.id,)
    assert marks(after) == marks(before)
    assert {one.statement.evidence.document for one in after.statements} == {newer.id}


def test_many_codings_at_once_are_the_same_as_one_by_one(book: Book, clock: Clock) -> None:
    ann_codes(book, clock)
    more = [document(f"{TEXT} No. {number}.", date="2023-03-01") for number in range(12)]
    book.store.add([reading(one, [NORWAY]) for one in more])
    for one in more[:3]:
        book.coding.finish(one.id, by="ann")
    names = [DOCUMENT, NOTHING, *(one.id for one in more)]
    together = book.coding.codings("ann", names)
    assert together == [book.coding.of(name, "ann") for name in names]


def test_what_cannot_be_is_refused(book: Book, clock: Clock) -> None:
    for kind in ("same", "added", "coded", "gift"):
        with pytest.raises(UsageError, match="nothing to say of one statement"):
            book.coding.judge(kind, DOCUMENT, "s0", by="ann")
    with pytest.raises(NotFoundError, match="no statement of"):
        book.coding.judge("wrong", NOTHING, "s0", by="ann")
    with pytest.raises(NotFoundError):
        book.coding.of("dfff", "ann")
    with pytest.raises(UsageError, match="begins 2 ids"):
        book.coding.of("d", "ann")
    book.withdraw(DOCUMENT)
    clock.advance(minutes=1)
    with pytest.raises(UsageError, match="withdrawn"):
        book.coding.finish(DOCUMENT, by="ann")
    assert book.coding.of(DOCUMENT, "ann").statements == ()
