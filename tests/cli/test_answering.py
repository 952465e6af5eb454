"""`status --by`, `overdue`, `lags`, `burden`, `coalition`, `asked`, `contradictions`, `check`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from asking_story import asking_story
from making import Said, report
from pledgebook.ledger.store import Store
from program import Inside

COMMANDS = {
    "status": ["status", "--by", "donor,month"],
    "overdue": ["overdue"],
    "lags": ["lags"],
    "burden": ["burden"],
    "coalition": ["coalition", "Leopard 2"],
    "asked": ["asked"],
    "contradictions": ["contradictions"],
    "check": ["check", "--stale-days", "100"],
}


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Inside:
    """The command line in this process, on one engine: the answers ask a ledger, not a store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("PLEDGEBOOK_DB", "PLEDGEBOOK_CATALOGUE", "PLEDGEBOOK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return Inside()


@pytest.fixture
def story(tmp_path: Path) -> str:
    path = tmp_path / "story.db"
    with Store.open(path) as store:
        store.add(asking_story())
    return str(path)


def answer(inside: Inside, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        inside.well(*arguments, "--format", "json", "--as-of", "2024-01-01")
    )
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_json_and_csv_have_the_same_rows(inside: Inside, story: str, name: str) -> None:
    asked = [*COMMANDS[name], "--db", story]
    found = answer(inside, *asked)
    assert found["today"] == found["as_of"] == "2024-01-01"
    assert found["rows"]
    text = inside.well(*asked, "--format", "csv", "--as-of", "2024-01-01")
    read = list(csv.DictReader(io.StringIO(text)))
    assert len(read) == len(found["rows"])
    key = {"contradictions": "commitment", "check": "code"}.get(name, "id")
    assert [row[key] for row in read] == [row[key] for row in found["rows"]]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_table_for_people(inside: Inside, story: str, name: str) -> None:
    done = inside(*COMMANDS[name], "--db", story, "--as-of", "2024-01-01")
    assert done.code == 0
    assert "story.db" in done.err
    assert len(done.out.splitlines()) > 3


@pytest.mark.parametrize("name", ["status", "lags", "burden", "coalition", "overdue", "asked"])
def test_every_id_opens(inside: Inside, story: str, name: str) -> None:
    for row in answer(inside, *COMMANDS[name], "--db", story)["rows"]:
        text = inside.well("why", row["id"], "--db", story, "--format", "json")
        assert json.loads(text)["id"] == row["id"]


def test_filters_narrow(inside: Inside, story: str) -> None:
    def donors(*arguments: str) -> set[str]:
        rows = answer(inside, *arguments, "--db", story)["rows"]
        return {row["donor"] for row in rows}

    assert donors("status", "--by", "donor", "--donor", "Germany") == {"DEU", "DEU, DNK"}
    assert donors("lags", "--item", "tank") == {"DEU, DNK", "NOR", "POL"}
    assert donors("burden", "--item", "military-aid") == {"DEU", "NOR", "EU"}
    assert donors("coalition", "tank", "--donor", "NOR") == {"NOR"}
    assert answer(inside, "asked", "--item", "F-16", "--db", story)["rows"][0]["answer"] == (
        "granted in whole"
    )


def test_earlier_less_was_known(inside: Inside, story: str) -> None:
    found = json.loads(
        inside.well("asked", "--item", "tank", "--as-of", "2023-01-20", "-f", "json", "--db", story)
    )
    assert [row["answer"] for row in found["rows"]] == ["unanswered"]
    assert found["today"] == "2023-01-20"


def test_the_burden_names_its_sources_and_years(inside: Inside, story: str) -> None:
    found = answer(inside, "burden", "--gdp", "ppp", "--db", story)
    assert "CLDR" in found["gdp"]["source"]
    assert found["population"]["year"]
    text = inside.well("burden", "--as-of", "2024-01-01", "--db", story)
    assert "World Bank" in text
    assert "2020" in text


def test_errors_leave_with_1_and_warnings_with_0(inside: Inside, tmp_path: Path) -> None:
    path = tmp_path / "wrong.db"
    with Store.open(path) as store:
        store.add([report(Said("Oslo will send 50,000 tanks", quantity=50_000))])
    done = inside("check", "--db", path, "--as-of", "2023-03-01")
    assert done.code == 1
    assert "too-many" in done.out
    assert inside("check", "--db", path, "--as-of", "2023-02-01").code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("status", "--by", "colour"), "Any of these"),
        (("status", "--by", "month,year"), "not by both"),
        (("status", "--by", "donor", "--currency", "EUR"), "do not go together"),
        (("lags", "--by", "month"), "times are not grouped"),
        (("coalition", "Leopold 2"), "no item is known"),
        (("check", "--release", "kiel"), "no release"),
    ],
)
def test_wrong_usage_is_told(
    inside: Inside, story: str, arguments: tuple[str, ...], told: str
) -> None:
    done = inside(*arguments, "--db", story)
    assert done.code == 2
    assert told in done.err
