"""The runner of the harnesses: its log, its sums, what it says where atheris is not there."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
import run
from altering import altered
from harness import harness_named, names
from hypothesis import given
from hypothesis import strategies as st
from tally import Run, add, read, sums, table

FUZZ = Path(__file__).resolve().parents[2] / "fuzz"


def test_runs_are_added_up(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    assert read(log) == []
    add(log, Run("dates", 1000, 2.0, 50, 7, 1, "2025-01-01"))
    add(log, Run("dates", 3000, 2.0, 40, 9, 0, "2025-01-02"))
    add(log, Run("numbers", 10, 1.0, 5, 2, 0, "2025-01-02"))
    found = sums(read(log))
    assert (found["dates"].executions, found["dates"].reached, found["dates"].findings) == (
        *(4000, 50),
        1,
    )
    shown = table(log, ["dates", "numbers", "html"]).splitlines()
    assert "| dates | 4,000 | 1,000 | 50 | 9 | 1 |" in shown[2]
    assert shown[4].startswith("| html | 0 |")
    assert shown[-1].startswith("| all | 4,010 |")


def test_every_harness_has_a_law_and_the_goals_make_ten_millions() -> None:
    harnesses = [harness_named(name) for name in names()]
    assert all(one.law and one.longest <= 2048 and one.rooms for one in harnesses)
    assert sum(one.goal for one in harnesses) >= 10_000_000


def test_there_is_a_harness_for_each_importer() -> None:
    from pledgebook.exchange.importers import IMPORTERS

    assert set(IMPORTERS) <= set(names())


def test_what_libfuzzer_tells_is_understood() -> None:
    said = (
        "#2\tINITED cov: 10 ft: 12 corp: 1/1b exec/s: 0 rss: 50Mb\n"
        "#4096\tpulse  cov: 20 ft: 30 corp: 5/1Kb lim: 4 exec/s: 2048 rss: 50Mb\n"
        "stat::number_of_executed_units: 5000\n"
    )
    assert run._told(said) == (5000, 20, 5)
    assert run._told(said.partition("stat")[0]) == (4096, 20, 5)
    assert run._told("Traceback") == (0, 0, 0)


def test_an_unknown_harness_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["nothing"]) == 2
    assert "There is no harness nothing" in capsys.readouterr().out


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is not None, reason="atheris is installed here"
)
def test_without_atheris_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--seconds", "1", "dates"]) == 2
    assert "packages of it for Linux only" in capsys.readouterr().out


def test_a_finding_can_be_looked_at_again(tmp_path: Path) -> None:
    again, path = FUZZ / "again.py", tmp_path / "input"
    path.write_bytes(b"\0 on 14 February 2023")
    told = subprocess.run(
        [sys.executable, again, "dates", path], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout.strip()) == (0, f"dates holds for {path}")


@given(st.binary(max_size=60))
def test_altered_json_is_json(data: bytes) -> None:
    import json

    sound = {"a": [1, {"b": "text"}], "c": None}
    json.dumps(altered(sound, data))
    assert sound == {"a": [1, {"b": "text"}], "c": None}


def test_what_is_altered_and_how() -> None:
    sound = {"a": [1, 2], "b": "x"}
    assert altered(sound, b"") == sound
    assert altered(sound, b"\1\0\1" + b"7") == {"a": 7, "b": "x"}
    assert altered(sound, b"\4\7\0") == {"a": [1, 2]}
    assert altered(sound, b"\2\6\0") == {"a": [1, 2, 1], "b": "x"}
    assert altered(sound, b"\4\5\1" + b"y") == {"a": [1, 2], "b": "xy"}
