"""Prices found for what is undertaken, and what stages come to: money and things side by side."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from making import START, Said, entries, report
from pledgebook.ledger.intervals import UNKNOWN, Interval, Total
from pledgebook.ledger.ledger import build_ledger
from pledgebook.ledger.money.convert import Converter
from pledgebook.ledger.money.ecb import ecb_table
from pledgebook.ledger.money.pricelist import Price
from pledgebook.ledger.money.prices import Match, PriceBook
from pledgebook.ledger.money.rates import load_rates
from pledgebook.ledger.money.sums import Sum, sums
from pledgebook.ledger.money.values import Valuation, ValueRow
from pledgebook.ledger.money.valuing import Valuer
from pledgebook.ledger.records import Reading
from pledgebook.ledger.release_view import StoredRelease
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import status_rows
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category, Kind

RATES = load_rates()
TODAY = dt.date(2023, 12, 31)
M = 1_000_000.0


def release(
    name: str = "2022-10",
    day: str | None = "2022-10-03",
    *,
    dataset: str = "prices",
    number: int = 1,
) -> StoredRelease:
    return StoredRelease(
        id=f"i{dataset}{name}",
        dataset=dataset,
        name=name,
        format="prices",
        published=dt.date.fromisoformat(day) if day else None,
        origin="prices.csv",
        bytes_sha256="0" * 64,
        supersedes=None,
        notes=(),
        made_by="somebody",
        made_at=START,
        number=number,
        rows=1,
        current=True,
    )


_numbers: Iterator[int] = iter(range(10**6))


def price(
    item: str,
    low: float,
    high: float | None = None,
    *,
    category: str | None = None,
    designation: str | None = None,
    currency: str = "EUR",
    unit: str = "item",
    date: str | None = None,
    of: StoredRelease | None = None,
) -> Price:
    number = next(_numbers)
    amount = Interval(low, high if high is not None else low)
    return Price(
        item, category, designation, amount, currency, unit, date, "a maker", f"d{number}", number,
        of or release(),
    )  # fmt: skip


def valuer(readings: list[Reading], prices: list[Price], currency: str = "EUR") -> Valuer:
    catalogue = load_catalogue()
    ledger = build_ledger(entries(readings), today=TODAY, tree=catalogue)
    book = PriceBook(prices, catalogue)
    return Valuer(Converter(RATES, currency), book, ledger.entries, ledger.commitments)


def found(said: Said, *prices: Price) -> Match | str:
    made = valuer([report(said)], list(prices))
    [commitment] = made.commitments.values()
    return PriceBook(prices, load_catalogue()).find(commitment, said.unit)


def match(said: Said, *prices: Price) -> Match:
    result = found(said, *prices)
    assert isinstance(result, Match), result
    return result


LEOPARD = Said("eight Leopard 2A4 tanks", quantity=8, designation="Leopard 2A4")


def test_the_item_itself_goes_before_what_it_is_a_kind_of() -> None:
    prices = [
        price("tank", 9 * M, category="tank"),
        price("Leopard 2", 2 * M, category="tank"),
        price("Leopard 2A4", 1 * M, 1.5 * M, category="tank"),
    ]
    own = match(LEOPARD, *prices)
    assert (own.amount, own.exact) == (Interval(1 * M, 1.5 * M), True)
    parent = match(LEOPARD, *prices[:2])
    assert (parent.amount, parent.exact, parent.level) == (
        Interval(2 * M, 2 * M),
        False,
        "Leopard 2",
    )
    category = match(LEOPARD, *prices[:1])
    assert (category.amount, category.exact, category.level) == (
        Interval(9 * M, 9 * M),
        False,
        "tank",
    )


def test_another_item_or_another_category_is_no_price() -> None:
    assert found(LEOPARD, price("Leopard 2A6", 1.0), price("Abrams", 1.0)) == (
        "no price for Leopard 2A4"
    )
    assert (
        found(LEOPARD, price("howitzer", 1.0, category="artillery")) == "no price for Leopard 2A4"
    )
    # "Scopes" of the category of small arms are not the price of all small arms.
    rifles = Said("100 rifles", quantity=100, category=Category.SMALL_ARMS, designation=None)
    assert found(rifles, price("Scopes", 1.0, category="small-arms")) == "no price for small-arms"
    assert match(rifles, price("Small arms", 1.0, category="small-arms")).exact


def test_an_item_that_the_catalogue_lacks_is_found_by_its_name() -> None:
    odd = Said("3 Zorg-9 carts", quantity=3, category=Category.VEHICLE, designation="Zorg-9")
    assert match(odd, price("ZORG 9", 5.0, category="vehicle")).amount == Interval(5, 5)
    assert found(odd, price("ZORG 9", 5.0, category="ship")) == "no price for Zorg-9"


def test_units_are_kept_apart() -> None:
    shells = Said(
        "1,000 shells", quantity=1000, unit="round", category=Category.ARTILLERY_AMMUNITION,
        designation="155mm",
    )  # fmt: skip
    per_item = price("155mm", 3000, category="artillery-ammunition")
    assert found(shells, per_item) == "counted in rounds, priced per item"
    per_round = price("155mm", 3000, category="artillery-ammunition", unit="round")
    assert match(shells, per_item, per_round).rows == (per_round,)


def test_rows_of_one_list_make_an_interval_and_the_newest_list_prevails() -> None:
    old, new = release("2021", "2021-12-31"), release("other", "2022-12-31", dataset="b", number=2)
    prices = [
        price("Leopard 2A4", 9 * M, of=old),
        price("Leopard 2A4", 1 * M, 2 * M, of=new),
        price("Leopard 2A4", 3 * M, of=new),
    ]
    found = match(LEOPARD, *prices)
    assert found.amount == Interval(1 * M, 3 * M)
    assert found.of_list == "b other"
    assert found.documents == (prices[1].document, prices[2].document)
    assert found.beside == (prices[0],)


def test_a_price_is_of_the_time_before_the_undertaking_where_the_list_has_one() -> None:
    years = [price("Leopard 2A4", year * 1.0, date=f"{year}") for year in (2019, 2021, 2024)]
    assert match(LEOPARD, *years).rows == (years[1],)
    assert match(LEOPARD, years[2]).rows == (years[2],)
    undated = price("Leopard 2A4", 1.0)
    assert match(LEOPARD, undated).rows == (undated,)
    odd = price("Leopard 2A4", 1.0, date="some time")
    assert match(LEOPARD, odd).rows == (odd,)


def test_a_price_of_one_giver_is_no_price_for_all() -> None:
    all_of_us = price("Leopard 2A4", 1 * M)
    theirs = price("Leopard 2A4 (Latvia)", 90 * M, designation="Leopard 2A4")
    assert match(LEOPARD, all_of_us, theirs).rows == (all_of_us,)
    latvian = dataclasses.replace(LEOPARD, actors=("LVA",))
    assert match(latvian, all_of_us, theirs).rows == (theirs,)
    assert match(LEOPARD, theirs).rows == (theirs,)
    odd = price("Leopard 2A4 (used)", 3 * M, designation="Leopard 2A4")
    assert match(LEOPARD, all_of_us, odd).rows == (all_of_us, odd)


def test_two_currencies_in_a_list_are_no_interval() -> None:
    dollars = [price("Leopard 2A4", one, currency="USD") for one in (1 * M, 2 * M)]
    euros = price("Leopard 2A4", 3 * M)
    found = match(LEOPARD, euros, *dollars)
    assert found.amount == Interval(1 * M, 2 * M)
    assert found.beside == (euros,)


def valuation(said: Said, *prices: Price, stage: Stage = Stage.PLEDGED) -> Valuation:
    made = valuer([report(said)], list(prices))
    [commitment] = made.commitments.values()
    return made.valuation(commitment, stage)


ENDS = st.floats(0, 1e9)


@given(ENDS, ENDS, ENDS, ENDS, st.sampled_from(["both", "low", "high"]))
def test_a_value_is_quantity_by_price_at_both_ends(
    q1: float, q2: float, p1: float, p2: float, known: str
) -> None:
    few, many = sorted((q1, q2))
    cheap, dear = sorted((p1, p2))
    quantity = (None if known == "high" else few, None if known == "low" else many)
    said = dataclasses.replace(LEOPARD, quantity=quantity)
    value = valuation(said, price("Leopard 2A4", cheap, dear)).in_kind
    assert value is not None
    assert value.value.low == (None if quantity[0] is None else pytest.approx(few * cheap))
    assert value.value.high == (None if quantity[1] is None else pytest.approx(many * dear))


def test_a_price_in_dollars_is_converted_by_the_year_that_it_is_of() -> None:
    found = valuation(LEOPARD, price("Leopard 2A4", 1 * M, currency="USD", date="2021"))
    kind = found.in_kind
    assert kind is not None
    assert kind.unit_price is not None
    assert kind.unit_price.asked == "2021"
    # 1.1827 dollars a euro is the yearly average that the ECB publishes.
    assert kind.value.low == pytest.approx(8 * M / 1.1827, rel=1e-4)
    assert found.counted == [kind.value]
    assert found.amount is None


def test_a_price_of_the_lists_own_year_is_converted_by_the_day_of_the_list() -> None:
    found = valuation(LEOPARD, price("Leopard 2A4", 1 * M, currency="USD", date="2022"))
    assert found.in_kind is not None
    assert found.in_kind.unit_price is not None
    assert found.in_kind.unit_price.published == "2022-10-03"
    assert found.in_kind.unit_price.note == "the day of the price list"


def test_a_price_without_a_rate_is_not_known() -> None:
    kind = valuation(LEOPARD, price("Leopard 2A4", 1 * M, currency="XYZ")).in_kind
    assert kind is not None
    assert kind.value == UNKNOWN
    assert kind.note == "its price is not converted: no rate is known for XYZ"


def test_no_quantity_or_no_price_is_not_known_and_never_zero() -> None:
    nothing = valuation(dataclasses.replace(LEOPARD, quantity=None), price("Leopard 2A4", 1 * M))
    assert nothing.in_kind is not None
    assert (nothing.in_kind.value, nothing.in_kind.note) == (UNKNOWN, "its quantity is not known")
    assert nothing.counted == [UNKNOWN]
    dear = valuation(LEOPARD)
    assert dear.in_kind is not None
    assert (dear.in_kind.value, dear.in_kind.note) == (UNKNOWN, "no price for Leopard 2A4")


def test_stated_money_is_counted_and_the_things_stand_beside_it() -> None:
    said = dataclasses.replace(LEOPARD, money=(60 * M, "EUR"))
    found = valuation(said, price("Leopard 2A4", 1 * M))
    assert found.in_kind is not None
    assert found.in_kind.value == Interval(8 * M, 8 * M)
    assert found.amount == Interval(60 * M, 60 * M)
    assert found.counted == [Interval(60 * M, 60 * M)]


def test_aid_without_an_amount_is_an_unknown_amount_and_no_thing() -> None:
    found = valuation(Said("aid", category=Category.FINANCIAL_AID, designation=None))
    assert found.in_kind is None
    assert found.missing
    assert found.amount == UNKNOWN
    assert found.counted == [UNKNOWN]


def money(amount: float, currency: str, quote: str, **more: object) -> Said:
    return Said(
        quote, money=(amount, currency), category=Category.MILITARY_AID, designation=None,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def one_row(readings: list[Reading], prices: list[Price], currency: str = "EUR") -> ValueRow:
    [row] = rows(readings, prices, currency)
    return row


def rows(readings: list[Reading], prices: list[Price], currency: str = "EUR") -> list[ValueRow]:
    made = valuer(readings, prices, currency)
    return made.rows(status_rows(made.commitments.values()))


def test_deliveries_add_up_each_by_the_rate_of_its_own_day() -> None:
    told = [
        report(money(100 * M, "NOK", "a first part", kind=Kind.DELIVERY, when="2022-03-15"),
               date="2022-03-15"),
        report(money(50 * M, "NOK", "a second part", kind=Kind.DELIVERY, when="2023-06-15"),
               date="2023-06-15"),
    ]  # fmt: skip
    values = [one for row in rows(told, []) for one in row.valuations]
    conversions = [one for value in values for one in value.money]
    assert sorted(one.published for one in conversions) == ["2022-03-15", "2023-06-15"]
    [total] = [one.money for one in sums(rows(told, []))]
    assert total is not None
    rates = ecb_table().rates("NOK")
    first, second = rates[dt.date(2022, 3, 15)], rates[dt.date(2023, 6, 15)]
    assert total.low == total.high == pytest.approx(100 * M / first + 50 * M / second)


def test_one_promise_told_in_two_currencies_is_not_two_promises() -> None:
    told = [
        report(money(250 * M, "NOK", "Norway gives 250 million kroner", when="2023-02-14"),
               date="2023-02-14"),
        report(money(24.8 * M, "USD", "Norway gives 24.8 million dollars", when="2023-02-14"),
               date="2023-02-15"),
    ]  # fmt: skip
    made = valuer(told, [])
    [commitment] = made.commitments.values()
    found = made.valuation(commitment, Stage.PLEDGED)
    assert [one.currency for one in found.money] == ["USD"]
    assert [one.currency for one in found.beside] == ["NOK"]
    assert len(found.amounts) == 1


def package() -> list[Reading]:
    """A package of stated worth with two kinds of things in it, and things that stand alone."""
    return [
        report(
            money(400 * M, "EUR", "a 400 million euro package", actors=("USA",)),
            Said("which includes 4 HIMARS", actors=("USA",), quantity=4,
                 category=Category.ROCKET_ARTILLERY, designation="HIMARS"),
            date="2023-03-03",
            lead="The United States announced on Friday",
        ),
        report(
            dataclasses.replace(LEOPARD, actors=("DEU",)),
            Said("an undisclosed number of Marders", actors=("DEU",), quantity=None,
                 category=Category.INFANTRY_FIGHTING_VEHICLE, designation="Marder"),
            date="2023-03-10",
        ),
    ]  # fmt: skip


PRICES = [price("HIMARS", 5 * M), price("Leopard 2A4", 1 * M, 2 * M), price("Marder", 1 * M)]


def test_things_of_a_package_are_shown_beside_its_money_and_not_added() -> None:
    found = rows(package(), PRICES)
    himars = next(row for row in found if row.item == "HIMARS")
    assert himars.in_kind == Total(20 * M, 20 * M)
    assert himars.money is None
    assert himars.parts == 1
    [part] = himars.valuations
    assert (
        part.part_of
        == next(row for row in found if row.donor == "USA" and row.money).valuations[0].commitment
    )
    assert part.counted == []
    assert sums(found) == [
        Sum(
            stage=Stage.PLEDGED,
            rows=4,
            money=Total(400 * M, 400 * M),
            in_kind=Total(28 * M, 36 * M, 1),
            counted=Total(408 * M, 416 * M, 1),
            parts=1,
        )
    ]


def test_things_asked_for_without_their_package_count_by_themselves() -> None:
    alone = [row for row in rows(package(), PRICES) if row.item == "HIMARS"]
    [found] = sums(alone)
    assert found.counted == Total(20 * M, 20 * M)
    assert found.parts == 0


def test_stages_are_never_added_to_each_other() -> None:
    told = [
        report(dataclasses.replace(LEOPARD, when="2023-02-14")),
        report(dataclasses.replace(LEOPARD, quote="eight Leopard 2A4 came", kind=Kind.DELIVERY,
                                   when="2023-03-20"), date="2023-03-21"),
    ]  # fmt: skip
    found = rows(told, PRICES)
    assert [row.stage for row in found] == [Stage.PLEDGED, Stage.DELIVERED]
    assert {row.id for row in found} == {found[0].id}
    assert [one.counted for one in sums(found)] == [Total(8 * M, 16 * M)] * 2


def test_rows_keep_the_amount_as_given() -> None:
    row = one_row([report(money(250 * M, "NOK", "250 million kroner"))], [], "USD")
    assert row.given == {"NOK": Total(250 * M, 250 * M)}
    assert row.currency == "USD"
    assert row.money is not None
    assert row.money.low == pytest.approx(250 * M / 10.8778 * 1.0759)
