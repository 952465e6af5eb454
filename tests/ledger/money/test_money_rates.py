"""Rates by day and by period, from the European Central Bank's table and what supplements it."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest
from currency_converter import CurrencyConverter
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.errors import CatalogueError, UsageError
from pledgebook.ledger.money.ecb import ecb_table
from pledgebook.ledger.money.rates import Missing, Quote, Rates, load_rates
from pledgebook.ledger.money.supplement import load_rate_files, own_rates

RATES = load_rates()
DAY = dt.date.fromisoformat


def per_euro(currency: str, day: str, rates: Rates = RATES) -> float:
    quote = rates.on(currency, DAY(day))
    assert isinstance(quote, Quote), quote
    return quote.per_euro


def reason(currency: str, day: str) -> str:
    missing = RATES.on(currency, DAY(day))
    assert isinstance(missing, Missing), missing
    return missing.reason


@pytest.mark.parametrize(
    ("currency", "day", "rate"),
    [
        ("USD", "1999-01-04", 1.1789),
        ("USD", "2014-03-28", 1.3759),
        ("USD", "2022-09-28", 0.9565),
        ("USD", "2023-02-14", 1.0759),
        ("NOK", "2023-02-14", 10.8778),
        ("RUB", "2022-03-01", 117.201),
        ("GBP", "2026-10-30", 0.8338),
        ("EUR", "2023-02-14", 1.0),
    ],
)
def test_the_rate_of_a_day_is_the_published_one(currency: str, day: str, rate: float) -> None:
    assert per_euro(currency, day) == rate


@given(
    st.sampled_from(["USD", "NOK", "SEK", "JPY", "GBP", "TRY", "ISK", "ROL", "RUB", "HRK"]),
    st.dates(dt.date(1999, 1, 4), dt.date(2022, 2, 28)),
)
def test_published_days_agree_with_the_package_that_ships_them(currency: str, day: dt.date) -> None:
    first, last = _PEER.bounds[currency]
    published = ecb_table().published(day)
    if published != day or not first <= day <= last or day not in ecb_table().rates(currency):
        return
    quote = RATES.on(currency, day)
    assert isinstance(quote, Quote)
    assert 1 / quote.per_euro == pytest.approx(_PEER.convert(1, currency, "EUR", day))


_PEER = CurrencyConverter()


@pytest.mark.parametrize(
    ("day", "published"),
    [
        ("2023-02-12", "2023-02-10"),  # a Sunday
        ("2023-04-10", "2023-04-06"),  # Easter Monday: the longest gap there is
        ("2023-01-01", "2022-12-30"),
    ],
)
def test_a_day_without_rates_takes_the_last_one_published(day: str, published: str) -> None:
    quote = RATES.on("USD", DAY(day))
    assert isinstance(quote, Quote)
    assert quote.last == quote.first == DAY(published)


def test_no_gap_of_the_table_is_longer_than_what_is_bridged() -> None:
    days = ecb_table().days
    gaps = {(later - day).days for day, later in pairwise(days)}
    assert max(gaps) == 5 <= load_rate_files().max_days_back
    assert len(days) >= 7126


def test_nothing_is_carried_on_beyond_the_end_of_the_table_or_before_its_beginning() -> None:
    end = ecb_table().last
    near = RATES.on("USD", end + dt.timedelta(7))
    assert isinstance(near, Quote)
    assert near.last == end
    missing = RATES.on("USD", end + dt.timedelta(8))
    assert missing == Missing("USD", f"the table of rates ends on {ecb_table().last}")
    assert reason("USD", "1999-01-03") == "the table of rates begins on 1999-01-04"


def test_a_currency_that_was_given_up_has_no_rate_from_the_very_next_day() -> None:
    """The rouble: last published on 1 March 2022, one day before the table went on without it."""
    assert per_euro("RUB", "2022-03-01") == 117.201
    says = "none was published on 2022-03-02, the last before it on 2022-03-01"
    assert reason("RUB", "2022-03-02") == says
    assert reason("RUB", "2022-03-05").startswith("none was published on 2022-03-04")


def test_what_the_table_lacks_comes_from_its_authority_with_the_steps_told() -> None:
    quote = RATES.on("RUB", DAY("2023-01-03"))
    assert isinstance(quote, Quote)
    assert quote.says == ("1 USD = 70.3375 RUB", "1 EUR = 1.0545 USD")
    assert quote.per_euro == pytest.approx(70.3375 * 1.0545)
    assert quote.sources == ("cbr", "ecb")
    assert "Bank of Russia" in RATES.sources["cbr"].title


@pytest.mark.parametrize(
    ("day", "per_dollar"),
    [
        ("2022-02-24", 29.2549),
        ("2022-07-20", 29.2549),
        ("2022-07-21", 36.5686),
        ("2023-10-02", 36.5686),
        ("2024-12-31", 42.0390),
    ],
)
def test_the_hryvnia_follows_its_national_bank(day: str, per_dollar: float) -> None:
    dollars = per_euro("USD", day)
    assert per_euro("UAH", day) == pytest.approx(per_dollar * dollars)


@pytest.mark.parametrize("day", ["2022-02-23", "2023-10-03", "2024-06-01"])
def test_between_known_spans_there_is_no_rate_and_it_says_for_when_there_is(day: str) -> None:
    assert reason("UAH", day).startswith(
        "no rate is known for UAH on that day, only for 2022-02-24 to 2022-07-20, 2022-07-21 to"
    )


@pytest.mark.parametrize(
    ("currency", "before", "published", "after", "fixed"),
    [
        ("HRK", "2022-12-30", 7.5365, "2023-01-01", 7.53450),
        ("BGN", "2025-12-31", 1.9558, "2026-01-01", 1.95583),
        ("LTL", "2014-12-31", 3.4528, "2015-01-01", 3.4528),
        ("EEK", "2010-12-31", 15.6466, "2011-01-01", 15.6466),
    ],
)
def test_a_currency_that_became_the_euro_keeps_its_fixed_rate(
    currency: str, before: str, published: float, after: str, fixed: float
) -> None:
    assert per_euro(currency, before) == published
    assert per_euro(currency, after) == fixed
    assert per_euro(currency, "2026-06-01") == fixed


def test_fixed_rates_are_close_to_the_last_that_was_published() -> None:
    """Guards every figure of the data file for a slip of a digit."""
    table = ecb_table()
    seen = set()
    for entry in load_rate_files().rate:
        known = [day for day in table.rates(entry.currency) if day < entry.first]
        if entry.source == "eu" and known:
            published = table.rates(entry.currency)[max(known)]
            assert entry.rate == pytest.approx(published, rel=0.005), entry.currency
            seen.add(entry.currency)
    assert seen == {"BGN", "CYP", "EEK", "HRK", "LTL", "LVL", "MTL", "SIT", "SKK"}


def test_every_supplied_rate_resolves_on_its_first_day() -> None:
    for entry in load_rate_files().rate:
        day = max(entry.first, ecb_table().days[0])
        assert isinstance(RATES.on(entry.currency, day), Quote), entry


def test_an_average_is_that_of_all_published_days() -> None:
    quote = RATES.over("USD", DAY("2023-01-01"), DAY("2023-12-31"))
    assert isinstance(quote, Quote)
    rates = ecb_table().rates("USD")
    days = [day for day in rates if day.year == 2023]
    assert quote.days == len(days) == 255
    assert quote.per_euro == pytest.approx(sum(rates[day] for day in days) / 255)
    # The yearly average that the ECB itself publishes.
    assert round(quote.per_euro, 4) == 1.0813
    assert (quote.first, quote.last) == (DAY("2023-01-02"), DAY("2023-12-29"))


KIEL = {
    "USD": 0.9887, "CAD": 1.3245, "GBP": 0.87571, "PLN": 4.7587, "RON": 4.9252, "SEK": 10.8012,
    "HRK": 7.5232, "CZK": 24.572, "DKK": 7.4368, "AUD": 1.4921, "NOK": 10.2508, "CHF": 0.9634,
    "NZD": 1.6846, "HUF": 407.78, "CNY": 6.9693,
}  # fmt: skip
"""The Ukraine Support Tracker's averages of the ECB's rates, 6 September to 6 October 2022."""


@pytest.mark.parametrize(("currency", "average"), KIEL.items())
def test_averages_agree_with_those_that_others_took_of_the_same_rates(
    currency: str, average: float
) -> None:
    found = RATES.over(currency, DAY("2022-09-06"), DAY("2022-10-06"))
    assert isinstance(found, Quote)
    assert found.per_euro == pytest.approx(average, rel=5e-5)


def test_an_average_goes_across_the_end_of_a_year_and_into_the_euro() -> None:
    dollars = RATES.over("USD", DAY("2022-12-01"), DAY("2023-01-31"))
    assert isinstance(dollars, Quote)
    assert dollars.days == 43
    kuna = RATES.over("HRK", DAY("2022-12-01"), DAY("2023-01-31"))
    assert isinstance(kuna, Quote)
    assert 7.5345 < kuna.per_euro < 7.56
    assert set(kuna.sources) == {"ecb", "eu"}


def test_an_average_is_refused_where_days_are_missing() -> None:
    found = RATES.over("RUB", DAY("2022-01-01"), DAY("2022-12-31"))
    assert isinstance(found, Missing)
    assert "days of publication have one" in found.reason
    beyond = RATES.over("USD", DAY("2026-01-01"), DAY("2099-12-31"))
    assert isinstance(beyond, Missing)
    assert "ends on" in beyond.reason


def test_a_period_without_a_published_day_takes_the_rate_before_it() -> None:
    weekend = RATES.over("USD", DAY("2023-02-11"), DAY("2023-02-12"))
    assert weekend == RATES.on("USD", DAY("2023-02-12"))


def test_an_unknown_currency_is_no_zero() -> None:
    assert reason("XYZ", "2023-02-14") == "no rate is known for XYZ"
    assert RATES.check(" usd ") == "USD"
    with pytest.raises(UsageError, match=r"no rate is known for the currency 'XYZ'. One of: AED"):
        RATES.check("XYZ")


OWN = """
[source.mine]
title = "Bank of Georgia, official rate"

