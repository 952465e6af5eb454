"""The soak tells a rise from noise, and errors from answers; a backup is timed."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from soak import Record

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
HOUR = 3600.0


@pytest.fixture(autouse=True)
def _scripts_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)


def an_hour(memory: float = 0.0, latency: float = 0.0, files: int = 0, errors: int = 0) -> Record:
    """An hour's record: what rises by how many MB and ms, how many files more, how many errors.

    A tenth of the answers are slow, and the memory goes up and down.
    """
    from soak import Answer, Record
    from soak_samples import Sample

    chance = random.Random(1)
    record = Record()
    for number in range(3600):
        at, share = float(number), number / 3600
        slow = chance.expovariate(1 / 400) if chance.random() < 0.1 else 0.0
        seconds = (30 + chance.gauss(0, 4) + slow + latency * share) / 1e3
        record.answers.append(Answer("read", at, seconds, 200))
        if number % 10 == 0:
            held = (500 + chance.gauss(0, 3) + memory * share) * 1e6
            record.samples.append(
                Sample(at, int(held), 20 + round(files * share), 12, number * 0.2, 20_000_000)
            )
    record.answers += [Answer("judgement", 1000.0, 0.05, 500)] * errors
    return record


@pytest.mark.parametrize(
    ("made", "good", "says"),
    [
        ({}, True, "memory: flat"),
        ({"memory": 200.0}, False, "memory: RISES"),
        ({"latency": 30.0}, False, "median latency: RISES"),
        ({"files": 60}, False, "files: GROW"),
        ({"errors": 2}, False, "errors: 2 ['judgement 500']"),
        ({"memory": -200.0, "latency": -10.0}, True, "median latency: flat"),
    ],
)
def test_what_is_said_of_an_hour(made: dict[str, float], good: bool, says: str) -> None:
    from soak import verdict

    lines, found = verdict(an_hour(**made), HOUR)  # type: ignore[arg-type]
    assert says in "\n".join(lines)
    assert found is good


def test_too_short_a_time_tells_nothing() -> None:
    from soak import Record, verdict

    lines, good = verdict(Record(), 60)
    assert not good
    assert "too short" in lines[0]


def test_the_table_has_a_line_for_every_stretch() -> None:
    from soak import windows

    lines = windows(an_hour(), 300)
    assert len(lines) == 2 + 12
    assert {line.count("|") for line in lines} == {13}
    assert lines[2].startswith("| 0 to 5 | 300 ")


def test_a_process_is_sampled(tmp_path: Path) -> None:
    from soak_samples import sample

    book = tmp_path / "aid.db"
    book.write_bytes(b"x" * 100)
    (tmp_path / "aid.db-wal").write_bytes(b"x" * 11)
    with book.open("rb"):
        found = sample(os.getpid(), book, 3.0)
    assert found.at == 3.0
    assert found.book == 111
    assert found.memory > 10_000_000
    assert found.files > 3
    assert found.threads >= 1
    assert found.processor > 0


def test_backups_are_timed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import backups

    monkeypatch.delenv("PLEDGEBOOK_TEST_POSTGRESQL", raising=False)
    monkeypatch.setattr("sys.argv", ["backups.py", "--statements", "60"])
    assert backups.main() == 0
    out = capsys.readouterr().out
    assert out.count("|\n") == 6
    assert "restore to SQLite" in out
