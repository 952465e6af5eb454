"""The notes of a report: what each figure rests on, down to the quoted sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pledgebook.ledger.commitments import Check, Commitment
from pledgebook.ledger.records import commitment_id
from pledgebook.ledger.stages import Stage, StageFigure
from pledgebook.ledger.wording import check_line
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.report.figures import (
    counted,
    day_text,
    interval_text,
    money_lines,
)
from pledgebook.reporting.report.model import Line, Note, Reference
from pledgebook.reporting.report.quoting import Quoting
from pledgebook.reporting.report.scope import Scope

__all__ = ["Noting", "SeriesNote"]

_FEW_REASONS = 3
SeriesNote = tuple[str, tuple[str, ...]]
"""What a series is called, and the statements that it rests on."""


class Noting:
    """Writes the notes of one report. `series` are the series that forecasts rest on, by id."""

    def __init__(
        self, scope: Scope, quoting: Quoting, series: Mapping[Reference, SeriesNote]
    ) -> None:
        self._scope = scope
        self._quoting = quoting
        self._series = series
        self._checks: dict[str, list[Check]] = defaultdict(list)
        for check in scope.ledger.checks:
            self._checks[check.statement].append(check)
            for name in check.commitments:
                self._checks[name].append(check)

    def notes(self, wanted: Iterable[Reference]) -> list[Note]:
        """Return the notes of some references, numbered by giver, taker and item.

        What is neither an undertaking nor a statement or series that is known has no note.
        """
        known = sorted((one for one in set(wanted) if self._is_known(one)), key=self._order)
        statements = [
            name for one in known for name in self._statements(one)[: self._scope.limits.said]
        ]
        self._quoting.load(statements)
        return [self._note(number, one) for number, one in enumerate(known, 1)]

    def _is_known(self, name: Reference) -> bool:
        return (
            name in self._scope.by_id
            or name in self._series
            or self._quoting.entry(name) is not None
        )

    def _order(self, name: Reference) -> tuple[int, int, str]:
        if name in self._scope.place:
            return 0, self._scope.place[name], name
        return (1, 0, name) if name in self._scope.by_id else (2 + (name in self._series), 0, name)

    def _statements(self, name: Reference) -> tuple[str, ...]:
        if name in self._scope.by_id:
            return self._scope.by_id[name].statements
        return self._series[name][1] if name in self._series else (name,)

    def _note(self, number: int, name: Reference) -> Note:
        statements = self._statements(name)
        most = self._scope.limits.said
        left = len(statements) - most
        more = ""
        if left > 0:
            more = f"And {counted(left, 'more sentence')}, for which there is no room."
        one = self._scope.by_id.get(name)
        if one is None:
            said = tuple(self._quoting.said(each) for each in statements[:most])
            title = self._series[name][0] if name in self._series else "Told in total, or of levels"
            lines = [Line(check_line(check)) for check in self._checks.get(name, ())]
            remarks = tuple(Line(self._scope.named(line.text)) for line in lines)
            return Note(number, name, one_line(title), (), remarks, said, more)
        quoted = [self._quoting.said(each, one.links.get(each)) for each in statements[:most]]
        return Note(
            number=number,
            id=name,
            title=self._scope.title(one),
            facts=tuple(_facts(one)),
            remarks=tuple(self._remarks(one)),
            said=tuple(quoted),
            more=more,
        )

    def _remarks(self, one: Commitment) -> Iterator[Line]:
        """Yield all that speaks against taking the figures of an undertaking as they are."""
        scope = self._scope
        for clash in one.contradictions:
            yield Line(f"{_stage(clash.stage)}: {scope.named(clash.says)}.", strong="Contradicted")
        for put in one.corrections:
            was, now = (interval_text(end, put.unit) for end in (put.was, put.now))
            stage = put.stage.replace("_", " ")
            told = f"{stage}: {now} takes the place of {was}: {scope.named(put.reason)}."
            yield Line(told, strong="Corrected")
        for refusal in scope.ledger.refusals.get(one.id, ()):
            told = f"on {day_text(refusal.last)}, after it had been promised."
            yield Line(told, (refusal.id,), strong="Refused, halted or put off")
        for doubt in one.doubts:
            reasons = "; ".join(one_line(why.says) for why in doubt.reasons[:_FEW_REASONS])
            home = scope.ledger.home.get(doubt.anchor, commitment_id(doubt.anchor))
            other = scope.by_id.get(home)
            beside = f" {scope.title(other)}" if other else ""
            told = f"the same undertaking as{beside}, with a score of {doubt.score:.2f}: {reasons}."
            yield Line(told, (home,), strong="Perhaps")
        for part in one.wholes:
            whole = scope.by_id.get(part.whole)
            if whole is not None:
                told = f"{scope.title(whole)}: {scope.named(part.reason)}."
                yield Line(told, (whole.id,), strong="Part of")
        for check in self._checks.get(one.id, ()):
            if check.verdict in ("exceeds", "falls-short"):
                told = f"{scope.named(check.covers)}: {scope.named(check_line(check))}."
                home = scope.ledger.home.get(check.statement, check.statement)
                yield Line(told, (home,), strong="Running total")
        if not one.dated:
            yield Line(
                "a report without a date counts from the day on which it was read.",
                strong="Undated",
            )


def _stage(stage: Stage) -> str:
    return stage.value.replace("_", " ")


def _facts(one: Commitment) -> Iterator[tuple[str, str]]:
    for stage in Stage:
        if stage in one.stages:
            yield _stage(stage), _figure(one.stages[stage])
    if one.outstanding is not None and one.outstanding.known:
        done = one.outstanding.high == 0
        yield "outstanding", "nothing" if done else interval_text(one.outstanding, one.unit)
    if one.promised is not None:
        yield "promised for", one.promised.replace("/", " to ") + (" (overdue)" * one.overdue)
    if one.supplier is not None:
        yield "supplier", one_line(one.supplier)
    yield "state", one.state.value.replace("-", " ")


def _figure(figure: StageFigure) -> str:
    parts = [interval_text(figure.quantity, figure.unit)] if figure.quantity.known else []
    return "; ".join([*parts, *money_lines(figure.money)]) or "size unknown"
