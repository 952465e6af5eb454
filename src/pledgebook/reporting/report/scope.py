"""What a report is drawn from: the ledger of a day, narrowed, with names and what was asked for."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol, Unpack

from pledgebook.ledger.answers.asking import Answers
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.comparing import Compared, Comparison
from pledgebook.ledger.filters import Filter
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.moments import Instant
from pledgebook.ledger.money.asking import Asked
from pledgebook.ledger.records import StoredDocument
from pledgebook.ledger.store import Store
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.report.figures import unit_text
from pledgebook.reporting.report.wishes import Limits, Wishes
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category

if TYPE_CHECKING:
    from pledgebook.forecasting.asking import Forecaster
    from pledgebook.planning.asking import Planner

__all__ = ["SHORT", "ReportBook", "Scope", "category"]

_CATEGORY = re.compile(
    rf"(?<![\w-])(?:{'|'.join(one.value for one in Category if '-' in one.value)})(?![\w-])"
)
_ID = re.compile(r"\b[cs][0-9a-f]{20}\b")
_CODE = re.compile(r"(?<![\w/-])[A-Z]{2,6}(?![\w/-])")


SHORT = 12
"""How much of an id is shown: enough to open it."""


class ReportBook(Protocol):
    """What a report asks of a book."""

    @property
    def catalogue(self) -> Catalogue:
        """Names of parties and items."""
        ...

    @property
    def answers(self) -> Answers:
        """What is overdue, what cannot be so."""
        ...

    @property
    def forecaster(self) -> Forecaster:
        """Forecasts."""
        ...

    @property
    def planner(self) -> Planner:
        """Plans."""
        ...

    def ledger(
        self, *, as_of: dt.date | None = None, recorded_as_of: dt.datetime | None = None
    ) -> Ledger:
        """Return the ledger of a day."""
        ...

    def diff(
        self, first: Instant, second: Instant | None = None, **how: Unpack[Compared]
    ) -> Comparison:
        """Tell what changed."""
        ...


class Scope:
    """The ledger of the day that a report is of, narrowed to what it is about.

    Raises NotFoundError for an unknown party or item.
    """

    def __init__(self, book: ReportBook, store: Store, wishes: Wishes) -> None:
        self.book = book
        self.store = store
        self.wishes = wishes
        self.limits: Limits = wishes.limits
        self.catalogue = book.catalogue
        # Before all else: a book keeps one ledger, and this ends with that of the day.
        self.compared: Comparison | None = None
        if wishes.since is not None:
            wishes.stage("comparing two days")
            self.compared = book.diff(
                wishes.since,
                wishes.as_of,
                donor=wishes.donor,
                recipient=wishes.recipient,
                item=wishes.item,
            )
        self.ledger = book.ledger(as_of=wishes.as_of)
        self.today = self.ledger.today
        self.names = Names(self.catalogue.parties)
        found = wishes.only.apply(self.ledger.commitments, self.catalogue)
        self.only: Filter = wishes.only.resolved(self.ledger.commitments, self.catalogue)
        self.commitments: list[Commitment] = sorted(found, key=self._order)

    @functools.cached_property
    def by_id(self) -> Mapping[str, Commitment]:
        """Every commitment of the day, also those that the report is not about."""
        return {one.id: one for one in self.ledger.commitments}

    @functools.cached_property
    def place(self) -> Mapping[str, int]:
        """The place of each commitment that the report is about: by giver, taker and item."""
        return {one.id: number for number, one in enumerate(self.commitments)}

    @functools.cached_property
    def documents(self) -> Mapping[str, StoredDocument]:
        """Every document of the book, without its text."""
        return {one.id: one for one in self.store.documents()}

    @property
    def question(self) -> Asked:
        """What was asked for, as the answers of a book take it."""
        wishes = self.wishes
        return {
            "donor": wishes.donor,
            "recipient": wishes.recipient,
            "item": wishes.item,
            "as_of": wishes.as_of,
        }

    def _order(self, one: Commitment) -> tuple[str, ...]:
        giver = self.giver(one).casefold() if one.donors or one.asked_by else "~"
        return giver, self.names.of(one.recipient), one.category.value, one.item.casefold(), one.id

    def party(self, codes: Iterable[str]) -> str:
        """Return parties by name: "Germany, Denmark"."""
        return self.names.of(", ".join(codes))

    def giver(self, one: Commitment) -> str:
        """Return who gives, or who asks."""
        return self.party(one.donors or one.asked_by) or "someone"

    def item(self, one: Commitment) -> str:
        """Return what it is about, with the unit that it is counted in."""
        name = one.item if one.designation is not None else category(one.category.value)
        unit = unit_text(one.unit)
        return f"{one_line(name)}{f', {unit}' if unit else ''}"

    def title(self, one: Commitment) -> str:
        """Return who gives what to whom: "Germany to Ukraine: Leopard 2A6"."""
        taker = self.names.of(one.recipient)
        verb = " asks for" if one.asked_by and not one.donors else f" to {taker}" if taker else ""
        return f"{self.giver(one)}{verb}: {self.item(one)}"

    @functools.cached_property
    def _codes(self) -> Mapping[str, str]:
        """Names of the parties that anything is told of, by code."""
        seen = {
            code
            for entry in self.ledger.entries.values()
            for code in (*entry.statement.actors, entry.statement.recipient or "")
        }
        parties = self.catalogue.parties
        return {code: parties[code].name for code in seen if code in parties}

    def named(self, text: str) -> str:
        """Return a line of ours with names in place of codes of parties and categories."""
        codes = self._codes
        told = _CODE.sub(lambda found: codes.get(found[0], found[0]), one_line(text))
        told = _CATEGORY.sub(lambda found: category(found[0]), told)
        return _ID.sub(lambda found: found[0][:SHORT], told)

    def named_ids(self, text: str) -> tuple[str, ...]:
        """Return the undertakings and statements that a line of ours names by their whole ids."""
        return tuple(dict.fromkeys(_ID.findall(text)))


def category(name: str) -> str:
    """Return a category of the coding book as a person says it: "artillery ammunition"."""
    return name.replace("-", " ")
