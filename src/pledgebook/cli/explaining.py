"""`read --explain`: how each sentence of a document was read, for a person to follow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.text import Text

from pledgebook.reading.grammar.telling import amount_in_words
from pledgebook.reading.trace import Event, Trace
from pledgebook.reporting.plain import plain

if TYPE_CHECKING:
    from rich.console import Console

    from pledgebook.vocabulary.document import Document
    from pledgebook.vocabulary.statement import Statement

__all__ = ["show_document", "show_legend"]

_STYLES = {
    "party": "cyan", "item": "green", "number": "yellow", "money": "magenta", "date": "blue",
    "verb": "bold underline",
}  # fmt: skip
_NAMES = {
    "party": "parties", "item": "items", "number": "numbers", "money": "money", "date": "dates",
}  # fmt: skip
_LABEL_WIDTH = 10
_FORMS = {
    "question": "a question states nothing",
    "heading": "a heading: what it says holds for what stands below it",
}
_NO_MENTION = "it names no item, number or amount"
_NO_STATEMENT = "nothing in it says that a party gives, orders, makes, holds or asks for something"


@dataclass(slots=True)
class _Passage:
    """A sentence, heading, list line or row, with what happened in it."""

    start: int
    end: int
    form: str = "text"
    events: list[Event] = field(default_factory=list)

    def named(self, name: str) -> list[Event]:
        return [event for event in self.events if event.name == name]


def show_legend(out: Console) -> None:
    """Print what the colours mean; nothing where there are none."""
    if out.color_system is None:
        return
    legend = Text().append("Colours: ", style="dim")
    for name, style in _STYLES.items():
        legend.append(name, style=style).append("  ")
    out.print(legend)
    out.print()


def show_document(
    out: Console, document: Document, statements: Sequence[Statement], trace: Trace, coder: str
) -> None:
    """Print how a document was read: sentence by sentence what was found, and what came of it."""
    date = document.date.isoformat() if document.date else "no date"
    name = plain(document.name or document.origin)
    count = f"{len(statements):,} statement{'' if len(statements) == 1 else 's'}"
    out.rule(Text(f"{name} · {date} · read by {coder} · {count}"), align="left", style="dim")
    out.print()
    unread = [event for event in trace.events if event.name == "unread"]
    for event in unread:
        out.print(Text(f"Not read: {event.facts.get('why', 'no reason given')}.", style="yellow"))
        out.print()
    left = {id(e.statement): e.facts.get("why", "") for e in trace.events if e.name == "left out"}
    passages = _passages(trace.events, statements)
    gutter = max(_LABEL_WIDTH, len(str(len(passages))) + 1)
    for number, passage in enumerate(passages, 1):
        for label, line in _rows(number, passage, document.text, left):
            _print_row(out, label, line, gutter)
        out.print()


def _passages(events: Iterable[Event], statements: Sequence[Statement]) -> list[_Passage]:
    """Sort the events into the sentences that were told, and into places of their own."""
    events = list(events)
    told = sorted(
        (_Passage(e.start, e.end, e.facts.get("form", "text")) for e in events if _opens(e)),
        key=lambda passage: passage.start,
    )
    starts = [passage.start for passage in told]
    strays: dict[tuple[int, int], _Passage] = {}

    def place(event: Event) -> None:
        at = bisect_right(starts, event.start) - 1
        home = told[at] if at >= 0 and event.start < told[at].end else None
        if home is None:
            span = (event.start, event.end)
            home = strays.setdefault(span, _Passage(*span))
        home.events.append(event)

    for event in events:
        if not _opens(event) and event.name not in ("unread", "left out"):
            place(event)
    seen = {id(event.statement) for event in events}
    for statement in statements:
        if id(statement) not in seen:  # of a coder that tells nothing about it
            span = statement.evidence
            facts = {"rule": statement.rule} if statement.rule else {}
            place(Event("statement", span.start, span.end, facts, statement=statement))
    return sorted([*told, *strays.values()], key=lambda passage: (passage.start, passage.end))


def _opens(event: Event) -> bool:
    return event.name == "sentence"


def _print_row(out: Console, label: str, line: Text, gutter: int) -> None:
    """Print a line behind its label, its further lines indented as far."""
    for part in line.wrap(out, max(20, out.width - gutter - 1)):
        part.rstrip()
        out.print(Text(f"{label:>{gutter}} ", style="dim"), part, sep="")
        label = ""


def _rows(
    number: int, passage: _Passage, text: str, left: dict[int, str]
) -> Iterator[tuple[str, Text]]:
    """Yield what is to be told of a sentence, line by line, each with its label."""
    yield str(number), _coloured(passage, text)
    for kind, name in _NAMES.items():
        found = [e for e in passage.named("mention") if e.facts.get("kind") == kind]
        if found:
            yield name, _mentions(found, text, _STYLES[kind])
    for event in passage.named("verb"):
        does, states = event.facts.get("does", ""), event.facts.get("states", "")
        yield "verb", Text(f"“{_said(text, event)}”: {does} → {states}")
    for event in passage.events:
        if event.name not in ("mention", "verb", "statement", "nothing"):
            yield plain(event.name), _plainly(event, text)
    for event in passage.named("statement"):
        for place, line in enumerate(_statement(event, left)):
            yield "" if place else "statement", line
    for event in passage.named("nothing"):
        why = event.facts.get("why", "")
        yield "nothing", Text(f"“{_said(text, event)}”: {why}", style="yellow")
    if not passage.named("statement") and not passage.named("nothing"):
        yield "nothing", Text(_why_nothing(passage, text), style="dim")


def _why_nothing(passage: _Passage, text: str) -> str:
    kinds = {event.facts.get("kind") for event in passage.named("mention")}
    asks = text[passage.start : passage.end].rstrip().endswith("?")
    if asks or passage.form in _FORMS:
        return _FORMS["question" if asks else passage.form]
    return _NO_STATEMENT if kinds & {"item", "number", "money"} else _NO_MENTION


def _coloured(passage: _Passage, text: str) -> Text:
    """Return the sentence on one line, its mentions in the colour of their kind."""
    marks = [
        (event.start, event.end, _STYLES.get(event.facts.get("kind", event.name), ""))
        for event in passage.events
        if event.name in ("mention", "verb")
    ]
    shown, at = Text(), passage.start
    for start, end, style in sorted(marks):
        if start < at:  # within a mention that is coloured already
            continue
        shown.append(_flat(text[at:start])).append(_flat(text[start:end]), style=style)
        at = end
    return shown.append(_flat(text[at : passage.end]))


def _mentions(found: Sequence[Event], text: str, style: str) -> Text:
    shown = Text()
    for number, event in enumerate(found):
        shown.append(" · " if number else "", style="dim").append(_said(text, event), style=style)
        shown.append(" = ", style="dim").append(plain(event.facts.get("value", "")))
    return shown


def _statement(event: Event, left: dict[int, str]) -> Iterator[Text]:
    """Yield what is to be told of a statement: its fields, then where they come from."""
    statement = event.statement
    if statement is None:
        return
    dropped = left.get(id(statement))
    line = Text("✗ ", style="bold red") if dropped else Text("✓ ", style="bold green")
    line.append(statement.kind.value, style="bold")
    line.append(f" {_fields(statement)}", style="not bold default")
    yield line
    if dropped:
        yield Text(f"left out: {dropped}", style="red")
    facts = [f"{name}: {value}" for name, value in event.facts.items()]
    if event.scores:
        facts.append(_scores(event))
    elif statement.score < 1:
        facts.append(f"score: {statement.score:.2f}")
    for fact in facts:
        yield Text(plain(fact), style="dim")


def _fields(statement: Statement) -> str:
    """Return the fields of a statement that hold something, in words."""
    item, quantity, money = statement.item, statement.quantity, statement.money
    parts = [f"by {', '.join(statement.actors)}"]
    if statement.recipient is not None:
        parts.append(f"to {statement.recipient}")
    parts.append(item.category + (f", {item.designation}" if item.designation else ""))
    if quantity is not None:
        per = quantity.per.value if quantity.per else None
        words = amount_in_words(quantity.low, quantity.high, approx=quantity.approx, per=per)
        parts.append(words + (f" ({quantity.unit})" if quantity.unit != "item" else ""))
    if money is not None:
        per = money.per.value if money.per else None
        parts.append(f"{money.currency} {amount_in_words(money.low, money.high, per=per)}")
    parts.append(f"{statement.status.value}, {statement.scope.value}")
    parts += [f"when {statement.when}"] if statement.when else []
    parts += [f"made by {statement.supplier}"] if statement.supplier else []
    parts += [f"says {statement.speaker}"] if statement.speaker else []
    return plain(" · ".join(parts))


def _plainly(event: Event, text: str) -> Text:
    """Return an event of a name that has no way of its own to be shown."""
    facts = [f"{name} {value}" for name, value in event.facts.items()]
    told = " · ".join([*facts, _scores(event)] if event.scores else facts)
    return Text(plain(f"“{_said(text, event)}”: {told}"))


def _scores(event: Event) -> str:
    best = sorted(event.scores.items(), key=lambda score: -score[1])
    return " · ".join(f"{name} {value:.2f}" for name, value in best)


def _said(text: str, event: Event, most: int = 60) -> str:
    said = _flat(text[event.start : event.end]).strip()
    return said if len(said) <= most else said[: most - 1].rstrip() + "…"


def _flat(text: str) -> str:
    """Return a piece on one line; a blank at its edge stays, the pieces are joined again."""
    inner = " ".join(text.split())
    before = " " if text[:1].isspace() and inner else ""
    after = " " if text[-1:].isspace() else ""
    return plain(before + inner + after)
