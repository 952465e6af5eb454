"""Flows of OCHA's Financial Tracking Service: what each says, and what is not counted twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from releases_read import CATALOGUE, DATA, SHARED, codes, every, statements

from pledgebook.errors import SourceError
from pledgebook.exchange.fts import importer
from pledgebook.exchange.rows import Release

SAMPLE = SHARED / "exchange" / "fts-flows-2020.json"


@pytest.fixture(scope="module")
def release() -> Release:
    return importer.read(DATA / "fts-flows.json", CATALOGUE)


def flow(id_: int, usd: float, **more: object) -> dict[str, Any]:
    return {
        "id": str(id_),
        "versionId": 1,
        "amountUSD": usd,
        "status": "paid",
        "flowType": "Standard",
        "boundary": "incoming",
        "date": "2023-01-01T00:00:00Z",
        "sourceObjects": [{"type": "Organization", "name": "Norway, Government of"}],
        "destinationObjects": [{"type": "Location", "name": "Jordan"}],
        **more,
    }


def read(folder: Path, *flows: object, name: str = "flows.json") -> Release:
    path = folder / name
    path.write_text(json.dumps({"data": {"flows": flows}}), encoding="utf-8")
    return importer.read(path, CATALOGUE)


def parent_and_children(usd: float, below: list[float], **more: object) -> list[dict[str, Any]]:
    ids = list(range(2, 2 + len(below)))
    parent = flow(1, usd, flowType="Parked", childFlowIds=ids, **more)
    return [parent, *(flow(id_, part) for id_, part in zip(ids, below, strict=True))]


def test_a_commitment_is_a_pledge_in_the_currency_that_was_given(release: Release) -> None:
    (said,) = statements(release)["1001"]
    assert (said.kind, said.status, said.scope) == ("pledge", "firm", "new")
    assert (said.actors, said.recipient, said.item.category) == (
        ("NOR",),
        "JOR",
        "humanitarian-aid",
    )
    assert said.money is not None
    assert (said.money.low, said.money.high, said.money.currency) == (1e6, 1e6, "EUR")
    assert (said.when, said.speaker) == ("2023-02-28", "Norway, Government of")
    assert said.evidence.quote.startswith("Source organisation: Norway, Government of\n")
    assert "Original amount: 1000000" in said.evidence.quote


def test_a_payment_is_a_delivery_by_all_its_sources(release: Release) -> None:
    (said,) = statements(release)["1002"]
    assert said.kind == "delivery"
    assert said.actors == ("A small charity", "DNK")
    # It is for two countries: neither is named as the one that gets it.
    assert said.recipient == "Another charity"
    assert said.money is not None
    assert (said.money.high, said.money.currency) == (500, "USD")


def test_money_that_is_passed_on_makes_no_statement_and_is_told(release: Release) -> None:
    found = statements(release)
    assert found["1003"] == found["1004"] == found["1005"] == []
    notes = "\n".join(release.notes)
    assert "inside the boundary that was asked for: 1 (300 USD)" in notes
    assert "pass money on or carry it over from an earlier year: 1 (70 USD)" in notes
    assert "of no amount: 1 (0 USD)" in notes


def test_what_cannot_be_used_is_reported_and_the_rest_is_read(release: Release) -> None:
    assert len(release.rows) == 8
    assert codes(release) == [
        *("not-a-flow", "not-a-flow", "unknown-currency", "amounts-differ"),
        *("amount", "unknown-status", "unknown-party"),
    ]
    for id_ in ("1006", "1007"):
        (said,) = statements(release)[id_]
        assert said.money is not None
        assert (said.money.high, said.money.currency) == (900, "USD")
    assert "'A small charity'" in release.problems[-1].what
    assert release.problems[0].place == "flow 9"


def test_cells_hold_no_control_characters_and_run_nothing(release: Release) -> None:
    cells = release.rows[0].cells
    assert cells["Description"] == "Shelter in the north"
    assert cells["Reference"] == '=HYPERLINK("http://x")'
    assert all(text.isprintable() for row in release.rows for text in row.cells.values())


def test_a_release_is_named_by_its_newest_flow(release: Release) -> None:
    assert (release.dataset, release.name) == ("fts-flows", "2023-05-01")
    assert release.rows[0].key == "1001"
    assert release.rows[0].origin == "fts-flows.json#flow=1001"
    assert str(release.rows[0].date) == "2023-03-03"
    assert importer.read(DATA / "fts-flows.json", CATALOGUE, name="mine").name == "mine"


def test_pages_of_a_folder_are_one_release_and_a_flow_is_read_once(tmp_path: Path) -> None:
    read(tmp_path, flow(1, 10), flow(2, 20), name="1.json")
    read(tmp_path, flow(2, 25, versionId=3), flow(3, 30), name="2.json")
    release = importer.read(tmp_path, CATALOGUE)
    amounts = {
        key: said[0].money.high for key, said in statements(release).items() if said[0].money
    }
    assert amounts == {"1": 10, "2": 25, "3": 30}
    alone = importer.read(tmp_path / "1.json", CATALOGUE)
    assert alone.bytes_sha256 != release.bytes_sha256


@pytest.mark.parametrize(
    ("usd", "below", "left"),
    [
        (100.0, [60.0, 40.0], None),  # The whole: its parts make it up.
        (100.0, [60.0, 41.0], None),  # They were converted on other days.
        (30.0, [60.0, 40.0], (30.0, 30.0)),  # Less than its parts: it is what is left.
        (100.0, [25.0], (75.0, 100.0)),  # It may be either.
        (100.0, [], (100.0, 100.0)),  # None of them is here.
    ],
)
def test_a_parent_and_its_flows_never_count_twice(
    usd: float, below: list[float], left: tuple[float, float] | None, tmp_path: Path
) -> None:
    flows = parent_and_children(usd, below)
    if not below:
        flows[0]["childFlowIds"] = [99]
    release = read(tmp_path, *flows)
    found = statements(release)
    assert sum(len(said) for key, said in found.items() if key != "1") == len(below)
    if left is None:
        assert found["1"] == []
        return
    money = found["1"][0].money
    assert money is not None
    assert (money.low, money.high, money.currency) == (*left, "USD")
    assert ("parent-flow" in codes(release)) == (left[0] != left[1])


def test_a_remainder_is_known_where_the_whole_is_given(tmp_path: Path) -> None:
    release = read(tmp_path, *parent_and_children(100.0, [25.0], fullParkedAmountUSD=125.0))
    money = statements(release)["1"][0].money
    assert money is not None
    assert (money.low, money.high) == (100.0, 100.0)


@given(
    usd=st.floats(1, 1e9),
    below=st.lists(st.floats(0.01, 1e9), max_size=5),
)
def test_a_parent_adds_at_most_what_it_gives(
    usd: float, below: list[float], tmp_path_factory: pytest.TempPathFactory
) -> None:
    release = read(tmp_path_factory.mktemp("law"), *parent_and_children(usd, below))
    total = sum(below)
    for said in statements(release)["1"]:
        assert said.money is not None
        low, high = said.money.low, said.money.high
        assert low is not None
        assert high == usd
        # Either nothing is below it or more than it: or else its low end is what is not below.
        assert total == 0 or total > usd or low == pytest.approx(usd - total)


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"data": {"flows": 5}}', "[" * 100_000, '[{"id": NaN}]', "\x00\xff", '"flows"'],
)
def test_a_file_without_flows_is_refused_in_one_sentence(text: str, tmp_path: Path) -> None:
    path = tmp_path / "flows.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(SourceError, match="Save the answer of the FTS interface"):
        importer.read(path, CATALOGUE)


def test_a_folder_without_answers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"holds no file that ends in \.json"):
        importer.read(tmp_path, CATALOGUE)


def test_a_file_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pledgebook.exchange.fts._MAX_BYTES", 10)
    with pytest.raises(SourceError, match="more than the limit of 10 bytes"):
        read(tmp_path, flow(1, 1))


@pytest.mark.skipif(not SAMPLE.exists(), reason="the shared samples are not here")
def test_a_real_answer_is_read() -> None:
    release = importer.read(SAMPLE, CATALOGUE)
    assert len(release.rows) == 80
    found = statements(release)
    assert sum(map(len, found.values())) == 60
    assert {said.kind for said in every(release)} == {"pledge", "delivery"}
    # AUD 3,000,000 above a flow of 750,000 USD: the whole or what is left, nobody can tell here.
    money = found["177603"][0].money
    assert money is not None
    assert (money.low, money.high) == (1_452_643, 2_202_643)
    # A rate of 1 beside Swedish crowns is no rate: the amount in crowns stands.
    sweden = found["206178"][0].money
    assert sweden is not None
    assert (sweden.high, sweden.currency) == (15_000_000, "SEK")
    # 28 USD were left of an envelope when it had been given out.
    rest = found["193116"][0].money
    assert rest is not None
    assert rest.high == 28
