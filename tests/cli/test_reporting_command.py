"""`pledgebook report`: files, standard output, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from browsers import chromium_path
from engines import on_sqlite
from pledgebook.book import Book
from pledgebook.errors import UsageError
from pledgebook.reporting.report.chromium import VARIABLE
from pledgebook.reporting.report.writing import form_of
from program import Inside, Program

DAY = ("--as-of", "2024-01-01")


def test_a_page_is_written(inside: Inside, aid: Path) -> None:
    path = aid.parent / "report.html"
    done = inside("report", "-o", path, "--db", aid, *DAY, "--since", "2023-03-01")
    assert done.code == 0
    assert done.out == ""
    assert "Written: ~/report.html" in done.err
    page = path.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "What changed since 1 March 2023" in page


def test_options_reach_the_report(inside: Inside, aid: Path) -> None:
    text = inside.well(
        "report", "-o", "-", "--format", "md", "--db", aid, *DAY,
        "--donor", "Norway", "--recipient", "Ukraine", "--item", "tank",
        "--title", "Norway's tanks",
    )  # fmt: skip
    assert text.startswith("# Norway's tanks\n")
    assert "Donor: **Norway**" in text
    assert "Denmark" not in text


def test_standard_output_is_a_page(inside: Inside, aid: Path) -> None:
    assert inside.well("report", "-o", "-", "--db", aid, *DAY).startswith("<!DOCTYPE html>")


def test_a_file_that_is_there_is_kept(inside: Inside, aid: Path) -> None:
    path = aid.parent / "report.md"
    path.write_text("mine", encoding="utf-8")
    done = inside("report", "-o", path, "--db", aid)
    assert done.code == 2
    assert "it is there already" in done.err
    assert path.read_text(encoding="utf-8") == "mine"
    inside.well("report", "-o", path, "--db", aid, "--force")
    assert path.read_text(encoding="utf-8").startswith("# ")


def test_no_report_takes_the_place_of_the_book(written_book: Path, tmp_path: Path) -> None:
    place = tmp_path / "aid.html"
    place.write_bytes(written_book.read_bytes())
    with Book.open(place) as book, pytest.raises(UsageError, match="the book itself"):
        book.report(place, force=True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-o", "report.docx"], "cannot be told from the ending"),
        (["-o", "no/such/report.html"], "its folder is not there"),
        (["-o", "-", "--format", "pdf"], "not written to standard output"),
        (["-o", "r.html", "--donor", "Narnia"], "no donor is known as 'Narnia'"),
        (["-o", "r.html", "--as-of", "yesterday"], "is no date"),
        (["-o", "r.html", "--plan", "nothing.toml"], "nothing.toml"),
        (["-o", "r.html", "--assume", "nothing.toml"], "nothing.toml"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(
    inside: Inside, aid: Path, arguments: list[str], says: str
) -> None:
    done = inside("report", *arguments, "--db", aid)
    assert done.code == 2
    assert says in " ".join(done.err.split())
    assert not (aid.parent / "r.html").exists()


def test_a_pdf_without_a_browser_says_what_to_do(
    inside: Inside, aid: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "no-such-browser")
    done = inside("report", "-o", "r.pdf", "--db", aid)
    assert done.code == 2
    assert "Give the path of Chromium or Chrome" in " ".join(done.err.split())


@on_sqlite
def test_a_pdf_in_a_process_of_its_own(program: Program, aid: Path) -> None:
    chromium_path()
    program.well("report", "-o", "r.pdf", "--db", aid, *DAY, "--paper", "letter")
    assert (program.home / "r.pdf").read_bytes().startswith(b"%PDF-")


def test_the_book_writes_it_too(told: Book, tmp_path: Path) -> None:
    made = told.report(tmp_path / "r.html", as_of="2024-01-01")
    assert (made.form, made.left_out) == ("html", ())
    assert made.size == (tmp_path / "r.html").stat().st_size
    assert made.notes > 5
    with pytest.raises(UsageError, match="no size of paper"):
        told.report(tmp_path / "s.html", paper="b5")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "form", "found"),
    [
        ("a.HTM", None, "html"), ("a.markdown", None, "md"), ("a.pdf", None, "pdf"),
        ("-", None, "html"), ("a.txt", "md", "md"),
    ],
)  # fmt: skip
def test_the_form_follows_from_the_ending(path: str, form: str | None, found: str) -> None:
    assert form_of(path, form) == found


def test_a_form_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="a report has no form 'docx'"):
        form_of("a.docx", "docx")
