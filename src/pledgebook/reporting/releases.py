"""Releases, what changed between two of them, and a release beside the reports, for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from pledgebook.exchange.beside import Beside
from pledgebook.exchange.comparing import ReleaseDiff, RowChange
from pledgebook.exchange.kiel.summary import SummaryCheck
from pledgebook.ledger.intervals import Total
from pledgebook.ledger.releases import StoredRelease
from pledgebook.reporting.amounts import money, number, quantity
from pledgebook.reporting.frames import frame, short_ids
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line

__all__ = [
    "BESIDE_FIELDS",
    "CHANGE_FIELDS",
    "RELEASE_FIELDS",
    "VERDICTS",
    "absent_line",
    "beside",
    "beside_records",
    "change_records",
    "changed_fields",
    "changed_rows",
    "release_records",
    "releases",
    "summary_lines",
]

RELEASE_FIELDS = (
    "id", "dataset", "name", "format", "published", "rows", "current", "supersedes", "origin",
    "bytes_sha256", "made_by", "made_at", "notes",
)  # fmt: skip
CHANGE_FIELDS = (
    "change", "key", "field", "before", "after", "document_before", "document_after", "origin",
)  # fmt: skip
BESIDE_FIELDS = (
    "donor", "recipient", "category", "item", "unit", "stage", "verdict", "reports_low",
    "reports_high", "reports_unknown", "release_low", "release_high", "release_unknown", "rows",
)  # fmt: skip

VERDICTS = {
    "agrees": ("agrees", "green"),
    "release-more": ("release has more", "yellow"),
    "release-less": ("release has less", "yellow"),
    "only-release": ("not in reports", "dim"),
    "only-reports": ("not in release", "dim"),
    "unknown": ("not known", "dim"),
}
"""How each verdict on two figures is shown: its words and their style."""


def absent_line(diff: ReleaseDiff, names: Names) -> str:
    """Return which givers the newer release has no row of, and how many removed rows are theirs."""
    givers = [
        f"{' and '.join(names.of(code) for code in giver)} ({count:,})"
        for giver, count in diff.absent.items()
    ]
    one = len(givers) == 1
    return (
        f"{len(givers):,} giver{'' if one else 's'} of {one_line(diff.before.name)} "
        f"{'has' if one else 'have'} no row at all in {one_line(diff.after.name)}; "
        f"{diff.absent_rows:,} of the {len(diff.removed):,} removed "
        f"{'is' if diff.absent_rows == 1 else 'are'} {'its' if one else 'theirs'}: "
        f"{', '.join(givers)}"
    )


def releases(found: Sequence[StoredRelease]) -> RenderableType:
    """Return releases with their day, rows and state."""
    if not found:
        return Text("No data set was imported into this book.")
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("data set")
    table.add_column("release", overflow="fold")
    table.add_column("up to", no_wrap=True)
    table.add_column("rows", justify="right")
    table.add_column("imported", no_wrap=True)
    table.add_column("state")
    short = short_ids([one.id for one in found])
    for one in found:
        state = Text("current", style="green") if one.current else Text("superseded", style="dim")
        table.add_row(
            Text(short[one.id], style="dim"),
            Text(one_line(one.dataset)),
            Text(one_line(one.name)),
            Text(one.published.isoformat() if one.published else "not stated"),
            Text(f"{one.rows:,}"),
            Text(f"{one.made_at:%Y-%m-%d}"),
            state,
        )
    return table


def release_records(found: Iterable[StoredRelease]) -> list[dict[str, Any]]:
    """Return releases as plain data."""
    return [
        {
            **{name: getattr(one, name) for name in RELEASE_FIELDS},
            "published": one.published.isoformat() if one.published else None,
            "made_at": one.made_at.isoformat(),
            "notes": list(one.notes),
        }
        for one in found
    ]


def changed_fields(diff: ReleaseDiff, limit: int) -> RenderableType:
    """Return in how many rows each field changed, most first."""
    table = frame()
    table.add_column("field", overflow="fold", ratio=1)
    table.add_column("rows changed", justify="right")
    for name, count in list(diff.fields.items())[:limit]:
        table.add_row(Text(one_line(name)), Text(f"{count:,}"))
    return table


def changed_rows(found: Sequence[RowChange], field: str | None) -> RenderableType:
    """Return rows, with what they said and say in one field where one is named."""
    table = frame()
    table.add_column("row", overflow="fold", ratio=2)
    if field is None:
        table.add_column("change")
        table.add_column("in", overflow="fold", ratio=1)
    else:
        table.add_column("said", overflow="fold", ratio=1)
        table.add_column("says", overflow="fold", ratio=1)
    for row in found:
        if field is None:
            place = row.after or row.before
            cells = [Text(row.change), Text(one_line(place.origin if place else ""))]
            table.add_row(Text(one_line(row.key)), *cells)
            continue
        for one in row.fields:
            if one.field.casefold() == field.casefold():
                said = [Text(one_line(text or "nothing")) for text in (one.before, one.after)]
                table.add_row(Text(one_line(row.key)), *said)
    return table


def change_records(diff: ReleaseDiff) -> list[dict[str, Any]]:
    """Return every change as plain data, a changed row once for each of its fields."""
    records = []
    for row in diff.rows():
        place = row.after or row.before
        base = {
            "change": row.change,
            "key": row.key,
            "document_before": row.before.document if row.before else None,
            "document_after": row.after.document if row.after else None,
            "origin": place.origin if place else None,
        }
        fields: list[dict[str, Any]] = [
            {"field": one.field, "before": one.before, "after": one.after} for one in row.fields
        ]
        nothing = {"field": None, "before": None, "after": None}
        records += [base | one for one in fields or [nothing]]
    return records


def beside(found: Sequence[Beside], names: Names) -> RenderableType:
    """Return figures of reports and of a release side by side."""
    table = frame()
    table.add_column("donor", overflow="fold")
    table.add_column("to", overflow="fold")
    table.add_column("item", overflow="fold", ratio=1)
    table.add_column("stage")
    table.add_column("reports", justify="right")
    table.add_column("release", justify="right")
    table.add_column("rows", justify="right")
    table.add_column("")
    for one in found:
        says, style = VERDICTS[one.verdict]
        unit = "" if one.is_money or one.unit in ("item", "round") else f" ({one.unit})"
        table.add_row(
            Text(names.of(one.donor)),
            Text(names.of(one.recipient)),
            Text(one_line(one.item + unit)),
            Text(one.stage.value.replace("_", " ")),
            Text(_amount(one.reports, one)),
            Text(_amount(one.release, one)),
            Text(str(one.rows or "")),
            Text(says, style=style),
        )
    return table


def beside_records(found: Iterable[Beside]) -> list[dict[str, Any]]:
    """Return the same as plain data; what one of the two does not say is None."""
    return [
        {
            "donor": one.donor,
            "recipient": one.recipient,
            "category": one.category.value,
            "item": one.item,
            "unit": one.unit,
            "stage": one.stage.value,
            "verdict": one.verdict,
            **_ends("reports", one.reports),
            **_ends("release", one.release),
            "rows": one.rows,
        }
        for one in found
    ]


def summary_lines(check: SummaryCheck) -> tuple[RenderableType, list[str]]:
    """Return how the rows agree with the sums published with them, and all that is to be told."""
    table = frame()
    table.add_column("sheet", ratio=1)
    table.add_column("cells", justify="right")
    table.add_column("not zero", justify="right")
    table.add_column("agree", justify="right")
    table.add_column("differ", justify="right")
    lines = []
    for one in check.agreements:
        wrong = len(one.differences)
        table.add_row(
            Text(one.sheet),
            Text(f"{one.cells:,}"),
            Text(f"{one.filled:,}"),
            Text(f"{one.equal:,}", style="" if wrong else "green"),
            Text(f"{wrong:,}", style="red" if wrong else ""),
        )
        lines += [
            f"differs: {one_line(found.sheet)}, {one_line(found.row)}, {one_line(found.column)}: "
            f"the sheet has {number(found.published)}, the rows come to {number(found.summed)}"
            for found in one.differences
        ]
    lines += [
        f"not in the country summary: {donor}, {aid}: €{number(value)}"
        for donor, aid, value in check.outside
    ]
    lines += [f"no sheet of {name} is there to compare with" for name in check.absent]
    return table, lines


def _amount(total: Total | None, one: Beside) -> str:
    if total is None:
        return ""
    return money(total, one.unit) if one.is_money else quantity(total)


def _ends(name: str, total: Total | None) -> dict[str, Any]:
    return {
        f"{name}_low": total.low if total else None,
        f"{name}_high": total.high if total else None,
        f"{name}_unknown": total.unknown if total else None,
    }
