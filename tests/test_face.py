"""The public face: `read` on a text and on files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import pledgebook

TEXT = "Norway will send eight Leopard 2 tanks to Ukraine next month, the government said.\n"
DAY = dt.date(2023, 2, 14)


def test_a_text_is_read() -> None:
    (statement,) = pledgebook.read(TEXT, DAY)
    assert (statement.kind, statement.actors, statement.when) == ("pledge", ("NOR",), "2023-03")
    assert statement.evidence.quote in TEXT


def test_a_file_says_the_same_as_its_text(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, encoding="utf-8")
    (of_file,), (of_text,) = pledgebook.read(path, DAY), pledgebook.read(TEXT, DAY)
    assert of_file.to_corpus() == of_text.to_corpus()
    with pytest.raises(pledgebook.UsageError, match="Give a Path"):
        pledgebook.read(str(path))


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(pledgebook.SourceError, match=r"none\.txt"):
        pledgebook.read(tmp_path / "none.txt")
    (tmp_path / "empty.txt").touch()
    with pytest.raises(pledgebook.SourceError, match=r"empty\.txt"):
        pledgebook.read(tmp_path / "empty.txt")


def test_no_text_no_statement() -> None:
    assert pledgebook.read("") == []
    assert pledgebook.read("The weather was fine all week.") == []
