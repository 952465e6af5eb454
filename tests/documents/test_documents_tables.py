"""CSV: rows that read as sentences, in the dialects that people write."""

from __future__ import annotations

import csv
import datetime as dt
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from document_files import codes, read_all

from pledgebook.documents import load
from pledgebook.documents.formats.tables import as_text
from pledgebook.vocabulary.document import Document

EXPECTED = ["Donor: Norway; Item: Leopard 2; Number: 8.", "Donor: Poland; Number: 14."]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_rows_are_written_out(tmp_path: Path, mark: str, encoding: str) -> None:
    table = [["Donor", "Item", "Number"], ["Norway", "Leopard 2", "8"], ["Poland", "", "14"]]
    path = tmp_path / "aid.csv"
    path.write_text("\r\n".join(mark.join(row) for row in table) + "\r\n", encoding=encoding)
    documents, problems = read_all(path)
    assert problems == []
    assert [document.text for document in documents] == EXPECTED
    assert [document.origin for document in documents] == [f"{path}:2", f"{path}:3"]


def test_quotes_and_cells_of_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "aid.csv"
    path.write_text('Donor,Note\nNorway,"Eight tanks,\n""soon""."\n,\nPoland,x,y\n')
    documents, _ = read_all(path)
    assert [document.text for document in documents] == [
        'Donor: Norway; Note: Eight tanks, "soon".',
        "Donor: Poland; Note: x; Column 3: y.",
    ]


def test_marks_for_nothing_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "aid.csv"
    path.write_text("Donor,Item,Number\nNorway,.,8\n.,-,\u2013\nPoland,guns,--\n")
    documents, _ = read_all(path)
    assert [document.text for document in documents] == [
        "Donor: Norway; Number: 8.",
        "Donor: Poland; Item: guns.",
    ]


def test_columns_about_the_document_are_not_its_text(tmp_path: Path) -> None:
    path = tmp_path / "aid.csv"
    path.write_text(
        "id,Date,url,lang,Donor\n7,2023-02-14,https://example.org/a,en,Norway\n8,spring,,,Poland\n"
    )
    (first, second), problems = read_all(path)
    assert problems == []
    assert first.text == "Date: 2023-02-14; Donor: Norway."
    assert (first.name, first.url, first.lang) == ("7", "https://example.org/a", "en")
    assert first.date == dt.date(2023, 2, 14)
    assert (second.text, second.date) == ("Date: spring; Donor: Poland.", None)


def test_a_row_keeps_its_identity_when_others_are_added(tmp_path: Path) -> None:
    path = tmp_path / "aid.csv"
    path.write_text("Donor,Item\nNorway,tanks\n")
    (before,), _ = read_all(path)
    path.write_text("Donor,Item\nPoland,guns\nNorway,tanks\n")
    (_, after), _ = read_all(path)
    assert before.id == after.id


def test_bytes_that_do_not_fit_are_said(tmp_path: Path) -> None:
    path = tmp_path / "aid.csv"
    path.write_bytes(b"Donor,Item\n" + b"Norway,tanks\n" * 6_000 + b"M\xe9xico,tents\n")
    documents, problems = read_all(path)
    assert documents[-1].text == "Donor: M\ufffdxico; Item: tents."
    assert codes(problems) == ["encoding"]
    assert problems[0].place == "row 6002"


@pytest.fixture(params=["as it comes", "raised"])
def cell_limit(request: pytest.FixtureRequest) -> Iterator[None]:
    """Python's limit of a cell is one for the whole process, and others raise it."""
    before = csv.field_size_limit()
    csv.field_size_limit(131_072 if request.param == "as it comes" else 10**9)
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("cell_limit")
def test_a_cell_beyond_all_limits_does_not_end_the_table(tmp_path: Path) -> None:
    path = tmp_path / "aid.csv"
    path.write_text(f"Donor,Item\nNorway,tanks\nPoland,{'x' * 20_000_001}\nCanada,guns\n")
    documents, (problem,) = read_all(path)
    assert [document.text for document in documents] == [
        "Donor: Norway; Item: tanks.",
        "Donor: Canada; Item: guns.",
    ]
    assert (problem.code, problem.place) == ("not-csv", "row 3")


def test_junk_with_the_name_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "aid.csv"
    path.write_bytes(bytes(range(256)) * 4)
    assert codes(read_all(path)[1]) == ["binary"]


def test_a_header_alone_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "aid.csv"
    path.write_text("Donor,Item\n")
    assert codes(read_all(path)[1]) == ["empty-document"]


def test_rows_stream(tmp_path: Path) -> None:
    path = tmp_path / "aid.csv"
    with path.open("w") as file:
        file.write("Donor,Item\n")
        for number in range(10_000):
            file.write(f"Norway,{number} tanks {'x' * 500}\n")
    steps: list[int] = []
    tracemalloc.start()
    count = sum(
        isinstance(found, Document) for found in load([path], lang="en", advance=steps.append)
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 10_000
    assert sum(steps) == path.stat().st_size
    assert len([step for step in steps if step]) > 10
    assert peak < 3_000_000


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (8.0, "8"),
        (0.1, "0.1"),
        (1e300, "1e+300"),
        (True, "yes"),
        (None, ""),
        (dt.datetime(2023, 2, 14), "2023-02-14"),  # noqa: DTZ001 - as a workbook gives it
        (dt.datetime(2023, 2, 14, 9, 5), "2023-02-14 09:05"),  # noqa: DTZ001
        (dt.date(2023, 2, 14), "2023-02-14"),
        (" a ", "a"),
    ],
)
def test_cells_read_as_a_person_reads_them(cell: object, text: str) -> None:
    assert as_text(cell) == text
