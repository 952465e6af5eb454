"""What is overdue, and how long it took."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from asking_books import TODAY, catalogue, ledger

from asking_story import asking_story
from making import Said, entries, report
from pledgebook.errors import UsageError
from pledgebook.ledger.answers.lags import LagRow, Times, lag_of, lag_rows
from pledgebook.ledger.answers.overdue import OverdueList, overdue_list
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.ledger import Ledger, build_ledger
from pledgebook.vocabulary.statement import Category, Kind, Scope


def overdue(found: Ledger, today: dt.date = TODAY) -> OverdueList:
    return overdue_list(found.commitments, found.entries, today)


def test_a_month_is_late_from_its_last_day() -> None:
    [row] = overdue(ledger()).rows
    assert row.commitment.donors == ("NOR",)
    assert row.due == dt.date(2023, 3, 31)
    assert row.days_late == 276  # from 31 March to 1 January
    assert row.vague
    assert row.left == Interval(3, 3)
    assert row.last_delivery == dt.date(2023, 5, 31)
    assert row.id == row.commitment.id


def test_a_day_is_not_vague() -> None:
    found = ledger(report(Said("ten tanks by 1 April", quantity=10, when="2023-04-01")))
    [row] = overdue(found).rows
    assert (row.days_late, row.vague, row.last_delivery) == (275, False, None)


def test_what_has_come_or_is_still_to_come_is_not_late() -> None:
    listed = overdue(ledger())
    # Germany's shells were due on 30 June and came; the joint tanks and others name no day.
    assert all(row.commitment.donors != ("DEU",) for row in listed.rows)
    assert listed.undated == 7
    later = ledger(
        report(Said("ten tanks by summer", quantity=10, when="2024-08")), today=dt.date(2024, 1, 1)
    )
    assert overdue(later) == OverdueList(TODAY, (), 1, 0)


def test_the_latest_come_first_and_of_equal_lateness_the_largest() -> None:
    found = ledger(
        report(
            Said("two tanks by 1 May", actors=("SWE",), quantity=2, when="2023-05-01"),
            Said("nine tanks by 1 May", actors=("NOR",), quantity=9, when="2023-05-01"),
            Said("one tank by 1 April", actors=("ESP",), quantity=1, when="2023-04-01"),
            Said("some money by 1 May", actors=("FRA",), money=(5e6, "EUR"), when="2023-05-01",
                 category=Category.FINANCIAL_AID, designation=None),
        )
    )  # fmt: skip
    assert [row.commitment.donors[0] for row in overdue(found).rows] == ["ESP", "NOR", "SWE", "FRA"]
    assert overdue(found).rows[-1].money == {"EUR": Interval(5e6, 5e6)}


def test_a_running_total_is_no_delivery_of_its_day() -> None:
    found = ledger(
        report(Said("ten tanks by April", quantity=10, when="2023-04"), date="2023-02-01"),
        report(
            Said("three tanks came", kind=Kind.DELIVERY, quantity=3, when="2023-03-20"),
            date="2023-03-21",
        ),
        report(
            Said("three so far", kind=Kind.DELIVERY, scope=Scope.TOTAL, quantity=3),
            date="2023-05-15",
        ),
    )
    [row] = overdue(found).rows
    assert row.last_delivery == dt.date(2023, 3, 20)


def lags(found: Ledger, *by: str) -> dict[tuple[str | None, ...], LagRow]:
    made = lag_rows(found.commitments, by, found.entries, catalogue(), TODAY)
    return {row.group.labels: row for row in made}


def test_from_the_report_to_the_first_delivery() -> None:
    norway = lags(ledger(), "donor", "category")["NOR", "tank"]
    # Promised on 1 February, the first came on 20 March, and three have not come yet.
    assert norway.delivery == Times(1, 47, 47, 47)
    assert norway.completion == Times(0)
    assert norway.open == 0
    assert norway.from_reports == 1
    germany = lags(ledger(), "donor", "category")["DEU", "artillery-ammunition"]
    assert germany.delivery == Times(1, 153, 153, 153)  # 7 February to 10 July
    assert germany.completion == Times(1, 153, 153, 153)


def test_what_has_not_come_is_counted_and_not_in_the_median() -> None:
    tanks = lags(ledger(), "category")["tank",]
    assert tanks.delivery.number == 1
    assert tanks.open == 2  # the joint ones, and Poland's
    assert tanks.waiting == Times(2, 256, 184, 328)
    assert len(tanks.lags) == 3


def test_median_and_range() -> None:
    said = []
    for place, days in enumerate((10, 30, 100, 40)):
        name = f"Model {place}"
        promised = dt.date(2023, 1, 1)
        said.append(
            report(
                Said(f"{name} promised", designation=name, quantity=1), date=promised.isoformat()
            )
        )
        came = promised + dt.timedelta(days)
        said.append(report(Said(f"{name} came", designation=name, quantity=1, kind=Kind.DELIVERY,
                                when=came.isoformat()), date=came.isoformat()))  # fmt: skip
    row = lags(ledger(*said), "donor")["NOR",]
    assert row.delivery == Times(4, 35, 10, 100)
    assert row.completion == Times(4, 35, 10, 100)


def test_the_day_that_a_recalling_report_names_counts() -> None:
    found = ledger(
        report(Said("the eight tanks promised on 5 January", quantity=8, when="2023-01-05",
                    scope=Scope.BACKGROUND), date="2023-02-01"),
        report(Said("the eight tanks have come", quantity=8, kind=Kind.DELIVERY),
               date="2023-02-05"),
    )  # fmt: skip
    [one] = found.commitments
    lag = lag_of(one, found.entries, TODAY)
    assert lag is not None
    assert (lag.promised, lag.promised_basis) == (dt.date(2023, 1, 5), "when")
    assert (lag.first, lag.first_basis) == (dt.date(2023, 2, 5), "report")
    assert lag.days == 31


def test_what_was_told_as_a_promise_only_afterwards_has_no_time() -> None:
    found = ledger(
        report(Said("eight tanks came in January", quantity=8, kind=Kind.DELIVERY,
                    when="2023-01-10"), date="2023-01-12"),
        report(Said("the eight tanks that had been promised", quantity=8,
                    scope=Scope.BACKGROUND), date="2023-03-01"),
    )  # fmt: skip
    row = lags(found, "donor")["NOR",]
    assert row.told_after == 1
    assert row.delivery.number == row.open == 0


def test_requests_refusals_and_own_purchases_have_no_time() -> None:
    found = ledger(
        report(
            Said("ten tanks are needed", kind=Kind.REQUEST, actors=("UKR",), quantity=10),
            Said("no tanks from Bern", kind=Kind.REFUSAL, actors=("CHE",)),
            Said("Berlin orders ten tanks", kind=Kind.CONTRACT, actors=("DEU",), recipient=None,
                 quantity=10),
        )
    )  # fmt: skip
    assert lags(found, "donor") == {}


def test_times_are_not_grouped_by_time_or_stage() -> None:
    with pytest.raises(UsageError, match="month"):
        lags(ledger(), "month")


def test_the_order_of_reading_changes_nothing() -> None:
    found = entries(asking_story())
    first = build_ledger(found, today=TODAY, tree=catalogue())
    random.Random(7).shuffle(found)
    other = build_ledger(found, today=TODAY, tree=catalogue())
    assert overdue(first) == overdue(other)
    assert lags(first, "donor") == lags(other, "donor")
