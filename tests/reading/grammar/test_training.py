"""Training: who is trained by whom, and how many."""

from __future__ import annotations

import pytest
from coding import Coded, codings, said, units

from pledgebook.reading.grammar.predicates import find_predicates
from pledgebook.reading.grammar.training import training_anchor

TANKS = "Britain will send 14 Challenger 2 tanks to Ukraine."
SENT = Coded("pledge", "GBR", "tank: Challenger 2", 14, to="UKR")


def trained(text: str) -> tuple[str, float | None] | None:
    """Return the words of the anchor of the first predicate of training, and its low end."""
    found = units(text)
    predicate = next(p for p in find_predicates(found) if p.family == "train")
    anchor = training_anchor(found, predicate)
    if anchor is None:
        return None
    number = anchor.number
    return said(found, anchor.first, anchor.last), number.low if number is not None else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Britain will train 200 soldiers.", ("200 soldiers", 200)),
        ("Britain will train 200 Ukrainian soldiers.", ("200 Ukrainian soldiers", 200)),
        (
            "More than 11,000 recruits were trained by Britain.",
            ("More than 11,000 recruits", 11000),
        ),
        ("Britain will train pilots.", ("train", None)),
        ("Britain will train 20 dogs.", None),
    ],
)
def test_who_is_trained(text: str, expected: tuple[str, float | None] | None) -> None:
    assert trained(text) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Britain will train 200 Ukrainian soldiers.",
            Coded("training", "GBR", "training-service", 200, "person", to="UKR"),
        ),
        (
            "It will train up to 200 Ukrainian soldiers.",
            Coded("training", "GBR", "training-service", (None, 200), "person", to="UKR"),
        ),
        (
            "Britain will train Ukrainian pilots.",
            Coded("training", "GBR", "training-service", to="UKR"),
        ),
        (
            "Britain could train 200 Ukrainian soldiers.",
            Coded(
                "training", "GBR", "training-service", 200, "person", to="UKR", status="tentative"
            ),
        ),
        (
            "Britain has trained 10,000 Ukrainian soldiers.",
            Coded("training", "GBR", "training-service", 10000, "person", to="UKR", scope="total"),
        ),
        (
            "Britain will not train Ukrainian pilots.",
            Coded("refusal", "GBR", "training-service", to="UKR"),
        ),
    ],
)
def test_training(sentence: str, expected: Coded) -> None:
    assert codings(f"{TANKS} {sentence}") == [SENT, expected]
