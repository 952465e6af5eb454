"""A correction replaces a figure and keeps both; who merely disagrees corrects nobody."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from undertaking import all_of, came, cases_of, one, pledged

from making import Said, entries, report
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.outlets import is_corrected, outlet_of
from pledgebook.ledger.reconcile import Group
from pledgebook.ledger.records import Entry, Reading
from pledgebook.ledger.stages import Stage
from pledgebook.vocabulary.statement import Category, Evidence, Scope


def promised(found: Commitment) -> Interval:
    return found.stages[Stage.PLEDGED].quantity


def from_entries(found: list[Entry]) -> Commitment:
    [commitment] = all_of([Group(cases_of(found))])
    return commitment


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        ("Correction: eight tanks", "a later report corrects it"),
        ("not 14 but 8 tanks", "a later report corrects it"),
        ("the revised figure is eight", "a later report corrects it"),
        ("eight instead of the 14", "a later report corrects it"),
        ("Oslo lowered it to eight", "the undertaking was changed"),
        ("from 14 to 8 tanks", "the undertaking was changed"),
    ],
)
def test_words_of_a_correction_replace_the_figure_and_keep_both(quote: str, reason: str) -> None:
    found = one(report(pledged(14)), report(pledged(8, quote), date="2023-02-16"))
    assert promised(found) == Interval(8, 8)
    [correction] = found.corrections
    assert (correction.was, correction.now) == (Interval(14, 14), Interval(8, 8))
    assert correction.reason == reason
    assert (correction.superseded, correction.statement) == found.statements
    assert found.contradictions == ()
    assert set(found.stages[Stage.PLEDGED].reports) == set(found.statements)


def test_who_has_not_heard_of_the_correction_does_not_undo_it() -> None:
    found = one(
        report(pledged(14)),
        report(pledged(8, "Correction: eight tanks"), date="2023-02-16"),
        report(pledged(14, "the 14 tanks", scope=Scope.BACKGROUND), date="2023-02-20"),
    )
    assert promised(found) == Interval(8, 8)
    assert [item.says for item in found.contradictions] == ["8 prevails; other reports say 14"]


def test_the_figure_that_a_correction_takes_back_is_no_report_of_it() -> None:
    found = one(
        report(pledged(14)),
        report(pledged(8, "not 14 but 8 tanks"), pledged(14, "but 8 tanks, 14"), lead="",
               date="2023-02-16"),
    )  # fmt: skip
    assert promised(found) == Interval(8, 8)
    assert found.contradictions == ()


def test_mere_difference_is_a_contradiction() -> None:
    found = one(report(pledged(14)), report(pledged(8), date="2023-02-16"))
    assert promised(found) == Interval(8, 8)
    assert found.corrections == ()
    assert len(found.contradictions) == 1


def test_the_same_speaker_replaces_his_own_figure_only() -> None:
    found = one(
        report(pledged(14, speaker="Ms Anniken")),
        report(pledged(12, speaker="somebody else"), date="2023-02-15"),
        report(pledged(8, speaker="ms anniken"), date="2023-02-16"),
    )
    assert promised(found) == Interval(8, 8)
    [correction] = found.corrections
    assert correction.was == Interval(14, 14)
    assert correction.reason == "the same source, ms anniken, gives another figure later"
    assert [item.says for item in found.contradictions] == ["8 prevails; other reports say 12"]


def with_outlets(*told: tuple[Reading, str]) -> Commitment:
    found = [
        dataclasses.replace(entry, outlet=outlet_of(url))
        for reading, url in told
        for entry in entries([reading])
    ]
    return from_entries(found)


def test_the_same_outlet_replaces_its_own_figure() -> None:
    first = report(pledged(14))
    second = report(pledged(8), date="2023-02-16")
    found = with_outlets(
        (first, "https://www.example.org/a"), (second, "https://example.org/b?id=2")
    )
    assert [item.reason for item in found.corrections] == [
        "the same source, example.org, gives another figure later"
    ]
    other = with_outlets((first, "https://example.org/a"), (second, "https://example.com/b"))
    assert other.corrections == ()


def test_the_rest_that_is_to_come_corrects_nothing() -> None:
    found = one(
        report(pledged(14, speaker="he")),
        report(came(6, "2023-03-01"), date="2023-03-01"),
        report(pledged(8, "eight will follow", speaker="he"), date="2023-03-02"),
    )
    assert promised(found) == Interval(14, 14)
    assert found.corrections == ()


def test_two_dates_are_two_acts() -> None:
    found = one(
        report(pledged(14, speaker="he", when="2023-02-14")),
        report(pledged(8, speaker="he", when="2023-05-01"), date="2023-05-02"),
    )
    assert found.corrections == ()


def test_money_is_corrected_too() -> None:
    aid: dict[str, Any] = {"category": Category.MILITARY_AID, "designation": None}
    found = one(
        report(Said("200 million", money=(200e6, "USD"), **aid)),
        report(Said("revised: 250 million", money=(250e6, "USD"), **aid), date="2023-02-16"),
    )
    assert found.stages[Stage.PLEDGED].money == {"USD": Interval(250e6, 250e6)}
    [correction] = found.corrections
    assert correction.unit == "USD"


def test_a_corrected_promise_is_what_its_parts_are_measured_by() -> None:
    found = one(
        report(pledged(14)),
        report(pledged(8, "not 14 but 8 tanks"), date="2023-02-16"),
        report(came(None, "2023-03-01", "half of the tanks"), date="2023-03-01"),
    )
    assert found.stages[Stage.DELIVERED].quantity == Interval(4, 4)


def test_a_corrected_delivery_is_one_delivery() -> None:
    found = one(
        report(pledged(14)),
        report(came(5, "2023-03-01"), date="2023-03-01"),
        report(came(4, "2023-03-01", "Correction: four tanks came"), date="2023-03-03"),
    )
    assert found.stages[Stage.DELIVERED].quantity == Interval(4, 4)
    [correction] = found.corrections
    assert (correction.stage, correction.was) == ("delivered", Interval(5, 5))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Correction: Norway sends eight tanks.", True),
        ("Norway sends eight tanks (corrected).", True),
        ("Correction\nNorway sends eight tanks.", False),
        ("Correctional officers say so. Norway sends eight tanks.", False),
        ("Correction: " + "so it is and " * 20 + "Norway sends eight tanks.", False),
    ],
)
def test_the_line_around_a_statement_may_call_it_a_correction(text: str, expected: bool) -> None:
    quote = "Norway sends eight tanks"
    start = text.index(quote)
    evidence = Evidence(document="d", start=start, end=start + len(quote), quote=quote)
    assert is_corrected(text, evidence) is expected


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        (None, None),
        ("https://www.example.org/a", "example.org"),
        ("https://EXAMPLE.org:8080/a", "example.org"),
        ("http://[broken", None),
        ("file.txt", None),
    ],
)
def test_an_outlet_is_the_host_of_an_address(url: str | None, outlet: str | None) -> None:
    assert outlet_of(url) == outlet
