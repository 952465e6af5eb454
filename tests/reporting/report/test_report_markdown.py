"""Markdown: what people paste, and what documents cannot make of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from asking_story import asking_story
from hostile_story import hostile
from pledgebook.book import Book
from pledgebook.reporting.report.markdown import escaped, to_markdown
from pledgebook.reporting.report.wishes import BRIEF
from reports_made import DAY, book_of, report_of

_BARE = re.compile(r"(?<!\\)(?:\\\\)*[`*_\[\]<>|~#$]")


def test_a_report_in_markdown(told: Book, snapshot: SnapshotAssertion) -> None:
    found = report_of(told, since=DAY.replace(year=2023, month=3), limits=BRIEF)
    assert to_markdown(found) == snapshot


def test_every_footnote_is_there(tmp_path: Path) -> None:
    with book_of(tmp_path / "aid.db", asking_story()) as book:
        text = to_markdown(report_of(book, since=DAY.replace(year=2023)))
    defined = set(re.findall(r"^\[\^(\d+)\]: ", text, re.MULTILINE))
    used = set(re.findall(r"\[\^(\d+)\](?!:)", text))
    assert used
    assert used <= defined


def test_tables_have_as_many_cells_in_every_row(tmp_path: Path) -> None:
    with book_of(tmp_path / "aid.db", [*asking_story(), *hostile()]) as book:
        text = to_markdown(report_of(book))
    width = 0
    for line in text.splitlines():
        bars = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert not width or bars in (0, width), line
        width = bars


def test_hostile_texts_format_nothing(tmp_path: Path) -> None:
    with book_of(tmp_path / "aid.db", hostile()) as book:
        text = to_markdown(report_of(book))
    assert "<script" not in text.replace("\\<script", "")
    assert "](javascript:" not in text.replace("\\](javascript:", "")
    assert "![f](" not in text
    assert (
        "<https://user@evil.example/%3Cscript%3E?a=\"'%3E%3Csvg/onload=window.hacked=6%3E>" in text
    )
    assert "\u202e" not in text


@given(st.text())
def test_no_sign_of_a_text_stays_bare(text: str) -> None:
    found = escaped(text)
    assert not _BARE.search(found.replace("&#", "&\\#"))
    assert "\n" not in found
    assert not re.match(r"[-+]\s|\d+[.)]\s|[-=:]+$", found)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1. first", "&#49;. first"),
        ("12) x", "&#49;2) x"),
        ("16.1 million", "16.1 million"),
        ("- x", "\\- x"),
        ("–", "–"),
        ("===", "\\==="),
        ("AT&T <b>", "AT&amp;T \\<b\\>"),
    ],
)
def test_what_would_begin_a_list(text: str, shown: str) -> None:
    assert escaped(text) == shown
