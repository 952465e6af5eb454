"""Books to be harmed: made by acts that nothing disturbs, copied, and compared afterwards."""

from __future__ import annotations

import dataclasses
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import alembic.command
import crashing
import sqlalchemy as sa
from alembic.config import Config
from crashing import COUNT, Fault
from old_books import lay_out
from postgresql_server import PostgreSQL

from engines import SQLITE
from making import Clock
from pledgebook.book import Book
from pledgebook.ledger import engine as engine_module
from pledgebook.ledger import schema
from pledgebook.ledger.engine import open_database
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.store import Store

TIMES = {"ingested_at", "seen_at", "created_at", "made_at", "recorded_at"}

Rows = Mapping[str, Counter[str]]

# What has to be there before an act, by the acts that make it.
BEFORE: dict[str, tuple[str, ...]] = {
    "read": (),
    "reread": ("read",),
    "judge": ("read",),
    "purge": ("read",),
    "import": ("read",),
    "migrate": ("read",),
    "follow": (),
    "restore": (),
    "package": (),
    "migrate-0002": (),
    "migrate-0003": (),
    "migrate-0004": (),
}


@dataclass(frozen=True)
class Undisturbed:
    """What an act leaves behind where nothing goes wrong."""

    before: Rows
    after: Rows
    ledger: Ledger
    steps: int
    seconds: float


@dataclass
class Ward:
    """Books on one engine, each made by acts that nothing disturbs, to be copied and harmed."""

    engine: str
    folder: Path
    context: ForkServerContext
    server: PostgreSQL | None
    made: dict[tuple[str, ...], str] = dataclasses.field(default_factory=dict)
    known: dict[str, Undisturbed] = dataclasses.field(default_factory=dict)
    serial: int = 0

    @property
    def told(self) -> Path:
        """A file of its own for each writer."""
        self.serial += 1
        return self.folder / f"told-{self.serial}"

    @contextmanager
    def book(self, name: str) -> Iterator[str]:
        """Lend a book in which an act is yet to be done."""
        acts = BEFORE[name]
        if name.startswith("migrate"):
            acts = ("old", *acts) if acts else (name,)
        if acts not in self.made:
            self.made[acts] = self._make(acts)
        source = self.made[acts]
        if self.server is not None:
            with self.server.database(source.rpartition("/")[-1]) as place:
                yield place
            return
        self.serial += 1
        place = str(self.folder / f"book-{self.serial}.db")
        shutil.copy(source, place)
        yield place

    def _make(self, acts: tuple[str, ...]) -> str:
        if self.server is not None:
            place = self.server.new_database()
        else:
            place = str(self.folder / f"{'-'.join(acts) or 'empty'}.db")
            Path(place).touch()
        if len(acts) == 1 and acts[0].startswith("migrate"):
            lay_out(acts[0].rpartition("-")[-1], place, self.folder)
            return place
        for number, name in enumerate(acts):
            if name == "old":
                old = make_old_book(place, acts[number + 1 :], self)
                assert old == "0001"
                return place
            crashing.act(name, place, self.told)
        return place

    def more(self, name: str) -> dict[str, object]:
        """What an act has to be told beside the book: the file that it takes in."""
        form = {"restore": "jsonl", "package": "datapackage"}.get(name)
        if form is None:
            return {}
        path = self.folder / f"exported.{form}"
        if not path.exists():
            with self.book("judge") as place, Book.open(place, clock=Clock()) as book:
                crashing.judge(book.store)
                book.export(form, path)
        return {"path": str(path)}

    def undisturbed(self, name: str) -> Undisturbed:
        if name not in self.known:
            more = self.more(name)
            with self.book(name) as place:
                made_anew = name.startswith("migrate") or not BEFORE[name]
                before = {} if made_anew else contents(place)
                began = time.monotonic()
                steps = crashing.act(name, place, self.told, more=more)
                seconds = time.monotonic() - began
                self.known[name] = Undisturbed(
                    before, contents(place), ledger(place), steps, seconds
                )
        return self.known[name]

    def start(
        self, name: str, place: str, told: Path, fault: Fault | None = None, **more: object
    ) -> ForkServerProcess:
        told_of = {**self.more(name), **more}
        writer = self.context.Process(
            target=crashing.run, args=(name, place, told, fault, told_of), daemon=True
        )
        writer.start()
        return writer


def make_old_book(place: str, acts: tuple[str, ...], ward: Ward) -> str:
    """Fill a book of the first schema with what acts leave in one of today's."""
    with ward.book({"read": "judge"}[acts[-1]]) as filled:
        source, target = open_database(filled), _bare(place)
        with target.begin() as connection:
            config = Config()
            folder = Path(engine_module.__file__).parent / "migrations"
            config.set_main_option("script_location", str(folder))
            config.set_main_option("path_separator", "os")
            config.attributes["connection"] = connection
            alembic.command.upgrade(config, "0001")
        old = sa.MetaData()
        old.reflect(target)
        with source.reading() as there, target.begin() as here:
            for table in schema.metadata.sorted_tables:
                columns = old.tables[table.name].c if table.name in old.tables else ()
                kept = [column for column in table.c if column.name in columns]
                rows = [row._asdict() for row in there.execute(sa.select(*kept))] if kept else []
                if rows:
                    here.execute(table.insert(), rows)
            version = here.execute(sa.text(f"SELECT version_num FROM {schema.VERSION_TABLE}"))
            found = str(version.scalar())
        source.close()
        target.dispose()
    return found


def _bare(place: str) -> sa.Engine:
    return sa.create_engine(place if "://" in place else f"sqlite:///{place}")


def contents(place: str) -> Rows:
    """Return every row of every table, without when it came and which number it was given."""
    database = open_database(place)
    found: dict[str, Counter[str]] = {}
    with database.reading() as connection:
        for table in schema.metadata.sorted_tables:
            ids = {"number"} if "number" in table.c else set()
            columns = [column for column in table.c if column.name not in TIMES | ids]
            found[table.name] = Counter(
                repr(tuple(row)) for row in connection.execute(sa.select(*columns))
            )
        if database.dialect == SQLITE:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    database.close()
    return found


def ledger(place: str) -> Ledger:
    with Book.open(place, clock=Clock()) as book:
        return book.ledger()


def assert_kept(place: str, told: Path) -> None:
    """All that a writer was told is confirmed is in the book."""
    if not told.exists():
        return
    lines = [line.split() for line in told.read_text(encoding="utf-8").splitlines()]
    with Store.open(place, clock=Clock()) as store:
        documents = {one.id: one for one in store.documents()}
        judged = {one.id for one in store.judgements()}
        releases = {one.id: one for one in store.releases()}
        database = store._database
        with database.reading() as connection:
            query = sa.select(schema.run_statements.c.run_id)
            runs = Counter(connection.execute(query).scalars())
    for word, *ids in lines:
        match word:
            case "read":
                assert documents[ids[0]].statements == 1 or documents[ids[0]].state == "purged"
                assert runs[ids[1]] == 1
            case "judged":
                assert ids[0] in judged
            case "purged":
                assert documents[ids[0]].state == "purged"
            case "restored":
                assert len(documents) == COUNT
                assert judged
            case "imported":
                assert releases[ids[0]].rows == COUNT


def assert_nothing_else(place: str, usual: Undisturbed) -> None:
    """What is there half-way is nothing that would not be there before or after."""
    for table, rows in contents(place).items():
        allowed = usual.before.get(table, Counter()) | usual.after[table]
        assert rows <= allowed, table


def assert_as_usual(place: str, usual: Undisturbed) -> None:
    assert contents(place) == usual.after
    assert ledger(place) == usual.ledger
