"""DOCX and XLSX: real files, and files that would fill the memory."""

from __future__ import annotations

import datetime as dt
import io
import os
import struct
import tracemalloc
import zipfile
from pathlib import Path

import docx
import pytest
from document_files import codes, read_all, rows, xlsx, zipped
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from pledgebook.documents import Limits


def word(tmp_path: Path) -> Path:
    """Write a Word document with headings, lists, a table, and tracked changes."""
    document = docx.Document()
    document.core_properties.title = "Aid package"
    document.add_heading("Norway sends tanks", 1)
    document.add_paragraph("Norway will send eight\ttanks.").add_run().add_break()
    document.add_paragraph("eight Leopard 2A4", style="List Bullet")
    document.add_paragraph("spare parts", style="List Bullet 2")
    document.add_paragraph("four vehicles", style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells),
        ("Donor", "Item", "Poland", "14 tanks"),
        strict=True,
    ):
        cell.text = text
    changed = document.add_paragraph("It was ")
    changed._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>delivered</w:t></w:r></w:ins>"))
    changed._p.append(
        parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>lost</w:delText></w:r></w:del>")
    )
    document.element.body.insert(
        len(document.element.body) - 1,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>In a form field.</w:t></w:r>"
            "</w:p></w:sdtContent></w:sdt>"
        ),
    )
    path = tmp_path / "report.docx"
    document.save(str(path))
    return path


WORDS = """Norway sends tanks

Norway will send eight\ttanks.

- eight Leopard 2A4
  - spare parts
- four vehicles

Donor | Item
Poland | 14 tanks

It was delivered

In a form field."""


def test_a_word_document_with_its_structure(tmp_path: Path) -> None:
    path = word(tmp_path)
    (document,), problems = read_all(path)
    assert problems == []
    assert document.text == WORDS
    assert document.title == "Aid package"
    assert document.extractor == "docx/1"
    renamed = path.rename(tmp_path / "report")
    assert read_all(renamed)[0][0].text == WORDS


def test_numbered_paragraphs_are_list_items_and_headings_are_not(tmp_path: Path) -> None:
    document = docx.Document()
    for text, style, level, number in (
        ("Heading", "Heading 1", 0, 1),
        ("first", None, 0, 1),
        ("below", None, 1, 1),
        ("not numbered", "List Bullet", 0, 0),
    ):
        paragraph = document.add_paragraph(text, style=style)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(
                f"<w:numPr {nsdecls('w')}><w:ilvl w:val='{level}'/><w:numId w:val='{number}'/>"
                "</w:numPr>"
            )
        )
    paragraph = document.add_paragraph("A")
    run = parse_xml(
        f"<w:r {nsdecls('w')}><w:noBreakHyphen/><w:t>1</w:t><w:instrText>PAGE</w:instrText></w:r>"
    )
    paragraph._p.append(run)
    path = tmp_path / "list.docx"
    document.save(str(path))
    (found,), _ = read_all(path)
    assert found.text == "Heading\n\n- first\n  - below\n\nnot numbered\n\nA\u20111"


TABLE = rows(
    [
        ["Support for Ukraine"],
        ["Donor", "Item", "Number", "Share"],
        ["Norway", "Leopard 2", 8, 0.25],
        [None, None, None, None],
        ["Poland", None, 14.0],
    ]
)


def test_each_row_of_a_workbook_is_a_document(tmp_path: Path) -> None:
    path = tmp_path / "aid.xlsx"
    path.write_bytes(xlsx({"Tanks": TABLE, "Notes": "", "Guns": rows([["A", "B"], ["x", "y."]])}))
    documents, problems = read_all(path)
    assert problems == []
    assert [document.text for document in documents] == [
        "Support for Ukraine.",
        "Donor: Norway; Item: Leopard 2; Number: 8; Share: 0.25.",
        "Donor: Poland; Number: 14.",
        "A: x; B: y.",
    ]
    assert [document.origin.removeprefix(str(path)) for document in documents] == [
        ":Tanks:1",
        ":Tanks:3",
        ":Tanks:5",
        ":Guns:2",
    ]
    assert {document.title for document in documents} == {None}


def test_a_workbook_with_a_text_column_acts_like_jsonl(tmp_path: Path) -> None:
    table: list[list[str | float | None]] = [
        ["ID", "Date", "Text", "Lang", "URL", "Other"],
        ["a1", "2023-02-14", "Norway sends tanks.", "en", "https://example.org/", "ignored"],
        ["a2", "soon", "Norway sends guns."],
        ["a3", None, None],
    ]
    path = tmp_path / "aid.xlsx"
    path.write_bytes(xlsx({"S": rows(table)}))
    (document,), problems = read_all(path)
    assert document.text == "Norway sends tanks."
    assert (document.name, document.url, document.lang) == ("a1", "https://example.org/", "en")
    assert document.date == dt.date(2023, 2, 14)
    assert codes(problems) == ["invalid-date", "text-missing"]
    assert problems[0].place == "sheet S, row 3"


