"""Releases of data sets: whole or not at all, superseded and kept, and outside the reports."""

from __future__ import annotations

import dataclasses
import datetime as dt
import multiprocessing
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Connection, event

from making import Clock, Said, document, norway, reading, release, unique
from pledgebook.book import Book
from pledgebook.errors import NotFoundError, Problem, UsageError
from pledgebook.ledger import releases, writing
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.ledger import build_ledger
from pledgebook.ledger.records import Entry, Reading
from pledgebook.ledger.releases import NewRelease, NewRow
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Kind

TODAY = dt.date(2025, 1, 1)


def row(text: str, date: str = "2023-01-31", **said: int) -> Reading:
    """A row of a data set that says what Norway pledged."""
    made = document(text, date, extractor="import:made/1")
    return reading(made, [Said(text, quantity=said.get("quantity", 8))])


def tanks(*, quantity: int = 8) -> Reading:
    return row(f"Norway: {quantity} Leopard 2", quantity=quantity)


def other_kind() -> Reading:
    """A row that says what Norway handed over."""
    made = document("Norway: 9 Leopard 2", "2023-01-31", extractor="import:made/1")
    return reading(made, [Said(made.text, Kind.DELIVERY, quantity=9)])


def names(entries: Sequence[Entry]) -> set[str]:
    return {entry.id for entry in entries}


def test_rows_come_back_and_are_no_reports(store: Store) -> None:
    store.add(norway())
    reports, listed = store.entries(), store.documents()
    new = release([tanks(), row("Norway: 1 Leopard 2", quantity=1)])
    added = store.add_release(new, by="me")
    assert (added.new, added.rows, added.statements, added.supersedes) == (True, 2, 2, None)
    assert store.entries() == reports
    assert store.documents() == listed
    entries = store.release_entries(added.id)
    assert [entry.statement.quantity.low for entry in entries if entry.statement.quantity] == [8, 1]
    assert {entry.release for entry in entries} == {added.id}
    rows = store.release_rows(added.id)
    assert [one.text for one in rows] == ["Norway: 8 Leopard 2", "Norway: 1 Leopard 2"]
    assert [one.origin for one in rows] == ["2023-01.csv#row=0", "2023-01.csv#row=1"]
    assert store.texts([rows[0].document])[rows[0].document].state == "imported"


def test_the_same_release_twice_changes_nothing(store: Store, clock: Clock) -> None:
    first = store.add_release(release([tanks()]), by="me")
    before, listed = store.version(), store.releases()
    clock.advance(days=1)
    again = store.add_release(release([tanks()]), by="somebody else")
    assert (again.new, again.id) == (False, first.id)
    assert (store.version(), store.releases()) == (before, listed)


def test_a_release_changes_the_version_of_the_book(store: Store) -> None:
    before = store.version()
    store.add_release(release([tanks()]), by="me")
    assert store.version() != before


def test_the_newer_release_is_current_and_the_older_stays(store: Store, clock: Clock) -> None:
    old = store.add_release(release([tanks()]), by="me")
    clock.advance(days=1)
    new = store.add_release(release([tanks(quantity=14)], "2023-06", "2023-06-30"), by="me")
    assert new.supersedes == old.id
    assert [(one.name, one.current) for one in store.releases()] == [
        ("2023-01", False),
        ("2023-06", True),
    ]
    assert names(store.release_entries(old.id)).isdisjoint(names(store.release_entries(new.id)))
    assert store.release("tracker").name == "2023-06"
    assert store.release(old.id[:8]).name == "2023-01"


def test_an_older_release_that_comes_later_stays_behind(store: Store, clock: Clock) -> None:
    store.add_release(release([tanks(quantity=14)], "2023-06", "2023-06-30"), by="me")
    clock.advance(days=1)
    late = store.add_release(release([tanks()]), by="me")
    assert late.supersedes is None
    assert [one.name for one in store.releases() if one.current] == ["2023-06"]


def test_of_one_day_the_one_that_was_imported_last_is_current(store: Store, clock: Clock) -> None:
    store.add_release(release([tanks()], "first"), by="me")
    clock.advance(days=1)
    store.add_release(release([tanks(quantity=14)], "second"), by="me")
    assert [one.name for one in store.releases() if one.current] == ["second"]


def test_data_sets_do_not_supersede_each_other(store: Store) -> None:
    store.add_release(release([tanks()]), by="me")
    store.add_release(release([tanks()], dataset="register"), by="me")
    assert [one.dataset for one in store.releases() if one.current] == ["register", "tracker"]


