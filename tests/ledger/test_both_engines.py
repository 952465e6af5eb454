"""Where SQLite and PostgreSQL differ, a book does not: what goes in comes out, in one order."""

from __future__ import annotations

import datetime as dt
import json
import math
import shutil
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgresql_server import PostgreSQL

from engines import on_postgresql
from making import CODER, DIGEST, START, Clock, Said, document, norway, reading, report
from pledgebook.book import Book
from pledgebook.errors import Problem
from pledgebook.ledger import schema
from pledgebook.ledger.columns import UtcTime, among
from pledgebook.ledger.records import Reading
from pledgebook.ledger.store import Store

NUMBERS = [
    0.1,
    0.1 + 0.2,
    1e308,
    5e-324,
    -0.0,
    2.0**53 + 2,
    123_456_789_012_345_678,
    10**21,
    1 / 3,
    float("1.7976931348623157e308"),
]
# Case, accents, digits, punctuation, and letters that some languages sort in their own way.
WORDS = ["a", "B", "b", "A", "_", "-1", "10", "9", "ä", "z", "Z", "å", "é", "E", "ł", "Ж", "", " "]


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
def test_numbers_come_back_to_the_last_bit(store: Store, number: float) -> None:
    quantity = (None, number) if number >= 0 else (number, None)
    made = document("Norway will send tanks worth much")
    said = Said(
        made.text,
        quantity=quantity,
        money=(abs(number), "NOK"),
        more={"score": min(1, abs(number))},
    )
    wanted = said.statement(made)
    store.add([Reading(made, (wanted,), CODER, "1", DIGEST)])
    [entry] = store.entries()
    assert entry.statement == wanted
    for got, given_ in (
        (entry.statement.quantity, wanted.quantity),
        (entry.statement.money, wanted.money),
    ):
        assert got is not None
        assert given_ is not None
        assert repr(got.low) == repr(given_.low)
        assert repr(got.high) == repr(given_.high)
    assert entry.statement.score is not None
    assert math.copysign(1, entry.statement.score) == 1
    assert entry.statement.score.hex() == float(min(1, abs(number))).hex()


@given(
    score=st.floats(0, 1),
    text=st.text(st.characters(codec=None), max_size=40),
    said=st.text(st.characters(codec="utf-8"), max_size=40),
    when=st.datetimes(timezones=st.just(dt.UTC)),
)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_goes_in_comes_out(
    store: Store, score: float, text: str, said: str, when: dt.datetime
) -> None:
    store._clock = lambda: when
    # The store is the same in every example, and its time does not go back.
    now = store.clock()
    with store.database.reading() as connection:
        same = connection.execute(sa.select(sa.literal(when, UtcTime()))).scalar()
        assert same == when
    quote = f"Norway {said} {when.isoformat()} {score}"
    made = document(f"{text} {quote}", title=text, origin=text, name=text)
    wanted = Said(quote, speaker=said, more={"score": score, "rule": said}).statement(made)
    store.add([Reading(made, (wanted,), CODER, said, DIGEST)])
    stored = store.document(made.id)
    assert (stored.text, stored.title, stored.ingested_at) == (made.text, made.title, now)
    assert (stored.locations[0].origin, stored.locations[0].name) == (text, text)
    [entry] = [entry for entry in store.entries() if entry.document == made.id]
    assert entry.statement == wanted
    problem = Problem(code="x", what=said, source=said, place=said, mend=said)
    store.add([], [problem])
    assert problem in store.problems()


def test_empty_is_not_unknown(store: Store) -> None:
    empty = document("Norway sends tanks", title="", url="", name="", lang="")
    store.add([reading(empty, [Said("Norway sends tanks", speaker="")])])
    unknown = document("Sweden sends tanks", title=None, url=None, name=None, lang=None)
    store.add([reading(unknown)])
    first, second = store.document(empty.id), store.document(unknown.id)
    assert (first.title, first.url, first.lang) == ("", "", "")
    assert (first.locations[0].url, first.locations[0].name) == ("", "")
    assert (second.title, second.url, second.lang) == (None, None, None)
    assert (second.locations[0].url, second.locations[0].name) == (None, None)


