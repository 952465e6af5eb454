"""Pick commitments by giver, recipient and item, as a person names them."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pledgebook.errors import NotFoundError
from pledgebook.ledger.commitments import Commitment
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category

Wanted = Callable[[Commitment], bool]
_NAME = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; None takes everything. Names and codes are both understood."""

    donor: str | None = None
    recipient: str | None = None
    item: str | None = None

    def apply(self, commitments: Iterable[Commitment], catalogue: Catalogue) -> list[Commitment]:
        """Return the commitments that fit. Raises NotFoundError for an unknown name."""
        found = list(commitments)
        tests: list[Wanted] = []
        if self.donor is not None:
            donor = _party(self.donor, found, catalogue, "donor")
            tests.append(lambda one: donor in one.donors or donor in one.asked_by)
        if self.recipient is not None:
            recipient = _party(self.recipient, found, catalogue, "recipient")
            tests.append(lambda one: one.recipient == recipient)
        if self.item is not None:
            tests.append(_item(self.item, found, catalogue))
        for test in tests:
            found = [commitment for commitment in found if test(commitment)]
        return found

    def resolved(self, commitments: Sequence[Commitment], catalogue: Catalogue) -> Filter:
        """Return the filter with codes and ids in place of names. Raises NotFoundError."""
        return Filter(
            self.donor and _party(self.donor, commitments, catalogue, "donor"),
            self.recipient and _party(self.recipient, commitments, catalogue, "recipient"),
            self.item and _item_name(self.item, commitments, catalogue),
        )


EVERYTHING = Filter()
"""The filter that keeps all."""


def item_key(designation: str) -> str:
    """Return the text by which two spellings of a designation are compared."""
    return _key(designation)


def _item_name(text: str, known: Sequence[Commitment], catalogue: Catalogue) -> str:
    _item(text, known, catalogue)
    category = next((one for one in Category if _key(one.value) == _key(text)), None)
    if category is not None:
        return category.value
    item = catalogue.find_item(text)
    return item.id if item is not None else _key(text)


def _party(text: str, known: Iterable[Commitment], catalogue: Catalogue, role: str) -> str:
    party = catalogue.find_party(text)
    if party is not None:
        return party.code
    wanted = _key(text)
    for commitment in known:
        for name in (*commitment.donors, *commitment.asked_by, commitment.recipient or ""):
            if _key(name) == wanted:
                return name
    near = (f"{code} ({catalogue.parties[code].name})" for code in catalogue.suggest_party(text))
    raise NotFoundError(f"no {role} is known as {text!r}", mend=_nearest(near))


def _item(text: str, known: Iterable[Commitment], catalogue: Catalogue) -> Wanted:
    category = next((one for one in Category if _key(one.value) == _key(text)), None)
    if category is not None:
        return lambda one: one.category is category
    item = catalogue.find_item(text)
    if item is not None:
        name = _key(item.designation)
        # Many commitments are of few items: each of these is looked up once.
        within = functools.cache(lambda known_id: catalogue.is_within(known_id, item.id))
        return lambda one: (
            (one.item_id is not None and within(one.item_id)) or _key(one.designation or "") == name
        )
    wanted = _key(text)
    if any(_key(one.designation or "") == wanted for one in known):
        return lambda one: _key(one.designation or "") == wanted
    raise NotFoundError(
        f"no item is known as {text!r}",
        mend=_nearest(catalogue.suggest_item(text), "or name a category, such as tank"),
    )


def _nearest(names: Iterable[str], otherwise: str = "") -> str:
    found = list(names)
    if found:
        return f"Did you mean {', '.join(found)}?"
    return f"Check the spelling{', ' if otherwise else ''}{otherwise}"


@functools.lru_cache(maxsize=16_384)
def _key(text: str) -> str:
    return _NAME.sub("", text.casefold())
