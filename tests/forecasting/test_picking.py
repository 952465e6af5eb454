"""Series as people name them, and how their targets stand."""

from __future__ import annotations

import datetime as dt

import pytest

from pledgebook.errors import NotFoundError
from pledgebook.forecasting.picking import Picked, beside, item_name, pick_series, standings
from pledgebook.forecasting.series import Nature, Series, SeriesBook, SeriesMeasure
from series_story import DAY, story_book


@pytest.fixture(scope="module")
def book() -> SeriesBook:
    return story_book()


def keys(picked: Picked) -> list[tuple[str, str, str]]:
    return [
        (one.key.parties[0], one.key.item, f"{one.key.measure}/{one.key.nature}")
        for one in picked.series
    ]


def one(book: SeriesBook, nature: Nature = Nature.ACTUAL) -> Series:
    [found] = book.find(party="USA", item="155mm", measure=SeriesMeasure.PRODUCTION, nature=nature)
    return found


def test_all_come_in_order_of_measure_nature_item_and_party(book: SeriesBook) -> None:
    picked = pick_series(book)
    assert {one.id for one in picked.series} == {one.id for one in book.series}
    assert keys(picked) == [
        ("CAN", "leopard-2", "stock/actual"),
        ("USA", "155mm", "production/actual"),
        ("Rheinmetall", "155mm", "production/capacity"),
        ("USA", "155mm", "production/target"),
        ("UKR", "155mm", "expenditure/actual"),
        ("UKR", "artillery-ammunition", "expenditure/actual"),
        ("UKR", "155mm", "expenditure/requirement"),
    ]
    assert [caveat.about for caveat in picked.left_out] == ["stock of mig-29 by POL"]


def test_an_item_has_its_kinds_within(book: SeriesBook) -> None:
    whole = pick_series(book, item="artillery-ammunition")
    assert {item for _, item, _ in keys(whole)} == {"155mm", "artillery-ammunition"}
    assert whole.caveats == ()
    part = pick_series(book, item="155mm")
    assert {item for _, item, _ in keys(part)} == {"155mm"}
    [bound] = part.caveats
    assert "at most as much" in bound.why
    assert "artillery ammunition" in bound.why
    assert part.left_out == ()


def test_party_measure_and_nature_narrow(book: SeriesBook) -> None:
    assert {who for who, _, _ in keys(pick_series(book, party="Ukraine"))} == {"UKR"}
    assert {who for who, _, _ in keys(pick_series(book, party="rheinmetall"))} == {"Rheinmetall"}
    stocks = pick_series(book, measure=SeriesMeasure.STOCK)
    assert len(stocks.series) == 1
    assert len(stocks.left_out) == 1
    assert pick_series(book, measure=SeriesMeasure.PRODUCTION).left_out == ()
    targets = pick_series(book, nature=Nature.TARGET)
    assert [one.key.nature for one in targets.series] == [Nature.TARGET]
    assert pick_series(book, party="Poland", item="MiG-29").series == ()
    assert len(pick_series(book, party="Poland", item="MiG-29").left_out) == 1


def test_unknown_names_are_told_with_the_nearest(book: SeriesBook) -> None:
    with pytest.raises(NotFoundError, match="UKR"):
        pick_series(book, party="Ukrane")
    with pytest.raises(NotFoundError, match="Did you mean Leopard"):
        pick_series(book, item="Leopart 2")
    with pytest.raises(NotFoundError, match="Check the spelling"):
        pick_series(book, party="zzzzqqqq")


def test_each_target_stands_by_its_newest_telling(book: SeriesBook) -> None:
    found = standings(book, one(book, Nature.TARGET))
    assert [standing.target.due for standing in found] == [
        dt.date(2023, 6, 30), dt.date(2024, 12, 31), None,
    ]  # fmt: skip
    met, ahead, undated = found
    assert met.outlook is None
    assert met.says == "reached by 2023-08-20"
    assert ahead.says == ""
    assert ahead.outlook is not None
    assert 0 < ahead.outlook.by_due < 1
    assert undated.outlook is None
    assert undated.says == "names no day"
    assert standings(book, one(book)) == ()


def test_before_it_is_reached_a_target_has_a_chance() -> None:
    early = story_book(dt.date(2023, 1, 1))
    [standing] = standings(early, one(early, Nature.TARGET))
    assert standing.outlook is not None
    assert standing.target.reached_by is None


def test_what_stands_beside_a_series_is_of_the_same_thing(book: SeriesBook) -> None:
    assert [other.key.nature for other in beside(book, one(book))] == [Nature.TARGET]
    assert [other.key.nature for other in beside(book, one(book, Nature.TARGET))] == [Nature.ACTUAL]


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("leopard-2", "Leopard 2"),
        ("artillery-ammunition", "artillery ammunition"),
        ("tank/wooden elephant", "wooden elephant"),
    ],
)
def test_items_are_named_as_people_do(book: SeriesBook, item: str, name: str) -> None:
    assert item_name(item, book.catalogue) == name


def test_the_day_of_the_book_is_kept(book: SeriesBook) -> None:
    assert book.as_of == DAY
