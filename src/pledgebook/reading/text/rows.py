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
from pledgebook.reading.text.wording import alternation, table

_DELIMITER = re.compile(r"[ \t]*\|[ \t]*|\t+|[ ]\.{2,}[ ]|[ ]{3,}")
_KEY = re.compile(r"(?:\(?[\divx]{1,4}[.)]\s*|No\.\s*)?(?P<key>[A-Z][^:|\n]{1,48}?):[ \t]+(?=\S)")
_LONGEST_FORM = 60
"""Lines of the longest form."""
_NUMBERED = re.compile(r"(?:No\.?|Lot|Item|Case)\s*\d+[a-z]?\.?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell or value: where it stands and what it holds (donor, item, quantity, ...).

    `stage` is that of a column of figures: "delivered", "planned", "ordered", "requested".
    """

    start: int
    end: int
    role: str | None
    stage: str | None = None


@dataclass(slots=True)
class Row:
    """The cells of a table row, or the values of a form; `scale` multiplies bare amounts.

    `donor` is the cell or line above that names the giver of several rows.
    """

    block: int
    start: int
    end: int
    cells: list[Cell] = field(default_factory=list)
    currency: str | None = None
    scale: float = 1.0
    form: bool = False
    donor: Cell | None = None

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


@cache
def _stages() -> list[tuple[str, re.Pattern[str]]]:
    return [
        (stage, re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, words)) + r")(?![\w-])"))
        for stage, words in cue_table("column_stages").items()
    ]


def stage_of_head(text: str) -> str | None:
    """Return the stage of the figures under a column head: "Pledged", "Delivered so far"."""
    low = text.lower()
    for stage, pattern in _stages():
        if pattern.search(low):
            return stage
    return None


def find_rows(text: str, found: Sequence[Block]) -> dict[int, Row | None]:
    """Return the rows of tables and forms by the block at which they are to be read.

    Blocks that belong to a row but are not its place (column heads, further lines of a form) map
    to None: they are passed over.
    """
    rows: dict[int, Row | None] = {}
    _tables(text, found, rows)
    _records(text, found, rows)
    _forms(text, found, rows)
    return rows


def _line(text: str, block: Block) -> tuple[int, int]:
    start = text.rfind("\n", 0, block.start) + 1
    return start, block.end


def cells_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the filled cells of a line as spans; one cell is no row."""
    return [span for span in _fields(text, start, end) if span[0] < span[1]]


def _fields(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the cells of a line, the empty ones too: there both ends are one place."""
    spans = []
    position = start
    for mark in _DELIMITER.finditer(text, start, end):
        spans.append((position, mark.start()))
        position = mark.end()
    spans.append((position, end))
    return spans


@dataclass(frozen=True, slots=True)
class _Head:
    """The column heads of a table: what each column holds, and at what stage."""

    roles: tuple[str | None, ...]
    stages: tuple[str | None, ...]
    words: str
    currency: str | None
    scale: float


def _tables(text: str, found: Sequence[Block], rows: dict[int, Row | None]) -> None:
    index = 0
    last: _Head | None = None
    ended = -_NEAR
    while index < len(found):
        run: list[list[tuple[int, int]]] = []
        while index + len(run) < len(found):
            start, end = _line(text, found[index + len(run)])
            spans = _fields(text, start, end)
            if (
                sum(a < b for a, b in spans) < 2
                or end - start > 600
                or (found[index + len(run)].kind == "item" and "|" not in text[start:end])
            ):
                break
            run.append(spans)
        bars = bool(run) and "|" in text[run[0][0][0] : run[0][-1][1]]
        if len(run) >= 3 or (len(run) >= 2 and bars) or (run and last and index - ended < _NEAR):
            label = index - 1 if index and index - ended < _NEAR else None
            last = _table(text, found, index, _even(run), rows, last if label else None)
            ended = index + len(run)
        index += max(1, len(run))


_NEAR = 2
"""Blocks after a table within which another is its continuation, under a line of its own."""


def _even(run: list[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
    """Take off the empty cells outside the bars that frame each line of a table."""
    if len(run) > 1 and all(row[0][0] == row[0][1] for row in run):
        run = [row[1:] for row in run]
    if len(run) > 1 and all(row[-1][0] == row[-1][1] for row in run):
        run = [row[:-1] for row in run]
    return run


def _table(
    text: str,
    found: Sequence[Block],
    index: int,
    run: list[list[tuple[int, int]]],
    rows: dict[int, Row | None],
    before: _Head | None,
) -> _Head | None:
    """Add the rows of a table; return its heads, or those of the table that it goes on with."""
    head = _head_of(text, run[0], _above(text, found, index))
    headed = head is not None
    label = None
    if head is None and before is not None and len(before.roles) == len(run[0]):
        head, label = before, Cell(found[index - 1].start, found[index - 1].end, "donor")
    donor: Cell | None = label
    for offset, spans in enumerate(run):
        said = " ".join(text[a:b].strip().lower() for a, b in spans)
        if (headed and head is not None and said == head.words) or _RULE.fullmatch(said):
            rows[index + offset] = None
            continue
        fits = head is not None and len(spans) == len(head.roles)
        cells = [
            Cell(
                a,
                b,
                head.roles[place] if fits and head else None,
                head.stages[place] if fits and head else None,
            )
            for place, (a, b) in enumerate(spans)
            if a < b
        ]
        if _TOTAL.match(text, cells[0].start, cells[0].end):
            rows[index + offset] = None
            continue
        row = Row(index + offset, cells[0].start, cells[-1].end, cells)
        if head is not None and fits:
            row.currency, row.scale = head.currency, head.scale
            row.donor = donor if not row.of("donor") else None
            donor = next(iter(row.of("donor")), donor)
        elif headed and head is not None:
            row.currency, row.scale = head.currency, head.scale
        rows[index + offset] = row
    return head


_TOTAL = re.compile(
    r"(?:grand |overall )?(?:sub-?)?totals?\b(?! aid)|all (?:donors|countries|items)\b|sum\b", re.I
)
_RULE = re.compile(r"[-:=_ +]*")


def _above(text: str, found: Sequence[Block], index: int) -> str:
    """Return the lines shortly before a table, where its caption stands."""
    lines = [text[block.start : block.end] for block in found[max(0, index - 2) : index]]
    return "\n".join(line for line in lines if len(line) <= _LONGEST_CAPTION)


_LONGEST_CAPTION = 160


def _head_of(text: str, spans: list[tuple[int, int]], above: str) -> _Head | None:
    """Return the column heads, None where the line holds none."""
    line = text[spans[0][0] : spans[-1][1]]
    names = [text[a:b] for a, b in spans]
    roles = [role_of_head(name) for name in names]
    stages = [stage_of_head(name) for name in names]
    told = sum(bool(role or stage) for role, stage in zip(roles, stages, strict=True))
    if told < 2 or re.search(r"\d{2,}", line.replace("20", "")):
        return None
    currency, scale = money_of_head(line)
    if currency is None:
        currency, scale = money_of_head(above)
        if scale == 1.0:
            currency = None
    words = " ".join(name.strip().lower() for name in names)
    return _Head(tuple(roles), tuple(stages), words, currency, scale)


@cache
def _currency_patterns() -> tuple[re.Pattern[str], ...]:
    data = table("money.toml")
    mark = alternation([*data["signs"], *(code.lower() for code in data["codes"]["known"])])
    name = alternation([*data["names"], *data["signs"], *map(str.lower, data["codes"]["known"])])
    size = alternation(_SCALES)
    return (
        re.compile(rf"(?<!\w)(?P<mark>{mark})(?:\s*(?P<size>{size})s?)?(?!\w)"),
        re.compile(rf"(?<!\w)(?P<size>{size})s?\s+(?:of\s+)?(?P<mark>{name})(?!\w)"),
    )


_SCALES = {
    "million": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "bn": 1e9,
    "billion": 1e9,
    "thousand": 1e3,
    "'000": 1e3,
    "000": 1e3,
}


def money_of_head(head: str) -> tuple[str | None, float]:
    """Return currency and scale that a column head or caption announces ("NOK million")."""
    low = head.lower()
    matches = [pattern.search(low) for pattern in _currency_patterns()]
    told = next((m for m in matches if m and m["size"]), matches[0])
    if told is None:
        return None, 1.0
    data = table("money.toml")
    mark = " ".join(told["mark"].split())
    currency = data["signs"].get(mark) or data["names"].get(mark) or mark.upper()
    return currency, _SCALES[told["size"]] if told["size"] else 1.0


_PAIR = re.compile(r"(?P<key>[A-Z][^:;|\n]{0,60}): (?P<value>[^;]*[^;\s])(?:; |\.?$)")


def _records(text: str, found: Sequence[Block], rows: dict[int, Row | None]) -> None:
    """Add the lines that write a row out: "Donor: Norway; Item: tanks; Quantity: 8."."""
    for index, block in enumerate(found):
        if index in rows or not 20 < block.end - block.start < _LONGEST_RECORD:
            continue
        line = text[_line(text, block)[0] : block.end]
        if line.count(": ") < 2 or "; " not in line:
            continue
        begin = block.end - len(line)
        pairs = list(_PAIR.finditer(line))
        if not pairs or pairs[0].start() or "".join(m.group() for m in pairs) != line:
            continue
        cells = [
            Cell(
                begin + m.start("value"),
                begin + m.end("value"),
                role_of_head(m["key"]),
                stage_of_head(m["key"]),
            )
            for m in pairs
        ]
        told = sum(bool(cell.role or cell.stage) for cell in cells)
        if told < 2 or len(pairs) < 2:
            continue
        heads = "; ".join(m["key"] for m in pairs)
        currency, scale = money_of_head(heads)
        rows[index] = Row(index, begin, block.end, cells, currency, scale)


_LONGEST_RECORD = 1200


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
