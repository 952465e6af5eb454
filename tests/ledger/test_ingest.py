"""Reading confirms in batches, counts what it did, and goes on past what cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

import crashing
import pytest

from making import Clock, Said, document, reading
from pledgebook.errors import Problem, UsageError
from pledgebook.ledger import ingest
from pledgebook.ledger.ingest import Ingest
from pledgebook.ledger.progress import ReadProgress
from pledgebook.ledger.store import Store
from pledgebook.reading.coders import Coder
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement

CODER = Coder("by-hand", "1", crashing.code)


def start(store: Store, coder: Coder = CODER) -> Ingest:
    return Ingest(store, load_catalogue(), coder)


def test_what_was_read_is_counted(store: Store) -> None:
    report = start(store).take(crashing.documents(12))
    assert (report.documents, report.new, report.unchanged, report.statements) == (12, 12, 0, 12)
    again = start(store).take(crashing.documents(15))
    assert (again.documents, again.new, again.unchanged, again.statements) == (15, 3, 12, 3)
    newer = start(store, Coder("by-hand", "2", crashing.code)).take(crashing.documents(2))
    assert (newer.new, newer.reread) == (0, 2)


def test_what_is_unchanged_is_not_read_again(store: Store) -> None:
    start(store).take(crashing.documents(3))

    def refuse(*_: object) -> list[Statement]:
        raise AssertionError

    report = start(store, Coder("by-hand", "1", refuse)).take(crashing.documents(3))
    assert (report.unchanged, report.problems) == (3, ())


def test_batches_are_confirmed_by_number(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "BATCH_DOCUMENTS", 4)
    seen = []

    def watched() -> Iterator[Document]:
        for made in crashing.documents(9):
            seen.append(len(store.documents()))
            yield made

    start(store).take(watched())
    assert seen == [0, 0, 0, 0, 4, 4, 4, 4, 8]


def test_an_interrupt_confirms_what_is_there(store: Store) -> None:
    def interrupted() -> Iterator[Document]:
        yield from crashing.documents(3)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        start(store).take(interrupted())
    assert len(store.documents()) == 3


def test_a_reader_that_fails_on_one_text_reads_the_others(store: Store) -> None:
    def fussy(found: Document, catalogue: Catalogue) -> list[Statement]:
        if "sends 2 " in found.text:
            raise ZeroDivisionError("by zero")
        if "sends 3 " in found.text:
            raise UsageError("not this one", mend="leave it out")
        return crashing.code(found, catalogue)

    report = start(store, Coder("by-hand", "1", fussy)).take(crashing.documents(4))
    assert report.new == 2
    assert [(problem.code, problem.source) for problem in report.problems] == [
        ("reader-failed", "1.txt"),
        ("unread", "2.txt"),
    ]
    assert sorted(problem.code for problem in store.problems()) == ["reader-failed", "unread"]


def test_what_was_purged_is_reported_and_not_stored_again(store: Store) -> None:
    start(store).take(crashing.documents(1))
    [stored] = store.documents()
    store.purge(stored.id, by="me")
    report = start(store).take(crashing.documents(2))
    assert report.new == 1
    assert [(problem.code, problem.source) for problem in report.problems] == [("purged", "0.txt")]
    assert store.document(stored.id).text == ""


def test_progress_is_told_and_problems_are_kept(store: Store) -> None:
    told: list[ReadProgress] = []
    problem = Problem(code="empty-document", what="it is empty", source="empty.txt")

    def found() -> Iterator[Document | Problem]:
        yield problem
        yield from crashing.documents(2)

    Ingest(store, load_catalogue(), CODER, told.append).take(found())
    assert [(one.origin, one.documents, one.statements, one.problems) for one in told] == [
        ("empty.txt", 0, 0, 1),
        ("0.txt", 1, 1, 1),
        ("1.txt", 2, 2, 1),
    ]
    assert store.problems() == [problem]


def test_the_same_document_twice_in_one_batch_is_one(store: Store, clock: Clock) -> None:
    del clock
    made = document("Norway sends 8 tanks")
    report = start(store).take([made, made])
    assert (report.documents, report.new, report.unchanged) == (2, 1, 1)
    assert [entry.statement for entry in store.entries()] == list(
        reading(made, [Said(made.text, quantity=8)]).statements
    )
