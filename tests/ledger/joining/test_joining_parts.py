"""What one document says of wholes and parts."""

from __future__ import annotations

from typing import Any

import pytest
from joining_rows import RULES, table_of

from making import Said, entries, report
from pledgebook.ledger.joining.parts import said_parts, sums
from pledgebook.ledger.joining.table import CaseTable
from pledgebook.vocabulary.statement import Category, Kind, Scope

Quotes = set[tuple[str, str]]


def jets(quote: str, quantity: Any = None, **changes: Any) -> Said:  # noqa: ANN401
    fields: dict[str, Any] = {
        "actors": ("SVK",),
        "category": Category.AIRCRAFT,
        "designation": "MiG-29",
        "quantity": quantity,
    }
    return Said(quote, **(fields | changes))


def delivered(quote: str, quantity: Any = None, **changes: Any) -> Said:  # noqa: ANN401
    return jets(quote, quantity, kind=Kind.DELIVERY, **changes)


def book(*documents: tuple[Said, ...]) -> tuple[CaseTable, list[str]]:
    found = entries(report(*said, lead=f"Report {n}.") for n, said in enumerate(documents))
    table = table_of(found)
    quotes = {entry.id: entry.statement.evidence.quote for entry in found}
    return table, [quotes[name] for name in table.ids]


def added(*documents: tuple[Said, ...], most: int = RULES.most_parts) -> Quotes:
    table, quotes = book(*documents)
    return {(quotes[one], quotes[other]) for one, other in sums(table, most)}


def spoken(*documents: tuple[Said, ...]) -> Quotes:
    table, quotes = book(*documents)
    return {(quotes[one], quotes[other]) for one, other in said_parts(table)}


RECALLED = {"scope": Scope.BACKGROUND}
FOUR, NINE = delivered("four came", 4), jets("nine will follow", 9)
THIRTEEN = jets("13 were promised", 13, **RECALLED)


def test_figures_that_add_up_are_parts_of_the_whole() -> None:
    assert added((FOUR, NINE, THIRTEEN)) == {
        ("four came", "nine will follow"),
        ("four came", "13 were promised"),
        ("nine will follow", "13 were promised"),
    }


@pytest.mark.parametrize(
    "other",
    [
        jets("ten will follow", 10),
        jets("nine will follow", (None, 9)),
        jets("nine will follow", 9, actors=("POL",)),
        jets("nine will follow", 9, recipient="MDA"),
        jets("nine will follow", 9, category=Category.DRONE),
        jets("nine will follow", 9, unit="round"),
        jets("nine will follow", 9, designation="F-16"),
        jets("nine will follow", 9, scope=Scope.TOTAL),
        jets("nine will follow", 9, kind=Kind.REQUEST),
    ],
)
def test_figures_of_other_things_are_not_added(other: Said) -> None:
    assert added((FOUR, other, THIRTEEN)) == set()


def test_what_other_documents_say_is_not_added() -> None:
    assert added((FOUR, NINE), (THIRTEEN,)) == set()


def test_what_came_before_is_no_part_of_a_promise_that_is_news() -> None:
    news = jets("13 more are promised", 13)
    assert added((FOUR, NINE, news)) == set()
    assert added((jets("four first", 4), NINE, news)) != set()


def test_a_part_of_several_parties_belongs_to_their_whole() -> None:
    whole = jets("13 by the two", 13, actors=("POL", "SVK"))
    parts = jets("four Slovak", 4), jets("nine Polish", 9, actors=("POL",))
    assert len(added((*parts, whole))) == 3


def test_no_more_parts_are_tried_than_are_allowed() -> None:
    parts = tuple(jets(f"lot {number}", number) for number in (1, 2, 4, 8))
    whole = jets("15 in all", 15)
    assert added((*parts, whole), most=3) == set()
    assert len(added((*parts, whole), most=4)) == 10


@pytest.mark.parametrize(
    "quote",
    [
        "the first of them came",
        "of which four came",
        "the remaining jets",
        "four of the 13 came",
        "a first batch came",
    ],
)
def test_words_tell_a_part_from_a_further_promise(quote: str) -> None:
    whole = jets("13 were promised", 13)
    assert spoken((whole, delivered(quote, 4))) == {("13 were promised", quote)}


def test_a_part_without_words_is_none() -> None:
    assert spoken((jets("13 were promised", 13), delivered("four came", 4))) == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"actors": ("POL",)},
        {"category": Category.DRONE},
        {"designation": "F-16"},
        {"recipient": "MDA"},
        {"quantity": 4},
        {"quantity": 3},
        {"unit": "round"},
        {"kind": Kind.REFUSAL},
    ],
)
def test_a_part_is_of_one_that_can_hold_it(changes: dict[str, Any]) -> None:
    fields = {"quantity": 13} | changes
    whole = jets("some were promised", **fields)
    assert spoken((whole, delivered("the first of them came", 4))) == set()


def test_the_whole_may_be_larger_without_an_end_or_not_counted() -> None:
    for quantity in (None, (3, None), (10, 20)):
        whole = jets("some were promised", quantity)
        assert len(spoken((whole, delivered("the first of them came", 4)))) == 1


def test_the_nearest_before_is_the_whole() -> None:
    first, second = jets("20 were promised", 20), jets("13 were promised", 13)
    part = delivered("the first of them came", 4)
    after = jets("30 are wished for", 30)
    assert spoken((first, second, part, after)) == {("13 were promised", part.quote)}
    # One before is taken rather than one after, though the latter stands nearer.
    swedish = delivered("a Swedish one came", 5, actors=("SWE",))
    assert spoken((second, swedish, part, after)) == {("13 were promised", part.quote)}


def test_the_whole_may_follow_in_the_same_breath() -> None:
    part, whole = delivered("the first of them came", 4), jets("13 were promised", 13)
    assert spoken((part, whole)) == {(part.quote, "13 were promised")}
    between = "x" * 250
    far = entries([report(part, jets(f"{between} 13 were promised", 13))])
    assert len(said_parts(table_of(far))) == 1
    filler = Said(between, kind=Kind.STOCK)
    assert spoken((part, filler, whole)) == set()


def test_other_documents_do_not_hold_it() -> None:
    assert spoken((jets("13 were promised", 13),), (delivered("the first came", 4),)) == set()