def test_both_clocks_know_which_release_was_current(store: Store, clock: Clock) -> None:
    store.add_release(release([tanks()]), by="me")
    before = clock()
    clock.advance(days=1)
    store.add_release(release([tanks(quantity=14)], "2023-06", "2023-06-30"), by="me")

    def current(**asked: dt.date | dt.datetime) -> list[str]:
        found = store.releases(**asked)  # type: ignore[arg-type]
        return [one.name for one in found if one.current]

    assert current(as_of=dt.date(2023, 5, 1)) == ["2023-01"]
    assert current(as_of=dt.date(2022, 12, 31)) == []
    assert current(recorded_as_of=before) == ["2023-01"]
    assert current() == ["2023-06"]


def test_a_row_that_did_not_change_is_one_document(store: Store) -> None:
    store.add_release(release([tanks()]), by="me")
    added = store.add_release(release([tanks()], "2023-06", "2023-06-30"), by="me")
    [entry] = store.release_entries(added.id)
    places = store.row_places([entry.document])[entry.document]
    assert [one.release.name for one in places] == ["2023-06", "2023-01"]


class CrashError(Exception):
    """Stands for a process that dies."""


@pytest.mark.parametrize(
    "table", ["locations", "reading_runs", "release_rows", "prices", "problems"]
)
def test_a_crash_in_the_middle_leaves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    insert = writing.insert

    def dies(connection: Connection, into: object, rows: list[dict[str, object]]) -> bool:
        found = insert(connection, into, rows)  # type: ignore[arg-type]
        if getattr(into, "name", "") == table:
            raise CrashError
        return found

    new = release([tanks()], prices=[{"item": "tank"}])
    monkeypatch.setattr(releases, "insert", dies)
    with pytest.raises(CrashError):
        store.add_release(new, by="me")
    monkeypatch.undo()
    assert store.releases() == []
    assert store.ids("d") == store.ids("s") == []
    assert store.release_prices(new.id) == []
    assert store.add_release(new, by="me").new


@pytest.mark.parametrize("last", ["add_documents", "add_statements", "index_new"])
def test_a_crash_before_or_after_the_statements_leaves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    write = getattr(releases, last)

    def dies(*given: object) -> object:
        write(*given)
        raise CrashError

    new = release([tanks()])
    monkeypatch.setattr(releases, last, dies)
    with pytest.raises(CrashError):
        store.add_release(new, by="me")
    monkeypatch.undo()
    assert store.releases() == []
    assert store.ids("d") == store.ids("s") == []
    assert store.add_release(new, by="me").new


def _import_and_tell(place: str, started: multiprocessing.synchronize.Event) -> None:
    def slowly() -> Iterator[Problem]:
        started.set()
        while True:  # until it is killed, with everything but the problems written
            yield Problem(code="x", what=unique(), source="x")

    new = release([row(f"{n} tanks", quantity=n) for n in range(1, 200)])
    rows: list[NewRow] = list(new.rows)
    with Store.open(place) as store:
        made = NewRelease(
            "tracker", "killed", "made", "x", "0" * 64, "made/1", rows, problems=slowly()
        )
        store.add_release(made, by="me")


def test_a_killed_import_leaves_nothing(place: str) -> None:
    Store.open(place).close()
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    process = context.Process(target=_import_and_tell, args=(place, started))
    process.start()
    assert started.wait(60)
    process.kill()
    process.join()
    with Store.open(place) as store:
        assert store.releases() == []
        assert store.ids("d") == []


def test_two_writers_at_once_import_a_release_once(store: Store, place: str) -> None:
    new = release([row(f"{n} tanks", quantity=n) for n in range(1, 40)])
    found: list[bool] = []
    failures: list[BaseException] = []

    def write() -> None:
        try:
            with Store.open(place) as other:
                found.append(other.add_release(new, by="me").new)
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(found) == [False, False, True]
    [one] = store.releases()
    assert one.rows == 39


def test_rows_that_were_withdrawn_or_purged_say_nothing_any_more(store: Store) -> None:
    rows = [tanks(), row("Norway: 1 Leopard 2", quantity=1), row("Norway: 2 tanks", quantity=2)]
    added = store.add_release(release(rows), by="me")
    hidden, gone, left = (one.document.id for one in rows)
    store.withdraw(hidden, by="me")
    store.purge(gone, by="me")
    assert {entry.document for entry in store.release_entries(added.id)} == {left}
    again = store.add_release(release(rows, "2023-06", "2023-06-30"), by="me")
    assert again.purged == (gone,)
    assert store.document(gone).text == ""
    assert store.document(gone).state == "purged"
    assert {one.document for one in store.release_rows(again.id)} == {hidden, left}


