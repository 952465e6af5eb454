"""What could fill each field, and its features: the same width whatever it is."""

from __future__ import annotations

import pytest
from surveying import TEXT, surveyed

from pledgebook.reading.learned.amounts import Carried
from pledgebook.reading.learned.candidates import FIELDS, Fields
from pledgebook.reading.learned.spotting import spot_features
from pledgebook.reading.quantities.numbers import NumberMention


@pytest.mark.parametrize("name", FIELDS)
def test_every_candidate_of_a_field_is_described_alike(name: str) -> None:
    found = surveyed()
    fields = Fields(found)
    widths = {len(c.features) for spot in found.spots for c in FIELDS[name](fields, spot)}
    assert len(widths) == 1


@pytest.mark.parametrize("name", FIELDS)
def test_nothing_is_always_a_candidate_and_the_last(name: str) -> None:
    found = surveyed()
    fields = Fields(found)
    for spot in found.spots:
        assert FIELDS[name](fields, spot)[-1].value is None


def test_every_spot_is_described_alike() -> None:
    found = surveyed()
    seen: dict[object, int] = {}
    assert len({len(spot_features(found, spot, seen)) for spot in found.spots}) == 1


def test_parties_of_the_text_and_in_mind_are_candidates_once_each() -> None:
    found = surveyed()
    fields = Fields(found)
    [spot] = [s for s in found.spots if TEXT[s.start : s.end] == "14 armoured vehicles"]
    codes = [c.value for c in fields.parties(spot)]
    assert {"SWE", "MDA", "NOR", "ALLIES", None} <= set(codes)
    assert len(codes) == len(set(codes))


def test_a_bare_number_may_be_money_of_the_currency_named_before() -> None:
    found = surveyed()
    fields = Fields(found)
    [spot] = [s for s in found.spots if TEXT[s.start : s.end] == "sixty"]
    amounts = [c.value for c in fields.money(spot)]
    assert Carried(60e6, 60e6, "NOK") in amounts


def test_dates_are_worked_out_and_the_document_has_its_own() -> None:
    found = surveyed()
    fields = Fields(found)
    [spot] = [s for s in found.spots if TEXT[s.start : s.end] == "14 armoured vehicles"]
    dates = {c.value for c in fields.dates(spot)}
    assert {"2024-06", "2024-03-04", None} <= dates


def test_numbers_of_the_sentence_are_candidates() -> None:
    found = surveyed()
    fields = Fields(found)
    [spot] = [s for s in found.spots if TEXT[s.start : s.end] == "14 armoured vehicles"]
    values = [c.value for c in fields.numbers(spot)]
    assert any(isinstance(v, NumberMention) and v.low == 14 for v in values)
    assert 1 in values
