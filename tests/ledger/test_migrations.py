"""A book of the first Pledgebook is brought up to date with all that it holds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from making import Clock, norway, release
from pledgebook.book import Book
from pledgebook.ledger import engine, schema
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.store import Store

MIGRATIONS = Path(engine.__file__).parent / "migrations"
FIRST = "0001"
NEW_TABLES = {"releases", "release_rows", "prices"}


def url_of(place: str) -> str:
    return place if "://" in place else f"sqlite:///{place}"


def old_book(place: str, filled: Path) -> None:
    """Make a book by the first revision alone, and fill it with the rows that one wrote."""
    target = sa.create_engine(url_of(place))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with target.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST)
        old = sa.MetaData()
        old.reflect(connection)
        source = sa.create_engine(url_of(str(filled)))
        with source.begin() as reading:
            for table in schema.metadata.sorted_tables:
                if table.name in NEW_TABLES:
                    continue
                columns = old.tables[table.name].c.keys()
                query = sa.text(f"SELECT {', '.join(columns)} FROM {table.name}")
                rows = [dict(row) for row in reading.execute(query).mappings()]
                for row in rows:
                    if row.get("date"):
                        row["date"] = dt.date.fromisoformat(row["date"])
                    if "hidden" in row:
                        row["hidden"] = bool(row["hidden"])
                if rows:
                    connection.execute(_plain(old.tables[table.name]).insert(), rows)
        source.dispose()
    target.dispose()


def _plain(table: sa.Table) -> sa.TableClause:
    """The table without its types: values go in as they came out."""
    columns = [
        sa.column(column.name, column.type if column.name == "date" else None) for column in table.c
    ]
    return sa.table(table.name, *columns)


@pytest.fixture
def filled(tmp_path: Path, clock: Clock) -> Path:
    """A book with something in every table that the first revision had."""
    path = tmp_path / "filled.db"
    with Store.open(path, clock=clock) as store:
        store.add(norway())
        entry = store.entries()[0]
        store.judge(Judgement.make(Verdict.WRONG, [[entry]], by="me", note="n", made_at=clock()))
        store.withdraw(norway()[2].document.id, by="me")
    return path


def test_an_old_book_keeps_all_and_takes_releases(
    bare_place: str, filled: Path, clock: Clock
) -> None:
    place = bare_place
    old_book(place, filled)
    with Store.open(filled) as source:
        expected = source.entries(), source.judgements(), source.documents()
    with Store.open(place, clock=clock) as store:
        assert (store.entries(), store.judgements(), store.documents()) == expected
        assert store.releases() == []
        assert store.add_release(release([norway()[1]]), by="me").new
        assert store.entries() == expected[0]
    database = engine.open_database(place)
    with database.reading() as connection:
        found = connection.execute(sa.text(f"SELECT version_num FROM {schema.VERSION_TABLE}"))
        assert found.scalar() == schema.SCHEMA_VERSION
        tables = set(sa.inspect(connection).get_table_names())
    database.close()
    assert tables >= NEW_TABLES


def test_the_new_tables_of_an_old_book_are_append_only(bare_place: str, filled: Path) -> None:
    old_book(bare_place, filled)
    with Store.open(bare_place) as store:
        store.add_release(release([norway()[1]]), by="me")
    database = engine.open_database(bare_place)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), database.engine.begin() as raw:
        raw.execute(schema.releases.delete())
    database.close()


def test_an_old_book_counts_as_it_did(bare_place: str, filled: Path, clock: Clock) -> None:
    old_book(bare_place, filled)
    with Book.open(filled, clock=clock) as before, Book.open(bare_place, clock=clock) as after:
        assert after.rows() == before.rows()
        assert after.rows()
