"""How much a state gives, for the size of its economy and of its people.

Money counts as it was stated, and things without money at the prices of an imported price list;
what belongs to a package of stated worth is not counted again. What has no price, or no rate of
exchange, is counted beside it by number, and is no zero. What a state buys for itself is no burden.
Institutions such as the EU have no economy of their own and are shown apart, not shared out among
their members; so are commitments of several donors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pledgebook.ledger.answers.economies import Economies, Economy
from pledgebook.ledger.answers.grouping import GroupRow, group_rows
from pledgebook.ledger.answers.pieces import for_others
from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.filters import EVERYTHING, Filter
from pledgebook.ledger.intervals import Interval, Total
from pledgebook.ledger.money.sums import sums
from pledgebook.ledger.money.values import Valuation, ValueRow
from pledgebook.ledger.money.valuing import Valuer
from pledgebook.ledger.records import Entry
from pledgebook.ledger.stages import Stage
from pledgebook.ledger.status import status_rows
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["STAGES", "Burden", "BurdenList", "Gdp", "burden_list"]

Gdp = Literal["nominal", "ppp"]
STAGES = (Stage.PLEDGED, Stage.ON_ORDER, Stage.DELIVERED)
"""The stages that bear a burden; they stand side by side."""


@dataclass(frozen=True, slots=True)
class Burden:
    """What one donor gives.

    `worth` is by stage, in one currency; its unknown terms are the commitments without a price or a
    rate of exchange. `in_kind` counts, by stage, the commitments that a price list values.
    `of_gdp` are shares, 0.01 being one per cent, `per_head` amounts for each inhabitant; both are
    empty where the economy is not known, or where the donor is none.
    """

    group: GroupRow
    economy: Economy | None
    gdp: int | None
    worth: Mapping[Stage, Total]
    in_kind: Mapping[Stage, int]
    of_gdp: Mapping[Stage, Interval]
    per_head: Mapping[Stage, Interval]

    @property
    def id(self) -> str:
        """The id of the donor's commitments, which opens them."""
        return self.group.id

    @property
    def donor(self) -> str:
        """The donor's code, or those of joint donors with commas between."""
        return self.group.labels[0] or ""


@dataclass(frozen=True, slots=True)
class BurdenList:
    """The states, the heaviest burden first, and apart from them who has no economy of its own.

    `currency` is that of all amounts, `sources` are those of the rates of exchange and of prices.
    """

    gdp: Gdp
    currency: str
    economies: Economies
    states: tuple[Burden, ...]
    apart: tuple[Burden, ...]
    sources: tuple[str, ...]


def burden_list(
    commitments: Sequence[Commitment],
    entries: Mapping[str, Entry],
    catalogue: Catalogue,
    economies: Economies,
    valuer: Valuer,
    *,
    gdp: Gdp = "nominal",
    only: Filter = EVERYTHING,
) -> BurdenList:
    """Return the burden of each donor. The valuer's currency is that of the GDP: dollars."""
    given = [
        one
        for one in commitments
        if for_others(one) and any(stage in one.stages for stage in STAGES)
    ]
    states: list[Burden] = []
    apart: list[Burden] = []
    sources: dict[str, None] = {}
    for group in group_rows(given, ["donor"], entries, catalogue, only=only, whole=True):
        if group.labels[0] is None:
            continue
        values = valuer.rows(status_rows(group.commitments))
        sources |= dict.fromkeys(
            source for row in values for one in row.valuations for source in _sources(one)
        )
        row = _row(group, values, economies, gdp)
        party = catalogue.parties.get(row.donor)
        is_state = party is not None and party.kind == "state"
        (states if is_state else apart).append(row)
    return BurdenList(
        gdp=gdp,
        currency=valuer.currency,
        economies=economies,
        states=tuple(sorted(states, key=_order)),
        apart=tuple(sorted(apart, key=_order)),
        sources=tuple(sources),
    )


def _sources(valuation: Valuation) -> list[str]:
    """Return what the figures of a valuation rest on besides the reports."""
    found = [one.source for one in valuation.money]
    if valuation.amount is None and valuation.in_kind is not None:
        kind = valuation.in_kind
        found += [kind.price.of_list] if kind.price is not None else []
        found += [kind.unit_price.source] if kind.unit_price is not None else []
    return [source for source in found if source]


def _row(group: GroupRow, values: Sequence[ValueRow], economies: Economies, gdp: Gdp) -> Burden:
    found = {one.stage: one for one in sums(values) if one.stage in STAGES}
    worth = {stage: one.counted for stage, one in found.items() if one.counted is not None}
    priced: Counter[Stage] = Counter()
    for row in values:
        priced[row.stage] += sum(_is_priced(one) for one in row.valuations)
    economy = economies.by_code.get(group.labels[0] or "")
    size = None
    if economy is not None:
        size = economy.gdp_nominal if gdp == "nominal" else economy.gdp_ppp
    heads = economy.population if economy else None
    return Burden(
        group=group,
        economy=economy,
        gdp=size,
        worth=worth,
        in_kind={stage: priced[stage] for stage in worth if priced[stage]},
        of_gdp=_over(worth, size),
        per_head=_over(worth, heads),
    )


def _is_priced(one: Valuation) -> bool:
    """Tell whether it counts by the price of things, not by money that was stated."""
    return one.amount is None and one.in_kind is not None and one.in_kind.value.known


def _over(worth: Mapping[Stage, Total], size: int | None) -> dict[Stage, Interval]:
    """Divide what is known of each stage; nothing known stays nothing known."""
    if size is None:
        return {}
    return {
        stage: Interval(total.low / size, None if total.high is None else total.high / size)
        for stage, total in worth.items()
        if total.low is not None
    }


def _order(row: Burden) -> tuple[float, float, str, str]:
    """Put the heaviest first: by what was promised or ordered, then by the amount."""
    promised = (Stage.PLEDGED, Stage.ON_ORDER)
    shares = [row.of_gdp[stage].floor for stage in promised if stage in row.of_gdp]
    amounts = [row.worth[stage].low or 0.0 for stage in promised if stage in row.worth]
    return -max(shares, default=-1.0), -max(amounts, default=-1.0), row.donor, row.id
