"""How far an undertaking is: stages stand apart, reports do not add up, deliveries do."""

from __future__ import annotations

import datetime as dt

import pytest

from making import Said, entries, norway, report
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import UNKNOWN, Interval
from pledgebook.ledger.ledger import Ledger, build_ledger
from pledgebook.ledger.records import Reading
from pledgebook.ledger.stages import Stage
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category, Kind, Scope, Status

TODAY = dt.date(2024, 1, 1)


def ledger(*readings: Reading, today: dt.date = TODAY) -> Ledger:
    return build_ledger(entries(readings), today=today, tree=load_catalogue())


def one(*readings: Reading, today: dt.date = TODAY) -> Commitment:
    [commitment] = ledger(*readings, today=today).commitments
    return commitment


def pledged(
    quantity: int | tuple[float | None, float | None] | None = 8, **changes: object
) -> Said:
    said: dict[str, object] = {"quote": f"pledge of {quantity}", "quantity": quantity} | changes
    return Said(**said)  # type: ignore[arg-type]


def delivered(quantity: int | None, when: str | None = None, **changes: object) -> Said:
    said: dict[str, object] = {
        "quote": f"delivery of {quantity} {when}",
        "quantity": quantity,
        "kind": Kind.DELIVERY,
        "when": when,
    }
    return Said(**(said | changes))  # type: ignore[arg-type]


def test_stages_stand_beside_each_other() -> None:
    found = ledger(*norway()).commitments[0]
    assert found.stages[Stage.PLEDGED].quantity == Interval(8, 8)
    assert found.stages[Stage.DELIVERED].quantity == Interval(3, 3)
    assert found.outstanding == Interval(5, 5)
    assert found.donors == ("NOR",)
    assert found.recipient == "UKR"
    assert found.item == "Leopard 2"


def test_several_reports_of_one_promise_do_not_add_up() -> None:
    found = one(
        report(pledged(8)),
        report(pledged(8, scope=Scope.BACKGROUND), date="2023-02-15", lead="again"),
    )
    assert found.stages[Stage.PLEDGED].quantity == Interval(8, 8)
    assert len(found.statements) == 2
    assert found.contradictions == ()


def test_the_newest_prevails_and_the_other_is_kept_as_a_contradiction() -> None:
    found = one(
        report(pledged((10, 12))),
        report(pledged(13, scope=Scope.BACKGROUND, when="2023-02-14"), date="2023-02-15"),
        report(pledged(13, when="2023-02-14"), date="2023-02-16", lead="again"),
    )
    assert found.stages[Stage.PLEDGED].quantity == Interval(13, 13)
    [contradiction] = found.contradictions
    assert contradiction.stage is Stage.PLEDGED
    assert "10 to 12" in contradiction.says


def test_distinct_deliveries_add_up_and_settle_the_promise() -> None:
    found = one(
        report(pledged(13)),
        report(delivered(4, "2023-03-23"), date="2023-03-23"),
        report(
            delivered(9, "2023-04-17"),
            delivered(4, "2023-03", scope=Scope.BACKGROUND),
            date="2023-04-17",
        ),
    )
    assert found.stages[Stage.DELIVERED].quantity == Interval(13, 13)
    assert found.outstanding == Interval(0, 0)


def test_the_rest_of_a_promise_does_not_lower_it() -> None:
    found = one(
        report(pledged(8)),
        report(
            delivered(3, "2023-03-01"),
            pledged(5, quote="the other five will follow"),
            pledged(8, quote="of the eight promised", scope=Scope.BACKGROUND),
            date="2023-03-02",
        ),
    )
    assert found.stages[Stage.PLEDGED].quantity == Interval(8, 8)
    assert found.outstanding == Interval(5, 5)
    assert found.contradictions == ()


