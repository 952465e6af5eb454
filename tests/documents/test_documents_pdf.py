"""PDF: real files, whole and broken."""

from __future__ import annotations

from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from document_files import codes, pdf, read_all

from pledgebook.documents import Limits
from pledgebook.documents.formats.pdf import unwrap

FIRST = [
    "Military support for Ukraine",
    "Oslo, 14 February 2023. Norway will send eight Leopard 2 tanks to",
    "Ukraine together with four special vehicles and funds for ammunition",
    "and spare parts, the minister of defence said.",
    "The package contains:",
    "- eight Leopard 2A4 tanks (from army stocks)",
    "- four special vehicles",
]
SECOND = ["Poland sends 14 tanks."]


def test_pages_are_joined_and_lines_unwrapped(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf([FIRST, SECOND]))
    (document,), problems = read_all(path)
    assert problems == []
    assert document.text == (
        "Military support for Ukraine\n"
        "Oslo, 14 February 2023. Norway will send eight Leopard 2 tanks to Ukraine together with "
        "four special vehicles and funds for ammunition and spare parts, the minister of defence "
        "said.\n"
        "The package contains:\n"
        "- eight Leopard 2A4 tanks (from army stocks)\n"
        "- four special vehicles\n\n"
        "Poland sends 14 tanks."
    )
    assert document.title == "Military support for Ukraine"
    assert document.date is not None
    assert (document.date.isoformat(), document.date_source) == ("2023-02-14", "dateline")
    assert document.extractor == "pdf/2"


def test_a_pdf_under_another_name_is_still_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(pdf([SECOND]))
    assert read_all(path)[0][0].text == SECOND[0]


def test_a_scan_without_text_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf([None, None]))
    documents, (problem,) = read_all(path)
    assert documents == []
    assert problem.code == "pdf-without-text"
    assert "2 pages" in problem.what
    assert problem.mend


def test_an_encrypted_pdf_is_a_problem(tmp_path: Path) -> None:
    data = pdf([SECOND], password="secret")
    with pypdfium2.PdfDocument(data, password="secret") as opened:
        page = opened[0]
        layer = page.get_textpage()
        assert layer.get_text_range() == SECOND[0]
        layer.close()
        page.close()
    path = tmp_path / "locked.pdf"
    path.write_bytes(data)
    documents, (problem,) = read_all(path)
    assert documents == []
    assert problem.code == "pdf-encrypted"
    assert problem.mend


def test_a_pdf_with_an_empty_password_is_read(tmp_path: Path) -> None:
    path = tmp_path / "restricted.pdf"
    path.write_bytes(pdf([SECOND], password=""))
    (document,), problems = read_all(path)
    assert (document.text, problems) == (SECOND[0], [])


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_pdf_is_a_problem(tmp_path: Path, share: float) -> None:
    data = pdf([FIRST, SECOND] * 20)
    path = tmp_path / "half.pdf"
    path.write_bytes(data[: int(len(data) * share)])
    documents, (problem,) = read_all(path)
    assert documents == []
    assert problem.code == "pdf-damaged"


def test_junk_with_the_name_of_a_pdf_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "junk.pdf"
    for junk in (b"Norway sends tanks.", b"\x00\x01" * 500, b"%PDF-1.7\n%%EOF\n"):
        path.write_bytes(junk)
        assert codes(read_all(path)[1]) == ["pdf-damaged"]


def test_pages_are_limited(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(pdf([SECOND] * 4))
    assert len(read_all(path, limits=Limits(max_pages=4))[0]) == 1
    assert codes(read_all(path, limits=Limits(max_pages=3))[1]) == ["too-large"]
    assert codes(read_all(path, limits=Limits(max_text=30))[1]) == ["too-large"]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("\u2022 eight tanks\r\n\uf0b7 four guns", "- eight tanks\n- four guns"),
        ("Norway sends ammu\ufffe\r\nnition.", "Norway sends ammunition."),
        ("Norway sends ammu\x02nition.", "Norway sends ammunition."),
        ("3\r\nNorway sends tanks.\r\nPage 3 of 10", "Norway sends tanks."),
        ("Short head\r\nNorway sends eight tanks to Ukraine now.", None),
        ("A line that is full and ends.\r\nThe next one opens.", None),
        (
            "A line that runs on into the next\r\n1) a numbered item",
            "A line that runs on into the next\n1) a numbered item",
        ),
    ],
)
def test_lines_of_a_page(page: str, text: str | None) -> None:
    assert unwrap(page) == (page.replace("\r\n", "\n") if text is None else text)
