"""A book of before there was a search is filled when it is opened, and is then as any other."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from library import library
from searching import held

from making import Clock, Said, release, report
from pledgebook.book import Book
from pledgebook.errors import BookError
from pledgebook.ledger import engine, schema
from pledgebook.ledger.search import tables
from pledgebook.ledger.store import Store

BEFORE = "0002"


def old_book(place: str, filled: Path) -> None:
    """Make the tables of before, and put the rows of another book into them as they are."""
    target = sa.create_engine(place if "://" in place else f"sqlite:///{place}")
    source = sa.create_engine(f"sqlite:///{filled}")
    config = Config()
    config.set_main_option("script_location", str(Path(engine.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with target.begin() as here, source.begin() as there:
        config.attributes["connection"] = here
        command.upgrade(config, BEFORE)
        assert "search_rows" not in sa.inspect(here).get_table_names()
        for table in schema.metadata.sorted_tables:
            rows = [row._asdict() for row in there.execute(sa.select(table))]
            for row in rows:
                # A server that is not told of numbers would give them again.
                row.pop("number", None)
            if rows:
                here.execute(table.insert(), rows)
    target.dispose()
    source.dispose()


@pytest.fixture
def filled(tmp_path: Path, clock: Clock) -> Path:
    path = tmp_path / "filled.db"
    with Store.open(path, clock=clock) as store:
        store.add(library())
        store.add_release(release([report(Said("Finland: three corvettes"))]), by="me")
        store.withdraw(library()[3].document.id, by="me")
        store.purge(library()[0].document.id, by="me")
    return path


def test_an_old_book_is_filled(bare_place: str, filled: Path, clock: Clock) -> None:
    old_book(bare_place, filled)
    with Book.open(filled, clock=clock) as before, Book.open(bare_place, clock=clock) as after:
        assert held(after.store) == held(before.store)
        for query in ("", "leopard", "challenger", "harbour lighthouse", "チョッキ", "donor:NOR"):
            assert after.search(query, limit=100) == before.search(query, limit=100)
        assert after.search("leopard").total > 0
        # And it goes on as any other.
        after.store.add([report(Said("Sweden will send a corvette", actors=("SWE",)))])
        assert after.search("corvette").total == 3
        after.purge(library()[1].document.id)
        assert after.search("F-16").total == 0


def test_opening_it_again_changes_nothing(bare_place: str, filled: Path) -> None:
    old_book(bare_place, filled)
    with Store.open(bare_place) as store:
        first = held(store)
    with Store.open(bare_place) as store:
        assert held(store) == first
    assert first["rows"] > 0


def test_an_engine_without_a_full_text_index_is_told_plainly(
    bare_place: str, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_book(bare_place, filled)
    monkeypatch.setattr(tables, "_SQLITE", ("CREATE VIRTUAL TABLE x USING fts99(words)",))
    if "://" in bare_place:
        Store.open(bare_place).close()
        return
    with Store.open(bare_place) as store:
        # What it holds is shown.
        assert len(store.documents()) == len(library())
        assert "full-text" in (store.read_only or "")
        assert "Python" in (store.read_only or "")
        with pytest.raises(BookError, match="full-text"):
            store.add(library())
    monkeypatch.undo()
    # It was left as it was.
    with Store.open(bare_place) as store:
        assert held(store)["rows"] > 0
