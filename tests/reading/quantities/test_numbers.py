"""Laws of the number finder: what is written in words or digits is read back."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pledgebook.reading.quantities.numbers import NumberMention, find_numbers, find_rates

SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen"""
UNITS = re.split(r"\s", SMALL)
TENS = re.split(" ", "_ _ twenty thirty forty fifty sixty seventy eighty ninety")
MAGNITUDES = [(10**9, "billion"), (10**6, "million"), (10**3, "thousand")]
BOUNDS = {
    "": ("both", False),
    "about ": ("both", True),
    "an estimated ": ("both", True),
    "nearly ": ("both", True),
    "up to ": ("high", False),
    "no more than ": ("high", False),
    "fewer than ": ("high", False),
    "at least ": ("low", False),
    "more than ": ("low", False),
    "no fewer than ": ("low", False),
    "up to about ": ("high", True),
}
RATES = {
    "": None,
    " a day": "day",
    " per week": "week",
    " each month": "month",
    " every year": "year",
    " per annum": "year",
    " monthly": "month",
    "/month": "month",
}


def below_thousand(value: int, *, hyphen: str, joint: str) -> str:
    """Spell a number from 1 to 999."""
    words = []
    hundreds, rest = divmod(value, 100)
    if hundreds:
        words.append(f"{UNITS[hundreds]} hundred")
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        words.append(TENS[tens] + (hyphen + UNITS[ones] if ones else ""))
    elif rest:
        words.append(UNITS[rest])
    return joint.join(words)


def spell(value: int, *, hyphen: str = "-", joint: str = " and ") -> str:
    """Spell a number up to 999,999,999,999 as an English writer would."""
    if value == 0:
        return "zero"
    parts = []
    for size, name in MAGNITUDES:
        count, value = divmod(value, size)
        if count:
            parts.append(f"{below_thousand(count, hyphen=hyphen, joint=joint)} {name}")
    if value:
        last = below_thousand(value, hyphen=hyphen, joint=joint)
        glue = "and " if joint == " and " and parts and value < 100 else ""
        parts.append(glue + last)
    return " ".join(parts)


def with_magnitude(value: int) -> str | None:
    """Write "1.2 million" where that is exact, None otherwise."""
    for size, name in MAGNITUDES:
        if value >= size and value * 1000 % size == 0:
            return f"{Decimal(value) / size:f} {name}"
    return None


WRITERS: dict[str, Callable[[int], str]] = {
    "hyphen and": lambda value: spell(value),
    "blanks": lambda value: spell(value, hyphen=" ", joint=" "),
    "American": lambda value: spell(value, joint=" "),
    "capital": lambda value: spell(value).capitalize(),
    "commas": lambda value: f"{value:,}",
    "thin blanks": lambda value: f"{value:,}".replace(",", "\u202f"),
    "magnitude": lambda value: with_magnitude(value) or f"{value:,}",
}
NUMBERS = st.one_of(
    st.integers(0, 10**12 - 1),
    st.integers(0, 2000),
    st.integers(1, 999).map(lambda n: n * 1000),
    st.integers(1, 9999).map(lambda n: n * 100_000),
)
WRITER = st.sampled_from(sorted(WRITERS))


@given(
    value=NUMBERS,
    writer=WRITER,
    bound=st.sampled_from(sorted(BOUNDS)),
    rate=st.sampled_from(sorted(RATES)),
)
def test_any_number_is_read_back(value: int, writer: str, bound: str, rate: str) -> None:
    written = WRITERS[writer](value)
    text = f"They sent {bound}{written}{rate}."
    found = find_numbers(text)
    assert [text[m.start : m.end] for m in found] == [f"{bound}{written}{rate}"]
    mention = found[0]
    ends, approx = BOUNDS[bound]
    assert mention.low == (None if ends == "high" else value)
    assert mention.high == (None if ends == "low" else value)
    assert (mention.approx, mention.per, mention.kind) == (approx, RATES[rate], "cardinal")
    assert text[mention.core_start : mention.core_end] == written
    assert mention.bounded == (ends != "both")


@given(low=NUMBERS, more=st.integers(1, 10**9), writer=WRITER, between=st.booleans())
def test_any_range_is_read_back(low: int, more: int, writer: str, *, between: bool) -> None:
    write = WRITERS[writer]
    high = low + more
    first, second = write(low), write(high)
    # "one to three thousand" is 1,000 to 3,000: a small figure borrows the magnitude.
    assume(writer in {"commas", "thin blanks"} or low >= 1000 or high < 100)
    text = (
        f"They sent between {first} and {second}." if between else f"They sent {first} to {second}."
    )
    found = find_numbers(text)
    assert [(m.low, m.high, m.bounded) for m in found] == [(low, high, True)]


