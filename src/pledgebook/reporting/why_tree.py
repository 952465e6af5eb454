"""The answer to "why": a tree from a figure to the sentences that it rests on."""

from __future__ import annotations

import re

from rich.style import Style
from rich.text import Text
from rich.tree import Tree

from pledgebook.ledger.explain import Bond, Explanation, Quote, Source
from pledgebook.ledger.relatives import Relative
from pledgebook.reporting.cutting import first_words, last_words, shortened
from pledgebook.reporting.plain import one_line

__all__ = ["short_in", "why_tree"]

_CONTEXT = 90
_ID = 12
_WHOLE_ID = re.compile(r"\b[cdfjst][0-9a-f]{20}\b")
_TOP = frozenset({"figure", "commitment", "forecast", "series", "plan"})
_WITH_FACTS = frozenset({"figure", "value", "forecast", "series", "plan"})
_LONG_ID = frozenset({"forecast", "plan"})


def why_tree(explanation: Explanation) -> Tree:
    """Return the tree of an explanation, quotes in their context."""
    tree = Tree(_head(explanation), guide_style="dim")
    _fill(tree, explanation)
    return tree


def _fill(tree: Tree, node: Explanation) -> None:
    for child in node.children:
        _fill(tree.add(_head(child)), child)


def _head(node: Explanation) -> Text:
    """Return all that a node says itself, a line each."""
    lines = [Text.assemble((one_line(node.title), "bold" if node.kind in _TOP else ""), " ")]
    if node.id and node.kind not in _LONG_ID:
        lines[0].append(f"[{node.id[:_ID]}]", style="dim cyan")
    if node.kind in _WITH_FACTS:
        lines += [_fact(name, value) for name, value in node.facts.items()]
    elif node.kind in {"document", "judgement"}:
        lines += [_fact(name, value) for name, value in node.facts.items()]
        if node.source is not None:
            lines += [_fact("found at", origin) for origin in node.source.origins]
    if node.quote is not None:
        lines.append(_quote(node.quote))
        lines += [_under(quote) for quote in node.under]
    if node.source is not None and node.kind == "statement":
        lines.append(_source(node.source, node.facts.get("speaker")))
        people = ("added by", "accepted by")
        lines += [_fact(name, node.facts[name]) for name in people if name in node.facts]
    if node.link is not None:
        lines.append(_link(node.link))
    lines += [_relative(relative) for relative in node.relatives]
    lines += _time_line(node)
    lines += [_note(note) for note in node.notes]
    return Text("\n").join(lines)


def _fact(name: str, value: str) -> Text:
    label = name.replace("_", " ")
    return Text.assemble((f"{label}: ", "dim"), one_line(value))


def _quote(quote: Quote) -> Text:
    before, after = last_words(quote.before, _CONTEXT), first_words(quote.after, _CONTEXT)
    return Text.assemble(
        (before, "dim"), ("“", "yellow"), (one_line(quote.text), "bold yellow"), ("”", "yellow"),
        (after, "dim"),
    )  # fmt: skip


def _under(quote: Quote) -> Text:
    line = shortened(quote.text, 2 * _CONTEXT)
    return Text.assemble(
        ("read under: ", "dim"), ("“", "yellow"), (line, "yellow"), ("”", "yellow")
    )


def _source(source: Source, speaker: str | None) -> Text:
    title = one_line(source.title or source.document)
    where = one_line(source.url or next(iter(source.origins), ""))
    date = source.date.isoformat() if source.date else "undated"
    is_web = where.startswith(("http://", "https://"))
    text = Text(f"{date} · {title}", style="blue")
    if where and where != title:
        text.append(" · ")
        text.append(where, style=Style(link=where) if is_web else "")
    text.append(f" [{source.document[:_ID]}]", style="dim cyan")
    if speaker:
        text.append(f" · according to {one_line(speaker)}", style="blue")
    return text


def _link(link: Bond) -> Text:
    if link.judged:
        lead = "belongs here by a person's judgement"
    elif link.to is None:
        lead = "the first report of it"
    else:
        lead = f"counted with {link.to[:_ID]}, score {link.score:.2f}"
    reasons = "; ".join(short_in(reason) for reason in link.reasons)
    return Text(f"{lead}: {reasons}" if reasons else lead, style="dim")


def _relative(relative: Relative) -> Text:
    mark = "↑ " if relative.role == "whole" else "↓ "
    return Text.assemble((mark, "bold cyan"), (short_in(relative.says), "cyan"))


def _time_line(node: Explanation) -> list[Text]:
    """Return the history, a line an event; one event alone is told by the title already."""
    if len(node.history) < 2:
        return []
    lines = [_fact("state", node.facts["state"].replace("-", " "))] if "state" in node.facts else []
    return lines + [
        Text.assemble((f"{moment.day}  ", "green"), (short_in(moment.says), "default"))
        for moment in node.history
    ]


def _note(note: str) -> Text:
    return Text.assemble(("! ", "bold yellow"), (short_in(note), "yellow"))


def short_in(text: str) -> str:
    """Return the text on one line, the ids in it as short as everywhere."""
    return _WHOLE_ID.sub(lambda found: found[0][:_ID], one_line(text))
