"""Laws of quantities: to words and back up to 10^15, every currency in every layout, no crash."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pledgebook.reading.quantities.dates import find_dates
from pledgebook.reading.quantities.money import MoneyMention, find_money
from pledgebook.reading.quantities.numbers import NumberMention, find_numbers

UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SIZES = [(10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand")]
MOST = 10**15


def group(value: int, hyphen: str, joint: str) -> str:
    """Spell a number from 1 to 999."""
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    small = UNITS[rest] if rest < 20 else TENS[tens] + (hyphen + UNITS[ones] if ones else "")
    if not hundreds:
        return small
    return f"{UNITS[hundreds]} hundred" + (f"{joint}{small}" if rest else "")


def spell(value: int, hyphen: str, joint: str) -> str:
    """Spell a number below 10^15, with `hyphen` in "twenty-one" and `joint` after "hundred"."""
    if not value:
        return "zero"
    parts = []
    rest = value
    for size, name in SIZES:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{group(count, hyphen, joint)} {name}")
    if rest:
        tail = "and " if joint == " and " and parts and rest < 100 else ""
        parts.append(tail + group(rest, hyphen, joint))
    return " ".join(parts)


def indian(value: int) -> str:
    """Write a number with its digits grouped as in India: 12,34,567."""
    digits = str(value)
    head, last = digits[:-3], digits[-3:]
    pairs: list[str] = []
    while head:
        pairs.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*pairs, last])


def parted(mark: str) -> Callable[[int], str]:
    """Return a writer that sets `mark` between thousands."""
    return lambda value: f"{value:,}".replace(",", mark)


STYLES: dict[str, Callable[[int], str]] = {
    "British": lambda value: spell(value, "-", " and "),
    "American": lambda value: spell(value, "-", " "),
    "blanks": lambda value: spell(value, " ", " and "),
    "capitals": lambda value: spell(value, "-", " and ").upper(),
    "title": lambda value: spell(value, "-", " ").title(),
    "broken lines": lambda value: spell(value, "-", " and ").replace(" ", "\n", 1),
    "digits": str,
    "commas": parted(","),
    "thin blanks": parted("\u2009"),
    "no-break blanks": parted("\u00a0"),
    "blanks between thousands": parted(" "),
    "apostrophes": parted("'"),
    "curly apostrophes": parted("\u2019"),
    "Indian": indian,
}
WHOLE = st.one_of(
    st.integers(0, MOST),
    st.integers(0, 10_000),
    st.integers(1, 999).flatmap(lambda n: st.sampled_from([n * size for size, _ in SIZES])),
    st.builds(lambda a, b: a * 10**9 + b, st.integers(1, 999), st.integers(0, 99)),
)
STYLE = st.sampled_from(sorted(STYLES))


@pytest.mark.parametrize("style", sorted(STYLES))
@given(value=WHOLE)
def test_every_whole_number_is_read_back(style: str, value: int) -> None:
    assume(value < MOST or "0" in STYLES[style](10))
    # Four bare digits of this span are a year, unless they are round.
    assume(style != "digits" or not 1900 <= value <= 2100)
    written = STYLES[style](value)
    text = f"In all {written} crates came."
    (mention,) = find_numbers(text)
    assert (mention.low, mention.high) == (value, value)
    assert text[mention.core_start : mention.core_end] == written


@given(style=STYLE, first=WHOLE, second=WHOLE)
def test_a_range_never_runs_backwards(style: str, first: int, second: int) -> None:
    write = STYLES[style]
    text = f"They counted between {write(first % MOST)} and {write(second % MOST)} crates."
    for mention in find_numbers(text):
        assert mention.low is not None
        assert mention.high is not None
        assert mention.low <= mention.high


TABLE = tomllib.loads(
    (files("pledgebook.reading") / "data" / "en" / "money.toml").read_text("utf-8")
)
MARKS: list[tuple[str, str, bool]] = [
    *((sign, currency, True) for sign, currency in TABLE["signs"].items()),
    *((code, code, True) for code in TABLE["codes"]["known"]),
    *((name, currency, False) for name, currency in TABLE["names"].items()),
]
"""Every sign, code and name with its currency, and whether it may lead its figure."""

LAYOUTS: dict[str, Callable[[str, str], str]] = {
    "mark, blank": lambda mark, figure: f"{mark} {figure}",
    "mark, no-break blank": lambda mark, figure: f"{mark}\u00a0{figure}",
    "mark, thin blank": lambda mark, figure: f"{mark}\u202f{figure}",
    "figure, blank": lambda mark, figure: f"{figure} {mark}",
    "figure, no-break blank": lambda mark, figure: f"{figure}\u00a0{mark}",
    "figure, line break": lambda mark, figure: f"{figure}\n{mark}",
}
FIGURES: dict[str, Callable[[int], tuple[str, float]]] = {
    "commas": lambda n: (f"{n:,}", n),
    "blanks": lambda n: (f"{n:,}".replace(",", "\u202f"), n),
    "million": lambda n: (f"{n} million", n * 1e6),
    "bn": lambda n: (f"{n} bn", n * 1e9),
    "glued": lambda n: (f"{n}m", n * 1e6),
    "half": lambda n: (f"{n}.5 billion", n * 1e9 + 5e8),
    "words": lambda n: (f"{spell(n % 999 + 1, '-', ' and ')} million", (n % 999 + 1) * 1e6),
}


@given(
    mark=st.sampled_from(MARKS),
    layout=st.sampled_from(sorted(LAYOUTS)),
    figure=st.sampled_from(sorted(FIGURES)),
    value=st.integers(1, 99_999),
)
def test_every_currency_in_every_layout(
    mark: tuple[str, str, bool], layout: str, figure: str, value: int
) -> None:
    sign, currency, leads = mark
    assume(leads or layout.startswith("figure"))
    written, worth = FIGURES[figure](value)
    amount = LAYOUTS[layout](sign, written)
    text = f"Their gift of {amount} stands"
    assert [(m.low, m.high, m.currency, text[m.start : m.end]) for m in find_money(text)] == [
        (worth, worth, currency, amount)
    ]


Mention = NumberMention | MoneyMention


def values(text: str) -> list[tuple[object, ...]]:
    """Return what is found in a text, without its place."""
    money = find_money(text)
    numbers = find_numbers(text, exclude=[(m.start, m.end) for m in money])
    found: list[Mention] = [*money, *numbers]
    found.sort(key=lambda mention: mention.start)
    return [
        (m.low, m.high, m.per, m.approx, m.currency if isinstance(m, MoneyMention) else m.kind)
        for m in found
    ]


SENTENCES = st.builds(
    lambda style, value, form: form.format(STYLES[style](value)),
    STYLE,
    st.integers(2, 10**12),
    st.sampled_from(
        [
            "It sent up to {} crates.",
            "Some {} crates a month are made.",
            "It gave ${} in loans.",
            "At least {} per cent was spent.",
            "EUR {} was lent to them.",
            "Between {} and a trillion trillion crates exist.",
        ]
    ),
)


@given(parts=st.lists(SENTENCES, min_size=1, max_size=5))
def test_sentences_do_not_change_each_other(parts: list[str]) -> None:
    alone = [value for part in parts for value in values(part)]
    assert values(" ".join(parts)) == alone
    assert values("\n\n".join(parts)) == alone


ANY = st.one_of(
    st.text(max_size=160),
    st.text(alphabet="0123456789 .,'\u2019-\u2013\u2009½¼%$€£/()kmbn\nadhoflcr", max_size=120),
    st.lists(SENTENCES, max_size=3).map("".join),
)


@given(text=ANY)
def test_any_text_is_read_without_a_crash(text: str) -> None:
    money = find_money(text)
    dates = find_dates(text, None)
    taken = sorted([(m.start, m.end) for m in money] + [(d.start, d.end) for d in dates])
    numbers = find_numbers(text, exclude=taken)
    for found in (money, numbers):
        for mention in found:
            assert 0 <= mention.start <= mention.core_start < mention.core_end <= mention.end
            assert mention.end <= len(text)
            ends = (mention.low, mention.high)
            assert ends != (None, None)
            if ends[0] is not None and ends[1] is not None:
                assert 0 <= ends[0] <= ends[1]
    assert all(one.end <= other.start for one, other in pairwise(money))
    assert all(one.end <= other.start for one, other in pairwise(numbers))


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("2\u00bd million", 2.5e6, 2.5e6),
        ("\u00be million", 7.5e5, 7.5e5),
        ("three quarters of a million", 7.5e5, 7.5e5),
        ("a score of", 20, 20),
        ("a couple of hundred", 200, 200),
        ("12,34,567", 1_234_567, 1_234_567),
        ("1.250.000", 1_250_000, 1_250_000),
        ("2 lakh crore", 2e12, 2e12),
        ("40,000-plus", 40_000, None),
        ("5 Mio", 5e6, 5e6),
        ("two thousand million", 2e9, 2e9),
        ("two lakh crore", 2e12, 2e12),
    ],
)
def test_ways_of_writing_seldom_met(written: str, low: float, high: float | None) -> None:
    (mention,) = find_numbers(f"In all {written} crates came.")
    assert (mention.low, mention.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a score of 20 was reached", [20.0]),
        ("the address 192.168.100.200 answered", []),
        ("version 1.2.3 was out", []),
        ("it lay 30.5.2023 in port", []),
    ],
)
def test_what_only_looks_like_them(text: str, found: list[float]) -> None:
    assert [mention.low for mention in find_numbers(text)] == found


def test_percentages_at_both_ends_are_one_range() -> None:
    for text in ("between 30 per cent and 40 per cent was lost", "30%-40% was lost"):
        assert [(m.low, m.high, m.kind) for m in find_numbers(text)] == [(30, 40, "percent")]
    assert len(find_numbers("It grew from 30% to 40%.")) == 2


def test_a_rate_between_hyphens() -> None:
    (mention,) = find_numbers("A 30,000-a-month target was set.")
    assert (mention.low, mention.per) == (30_000, "month")
    (amount,) = find_money("A $1-billion-a-year fund was named.")
    assert (amount.low, amount.per) == (1e9, "year")
