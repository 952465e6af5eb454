"""A book on a PostgreSQL server: what can go wrong is told in plain words, sessions behave."""

from __future__ import annotations

import base64
import random
import shutil
import subprocess
import time
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa
from postgresql_server import WITH_PASSWORD, PostgreSQL

from engines import POSTGRESQL
from making import Clock, Said, norway, report
from pledgebook.errors import BookError, BookLockedError
from pledgebook.ledger import schema
from pledgebook.ledger.engine import open_database
from pledgebook.ledger.store import Store
from program import Program


@pytest.fixture
def engine() -> str:
    """These are about the server alone."""
    return POSTGRESQL


@pytest.fixture
def server(postgresql: PostgreSQL) -> PostgreSQL:
    return postgresql


@pytest.fixture
def role(server: PostgreSQL) -> Iterator[str]:
    """Somebody who may connect, with the password `right`, and has no rights beside."""
    server.execute(f"CREATE ROLE {WITH_PASSWORD} LOGIN PASSWORD 'right'")
    try:
        yield WITH_PASSWORD
    finally:
        server.execute(f"DROP ROLE {WITH_PASSWORD}")


def name_of(place: str) -> str:
    return place.rpartition("/")[-1]


def refused(place: str, kind: type[BookError] = BookError) -> BookError:
    with pytest.raises(BookError) as caught:
        Store.open(place)
    assert type(caught.value) is kind
    assert caught.value.mend
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("postgresql://a@127.0.0.1:1/aid", "Connection refused"),
        ("postgresql://a@no-such-host.invalid/aid", "there is no such host"),
        ("postgresql:///aid?host=/nowhere/at/all", "No such file"),
    ],
)
def test_a_server_that_cannot_be_reached(address: str, reason: str) -> None:
    told = str(refused(address))
    assert "the server cannot be reached" in told
    assert reason in told
    assert "Check host and port" in told


@pytest.mark.parametrize("password", ["wrong", None])
def test_a_wrong_password(server: PostgreSQL, role: str, password: str | None) -> None:
    told = refused(server.url("postgres", role, password))
    assert "does not accept this user with this password" in str(told)
    assert "PGPASSWORD" in str(told)
    assert "wrong" not in str(told)


def test_no_such_database_and_no_such_user(server: PostgreSQL) -> None:
    told = str(refused(server.url("nowhere")))
    assert "the server has no database nowhere" in told
    assert "createdb nowhere" in told
    assert "the server knows no user nobody_here" in str(refused(server.url("x", "nobody_here")))


@pytest.mark.parametrize("option", ["nonsense=1", "connect_timeout=soon"])
def test_an_address_with_options_that_make_no_sense(place: str, option: str) -> None:
    told = str(refused(f"{place}?{option}"))
    assert "the address is not in order" in told
    assert option.partition("=")[0] in told


def test_no_rights_to_create_tables(server: PostgreSQL, role: str, bare_place: str) -> None:
    name = name_of(bare_place)
    server.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC", database=name)
    told = str(refused(server.url(name, role, "right")))
    assert "rights do not suffice" in told
    assert "GRANT CREATE" in told
    server.execute("GRANT CREATE, USAGE ON SCHEMA public TO guarded", database=name)
    with Store.open(server.url(name, role, "right")) as store:
        assert store.add(norway()).new == 3
        assert "right" not in store.place
    server.execute("DROP OWNED BY guarded", database=name)


def test_who_may_only_read_reads(server: PostgreSQL, role: str, store: Store, place: str) -> None:
    store.add(norway())
    name = name_of(place)
    server.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}", database=name)
    with Store.open(server.url(name, role, "right")) as reader:
        assert reader.entries() == store.entries()
        with pytest.raises(BookError, match="rights do not suffice"):
            reader.add([report(Said("Sweden gives ten tanks"))])
    server.execute("DROP OWNED BY guarded", database=name)


