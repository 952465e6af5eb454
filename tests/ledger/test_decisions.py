"""Of judgements that contradict each other the later holds, and what gave way is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from making import START, Said, document, entries, norway, reading
from pledgebook.ledger.consequences import conflict_lines
from pledgebook.ledger.decisions import decide
from pledgebook.ledger.judgements import Judgement, Verdict, in_force
from pledgebook.ledger.ledger import build_ledger
from pledgebook.ledger.records import Entry
from pledgebook.ledger.settling import Conflict
from pledgebook.vocabulary.statement import Kind

TODAY = dt.date(2024, 1, 1)
STORY = sorted(entries(norway()), key=lambda entry: entry.order)
A, B, C, D = STORY[:4]


def judge(
    kind: Verdict,
    *groups: Sequence[Entry],
    minute: int = 0,
    changes: Mapping[str, object] | None = None,
) -> Judgement:
    made_at = START + dt.timedelta(minutes=minute)
    return Judgement.make(kind, groups, by="me", note="", made_at=made_at, changes=changes)


def pair(*some: Entry) -> tuple[str, ...]:
    return tuple(sorted(one.id for one in some))


def test_the_earlier_verdict_on_the_same_pair_gives_way() -> None:
    first = judge(Verdict.SAME, [A], [B])
    second = judge(Verdict.DIFFERENT, [B], [A], minute=1)
    _, decisions = decide(STORY, [first, second])
    assert decisions.same == ()
    assert decisions.different == (pair(A, B),)
    assert decisions.conflicts == (Conflict(first.id, (second.id,), pair(A, B)),)
    assert decisions.overruled == (first,)
    assert decisions.state(first) == "overruled"
    assert decisions.state(second) == "in force"


def test_a_different_gives_way_to_two_sames_that_came_later() -> None:
    apart = judge(Verdict.DIFFERENT, [A], [B])
    here, there = judge(Verdict.SAME, [A], [C], minute=1), judge(Verdict.SAME, [C], [B], minute=2)
    _, decisions = decide(STORY, [apart, here, there])
    assert decisions.conflicts == (Conflict(apart.id, (here.id, there.id), pair(A, B)),)
    assert decisions.different == ()


def test_a_same_gives_way_to_a_different_that_came_later_at_one_remove() -> None:
    here = judge(Verdict.SAME, [A], [C])
    there = judge(Verdict.SAME, [C], [B], minute=1)
    apart = judge(Verdict.DIFFERENT, [A], [B], minute=2)
    _, decisions = decide(STORY, [here, there, apart])
    assert decisions.conflicts == (Conflict(here.id, (there.id, apart.id), pair(A, C)),)
    assert decisions.same == (pair(C, B),)
    assert decisions.different == (pair(A, B),)


def test_what_is_wrong_joins_nothing() -> None:
    """A is no more the same as B because both were called the same as what was never said."""
    made = [
        judge(Verdict.DIFFERENT, [A], [B]),
        judge(Verdict.SAME, [A], [C], minute=1),
        judge(Verdict.SAME, [C], [B], minute=2),
        judge(Verdict.WRONG, [C], minute=3),
    ]
    _, decisions = decide(STORY, made)
    assert decisions.different == (pair(A, B),)
    assert decisions.conflicts == ()


def test_judgements_on_many_statements_hold_for_those_that_are_left() -> None:
    made = judge(Verdict.SAME, [A, C], [B, D])
    without = [entry for entry in STORY if entry.id not in (C.id, D.id)]
    _, decisions = decide(without, [made])
    assert decisions.same == (pair(A, B),)
    assert decisions.state(made) == "in force"
    assert decisions.missing == {made.id: 2}
    _, decisions = decide([entry for entry in without if entry.id != B.id], [made])
    assert decisions.state(made) == "stranded"
    assert decisions.missing == {made.id: 3}


def test_two_that_a_new_reading_made_one_are_neither_same_nor_different() -> None:
    text = "Norway will send eight Leopard 2 tanks and more"
    made = document(text)
    two = entries(
        [reading(made, [Said("Norway will send eight"), Said("eight Leopard 2 tanks and more")])]
    )
    one = entries([reading(made, [Said(text)], version="2")])
    for kind in (Verdict.SAME, Verdict.DIFFERENT):
        judgement = judge(kind, [two[0]], [two[1]])
        _, decisions = decide(one, [judgement])
        assert decisions.stranded == (judgement,)


def test_corrections_of_several_fields_hold_together_and_the_later_of_one_prevails() -> None:
    first = judge(Verdict.CORRECTED, [A], changes={"quantity": {"low": 9.0}, "recipient": "MDA"})
    second = judge(Verdict.CORRECTED, [A], minute=1, changes={"quantity": {"low": 10.0}})
    kept, decisions = decide(STORY, [first, second])
    [now] = [entry for entry in kept if entry.id == A.id]
    assert now.statement.recipient == "MDA"
    assert now.statement.quantity is not None
    assert now.statement.quantity.low == 10
    assert decisions.conflicts == (Conflict(first.id, (second.id,), (A.id,), "quantity"),)
    # Its other field still holds.
    assert decisions.overruled == ()
    third = judge(Verdict.CORRECTED, [A], minute=2, changes={"recipient": "UKR"})
    _, decisions = decide(STORY, [first, second, third])
    assert decisions.overruled == (first,)
    assert decisions.as_read == {A.id: A}


def test_a_correction_that_the_coding_book_no_longer_allows_is_stranded() -> None:
    made = judge(Verdict.CORRECTED, [A], changes={"recipient": "MDA"})
    old = made.model_copy(update={"changes": {"kind": "gift"}})
    kept, decisions = decide(STORY, [old])
    assert decisions.stranded == (old,)
    assert kept == STORY


def test_a_corrected_statement_is_found_again_by_what_was_read_in_it() -> None:
    text = "Sweden will give ten Leopard 2 tanks this year"
    made = document(text)
    short = Said("Sweden will give ten Leopard 2 tanks", actors=("SWE",), quantity=10)
    [old] = entries([reading(made, [short])])
    kind = judge(Verdict.CORRECTED, [old], changes={"kind": "delivery"})
    kept, decisions = decide([old], [kind])
    assert kept[0].statement.kind is Kind.DELIVERY
    # The next judgement is about the same words: as they were read, not as they were corrected.
    again = judge(Verdict.WRONG, [decisions.as_read[old.id]], minute=1)
    new = entries([reading(made, [Said(text, actors=("SWE",), quantity=10)], version="2")])
    _, decisions = decide(new, [kind, again])
    assert decisions.stranded == ()
    assert decisions.wrong == {new[0].id}


def test_corrections_survive_a_new_reading() -> None:
    text = "Sweden will give ten Leopard 2 tanks this year"
    made = document(text)
    short = Said("Sweden will give ten Leopard 2 tanks", actors=("SWE",), quantity=10)
    [old] = entries([reading(made, [short])])
    judgement = judge(Verdict.CORRECTED, [old], changes={"quantity": {"low": 12.0, "high": 12.0}})
    new = entries([reading(made, [Said(text, actors=("SWE",), quantity=10)], version="2")])
    assert new[0].id != old.id
    ledger = build_ledger(new, [judgement], today=TODAY)
    quantity = ledger.entries[new[0].id].statement.quantity
    assert quantity is not None
    assert quantity.low == 12
    assert ledger.decisions.by_statement == {new[0].id: (judgement.id,)}


@given(st.lists(st.integers(0, 6), max_size=8))
def test_what_was_taken_back_does_not_depend_on_the_order(revoked: list[int]) -> None:
    """Each revocation takes back one of those before it; read in any order, the same are left."""
    made = [judge(Verdict.WRONG, [A])]
    for number, which in enumerate(revoked):
        target = made[min(which, len(made) - 1)]
        made_at = START + dt.timedelta(hours=number + 1)
        made.append(target.revocation(by="me", note="", made_at=made_at))
    expected = _holds(made, made[0])
    assert bool(in_force(made)) is expected
    assert bool(in_force(list(reversed(made)))) is expected


def _holds(made: list[Judgement], one: Judgement) -> bool:
    """The rule itself, slowly: it holds unless something that holds takes it back."""
    return not any(_holds(made, other) for other in made if other.revokes == one.id)


def test_a_judgement_on_many_may_give_way_in_part() -> None:
    joined = judge(Verdict.SAME, [A, C], [B, D])
    parted = judge(Verdict.DIFFERENT, [A], [B], minute=1)
    _, decisions = decide(STORY, [joined, parted])
    assert decisions.state(joined) == "overruled in part"
    assert pair(A, B) in decisions.different
    assert decisions.same != ()
    [line] = conflict_lines(decisions.conflicts, {one.id: one for one in (joined, parted)})
    assert line.startswith(f"{joined.id} (same, by me")
    assert line.count(joined.id) == 1
    assert "holds: it was made later" in line
