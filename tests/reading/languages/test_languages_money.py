"""Amounts of money in other languages: signs, names, magnitudes, shared names, conversions."""

from __future__ import annotations

import pytest

from pledgebook.reading.languages.money import currencies
from pledgebook.reading.languages.numbers import numerals
from pledgebook.reading.languages.tokens import tokens_of
from pledgebook.reading.quantities.money import MoneyMention
from pledgebook.reading.text.wording import table


def money(lang: str, text: str) -> list[MoneyMention]:
    tokens = tokens_of(text, frozenset(table("language.toml", lang)["elided"]))
    return currencies(lang).mentions(tokens, numerals(lang).figures(tokens))[0]


@pytest.mark.parametrize(
    ("lang", "text", "low", "high", "currency"),
    [
        ("de", "600 Millionen Euro", 600e6, 600e6, "EUR"),
        ("de", "1,2 Mrd. US-Dollar", 1.2e9, 1.2e9, "USD"),
        ("de", "rund 2,5 Mio. €", 2.5e6, 2.5e6, "EUR"),
        ("de", "mehr als eine Milliarde Euro", 1e9, None, "EUR"),
        ("de", "bis zu 20 Millionen Schweizer Franken", None, 20e6, "CHF"),
        ("de", "250 Millionen norwegische Kronen", 250e6, 250e6, "NOK"),
        ("de", "Dänemark gibt 300 Millionen Kronen", 300e6, 300e6, "DKK"),
        ("de", "zehn bis zwölf Milliarden Euro", 10e9, 12e9, "EUR"),
        ("de", "€ 40 Millionen", 40e6, 40e6, "EUR"),
        ("fr", "1,7 milliard d’euros", 1.7e9, 1.7e9, "EUR"),
        ("fr", "300 M€", 300e6, 300e6, "EUR"),
        ("fr", "2,5 Md€", 2.5e9, 2.5e9, "EUR"),
        ("fr", "plus d'un milliard de dollars", 1e9, None, "USD"),
        ("fr", "2,4 milliards de dollars canadiens", 2.4e9, 2.4e9, "CAD"),
        ("fr", "75 milliards de couronnes norvégiennes", 75e9, 75e9, "NOK"),
        ("fr", "1\u202f200\u202f000 euros", 1.2e6, 1.2e6, "EUR"),
        ("fr", "une centaine de millions d’euros", 100e6, 100e6, "EUR"),
        ("uk", "500 млн доларів США", 500e6, 500e6, "USD"),
        ("uk", "понад 1,5 мільярда євро", 1.5e9, None, "EUR"),
        ("uk", "близько 400 млн грн", 400e6, 400e6, "UAH"),
        ("uk", "100 мільйонів гривень", 100e6, 100e6, "UAH"),
        ("uk", "4,3 мільярда шведських крон", 4.3e9, 4.3e9, "SEK"),
        ("uk", "500 мільйонів канадських доларів", 500e6, 500e6, "CAD"),
        ("uk", "$40 млн", 40e6, 40e6, "USD"),
    ],
)
def test_amounts(
    lang: str, text: str, low: float | None, high: float | None, currency: str
) -> None:
    found = money(lang, text)
    assert [(m.low, m.high, m.currency) for m in found] == [
        (pytest.approx(low) if low else None, pytest.approx(high) if high else None, currency)
    ]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "250 Millionen norwegische Kronen (24 Millionen Euro)"),
        ("fr", "250 millions de couronnes norvégiennes (environ 24 millions d'euros)"),
        ("uk", "250 мільйонів норвезьких крон (близько 24 млн євро)"),
    ],
)
def test_conversions_are_marked(lang: str, text: str) -> None:
    assert [(m.currency, m.converted) for m in money(lang, text)] == [("NOK", False), ("EUR", True)]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "50 Milliarden Euro, davon 33 Milliarden für Kredite"),
        ("fr", "50 milliards d’euros, dont 33 milliards pour des prêts"),
        ("uk", "50 млрд євро, з них 33 млрд на кредити"),
    ],
)
def test_a_currency_carries_to_a_bare_amount(lang: str, text: str) -> None:
    assert [(m.low, m.currency) for m in money(lang, text)] == [(50e9, "EUR"), (33e9, "EUR")]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "14 Panzer und 2 Millionen Schuss"),
        ("fr", "2 millions d’obus"),
        ("uk", "2 млн дронів"),
    ],
)
def test_counts_of_things_are_no_money(lang: str, text: str) -> None:
    assert money(lang, text) == []