def test_prices_come_back(store: Store) -> None:
    price = {"item": "155mm shell", "low": 1500.0, "high": 3000.0, "currency": "USD"}
    added = store.add_release(release([tanks()], prices=[price]), by="me")
    [found] = store.release_prices(added.id)
    assert found == price | {"document": tanks().document.id}


def test_a_release_that_is_not_there_is_said_so(store: Store) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        store.release("nowhere")


# What people let in


def test_a_row_counts_only_where_a_person_says_so(place: str, clock: Clock) -> None:
    with Book.open(place, clock=clock) as book:
        added = book._store.add_release(release([tanks()]), by="me")
        [entry] = book._store.release_entries(added.id)
        assert book.rows() == []
        assert book.why(entry.id).notes[-1].startswith("a row of tracker 2023-01 (current)")
        assert "not counted" in book.why(entry.id).notes[-1]
        made = book.judge("counted", entry.id, by="me")
        [counted] = book.commitments()
        assert counted.statements == (entry.id,)
        assert book.why(counted.id).children[0].quote is not None
        assert book.commitments(as_of="2023-01-30") == []
        book.revoke(made.id, by="me")
        assert book.commitments() == []


def test_a_row_judged_the_same_supports_and_adds_nothing(place: str, clock: Clock) -> None:
    with Book.open(place, clock=clock) as book:
        book._store.add([norway()[0]])
        [before] = book.rows(item="Leopard 2")
        added = book._store.add_release(release([tanks(), tanks(quantity=9)]), by="me")
        first, second = book._store.release_entries(added.id)
        book.judge("same", before.commitments[0].statements[0], first.id, by="me")
        [after] = book.rows(item="Leopard 2")
        assert after.quantities == before.quantities
        assert first.id in after.commitments[0].statements
        assert second.id not in book.ledger().entries
        document = book.why(first.document)
        assert document.facts["release"] == "2023-01 (current)"
        assert document.children[0].id == first.id


def test_a_row_let_in_leaves_with_its_release(place: str, clock: Clock) -> None:
    with Book.open(place, clock=clock) as book:
        added = book._store.add_release(release([tanks(), tanks(quantity=9)]), by="me")
        kept, changed = book._store.release_entries(added.id)
        book.judge("counted", kept.id, by="me")
        book.judge("counted", changed.id, by="me")
        assert set(book.ledger().entries) == {kept.id, changed.id}
        newer = release([tanks(), tanks(quantity=10)], "2023-06", "2023-06-30")
        book._store.add_release(newer, by="me")
        assert set(book.ledger().entries) == {kept.id}
        assert len(book.ledger().decisions.stranded) == 1
        assert set(book.ledger(as_of="2023-03-01").entries) == {kept.id, changed.id}


def keyed(*rows: tuple[str, Reading]) -> list[NewRow]:
    """Rows with keys of their own."""
    return [
        NewRow(read, key, f"{number}.csv#row={number}") for number, (key, read) in enumerate(rows)
    ]


def issue(name: str, day: str, *rows: tuple[str, Reading]) -> NewRelease:
    """A release of rows with keys of their own."""
    return dataclasses.replace(release([read for _, read in rows], name, day), rows=keyed(*rows))


def low(book: Book) -> list[float | None]:
    """What counts of the imported rows."""
    found = [entry for entry in book.ledger().entries.values() if entry.release is not None]
    return [one.statement.quantity.low for one in found if one.statement.quantity]


def test_what_was_judged_of_a_row_follows_its_key(place: str, clock: Clock) -> None:
    with Book.open(place, clock=clock) as book:
        book._store.add([norway()[0]])
        [report_of] = book.commitments(item="Leopard 2")
        book._store.add_release(issue("1", "2023-01-31", ("k", tanks())), by="me")
        [old] = book._store.release_entries(book.releases()[0].id)
        made = book.judge("same", report_of.statements[0], old.id, by="me")
        for number, day in ((9, "2023-06-30"), (10, "2023-09-30")):
            book._store.add_release(issue(str(number), day, ("k", tanks(quantity=number))), by="me")
        assert low(book) == [10]
        decisions = book.ledger().decisions
        assert decisions.state(made) == "in force"
        assert decisions.stranded == ()
        [commitment] = book.commitments(item="Leopard 2")
        assert set(commitment.statements) == set(decisions.same[0])
        assert {one.quote.text for one in book.why(made.id).children if one.quote} == {
            "Norway will send eight Leopard 2 tanks",
            "Norway: 10 Leopard 2",
        }
        assert book.judgements()[0].subjects == made.subjects


