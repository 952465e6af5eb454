"""One promise is one undertaking, however often and in whatever order it is reported."""

from __future__ import annotations

import datetime as dt
import random
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from making import Said, entries, norway, report
from making_many import many
from pledgebook.errors import CatalogueError
from pledgebook.ledger.ledger import Ledger, build_ledger
from pledgebook.ledger.reconcile import Group, reconcile
from pledgebook.ledger.records import Entry, Reading
from pledgebook.ledger.rules import load_rules
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category, Kind, Scope, Status

ROOT = Path(__file__).resolve().parent.parent.parent
TODAY = dt.date(2024, 1, 1)


def groups(*readings: Reading) -> list[list[str]]:
    """The quotes that each undertaking rests on."""
    found = reconcile(entries(readings), load_catalogue())
    return [[case.entry.statement.evidence.quote for case in group.cases] for group in found]


def together(*readings: Reading) -> bool:
    return len(groups(*readings)) == 1


def pledge(quote: str = "Norway sends eight tanks", **changes: object) -> Said:
    return Said(quote, **({"quantity": 8} | changes))  # type: ignore[arg-type]


def test_a_recalled_promise_and_its_delivery_are_one_undertaking() -> None:
    assert groups(*norway()) == [
        [
            "Norway will send eight Leopard 2 tanks",
            "the eight Leopard 2 tanks that Norway promised",
            "Norway handed over three of its Leopard 2 tanks",
        ],
        ["Denmark will send 19 F-16 jets"],
        ["Sweden will give ten Leopard 2 tanks"],
        ["Ukraine asked for 100 tanks"],
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"designation": "Leopard 2A4"},
        {"designation": None, "quantity": None},
        {"quantity": None},
        {"quantity": (None, 8)},
        {"kind": Kind.DELIVERY, "quantity": 3},
        {"kind": Kind.DELIVERY, "quantity": None},
        {"recipient": None},
        {"status": Status.TENTATIVE},
    ],
)
def test_a_report_that_may_mean_the_same_joins(changes: dict[str, object]) -> None:
    scope = {"scope": Scope.BACKGROUND}
    later = pledge("the tanks that were promised", **(scope | changes))
    assert together(report(pledge()), report(later, date="2023-02-20"))


@pytest.mark.parametrize(
    "changes",
    [
        {"actors": ("SWE",)},
        {"recipient": "MDA"},
        {"designation": "Challenger 2"},
        {"category": Category.AIR_DEFENCE},
        {"quantity": 40},
        {"kind": Kind.REQUEST},
        {"kind": Kind.REFUSAL},
    ],
)
def test_another_party_item_number_or_kind_is_another_undertaking(
    changes: dict[str, object],
) -> None:
    assert not together(
        report(pledge()), report(pledge("more news of tanks", **changes), date="2023-02-20")
    )


def test_a_further_promise_is_another_undertaking() -> None:
    assert not together(
        report(pledge()),
        report(pledge("Norway sends a further eight tanks"), date="2023-03-20"),
    )


def test_a_promise_years_later_is_another_undertaking() -> None:
    assert not together(
        report(pledge(when="2023-02-14")),
        report(pledge("Norway now sends eight tanks", when="2025-05-01"), date="2025-05-01"),
    )


def test_amounts_of_money_tell_packages_apart() -> None:
    aid = {"category": Category.MILITARY_AID, "designation": None, "quantity": None}
    first = pledge("a package of 400 million", money=(4e8, "USD"), **aid)
    again = pledge("the 400 million", money=(4e8, "USD"), scope=Scope.BACKGROUND, **aid)
    other = pledge("a package of 725 million", money=(7.25e8, "USD"), **aid)
    assert together(report(first), report(again, date="2023-02-20"))
    assert not together(report(first), report(other, date="2023-02-20"))


def test_parts_of_one_document_belong_to_the_whole() -> None:
    jets = {"designation": "MiG-29", "category": Category.AIRCRAFT, "actors": ("SVK",)}
    first = report(pledge("Slovakia will send 13 jets", quantity=13, **jets))
    second = report(
        pledge("four were handed over", quantity=4, kind=Kind.DELIVERY, **jets),
        pledge("the other nine will follow", quantity=9, **jets),
        pledge("Slovakia promised 13", quantity=13, scope=Scope.BACKGROUND, **jets),
        date="2023-03-23",
    )
    assert together(first, second)


def test_a_sale_is_one_undertaking_told_from_both_its_ends() -> None:
    tanks = {"designation": "Abrams"}
    bought = pledge(
        "Taiwan ordered 108", quantity=108, actors=("TWN",), recipient=None, kind=Kind.CONTRACT,
        scope=Scope.BACKGROUND, when="2019", **tanks,
    )  # fmt: skip
    sent = pledge(
        "the first 38 arrived", quantity=38, actors=("USA",), recipient="TWN",
        kind=Kind.DELIVERY, **tanks,
    )  # fmt: skip
    assert together(report(bought), report(sent, date="2023-03-01"))


def test_a_total_over_one_undertaking_joins_it() -> None:
    [group] = reconcile(
        entries(
            [
                report(pledge("a million shells", quantity=1_000_000, unit="round",
                              designation=None, category=Category.ARTILLERY_AMMUNITION)),
                report(pledge("so far 300,000 shells", quantity=300_000, unit="round",
                              designation=None, category=Category.ARTILLERY_AMMUNITION,
                              kind=Kind.DELIVERY, scope=Scope.TOTAL), date="2023-11-01"),
            ]
        )
    )  # fmt: skip
    assert len(group.cases) == 2
    assert group.totals == []


