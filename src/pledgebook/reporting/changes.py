"""What changed between two views of a book, as a person reads it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from pledgebook.ledger.causes import Cause, Report
from pledgebook.ledger.changes import Change, ChangeKind, FigureChange
from pledgebook.ledger.commitments import Check, Commitment
from pledgebook.ledger.comparing import Comparison, RowChange, View
from pledgebook.ledger.explain import document_name
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.status import StatusRow
from pledgebook.ledger.wording import check_line, commitment_line, statement_line, value_text
from pledgebook.reporting import amounts
from pledgebook.reporting.frames import frame, short_ids
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line

__all__ = ["changes_view", "view_title"]

_ID = 12
_NOTHING = "–"
_SIGNS = {True: "+", False: "−"}
_STYLES = {ChangeKind.NEW: "green", ChangeKind.GONE: "red", ChangeKind.REVIEWED: "dim"}


def view_title(first: View, second: View) -> str:
    """Return what is compared, in a line."""
    if first.as_of is None:
        return f"What the book held {_recorded(first)}, and {_recorded(second)}"
    if first.recorded_as_of == second.recorded_as_of:
        later = f"by {second.as_of}" if second.as_of else "by today"
        return f"What was published by {first.as_of}, and {later}"
    by = "" if second.as_of == first.as_of else f" by {second.as_of or 'today'}"
    had = "has" if second.recorded_as_of is None else "had"
    return (
        f"What was published by {first.as_of}, as the book had it {_recorded(first)}, and{by} as "
        f"it {had} it {_recorded(second)}"
    )


def _recorded(view: View) -> str:
    if view.recorded_as_of is None:
        return "now"
    moment = view.recorded_as_of
    if moment.time() == dt.time.max:
        return f"at the end of {moment:%Y-%m-%d}"
    return f"at {moment:%Y-%m-%d %H:%M:%S} UTC"


def changes_view(found: Comparison, names: Names) -> RenderableType:
    """Return all changes: first how many of each kind, then each with its figures and reports."""
    changes = found.changes
    parts: list[RenderableType] = [
        Text(view_title(found.first, found.second), style="bold"),
        Text(_summary(found)),
    ]
    if found.rows:
        parts += [Text(), _rows(found.rows, names)]
    told = [one for one in changes.changes if _is_told(one)]
    painter = _Painter(found, names)
    parts += [painter.change(change) for change in sorted(told, key=painter.order)]
    reviewed = len(changes.changes) - len(told)
    if reviewed:
        noun = "commitment has" if reviewed == 1 else "commitments have"
        text = f"{reviewed:,} more {noun} the same reports and figures, and other scores or doubts."
        parts.append(Text(f"\n{text}", style="dim"))
    parts += painter.rest()
    if told:
        hint = "Open an id with `pledgebook why ID`, one that is gone with --as-of."
        parts.append(Text(f"\n{hint}", style="dim"))
    return Group(*parts)


def _is_told(change: Change) -> bool:
    """Tell whether a change is worth a place of its own: not where only scores are others."""
    return change.kind is not ChangeKind.REVIEWED


def _summary(found: Comparison) -> str:
    changes = found.changes
    kinds = Counter(one.kind for one in changes.changes)
    events = Counter(event.value for one in changes.changes for event in one.events)
    parts = [f"{kinds[kind]:,} {kind.value}" for kind in ChangeKind if kinds[kind]]
    parts = [f"commitments: {', '.join(parts)}"] if parts else []
    parts += [f"{count:,} {event}" for event, count in events.items()]
    for number, noun in (
        (len(changes.documents_new), "new document"),
        (len(changes.documents_gone), "document gone"),
        (len(changes.judged), "new judgement"),
        (len(changes.unjudged), "judgement gone"),
    ):
        if number:
            plural = noun.replace("ment", "ments") if number > 1 else noun
            parts.append(f"{number:,} {plural}")
    return "; ".join(parts) if parts else "Nothing changed."


class _Painter:
    """Draws the changes of one comparison."""

    def __init__(self, found: Comparison, names: Names) -> None:
        self._found = found
        self._names = names
        changes = found.changes
        self._judged = {one.id: one for one in (*changes.judged, *changes.unjudged)}
        self._gone = {one.id for one in changes.unjudged}

    def order(self, change: Change) -> tuple[str, ...]:
        """Return the place of a change: by who gives, to whom, what."""
        lead = change.lead
        return self._who(lead).casefold(), lead.recipient or "", lead.item.casefold(), lead.id

    def change(self, change: Change) -> RenderableType:
        """Return a change with its figures, reports and judgements."""
        lead = change.lead
        head = Text("\n")
        to = f" to {self._names.of(lead.recipient)}" if lead.recipient else ""
        head.append(f"{self._who(lead)}{to}: {_item(lead)}", style="bold")
        head.append(f" [{lead.id[:_ID]}]", style="dim cyan")
        row = self._found.homes.get(lead.id)
        if row is not None:
            head.append(f" in [{row[:_ID]}]", style="dim cyan")
        head.append(f"  {change.kind.value}", style=_STYLES.get(change.kind, "yellow"))
        for event in change.events:
            head.append(f" · {event.value}", style="bold red" if "overdue" in event else "bold")
        tree = Tree(head, guide_style="dim")
        for figure in change.figures:
            tree.add(_figure(figure))
        if change.kind in (ChangeKind.MERGED, ChangeKind.SPLIT, ChangeKind.REGROUPED):
            for title, some in (("was", change.before), ("is", change.after)):
                for one in some:
                    tree.add(_commitment(title, one))
        for report in change.reports:
            tree.add(self._report(report))
        for name in change.judgements:
            judgement = self._judged.get(name)
            if judgement is not None:
                tree.add(self._judgement(judgement))
        if not change.reports and not any(name in self._judged for name in change.judgements):
            tree.add(Text(_without_reports(change), style="dim"))
        return tree

    def rest(self) -> list[RenderableType]:
        """Return what is part of no commitment: levels, totals, documents, judgements."""
        changes = self._found.changes
        # Those that touched commitments stand with these.
        shown = {name for one in changes.changes if _is_told(one) for name in one.judgements}
        judged = [one for one in (*changes.judged, *changes.unjudged) if one.id not in shown]
        sections: list[tuple[str, list[Text]]] = [
            ("Made, held and used up", [self._report(one) for one in changes.observations]),
            ("Running totals", [line for pair in changes.checks for line in _check(*pair)]),
            ("Other judgements", [self._judgement(one) for one in judged]),
            ("New documents", self._sources(changes.documents_new)),
            ("Documents gone", self._sources(changes.documents_gone)),
        ]
        drawn: list[RenderableType] = []
        for title, lines in sections:
            if lines:
                tree = Tree(Text(f"\n{title}", style="bold"), guide_style="dim")
                for line in lines:
                    tree.add(line)
                drawn.append(tree)
        return drawn

    def _who(self, commitment: Commitment) -> str:
        parties = commitment.donors or commitment.asked_by
        return self._names.of(", ".join(parties)) if parties else "someone"

    def _report(self, report: Report) -> Text:
        entry = report.entry
        sign = _SIGNS[report.after is not None] if None in (report.before, report.after) else "~"
        says = one_line(statement_line(entry.statement))
        text = Text(f"{sign} {says} ")
        text.append(f"[{entry.id[:_ID]}]", style="dim cyan")
        if report.cause is not Cause.REPORTED:
            text.append(f" {report.cause.value}", style="yellow")
        if sign == "~" and report.before is not None:
            before = one_line(statement_line(report.before.statement))
            text.append(f"\nwas: {before}" if before != says else "", style="dim")
        quote = one_line(entry.statement.evidence.quote)
        text.append("\n“", style="yellow").append(quote, style="bold yellow")
        text.append("”\n", style="yellow").append_text(self._source(entry.document))
        return text

    def _sources(self, names: Sequence[str]) -> list[Text]:
        """Return documents by date, those without one last."""
        return sorted(map(self._source, names), key=lambda text: text.plain)

    def _source(self, name: str) -> Text:
        document = self._found.documents.get(name)
        text = Text(style="blue")
        if document is not None:
            date = document.date.isoformat() if document.date else "undated"
            text.append(f"{date} · {one_line(document_name(document))}")
            if document.state != "shown":
                text.append(f" · {document.state}")
        return text.append(f" [{name[:_ID]}]", style="dim cyan")

    def _judgement(self, judgement: Judgement) -> Text:
        verb = "no longer judged" if judgement.id in self._gone else "judged"
        kind = judgement.kind.value
        day = f"{judgement.made_at:%Y-%m-%d}"
        text = Text(f"{verb} {kind} by {one_line(judgement.by)}, {day} ")
        text.append(f"[{judgement.id[:_ID]}]", style="dim cyan")
        for field, value in judgement.changes.items():
            text.append(f" {field}: {one_line(value_text(value))}")
        if judgement.note:
            text.append(f" · {one_line(judgement.note)}", style="italic")
        return text


def _rows(rows: Sequence[RowChange], names: Names) -> Table:
    """Return the rows of the status whose figures are others, a line for each stage."""
    table = frame()
    for title in ("id", "donor", "to", "item", "stage"):
        table.add_column(title, overflow="fold")
    for title in ("before", "after"):
        table.add_column(title, justify="right", no_wrap=True)
    short = short_ids([row.id for row in rows])
    for row in rows:
        lead = row.lead
        cells = [
            Text(short[row.id], style="dim"),
            Text(names.of(lead.donor or lead.asked_by) or "someone", style="bold"),
            Text(names.of(lead.recipient)),
            Text(_item(lead)),
        ]
        for figure in row.figures:
            label, before, after = _cells(figure)
            table.add_row(*cells, label, Text(before, style="dim"), Text(after, style="bold"))
            cells = [Text()] * len(cells)
    return table


def _item(named: Commitment | StatusRow) -> str:
    category = named.category.value
    return category.replace("-", " ") if named.item == category else one_line(named.item)


def _figure(figure: FigureChange) -> Text:
    label, before, after = _cells(figure)
    text = Text(f"{label} ")
    return text.append(before, style="dim").append(" → ").append(after, style="bold")


def _cells(figure: FigureChange) -> tuple[str, str, str]:
    label = figure.stage.replace("_", " ")
    unit = f" ({figure.unit}s)" if figure.unit not in (None, "item") else ""
    before, after = (_amount(total, figure.currency) for total in (figure.before, figure.after))
    return f"{label}{unit}", before, after


def _amount(total: Total | None, currency: str | None) -> str:
    if total is None:
        return _NOTHING
    shown = amounts.money(total, currency) if currency else amounts.quantity(total)
    return shown or _NOTHING


def _commitment(title: str, commitment: Commitment) -> Text:
    text = Text(f"{title}: {one_line(commitment_line(commitment))} ", style="dim")
    return text.append(f"[{commitment.id[:_ID]}]", style="cyan")


def _without_reports(change: Change) -> str:
    """Say why something changed although no report of its own did."""
    is_timely = change.lead.due is not None and bool(change.events)
    if is_timely and len(change.before) == len(change.after) == 1:
        return f"no new report: the day passed, it was due {change.lead.due}"
    return "no report of its own came or went: it was weighed anew beside others"


def _check(before: Check | None, after: Check | None) -> Iterable[Text]:
    for title, check in (("before", before), ("after", after)):
        if check is not None:
            text = Text(f"{title}: {check.covers}: {check_line(check)} ")
            yield text.append(f"[{check.statement[:_ID]}]", style="dim cyan")