def bomb(name: str) -> bytes:
    """Pack 300 MB of nothing into a few hundred kilobytes."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(name, "w", force_zip64=True) as part,
    ):
        for _ in range(300):
            part.write(bytes(1_000_000))
    return buffer.getvalue()


def lying(data: bytes, size: int) -> bytes:
    """Make the directory of a zip state another unpacked size."""
    start = data.rindex(b"PK\x01\x02")
    return data[: start + 24] + struct.pack("<I", size) + data[start + 28 :]


BOMB = bomb("word/document.xml")


@pytest.mark.parametrize("name", ["bomb.docx", "bomb.xlsx"])
@pytest.mark.parametrize("stated", [None, 1_000])
def test_a_zip_bomb_is_a_problem_within_bounds(
    tmp_path: Path, name: str, stated: int | None
) -> None:
    path = tmp_path / name
    path.write_bytes(BOMB if stated is None else lying(BOMB, stated))
    tracemalloc.start()
    documents, (problem,) = read_all(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert documents == []
    assert problem.code == "zip-bomb"
    assert problem.mend
    assert peak < 20_000_000


def test_many_parts_are_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "many.docx"
    path.write_bytes(zipped({f"word/{number}.xml": "" for number in range(30)}))
    assert codes(read_all(path, limits=Limits(max_entries=29))[1]) == ["zip-bomb"]


def test_a_document_full_of_pictures_is_only_too_large(tmp_path: Path) -> None:
    path = tmp_path / "photos.docx"
    path.write_bytes(zipped({"word/media/a.png": os.urandom(200_000)}))
    assert codes(read_all(path, limits=Limits(max_unpacked=100_000))[1]) == ["too-large"]


def test_a_large_ratio_is_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "ratio.docx"
    path.write_bytes(zipped({"word/document.xml": bytes(20_000_000)}))
    assert codes(read_all(path)[1]) == ["zip-bomb"]


@pytest.mark.parametrize(
    "sheet",
    [
        rows([["a", "b"]]) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="9999999"><c><v>1</v></c></row><row r="1"><c r="XFD1"><v>1</v></c></row>',
        '<row r="&#57;999999"><c r="&#88;FD1"><v>1</v></c></row>',
    ],
)
def test_a_sheet_that_spans_everything_is_refused(tmp_path: Path, sheet: str) -> None:
    path = tmp_path / "wide.xlsx"
    path.write_bytes(xlsx({"S": sheet}))
    tracemalloc.start()
    problems = read_all(path, limits=Limits(max_cells=10_000))[1]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert codes(problems) == ["zip-bomb"]


def test_a_string_that_is_shared_too_often_is_refused(tmp_path: Path) -> None:
    cells = "".join(f'<c r="A{i}" t="s"><v>0</v></c>' for i in range(1, 200))
    strings = f"<sst><si><t>{'x' * 1_000}</t></si></sst>"
    parts = {"xl/sharedStrings.xml": strings, "xl/worksheets/s.xml": f"<s><row>{cells}</row></s>"}
    path = tmp_path / "shared.xlsx"
    path.write_bytes(zipped(parts))
    limits = Limits(max_unpacked=198_999)
    (problem,) = read_all(path, limits=limits)[1]
    assert problem.code == "zip-bomb"
    assert "199,000" in problem.what


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    parts = {"xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}
    path = tmp_path / "entities.xlsx"
    path.write_bytes(zipped(parts))
    assert codes(read_all(path)[1]) == ["zip-bomb"]


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_a_truncated_office_file_is_damaged(tmp_path: Path, name: str, share: float) -> None:
    data = word(tmp_path).read_bytes() if name == "a.docx" else xlsx({"S": TABLE})
    path = tmp_path / name
    path.write_bytes(data[: int(len(data) * share)])
    assert codes(read_all(path)[1]) == ["damaged"]


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_a_zip_of_something_else_is_damaged(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(zipped({"hello.txt": "Norway sends tanks."}))
    assert codes(read_all(path)[1]) == ["damaged"]
    path.write_text("Norway sends tanks.")
    assert codes(read_all(path)[1]) == ["damaged"]


def test_protected_and_older_office_files_are_named(tmp_path: Path) -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    (tmp_path / "locked.docx").write_bytes(ole)
    (tmp_path / "old.doc").write_bytes(ole)
    assert codes(read_all(tmp_path)[1]) == ["encrypted", "unsupported-format"]
