"""`read --explain`: a reading told sentence by sentence."""

from __future__ import annotations

import io
import re

import pytest
from syrupy.assertion import SnapshotAssertion

from making import document
from pledgebook.cli.explaining import show_document
from pledgebook.reading.trace import tracing
from pledgebook.reporting.screen import Screen
from program import Program

REPORT = """\
OSLO, Feb 14 - Norway will send eight Leopard 2 tanks to Ukraine, Defence Minister Bjorn Arild \
Gram said on Tuesday. Russian forces shelled the town on Monday, and 14 tanks were destroyed. Will \
Sweden follow?

The package includes:
- 12 generators
- spare parts

Norway will send eight Leopard 2 tanks to Ukraine.
"""


@pytest.mark.parametrize("width", [80, 100])
def test_a_report_is_explained(program: Program, snapshot: SnapshotAssertion, width: int) -> None:
    (program.home / "report.txt").write_text(REPORT, encoding="utf-8")
    ask = ("read", "report.txt", "--date", "2023-02-14", "--explain")
    shown = program.well(*ask, settings={"COLUMNS": str(width)})
    assert max(map(len, shown.splitlines())) <= width
    assert not re.search(r"[ \t]$", shown, re.MULTILINE)
    assert shown == snapshot
    # Nothing was kept: there is no book.
    assert program("status").code == 2


def test_a_document_that_is_not_read_says_so(program: Program) -> None:
    line = "The choir sang in the old church and the baker gave out warm bread to the children. "
    (program.home / "choir.txt").write_text(line * 20, encoding="utf-8")
    shown = program.well("read", "choir.txt", "--explain")
    assert "0 statements" in shown
    assert "Not read: too little in it is about arms or aid" in shown


def test_it_is_for_eyes_or_for_machines(program: Program) -> None:
    done = program("read", "-", "--explain", "--jsonl")
    assert done.code == 2
    assert "Give one of the two" in done.err


def test_what_cannot_be_read_is_a_problem(program: Program) -> None:
    done = program("read", "nowhere.txt", "--explain")
    assert done.code == 2
    assert "nowhere.txt" in done.err


def screen(width: int = 100) -> tuple[Screen, io.StringIO]:
    stream = io.StringIO()
    return Screen(stream, width), stream


def test_events_that_nobody_foresaw_are_shown_as_they_are() -> None:
    made = document("Norway will send tanks. Nobody spoke.", "2023-02-14")
    out, stream = screen()
    with tracing() as trace:
        trace.tell("sentence", 0, 23)
        trace.tell("score", 12, 16, scores={"delivery": 0.031, "pledge": 0.964})
        trace.tell("pairing", 17, 22, facts={"giver": "NOR"}, scores={"fit": 0.5})
        trace.tell("score", 24, 30, scores={"nothing": 1.0})
    show_document(out, made, [], trace, "learned")
    shown = stream.getvalue()
    assert "read by learned · 0 statements" in shown
    assert "score “send”: pledge 0.96 · delivery 0.03" in shown
    assert "pairing “tanks”: giver NOR · fit 0.50" in shown
    assert "2 Nobody\n" in shown  # what no sentence holds has a place of its own


def test_a_coder_that_tells_nothing_still_shows_its_statements() -> None:
    from pledgebook.reading import read_document
    from pledgebook.vocabulary.catalogue import load_catalogue

    made = document("Norway will send eight tanks to Ukraine.", "2023-02-14")
    statements = read_document(made, load_catalogue())
    assert statements
    out, stream = screen()
    with tracing() as trace:
        pass
    show_document(out, made, statements, trace, "silent")
    assert "✓ pledge by NOR · to UKR · tank · 8 · firm, new" in stream.getvalue()
    assert "rule: send" in stream.getvalue()


def test_control_characters_reach_no_terminal() -> None:
    made = document("Norway will send\x1b[31m eight tanks\u202e to Ukraine.", "2023-02-14")
    out, stream = screen()
    with tracing() as trace:
        trace.tell("sentence", 0, len(made.text))
        trace.tell("\x1bname", 0, 6, facts={"\x1b": "\x1b"})
    show_document(out, made, [], trace, "learned")
    assert "\x1b" not in stream.getvalue()
    assert "\u202e" not in stream.getvalue()
