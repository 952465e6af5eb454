"""A report as GitHub-flavoured Markdown, for pasting: tables, and footnotes with the quotations.

Pictures have no place in it; each has a table that says the same. Every text of a document is
escaped, so that it formats nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pledgebook.reporting.report.model import (
    Block,
    Cell,
    Claims,
    Line,
    Lines,
    Note,
    Reference,
    Report,
    Row,
    Said,
    Section,
    Source,
    Table,
    Tiles,
)
from pledgebook.reporting.report.runs import runs_of

__all__ = ["escaped", "to_markdown"]

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#$])")
_FIRST = re.compile(r"^([-+](?=\s)|[-=:](?=[-=:]*$)|\d+(?=[.)]\s))")
_MOST_REFS = 8


def to_markdown(report: Report) -> str:
    """Return a report as Markdown."""
    writer = _Writer(report)
    return "\n".join(writer.lines()).rstrip() + "\n"


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line."""
    line = " ".join(text.split()).replace("&", "&amp;")
    line = _SPECIAL.sub(r"\\\1", line)
    return _FIRST.sub(lambda found: _first(found[1]), line)


def _first(sign: str) -> str:
    """Return what begins a line so that it begins no list: "1." as "&#49;."."""
    return f"\\{sign}" if not sign.isdigit() else f"&#{ord(sign[0])};{sign[1:]}"


