"""`pledgebook series`: all of them, one whole, as data and as a picture."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from pledgebook.cli import series as command
from pledgebook.forecasting.series import Nature, SeriesMeasure
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Per
from program import Inside
from series_story import series_story

DAY = ("--as-of", "2024-01-31")
USA = ("--item", "155mm", "--party", "USA", "--measure", "production")


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Inside:
    """The command line in this process, with a book in its folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("PLEDGEBOOK_CATALOGUE", "PLEDGEBOOK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "story.db"
    monkeypatch.setenv("PLEDGEBOOK_DB", str(path))
    with Store.open(path) as store:
        store.add(series_story())
    return Inside()


def as_json(inside: Inside, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(inside.well("series", *arguments, *DAY, "-f", "json"))
    return found


def test_what_the_command_offers_is_what_there_is() -> None:
    assert [one.value for one in command.Measure] == [one.value for one in SeriesMeasure]
    assert [one.value for one in command.Nature] == [one.value for one in Nature]
    assert [one.value for one in command.Period] == [one.value for one in Per]


def test_the_list_has_a_line_for_each(inside: Inside) -> None:
    text = inside.well("series", *DAY)
    rows = as_json(inside)["rows"]
    assert len(rows) == 7
    assert all(row["id"][:8] in text for row in rows)
    assert max(map(len, text.splitlines())) <= 80
    assert "pledgebook why t" in text


def test_json_and_csv_have_the_same_rows(inside: Inside) -> None:
    rows = as_json(inside)["rows"]
    read = list(csv.DictReader(io.StringIO(inside.well("series", *DAY, "-f", "csv"))))
    assert [row["id"] for row in read] == [row["id"] for row in rows]
    assert [float(row["level_p50"]) for row in read if row["level_p50"]] == [
        row["level"]["p50"] for row in rows if row["level"]
    ]


def test_filters_narrow(inside: Inside) -> None:
    def items(*arguments: str) -> list[str]:
        return [row["item"] for row in as_json(inside, *arguments)["rows"]]

    assert items("--measure", "stock") == ["leopard-2"]
    assert items("--party", "Ukraine") == ["155mm", "artillery-ammunition", "155mm"]
    assert items("--nature", "requirement") == ["155mm"]


def test_one_by_item_or_by_id_is_shown_whole(inside: Inside) -> None:
    found = as_json(inside, *USA, "--nature", "actual")
    assert [point["low"] for point in found["points"]] == [14_000, 24_000, 28_000]
    text = inside.well("series", *USA, "--nature", "actual", *DAY)
    assert text == inside.well("series", found["id"][:9], *DAY)
    for words in ("“America makes 24,000 shells a month now”", "Doug Bush", "Month by month"):
        assert words in text
    assert as_json(inside, found["id"])["id"] == found["id"]
    read = csv.DictReader(io.StringIO(inside.well("series", found["id"], *DAY, "-f", "csv")))
    assert [float(row["low"]) for row in read] == [14_000, 24_000, 28_000]


def test_figures_are_told_in_another_period(inside: Inside) -> None:
    month, day = (
        as_json(inside, *USA, "--nature", "actual", "--per", per)["level"]["p50"]
        for per in ("month", "day")
    )
    assert month == pytest.approx(30.4375 * day, rel=1e-4)


def test_earlier_less_was_known(inside: Inside) -> None:
    text = inside.well("series", "--as-of", "2022-12-31", "-f", "json")
    assert len(json.loads(text)["rows"]) == 3


def test_a_picture_of_one_level(inside: Inside, tmp_path: Path) -> None:
    path = tmp_path / "usa.vl.json"
    done = inside("series", *USA, "--nature", "actual", *DAY, "--chart", path)
    assert done.code == 0
    assert "Chart: ~/usa.vl.json" in done.err
    drawn = path.read_text(encoding="utf-8")
    assert "Doug Bush" in drawn or "bush" in drawn
    again = inside("series", *USA, "--nature", "actual", *DAY, "--chart", path)
    assert again.code == 2
    assert inside("series", *USA, *DAY, "--chart", path, "--force").code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("zzz",), "no series has the id"),
        (("t",), "series have ids that begin with"),
        (("--item", "Leopart 2"), "no item is known"),
        (("--party", "Ukrane"), "no party is known"),
        (("--chart", "all.svg"), "a chart shows one level"),
        (("--nature", "target", "--chart", "all.svg"), "a chart shows one level"),
        (("--chart", "all.bmp"), "cannot be written"),
        (("--measure", "colour"), "colour"),
    ],
)
def test_wrong_usage_is_told(inside: Inside, arguments: tuple[str, ...], told: str) -> None:
    done = inside("series", *arguments, *DAY)
    assert done.code == 2
    assert told in " ".join(done.err.split())
    assert not list(Path.cwd().glob("all.*"))
