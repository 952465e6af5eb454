"""Which rules read a document: those of its language; a language that is not read gives nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from making import document
from pledgebook import Book
from pledgebook.ledger.attempt import unread
from pledgebook.reading import coder
from pledgebook.reading.dispatch import LANGUAGES
from pledgebook.reading.languages.tables import READ
from pledgebook.vocabulary.catalogue import load_catalogue

CATALOGUE = load_catalogue()
ENGLISH = "Norway will send eight Leopard 2 tanks to Ukraine."
POLISH = (
    "Polska przekazała Ukrainie 14 czołgów Leopard 2. Minister obrony narodowej powiedział, że "
    "kolejne dostawy nastąpią w marcu."
)


def test_english_and_the_other_languages_are_read() -> None:
    assert set(LANGUAGES) == {"en", *READ}
    assert coder().languages == frozenset(LANGUAGES)


@pytest.mark.parametrize("lang", ["en", None])
def test_a_document_without_a_language_is_read_as_english(lang: str | None) -> None:
    found = coder().read(document(ENGLISH, lang=lang), CATALOGUE)
    assert [(s.kind.value, s.actors) for s in found] == [("pledge", ("NOR",))]


def test_a_language_that_is_not_read_gives_nothing_and_a_warning() -> None:
    made = document(POLISH, lang="pl")
    assert coder().read(made, CATALOGUE) == []
    problem = unread(coder(), made)
    assert problem is not None
    assert (problem.code, problem.severity, problem.source) == (
        "language-unread", "warning", made.origin
    )  # fmt: skip
    assert "'pl'" in problem.what
    assert problem.mend


@pytest.mark.parametrize("lang", [*LANGUAGES, None])
def test_no_warning_for_what_is_read(lang: str | None) -> None:
    assert unread(coder(), document(ENGLISH, lang=lang)) is None


def test_an_unread_document_is_stored_and_told(tmp_path: Path) -> None:
    (tmp_path / "pl.txt").write_text(POLISH, "utf-8")
    (tmp_path / "de.txt").write_text(
        "Die Bundesregierung wird der Ukraine weitere 18 Panzer vom Typ Leopard 2 liefern.", "utf-8"
    )
    with Book.open(tmp_path / "aid.db") as book:
        report = book.read([str(tmp_path / "pl.txt"), str(tmp_path / "de.txt")])
    assert (report.new, report.statements) == (2, 1)
    assert [(p.code, Path(p.source).name) for p in report.problems] == [
        ("language-unread", "pl.txt")
    ]
