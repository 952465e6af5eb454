"""The series of a day: found by what they are about, as of that day, in any order of reading."""

from __future__ import annotations

import random

import pytest
from series_told import CATALOGUE, day, told

from pledgebook.errors import CatalogueError, NotFoundError, UsageError
from pledgebook.forecasting.series import (
    Nature,
    SeriesBook,
    SeriesMeasure,
    build_series,
    load_settings,
)
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.statement import Kind, Scope

STORY = [
    told("14,400 a month", low=14_400, on="2022-11-18", when="2022-09", speaker="DoD"),
    told("24,000 a month", low=24_000, on="2023-09-01", when="2023-08", speaker="Bush"),
    told("28,000 a month", low=28_000, on="2023-10-31", speaker="LaPlante"),
    told("40,000 a month", low=40_000, on="2025-07-31", speaker="Warren"),
    told("a target of 36,000", low=36_000, on="2022-11-18", when="2025-11", tentative=True),
    told("a goal of 100,000", low=100_000, on="2024-03-11", when="2025-12", tentative=True),
    told("100,000 by mid-2026", low=100_000, on="2025-07-31", when="2026-06", tentative=True),
    told("wants 60,000 some day", low=60_000, on="2023-10-31", tentative=True),
    told("15,000 of HE", low=15_000, on="2023-10-31", item="155mm HE"),
    told("30,000 of all calibres", low=30_000, on="2023-10-31", item=None),
    told("35,000 empty shells, bodies only", low=35_000, on="2023-10-31", unit="item"),
    told("1.2 million a year", low=1.2e6, per="year", on="2024-03-11", by=("EU", "USA"), item=None),
    told("fires 110,000", Kind.EXPENDITURE, 110_000, on="2023-03-22", by=("UKR",)),
    told("330,000 so far", Kind.DELIVERY, 330_000, per=None, on="2024-01-31", by=("EU",), to="UKR",
         scope=Scope.TOTAL, item=None),
    told("500,000 so far", Kind.DELIVERY, 500_000, per=None, on="2024-03-25", by=("EU",), to="UKR",
         scope=Scope.TOTAL, item=None),
]  # fmt: skip


def book(as_of: str = "2026-01-01", story: list[Entry] = STORY) -> SeriesBook:
    return build_series(story, CATALOGUE, day(as_of))


def test_series_are_found_by_what_they_are_about() -> None:
    made = book()
    (output,) = made.find(
        party="United States", item="155mm", measure=SeriesMeasure.PRODUCTION,
        nature=Nature.ACTUAL, unit="round",
    )  # fmt: skip
    assert len(output.points) == 4
    assert output.sources == ("bush", "dod", "laplante", "warren")
    assert output.statements == tuple(sorted(entry.id for entry in STORY[:4]))
    assert made.get(output.id) is output
    assert made.get(output.id[:9]) is output
    (joint,) = made.find(party=("EU", "USA"))
    assert joint.key.parties == ("EU", "USA")
    assert joint not in made.find(party="USA")
    (came,) = made.find(recipient="UKR")
    assert came.key.measure is SeriesMeasure.DELIVERED


def test_what_is_not_there_is_said() -> None:
    made = book()
    with pytest.raises(NotFoundError, match="no item is called 'photon torpedo'"):
        made.find(item="photon torpedo")
    with pytest.raises(NotFoundError, match="no series has the id"):
        made.get("zzz")
    with pytest.raises(NotFoundError):
        made.get("")
    with pytest.raises(UsageError, match="ids that begin with"):
        made.get(made.series[0].id[:1])
    assert made.find(item="Javelin") == ()


def test_parts_and_wholes_of_an_item_are_told_apart() -> None:
    found = book("2023-12-01").bearing_on("155mm", party="USA", measure=SeriesMeasure.PRODUCTION)
    assert {one.key.item for one in found.own} == {"155mm"}
    assert [one.key.item for one in found.within] == ["155mm-he"]
    assert [one.key.item for one in found.above] == ["artillery-ammunition"]
    reasons = " ".join(caveat.why for caveat in found.caveats)
    assert "at least as much" in reasons
    assert "at most as much" in reasons
    assert "complete rounds or only bodies" in reasons


def test_an_item_above_its_whole_is_named() -> None:
    story = [
        told("makes 90,000 of 155mm", low=90_000),
        told("makes 20,000 of all calibres", low=20_000, item=None),
    ]
    found = book(story=story, as_of="2023-06-01").bearing_on("155mm", nature=Nature.ACTUAL)
    assert any("one is wrong" in caveat.why for caveat in found.caveats)


def test_what_was_told_later_does_not_count() -> None:
    early = book("2023-09-30")
    (output,) = early.find(
        item="155mm", measure=SeriesMeasure.PRODUCTION, nature=Nature.ACTUAL, unit="round"
    )
    assert len(output.points) == 2
    assert len(early.targets) == 1
    known = [entry for entry in STORY if entry.counted <= day("2023-09-30")]
    assert early.series == book("2023-09-30", known).series
    assert book("2020-01-01").series == ()


def test_the_order_of_reading_is_nothing() -> None:
    one = book()
    for seed in range(5):
        shuffled = list(STORY)
        random.Random(seed).shuffle(shuffled)
        other = book(story=shuffled)
        assert other.series == one.series
        assert other.targets == one.targets
        assert other.caveats == one.caveats
        days = [day("2024-06-01"), day("2026-06-01")]
        for mine, theirs in zip(one.series, other.series, strict=True):
            if mine.has_band:
                assert mine.at(days).log_sd.tolist() == theirs.at(days).log_sd.tolist()


def test_targets_are_matched_and_ramps_are_made_of_what_is_open() -> None:
    made = book()
    by_level = {round(target.level * 30.4375): target for target in made.targets if target.due}
    assert by_level[36_000].reached_by == day("2025-07-31")
    assert by_level[100_000].reached_by is None
    assert made.slips.targets == 2
    outlook = made.production("USA", "155mm")
    (ramp,) = outlook.ramps
    assert ramp.statement == STORY[6].id
    assert outlook.series is not None
    assert made.get(outlook.series).key.nature is Nature.ACTUAL
    reasons = [caveat.why for caveat in outlook.caveats]
    assert any(STORY[7].id in why and "names no day" in why for why in reasons)
    assert any(STORY[5].id in why and "promised anew" in why for why in reasons)


def test_an_item_nobody_makes_is_unknown() -> None:
    outlook = book().production("NOR", "Javelin")
    assert outlook.rate_log_median is None
    assert outlook.ramps == ()
    assert "unknown, not zero" in outlook.caveats[0].why


def test_the_shipped_settings_are_read_and_broken_ones_are_named(tmp_path: object) -> None:
    assert load_settings() is load_settings()
    from pathlib import Path

    broken = Path(str(tmp_path)) / "broken.toml"
    broken.write_text("drift = 1\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"broken\.toml"):
        load_settings(broken)
