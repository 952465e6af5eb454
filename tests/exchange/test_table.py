"""A table of the user's own: columns by a saved mapping, faults by row and column."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from pathlib import Path

import pytest
from releases_read import CATALOGUE, DATA, codes, every, statements
from sheet_files import cell, ods, row, xlsx
from syrupy.assertion import SnapshotAssertion

from pledgebook.book import Book
from pledgebook.errors import SourceError, UsageError
from pledgebook.exchange.rows import Release
from pledgebook.exchange.table import Mapping, TableImporter, importer, suggest_mapping
from pledgebook.vocabulary.statement import Kind, Scope, Statement, Status

TANKS = {
    "columns": {"donor": "Donor", "item": "Item", "quantity": "Number", "date": "Date"},
    "fixed": {"kind": "pledge", "recipient": "UKR"},
}


@pytest.fixture(scope="module")
def release() -> Release:
    return importer.read(DATA / "own-table.csv", CATALOGUE)


def read(folder: Path, text: str, mapping: MappingOf[str, object] | None = None) -> Release:
    path = folder / "aid.csv"
    path.write_text(text, encoding="utf-8")
    return TableImporter(Mapping.model_validate(mapping or TANKS)).read(path, CATALOGUE)


def money(said: Statement) -> tuple[float | None, str] | None:
    return (said.money.high, said.money.currency) if said.money else None


def test_a_row_makes_the_statements_that_its_columns_fill(release: Release) -> None:
    pledge, delivery = statements(release)["nor|ukraine|leopard 2a4||14.02.2023"]
    assert (pledge.kind, delivery.kind) == ("pledge", "delivery")
    for said in (pledge, delivery):
        assert (said.actors, said.recipient, said.when) == (("NOR",), "UKR", "2023-02-14")
        assert said.item.designation == "Leopard 2A4"
        assert said.quantity is not None
        assert (said.quantity.high, said.quantity.unit) == (8, "item")
    assert money(pledge) is None
    assert "Geliefert: 8" in delivery.evidence.quote


def test_values_are_filled_down_multiplied_and_zero_is_a_figure(release: Release) -> None:
    shells, none = statements(release)["nor|ukraine|155mm shells||01.03.2023"]
    assert (shells.actors, money(shells)) == (("NOR",), (2_500_000, "EUR"))
    assert shells.quantity is not None
    assert (shells.quantity.low, shells.quantity.unit) == (10_000, "round")
    assert none.kind == "delivery"
    assert none.quantity is not None
    assert (none.quantity.low, none.quantity.high) == (0, 0)


def test_two_letters_of_a_country_are_that_country(release: Release) -> None:
    (gepard,) = statements(release)["germany|ua|gepard||02.03.2023"]
    assert (gepard.actors, gepard.recipient, money(gepard)) == (("DEU",), "UKR", (1e9, "EUR"))


def test_faults_name_row_and_column_and_what_is_unknown_stays(release: Release) -> None:
    assert [(problem.code, problem.place) for problem in release.problems[:3]] == [
        ("table-quantity", "row 7, column Zugesagt"),
        ("table-currency", "row 7, column Währung"),
        ("table-date", "row 7, column Datum"),
    ]
    assert codes(release)[3:] == ["unknown-item", "unknown-party"]
    pledge, delivery = statements(release)["atlantis|ukraine|gizmos||bald"]
    assert (pledge.quantity, pledge.money, pledge.when) == (None, None, None)
    assert (pledge.actors, pledge.item.category) == (("Atlantis",), "other")
    assert delivery.quantity is not None


def test_columns_that_nothing_is_mapped_to_are_reported_and_kept(release: Release) -> None:
    assert "columns that no field is mapped to, kept in the rows: Farbe" in release.notes
    assert release.rows[0].cells["Farbe"] == "grün"
    assert release.rows[0].cells["Bemerkung"] == "erste Zeile"
    assert release.rows[1].cells["Bemerkung"] == "=CMD|' /C calc'!A0"


def test_the_data_set_and_its_days_are_those_of_the_mapping(release: Release) -> None:
    assert (release.dataset, release.name, release.published) == ("own-aid", "own-table", None)
    assert [str(row.date) for row in release.rows[:2]] == ["2023-02-14", "2023-03-01"]


def test_another_mapping_makes_another_release(release: Release) -> None:
    other = Mapping.model_validate(
        {"columns": {"item": "Gegenstand"}, "fixed": {"kind": "stock", "donor": "NOR"}}
    )
    again = TableImporter(other).read(DATA / "own-table.csv", CATALOGUE)
    assert again.bytes_sha256 != release.bytes_sha256
    assert {said.kind for said in every(again)} == {"stock"}


def test_a_column_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    release = read(tmp_path, "Donor,Item\nNorway,Leopard 2\n")
    assert codes(release) == ["missing-column", "missing-column"]
    assert "'Number'" in release.problems[0].what
    assert "Donor, Item" in (release.problems[0].mend or "")
    assert len(every(release)) == 1


def test_several_donors_act_together(tmp_path: Path) -> None:
    text = "Donor,Item,Number,Date\nGermany; Denmark,Leopard 1,80,2023\n"
    assert every(read(tmp_path, text))[0].actors == ("DEU", "DNK")


def test_a_party_whose_name_holds_the_separator_stays_whole(tmp_path: Path) -> None:
    mapping = {**TANKS, "separator": " and "}
    text = "Donor,Item,Number,Date\nBosnia and Herzegovina,Leopard 1,80,2023\n"
    assert every(read(tmp_path, text, mapping))[0].actors == ("BIH",)


def test_missing_undisclosed_and_zero_are_three_things(tmp_path: Path) -> None:
    mapping = {
        "columns": {"item": "Item"},
        "missing": ["nix"],
        "statements": [{"columns": {"quantity": "Sent"}, "fixed": {"kind": "delivery"}}],
    }
    text = "Item,Sent\nGepard,\nGepard,.\nGepard,nix\nGepard,undisclosed\nGepard,0\n"
    release = read(tmp_path, text, mapping)
    found = [said.quantity.high if said.quantity else None for said in every(release)]
    assert found == [None, 0]
    assert codes(release) == []


KINDS = {"columns": {"kind": "Stage", "item": "Item", "status": "Sure", "scope": "Sum"}}


def test_kinds_are_read_in_the_words_of_people(tmp_path: Path) -> None:
    text = (
        "Item,Stage,Sure,Sum\nGepard,Geliefert,,so far\nGepard,on order,in talks,\n"
        "Gepard,REFUSED,,\nGepard,maybe,,\nGepard,,,\n,pledge,,\n"
    )
    release = read(tmp_path, text, KINDS)
    assert [(said.kind, said.status, said.scope) for said in every(release)] == [
        (Kind.DELIVERY, Status.FIRM, Scope.TOTAL),
        (Kind.CONTRACT, Status.TENTATIVE, Scope.NEW),
        (Kind.REFUSAL, Status.FIRM, Scope.NEW),
    ]
    assert [(problem.code, problem.place) for problem in release.problems] == [
        ("table-kind", "row 5, column Stage"),
        ("table-kind", "row 6"),
        ("table-item", "row 7"),
    ]
    assert "under [values.kind]" in (release.problems[0].mend or "")


def test_a_category_of_the_table_stands_above_what_its_item_is_called(tmp_path: Path) -> None:
    mapping = {
        "columns": {"item": "Item", "category": "Sort", "unit": "Unit", "quantity": "N"},
        "fixed": {"kind": "delivery"},
    }
    text = (
        "Item,Sort,Unit,N\nM109 barrels,maintenance,,3\nTents,Humanitarian aid,pallets,4\n"
        "Thing,nonsense,furlongs,5\n"
    )
    release = read(tmp_path, text, mapping)
    assert [
        (said.item.category, said.item.designation, said.quantity and said.quantity.unit)
        for said in every(release)
    ] == [
        ("maintenance", "M109", "item"),
        ("humanitarian-aid", "Tents", "pallet"),
        ("other", "Thing", "furlongs"),
    ]
    assert codes(release) == ["table-category", "table-unit", "unknown-item"]


def test_money_alone_is_enough_and_a_link_is_its_source(tmp_path: Path) -> None:
    mapping = {
        "columns": {"money": "Sum", "source": "Where"},
        "fixed": {"kind": "pledge", "currency": "SEK", "category": "military-aid"},
    }
    text = 'Sum,Where\n1000,"see https://example.org/a, page 2"\nup to 5,a book\n'
    release = read(tmp_path, text, mapping)
    assert [money(said) for said in every(release)] == [(1000, "SEK"), (5, "SEK")]
    assert [row.url for row in release.rows] == ["https://example.org/a", None]


def test_workbooks_are_tables_too(tmp_path: Path) -> None:
    table = TableImporter(Mapping.model_validate(TANKS))
    lines: list[list[object]] = [
        ["Donor", "Item", "Number", "Date"],
        ["Norway", "Leopard 2", 8, "2023-02-14"],
    ]
    book = xlsx(tmp_path / "aid.xlsx", {"Notes": [["nothing here"]], "Aid": lines})
    sheet = ods(tmp_path / "aid.ods", "".join(row(*map(cell, line)) for line in lines))
    for path in (book, sheet):
        release = table.read(path, CATALOGUE)
        (said,) = every(release)
        assert (said.actors, said.quantity and said.quantity.high) == (("NOR",), 8)
        assert release.rows[0].origin == f"{path.name}#sheet=Aid&row=2"
    with pytest.raises(SourceError, match="Its sheets are Notes, Aid"):
        TableImporter(Mapping.model_validate({**TANKS, "sheet": "Other"})).read(book, CATALOGUE)


@pytest.mark.parametrize(
    "rows",
    [
        row(cell("x", 16_000), times=1_000_000),
        row(cell("x")) + row(cell(""), times=100_000_000) + row(cell("y", 3)),
        row(cell("x" * 100_000, 100), times=100),
    ],
)
def test_a_sheet_that_would_fill_the_memory_is_refused(rows: str, tmp_path: Path) -> None:
    path = ods(tmp_path / "aid.ods", row(cell("Donor")) + rows)
    with pytest.raises(SourceError, match=r"spans|repeat"):
        TableImporter(Mapping.model_validate(TANKS)).read(path, CATALOGUE)


def test_empty_rows_to_the_end_of_a_sheet_are_no_danger(tmp_path: Path) -> None:
    lines = row(cell("Item")) + row(cell("Gepard")) + row(cell("", 16_384), times=1_048_574)
    path = ods(tmp_path / "aid.ods", lines)
    mapping = Mapping.model_validate({"columns": {"item": "Item"}, "fixed": {"kind": "pledge"}})
    assert len(TableImporter(mapping).read(path, CATALOGUE).rows) == 1


def test_a_table_without_its_headers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="any of the headers of the mapping"):
        read(tmp_path, "a,b\n1,2\n")


def test_a_suggestion_reads_the_table_that_it_was_made_for(
    tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    path = tmp_path / "own-table.csv"
    path.write_bytes((DATA / "own-table.csv").read_bytes())
    suggested = suggest_mapping(path)
    assert suggested == snapshot
    (tmp_path / "own-table.mapping.toml").write_text(suggested, encoding="utf-8")
    kinds = [said.kind for said in every(importer.read(path, CATALOGUE))]
    assert kinds == ["pledge", "delivery", "pledge", "delivery", "pledge", "pledge", "delivery"]


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("Donor,Item,Quantity", 'kind = "pledge"'),
        ("Donor,Item,Delivered", 'kind = "delivery"'),
        ("Donor,Amount", 'currency = "EUR"'),
        ("Donor,Quantity", 'category = "military-aid"'),
        ('Donor,Item,"a ""quoted"" one\\ "', '# "a \\"quoted\\" one\\\\"'),
    ],
)
def test_a_suggestion_says_what_no_column_does(header: str, wanted: str, tmp_path: Path) -> None:
    path = tmp_path / "aid.csv"
    path.write_text(f"{header}\nNorway,1,2\n", encoding="utf-8")
    suggested = suggest_mapping(path)
    assert wanted in suggested
    (tmp_path / "aid.mapping.toml").write_text(suggested, encoding="utf-8")
    assert importer.read(path, CATALOGUE).rows


def test_a_table_whose_headers_nobody_knows_gets_no_suggestion(tmp_path: Path) -> None:
    path = tmp_path / "aid.csv"
    path.write_text("1,2\n3,4\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no row of it looks like headers"):
        suggest_mapping(path)


def test_a_book_takes_a_table_by_the_mapping_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes((DATA / "own-table.csv").read_bytes())
    place = tmp_path / "books" / "book.db"
    place.parent.mkdir()
    saved = place.parent / "ours.mapping.toml"
    saved.write_bytes((DATA / "own-table.mapping.toml").read_bytes())
    with Book.open(place) as book:
        report = book.imported.add("table", path, mapping="ours", dataset="theirs")
        assert (report.dataset, report.rows, report.statements) == ("theirs", 4, 7)
        assert not book.imported.add("table", path, mapping="ours", dataset="theirs").new
        assert not book.commitments()
        with pytest.raises(UsageError, match="takes no mapping"):
            book.imported.add("sipri", path, mapping="ours")
        with pytest.raises(UsageError, match="no name of a data set"):
            book.imported.add("table", path, mapping="ours", dataset="Their data")
