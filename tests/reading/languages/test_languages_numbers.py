"""Numbers of other languages: words and back, separators, bounds, ranges, approximations."""

from __future__ import annotations

import itertools

import pytest
from language_numerals import SPELLERS

from pledgebook.reading.languages.numbers import numerals
from pledgebook.reading.languages.tables import READ
from pledgebook.reading.languages.tokens import tokens_of
from pledgebook.reading.quantities.numbers import NumberMention
from pledgebook.reading.text.wording import table


def numbers(lang: str, text: str) -> list[NumberMention]:
    elided = frozenset(table("language.toml", lang)["elided"])
    tokens = tokens_of(text, elided)
    known = numerals(lang)
    return known.mentions(tokens, known.figures(tokens))


@pytest.mark.parametrize("lang", READ)
def test_words_and_back(lang: str) -> None:
    spell = SPELLERS[lang]
    wrong = []
    for number in range(10_000):
        found = numbers(lang, spell(number))
        if [(one.low, one.high) for one in found] != [(number, number)]:
            wrong.append((number, spell(number), [one.low for one in found]))
    assert wrong == []


@pytest.mark.parametrize("lang", READ)
def test_thousands_in_words(lang: str) -> None:
    spell = SPELLERS[lang]
    for number in (10_000, 21_000, 45_300, 99_999, 100_000, 250_000, 700_725, 999_999):
        assert [one.low for one in numbers(lang, spell(number))] == [number], spell(number)


@pytest.mark.parametrize(
    ("lang", "text", "low", "high", "approx"),
    [
        ("de", "16.500 Granaten", 16500, 16500, False),
        ("de", "1\u202f200 Granaten", 1200, 1200, False),
        ("de", "2,5 Millionen Granaten", 2.5e6, 2.5e6, False),
        ("de", "bis zu 18 Panzer", None, 18, False),
        ("de", "mehr als 100 Panzer", 100, None, False),
        ("de", "mindestens vierzig Panzer", 40, None, False),
        ("de", "rund 7.000 Granaten", 7000, 7000, True),
        ("de", "zwischen 14 und 20 Panzer", 14, 20, False),
        ("de", "10 bis 11 Millionen Schuss", 10e6, 11e6, False),
        ("de", "14-20 Panzer", 14, 20, False),
        ("de", "Dutzende Panzer", 24, 99, True),
        ("de", "Hunderte Panzer", 100, 999, True),
        ("de", "Zehntausende Granaten", 10000, 99999, True),
        ("de", "anderthalb Millionen Schuss", 1.5e6, 1.5e6, False),
        ("de", "den Vertrag über 54 Panzer", 54, 54, False),
        ("fr", "1 200 obus", 1200, 1200, False),
        ("fr", "1\u00a0200\u00a0obus", 1200, 1200, False),
        ("fr", "30 000 militaires", 30000, 30000, False),
        ("fr", "2,5 millions d’obus", 2.5e6, 2.5e6, False),
        ("fr", "jusqu’à 18 chars", None, 18, False),
        ("fr", "plus de 100 chars", 100, None, False),
        ("fr", "au moins quarante chars", 40, None, False),
        ("fr", "près de 7 000 obus", 7000, 7000, True),
        ("fr", "entre 14 et 20 chars", 14, 20, False),
        ("fr", "de 14 à 20 chars", 14, 20, False),
        ("fr", "une vingtaine de chars", 20, 20, True),
        ("fr", "une centaine de chars", 100, 100, True),
        ("fr", "des dizaines de chars", 24, 99, True),
        ("fr", "des centaines d’obus", 100, 999, True),
        ("fr", "des dizaines de milliers d'obus", 10000, 99999, True),
        ("uk", "16 500 снарядів", 16500, 16500, False),
        ("uk", "2,5 мільйона снарядів", 2.5e6, 2.5e6, False),
        ("uk", "до 18 танків", None, 18, False),
        ("uk", "понад 100 танків", 100, None, False),
        ("uk", "щонайменше сорок танків", 40, None, False),
        ("uk", "близько семи тисяч снарядів", 7000, 7000, True),
        ("uk", "від 14 до 20 танків", 14, 20, False),
        ("uk", "10–12 танків", 10, 12, False),
        ("uk", "двадцяти п’яти танків", 25, 25, False),
        ("uk", "двадцяти пʼяти танків", 25, 25, False),
        ("uk", "десятки танків", 24, 99, True),
        ("uk", "сотні танків", 100, 999, True),
        ("uk", "десятки тисяч снарядів", 10000, 99999, True),
        ("uk", "півтора мільйона снарядів", 1.5e6, 1.5e6, False),
        ("uk", "5 тис. снарядів", 5000, 5000, False),
    ],
)
def test_bounds_and_notations(
    lang: str, text: str, low: float | None, high: float | None, approx: bool
) -> None:
    assert [(n.low, n.high, n.approx) for n in numbers(lang, text)] == [(low, high, approx)]


@pytest.mark.parametrize(
    ("lang", "text"),
    [("de", "12 Prozent"), ("fr", "12 %"), ("fr", "12\u00a0%"), ("uk", "12 відсотків")],
)
def test_percentages(lang: str, text: str) -> None:
    assert [(n.low, n.kind) for n in numbers(lang, text)] == [(12, "percent")]


@pytest.mark.parametrize(
    ("lang", "text"), [("de", "weitere 20"), ("fr", "20 autres"), ("uk", "ще 20")]
)
def test_a_further_number(lang: str, text: str) -> None:
    assert [(n.low, n.further) for n in numbers(lang, text)] == [(20, True)]


def test_a_calibre_is_no_part_of_a_number() -> None:
    assert [n.low for n in numbers("fr", "10 000 155 mm")] == [10000, 155]


@pytest.mark.parametrize("lang", READ)
def test_mentions_are_slices_in_order(lang: str) -> None:
    text = " ".join(SPELLERS[lang](n) + "," for n in range(7, 4000, 311))
    found = numbers(lang, text)
    assert [n.low for n in found] == list(range(7, 4000, 311))
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
