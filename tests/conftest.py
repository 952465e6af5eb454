"""Shared fixtures: a clock, and books on each engine, PostgreSQL for real."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from postgresql_server import PostgreSQL, UnavailableError, server
from syrupy.assertion import SnapshotAssertion

from disks import can_mount, mounted
from engines import ENGINES, POSTGRESQL, SameOnBothEngines
from making import Clock
from pledgebook.book import Book
from pledgebook.ledger.store import Store
from program import Inside, Program
from stories import everything

_NO_SERVER = "no PostgreSQL to test with"
_SIMULATING = ("forecast", "flows", "arrivals", "balance", "demo", "plan", "readme", "docs")
_COMPILED = pytest.StashKey[bool]()

# Machines are shared and noisy, and the first example loads the catalogue: no test asserts a time.
settings.register_profile("pledgebook", deadline=None)
settings.load_profile("pledgebook")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Compile the kernel of the flows once, before the first test that may use it.

    It takes a while and is kept. Side by side, each process would do it for itself.
    """
    if not any(word in item.nodeid for word in _SIMULATING) or item.config.stash.get(
        _COMPILED, None
    ):
        return
    item.config.stash[_COMPILED] = True
    from filelock import FileLock

    from pledgebook.forecasting.flows.simulate import simulate
    from pledgebook.forecasting.flows.system import Line, System

    lock = Path(tempfile.gettempdir()) / f"pledgebook-kernel-{os.getuid()}.lock"
    with FileLock(lock):
        simulate(System(1, [Line("warm")]), draws=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """What keeps the book: the test runs once on each."""
    return str(request.param)


@pytest.fixture
def place(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Path or URL of a book that does not exist yet, or, on a server, that is empty.

    There the tables are copied: to make them anew takes longer than most tests do.
    """
    if engine != POSTGRESQL:
        yield str(tmp_path / "book.db")
        return
    running: PostgreSQL = request.getfixturevalue("postgresql")
    with running.database(request.getfixturevalue("empty_database")) as url:
        yield url


@pytest.fixture
def bare_place(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Path or URL of a book that does not exist yet: no file, or a database without tables."""
    if engine != POSTGRESQL:
        yield str(tmp_path / "book.db")
        return
    running: PostgreSQL = request.getfixturevalue("postgresql")
    with running.database() as url:
        yield url


@pytest.fixture(scope="session")
def empty_database(postgresql: PostgreSQL) -> str:
    """The name of a database with the tables of a book, to be copied."""
    url = postgresql.new_database()
    Store.open(url).close()
    return url.rpartition("/")[-1]


@pytest.fixture
def store(place: str, clock: Clock) -> Iterator[Store]:
    with Store.open(place, clock=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def written_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of `stories.everything` in a file, to be copied."""
    path = tmp_path_factory.mktemp("book") / "aid.db"
    _write(path)
    return path


@pytest.fixture(scope="session")
def written_database(postgresql: PostgreSQL) -> str:
    """The name of a database with a book of `stories.everything`, to be copied."""
    url = postgresql.new_database()
    _write(url)
    return url.rpartition("/")[-1]


def _write(place: str | Path) -> None:
    with Store.open(place, clock=Clock()) as opened:
        opened.add(everything())


@pytest.fixture
def written_place(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Path or URL of a book of `stories.everything`, the test's own."""
    if engine != POSTGRESQL:
        yield str(shutil.copy(request.getfixturevalue("written_book"), tmp_path / "aid.db"))
        return
    running: PostgreSQL = request.getfixturevalue("postgresql")
    with running.database(request.getfixturevalue("written_database")) as url:
        yield url


@pytest.fixture
def told(written_place: str) -> Iterator[Book]:
    """A book of `stories.everything`, on a day that does not move."""
    with Book.open(written_place, clock=Clock()) as book:
        yield book


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The command line, with an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    return Program(home)


@pytest.fixture
def aid(engine: str, program: Program, written_place: str) -> Path:
    """The path of a book of `stories.everything`, in the home of `program`.

    On PostgreSQL there is no such file: `program` and `inside` know which database is meant by it.
    """
    path = program.home / "aid.db"
    if engine == POSTGRESQL:
        program.books.keep(path, written_place)
    else:
        shutil.move(written_place, path)
    return path


@pytest.fixture
def new_aid(engine: str, program: Program, bare_place: str) -> Path:
    """The path of a book that does not exist yet, in the home of `program`."""
    path = program.home / "aid.db"
    if engine == POSTGRESQL:
        program.books.keep(path, bare_place)
    return path


@pytest.fixture
def inside(aid: Path, program: Program, monkeypatch: pytest.MonkeyPatch) -> Inside:
    """The command line in this process, in the folder of `aid`."""
    monkeypatch.chdir(aid.parent)
    monkeypatch.setenv("HOME", str(aid.parent))
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("PLEDGEBOOK_DB", "PLEDGEBOOK_CATALOGUE", "PLEDGEBOOK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return Inside(program.books)


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """A snapshot that both engines have to match."""
    return snapshot.use_extension(SameOnBothEngines)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 128 KB, in a folder of its own: less than a book takes."""
    if not can_mount(tmp_path):
        pytest.skip("only who may mount has a disk that fills up")
    with mounted(tmp_path / "tiny", 128) as folder:
        yield folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A server of our own; the tests that want it are skipped, aloud, where there can be none."""
    with contextlib.ExitStack() as stack:
        try:
            running = stack.enter_context(server())
        except UnavailableError as error:
            if os.environ.get("CI", "").lower() not in ("", "0", "false"):
                pytest.fail(f"PostgreSQL must be tested here: {error}")
            pytest.skip(f"{_NO_SERVER}: {error}")
        yield running


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end, and in so many words, that half of the engines went untested."""
    skipped = [
        str(report.longrepr)
        for report in terminalreporter.getreports("skipped")
        if _NO_SERVER in str(report.longrepr)
    ]
    if skipped:
        reason = skipped[0].rpartition(f"{_NO_SERVER}: ")[-1].rstrip("')")
        terminalreporter.section("PostgreSQL was not tested", red=True, bold=True)
        terminalreporter.line(f"{len(skipped)} tests were left out: {reason}")
