"""The documentation names what there is, and its examples run."""

from __future__ import annotations

import doctest
import inspect
import re
from pathlib import Path

import pytest

from pledgebook import errors
from pledgebook.ledger.schema import metadata
from pledgebook.vocabulary.statement import Category, Kind, Scope, Statement, Status

DOCS = Path(__file__).resolve().parent.parent / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_every_word_of_a_statement_is_explained() -> None:
    named = set(re.findall(r"`([a-z-]+)`", page("statements.md")))
    words = {str(word) for kind in (Category, Kind, Scope, Status) for word in kind}
    assert words | set(Statement.model_fields) <= named


def test_every_error_is_explained() -> None:
    raised = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, errors.PledgebookError)
    }
    assert raised
    assert raised <= set(re.findall(r"`([A-Za-z]+)`", page("bad-input.md")))


def test_every_field_of_a_problem_is_explained() -> None:
    assert set(errors.Problem.model_fields) <= set(re.findall(r"`([a-z]+)`", page("bad-input.md")))


def test_every_table_of_a_book_is_explained() -> None:
    assert metadata.tables
    assert set(metadata.tables) <= set(re.findall(r"`([a-z_]+)`", page("book.md")))


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda path: path.stem)
def test_examples_run(path: Path) -> None:
    parser = doctest.DocTestParser()
    # Fences are no part of an example's output.
    text = re.sub(r"^```.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    example = parser.get_doctest(text, {}, path.name, str(path), 0)
    assert doctest.DocTestRunner().run(example).failed == 0
