from __future__ import annotations

from typing import Any

import pytest

from making import Said, report
from pledgebook.cli.corrections import parse_changes, unknown_parties
from pledgebook.errors import UsageError
from pledgebook.ledger.judgements import corrected
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category, Statement

CATALOGUE = load_catalogue()


def statement(**fields: Any) -> Statement:  # noqa: ANN401
    return report(Said("Norway will send eight tanks", **fields)).statements[0]


@pytest.mark.parametrize(
    ("typed", "low", "high", "approx"),
    [
        ("8", 8, 8, False),
        ("14-20", 14, 20, False),
        ("14..20", 14, 20, False),
        ("<=4", None, 4, False),
        (">= 100", 100, None, False),
        ("~7,000", 7000, 7000, True),
        ("1.5", 1.5, 1.5, False),
    ],
)
def test_quantities(typed: str, low: float | None, high: float | None, approx: bool) -> None:
    before = statement(quantity=8)
    changes = parse_changes([f"quantity={typed}"], before, CATALOGUE)
    quantity = corrected(before, changes).quantity
    assert quantity is not None
    assert (quantity.low, quantity.high, quantity.approx) == (low, high, approx)
    assert quantity.unit == "item"


def test_units_are_kept_or_named() -> None:
    shells = statement(quantity=8, unit="round", category=Category.ARTILLERY_AMMUNITION)
    kept = corrected(shells, parse_changes(["quantity=9"], shells, CATALOGUE))
    assert kept.quantity is not None
    assert kept.quantity.unit == "round"
    named = corrected(shells, parse_changes(["quantity=9 tonnes a month"], shells, CATALOGUE))
    assert named.quantity is not None
    assert (named.quantity.unit, named.quantity.per) == ("tonne", "month")
    unsized = statement(category=Category.ARTILLERY_AMMUNITION)
    default = corrected(unsized, parse_changes(["quantity=9"], unsized, CATALOGUE))
    assert default.quantity is not None
    assert default.quantity.unit == "round"


@pytest.mark.parametrize("typed", ["200000000 EUR", "EUR 200,000,000", "eur 200000000"])
def test_money(typed: str) -> None:
    before = statement()
    money = corrected(before, parse_changes([f"money={typed}"], before, CATALOGUE)).money
    assert money is not None
    assert (money.low, money.high, money.currency) == (2e8, 2e8, "EUR")


@pytest.mark.parametrize(
    ("typed", "category", "designation"),
    [
        ("tank/Leopard 1", "tank", "Leopard 1"),
        ("drone/", "drone", None),
        ("F-16", "aircraft", "F-16"),
        ("medical", "medical", None),
        ("Zorble", "tank", "Zorble"),
    ],
)
def test_items(typed: str, category: str, designation: str | None) -> None:
    before = statement()
    item = corrected(before, parse_changes([f"item={typed}"], before, CATALOGUE)).item
    assert (item.category.value, item.designation) == (category, designation)


def test_parties_and_the_rest() -> None:
    before = statement(when="2023")
    typed = ["actors=Sweden, NOR", "recipient=Poland", "when=", "status=tentative", "speaker=A B"]
    after = corrected(before, parse_changes(typed, before, CATALOGUE))
    assert after.actors == ("NOR", "SWE")
    assert (after.recipient, after.when, after.status, after.speaker) == (
        "POL",
        None,
        "tentative",
        "A B",
    )


@pytest.mark.parametrize(
    "typed",
    [
        "quantity",
        "quantity=many",
        "quantity=<=4-8",
        "quantity=8 zorbles",
        "money=5",
        "money=lots EUR",
        "kind=gift",
        "evidence=other words",
        "quantity=9-3",
    ],
)
def test_what_makes_no_sense_is_refused(typed: str) -> None:
    before = statement()
    with pytest.raises(UsageError):
        corrected(before, parse_changes([typed], before, CATALOGUE))


def test_only_statements_are_corrected() -> None:
    with pytest.raises(UsageError, match="only a statement"):
        parse_changes(["quantity=8"], None, CATALOGUE)


def test_a_date_is_one_that_the_calendar_has() -> None:
    for typed in ("2023-02-14", "2023-02", "2023", "2023-03/2023-05"):
        assert parse_changes([f"when={typed}"], statement(), CATALOGUE) == {"when": typed}
    for typed in ("2023-15", "2023-02-30", "soon", "2023-05/2023-03"):
        with pytest.raises(UsageError, match="is no date or period"):
            parse_changes([f"when={typed}"], statement(), CATALOGUE)


def test_a_party_that_is_not_known_is_told_with_the_nearest() -> None:
    changes = parse_changes(["actors=Norway,Swedn", "recipient=UKR"], statement(), CATALOGUE)
    [told] = unknown_parties(changes, CATALOGUE)
    assert told.startswith("'Swedn' is in no catalogue and stands as it is written")
    assert "did you mean SWE (Sweden)?" in told
    assert unknown_parties(parse_changes(["quantity=8"], statement(), CATALOGUE), CATALOGUE) == []
