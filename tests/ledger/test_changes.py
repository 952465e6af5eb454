"""What changed between two views of a book: which figures, by which reports, by whose judgement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from making import Clock, Said, document, norway, reading, report
from pledgebook.book import Book
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.causes import Cause
from pledgebook.ledger.changes import Change, ChangeKind, Event
from pledgebook.ledger.comparing import Comparison
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.records import Reading
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Category, Kind, Scope

DAY = "2023-12-31"


@pytest.fixture
def book(place: str, clock: Clock) -> Iterator[Book]:
    with Store.open(place, clock=clock) as store:
        store.add(norway())
    with Book.open(place, clock=clock) as opened:
        yield opened


def by_quote(book: Book, words: str) -> str:
    [found] = [
        name
        for name, entry in book.ledger().entries.items()
        if words in entry.statement.evidence.quote
    ]
    return found


def of(found: Comparison, donor: str) -> Change:
    [change] = [
        one
        for one in found.changes.changes
        if donor in one.lead.donors and one.kind is not ChangeKind.REVIEWED
    ]
    return change


def figures(change: Change) -> dict[str, tuple[float | None, float | None]]:
    """The lows of each changed figure."""
    return {
        one.stage: (
            one.before.low if one.before else None,
            one.after.low if one.after else None,
        )
        for one in change.figures
    }


def causes(change: Change) -> dict[str, Cause]:
    return {one.entry.statement.evidence.quote: one.cause for one in change.reports}


def since(book: Book, then: dt.datetime, **asked: str) -> Comparison:
    """What is known of the last day now and was not then."""
    return book.diff(DAY, recorded_then=then, **asked)  # type: ignore[arg-type]


def now(clock: Clock) -> dt.datetime:
    """The present moment, which is then over."""
    moment = clock.now
    clock.advance(hours=1)
    return moment


def test_a_day_brings_reports_and_each_changes_what_it_says(book: Book) -> None:
    found = book.diff("2023-02-14", "2023-02-24")
    sweden = of(found, "SWE")
    assert sweden.kind is ChangeKind.NEW
    assert figures(sweden) == {"pledged": (None, 10), "outstanding": (None, 10)}
    assert causes(sweden) == {"Sweden will give ten Leopard 2 tanks": Cause.REPORTED}
    recalled = of(found, "NOR")
    assert recalled.kind is ChangeKind.CONFIRMED
    assert figures(recalled) == {}
    [again] = recalled.reports
    assert again.before is None
    assert len(found.changes.documents_new) == 1
    later = book.diff("2023-02-24", "2023-03-21")
    norwegian = of(later, "NOR")
    assert norwegian.kind is ChangeKind.CHANGED
    assert figures(norwegian) == {"delivered": (None, 3), "outstanding": (8, 5)}
    [level] = later.changes.observations
    assert level.entry.statement.kind is Kind.STOCK


def test_what_falls_due_is_told_although_nobody_reported_anything(book: Book) -> None:
    found = book.diff("2023-12-01", "2024-01-02")
    danish = of(found, "DNK")
    assert danish.events == (Event.OVERDUE,)
    assert (danish.figures, danish.reports) == ((), ())
    assert found.rows == ()


def test_the_last_delivery_meets_the_promise(book: Book, clock: Clock) -> None:
    then = now(clock)
    late = Said("Denmark has handed over all 19 F-16 jets", kind=Kind.DELIVERY, actors=("DNK",),
                quantity=19, category=Category.AIRCRAFT, designation="F-16")  # fmt: skip
    book._store.add([report(late, date="2024-02-01")])
    found = book.diff("2024-03-01", recorded_then=then)
    danish = of(found, "DNK")
    assert set(danish.events) == {Event.DELIVERED, Event.NOT_OVERDUE}
    assert figures(danish)["outstanding"] == (19, 0)


def test_a_refusal_is_told_of_the_promise_that_it_may_undo(book: Book, clock: Clock) -> None:
    then = now(clock)
    book._store.add([report(Said("Oslo refuses", kind=Kind.REFUSAL), date="2023-06-01")])
    found = since(book, then)
    told = [change for change in found.changes.changes if Event.REFUSED in change.events]
    assert any("NOR" in change.lead.donors for change in told)


def test_a_whole_that_is_merged_with_its_part_was_no_more_before(book: Book, clock: Clock) -> None:
    aid = Said("a package worth 250 million dollars", actors=("USA",), money=(250e6, "USD"),
               category=Category.MILITARY_AID, designation=None)  # fmt: skip
    missiles = Said("of which 100 million for TOW", actors=("USA",), money=(100e6, "USD"),
                    category=Category.ANTI_TANK_WEAPON, designation="TOW")  # fmt: skip
    book._store.add([report(aid, missiles, date="2023-08-29")])
    then = now(clock)
    whole, part = by_quote(book, "250 million"), by_quote(book, "100 million")
    assert [len(one.wholes) for one in book.commitments(donor="USA", item="TOW")] == [1]
    book.judge("same", whole, part, by="A. Clerk")
    [merged] = since(book, then).changes.changes
    assert (merged.kind, len(merged.before)) == (ChangeKind.MERGED, 2)
    assert [one for one in merged.figures if one.stage == "pledged"] == []


def test_a_judgement_merges_and_its_revocation_splits(book: Book, clock: Clock) -> None:
    then = now(clock)
    ids = [by_quote(book, "will send eight"), by_quote(book, "Sweden")]
    made = book.judge("same", *ids, by="A. Clerk")
    between = now(clock)
    found = since(book, then)
    [merged] = [one for one in found.changes.changes if one.kind is ChangeKind.MERGED]
    assert len(merged.before) == 2
    assert len(merged.after) == 1
    assert merged.judgements == (made.id,)
    assert merged.reports == ()
    assert figures(merged)["pledged"] == (18, 10)
    assert [one.id for one in found.changes.judged] == [made.id]
    book.revoke(made.id, by="A. Clerk")
    found = since(book, between)
    [split] = [one for one in found.changes.changes if one.kind is ChangeKind.SPLIT]
    assert figures(split)["pledged"] == (10, 18)
    assert split.judgements == (made.id,)
    assert [one.id for one in found.changes.unjudged] == [made.id]


def test_a_correction_shows_what_it_said_before(book: Book, clock: Clock) -> None:
    then = now(clock)
    changes = {"quantity": {"low": 12.0, "high": 12.0}}
    made = book.judge("corrected", by_quote(book, "Sweden"), by="A. Clerk", changes=changes)
    swedish = of(since(book, then), "SWE")
    [told] = swedish.reports
    assert told.cause is Cause.CORRECTED
    assert told.judgements == (made.id,)
    assert told.before is not None
    assert told.after is not None
    assert told.before.statement.quantity != told.after.statement.quantity
    assert figures(swedish) == {"pledged": (10, 12), "outstanding": (10, 12)}


def test_what_is_judged_wrong_goes_and_comes_back(book: Book, clock: Clock) -> None:
    then = now(clock)
    made = book.judge("wrong", by_quote(book, "Sweden"), by="A. Clerk")
    between = now(clock)
    gone = of(since(book, then), "SWE")
    assert gone.kind is ChangeKind.GONE
    assert [one.cause for one in gone.reports] == [Cause.WRONG]
    assert gone.reports[0].judgements == (made.id,)
    book.revoke(made.id, by="A. Clerk")
    back = of(since(book, between), "SWE")
    assert back.kind is ChangeKind.NEW
    assert [one.cause for one in back.reports] == [Cause.REINSTATED]


def test_hidden_restored_and_erased_documents_say_so(book: Book, clock: Clock) -> None:
    name = book.ledger().entries[by_quote(book, "Sweden")].document
    then = now(clock)
    book.withdraw(name, by="me")
    between = now(clock)
    hidden = since(book, then)
    assert [one.cause for one in of(hidden, "SWE").reports] == [Cause.WITHDRAWN]
    assert hidden.changes.documents_gone == (name,)
    book.restore(name, by="me")
    shown = now(clock)
    back = since(book, between)
    assert [one.cause for one in of(back, "SWE").reports] == [Cause.RESTORED]
    # What is erased is erased from all that the book ever knew.
    book.purge(name, by="me")
    assert since(book, shown).changes.changes == ()


def test_a_new_reading_is_no_new_report(place: str, clock: Clock) -> None:
    text = "Sweden will give ten Leopard 2 tanks this year, and Norway eight."
    made = document(text)
    short = Said("Sweden will give ten Leopard 2 tanks", actors=("SWE",), quantity=10)
    longer = Said("Sweden will give ten Leopard 2 tanks this year", actors=("SWE",), quantity=10,
                  when="2023")  # fmt: skip
    other = Said("Norway eight", quantity=8)
    with Book.open(place, clock=clock) as book:
        book._store.add([reading(made, [short])])
        then = now(clock)
        book._store.add([reading(made, [longer, other], version="2")])
        found = since(book, then)
        [told] = of(found, "SWE").reports
        assert told.cause is Cause.REREAD
        assert told.before is not None
        assert told.after is not None
        assert of(found, "NOR").kind is ChangeKind.NEW
        assert [one.cause for one in of(found, "NOR").reports] == [Cause.REREAD]
        assert (found.changes.documents_new, found.changes.documents_gone) == ((), ())


def test_the_same_bytes_by_a_newer_extractor_are_no_new_report(place: str, clock: Clock) -> None:
    made = document("Sweden will give ten tanks.")
    said = [Said("Sweden will give ten tanks", actors=("SWE",), quantity=10)]
    newer = document(made.text, extractor="text/2")
    longer = document(f"Press. {made.text}", bytes_sha256=made.bytes_sha256, extractor="text/3")
    with Book.open(place, clock=clock) as book:
        book._store.add([reading(made, said)])
        then = now(clock)
        book._store.add([reading(newer, said)])
        changes = since(book, then).changes.changes
        assert [one.kind for one in changes] == [ChangeKind.REVIEWED]
        then = now(clock)
        book._store.add([reading(longer, said)])
        causes_found = {
            one.cause for change in since(book, then).changes.changes for one in change.reports
        }
        assert causes_found == {Cause.REREAD}


def test_a_document_with_another_date_is_dated_anew(place: str, clock: Clock) -> None:
    made = document("Sweden will give ten tanks.", "2023-02-14")
    said = [Said("Sweden will give ten tanks", actors=("SWE",), quantity=10)]
    with Book.open(place, clock=clock) as book:
        book._store.add([reading(made, said)])
        then = now(clock)
        moved = made.model_copy(update={"date": dt.date(2024, 5, 1), "date_source": "given"})
        book._store.add([Reading(moved, reading(made, said).statements, "by-hand", "1", "x")])
        gone = of(since(book, then), "SWE")
        assert gone.kind is ChangeKind.GONE
        assert [one.cause for one in gone.reports] == [Cause.REDATED]
        later = book.diff("2024-06-01", recorded_then=then)
        assert [one.cause for one in of(later, "SWE").reports] == [Cause.REDATED]


def test_rows_tell_the_figures_that_status_shows(book: Book) -> None:
    found = book.diff("2023-02-24", "2023-03-21")
    rows = {row.lead.donor: row for row in found.rows if row.lead.donor}
    norwegian = rows["NOR"]
    told = {figure.stage: (figure.before, figure.after) for figure in norwegian.figures}
    assert told == {
        "delivered": (None, Total(3, 3)),
        "outstanding": (Total(8, 8), Total(5, 5)),
    }
    assert book.why(norwegian.id).facts["delivered"] == "3"
    assert found.homes[of(found, "NOR").lead.id] == norwegian.id


def test_a_running_total_that_no_longer_fits_is_told(place: str, clock: Clock) -> None:
    with Book.open(place, clock=clock) as book:
        book._store.add(
            [
                report(Said("Norway sends eight tanks", quantity=8)),
                report(Said("Norway sends forty tanks", quantity=40), date="2023-04-18"),
                report(Said("in all 48", quantity=48, scope=Scope.TOTAL), date="2023-06-01"),
            ]
        )
        then = now(clock)
        more = Said("Norway sends a further hundred tanks", quantity=100)
        book._store.add([report(more, date="2023-05-10")])
        found = since(book, then)
        [(before, after)] = found.changes.checks
        assert before is not None
        assert after is not None
        assert (before.verdict, after.verdict) == ("agrees", "falls-short")


def test_a_filter_keeps_what_fits(book: Book) -> None:
    found = book.diff("2023-02-01", DAY, donor="Sweden")
    assert [change.lead.donors for change in found.changes.changes] == [("SWE",)]
    assert [row.lead.donor for row in found.rows] == ["SWE"]
    assert len(found.changes.documents_new) == 1
    assert found.changes.observations == ()
    with pytest.raises(NotFoundError, match="SWE"):
        book.diff("2023-02-01", DAY, donor="Sweeden")


def test_views_that_make_no_sense_are_refused(book: Book) -> None:
    for first, second, how in (
        ("2023-03-01", "2023-02-01", {}),
        ("2023-03-01", "2023-03-01", {}),
        ("2023-03-01", "2023-02-01", {"recorded": True}),
        ("2023-03-01", None, {"recorded": True, "recorded_then": "2023-01-01"}),
        ("2023-03-01", None, {"recorded_then": "2023-02-01", "recorded_now": "2023-01-01"}),
        ("yesterday", None, {}),
    ):
        with pytest.raises(UsageError):
            book.diff(first, second, **how)


def test_nothing_between_two_days_is_nothing(book: Book) -> None:
    found = book.diff("2022-01-01", "2022-01-02")
    assert found.changes.changes == ()
    assert found.rows == ()
    assert book.diff("2023-05-01", recorded_then="2030-01-01").changes.changes == ()


def test_what_the_book_held_at_two_times(place: str, clock: Clock) -> None:
    first, second, third = norway()
    with Book.open(place, clock=clock) as book:
        book._store.add([first])
        then = now(clock)
        book._store.add([third])
        between = now(clock)
        book._store.add([second])
        found = book.diff(then, between, recorded=True)
        assert figures(of(found, "NOR"))["delivered"] == (None, 3)
        assert "SWE" not in {name for one in found.changes.changes for name in one.lead.donors}
        assert of(book.diff(between, recorded=True), "SWE").kind is ChangeKind.NEW
