from __future__ import annotations

import dataclasses

import pytest
from syrupy.assertion import SnapshotAssertion

from drawing import drawn
from pledgebook.book import Book
from pledgebook.reporting.frames import short_ids
from pledgebook.reporting.names import Names
from pledgebook.reporting.rounding import Rounded
from pledgebook.reporting.status_table import NAMES_FROM, status_table
from pledgebook.vocabulary.statement import Category


def table(told: Book, width: int, *, totals: bool = True, **wanted: str) -> str:
    names = Names(told.catalogue.parties, in_full=width >= NAMES_FROM)
    rounded = Rounded(told.ledger().entries)
    return drawn(
        status_table(told.rows(**wanted), names, rounded, width=width, totals=totals), width
    )


@pytest.mark.parametrize("width", [80, 100, 140])
def test_status_at_a_width(told: Book, width: int, snapshot: SnapshotAssertion) -> None:
    shown = table(told, width)
    assert max(map(len, shown.splitlines())) <= width
    assert shown == snapshot


@pytest.mark.parametrize("width", [60, 80, 92, 110, 124, 200])
def test_nothing_is_cut_off(told: Book, width: int) -> None:
    shown = table(told, width)
    assert "…" not in shown
    for row in told.rows():
        assert row.id[:8] in shown


def test_totals_are_left_out_where_not_wanted(told: Book) -> None:
    assert "Totals" in table(told, 100)
    assert "Totals" not in table(told, 100, totals=False)
    assert "Totals" not in table(told, 100, donor="LVA")


def test_talk_and_refusals_stand_apart(told: Book) -> None:
    promised, _, talk = table(told, 100, totals=False).partition("Only considered, or refused")
    assert "aircraft" not in promised
    assert "aircraft" in talk


def test_one_name_for_two_things_is_told_apart(told: Book) -> None:
    [system] = told.rows(donor="DEU", item="Patriot")
    missiles = dataclasses.replace(system, id="f" + "0" * 20, category=Category.MISSILE)
    names, rounded = Names({}), Rounded(told.ledger().entries)
    alone = drawn(status_table([system], names, rounded, width=120), 120)
    assert "air defence" not in alone
    both = drawn(status_table([system, missiles], names, rounded, width=120, totals=False), 120)
    assert "Patriot, air defence" in both
    assert "Patriot, missile" in both


def test_a_terminal_gets_no_orders_from_a_document(told: Book) -> None:
    assert "\x1b" not in table(told, 100)


def test_short_ids_tell_apart() -> None:
    assert short_ids(["f12345678a", "f12345678b"]) == {
        "f12345678a": "f12345678a",
        "f12345678b": "f12345678b",
    }
    assert short_ids(["f1234567890", "f2234567890"]) == {
        "f1234567890": "f1234567",
        "f2234567890": "f2234567",
    }
    assert short_ids([]) == {}