class _Writer:
    def __init__(self, report: Report) -> None:
        self._report = report
        self._sources = {one.id: one for one in report.sources}

    def lines(self) -> Iterator[str]:
        report = self._report
        yield f"# {escaped(report.title)}"
        yield ""
        for text in report.lead:
            yield from (escaped(text), "")
        about = (f"{name}: **{escaped(text)}**" for name, text in report.about)
        yield from (" · ".join(about), "")
        for section in report.sections:
            yield from self._section(section, 2)
        if report.notes_more:
            yield from (f"*{escaped(report.notes_more)}*", "")
        yield from ("## Sources", "")
        for source in report.sources:
            yield f"{source.number}. {self._source(source)}"
        if report.sources_more:
            yield from ("", f"*{escaped(report.sources_more)}*")
        yield ""
        for note in report.notes:
            yield f"[^{note.number}]: {self._note(note)}"

    def _section(self, section: Section, level: int) -> Iterator[str]:
        yield from (f"{'#' * level} {escaped(section.title)}", "")
        for block in section.blocks:
            yield from self._block(block)
        for part in section.parts:
            yield from self._section(part, level + 1)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Lines(lines, listed):
                for line in lines:
                    yield f"{'- ' if listed else ''}{self._line(line)}"
                    if not listed:
                        yield ""
                if listed:
                    yield ""
            case Tiles(tiles):
                for tile in tiles:
                    yield f"- **{escaped(tile.number)} {tile.what}**: {escaped(tile.small)}"
                yield ""
            case Table():
                yield from self._table(block)
            case Claims(claims, more):
                for claim in claims:
                    tag = f"*{escaped(claim.tag)}:* " if claim.tag else ""
                    yield f"- {tag}{self._line(Line(claim.text, claim.refs, claim.strong))}"
                    yield from (f"  - {self._said(one)}" for one in claim.said)
                yield ""
                if more:
                    yield from (f"*{escaped(more)}*", "")
            case _:
                return

    def _line(self, line: Line) -> str:
        strong = ""
        if line.strong:
            strong = f"**{escaped(line.strong)}{'' if line.strong[-1] in '.:?!' else ':'}** "
        return f"{strong}{escaped(line.text)}{self._refs(line.refs)}"

    def _refs(self, names: Iterable[Reference]) -> str:
        found = runs_of(names, self._report.numbers)
        numbers = [at for run in found.runs for at in range(run.first, run.last + 1)]
        marks = "".join(f"[^{number}]" for number in numbers[:_MOST_REFS])
        rest = len(numbers) - _MOST_REFS
        noun = "note" if rest == 1 else "notes"
        left = f" and {noun} {self._rest(numbers[_MOST_REFS:])}" if rest > 0 else ""
        unprinted = f" and {found.left:,} not printed" if found.left else ""
        return f"{marks}{left}{unprinted}"

    def _rest(self, numbers: Sequence[int]) -> str:
        """Return numbers of notes as runs: as footnotes so many would be a second text."""
        names = {str(number): number for number in numbers}
        return ", ".join(run.text for run in runs_of(names, names).runs)

    def _table(self, table: Table) -> Iterator[str]:
        # A column of pictures is left out: the numbers beside it say the same.
        kept = [at for at, one in enumerate(table.columns) if one.kind != "picture"]
        columns = [table.columns[at] for at in kept]
        yield from (f"**{escaped(table.caption)}**", "")
        yield f"| {' | '.join(escaped(one.title) for one in columns)} |"
        marks = ("---:" if one.kind == "number" else "---" for one in columns)
        yield f"| {' | '.join(marks)} |"
        for row in table.rows:
            yield f"| {' | '.join(self._cells(row, kept))} |"
        yield ""
        if table.more:
            yield from (f"*{escaped(table.more)}*", "")

    def _cells(self, row: Row, kept: Sequence[int]) -> Iterator[str]:
        if row.group:
            yield f"**{escaped(row.cells[0].text)}**"
            yield from ("" for _ in kept[1:])
            return
        yield from (self._cell(row.cells[at]) for at in kept)

    def _cell(self, cell: Cell) -> str:
        text = escaped(cell.text)
        if cell.small:
            text = f"{text} ({escaped(cell.small)})" if text else escaped(cell.small)
        if cell.alarm and text:
            text = f"**{text}**"
        return f"{text}{self._refs(cell.refs)}".strip()

    def _said(self, one: Said) -> str:
        quotes = " … ".join(f"“{escaped(words)}”" for words in (*one.under, one.quote))
        source = self._sources.get(one.source or "")
        parts = [f"source {source.number}" if source else "", one.day]
        parts += [f"says {one.speaker}"] if one.speaker else []
        told = ", ".join(escaped(part) for part in parts if part)
        tail = [f"read as: {one.says}"] if one.says else []
        tail += [one.joined] if one.joined else []
        tail += one.remarks
        return f"{quotes} ({told}; {escaped('; '.join(tail))})"

    def _note(self, note: Note) -> str:
        facts = "; ".join(f"{name} {text}" for name, text in note.facts)
        parts = [f"**{escaped(note.title)}**{f': {escaped(facts)}' if facts else ''}."]
        parts += [self._plain(line) for line in note.remarks]
        parts += [f"{self._said(one)}." for one in note.said]
        parts += [escaped(note.more)] if note.more else []
        return " ".join(parts)

    def _plain(self, line: Line) -> str:
        """Return a remark of a note, without footnotes: a note in a note would have no place."""
        numbers = runs_of(line.refs, self._report.numbers).runs
        noted = f" (note {', '.join(run.text for run in numbers)})" if numbers else ""
        return (
            f"*{escaped(line.strong)}*: {escaped(line.text)}{noted}"
            if line.strong
            else (f"{escaped(line.text)}{noted}")
        )

    def _source(self, one: Source) -> str:
        outlet = f"{escaped(one.outlet)}, " if one.outlet else ""
        place = f"<{_bare(one.link)}>" if one.link else escaped(one.address)
        remark = f" Since {escaped(one.remark)}." if one.remark else ""
        return (
            f"{escaped(one.title)}. {outlet}{escaped(one.day)}.{remark} {place} "
            f"SHA-256 `{one.sha256}`"
        )


def _bare(link: str) -> str:
    """Return an address as it may stand between angle brackets."""
    return link.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C").replace("|", "%7C")
