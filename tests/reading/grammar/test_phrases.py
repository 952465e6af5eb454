"""A table of phrases with what must be found in each: numbers, money, dates and rates."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from pledgebook.reading.quantities.dates import find_dates
from pledgebook.reading.quantities.money import find_money
from pledgebook.reading.quantities.numbers import find_numbers, find_rates

LINES = Path(__file__).with_name("phrases.jsonl").read_text("utf-8").splitlines()
PHRASES: list[dict[str, Any]] = [json.loads(line) for line in LINES]
NUMBER = {"approx": False, "per": None, "kind": "cardinal", "bounded": False, "further": False}
MONEY = {"approx": False, "per": None, "converted": False, "further": False}


def found_in(phrase: dict[str, Any]) -> list[dict[str, Any]]:
    """Run the finder that the phrase names, and keep the fields that its expectation tells."""
    text = phrase["text"]
    mentions: list[Any]
    match phrase["find"]:
        case "numbers":
            mentions, names = list(find_numbers(text)), ["low", "high", *NUMBER]
        case "money":
            mentions = list(find_money(text, **phrase.get("options", {})))
            names = ["low", "high", "currency", *MONEY]
        case "dates":
            anchor = phrase["anchor"] and dt.date.fromisoformat(phrase["anchor"])
            mentions, names = list(find_dates(text, anchor)), ["when", "relation"]
        case _:
            mentions, names = list(find_rates(text)), ["per", "factor"]
    return [
        {"span": text[mention.start : mention.end]}
        | {name: getattr(mention, name) for name in names}
        for mention in mentions
    ]


@pytest.mark.parametrize(
    "phrase", PHRASES, ids=lambda phrase: f"{phrase['find']}: {phrase['text']}"
)
def test_phrase(phrase: dict[str, Any]) -> None:
    found = found_in(phrase)
    defaults = {"numbers": NUMBER, "money": MONEY}.get(phrase["find"], {})
    expected = [defaults | mention for mention in phrase["expect"]]
    if phrase["find"] == "dates":
        # The relation is compared where the table gives one.
        for mention, wanted in zip(found, expected, strict=False):
            if "relation" not in wanted:
                del mention["relation"]
    assert found == expected


def test_the_table_is_large_and_has_no_double() -> None:
    assert len(PHRASES) >= 200
    assert len({json.dumps(phrase, sort_keys=True) for phrase in PHRASES}) == len(PHRASES)
