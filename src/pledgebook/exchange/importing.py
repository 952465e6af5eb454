"""A release as an importer hands it over, into the book."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from pledgebook.errors import Problem, SourceError, UsageError
from pledgebook.exchange.celltext import LAYOUT, CellText
from pledgebook.exchange.importers import importer_with
from pledgebook.exchange.rows import Claim, Release, ReleaseRow
from pledgebook.ledger.records import Reading
from pledgebook.ledger.releases import AddedRelease, NewRelease, NewRow
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import DateSource, Document, sha256
from pledgebook.vocabulary.statement import Evidence, Ground, Kind, Statement

__all__ = [
    "ImportReport",
    "ReadRelease",
    "import_file",
    "read_release",
    "readings",
    "store_release",
]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    `new` is False where the release was there already and nothing changed. `supersedes` names the
    release that it takes the place of; `current` is False where the book holds one that tells of a
    later day. `kinds` counts the statements of the rows. `notes` say what a reader must know
    (columns that are new or missing), `problems` which cells or rows could not be used.
    """

    id: str
    dataset: str
    name: str
    format: str
    published: dt.date | None
    new: bool
    current: bool
    rows: int
    statements: int
    prices: int
    kinds: Mapping[Kind, int] = field(default_factory=dict)
    supersedes: str | None = None
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def import_file(
    store: Store,
    catalogue: Catalogue,
    format_name: str,
    path: str | Path,
    *,
    name: str | None = None,
    published: dt.date | None = None,
    dataset: str | None = None,
    mapping: str | None = None,
    by: str,
) -> ImportReport:
    """Read a file or folder as one release of a data set and store it, whole or not at all.

    `published` states the day up to which it tells, where the file does not. `dataset` names
    the data set that it is a release of, `mapping` is the path or name of a mapping, for the format
    that takes one. Raises UsageError for an unknown format,
    SourceError for a file that cannot be read as this format.
    """
    found = read_release(
        format_name,
        path,
        catalogue,
        store.place,
        name=name,
        published=published,
        dataset=dataset,
        mapping=mapping,
    )
    return found.store(store, catalogue, by=by)


@dataclass(frozen=True, slots=True)
class ReadRelease:
    """A release as it was read from a file, before it is in any book."""

    release: Release
    version: str
    day_given: bool

    def store(self, store: Store, catalogue: Catalogue, *, by: str) -> ImportReport:
        """Store it, whole or not at all."""
        return store_release(
            store, catalogue, self.release, version=self.version, by=by, day_given=self.day_given
        )


def read_release(
    format_name: str,
    path: str | Path,
    catalogue: Catalogue,
    book: str,
    *,
    name: str | None = None,
    published: dt.date | None = None,
    dataset: str | None = None,
    mapping: str | None = None,
) -> ReadRelease:
    """Read a file or folder as a release; `book` is the path or URL of the book it is meant for.

    Raises UsageError for an unknown format, SourceError for a file that cannot be read as it.
    """
    place = Path(path).expanduser()
    if not place.exists():
        raise SourceError("it is not there", where=str(path), mend="Check the path")
    importer = importer_with(format_name, mapping, place, book)
    release = importer.read(place, catalogue, name=name)
    if dataset is not None:
        release = dataclasses.replace(release, dataset=dataset_name(dataset))
    if published is not None:
        release = dataclasses.replace(release, published=published)
    version = str(getattr(importer, "version", "1"))
    return ReadRelease(release, version, day_given=published is not None)


