"""The words of tables of figures: times, units, and what the data file holds."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from releases_read import CATALOGUE

from pledgebook.exchange.figures import FigureError
from pledgebook.exchange.observations.periods import told_period
from pledgebook.exchange.observations.units import measure_of
from pledgebook.exchange.observations.words import FIELDS, shipped_words
from pledgebook.exchange.things import thing_of
from pledgebook.vocabulary.period import bounds
from pledgebook.vocabulary.statement import Per

WORDS = shipped_words()


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2022-09", "2022-09"),
        ("~2025-11", "2025-11"),
        ("~2025", "2025"),
        ("FY2024", "2023-10/2024-09"),
        ("fiscal year 2024", "2023-10/2024-09"),
        ("FY24", "2023-10/2024-09"),
        ("early FY2026", "2025-10/2026-01"),
        ("end FY2024", "2024-09"),
        ("mid-2026", "2026-05/2026-08"),
        ("mid 2026", "2026-05/2026-08"),
        ("end 2024", "2024-12"),
        ("end of 2024", "2024-12"),
        ("by end 2024", "2024-12"),
        ("by the end of 2024", "2024-12"),
        ("by 2024-03", "2024-03"),
        ("pre-war", "2022-02-23"),
        ("..2024-06", "2024-06"),
        ("2024-06..", "2024-06"),
        ("2022-03..2022-09", "2022-03/2022-09"),
        ("2024-08-06..2024-08-14", "2024-08-06/2024-08-14"),
        ("2022 to 2023-05", "2022/2023-05"),
        ("FY2024..FY2025", "2023-10/2025-09"),
        ("March 2024", "2024-03"),
        ("Q3 2023", "2023-07/2023-09"),
        ("2023-03/2023-05", "2023-03/2023-05"),
        ("14.02.2023", "2023-02-14"),
        ("2023..2023", "2023"),
    ],
)
def test_a_time_is_a_period(text: str, when: str) -> None:
    told = told_period(text, WORDS, "USA")
    assert told.when == when
    assert not told.tentative


@pytest.mark.parametrize("text", ["", "-", "undated", "n/a", "Undated"])
def test_what_tells_no_time_tells_none(text: str) -> None:
    assert told_period(text, WORDS).when is None


@pytest.mark.parametrize("text", ["later phase", "potential"])
def test_what_is_yet_to_come_is_tentative(text: str) -> None:
    told = told_period(text, WORDS)
    assert (told.when, told.tentative, told.notes) == (None, True, (f"{text!r} names no time",))


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("..2024-06", "spans without a beginning"),
        ("2024-06..", "spans without an end"),
        ("~2025", "times that are marked as about right stand as they are"),
        ("early 2024", "'early' is read as months 1 to 4 of its year"),
        ("pre-war", "'pre-war' is read as the time up to 2022-02-23"),
        ("at prior production", "'at prior production' names no time"),
    ],
)
def test_what_is_dropped_or_read_into_it_is_told(text: str, note: str) -> None:
    assert note in told_period(text, WORDS, "USA").notes


@pytest.mark.parametrize(
    "text",
    ["some day", "2024-13", "2023-05..2023-01", "FY2024-odd", "early", "02/03/2023", "mid-x"],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(FigureError):
        told_period(text, WORDS, "USA")


def test_a_fiscal_year_is_that_of_its_party() -> None:
    with pytest.raises(FigureError, match="fiscal year of DEU"):
        told_period("FY2024", WORDS, "DEU")
    with pytest.raises(FigureError, match="fiscal year of nobody"):
        told_period("early FY2024", WORDS)
    calendar = WORDS.model_copy(update={"fiscal": {"DEU": 1}})
    assert told_period("FY2024", calendar, "DEU").when == "2024"


DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31))


@given(first=DAYS, second=DAYS)
def test_a_span_holds_both_of_its_ends(first: dt.date, second: dt.date) -> None:
    start, end = sorted((first, second))
    when = told_period(f"{start}..{end}", WORDS).when
    assert when is not None
    assert bounds(when) == (start, end)


@given(year=st.integers(1950, 2099), part=st.sampled_from(sorted(WORDS.periods.parts)))
def test_a_part_of_a_year_lies_in_it(year: int, part: str) -> None:
    for party, text in (("USA", f"{part} FY{year}"), (None, f"{part} {year}")):
        when, whole = (told_period(one, WORDS, party).when for one in (text, text[len(part) + 1 :]))
        assert when is not None
        assert whole is not None
        assert bounds(whole)[0] <= bounds(when)[0] <= bounds(when)[1] <= bounds(whole)[1]


@pytest.mark.parametrize(
    ("text", "item", "unit", "per", "scale"),
    [
        ("rounds/month", "155mm shell", "round", Per.MONTH, 1),
        ("rounds per day", "155mm shell", "round", Per.DAY, 1),
        ("rounds a year", "155mm shell", "round", Per.YEAR, 1),
        ("missiles", "Stinger", "item", None, 1),
        ("rockets/year", "GMLRS", "round", Per.YEAR, 1),
        ("thousand rounds/month", "155mm shell", "round", Per.MONTH, 1000),
        ("/month", "155mm shell", "round", Per.MONTH, 1),
        ("per month", "155mm shell", "round", Per.MONTH, 1),
        ("monthly rounds", "155mm shell", "round", Per.MONTH, 1),
        ("million", "155mm shell", "round", None, 1e6),
        ("", "155mm shell", "round", None, 1),
        ("tonnes", "155mm shell", "tonne", None, 1),
    ],
)
def test_a_unit_is_one_that_the_catalogue_knows(
    text: str, item: str, unit: str, per: Per | None, scale: float
) -> None:
    found = measure_of(text, thing_of(item, CATALOGUE), WORDS, CATALOGUE)
    assert (found.unit, found.per, found.scale, found.strange) == (unit, per, scale, False)


@pytest.mark.parametrize(
    ("text", "currency", "scale", "per"),
    [
        ("billion EUR", "EUR", 1e9, None),
        ("USD million", "USD", 1e6, None),
        ("EUR", "EUR", 1, None),
        ("EUR/year", "EUR", 1, Per.YEAR),
    ],
)
def test_money_has_a_currency(text: str, currency: str, scale: float, per: Per | None) -> None:
    found = measure_of(text, None, WORDS, CATALOGUE)
    assert (found.currency, found.scale, found.per, found.unit) == (currency, scale, per, None)


def test_a_strange_unit_is_told_and_a_strange_rate_refused() -> None:
    found = measure_of("heaps", None, WORDS, CATALOGUE)
    assert (found.unit, found.strange) == ("heaps", True)
    with pytest.raises(FigureError):
        measure_of("per soldier", None, WORDS, CATALOGUE)


def test_the_words_mean_one_thing_each() -> None:
    for part in (WORDS.metric, WORDS.status):
        listed = [word for one in part.values() for word in one.words]
        assert len(listed) == len(set(listed))
        assert all(word == word.casefold() for word in listed)
    assert set(WORDS.columns) == set(FIELDS)
    assert all(one.kind or one.reason for one in WORDS.metric.values())


def test_every_named_time_is_a_period() -> None:
    assert all(bounds(when) for when in WORDS.periods.named.values())
    assert all(1 <= first <= last <= 12 for first, last in WORDS.periods.parts.values())
