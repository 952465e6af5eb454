"""The tables of a scenario that say what can be given: shelves, lines, contracts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pledgebook.planning.scenario.values import (
    PER,
    SOURCE,
    Each,
    Figure,
    FigureOrBook,
    Flag,
    Month,
    Months,
    Name,
    Per,
    Share,
    Table,
    Yearly,
)

__all__ = [
    "Contract",
    "Customer",
    "Donor",
    "Expansion",
    "Line",
    "LineBreak",
    "PriceStep",
    "Restart",
    "Shelf",
    "Surge",
]


class Shelf(Table):
    """What a donor holds of an item and may hand over."""

    item: Name = Field(description="of what")
    held: FigureOrBook = Field(description='units held at the start; "book": what its series say')
    reserve: Figure = Field(0.0, description="units that always stay: the minimum reserve")
    replenished: Each | None = Field(None, description="units a `per` that come onto the shelf")
    most: Each | None = Field(None, description="units a `per` handed over at most; else any")
    per: Per = Field("month", description=PER)
    cost: Figure | None = Field(
        None, description="cost of handing over a unit, in the currency, paid by the donor"
    )
    delay: Months = Field(0, description="months from the decision to the arrival")
    recipients: list[Name] | None = Field(None, description="to whom; else to all that need it")
    name: Name | None = Field(None, description='a name of its own; else "DONOR: ITEM"')
    source: str | None = Field(None, description=SOURCE)


class Donor(Table):
    """Who gives: budgets, its part of the burden, and shelves."""

    name: Name = Field(description="a party")
    budget: Yearly | None = Field(
        None,
        description="money by budget year, in the currency; a year that the horizon touches in "
        "part has what is left for that part; without a budget, what it pays has no bound",
    )
    share: Annotated[tuple[Share, Share], Field(description="least and most")] | None = Field(
        None, description="burden sharing: its part of all spending lies from `least` to `most`"
    )
    shelf: list[Shelf] = Field([], description="what it may hand over")
    source: str | None = Field(None, description=SOURCE)


class Expansion(Table):
    """Capacity that can be added to a line once."""

    added: Figure = Field(description="units a `per` (of the line) that are added")
    cost: Figure = Field(description="its fixed cost, in the currency")
    delay: Months = Field(description="months from the decision to the first added order")
    first: Month | None = Field(
        None, alias="from", description="the first month to decide it; else the horizon's"
    )
    last: Month | None = Field(
        None, alias="to", description="the last month to decide it; else the horizon's"
    )
    name: Name | None = Field(None, description='a name of its own; else "LINE expanded"')
    source: str | None = Field(None, description=SOURCE)


class Surge(Table):
    """Capacity that is made ready beforehand and runs from the warning on."""

    added: Figure = Field(description="units a `per` (of the line) that are added")
    cost: Figure = Field(description="cost of making it ready (provisioning), in the currency")
    provisioning: Months = Field(description="months that it takes to make ready")
    warning: Month = Field(description="the month of the warning: it runs from then on, if ready")
    response: Months = Field(0, description="months from the warning to the first order")
    name: Name | None = Field(None, description='a name of its own; else "LINE surge"')


class Restart(Table):
    """What it takes to start an idle line; without it, a line runs."""

    cost: Figure = Field(description="its fixed cost, in the currency")
    delay: Months = Field(description="months from the decision to the first order")
    least: Figure = Field(0.0, description="units a `per` (of the line) ordered at least then")
    run: Months = Field(0, description="for how many months it must run so")


class Customer(Table):
    """Another customer of a line, whose orders are made first."""

    amount: Each = Field(description="units a `per` (of the line) that it takes")
    name: Name | None = Field(None, description="who it is")


class LineBreak(Table):
    """A price break: a rebate on what is ordered beyond a quantity within a period."""

    beyond: Figure = Field(description="units ordered in the period before the rebate begins")
    rebate: Share = Field(description="share of the price that is left off each unit beyond")


class Line(Table):
    """A production line that can be ordered from."""

    item: Name = Field(description="what it makes")
    capacity: Each = Field(description="units a `per` that can be ordered: the maximum rate")
    lead: Months = Field(description="months from order to arrival: the procurement delay")
    price: Each | None = Field(None, description="price of a unit; else the item's")
    maker: Name | None = Field(None, description="who makes it: a party")
    name: Name | None = Field(None, description='a name of its own; else "MAKER: ITEM"')
    per: Per = Field("month", description=PER)
    least: Figure = Field(
        0.0, description="units a `per` ordered at least, if any: the minimum sustaining rate"
    )
    ramp: Figure | None = Field(
        None, description="units a `per` by which orders may grow from a step to the next; else any"
    )
    customer: list[Customer] = Field([], description="other customers, served first")
    price_break: list[LineBreak] = Field([], description="price breaks, lowest quantity first")
    break_months: Months = Field(3, description="months over which a price break counts orders")
    rebate_paid: Flag = Field(
        True, description="whether a rebate lowers what budgets pay; else it is a gain beside them"
    )
    expansion: list[Expansion] = Field([], description="ways to add capacity")
    surge: list[Surge] = Field([], description="capacity made ready ahead of a warning")
    restart: Restart | None = Field(None, description="the line is idle until it is restarted")
    buyers: list[Name] | None = Field(
        None, description="donors that may pay; else every donor with a budget"
    )
    recipients: list[Name] | None = Field(None, description="for whom; else for all that need it")
    advance: Share = Field(
        1.0, description="share paid in the year of the order; the rest in that of the arrival"
    )
    fixed_paid: Flag = Field(
        False,
        description="whether budgets pay for expansions, restarts and signing; else they are only "
        "counted in the cost",
    )
    source: str | None = Field(None, description=SOURCE)


class PriceStep(Table):
    """A price for those who bind themselves to take so many a year."""

    take: Figure = Field(description="units a year that must be taken at least")
    price: Figure = Field(description="price of each unit then, in the currency")


class Contract(Table):
    """An agreement on a line, beside its own terms and within its capacity: signed or not."""

    line: Name = Field(description="the name of the line")
    kind: Literal["spot", "framework", "multi-year", "joint"] = Field(
        "framework", description="what it is; a joint purchase needs several buyers"
    )
    price: Figure | None = Field(None, description="price of a unit; else by its price breaks")
    buyers: list[Name] | None = Field(
        None, description="donors that are bound; else every donor with a budget"
    )
    name: Name | None = Field(None, description='a name of its own; else "KIND: LINE"')
    first: Month | None = Field(
        None, alias="from", description="the month of signing; else the horizon's first"
    )
    last: Month | None = Field(None, alias="to", description="the last month to call on it")
    most: Each | None = Field(None, description="units a `per` called at most; else any")
    per: Per = Field("month", description=PER)
    take: Yearly | None = Field(
        None, description="units that must be taken at least, by budget year"
    )
    fixed: Figure = Field(0.0, description="cost of signing, in the currency")
    price_break: list[PriceStep] = Field(
        [],
        description="quantity price breaks: one price for all units, for those who take so many "
        "a year; at most one of them need be signed",
    )
    least_buyers: Annotated[int, Field(strict=True, ge=1)] | None = Field(
        None, description="how many buyers must pay; 2 for a joint purchase, else 1"
    )
    least_part: Share = Field(0.05, description="share of the payments that counts as a buyer's")
    source: str | None = Field(None, description=SOURCE)
