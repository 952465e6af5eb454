"""The table of public figures, as its importer reads it: nothing is lost, targets stay apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from series_told import CATALOGUE, day

from pledgebook.exchange.importing import readings
from pledgebook.exchange.observations import importer
from pledgebook.forecasting.series import Nature, SeriesBook, SeriesMeasure, build_series
from pledgebook.ledger.records import Entry, statement_ids
from pledgebook.vocabulary.statement import Kind, Scope

FACTS = Path(__file__).resolve().parents[4] / "shared" / "data" / "ammunition-facts.csv"
LEVELS = {Kind.PRODUCTION, Kind.EXPENDITURE, Kind.STOCK}
pytestmark = pytest.mark.skipif(not FACTS.exists(), reason="the table lies beside the project")


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    release = importer.read(FACTS, CATALOGUE)
    found = []
    for row in readings(release, CATALOGUE, "1", release.problems):
        document, statements = row.reading.document, row.reading.statements
        names = statement_ids(document.id, statements)
        found += [
            Entry(name, statement, document.id, document.date or day("2026-06-01"))
            for name, statement in zip(names, statements, strict=True)
        ]
    return found


@pytest.fixture(scope="module")
def book(entries: list[Entry]) -> SeriesBook:
    return build_series(entries, CATALOGUE, day("2026-06-01"))


def test_every_figure_is_a_point_or_is_named(entries: list[Entry], book: SeriesBook) -> None:
    used = {name for series in book.series for name in series.statements}
    named = " ".join(caveat.why for caveat in book.caveats)
    wanted = [
        entry
        for entry in entries
        if entry.statement.quantity is not None
        and (
            entry.statement.kind in LEVELS
            or (entry.statement.kind is Kind.DELIVERY and entry.statement.scope is Scope.TOTAL)
        )
    ]
    assert len(wanted) > 40
    assert [entry.id for entry in wanted if entry.id not in used and entry.id not in named] == []


def test_american_output_is_what_was_made_and_not_what_was_wanted(book: SeriesBook) -> None:
    (made,) = book.find(
        party="USA", item="155mm", measure=SeriesMeasure.PRODUCTION, nature=Nature.ACTUAL
    )
    months = sorted(round((point.low or 0) * 30.4375) for point in made.points)
    assert months == [14_400, 14_400, 24_000, 28_000, 28_000, 40_000]
    band = made.at([day("2023-10-15")])
    assert band.p10[0] * 30.4375 < 28_000 < band.p90[0] * 30.4375
    wanted = {round(target.level * 30.4375) for target in book.targets
              if target.point.key.parties == ("USA",)}  # fmt: skip
    assert {36_000, 60_000, 80_000, 90_000, 100_000} <= wanted


def test_a_goal_that_moved_is_one_goal(book: SeriesBook) -> None:
    american = [target for target in book.targets if target.point.key.parties == ("USA",)]
    moved = [target for target in american if round(target.level * 30.4375) == 100_000]
    assert len(moved) == 3
    assert len({target.chain for target in moved}) == 1
    assert [target.is_latest for target in moved] == [False, False, True]
    dues = [target.due for target in moved if target.due]
    assert dues[-1] == max(dues)


def test_a_joint_figure_and_all_calibres_stay_what_they_are(book: SeriesBook) -> None:
    joint = [series for series in book.series if len(series.key.parties) > 1]
    assert [series.key.measure for series in joint] == [SeriesMeasure.PRODUCTION]
    found = book.bearing_on("155mm", party="UKR", nature=Nature.ACTUAL)
    assert [series.key.item for series in found.own] == ["155mm"]
    assert [series.key.item for series in found.above] == ["artillery-ammunition"]


def test_transfers_give_rates_between_their_totals(book: SeriesBook) -> None:
    (handed,) = book.find(party="USA", item="155mm", measure=SeriesMeasure.DELIVERED)
    assert any(len(point.statements) == 2 for point in handed.points)
    assert all(point.low is None or point.low >= 0 for point in handed.points)
