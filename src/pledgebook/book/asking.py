"""What a book is asked: status, forecasts, plans, why, and what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from pledgebook.book.opened import Opened
from pledgebook.errors import Problem
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.explain import Explanation
from pledgebook.ledger.filters import Filter
from pledgebook.ledger.ledger import Observation
from pledgebook.ledger.moments import Day, Instant
from pledgebook.ledger.moments import to_instant as _instant
from pledgebook.ledger.opening import Opening
from pledgebook.ledger.records import StoredDocument
from pledgebook.ledger.status import StatusRow, status_frame, status_rows

if TYPE_CHECKING:
    import polars as pl

    from pledgebook.forecasting.asking import Forecaster, Forecasting
    from pledgebook.forecasting.forecast import Forecast
    from pledgebook.ledger.answers.asking import Answers
    from pledgebook.ledger.comparing import Compared, Comparison
    from pledgebook.ledger.money.asking import Asked, When
    from pledgebook.ledger.money.values import ValueRow
    from pledgebook.ledger.money.valuing import Valuer
    from pledgebook.ledger.search.found import Found
    from pledgebook.ledger.search.search import Searching
    from pledgebook.planning.answer import PlanAnswer
    from pledgebook.planning.asking import Planner, Planning

__all__ = ["Asking"]


class Asking(Opened):
    """All that is asked of a book and changes nothing."""

    def commitments(
        self,
        *,
        donor: str | None = None,
        recipient: str | None = None,
        item: str | None = None,
        as_of: Day | None = None,
        recorded_as_of: Instant | None = None,
    ) -> list[Commitment]:
        """Return commitments, earliest first. Raises NotFoundError for an unknown name."""
        ledger = self.ledger(as_of=as_of, recorded_as_of=recorded_as_of)
        return Filter(donor, recipient, item).apply(ledger.commitments, self.catalogue)

    def rows(self, **asked: Unpack[Asked]) -> list[StatusRow]:
        """Return the rows of `status` as objects, each with its commitments."""
        return status_rows(self.commitments(**asked))

    def status(self, by: str | None = None, **asked: Unpack[Asked]) -> pl.DataFrame:
        """Return asked, pledged, on order, delivered and outstanding by giver, recipient, item.

        `by` groups by others: "donor,month". `donor`, `recipient` and `item` narrow, `as_of` and
        `recorded_as_of` go back in time. Every row has an id for `why`. Stages stand side by side:
        they are never added up.
        """
        if by is not None:
            return self.answers.frame(by, **asked)
        return status_frame(self.rows(**asked))

    @property
    def answers(self) -> Answers:
        """Answers to what people ask: what is overdue, who has joined, what cannot be so."""
        from pledgebook.ledger.answers.asking import Answers

        return Answers(self.ledger, self.valuer, self.catalogue, self.store)

    def forecast(self, item: str, until: Day, **how: Unpack[Forecasting]) -> Forecast:
        """Return stock, arrivals, use and gap of an item over time, with what cannot be said.

        `recipient` names whose shelves, `as_of` the day that it begins on, `step` "week" or
        "month", `scenarios` the courses of use, `assume` what no report tells; `draws` and `seed`
        make it again. Needs the extra `forecast`. Raises UsageError, NotFoundError.
        """
        return self.forecaster.forecast(item, until, **how)

    @property
    def forecaster(self) -> Forecaster:
        """Forecasts and the series under them, each opened by its id."""
        from pledgebook.forecasting.asking import Forecaster

        return Forecaster(self.ledger, self.store, self.catalogue)

    def plan(self, scenario: str | Path, **how: Unpack[Planning]) -> PlanAnswer:
        """Return the plan for a scenario file: what to do, its cost, and why the rest stays short.

        `gap` is the proved distance to the best that is enough, `time_limit` in seconds, `as_of`
        the day up to which the book tells (the first of the plan), `frontier` points of spending
        against shortage, `compare` another scenario. Needs the extra `plan`. Raises UsageError.
        """
        return self.planner.plan(scenario, **how)

    @property
    def planner(self) -> Planner:
        """Plans for scenarios, each part opened by its id, and scenarios to begin with."""
        from pledgebook.planning.asking import Planner

        return Planner(self.catalogue, self.forecaster)

    def value(self, currency: str = "EUR", **asked: Unpack[Asked]) -> list[ValueRow]:
        """Return what `rows` are worth: money converted, things valued, never added in silence."""
        as_of, recorded = asked.get("as_of"), asked.get("recorded_as_of")
        valuer = self.valuer(currency, as_of=as_of, recorded_as_of=recorded)
        return valuer.rows(self.rows(**asked))

    def valuer(self, currency: str = "EUR", **when: Unpack[When]) -> Valuer:
        """Return what converts and values undertakings. Raises UsageError: unknown currency."""
        from pledgebook.ledger.money.asking import make_valuer

        instant = _instant(when.get("recorded_as_of"))
        return make_valuer(self.store, self.catalogue, self.ledger(**when), currency, instant)

    def why(
        self,
        prefix: str,
        *,
        as_of: Day | None = None,
        recorded_as_of: Instant | None = None,
    ) -> Explanation:
        """Open a figure, commitment, statement, document or judgement down to its sentences.

        Any unambiguous beginning of an id will do; the id of a forecast or a plan, or of a part
        of it, is given whole. Raises NotFoundError and UsageError.
        """
        if prefix.startswith("plan:"):
            return self.planner.why(prefix)
        if prefix.startswith(("forecast:", "t")):
            return self.forecaster.why(prefix, as_of=as_of)
        ledger = self.ledger(as_of=as_of, recorded_as_of=recorded_as_of)
        return Opening(ledger, self.store, self.catalogue).why(prefix)

    def cite(self, prefix: str, style: str = "text") -> str:
        """Return citations of all that an id rests on: "text", "markdown", "bibtex" or "json"."""
        return Opening(self.ledger(), self.store, self.catalogue).cite(prefix, style)

    def search(self, query: str, **how: Unpack[Searching]) -> Found:
        """Find documents, statements and commitments: words, "phrases", begun*, -not, donor:NOR."""
        return self.searcher.ask(query, **how)

    def diff(
        self, first: Instant, second: Instant | None = None, **how: Unpack[Compared]
    ) -> Comparison:
        """Tell what was known on two days, and what changed by which reports and judgements.

        By day of publication, up to now without `second`; `recorded=True` takes times at which the
        book held it, `recorded_then` one day as the book knew it then and now. `donor`, `recipient`
        and `item` narrow. Raises UsageError, NotFoundError.
        """
        from pledgebook.ledger.comparing import compare_views

        return compare_views(self, first, second, **how)

    def observations(self, **when: Unpack[When]) -> list[Observation]:
        """Return what was said of stocks, output and use."""
        return list(self.ledger(**when).observations)

    def documents(self, *, recorded_as_of: Instant | None = None) -> list[StoredDocument]:
        """Return the documents, without their texts, in the order of their ingestion."""
        return self.store.documents(recorded_as_of=_instant(recorded_as_of))

    def problems(self) -> list[Problem]:
        """Return every fault that reading met, oldest first."""
        return self.store.problems()
