"""`pledgebook arrivals`: what promises will bring, on a terminal and as data."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from asking_story import asking_story
from making import Said, release, report
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Kind
from program import Inside

DAY = ("--as-of", "2023-08-01")
TANKS = ("--item", "tank", "--by", "2023-12")


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Inside:
    """The command line in this process, with a book of reports and a release in its folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("PLEDGEBOOK_CATALOGUE", "PLEDGEBOOK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "story.db"
    monkeypatch.setenv("PLEDGEBOOK_DB", str(path))
    with Store.open(path) as store:
        store.add(asking_story())
        rows = [
            report(
                Said(f"row of {n} tanks", quantity=n, when="2022-03-01"),
                Said(f"{n} delivered", kind=Kind.DELIVERY, quantity=n),
                date=None,
            )
            for n in range(3, 12)
        ]
        store.add_release(release(rows, "2022-10", "2022-10-03"), by="me")
    return Inside()


def as_json(inside: Inside, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(inside.well("arrivals", *arguments, *DAY, "-f", "json"))
    return found


def test_the_page_keeps_to_the_terminal_and_goes_on(inside: Inside) -> None:
    text = inside.well("arrivals", *TANKS, *DAY)
    assert max(map(len, text.splitlines())) <= 80
    for words in (
        "by 31 December 2023",
        "tank, all kinds by month",
        "What the chances rest on",
        "pledgebook why c",
    ):
        assert words in text
    assert len(inside.well("arrivals", *DAY).splitlines()) > 30


def test_json_and_csv_have_the_same_rows(inside: Inside) -> None:
    found = as_json(inside, *TANKS)
    assert found["by"] == "2023-12-31"
    text = inside.well("arrivals", *TANKS, *DAY, "-f", "csv")
    read = list(csv.DictReader(io.StringIO(text)))
    assert [row["id"] for row in read] == [row["id"] for row in found["rows"]]
    assert [float(row["any_by"]) for row in read] == [row["any_by"] for row in found["rows"]]
    assert {name for one in found["expected"] for name in one["commitments"]} == {
        row["id"] for row in found["rows"]
    }


def test_every_commitment_opens(inside: Inside) -> None:
    for row in as_json(inside, *TANKS)["rows"]:
        told = json.loads(inside.well("why", row["id"], *DAY, "-f", "json"))
        assert told["id"] == row["id"]


def test_filters_narrow_and_leave_each_chance_as_it_is(inside: Inside) -> None:
    every = {row["id"]: row for row in as_json(inside, "--by", "2023-12")["rows"]}
    poland = as_json(inside, "--donor", "Poland", "--by", "2023-12")["rows"]
    assert [row["donors"] for row in poland] == [["POL"]]
    assert every[poland[0]["id"]] == poland[0]
    assert as_json(inside, "--recipient", "Ukraine", "--by", "2023-12")["rows"] == [*every.values()]


def test_a_later_day_is_likelier(inside: Inside) -> None:
    early, late = (
        [row["any_by"] for row in as_json(inside, "--item", "tank", "--by", by)["rows"]]
        for by in ("2023-09", "2025")
    )
    assert all(one < other for one, other in zip(early, late, strict=True))


def test_delays_can_be_learned_from_a_release(inside: Inside) -> None:
    reports, rows = as_json(inside, *TANKS), as_json(inside, *TANKS, "--fit", "tracker")
    assert reports["model"]["release"] is None
    assert rows["model"]["release"]["name"] == "2022-10"
    assert rows["model"]["promises"] == 9
    assert [row["id"] for row in rows["rows"]] == [row["id"] for row in reports["rows"]]
    assert [row["any_by"] for row in rows["rows"]] != [row["any_by"] for row in reports["rows"]]
    text = " ".join(inside.well("arrivals", *TANKS, *DAY, "--fit", "2022-10").split())
    assert "How 9 promises in the release 2022-10 of tracker (to 2022-10-03) were kept" in text


def test_the_same_seed_draws_the_same(inside: Inside) -> None:
    def drawn(seed: str) -> object:
        return as_json(inside, "--donor", "POL", "--seed", seed)["expected"]

    assert drawn("7") == drawn("7")
    assert drawn("7") != drawn("8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--by", "2020"), "is not after 2023-08-01"),
        (("--by", "soon"), "'soon' is no day"),
        (("--item", "Leopold 2"), "no item is known"),
        (("--donor", "Nowhere"), "no donor is known"),
        (("--fit", "kiel"), "Imported are: tracker"),
    ],
)
def test_wrong_usage_is_told(inside: Inside, arguments: tuple[str, ...], told: str) -> None:
    done = inside("arrivals", *arguments, *DAY)
    assert done.code == 2
    assert told in " ".join(done.err.split())
