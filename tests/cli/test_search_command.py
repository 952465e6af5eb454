"""`search`: hits for eyes and for machines, and nothing in them that a terminal would obey."""

from __future__ import annotations

import csv
import io
import json

import pytest
from syrupy.assertion import SnapshotAssertion

from pledgebook.reporting.search_listing import HIT_FIELDS
from program import Inside


@pytest.mark.parametrize("width", [60, 120])
def test_a_page_of_hits(
    inside: Inside, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = inside.well("search", "leopard", "norway", "--limit", "4", "--db", "aid.db")
    assert max(map(len, shown.splitlines())) <= width
    assert shown == snapshot


def test_what_was_not_found(inside: Inside, snapshot: SnapshotAssertion) -> None:
    asked = ("donor:Norwy", "Leopart", "donor:Atlantis zebra", "???")
    shown = [inside.well("search", query, "--db", "aid.db") for query in asked]
    assert "\n".join(shown) == snapshot


def test_what_others_write_gives_no_orders(inside: Inside) -> None:
    for form in ("table", "json", "csv"):
        shown = inside.well("search", "stinger", "--format", form, "--db", "aid.db")
        assert "Stinger" in shown
        assert "\x07" not in shown
        if form == "table":
            assert "\x1b" not in shown


def test_json_holds_all_of_it(inside: Inside) -> None:
    told = json.loads(inside.well("search", "leopard tank*", "--format", "json", "--db", "aid.db"))
    assert told["total"] > len(told["hits"][:3]) == 3
    for hit in told["hits"]:
        assert set(hit) == set(HIT_FIELDS)
        assert inside.well("why", hit["id"], "--db", "aid.db")
        assert any(piece["marked"] for piece in hit["snippet"])
    assert sum(one["count"] for one in told["facets"]["type"]["values"]) == told["total"]
    empty = json.loads(inside.well("search", "Norwy", "--format", "json", "--db", "aid.db"))
    assert "Norway" in empty["suggestions"]


def test_csv_has_a_line_for_each_hit(inside: Inside) -> None:
    ask = ("search", "leopard", "--kind", "statement", "--format", "csv", "--db", "aid.db")
    rows = list(csv.DictReader(io.StringIO(inside.well(*ask))))
    assert {row["kind"] for row in rows} == {"statement"}
    assert all("Leopard" in row["snippet"] for row in rows)
    rest = list(csv.DictReader(io.StringIO(inside.well(*ask, "--offset", "2", "--limit", "2"))))
    assert rest == rows[2:4]
    two = inside.well(*ask, "--kind", "commitment")
    assert {row["kind"] for row in csv.DictReader(io.StringIO(two))} == {"statement", "commitment"}


def test_the_book_of_a_day(inside: Inside) -> None:
    now = inside.well("search", "leopard", "--format", "csv", "--db", "aid.db")
    then = inside.well(
        "search", "leopard", "--as-of", "2023-02-14", "--format", "csv", "--db", "aid.db"
    )
    assert 1 < len(then.splitlines()) < len(now.splitlines())


def test_wrong_usage(inside: Inside) -> None:
    assert inside("search", "x", "--kind", "outlet", "--db", "aid.db").code == 2
    assert inside("search", "x", "--limit", "-1", "--db", "aid.db").code == 2
    assert inside("search", "--db", "aid.db").code == 2
    assert inside("search", "x", "--db", "none.db").code == 2
    # A minus that leads is an option, unless something says that options are over.
    assert inside("search", "--db", "aid.db", "--", "-norway", "leopard").code == 0
