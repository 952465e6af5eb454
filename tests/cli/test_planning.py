"""`plan` as it is typed: the page, the files, a scenario to begin with, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from plans_made import SCENARIO
from pledgebook.cli.plan_progress import progress_line
from pledgebook.ledger.store import Store
from pledgebook.planning.solving.highs import Progress
from program import Inside, Program
from shells_story import told


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Inside:
    """The command line in this process, with no book but where a test makes one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("PLEDGEBOOK_DB", "PLEDGEBOOK_CATALOGUE", "PLEDGEBOOK_DEBUG", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    Path("small.toml").write_text(SCENARIO, encoding="utf-8")
    return Inside()


@pytest.fixture
def book(tmp_path: Path) -> tuple[str, str]:
    path = tmp_path / "aid.db"
    with Store.open(path) as store:
        store.add(told(stock=True))
    return "--db", str(path)


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_page_without_a_book(inside: Inside) -> None:
    done = inside("plan", "small.toml")
    assert done.code == 0, done.err
    shown = words(done.out)
    assert shown.startswith("A small winter (small.toml): month by month from March 2023")
    for title in (
        "What is needed, and what stays short of it",
        "What to do, costs in EUR",
        "Who pays, by year, in EUR",
        "Why the rest stays short",
        "What a little more would be worth",
        "What would close the gaps",
        "Go on",
    ):
        assert title in shown
    assert "Proved: no plan" in shown
    assert "Book:" not in done.err
    assert max(len(line) for line in done.out.splitlines() if "pledgebook" not in line) <= 80


def test_every_command_on_the_page_runs(inside: Inside) -> None:
    shown = inside.well("plan", "small.toml")
    commands = re.findall(r"^  pledgebook (why '(plan:[^']+)')$", shown, re.MULTILINE)
    assert commands
    for _, name in commands:
        opened = words(inside.well("why", name))
        assert "small.toml, line" in opened
        assert "the ministry, 14 February 2023" in opened


def test_json_and_csv_tell_the_same(inside: Inside) -> None:
    record = json.loads(inside.well("plan", "small.toml", "--format", "json"))
    rows = list(csv.DictReader(io.StringIO(inside.well("plan", "small.toml", "--format", "csv"))))
    assert len(rows) == len(record["schedule"])
    assert record["status"] in ("optimal", "within the gap")
    assert record["currency"] == "EUR"


def test_files_are_written_by_their_endings(inside: Inside) -> None:
    for name in ("plan.csv", "plan.json", "plan.xlsx"):
        done = inside("plan", "small.toml", "-o", name, "--chart", f"{name}.svg")
        assert done.code == 0, done.err
        assert Path(name).stat().st_size > 0
        assert "<svg" in Path(f"{name}.svg").read_text(encoding="utf-8")
        assert f"Written: ~/{name}" in done.err or f"Written: {name}" in done.err
    assert json.loads(Path("plan.json").read_text(encoding="utf-8"))["scenario"] == "small.toml"


def test_a_frontier_and_a_comparison(inside: Inside) -> None:
    more = SCENARIO.replace("capacity = 400", "capacity = 800").replace("A small", "A larger")
    Path("more.toml").write_text(more, encoding="utf-8")
    shown = words(inside.well("plan", "small.toml", "--frontier", "3", "--compare", "more.toml"))
    assert "What less shortage costs, in EUR" in shown
    assert "Beside “A larger winter”" in shown


def test_a_plan_that_cannot_be_is_told_with_status_1(inside: Inside) -> None:
    """A need of which nothing may be missing, and too little to meet it with."""
    hard = SCENARIO.replace(
        'source = "the ministry, 14 February 2023"', 'short = []\nsource = "the ministry"'
    )
    Path("hard.toml").write_text(hard, encoding="utf-8")
    done = inside("plan", "hard.toml", "-o", "hard.json")
    assert done.code == 1
    assert "There is no plan" in done.out
    assert json.loads(Path("hard.json").read_text(encoding="utf-8"))["clash"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "no scenario is named"),
        (("none.toml",), "cannot be read"),
        (("small.toml", "-o", "plan.pdf"), "cannot be written to a file of this ending"),
        (("small.toml", "--chart", "plan.gif"), "cannot be written to a file of this ending"),
        (("small.toml", "-o", "small.json", "--gap", "2"), "cannot be proved"),
        (("small.toml", "--time-limit", "-1"), "must be above zero"),
        (("small.toml", "--frontier", "1"), "two points or more"),
        (("small.toml", "--init", "new.toml"), "writes a scenario and plans none"),
        (("--init", "new.toml", "--item", "155mm"), "--init needs --recipient and --until"),
        (("small.toml", "--db", "none.db"), "there is no book yet"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(
    inside: Inside, arguments: tuple[str, ...], says: str
) -> None:
    done = inside("plan", *arguments)
    assert done.code == 2
    assert says in done.err
    assert done.out == ""


def test_a_file_that_is_there_is_not_replaced_unasked(inside: Inside) -> None:
    Path("plan.csv").write_text("mine", encoding="utf-8")
    done = inside("plan", "small.toml", "-o", "plan.csv")
    assert done.code == 2
    assert "it is there already" in done.err
    assert Path("plan.csv").read_text(encoding="utf-8") == "mine"
    inside.well("plan", "small.toml", "-o", "plan.csv", "--force")
    assert Path("plan.csv").read_text(encoding="utf-8").startswith("scenario,")


def test_all_faults_of_a_scenario_are_told_with_their_lines(inside: Inside) -> None:
    bad = SCENARIO.replace("capacity = 400", "capacity = -4").replace("lead = 3", "laed = 3")
    Path("bad.toml").write_text(bad, encoding="utf-8")
    done = inside("plan", "bad.toml")
    assert done.code == 2
    assert "bad.toml" in done.err
    for key in ("capacity", "laed"):
        assert key in done.err
    assert "line 3" in done.err


def test_a_scenario_to_begin_with_is_planned_and_opened(
    inside: Inside, book: tuple[str, str]
) -> None:
    asked = ("--item", "155mm", "--recipient", "UKR", "--until", "2023-12", "--as-of", "2023-02-20")
    shown = words(inside.well("plan", "--init", "begun.toml", *asked, *book))
    assert "begun.toml" in shown
    assert "pledgebook plan" in shown
    text = Path("begun.toml").read_text(encoding="utf-8")
    assert "TODO" in text
    done = inside("plan", "begun.toml", "--as-of", "2023-02-20", *book)
    assert done.code == 0, done.err
    assert "published by 2023-02-20 counts" in words(done.out)
    record = json.loads(inside.well("plan", "begun.toml", "--as-of", "2023-02-20", *book,
                                    "--format", "json"))  # fmt: skip
    opened = words(inside.well("why", record["needs"][0]["id"], *book))
    assert "Ukraine fires 110,000 rounds of 155mm a month" in opened


def test_a_line_of_progress_leaves_out_what_is_not_there() -> None:
    assert progress_line(Progress(1.0, -float("inf"), float("inf")), 1.2) == "1 s"
    told_ = progress_line(Progress(12.0, 954_000.0, 960_000.0), 12.0)
    assert told_ == "12 s, bound 954,000, best 960,000, gap 0.62 %"


def test_ctrl_c_gives_the_best_plan_so_far(tmp_path: Path) -> None:
    """In a process of its own: a signal like a terminal's, at any moment, never a traceback."""
    Path(tmp_path / "small.toml").write_text(SCENARIO, encoding="utf-8")
    program = Program(tmp_path)
    running = subprocess.Popen(
        program.command("plan", "small.toml"),
        cwd=tmp_path,
        env={**program.environment, "COLUMNS": "80"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(2.5)
    os.kill(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert b"Traceback" not in err
    # Before the program is up at all, the signal ends it as any other.
    assert running.returncode in (0, 130, -signal.SIGINT)
    if running.returncode == 0:
        assert b"A small winter" in out
