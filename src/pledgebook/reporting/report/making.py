"""Make a report from a book: its sections, the notes that they refer to, and the sources."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from pledgebook.ledger.explain import document_name
from pledgebook.ledger.outlets import outlet_of
from pledgebook.ledger.records import StoredDocument
from pledgebook.ledger.store import Store
from pledgebook.reporting.cutting import shortened
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.report.ahead import ahead
from pledgebook.reporting.report.changed import changed
from pledgebook.reporting.report.doubts import checks, contradictions
from pledgebook.reporting.report.figures import counted, day_text
from pledgebook.reporting.report.model import (
    Claims,
    Line,
    Lines,
    Reference,
    Report,
    Section,
    Source,
    Table,
)
from pledgebook.reporting.report.noting import Noting, SeriesNote
from pledgebook.reporting.report.pending import largest, overdue
from pledgebook.reporting.report.planned import planned
from pledgebook.reporting.report.quoting import Quoting
from pledgebook.reporting.report.scope import ReportBook, Scope
from pledgebook.reporting.report.state import by_donor, in_short
from pledgebook.reporting.report.things import by_item, one_by_one
from pledgebook.reporting.report.timeline import timeline
from pledgebook.reporting.report.wishes import Wishes

__all__ = ["make_report", "web_link"]

_LONGEST_TITLE = 200
_LONGEST_ADDRESS = 500
_WEB = ("http", "https")


def make_report(book: ReportBook, store: Store, wishes: Wishes) -> Report:
    """Return the report that is wished for. The same book, day and wishes give the same report.

    Raises UsageError, NotFoundError.
    """
    wishes.stage("reading the ledger")
    scope = Scope(book, store, wishes)
    quoting = Quoting(scope)
    series: dict[Reference, SeriesNote] = {}
    short = in_short(scope)
    # What readers look into first comes first: for its notes there is room, however large the book.
    sections = {
        "overdue": overdue(scope),
        "largest": largest(scope),
        "changes": changed(scope, quoting),
        "contradictions": contradictions(scope, quoting),
        "checks": checks(scope),
    }
    lookout = ahead(scope, quoting)
    plan = planned(scope, quoting)
    told: list[Line] = []
    if lookout is not None:
        sections["ahead"] = lookout.section
        series |= lookout.series
        told += lookout.short
    if plan is not None:
        sections["plan"] = plan.section
        series |= plan.series
        told.append(plan.short)
    if told:
        blocks = (*short.blocks, Lines(tuple(told), listed=True))
        short = Section(short.id, short.title, blocks)
    sections["short"] = short
    sections |= {one.id: one for one in (by_donor(scope), by_item(scope), one_by_one(scope))}
    sections["timeline"] = timeline(scope)
    wishes.stage("gathering the sentences")
    ordered = [found for name in _ORDER if (found := sections.get(name)) is not None]
    wanted = list(dict.fromkeys(_references(one for one in sections.values() if one is not None)))
    room = scope.limits.notes
    notes = Noting(scope, quoting, series).notes(wanted[:room])
    sources, left = _sources(scope, quoting)
    numbers = {one.id: one.number for one in notes} | {one.id: one.number for one in sources}
    parts = {*sections}
    ordered += [
        _texts("method", "Method", parts),
        _texts("limits", "Limits, in plain words", parts),
    ]
    return Report(
        title=_title(scope),
        lead=tuple(_lead(scope)),
        day=scope.today.isoformat(),
        about=tuple(_about(scope)),
        sections=tuple(ordered),
        notes=tuple(notes),
        notes_more=_notes_more(len(wanted) - len(notes)),
        sources=tuple(sources),
        sources_more=f"And {counted(left, 'more document')}, for which there is no room."
        if left
        else "",
        numbers=numbers,
    )


_ORDER = (
    "short", "donors", "items", "timeline", "largest", "overdue", "changes", "contradictions",
    "checks", "ahead", "plan", "status",
)  # fmt: skip


def _notes_more(left: int) -> str:
    if left <= 0:
        return ""
    noun = counted(
        left,
        "more undertaking that tables refer to has",
        "more undertakings that tables refer to have",
    )
    return (
        f"{noun} no note here, for want of room: those that are overdue, large, contradicted or "
        "new come first. Narrow the report to a donor, a recipient or an item to see theirs."
    )


def _references(sections: Iterable[Section]) -> Iterator[Reference]:
    """Yield what the sections refer to, in their order."""
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Lines):
                for line in block.lines:
                    yield from line.refs
            elif isinstance(block, Claims):
                for claim in block.claims:
                    yield from claim.refs
            elif isinstance(block, Table):
                for row in block.rows:
                    for cell in row.cells:
                        yield from cell.refs
        yield from _references(section.parts)


def _title(scope: Scope) -> str:
    wishes = scope.wishes
    if wishes.title:
        return shortened(wishes.title, _LONGEST_TITLE)
    only = scope.only
    by = f" by {scope.names.of(only.donor)}" if only.donor else ""
    to = f" to {scope.names.of(only.recipient)}" if only.recipient else ""
    if only.item is None:
        return f"Aid pledged and delivered{by}{to}"
    item = scope.catalogue.find_item(wishes.item or "")
    name = item.designation if item is not None else one_line(wishes.item or "").replace("-", " ")
    return f"{name[:1].upper()}{name[1:]}, pledged and delivered{by}{to}"


def _lead(scope: Scope) -> Iterator[str]:
    statements = {name for one in scope.commitments for name in one.statements}
    documents = {name for one in scope.commitments for name in one.documents}
    yield (
        f"What reports tell of {counted(len(scope.commitments), 'undertaking')}, up to "
        f"{day_text(scope.today)}: read from {counted(len(statements), 'statement')} in "
        f"{counted(len(documents), 'document')}. Every figure opens to the sentences that it "
        "rests on."
    )


def _about(scope: Scope) -> Iterator[tuple[str, str]]:
    """Yield what the report is about, as pairs of a name and words."""
    only, wishes = scope.only, scope.wishes
    yield "As of", day_text(scope.today)
    for name, code in (("Donor", only.donor), ("Recipient", only.recipient)):
        if code is not None:
            yield name, scope.names.of(code)
    if wishes.item is not None:
        yield "Item", one_line(wishes.item)
    if wishes.since is not None:
        yield "Changes since", day_text(wishes.since)
    if wishes.until is not None:
        yield "Forecast until", one_line(str(wishes.until))


def _sources(scope: Scope, quoting: Quoting) -> tuple[list[Source], int]:
    """Return the documents that are quoted, the earliest first, and how many are left out."""
    known = scope.documents
    found = sorted(
        (known[name] for name in quoting.documents if name in known),
        key=lambda one: (one.counted, document_name(one), one.id),
    )
    most = scope.limits.sources
    return [_source(number, one) for number, one in enumerate(found[:most], 1)], len(found[most:])


def _source(number: int, one: StoredDocument) -> Source:
    address = one.url or next((place.origin for place in one.locations), "")
    link = web_link(address)
    remark = "" if one.state in ("shown", "imported") else one.state
    return Source(
        number=number,
        id=one.id,
        title=shortened(document_name(one), _LONGEST_TITLE),
        day=day_text(one.date) if one.date else f"undated; read on {day_text(one.counted)}",
        outlet=one_line(outlet_of(one.url) or ""),
        link=link,
        # A path on somebody's machine is nobody else's business: its last part will do.
        address=shortened(address, _LONGEST_ADDRESS)
        if link or "://" in address
        else one_line(address.replace("\\", "/").rpartition("/")[2]),
        sha256=one.bytes_sha256,
        remark=remark,
    )


def web_link(address: str | None) -> str | None:
    """Return an address that may become a link: of the web, and of nothing else. None otherwise."""
    if not address or address != address.strip() or one_line(address) != address:
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    return address if parts.scheme.casefold() in _WEB and host and " " not in address else None


@cache
def _data() -> Mapping[str, list[dict[str, Any]]]:
    path = files("pledgebook.reporting.report") / "method.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _texts(name: str, title: str, parts: set[str]) -> Section:
    lines = [
        Line(one["text"], strong=one["strong"])
        for one in _data()[name]
        if "when" not in one or one["when"] in parts
    ]
    return Section(name, title, (Lines(tuple(lines)),))
