"""Shared fixtures: a clock, and an empty book on each engine, PostgreSQL for real."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from making import Clock
from pledgebook.book import Book
from pledgebook.ledger.store import Store
from program import Inside, Program
from stories import everything

_SERVER_SECONDS = 60

# Machines are shared and noisy, and the first example loads the catalogue: no test asserts a time.
settings.register_profile("pledgebook", deadline=None)
settings.load_profile("pledgebook")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Path or URL of a book that does not exist yet."""
    if request.param == "sqlite":
        return str(tmp_path / "book.db")
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def store(place: str, clock: Clock) -> Iterator[Store]:
    with Store.open(place, clock=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def written_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of `stories.everything`, to be copied."""
    path = tmp_path_factory.mktemp("book") / "aid.db"
    with Store.open(path, clock=Clock()) as store:
        store.add(everything())
    return path


@pytest.fixture
def told(written_book: Path, tmp_path: Path) -> Iterator[Book]:
    """A book of `stories.everything`, on a day that does not move."""
    path = shutil.copy(written_book, tmp_path / "aid.db")
    with Book.open(path, clock=Clock()) as book:
        yield book


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The command line, with an empty home."""
    home = tmp_path / "home"
    home.mkdir()
    return Program(home)


@pytest.fixture
def aid(program: Program, written_book: Path) -> Path:
    """The path of a book of `stories.everything`, in the home of `program`."""
    return Path(shutil.copy(written_book, program.home / "aid.db"))


@pytest.fixture
def inside(aid: Path, monkeypatch: pytest.MonkeyPatch) -> Inside:
    """The command line in this process, in the folder of `aid`."""
    monkeypatch.chdir(aid.parent)
    monkeypatch.setenv("HOME", str(aid.parent))
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("PLEDGEBOOK_DB", "PLEDGEBOOK_CATALOGUE", "PLEDGEBOOK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return Inside()


class PostgreSQL:
    """A server of our own: loopback only, a free port, a folder that goes with it."""

    def __init__(
        self, programs: Path, folder: Path, drop_rights: Callable[[], None] | None
    ) -> None:
        self._programs = programs
        self._data = folder / "data"
        self._folder = folder
        self._drop_rights = drop_rights
        self.port = _free_port()

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments],
            check=True,
            capture_output=True,
            timeout=_SERVER_SECONDS,
            cwd=self._folder,
            preexec_fn=self._drop_rights,
        )

    def start(self) -> None:
        self._run(
            "initdb", "-D", str(self._data), "-U", "pledgebook", "-A", "trust", "-E", "UTF8", "-N"
        )
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off "
            f"-c synchronous_commit=off -k {self._folder}"
        )
        log = self._folder / "log"
        self._run("pg_ctl", "-D", str(self._data), "-o", options, "-l", str(log), "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://pledgebook@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        import psycopg

        name = f"book_{uuid.uuid4().hex}"
        address = f"host=127.0.0.1 port={self.port} user=pledgebook dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"PostgreSQL must be tested here: {reason}")
    pytest.skip(f"no PostgreSQL to test with: {reason}")


def _programs() -> Path | None:
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _other_user() -> pwd.struct_passwd | None:
    """The server refuses to run as root: somebody else must own it."""
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    programs = _programs()
    if programs is None:
        _missing("its programs (initdb, pg_ctl) are not installed")
        raise AssertionError
    drop_rights: Callable[[], None] | None = None
    # The paths of sockets are short, those of test folders are long.
    folder = Path(tempfile.mkdtemp(prefix="pledgebook-"))
    try:
        if os.geteuid() == 0:
            user = _other_user()
            if user is None:
                _missing("the server refuses to run as root and there is no user to run it as")
                raise AssertionError
            uid, gid = user.pw_uid, user.pw_gid
            os.chown(folder, uid, gid)

            def become() -> None:
                os.setgroups([])
                os.setgid(gid)
                os.setuid(uid)

            drop_rights = become
        server = PostgreSQL(programs, folder, drop_rights)
        try:
            server.start()
        except (subprocess.SubprocessError, OSError) as error:
            output = getattr(error, "stderr", b"") or b""
            _missing(f"the server does not start: {error} {output.decode(errors='replace')}")
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
