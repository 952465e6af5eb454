"""Documents, problems and judgements as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.text import Text

from pledgebook.errors import Problem
from pledgebook.ledger.explain import document_name
from pledgebook.ledger.judgements import Judgement, Verdict
from pledgebook.ledger.records import StoredDocument
from pledgebook.ledger.wording import value_text
from pledgebook.reporting.frames import frame, short_ids
from pledgebook.reporting.plain import one_line

__all__ = ["documents", "judgements", "problems"]

_STATE_STYLES = {"shown": "", "withdrawn": "yellow", "superseded": "dim", "purged": "red"}


def documents(found: Sequence[StoredDocument]) -> RenderableType:
    """Return documents with their date, language, number of statements and state."""
    if not found:
        return Text("The book holds no document.")
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("date", no_wrap=True)
    table.add_column("lang")
    table.add_column("statements", justify="right")
    table.add_column("title", overflow="fold", ratio=1)
    has_states = any(document.state != "shown" for document in found)
    if has_states:
        table.add_column("state")
    short = short_ids([document.id for document in found])
    for document in found:
        cells = [
            Text(short[document.id], style="dim"),
            Text(document.date.isoformat() if document.date else "undated"),
            Text(document.lang or ""),
            Text(f"{document.statements:,}"),
            Text(one_line(document_name(document))),
        ]
        if has_states:
            cells.append(Text(document.state, style=_STATE_STYLES.get(document.state, "")))
        table.add_row(*cells)
    return table


def problems(found: Iterable[Problem]) -> RenderableType:
    """Return problems with their place and mend."""
    table = frame()
    table.add_column("severity")
    table.add_column("code", overflow="fold")
    table.add_column("what, where, and the mend", overflow="fold", ratio=1)
    for problem in found:
        style = "red" if problem.severity == "error" else "yellow"
        table.add_row(
            Text(problem.severity, style=style), Text(problem.code), Text(one_line(str(problem)))
        )
    return table if table.row_count else Text("Reading met no problem.")


def judgements(found: Sequence[tuple[Judgement, str]]) -> RenderableType:
    """Return judgements, each with its state: in force, taken back, overruled or stranded."""
    if not found:
        return Text("Nobody has judged anything in this book.")
    table = frame()
    table.add_column("id", no_wrap=True)
    table.add_column("judgement", overflow="fold")
    table.add_column("of", overflow="fold")
    table.add_column("by", overflow="fold")
    table.add_column("made", no_wrap=True)
    table.add_column("state")
    table.add_column("note", overflow="fold")
    short = short_ids([judgement.id for judgement, _ in found])
    for judgement, state in found:
        # Of a document that was coded, its own name is enough.
        named = [one for one in judgement.subjects if one.is_whole] or judgement.subjects
        subjects = ", ".join((one.statement or one.document)[:8] for one in named)
        about = f"of {judgement.revokes[:8]}" if judgement.revokes else subjects
        fresh = judgement.kind is Verdict.ADDED
        said = [
            f"{name}: {one_line(value_text(to))}"
            for name, to in judgement.changes.items()
            if to is not None or not fresh
        ]
        table.add_row(
            Text(short[judgement.id], style="dim"),
            Text("\n".join(["taking back" if judgement.revokes else judgement.kind.value, *said])),
            Text(about),
            Text(one_line(judgement.by)),
            Text(f"{judgement.made_at:%Y-%m-%d %H:%M}"),
            Text(state),
            Text(one_line(judgement.note)),
        )
    return table
