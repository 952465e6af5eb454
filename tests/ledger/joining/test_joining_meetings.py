"""Who meets whom, against a double loop that says the same in plain words."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joining_rows import RULES, books, cases_of, table_of

from making import Said, entries, report
from pledgebook.ledger.cases import FAMILIES, Case
from pledgebook.ledger.joining.meetings import in_the_thick, meetings
from pledgebook.ledger.joining.table import CaseTable
from pledgebook.ledger.records import Entry
from pledgebook.ledger.rules import Rules
from pledgebook.vocabulary.statement import Category, Kind

Pair = tuple[int, int]


def settings_of(most_met: int = 3) -> Rules:
    days = RULES.days.model_copy(update={"actor": 40, "item": 200, "amount": 800})
    return RULES.model_copy(update={"most_met": most_met, "near_days": 14, "days": days})


def lists(cases: list[Case], rules: Rules) -> Iterator[tuple[Hashable, int, int, bool]]:
    """Every list that a case stands in: its key, the case, the days, and whether it is of sales."""
    days = rules.days
    for row, case in enumerate(cases):
        for party in case.actors or {""}:
            base = (party, case.family, case.category)
            yield ("actor", *base), row, days.actor, False
            yield ("item", *base, case.sense), row, days.item, False
            if case.quantity is not None:
                yield ("quantity", *base, case.quantity, case.unit), row, days.amount, False
            if case.money is not None:
                yield ("money", *base, case.money, case.currency), row, days.amount, False
        if case.beneficiary is not None:
            given_to = (case.beneficiary, case.family, case.category)
            yield ("sale", *given_to), row, days.actor, True
            if case.quantity is not None:
                key = ("given", *given_to, case.quantity, case.unit)
                yield key, row, rules.near_days, False
            if case.money is not None:
                yield ("paid", *given_to, case.money, case.currency), row, rules.near_days, False


def expected(cases: list[Case], rules: Rules) -> set[Pair]:
    places: dict[tuple[Hashable, int, bool], list[int]] = defaultdict(list)
    for key, row, days, sale in lists(cases, rules):
        places[key, days, sale].append(row)
    found = set()
    for (_, days, sale), rows in places.items():
        if sale and not any(cases[row].buys_for_itself for row in rows):
            continue
        for place, one in enumerate(rows):
            for other in rows[place + 1 : place + 1 + rules.most_met]:
                near = (cases[other].entry.counted - cases[one].entry.counted).days <= days
                crossed = cases[one].buys_for_itself != cases[other].buys_for_itself
                if near and (crossed or not sale):
                    found.add((one, other))
    return found


def met(table: CaseTable, rules: Rules, rows: list[int] | None = None, most: int = 50) -> set[Pair]:
    wanted = None if rows is None else np.array(rows, np.int32)
    return {
        pair
        for one, other in meetings(table, rules, most=most, rows=wanted)
        for pair in zip(one.tolist(), other.tolist(), strict=True)
    }


def in_order(found: list[Entry]) -> list[Case]:
    return sorted(cases_of(found), key=lambda case: case.entry.order)


crowds = st.one_of(
    books(kinds=tuple(FAMILIES), most=40, days=100),
    books(kinds=tuple(FAMILIES), most=30, days=1500),
    books(kinds=(Kind.CONTRACT, Kind.DELIVERY), most=40, days=60),
)


@settings(max_examples=80)
@given(crowds, st.integers(1, 6))
def test_statements_meet_as_a_double_loop_would_have_them(
    found: list[Entry], most_met: int
) -> None:
    rules = settings_of(most_met)
    assert met(table_of(found), rules) == expected(in_order(found), rules)


@settings(max_examples=60)
@given(crowds, st.data())
def test_of_some_rows_only_their_own_pairs_come(found: list[Entry], data: st.DataObject) -> None:
    table, rules = table_of(found), settings_of()
    chosen = data.draw(st.sets(st.integers(0, max(len(table) - 1, 0)))) if len(table) else set()
    every = met(table, rules)
    some = {pair for pair in every if chosen & set(pair)}
    assert met(table, rules, sorted(chosen)) == some


@given(crowds, st.integers(1, 100))
def test_it_does_not_matter_how_many_come_at_a_time(found: list[Entry], most: int) -> None:
    table, rules = table_of(found), settings_of()
    assert met(table, rules, most=most) == met(table, rules, most=10_000)


@settings(max_examples=80)
@given(crowds, st.integers(1, 6))
def test_the_thick_is_where_more_are_near_than_meet(found: list[Entry], most_met: int) -> None:
    rules, cases = settings_of(most_met), in_order(found)
    thick = []
    for case in cases:
        near = [
            sum(
                (other.family, other.category) == (case.family, case.category)
                and party in (other.actors or {""})
                and abs((other.entry.counted - case.entry.counted).days) <= rules.days.actor
                for other in cases
            )
            for party in case.actors or {""}
        ]
        thick.append(max(near) > most_met)
    assert in_the_thick(table_of(found), rules).tolist() == thick


def days_apart(days: int, **second: object) -> bool:
    """Whether two promises of Norway, so many days apart, meet by the rules as they are."""
    first = {"quantity": 8, "designation": "Leopard 2"}
    later = dt.date(2015, 1, 1) + dt.timedelta(days=days)
    table = table_of(
        entries(
            [
                report(Said("eight tanks", **first), date="2015-01-01"),  # type: ignore[arg-type]
                report(Said("later", **(first | second)), date=later.isoformat()),  # type: ignore[arg-type]
            ]
        )
    )
    return met(table, RULES) == {(0, 1)}


@pytest.mark.parametrize(
    ("second", "days"),
    [
        ({"designation": None, "quantity": None}, RULES.days.actor),
        ({"quantity": 9}, RULES.days.item),
        ({"designation": None}, RULES.days.amount),
        ({"actors": ("ALLIES",)}, RULES.near_days),
    ],
)
def test_who_shares_more_meets_over_a_longer_time(second: dict[str, object], days: int) -> None:
    assert days_apart(days, **second)
    assert not days_apart(days + 1, **second)


@pytest.mark.parametrize(
    "second",
    [{"actors": ("SWE",), "quantity": 9}, {"category": Category.DRONE}, {"kind": Kind.REQUEST}],
)
def test_who_shares_nothing_does_not_meet(second: dict[str, object]) -> None:
    assert not days_apart(0, **second)
