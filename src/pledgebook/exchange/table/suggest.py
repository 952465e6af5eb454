"""A first mapping for a table, by its headers: printed for a person to look through and save."""

from __future__ import annotations

from pathlib import Path

from pledgebook.errors import SourceError
from pledgebook.exchange.intake import clean, data_table
from pledgebook.exchange.sheets import Sheet, SheetRow, read_sheets
from pledgebook.exchange.table.grid import Grid, folded, grid_at

__all__ = ["suggest_mapping"]

_SEARCHED = 60
_TWO = ("quantity_pledged", "quantity_delivered")
_MONEY = ("money", "currency")


def suggest_mapping(path: Path) -> str:
    """Return the text of a mapping for a table, with the columns that nobody could place.

    Raises SourceError where no row of it looks like a header.
    """
    sheets, _ = read_sheets(path)
    found: tuple[int, Grid, dict[str, str]] | None = None
    for sheet in sheets:
        for row in sheet.rows[:_SEARCHED]:
            grid = grid_at(sheet, row)
            placed = _placed(grid, row)
            if len(placed) > (found[0] if found else 0):
                found = (len(placed), grid, placed)
    if found is None:
        what = "no row of it looks like headers"
        raise SourceError(
            what, where=str(path), mend="write a mapping by hand: see docs/imports.md"
        )
    return _written(found[1], found[2], sheets)


def _placed(grid: Grid, row: SheetRow) -> dict[str, str]:
    """Return fields with their headers; each header serves once, the likelier word first."""
    headers = {
        folded(header): header
        for header, cell in zip(grid.headers, row.cells, strict=False)
        if clean(cell)
    }
    placed: dict[str, str] = {}
    ranks = [
        (rank, name, word)
        for name, words in data_table("table")["headers"].items()
        for rank, word in enumerate(words)
        if word in headers
    ]
    for _, name, word in sorted(ranks):
        if name not in placed and headers[word] not in placed.values():
            placed[name] = headers[word]
    return placed


def _written(grid: Grid, placed: dict[str, str], sheets: list[Sheet]) -> str:
    lines = ["# A first mapping of the columns: look it through, save it as NAME.mapping.toml."]
    if len(sheets) > 1:
        lines.append(f"sheet = {_quoted(grid.sheet.name)}")
    lines.append(f"header_row = {grid.header_row}")
    lines += [
        "# day_first = true      # 02/03/2023 is in March",
        '# decimal = ","',
        "",
        "[columns]",
    ]
    two = all(name in placed for name in _TWO)
    single = {name: header for name, header in placed.items() if name not in _TWO}
    one = next((placed[name] for name in _TWO if name in placed), None)
    if not two and one is not None:
        single.setdefault("quantity", one)
    of_pledge = {}
    if two:
        single.pop("kind", None)
        # An amount beside two numbers is most often that of the promise.
        of_pledge = {name: single.pop(name) for name in _MONEY if name in single}
    lines += [f"{name} = {_quoted(header)}" for name, header in single.items()]
    lines += _fixed(single, two=two, delivered=_TWO[1] in placed and not two)
    if two:
        for kind, name in zip(("pledge", "delivery"), _TWO, strict=True):
            columns = {"quantity": placed[name]} | (of_pledge if kind == "pledge" else {})
            inner = ", ".join(f"{one} = {_quoted(header)}" for one, header in columns.items())
            lines += ["", "[[statements]]", f"columns = {{ {inner} }}"]
            fixed = f'kind = "{kind}"'
            if "money" in columns and "currency" not in columns:
                fixed += ', currency = "EUR"'
            lines.append(f"fixed = {{ {fixed} }}")
    unused = [
        header
        for header in grid.headers
        if header not in placed.values() and not header.startswith("Column ")
    ]
    if unused:
        lines += ["", "# Columns that are kept in the rows, but that no field is mapped to:"]
        lines += [f"# {_quoted(header)}" for header in unused]
    return "\n".join(lines) + "\n"


def _fixed(single: dict[str, str], *, two: bool, delivered: bool) -> list[str]:
    """Return what has to be said for the whole table, since no column does."""
    lines = []
    if "kind" not in single and not two:
        lines.append(f'kind = "{"delivery" if delivered else "pledge"}"')
    if "recipient" not in single:
        lines.append('# recipient = "UKR"')
    if "money" in single and "currency" not in single:
        lines.append('currency = "EUR"   # no column gives one: say which it is')
    if not {"item", "category", "money"} & single.keys():
        lines.append('category = "military-aid"   # no column names an item')
    return ["", "[fixed]", *lines] if lines else []


def _quoted(text: str) -> str:
    """Write a text as a TOML string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
