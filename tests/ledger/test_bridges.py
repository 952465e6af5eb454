"""What a person keeps apart stays apart, whatever would join it at one remove; and that is told."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from making import START, Said, entries, report
from making_many import many
from pledgebook.ledger.answers.apart import apart_findings
from pledgebook.ledger.bridges import bridges
from pledgebook.ledger.consequences import bridge_line, consequences
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.ledger import Ledger, build_ledger
from pledgebook.ledger.records import Entry
from pledgebook.vocabulary.statement import Scope

TODAY = dt.date(2024, 1, 1)


def judge(
    kind: Verdict, *groups: Sequence[Entry], minute: int = 0, by: str = "A. Clerk"
) -> Judgement:
    made_at = START + dt.timedelta(minutes=minute)
    return Judgement.make(kind, groups, by=by, note="", made_at=made_at)


def ledger_of(found: list[Entry], *judgements: Judgement) -> Ledger:
    return build_ledger(found, judgements, today=TODAY)


@cache
def three() -> tuple[Entry, Entry, Entry]:
    """Two promises that the machine keeps apart, and between them one that makes all three one.

    Whatever its weights are: the first such case among many is taken.
    """
    start = dt.date(2023, 2, 14)
    for most, amount, designation, days, scope in itertools.product(
        (12, 20, 40), (None, 8, (8, 40)), ("Leopard", "Leopard 2", None), (1, 5, 60), Scope
    ):
        [first] = entries([report(Said("the first tanks", quantity=8))])
        between = Said("some tanks", quantity=amount, designation=designation, scope=scope)
        when = start + dt.timedelta(days=days)
        [vague] = entries([report(between, date=when.isoformat())])
        when += dt.timedelta(days=days)
        [last] = entries([report(Said("the last tanks", quantity=most), date=when.isoformat())])
        if (
            len(ledger_of([first, last]).commitments) == 2
            and len(ledger_of([first, vague, last]).commitments) == 1
        ):
            return first, vague, last
    raise AssertionError("nothing is joined at one remove")


def test_what_would_join_two_that_are_kept_apart_is_found() -> None:
    first, vague, last = three()
    found = [first, vague, last]
    assert len(ledger_of(found).commitments) == 1
    made = judge(Verdict.DIFFERENT, [first], [last])
    ledger = ledger_of(found, made)
    assert ledger.home[first.id] != ledger.home[last.id]
    [bridge] = bridges(ledger)
    assert set(bridge.apart) == {first.id, last.id}
    assert bridge.through == (vague.id,)
    assert bridge.judgements == (made.id,)
    assert not bridge.direct
    line = bridge_line(bridge, ledger)
    assert "they would join through" in line
    assert vague.id in line
    assert f"which is counted in {ledger.home[vague.id]}" in line
    assert bridges(ledger, of=["c" + "0" * 20]) == []
    assert bridges(ledger, of=[ledger.home[last.id]]) == [bridge]


def test_two_that_nothing_would_join_have_no_bridge() -> None:
    first, _, last = three()
    ledger = ledger_of([first, last], judge(Verdict.DIFFERENT, [first], [last]))
    assert bridges(ledger) == []


def test_two_that_would_be_joined_by_themselves_are_told_so() -> None:
    [one] = entries([report(Said("Norway will send 8 tanks", quantity=8))])
    again = Said("the 8 tanks that Norway promised", quantity=8, scope=Scope.BACKGROUND)
    [other] = entries([report(again, date="2023-02-16")])
    assert len(ledger_of([one, other]).commitments) == 1
    ledger = ledger_of([one, other], judge(Verdict.DIFFERENT, [one], [other]))
    [bridge] = bridges(ledger)
    assert bridge.direct
    assert "without it the two would be joined" in bridge_line(bridge, ledger)


def test_a_same_that_draws_a_report_over_says_where_it_came_from() -> None:
    first, vague, last = three()
    found = [first, vague, last]
    apart = judge(Verdict.DIFFERENT, [first], [last], by="B. Clerk")
    before = ledger_of(found, apart)
    other = last if before.home[vague.id] == before.home[first.id] else first
    joined = judge(Verdict.SAME, [other], [vague], minute=1)
    after = ledger_of(found, apart, joined)
    assert after.home[vague.id] == after.home[other.id]
    assert after.home[first.id] != after.home[last.id]
    [line] = consequences(before, after, joined)
    assert line.startswith((vague.id, other.id))
    assert "are judged different" in line
    assert "B. Clerk" in line
    assert apart.id in line


def test_a_same_at_one_remove_says_what_it_overrules() -> None:
    first, vague, last = three()
    found = [first, vague, last]
    apart = judge(Verdict.DIFFERENT, [first], [last], by="B. Clerk")
    here = judge(Verdict.SAME, [first], [vague], minute=1)
    there = judge(Verdict.SAME, [vague], [last], minute=2)
    before, after = ledger_of(found, apart, here), ledger_of(found, apart, here, there)
    assert after.home[first.id] == after.home[last.id]
    assert after.decisions.overruled == (apart,)
    [line] = consequences(before, after, there)
    assert line.startswith(apart.id)
    assert "gives way" in line
    assert here.id in line
    assert there.id in line
    assert "hold: they were made later" in line


def test_a_different_says_what_would_join_the_two_again() -> None:
    first, vague, last = three()
    found = [first, vague, last]
    before = ledger_of(found)
    made = judge(Verdict.DIFFERENT, [first], [last])
    [line] = consequences(before, ledger_of(found, made), made)
    assert "they would join through" in line
    assert vague.id in line


def test_a_judgement_that_changes_nothing_else_is_told_nothing_of() -> None:
    first, vague, last = three()
    made = judge(Verdict.SAME, [first], [vague])
    found = [first, vague, last]
    assert consequences(ledger_of(found), ledger_of(found, made), made) == []


SOME = many(60)
pairs = st.tuples(st.sampled_from(SOME), st.sampled_from(SOME)).filter(
    lambda pair: pair[0].id != pair[1].id
)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from([Verdict.SAME, Verdict.DIFFERENT]), pairs), max_size=12))
def test_no_chain_of_links_joins_what_is_judged_different(
    decided: list[tuple[Verdict, tuple[Entry, Entry]]],
) -> None:
    made = [
        judge(kind, [one], [other], minute=number)
        for number, (kind, (one, other)) in enumerate(decided)
    ]
    ledger = ledger_of(SOME, *made)
    home = ledger.home
    for one, other in ledger.decisions.different:
        if one in home and other in home:
            assert home[one] != home[other]
    for one, other in ledger.decisions.same:
        if one in home and other in home:
            assert home[one] == home[other]
    for bridge in bridges(ledger):
        assert home[bridge.apart[0]] != home[bridge.apart[1]]
        assert set(bridge.judgements) <= {one.id for one in made}


@settings(max_examples=25)
@given(st.data())
def test_every_pair_of_one_undertaking_can_be_parted(data: st.DataObject) -> None:
    plain = ledger_of(SOME)
    large = [one for one in plain.commitments if len(one.statements) > 1]
    whole = data.draw(st.sampled_from(large))
    first, second = data.draw(
        st.lists(st.sampled_from(whole.statements), min_size=2, max_size=2, unique=True)
    )
    entry = plain.entries
    made = judge(Verdict.DIFFERENT, [entry[first]], [entry[second]])
    ledger = ledger_of(SOME, made)
    assert ledger.home[first] != ledger.home[second]
    assert {name for one in ledger.commitments for name in one.statements} == set(plain.home)


def test_an_undertaking_told_for_years_can_still_be_parted() -> None:
    """More reports than are compared at once: the chain between the two runs over its pieces."""
    day = dt.date(2022, 3, 1)
    readings = [
        report(
            Said("the eight tanks of Norway", quantity=8, scope=Scope.BACKGROUND),
            lead=f"Report {number}.",
            date=(day + dt.timedelta(days=number)).isoformat(),
        )
        for number in range(170)
    ]
    found = entries(readings)
    assert len(ledger_of(found).commitments) == 1
    ledger = ledger_of(found, judge(Verdict.DIFFERENT, [found[0]], [found[-1]]))
    assert ledger.home[found[0].id] != ledger.home[found[-1].id]
    assert set(ledger.home) == {one.id for one in found}


def test_a_check_notes_what_would_join_them() -> None:
    first, vague, last = three()
    found = [first, vague, last]
    made = judge(Verdict.DIFFERENT, [first], [last])
    ledger = ledger_of(found, made)
    [finding] = apart_findings(ledger, ledger.commitments)
    assert (finding.severity, finding.code) == ("note", "kept-apart")
    assert set(finding.ids) == {ledger.home[first.id], ledger.home[last.id], vague.id, made.id}
    plain = ledger_of(found)
    assert list(apart_findings(plain, plain.commitments)) == []
