"""Folders, patterns, and what cannot be read."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from document_files import codes, read_all

from pledgebook import documents as documents_room
from pledgebook.documents import Source, expand, load
from pledgebook.documents.formats import EXTRACTORS
from pledgebook.errors import Problem, UsageError
from pledgebook.vocabulary.document import Document


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with texts, a book, hidden files and an unknown format."""
    root = tmp_path / "reports"
    for name in ("b.txt", "a.md", "sub/c.txt", "sub/deep/d.txt", ".hidden.txt", ".git/e.txt"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Norway sends tanks, says {name}.")
    for name in ("book.db", "book.db-wal", "sub/other.sqlite3", "sub/picture.png"):
        (root / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    (root / "notes.log").write_text("A log.")
    return root


def names(documents: list[Document], root: Path) -> list[str]:
    """Return where documents are from, within a folder."""
    return [Path(document.origin).relative_to(root).as_posix() for document in documents]


def test_a_folder_is_read_through_in_order(folder: Path) -> None:
    documents, problems = read_all(folder)
    assert names(documents, folder) == ["a.md", "b.txt", "sub/c.txt", "sub/deep/d.txt"]
    assert [Path(problem.source).name for problem in problems] == ["notes.log", "picture.png"]
    assert {(problem.code, problem.severity) for problem in problems} == {
        ("unsupported-format", "warning")
    }
    assert "name the file" in (problems[0].mend or "")


def test_patterns(folder: Path) -> None:
    assert names(read_all(f"{folder}/*.txt")[0], folder) == ["b.txt"]
    assert names(read_all(f"{folder}/**/*.txt")[0], folder) == [
        "b.txt",
        "sub/c.txt",
        "sub/deep/d.txt",
    ]
    assert names(read_all(f"{folder}/s*")[0], folder) == ["sub/c.txt", "sub/deep/d.txt"]
    assert names(read_all(f"{folder}/[ab].*")[0], folder) == ["a.md", "b.txt"]
    assert codes(read_all(f"{folder}/*.pdf")[1]) == ["source-missing"]


def test_a_file_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    path = tmp_path / "aid [final].txt"
    path.write_text("Norway sends tanks.")
    assert len(read_all(str(path))[0]) == 1


def test_a_file_that_is_reached_twice_is_read_once(folder: Path) -> None:
    (folder / "link.txt").symlink_to(folder / "b.txt")
    (folder / "loop").symlink_to(folder)
    documents, _ = read_all(folder / "b.txt", folder, f"{folder}/*.txt")
    assert names(documents, folder) == ["b.txt", "a.md", "sub/c.txt", "sub/deep/d.txt"]


def test_a_named_file_of_unknown_suffix_is_read_as_text(folder: Path) -> None:
    (document,), problems = read_all(folder / "notes.log")
    assert (document.text, document.extractor, problems) == ("A log.", "text/1", [])


def test_a_named_file_of_a_format_that_is_not_read(folder: Path) -> None:
    (problem,) = read_all(folder / "sub/picture.png")[1]
    assert (problem.code, problem.severity) == ("unsupported-format", "error")
    rtf = folder / "a.rtf"
    rtf.write_text(r"{\rtf1 Norway sends tanks.}")
    assert codes(read_all(rtf)[1]) == ["unsupported-format"]


def test_what_is_not_there_is_a_problem_and_the_rest_is_read(folder: Path) -> None:
    missing = folder / "missing.txt"
    below = folder / "b.txt" / "below.txt"
    documents, problems = read_all(missing, below, "no\0name", "x" * 5_000, folder / "b.txt")
    assert len(documents) == 1
    assert codes(problems)[:2] == ["source-missing"] * 2
    assert set(codes(problems)[2:]) <= {"source-missing", "unreadable"}
    assert len(problems) == 4
    assert problems[0].source == str(missing)
    assert all(problem.mend for problem in problems)


def test_a_broken_link_in_a_folder_is_a_problem(folder: Path) -> None:
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    assert "source-missing" in codes(read_all(folder)[1])


@pytest.mark.skipif(sys.platform != "linux", reason="names are any bytes on Linux")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("Norway sends tanks.")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.junk")).write_text("Junk.")
    documents, problems = read_all(tmp_path)
    assert [Path(document.origin).name for document in documents] == ["caf?.txt"]
    assert codes(problems) == ["unsupported-format"]
    assert codes(read_all("caf\udce9.txt", "http://\udce9/")[1]) == [
        "source-missing",
        "fetch-failed",
    ]


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    (problem,) = read_all(tmp_path)[1]
    assert (problem.code, problem.severity) == ("empty-folder", "warning")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_file_without_permission_is_a_problem(folder: Path) -> None:
    (folder / "b.txt").chmod(0)
    documents, problems = read_all(folder)
    assert "unreadable" in codes(problems)
    assert len(documents) == 3


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="Linux only")
def test_a_file_that_fails_on_reading_is_a_problem(folder: Path) -> None:
    documents, (problem,) = read_all("/proc/self/mem", folder / "b.txt")
    assert len(documents) == 1
    assert problem.code == "unreadable"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes have names on POSIX only")
def test_a_named_pipe_is_read_and_one_in_a_folder_is_not(folder: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    (problem,) = [one for one in read_all(folder)[1] if one.source == str(pipe)]
    assert (problem.code, problem.severity) == ("unsupported-format", "warning")
    writer = threading.Thread(target=pipe.write_text, args=("Norway sends tanks.",))
    writer.start()
    documents, problems = read_all(pipe)
    writer.join()
    assert [document.text for document in documents] == ["Norway sends tanks."]
    assert problems == []


def test_expand_lists_what_will_be_read(folder: Path) -> None:
    found = list(expand([folder, "-", "https://example.org/a", "missing.txt"]))
    sources = [one for one in found if isinstance(one, Source)]
    assert codes(one for one in found if isinstance(one, Problem)) == ["source-missing"]
    files = [one for one in sources if one.path]
    assert len(files) == 6
    assert all(one.path and one.size == one.path.stat().st_size for one in files)
    assert [one.origin for one in sources[-2:]] == ["-", "https://example.org/a"]
    again = [one.origin for one in load(sources[:1]) if isinstance(one, Document)]
    assert again == [sources[0].origin]


def test_a_source_from_a_folder_stays_one_when_it_is_handed_on(folder: Path) -> None:
    listed = [one for one in expand([folder]) if isinstance(one, Source)]
    assert list(load(listed)) == list(load([folder]))


def test_standard_input_is_text_where_it_is_no_json() -> None:
    (found,) = load(["-"], stdin=io.BytesIO(b"Norway sends tanks to Ukraine."))
    assert isinstance(found, Document)
    assert (found.origin, found.extractor) == ("-", "text/1")


def test_the_language_is_given_or_detected_or_unknown(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Norwegen wird der Ukraine acht Panzer und vier Fahrzeuge liefern.")
    (german,) = load([path])
    assert isinstance(german, Document)
    assert german.lang == "de"
    (given,) = load([path], lang="EN-gb")
    assert isinstance(given, Document)
    assert given.lang == "en"
    path.write_text("8 tanks")
    (short,) = load([path])
    assert isinstance(short, Document)
    assert short.lang is None
    with pytest.raises(UsageError, match="no language code"):
        load([path], lang="English language")


def test_formats_do_not_claim_the_same_names() -> None:
    suffixes = [suffix for extractor in EXTRACTORS for suffix in extractor.suffixes]
    kinds = [kind for extractor in EXTRACTORS for kind in extractor.media_types]
    assert len(suffixes) == len(set(suffixes))
    assert len(kinds) == len(set(kinds))
    assert len({extractor.name for extractor in EXTRACTORS}) == len(EXTRACTORS)


def test_heavy_parts_are_imported_only_when_they_are_needed() -> None:
    heavy = "{'httpx', 'httpcore', 'trafilatura', 'lxml', 'docx', 'pypdfium2', 'numpy'}"
    code = f"import sys, pledgebook.documents; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names_exist() -> None:
    assert sorted(documents_room.__all__) == documents_room.__all__
    assert all(hasattr(documents_room, name) for name in documents_room.__all__)


MAIL = b"""From: press@example.org
Subject: =?utf-8?q?St=C3=B8re_sends_tanks?=
Date: Tue, 14 Feb 2023 10:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=B

--B
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<html><body><p>St=F8re sends eight tanks.</p><script>evil()</script></body></html>
--B
Content-Type: application/pdf
Content-Disposition: attachment; filename=annex.pdf

x
--B--
"""


def test_mail(tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(MAIL)
    (document,), (problem,) = read_all(path)
    assert document.text == "Støre sends eight tanks."
    assert document.title == "Støre sends tanks"
    assert (str(document.date), document.date_source) == ("2023-02-14", "metadata")
    assert (problem.code, problem.place) == ("attachment-not-read", "annex.pdf")
