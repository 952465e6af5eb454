"""What a flow says: who gives how much to whom, and what of it another flow has counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pledgebook.exchange.figures import FigureError, currency_of
from pledgebook.exchange.fts.answers import Flow, Found, cells_of, day_of, dollars, objects
from pledgebook.exchange.intake import Names, Notebook, clean, data_table, iso_day
from pledgebook.exchange.rows import Claim, ReleaseRow
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Reading"]

_CATEGORY = "humanitarian-aid"
# Amounts that FTS converted agree with its own rate to the rounding of that rate.
_TOLERANCE = 0.01
# Parts that were converted on other days make up their whole about so closely.
_SAME = 0.05
_QUOTED = (
    *("Source organisation", "Destination organisation", "Destination location", "Status"),
    *("Amount in USD", "Original amount", "Original currency", "Date"),
)


@dataclass(frozen=True, slots=True)
class _Open:
    """What is left of a flow in USD, between two ends."""

    low: float
    high: float


@dataclass(slots=True)
class Reading:
    """Turns flows into rows, and counts what makes no statement."""

    flows: Mapping[str, Flow]
    catalogue: Catalogue
    notebook: Notebook
    names: Names = field(init=False)
    table: dict[str, Any] = field(init=False)
    silent: Counter[str] = field(default_factory=Counter)
    silent_usd: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = Names(self.catalogue, self.notebook)
        self.table = data_table("fts")

    def row(self, id_: str, found: Found) -> ReleaseRow:
        """Return the row of one flow."""
        flow = found.flow
        given = objects(flow, "sourceObjects")
        taken = objects(flow, "destinationObjects")
        cells = cells_of(flow, given, taken)
        return ReleaseRow(
            cells=cells,
            origin=f"{found.place.file}#flow={id_}",
            key=id_,
            claims=self._claims(id_, flow, given, taken, cells, found.place.words),
            date=iso_day(flow.get("firstReportedDate")) or iso_day(flow.get("date")),
            title=clean(flow.get("description") or "") or None,
        )

    def notes(self) -> list[str]:
        """Return what of the release makes no statement, and why."""
        return [
            f"flows without a statement, for they {why}: {count} ({self.silent_usd[why]:,.0f} USD)"
            for why, count in sorted(self.silent.items())
        ]

    def _claims(
        self,
        id_: str,
        flow: Flow,
        given: Mapping[str, Sequence[str]],
        taken: Mapping[str, Sequence[str]],
        cells: Mapping[str, str],
        place: str,
    ) -> list[Claim]:
        where = f"{place} ({id_})"
        usd = self._amount(flow, where)
        rest = self._open(id_, flow, usd, where) if usd else None
        why = self._left_out(flow)
        if why is None and usd == 0:
            why = "are of no amount"
        if why is None and rest is not None and rest.high == 0:
            why = "are wholly in the flows below them"
        if why is not None:
            self.silent[why] += 1
            self.silent_usd[why] = self.silent_usd.get(why, 0.0) + (usd or 0.0)
            return []
        status = clean(flow.get("status") or "").casefold()
        kind = self.table["status"].get(status)
        if kind is None:
            what = f"the status {status!r} is unknown, so that it makes no statement"
            self.notebook.fault("unknown-status", what, place=where, mend="look at the flow")
            return []
        actors = {self.names.code(name, where) for name in given["Organization"]}
        fields: dict[str, Any] = {
            "kind": kind,
            "status": "firm",
            "scope": "new",
            "actors": sorted(actor for actor in actors if actor),
            "recipient": self._recipient(taken, where),
            "item": {"category": _CATEGORY, "designation": None},
            "money": self._money(flow, usd, rest, where),
            "when": day_of(flow, "decisionDate" if kind == "pledge" else "date", "date"),
            "speaker": cells.get("Reported by"),
        }
        quotes = [header for header in _QUOTED if header in cells]
        return [Claim(fields, quotes, {"speaker": "Reported by"})]

    def _left_out(self, flow: Flow) -> str | None:
        """Return why a flow only passes on what another one brought in."""
        out = self.table["left_out"]
        if flow.get("boundary") in out["boundary"]:
            return "move money inside the boundary that was asked for"
        if flow.get("flowType") in out["flow_type"]:
            return "pass money on or carry it over from an earlier year"
        return None

    def _open(self, id_: str, flow: Flow, usd: float, where: str) -> _Open:
        """Return what of a flow is not in the flows below it that are counted here.

        Some parents give the whole and some what is left: the flows below tell which, or both
        stand as the ends of an interval.
        """
        listed = flow.get("childFlowIds")
        found = [self.flows.get(str(one)) for one in listed] if isinstance(listed, list) else []
        children = [child for child in found if child is not None and self._left_out(child) is None]
        below = sum(dollars(child) or 0.0 for child in children)
        full = flow.get("fullParkedAmountUSD")
        if below == 0 or (isinstance(full, int | float) and full > usd * (1 + _TOLERANCE)):
            return _Open(usd, usd)
        if below > usd * (1 + _SAME):
            return _Open(usd, usd)  # The whole cannot be less than its parts: it is what is left.
        if below >= usd * (1 - _SAME):
            return _Open(0.0, 0.0)
        self.notebook.warning(
            "parent-flow",
            f"flow {id_} gives {usd:,.0f} USD, and flows below it give out {below:,.0f}: what is "
            f"left is between {usd - below:,.0f} and {usd:,.0f}",
            place=where,
            mend="look at the flow, and correct its statement if you know which",
        )
        return _Open(usd - below, usd)

    def _recipient(self, taken: Mapping[str, Sequence[str]], where: str) -> str | None:
        """Return the country that the money is for; the organisation where it is for several."""
        locations, bodies = taken["Location"], taken["Organization"]
        if len(locations) == 1:
            return self.names.code(locations[0], where)
        return self.names.code(bodies[0], where) if len(bodies) == 1 else None

    def _amount(self, flow: Flow, where: str) -> float | None:
        usd = dollars(flow)
        if usd is None and flow.get("amountUSD") is not None:
            what = f"amountUSD is {clean(flow['amountUSD'])[:40]!r}, which no flow can be"
            self.notebook.fault("amount", what, place=where, mend="fetch the flow again")
        return usd

    def _money(
        self, flow: Flow, usd: float | None, rest: _Open | None, where: str
    ) -> dict[str, Any] | None:
        """Return the amount in its first currency; in dollars where that does not hold together."""
        if rest is not None and rest.low != rest.high:
            return {"low": rest.low, "high": rest.high, "currency": "USD"}
        amount, rate = flow.get("originalAmount"), flow.get("exchangeRate")
        given = clean(flow.get("originalCurrency") or "")
        dollars = {"low": usd, "high": usd, "currency": "USD"} if usd is not None else None
        if not given or isinstance(amount, bool) or not isinstance(amount, int | float):
            return dollars
        try:
            currency = currency_of(given)
        except FigureError as error:
            what = f"{error}; the amount in USD stands for it"
            self.notebook.warning("unknown-currency", what, place=where, mend="look at the flow")
            return dollars
        if amount <= 0 or currency is None:
            return dollars
        # A rate of 1 stands where none was given, whatever the currency.
        if usd and isinstance(rate, int | float) and rate > 0 and rate != 1:
            off = abs(amount / rate / usd - 1)
            if off > _TOLERANCE:
                self.notebook.warning(
                    "amounts-differ",
                    f"{amount:,.0f} {currency} at {rate:g} are {amount / rate:,.0f} USD, but it "
                    f"gives {usd:,.0f} USD; the amount in USD stands",
                    place=where,
                    mend="look at the flow",
                )
                return dollars
        return {"low": float(amount), "high": float(amount), "currency": currency}
