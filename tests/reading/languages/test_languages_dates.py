"""Dates of other languages, read against a Monday in February."""

# ruff: noqa: RUF001 - Ukrainian letters

from __future__ import annotations

import datetime as dt

import pytest

from pledgebook.reading.languages.dates import calendar_of
from pledgebook.reading.languages.numbers import numerals
from pledgebook.reading.languages.tokens import tokens_of
from pledgebook.reading.text.wording import table

MONDAY = dt.date(2023, 2, 20)


def dates(lang: str, text: str, anchor: dt.date | None = MONDAY) -> list[tuple[str, str | None]]:
    tokens = tokens_of(text, frozenset(table("language.toml", lang)["elided"]))
    counts = {f.first: (f.last, f.low) for f in numerals(lang).figures(tokens)}
    found, _ = calendar_of(lang).mentions(tokens, anchor, counts)
    return [(one.when, one.relation) for one in found]


@pytest.mark.parametrize(
    ("lang", "text", "when", "relation"),
    [
        ("de", "am 14. Februar 2023", "2023-02-14", "on"),
        ("de", "14.02.2023", "2023-02-14", None),
        ("de", "2023-02-14", "2023-02-14", None),
        ("de", "im März", "2023-03", "in"),
        ("de", "bis Ende März", "2023-03", "by"),
        ("de", "im Frühjahr 2024", "2024-03/2024-05", "in"),
        ("de", "nächste Woche", "2023-02-27/2023-03-05", None),
        ("de", "im kommenden Jahr", "2024", "in"),
        ("de", "vor zwei Monaten", "2022-12", None),
        ("de", "gestern", "2023-02-19", None),
        ("de", "am Donnerstag", "2023-02-16", "on"),
        ("de", "bis Jahresende", "2023-12", "by"),
        ("de", "seit Februar 2022", "2022-02/2023-02", "since"),
        ("de", "im ersten Quartal 2024", "2024-01/2024-03", "in"),
        ("de", "bis 2025", "2025", "by"),
        ("fr", "le 14 février 2023", "2023-02-14", "on"),
        ("fr", "le 1er mars", "2023-03-01", "on"),
        ("fr", "en mars", "2023-03", "in"),
        ("fr", "d’ici à la fin mars", "2023-03", "by"),
        ("fr", "d'ici avril", "2023-04", "by"),
        ("fr", "fin 2024", "2024-12", None),
        ("fr", "la semaine prochaine", "2023-02-27/2023-03-05", None),
        ("fr", "l’an dernier", "2022", None),
        ("fr", "il y a deux mois", "2022-12", None),
        ("fr", "hier", "2023-02-19", None),
        ("fr", "depuis février 2022", "2022-02/2023-02", "since"),
        ("fr", "au premier trimestre 2024", "2024-01/2024-03", "in"),
        ("uk", "14 лютого 2023 року", "2023-02-14", None),
        ("uk", "у березні", "2023-03", "in"),
        ("uk", "до кінця березня", "2023-03", "by"),
        ("uk", "до кінця 2025 року", "2025-12", "by"),
        ("uk", "наступного тижня", "2023-02-27/2023-03-05", None),
        ("uk", "торік", "2022", None),
        ("uk", "вчора", "2023-02-19", None),
        ("uk", "у четвер", "2023-02-16", "in"),
        ("uk", "у 2024 році", "2024", "in"),
        ("uk", "через два місяці", "2023-04", None),
        ("uk", "у першому кварталі 2024 року", "2024-01/2024-03", "in"),
    ],
)
def test_dates(lang: str, text: str, when: str, relation: str | None) -> None:
    assert dates(lang, text) == [(when, relation)]


@pytest.mark.parametrize(
    ("lang", "text"), [("de", "nächste Woche"), ("fr", "en mars"), ("uk", "торік")]
)
def test_without_a_day_only_years_that_are_named_count(lang: str, text: str) -> None:
    assert dates(lang, text, None) == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [("de", "am 31. Juni"), ("fr", "le 31 juin"), ("uk", "31 червня"), ("de", "2000 Panzer"),
     ("fr", "sept obus"), ("uk", "2000 снарядів")],
)  # fmt: skip
def test_no_dates(lang: str, text: str) -> None:
    assert [when for when, _ in dates(lang, text) if len(when) != len("2023-06")] == []