def test_a_delivery_of_unknown_size_leaves_the_rest_unknown() -> None:
    found = one(report(pledged(14)), report(delivered(None), date="2023-03-01"))
    assert found.stages[Stage.DELIVERED].quantity == UNKNOWN
    assert found.outstanding == Interval(None, 14)


def test_unknown_is_not_zero() -> None:
    found = one(report(pledged(None)))
    assert found.stages[Stage.PLEDGED].quantity == UNKNOWN
    assert found.outstanding == UNKNOWN
    assert Stage.DELIVERED not in found.stages


def test_up_to_stays_open_below() -> None:
    found = one(report(pledged((None, 4))))
    assert found.stages[Stage.PLEDGED].quantity == Interval(None, 4)
    assert found.outstanding == Interval(None, 4)


def test_a_running_total_replaces_the_deliveries_before_it() -> None:
    shells = {"designation": None, "category": Category.ARTILLERY_AMMUNITION, "unit": "round"}
    found = one(
        report(pledged(1_000_000, **shells)),
        report(delivered(200_000, "2023-05-01", **shells), date="2023-05-01"),
        report(delivered(300_000, "2023-11-01", scope=Scope.TOTAL, **shells), date="2023-11-14"),
        report(delivered(50_000, "2023-12-20", **shells), date="2023-12-21"),
    )
    assert found.stages[Stage.DELIVERED].quantity == Interval(350_000, 350_000)
    assert found.outstanding == Interval(650_000, 650_000)


def test_a_total_below_the_single_deliveries_is_a_contradiction() -> None:
    found = one(
        report(pledged(13)),
        report(delivered(9, "2023-04-17"), date="2023-04-17"),
        report(delivered(4, "2023-05-01", scope=Scope.TOTAL), date="2023-05-02"),
    )
    assert any("running total of 4" in item.says for item in found.contradictions)


def test_an_order_is_no_promise_and_may_be_outstanding_too() -> None:
    found = one(
        report(pledged(300, kind=Kind.CONTRACT, supplier="Rheinmetall")),
        report(delivered(40, "2023-09", supplier=None), date="2023-10-01"),
    )
    assert Stage.PLEDGED not in found.stages
    assert found.stages[Stage.ON_ORDER].quantity == Interval(300, 300)
    assert found.supplier == "Rheinmetall"
    assert found.outstanding == Interval(260, 260)


def test_talk_is_considered_and_counts_as_no_promise() -> None:
    found = one(report(pledged(8, status=Status.TENTATIVE)))
    assert set(found.stages) == {Stage.CONSIDERED}
    assert found.tentative
    assert found.outstanding is None
    decided = one(
        report(pledged(8, status=Status.TENTATIVE)),
        report(pledged(8, quote="decided"), date="2023-02-15"),
    )
    assert set(decided.stages) == {Stage.PLEDGED}


@pytest.mark.parametrize(
    ("kind", "stage"), [(Kind.REQUEST, Stage.ASKED), (Kind.REFUSAL, Stage.REFUSED)]
)
def test_requests_and_refusals_are_stages_of_their_own(kind: Kind, stage: Stage) -> None:
    found = one(report(pledged(8, kind=kind)))
    assert set(found.stages) == {stage}
    assert found.outstanding is None
    assert (found.asked_by == ("NOR",)) == (kind is Kind.REQUEST)


def test_training_counts_as_delivered_once_it_lies_in_the_past() -> None:
    people = {"designation": None, "category": Category.TRAINING_SERVICE, "unit": "person"}
    planned = one(report(pledged(600, kind=Kind.TRAINING, when="2023-12", **people)))
    assert set(planned.stages) == {Stage.PLEDGED}
    done = one(report(pledged(600, kind=Kind.TRAINING, when="2022", **people)))
    assert set(done.stages) == {Stage.DELIVERED}


def test_money_is_kept_by_currency_as_given() -> None:
    aid = {"designation": None, "category": Category.MILITARY_AID}
    found = one(report(pledged(None, money=(4e8, "NOK"), **aid)))
    assert found.stages[Stage.PLEDGED].money == {"NOK": Interval(4e8, 4e8)}
    assert found.stages[Stage.PLEDGED].quantity == UNKNOWN


