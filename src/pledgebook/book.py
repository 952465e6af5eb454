"""Book: the one object that joins the rooms for a caller."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pledgebook.errors import NotFoundError, Problem, UsageError
from pledgebook.ledger.cite import Citation, cite
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.explain import Explainer, Explanation
from pledgebook.ledger.filters import Filter
from pledgebook.ledger.ingest import Ingest, ReadReport
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.ledger import Ledger, Observation, build_ledger
from pledgebook.ledger.lookup import Lookup
from pledgebook.ledger.place import additions, default_place
from pledgebook.ledger.progress import ReadProgress
from pledgebook.ledger.reconcile import Link
from pledgebook.ledger.records import Entry, StoredDocument
from pledgebook.ledger.status import StatusRow, status_frame, status_rows
from pledgebook.ledger.store import Clock, Store, utc_now
from pledgebook.reading.coders import Coder
from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Book", "ReadProgress", "ReadReport", "default_place"]

Day = dt.date | str
Instant = dt.datetime | dt.date | str


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
            judgements = self._store.judgements(recorded_as_of=instant)
            self._ledgers = {
                key: build_ledger(entries, judgements, today=today, tree=self.catalogue)
            }
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

    def rows(
        self,
        *,
        donor: str | None = None,
        recipient: str | None = None,
        item: str | None = None,
        as_of: Day | None = None,
        recorded_as_of: Instant | None = None,
    ) -> list[StatusRow]:
        """Return the rows of `status` as objects, each with its commitments."""
        return status_rows(
            self.commitments(
                donor=donor,
                recipient=recipient,
                item=item,
                as_of=as_of,
                recorded_as_of=recorded_as_of,
            )
        )

    def status(
        self,
        *,
        donor: str | None = None,
        recipient: str | None = None,
        item: str | None = None,
        as_of: Day | None = None,
        recorded_as_of: Instant | None = None,
    ) -> pl.DataFrame:
        """Return asked, pledged, on order, delivered and outstanding by giver, recipient, item.

        Every row has an id for `why`. Stages stand side by side: they are never added up.
        """
        return status_frame(
            self.rows(
                donor=donor,
                recipient=recipient,
                item=item,
                as_of=as_of,
                recorded_as_of=recorded_as_of,
            )
        )

    def why(
        self,
        prefix: str,
        *,
        as_of: Day | None = None,
        recorded_as_of: Instant | None = None,
    ) -> Explanation:
        """Open a figure, commitment, statement, document or judgement down to its sentences.

        Any unambiguous beginning of an id will do. Raises NotFoundError and UsageError.
        """
        ledger = self.ledger(as_of=as_of, recorded_as_of=recorded_as_of)
        found = Lookup(ledger, self._store).find(prefix)
        entries = self._entries_of(found, ledger)
        wanted = sorted({entry.document for entry in entries})
        documents = self._store.texts([found, *wanted] if isinstance(found, str) else wanted)
        explainer = Explainer(ledger, documents)
        match found:
            case StatusRow():
                return explainer.row(found)
            case Commitment():
                return explainer.commitment(found)
            case Entry():
                return explainer.statement(found, _link(ledger, found))
            case Judgement():
                return explainer.judgement(found, entries)
            case _:
                return explainer.document(documents[found], entries)

    def cite(self, prefix: str, style: str = "text") -> str:
        """Return citations of all that an id rests on: "text", "markdown", "bibtex" or "json"."""
        ledger = self.ledger()
        found = Lookup(ledger, self._store).find(prefix)
        if isinstance(found, str):
            return cite([Citation.of(self._store.document(found))], style)
        entries = self._entries_of(found, ledger)
        documents = self._store.texts(sorted({entry.document for entry in entries}))
        return cite([Citation.of(documents[entry.document], entry) for entry in entries], style)

    def _entries_of(
        self, found: StatusRow | Commitment | Entry | Judgement | str, ledger: Ledger
    ) -> list[Entry]:
        match found:
            case Entry():
                return [found]
            case Commitment():
                return [ledger.entries[one] for one in found.statements]
            case StatusRow():
                ids = [one for commitment in found.commitments for one in commitment.statements]
                return [ledger.entries[one] for one in ids]
            case Judgement():
                ids = [subject.statement for subject in found.subjects]
                stored = [ledger.entries.get(one) or self._store.old_entry(one) for one in ids]
                return [entry for entry in stored if entry is not None]
            case _:
                return [entry for entry in ledger.entries.values() if entry.document == found]

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


def _who(by: str | None) -> str:
    if by is not None:
        return by
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _link(ledger: Ledger, entry: Entry) -> Link | None:
    home = ledger.home.get(entry.id)
    for commitment in ledger.commitments:
        if commitment.id == home:
            return commitment.links.get(entry.id)
    return None


def _day(value: Day | None) -> dt.date | None:
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    if isinstance(value, dt.datetime):
        return value.date()
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise UsageError(f"{value!r} is no date", mend="Write it as 2023-02-14") from error


def _instant(value: Instant | None) -> dt.datetime | None:
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value) if len(value) > 10 else _day(value) or value
        except ValueError as error:
            mend = "Write it as 2023-02-14 or 2023-02-14T12:00:00Z"
            raise UsageError(f"{value!r} is no time", mend=mend) from error
    if isinstance(value, dt.datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=dt.UTC)
    if isinstance(value, dt.date):
        # A day means all of it.
        return dt.datetime.combine(value, dt.time.max, tzinfo=dt.UTC)
    raise UsageError(f"{value!r} is no time", mend="Write it as 2023-02-14")
