"""The cells of the status table: parties, items and figures of one row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rich.text import Text

from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import COUNTED, StatusRow
from pledgebook.ledger.totals import OUTSTANDING, money_total, quantity_total
from pledgebook.ledger.wording import units
from pledgebook.reporting import amounts
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.reporting.rounding import Rounded

__all__ = ["ASKED", "COLUMNS", "Cells", "broken", "has", "unit_note"]

ASKED = Stage.ASKED.value
COLUMNS = (*(stage.value for stage in COUNTED), OUTSTANDING)
"""The columns that bear figures."""

_LONG = 9


def has(row: StatusRow, column: str) -> bool:
    """Tell whether a row has anything to show in a column."""
    if column == OUTSTANDING:
        return row.outstanding is not None
    return Stage(column) in row.quantities or bool(row.money.get(Stage(column)))


def broken(figure: str) -> str:
    """Let a long figure go on in a second line."""
    if len(figure) <= _LONG:
        return figure
    return figure.replace("–", "–\n").replace(" + ", "\n+ ")


def unit_note(unit: str | None) -> str:
    """Return the unit as it stands behind an item; plain items need none."""
    return "" if unit is None or unit == "item" else f" ({units(unit)})"


class Cells:
    """Draws the cells of rows that are shown together."""

    def __init__(self, rows: Iterable[StatusRow], names: Names, rounded: Rounded) -> None:
        self._names = names
        self._rounded = rounded
        categories: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            categories[row.item].add(row.category.value)
        # "Patriot" may be the system or its missiles.
        self._twofold = {item for item, found in categories.items() if len(found) > 1}

    def giver(self, row: StatusRow) -> str:
        """Return who gives, or who asks."""
        return self._names.of(row.donor or row.asked_by) or "someone"

    def taker(self, row: StatusRow) -> str:
        """Return who gets it."""
        return self._names.of(row.recipient)

    def named(self, row: StatusRow) -> Text:
        """Return the item with what it is counted in."""
        category = row.category.value.replace("-", " ")
        text = Text(category if row.item == row.category.value else one_line(row.item))
        if row.item in self._twofold:
            text.append(f", {category}", style="dim")
        return text.append(unit_note(row.unit), style="dim")

    def item(self, row: StatusRow) -> Text:
        """Return the item with what else was said of it."""
        text = self.named(row)
        for count, word in ((row.considered, "considered"), (row.refused, "refused")):
            if count:
                text.append(f" · {f'{count} ' if count > 1 else ''}{word}", style="dim")
        if row.contradictions:
            text.append(" · reports differ", style="yellow")
        return text

    def figure(self, row: StatusRow, column: str, *, marked: bool) -> Text:
        """Return what is known of a stage; `marked` says below it that it is overdue."""
        if column == OUTSTANDING:
            left = row.outstanding
            approx = self._rounded.outstanding(row) and left is not None and left.high != 0
            text = Text(broken(amounts.quantity(left, approx=approx)), style="bold")
            if row.overdue and marked:
                text.append("\noverdue", style="red")
            return text
        stage = Stage(column)
        about = self._rounded.stage(row, stage)
        parts = [amounts.quantity(row.quantities.get(stage), approx=about)]
        parts += [amounts.money(total, code) for code, total in row.money.get(stage, {}).items()]
        shown = "\n".join(broken(part) for part in parts if part)
        return Text(shown, style="green" if stage is Stage.DELIVERED else "")

    def due(self, row: StatusRow, between: str) -> Text:
        """Return when it was promised for; `between` stands before the word "overdue"."""
        if row.promised is None:
            return Text("")
        # A span ends when it ends: a promise for March to May was due in May.
        end = row.promised.rpartition("/")[2]
        if row.overdue:
            return Text.assemble((end, "red"), between, ("overdue", "bold red"))
        return Text(end, style="dim")

    def talk(self, row: StatusRow, stage: Stage) -> str:
        """Return how much was considered or refused."""
        if not any(stage in one.stages for one in row.commitments):
            return ""
        lines = [amounts.quantity(quantity_total(row.commitments, stage))]
        for code, total in sorted(money_total(row.commitments, stage).items()):
            lines.append(amounts.money(total, code))
        return "\n".join(filter(None, lines)) or amounts.NOT_KNOWN
