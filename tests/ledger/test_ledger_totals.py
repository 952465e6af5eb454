"""Sums take each whole with its parts once; the laws that hold of any forest of parts."""

from __future__ import annotations

import dataclasses
import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import UNKNOWN, Interval, Total
from pledgebook.ledger.stages import Stage, StageFigure
from pledgebook.ledger.totals import money_total, once, outstanding_total, quantity_total
from pledgebook.ledger.wholes import Part, Relation
from pledgebook.vocabulary.statement import Category

DAY = dt.date(2023, 1, 1)


def commitment(number: int, figure: StageFigure, whole: int | None = None) -> Commitment:
    wholes: tuple[Part, ...] = ()
    if whole is not None:
        wholes = (Part(f"c{whole}", f"c{number}", Relation.PACKAGE, "so it is", ("s1", "s2")),)
    return Commitment(
        id=f"c{number}",
        donors=("USA",),
        asked_by=(),
        recipient="UKR",
        category=Category.MILITARY_AID,
        designation=None,
        item_id=None,
        unit=figure.unit,
        supplier=None,
        stages={Stage.PLEDGED: figure},
        outstanding=figure.quantity,
        promised=None,
        due=None,
        overdue=False,
        first=DAY,
        last=DAY,
        dated=True,
        statements=(f"s{number}",),
        documents=("d",),
        links={},
        contradictions=(),
        wholes=wholes,
    )


def money(number: int, low: float | None, whole: int | None = None) -> Commitment:
    amount = UNKNOWN if low is None else Interval(low, low)
    return commitment(number, StageFigure(money={"USD": amount}), whole)


amounts = st.one_of(st.none(), st.integers(0, 1000).map(float))


@st.composite
def forests(draw: st.DrawFn) -> list[Commitment]:
    """Commitments of which each may lie in an earlier one."""
    made: list[Commitment] = []
    for number in range(draw(st.integers(1, 9))):
        whole = draw(st.one_of(st.none(), st.integers(0, number - 1))) if number else None
        made.append(money(number, draw(amounts), whole))
    return made


def total(members: list[Commitment]) -> Total:
    return money_total(members, Stage.PLEDGED).get("USD", Total())


@given(forests(), st.randoms(use_true_random=False))
def test_the_order_of_the_terms_does_not_matter(members: list[Commitment], chance: object) -> None:
    shuffled = list(members)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert total(shuffled) == total(members)
    assert total([*members, *members]) == total(members)


@given(forests())
def test_a_sum_with_parts_is_no_more_than_the_bare_sum(members: list[Commitment]) -> None:
    bare = [dataclasses.replace(one, wholes=()) for one in members]
    assert (total(members).low or 0) <= (total(bare).low or 0)
    assert total(members).unknown <= total(bare).unknown


@given(forests())
def test_what_lies_within_known_wholes_adds_nothing(members: list[Commitment]) -> None:
    tops = [one for one in members if not one.wholes]
    if all(one.stages[Stage.PLEDGED].money["USD"].known for one in tops):
        # Whatever the parts come to: what the wholes were said to be is what they come to.
        assert total(members) == total(tops)


@given(forests(), st.data())
def test_totals_of_separate_trees_add_up(members: list[Commitment], data: st.DataObject) -> None:
    root: dict[str, str] = {}
    for one in members:
        root[one.id] = root[one.wholes[0].whole] if one.wholes else one.id
    chosen = data.draw(st.sets(st.sampled_from(sorted(set(root.values())))))
    first = total([one for one in members if root[one.id] in chosen])
    second = total([one for one in members if root[one.id] not in chosen])
    both = total(members)
    assert both.unknown == first.unknown + second.unknown
    assert (both.low or 0) == (first.low or 0) + (second.low or 0)


@given(forests(), st.integers(0, 8))
def test_another_unknown_turns_no_figure_into_less(members: list[Commitment], at: int) -> None:
    more = [*members, money(99, None, at if at < len(members) else None)]
    assert (total(more).low or 0) == (total(members).low or 0)


def test_parts_in_other_currencies_count_by_themselves() -> None:
    whole = money(0, 400)
    part = commitment(1, StageFigure(money={"EUR": Interval(30, 30)}), 0)
    found = money_total([whole, part], Stage.PLEDGED)
    assert {name: one.low for name, one in found.items()} == {"USD": 400, "EUR": 30}


def test_a_part_counts_by_itself_where_its_whole_is_not_added() -> None:
    whole, middle, part = money(0, 400), money(1, 300, 0), money(2, 100, 1)
    assert total([whole, middle, part]).low == 400
    assert total([middle, part]).low == 300
    assert total([part]).low == 100


def test_a_whole_that_is_open_is_no_less_than_its_parts() -> None:
    upto = commitment(0, StageFigure(money={"USD": Interval(None, 400)}))
    found = money_total([upto, money(1, 100, 0), money(2, 150, 0)], Stage.PLEDGED)["USD"]
    assert (found.low, found.high) == (250, 400)
    unknown = money_total([money(0, None), money(1, 100, 0)], Stage.PLEDGED)["USD"]
    assert (unknown.low, unknown.high, unknown.unknown) == (100, None, 0)


def test_what_was_handed_over_may_be_more_than_a_first_report_of_the_whole() -> None:
    def handed(one: Commitment) -> dict[str, Interval]:
        return dict(one.stages[Stage.PLEDGED].money)

    members = [money(0, 50), money(1, 100, 0), money(2, 30, 0)]
    assert once(members, handed)["USD"].low == 50
    assert once(members, handed, whole_is_firm=False)["USD"].low == 130


def test_items_of_a_package_are_counted_beside_it() -> None:
    whole = commitment(0, StageFigure(Interval(5, 5), "item"))
    part = commitment(1, StageFigure(Interval(3, 3), "item"), 0)
    assert quantity_total([whole, part], Stage.PLEDGED).low == 8
    paid = dataclasses.replace(part.wholes[0], relation=Relation.FUNDING)
    funded = dataclasses.replace(part, wholes=(paid,))
    assert quantity_total([whole, funded], Stage.PLEDGED).low == 5
    assert outstanding_total([whole, part]) == Total(8, 8, 0)
    assert outstanding_total([whole, funded]) == Total(5, 5, 0)


def test_money_alone_is_no_number_of_items() -> None:
    assert quantity_total([money(0, 400)], Stage.PLEDGED) == Total()
    assert outstanding_total([money(0, 400)]) is None
