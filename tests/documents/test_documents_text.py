"""Plain text: encodings, junk, and what is kept of it."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from document_files import codes, read_all
from hypothesis import given, settings
from hypothesis import strategies as st

from pledgebook.documents import Limits
from pledgebook.documents.finish import clean
from pledgebook.vocabulary.document import sha256

STORY = "Støre pledges tanks\n\nOslo: Norway will send “eight” tanks, Støre said.\n"


def test_text_is_kept_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    (document,), problems = read_all(path)
    assert problems == []
    assert document.text == STORY
    assert document.bytes_sha256 == sha256(STORY.encode())
    assert document.extractor == "text/1"
    assert document.origin == str(path)
    assert document.title == "Støre pledges tanks"
    assert document.lang == "en"
    assert document.url is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_the_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding=encoding)
    (document,), problems = read_all(path)
    assert (document.text, problems) == (STORY, [])


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", STORY),
        ("utf-16-le", STORY),
        ("cp1251", "Президент Украины сообщил, что получено восемь танков из Норвегии."),
        ("shift_jis", "日本は発電機を提供した。ウクライナへ。"),
    ],
)
def test_an_undeclared_encoding_is_guessed_and_said(
    tmp_path: Path, encoding: str, text: str
) -> None:
    path = tmp_path / "story.txt"
    path.write_bytes(text.encode(encoding))
    (document,), (problem,) = read_all(path)
    assert document.text == text
    assert (problem.code, problem.severity) == ("encoding-guessed", "warning")
    assert problem.source == str(path)
    assert problem.mend


def test_line_ends_and_control_characters(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_bytes(b"one\r\ntwo\rthree\x0cfour\tfive \x08six\n")
    (document,), problems = read_all(path)
    assert document.text == "one\ntwo\nthree\nfour\tfive six\n"
    assert problems == []


@given(st.text(st.characters(codec=None)))
def test_clean_text_is_final(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once.encode("utf-8").decode("utf-8") == once
    assert not {char for char in once if char < " "} - {"\n", "\t"}


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_text_without_controls_is_untouched(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "name", ["a.txt", "a.pdf", "a.docx", "a.xlsx", "a.html", "a.jsonl", "a.csv"]
)
def test_an_empty_file_is_a_problem_in_every_format(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.touch()
    documents, (problem,) = read_all(path)
    assert documents == []
    assert problem.code == "empty-document"
    assert problem.source == str(path)


def test_blank_text_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "blank.txt"
    path.write_text(" \n\t\u00a0\n")
    assert codes(read_all(path)[1]) == ["empty-document"]


@pytest.mark.parametrize("name", ["junk.txt", "junk.bin", "junk", "junk.html"])
def test_binary_junk_is_a_problem(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(bytes(range(256)) * 40)
    documents, (problem,) = read_all(path)
    assert documents == []
    assert problem.code == "binary"
    assert problem.mend


def test_a_200_mb_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(200_000_001)
    tracemalloc.start()
    documents, (problem,) = read_all(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert documents == []
    assert problem.code == "too-large"
    assert peak < 20_000_000


@pytest.mark.parametrize(
    "name", ["a.txt", "a.html", "a.pdf", "a.docx", "a.json", "a.eml", "a.xlsx"]
)
def test_a_file_over_the_limit_is_too_large(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("Norway sends tanks. " * 100)
    limits = Limits(max_bytes=1_000, max_tree_bytes=1_000)
    documents, (problem,) = read_all(path, limits=limits)
    assert documents == []
    assert problem.code == "too-large"
    assert "2,000" in problem.what


def test_text_over_the_limit_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_text('{"text": "' + "x" * 200 + '"}\n{"text": "short enough"}\n')
    documents, (problem,) = read_all(path, limits=Limits(max_text=100))
    assert [document.text for document in documents] == ["short enough"]
    assert (problem.code, problem.place) == ("too-large", "line 1")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Eight tanks\n\nNorway sends them.", "Eight tanks"),
        ("Norway sends eight tanks.\nThat is all.", None),
        ("- eight tanks\n- four guns", None),
        ("Only one line", None),
        ("x" * 121 + "\nmore", None),
    ],
)
def test_the_first_line_is_the_title_where_it_looks_like_one(
    tmp_path: Path, text: str, title: str | None
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text)
    assert read_all(path)[0][0].title == title


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["txt", "html", "jsonl", "json", "csv", "eml", ""]))
def test_any_bytes_give_documents_or_problems(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any.{suffix}"
    path.write_bytes(data)
    documents, problems = read_all(path)
    assert documents or problems
    assert all(document.text.strip() for document in documents)
    assert all(problem.what and problem.source for problem in problems)


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=400), st.sampled_from([b"%PDF-1.4\n", b"PK\x03\x04word/", b"PK\x03\x04xl/"])
)
def test_any_bytes_behind_a_magic_number_give_problems(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, magic: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(magic + data + b"\n%%EOF")
    documents, problems = read_all(path)
    assert documents == []
    assert len(problems) == 1
