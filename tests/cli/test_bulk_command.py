"""`read --bulk`: what it says, what it refuses, and that it tells of missing packages."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from pledgebook.bulk.report import BulkProgress
from pledgebook.cli.bulk_reading import progress_line
from program import Inside, Program

_TEXT = "Norway will send {n} tanks to Ukraine, the defence ministry said on Tuesday."


def write(path: Path, count: int) -> None:
    path.write_text(
        "".join(
            json.dumps({"date": "2023-02-14", "lang": "en", "text": _TEXT.format(n=n + 3)}) + "\n"
            for n in range(count)
        )
    )


def test_a_file_is_read_and_what_came_of_it_is_told(program: Program) -> None:
    write(program.home / "a.jsonl", 12)
    with (program.home / "a.jsonl").open("a") as out:
        out.write("{broken\n")
    how = ("--bulk", "--workers", "1", "--batch-size", "5", "-o", "tables")
    done = program("read", "a.jsonl", *how)
    assert done.code == 1
    assert done.out.splitlines()[:3] == [
        "12 documents: 0 copies not read, 0 that could not be read",
        "12 statements; batches: 3 anew, 0 as they were",
        "1 problem, 0 warnings",
    ]
    assert "error: a.jsonl, line 13, column 2: it is not JSON" in done.err
    assert "reading 3 of 3, 12 documents, 12 statements, " in done.err
    assert "Dashboard" not in done.err or find_spec("bokeh")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--bulk"], "needs a folder for its tables"),
        (["--bulk", "-o", "out", "--jsonl"], "--bulk writes tables and prints nothing"),
        (["--bulk", "-o", "out", "--explain"], "--bulk writes tables and prints nothing"),
        (["-o", "out"], "--output: it is for reading in bulk"),
        (["--workers", "2"], "--workers: it is for reading in bulk"),
        (["--cluster", "tcp://127.0.0.1:1"], "--cluster: it is for reading in bulk"),
        (["--no-near-copies"], "--no-near-copies: it is for reading in bulk"),
        (["--tls-ca", "x"], "--tls-ca: it is for reading in bulk"),
        (["--bulk", "-o", "out", "--tls-ca", "x"], "belong together"),
        (
            ["--bulk", "-o", "out", "--cluster", "tcp://10.0.0.1:8786"],
            "run pickles from anybody who reaches it",
        ),
        (["--bulk", "-o", "out", "--cluster", "tls://h:1"], "needs certificates"),
        (["--bulk", "-o", "out", "--coder", "llm", "--llm-max-cost", "1"], "only the environment"),
    ],
)
def test_what_does_not_go_together_is_refused(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(_TEXT)
    done = Inside()("read", "a.txt", *arguments)
    assert done.code == 2
    assert says in " ".join(done.err.split())


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("distributed", "warcio"):
        for loaded in [one for one in sys.modules if one.partition(".")[0] == name]:
            monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setattr(
        "pledgebook.bulk.extra.find_spec",
        lambda name: None if name in ("distributed", "warcio") else find_spec(name),
    )
    done = Inside()("read", "a.txt", "--bulk", "-o", "out")
    assert done.code == 2
    assert "bulk work needs distributed, warcio. Install the extra" in done.err


def test_progress_is_told_in_a_line(snapshot: SnapshotAssertion) -> None:
    told = [
        BulkProgress("slicing", 3, 12, 0, 0, 0, 1.0),
        BulkProgress("reading", 0, 400, 0, 0, 1, 9.0),
        BulkProgress("reading", 12, 400, 1_200, 5_310, 2, 15.2, 210.4, 185.0),
        BulkProgress("reading", 12, 400_000, 1_200, 5_310, 2, 15.2, 210.4, 185_000.0),
        BulkProgress("reading", 400, 400, 40_000, 190_000, 2, 200.0, 200.0, 0.0),
    ]
    assert "\n".join(map(progress_line, told)) == snapshot
