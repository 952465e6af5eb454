"""What is plausible of one undertaking: wide bounds of number, price and date, from a data file."""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pledgebook.errors import CatalogueError
from pledgebook.vocabulary.statement import Category

__all__ = ["Bound", "Plausible", "load_plausible"]

_FILE = Path(__file__).parents[1] / "data" / "plausible.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Tree(Protocol):
    def is_within(self, item_id: str, ancestor_id: str) -> bool:
        """Tell whether an item is the other or a kind of it."""


class Bound(_Strict):
    """The most of one undertaking, and what one unit may cost in US dollars; `because` says why."""

    category: Category
    item: str | None = None
    unit: str
    most: float = Field(gt=0)
    price_low: float = Field(gt=0)
    price_high: float = Field(gt=0)
    because: str = Field(min_length=1)


class War(_Strict):
    """Since when a recipient has been at war."""

    recipient: str
    since: dt.date
    because: str = Field(min_length=1)


class Plausible(_Strict):
    """All bounds; the data file says what each means."""

    earliest_year: int
    years_ahead: int = Field(gt=0)
    days_before_promise: int = Field(ge=0)
    war: tuple[War, ...]
    bound: tuple[Bound, ...]

    def bound_of(
        self, category: Category, item_id: str | None, unit: str | None, tree: _Tree
    ) -> Bound | None:
        """Return the bound of an item in a unit, that of the item before that of its category."""
        near = [one for one in self.bound if one.category is category and one.unit == unit]
        for one in near:
            if one.item is not None and item_id is not None and tree.is_within(item_id, one.item):
                return one
        return next((one for one in near if one.item is None), None)

    def war_since(self, recipient: str | None) -> dt.date | None:
        """Return the first day of a recipient's war, if it is known."""
        return next((one.since for one in self.war if one.recipient == recipient), None)


@functools.cache
def load_plausible(path: Path = _FILE) -> Plausible:
    """Read the data file. Raises CatalogueError where it breaks its schema."""
    try:
        found = Plausible.model_validate(tomllib.loads(path.read_text("utf-8")))
        _check(found.bound)
    except (tomllib.TOMLDecodeError, ValueError, ValidationError) as error:
        raise CatalogueError(
            f"the plausible bounds are wrong: {error}", where=str(path), mend="Mend the file"
        ) from error
    return found


def _check(bounds: Sequence[Bound]) -> None:
    for one in bounds:
        if one.price_low > one.price_high:
            raise ValueError(f"the lowest price of {one.category} is above the highest")