@pytest.mark.parametrize("day", ["0001-01-01", "0999-12-31", "1582-10-10", "9999-12-31"])
def test_days_far_away(store: Store, day: str) -> None:
    store.add([report(Said("Norway sends tanks", when=day), date=day)])
    [entry] = store.entries()
    assert entry.counted.isoformat() == day
    assert entry.statement.when == day
    assert store.entries(as_of=dt.date.fromisoformat(day)) == [entry]
    if day != "0001-01-01":
        before = dt.date.fromisoformat(day) - dt.timedelta(days=1)
        assert store.entries(as_of=before) == []


def test_instants_are_told_apart_to_the_microsecond(store: Store, clock: Clock) -> None:
    instants = [dt.datetime(999, 12, 31, tzinfo=dt.UTC), START]
    instants += [START + dt.timedelta(microseconds=n) for n in (1, 10, 999_999)]
    for number, instant in enumerate(instants):
        clock.now = instant
        store.add([report(Said(f"Norway sends {number} tanks"))])
    assert [one.ingested_at for one in store.documents()] == instants
    for number, instant in enumerate(instants, 1):
        assert len(store.entries(recorded_as_of=instant)) == number
        # In another zone it is the same instant.
        kyiv = instant.astimezone(dt.timezone(dt.timedelta(hours=2)))
        assert len(store.entries(recorded_as_of=kyiv)) == number
    first = dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=3)))
    last = dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.timezone(dt.timedelta(hours=-3)))
    assert store.entries(recorded_as_of=first) == []
    assert len(store.entries(recorded_as_of=last)) == len(instants)


@pytest.mark.parametrize("letter", ["x", "☃", "\x00", "\ud800"], ids=["x", "snow", "nul", "lone"])
def test_ten_megabytes_are_one_text(store: Store, letter: str) -> None:
    lead = (letter + "y" * 99) * 100_000
    made = document(f"{lead} Norway sends tanks")
    said = Said("Norway sends tanks", quantity=8)
    store.add([reading(made, [said])])
    assert store.document(made.id).text == made.text
    assert store.entries()[0].statement == said.statement(made)


def test_more_ids_than_a_statement_has_parameters(store: Store) -> None:
    store.add(norway())
    known = [one.document.id for one in norway()]
    others = [f"d{number:020x}" for number in range(70_000)]
    assert set(store.texts(others[:35_000] + known + others[35_000:])) == set(known)
    assert store.texts([]) == {}
    with store._database.reading() as connection:
        query = sa.select(schema.documents.c.id)
        for odd in ("'; DROP TABLE documents; --", '"', "\\", "d%", "ä☃"):
            assert connection.execute(query.where(among(schema.documents.c.id, [odd]))).all() == []
        plan = query.where(among(schema.documents.c.id, known[:1]))
        assert connection.execute(plan).scalars().all() == known[:1]


def test_one_batch_of_many_documents(store: Store) -> None:
    made = [report(Said(f"Norway sends {number} tanks", quantity=number)) for number in range(2500)]
    problems = [Problem(code="x", what="odd", source=str(number)) for number in range(2500)]
    added = store.add(made, problems)
    assert (added.new, added.statements) == (2500, 2500)
    assert len(store.entries()) == len(store.problems()) == 2500
    again = store.add(made[:1000] + made, problems)
    assert (again.new, again.unchanged, again.statements) == (0, 3500, 0)