@pytest.mark.parametrize(
    ("today", "overdue"), [(dt.date(2023, 3, 31), False), (dt.date(2023, 4, 1), True)]
)
def test_a_promise_is_overdue_after_the_last_day_of_its_period(
    today: dt.date, overdue: bool
) -> None:
    found = one(report(pledged(8, when="2023-03")), today=today)
    assert (found.promised, found.due) == ("2023-03", dt.date(2023, 3, 31))
    assert found.overdue is overdue


def test_what_was_delivered_is_not_overdue() -> None:
    promise = report(pledged(8, when="2023-03"))
    partly = one(promise, report(delivered(3, "2023-03-01"), date="2023-03-01"))
    assert partly.overdue
    wholly = one(promise, report(delivered(8, "2023-03-01"), date="2023-03-01"))
    assert not wholly.overdue
    perhaps = one(promise, report(delivered(None, "2023-03-01"), date="2023-03-01"))
    assert not perhaps.overdue


def test_the_day_of_the_announcement_is_no_date_of_delivery() -> None:
    found = one(report(pledged(8, when="2023-02-14")))
    assert (found.promised, found.overdue) == (None, False)


@pytest.mark.parametrize(
    ("claimed", "verdict"), [(8, "agrees"), (9, "exceeds"), (7, "falls-short")]
)
def test_a_total_is_a_check_on_the_sum(claimed: int, verdict: str) -> None:
    found = ledger(
        report(pledged(4)),
        report(pledged(4, quote="another 4"), date="2023-02-24"),
        report(pledged(claimed, scope=Scope.TOTAL), date="2023-03-01"),
    )
    [check] = found.checks
    assert check.verdict == verdict
    assert check.commitments == tuple(sorted(one.id for one in found.commitments))
    assert [one.stages[Stage.PLEDGED].quantity for one in found.commitments] == [
        Interval(4, 4),
        Interval(4, 4),
    ]


@pytest.mark.parametrize(("date", "shown"), [("2023-06-01", True), ("2022-06-01", False)])
def test_a_promise_that_was_later_refused_shows_both(date: str, shown: bool) -> None:
    found = ledger(
        report(pledged(8)),
        report(pledged(None, quote="no tanks now", kind=Kind.REFUSAL), date=date),
        report(pledged(None, quote="no tanks", kind=Kind.REFUSAL, actors=("SWE",)), date=date),
    )
    promise = next(one for one in found.commitments if Stage.PLEDGED in one.stages)
    refusals = found.refusals.get(promise.id, ())
    assert [one.donors for one in refusals] == ([("NOR",)] if shown else [])
    assert promise.stages[Stage.PLEDGED].quantity == Interval(8, 8)


def test_stocks_output_and_use_are_observations() -> None:
    found = ledger(*norway())
    [observation] = found.observations
    assert observation.entry.statement.kind is Kind.STOCK
    assert observation.id not in found.home


def test_the_handover_of_the_whole_promise_is_no_further_delivery() -> None:
    found = one(
        report(pledged(13)),
        report(delivered(4, "2023-03-23"), date="2023-03-23", lead="first"),
        report(delivered(9, "2023-04"), delivered(13), date="2023-04-17", lead="all"),
    )
    assert found.stages[Stage.DELIVERED].quantity == Interval(13, 13)
    assert found.outstanding == Interval(0, 0)


def test_two_deliveries_as_large_as_the_promise_add_up() -> None:
    found = one(
        report(pledged(4)),
        report(delivered(4, "2023-03-23"), date="2023-03-23", lead="first"),
        report(delivered(4, "2023-04-05"), date="2023-04-05", lead="second"),
    )
    assert found.stages[Stage.DELIVERED].quantity == Interval(8, 8)
