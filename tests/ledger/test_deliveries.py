"""Deliveries settle a promise in parts; what is unknown stays open and is never zero."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from undertaking import came, cases_of, one, pledged

from making import Said, entries, report
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import UNKNOWN, Interval
from pledgebook.ledger.stages import Stage, figures
from pledgebook.vocabulary.statement import Category, Kind, Scope


def handed(found: Commitment) -> Interval:
    return found.stages[Stage.DELIVERED].quantity


def says(found: Commitment) -> list[str]:
    return [item.says for item in found.contradictions]


def test_parts_by_date_add_up() -> None:
    found = one(
        report(pledged(14)),
        report(came(4, "2023-03-01"), date="2023-03-01"),
        report(came(4, "2023-04-01"), date="2023-04-01"),
        report(came(4, "2023-04"), date="2023-04-03", lead="the same again"),
    )
    assert handed(found) == Interval(8, 8)
    assert found.outstanding == Interval(6, 6)


def test_a_part_of_unknown_size_leaves_the_sum_open() -> None:
    found = one(
        report(pledged(14)),
        report(came(4, "2023-03-01"), date="2023-03-01"),
        report(came(None, "2023-04-01"), date="2023-04-01"),
    )
    assert handed(found) == Interval(4, None)
    assert found.outstanding == Interval(None, 10)


def test_a_part_of_unknown_size_after_a_total_leaves_it_open_above() -> None:
    found = one(
        report(pledged(14)),
        report(came(10, scope=Scope.TOTAL), date="2023-03-01"),
        report(came(None, "2023-04-01"), date="2023-04-01"),
    )
    assert handed(found) == Interval(10, None)


@pytest.mark.parametrize("quote", ["the remaining tanks", "the last four", "the rest of them"])
def test_the_rest_closes_what_was_promised(quote: str) -> None:
    found = one(
        report(pledged(14)),
        report(came(None, "2023-03-01", quote="some came"), date="2023-03-01"),
        report(came(None, "2023-04-01", quote=quote), date="2023-04-01"),
    )
    assert handed(found) == Interval(14, 14)
    assert found.outstanding == Interval(0, 0)


def test_the_rest_may_be_told_with_its_figure() -> None:
    found = one(
        report(pledged(14)),
        report(came(10, "2023-03-01"), date="2023-03-01"),
        report(came(4, "2023-04-01", quote="the remaining four came"), date="2023-04-01"),
        report(came(4, "2023-04-01", quote="four tanks came"), date="2023-04-02"),
    )
    assert handed(found) == Interval(14, 14)
    assert says(found) == []


def test_the_rest_closes_nothing_where_more_has_come_than_was_promised() -> None:
    found = one(
        report(pledged(14)),
        report(came(12, "2023-03-01"), date="2023-03-01"),
        report(came(4, "2023-04-01", quote="the remaining four came"), date="2023-04-01"),
    )
    assert handed(found) == Interval(16, 16)
    assert "16 delivered is more than the 14 promised" in says(found)


def test_the_rest_of_an_unknown_promise_closes_nothing() -> None:
    found = one(
        report(pledged(None)),
        report(came(None, "2023-04-01", quote="the remaining tanks"), date="2023-04-01"),
    )
    assert handed(found) == UNKNOWN


@pytest.mark.parametrize(
    ("quote", "size"),
    [
        ("half of the tanks", Interval(7, 7)),
        ("half the tanks came", Interval(7, 7)),
        ("most of the tanks", Interval(7, 14)),
    ],
)
def test_shares_in_words_are_worked_out_from_the_promise(quote: str, size: Interval) -> None:
    found = one(
        report(pledged(14)), report(came(None, "2023-03-01", quote=quote), date="2023-03-01")
    )
    assert handed(found) == size
    unknown = one(report(pledged(None)), report(came(None, quote=quote), date="2023-03-01"))
    assert handed(unknown) == UNKNOWN


def test_percent_are_worked_out_from_the_promise() -> None:
    shells: dict[str, Any] = {"category": Category.ARTILLERY_AMMUNITION, "designation": "155mm"}
    found = one(
        report(pledged(1_000_000, unit="round", **shells)),
        report(came(100_000, "2023-09-01", unit="round", **shells), date="2023-09-01"),
        report(
            came((30, 30), quote="30 per cent so far", unit="percent", scope=Scope.TOTAL, **shells),
            date="2023-11-14",
        ),
    )
    assert handed(found) == Interval(300_000, 300_000)
    assert found.outstanding == Interval(700_000, 700_000)


def test_more_than_a_hundred_percent_is_no_share() -> None:
    found = one(
        report(pledged(14)),
        report(came((150, 150), quote="150 per cent", unit="percent"), date="2023-11-14"),
    )
    assert handed(found) == UNKNOWN


def test_what_was_recalled_may_be_a_part_or_another_figure() -> None:
    found = one(
        report(pledged(19)),
        report(came(10, "2023-03-01"), date="2023-03-01"),
        report(came(6, quote="six had come", scope=Scope.BACKGROUND), date="2023-05-01"),
    )
    assert handed(found) == Interval(10, 16)
    assert any("6 recalled" in text for text in says(found))


def test_what_was_recalled_and_sums_up_the_parts_is_no_further_part() -> None:
    found = one(
        report(pledged(30)),
        report(came(4, "2023-03-01"), date="2023-03-01"),
        report(came(9, "2023-04-01"), date="2023-04-01"),
        report(came(13, quote="13 had come", scope=Scope.BACKGROUND), date="2023-05-01"),
    )
    assert handed(found) == Interval(13, 13)
    assert says(found) == []


def test_more_than_was_promised_is_flagged() -> None:
    found = one(report(pledged(8)), report(came(9, "2023-03-01"), date="2023-03-01"))
    assert says(found) == ["9 delivered is more than the 8 promised"]
    assert found.outstanding == Interval(0, 0)


def test_round_figures_may_miss_a_little() -> None:
    promise = pledged((8, 8))
    about = dataclasses.replace(promise, quote="about 8", more={})
    reading = report(about)
    [statement] = reading.statements
    assert statement.quantity is not None
    approx = statement.model_copy(
        update={"quantity": statement.quantity.model_copy(update={"approx": True, "high": 100.0,
                                                                  "low": 100.0})}
    )  # fmt: skip
    rounded = dataclasses.replace(reading, statements=(approx,))
    assert says(one(rounded, report(came(105, "2023-03-01"), date="2023-03-01"))) == []
    assert says(one(rounded, report(came(120, "2023-03-01"), date="2023-03-01"))) != []


def test_other_units_are_not_compared() -> None:
    found = one(
        report(pledged(8, unit="battery")), report(came(9, "2023-03-01"), date="2023-03-01")
    )
    assert says(found) == []


MONEY: dict[str, Any] = {"category": Category.FINANCIAL_AID, "designation": None}


def test_payments_add_up_and_a_running_total_replaces_them() -> None:
    promise = report(pledged(None, quote="a loan", money=(18e9, "EUR"), **MONEY))
    parts = [
        report(came(None, "2023-01-17", money=(3e9, "EUR"), **MONEY), date="2023-01-17"),
        report(came(None, "2023-03-21", money=(1.5e9, "EUR"), **MONEY), date="2023-03-21"),
        report(came(None, "2023-03", quote="1.5bn", money=(1.5e9, "EUR"), **MONEY),
               date="2023-03-22"),
    ]  # fmt: skip
    found = one(promise, *parts)
    assert found.stages[Stage.DELIVERED].money == {"EUR": Interval(4.5e9, 4.5e9)}
    total = report(came(None, quote="9 billion so far", money=(9e9, "EUR"), scope=Scope.TOTAL,
                        **MONEY), date="2023-06-22")  # fmt: skip
    later = report(came(None, "2023-07-25", money=(1.5e9, "EUR"), **MONEY), date="2023-07-25")
    found = one(promise, *parts, total, later)
    assert found.stages[Stage.DELIVERED].money == {"EUR": Interval(10.5e9, 10.5e9)}


def test_a_delivery_of_all_keeps_its_money() -> None:
    said = came(14, "2023-03-01", money=(5e6, "EUR"))
    found = one(report(pledged(14)), report(said, date="2023-03-01"))
    assert found.stages[Stage.DELIVERED].money == {"EUR": Interval(5e6, 5e6)}
    assert handed(found) == Interval(14, 14)


# Laws


@st.composite
def books(draw: st.DrawFn) -> list[tuple[dt.date, Said]]:
    """A promise and some deliveries of all shapes, each in a report of its own."""
    made: list[tuple[dt.date, Said]] = [(dt.date(2023, 1, 1), pledged(draw(_AMOUNT)))]
    for number in range(draw(st.integers(0, 6))):
        day = dt.date(2023, 2, 1) + dt.timedelta(days=draw(st.integers(0, 300)))
        quote = draw(st.sampled_from(("a delivery", "half of it", "the remaining ones")))
        when = draw(st.sampled_from((None, day.isoformat())))
        scope = draw(st.sampled_from(list(Scope)))
        made.append((day, came(draw(_AMOUNT), when, f"{quote} {number}", scope=scope)))
    return made


_AMOUNT = st.one_of(st.none(), st.integers(1, 20))


def settled(book: list[tuple[dt.date, Said]]) -> Interval | None:
    readings = [report(said, date=day.isoformat()) for day, said in book]
    found = figures(cases_of(entries(readings))).figures.get(Stage.DELIVERED)
    return found.quantity if found else None


@given(books(), st.randoms(use_true_random=False))
def test_the_order_of_the_reports_does_not_matter(
    book: list[tuple[dt.date, Said]], chance: object
) -> None:
    shuffled = list(book)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert settled(shuffled) == settled(book)


@given(books())
def test_no_more_is_counted_than_all_reports_come_to(book: list[tuple[dt.date, Said]]) -> None:
    found = settled(book)
    if found is None or found.low is None:
        return
    told = [said.quantity for _, said in book if said.kind is Kind.DELIVERY]
    promised = book[0][1].quantity
    sizes = [size for size in (*told, promised) if isinstance(size, int)]
    # Shares and rests are worked out from the promise, so that each may come to as much.
    most = sum(sizes) + sum(promised for size in told if size is None and isinstance(promised, int))
    assert found.low <= most


@given(books())
def test_another_report_of_the_same_changes_nothing(book: list[tuple[dt.date, Said]]) -> None:
    for day, said in book[1:]:
        if said.scope is Scope.NEW and said.when is not None:
            again = dataclasses.replace(said, quote=f"{said.quote} once more")
            assert settled([*book, (day, again)]) == settled(book)


@given(books(), st.integers(1, 300))
def test_an_unknown_delivery_never_lowers_what_is_known(
    book: list[tuple[dt.date, Said]], days: int
) -> None:
    day = dt.date(2023, 2, 1) + dt.timedelta(days=days)
    more = settled([*book, (day, came(None, day.isoformat(), "something came"))])
    before = settled(book)
    assert more is not None
    assert more != Interval(0, 0)
    if before is not None and before.low is not None:
        assert more.low is not None
        assert more.low >= before.low
