"""The index follows the book: in the same transaction, through every way in and out of it."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from library import LONG, library
from searching import held, titles

from engines import on_postgresql, on_sqlite
from making import CODER, DIGEST, Clock, Said, document, norway, reading, release, report
from pledgebook.book import Book
from pledgebook.ledger import adding
from pledgebook.ledger.records import Reading
from pledgebook.ledger.search import indexing
from pledgebook.ledger.search.indexing import index_missing
from pledgebook.ledger.search.words import fold

SECRET = "zyzzyva"


def found(book: Book, query: str, **how: str) -> dict[str, int]:
    """How many of each type a query finds."""
    one = book.search(query, **how)  # type: ignore[arg-type]
    types = next(facet for facet in one.facets if facet.name == "type")
    return {value.value: value.count for value in types.values}


def secret(text: str = f"Norway will send eight {SECRET} tanks") -> Reading:
    return reading(document(f"{text}.", title=f"The {SECRET}"), [Said(text, quantity=8)])


EVERYWHERE = {"document": 1, "statement": 1, "commitment": 1}


@pytest.fixture
def book(place: str, clock: Clock) -> Iterator[Book]:
    with Book.open(place, clock=clock) as opened:
        yield opened


def test_what_is_added_is_found_at_once_by_whoever_has_the_book_open(
    book: Book, place: str, clock: Clock
) -> None:
    with Book.open(place, clock=clock) as other:
        assert found(other, SECRET) == {}
        book.store.add([secret()])
        assert found(other, SECRET) == found(book, SECRET) == EVERYWHERE
        book.store.add(norway())
        assert found(other, "norway leopard") == found(book, "norway leopard")
        assert found(other, "norway leopard")["document"] == 3


def test_the_same_bytes_twice_are_indexed_once(book: Book) -> None:
    book.store.add([secret(), *library()])
    before = held(book.store)
    book.store.add([secret(), *library()])
    moved = secret().document.model_copy(update={"origin": "elsewhere.txt"})
    book.store.add([Reading(moved, secret().statements, CODER, "1", DIGEST)])
    assert held(book.store) == before
    # One for each document and statement, and several for the long one.
    documents, statements = 1 + len(library()), 1 + sum(len(one.statements) for one in library())
    assert before["rows"] == before["words"] > documents + statements


def test_a_crash_leaves_nothing_in_the_index(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    before = held(book.store)

    def dies(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(adding, "_activate", dies)
    with pytest.raises(ZeroDivisionError):
        book.store.add([secret()])
    monkeypatch.undo()
    assert held(book.store) == before
    book.store.add([secret()])
    assert found(book, SECRET) == EVERYWHERE


def test_withdrawing_hides_and_restoring_shows(book: Book) -> None:
    book.store.add([secret(), *norway()])
    book.withdraw(secret().document.id)
    assert found(book, SECRET) == {}
    assert book.search(SECRET).suggestions == ()
    book.restore(secret().document.id)
    assert found(book, SECRET) == EVERYWHERE


def test_a_new_reading_takes_the_place_of_the_old_one(book: Book) -> None:
    made = document("Norway will send eight tanks. Sweden will send ten helmets.")
    book.store.add([reading(made, [Said("Norway will send eight tanks")])])
    again = [Said("Sweden will send ten helmets", actors=("SWE",))]
    book.store.add([reading(made, again, version="2")])
    assert titles(book, "send") == ["Sweden → Ukraine: Leopard 2 (pledge)"]
    assert found(book, "eight") == {"document": 1}
    # And back: the old one is not indexed a second time.
    before = held(book.store)
    book.store.add([reading(made, [Said("Norway will send eight tanks")])])
    assert titles(book, "send") == ["Norway → Ukraine: Leopard 2 (pledge)"]
    assert held(book.store) == before


def test_a_superseded_text_is_not_found(book: Book) -> None:
    old = document(f"Norway will send eight {SECRET} tanks.")
    new = document(
        "Norway will send eight better tanks.",
        bytes_sha256=old.bytes_sha256,
        extractor="text/2",
    )
    for made in (old, new):
        book.store.add([reading(made, [Said(made.text.rstrip("."))])])
    assert found(book, SECRET) == {}
    assert found(book, "better") == EVERYWHERE


def test_judgements_change_what_is_found(book: Book) -> None:
    book.store.add([secret()])
    [hit] = book.search(SECRET, kinds=["statement"]).hits
    changes = {"item": {"category": "helicopter", "designation": "Sea King"}, "actors": ["DNK"]}
    fixed = book.judge("corrected", hit.id, changes=changes)
    assert titles(book, "denmark helicopter king") == ["Denmark → Ukraine: Sea King (pledge)"]
    assert found(book, "item:helicopter donor:DNK") == EVERYWHERE
    book.revoke(fixed.id)
    assert found(book, "item:helicopter") == {}
    wrong = book.judge("wrong", hit.id)
    assert found(book, SECRET) == {"document": 1}
    book.revoke(wrong.id)
    assert found(book, SECRET) == EVERYWHERE


def test_nobody_waits_for_another_who_lays_out_a_judgement(book: Book) -> None:
    book.store.add([secret()])
    [hit] = book.search(SECRET, kinds=["statement"]).hits
    library = book.searcher._library
    with library._making:
        book.judge("wrong", hit.id)
        # For a moment as before.
        assert found(book, SECRET) == EVERYWHERE
    assert found(book, SECRET) == {"document": 1}
    # What is withdrawn is waited for.
    with ThreadPoolExecutor(1) as pool:
        with library._making:
            book.withdraw(hit.document or "")
            waiting = pool.submit(book.search, SECRET)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.2)
        assert waiting.result().total == 0


def test_statements_that_people_added_are_found(book: Book) -> None:
    made = document("Norway said that eight tanks will go to Kyiv.")
    book.store.add([reading(made)])
    assert found(book, '"eight tanks"') == {"document": 1}
    start = made.text.index("eight")
    fields = {"kind": "pledge", "actors": ["NOR"], "item": {"category": "tank"}}
    book.add_statement(made.id, start, start + len("eight tanks"), fields, by="me")
    assert found(book, '"eight tanks"') == EVERYWHERE
    assert found(book, "eight -tanks") == {}


def test_rows_of_data_sets_are_found_once_they_count(book: Book) -> None:
    row = report(Said(f"Norway: eight {SECRET} tanks", quantity=8))
    added = book.store.add_release(release([row]), by="me")
    assert found(book, SECRET) == {}
    [entry] = book.store.release_entries(added.id)
    book.judge("counted", entry.id)
    assert found(book, SECRET) == {"statement": 1, "commitment": 1}


def test_time_travel(book: Book, clock: Clock) -> None:
    book.store.add([report(Said(f"Norway will send eight {SECRET} tanks"), date="2023-02-14")])
    then = clock()
    clock.advance(days=1)
    book.store.add([report(Said(f"Sweden sends the {SECRET}", actors=("SWE",)), date="2023-05-01")])
    assert found(book, SECRET)["document"] == 2
    assert found(book, SECRET, as_of="2023-04-30")["document"] == 1
    assert found(book, SECRET, as_of="2023-04-30", recorded_as_of=then.isoformat()) == EVERYWHERE
    assert found(book, SECRET, recorded_as_of=then.isoformat()) == EVERYWHERE
    assert found(book, SECRET, as_of="2023-01-01") == {}
    clock.advance(days=1)
    book.withdraw(secret_of(book))
    hidden = clock() - dt.timedelta(hours=1)
    assert found(book, SECRET)["document"] == 1
    assert found(book, SECRET, recorded_as_of=hidden.isoformat())["document"] == 2


def secret_of(book: Book) -> str:
    return next(hit.id for hit in book.search(f"{SECRET} sweden", kinds=["document"]).hits)


def test_a_purge_takes_it_out_for_good(book: Book) -> None:
    book.store.add([secret(), *library()])
    before = held(book.store)
    book.purge(secret().document.id)
    assert found(book, SECRET) == {}
    assert held(book.store) == {name: count - 2 for name, count in before.items()}
    assert found(book, "challenger") == EVERYWHERE
    book.store.add([secret()])
    assert found(book, SECRET) == {}
    # What comes later is not taken for what was there.
    book.store.add([report(Said("Sweden will send a corvette", actors=("SWE",)))])
    assert found(book, "corvette") == EVERYWHERE
    assert found(book, SECRET) == {}


@on_sqlite
def test_nothing_of_a_purged_text_is_left_in_the_file(book: Book, place: str) -> None:
    book.store.add([*library(), secret()])
    book.store.add(norway())
    assert _in_files(place, SECRET)
    book.purge(secret().document.id)
    assert not _in_files(place, SECRET)
    book.close()
    with sqlite3.connect(place) as raw:
        raw.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")


def _in_files(place: str, word: str) -> bool:
    files = Path(place).parent.glob(f"{Path(place).name}*")
    return any(word.encode() in file.read_bytes().lower() for file in files)


@on_postgresql
def test_nothing_of_a_purged_text_is_left_in_the_tables(book: Book) -> None:
    book.store.add([secret()])
    book.purge(secret().document.id)
    with book.store.database.reading() as connection:
        for table in ("search_index", "search_rows"):
            rows = connection.execute(sa.text(f"SELECT * FROM {table}")).all()
            assert rows == []


@on_sqlite
def test_a_text_that_would_be_taken_apart_otherwise_now_is_erased_all_the_same(
    book: Book, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(indexing, "fold", lambda text: [word[::-1] for word in fold(text)])
        book.store.add([secret(), report(Said("Sweden will send a corvette", actors=("SWE",)))])
    assert found(book, "corvette") == {}
    assert _in_files(place, SECRET[::-1])
    book.purge(secret().document.id)
    assert not _in_files(place, SECRET)
    assert not _in_files(place, SECRET[::-1])
    # The rest was indexed anew, as words are told apart today.
    assert found(book, "corvette") == EVERYWHERE


def test_an_exported_book_is_searched_where_it_is_taken_in(
    book: Book, tmp_path: Path, clock: Clock
) -> None:
    book.store.add([secret(), *library()])
    book.purge(library()[0].document.id)
    whole, quoted = tmp_path / "whole.jsonl", tmp_path / "quoted.jsonl"
    book.export("jsonl", whole, with_text=True)
    book.export("jsonl", quoted, with_text=False)
    with Book.open(tmp_path / "other.db", clock=clock) as other:
        other.import_book(quoted)
        # Only what was quoted of it is there.
        assert found(other, "minister") == {}
        assert found(other, "challenger") == found(book, "challenger")
        other.import_book(whole)
        assert found(other, "minister") == {"document": 1}
        other.import_book(whole)
        assert held(other.store) == held(book.store)
        for query in ("", "leopard", "harbour", SECRET):
            assert found(other, query) == found(book, query)


def test_a_text_of_which_only_quotations_were_kept_becomes_whole(
    book: Book, tmp_path: Path, clock: Clock
) -> None:
    book.store.add([secret(), *library()])
    book.export("jsonl", tmp_path / "quoted.jsonl", with_text=False)
    with Book.open(tmp_path / "other.db", clock=clock) as other:
        other.import_book(tmp_path / "quoted.jsonl")
        assert found(other, "minister") == {}
        other.store.add(library())
        assert found(other, "minister") == {"document": 1}
        assert held(other.store)["rows"] == held(book.store)["rows"]


def test_what_is_missing_is_indexed_and_nothing_twice(book: Book) -> None:
    book.store.add([secret(), *library()])
    before = held(book.store), found(book, "leopard")
    with book.store.database.writing() as connection:
        index_missing(connection)
    assert (held(book.store), found(book, "leopard")) == before
    with book.store.database.writing() as connection:
        indexing.forget(connection, [secret().document.id, library()[-1].document.id])
    # What the index lacks of the statements is looked through all the same.
    assert found(Book(book.store), SECRET) == {"statement": 1, "commitment": 1}
    with book.store.database.writing() as connection:
        index_missing(connection)
    assert held(book.store) == before[0]
    assert found(book, SECRET) == EVERYWHERE


@pytest.mark.parametrize(
    "text",
    [
        "tank " * 3000 + SECRET,
        LONG + SECRET,
        SECRET * 5000,
        f"{'x' * 10_000} {SECRET}",
        "".join(chr(0x4E00 + number % 3000) for number in range(9000)) + SECRET,
    ],
    ids=["one word", "long", "one long word", "a long word", "no spaces"],
)
def test_long_texts(book: Book, text: str) -> None:
    made = document(text + " Norway sends tanks")
    book.store.add([reading(made, [Said(made.text[-30:])])])
    if SECRET + SECRET not in text:
        assert found(book, f"{SECRET} norway")["document"] == 1
    assert found(book, '"norway sends tanks"')["document"] == 1
    book.purge(made.id)
    assert held(book.store) == {"rows": 0, "words": 0}
