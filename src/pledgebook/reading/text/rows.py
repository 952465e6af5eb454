"""Tables and forms in plain text: rows of cells, and records of "Key: value" lines.

A row with item, number and donor is a statement, and so is a form that names an item, its quantity
and its value on lines of their own. Column heads and keys tell what a cell holds; where there are
none, its content does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from pledgebook.reading.text.lexicon import cue_table
from pledgebook.reading.text.segments import Block

_DELIMITER = re.compile(r"[ \t]*\|[ \t]*|\t+|[ ]\.{2,}[ ]|[ ]{3,}")
_KEY = re.compile(r"(?:\(?[\divx]{1,4}[.)]\s*|No\.\s*)?(?P<key>[A-Z][^:|\n]{1,48}?):[ \t]+(?=\S)")
_LONGEST_FORM = 60
"""Lines of the longest form."""
_NUMBERED = re.compile(r"(?:No\.?|Lot|Item|Case)\s*\d+[a-z]?\.?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell or value: where it stands and what it holds (donor, item, quantity, ...)."""

    start: int
    end: int
    role: str | None


@dataclass(slots=True)
class Row:
    """The cells of a table row, or the values of a form; `scale` multiplies bare amounts."""

    block: int
    start: int
    end: int
    cells: list[Cell] = field(default_factory=list)
    currency: str | None = None
    scale: float = 1.0
    form: bool = False

    def of(self, role: str) -> list[Cell]:
        """Return the cells that hold `role`."""
        return [cell for cell in self.cells if cell.role == role]


@cache
def _roles() -> list[tuple[str, re.Pattern[str]]]:
    table = cue_table("columns")
    return [
        (role, re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, words)) + r")(?![\w-])"))
        for role, words in table.items()
    ]


def role_of_head(text: str) -> str | None:
    """Return what a column head or key announces, None where it tells nothing."""
    low = text.lower()
    for role, pattern in _roles():
        if pattern.search(low):
            return role
    return None


def find_rows(text: str, found: Sequence[Block]) -> dict[int, Row | None]:
    """Return the rows of tables and forms by the block at which they are to be read.

    Blocks that belong to a row but are not its place (column heads, further lines of a form) map
    to None: they are passed over.
    """
    rows: dict[int, Row | None] = {}
    _tables(text, found, rows)
    _forms(text, found, rows)
    return rows


def _line(text: str, block: Block) -> tuple[int, int]:
    start = text.rfind("\n", 0, block.start) + 1
    return start, block.end


def cells_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the cells of a line as spans; one cell is no row."""
    spans = []
    position = start
    for mark in _DELIMITER.finditer(text, start, end):
        if mark.start() > position:
            spans.append((position, mark.start()))
        position = mark.end()
    if position < end:
        spans.append((position, end))
    return spans


def _tables(text: str, found: Sequence[Block], rows: dict[int, Row | None]) -> None:
    index = 0
    while index < len(found):
        run: list[list[tuple[int, int]]] = []
        while index + len(run) < len(found):
            start, end = _line(text, found[index + len(run)])
            spans = cells_of(text, start, end)
            if (
                len(spans) < 2
                or end - start > 600
                or (found[index + len(run)].kind == "item" and "|" not in text[start:end])
            ):
                break
            run.append(spans)
        if len(run) >= 3 or (len(run) >= 2 and "|" in text[run[0][0][0] : run[0][-1][1]]):
            _table(text, index, run, rows)
        index += max(1, len(run))


def _table(
    text: str, index: int, run: list[list[tuple[int, int]]], rows: dict[int, Row | None]
) -> None:
    heads = [role_of_head(text[a:b]) for a, b in run[0]]
    headed = sum(role is not None for role in heads) >= 2 and not re.search(
        r"\d{2,}", text[run[0][0][0] : run[0][-1][1]].replace("20", "")
    )
    currency, scale = money_of_head(text[run[0][0][0] : run[0][-1][1]]) if headed else (None, 1.0)
    width = len(run[0])
    for offset, spans in enumerate(run):
        if headed and offset == 0:
            rows[index] = None
            continue
        cells = []
        for place, (a, b) in enumerate(spans):
            role = heads[place] if headed and len(spans) == width else None
            cells.append(Cell(a, b, role))
        rows[index + offset] = Row(
            index + offset, spans[0][0], spans[-1][1], cells, currency, scale
        )


@cache
def _currency_pattern() -> re.Pattern[str]:
    return re.compile(
        r"(?<!\w)(USD|EUR|GBP|NOK|SEK|DKK|CHF|CAD|AUD|JPY|CZK|PLN|KRW|UAH|US\$|€|£|\$)(?:\s*(million|m|mn|bn|billion|thousand|'000))?",
        re.IGNORECASE,
    )


_SIGNS = {"US$": "USD", "$": "USD", "€": "EUR", "£": "GBP"}
_SCALES = {
    "million": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "bn": 1e9,
    "billion": 1e9,
    "thousand": 1e3,
    "'000": 1e3,
}


def money_of_head(head: str) -> tuple[str | None, float]:
    """Return currency and scale that a column head announces ("NOK million")."""
    found = _currency_pattern().search(head)
    if found is None:
        return None, 1.0
    code = found.group(1).upper()
    scale = found.group(2)
    return _SIGNS.get(code, code), _SCALES.get(scale.lower(), 1.0) if scale else 1.0


def _forms(text: str, found: Sequence[Block], rows: dict[int, Row | None]) -> None:
    index = 0
    while index < len(found):
        run: list[tuple[int, re.Match[str]]] = []
        step = index
        while step < len(found) and step not in rows:
            match = _KEY.match(text, found[step].start, found[step].end)
            if match is None or (role_of_head(match["key"]) is None and found[step].kind == "item"):
                break
            if run and text[found[step - 1].end : found[step].start].count("\n") > 1:
                break
            if run and match["key"].lower() == run[0][1]["key"].lower():
                break
            if len(run) >= _LONGEST_FORM:
                break
            run.append((step, match))
            step += 1
        known = [role_of_head(match["key"]) for _, match in run]
        if len(run) >= 3 and sum(role is not None for role in known) >= 2 and ("item" in known):
            row = Row(run[0][0], found[run[0][0]].start, found[run[-1][0]].end, form=True)
            for place, match in run:
                rows[place] = None
                row.cells.append(Cell(match.end(), found[place].end, role_of_head(match["key"])))
            rows[run[0][0]] = row
            index = step
        else:
            index += 1
