"""Reading by language: English by its own coders, others by the common engine of rules."""

from __future__ import annotations

from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import Statement

__all__ = ["LANGUAGES", "read", "read_learned"]

LANGUAGES = ("de", "en", "fr", "uk")
"""The languages that are read, by ISO 639-1 code; a document without one is read as English."""


def read(document: Document, catalogue: Catalogue) -> list[Statement]:
    """Return the statements of a document, in the order of its text.

    A document in a language that is not read has none: nothing is better than a misreading.
    """
    lang = document.lang or "en"
    if lang == "en":
        from pledgebook.reading.grammar.coder import read as read_english

        return read_english(document, catalogue)
    return _read_other(document, catalogue, lang)


def read_learned(document: Document, catalogue: Catalogue) -> list[Statement]:
    """Return what the learned coder makes of an English document, the rules of any other."""
    lang = document.lang or "en"
    if lang == "en":
        from pledgebook.reading.learned.coder import read as read_english

        return read_english(document, catalogue)
    return _read_other(document, catalogue, lang)


def _read_other(document: Document, catalogue: Catalogue, lang: str) -> list[Statement]:
    if lang in LANGUAGES:
        from pledgebook.reading.languages.coder import read as read_other

        return read_other(document, catalogue, lang)
    return []
