"""Laws of the whole ledger: order, repetition and the unknown change nothing that they must not."""

from __future__ import annotations

import dataclasses
import random

from hypothesis import given, settings
from hypothesis import strategies as st
from undertaking import TODAY

from making import Said, entries, report
from pledgebook.ledger.ledger import Ledger, build_ledger
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import status_rows
from pledgebook.ledger.totals import money_total
from pledgebook.reporting.totals import category_totals
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category, Kind, Scope, Status

TREE = load_catalogue()
QUOTES = ("a promise", "of which some", "the remaining ones", "not 14 but 8", "is suspended",
          "was resumed", "half of it", "paid by others")  # fmt: skip


def said(draw: st.DrawFn, number: int) -> Said:
    category, name = draw(
        st.sampled_from(
            [
                (Category.TANK, "Leopard 2"),
                (Category.TANK, None),
                (Category.MILITARY_AID, None),
                (Category.FINANCIAL_AID, None),
            ]
        )
    )
    general = category in (Category.MILITARY_AID, Category.FINANCIAL_AID)
    return Said(
        f"{draw(st.sampled_from(QUOTES))} {number}",
        kind=draw(st.sampled_from([Kind.PLEDGE, Kind.PLEDGE, Kind.DELIVERY, Kind.CONTRACT,
                                   Kind.REQUEST, Kind.REFUSAL])),
        actors=draw(st.sampled_from([("NOR",), ("EU",), ("NOR", "SWE")])),
        recipient=draw(st.sampled_from(["UKR", "NOR"])),
        category=category,
        designation=name,
        quantity=None if general else draw(st.one_of(st.none(), st.integers(1, 20))),
        money=(draw(st.integers(1, 9)) * 1e6, "EUR") if general and draw(st.booleans()) else None,
        status=draw(st.sampled_from([Status.FIRM, Status.FIRM, Status.TENTATIVE])),
        scope=draw(st.sampled_from(list(Scope))),
        when=draw(st.sampled_from([None, "2023-02-14", "2023-03"])),
        speaker=draw(st.sampled_from([None, "the minister"])),
    )  # fmt: skip


@st.composite
def books(draw: st.DrawFn) -> list[Entry]:
    """Reports of several statements each, with everything that relations look at."""
    found: list[Entry] = []
    for document in range(draw(st.integers(1, 5))):
        some = [said(draw, number) for number in range(draw(st.integers(1, 4)))]
        date = draw(st.sampled_from(["2023-02-14", "2023-02-20", "2023-04-01", "2023-09-01"]))
        found += entries([report(*some, date=date, lead=f"Report {document}.")])
    return found


def ledger(book: list[Entry]) -> Ledger:
    return build_ledger(book, today=TODAY, tree=TREE)


@settings(max_examples=60)
@given(books(), st.randoms(use_true_random=False))
def test_any_order_of_reading_gives_the_same_ledger(
    book: list[Entry], chance: random.Random
) -> None:
    assert ledger(chance.sample(book, len(book))) == ledger(book)
    assert ledger(book + book) == ledger(book)


@settings(max_examples=60)
@given(books())
def test_the_ledger_holds_together(book: list[Entry]) -> None:
    found = ledger(book)
    by_id = {one.id: one for one in found.commitments}
    for commitment in found.commitments:
        for part in commitment.wholes:
            assert part in by_id[part.whole].parts
            assert part.whole != commitment.id
        for part in commitment.parts:
            assert part in by_id[part.part].wholes
        for event in commitment.history:
            assert {found.home[name] for name in event.statements} == {event.commitment}
            assert event.reported >= by_id[event.commitment].first
        assert commitment.history
        for correction in commitment.corrections:
            assert {correction.statement, correction.superseded} <= set(commitment.statements)
            assert not correction.was.meets(correction.now)
    for check in found.checks:
        assert set(check.counted) <= set(check.commitments)


@settings(max_examples=60)
@given(books())
def test_tables_add_up_to_what_the_ledger_holds_once(book: list[Entry]) -> None:
    found = ledger(book)
    rows = status_rows(found.commitments)
    for stage in (Stage.PLEDGED, Stage.DELIVERED):
        for total in category_totals(rows):
            of_category = [one for one in found.commitments if one.category.value == total.category]
            whole = money_total(of_category, stage)
            if sum(one.category == total.category for one in category_totals(rows)) == 1:
                assert total.money.get(stage.value, {}) == whole
        bare = [dataclasses.replace(one, wholes=()) for one in found.commitments]
        once, twice = money_total(found.commitments, stage), money_total(bare, stage)
        assert all((once[name].low or 0) <= (twice[name].low or 0) for name in once)


def test_a_report_of_the_same_thing_never_raises_the_count() -> None:
    first = report(
        Said("Norway gave four tanks", kind=Kind.DELIVERY, quantity=4, when="2023-03-01"),
        date="2023-03-01",
    )
    again = [
        report(
            Said("the four tanks that Norway gave", kind=Kind.DELIVERY, quantity=4,
                 when="2023-03-01", scope=Scope.BACKGROUND),
            date=f"2023-03-{day:02}",
            lead=f"On the {day}th:",
        )
        for day in range(2, 9)
    ]  # fmt: skip
    for count in range(len(again) + 1):
        found = ledger(entries([first, *again[:count]]))
        [row] = status_rows(found.commitments)
        assert row.quantities[Stage.DELIVERED].low == 4
        assert row.quantities[Stage.DELIVERED].high == 4
