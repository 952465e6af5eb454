"""What people decide outranks the machine, survives new readings, and can be taken back."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from making import START, Said, document, entries, norway, reading, report
from making_many import many
from pledgebook.errors import UsageError
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.judgements import Judgement, Verdict, in_force
from pledgebook.ledger.ledger import Ledger, build_ledger
from pledgebook.ledger.records import Entry, digest_id
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.store import Store

TODAY = dt.date(2024, 1, 1)


def judge(
    kind: Verdict,
    *groups: list[Entry],
    minute: int = 0,
    changes: Mapping[str, object] | None = None,
) -> Judgement:
    made_at = START + dt.timedelta(minutes=minute)
    return Judgement.make(kind, groups, by="me", note="", made_at=made_at, changes=changes)


def shape(ledger: Ledger) -> set[frozenset[str]]:
    return {frozenset(one.statements) for one in ledger.commitments}


def story() -> list[Entry]:
    return sorted(entries(norway()), key=lambda entry: entry.order)


def by_quote(found: list[Entry], words: str) -> Entry:
    [entry] = [one for one in found if words in one.statement.evidence.quote]
    return entry


def test_different_takes_a_merge_apart_and_same_joins() -> None:
    found = story()
    first, delivery = by_quote(found, "will send eight"), by_quote(found, "handed over three")
    sweden = by_quote(found, "Sweden")
    plain = build_ledger(found, today=TODAY)
    assert plain.home[first.id] == plain.home[delivery.id]
    split = build_ledger(found, [judge(Verdict.DIFFERENT, [first], [delivery])], today=TODAY)
    assert split.home[first.id] != split.home[delivery.id]
    joined = build_ledger(found, [judge(Verdict.SAME, [first], [sweden])], today=TODAY)
    assert joined.home[first.id] == joined.home[sweden.id]
    [commitment] = [one for one in joined.commitments if first.id in one.statements]
    assert commitment.links[sweden.id].judged
    assert commitment.links[sweden.id].score == 1


def test_what_was_joined_by_hand_still_gathers_new_reports() -> None:
    found = story()
    first, sweden = by_quote(found, "will send eight"), by_quote(found, "Sweden")
    judgement = judge(Verdict.SAME, [first], [sweden])
    ledger = build_ledger(found, [judgement], today=TODAY)
    recalled = by_quote(found, "that Norway promised")
    assert ledger.home[recalled.id] == ledger.home[first.id] == ledger.home[sweden.id]


def test_wrong_leaves_a_statement_out_of_the_ledger() -> None:
    found = story()
    delivery = by_quote(found, "handed over three")
    ledger = build_ledger(found, [judge(Verdict.WRONG, [delivery])], today=TODAY)
    assert delivery.id not in ledger.home
    assert ledger.decisions.wrong == {delivery.id}


def test_corrected_changes_a_field_and_keeps_the_words() -> None:
    found = story()
    sweden = by_quote(found, "Sweden")
    change = {"quantity": {"low": 12, "high": 12}}
    judgement = judge(Verdict.CORRECTED, [sweden], changes=change)
    ledger = build_ledger(found, [judgement], today=TODAY)
    [commitment] = [one for one in ledger.commitments if sweden.id in one.statements]
    assert commitment.stages[Stage.PLEDGED].quantity == Interval(12, 12)
    assert ledger.entries[sweden.id].statement.evidence == sweden.statement.evidence


def test_the_later_of_two_judgements_holds() -> None:
    found = story()
    first, sweden = by_quote(found, "will send eight"), by_quote(found, "Sweden")
    joined = judge(Verdict.SAME, [first], [sweden])
    parted = judge(Verdict.DIFFERENT, [first], [sweden], minute=1)
    again = judge(Verdict.SAME, [first], [sweden], minute=2)
    for made, same in (([joined, parted], False), ([joined, parted, again], True)):
        ledger = build_ledger(found, made, today=TODAY)
        assert (ledger.home[first.id] == ledger.home[sweden.id]) is same


def test_what_a_later_judgement_contradicts_at_one_remove_is_said() -> None:
    found = story()
    norwegian, danish = by_quote(found, "will send eight"), by_quote(found, "Denmark")
    swedish = by_quote(found, "Sweden")
    made = [
        judge(Verdict.DIFFERENT, [norwegian], [swedish]),
        judge(Verdict.SAME, [norwegian], [danish], minute=1),
        judge(Verdict.SAME, [danish], [swedish], minute=2),
    ]
    ledger = build_ledger(found, made, today=TODAY)
    assert ledger.home[norwegian.id] == ledger.home[swedish.id]
    assert ledger.decisions.overruled == (made[0],)


def test_a_judgement_reattaches_to_the_words_after_a_new_reading() -> None:
    text = "Sweden will give ten Leopard 2 tanks this year. Norway will send eight tanks."
    made = document(text)
    old = entries([reading(made, [Said("Sweden will give ten Leopard 2 tanks", actors=("SWE",))])])
    judgement = judge(Verdict.WRONG, old)
    longer = Said("Sweden will give ten Leopard 2 tanks this year", actors=("SWE",), quantity=10)
    other = Said("Norway will send eight tanks")
    new = entries([reading(made, [longer, other], version="2")])
    ledger = build_ledger(new, [judgement], today=TODAY)
    assert ledger.decisions.wrong == {new[0].id}
    assert ledger.decisions.stranded == ()
    gone = entries([reading(made, [other], version="3")])
    stranded = build_ledger(gone, [judgement], today=TODAY)
    assert stranded.decisions.stranded == (judgement,)
    assert set(stranded.home) == {gone[0].id}


def test_a_judgement_does_not_slip_to_another_kind_or_item() -> None:
    text = "Norway will send eight Leopard 2 tanks"
    made = document(text)
    old = entries([reading(made, [Said(text)])])
    judgement = judge(Verdict.WRONG, old)
    from pledgebook.vocabulary.statement import Kind

    new = entries([reading(made, [Said(text, kind=Kind.DELIVERY)], version="2")])
    assert build_ledger(new, [judgement], today=TODAY).decisions.stranded == (judgement,)


SOME = many(60)
pairs = st.tuples(st.sampled_from(SOME), st.sampled_from(SOME)).filter(
    lambda pair: pair[0].id != pair[1].id
)
kinds = st.sampled_from([Verdict.SAME, Verdict.DIFFERENT, Verdict.WRONG])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(kinds, pairs), min_size=1, max_size=6), st.data())
def test_taking_a_judgement_back_restores_the_earlier_ledger(
    decided: list[tuple[Verdict, tuple[Entry, Entry]]], data: st.DataObject
) -> None:
    made = [
        judge(kind, [pair[0]], [pair[1]], minute=number)
        for number, (kind, pair) in enumerate(decided)
    ]
    position = data.draw(st.integers(0, len(made) - 1))
    back = made[position].revocation(by="me", note="", made_at=START + dt.timedelta(days=1))
    without = [judgement for judgement in made if judgement is not made[position]]
    expected = build_ledger(SOME, without, today=TODAY)
    found = build_ledger(SOME, [*made, back], today=TODAY)
    assert dataclasses.asdict(found) == dataclasses.asdict(expected)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(kinds, pairs), min_size=1, max_size=5))
def test_the_latest_judgement_always_holds(
    decided: list[tuple[Verdict, tuple[Entry, Entry]]],
) -> None:
    made = [
        judge(kind, [pair[0]], [pair[1]], minute=number)
        for number, (kind, pair) in enumerate(decided)
    ]
    ledger = build_ledger(SOME, made, today=TODAY)
    kind, (one, other) = decided[-1]
    gone = ledger.decisions.wrong
    if kind is Verdict.WRONG:
        assert {one.id, other.id} <= gone
    elif one.id not in gone and other.id not in gone:
        home = {name: commitment.id for commitment in ledger.commitments
                for name in commitment.statements}  # fmt: skip
        if kind is Verdict.SAME:
            assert home[one.id] == home[other.id]
        elif one.id in home and other.id in home:
            assert home[one.id] != home[other.id]


def test_to_take_back_a_taking_back_restores() -> None:
    first = judge(Verdict.WRONG, [story()[0]])
    back = first.revocation(by="me", note="", made_at=START + dt.timedelta(days=1))
    again = back.revocation(by="me", note="", made_at=START + dt.timedelta(days=2))
    assert in_force([first]) == [first]
    assert in_force([first, back]) == []
    assert in_force([first, back, again]) == [first]


def test_judgements_that_make_no_sense_are_refused() -> None:
    one, other = story()[:2]
    for kind, groups, changes in (
        (Verdict.SAME, [[one]], None),
        (Verdict.SAME, [[one], [one]], None),
        (Verdict.WRONG, [], None),
        (Verdict.WRONG, [[one]], {"quantity": None}),
        (Verdict.CORRECTED, [[one]], None),
        (Verdict.CORRECTED, [[one], [other]], {"recipient": "MDA"}),
        (Verdict.CORRECTED, [[one]], {"evidence": None}),
        (Verdict.CORRECTED, [[one]], {"kind": "gift"}),
    ):
        with pytest.raises(UsageError):
            judge(kind, *groups, changes=changes)


def test_a_judgement_reads_back_from_its_row() -> None:
    made = judge(Verdict.CORRECTED, [story()[0]], changes={"recipient": "MDA"})
    assert Judgement.from_row(made.to_row()) == made


def test_one_instant_gives_one_id_whatever_the_zone() -> None:
    [entry] = entries([report(Said("14 tanks"))])
    noon = dt.datetime(2024, 5, 6, 12, 0, 0, 7, tzinfo=dt.UTC)
    made = [
        Judgement.make(Verdict.WRONG, [[entry]], by="me", note="", made_at=noon.astimezone(zone))
        for zone in (dt.UTC, dt.timezone(dt.timedelta(hours=5, minutes=30)))
    ]
    back = [
        one.revocation(by="me", note="", made_at=noon.astimezone(zone))
        for one, zone in zip(made, (dt.timezone(-dt.timedelta(hours=8)), dt.UTC), strict=True)
    ]
    for pair in (made, back):
        assert pair[0].id == pair[1].id
    # A book that was written before hashed the same text, for its clock told UTC.
    signed = ("me", "", "2024-05-06T12:00:00.000007+00:00")
    assert back[0].id == digest_id("j", "revokes", made[0].id, *signed)


def test_a_judgement_made_elsewhere_keeps_its_id_in_a_book(store: Store) -> None:
    store.add(norway())
    entry = store.entries()[0]
    made_at = dt.datetime(2024, 5, 6, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    made = Judgement.make(Verdict.WRONG, [[entry]], by="me", note="", made_at=made_at)
    store.judge(made)
    [stored] = store.judgements()
    assert stored.id == made.id == stored.proper_id


def test_an_id_names_one_report_only_once() -> None:
    twice = report(Said("Norway sends tanks"), Said("Norway sends tanks"))
    assert len({entry.id for entry in entries([twice])}) == 2