@pytest.mark.parametrize(
    "rows",
    [
        [("other", tanks(quantity=9))],
        [("k", tanks(quantity=9)), ("k", tanks(quantity=10))],
        [("k", other_kind())],
    ],
)
def test_where_the_key_or_the_kind_is_not_the_same_it_is_stranded(
    place: str, clock: Clock, rows: list[tuple[str, Reading]]
) -> None:
    with Book.open(place, clock=clock) as book:
        book._store.add_release(issue("1", "2023-01-31", ("k", tanks())), by="me")
        [old] = book._store.release_entries(book.releases()[0].id)
        book.judge("counted", old.id, by="me")
        book._store.add_release(issue("2", "2023-06-30", *rows), by="me")
        assert low(book) == []
        assert len(book.ledger().decisions.stranded) == 1


def test_a_key_that_stood_twice_before_is_no_row_s_own(place: str, clock: Clock) -> None:
    with Book.open(place, clock=clock) as book:
        twice = issue("1", "2023-01-31", ("k", tanks()), ("k", tanks(quantity=9)))
        added = book._store.add_release(twice, by="me")
        book.judge("counted", book._store.release_entries(added.id)[0].id, by="me")
        book._store.add_release(issue("2", "2023-06-30", ("k", tanks(quantity=10))), by="me")
        assert low(book) == []


def test_what_was_judged_of_a_figure_follows_only_the_figure(place: str, clock: Clock) -> None:
    with Book.open(place, clock=clock) as book:
        book._store.add_release(issue("1", "2023-01-31", ("k", tanks())), by="me")
        [old] = book._store.release_entries(book.releases()[0].id)
        book.judge("counted", old.id, by="me")
        book.judge("corrected", old.id, by="me", changes={"quantity": {"low": 7, "high": 7}})
        assert low(book) == [7]
        same = row("Norway: 8 Leopard 2 (a note)")
        book._store.add_release(issue("2", "2023-06-30", ("k", same)), by="me")
        assert low(book) == [7]
        book._store.add_release(issue("3", "2023-09-30", ("k", tanks(quantity=12))), by="me")
        assert low(book) == [12]
        assert [one.kind for one in book.ledger().decisions.stranded] == [Verdict.CORRECTED]


def test_a_row_that_was_hidden_hands_nothing_on(place: str, clock: Clock) -> None:
    with Book.open(place, clock=clock) as book:
        book._store.add_release(issue("1", "2023-01-31", ("k", tanks())), by="me")
        [old] = book._store.release_entries(book.releases()[0].id)
        book.judge("counted", old.id, by="me")
        book._store.add_release(issue("2", "2023-06-30", ("k", tanks(quantity=9))), by="me")
        assert low(book) == [9]
        book._store.withdraw(old.document, by="me")
        assert low(book) == []


def test_rows_of_releases_are_not_fetched_for_the_ledger_of_reports(store: Store) -> None:
    store.add(norway())
    store.add_release(release([tanks(quantity=number) for number in range(1, 40)]), by="me")
    engine, asked = store.database.engine, []

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:  # noqa: ANN401
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        reports = store.entries()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    [(statement, parameters)] = [one for one in asked if "statements.body" in one[0]]
    with engine.connect() as connection:
        fetched = connection.exec_driver_sql(statement, parameters).all()
    assert {row.id for row in fetched} == names(reports) != set()


def test_rows_that_are_the_same_as_each_other_let_nobody_in() -> None:
    entries = [entry(number, "i1") for number in range(3)]
    same = judge(Verdict.SAME, entries[0], entries[1])
    assert build_ledger(entries, [same], today=TODAY).entries == {}
    also = judge(Verdict.COUNTED, entries[1])
    found = build_ledger(entries, [same, also], today=TODAY)
    assert set(found.entries) == {entries[0].id, entries[1].id}
    assert len(found.commitments) == 1


def test_what_is_different_from_a_row_outside_is_left_alone() -> None:
    report, outside = entry(0, None), entry(1, "i1")
    apart = judge(Verdict.DIFFERENT, report, outside)
    found = build_ledger([report, outside], [apart], today=TODAY)
    assert set(found.entries) == {report.id}
    assert found.decisions.different == ()


def test_only_rows_can_be_let_in() -> None:
    with pytest.raises(UsageError, match="rows of imported data sets"):
        judge(Verdict.COUNTED, entry(0, None))


def entry(number: int, release_id: str | None) -> Entry:
    made = tanks(quantity=number + 1)
    return Entry(
        f"s{number:020x}",
        made.statements[0],
        made.document.id,
        dt.date(2023, 1, 31),
        release=release_id,
    )


def judge(kind: Verdict, *entries: Entry) -> Judgement:
    groups = [[one] for one in entries]
    return Judgement.make(kind, groups, by="me", note="", made_at=Clock()())
