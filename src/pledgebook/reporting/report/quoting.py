"""Sentences as a report quotes them: short, with who said them, when, and why they stand there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pledgebook.ledger.reconcile import Link
from pledgebook.ledger.records import Entry
from pledgebook.ledger.wording import statement_line
from pledgebook.reading.agreement import finding_of
from pledgebook.reporting.cutting import shortened
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.report.figures import day_text
from pledgebook.reporting.report.model import Said
from pledgebook.reporting.report.scope import Scope

__all__ = ["Quoting"]

_BATCH = 200
_FEW_REASONS = 4


class Quoting:
    """Quotes the statements of one report, and keeps which documents they are from."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._entries: dict[str, Entry] = dict(scope.ledger.entries)
        self._under: dict[str, tuple[str, ...]] = {}
        self.documents: set[str] = set()

    def know(self, entries: Mapping[str, Entry]) -> None:
        """Take in statements that are not of the ledger: levels that data sets tell."""
        self._entries = {**entries, **self._entries}

    def entry(self, name: str) -> Entry | None:
        """Return a statement; None where neither the ledger nor a series has it."""
        return self._entries.get(name)

    def load(self, names: Iterable[str]) -> None:
        """Read what some statements rest on outside their own words: the head of a list."""
        wanted: dict[str, list[Entry]] = {}
        for name in names:
            entry = self._entries.get(name)
            if entry is not None and entry.statement.grounds and name not in self._under:
                wanted.setdefault(entry.document, []).append(entry)
        documents = sorted(wanted)
        for start in range(0, len(documents), _BATCH):
            texts = self._scope.store.texts(documents[start : start + _BATCH])
            for document, stored in texts.items():
                for entry in wanted[document]:
                    self._under[entry.id] = self._words(entry, stored.text)

    def _words(self, entry: Entry, text: str) -> tuple[str, ...]:
        spans = dict.fromkeys((one.start, one.end) for one in entry.statement.grounds)
        own = entry.statement.evidence.quote
        most = self._scope.limits.quote
        words = (shortened(text[start:end], most) for start, end in spans)
        return tuple(one for one in words if one and one not in own)

    def said(self, name: str, link: Link | None = None) -> Said:
        """Return a statement as it is quoted; its document counts as a source from now on."""
        entry = self._entries.get(name)
        if entry is None:
            return Said(name, "", "", (), "", "", None, remarks=("no longer in the book",))
        self.load([name])
        self.documents.add(entry.document)
        statement = entry.statement
        remarks = []
        found = finding_of(statement)
        if found is not None and found.for_review:
            remarks.append(f"to be looked at: {found.says()}")
        if self._scope.ledger.decisions.by_statement.get(name):
            remarks.append("a person has judged it")
        day = day_text(entry.counted)
        return Said(
            id=name,
            says=self._scope.named(statement_line(statement)),
            quote=shortened(statement.evidence.quote, self._scope.limits.quote),
            under=self._under.get(name, ()),
            speaker=one_line(statement.speaker or ""),
            day=day if entry.dated else f"undated; read on {day}",
            source=entry.document,
            joined=_joined(link),
            remarks=tuple(remarks),
        )


def _joined(link: Link | None) -> str:
    """Return why a statement stands where it does."""
    if link is None:
        return ""
    if link.judged:
        return "a person decided that it belongs here"
    if link.to is None:
        return ""
    reasons = [f"{one_line(one.says)} ({one.weight:+.1f})" for one in link.reasons[:_FEW_REASONS]]
    told = f": {'; '.join(reasons)}" if reasons else ""
    return f"joined with a score of {link.score:.2f}{told}"
