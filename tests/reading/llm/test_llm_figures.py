"""Numbers count as said where they are read from the words, and where the book allows more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.reading.llm.figures import Figures, figures_in
from pledgebook.reading.text.mentions import finder
from pledgebook.vocabulary.catalogue import load_catalogue

CATALOGUE = load_catalogue()


def said(text: str, evidence: str, *ends: float | None, unit: str = "item") -> str | None:
    """Return where a figure is said: "" in the evidence, the words outside it, None nowhere."""
    _, items = finder(CATALOGUE).find(text)
    figures = Figures(text, [(item.start, item.end) for item in items])
    start = text.index(evidence)
    found = figures.said(ends, start, start + len(evidence), unit=unit)
    if found is None:
        return None
    return text[found.ground[0] : found.ground[1]] if found.ground else ""


@pytest.mark.parametrize(
    ("evidence", "ends"),
    [
        ("eight tanks", (8, 8)),
        ("14 to 20 tanks", (14, 20)),
        ("up to four tanks", (None, 4)),
        ("dozens of tanks", (24, 99)),
        ("tens of thousands of shells", (10000, 99999)),
        ("NOK 250 million", (250_000_000, 250_000_000)),
        ("about $4.2bn", (4.2e9, 4.2e9)),
        ("10 to 11 million euros", (10e6, 11e6)),
        ("a Patriot battery", (1, 1)),
    ],
)
def test_what_stands_in_the_evidence_is_said(
    evidence: str, ends: tuple[float | None, float]
) -> None:
    assert said(f"Norway gives {evidence} now.", evidence, *ends) == ""


@pytest.mark.parametrize(
    ("evidence", "ends"),
    [
        ("eight tanks", (9, 9)),
        ("eight tanks", (8, 80)),
        ("several tanks", (5, 5)),
        ("twice that many tanks", (16, 16)),
        ("155mm shells", (156, 156)),
        ("$4.2bn", (4.2e6, 4.2e6)),
    ],
)
def test_what_does_not_stand_there_is_not(evidence: str, ends: tuple[float, float]) -> None:
    assert said(f"Norway gives {evidence} now.", evidence, *ends) is None


def test_a_share_is_said_in_words() -> None:
    assert said("It holds a quarter of them.", "a quarter of them", 25, 25, unit="percent") == ""
    assert said("It holds a quarter of them.", "a quarter of them", 25, 25) is None
    assert said("It holds a quarter of them.", "a quarter of them", 30, 30, unit="percent") is None


def test_the_magnitude_of_a_table_may_stand_over_it() -> None:
    text = "Pledges, USD million\n\nNetherlands    577\nDenmark    500\n"
    assert said(text, "Netherlands    577", 577e6, 577e6) == "million"
    assert said(text, "Netherlands    577", 577e9, 577e9) is None
    assert said(text.replace("million", "dollars"), "Netherlands    577", 577e6, 577e6) is None


def test_evidence_without_a_figure_takes_one_up_from_before_it() -> None:
    text = "Poland bought 18 howitzers. They left last week. Then 40 tanks came."
    assert said(text, "They left last week", 18, 18) == "18"
    assert said(text, "They left last week", 40, 40) is None
    far = "Poland bought 18 howitzers. " + "Nothing came of it. " * 60 + "They left last week."
    assert said(far, "They left last week", 18, 18) is None


def test_evidence_with_a_figure_of_its_own_takes_none_up() -> None:
    text = "Poland bought 18 howitzers. Then five tanks left last week."
    assert said(text, "five tanks left", 18, 18) is None


def test_the_head_of_a_list_lends_its_figure() -> None:
    text = "Each of the following got 30 trucks:\n- the north\n- the south\n"
    assert said(text, "the south", 30, 30) == "30"


@pytest.mark.parametrize(
    ("text", "currency", "is_it"),
    [
        ("It gave $5 million.", "USD", True),
        ("It gave $5 million.", "CAD", True),
        ("It gave $5 million.", "EUR", False),
        ("It gave 5 million euros.", "USD", False),
        ("It gave 5 million, in euros.", "EUR", True),
        ("It gave 5 million kroner.", "DKK", True),
        ("It gave 5 million kroner.", "GBP", False),
        ("It gave 5 million.", "EUR", False),
        ("Amounts in SEK. It gave 5 million.", "SEK", True),
        ("It gave 5 million manats.", "AZN", True),
    ],
)
def test_a_currency_is_that_of_the_amount(text: str, currency: str, is_it: bool) -> None:
    figures = Figures(text, [])
    start = text.index("It gave")
    assert figures.currency(currency, (5e6, 5e6), start, len(text)) is is_it


@given(st.integers(2, 10**8), st.integers(2, 10**8))
def test_no_figure_is_said_but_the_one_that_stands_there(number: int, other: int) -> None:
    text = f"Norway sent {number} shells"
    assert (said(text, text, number, number) == "") is True
    values = {figure.value for figure in figures_in(text)}
    assert (said(text, text, other, other) is not None) is (other in values)
