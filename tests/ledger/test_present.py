"""A clock that is set back does not turn the order of what was read and decided."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from making import START, Clock, Said, document, norway, reading, release, report
from pledgebook.book import Book
from pledgebook.ledger.judgements import Verdict
from pledgebook.ledger.records import Reading

SET_BACK = {"days": -400}


def two_readings() -> tuple[Reading, Reading]:
    """One document, of which a newer coder makes something else."""
    made = document("Norway will send eight tanks, not nine tanks.")
    eight = Said("Norway will send eight tanks", quantity=8)
    nine = Said("nine tanks", quantity=9)
    return reading(made, [eight]), reading(made, [nine], version="2")


def test_the_last_reading_counts_at_every_time_that_is_asked_for(place: str, clock: Clock) -> None:
    first, second = two_readings()
    with Book.open(place, clock=clock) as book:
        book.store.add([first])
        then = clock.now
        clock.advance(**SET_BACK)
    with Book.open(place, clock=clock) as book:
        book.store.add([second])
        [entry] = book.ledger().entries.values()
        assert entry.statement.evidence.quote == "nine tanks"
        # Before the first reading the book knew nothing, whatever the clock said meanwhile.
        earlier = then - dt.timedelta(days=1)
        assert book.ledger(recorded_as_of=earlier).entries == {}
        assert book.documents(recorded_as_of=earlier) == []
        clock.now = START + dt.timedelta(days=1)
        book.store.add([first])
        [entry] = book.ledger(recorded_as_of=then).entries.values()
        assert entry.statement.evidence.quote == "nine tanks"


def test_the_last_judgement_prevails(place: str, clock: Clock) -> None:
    with Book.open(place, clock=clock) as book:
        book.store.add(norway())
        statement = book.commitments()[0].statements[0]
        one = book.judge("corrected", statement, by="A", changes={"recipient": "POL"})
        clock.advance(**SET_BACK)
    with Book.open(place, clock=clock) as book:
        other = book.judge("corrected", statement, by="A", changes={"recipient": "EST"})
        assert [made.id for made in book.judgements()] == [one.id, other.id]
        assert other.made_at >= one.made_at
        assert "EST" in {found.recipient for found in book.commitments()}
        # What it takes back was made before it.
        back = book.revoke(other.id, by="A")
        assert back.made_at >= other.made_at
        assert "POL" in {found.recipient for found in book.commitments()}
        assert [made.id for made in book.judgements()] == [one.id, other.id, back.id]


def test_all_else_stays_in_order_too(place: str, clock: Clock) -> None:
    with Book.open(place, clock=clock) as book:
        book.store.add(norway())
        name = norway()[0].document.id
        book.withdraw(name, by="A")
        clock.advance(**SET_BACK)
        book.restore(name, by="A")
        assert book.store.document(name).state == "shown"
        new = book.store.add_release(release([report(Said("Norway: 8 tanks"))]), by="A")
        [stored] = book.releases()
        assert stored.id == new.id
        assert stored.made_at >= START
        book.purge(name, by="A")
        clock.advance(days=1)
        made = book.coding.add(
            norway()[1].document.id, 0, 5, {"kind": "pledge", "actors": ["NOR"], "recipient": "UKR",
            "item": {"category": "tank"}}, by="A",
        )  # fmt: skip
        assert made.kind is Verdict.ADDED
        assert made.made_at >= START
        assert book.ledger() == Book(book.store, clock=clock).ledger()


def test_a_clock_that_goes_on_is_believed(place: str, clock: Clock) -> None:
    with Book.open(place, clock=clock) as book:
        book.store.add(norway())
        later = clock.advance(days=3, microseconds=7)
        assert book.judge("wrong", book.commitments()[0].statements[0], by="A").made_at == later
        # What came from another book counts from when it came, whenever it was made there.
        assert book.store.clock() == later


def test_judgements_of_another_book_do_not_set_the_clock(
    place: str, clock: Clock, tmp_path: Path
) -> None:
    ahead = Clock(START + dt.timedelta(days=5000))
    with Book.open(tmp_path / "other.db", clock=ahead) as other:
        other.store.add(norway())
        other.judge("wrong", other.commitments()[0].statements[0], by="B")
        other.export_judgements(tmp_path / "judgements.jsonl")
    with Book.open(place, clock=clock) as book:
        book.store.add(norway())
        book.import_judgements(tmp_path / "judgements.jsonl")
        assert book.store.clock() == START


@pytest.mark.parametrize("back", [1, 10_000])
def test_the_ledger_lives_on_while_the_clock_is_wrong(place: str, clock: Clock, back: int) -> None:
    with Book.open(place, clock=clock) as book:
        book.store.add(norway())
        before = book.ledger()
        clock.advance(days=-back)
        # What is overdue is a matter of the day; what there is, is not.
        assert book.ledger().entries == before.entries
        assert book.ledger() == Book(book.store, clock=clock).ledger()
        book.store.add([report(Said("Greece will send a corvette", actors=("GRC",)))])
        assert len(book.commitments()) == len(before.commitments) + 1
        clock.advance(days=back)
        assert book.ledger() == Book(book.store, clock=clock).ledger()
