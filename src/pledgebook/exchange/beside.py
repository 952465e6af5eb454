"""A release beside the ledger of reports: what each says was pledged and delivered.

The two are never added. Rows of a release are distinct as its authors made them, so they are summed
as they stand; the ledger's side is what reports come to, each undertaking once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pledgebook.ledger.intervals import Interval, Total
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import status_rows
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category, Kind, Scope, Statement, Status

__all__ = ["Beside", "beside_reports"]

_STAGES = {
    Kind.PLEDGE: Stage.PLEDGED,
    Kind.CONTRACT: Stage.ON_ORDER,
    Kind.DELIVERY: Stage.DELIVERED,
}
_SHOWN = (Stage.PLEDGED, Stage.ON_ORDER, Stage.DELIVERED)
_Key = tuple[str, str, Category, str, str, Stage]


@dataclass(frozen=True, slots=True)
class Beside:
    """One figure as reports and as a release have it; None where one of them says nothing.

    `unit` is a unit or a currency. `verdict` is `agrees`, `release-more`, `release-less`,
    `only-release`, `only-reports` or `unknown` (one of the two gives no figure).
    """

    donor: str | None
    recipient: str | None
    category: Category
    item: str
    unit: str
    stage: Stage
    reports: Total | None
    release: Total | None
    rows: int

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of money: its unit is then a currency."""
        return len(self.unit) == 3 and self.unit.isupper()

    @property
    def verdict(self) -> str:
        """How the two stand to each other."""
        if self.reports is None or self.release is None:
            return "only-release" if self.reports is None else "only-reports"
        here, there = self.reports, self.release
        if here.low is None or there.low is None:
            return "unknown"
        if here.high is not None and there.low > here.high:
            return "release-more"
        if there.high is not None and there.high < here.low:
            return "release-less"
        return "agrees"


def beside_reports(ledger: Ledger, entries: Iterable[Entry], catalogue: Catalogue) -> list[Beside]:
    """Set the statements of a release beside a ledger, by giver, recipient, item, unit, stage."""
    names: dict[_Key, str] = {}
    reports: dict[_Key, Total] = {}
    for row in status_rows(ledger.commitments):
        head = row.donor or "", row.recipient or "", row.category
        item = row.item_id or row.item.casefold()
        for stage in _SHOWN:
            total = row.quantities.get(stage)
            if total is not None and (total.low is not None or total.unknown):
                key = (*head, item, row.unit or "item", stage)
                reports[key], names[key] = total, row.item
            for currency, money in row.money.get(stage, {}).items():
                key = (*head, item, currency, stage)
                reports[key], names[key] = money, row.item
    terms: dict[_Key, list[Interval]] = defaultdict(list)
    for entry in entries:
        for own, name, amount in _terms(entry.statement, catalogue):
            key = _home(own, reports.keys(), catalogue)
            names.setdefault(key, name)
            terms[key].append(amount)
    found = [
        Beside(
            donor=key[0] or None,
            recipient=key[1] or None,
            category=key[2],
            item=names[key],
            unit=key[4],
            stage=key[5],
            reports=reports.get(key),
            release=Total.of(terms[key]) if key in terms else None,
            rows=len(terms.get(key, ())),
        )
        for key in {**reports, **terms}
    ]
    order = list(_SHOWN)
    return sorted(
        found,
        key=lambda one: (
            one.donor or "~",
            one.recipient or "~",
            one.item,
            one.unit,
            order.index(one.stage),
        ),
    )


def _home(key: _Key, known: Collection[_Key], catalogue: Catalogue) -> _Key:
    """Return the figure of the reports that a row belongs to: of its item or what it is a kind of.

    Reports of "Leopard 2" stand beside rows of "Leopard 2A4".
    """
    donors, recipient, category, item, unit, stage = key
    for name in (item, *catalogue.ancestors(item)):
        wider = donors, recipient, category, name, unit, stage
        if wider in known:
            return wider
    return key


def _terms(statement: Statement, catalogue: Catalogue) -> Iterable[tuple[_Key, str, Interval]]:
    """Yield what a row adds to which figure; what is recalled or only considered adds nothing."""
    stage = _STAGES.get(statement.kind)
    if stage is None or statement.scope is Scope.BACKGROUND:
        return
    if statement.status is Status.TENTATIVE:
        return
    thing = statement.item
    known = catalogue.item_for(thing.category, thing.designation)
    name = thing.designation or thing.category.value
    donors = ", ".join(statement.actors)
    head = donors, statement.recipient or "", thing.category, known.id if known else name.casefold()
    if statement.money is not None:
        yield (*head, statement.money.currency, stage), name, Interval.of(statement.money)
        return
    usual = catalogue.default_units[thing.category]
    unit = statement.quantity.unit if statement.quantity else usual
    yield (*head, unit, stage), name, Interval.of(statement.quantity)
