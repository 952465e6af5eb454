"""What reports come to: each undertaking once, told from the others, with links, totals, doubts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joining_rows import RULES, TREE, books, scored

from making import Said, entries, report
from pledgebook.ledger.cases import FAMILIES
from pledgebook.ledger.joining.scoring import VETO
from pledgebook.ledger.reconcile import Group, reconcile
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.statement import Category, Kind, Scope

Days = tuple[Said, str]
RECALLED: dict[str, Any] = {"scope": Scope.BACKGROUND}
TOTAL: dict[str, Any] = {"scope": Scope.TOTAL}


def tanks(quote: str, quantity: Any = None, **changes: Any) -> Said:  # noqa: ANN401
    return Said(quote, **({"quantity": quantity} | changes))


def told(*said: Said, every: int = 6, start: int = 1) -> list[Entry]:
    """Each in a report of its own, some days after the one before."""
    return entries(
        report(one, date=f"2023-{place // 28 + 1:02}-{place % 28 + 1:02}", lead=f"No. {number}.")
        for number, one in enumerate(said)
        for place in [start + number * every]
    )


def quotes(groups: Sequence[Group]) -> list[list[str]]:
    return [[case.entry.statement.evidence.quote for case in one.cases] for one in groups]


def joined(*said: Said, **how: int) -> list[list[str]]:
    return quotes(reconcile(told(*said, **how), TREE))


def ids(found: Sequence[Entry], one: str, other: str) -> tuple[str, str]:
    names = {entry.statement.evidence.quote: entry.id for entry in found}
    return names[one], names[other]


def shape(groups: Sequence[Group]) -> list[object]:
    return [
        (
            [case.id for case in group.cases],
            [case.id for case in group.totals],
            sorted(group.links.items()),
            group.doubts,
        )
        for group in groups
    ]


crowds = books(kinds=tuple(FAMILIES), most=30, days=200)


def drawn_pairs(found: list[Entry], chance: random.Random, many: int) -> list[tuple[str, str]]:
    names = [one.id for one in found]
    return [tuple(chance.sample(names, 2)) for _ in range(many) if len(names) > 1]  # type: ignore[misc]


@settings(max_examples=60)
@given(crowds, st.randoms(use_true_random=False), st.integers(0, 3), st.integers(0, 3))
def test_neither_order_nor_repetition_matters(
    found: list[Entry], chance: random.Random, musts: int, cannots: int
) -> None:
    same, different = drawn_pairs(found, chance, musts), drawn_pairs(found, chance, cannots)
    first = reconcile(found, TREE, same=same, different=different)
    shuffled = chance.sample(found, len(found)) + found[:3]
    again = reconcile(
        shuffled,
        TREE,
        same=[(b, a) for a, b in reversed(same)],
        different=[(b, a) for a, b in reversed(different)],
    )
    assert shape(again) == shape(first)


@settings(max_examples=60)
@given(crowds, st.randoms(use_true_random=False))
def test_what_people_decided_stands_above_all(found: list[Entry], chance: random.Random) -> None:
    found = [one for one in found if one.statement.kind in FAMILIES]
    if len(found) < 2:
        return
    [must] = drawn_pairs(found, chance, 1)
    home = home_of(reconcile(found, TREE, same=[must]))
    assert home[must[0]] == home[must[1]]
    free = home_of(reconcile(found, TREE))
    if must[0] in free and must[1] in free:
        apart = home_of(reconcile(found, TREE, different=[must]))
        assert apart.get(must[0]) is None or apart.get(must[0]) != apart.get(must[1])


def home_of(groups: Sequence[Group]) -> dict[str, int]:
    return {case.id: number for number, one in enumerate(groups) for case in one.cases}


def test_a_person_may_join_what_the_machine_never_compares() -> None:
    found = told(
        tanks("Norway's tanks", 8),
        tanks("the Danish money", category=Category.FINANCIAL_AID, actors=("DNK",),
              recipient="MDA", designation=None, money=(4e8, "USD")),
        every=3,
    )  # fmt: skip
    pair = ids(found, "Norway's tanks", "the Danish money")
    assert len(reconcile(found, TREE)) == 2
    [group] = reconcile(found, TREE, same=[pair])
    assert all(link.judged and link.score == 1.0 for link in group.links.values())
    assert len(reconcile(found, TREE, same=[pair], different=[pair])) == 1


def test_a_person_may_part_what_the_machine_joins_and_others_stay() -> None:
    found = told(*(tanks(f"report {n}", 8, **(RECALLED if n else {})) for n in range(4)))
    assert len(reconcile(found, TREE)) == 1
    pair = ids(found, "report 0", "report 3")
    groups = reconcile(found, TREE, different=[pair])
    assert sorted(map(len, quotes(groups))) == [1, 3]
    home = home_of(groups)
    assert home[pair[0]] != home[pair[1]]


def test_a_total_that_a_person_places_stays_there() -> None:
    found = told(
        tanks("four", 4),
        tanks("another four", 4),
        tanks("44 in all", 44, **TOTAL),
    )
    assert [len(one.totals) for one in reconcile(found, TREE)] == [1, 1]
    pair = ids(found, "four", "44 in all")
    groups = reconcile(found, TREE, same=[pair])
    assert quotes(groups) == [["four", "44 in all"], ["another four"]]
    barred = reconcile(found, TREE, different=[pair])
    assert [len(one.totals) for one in barred] == [0, 1]


@settings(max_examples=60)
@given(crowds)
def test_links_say_how_well_a_statement_belongs(found: list[Entry]) -> None:
    groups = reconcile(found, TREE)
    table, scorer = scored(found)
    row = {name: number for number, name in enumerate(table.ids)}
    for group in groups:
        members = [case.id for case in group.cases]
        assert set(group.links) == set(members)
        for name, link in group.links.items():
            assert link.statement == name
            assert 0 < link.score <= 1
            assert not link.judged
            if len(members) == 1:
                assert (link.to, link.score, link.reasons) == (None, 1.0, ())
                continue
            assert link.to in members
            assert link.to != name
            held = scorer.rules(row[name], row[link.to])
            assert {one.rule for one in link.reasons} <= set(held)


@settings(max_examples=60)
@given(crowds)
def test_doubts_are_mutual_and_lead_to_other_undertakings(found: list[Entry]) -> None:
    groups = reconcile(found, TREE)
    by_anchor = {group.cases[0].id: group for group in groups}
    for group in groups:
        mine = {case.id for case in group.cases}
        for doubt in group.doubts:
            other = by_anchor[doubt.anchor]
            assert other is not group
            assert doubt.score > 0.5
            back = [one for one in other.doubts if one.anchor == group.cases[0].id]
            assert len(back) == 1
            assert back[0].score == doubt.score
            assert doubt.statement in mine | {case.id for case in group.totals}


# Totals


def test_a_total_of_one_undertaking_joins_it_and_one_of_several_is_a_check() -> None:
    promised = tanks("fourteen are promised", 14)
    so_far = tanks("six so far", 6, kind=Kind.DELIVERY, **TOTAL)
    [one] = reconcile(told(promised, so_far), TREE)
    assert (len(one.cases), one.totals) == (2, [])
    further = tanks("a further ten", 10)
    all_of_them = tanks("24 in all", 24, **TOTAL)
    groups = reconcile(told(promised, further, all_of_them), TREE)
    assert quotes(groups) == [["fourteen are promised"], ["a further ten"]]
    assert [len(group.totals) for group in groups] == [1, 1]


def test_a_total_opens_an_undertaking_only_where_there_is_none() -> None:
    groups = reconcile(told(tanks("24 in all", 24, **TOTAL)), TREE)
    assert quotes(groups) == [["24 in all"]]
    # A total sums over what came before it, and over its own givers.
    groups = reconcile(told(tanks("24 in all", 24, **TOTAL), tanks("ten", 10, actors=("SWE",))))
    assert [len(group.totals) for group in groups] == [0, 0]


# Figures


@pytest.mark.parametrize(
    "again",
    [(None, 14), (10, 14), (12, 16), None, 14],
    ids=["up to", "a company", "12-16", "-", "14"],
)
def test_another_way_to_give_the_figure_is_the_same_undertaking(again: Any) -> None:  # noqa: ANN401
    assert len(joined(tanks("14 tanks", 14), tanks("the tanks", again, **RECALLED))) == 1


@pytest.mark.parametrize("other", [40, (None, 5), (40, None)])
def test_figures_that_exclude_each_other_are_two(other: Any) -> None:  # noqa: ANN401
    assert len(joined(tanks("14 tanks", 14), tanks("Norway's tanks", other))) == 2


def test_a_vague_report_never_brings_different_figures_together() -> None:
    said = [
        tanks("fourteen", 14),
        tanks("the fourteen", 14, **RECALLED),
        tanks("a further forty", 40),
        tanks("those forty", 40, **RECALLED),
    ]
    figures = [["fourteen", "the fourteen"], ["a further forty", "those forty"]]
    assert joined(*said) == figures
    for many in range(1, 6):
        vague = [tanks(f"tanks, number {n}", **RECALLED) for n in range(many)]
        found = joined(*said, *vague, every=3)
        assert [[text for text in one if "number" not in text] for one in found] == figures


def test_a_further_four_is_another_undertaking_and_keeps_its_reports() -> None:
    assert joined(
        tanks("eight tanks", 8),
        tanks("the eight tanks", 8, **RECALLED),
        tanks("a further four", 4),
        tanks("the further four", 4, **RECALLED),
    ) == [["eight tanks", "the eight tanks"], ["a further four", "the further four"]]


def test_a_corrected_figure_stays_with_what_it_corrects() -> None:
    said = tanks("not 14 but 12 tanks", 12, speaker="minister", **RECALLED)
    assert len(joined(tanks("14 tanks", 14), said, every=1)) == 1


def test_asked_refused_and_granted_are_three_that_stay_apart() -> None:
    groups = joined(
        tanks("Ukraine asks for 14", 14, kind=Kind.REQUEST, actors=("UKR",), recipient="UKR"),
        tanks("Norway says no", 14, kind=Kind.REFUSAL),
        tanks("Norway grants 14", 14),
        tanks("Norway sends the 14", 14, kind=Kind.DELIVERY),
    )
    assert groups == [
        ["Ukraine asks for 14"],
        ["Norway says no"],
        ["Norway grants 14", "Norway sends the 14"],
    ]


def test_deliveries_in_parts_belong_to_the_promise() -> None:
    parts = [tanks(f"{n} came", n, kind=Kind.DELIVERY) for n in (2, 3, 4)]
    [one] = joined(tanks("nine are promised", 9), *parts)
    assert len(one) == 4


# Parties


def test_what_the_allies_give_may_be_what_one_of_them_gives() -> None:
    allies = tanks("the allies send 31", 31, actors=("ALLIES",), **RECALLED)
    assert len(joined(tanks("America sends 31", 31, actors=("USA",)), allies)) == 1
    other = tanks("the allies send 50", 50, actors=("ALLIES",), **RECALLED)
    assert len(joined(tanks("America sends 31", 31, actors=("USA",)), other)) == 2


def test_what_a_group_gives_may_be_what_a_member_gives() -> None:
    fund = tanks("the Union pays for 31", 31, actors=("EU",))
    assert len(joined(fund, tanks("Poland's 31", 31, actors=("POL",), **RECALLED))) == 1
    assert len(joined(fund, tanks("America's 31", 31, actors=("USA",), **RECALLED))) == 2
    assert len(joined(fund, tanks("Polish tanks", actors=("POL",), **RECALLED))) == 2


def test_who_acts_with_others_may_be_named_alone() -> None:
    both = tanks("the two send eight", 8, actors=("DNK", "NLD"))
    alone = tanks("Denmark's eight", 8, actors=("DNK",), **RECALLED)
    assert len(joined(both, alone)) == 1


def test_a_sale_is_told_from_both_ends() -> None:
    order = {"kind": Kind.CONTRACT, "recipient": None, "actors": ("TWN",)}
    sent = {"kind": Kind.DELIVERY, "recipient": "TWN", "actors": ("USA",)}
    assert len(joined(tanks("Taiwan buys 38", 38, **order), tanks("38 came", 38, **sent))) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [(("USA",), ("DEU",)), ((), ("DEU",)), ((), ("ALLIES",))],
)
def test_others_act_for_themselves(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    one, other = tanks("one sends 31", 31, actors=first), tanks("31 go", 31, actors=second)
    found = told(one, other, every=0)
    table, scorer = scored(found)
    assert len(table) == 2
    assert len(reconcile(found, TREE)) == 2
    assert scorer.rules(0, 1) == []
    assert RULES.threshold > VETO
