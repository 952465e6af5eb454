"""Terminals, pipes, signals, and the program's own faults."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from program import SECONDS, Program

COLOUR = re.compile(r"\x1b\[[\d;]*(?:3[0-7]|9[0-7]|38)[\d;]*m")


def on_a_terminal(
    program: Program, width: int, *arguments: str, typed: str = "", code: int = 0, **settings: str
) -> str:
    """Run on a terminal of a width, with what a person types, and return all that was shown."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    running = subprocess.Popen(
        program.command(*arguments),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=program.home,
        env=program.environment | {"TERM": "xterm-256color"} | settings,
    )
    os.close(slave)
    os.write(master, typed.encode())
    sent = b""
    # The terminal goes away, with an error, when the program has left.
    with contextlib.suppress(OSError):
        while some := os.read(master, 65536):
            sent += some
    os.close(master)
    assert running.wait(SECONDS) == code
    return sent.decode()


@pytest.mark.usefixtures("aid")
def test_colours_on_a_terminal_unless_they_are_not_wanted(program: Program) -> None:
    ask = ("status", "--db", "aid.db")
    assert COLOUR.search(on_a_terminal(program, 100, *ask))
    assert not COLOUR.search(on_a_terminal(program, 100, *ask, NO_COLOR="1"))
    assert "\x1b" not in on_a_terminal(program, 100, *ask, TERM="dumb")
    assert "\x1b" not in program.well(*ask)


@pytest.mark.usefixtures("aid")
@pytest.mark.parametrize("width", [80, 132])
def test_a_table_keeps_to_its_terminal(program: Program, width: int) -> None:
    sent = on_a_terminal(program, width, "status", "--db", "aid.db", NO_COLOR="1")
    lines = program.books.shown(re.sub(r"\x1b\[[\d;]*m", "", sent)).splitlines()
    assert max(map(len, lines)) <= width
    assert ("Norway" in sent) == (width == 132)


@pytest.mark.usefixtures("aid")
def test_purging_asks_first(program: Program) -> None:
    listed = program.well("documents", "--format", "csv", "--db", "aid.db")
    document = listed.splitlines()[1].partition(",")[0]
    ask = ("purge", document, "--db", "aid.db")
    assert "nothing was erased" in on_a_terminal(program, 100, *ask, typed="n\n", code=2)
    assert "purged" not in program.well("documents", "--db", "aid.db")
    assert "Erased" in on_a_terminal(program, 100, *ask, typed="y\n")
    assert "purged" in program.well("documents", "--db", "aid.db")


def test_progress_is_shown_on_a_terminal_only(program: Program) -> None:
    text = program.home / "a.txt"
    text.write_text("Norway will send eight Leopard 2 tanks.", encoding="utf-8")
    sent = on_a_terminal(program, 100, "read", "a.txt", "--db", "aid.db")
    assert "1 document, 1 statement" in sent
    done = program("read", "a.txt", "--db", "other.db")
    assert "100%" not in done.out + done.err
    assert "\x1b" not in done.out + done.err


@pytest.mark.usefixtures("aid")
@pytest.mark.parametrize("form", ["table", "json"])
def test_a_reader_that_goes_away_is_no_error(program: Program, form: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        program.command("status", "--format", form, "--db", "aid.db"),
        stdout=writer,
        stderr=subprocess.PIPE,
        cwd=program.home,
        env=program.environment,
        text=True,
        check=False,
    )
    os.close(writer)
    assert done.returncode == 141
    assert program.books.shown(done.stderr) == "Book: ~/aid.db\n"


@pytest.mark.usefixtures("new_aid")
def test_stopped_by_hand_keeps_what_was_read(program: Program) -> None:
    (program.home / "a.txt").write_text("Norway will send eight tanks.", encoding="utf-8")
    running = subprocess.Popen(
        program.command("read", "a.txt", "-", "--db", "aid.db"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=program.home,
        env=program.environment,
    )
    wait_for_input(running.pid)
    running.send_signal(signal.SIGINT)
    out, said = running.communicate(timeout=SECONDS)
    assert running.returncode == 130
    assert said.decode().endswith("pledgebook: stopped; what was read is kept\n")
    assert out == b""
    assert "a.txt" in program.well("documents", "--db", "aid.db")


def wait_for_input(pid: int) -> None:
    """Wait until a process waits for its standard input, a pipe that stays open."""
    where = Path(f"/proc/{pid}/wchan")
    if not where.exists():
        time.sleep(5)
        return
    for _ in range(SECONDS * 10):
        if "pipe" in where.read_text(encoding="ascii"):
            return
        time.sleep(0.1)
    pytest.fail("the program never came to its standard input")


def test_a_fault_of_our_own_is_told_without_a_traceback(program: Program) -> None:
    code = (
        "import pledgebook.cli.keeping as k\n"
        "def broken(*a, **b): raise RuntimeError('a wheel came off')\n"
        "k.write = broken\n"
        "from pledgebook.cli import main\n"
        "import sys; sys.argv = ['pledgebook', 'where']\n"
        "main()\n"
    )
    for debug in ("", "1"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            env=program.environment | {"PLEDGEBOOK_DEBUG": debug},
            text=True,
            check=False,
        )
        assert "a wheel came off" in done.stderr
        assert ("Traceback" in done.stderr) == bool(debug)
        assert done.returncode == (1 if debug else 2)


def test_debugging_shows_where_an_error_is_from(program: Program) -> None:
    done = program("status", "--db", "none.db", settings={"PLEDGEBOOK_DEBUG": "1"})
    assert "Traceback" in done.err
    assert "there is no book yet" in done.err


def test_an_output_without_room_is_told(program: Program, aid: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    with full.open("wb") as out:
        done = subprocess.run(
            program.command("status", "--format", "csv", "--db", aid),
            stdout=out,
            stderr=subprocess.PIPE,
            env=program.environment,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "no space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_poor_locale_does_not_stop_it(program: Program, aid: Path) -> None:
    settings = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    assert "Norway" in program.well("status", "--db", aid, settings=settings)