def test_a_server_that_takes_no_changes(server: PostgreSQL, store: Store, place: str) -> None:
    store.add(norway())
    name = name_of(place)
    server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with Store.open(place) as reader:
        assert len(reader.entries()) == 7
        with pytest.raises(BookError, match="takes no changes"):
            reader.add([report(Said("Sweden gives ten tanks"))])
        assert len(reader.entries()) == 7


def test_a_database_that_cannot_hold_all_texts(server: PostgreSQL) -> None:
    with server.database("template0", "ENCODING 'LATIN1' LOCALE 'C'") as place:
        told = str(refused(place))
        assert "keeps texts as LATIN1" in told
        with psycopg.connect(place.replace("+psycopg", "")) as connection:
            found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            assert found.fetchone() == (0,)


def test_a_server_without_a_free_connection(server: PostgreSQL, role: str, place: str) -> None:
    name = name_of(place)
    server.execute(f"ALTER ROLE {role} CONNECTION LIMIT 0")
    told = str(refused(server.url(name, role, "right"), BookLockedError))
    assert "no connection left" in told


def test_a_full_disk_on_the_server_loses_nothing_that_was_confirmed(
    server: PostgreSQL,
) -> None:
    """A tablespace on a small file system of its own, which is filled for real."""
    small = server.folder / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m,mode=0777", "tmpfs", str(small)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    space = small / "space"
    try:
        space.mkdir()
        server.give(space)
        server.execute(f"CREATE TABLESPACE small LOCATION '{space}'")
        try:
            with server.database(options="TABLESPACE small") as place, Store.open(place) as store:
                store.add(norway())
                confirmed = store.entries()
                # What is random cannot be packed.
                filler = base64.b85encode(random.Random(1).randbytes(20_000_000)).decode()
                large = report(Said("Sweden will give ten tanks", quantity=10), lead=filler)
                with pytest.raises(BookError, match="disk is full") as caught:
                    store.add([large])
                assert "Free some space" in str(caught.value)
                assert store.entries() == confirmed
                assert store.add([report(Said("Sweden will give ten tanks"))]).new == 1
        finally:
            server.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", str(small)], check=True)
        small.rmdir()


def test_what_takes_too_long_is_given_up(place: str) -> None:
    Store.open(place).close()
    database = open_database(f"{place}?options=-c%20statement_timeout=50")
    with pytest.raises(BookLockedError, match="took longer"), database.reading() as connection:
        connection.execute(sa.text("SELECT pg_sleep(5)"))
    database.close()


def test_a_reader_is_not_kept_waiting_by_a_writer(store: Store, place: str) -> None:
    store.add(norway()[:1])
    database = open_database(place)
    with database.writing() as connection:
        connection.execute(sa.text("SELECT id FROM documents FOR UPDATE"))
        with Store.open(place, busy_timeout=0.2) as other:
            assert len(other.entries()) == 2
            # A document that is not held is taken.
            assert other.add(norway()[1:2]).new == 1
            with pytest.raises(BookLockedError, match="another process"):
                other.add(norway()[:1])
    database.close()


def test_sessions_are_named_and_given_back(server: PostgreSQL, place: str) -> None:
    def sessions() -> list[tuple[str, str]]:
        with psycopg.connect(server.url("postgres").replace("+psycopg", "")) as connection:
            return connection.execute(
                "SELECT application_name, state FROM pg_stat_activity WHERE datname = %s",
                [name_of(place)],
            ).fetchall()

    with Store.open(place) as store:
        for one in norway():
            store.add([one])
            store.entries()
        assert sessions() == [("pledgebook", "idle")]
    until = time.monotonic() + 10
    while sessions() and time.monotonic() < until:
        time.sleep(0.05)
    assert sessions() == []
    with Store.open(f"{place}?application_name=nightly") as store:
        store.entries()
        assert ("nightly", "idle") in sessions()


