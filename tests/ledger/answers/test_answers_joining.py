"""Coalitions, requests and their answers, contradictions."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from asking_books import TODAY, catalogue, ledger

from making import START, Said, entries, report
from pledgebook.ledger.answers.asked import Asked, asked_list
from pledgebook.ledger.answers.coalitions import Coalition, coalition_of
from pledgebook.ledger.answers.contradictions import contradictions_of
from pledgebook.ledger.events import State
from pledgebook.ledger.explain import Explainer
from pledgebook.ledger.filters import Filter
from pledgebook.ledger.intervals import UNKNOWN, Interval, Total
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.ledger import Ledger, build_ledger
from pledgebook.ledger.stages import Stage
from pledgebook.vocabulary.statement import Category, Kind, Status


def coalition(found: Ledger, item: str) -> Coalition:
    only = Filter(item=item).resolved(found.commitments, catalogue())
    kept = only.apply(found.commitments, catalogue())
    return coalition_of(kept, found.entries, catalogue(), only=only)


def test_who_joined_when_and_how_many() -> None:
    found = coalition(ledger(), "Leopard 2")
    assert [(one.day, one.row.labels[0]) for one in found.joined] == [
        (dt.date(2023, 2, 1), "NOR"),
        (dt.date(2023, 7, 1), "POL"),
    ]
    # Norway's 8, and of Poland the newest report: 10.
    assert found.totals == {"item": {Stage.PLEDGED: Total(18, 18), Stage.DELIVERED: Total(5, 5)}}
    assert found.parties == ("NOR", "POL")
    assert found.item == "leopard-2"


def test_talk_and_refusals_stand_apart() -> None:
    found = coalition(ledger(), "Leopard 2")
    assert [one.row.labels[0] for one in found.talk] == ["ESP"]
    assert [one.row.labels[0] for one in found.refused] == ["CHE"]
    assert found.talk[0].day == dt.date(2023, 6, 20)


def test_joint_members_are_parties_each_and_one_row() -> None:
    found = coalition(ledger(), "tank")
    assert found.parties == ("DEU", "DNK", "NOR", "POL")
    assert [one.row.labels[0] for one in found.joined] == ["NOR", "DEU, DNK", "POL"]
    assert found.totals["item"][Stage.PLEDGED] == Total(98, 98)


def test_members_of_unknown_size_are_counted_beside_the_total() -> None:
    found = coalition(ledger(), "155mm")
    assert found.totals["round"][Stage.PLEDGED] == Total(10_000, 12_000, 1)


def test_who_buys_for_itself_has_not_joined() -> None:
    found = ledger(
        report(
            Said("Berlin orders 18 Leopard 2", kind=Kind.CONTRACT, actors=("DEU",),
                 recipient=None, quantity=18)
        )
    )  # fmt: skip
    assert coalition(found, "Leopard 2").joined == ()


def asked(found: Ledger) -> dict[str, Asked]:
    rows = asked_list(found.commitments, found.commitments, found.entries, catalogue())
    return {row.request.item: row for row in rows}


def test_granted_in_part() -> None:
    tanks = asked(ledger())["tank"]
    assert tanks.answer == "granted in part"
    assert tanks.promised == Total(98, 98)
    assert tanks.delivered == Total(5, 5)
    assert tanks.share == Interval(0.98, 0.98)
    assert tanks.days == 22  # 10 January to 1 February
    assert len(tanks.granted) == 3
    assert [one.donors for one in tanks.considered] == [("ESP",)]
    assert [one.donors for one in tanks.refused] == [("CHE",)]
    assert tanks.days_to_refusal == 161


def test_granted_in_whole() -> None:
    jets = asked(ledger())["F-16"]
    assert jets.answer == "granted in whole"
    assert jets.share == Interval(1, 1)
    assert jets.days == 143


def test_refused_and_unanswered() -> None:
    found = asked(ledger())
    assert found["ATACMS"].answer == "refused"
    assert found["ATACMS"].days is None
    assert found["ATACMS"].days_to_refusal == 161
    assert found["Patriot"].answer == "unanswered"


def test_a_share_is_an_interval() -> None:
    found = ledger(
        report(Said("we need 100 to 200 tanks", kind=Kind.REQUEST, actors=("UKR",),
                    designation=None, quantity=(100, 200)), date="2023-01-01"),
        report(Said("40 to 50 tanks", quantity=(40, 50)), date="2023-02-01"),
        report(Said("an unnamed number of tanks", actors=("SWE",)), date="2023-02-02"),
    )  # fmt: skip
    row = asked(found)["tank"]
    # At least 40 of 200; above it is open, for nobody knows what Sweden gives.
    assert row.share == Interval(0.2, None)
    assert row.promised == Total(40, 50, 1)
    assert row.answer == "granted"


def test_what_came_before_or_for_another_is_no_answer() -> None:
    found = ledger(
        report(Said("ten tanks", quantity=10), date="2023-01-01"),
        report(Said("Kyiv asks for tanks", kind=Kind.REQUEST, actors=("UKR",), quantity=10),
               date="2023-03-01"),
        report(Said("ten tanks for Chisinau", actors=("SWE",), recipient="MDA", quantity=10),
               date="2023-03-02"),
        report(Said("ten guns", actors=("FRA",), category=Category.ARTILLERY, designation=None,
                    quantity=10), date="2023-03-03"),
    )  # fmt: skip
    assert asked(found)["Leopard 2"].answer == "unanswered"


def test_why_says_of_a_request_what_the_list_says() -> None:
    found = ledger()
    explainer = Explainer(found, {}, catalogue())
    told = {}
    for one in asked(found).values():
        bare = dataclasses.replace(one.request, statements=())
        told[one.request.item] = explainer.commitment(bare).facts["state"]
    assert told["tank"] == "granted-in-part"
    assert told["F-16"] == "granted-in-whole"
    assert told["Patriot"] == "asked"


def test_who_was_not_asked_does_not_answer() -> None:
    """As in the history of the request: what Stockholm says is no answer to what Oslo was asked."""
    found = ledger(
        report(Said("Kyiv asked Norway for ten Leopard 2", kind=Kind.REQUEST, actors=("UKR",),
                    quantity=10), date="2023-01-01"),
        report(Said("Oslo will give none", kind=Kind.REFUSAL), date="2023-02-01"),
        report(Said("Stockholm will give none", kind=Kind.REFUSAL, actors=("SWE",)),
               date="2023-02-02"),
        report(Said("Rome gives four", actors=("ITA",), quantity=4), date="2023-02-03"),
    )  # fmt: skip
    row = asked(found)["Leopard 2"]
    assert row.answer == "refused"
    assert [one.donors for one in row.refused] == [("NOR",)]
    assert row.granted == ()
    named = {event.commitment for event in row.request.history} - {row.id}
    assert named == {one.id for one in row.refused}
    assert row.request.state is State.REFUSED


def test_a_request_for_a_kind_is_not_answered_by_another_kind() -> None:
    found = ledger(
        report(Said("Kyiv asks for Leopard 2", kind=Kind.REQUEST, actors=("UKR",), quantity=10),
               date="2023-01-01"),
        report(Said("ten Abrams", actors=("USA",), designation="M1 Abrams", quantity=10),
               date="2023-02-01"),
        report(Said("four Leopard 2A6", actors=("PRT",), designation="Leopard 2A6", quantity=4),
               date="2023-02-02"),
    )  # fmt: skip
    row = asked(found)["Leopard 2"]
    assert row.promised == Total(4, 4)
    assert row.answer == "granted in part"


def test_talk_alone_is_considering() -> None:
    found = ledger(
        report(Said("Kyiv asks for tanks", kind=Kind.REQUEST, actors=("UKR",), quantity=10),
               date="2023-01-01"),
        report(Said("Madrid may send six", actors=("ESP",), status=Status.TENTATIVE, quantity=6),
               date="2023-02-01"),
    )  # fmt: skip
    assert asked(found)["Leopard 2"].answer == "considered"


def test_another_unit_cannot_be_compared() -> None:
    found = ledger(
        report(Said("Kyiv asks for 20 Patriot systems", kind=Kind.REQUEST, actors=("UKR",),
                    category=Category.AIR_DEFENCE, designation="Patriot", quantity=20),
               date="2023-01-01"),
        report(Said("two batteries", category=Category.AIR_DEFENCE, designation="Patriot",
                    unit="battery", quantity=2), date="2023-02-01"),
    )  # fmt: skip
    row = asked(found)["Patriot"]
    assert row.other_units == 1
    assert row.share == UNKNOWN
    assert row.answer == "granted"


def test_money_that_was_asked_for() -> None:
    money: dict[str, Any] = {"category": Category.FINANCIAL_AID, "designation": None}
    found = ledger(
        report(Said("Kyiv asks for 10 million", kind=Kind.REQUEST, actors=("UKR",),
                    money=(10e6, "EUR"), **money), date="2023-01-01"),
        report(Said("Rome gives 4 million", actors=("ITA",), money=(4e6, "EUR"), **money),
               date="2023-02-01"),
    )  # fmt: skip
    row = asked(found)["financial-aid"]
    assert row.share == Interval(0.4, 0.4)
    assert row.answer == "granted in part"


def test_contradictions_name_both_sentences() -> None:
    found = ledger()
    clashes = contradictions_of(found, found.commitments)
    [poland] = [clash for clash in clashes if clash.commitment.donors == ("POL",)]
    quotes = [found.entries[name].statement.evidence.quote for name in poland.statements]
    assert quotes == [
        "Poland had promised ten Leopard 2 tanks",
        "Poland will send 14 Leopard 2 tanks",
    ]
    assert (poland.kind, poland.stage) == ("figures", Stage.PLEDGED)


def test_amounts_that_differ_name_both_sentences_too() -> None:
    loan: dict[str, Any] = {
        "category": Category.FINANCIAL_AID,
        "designation": None,
        "actors": ("ITA",),
    }
    told = entries(
        [
            report(Said("Rome lends 4 million", money=(4e6, "EUR"), **loan), date="2023-02-01"),
            report(Said("Rome lends 5 million", money=(5e6, "EUR"), **loan), date="2023-02-03"),
        ]
    )
    same = Judgement.make(Verdict.SAME, [[one] for one in told], by="A", note="", made_at=START)
    found = build_ledger(told, [same], today=TODAY, tree=catalogue())
    [clash] = contradictions_of(found, found.commitments)
    assert set(clash.statements) == {one.id for one in told}


def test_a_promise_that_was_refused_later_is_listed() -> None:
    found = ledger(
        report(Said("Bratislava will send ten tanks", actors=("SVK",), quantity=10),
               date="2023-02-01"),
        report(Said("Bratislava will send no tanks", actors=("SVK",), kind=Kind.REFUSAL),
               date="2023-10-01"),
    )  # fmt: skip
    [clash] = contradictions_of(found, found.commitments)
    assert clash.kind == "refused"
    quotes = [found.entries[name].statement.evidence.quote for name in clash.statements]
    assert quotes == ["Bratislava will send ten tanks", "Bratislava will send no tanks"]
    assert clash.other is not None