SCRAPS = """the army of Norway has handed over tanks, in Kyiv. shells \u201cwhich\u201d were
\u2013 bought; to a month and Leopard 2 more than of 14 $5 \xa3 3.5 million at least some ( ) ' - up
hundreds thousands twenty one half dozen per cent 2023 March several , . | % 155mm between two"""
PROSE = st.lists(
    st.sampled_from([scrap.replace("|", "\n\n") for scrap in re.split(r"\s", SCRAPS)]), max_size=40
).map(" ".join)


def check_shape(text: str, mentions: list[NumberMention]) -> None:
    for mention in mentions:
        assert (
            0 <= mention.start <= mention.core_start < mention.core_end <= mention.end <= len(text)
        )
        assert mention.low is not None or mention.high is not None
        if mention.low is not None and mention.high is not None:
            assert 0 <= mention.low <= mention.high
    assert all(one.end <= other.start for one, other in pairwise(mentions))


@given(text=st.one_of(PROSE, st.text(max_size=200)))
def test_mentions_are_sorted_slices_without_overlap(text: str) -> None:
    check_shape(text, find_numbers(text))
    rates = find_rates(text)
    assert all(one.end <= other.start for one, other in pairwise(rates))


@given(
    before=st.sampled_from(["", "Oslo said so. ", "İstanbul, Łódź — “ok”\n\n", "Ships sail. "]),
    after=st.sampled_from(["", " It ended.", "\n\nNext 3 lines.", " ß ﬁ İ"]),
    value=NUMBERS,
    writer=WRITER,
)
def test_text_around_does_not_change_a_number(
    before: str, after: str, value: int, writer: str
) -> None:
    sentence = f"He counted {WRITERS[writer](value)} crates."
    alone = find_numbers(sentence)
    text = before + sentence + after
    inside = [m for m in find_numbers(text) if len(before) <= m.start < len(before) + len(sentence)]
    assert [(m.start - len(before), m.end - len(before), m.low, m.high) for m in inside] == [
        (m.start, m.end, m.low, m.high) for m in alone
    ]
    assert len(alone) == 1


@given(text=PROSE, cut=st.integers(0, 100), width=st.integers(1, 30))
def test_excluded_spans_hold_no_number(text: str, cut: int, width: int) -> None:
    span = (cut, cut + width)
    for mention in find_numbers(text, exclude=[span]):
        assert mention.core_end <= span[0] or mention.core_start >= span[1]


@given(low=st.integers(1, 99), more=st.integers(1, 99), size=st.sampled_from(MAGNITUDES))
def test_the_lower_end_borrows_the_magnitude(low: int, more: int, size: tuple[int, str]) -> None:
    unit, name = size
    for write in (str, spell):
        (mention,) = find_numbers(f"They sent {write(low)} to {write(low + more)} {name} of them.")
        assert (mention.low, mention.high) == (low * unit, (low + more) * unit)


def test_a_range_of_days_or_models_is_no_quantity() -> None:
    text = "in 14 to 20 days, 9 to 11 a.m., 5-10 km away, two or three weeks, Leopard 1 or 2"
    assert find_numbers(text) == []


def test_no_model_name_or_calibre_is_a_number() -> None:
    text = "Leopard 2A4, F-16AM, S-300PMU, M777, T-72B3, 2S19, 155mm, 155-mm, 7.62x39mm, AIM-120C-7"
    assert find_numbers(text) == []


HOSTILE = {
    "digits": "1" * 1_000_000,
    "commas": "1,000" * 200_000,
    "number words": "one hundred and " * 20_000,
    "hyphens": "twenty-" * 142_857,
    "qualifiers": "up to about " * 83_333,
    "ranges": "1-2 to " * 20_000,
    "blanks": "1" + " " * 999_998 + "2",
    "brackets": "(1" * 50_000,
    "plus": "+1 " * 33_333,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_text_takes_linear_time(name: str) -> None:
    text = HOSTILE[name]
    begun = time.process_time()
    find_numbers(text)
    find_rates(text)
    assert time.process_time() - begun < 20


@settings(max_examples=30)
@given(
    value=st.integers(1, 999), size=st.sampled_from(["hundred", "thousand", "million", "billion"])
)
def test_a_fraction_of_a_magnitude_is_exact(value: int, size: str) -> None:
    sizes = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
    (mention,) = find_numbers(f"They sent {value / 10} {size} shells")
    assert mention.low == pytest.approx(value * sizes[size] / 10)
    assert mention.low is not None
    assert mention.low == round(mention.low, 6)
