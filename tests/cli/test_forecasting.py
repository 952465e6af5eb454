"""`forecast` as it is typed: the page, the files, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from asking_story import SHELLS, asking_story
from making import Said, report
from pledgebook.forecasting.assumptions import load_assumptions
from pledgebook.ledger.store import Store
from pledgebook.reporting.forecast_records import FORECAST_FIELDS
from pledgebook.vocabulary.statement import Kind, Per
from program import Inside, Program

ASKED = (
    "forecast", "--item", "155mm", "--recipient", "UKR", "--until", "2024-12",
    "--as-of", "2024-01-01", "--draws", "200",
)  # fmt: skip
ASSUMED = ("--stock", "200k-400k", "--use", "110000/month")


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Inside:
    """The command line in this process, on one engine: a forecast asks a ledger, not a store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("PLEDGEBOOK_DB", "PLEDGEBOOK_CATALOGUE", "PLEDGEBOOK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return Inside()


@pytest.fixture
def story(tmp_path: Path) -> tuple[str, str]:
    """A book in which 155mm shells were promised, and output and no other level was told."""
    path = tmp_path / "story.db"
    promised = Said("Norway will send 40,000 shells", quantity=40_000, when="2024-06-30", **SHELLS)
    made = Said(
        "Norway makes 2,000 shells a month", kind=Kind.PRODUCTION, recipient=None,
        quantity=2_000, per=Per.MONTH, **SHELLS,
    )  # fmt: skip
    with Store.open(path) as store:
        store.add([*asking_story(), report(promised, made, date="2023-12-01")])
    return "--db", str(path)


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_page_with_what_was_assumed(inside: Inside, story: tuple[str, str]) -> None:
    shown = words(inside.well(*ASKED, *ASSUMED, *story))
    assert shown.startswith("155mm for UKR, month by month from 1 January 2024 to 31 December 2024")
    assert "uns dry" in shown
    assert "assumed, not reported" in shown
    assert "as you said" in shown
    assert "* Rests on what was assumed, and not reported." in shown
    assert "░" in shown
    assert "What was promised and is not known to have come" in shown


def test_what_nobody_told_is_not_zero(inside: Inside, story: tuple[str, str]) -> None:
    shown = words(inside.well(*ASKED, "--no-chart", *story))
    assert "rounds arrive" in shown
    assert "What cannot be said, and why" in shown
    assert "--stock" in shown
    assert "--use" in shown
    assert "Runs dry" not in shown
    assert "░" not in shown


def test_scenarios_stand_beside_each_other(inside: Inside, story: tuple[str, str]) -> None:
    shown = inside.well(
        *ASKED, *ASSUMED, "--scenario", "steady", "--scenario", "surge=2.5", "--no-chart", *story
    )
    assert "Scenario beside scenario" in shown
    assert re.search(r"^surge=2\.5", shown, re.MULTILINE)


def test_the_commands_at_the_end_run(inside: Inside, story: tuple[str, str]) -> None:
    shown = inside.well(*ASKED, *ASSUMED, "--no-chart", *story)
    commands = re.findall(r"^  pledgebook why '?([^'\n]+)'?$", shown, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        assert inside.well("why", command, *story)


def test_json_and_csv_tell_the_same(inside: Inside, story: tuple[str, str]) -> None:
    found = json.loads(inside.well(*ASKED, *ASSUMED, *story, "-f", "json"))
    rows = list(csv.DictReader(io.StringIO(inside.well(*ASKED, *ASSUMED, *story, "-f", "csv"))))
    assert tuple(rows[0]) == FORECAST_FIELDS
    stock = [float(row["p50"]) for row in rows if row["measure"] == "stock"]
    assert stock == found["scenarios"][0]["bands"]["stock"]["p50"]
    assert len(stock) == len(found["steps"]) == 12
    assert found["draws"] == 200


def test_the_same_seed_gives_the_same_answer(inside: Inside, story: tuple[str, str]) -> None:
    def told(seed: str) -> str:
        return inside.well(*ASKED, *ASSUMED, "--seed", seed, "-f", "csv", *story)

    assert told("5") == told("5")
    assert told("5").replace("seed=5", "") != told("6").replace("seed=6", "")


def test_weeks(inside: Inside, story: tuple[str, str]) -> None:
    shown = inside.well(*ASKED, *ASSUMED, "--step", "week", "--no-chart", *story)
    assert "By week" in shown
    assert "week from" in shown


def test_assumptions_from_a_file_and_an_option_before_them(
    inside: Inside, story: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "assume.toml"
    path.write_text(
        "stock = { low = 1e6, high = 1e6 }\nuse = { low = 5e4, high = 5e4, per = 'month' }\n",
        encoding="utf-8",
    )
    shown = words(inside.well(*ASKED, "--assume", path, "--stock", "77000", "--no-chart", *story))
    assert "77,000, as you said" in shown
    assert "50,000 a month, as you said" in shown
    assert "1,000,000" not in shown


def test_the_file_of_the_documentation_is_one(tmp_path: Path) -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "forecast.md"
    told = re.search(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert told is not None
    path = tmp_path / "assume.toml"
    path.write_text(told[1], encoding="utf-8")
    assumed = load_assumptions(path)
    given = {name for name, value in assumed if value not in (None, (), 0.0)}
    assert given == set(type(assumed).model_fields)


@pytest.mark.parametrize("name", ["fan.svg", "fan.vl.json"])
def test_a_chart_is_drawn_beside_the_answer(
    inside: Inside, story: tuple[str, str], tmp_path: Path, name: str
) -> None:
    short = ("--until", "2024-03", "--no-chart", "-f", "csv")
    done = inside(*ASKED, *ASSUMED, *short, "--chart", tmp_path / name, *story)
    assert done.code == 0, done.err
    assert done.out.startswith("item,")
    assert "Chart: ~/fan" in done.err
    assert (tmp_path / name).stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--item", "155mmm"), "no item is known as '155mmm'. Did you mean 155mm"),
        (("--until", "2023-12"), "before it begins on 2024-01-01"),
        (("--until", "soon"), "'soon' is no day. Write 2024-12-31"),
        (("--scenario", "worse"), "no scenario is called 'worse'. One of: steady, surge"),
        (("--stock", "lots"), "'lots' is no range. Write 200000"),
        (("--use", "110000"), "'110000' is no rate. Write 110000/month"),
        (("--chart", "fan.gif"), "fan.gif: a chart cannot be written to a file of this ending"),
        (("--assume", "none.toml"), "none.toml: the file of assumptions cannot be read"),
        (("--draws", "3"), "3 draws cannot be made"),
        (("--share-of-output", "1.5"), "less than or equal to 1"),
        (("--recipient", "Atlantis"), "Atlantis"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_sentence(
    inside: Inside, story: tuple[str, str], arguments: tuple[str, str], sentence: str
) -> None:
    done = inside(*ASKED, *arguments, *story)
    assert done.code == 2
    assert sentence in words(done.err)
    assert done.out == ""


def test_a_chart_that_is_there_is_kept_unless_forced(
    inside: Inside, story: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "fan.svg"
    path.write_text("mine", encoding="utf-8")
    done = inside(*ASKED, *ASSUMED, "--chart", path, *story)
    assert done.code == 2
    assert "it is there already. Give another path, or --force" in done.err
    assert path.read_text(encoding="utf-8") == "mine"
    inside.well(*ASKED, *ASSUMED, "--chart", path, "--force", *story)
    assert path.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("missing", "extra", "more"),
    [("numba", "forecast", ()), ("vl_convert", "charts", ("--chart", "fan.svg"))],
)
def test_an_extra_that_is_not_installed_is_named(
    program: Program, missing: str, extra: str, more: tuple[str, ...]
) -> None:
    """A process of its own, from whose path the module is taken away."""
    hook = program.home / "sitecustomize.py"
    hook.write_text(f"import sys\nsys.modules[{missing!r}] = None\n", encoding="utf-8")
    done = program(*ASKED, *more, settings={"PYTHONPATH": str(program.home)})
    assert done.code == 2
    assert f"pip install 'pledgebook[{extra}]'" in done.err
    assert "Traceback" not in done.err
