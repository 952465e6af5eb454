"""What the index says of commitments is what the filters, rows and totals of reports say."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import random
from collections import Counter, defaultdict

import pytest
from followed import TREE, Teller, dense, live_of
from hypothesis import given, settings
from hypothesis import strategies as st

from making import Clock
from pledgebook.errors import NotFoundError
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.events import State
from pledgebook.ledger.filters import Filter
from pledgebook.ledger.live.rows import EVERYTHING, Selection, Wanted
from pledgebook.ledger.live.view import View
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import status_rows
from pledgebook.ledger.store import Store
from pledgebook.ledger.totals import is_open
from pledgebook.reporting.totals import category_totals
from stories import everything

FILTERS = [
    EVERYTHING,
    Wanted(donor="Norway"),
    Wanted(recipient="UKR"),
    Wanted(item="Leopard 2"),
    Wanted(item="tank"),
    Wanted(item="military-aid", recipient="Ukraine"),
    Wanted(overdue=True),
    *(Wanted(stage=stage) for stage in Stage),
    *(Wanted(state=state) for state in State),
    Wanted(first=dt.date(2024, 3, 1), last=dt.date(2024, 5, 1)),
    Wanted(donor="DEU", stage=Stage.PLEDGED, first=dt.date(2024, 2, 1), overdue=True),
]


def expected(view: View, wanted: Wanted) -> list[Commitment] | None:
    """What is asked for, the plain way; None where a name is not known."""
    named = Filter(wanted.donor, wanted.recipient, wanted.item)
    try:
        found = named.apply(view.ledger.commitments, TREE)
    except NotFoundError:
        return None
    return [
        one
        for one in found
        if (wanted.stage is None or wanted.stage in one.stages)
        and (wanted.state is None or one.state is wanted.state)
        and (wanted.first is None or one.first >= wanted.first)
        and (wanted.last is None or one.first <= wanted.last)
        and (not wanted.overdue or one.overdue)
    ]


def left(one: Commitment) -> tuple[float, str]:
    size = one.outstanding
    return -((size.low or size.high or 0.0) if size is not None else 0.0), one.id


def assert_told(view: View) -> None:
    """Hold every answer against the plain way to it."""
    for wanted in FILTERS:
        commitments = expected(view, wanted)
        if commitments is None:
            with pytest.raises(NotFoundError):
                view.commitments(wanted)
            continue
        found = view.commitments(wanted)
        assert list(found) == commitments
        assert len(found) == len(commitments)
        rows = status_rows(commitments)
        assert list(view.rows(wanted)) == rows
        assert view.rows(wanted)[1:3] == rows[1:3]
        assert len(view.rows(wanted)) == len(rows)
        assert_counted(found, commitments)
        totals = [dataclasses.asdict(one) for one in category_totals(rows)]
        assert [dataclasses.asdict(one) for one in found.totals()] == totals
        open_ = [one for one in commitments if counts(one)]
        assert found.largest(5) == sorted(open_, key=left)[:5]
        assert_newest(view, found.newest(3), commitments)


def assert_counted(found: Selection, commitments: list[Commitment]) -> None:
    """Hold what is counted and picked out against the plain way to it."""
    assert found.open == [one for one in commitments if is_open(one)]
    assert found.overdue == [one for one in commitments if one.overdue]
    assert found.doubtful == sum(bool(one.doubts) for one in commitments)
    assert found.reached() == Counter(stage for one in commitments for stage in one.stages)
    late = Counter(one.category.value for one in commitments if one.overdue)
    every = Counter(one.category.value for one in commitments)
    assert found.by_category() == {name: (count, late[name]) for name, count in every.items()}
    latest = sorted(commitments, key=lambda one: (one.last, one.id), reverse=True)
    assert found.latest(4) == latest[:4]
    kinds: dict[tuple[str, str | None], list[Commitment]] = defaultdict(list)
    for one in commitments:
        if is_open(one) and one.outstanding is not None and one.outstanding.known and counts(one):
            kinds[one.category.value, one.unit].append(one)
    assert {kind: list(some) for kind, some in found.open_by_kind().items()} == kinds


def counts(one: Commitment) -> bool:
    """Whether so many things, known or bounded, are outstanding."""
    size = one.outstanding
    if size is None or not size.known:
        return False
    figures = [
        one.stages[stage] for stage in (Stage.PLEDGED, Stage.ON_ORDER) if stage in one.stages
    ]
    return any(figure.quantity.known or not figure.money for figure in figures)


def assert_newest(view: View, names: list[str], commitments: list[Commitment]) -> None:
    every = [name for one in commitments for name in one.statements]
    days = sorted((view.ledger.entries[name].counted for name in every), reverse=True)
    found = sorted((view.ledger.entries[name].counted for name in names), reverse=True)
    assert found[:3] == days[:3]


@settings(max_examples=8)
@given(st.integers(0, 10**6), st.integers(0, 40), st.integers(0, 6))
def test_a_made_up_book(
    tmp_path_factory: pytest.TempPathFactory, seed: int, documents: int, steps: int
) -> None:
    clock = Clock(dt.datetime(2024, 8, 1, tzinfo=dt.UTC))
    readings = dense(seed, documents)
    first = len(readings) * 2 // 3
    with Store.open(tmp_path_factory.mktemp("book") / "a.db", clock=clock) as store:
        store.add(readings[:first])
        live = live_of(store, clock)
        assert_told(live.view())
        teller = Teller(store, clock, seed, readings[first:])
        for _ in range(steps):
            teller.step(live.refresh())
            if teller.chance.random() < 0.7:
                live.view()
        assert_told(live.view())


def test_the_story_of_everything(store: Store, clock: Clock) -> None:
    store.add(everything())
    live = live_of(store, clock)
    view = live.view()
    assert_told(view)
    assert view.number == 1
    assert live.view() is view is live.current_view
    for one in view.ledger.commitments:
        assert view.commitment(one.id) is one
        for name in one.statements:
            # An id that it may have borne before a merge.
            assert view.commitment("c" + name[1:]) in view.ledger.commitments
    assert view.commitment("cffffffffffffffffffff") is None
    by_document = {
        name: list(some)
        for name, some in itertools.groupby(
            sorted(view.ledger.entries.values(), key=lambda one: (one.document, one.order)),
            key=lambda one: one.document,
        )
    }
    for name, entries in by_document.items():
        assert list(view.of_document(name)) == entries
    assert view.of_document("dffffffffffffffffffff") == ()


def test_rows_are_found_by_their_ids(store: Store, clock: Clock) -> None:
    store.add(everything())
    view = live_of(store, clock).view()
    for row in status_rows(view.ledger.commitments):
        assert view.rows().find(row.id) == row
    assert view.rows().find("fffffffffffffffffffff") is None


def test_a_view_that_was_handed_out_stays_as_it_was(store: Store, clock: Clock) -> None:
    readings = dense(11, 30)
    store.add(readings[:22])
    live = live_of(store, clock)
    teller = Teller(store, clock, 11, readings[22:])
    kept = []
    for _ in range(8):
        # Its rows are not asked for before the book has changed.
        kept.append(live.view())
        teller.step(live.refresh())
    live.view()
    random.Random(1).shuffle(kept)
    for view in kept:
        assert_told(view)
    numbers = [view.number for view in kept]
    assert len({id(view) for view in kept}) == len(set(numbers)) > 2


def test_sums_of_everything_together(store: Store, clock: Clock) -> None:
    from pledgebook.ledger.totals import money_total, outstanding_total, quantity_total

    store.add(dense(4, 40))
    view = live_of(store, clock).view()
    quantities, money = view.commitments().sums()
    every = view.ledger.commitments
    for stage in (Stage.ASKED, Stage.PLEDGED, Stage.ON_ORDER, Stage.DELIVERED):
        assert quantities[stage.value] == quantity_total(every, stage)
        assert money.get(stage.value, {}) == money_total(every, stage)
    assert quantities["outstanding"] == outstanding_total(every)
