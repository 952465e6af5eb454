"""The questions that a book answers, each for a day, a donor, a recipient, an item."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from pledgebook.ledger.answers.apart import apart_findings
from pledgebook.ledger.answers.asked import Asked, asked_list
from pledgebook.ledger.answers.burden import BurdenList, Gdp, burden_list
from pledgebook.ledger.answers.checks import STALE_DAYS, check_all
from pledgebook.ledger.answers.coalitions import Coalition, coalition_of
from pledgebook.ledger.answers.contradictions import Clash, contradictions_of
from pledgebook.ledger.answers.economies import load_economies
from pledgebook.ledger.answers.findings import Finding, Subject
from pledgebook.ledger.answers.frames import group_frame
from pledgebook.ledger.answers.grouping import GroupRow, dimensions, group_rows
from pledgebook.ledger.answers.lags import LagRow, lag_rows
from pledgebook.ledger.answers.overdue import OverdueList, overdue_list
from pledgebook.ledger.answers.plausible import load_plausible
from pledgebook.ledger.answers.rows import subject_of_rows
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.filters import Filter
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.money.asking import Asked as Question
from pledgebook.ledger.money.asking import When
from pledgebook.ledger.money.convert import Converter
from pledgebook.ledger.money.rates import load_rates
from pledgebook.ledger.money.supplement import own_rates
from pledgebook.ledger.money.valuing import Valuer
from pledgebook.ledger.release_view import ReleaseView
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import Catalogue

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Answers"]

DOLLARS = "USD"


@dataclass(frozen=True, slots=True)
class _Asked:
    ledger: Ledger
    only: Filter
    commitments: list[Commitment]


class Answers:
    """Answers from one book. Every method raises NotFoundError for an unknown party or item."""

    def __init__(
        self,
        ledger: Callable[..., Ledger],
        valuer: Callable[..., Valuer],
        catalogue: Catalogue,
        store: Store,
    ) -> None:
        self._ledger = ledger
        self._valuer = valuer
        self._catalogue = catalogue
        self._store = store

    def rows(
        self, by: str | Iterable[str] = ("donor",), **question: Unpack[Question]
    ) -> list[GroupRow]:
        """Return the ledger by some dimensions: "donor,month". Raises UsageError for others."""
        asked = self._ask(question)
        return group_rows(
            asked.commitments,
            dimensions(by),
            asked.ledger.entries,
            self._catalogue,
            only=asked.only,
        )

    def frame(self, by: str | Iterable[str], **question: Unpack[Question]) -> pl.DataFrame:
        """Return `rows` as a Polars frame; low, high and unknown of each stage in columns."""
        return group_frame(self.rows(by, **question), dimensions(by))

    def overdue(self, **question: Unpack[Question]) -> OverdueList:
        """Return what was promised by a day that has passed, the latest first."""
        asked = self._ask(question)
        return overdue_list(asked.commitments, asked.ledger.entries, asked.ledger.today)

    def lags(
        self, by: str | Iterable[str] = ("donor", "category"), **question: Unpack[Question]
    ) -> list[LagRow]:
        """Return the times from promise to delivery, and what is still awaited."""
        asked = self._ask(question)
        return lag_rows(
            asked.commitments,
            dimensions(by),
            asked.ledger.entries,
            self._catalogue,
            asked.ledger.today,
            only=asked.only,
        )

    def burden(self, gdp: Gdp = "nominal", **question: Unpack[Question]) -> BurdenList:
        """Return what each donor gives for the size of its economy and for each inhabitant."""
        asked = self._ask(question)
        return burden_list(
            asked.commitments,
            asked.ledger.entries,
            self._catalogue,
            load_economies(),
            self._valuer(DOLLARS, **_days(question)),
            gdp=gdp,
            only=asked.only,
        )

    def coalition(self, what: str, **question: Unpack[Question]) -> Coalition:
        """Return who has joined in giving an item, the earliest first."""
        question["item"] = what
        asked = self._ask(question)
        return coalition_of(
            asked.commitments, asked.ledger.entries, self._catalogue, only=asked.only
        )

    def asked(self, **question: Unpack[Question]) -> list[Asked]:
        """Return each request, earliest first, with the answers to it.

        A donor narrows the answers, not the requests.
        """
        narrowed, donated = question.copy(), question.copy()
        narrowed["donor"] = donated["recipient"] = donated["item"] = None
        asked, answers = self._ask(narrowed), self._ask(donated)
        return asked_list(
            asked.commitments, answers.commitments, asked.ledger.entries, self._catalogue
        )

    def contradictions(self, **question: Unpack[Question]) -> list[Clash]:
        """Return all that reports say against each other."""
        asked = self._ask(question)
        return contradictions_of(asked.ledger, asked.commitments)

    def check(
        self,
        *,
        release: str | None = None,
        stale_days: int = STALE_DAYS,
        **question: Unpack[Question],
    ) -> list[Finding]:
        """Return what cannot be so or should be looked at, errors first.

        `release` names an imported data set ("kiel") or one release of it: its rows are checked in
        place of the reports. Raises NotFoundError where there is no such release.
        """
        subject = self._subject(question) if release is None else self._rows(release, question)
        dollars = Converter(load_rates(own_rates(self._store.place)), DOLLARS)
        found = check_all(
            subject, self._catalogue, load_plausible(), dollars, stale_days=stale_days
        )
        if release is None:
            ledger = self._ledger(**_days(question))
            found += apart_findings(ledger, subject.commitments, self._catalogue)
        return found

    def _subject(self, question: Question) -> Subject:
        asked = self._ask(question)
        ledger = asked.ledger
        return Subject(asked.commitments, ledger.entries, ledger.today, ledger.checks)

    def _rows(self, release: str, question: Question) -> Subject:
        found = self._store.release(release)
        today = self._ledger(**_days(question)).today
        entries = self._store.release_entries(found.id)
        subject = subject_of_rows(entries, self._catalogue, today)
        kept = _filter(question).apply(subject.commitments, self._catalogue)
        with self._store.database.reading() as connection:
            packages = ReleaseView(connection).packages_of(found.dataset, entries)
        return Subject(kept, subject.entries, today, source="release", packages=packages)

    def _ask(self, question: Question) -> _Asked:
        ledger = self._ledger(**_days(question))
        only = _filter(question).resolved(ledger.commitments, self._catalogue)
        return _Asked(ledger, only, only.apply(ledger.commitments, self._catalogue))


def _filter(question: Question) -> Filter:
    return Filter(question.get("donor"), question.get("recipient"), question.get("item"))


def _days(question: Question) -> When:
    return {"as_of": question.get("as_of"), "recorded_as_of": question.get("recorded_as_of")}
