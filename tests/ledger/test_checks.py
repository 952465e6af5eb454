"""Running totals as constraints on sums: what they cover, whether they hold, and the gap."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from undertaking import TODAY, came, cases_of, one_group, pledged

from making import Said, entries, report
from pledgebook.ledger.checks import build_checks
from pledgebook.ledger.commitments import Check
from pledgebook.ledger.intervals import Interval, Total
from pledgebook.ledger.reconcile import Group
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.undertakings import settle
from pledgebook.ledger.wording import check_line
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category, Scope


def check(total: Said, *said: list[Said] | Said, date: str = "2023-06-01") -> Check:
    """Hold a total against undertakings, each made of some statements of its own."""
    groups = []
    for number, found in enumerate(said):
        some = found if isinstance(found, list) else [found]
        groups.append(one_group(report(one, lead=f"report {number}") for one in some))
    [case] = cases_of(entries([report(total, date=date)]))
    for group in groups:
        group.totals.append(case)
    commitments, _ = settle(groups, TODAY, load_catalogue())
    [found_check] = build_checks(groups, commitments)
    return found_check


def total_of(quantity: object, **changes: Any) -> Said:  # noqa: ANN401
    return pledged(quantity, "in all", scope=Scope.TOTAL, **changes)


@pytest.mark.parametrize(
    ("claimed", "verdict", "gap"),
    [
        (14, "agrees", None),
        (20, "exceeds", Interval(6, 6)),
        ((20, None), "exceeds", Interval(6, None)),
        ((20, 25), "exceeds", Interval(6, 11)),
        ((None, 25), "agrees", None),
        (10, "falls-short", Interval(4, 4)),
        ((None, 10), "falls-short", Interval(4, 14)),
    ],
)
def test_a_total_is_held_against_the_sum(
    claimed: object, verdict: str, gap: Interval | None
) -> None:
    found = check(total_of(claimed), pledged(4), pledged(10))
    assert found.found == Total(14, 14, 0)
    assert (found.verdict, found.gap) == (verdict, gap)


def test_a_total_of_nothing_known_settles_nothing() -> None:
    found = check(total_of(None), pledged(4))
    assert (found.verdict, found.gap) == ("unknown", None)


def test_what_is_unknown_may_make_up_the_difference() -> None:
    found = check(total_of(20), pledged(4), pledged(10), pledged(None))
    assert (found.verdict, found.gap) == ("unknown", Interval(6, 6))
    assert check_line(found) == (
        "a running total of 20 pledged cannot be compared with the sum of 3 commitments (14): "
        "6 would be what 1 of unknown size come to"
    )
    less = check(total_of(10), pledged(4), pledged(10), pledged(None))
    assert (less.verdict, less.gap) == ("falls-short", Interval(4, None))


def test_what_has_no_upper_end_agrees_with_more() -> None:
    found = check(total_of(20), pledged(4), pledged((10, None)))
    assert (found.verdict, found.gap) == ("agrees", None)


def test_nothing_found_singly_is_less_than_any_total() -> None:
    delivered = came(6, quote="six so far", scope=Scope.TOTAL)
    found = check(delivered, pledged(4), pledged(10))
    assert (found.found, found.counted) == (Total(), ())
    assert (found.verdict, found.gap) == ("exceeds", Interval(6, 6))
    one_came = check(delivered, [pledged(4), came(None, "2023-03-01")], pledged(10))
    assert (one_came.verdict, one_came.gap) == ("unknown", Interval(6, 6))
    assert len(one_came.counted) == 1
    assert len(one_came.commitments) == 2


def test_other_units_are_not_added() -> None:
    found = check(total_of(10, unit="round"), pledged(4), pledged(10, unit="round"))
    assert (found.found, found.verdict) == (Total(10, 10, 0), "agrees")


def test_a_total_of_a_period_covers_nothing_that_was_settled_before_it() -> None:
    early = pledged(4)
    found = check(total_of(10, when="2023-03/2023-05"), early, date="2023-06-01")
    assert found.commitments == ()
    since = check(total_of(10, when="2023-02/2023-05"), early, date="2023-06-01")
    assert len(since.commitments) == 1


@pytest.mark.parametrize(
    ("total", "covers"),
    [
        (total_of(10), "NOR to UKR: Leopard 2 pledged by 2023-06-01"),
        (total_of(10, when="2023-05-31"), "NOR to UKR: Leopard 2 pledged by 2023-05-31"),
        (
            total_of(10, when="2023", designation=None, recipient=None),
            "NOR: tank pledged from 2023-01-01 to 2023-06-01",
        ),
        (
            total_of(10, when="2025", actors=("ALLIES",)),
            "all that the allies gave to UKR: Leopard 2 pledged from 2025-01-01 to 2025-12-31",
        ),
    ],
)
def test_a_check_says_what_the_total_covers(total: Said, covers: str) -> None:
    assert check(total, pledged(4)).covers == covers


AID: dict[str, Any] = {"category": Category.MILITARY_AID, "designation": None, "quantity": None}


def test_money_is_held_against_packages_without_their_parts() -> None:
    package = Said("a package of 250 million", money=(250e6, "USD"), **AID)
    fund = Said("of which 100 million are old", money=(100e6, "USD"), **AID)
    reading = report(package, fund)
    cases = cases_of(entries([reading]))
    groups = [Group([case]) for case in cases]
    said = Said("400 million in all", money=(400e6, "USD"), scope=Scope.TOTAL, **AID)
    [total] = cases_of(entries([report(said, date="2023-06-01")]))
    for group in groups:
        group.totals.append(total)
    commitments, _ = settle(groups, TODAY, load_catalogue())
    [found] = build_checks(groups, commitments)
    assert found.found == Total(250e6, 250e6, 0)
    assert (found.verdict, found.gap, found.unit) == ("exceeds", Interval(150e6, 150e6), "USD")
    assert check_line(found).endswith(": 150,000,000 USD more than was found singly")


def test_a_total_that_falls_short_says_by_how_much() -> None:
    line = check_line(check(total_of(10), pledged(14)))
    assert line == (
        "a running total of 10 pledged is less than the sum of 1 commitment (14): "
        "4 less than was found singly"
    )


_AMOUNTS = st.lists(
    st.one_of(st.none(), st.tuples(st.integers(0, 9), st.integers(0, 9))), min_size=1, max_size=4
)


@given(_AMOUNTS, st.tuples(st.integers(0, 40), st.integers(0, 20)), st.data())
def test_a_verdict_against_a_total_is_never_wrong(
    sizes: list[tuple[int, int] | None], claimed: tuple[int, int], data: st.DataObject
) -> None:
    """Whatever the true amounts are: a total that they come to is never said to contradict them."""
    low, width = claimed
    said = [
        pledged(None if size is None else (size[0], size[0] + size[1]), f"said {number}")
        for number, size in enumerate(sizes)
    ]
    found = check(total_of((low, low + width)), *said)
    truth = sum(
        data.draw(st.integers(0, 50)) if size is None else data.draw(
            st.integers(size[0], size[0] + size[1]))
        for size in sizes
    )  # fmt: skip
    if low <= truth <= low + width:
        assert found.verdict in {"agrees", "unknown"}
    if found.verdict == "exceeds":
        assert found.gap is not None
        assert truth + found.gap.floor <= low + width or truth < low


def test_checks_are_made_for_every_total_once() -> None:
    group = one_group([report(pledged(4))])
    [case] = cases_of(entries([report(total_of(10), date="2023-06-01")]))
    group.totals += [case]
    other = one_group([report(pledged(6, "six more"), date="2023-03-01")])
    other.totals += [case]
    commitments, _ = settle([group, other], dt.date(2024, 1, 1), load_catalogue())
    [found] = build_checks([group, other], commitments)
    assert found.stage is Stage.PLEDGED
    assert found.commitments == tuple(sorted(one.id for one in commitments))
