"""What may have been meant, where nothing was found: the nearest names of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pledgebook.ledger.search.answering import Answer
from pledgebook.ledger.search.names import party_label
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["suggestions"]

_MOST, _TRIED = 3, 8


def suggestions(
    query: str, found: Answer, catalogue: Catalogue, finds: Callable[[str], bool]
) -> tuple[str, ...]:
    """Return queries that find something, near to one that found nothing; the nearest first."""
    tried = list(dict.fromkeys(_near(query, found, catalogue)))[:_TRIED]
    return tuple([one for one in tried if one != query and finds(one)][:_MOST])


def _near(query: str, found: Answer, catalogue: Catalogue) -> Iterator[str]:
    for condition in found.senseless:
        for name in _names(condition.value, catalogue, condition.field):
            typed = next(
                (
                    text
                    for mark in ('"', "")
                    if (text := f"{condition.field}:{mark}{condition.value}{mark}") in query
                ),
                None,
            )
            if typed is not None:
                yield query.replace(typed, f'{condition.field}:"{name}"', 1)
    for part, weights in zip(found.parts, found.weights, strict=True):
        if not weights.any():
            for text in (*part.names, part.text):
                for name in _names(text, catalogue):
                    yield query.replace(text, name, 1)


def _names(text: str, catalogue: Catalogue, field: str = "") -> Iterator[str]:
    if field in ("", "item", "category"):
        yield from catalogue.suggest_item(text)
    if field in ("", "donor", "recipient"):
        for code in catalogue.suggest_party(text):
            yield party_label(code, catalogue)