def test_a_total_over_several_is_a_check_and_no_further_promise() -> None:
    first = report(pledge("the first four tanks", quantity=4))
    second = report(pledge("another four tanks", quantity=4), date="2023-02-24")
    total = report(pledge("eight tanks in all", quantity=8, scope=Scope.TOTAL), date="2023-03-01")
    found = reconcile(entries([first, second, total]))
    assert [len(group.cases) for group in found] == [1, 1]
    assert [len(group.totals) for group in found] == [1, 1]


def test_a_total_of_the_allies_is_a_check_on_everybody() -> None:
    total = report(
        pledge("230 tanks from the allies", quantity=230, actors=("ALLIES",), designation=None,
               kind=Kind.DELIVERY, scope=Scope.TOTAL),
        date="2023-04-27",
    )  # fmt: skip
    ledger = build_ledger(entries([*norway(), total]), today=TODAY)
    assert all("ALLIES" not in one.donors for one in ledger.commitments)
    [check] = ledger.checks
    tanks = [one for one in ledger.commitments if one.category is Category.TANK and one.donors]
    assert set(check.commitments) == {one.id for one in tanks}
    assert (check.claimed.low, check.found.low, check.verdict) == (230, 3, "exceeds")


def test_a_total_over_nothing_stands_alone() -> None:
    assert together(report(pledge(scope=Scope.TOTAL)))


def test_every_link_has_a_score_and_says_why() -> None:
    [group, *_] = reconcile(entries(norway()), load_catalogue())
    assert set(group.links) == {case.id for case in group.cases}
    for link in group.links.values():
        assert 0 < link.score <= 1
        assert link.to in group.links
        assert link.reasons
        assert all("{" not in reason.says and reason.weight for reason in link.reasons)


def test_where_two_readings_are_possible_the_ledger_says_so() -> None:
    # The vague promise fits the eight, but the forty would do as well.
    recalled = {"scope": Scope.BACKGROUND}
    found = build_ledger(
        entries(
            [
                report(pledge("Norway sends eight tanks", quantity=8)),
                report(pledge("eight Norwegian tanks", quantity=8, **recalled), date="2023-02-16"),
                report(pledge("Norway sends forty tanks", quantity=40), date="2023-02-18"),
                report(pledge("forty Norwegian tanks", quantity=40, **recalled), date="2023-02-19"),
                report(pledge("the tanks", quantity=None, **recalled), date="2023-02-20"),
            ]
        ),
        today=TODAY,
    )
    one, other = found.commitments
    assert {len(one.statements), len(other.statements)} == {2, 3}
    assert [doubt.anchor for doubt in one.doubts] == [other.statements[0]]
    assert [doubt.anchor for doubt in other.doubts] == [one.statements[0]]
    assert one.doubts[0].score > 0.5
    assert one.doubts[0].reasons
    judged = [(mine, theirs) for mine in one.statements for theirs in other.statements]
    apart = reconcile(found.entries.values(), different=judged)
    assert [group.doubts for group in apart] == [[], []]


def test_unnamed_givers_are_not_taken_for_each_other() -> None:
    assert not together(
        report(pledge(actors=(), quantity=None)),
        report(pledge("tanks were sent", actors=(), quantity=None, designation="T-72")),
        report(pledge("tanks will come")),
    )


def shape(found: list[Group]) -> list[tuple[list[str], list[str], list[object]]]:
    return [
        (
            [case.id for case in group.cases],
            [case.id for case in group.totals],
            [group.links[case.id] for case in group.cases],
        )
        for group in found
    ]


LARGE = many(120)


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False), st.integers(0, len(LARGE)))
def test_the_order_of_reading_does_not_matter(chance: random.Random, count: int) -> None:
    some = LARGE[:count] + entries(norway())
    shuffled = chance.sample(some, len(some))
    assert shape(reconcile(shuffled)) == shape(reconcile(some))
    assert build_ledger(shuffled, today=TODAY) == build_ledger(some, today=TODAY)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, len(LARGE)))
def test_every_statement_is_counted_once(count: int) -> None:
    ledger = build_ledger(LARGE[:count], today=TODAY)
    assert_whole(ledger, LARGE[:count])


def assert_whole(ledger: Ledger, found: list[Entry]) -> None:
    inside = [name for one in ledger.commitments for name in one.statements]
    checked = {check.statement for check in ledger.checks}
    seen = {observation.id for observation in ledger.observations}
    assert len(inside) == len(set(inside))
    assert checked.isdisjoint(inside)
    assert {*inside, *checked, *seen} == {entry.id for entry in found}
    assert len({one.id for one in ledger.commitments}) == len(ledger.commitments)


def test_every_beginning_of_a_story_is_a_whole_ledger() -> None:
    story = sorted(entries(norway()), key=lambda entry: entry.order)
    for count in range(len(story) + 1):
        assert_whole(build_ledger(story[:count], today=TODAY), story[:count])


def test_twenty_thousand_statements_make_a_whole_ledger() -> None:
    book = many(20_000)
    assert_whole(build_ledger(book, today=TODAY), book)


def test_rules_that_break_their_schema_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text("threshold = 'high'")
    with pytest.raises(CatalogueError, match="rules of reconciling"):
        load_rules(path)


def test_the_coded_corpus_is_joined_well_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "benchmarks"), *sys.path])
    import links
    from corpus import find_corpus

    corpora = find_corpus()
    if corpora is None:
        pytest.skip("the coded corpora are not here")
    f1, cells = links.figures(links.score(corpora))
    assert f1 >= 0.9
    assert cells >= 0.88


def test_an_undated_report_of_a_dated_promise_is_the_same_undertaking() -> None:
    assert together(
        report(pledge("Norway will send eight Leopard 2 tanks"), date="2023-02-14"),
        report(pledge("Norway sends eight of its Leopard 2 tanks"), date=None, lead="undated"),
    )
