"""Rows in the book add up to what the tracker's authors publish, or every difference is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiel_files import (
    COMMITTED,
    COUNTRIES,
    HEADER,
    ROWS,
    WEAPON_HEAD,
    write_book,
    write_csv,
    write_folder,
)
from pledgebook.exchange.importing import import_file
from pledgebook.exchange.kiel.summary import SummaryCheck, check_summary
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import load_catalogue


def checked(path: Path, book: Path) -> SummaryCheck:
    with Store.open(book) as store:
        report = import_file(store, load_catalogue(), "kiel", path, by="me")
        return check_summary(store, report.id, path)


def test_an_invented_release_agrees_with_its_own_sums(tmp_path: Path) -> None:
    check = checked(write_folder(tmp_path / "release-1"), tmp_path / "book.db")
    assert check.agrees
    assert [(one.sheet, one.equal, one.cells, one.filled) for one in check.agreements] == [
        ("Country summary", 12, 12, 4),
        ("Committed weapons", 3, 3, 3),
        ("Delivered weapons", 3, 3, 1),
        ("Converted packages", 5, 5, 5),
    ]
    assert check.outside == (("european peace facility", "military", 600_000_000.0),)
    assert check.absent == ()


def test_a_workbook_agrees_as_well(tmp_path: Path) -> None:
    sheets = {
        "Country Summary (\u20ac)": COUNTRIES,
        "MAIN": [HEADER, *ROWS],
        "Committed weapons": COMMITTED,
    }
    check = checked(write_book(tmp_path / "tracker.xlsx", sheets), tmp_path / "book.db")
    assert check.agrees
    assert check.absent == ("delivered weapons", "exchange rates")


@pytest.mark.parametrize(
    ("factor", "agrees"), [(1.0009, True), (0.9991, True), (1.0011, False), (0.9989, False)]
)
def test_money_agrees_within_a_thousandth(tmp_path: Path, factor: float, agrees: bool) -> None:
    off = ("", "Norway", "0", "0", "0", str(0.01 * factor))
    table = [off if line[1] == "Norway" else line for line in COUNTRIES]
    folder = write_folder(tmp_path / "release-1", Country_Summary=table)
    assert checked(folder, tmp_path / "book.db").agrees is agrees


def test_each_difference_is_listed(tmp_path: Path) -> None:
    table = (WEAPON_HEAD, ("Leopard-2A4", "101", "Heavy", "MBT", "", "9", "12", "80"))
    folder = write_folder(tmp_path / "release-1", Committed_weapons=table)
    check = checked(folder, tmp_path / "book.db")
    assert not check.agrees
    [found] = [one for sheet in check.agreements for one in sheet.differences]
    assert (found.row, found.column, found.published, found.summed) == (
        "leopard-2a4",
        "norway",
        9,
        8,
    )


def test_with_nothing_to_compare_nothing_agrees(tmp_path: Path) -> None:
    check = checked(write_csv(tmp_path / "main.csv", HEADER, ROWS), tmp_path / "book.db")
    assert not check.agrees
    assert len(check.absent) == 4
