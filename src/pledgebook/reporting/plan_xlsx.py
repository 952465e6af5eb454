"""A plan as a workbook: schedule, payments, shortage, reasons, changes, and how it was made."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pledgebook.exchange.counting import Losses
from pledgebook.exchange.safely import new_file
from pledgebook.planning.answer import PlanAnswer
from pledgebook.planning.explaining.reason_words import more_words
from pledgebook.planning.explaining.worths import worths
from pledgebook.reporting.extras import require
from pledgebook.reporting.plan_records import (
    PAYMENT_FIELDS,
    REASON_FIELDS,
    SCHEDULE_FIELDS,
    SHORT_FIELDS,
    payment_rows,
    reason_rows,
    schedule_rows,
    short_rows,
)
from pledgebook.reporting.plan_words import answer_lines, head_line, spent_line

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

__all__ = ["save_workbook"]

_MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no zones
_WIDE = {"reason": 90, "change": 90, "id": 60, "name": 30, "need": 28, "of": 30, "paid_by": 28}
_METHOD = {
    "Cost": "The objective: what is spent, and what shortage counts for by the scenario's weights.",
    "Bound": "No plan can come to less; proved by the solver, and the plan checked anew by "
    "independent code against every constraint.",
    "Short before": "What would be lacking if nothing were drawn, ordered, signed or built.",
    "p10, p50, p90": "Quantiles over the cases of each step by itself; equal without cases.",
    "One more saves": "By how much cost falls for one more unit of a bottleneck: the duals with "
    "what is built, signed and restarted held as it is. They hold for small changes of one thing.",
    "Changes": "Each was found by solving with the rest of the plan held, and the plan that it "
    "leads to passed the same check. Other changes may close the gap too.",
    "Opening a figure": "`pledgebook why ID` opens an id of these sheets down to its sentences.",
    "Apostrophes": "A text that a spreadsheet might run as a formula has an apostrophe in front.",
}


def save_workbook(answer: PlanAnswer, path: Path, *, force: bool = False) -> None:
    """Write a plan to a workbook; `force` replaces one that is there. Raises UsageError."""
    require("exchange", "a workbook", ("xlsxwriter",))
    from xlsxwriter import Workbook

    settings = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    with new_file(path, force=force) as part:
        part.touch()
        with Workbook(str(part), settings) as workbook:
            workbook.set_properties({"title": "Pledgebook: a plan", "created": _MADE})
            book = _Book(workbook)
            book.sheet("Schedule", SCHEDULE_FIELDS, schedule_rows(answer))
            book.sheet("Payments", PAYMENT_FIELDS, payment_rows(answer))
            book.sheet("Shortage", SHORT_FIELDS, short_rows(answer))
            book.sheet("Reasons", REASON_FIELDS, reason_rows(answer))
            book.sheet("Worth", _WORTH_FIELDS, _worths(answer))
            book.sheet("Changes", _CHANGE_FIELDS, _changes(answer))
            book.method(_method(answer))


_WORTH_FIELDS = ("one_more", "of", "saves", "currency")
_CHANGE_FIELDS = ("need", "from", "to", "kind", "change", "spends_more", "closes", "currency")


def _worths(answer: PlanAnswer) -> Iterator[dict[str, Any]]:
    for one in worths(answer):
        yield {
            "one_more": more_words(one.kind, one.item, answer.words),
            "of": "; ".join(one.names),
            "saves": one.saves,
            "currency": answer.problem.currency,
        }


def _changes(answer: PlanAnswer) -> Iterator[dict[str, Any]]:
    days = answer.compiled.days
    for one in answer.plan.changes:
        yield {
            "need": one.need,
            "from": days[one.first].isoformat(),
            "to": days[one.last].isoformat(),
            "kind": one.kind,
            "change": one.says,
            "spends_more": one.cost,
            "closes": one.closes,
            "currency": answer.problem.currency,
        }


def _method(answer: PlanAnswer) -> Iterator[tuple[str, str]]:
    yield "What this is", ""
    yield "Scenario", head_line(answer)
    for number, line in enumerate(answer_lines(answer), 1):
        yield f"Answer {number}", line
    if answer.found:
        yield "Spent", spent_line(answer)
    yield "Id", answer.cite()
    yield "Solved", f"{answer.plan.method}, {answer.plan.seconds:.1f} seconds"
    for note in answer.compiled.notes:
        yield "Said with care", note
    yield "How to read it", ""
    yield from _METHOD.items()
    yield "What it rests on", ""
    for (kind, name), origins in answer.compiled.origins.items():
        for origin in origins:
            line = f"line {origin.line}, " if origin.line is not None else ""
            says = f": {origin.says}" if origin.says else ""
            sources = f" [{', '.join(origin.sources)}]" if origin.sources else ""
            yield f"{kind} {name}", f"{answer.compiled.file}, {line}{origin.key}{says}{sources}"


class _Book:
    """The sheets of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._losses = Losses()
        self._head: Format = workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#E7ECF1"})
        self._long: Format = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._number: Format = workbook.add_format({"num_format": "#,##0.######"})

    def sheet(self, name: str, fields: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
        """Write a table with its head."""
        sheet = self._workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, field in enumerate(fields):
            sheet.set_column(place, place, _WIDE.get(field, 14))
            sheet.write_string(0, place, field, self._head)
        last = 0
        for last, row in enumerate(rows, 1):
            for place, field in enumerate(fields):
                value = row[field]
                if isinstance(value, int | float) and math.isfinite(value):
                    sheet.write_number(last, place, value, self._number)
                elif isinstance(value, str):
                    sheet.write_string(last, place, self._text(value))
        if last:
            sheet.autofilter(0, 0, last, len(fields) - 1)

    def method(self, lines: Iterable[tuple[str, str]]) -> None:
        """Write the sheet that says how the others were made."""
        sheet = self._workbook.add_worksheet("Method and sources")
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 100, self._long)
        for row, (name, says) in enumerate(lines):
            form = self._head if not says else None
            sheet.write_string(row, 0, self._text(name), form)
            sheet.write_string(row, 1, self._text(says), form or self._long)

    def _text(self, text: str) -> str:
        return self._losses.fit(self._losses.guard(self._losses.safe(text)))