[[rate]]
currency = "GEL"
per = "USD"
rate = 2.65
from = 2023-02-01
to = 2023-02-28
source = "mine"

[[rate]]
currency = "UAH"
per = "USD"
rate = 40.0
from = 2023-02-14
to = 2023-02-14
source = "nbu"
"""


def test_rates_of_ones_own_go_first(tmp_path: Path) -> None:
    path = tmp_path / "aid.rates.toml"
    path.write_text(OWN, encoding="utf-8")
    assert own_rates(str(tmp_path / "aid.db")) == path
    rates = load_rates(path)
    assert per_euro("GEL", "2023-02-14", rates) == pytest.approx(2.65 * 1.0759)
    assert per_euro("UAH", "2023-02-14", rates) == pytest.approx(40 * 1.0759)
    assert per_euro("UAH", "2023-02-15", rates) == pytest.approx(36.5686 * 1.07)
    assert rates.sources["mine"].title == "Bank of Georgia, official rate"


def test_rates_of_ones_own_are_found_by_the_environment_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLEDGEBOOK_RATES", raising=False)
    assert own_rates("postgresql+psycopg://host/aid") is None
    monkeypatch.setenv("PLEDGEBOOK_RATES", str(tmp_path / "rates.toml"))
    assert own_rates("postgresql+psycopg://host/aid") == tmp_path / "rates.toml"
    with pytest.raises(CatalogueError, match="the rates cannot be read"):
        load_rates(tmp_path / "rates.toml")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("rate = 2.65", "rate = 0"), "greater than 0"),
        (("rate = 2.65", "rate = nan"), "greater than 0|finite"),
        (('source = "mine"', 'source = "hearsay"'), "'hearsay' is not described"),
        (("to = 2023-02-28", "to = 2022-02-28"), "before it begins"),
        (('currency = "GEL"', 'currency = "Lari"'), "should match pattern"),
        (('currency = "GEL"', 'currency = "EUR"'), "is no rate that could be needed"),
        (("rate = 2.65", "rate = "), "Invalid value"),
        (("rate = 2.65", "rate = 2.65\nrat = 1"), "Extra inputs"),
    ],
)
def test_a_slip_in_ones_own_rates_is_named(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    path = tmp_path / "rates.toml"
    path.write_text(OWN.replace(*change), encoding="utf-8")
    with pytest.raises(CatalogueError, match=says) as caught:
        load_rates(path)
    assert "rates.toml" in str(caught.value)