def test_the_settings_of_a_session(server: PostgreSQL, place: str) -> None:
    name = name_of(place)
    for setting in (
        "synchronous_commit = off",
        "extra_float_digits = 0",
        "datestyle = 'German'",
        "timezone = 'Pacific/Auckland'",
        "default_transaction_isolation = 'serializable'",
        "client_encoding = 'LATIN1'",
    ):
        server.execute(f"ALTER DATABASE {name} SET {setting}")
    asked = (
        *("synchronous_commit", "lock_timeout", "statement_timeout"),
        *("transaction_isolation", "timezone", "client_encoding"),
    )

    def settings(connection: sa.Connection) -> dict[str, str]:
        return {name: str(connection.execute(sa.text(f"SHOW {name}")).scalar()) for name in asked}

    database = open_database(place, busy_timeout=3)
    with database.writing() as connection:
        writing = settings(connection)
        digits = connection.execute(sa.text("SELECT 0.1::float8 + 0.2::float8")).scalar()
        day = connection.execute(sa.text("SELECT DATE '2024-02-03'")).scalar()
    with database.reading() as connection:
        reading = settings(connection)
    database.close()
    assert digits == 0.1 + 0.2
    assert str(day) == "2024-02-03"
    assert writing == {
        "synchronous_commit": "on",
        "lock_timeout": "3s",
        "statement_timeout": "10min",
        "transaction_isolation": "read committed",
        "timezone": "UTC",
        "client_encoding": "UTF8",
    }
    assert reading["transaction_isolation"] == "repeatable read"


def test_a_session_that_died_unused_is_replaced(
    server: PostgreSQL, store: Store, place: str
) -> None:
    store.add(norway()[:1])
    server.disconnect(name_of(place))
    assert len(store.entries()) == 2
    server.disconnect(name_of(place))
    assert store.add(norway()[1:]).new == 2
    server.stop()
    server.start()
    assert len(store.entries()) == 7


def test_a_session_that_dies_at_work_is_told(server: PostgreSQL, store: Store, place: str) -> None:
    store.add(norway())

    def cut_short() -> None:
        with store._database.reading() as connection:
            connection.execute(sa.select(schema.documents.c.id)).all()
            server.disconnect(name_of(place))
            connection.execute(sa.select(schema.documents.c.id)).all()

    with pytest.raises(BookError, match="connection to the server was lost") as caught:
        cut_short()
    assert "Run the same command again" in str(caught.value)
    assert len(store.entries()) == 7


def test_tables_that_went_missing_are_told(server: PostgreSQL, store: Store, place: str) -> None:
    server.execute("DROP TABLE problems", database=name_of(place))
    with pytest.raises(BookError, match="missing or damaged"):
        store.problems()


def test_several_books_in_one_database(server: PostgreSQL, bare_place: str) -> None:
    name = name_of(bare_place)
    server.execute("CREATE SCHEMA one", "CREATE SCHEMA two", database=name)
    places = [f"{bare_place}?options=-c%20search_path%3D{schema}" for schema in ("one", "two")]
    for number, place in enumerate(places, 1):
        with Store.open(place, clock=Clock()) as store:
            store.add(norway()[:number])
    counts = []
    for place in places:
        with Store.open(place) as store:
            counts.append(len(store.documents()))
    assert counts == [1, 2]
    assert "that the address names is not there" in str(
        refused(f"{bare_place}?options=-c%20search_path%3Dnowhere")
    )


def test_the_command_line_says_it_in_one_sentence(
    program: Program, server: PostgreSQL, role: str
) -> None:
    done = program("read", "-", "--db", server.url("nowhere", role, "right"), stdin=b"A text.")
    assert done.code == 2
    [sentence] = [line for line in done.err.splitlines() if line.startswith("pledgebook: ")]
    assert "has no database nowhere" in sentence
    assert "right" not in done.err.replace("rights", "")
