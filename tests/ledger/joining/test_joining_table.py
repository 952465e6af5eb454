"""A table says of its rows what the statements say, by whichever way they came into it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from joining_rows import RULES, TREE, body_of, books, cases_of, decoded, table_of, told

from making import Said
from pledgebook.ledger.joining.bodies import Body, add_bodies
from pledgebook.ledger.joining.table import CaseTable, Codes
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.statement import Kind


def of_bodies(bodies: list[Body]) -> CaseTable:
    table = CaseTable(RULES.continues)
    add_bodies(table, bodies, TREE, RULES)
    table.sort()
    return table


COLUMNS = (
    "family", "kind", "scope", "firm", "actors", "beneficiary", "buys", "category", "item",
    "quantity", "unit", "approx", "money", "currency", "when", "supplier", "field", "named",
    "spanned", "first", "last", "day", "document", "start", "end", "dated", "further", "continues",
)  # fmt: skip


@given(books())
def test_stored_bodies_and_prepared_cases_make_the_same_columns(found: list[Entry]) -> None:
    table, other = table_of(found), of_bodies([body_of(one) for one in found])
    assert table.ids == other.ids
    for name in COLUMNS:
        assert getattr(table, name).tolist() == getattr(other, name).tolist(), name
    assert decoded(table) == decoded(other)


@given(books())
def test_a_row_says_what_its_statement_says(found: list[Entry]) -> None:
    table = table_of(found)
    cases = {case.id: case for case in cases_of(found)}
    assert len(table) == len(cases)
    for name, says in zip(table.ids, decoded(table), strict=True):
        case = cases[name]
        assert says["actors"] == case.actors
        assert says["beneficiary"] == case.beneficiary
        assert says["buys"] == case.buys_for_itself
        assert says["item"] == (case.category, case.sense)
        assert (says["quantity"], says["unit"]) == (case.quantity, case.unit)
        assert (says["money"], says["currency"]) == (case.money, case.currency)
        assert says["supplier"] == case.supplier
        assert says["further"] == case.further
        assert says["firm"] == case.firm
        days = (case.span[0].toordinal(), case.span[1].toordinal()) if case.span else None
        assert says.get("days") == days


@given(books())
def test_a_field_that_is_nought_or_missing_in_the_body_is_the_same(found: list[Entry]) -> None:
    plain = [body_of(one) for one in found]
    spelt = [
        replace(
            one,
            body=json.dumps(
                dict.fromkeys(("quantity", "money", "when", "supplier", "recipient"))
                | json.loads(one.body)
            ),
        )
        for one in plain
    ]
    assert decoded(of_bodies(spelt)) == decoded(of_bodies(plain))


@given(books(), st.randoms(use_true_random=False))
def test_rows_stand_in_the_order_of_time(found: list[Entry], chance: object) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    table = table_of(shuffled)
    cases = sorted(cases_of(found), key=lambda case: case.entry.order)
    assert table.ids == [case.id for case in cases]
    assert [table.order(row)[1:] for row in range(len(table))] == [c.order[1:] for c in cases]
    assert decoded(table) == decoded(table_of(found))


def test_sort_tells_where_each_row_came_from() -> None:
    late, early = told((Said("b"), "2023-03-01"), (Said("a"), "2023-02-01"))
    table = CaseTable(RULES.continues)
    table.add_cases(cases_of([late, early]))
    assert table.sort().tolist() == [1, 0]
    assert table.ids == [early.id, late.id]


@given(books(least=3), st.data())
def test_some_rows_taken_are_those_rows(found: list[Entry], data: st.DataObject) -> None:
    table = table_of(found)
    chosen = data.draw(st.lists(st.booleans(), min_size=len(table), max_size=len(table)))
    rows = np.flatnonzero(np.array(chosen, bool))
    part = table.take(rows)
    everything = decoded(table)
    assert decoded(part) == [everything[row] for row in rows.tolist()]
    assert part.amounts is table.amounts


@settings(max_examples=60)
@given(books(least=2), st.randoms(use_true_random=False), st.integers(1, 4))
def test_rows_put_in_later_stand_as_if_they_had_been_there(
    found: list[Entry], chance: object, many: int
) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    table = table_of([])
    for start in range(0, len(shuffled), many):
        fresh = table.empty()
        fresh.add_cases(cases_of(shuffled[start : start + many]))
        fresh.sort()
        where = table.insert(fresh)
        assert [table.ids[place] for place in where.tolist()] == fresh.ids
    whole = table_of(found)
    assert decoded(table) == decoded(whole)
    for name in ("low", "high", "floor", "roof"):
        for ends, codes in (("amounts", "quantity"), ("sums", "money")):
            one = getattr(getattr(table, ends), name)[getattr(table, codes)]
            other = getattr(getattr(whole, ends), name)[getattr(whole, codes)]
            np.testing.assert_array_equal(one, other)


def test_what_makes_no_commitment_has_no_row() -> None:
    [entry] = told((Said("Norway holds 30 tanks", kind=Kind.STOCK), "2023-02-14"))
    assert len(table_of([entry])) == 0
    assert len(of_bodies([body_of(entry)])) == 0


def test_codes_are_given_in_the_order_of_meeting() -> None:
    codes = Codes()
    assert [codes.of(value) for value in ("b", None, "a", "b")] == [0, -1, 1, 0]
    assert codes.values == ["b", "a"]
