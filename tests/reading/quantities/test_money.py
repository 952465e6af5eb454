"""Laws of the money finder: every currency of the table is read back in every layout."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from importlib.resources import files
from itertools import pairwise

import pytest
from babel.numbers import get_currency_name, list_currencies
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.reading.quantities.carried_money import find_carried_money
from pledgebook.reading.quantities.money import find_money
from pledgebook.reading.quantities.numbers import find_numbers

TABLE = tomllib.loads(
    (files("pledgebook.reading") / "data" / "en" / "money.toml").read_text("utf-8")
)
SIGNS: dict[str, str] = TABLE["signs"]
NAMES: dict[str, str] = TABLE["names"]
CODES: list[str] = TABLE["codes"]["known"]

FIGURES: dict[str, float] = {
    "5": 5,
    "7,500": 7500,
    "250 million": 250e6,
    "1.2bn": 1.2e9,
    "3.3 billion": 3.3e9,
    "40m": 40e6,
    "600k": 600e3,
    "2.5-million": 2.5e6,
    "two billion": 2e9,
}
BOUNDS: dict[str, str] = {"": "both", "up to ": "high", "more than ": "low", "some ": "both"}


@pytest.mark.parametrize("sign", sorted(SIGNS))
def test_every_sign_before_every_figure(sign: str) -> None:
    for figure, value in FIGURES.items():
        for written in (sign, sign.upper()):
            for gap in ("", " ") if figure[0].isdigit() else (" ",):
                text = f"It gave {written}{gap}{figure} to them."
                found = find_money(text)
                assert [(m.low, m.high, m.currency) for m in found] == [
                    (value, value, SIGNS[sign])
                ], text


@pytest.mark.parametrize("code", CODES)
def test_every_code_on_either_side(code: str) -> None:
    for figure, value in FIGURES.items():
        for text in (f"It gave {code} {figure}.", f"It gave {figure} {code}."):
            found = find_money(text)
            assert [(m.low, m.high, m.currency) for m in found] == [(value, value, code)], text
    assert find_money(f"It gave {code.lower()} 5 million.") == [] or code.lower() in SIGNS


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_name_after_every_figure(name: str) -> None:
    for figure, value in FIGURES.items():
        for written in (name, name.title()):
            text = f"It gave {figure} {written} to them."
            found = find_money(text)
            assert [(m.low, m.high, m.currency) for m in found] == [(value, value, NAMES[name])], (
                text
            )


def _before(sign: str) -> Callable[[str], str]:
    return lambda figure: f"{sign}{figure}"


def _after(name: str) -> Callable[[str], str]:
    return lambda figure: f"{figure} {name}"


LAYOUTS = [
    *((_before(sign), currency) for sign, currency in SIGNS.items()),
    *((_after(name), currency) for name, currency in NAMES.items()),
    *((_before(code + " "), code) for code in CODES),
]


@given(
    layout=st.sampled_from(LAYOUTS),
    tenths=st.integers(1, 99_999),
    size=st.sampled_from(
        [(" million", 6), (" billion", 9), ("bn", 9), ("m", 6), (" trillion", 12)]
    ),
    bound=st.sampled_from(sorted(BOUNDS)),
    per=st.sampled_from([("", None), (" a month", "month"), (" per year", "year")]),
)
def test_amounts_are_read_back(
    layout: tuple[Callable[[str], str], str],
    tenths: int,
    size: tuple[str, int],
    bound: str,
    per: tuple[str, str | None],
) -> None:
    write, currency = layout
    value = float(tenths * 10 ** (size[1] - 1))
    amount = bound + write(f"{tenths / 10}{size[0]}") + per[0]
    text = f"Their promise of {amount} stands"
    found = find_money(text)
    assert [text[m.start : m.end] for m in found] == [amount]
    mention = found[0]
    assert mention.low == (None if BOUNDS[bound] == "high" else value)
    assert mention.high == (None if BOUNDS[bound] == "low" else value)
    assert (mention.currency, mention.per) == (currency, per[1])
    assert not mention.converted


@given(
    low=st.integers(1, 500), more=st.integers(1, 500), sign=st.sampled_from(["$", "€", "£", "C$"])
)
def test_ranges_are_read_back(low: int, more: int, sign: str) -> None:
    high = low + more
    for amount in (
        f"{sign}{low} million to {sign}{high} million",
        f"{sign}{low}m-{high}m",
        f"{sign}{low}-{high} million",
        f"between {sign}{low} million and {sign}{high} million",
    ):
        (mention,) = find_money(f"They gave {amount}.")
        assert (mention.low, mention.high) == (low * 1e6, high * 1e6), amount


@given(
    first=st.sampled_from(["NOK", "SEK", "CZK"]),
    second=st.sampled_from(["$", "€", "£"]),
    amount=st.integers(1, 999),
    words=st.sampled_from(["", "about ", "roughly ", "or "]),
)
def test_a_bracket_after_an_amount_is_its_conversion(
    first: str, second: str, amount: int, words: str
) -> None:
    text = (
        f"They gave {first} {amount * 10} million ({words}{second}{amount} million) and €3m more."
    )
    found = find_money(text)
    assert [m.converted for m in found] == [False, True, False]


def test_the_same_currency_in_brackets_is_no_conversion() -> None:
    found = find_money("EUR 300 million (EUR 100 million of it at once)")
    assert [m.converted for m in found] == [False, False]


@given(text=st.text(alphabet="$€£ 0123456789.,-bmnk()orusdUSD euros\n", max_size=120))
def test_mentions_are_sorted_slices_without_overlap(text: str) -> None:
    found = find_money(text)
    for mention in found:
        assert (
            0 <= mention.start <= mention.core_start < mention.core_end <= mention.end <= len(text)
        )
        assert mention.low is not None or mention.high is not None
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_numbers_and_money_part_the_text_between_them() -> None:
    text = "Up to 40 tanks and $800 million; 1.5 billion kroner for 14,000 shells"
    money = find_money(text)
    numbers = find_numbers(text, exclude=[(m.start, m.end) for m in money])
    assert [m.low for m in numbers] == [None, 14000]


def test_an_amount_lends_its_currency_to_those_after_it() -> None:
    text = (
        "Of the sum, 415 million euros are for power, 25 million for water and 38 million for food."
        " It brings 2 million shells.\n\nIn all 3 million for others."
    )
    money = find_money(text)
    numbers = find_numbers(text, exclude=[(m.start, m.end) for m in money])
    carried = find_carried_money(text, numbers, money)
    assert [(m.low, m.currency) for m in carried] == [(25e6, "EUR"), (38e6, "EUR")]


def test_every_currency_of_the_table_is_known_to_babel() -> None:
    known = list_currencies()
    table = {*SIGNS.values(), *NAMES.values(), *CODES}
    assert table <= known


def test_every_code_can_be_said_by_name() -> None:
    """The name of a listed currency in English prose is either in the table or shared."""
    spoken = {*NAMES.values(), "XAF", "XOF"}
    missing = {code for code in CODES if code not in spoken}
    assert missing == set(), {code: get_currency_name(code, locale="en") for code in missing}


HOSTILE = {
    "signs": "$" * 1_000_000,
    "amounts": "$1" * 50_000,
    "names": "dollars " * 125_000,
    "brackets": "NOK 5 ($1 " * 20_000,
    "kroner": "1 kroner " * 111_111,
    "ranges": "$1-" * 33_333,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_text_takes_linear_time(name: str) -> None:
    begun = time.process_time()
    find_money(HOSTILE[name])
    assert time.process_time() - begun < 20
