"""The queue puts first what matters most, says why, and follows from the book and the person."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from making import DIGEST, Clock, Said, document, reading, report
from pledgebook.book import Book
from pledgebook.ledger.coding.queue import Ranking
from pledgebook.ledger.coding.reasons import Why
from pledgebook.ledger.coding.weights import load_weighing
from pledgebook.ledger.records import Reading
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Category

COUNTRIES = ("NOR", "SWE", "FIN", "DNK", "DEU", "FRA", "ITA", "ESP", "POL")


def tanks(party: str, count: int, day: int) -> Reading:
    quote = f"{party} will send {count} tanks"
    said = Said(quote, actors=(party,), quantity=count, designation=None)
    return report(said, date=f"2023-02-{day:02}")


LARGE = tanks("USA", 900, 2)
PLAIN = [tanks(party, 8 + number % 3, 3 + number) for number, party in enumerate(COUNTRIES)]
UNSURE = report(
    Said("Berlin helps with fuel", category=Category.FUEL, designation=None,
         more={"score": 0.2}),
    date="2023-01-05",
)  # fmt: skip
UNDATED = report(
    Said("Rome helps with medicine", actors=("ITA",), category=Category.MEDICAL, designation=None),
    date=None,
)
NOTHING = reading(document("It rained on Monday.", date="2023-01-01"), [])
OLD, NEW = (
    report(Said(f"Vienna gives {count} ambulances", actors=("AUT",), quantity=count,
                category=Category.VEHICLE, designation=None, when="2023-02"),
           date=date)
    for count, date in ((30, "2023-02-01"), (12, "2023-02-02"))
)  # fmt: skip
STORY = [LARGE, *PLAIN, UNSURE, UNDATED, NOTHING, OLD, NEW]


@pytest.fixture
def book(place: str, clock: Clock) -> Iterator[Book]:
    with Book.open(place, clock=clock) as opened:
        opened.store.add(STORY)
        yield opened


def order(book: Book, by: str = "ann", **how: Any) -> list[str]:  # noqa: ANN401
    return [one.document for one in book.coding.queue(by, **how).documents]


def why(book: Book, document: Document, by: str = "ann") -> str:
    queue = book.coding.queue(by).documents
    return next(one.why for one in queue if one.document == document.id)


def first_statement(book: Book, made: Reading, by: str) -> str:
    return book.coding.of(made.document.id, by).statements[0].id


def test_every_document_has_its_place_and_its_reason(book: Book) -> None:
    queue = book.coding.queue("ann")
    assert (queue.by, queue.finished, len(queue.documents)) == ("ann", 0, len(STORY))
    found = order(book)
    assert sorted(found) == sorted(one.document.id for one in STORY)
    weights = [one.weight for one in queue.documents]
    assert weights == sorted(weights, reverse=True)
    assert {found[0], found[1]} == {OLD.document.id, NEW.document.id}
    assert [found.index(one.document.id) for one in (LARGE, UNSURE, UNDATED)] == [2, 3, 4]
    assert "reports contradict each other" in why(book, NEW.document)
    assert why(book, LARGE.document) == "900 is 100 times the median of its like (tank, quantity)"
    assert why(book, UNSURE.document) == "the reader is not sure of it (score 0.20)"
    assert why(book, UNDATED.document) == "its document has no date"
    assert why(book, PLAIN[0].document) == "nothing stands out"
    assert "nothing was read in it" in why(book, NOTHING.document)
    # Among equals the newest comes first.
    plain = [name for name in found if name in {one.document.id for one in PLAIN}]
    assert plain == [one.document.id for one in reversed(PLAIN)]
    assert [one.why for one in queue.statements()[0].reasons] == [Why.CONTRADICTION]
    assert queue.documents[2:4] == [queue.documents[2], queue.documents[3]]


def test_what_a_person_judged_or_is_done_with_is_out(book: Book, clock: Clock) -> None:
    name = first_statement(book, LARGE, "ann")
    book.coding.judge("accepted", LARGE.document.id, name, by="ann")
    assert why(book, LARGE.document) == "all of it is judged; say that you are done"
    queue = book.coding.queue("ann")
    [place] = [one for one in queue.documents if one.document == LARGE.document.id]
    assert (place.weight, place.read, place.left, place.statements) == (0, 1, 0, ())
    assert "100 times" in why(book, LARGE.document, by="bob")
    clock.advance(minutes=1)
    made = book.coding.finish(LARGE.document.id, by="ann")
    assert LARGE.document.id not in order(book)
    assert book.coding.queue("ann").finished == 1
    assert LARGE.document.id in order(book, by="bob")
    clock.advance(minutes=1)
    book.revoke(made.id, by="ann")
    assert LARGE.document.id in order(book)


def test_where_two_people_decided_differently_comes_first(book: Book, clock: Clock) -> None:
    quiet = PLAIN[4]
    name = first_statement(book, quiet, "bob")
    book.coding.judge("wrong", quiet.document.id, name, by="bob")
    assert quiet.document.id != order(book)[0]
    clock.advance(minutes=1)
    book.coding.finish(quiet.document.id, by="eve")
    assert order(book)[0] == quiet.document.id
    assert why(book, quiet.document) == "bob and eve decided differently"
    assert order(book, blind=True)[0] != quiet.document.id
    # Of those who disagree, nobody is sent to what they have judged.
    assert order(book, by="bob")[0] != quiet.document.id
    assert quiet.document.id not in order(book, by="eve")


@pytest.mark.parametrize("way", ["corrected", "added", "missed", "alike"])
def test_disputes_are_about_fields_and_what_was_missed_too(
    book: Book, clock: Clock, way: str
) -> None:
    made = PLAIN[2].document
    name = first_statement(book, PLAIN[2], "bob")
    fields = {"kind": "stock", "actors": ["FIN"], "item": {"category": "tank"}}
    for number, who in enumerate(("bob", "eve")):
        clock.advance(minutes=1)
        if way in ("corrected", "alike"):
            size = 20 + (number if way == "corrected" else 0)
            changes = {"quantity": {"low": size, "high": size}}
            book.coding.judge("corrected", made.id, name, by=who, changes=changes)
        elif way == "added":
            said = fields | {"quantity": {"low": number, "high": number}}
            book.add_statement(made.id, 0, 8, said, by=who)
        elif who == "bob":
            book.add_statement(made.id, 0, 8, fields, by=who)
        else:
            book.coding.finish(made.id, by=who)
    says = "bob and eve decided differently"
    assert (says in why(book, made)) == (way != "alike")


def test_where_machine_coders_differ_is_told(book: Book, clock: Clock) -> None:
    made = PLAIN[6]
    clock.advance(minutes=1)
    other = Reading(made.document, (), "another", "1", DIGEST)
    book.store.add([other])
    assert why(book, made.document) == "coders read it differently: 1 more by by-hand"
    clock.advance(minutes=1)
    book.store.add([made])
    assert why(book, made.document) == "another coder does not read it so"
    # A newer version of the same coder is no second opinion.
    same = PLAIN[7]
    clock.advance(minutes=1)
    book.store.add([Reading(same.document, (), "by-hand", "2", DIGEST)])
    assert "nothing was read in it" in why(book, same.document)


def test_what_is_hidden_is_out_and_what_is_new_is_in(book: Book) -> None:
    book.withdraw(LARGE.document.id)
    assert LARGE.document.id not in order(book)
    book.restore(LARGE.document.id)
    assert LARGE.document.id in order(book)
    later = tanks("LVA", 9, 28)
    book.store.add([later])
    assert later.document.id in order(book)


def test_a_kept_ledger_sees_what_people_did_since(book: Book) -> None:
    kept = book.ledger()
    book.coding.finish(LARGE.document.id, by="ann")
    assert LARGE.document.id not in order(book, ledger=kept)
    assert order(book, ledger=kept) == order(book)


def test_the_order_does_not_depend_on_that_of_reading(book: Book) -> None:
    ledger = book.ledger()
    days = {one.document.id: one.document.date or ledger.today for one in STORY}
    expected = [one.document for one in Ranking(ledger, days, {}).queue("ann", {}).documents]
    shuffled = list(days.items())
    random.Random(5).shuffle(shuffled)
    found = Ranking(ledger, dict(shuffled), {}).queue("ann", {}).documents
    assert [one.document for one in found] == expected


def test_the_weights_are_those_that_the_page_states() -> None:
    from pathlib import Path

    page = (Path(__file__).resolve().parents[3] / "docs" / "coding.md").read_text(encoding="utf-8")
    rules = load_weighing()
    weights = rules.weights
    for says in (
        f"differently | {weights.coders:g} |",
        f"read it differently | {weights.readers:g} |",
        f"later refused | {weights.contradiction:g} |",
        f"{weights.large:g} for each power of ten, at most {weights.most_large:g} |",
        f"below {rules.score.below:g} | {weights.low_score:g}, times",
        f"no date | {weights.undated:g} |",
    ):
        assert says in page
    assert (rules.large.times, rules.large.least) == (5, 8)
