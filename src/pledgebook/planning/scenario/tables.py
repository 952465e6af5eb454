"""The tables of a scenario file. Each key says what it is, in which unit, and what it is else."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pledgebook.planning.scenario.supply import Contract, Donor, Line
from pledgebook.planning.scenario.values import (
    PER,
    SOURCE,
    Each,
    EachOrBook,
    EachOrBooks,
    Figure,
    FigureOrBook,
    Flag,
    Month,
    Months,
    Name,
    Per,
    Positive,
    Share,
    Table,
)

__all__ = [
    "Cases",
    "Commitment",
    "Defaults",
    "Horizon",
    "Item",
    "Need",
    "Risk",
    "Scenario",
    "Short",
    "Stock",
    "Substitute",
    "Transport",
]

Span = Annotated[tuple[Positive, Positive], Field(description="low and high")]


class Horizon(Table):
    """When the plan begins and ends, and in which steps it is made."""

    first: Month = Field(alias="from", description="the first month of the plan")
    last: Month = Field(alias="to", description="its last month, included")
    step: Literal["month", "quarter"] = Field(
        "month", description="how long a step of the plan is; quarters begin with the first month"
    )
    year_begins: Annotated[int, Field(strict=True, ge=1, le=12)] = Field(
        1,
        description="the month (1 to 12) in which a budget year begins; "
        "the year is named by the calendar year that it ends in",
    )


class Defaults(Table):
    """What holds where a table says nothing else, as shares or multiples of an item's price."""

    drawing: Figure | None = Field(
        None, description="cost of handing over a unit from a shelf, as a share of its price"
    )
    holding: Figure | None = Field(
        None, description="cost of a unit in stock, as a share of its price a month"
    )
    shortage: dict[str, list[Figure]] | None = Field(
        None,
        description="by priority, the costs of a missing unit as multiples of its price, dearest "
        "first; each stands for an equal part of the need",
    )


class Item(Table):
    """What is known of an item, wherever it is named."""

    name: Name = Field(description="a name that the catalogue knows, or one of your own")
    own: Flag = Field(False, description="whether the catalogue is not to know it")
    unit: str | None = Field(None, description="what it is counted in, checked with the catalogue")
    price: Figure | None = Field(
        None, description="price of a unit, in the currency; else the mean of what its lines ask"
    )
    weight: Figure | None = Field(None, description="weight of a unit in tonnes, for transport")


class Substitute(Table):
    """Another item that can stand in for the one that is needed."""

    item: Name = Field(description="the other item")
    rate: Positive = Field(1.0, description="units of it that stand for one unit of the need")


class Short(Table):
    """A part of a need, and what a missing unit of it costs."""

    share: Share = Field(description="the part of the need, 0 to 1")
    multiple: Figure | None = Field(None, description="cost as a multiple of the item's price")
    cost: Figure | None = Field(None, description="cost of a missing unit, in the currency")


class Need(Table):
    """What a recipient wants of an item, over time."""

    recipient: Name = Field(description="who needs it: a party")
    item: Name = Field(description="what is needed")
    amount: EachOrBooks = Field(
        description='units a `per`; "book": what the book\'s series say is used, '
        '"book requirement": what they say is needed'
    )
    per: Per = Field("month", description=PER)
    name: Name | None = Field(None, description='a name of its own; else "ITEM for RECIPIENT"')
    priority: Annotated[int, Field(strict=True, ge=1, le=9)] = Field(
        1, description="its class, 1 (most urgent) to 9"
    )
    short: list[Short] | None = Field(
        None, description="parts and costs of a shortage; else by the priority"
    )
    spread: Span | None = Field(
        None,
        description="with cases: eight times in ten the amount is from `low` to `high` times "
        "what is said",
    )
    substitutes: list[Substitute] = Field([], description="items that can stand in for it")
    source: str | None = Field(None, description=SOURCE)


