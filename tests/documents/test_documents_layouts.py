"""Tables of files, from their bytes to statements: the row is the evidence."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from coding import CATALOGUE
from document_files import _file, read_all, rows, xlsx

from pledgebook.reading import read_document
from pledgebook.vocabulary.document import Document

Row = tuple[str, str, str, float, str]


def table_of(documents: list[Document]) -> list[Row]:
    """Return kind, giver, item, number and evidence of all statements."""
    found = []
    for one in documents:
        for s in read_document(one, CATALOGUE):
            number = s.quantity.low if s.quantity else s.money.low if s.money else None
            item = s.item.designation or s.item.category.value
            found.append((s.kind.value, " ".join(s.actors), item, number or 0.0, s.evidence.quote))
            assert one.text[s.evidence.start : s.evidence.end] == s.evidence.quote
    return found


PAGE = """<html><head><title>Aid</title></head><body><article><h1>Military aid to Ukraine</h1>
<p>What donors have pledged and delivered to Ukraine, as the ministry published it on Tuesday.</p>
<table><tr><th>Donor</th><th>Item</th><th>Pledged</th><th>Delivered</th></tr>
<tr><td rowspan="2">Germany</td><td>Leopard 2 tanks</td><td>18</td><td>18</td></tr>
<tr><td>Marder infantry fighting vehicles</td><td>40</td><td>20</td></tr>
<tr><td>Norway</td><td>M109 howitzers</td><td>30</td><td></td></tr>
<tr><td colspan="2">Total</td><td>88</td><td>38</td></tr></table></article></body></html>"""


def test_a_table_of_a_page(tmp_path: Path) -> None:
    (tmp_path / "aid.html").write_text(PAGE, "utf-8")
    documents, problems = read_all(tmp_path / "aid.html")
    assert problems == []
    assert table_of(documents) == [
        ("pledge", "DEU", "Leopard 2", 18, "Germany | Leopard 2 tanks | 18"),
        ("delivery", "DEU", "Leopard 2", 18, "Germany | Leopard 2 tanks | 18 | 18"),
        ("pledge", "DEU", "Marder", 40, "Marder infantry fighting vehicles | 40"),
        ("delivery", "DEU", "Marder", 20, "Marder infantry fighting vehicles | 40 | 20"),
        ("pledge", "NOR", "M109", 30, "Norway | M109 howitzers | 30"),
    ]


def placed(cells: list[tuple[float, float, str]]) -> bytes:
    """Build a PDF of one page with pieces of text at their places, in points from below left."""
    drawn = b"\n".join(
        b"BT /F1 10 Tf %d %d Td (%s) Tj ET" % (x, y, text.encode("cp1252")) for x, y, text in cells
    )
    return _file(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            4: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>",
            5: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        },
        encrypted=False,
    )


TITLE = [(60.0, 740.0, "Military aid to Ukraine, by donor")]
COLUMNS = (60.0, 160.0, 330.0, 420.0)


def grid(table: list[list[str]], pitch: float = 14.0, top: float = 700.0) -> bytes:
    cells = [
        (COLUMNS[column], top - pitch * number, text)
        for number, row in enumerate(table)
        for column, text in enumerate(row)
        if text
    ]
    return placed([*TITLE, *cells])


def test_a_table_of_a_pdf(tmp_path: Path) -> None:
    table = [
        ["Donor", "Item", "Pledged", "Delivered"],
        ["Germany", "Leopard 2 tanks", "18", "18"],
        ["", "IRIS-T systems", "4", "3"],
        ["Norway", "M109 howitzers", "30", ""],
        ["Denmark", "Caesar howitzers", "", "6"],
        ["Total", "", "52", "27"],
    ]
    (tmp_path / "aid.pdf").write_bytes(grid(table))
    documents, problems = read_all(tmp_path / "aid.pdf")
    assert problems == []
    assert [row[:4] for row in table_of(documents)] == [
        ("pledge", "DEU", "Leopard 2", 18),
        ("delivery", "DEU", "Leopard 2", 18),
        ("pledge", "DEU", "IRIS-T", 4),
        ("delivery", "DEU", "IRIS-T", 3),
        ("pledge", "NOR", "M109", 30),
        ("delivery", "DNK", "Caesar", 6),
    ]
    assert table_of(documents)[0][4] == "Germany | Leopard 2 tanks | 18"


def test_wrapped_cells_of_a_pdf_are_one_row(tmp_path: Path) -> None:
    cells = [
        *TITLE,
        *((x, 700.0, t) for x, t in zip(COLUMNS, ["Donor", "Item", "Pledged", ""], strict=True)),
        (60, 680, "Germany"), (160, 680, "Marder infantry fighting"), (160, 669, "vehicles"),
        (330, 680, "40"),
        (60, 650, "Norway"), (160, 650, "M109 howitzers"), (330, 650, "30"),
        (60, 630, "Poland"), (160, 630, "T-72 tanks"), (330, 630, "240"),
    ]  # fmt: skip
    (tmp_path / "aid.pdf").write_bytes(placed([cell for cell in cells if cell[2]]))
    documents, _ = read_all(tmp_path / "aid.pdf")
    assert [row[1:4] for row in table_of(documents)] == [
        ("DEU", "Marder", 40),
        ("NOR", "M109", 30),
        ("POL", "T-72", 240),
    ]


def test_prose_of_a_pdf_is_left_as_it_is(tmp_path: Path) -> None:
    lines = [
        "Norway promised eight tanks to Ukraine, and the ministry said that it would be 22",
        "by the spring of 2023; Denmark ordered howitzers in 2022 and Germany tanks in 2023",
        "after long talks, the last of which were held in Brussels on 14 February 20",
    ]
    cells = [(60.0, 700.0 - 14 * number, line) for number, line in enumerate(lines)]
    (tmp_path / "aid.pdf").write_bytes(placed(cells))
    (document,), _ = read_all(tmp_path / "aid.pdf")
    assert "|" not in document.text


def workbook(merged: str = "") -> bytes:
    """Build a workbook of two sheets, with merged cells on the first where asked."""
    made = xlsx(
        {
            "Aid": rows(
                [
                    ["Donor", "Recipient", "Item", "Quantity", "Value (EUR million)"],
                    ["Germany", "Ukraine", "Leopard 2 tanks", 14, 50],
                    [None if merged else "Norway", "Ukraine", "M109 howitzers", 22, None],
                ]
            ),
            "Stages": rows(
                [
                    ["Donor", "Recipient", "Equipment", "Pledged", "Delivered"],
                    ["Denmark", "Ukraine", "Caesar howitzers", 19, 6],
                ]
            ),
        }
    )
    if not merged:
        return made
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("s1.xml"):
                cells = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>'
                part = part.replace(b"</worksheet>", cells.encode() + b"</worksheet>")
            new.writestr(name, part)
    return out.getvalue()


def test_the_rows_of_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "aid.xlsx").write_bytes(workbook())
    documents, problems = read_all(tmp_path / "aid.xlsx")
    assert problems == []
    found = table_of(documents)
    assert [row[:4] for row in found] == [
        ("pledge", "DEU", "Leopard 2", 14),
        ("pledge", "NOR", "M109", 22),
        ("pledge", "DNK", "Caesar", 19),
        ("delivery", "DNK", "Caesar", 6),
    ]
    assert found[0][4] + "." == documents[0].text
    money = read_document(documents[0], CATALOGUE)[0].money
    assert money is not None
    assert (money.low, money.currency) == (50e6, "EUR")


def test_a_merged_cell_holds_for_every_row_that_it_spans(tmp_path: Path) -> None:
    (tmp_path / "aid.xlsx").write_bytes(workbook(merged="A2:A3"))
    documents, _ = read_all(tmp_path / "aid.xlsx")
    assert [row[1:4] for row in table_of(documents)][:2] == [
        ("DEU", "Leopard 2", 14),
        ("DEU", "M109", 22),
    ]
