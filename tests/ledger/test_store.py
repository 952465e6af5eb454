"""The store keeps all, changes nothing, and does so alike on both engines."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engines import on_postgresql
from making import (
    CODER,
    DIGEST,
    START,
    Clock,
    Said,
    document,
    norway,
    reading,
    release,
    report,
    unique,
)
from pledgebook.errors import NotFoundError, Problem
from pledgebook.ledger import schema
from pledgebook.ledger.engine import open_database
from pledgebook.ledger.records import Added, Reading
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.document import sha256


def rows(place: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    database = open_database(place)
    with database.reading() as connection:
        found = {
            table.name: sorted(
                (tuple(row) for row in connection.execute(sa.select(table))), key=repr
            )
            for table in schema.metadata.sorted_tables
        }
    database.close()
    return found


def test_what_is_stored_comes_back(store: Store) -> None:
    readings = norway()
    added = store.add(readings)
    assert (added.new, added.reread, added.unchanged) == (3, 0, 0)
    assert added.statements == 7
    entries = store.entries()
    assert {entry.statement for entry in entries} == {
        statement for one in readings for statement in one.statements
    }
    for entry in entries:
        text = store.document(entry.document).text
        evidence = entry.statement.evidence
        assert text[evidence.start : evidence.end] == evidence.quote


def test_the_same_bytes_twice_change_nothing(store: Store, place: str, clock: Clock) -> None:
    store.add(norway())
    before = rows(place)
    clock.advance(days=1)
    added = store.add(norway())
    assert added.unchanged == 3
    assert rows(place) == before


def test_the_same_bytes_elsewhere_add_a_location_and_no_more(store: Store, place: str) -> None:
    one = norway()[0]
    store.add([one])
    before = rows(place)
    moved = one.document.model_copy(update={"origin": "archive/copy.txt"})
    store.add([Reading(moved, one.statements, CODER, "1", DIGEST)])
    after = rows(place)
    assert len(after["locations"]) == 2
    assert {name for name in after if after[name] != before[name]} == {"locations"}
    origins = [place.origin for place in store.document(moved.id).locations]
    assert sorted(origins) == ["archive/copy.txt", "reports/one.txt"]


def test_a_batch_is_stored_whole_or_not_at_all(store: Store, place: str) -> None:
    before = rows(place)

    def broken() -> Iterator[Reading]:
        yield norway()[0]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.add(broken())
    assert rows(place) == before


@pytest.mark.parametrize("table", schema.metadata.sorted_tables, ids=lambda table: table.name)
def test_nothing_is_edited_or_deleted(
    store: Store, place: str, clock: Clock, table: sa.Table
) -> None:
    fill_every_table(store, clock)
    database = open_database(place)
    before = rows(place)
    assert before[table.name]
    column = next(column for column in table.c if not column.primary_key)
    for change in (table.delete(), table.update().values({column: column})):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), database.engine.begin() as raw:
            raw.execute(change)
    database.close()
    assert rows(place) == before


def fill_every_table(store: Store, clock: Clock) -> None:
    from pledgebook.ledger.judgements import Judgement, Verdict

    store.add(norway(), [Problem(code="empty-document", what="it is empty", source="a.txt")])
    entry = store.entries()[0]
    judgement = Judgement.make(Verdict.WRONG, [[entry]], by="me", note="", made_at=clock())
    store.judge(judgement)
    store.withdraw(entry.document, by="me")
    store.purge(norway()[2].document.id, by="me")
    store.add_release(release([norway()[1]], prices=[{"item": "tank", "low": 1.0}]), by="me")


def test_a_row_is_not_replaced_behind_the_triggers(tmp_path: Path) -> None:
    place = str(tmp_path / "book.db")
    with Store.open(place) as store:
        store.add(norway())
    database = open_database(place)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), database.engine.begin() as raw:
        raw.execute(sa.text("INSERT OR REPLACE INTO statements SELECT * FROM statements"))
    database.close()


@on_postgresql
def test_a_table_is_not_truncated(place: str) -> None:
    with Store.open(place) as store:
        store.add(norway())
    database = open_database(place)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), database.engine.begin() as raw:
        raw.execute(sa.text("TRUNCATE statements CASCADE"))
    database.close()


def test_a_document_is_emptied_only_by_a_purge(store: Store, place: str) -> None:
    store.add(norway())
    database = open_database(place)
    empty = schema.documents.update().values(text="", title=None)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), database.engine.begin() as raw:
        raw.execute(empty)
    database.close()


def test_a_new_coder_reads_anew_and_the_old_run_stays(store: Store, clock: Clock) -> None:
    first = Said("Norway will send eight Leopard 2 tanks", quantity=8)
    made = document("Norway will send eight Leopard 2 tanks. Sweden will give ten.")
    store.add([reading(made, [first])])
    ids = [entry.id for entry in store.entries()]
    before = clock()
    clock.advance(hours=1)
    more = Said("Sweden will give ten", actors=("SWE",), quantity=10, designation=None)
    added = store.add([reading(made, [first, more], version="2")])
    assert (added.new, added.reread) == (0, 1)
    assert [entry.id for entry in store.entries()] == [*ids, store.entries()[1].id]
    assert [entry.id for entry in store.entries(recorded_as_of=before)] == ids
    clock.advance(hours=1)
    store.add([reading(made, [first])])
    assert [entry.id for entry in store.entries()] == ids


def test_what_made_a_statement_belongs_to_the_run_not_to_its_id(store: Store, clock: Clock) -> None:
    made = document("Norway will send eight Leopard 2 tanks")
    said = Said(made.text, quantity=8)
    store.add([reading(made, [said])])
    ids = [entry.id for entry in store.entries()]
    clock.advance(hours=1)
    better = Said(made.text, quantity=8, more={"rule": "send", "score": 0.5})
    store.add([reading(made, [better], version="2")])
    [entry] = store.entries()
    assert [entry.id] == ids
    assert (entry.statement.rule, entry.statement.score) == ("send", 0.5)


def test_equal_statements_of_one_document_are_two(store: Store) -> None:
    made = document("Norway will send eight Leopard 2 tanks")
    said = Said(made.text, quantity=8)
    store.add([reading(made, [said, said])])
    assert len({entry.id for entry in store.entries()}) == 2


def test_publication_and_ingestion_are_two_clocks(store: Store, clock: Clock) -> None:
    old, late = norway()[0], norway()[1]
    store.add([late])
    first = clock()
    clock.advance(days=30)
    store.add([old])

    def documents(**asked: object) -> set[str]:
        return {entry.document for entry in store.entries(**asked)}  # type: ignore[arg-type]

    assert documents(as_of=dt.date(2023, 2, 13)) == set()
    assert documents(as_of=dt.date(2023, 2, 14)) == {old.document.id}
    assert documents(as_of=dt.date(2023, 2, 24)) == {old.document.id, late.document.id}
    assert documents(recorded_as_of=first) == {late.document.id}
    assert documents(as_of=dt.date(2023, 2, 14), recorded_as_of=first) == set()


def test_undated_documents_count_from_their_ingestion(store: Store) -> None:
    undated = report(Said("Norway will send eight Leopard 2 tanks", quantity=8), date=None)
    store.add([undated])
    [entry] = store.entries()
    assert entry.counted == START.date()
    assert not entry.dated
    assert store.entries(as_of=START.date() - dt.timedelta(days=1)) == []


def test_a_date_that_a_person_gives_prevails(store: Store) -> None:
    undated = document("Norway will send eight Leopard 2 tanks", date=None)
    store.add([reading(undated, [Said(undated.text, quantity=8)])])
    given = undated.model_copy(update={"date": dt.date(2023, 2, 14), "date_source": "given"})
    known, active = store.known(given)
    assert known.date == dt.date(2023, 2, 14)
    again = reading(known, [Said(undated.text, quantity=8)])
    assert again.run_id != active
    assert store.add([again]).reread == 1
    assert [entry.counted for entry in store.entries()] == [dt.date(2023, 2, 14)]
    # Found once more without a date, it keeps the one that it was given.
    assert store.known(undated)[0].date == dt.date(2023, 2, 14)


def test_a_newer_extractor_supersedes_the_text_of_the_same_bytes(
    store: Store, clock: Clock
) -> None:
    old = norway()[0]
    store.add([old])
    clock.advance(days=1)
    text = old.document.text + " (more text)"
    newer = old.document.model_copy(update={"text": text, "extractor": "text/2"})
    newer = type(newer)(**newer.model_dump())
    store.add([reading(newer, [])])
    assert store.entries() == []
    states = {one.id: one.state for one in store.documents()}
    assert states == {old.document.id: "superseded", newer.id: "shown"}


@pytest.mark.parametrize(
    "strange", ["a\x00b", "\x1a0000", "\x1a", "snow ☃ 🚜", "\u202eabc", "'; DROP TABLE x"]
)
def test_texts_come_back_character_by_character(store: Store, strange: str) -> None:
    text = f"{strange} Norway will send eight tanks {strange}"
    made = document(text, title=strange, origin=f"dir/{strange}", name=strange)
    said = Said(f"send eight tanks {strange}", speaker=strange, designation=strange)
    store.add([reading(made, [said])])
    stored = store.document(made.id)
    assert (stored.text, stored.title) == (text, strange)
    assert stored.locations[0].origin == f"dir/{strange}"
    assert sha256(stored.text) == stored.text_sha256
    [entry] = store.entries()
    assert entry.statement == said.statement(made)


def test_lone_surrogates_are_stored_and_shift_no_offset(store: Store) -> None:
    made = document(
        "\ud800 Norway will send eight tanks \udfff", title="\ud800", origin="\udcff.txt"
    )
    said = Said("Norway will send eight tanks", quantity=8)
    store.add([reading(made, [said])])
    stored = store.document(made.id)
    assert (stored.text, stored.title) == (made.text, made.title)
    assert stored.locations[0].origin == "\udcff.txt"
    assert [entry.statement for entry in store.entries()] == [said.statement(made)]


def test_a_withdrawn_document_is_hidden_and_comes_back(store: Store, clock: Clock) -> None:
    store.add(norway())
    whole = store.entries()
    hidden = norway()[0].document.id
    before = clock()
    clock.advance(days=1)
    store.withdraw(hidden, by="me", note="retracted by the outlet")
    assert {entry.document for entry in whole} - {entry.document for entry in store.entries()} == {
        hidden
    }
    assert store.entries(recorded_as_of=before) == whole
    clock.advance(days=1)
    store.withdraw(hidden, by="me", hidden=False)
    assert store.entries() == whole


def test_a_purge_erases_the_text_and_leaves_a_tombstone(
    store: Store, place: str, clock: Clock
) -> None:
    secret = unique("a very private sentence about Norway")
    made = document(secret, title=f"Title of {secret}")
    store.add([reading(made, [Said(secret, speaker="Somebody Private")]), norway()[0]])
    clock.advance(days=1)
    store.purge(made.id, by="me", note="asked for by the person")
    tombstone = store.document(made.id)
    assert (tombstone.text, tombstone.title, tombstone.state) == ("", None, "purged")
    assert tombstone.bytes_sha256 == made.bytes_sha256
    assert tombstone.text_sha256 == made.text_sha256
    assert {entry.document for entry in store.entries()} == {norway()[0].document.id}
    added = store.add([reading(made, [Said(secret)])])
    assert added == Added(purged=[made.id])
    assert store.document(made.id).text == ""
    assert "private" not in repr(rows(place)).casefold()
    if store.dialect == "sqlite":
        store.close()
        kept = b"".join(path.read_bytes() for path in Path(place).parent.glob("book.db*"))
        assert b"private" not in kept.lower()
        assert b"Leopard 2" in kept


def test_what_is_not_there_is_said_so(store: Store) -> None:
    for ask in (store.document, lambda name: store.purge(name, by="me")):
        with pytest.raises(NotFoundError, match="d0000"):
            ask("d0000")


def test_problems_are_kept_once(store: Store) -> None:
    problem = Problem(code="empty-document", what="it is empty", source="a.txt", mend="fill it")
    store.add([], [problem])
    store.add([], [problem])
    assert store.problems() == [problem]


def test_two_writers_at_once_store_each_document_once(store: Store, place: str) -> None:
    shared = [report(Said(f"{unique()} Norway will send tanks")) for _ in range(30)]
    failures: list[BaseException] = []

    def write() -> None:
        try:
            with Store.open(place) as other:
                for start in range(0, len(shared), 5):
                    other.add(shared[start : start + 5])
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(store.entries()) == 30
    assert len(store.documents()) == 30
