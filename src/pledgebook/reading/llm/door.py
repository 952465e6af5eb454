"""The door: what an answer has to show before any of it becomes a statement.

Nothing is taken on a model's word. The evidence must be words of the document, and no words that
were written for the reader to record; kind, category and parties must be known; numbers must
occur. A statement that fails there is refused, whole. Fields that may be missing (designation,
recipient, date, supplier, speaker) are cleared where they do not hold, and the rest is kept. Both
are counted by reason.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from pledgebook.reading.llm.answers import Amount, Coded, Number
from pledgebook.reading.llm.commands import commanding
from pledgebook.reading.llm.figures import Figures
from pledgebook.reading.llm.naming import Names
from pledgebook.reading.llm.quoting import Quoted, Span, in_order
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.period import PERIOD_PATTERN, bounds
from pledgebook.vocabulary.statement import (
    Evidence,
    Ground,
    Item,
    Kind,
    Money,
    Quantity,
    Statement,
)

__all__ = ["REASONS", "Door", "Passed", "Refused"]

LONGEST_EVIDENCE = 900
"""Characters beyond which a quotation shows nothing in particular."""

_EARLIEST = 1900
_YEARS_AHEAD = 40

REASONS = {
    "malformed": "it is not coded as the schema asks",
    "evidence-missing": "its evidence does not stand in the document",
    "evidence-long": "its evidence is too long to show anything",
    "evidence-elsewhere": "its evidence stands outside the piece that was asked about",
    "instruction": "its evidence is a passage that commands the reader",
    "party-unknown": "an actor is neither known nor written in the document",
    "party-unnamed": "an actor is not named in the document",
    "no-actor": "it has no actor",
    "quantity-missing": "its quantity does not occur in its evidence",
    "money-missing": "its amount of money does not occur in its evidence",
    "currency-missing": "its currency is not that of the amount",
    "duplicate": "it was said twice of the same words",
    "designation": "the designation does not stand in the document",
    "recipient": "the recipient is not known",
    "when": "the date is none, or not plausible",
    "supplier": "the supplier does not stand in the document, or has no place there",
    "speaker": "the speaker does not stand in the document",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """What an answer said and the door turned away; `cleared` where it was only one field."""

    reason: str
    document: str
    given: Any
    cleared: bool = False

    @property
    def says(self) -> str:
        """The reason in words."""
        return REASONS[self.reason]


@dataclass(frozen=True, slots=True)
class Passed:
    """The statements that came through, in the order of the text, and what did not."""

    statements: list[Statement]
    refused: list[Refused]


class _RefusedError(Exception):
    """One statement cannot be kept; the reason is one of `REASONS`."""


class Door:
    """The door of one document."""

    def __init__(self, document: Document, catalogue: Catalogue) -> None:
        self._document = document
        self._text = document.text
        self._quoted = Quoted(document.text)
        self._names = Names(document, catalogue, self._quoted)
        self._figures = Figures(document.text, self._names.item_spans)
        self.passages = commanding(document.text)
        """The spans that command the reader: no model is shown them."""

    def check(
        self, answers: Sequence[Any], start: int = 0, end: int | None = None, *, rule: str = "llm"
    ) -> Passed:
        """Let through what holds of an answer about `text[start:end]`."""
        end = len(self._text) if end is None else end
        refused: list[Refused] = []
        coded: list[Coded] = []
        for given in answers:
            try:
                coded.append(Coded.model_validate(given))
            except (ValidationError, RecursionError):
                refused.append(Refused("malformed", self._document.origin, given))
        places = self._places(coded, start, end)
        kept: list[Statement] = []
        for one, place in zip(coded, places, strict=True):
            try:
                statement, cleared = self._statement(one, place, start, end, rule)
                if _is_repeated(statement, kept):
                    raise _RefusedError("duplicate")  # noqa: TRY301 - counted as any other
            except _RefusedError as error:
                refused.append(self._refusal(str(error), one))
                continue
            kept.append(statement)
            refused += [self._refusal(reason, one, cleared=True) for reason in cleared]
        kept.sort(key=lambda statement: (statement.evidence.start, statement.evidence.end))
        return Passed(kept, refused)

    def _refusal(self, reason: str, one: Coded, *, cleared: bool = False) -> Refused:
        return Refused(reason, self._document.origin, one.model_dump(mode="json"), cleared)

    def _places(self, coded: Sequence[Coded], start: int, end: int) -> list[Span | None]:
        """Find every quotation; of several places those in the piece count, and the order."""
        candidates = []
        for one in coded:
            spans = self._quoted.spans(one.evidence)
            inside = [span for span in spans if start <= span[0] < end]
            free = [span for span in inside if not self._is_command(span)]
            candidates.append(free or inside or spans)
        return in_order(candidates)

    def _is_command(self, span: Span) -> bool:
        return any(first < span[1] and span[0] < last for first, last in self.passages)

    def _statement(
        self, one: Coded, place: Span | None, start: int, end: int, rule: str
    ) -> tuple[Statement, list[str]]:
        """Return the statement with the names of the fields that had to be cleared."""
        if place is None:
            raise _RefusedError("evidence-missing")
        if self._is_command(place):
            raise _RefusedError("instruction")
        if not start <= place[0] < end:
            raise _RefusedError("evidence-elsewhere")
        if place[1] - place[0] > LONGEST_EVIDENCE:
            raise _RefusedError("evidence-long")
        grounds: list[Ground] = []
        quantity = self._quantity(one.quantity, place, grounds)
        money = self._money(one.money, place, grounds)
        cleared: list[str] = []
        statement = Statement(
            kind=one.kind,
            status=one.status,
            scope=one.scope,
            actors=self._actors(one),
            recipient=self._recipient(one, cleared),
            item=Item(category=one.category, designation=self._designation(one, cleared)),
            quantity=quantity,
            money=money,
            when=self._when(one, cleared),
            supplier=self._supplier(one, cleared),
            speaker=self._speaker(one, cleared),
            evidence=Evidence(
                document=self._document.id,
                start=place[0],
                end=place[1],
                quote=self._text[place[0] : place[1]],
            ),
            grounds=tuple(grounds),
            rule=rule,
        )
        return statement, cleared

    def _actors(self, one: Coded) -> tuple[str, ...]:
        codes = set()
        for name in one.actors:
            code = self._names.resolve(name)
            if code is None:
                raise _RefusedError("party-unknown")
            if not self._names.is_named(code):
                raise _RefusedError("party-unnamed")
            codes.add(code)
        if not codes:
            raise _RefusedError("no-actor")
        return tuple(sorted(codes))

    def _recipient(self, one: Coded, cleared: list[str]) -> str | None:
        """Return the recipient's code. Whom a text leaves unsaid it need not name."""
        if not one.recipient:
            return None
        code = self._names.resolve(one.recipient)
        if code is None:
            cleared.append("recipient")
        return code

    def _designation(self, one: Coded, cleared: list[str]) -> str | None:
        name = " ".join((one.designation or "").split())
        if not name:
            return None
        if self._names.has_item(name):
            return name
        cleared.append("designation")
        return None

    def _quantity(
        self, number: Number | None, place: Span, grounds: list[Ground]
    ) -> Quantity | None:
        if number is None or (number.low is None and number.high is None):
            return None
        said = self._figures.said((number.low, number.high), *place, unit=number.unit)
        if said is None:
            raise _RefusedError("quantity-missing")
        if said.ground is not None:
            grounds.append(Ground(field="quantity", start=said.ground[0], end=said.ground[1]))
        try:
            return Quantity.model_validate(number.model_dump())
        except ValidationError as error:
            raise _RefusedError("malformed") from error

    def _money(self, amount: Amount | None, place: Span, grounds: list[Ground]) -> Money | None:
        if amount is None or (amount.low is None and amount.high is None):
            return None
        ends = (amount.low, amount.high)
        said = self._figures.said(ends, *place)
        if said is None or set(ends) <= {1.0, None}:
            raise _RefusedError("money-missing")
        if said.ground is not None:
            grounds.append(Ground(field="money", start=said.ground[0], end=said.ground[1]))
        try:
            money = Money.model_validate(amount.model_dump())
        except ValidationError as error:
            raise _RefusedError("malformed") from error
        if not self._figures.currency(money.currency, ends, *place):
            raise _RefusedError("currency-missing")
        return money

    def _when(self, one: Coded, cleared: list[str]) -> str | None:
        if not one.when:
            return None
        if not _is_plausible(one.when, self._document.date):
            cleared.append("when")
            return None
        return one.when

    def _supplier(self, one: Coded, cleared: list[str]) -> str | None:
        name = " ".join((one.supplier or "").split())
        if not name:
            return None
        if one.kind in {Kind.CONTRACT, Kind.PRODUCTION} and self._names.is_written(name):
            return name
        cleared.append("supplier")
        return None

    def _speaker(self, one: Coded, cleared: list[str]) -> str | None:
        name = " ".join((one.speaker or "").split())
        if not name:
            return None
        if self._names.is_written(name):
            return name
        cleared.append("speaker")
        return None


def _is_plausible(when: str, published: dt.date | None) -> bool:
    """Tell whether a date is one, and neither of another age nor beyond all plans."""
    if not re.fullmatch(PERIOD_PATTERN, when):
        return False
    try:
        first, last = bounds(when)
    except ValueError:
        return False
    latest = (published or dt.datetime.now(dt.UTC).date()).year + _YEARS_AHEAD
    return first.year >= _EARLIEST and last.year <= latest


def _is_repeated(statement: Statement, kept: Sequence[Statement]) -> bool:
    """Tell whether the same was said before of the same words, a few more or less."""
    return any(
        other.to_corpus() | {"evidence": ""} == statement.to_corpus() | {"evidence": ""}
        and _overlap(other.evidence, statement.evidence) >= _SAME_WORDS
        for other in kept
    )


_SAME_WORDS = 0.8


def _overlap(one: Evidence, other: Evidence) -> float:
    """Return the share of two spans, taken together, that both hold."""
    both = min(one.end, other.end) - max(one.start, other.start)
    either = max(one.end, other.end) - min(one.start, other.start)
    return max(0, both) / either
