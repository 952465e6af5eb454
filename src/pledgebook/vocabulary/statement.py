"""The statement and its parts, as the coding book defines them.

A statement is one assertion, made in a document, that one or more parties asked for, promised,
ordered, handed over, make, use up, hold, train or refuse something.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pledgebook.vocabulary.period import PERIOD_PATTERN


class Kind(StrEnum):
    """What the parties are said to do."""

    REQUEST = "request"
    PLEDGE = "pledge"
    DELIVERY = "delivery"
    CONTRACT = "contract"
    PRODUCTION = "production"
    EXPENDITURE = "expenditure"
    STOCK = "stock"
    TRAINING = "training"
    REFUSAL = "refusal"


class Status(StrEnum):
    """Whether it is asserted as decided or done, or only considered."""

    FIRM = "firm"
    TENTATIVE = "tentative"


class Scope(StrEnum):
    """Whether the document announces it, sums it up, or recalls it."""

    NEW = "new"
    TOTAL = "total"
    BACKGROUND = "background"


class Category(StrEnum):
    """The item categories of the coding book."""

    TANK = "tank"
    INFANTRY_FIGHTING_VEHICLE = "infantry-fighting-vehicle"
    ARMOURED_VEHICLE = "armoured-vehicle"
    ARTILLERY = "artillery"
    ROCKET_ARTILLERY = "rocket-artillery"
    AIR_DEFENCE = "air-defence"
    ANTI_TANK_WEAPON = "anti-tank-weapon"
    AIRCRAFT = "aircraft"
    HELICOPTER = "helicopter"
    DRONE = "drone"
    SHIP = "ship"
    RADAR_ELECTRONICS = "radar-electronics"
    ENGINEERING_VEHICLE = "engineering-vehicle"
    VEHICLE = "vehicle"
    SMALL_ARMS = "small-arms"
    ARTILLERY_AMMUNITION = "artillery-ammunition"
    ROCKET_AMMUNITION = "rocket-ammunition"
    AMMUNITION = "ammunition"
    MISSILE = "missile"
    MINE_EXPLOSIVE = "mine-explosive"
    PERSONAL_EQUIPMENT = "personal-equipment"
    MEDICAL = "medical"
    ENERGY = "energy"
    FUEL = "fuel"
    MAINTENANCE = "maintenance"
    TRAINING_SERVICE = "training-service"
    MILITARY_AID = "military-aid"
    FINANCIAL_AID = "financial-aid"
    HUMANITARIAN_AID = "humanitarian-aid"
    MIXED_AID = "mixed-aid"
    OTHER = "other"


class Per(StrEnum):
    """The period of a rate."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Interval(_Frozen):
    low: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    high: float | None = Field(default=None, ge=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError("an interval needs a low or a high end; unknown is None, not zero")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}")
        return self


class Quantity(_Interval):
    """An interval of units, with the period where it is a rate; an open end is None."""

    unit: str = Field(default="item", min_length=1)
    per: Per | None = None
    approx: bool = False


class Money(_Interval):
    """An interval of an ISO 4217 currency, as first given in the text."""

    currency: str = Field(pattern=r"^[A-Z]{3}$")
    per: Per | None = None


class Item(_Frozen):
    """What it is about: a category, and the model or calibre where the text gives one."""

    category: Category
    designation: str | None = None


class Evidence(_Frozen):
    """A piece of a document: `text[start:end]` is `quote`."""

    document: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    quote: str = Field(min_length=1)

    @model_validator(mode="after")
    def _measured(self) -> Self:
        if self.end - self.start != len(self.quote):
            raise ValueError("the quote is not as long as its span")
        return self


class Ground(_Frozen):
    """Where in the document one field of a statement was found, when outside its evidence too."""

    field: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)


class Statement(_Frozen):
    """One coded assertion in a document. No statement is without evidence."""

    kind: Kind
    status: Status = Status.FIRM
    scope: Scope = Scope.NEW
    actors: tuple[str, ...] = Field(description="sorted party codes; a company as written")
    recipient: str | None = None
    item: Item
    quantity: Quantity | None = None
    money: Money | None = None
    when: str | None = Field(default=None, pattern=PERIOD_PATTERN)
    supplier: str | None = None
    speaker: str | None = None
    evidence: Evidence
    grounds: tuple[Ground, ...] = ()
    rule: str = Field(default="", description="the rule or model that made it")
    score: float = Field(default=1.0, ge=0, le=1)

    @model_validator(mode="after")
    def _sorted_actors(self) -> Self:
        if list(self.actors) != sorted(set(self.actors)):
            raise ValueError("actors are sorted and each is named once")
        return self

    def to_corpus(self) -> dict[str, Any]:
        """Return the statement in the corpus format: the fields of the coding book, plain JSON."""
        fields = self.model_dump(mode="json", exclude={"evidence", "grounds", "rule", "score"})
        if fields["money"] is not None and fields["money"]["per"] is None:
            del fields["money"]["per"]
        return {**fields, "commitment": None, "evidence": self.evidence.quote}
