"""A book that cannot be written is shown, whole, and says in a sentence why it takes nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from disks import as_nobody, can_mount, mounted, remounted_read_only
from making import Clock, Said, norway, report
from pledgebook.book import Book
from pledgebook.errors import BookError, BookLockedError
from pledgebook.ledger.engine import safe
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.store import Store
from program import Inside

LATE = report(Said("Sweden will give ten corvettes", actors=("SWE",), quantity=10))

LEAVES_ITS_LOG = """
import os, sys
sys.path[:0] = sys.argv[2:]
from making import Said, report
from pledgebook.ledger.store import Store
store = Store.open(sys.argv[1])
store.add([report(Said("Sweden will give ten corvettes", actors=("SWE",), quantity=10))])
os._exit(0)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A book in a folder of its own, which nobody has open."""
    folder = tmp_path / "folder"
    with Store.open(folder / "aid.db", clock=Clock()) as store:
        store.add(norway())
    return folder / "aid.db"


def leave_its_log(path: Path) -> None:
    """Add a document by a process that dies before what it confirmed is out of the log."""
    here = str(Path(__file__).parent.parent)
    subprocess.run([sys.executable, "-c", LEAVES_ITS_LOG, str(path), here], check=True)
    assert path.with_name("aid.db-wal").stat().st_size > 0


@pytest.fixture(autouse=True)
def _all_is_imported(tmp_path: Path) -> None:
    """What nobody could import, where Python lies in a folder of root's, is there before."""
    inside, other = Inside(), tmp_path / "other.db"
    with Store.open(other) as store:
        store.add(norway())
    assert inside("status", "--db", other).code == 0
    assert inside("withdraw", "d", "--db", other).code == 2
    assert inside("user", "add", "x", "--role", "reader", "--db", other).code in (0, 2)
    with Book.open(other) as book:
        assert book.search("tanks").total
        book.feeds.add("https://example.org/feed.xml")


def told_of(place: Path) -> tuple[str, Ledger]:
    """The sentence of a book that is shown and refuses to be written, and its ledger."""
    with Book.open(place, clock=Clock()) as book:
        told = book.store.read_only
        assert told is not None
        assert "\n" not in told
        assert told.startswith(f"{safe(place)}: it is open for reading only, because ")
        ledger = book.ledger()
        assert book.why(book.rows()[0].id).title
        assert book.search("tanks").total
        for attempt in (
            lambda: book.store.add([LATE]),
            lambda: book.judge("wrong", book.commitments()[0].id, by="me"),
            lambda: book.purge(book.documents()[0].id),
            lambda: book.feeds.add("https://example.org/feed.xml"),
        ):
            with pytest.raises(BookError) as refused:
                attempt()
            assert str(refused.value) == told
        assert book.ledger() == ledger
    return told, ledger


def usual(place: Path) -> Ledger:
    with Book.open(place, clock=Clock()) as book:
        assert book.store.read_only is None
        return book.ledger()


@pytest.mark.parametrize(
    ("file", "folder", "says"),
    [
        (0o444, 0o777, "its file cannot be written"),
        (0o444, 0o555, "the book cannot be written"),
        (0o666, 0o555, "the book cannot be written"),
    ],
)
def test_without_the_right_to_write(path: Path, file: int, folder: int, says: str) -> None:
    expected, before = usual(path), path.read_bytes()
    path.chmod(file)
    path.parent.chmod(folder)
    with as_nobody(path.parent.parent):
        told, ledger = told_of(path)
    assert says in told
    assert "Check the rights" in told
    assert ledger == expected
    assert path.read_bytes() == before
    path.parent.chmod(0o755)
    path.chmod(0o644)
    assert usual(path) == expected


@pytest.mark.parametrize("lost", ["", "aid.db-shm"])
def test_what_was_confirmed_and_lies_in_the_log_is_shown(path: Path, lost: str) -> None:
    leave_its_log(path)
    if lost:
        path.with_name(lost).unlink()
    kept = path.with_name("kept")
    kept.mkdir()
    for name in ("aid.db", "aid.db-wal"):
        shutil.copy(path.with_name(name), kept)
        (kept / name).chmod(0o644)
    for one in path.parent.iterdir():
        if one.is_file():
            one.chmod(0o444)
    path.parent.chmod(0o555)
    with as_nobody(path.parent.parent):
        _, ledger = told_of(path)
    assert ("SWE",) in {one.donors for one in ledger.commitments if one.designation == "Leopard 2"}
    path.parent.chmod(0o755)
    assert ledger == usual(kept / "aid.db")
    assert len(ledger.entries) == 8


