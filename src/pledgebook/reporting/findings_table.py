"""Contradictions, and what `check` found, as tables for a terminal and as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from pledgebook.ledger.answers.contradictions import Clash
from pledgebook.ledger.answers.findings import Finding
from pledgebook.ledger.records import Entry
from pledgebook.reporting.frames import frame, noted
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line

__all__ = [
    "CLASH_FIELDS",
    "FINDING_FIELDS",
    "clash_record",
    "contradictions_table",
    "finding_record",
    "findings_table",
]

CLASH_FIELDS = (
    "kind",
    "commitment",
    "other",
    "donors",
    "recipient",
    "item",
    "stage",
    "says",
    "statements",
)
FINDING_FIELDS = ("severity", "code", "what", "ids", "mend")

_ID = 10
_QUOTE = 120
_STYLES = {"error": "bold red", "warning": "yellow", "note": "dim"}
_SHOWN = 4


def contradictions_table(
    found: Sequence[Clash], entries: Mapping[str, Entry], names: Names
) -> RenderableType:
    """Return contradictions, each with its sentences and their ids."""
    if not found:
        return Text("Nothing contradicts itself, as far as the book tells.")
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("who, what", overflow="fold", ratio=2)
    table.add_column("what the reports say", overflow="fold", ratio=5)
    for clash in found:
        one = clash.commitment
        who = Text(names.of(", ".join(one.donors or one.asked_by)) or "someone", style="bold")
        who.append(f"\n{one_line(one.item)}, {clash.stage.value.replace('_', ' ')}", style="")
        says = Text(one_line(clash.says), style="yellow")
        for name in clash.statements:
            says.append(f"\n{name[:_ID]} ", style="dim cyan")
            says.append_text(_quoted(entries.get(name)))
        table.add_row(Text(one.id[:_ID], style="dim"), who, says)
    count = len(found)
    return noted(
        [table],
        [
            f"Contradictions: {count:,}. The first sentence prevails, and nothing is averaged.",
            "A person decides with `pledgebook judge`.",
            "Totals that do not fit their sums stand in `pledgebook check`.",
        ],
    )


def _quoted(entry: Entry | None) -> Text:
    if entry is None:
        return Text("")
    quote = one_line(entry.statement.evidence.quote)
    if len(quote) > _QUOTE:
        quote = quote[:_QUOTE].rpartition(" ")[0] + " …"
    return Text(f"{entry.counted} “{quote}”", style="")


def clash_record(clash: Clash) -> dict[str, Any]:
    """Return a contradiction as plain data."""
    one = clash.commitment
    return {
        "kind": clash.kind,
        "commitment": one.id,
        "other": clash.other,
        "donors": list(one.donors),
        "recipient": one.recipient,
        "item": one.item,
        "stage": clash.stage.value,
        "says": clash.says,
        "statements": list(clash.statements),
    }


def findings_table(found: Sequence[Finding], subject: str) -> RenderableType:
    """Return what a check found, errors first, each with its mend."""
    if not found:
        return Text(f"Nothing amiss was found in {subject}.")
    table = frame()
    table.add_column("severity", no_wrap=True)
    table.add_column("what, the mend, and the ids to open", overflow="fold", ratio=1)
    for one in found:
        text = Text(one_line(one.what)).append(f" [{one.code}]", style="dim")
        text.append(f"\n{one_line(one.mend)}.", style="dim")
        ids = [name[:_ID] for name in one.ids]
        more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
        text.append(f" {' '.join(ids[:_SHOWN])}{more}", style="dim cyan")
        table.add_row(Text(one.severity, style=_STYLES[one.severity]), text)
    counts = Counter(one.severity for one in found)
    words = [
        f"{counts[kind]:,} {kind}{'' if counts[kind] == 1 else 's'}"
        for kind in ("error", "warning", "note")
        if counts[kind]
    ]
    return noted([table], [f"In {subject}: {', '.join(words)}. Nothing was changed."])


def finding_record(one: Finding) -> dict[str, Any]:
    """Return a finding as plain data."""
    return {
        "severity": one.severity,
        "code": one.code,
        "what": one.what,
        "ids": list(one.ids),
        "mend": one.mend,
    }
