"""SIPRI's trade register: orders and deliveries, and what a question mark does to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from releases_read import CATALOGUE, DATA, SHARED, codes, every, statements

from pledgebook.errors import SourceError
from pledgebook.exchange.figures import years_of
from pledgebook.exchange.intake import data_table
from pledgebook.exchange.rows import Release
from pledgebook.exchange.sipri import importer
from pledgebook.exchange.sipri.claims import span_of
from pledgebook.vocabulary.period import bounds
from pledgebook.vocabulary.statement import Category, Statement

SAMPLE = SHARED / "exchange" / "sipri-layout-sample.csv"
HEADER = "Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description"


@pytest.fixture(scope="module")
def release() -> Release:
    return importer.read(DATA / "sipri-register.csv", CATALOGUE)


def said(release: Release, key: str) -> list[Statement]:
    return next(found for name, found in statements(release).items() if name.startswith(key))


def figure(statement: Statement) -> tuple[float | None, bool] | None:
    found = statement.quantity
    return (found.high, found.approx) if found else None


def test_the_header_is_found_by_its_words_and_the_notes_above_are_kept(release: Release) -> None:
    assert (release.dataset, release.name, len(release.rows)) == ("sipri-register", "2026-02-03", 6)
    assert "it says of itself: Transfers of major weapons: invented deals" in release.notes
    assert "columns that are not known and were kept: Colour of paint" in release.notes
    assert release.rows[0].origin == "sipri-register.csv#row=7"


def test_aid_is_a_pledge_of_its_giver_and_not_a_purchase(release: Release) -> None:
    order, delivery = said(release, "ukraine|norway")
    assert (order.kind, order.actors, order.recipient, order.when) == (
        *("pledge", ("NOR",), "UKR"),
        "2023",
    )
    assert (order.item.category, order.item.designation) == ("tank", "Leopard 2A4")
    assert (delivery.kind, delivery.scope, delivery.when) == ("delivery", "new", "2023")
    assert (figure(order), figure(delivery)) == ((8, False), (8, False))


def test_a_question_mark_makes_a_number_approximate_and_no_deal_doubtful(release: Release) -> None:
    order, delivery = said(release, "ukraine|germany")
    assert (order.kind, order.actors, order.supplier) == ("contract", ("UKR",), "Germany")
    assert (figure(order), figure(delivery)) == ((24, True), (9, True))
    assert (order.status, delivery.status) == ("firm", "firm")
    assert "numbers that are marked as uncertain and stand as approximate: 3" in release.notes


def test_several_years_are_one_delivery_over_all_of_them(release: Release) -> None:
    _, delivery = said(release, "ukraine|germany")
    assert (delivery.scope, delivery.when) == ("total", "2022/2024")
    assert delivery.evidence.quote.endswith("Year(s) of delivery: 2024; 2022; 2023")
    assert {ground.field for ground in delivery.grounds} == {"actors", "recipient"}


def test_what_is_not_known_is_unknown_and_never_zero(release: Release) -> None:
    order, delivery = said(release, "india|russia")
    assert (figure(order), order.when, figure(delivery)) == (None, "2019", (12, False))
    assert "deals with an uncertain year of order, which stands as it is given: 2" in release.notes
    assert any("made or assembled under licence or elsewhere: 1" in note for note in release.notes)
    (nobody,) = said(release, "unknown recipient(s)")
    assert (nobody.actors, nobody.recipient, nobody.supplier) == ((), None, None)
    assert (figure(nobody), nobody.when, nobody.item.category) == ((6, True), "2021", "drone")
    # Zero is a figure: none of them was delivered yet.
    _, none = said(release, "atlantis|sweden")
    assert (none.kind, figure(none), none.when) == ("delivery", (0, False), None)


def test_faults_name_row_and_column(release: Release) -> None:
    assert codes(release) == ["quantity", "date", "quantity", "unknown-party", "unknown-weapon"]
    assert [problem.place for problem in release.problems[:3]] == [
        "row 11, column Number ordered",
        "row 11, column Year(s) of delivery",
        "row 11, column Number delivered",
    ]
    assert "'Atlantis' (row 12, column Recipient)" in release.problems[3].what


def test_a_weapon_of_no_known_name_keeps_it_and_gets_its_category(release: Release) -> None:
    order, _ = said(release, "india|russia")
    assert (order.item.category, order.item.designation) == ("artillery", "Weapon-X")


def test_every_description_of_the_table_is_a_category() -> None:
    listed = data_table("sipri")["descriptions"]
    assert set(listed.values()) <= set(Category)
    assert all(text == text.casefold() for text in listed)


@pytest.mark.parametrize("above", [0, 11, 30])
def test_any_number_of_notes_may_stand_above(above: int, tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    lines = ["a note, with a comma"] * above + [HEADER, "Ukraine,Norway,2023,,8,,Leopard-2A4,tank"]
    path.write_text("\n".join(lines), encoding="latin-1")
    release = importer.read(path, CATALOGUE)
    assert [one.kind for one in every(release)] == ["contract"]
    assert "columns that are missing: number delivered" in "\n".join(release.notes)


def test_deliveries_of_the_years_asked_for_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    head = f"{HEADER},Deliveries in the Year Range"
    path.write_text(f"{head}\nUkraine,Norway,2023,,8,,Leopard-2A4,tank,4", encoding="utf-8")
    release = importer.read(path, CATALOGUE)
    assert [figure(one) for one in every(release)] == [(8, False), (4, False)]
    assert "delivered numbers are those of the years that were asked for only" in release.notes


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2\n", "Recipient,Supplier\nUkraine,Norway\n", "\x00\x01"]
)
def test_a_table_without_the_header_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError):
        importer.read(path, CATALOGUE)


YEARS = st.lists(st.integers(1950, 2099), min_size=1, max_size=8)


@given(
    years=YEARS, order=st.randoms(use_true_random=False), mark=st.sampled_from(["; ", ";", ", "])
)
def test_years_come_out_in_order_however_they_were_written(
    years: list[int], order: object, mark: str
) -> None:
    text = mark.join(map(str, years))
    found = years_of(text)
    assert found == tuple(sorted(set(years)))
    assert years_of(mark.join(map(str, found))) == found
    shuffled = list(map(str, years))
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert years_of(mark.join(shuffled)) == found


@given(first=st.integers(1950, 2099), length=st.integers(0, 60), mark=st.sampled_from("-\u2013/"))
def test_a_range_of_years_is_all_of_them(first: int, length: int, mark: str) -> None:
    last = min(first + length, 2099)
    assert years_of(f"{first}{mark}{last}") == tuple(range(first, last + 1))


@given(years=YEARS)
def test_the_span_of_years_holds_each_of_them(years: list[int]) -> None:
    when = span_of(tuple(years))
    assert when is not None
    start, end = bounds(when)
    assert (start.year, end.year) == (min(years), max(years))


@pytest.mark.skipif(not SAMPLE.exists(), reason="the shared samples are not here")
def test_the_layout_of_an_export_is_read() -> None:
    release = importer.read(SAMPLE, CATALOGUE)
    assert codes(release) == []
    assert [one.kind for one in every(release)] == [
        *("pledge", "delivery", "contract", "delivery", "contract", "delivery"),
        *("contract", "delivery", "contract"),
    ]
    assert str(release.published) == "2025-10-23"
