"""Hits as a person reads them: a title, the piece of text that shows why, date and outlet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from pledgebook.ledger.search.answering import Answer
from pledgebook.ledger.search.found import Hit, Piece
from pledgebook.ledger.search.laying import Laid
from pledgebook.ledger.search.matching import Rows
from pledgebook.ledger.search.names import category_label, party_label
from pledgebook.ledger.search.snippets import snippet
from pledgebook.ledger.search.view import IndexRow, SearchView
from pledgebook.vocabulary.statement import Category

__all__ = ["Presenter"]

_TITLE = 120


class Presenter:
    """Makes hits of the units that an answer found."""

    def __init__(self, laid: Laid, found: Answer, rows: Rows) -> None:
        self._laid = laid
        self._units = laid.units
        self._told = laid.units.told
        self._found = found
        self._rows = rows

    def hits(self, view: SearchView, units: Sequence[int], scores: Sequence[float]) -> list[Hit]:
        """Return the hits for some units with their scores."""
        first, later = self._told.first_statement, self._told.first_commitment
        texts = view.titles_and_texts([self._units.ids[unit] for unit in units if unit < first])
        hits = []
        for unit, score in zip(units, scores, strict=True):
            if unit < first:
                hits.append(
                    self._document(unit, score, *texts.get(self._units.ids[unit], ("", "")))
                )
            elif unit < later:
                hits.append(self._statement(unit, score))
            else:
                hits.append(self._commitment(unit, score))
        return hits

    def _document(self, unit: int, score: float, title: str | None, text: str) -> Hit:
        start, end = 0, len(text)
        pieces = self._told.pieces.get(unit)
        if pieces:
            best = max(pieces, key=self._holds)
            start, end = best.start, best.end
        name = self._units.ids[unit]
        shown = " ".join((title or text.strip()[:_TITLE].partition("\n")[0]).split())
        document = self._told.documents[unit]
        return Hit(
            kind="document",
            id=name,
            title=shown or name,
            snippet=snippet(text, self._found.patterns, start, end),
            date=self._day(unit),
            outlet=document.outlet,
            score=score,
            document=name,
        )

    def _holds(self, row: IndexRow) -> int:
        """Return how many parts of the query a part of a document holds."""
        return sum(bool((self._rows(one, "") == row.number).any()) for one in self._found.patterns)

    def _statement(self, unit: int, score: float) -> Hit:
        number = unit - self._told.first_statement
        entry = self._told.entries[number]
        said = entry.statement
        what = self._said(said.actors, said.recipient, said.item.category, said.item.designation)
        home = int(self._units.home[number])
        return Hit(
            kind="statement",
            id=entry.id,
            title=f"{what} ({said.kind})",
            snippet=self._quoted(number),
            date=entry.counted,
            outlet=entry.outlet,
            score=score,
            document=entry.document,
            commitment=self._units.ids[home] if home >= 0 else None,
        )

    def _commitment(self, unit: int, score: float) -> Hit:
        one = self._units.commitments[unit - self._told.first_commitment]
        best = self._best(one.statements)
        return Hit(
            kind="commitment",
            id=one.id,
            title=self._said(
                one.donors or one.asked_by, one.recipient, one.category, one.designation
            ),
            snippet=self._quoted(best),
            date=one.last,
            outlet=self._told.entries[best].outlet,
            score=score,
            commitment=one.id,
        )

    def _best(self, statements: Sequence[str]) -> int:
        """Return the place of the statement that has most of the query; the newest among equals."""
        places = [self._told.at_statement[name] for name in statements]
        first = self._told.first_statement
        return max(
            reversed(places),
            key=lambda place: sum(float(one[first + place]) for one in self._found.weights),
        )

    def _quoted(self, number: int) -> tuple[Piece, ...]:
        quote = self._told.entries[number].statement.evidence.quote
        return snippet(quote, self._found.patterns)

    def _said(
        self,
        actors: Iterable[str],
        recipient: str | None,
        category: Category,
        designation: str | None,
    ) -> str:
        catalogue = self._laid.catalogue
        parties = list(actors)
        who = ", ".join(party_label(one, catalogue) for one in parties) or "?"
        # Who asks is mostly who is to get it.
        gets = recipient if recipient not in parties else None
        to = f" → {party_label(gets, catalogue)}" if gets else ""
        return f"{who}{to}: {designation or category_label(category.value)}"

    def _day(self, unit: int) -> dt.date:
        return dt.date.fromordinal(int(self._units.days[unit]))
