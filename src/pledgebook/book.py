"""Book: the one object that joins the rooms for a caller."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack

from pledgebook.errors import NotFoundError, Problem, UsageError
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.explain import Explanation
from pledgebook.ledger.filters import Filter
from pledgebook.ledger.ingest import Ingest, ReadReport
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.ledger import Ledger, Observation, build_ledger
from pledgebook.ledger.lookup import Lookup
from pledgebook.ledger.moments import Day, Instant
from pledgebook.ledger.moments import to_day as _day
from pledgebook.ledger.moments import to_instant as _instant
from pledgebook.ledger.moments import who as _who
from pledgebook.ledger.opening import Opening
from pledgebook.ledger.place import additions, default_place
from pledgebook.ledger.progress import ReadProgress
from pledgebook.ledger.records import StoredDocument
from pledgebook.ledger.status import StatusRow, status_frame, status_rows
from pledgebook.ledger.store import Clock, Store, utc_now
from pledgebook.reading.coders import Coder
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue

if TYPE_CHECKING:
    import polars as pl

    from pledgebook.exchange.exporting import ExportOptions, ExportReport
    from pledgebook.exchange.imported import Imported
    from pledgebook.exchange.importing import ImportReport
    from pledgebook.exchange.judgement_files import JudgementImport
    from pledgebook.exchange.restoring import Restored
    from pledgebook.forecasting.asking import Forecaster, Forecasting
    from pledgebook.forecasting.forecast import Forecast
    from pledgebook.ledger.answers.asking import Answers
    from pledgebook.ledger.comparing import Compared, Comparison
    from pledgebook.ledger.money.asking import Asked, When
    from pledgebook.ledger.money.values import ValueRow
    from pledgebook.ledger.money.valuing import Valuer
    from pledgebook.ledger.releases import StoredRelease
    from pledgebook.planning.answer import PlanAnswer
    from pledgebook.planning.asking import Planner, Planning

__all__ = ["Book", "ReadProgress", "ReadReport", "default_place"]


class Book:
    """Documents, statements, judgements, and the ledger that follows from them.

    `as_of` asks what was published by a day (undated documents count from their ingestion),
    `recorded_as_of` what the book held at a time. Both take ISO text too.
    """

    def __init__(self, store: Store, additions: Path | None = None, clock: Clock = utc_now) -> None:
        self._store = store
        self._additions = additions
        self._clock = clock
        self._ledgers: dict[tuple[object, ...], Ledger] = {}

    @classmethod
    def open(cls, path_or_url: str | Path | None = None, *, clock: Clock = utc_now) -> Self:
        """Open a book, or make a new one, by path or postgresql+psycopg:// URL.

        The user's additions to the catalogue lie beside it in "<book>.catalogue.toml"; for a
        database server, PLEDGEBOOK_CATALOGUE names the file. Raises BookError and its kinds.
        """
        place = path_or_url if path_or_url is not None else default_place()
        store = Store.open(place, clock=clock)
        return cls(store, additions(store.place), clock)

    @property
    def place(self) -> str:
        """Path or URL of the book, without a password."""
        return self._store.place

    @functools.cached_property
    def catalogue(self) -> Catalogue:
        """Items, parties and units, with the user's additions. Raises CatalogueError."""
        return load_catalogue(self._additions)

    def close(self) -> None:
        """Give the file or the connection back."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(
        self,
        sources: Iterable[str | Path] | str | Path,
        *,
        date: Day | None = None,
        lang: str | None = None,
        progress: Callable[[ReadProgress], None] | None = None,
        allow_local: bool = False,
        coder: str | Coder | None = None,
    ) -> ReadReport:
        """Read files, folders, globs, URLs or "-" into the book; the same bytes change nothing.

        `date` and `lang` are stated for all of them. `allow_local` permits URLs on the local
        network. `coder` names who reads: "grammar", "llm" (with PLEDGEBOOK_LLM_URL and the like),
        or several, "grammar,llm"; one that `pledgebook.reading.coder` made will do too, and stays
        open. Raises BookError where the book cannot be written, UsageError for an unknown coder;
        faults in data are in the report.
        """
        from pledgebook.reading import DEFAULT_CODER
        from pledgebook.reading import coder as coder_named

        named = [sources] if isinstance(sources, str | Path) else sources
        reader = coder_named(coder or DEFAULT_CODER) if not isinstance(coder, Coder) else coder
        try:
            ingest = Ingest(self._store, self.catalogue, reader, progress)
            return ingest.run(named, date=_day(date), lang=lang, allow_local=allow_local)
        finally:
            if reader is not coder:
                reader.session.close()

    def ledger(self, *, as_of: Day | None = None, recorded_as_of: Instant | None = None) -> Ledger:
        """Return the whole ledger of a day."""
        day, instant = _day(as_of), _instant(recorded_as_of)
        today = day or (instant or self._clock()).date()
        key = (self._store.version(), day, instant, today)
        if key not in self._ledgers:
            entries = self._store.entries(as_of=day, recorded_as_of=instant)
            judgements = self._store.judgements(recorded_as_of=instant, anchored_to=entries)
            rows = self._store.judged_rows(judgements, as_of=day, recorded_as_of=instant)
            entries += rows.entries
            ledger = build_ledger(
                entries, rows.judgements, today=today, tree=self.catalogue, packages=rows.packages
            )
            self._ledgers = {key: ledger}
        return self._ledgers[key]

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

        return Answers(self.ledger, self.valuer, self.catalogue, self._store)

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

        return Forecaster(self.ledger, self._store, self.catalogue)

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
        return make_valuer(self._store, self.catalogue, self.ledger(**when), currency, instant)

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
        return Opening(ledger, self._store, self.catalogue).why(prefix)

    def cite(self, prefix: str, style: str = "text") -> str:
        """Return citations of all that an id rests on: "text", "markdown", "bibtex" or "json"."""
        return Opening(self.ledger(), self._store, self.catalogue).cite(prefix, style)

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

    def observations(
        self, *, as_of: Day | None = None, recorded_as_of: Instant | None = None
    ) -> list[Observation]:
        """Return what was said of stocks, output and use."""
        return list(self.ledger(as_of=as_of, recorded_as_of=recorded_as_of).observations)

    def documents(self, *, recorded_as_of: Instant | None = None) -> list[StoredDocument]:
        """Return the documents, without their texts, in the order of their ingestion."""
        return self._store.documents(recorded_as_of=_instant(recorded_as_of))

    def problems(self) -> list[Problem]:
        """Return every fault that reading met, oldest first."""
        return self._store.problems()

    def judge(
        self,
        kind: Verdict | str,
        *ids: str,
        by: str | None = None,
        note: str = "",
        changes: Mapping[str, Any] | None = None,
    ) -> Judgement:
        """Record what a person decided of statements or commitments; it outranks the machine.

        `kind` is "same", "different", "wrong" or "corrected" (with `changes`, field to value).
        Raises UsageError, NotFoundError.
        """
        try:
            verdict = Verdict(kind)
        except ValueError as error:
            kinds = ", ".join(Verdict)
            raise UsageError(f"{kind!r} is no judgement", mend=f"One of: {kinds}") from error
        groups = Lookup(self.ledger(), self._store).groups(ids)
        judgement = Judgement.make(
            verdict, groups, by=_who(by), note=note, made_at=self._clock(), changes=changes
        )
        self._store.judge(judgement)
        return judgement

    def revoke(self, prefix: str, *, by: str | None = None, note: str = "") -> Judgement:
        """Take a judgement back: the ledger is as if it had never been made."""
        found = Lookup(self.ledger(), self._store).find(prefix)
        if not isinstance(found, Judgement):
            raise UsageError(f"{prefix} is no judgement", mend="Give an id that begins with j")
        revocation = found.revocation(by=_who(by), note=note, made_at=self._clock())
        self._store.judge(revocation)
        return revocation

    def judgements(self) -> list[Judgement]:
        """Return all judgements and revocations, in the order in which they were made."""
        return self._store.judgements()

    def export_judgements(self, path: str | Path, *, force: bool = False) -> int:
        """Write all judgements to a file of JSON lines, "-" for standard output; return how many.

        `force` replaces a file that is there. Raises UsageError where it cannot be written.
        """
        from pledgebook.exchange.judgement_files import export_judgements

        return export_judgements(self._store, Path(path), force=force)

    def import_judgements(self, path: str | Path) -> JudgementImport:
        """Bring in judgements from another book that holds the same documents; twice is once.

        Raises SourceError, BookError; faults of single lines are in the result.
        """
        from pledgebook.exchange.judgement_files import import_judgements

        return import_judgements(self._store, self.ledger, Path(path))

    def export(
        self, form: str, path: str | Path, *, as_of: Day | None = None, **how: Unpack[ExportOptions]
    ) -> ExportReport:
        """Write the book in a format: "jsonl", "datapackage", "csv", "xlsx", "parquet", "iati"."""
        from pledgebook.exchange.exporting import Source, Wishes, export

        ledger = functools.partial(self.ledger, as_of=as_of)
        source = Source(self._store, lambda: self.catalogue, ledger, self._additions)
        return export(form, path, source, Wishes(as_of=_day(as_of), **how))

    def import_(
        self, form: str, path: str | Path, name: str | None = None, by: str | None = None
    ) -> ImportReport:
        """Import a data set as a named release: "kiel", "fts", "iati", "sipri", "table"."""
        return self.imported.add(form, path, name=name, by=by)

    def releases(self, dataset: str | None = None) -> list[StoredRelease]:
        """Return the releases of imported data sets, oldest first; one of each is current."""
        return self._store.releases(dataset=dataset)

    @property
    def imported(self) -> Imported:
        """Releases beside each other, beside the reports, and beside their own sums."""
        from pledgebook.exchange.imported import Imported

        return Imported(self._store, self.ledger, self.catalogue)

    def import_book(self, path: str | Path) -> Restored:
        """Take in a book that was exported as JSONL or data package. Raises SourceError."""
        from pledgebook.exchange.restoring import restore

        restored = restore(self._store, path)
        self._additions = additions(self._store.place)
        self.__dict__.pop("catalogue", None)
        self._ledgers.clear()
        return restored

    def withdraw(self, prefix: str, *, by: str | None = None, note: str = "") -> None:
        """Hide a document and all that was read from it; `restore` shows it again."""
        self._store.withdraw(self._document(prefix), by=_who(by), note=note)

    def restore(self, prefix: str, *, by: str | None = None, note: str = "") -> None:
        """Show a withdrawn document again."""
        self._store.withdraw(self._document(prefix), by=_who(by), note=note, hidden=False)

    def purge(self, prefix: str, *, by: str | None = None, note: str = "") -> None:
        """Erase the text of a document for ever; a tombstone with its hashes stays."""
        self._store.purge(self._document(prefix), by=_who(by), note=note)

    def _document(self, prefix: str) -> str:
        found = Lookup(self.ledger(), self._store).find(prefix)
        if not isinstance(found, str):
            raise NotFoundError(f"{prefix} is no document", mend="Give an id that begins with d")
        return found
