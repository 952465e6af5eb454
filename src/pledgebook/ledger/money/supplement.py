"""Rates that the European Central Bank's table lacks, from sourced data files."""

from __future__ import annotations

import datetime as dt
import os
from importlib.resources import files
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pledgebook.errors import CatalogueError
from pledgebook.vocabulary.toml_text import loads

__all__ = ["RateEntry", "RateFile", "RateSource", "load_rate_files", "own_rates"]

_PACKAGE_FILE = "ledger/money/data/rates.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class RateSource(_Strict):
    """Who published a rate, and how good it is."""

    title: str = Field(min_length=1)
    url: str | None = None
    quality: str | None = None


class RateEntry(_Strict):
    """One unit of `per` costs `rate` units of `currency`, on every day from `first` to `last`."""

    currency: str = Field(pattern=r"^[A-Z]{3}$")
    per: str = Field(pattern=r"^[A-Z]{3}$")
    rate: float = Field(gt=0, allow_inf_nan=False)
    first: dt.date = Field(alias="from")
    last: dt.date | None = Field(default=None, alias="to")
    source: str

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"it ends on {self.last}, before it begins on {self.first}")
        if self.per == self.currency or self.currency == "EUR":
            raise ValueError(f"{self.currency} per {self.per} is no rate that could be needed")
        return self

    def holds_on(self, day: dt.date) -> bool:
        """Tell whether the rate holds on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


class RateFile(_Strict):
    """A file of rates: its sources by name, its rates, and how far back a rate may be taken."""

    max_days_back: int = Field(default=7, ge=0, le=31)
    source: dict[str, RateSource] = {}
    rate: tuple[RateEntry, ...] = ()


def own_rates(place: str) -> Path | None:
    """Return the user's own file of rates: "<book>.rates.toml", or what PLEDGEBOOK_RATES names."""
    if "://" not in place:
        book = Path(place)
        beside = book.with_name(f"{book.stem}.rates.toml")
        if beside.exists():
            return beside
    given = os.environ.get("PLEDGEBOOK_RATES")
    return Path(given) if given else None


def load_rate_files(own: Path | None = None) -> RateFile:
    """Return the package's rates with those of a user's own file, which go first.

    Raises CatalogueError, with the file and the entry, where the user's is wrong.
    """
    packaged = files("pledgebook") / _PACKAGE_FILE
    ours = _parse(_PACKAGE_FILE, packaged.read_bytes())
    if own is None:
        return ours
    try:
        data = own.read_bytes()
    except OSError as error:
        what = f"the rates cannot be read: {error.strerror}"
        raise CatalogueError(what, where=str(own), mend="Check the path") from error
    theirs = _parse(str(own), data, known=ours.source)
    return RateFile(
        max_days_back=theirs.max_days_back,
        source=ours.source | theirs.source,
        rate=(*theirs.rate, *ours.rate),
    )


def _parse(name: str, data: bytes, known: dict[str, RateSource] | None = None) -> RateFile:
    try:
        found = RateFile.model_validate(loads(data.decode("utf-8-sig")))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise CatalogueError(first["msg"], where=f"{name}, {place}", mend="Correct it") from error
    except ValueError as error:  # no UTF-8, or no TOML
        raise CatalogueError(str(error), where=name, mend="Write it as TOML in UTF-8") from error
    sources = {**(known or {}), **found.source}
    for number, entry in enumerate(found.rate):
        if entry.source not in sources:
            raise CatalogueError(
                f"the source {entry.source!r} is not described",
                where=f"{name}, rate.{number}",
                mend=f"Add [source.{entry.source}] with its title",
            )
    return found
