"""Convert the money and value the things of undertakings, side by side and never added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.intervals import UNKNOWN, Interval, Total
from pledgebook.ledger.money.convert import Conversion, Converter, Occasion
from pledgebook.ledger.money.prices import Match, PriceBook
from pledgebook.ledger.money.sums import sum_of, things_of, whole_of
from pledgebook.ledger.money.terms import Term, money_terms
from pledgebook.ledger.money.values import InKind, Valuation, ValueRow
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage, StageFigure
from pledgebook.ledger.status import COUNTED, StatusRow
from pledgebook.vocabulary.statement import Category

__all__ = ["Valuer"]

_AID = frozenset(
    {Category.MILITARY_AID, Category.FINANCIAL_AID, Category.HUMANITARIAN_AID, Category.MIXED_AID}
)
"""Categories that are told in money: with no amount, an amount is what is not known."""


class Valuer:
    """Converts and values the undertakings of one ledger, in one currency."""

    def __init__(
        self,
        converter: Converter,
        prices: PriceBook,
        entries: Mapping[str, Entry],
        commitments: Iterable[Commitment],
    ) -> None:
        self.currency = converter.to
        self._converter = converter
        self._prices = prices
        self._entries = entries
        self.commitments = {one.id: one for one in commitments}

    def rows(self, rows: Iterable[StatusRow]) -> list[ValueRow]:
        """Return what rows of the status are worth, each stage of each in a row of its own."""
        asked = list(rows)
        members = {one.id: one for row in asked for one in row.commitments}
        return [
            self._row(row, stage, members)
            for row in asked
            for stage in COUNTED
            if any(stage in commitment.stages for commitment in row.commitments)
        ]

    def valuation(self, commitment: Commitment, stage: Stage) -> Valuation:
        """Return what a stage of an undertaking is worth."""
        figure = commitment.stages[stage]
        terms, beside = money_terms(stage, figure, self._entries)
        things = figure.quantity.known or not (figure.money or commitment.category in _AID)
        return Valuation(
            commitment=commitment.id,
            stage=stage,
            money=tuple(map(self._convert, terms)),
            beside=tuple(map(self._convert, beside)),
            in_kind=self._value(commitment, figure) if things else None,
            missing=not things and not figure.money,
            part_of=whole_of(commitment, stage, self.commitments),
        )

    def _row(self, row: StatusRow, stage: Stage, members: Mapping[str, Commitment]) -> ValueRow:
        reached = [one for one in row.commitments if stage in one.stages]
        found = {one.id: self.valuation(one, stage) for one in reached}
        things = [one.in_kind for one in found.values() if one.in_kind is not None]
        return ValueRow(
            id=row.id,
            donor=row.donor,
            asked_by=row.asked_by,
            recipient=row.recipient,
            category=row.category,
            item=row.item,
            unit=row.unit,
            stage=stage,
            currency=self.currency,
            given=row.money.get(stage, {}),
            quantity=Total.of(one.quantity for one in things) if things else None,
            money=sum_of(stage, reached, {name: one.amount for name, one in found.items()}),
            in_kind=sum_of(stage, reached, things_of(found)),
            parts=sum(
                one.in_kind is not None and whole_of(commitment, stage, members) is not None
                for commitment, one in zip(reached, found.values(), strict=True)
            ),
            valuations=tuple(found.values()),
            commitments=tuple(reached),
        )

    def _convert(self, term: Term) -> Conversion:
        return self._converter.convert(
            term.amount, term.currency, term.occasion, statement=term.statement
        )

    def _value(self, commitment: Commitment, figure: StageFigure) -> InKind:
        unit = figure.unit or commitment.unit
        quantity = figure.quantity
        if not quantity.known:
            return InKind(quantity, unit, None, None, UNKNOWN, "its quantity is not known")
        match = self._prices.find(commitment, unit)
        if isinstance(match, str):
            return InKind(quantity, unit, None, None, UNKNOWN, match)
        row = match.rows[0]
        price = self._converter.convert(
            match.amount, row.currency, self._time_of(match, commitment), documents=match.documents
        )
        note = "" if price.known else f"its price is not converted: {price.note}"
        return InKind(quantity, unit, match, price, _product(quantity, price.converted), note)

    def _time_of(self, match: Match, commitment: Commitment) -> Occasion:
        """Return when a price is of: as its list says, else as the list is, else the report."""
        row = match.rows[0]
        listed = row.list.published
        if row.date is not None:
            # A year in which the list itself was published was not over: the list's day has to do.
            occasion = Occasion.over(row.date, listed or dt.date.max)
            if occasion is not None:
                return occasion
        if listed is not None:
            return Occasion(listed, None, "the day of the price list")
        return Occasion(commitment.first, None, "neither price nor list is dated")


def _product(quantity: Interval, price: Interval) -> Interval:
    """Multiply interval by interval; both are never negative, so the ends are those of the ends."""
    low = None if quantity.low is None or price.low is None else quantity.low * price.low
    high = None if quantity.high is None or price.high is None else quantity.high * price.high
    return Interval(low, high)
