from __future__ import annotations

import json
import math
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pledgebook.vocabulary.statement import (
    Category,
    Evidence,
    Item,
    Kind,
    Money,
    Per,
    Quantity,
    Scope,
    Statement,
    Status,
)

NUMBERS = st.none() | st.floats(min_value=0, allow_nan=False, allow_infinity=False)

TEXT = (
    "Canada will send four Leopard 2A4 tanks to Ukraine, the minister said. Nammo is to make 500 "
    "shells a month. Norway gives NOK 250 million ($24.8 million)."
)
# Coded as the coding book says; `evidence` is the quoted piece.
CODED: list[dict[str, Any]] = [
    {
        "kind": "pledge",
        "actors": ["CAN"],
        "recipient": "UKR",
        "item": {"category": "tank", "designation": "Leopard 2A4"},
        "quantity": {"low": 4, "high": 4, "unit": "item", "per": None, "approx": False},
        "speaker": "minister",
        "evidence": "Canada will send four Leopard 2A4 tanks to Ukraine",
    },
    {
        "kind": "production",
        "status": "tentative",
        "actors": ["Nammo"],
        "item": {"category": "artillery-ammunition", "designation": None},
        "quantity": {"low": 500, "high": 500, "unit": "round", "per": "month", "approx": False},
        "supplier": "Nammo",
        "evidence": "Nammo is to make 500 shells a month",
    },
    {
        "kind": "pledge",
        "actors": ["NOR"],
        "item": {"category": "military-aid", "designation": None},
        "money": {"low": 250e6, "high": 250e6, "currency": "NOK"},
        "when": "2023-02/2023-05",
        "evidence": "Norway gives NOK 250 million",
    },
]


def evidence(quote: str = "Canada will send four") -> Evidence:
    start = TEXT.index(quote)
    return Evidence(document="d1", start=start, end=start + len(quote), quote=quote)


def with_evidence(coded: dict[str, Any]) -> dict[str, Any]:
    return {**coded, "evidence": evidence(coded["evidence"]).model_dump()}


@given(NUMBERS, NUMBERS)
def test_an_interval_is_ordered_and_never_empty(low: float | None, high: float | None) -> None:
    lawful = (low is not None or high is not None) and (low is None or high is None or low <= high)
    for make in (lambda: Quantity(low=low, high=high), lambda: money(low, high)):
        if lawful:
            made = make()
            assert (made.low, made.high) == (low, high)
        else:
            with pytest.raises(ValidationError):
                make()


def money(low: float | None, high: float | None) -> Money:
    return Money(low=low, high=high, currency="NOK")


@pytest.mark.parametrize("number", [-1, -0.001, math.inf, math.nan])
def test_an_end_is_a_finite_amount(number: float) -> None:
    with pytest.raises(ValidationError):
        Quantity(low=number)
    with pytest.raises(ValidationError):
        Money(high=number, currency="USD")


@pytest.mark.parametrize("currency", ["usd", "US", "DOLLAR", "", "$"])
def test_a_currency_is_a_code(currency: str) -> None:
    with pytest.raises(ValidationError):
        Money(low=1, high=1, currency=currency)


@given(st.integers(0, 1000), st.integers(0, 1000), st.text(max_size=20))
def test_a_quote_is_as_long_as_its_span(start: int, length: int, quote: str) -> None:
    lawful = length == len(quote) and quote != ""
    if lawful:
        made = Evidence(document="d", start=start, end=start + length, quote=quote)
        assert made.quote == quote
    else:
        with pytest.raises(ValidationError):
            Evidence(document="d", start=start, end=start + length, quote=quote)


def test_no_statement_without_evidence() -> None:
    with pytest.raises(ValidationError, match="evidence"):
        Statement.model_validate(
            {"kind": "pledge", "actors": ["NOR"], "item": {"category": "tank"}}
        )


@given(st.lists(st.sampled_from(["CAN", "DEU", "Nammo", "NOR"]), max_size=5))
def test_actors_are_sorted_and_named_once(actors: list[str]) -> None:
    def make() -> Statement:
        return Statement(
            kind=Kind.PLEDGE,
            actors=tuple(actors),
            item=Item(category=Category.TANK),
            evidence=evidence(),
        )

    if actors == sorted(set(actors)):
        assert list(make().actors) == actors
    else:
        with pytest.raises(ValidationError, match="sorted"):
            make()


@pytest.mark.parametrize(
    "when", ["14 February", "2023-2", "2023-02-14T10:00", "2023/", "/2023", ""]
)
def test_when_is_a_period(when: str) -> None:
    with pytest.raises(ValidationError):
        Statement.model_validate({**with_evidence(CODED[0]), "when": when})


def test_a_statement_is_frozen_and_takes_no_unknown_field() -> None:
    statement = Statement.model_validate(with_evidence(CODED[0]))
    with pytest.raises(ValidationError):
        statement.kind = Kind.REFUSAL
    with pytest.raises(ValidationError):
        Statement.model_validate({**with_evidence(CODED[0]), "colour": "red"})


@pytest.mark.parametrize("coded", CODED, ids=lambda coded: coded["evidence"][:20])
def test_json_schema_and_model_agree_on_coded_statements(coded: dict[str, Any]) -> None:
    schema = Statement.model_json_schema()
    raw = with_evidence(coded)
    jsonschema.validate(raw, schema)
    statement = Statement.model_validate_json(json.dumps(raw))
    jsonschema.validate(statement.model_dump(mode="json"), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**raw, "kind": "gift"}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**raw, "when": "soon"}, schema)


@pytest.mark.parametrize("coded", CODED, ids=lambda coded: coded["evidence"][:20])
def test_corpus_format_gives_back_what_was_coded(coded: dict[str, Any]) -> None:
    back = Statement.model_validate(with_evidence(coded)).to_corpus()
    filled = {
        **dict.fromkeys(("recipient", "quantity", "money", "when", "supplier", "speaker")),
        "status": "firm",
        "scope": "new",
        "commitment": None,
        **coded,
    }
    assert back == filled
    json.dumps(back)


def test_a_rate_of_money_is_kept() -> None:
    rate = Money(low=5e9, high=5e9, currency="USD", per=Per.MONTH)
    made = Statement(
        kind=Kind.EXPENDITURE,
        status=Status.FIRM,
        scope=Scope.TOTAL,
        actors=("UKR",),
        item=Item(category=Category.MILITARY_AID),
        money=rate,
        evidence=evidence(),
    )
    assert made.to_corpus()["money"] == {
        "low": 5e9, "high": 5e9, "currency": "USD", "per": "month",
    }  # fmt: skip


def test_the_categories_and_kinds_of_the_coding_book() -> None:
    assert len(Category) == 31
    assert len(Kind) == 9
