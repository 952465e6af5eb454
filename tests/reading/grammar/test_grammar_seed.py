"""The document that the project began with, where the shared corpus is at hand."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from coding import read

from pledgebook.vocabulary.statement import Statement, Status

ROOT = Path(__file__).resolve().parents[3]
SEED = (
    Path(os.environ.get("PLEDGEBOOK_CORPUS", str(ROOT.parent / "shared" / "corpus")))
    / "seed-2023-02-14.txt"
)

pytestmark = pytest.mark.skipif(not SEED.is_file(), reason="the shared corpus is not here")


@pytest.fixture(scope="module")
def found() -> list[Statement]:
    return read(SEED.read_text("utf-8"), "2023-02-14")


def named(statement: Statement) -> tuple[str, str, str, str | None]:
    """Return kind, actors, category and designation."""
    item = statement.item
    return statement.kind.value, " ".join(statement.actors), item.category.value, item.designation


def norway(one: Statement) -> bool:
    quantity = one.quantity
    eight = quantity is not None and quantity.low == quantity.high == 8
    return named(one) == ("pledge", "NOR", "tank", "Leopard 2") and eight and one.recipient == "UKR"


def germany(one: Statement) -> bool:
    return (
        named(one) == ("contract", "DEU", "ammunition", "Gepard") and one.supplier == "Rheinmetall"
    )


def france_and_australia(one: Statement) -> bool:
    kind, actors, category, designation = named(one)
    return (kind, actors, designation) == ("contract", "AUS FRA", "155mm") and (
        category == "artillery-ammunition"
    )


def britain(one: Statement) -> bool:
    return named(one)[:2] == ("training", "GBR") and one.recipient == "UKR"


def asked_for_f16(one: Statement) -> bool:
    return named(one) == ("request", "UKR", "aircraft", "F-16")


def asked_for_jets(one: Statement) -> bool:
    return named(one)[:3] == ("request", "UKR", "aircraft") and "Zelensky" in one.evidence.quote


def jets_put_off(one: Statement) -> bool:
    return named(one)[:3] == ("refusal", "USA", "aircraft")


def used_above_output(one: Statement) -> bool:
    return one.kind == "expenditure" and "rate of expenditure" in one.evidence.quote


def fired_by_the_thousands(one: Statement) -> bool:
    quantity = one.quantity
    return (
        named(one) == ("expenditure", "UKR", "artillery-ammunition", "155mm")
        and quantity is not None
        and (quantity.low, quantity.high, quantity.per) == (1000, 9999, "day")
    )


WANTED: list[Callable[[Statement], bool]] = [
    norway,
    germany,
    france_and_australia,
    britain,
    asked_for_f16,
    asked_for_jets,
    jets_put_off,
    used_above_output,
    fired_by_the_thousands,
]


@pytest.mark.parametrize("wanted", WANTED, ids=lambda wanted: wanted.__name__)
def test_what_the_seed_document_states(
    found: list[Statement], wanted: Callable[[Statement], bool]
) -> None:
    assert [one for one in found if wanted(one)], "\n".join(
        f"{named(one)} {one.evidence.quote!r}" for one in found
    )


def test_what_is_done_is_firm(found: list[Statement]) -> None:
    firm = [norway, germany, france_and_australia, britain]
    statuses = {one.status for one in found for wanted in firm if wanted(one)}
    assert statuses == {Status.FIRM}


@pytest.mark.parametrize(
    "battle",
    [
        r"devastated city of Bakhmut\.",
        r"a number of new troops",
        r"casualty rate",
        r"counter-offensive in the spring",
        r"heavy outgoing artillery fire",
        r"house-to-house",
        r"meat grinder is working",
    ],
)
def test_nothing_is_read_from_battle_and_casualties(found: list[Statement], battle: str) -> None:
    text = SEED.read_text("utf-8")
    place = re.search(battle, text)
    assert place is not None
    assert [
        one.evidence.quote
        for one in found
        if one.evidence.start < place.end() and place.start() < one.evidence.end
    ] == []


def test_only_the_parties_of_the_document_act(found: list[Statement]) -> None:
    codes = {code for one in found for code in one.actors}
    assert codes <= {
        "ALLIES", "AUS", "DEU", "FRA", "GBR", "NATO", "NLD", "NOR", "RUS", "UKR", "USA", "UDCG",
    }  # fmt: skip
