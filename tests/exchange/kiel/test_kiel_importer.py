"""The tracker's rows, read: whatever the headers are called and wherever the sheet stands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kiel_files import (
    EMPTY,
    HEADER,
    LATER,
    ROWS,
    SNAKE,
    later_rows,
    row,
    write_book,
    write_csv,
    write_folder,
)
from pledgebook.errors import SourceError
from pledgebook.exchange.importing import readings
from pledgebook.exchange.kiel.importer import importer
from pledgebook.exchange.kiel.items import ItemReader
from pledgebook.exchange.rows import Release
from pledgebook.vocabulary.catalogue import load_catalogue
from pledgebook.vocabulary.statement import Kind, Scope, Statement

CATALOGUE = load_catalogue()


@pytest.fixture
def release(tmp_path: Path) -> Release:
    return importer.read(write_folder(tmp_path / "release-2022-10"), CATALOGUE)


def said(release: Release) -> list[list[Statement]]:
    """The statements of each row."""
    faults: list[object] = []
    rows = readings(release, CATALOGUE, "1", faults)  # type: ignore[arg-type]
    assert faults == []
    return [list(one.reading.statements) for one in rows]


def brief(statement: Statement) -> str:
    """A statement in one line."""
    amount = "?"
    if statement.quantity is not None:
        amount = f"{statement.quantity.low:g} {statement.quantity.unit}"
    if statement.money is not None:
        amount = f"{statement.money.low:g} {statement.money.currency}"
    thing = statement.item.designation or statement.item.category.value
    return f"{'+'.join(statement.actors)} {statement.kind.value} {amount} {thing}"


def test_a_release_is_named_and_dated_by_itself(release: Release) -> None:
    assert (release.dataset, release.name) == ("kiel", "2022-10")
    assert release.published == dt.date(2022, 10, 3)
    assert len(release.rows) == len(ROWS)
    assert release.rows[0].origin == "MAIN.csv#row=2"
    assert release.rows[0].url == "https://example.org/norway"


def test_a_row_says_what_its_cells_say(release: Release) -> None:
    assert [[brief(one) for one in row] for row in said(release)] == [
        [
            "NOR pledge 8 item Leopard 2A4",
            "NOR delivery 0 item Leopard 2A4",
            "NOR pledge 1e+08 NOK military-aid",
            "NOR delivery 4e+06 EUR military-aid",
        ],
        ["NOR pledge ? 155mm", "NOR delivery ? 155mm"],
        ["NOR pledge ? personal-equipment"],
        ["NOR pledge 100 item personal-equipment"],
        ["DEU pledge ? 155mm", "DEU delivery ? 155mm", "DEU pledge 5e+06 EUR military-aid"],
        ["DEU pledge 12 item Leopard 2A4", "DEU delivery 12 item Leopard 2A4"],
        ["DEU pledge 2e+06 EUR humanitarian-aid"],
        ["EU pledge 5e+08 EUR financial-aid"],
        ["EU pledge 6e+08 EUR military-aid"],
        ["POL pledge ? military-aid"],
        ["POL pledge 40 item Leopard 2A4"],
        ["POL pledge 40 item Leopard 2A4"],
    ]


def test_missing_undisclosed_and_zero_stay_three_things(release: Release) -> None:
    rows = said(release)
    rules = {one.rule: one.quantity for some in rows for one in some}
    assert rules["kiel/units-missing"] is None
    assert rules["kiel/units-undisclosed"] is None
    assert rules["kiel/delivered-undisclosed"] is None
    nothing = rows[0][1].quantity
    assert nothing is not None
    assert (nothing.low, nothing.high) == (0, 0)
    # A full stop says nothing of a delivery: there is no statement about one.
    assert [one.kind for one in rows[2]] == [Kind.PLEDGE]


def test_money_stands_once_and_items_have_none(release: Release) -> None:
    for row_said in said(release):
        for one in row_said:
            about_items = one.rule.startswith(("kiel/units", "kiel/delivered"))
            assert (one.money is None) or not about_items
        pledged = [one for one in row_said if one.money and one.kind is Kind.PLEDGE]
        assert len(pledged) <= 1


def test_every_statement_leads_to_its_package_and_donor(release: Release) -> None:
    faults: list[object] = []
    rows = readings(release, CATALOGUE, "1", faults)  # type: ignore[arg-type]
    for one in rows:
        text = one.reading.document.text
        for statement in one.reading.statements:
            spots = {spot.field: text[spot.start : spot.end] for spot in statement.grounds}
            assert spots["package"].startswith("ID: ")
            assert spots["actors"].startswith("countries: ")
            assert text[statement.evidence.start : statement.evidence.end] == (
                statement.evidence.quote
            )


def test_faulty_cells_are_told_with_row_and_mend_and_not_guessed(release: Release) -> None:
    told = {(one.place, one.severity): str(one) for one in release.problems}
    assert [one.code for one in release.problems] == ["unread-cell"] * 4
    assert "'1.000.00'" in told["row 6", "error"] or "'395,88'" in told["row 6", "error"]
    assert "'dozens'" in told["row 6", "warning"]
    assert "2922" in told["row 7", "error"]
    assert "the day is taken as unknown" in told["row 7", "error"]
    assert "the figure is taken as unknown" in told["row 6", "error"]
    assert all(one.mend for one in release.problems)
    assert any("'395,88'" in str(one) for one in release.problems)


def test_a_column_without_a_header_is_found_and_told(release: Release) -> None:
    assert release.notes == ["column 9 has no header and is taken for 'Items'"]
    assert release.rows[0].cells["Items"] == "Leopard-2A4"


def test_the_same_sheet_reads_the_same_from_a_workbook(tmp_path: Path, release: Release) -> None:
    filler = [["Figure 1", "for print"], ["Norway", "8"]]
    # The head stands below a title, the sheet behind another one, under another name.
    main = [["Invented tracker"], [], list(HEADER), *ROWS]
    path = write_book(tmp_path / "tracker.xlsx", {"Figure": filler, "All the data": main})
    found = importer.read(path, CATALOGUE, name="2022-10")
    assert found.rows[0].origin == "tracker.xlsx#sheet=All the data&row=4"
    assert [one.key for one in found.rows] == [one.key for one in release.rows]
    assert [[brief(one) for one in row] for row in said(found)] == [
        [brief(one) for one in row] for row in said(release)
    ]


def test_a_later_release_imports_and_tells_its_new_columns(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "release-2023-02.csv", LATER, later_rows())
    found = importer.read(path, CATALOGUE)
    assert found.published == dt.date(2023, 2, 14)
    new = "new columns, kept in the rows and read as no figure: 'Mood of the minister'"
    assert new in found.notes
    assert any("left out because they hold positions" in note for note in found.notes)
    assert found.rows[0].cells["Mood of the minister"] == "glad"
    assert not any("50.4" in cell for one in found.rows for cell in one.cells.values())
    money = [one for some in said(found) for one in some if one.money]
    assert [(one.rule, one.scope) for one in money][-2:] == [
        ("kiel/package-as-reported", Scope.NEW),
        ("kiel/allocation", Scope.BACKGROUND),
    ]


def test_headers_that_are_all_anew_import_and_the_missing_are_told(tmp_path: Path) -> None:
    rows = [
        ["NOM1", "Norway", "2025-03-01 00:00:00", "Military", "Weapons", "", "Commitment", "NOK",
         "100", "10", "Leopard-2A4", "Heavy weapon", "8", "undisclosed"],
    ]  # fmt: skip
    found = importer.read(write_csv(tmp_path / "main.csv", SNAKE, rows), CATALOGUE)
    assert [[brief(one) for one in some] for some in said(found)] == [
        [
            "NOR pledge 8 item Leopard 2A4",
            "NOR delivery ? Leopard 2A4",
            "NOR pledge 100 NOK military-aid",
        ]
    ]
    [missing] = [note for note in found.notes if note.startswith("missing columns")]
    assert "'Unit Price in USD'" in missing
    assert found.name == "2025-03-01"


def test_a_column_of_figures_that_is_gone_is_told(tmp_path: Path) -> None:
    without = HEADER.index("No. of Units")
    header = [name for index, name in enumerate(HEADER) if index != without]
    rows = [[cell for index, cell in enumerate(one) if index != without] for one in ROWS[:4]]
    found = importer.read(write_csv(tmp_path / "main.csv", header, rows), CATALOGUE)
    assert any(
        note.startswith("missing columns") and "'No. of Units'" in note for note in found.notes
    )
    assert brief(said(found)[0][0]) == "NOR pledge ? Leopard 2A4"


@pytest.mark.parametrize("table", [[["a", "b"], ["1", "2"]], [["x"]]])
def test_other_tables_are_refused(tmp_path: Path, table: list[list[str]]) -> None:
    path = write_csv(tmp_path / "other.csv", table[0], table[1:])
    with pytest.raises(SourceError, match="main sheet") as caught:
        importer.read(path, CATALOGUE)
    assert caught.value.where == str(path)


def test_a_workbook_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(SourceError, match="broken zip"):
        importer.read(path, CATALOGUE)


def test_one_day_far_behind_all_others_does_not_date_a_release(tmp_path: Path) -> None:
    rows = [row("Norway", f"{day} 00:00:00") for day in ("2022-03-01", "2022-09-30", "2032-01-01")]
    found = importer.read(write_csv(tmp_path / "main.csv", HEADER, rows), CATALOGUE)
    assert found.published == dt.date(2022, 9, 30)


def test_a_row_without_a_donor_is_told_and_left_out(tmp_path: Path) -> None:
    rows = [row(".", "2022-03-01 00:00:00"), row("Norway", "2022-03-01 00:00:00")]
    found = importer.read(write_csv(tmp_path / "main.csv", HEADER, rows), CATALOGUE)
    assert len(found.rows) == 1
    assert [one.code for one in found.problems] == ["no-donor"]


def test_an_amount_without_a_currency_is_told_and_no_statement(tmp_path: Path) -> None:
    rows = [row("Norway", "2022-03-01 00:00:00", first="1", total="5")]
    found = importer.read(write_csv(tmp_path / "main.csv", HEADER, rows), CATALOGUE)
    assert [one.code for one in found.problems] == ["unread-cell"]
    assert said(found) == [[]]


@pytest.mark.parametrize(
    ("item", "item_type", "subtype", "category", "designation", "unit"),
    [
        ("M113 armored personnel carrier", "Heavy weapon", "APC", "armoured-vehicle", "M113",
         "item"),
        ("CAESAR artillery howitzer", "Heavy weapon", "155mm howitzer", "artillery", "Caesar",
         "item"),
        ("105mm howitzer", "Heavy weapon", "105mm howitzer", "artillery", "105mm", "item"),
        ("155mm artillery round", "Ammunition for heavy weapon", "155mm howitzer ammunition",
         "artillery-ammunition", "155mm", "round"),
        ("ammunition for HIMARS", "Ammunition for heavy weapon", "227mm MLRS ammunition",
         "rocket-ammunition", "HIMARS", "round"),
        ("munitions for NASAMS", "Ammunition for Heavy Weapon", "Missile", "missile", "NASAMS",
         "item"),
        ("Stinger missile", "Ammunition for portable defence system", "MANPADS ammunition",
         "air-defence", "Stinger", "item"),
        ("AT4 anti-tank weapon", "Portable defence system", "MANPADS", "anti-tank-weapon", "AT4",
         "item"),
        ("spare parts for M109 artillery gun", "Military equipment", "Military equipment",
         "maintenance", "M109", "item"),
        ("ton of medical equipment", "Humanitarian", ".", "medical", None, "tonne"),
        ("liter of fuel M", "Military equipment", ".", "fuel", None, "litre"),
        ("school", "Humanitarian", "Humanitarian", "humanitarian-aid", None, "item"),
        ("something that nobody knows", "Military equipment", ".", "other", None, "item"),
    ],
)  # fmt: skip
def test_an_item_is_what_its_words_and_its_type_say(
    item: str, item_type: str, subtype: str, category: str, designation: str | None, unit: str
) -> None:
    found = ItemReader(CATALOGUE).read(item, item_type, subtype)
    assert (found.category.value, found.designation, found.unit) == (category, designation, unit)


def test_cells_that_say_nothing_are_shown_only_where_a_figure_is_due(release: Release) -> None:
    cells = release.rows[2].cells
    assert cells["No. of Units"] == "."
    assert "Source of Aid 1" not in cells
    assert EMPTY["source"] == "."
