"""Units of quantity and the words that name them."""

from __future__ import annotations

from dataclasses import dataclass

from pledgebook.vocabulary.statement import Category

__all__ = ["Unit"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit such as `round` or `tonne`.

    `words` are the nouns that name it, singular and plural, in lower case or as always written.
    `categories` are those in which the words do so; everywhere if empty.
    """

    name: str
    words: tuple[str, ...]
    categories: frozenset[Category] = frozenset()