class Stock(Table):
    """What a recipient holds of an item, and what comes in whatever is planned."""

    recipient: Name = Field(description="who holds it")
    item: Name = Field(description="of what")
    opening: FigureOrBook | None = Field(
        None, description='units at the start; "book": what its series say; else none is counted on'
    )
    spread: Span | None = Field(
        None,
        description="with cases: eight times in ten the opening stock is from `low` to `high` "
        "times what is said",
    )
    arriving: EachOrBook | None = Field(
        None, description='units a `per` that come in; "book": open commitments, by their chances'
    )
    per: Per = Field("month", description=PER)
    holding: Figure | None = Field(
        None, description="cost of a unit in stock a month, in the currency"
    )
    name: Name | None = Field(None, description='a name of its own; else "RECIPIENT: ITEM"')
    source: str | None = Field(None, description=SOURCE)


class Commitment(Table):
    """An outstanding promise that is counted on by its chance, where the book does not tell it."""

    recipient: Name = Field(description="to whom it was promised")
    item: Name = Field(description="what was promised")
    quantity: Figure = Field(description="units that are outstanding")
    due: Month = Field(description="the month in which it is due")
    chance: Share = Field(description="the chance that it comes at all: a promise is no delivery")
    donor: Name | None = Field(None, description="who promised it")
    late: Annotated[tuple[Months, Months], Field(description="least and most")] | None = Field(
        None,
        description="eight times in ten, what comes is so many months late, `least` to `most`, "
        "any month alike",
    )
    source: str | None = Field(None, description=SOURCE)


class Transport(Table):
    """How much can set out, all together."""

    capacity: Each = Field(description="tonnes a `per`")
    per: Per = Field("month", description=PER)


class Risk(Table):
    """How bad cases weigh (conditional value at risk)."""

    weight: Share = Field(0.0, description="0 counts the mean shortage, 1 its worst tail alone")
    tail: Annotated[float, Field(gt=0, le=1, strict=True)] = Field(
        0.1, description="the share of cases that is the worst tail"
    )


class Cases(Table):
    """Courses that use and arrivals may take; without it, or with one, all is deterministic."""

    number: Annotated[int, Field(strict=True, ge=1, le=1000)] = Field(
        20, description="how many are planned for"
    )
    method: Literal["strata", "reduce"] = Field(
        "strata",
        description="strata: each figure's own quantiles, put together at random; reduce: many "
        "are drawn, and those kept that stand for the others best",
    )
    draws: Annotated[int, Field(strict=True, ge=1, le=5000)] = Field(
        500, description="how many are drawn before they are reduced"
    )
    seed: Annotated[int, Field(strict=True, ge=0)] = Field(
        1, description="the same seed, the same cases"
    )


class Scenario(Table):
    """What a planner may choose from and must respect. Only needs and a supply are not optional."""

    horizon: Horizon = Field(description="when, and in which steps")
    need: list[Need] = Field(description="what is wanted", min_length=1)
    title: str = Field("", description="what the scenario is called")
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = Field(
        "EUR", description="of all money, as three letters"
    )
    priorities: Literal["weighted", "lexicographic"] = Field(
        "weighted",
        description="weighted: the costs of shortage decide alone; lexicographic: the shortage of "
        "class 1 is made as small as can be first, then that of class 2",
    )
    parties: list[Name] = Field([], description="names of parties that the catalogue has not")
    memory: Positive | None = Field(
        None, description="gigabytes that the plan may take; else what the machine has"
    )
    defaults: Defaults = Field(
        Defaults.model_validate({}), description="what holds where nothing else is said"
    )
    item: list[Item] = Field([], description="items: prices, units, weights")
    stock: list[Stock] = Field([], description="what recipients hold")
    commitment: list[Commitment] = Field([], description="outstanding promises by their chances")
    donor: list[Donor] = Field([], description="who gives, with shelves and budgets")
    line: list[Line] = Field([], description="production lines")
    contract: list[Contract] = Field([], description="agreements on lines")
    transport: Transport | None = Field(None, description="what can be moved")
    risk: Risk = Field(Risk.model_validate({}), description="how bad cases weigh")
    cases: Cases = Field(
        Cases.model_validate({"number": 1}), description="how many courses are planned for"
    )