def dataset_name(text: str) -> str:
    """Return the name of a data set as it may be typed. Raises UsageError where it is none."""
    if not re.fullmatch(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*", text):
        mend = "Use small letters and digits, with hyphens between them"
        raise UsageError(f"{text!r} is no name of a data set", mend=mend)
    return text


def store_release(
    store: Store,
    catalogue: Catalogue,
    release: Release,
    *,
    version: str = "1",
    by: str,
    day_given: bool = False,
) -> ImportReport:
    """Store a release that an importer of this version made."""
    if not release.name.strip():
        raise UsageError("a release needs a name", mend="Give one with --name")
    problems = list(release.problems)
    rows = readings(release, catalogue, version, problems, day_given=day_given)
    new = NewRelease(
        dataset=release.dataset,
        name=release.name,
        format=release.format,
        origin=release.origin,
        bytes_sha256=release.bytes_sha256,
        reader=f"{release.format}/{version}/{catalogue.digest}",
        rows=rows,
        published=release.published,
        notes=release.notes,
        problems=problems,
    )
    added = store.add_release(new, by=by)
    return _report(store, release, rows, added, problems)


def readings(
    release: Release,
    catalogue: Catalogue,
    version: str,
    problems: list[Problem],
    *,
    day_given: bool = False,
) -> list[NewRow]:
    """Make the documents and statements of the rows; `problems` takes up what could not be made.

    A row counts from the day of its release, which is when its figures were known, or from its own
    day where the release has none. Rows that read the same are told apart by their order.
    """
    found = []
    seen: Counter[str] = Counter()
    for row in release.rows:
        written = CellText.of(row.cells)
        if not written.text:
            continue
        seen[written.text] += 1
        order = seen[written.text]
        document = _document(release, row, written.text, order, given=day_given)
        statements = []
        for claim in row.claims:
            made = _statement(claim, written, document, row, release, problems)
            if made is not None:
                statements.append(made)
        reading = Reading(
            document, tuple(statements), f"import:{release.format}", version, catalogue.digest
        )
        prices = [dataclasses.asdict(price) for price in row.prices]
        found.append(NewRow(reading, row.key, row.origin, prices))
    return found


def _document(release: Release, row: ReleaseRow, text: str, order: int, *, given: bool) -> Document:
    date = release.published or row.date
    source: DateSource | None = None
    if date is not None:
        source = "given" if given else "metadata"
    return Document(
        text=text,
        bytes_sha256=sha256(text if order == 1 else f"{text}\n#{order}"),
        extractor=f"import:{release.format}/{LAYOUT}",
        origin=row.origin,
        url=row.url,
        title=row.title,
        date=date,
        date_source=source,
    )


def _statement(
    claim: Claim,
    written: CellText,
    document: Document,
    row: ReleaseRow,
    release: Release,
    problems: list[Problem],
) -> Statement | None:
    span = written.span(claim.quotes)
    if span is None:
        problems.append(
            _problem(release, row, "no-evidence", "it would say something that no cell shows")
        )
        return None
    start, end = span
    grounds = tuple(
        Ground(field=name, start=spot[0], end=spot[1])
        for name, header in claim.grounds.items()
        if (spot := written.spans.get(header)) and not (start <= spot[0] and spot[1] <= end)
    )
    evidence = Evidence(document=document.id, start=start, end=end, quote=written.text[start:end])
    try:
        return Statement(**{**claim.fields, "evidence": evidence, "grounds": grounds})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        says = f"it breaks the coding book ({where}: {first['msg']})".replace(" (:", " (")
        problems.append(_problem(release, row, "not-codable", says))
        return None


def _problem(release: Release, row: ReleaseRow, code: str, what: str) -> Problem:
    return Problem(
        code=code,
        what=what,
        source=release.origin,
        place=row.origin,
        mend="Correct the row, then import it again",
    )


def _report(
    store: Store,
    release: Release,
    rows: list[NewRow],
    added: AddedRelease,
    problems: list[Problem],
) -> ImportReport:
    known = {one.id: one for one in store.releases(dataset=release.dataset)}
    stored = known[added.id]
    before = known.get(stored.supersedes or "")
    if added.purged:
        problems.append(
            Problem(
                code="purged",
                what=f"the text of {len(added.purged)} of its rows was erased from this book on "
                "purpose and was not stored again",
                source=release.origin,
                severity="warning",
            )
        )
    statements = [statement for row in rows for statement in row.reading.statements]
    return ImportReport(
        id=added.id,
        dataset=release.dataset,
        name=release.name,
        format=release.format,
        published=release.published,
        new=added.new,
        current=stored.current,
        rows=stored.rows,
        statements=len(statements),
        prices=sum(len(row.prices) for row in rows),
        kinds=dict(Counter(statement.kind for statement in statements)),
        supersedes=before.name if before else None,
        notes=tuple(release.notes),
        problems=tuple(problems),
    )
