"""Asked, refused, granted, halted, resumed, handed over: the history and state of undertakings."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from undertaking import TODAY, all_of, came, cases_of, one, one_group, pledged

from making import Said, entries, report
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.events import State, What
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.ledger import build_ledger
from pledgebook.ledger.reconcile import Group
from pledgebook.ledger.records import Reading
from pledgebook.ledger.stages import Stage
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Category, Kind, Scope, Status

ASKED = Said("Kyiv asked Oslo for 100 tanks", kind=Kind.REQUEST, actors=("UKR",), quantity=100)
REFUSED = Said("Oslo will give none", kind=Kind.REFUSAL)
PAUSED = Said("Oslo has suspended it", kind=Kind.REFUSAL)


def groups(*undertakings: list[Reading] | Reading) -> tuple[Commitment, ...]:
    made = [one_group(found if isinstance(found, list) else [found]) for found in undertakings]
    return all_of(made)


def line(commitment: Commitment) -> list[str]:
    return [event.what.value for event in commitment.history]


def test_a_promise_first_asked_then_refused_then_granted_keeps_its_history() -> None:
    asked, refused, granted = groups(
        report(ASKED, date="2023-01-10"),
        report(REFUSED, date="2023-01-20"),
        [
            report(pledged(14), date="2023-02-14"),
            report(pledged(14, "ordered 14", kind=Kind.CONTRACT), date="2023-03-01"),
            report(came(10, "2023-04-03"), date="2023-04-05"),
            report(came(4, "2023-05-01", "the remaining four"), date="2023-05-02"),
        ],
    )
    assert line(granted) == [
        "asked", "refused", "pledged", "ordered", "delivered", "delivered", "completed",
    ]  # fmt: skip
    assert granted.state is State.DELIVERED
    first, _, _, _, delivery, rest, done = granted.history
    assert (first.commitment, first.quantity) == (asked.id, Interval(100, 100))
    assert (delivery.day.isoformat(), delivery.reported.isoformat()) == ("2023-04-03", "2023-04-05")
    assert (delivery.when, delivery.quantity) == ("2023-04-03", Interval(10, 10))
    assert (rest.says, done.quantity) == ("the rest of it", Interval(14, 14))
    # The figures of the three stay their own.
    assert granted.stages[Stage.PLEDGED].quantity == Interval(14, 14)
    assert asked.stages[Stage.ASKED].quantity == Interval(100, 100)
    assert (asked.state, refused.state) == (State.GRANTED, State.GRANTED)
    assert line(asked) == ["asked", "refused", "pledged"]
    assert line(refused) == ["asked", "refused", "pledged"]


def test_a_request_that_nobody_answered_stays_asked() -> None:
    [asked] = groups(report(ASKED))
    assert (asked.state, line(asked)) == (State.ASKED, ["asked"])


def test_a_request_that_was_refused_says_so() -> None:
    asked, refused = groups(report(ASKED, date="2023-01-10"), report(REFUSED, date="2023-01-20"))
    assert (asked.state, refused.state) == (State.REFUSED, State.REFUSED)


@pytest.mark.parametrize(
    "changes",
    [
        {"actors": ("SWE",)},
        {"recipient": "MDA"},
        {"designation": "F-16", "category": Category.AIRCRAFT},
        {"designation": "T-72"},
    ],
)
def test_what_has_to_do_with_others_is_no_answer(changes: dict[str, Any]) -> None:
    asked, _, promise = groups(
        report(ASKED, date="2023-01-10"),
        report(REFUSED, date="2023-01-20"),
        report(pledged(14, **changes), date="2023-02-14"),
    )
    assert line(promise) == ["pledged"]
    assert "pledged" not in line(asked)


def test_a_request_of_long_ago_is_not_answered_by_everything_since() -> None:
    asked, promise = groups(
        report(ASKED, date="2019-01-10"), report(pledged(14), date="2023-02-14")
    )
    assert line(promise) == ["pledged"]
    assert asked.state is State.ASKED


def test_a_vague_request_asks_everybody_for_a_while() -> None:
    vague = dataclasses.replace(ASKED, quote="Kyiv asked for tanks", designation=None)
    soon = groups(report(vague, date="2023-01-10"), report(pledged(14), date="2023-02-14"))
    late = groups(report(vague, date="2023-01-10"), report(pledged(14), date="2023-09-14"))
    assert (line(soon[1]), line(late[1])) == (["asked", "pledged"], ["pledged"])


def test_a_request_for_aid_of_a_general_kind_asks_nobody_in_particular() -> None:
    aid: dict[str, Any] = {"category": Category.MILITARY_AID, "designation": None}
    asked = dataclasses.replace(ASKED, quote="Kyiv asked for help", quantity=None, **aid)
    found = groups(report(asked, date="2023-02-10"), report(pledged(None, **aid)))
    assert line(found[1]) == ["pledged"]


@pytest.mark.parametrize(
    ("quote", "state", "what"),
    [
        ("Oslo has suspended it", State.PAUSED, What.PAUSED),
        ("Oslo put it on hold", State.PAUSED, What.PAUSED),
        ("Oslo withdrew its offer", State.WITHDRAWN, What.WITHDRAWN),
        ("Oslo cancelled it", State.WITHDRAWN, What.WITHDRAWN),
        ("Oslo will give none", State.PLEDGED, What.REFUSED),
    ],
)
def test_a_promise_may_be_halted(quote: str, state: State, what: What) -> None:
    promise, halted = groups(
        report(pledged(14)), report(Said(quote, kind=Kind.REFUSAL), date="2023-04-01")
    )
    assert [event.what for event in promise.history] == [What.PLEDGED, what]
    assert promise.state is state
    assert promise.stages[Stage.PLEDGED].quantity == Interval(14, 14)
    assert halted.history[-1].commitment == halted.id


def test_what_was_halted_may_go_on() -> None:
    halt = report(PAUSED, date="2023-04-01")
    first = report(pledged(14))
    resumed = report(pledged(14, "deliveries are resumed"), date="2023-05-01")
    promise, _ = groups([first, resumed], halt)
    assert line(promise) == ["pledged", "paused", "resumed"]
    assert promise.state is State.RESUMED
    promise, _ = groups([first, report(came(4, "2023-05-01"), date="2023-05-02")], halt)
    assert promise.state is State.PARTLY_DELIVERED


def test_nothing_goes_on_again_that_was_not_halted() -> None:
    assert line(one(report(pledged(14, "Norway again gives 14")))) == ["pledged"]


def test_what_was_refused_before_it_was_promised_was_overtaken() -> None:
    _, promise = groups(report(PAUSED, date="2023-01-01"), report(pledged(14)))
    assert promise.state is State.PLEDGED


def test_what_is_only_recalled_halts_nothing() -> None:
    recalled = dataclasses.replace(PAUSED, scope=Scope.BACKGROUND)
    promise, _ = groups(report(pledged(14)), report(recalled, date="2023-04-01"))
    assert (line(promise), promise.state) == (["pledged", "paused"], State.PLEDGED)


def test_who_refuses_more_than_was_promised_refuses_something_else() -> None:
    more = dataclasses.replace(REFUSED, quantity=40)
    less = dataclasses.replace(REFUSED, quantity=4)
    assert line(groups(report(pledged(14)), report(more, date="2023-04-01"))[0]) == ["pledged"]
    assert line(groups(report(pledged(14)), report(less, date="2023-04-01"))[0])[1:] == ["refused"]


def test_talk_before_the_decision_is_history() -> None:
    found = one(
        report(pledged(None, "may give tanks", status=Status.TENTATIVE), date="2023-01-01"),
        report(pledged(14)),
        report(pledged(20, "might give 20", status=Status.TENTATIVE), date="2023-03-01"),
    )
    assert line(found) == ["considered", "pledged"]
    assert Stage.CONSIDERED not in found.stages
    assert one(report(pledged(14, status=Status.TENTATIVE))).state is State.CONSIDERED


def test_corrections_and_running_totals_are_events() -> None:
    found = one(
        report(pledged(14)),
        report(pledged(8, "not 14 but 8"), date="2023-02-16"),
        report(came(6, scope=Scope.TOTAL), date="2023-03-16"),
    )
    assert line(found) == ["pledged", "corrected", "delivered"]
    assert found.history[0].quantity == Interval(14, 14)
    assert found.history[1].quantity == Interval(8, 8)
    assert found.history[1].says == "14 before; a later report corrects it"
    assert found.history[2].says == "in all so far"
    assert found.state is State.PARTLY_DELIVERED


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (pledged(14, kind=Kind.CONTRACT), State.ON_ORDER),
        (came(None, "2023-01-01"), State.DELIVERED),
        (Said("no", kind=Kind.REFUSAL), State.REFUSED),
        (Said("suspended", kind=Kind.REFUSAL), State.PAUSED),
    ],
)
def test_one_report_gives_a_state(said: Said, state: State) -> None:
    assert one(report(said)).state is state


def test_what_was_delivered_in_part_is_partly_delivered() -> None:
    found = one(report(pledged(14)), report(came(None, "2023-03-01"), date="2023-03-01"))
    assert (found.state, found.outstanding) == (State.PARTLY_DELIVERED, Interval(None, 14))


def test_every_event_rests_on_statements_of_its_undertaking() -> None:
    readings = [
        report(ASKED, date="2023-01-10"),
        report(REFUSED, date="2023-01-20"),
        report(pledged(14), date="2023-02-14"),
        report(came(10, "2023-04-03"), date="2023-04-05"),
        report(PAUSED, date="2023-04-20"),
    ]
    ledger = build_ledger(entries(readings), today=TODAY, tree=load_catalogue())
    for commitment in ledger.commitments:
        days = [event.day for event in commitment.history]
        assert days == sorted(days)
        for event in commitment.history:
            assert event.statements
            assert {ledger.home[name] for name in event.statements} == {event.commitment}
    promise = next(found for found in ledger.commitments if Stage.PLEDGED in found.stages)
    assert [found.asked_by for found in ledger.requests[promise.id]] == [("UKR",)]
    assert ledger.refusals[promise.id]


def test_without_a_catalogue_nobody_is_known_to_have_been_asked() -> None:
    found = [entry for reading in (report(ASKED, date="2023-01-10"),
             report(pledged(14, actors=("SWE",)))) for entry in entries([reading])]  # fmt: skip
    ledger = build_ledger(found, today=TODAY)
    assert sum(len(asked) for asked in ledger.requests.values()) == 1
    named = build_ledger(found, today=TODAY, tree=load_catalogue())
    assert named.requests == {}


def test_histories_do_not_depend_on_the_order_of_groups() -> None:
    readings = [report(ASKED, date="2023-01-10"), report(REFUSED, date="2023-01-20"),
                report(pledged(14)), report(PAUSED, date="2023-04-20")]  # fmt: skip
    made = [Group(cases_of(entries([reading]))) for reading in readings]
    forward = {found.id: found for found in all_of(made)}
    backward = {found.id: found for found in all_of(made[::-1])}
    assert forward == backward