def test_a_disk_that_has_become_read_only(path: Path, tmp_path: Path) -> None:
    if not can_mount(tmp_path):
        pytest.skip("only who may mount has a disk that turns read-only")
    with mounted(tmp_path / "disk", 4096) as disk:
        shutil.copy(path, disk)
        leave_its_log(disk / "aid.db")
        with remounted_read_only(disk):
            told, ledger = told_of(disk / "aid.db")
            assert len(ledger.entries) == 8
        assert "cannot be" in told
        assert usual(disk / "aid.db") == ledger


def test_a_disk_that_is_full_when_it_is_opened(path: Path, tmp_path: Path) -> None:
    if not can_mount(tmp_path):
        pytest.skip("only who may mount has a disk that fills up")
    expected = usual(path)
    kilobytes = path.stat().st_size // 1024
    with mounted(tmp_path / "disk", kilobytes + 4) as disk:
        shutil.copy(path, disk)
        told, ledger = told_of(disk / "aid.db")
        assert "disk" in told
        assert "Free some space" in told
        assert ledger == expected
    with mounted(tmp_path / "roomy", kilobytes + 600) as disk:
        shutil.copy(path, disk)
        assert usual(disk / "aid.db") == expected


def test_a_disk_that_fills_up_while_it_is_open(path: Path, tmp_path: Path) -> None:
    if not can_mount(tmp_path):
        pytest.skip("only who may mount has a disk that fills up")
    with mounted(tmp_path / "disk", path.stat().st_size // 1024 + 400) as disk:
        shutil.copy(path, disk)
        place = disk / "aid.db"
        with Store.open(place) as store:
            stored = 0
            told = None
            while told is None:
                made = report(Said(f"Sweden will give {stored} tanks"), lead="x " * 9000)
                try:
                    stored += store.add([made]).new
                except BookError as error:
                    told = str(error)
            assert "disk is full" in told
            assert "Free some space" in told
            assert "\n" not in told
            assert stored
            assert len(store.documents()) == 3 + stored
        with Book.open(place) as book:
            assert len(book.documents()) == 3 + stored
        with sqlite3.connect(place) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        # With some space, the same is done again and goes on.
        subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)
        with Store.open(place) as store:
            assert store.add([report(Said(f"Sweden will give {stored} tanks"))]).new == 1


def test_who_reads_what_nobody_writes_notices_that_somebody_does(path: Path) -> None:
    path.parent.chmod(0o555)
    with as_nobody(path.parent.parent):
        book = Book.open(path, clock=Clock())
        assert book.store.read_only is not None
        assert len(book.ledger().entries) == 7
    path.parent.chmod(0o755)
    with Store.open(path, clock=Clock()) as store:
        store.add([LATE])
        with pytest.raises(BookLockedError, match="Open it again"):
            book.ledger()
    book.close()
    assert len(usual(path).entries) == 8


def test_the_commands(path: Path) -> None:
    path.chmod(0o444)
    inside = Inside()
    with as_nobody(path.parent.parent):
        shown = inside("status", "--db", path)
        assert (shown.code, shown.err.count("open for reading only")) == (0, 1)
        assert "NOR" in shown.out.upper()
        person = ["user", "add", "x", "--role", "reader"]
        for command in (["read", __file__], ["withdraw", "d"], person):
            refused = inside(*command, "--db", path)
            assert refused.code == 2, command
            assert refused.err.count("open for reading only") == 1, refused.err


@pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX has them")
def test_a_new_book_where_nothing_can_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    with as_nobody(tmp_path), pytest.raises(BookError) as told:
        Store.open(tmp_path / "closed" / "aid.db")
    assert "\n" not in str(told.value)
    assert told.value.mend
