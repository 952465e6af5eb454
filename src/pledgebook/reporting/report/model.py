"""What a report is made of, before it is a page: sections of text, tables, charts, and notes.

Nothing here is HTML or Markdown. Texts of documents stand as they are: whoever writes a page of
them escapes all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from pledgebook.reporting.report.charts import Columns, Fan, Meter, Stack

__all__ = [
    "Block",
    "Cell",
    "Claim",
    "Claims",
    "Column",
    "Line",
    "Lines",
    "Note",
    "Reference",
    "Report",
    "Row",
    "Said",
    "Section",
    "Source",
    "Table",
    "Tile",
    "Tiles",
]

Reference = str
"""What a number stands for, by id: a commitment, a statement of none, a series, a document."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, and the notes that it rests on; `strong` stands before it in bold."""

    text: str
    refs: tuple[Reference, ...] = ()
    strong: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """Sentences one below the other: paragraphs, or a list."""

    lines: tuple[Line, ...]
    listed: bool = False
    quiet: bool = False
    """Whether they are small print: how to read what stands above."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. The first one of a table heads its rows."""

    title: str
    kind: Literal["text", "number", "picture", "refs"] = "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: text, what stands below it in small, a picture, or the notes that the row rests on.

    `alarm` marks what should catch the eye; its text says why.
    """

    text: str = ""
    small: str = ""
    refs: tuple[Reference, ...] = ()
    picture: Meter | Stack | None = None
    alarm: bool = False

    @property
    def filled(self) -> bool:
        """Whether anything but a dash stands in it."""
        return bool(self.text.strip("–") or self.small or self.refs or self.picture)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; a `group` has one cell, which heads the rows below it."""

    cells: tuple[Cell, ...]
    group: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `more` says what was left out, in a sentence; `folded` that it may be closed."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    more: str = ""
    folded: bool = False
    legend: tuple[tuple[str, str], ...] = ()
    """What its pictures show: tone and name."""

    @property
    def trimmed(self) -> Table:
        """The same without the columns in which no row has anything."""
        kept = [
            at
            for at in range(len(self.columns))
            if any(not row.group and row.cells[at].filled for row in self.rows)
        ]
        rows = tuple(
            row if row.group else replace(row, cells=tuple(row.cells[at] for at in kept))
            for row in self.rows
        )
        return replace(self, columns=tuple(self.columns[at] for at in kept), rows=rows)


@dataclass(frozen=True, slots=True)
class Tile:
    """A large figure: what it counts, a line of doubt below, and the section that opens it."""

    number: str
    what: str
    small: str
    to: str


@dataclass(frozen=True, slots=True)
class Tiles:
    """Large figures side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence that something rests on: the quotation, and all that is known of it.

    `says` is how it was read, `under` words elsewhere in the document that it rests on too,
    `joined` why it stands here, `source` the id of the document, `remarks` doubts of it.
    """

    id: str
    says: str
    quote: str
    under: tuple[str, ...]
    speaker: str
    day: str
    source: Reference | None
    joined: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that reports say against each other, or that changed, with its sentences."""

    strong: str
    text: str
    refs: tuple[Reference, ...] = ()
    said: tuple[Said, ...] = ()
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims one below the other."""

    claims: tuple[Claim, ...]
    more: str = ""


Block = Lines | Table | Tiles | Claims | Columns | Fan


@dataclass(frozen=True, slots=True)
class Section:
    """A section, or a part of one: `id` is its anchor."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    parts: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What figures rest on: an undertaking, or a series of levels, with its sentences.

    `number` is unique in a report. `more` says how many sentences were left out.
    """

    number: int
    id: Reference
    title: str
    facts: tuple[tuple[str, str], ...]
    remarks: tuple[Line, ...]
    said: tuple[Said, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A document that is quoted. `link` is its address where that is one of the web."""

    number: int
    id: str
    title: str
    day: str
    outlet: str
    link: str | None
    address: str
    sha256: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A report, ready to be written in any form.

    `numbers` gives the note of a reference and the place of a document among the sources; what is
    not in it has none, for want of room.
    """

    title: str
    lead: tuple[str, ...]
    day: str
    about: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    notes_more: str
    sources: tuple[Source, ...]
    sources_more: str
    numbers: Mapping[Reference, int] = field(default_factory=dict)
