"""What IATI transactions say: who gives how much to whom, each gift from one end only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pledgebook.exchange.figures import FigureError, currency_of, number_of
from pledgebook.exchange.iati.activity import Activity, Transaction
from pledgebook.exchange.iati.bodies import Bodies
from pledgebook.exchange.intake import Notebook, data_table, iso_day
from pledgebook.exchange.rows import Claim, ReleaseRow
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Reading"]

_QUOTED = (
    *("Provider", "Receiver", "Recipient country", "Transaction type", "Value", "Currency"),
    "Transaction date",
)
_WHOLE = frozenset({"", "100", "100.0", "100.00"})


@dataclass(frozen=True, slots=True)
class _Draft:
    """A row with what decides whether its claim counts, once all activities are known."""

    row: ReleaseRow
    activity: str
    parents: tuple[str, ...]
    kind: str
    incoming: bool
    other_end: str
    """The activity of the provider, where the receiver names it."""


@dataclass(slots=True)
class Reading:
    """Turns activities into rows, and counts what makes no statement."""

    catalogue: Catalogue
    notebook: Notebook
    bodies: Bodies = field(init=False)
    table: dict[str, Any] = field(init=False)
    drafts: list[_Draft] = field(default_factory=list)
    empty: int = 0
    silent: Counter[str] = field(default_factory=Counter)
    below: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.table = data_table("iati")
        self.bodies = Bodies(self.catalogue, self.notebook, self.table)

    def add(self, activity: Activity, file: str) -> None:
        """Take the transactions of an activity."""
        if not activity.id:
            what = "an activity has no identifier, so that its transactions cannot be told apart"
            mend = "ask its publisher"
            self.notebook.warning("no-identifier", what, place=file, mend=mend)
        if not activity.transactions:
            self.empty += 1
        for number, transaction in enumerate(activity.transactions, 1):
            self._transaction(activity, transaction, number, file)

    def rows(self) -> list[ReleaseRow]:
        """Return all rows; a gift that both ends report speaks from the giver's end."""
        giving = {(one.activity, one.kind) for one in self.drafts if one.kind and not one.incoming}
        heard = [replace(one, row=self._once(one, giving)) for one in self.drafts]
        # What came in is passed on, whichever end tells of it.
        taken = {(one.activity, one.kind) for one in self.drafts if one.incoming and one.kind}
        done = []
        for one in heard:
            row = one.row
            if row.claims and not one.incoming and (one.activity, one.kind) in taken:
                row = self._silenced(row, "pass on what their activity took in")
            done.append(row)
        self._warn_of_levels(heard)
        return done

    def notes(self, plans: int) -> list[str]:
        """Return what of the release makes no statement, and why."""
        found = [
            f"transactions without a statement, for they {why}: {count}"
            for why, count in sorted(self.silent.items())
        ]
        found += [
            f"transactions below zero come to {total:,.2f} {currency}: they correct earlier ones, "
            "make no statement, and the sums of the release are above its net by as much"
            for currency, total in sorted(self.below.items())
        ]
        if self.empty:
            found.append(f"activities without transactions, which make no row: {self.empty}")
        if plans:
            found.append(f"budgets and planned disbursements, which make no row: {plans}")
        return found

    def _once(self, draft: _Draft, giving: Iterable[tuple[str, str]]) -> ReleaseRow:
        if draft.row.claims and draft.incoming and (draft.other_end, draft.kind) in giving:
            return self._silenced(draft.row, "are the other end of what a giver's activity reports")
        return draft.row

    def _silenced(self, row: ReleaseRow, why: str) -> ReleaseRow:
        self.silent[why] += 1
        return replace(row, claims=())

    def _warn_of_levels(self, drafts: Sequence[_Draft]) -> None:
        speaking = {(one.activity, one.kind) for one in drafts if one.row.claims}
        both = {
            one.activity
            for one in drafts
            if one.row.claims and any((parent, one.kind) in speaking for parent in one.parents)
        }
        if both:
            self.notebook.warning(
                "two-levels",
                f"{len(both)} activities and the activities above them both report money, such as "
                f"{min(both)!r}: it may be the same",
                mend="look at one of them, and import the file of one level",
            )

    def _transaction(
        self, activity: Activity, transaction: Transaction, number: int, file: str
    ) -> None:
        place = f"activity {activity.id or '?'}, transaction {number}"
        known: Mapping[str, str] = self.table["transaction"].get(transaction.type, {})
        if not known:
            what = f"the type of transaction {transaction.type!r} is unknown: no statement"
            self.notebook.fault("unknown-type", what, place=place, mend="look at the file")
        cells = self._cells(activity, transaction, known.get("name", ""))
        incoming = known.get("direction") == "in"
        claims = self._claims(activity, transaction, known, cells, place)
        ends = (transaction.date, str(transaction.provider), str(transaction.receiver))
        mark = transaction.ref or " ".join(filter(None, ends))
        link = activity.link if activity.link.startswith(("http://", "https://")) else None
        row = ReleaseRow(
            cells=cells,
            origin=f"{file}#activity={activity.id}&transaction={number}",
            key=f"{activity.id}/{transaction.type}/{mark}",
            claims=claims,
            date=iso_day(transaction.date),
            url=link,
            title=activity.title or None,
        )
        self.drafts.append(
            _Draft(
                row=row,
                activity=activity.id,
                parents=activity.parents,
                kind=known.get("kind", "") if claims else "",
                incoming=incoming,
                other_end=transaction.provider.activity,
            )
        )

    def _claims(
        self,
        activity: Activity,
        transaction: Transaction,
        known: Mapping[str, str],
        cells: Mapping[str, str],
        place: str,
    ) -> tuple[Claim, ...]:
        kind = known.get("kind", "")
        if not kind:
            if known:
                self.silent[f"are of the type {transaction.type}, {known['name']}"] += 1
            return ()
        value = self._value(transaction, place)
        currency = self._currency(activity, transaction, place)
        if value is not None and value <= 0:
            if value < 0:
                code = currency or "of no known currency"
                self.below[code] = self.below.get(code, 0.0) + value
            self.silent["are of zero" if value == 0 else "are below zero"] += 1
            return ()
        actor = self.bodies.giver(activity, transaction, known["direction"], place)
        if known["direction"] == "in" and self.bodies.is_it(activity.reporter, actor):
            self.silent["move the reporter's own money"] += 1
            return ()
        recipient = self._recipient(activity, transaction, place)
        money = None
        if value is not None and currency is not None:
            money = {"low": value, "high": value, "currency": currency}
        day = iso_day(transaction.date)
        fields: dict[str, Any] = {
            "kind": kind,
            "status": "firm",
            "scope": "new",
            "actors": [actor] if actor else [],
            "recipient": recipient if recipient != actor else None,
            "item": {"category": self._category(activity, transaction), "designation": None},
            "money": money,
            "when": day.isoformat() if day else None,
            "speaker": activity.reporter.name or None,
        }
        grounds = {"speaker": "Reporting organisation"}
        if not transaction.provider and actor is not None:
            grounds["actors"] = "Reporting organisation"
        return (Claim(fields, [header for header in _QUOTED if header in cells], grounds),)

    def _value(self, transaction: Transaction, place: str) -> float | None:
        try:
            value = number_of(transaction.value, decimal=".")
        except FigureError as error:
            self.notebook.fault(
                "value", f"{error}: the amount is unknown", place=place, mend="look at the file"
            )
            return None
        if value is None:
            what = "it has no value: the amount is unknown"
            self.notebook.warning("value", what, place=place, mend="look at the file")
        return value

    def _currency(self, activity: Activity, transaction: Transaction, place: str) -> str | None:
        try:
            currency = currency_of(transaction.currency) or currency_of(activity.currency)
        except FigureError as error:
            what = f"{error}: the amount is unknown"
            self.notebook.fault("unknown-currency", what, place=place, mend="look at the file")
            return None
        if currency is None:
            what = "neither the value nor the activity names a currency: the amount is unknown"
            mend = "ask the publisher for a default currency"
            self.notebook.fault("no-currency", what, place=place, mend=mend)
        return currency

    def _recipient(self, activity: Activity, transaction: Transaction, place: str) -> str | None:
        """Return the one country that the money is for, or else the body that receives it."""
        countries = transaction.countries or tuple(
            code for code, share in activity.countries if len(activity.countries) == 1 or share
        )
        whole = [code for code, share in activity.countries if share in _WHOLE]
        if not transaction.countries and len(countries) > 1 and len(whole) == 1:
            countries = tuple(whole)
        if len(set(countries)) == 1:
            return self.bodies.country(countries[0], place)
        return self.bodies.code(transaction.receiver, place)

    def _category(self, activity: Activity, transaction: Transaction) -> str:
        table = self.table["category"]
        flag = transaction.humanitarian or activity.humanitarian
        sectors = [
            code
            for vocabulary, code in transaction.sectors or activity.sectors
            if vocabulary in table["sector_vocabularies"]
        ]
        beginnings = tuple(table["humanitarian_sectors"])
        aid = flag == "1" or (sectors and all(code.startswith(beginnings) for code in sectors))
        return str(table["humanitarian"] if aid else table["other"])

    def _cells(self, activity: Activity, transaction: Transaction, name: str) -> dict[str, str]:
        """Return the cells of a transaction: what a statement rests on first, in one piece."""
        countries = transaction.countries or tuple(code for code, _ in activity.countries)
        sectors = transaction.sectors or activity.sectors
        said = {
            "Provider": str(transaction.provider),
            "Receiver": str(transaction.receiver),
            "Recipient country": "; ".join(countries),
            "Transaction type": f"{transaction.type} {name}".strip(),
            "Value": transaction.value,
            "Currency": transaction.currency or activity.currency,
            "Transaction date": transaction.date,
            "Value date": transaction.value_date,
            "Transaction reference": transaction.ref,
            "Transaction description": transaction.description,
            "Humanitarian": transaction.humanitarian or activity.humanitarian,
            "Sector": "; ".join(code for _, code in sectors),
            "Flow type": transaction.codes.get("flow-type") or activity.defaults.get("flow-type"),
            "Finance type": transaction.codes.get("finance-type")
            or activity.defaults.get("finance-type"),
            "Aid type": transaction.codes.get("aid-type") or activity.defaults.get("aid-type"),
            "Tied status": transaction.codes.get("tied-status")
            or activity.defaults.get("tied-status"),
            "Activity": activity.id,
            "Title": activity.title,
            "Reporting organisation": str(activity.reporter),
            "Activity status": activity.status,
            "Provider's activity": transaction.provider.activity,
            "Receiver's activity": transaction.receiver.activity,
        }
        return {header: text for header, text in said.items() if text}