def test_ids_are_found_by_their_beginning_and_nothing_else(store: Store) -> None:
    store.add(norway())
    names = sorted(one.id for one in store.documents())
    assert store.ids("d") == names
    for name in names:
        assert store.ids(name) == [name]
        assert store.ids(name[:6]) == [one for one in names if one.startswith(name[:6])]
        # LIKE would take these for the same on one engine, or for patterns on both.
        assert store.ids(name.upper()) == []
        assert store.ids("d" + name[1:].upper()) == []
        assert store.ids(f"{name[:-1]}_") == []
    assert store.ids("d%") == store.ids("") == store.ids("x") == []


def fill(store: Store, clock: Clock) -> None:
    made = []
    for number, word in enumerate(WORDS):
        found = document(f"{word} Norway sends {number + 1} tanks", origin=word, name=word)
        made.append(
            reading(found, [Said(found.text, quantity=number + 1, designation=word or None)])
        )
    store.add(made, [Problem(code="x", what=word, source=word) for word in WORDS])
    for word in WORDS:
        elsewhere = made[0].document.model_copy(update={"origin": f"{word}/copy"})
        store.add([Reading(elsewhere, made[0].statements, CODER, "1", DIGEST)])
    clock.advance(minutes=1)


COLLATIONS = {
    "C": "LOCALE 'C'",
    "German": "LOCALE_PROVIDER icu ICU_LOCALE 'de-DE'",
    "Swedish": "LOCALE_PROVIDER icu ICU_LOCALE 'sv-SE'",
    "numeric": "LOCALE_PROVIDER icu ICU_LOCALE 'en-u-kn-true'",
    "upper first": "LOCALE_PROVIDER icu ICU_LOCALE 'da-DK-u-kf-upper'",
}


@pytest.mark.parametrize("collation", COLLATIONS)
def test_order_does_not_depend_on_the_language_of_a_server(
    postgresql: PostgreSQL, tmp_path: Path, collation: str
) -> None:
    file = tmp_path / "book.db"
    with Store.open(file, clock=Clock()) as store:
        fill(store, Clock())
    with postgresql.database("template0", COLLATIONS[collation]) as place:
        with Store.open(place, clock=Clock()) as store:
            fill(store, Clock())
        for ask in (seen_by_a_store, seen_by_a_book):
            assert ask(place) == ask(str(file))


def seen_by_a_store(place: str) -> list[object]:
    with Store.open(place) as store:
        documents = store.documents()
        prefixes = {one.id[:2] for one in documents}
        return [
            documents,
            store.problems(),
            store.entries(),
            [store.ids(prefix) for prefix in sorted(prefixes)],
            store.texts([one.id for one in documents]),
        ]


def seen_by_a_book(place: str) -> list[object]:
    with Book.open(place, clock=Clock()) as book:
        return [book.ledger(), [row.id for row in book.rows()], book.documents()]


def test_a_reader_sees_one_state_of_the_book_whatever_writers_do(store: Store, place: str) -> None:
    store.add(norway()[:1])
    count = sa.select(sa.func.count()).select_from(schema.documents)

    def write() -> None:
        with Store.open(place, clock=Clock()) as other:
            other.add(norway())

    with store._database.reading() as connection:
        before = connection.execute(count).scalar()
        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        assert connection.execute(count).scalar() == before == 1
    assert len(store.documents()) == 3


@on_postgresql
def test_what_is_stored_is_alike_on_both(store: Store, written_book: Path, tmp_path: Path) -> None:
    """Every value of every table, as the driver gives it and no type of ours has touched it."""
    from stories import everything

    store.add(everything())
    copy = shutil.copy(written_book, tmp_path / "other.db")
    with Store.open(copy) as other:
        assert _raw(other) == _raw(store)


def _raw(store: Store) -> dict[str, list[str]]:
    found = {}
    with store._database.reading() as connection:
        for table in schema.metadata.sorted_tables:
            columns = ", ".join(column.name for column in table.c)
            rows = connection.exec_driver_sql(f"SELECT {columns} FROM {table.name}").all()
            found[table.name] = sorted(json.dumps([str(cell) for cell in row]) for row in rows)
    return found
