"""A row of figures as statements; what makes none, and what was read into it, is told."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pledgebook.exchange.figures import (
    FigureError,
    Interval,
    interval_of,
    is_blank,
    is_missing,
    period_of,
)
from pledgebook.exchange.intake import Names, Notebook
from pledgebook.exchange.observations.layout import Layout
from pledgebook.exchange.observations.natures import Meaning, meaning_of
from pledgebook.exchange.observations.periods import Told, told_period
from pledgebook.exchange.observations.units import Measure, measure_of
from pledgebook.exchange.observations.words import Words
from pledgebook.exchange.rows import Claim, ReleaseRow
from pledgebook.exchange.sheets import SheetRow
from pledgebook.exchange.things import Thing, thing_of
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.period import bounds
from pledgebook.vocabulary.statement import Category, Kind, Scope, Status

__all__ = ["Reading"]

T = TypeVar("T")
_QUOTED = ("subject", "recipient", "item", "metric", "low", "high", "value", "unit", "period")
_KEY = ("subject", "item", "metric", "period", "speaker")
_GIVEN = frozenset({Kind.PLEDGE, Kind.DELIVERY})
_SUMS = frozenset({Kind.PRODUCTION, Kind.EXPENDITURE})


@dataclass(frozen=True, slots=True)
class _Row:
    place: str
    texts: dict[str, str]
    headers: dict[str, str]

    def at(self, name: str) -> str:
        header = self.headers.get(name)
        return f"{self.place}, column {header}" if header else self.place

    @property
    def name(self) -> str:
        return self.texts.get("key") or self.place


@dataclass(slots=True)
class Reading:
    """Turns the rows of one table into claims, and gathers what a reader must know of them."""

    words: Words
    catalogue: Catalogue
    notebook: Notebook
    names: Names = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)
    unsaid: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _things: dict[str, Thing | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = Names(self.catalogue, self.notebook)

    def notes(self) -> list[str]:
        """Return which rows make no statement and why, and what was read into others."""
        reasons = [
            f"rows without a statement, since {reason}: {', '.join(rows)}"
            for reason, rows in sorted(self.unsaid.items())
        ]
        return reasons + [f"{what}: {count}" for what, count in sorted(self.counts.items())]

    def row(self, layout: Layout, row: SheetRow, cells: dict[str, str]) -> ReleaseRow:
        """Return one row with what it says."""
        place = f"row {row.number}"
        if not layout.grid.sheet.single:
            place = f"sheet {layout.grid.sheet.name}, {place}"
        said = {
            name: cells[header]
            for name, header in layout.headers.items()
            if header in cells and not is_blank(cells[header])
        }
        seen = _Row(place, said, layout.headers)
        link = re.search(r"https?://[^\s;,]+", said.get("url", ""))
        claim = self._claim(seen)
        return ReleaseRow(
            cells=cells,
            origin=layout.grid.sheet.origin(row),
            key=said.get("key") or "|".join(said.get(name, "").casefold() for name in _KEY),
            claims=[claim] if claim else [],
            date=self._day(seen),
            url=link[0] if link else None,
            title=" ".join(said[name] for name in ("subject", "item", "metric") if name in said),
        )

    def _claim(self, seen: _Row) -> Claim | None:
        meaning = meaning_of(seen.texts.get("metric", ""), seen.texts.get("status", ""), self.words)
        for word in meaning.unknown:
            self.notebook.many(
                "unknown-status",
                "words of a status that nobody knows change nothing",
                word,
                place=seen.at("status"),
                mend="say what they mean under [status] of a mapping",
            )
        if meaning.kind is None:
            self.unsaid[meaning.reason].append(seen.name)
            if meaning.unread:
                what = f"{seen.texts.get('metric', 'nothing')!r} is no metric that is known"
                mend = "say what it means under [metric] of a mapping"
                self.notebook.fault("unknown-metric", what, place=seen.at("metric"), mend=mend)
            return None
        if not any(name in seen.texts for name in ("low", "high", "value")):
            self.unsaid["no figure stands in them"].append(seen.name)
            return None
        thing = self._thing(meaning.item or seen.texts.get("item", ""), seen)
        if thing is None:
            self.unsaid["no item is named"].append(seen.name)
            return None
        return self._made(seen, meaning, meaning.kind, thing)

    def _made(self, seen: _Row, meaning: Meaning, kind: Kind, thing: Thing) -> Claim:
        actors = self._actors(seen)
        told = self._period(seen, actors)
        promised = "transfers that are promised, at least in part, and stand as pledges"
        for note in (*told.notes, *((promised,) if meaning.promised else ())):
            self.counts[note] += 1
        amount, per = self._amount(seen, meaning, kind, thing)
        sums = kind in _SUMS and per is None
        scope = meaning.scope or (Scope.TOTAL if sums else Scope.NEW)
        tentative = told.tentative or meaning.status is Status.TENTATIVE
        fields: dict[str, Any] = {
            "kind": kind.value,
            "status": (Status.TENTATIVE if tentative else Status.FIRM).value,
            "scope": scope.value,
            "actors": actors,
            "recipient": self._recipient(seen, meaning, kind, actors),
            "item": thing.fields(),
            "when": told.when,
            "supplier": self._maker(seen, actors) if kind is Kind.PRODUCTION else None,
            "speaker": seen.texts.get("speaker"),
            **amount,
        }
        quotes = [name for name in (*_QUOTED, "status") if name in seen.texts]
        grounds = {"speaker": seen.headers["speaker"]} if "speaker" in seen.texts else {}
        return Claim(fields, [seen.headers[name] for name in quotes], grounds)

    def _amount(
        self, seen: _Row, meaning: Meaning, kind: Kind, thing: Thing
    ) -> tuple[dict[str, Any], str | None]:
        """Return the quantity or money of a row, and the period of a rate."""
        measure = self._try(
            seen, "unit", lambda said: measure_of(said, thing, self.words, self.catalogue)
        ) or Measure(thing.unit)
        found = self._interval(seen, meaning)
        if measure.per is not None and kind is Kind.STOCK:
            what = "a stock has no rate: the figure stays unknown"
            self._fault("unit", what, seen, "unit")
            return {}, None
        if measure.strange:
            what = f"the unit {measure.unit!r} is unknown and stands as it is"
            mend = f"write one of {', '.join(self.catalogue.units)}"
            self.notebook.warning("unknown-unit", what, place=seen.at("unit"), mend=mend)
        if found is None:
            return {}, measure.per
        low, high, about = found
        low, high = (None if end is None else round(end * measure.scale, 6) for end in (low, high))
        if measure.currency is not None:
            money = {"low": low, "high": high, "currency": measure.currency, "per": measure.per}
            return {"money": money}, measure.per
        quantity = {"low": low, "high": high, "unit": measure.unit, "per": measure.per}
        return {"quantity": quantity | {"approx": about or meaning.approx}}, measure.per

    def _interval(self, seen: _Row, meaning: Meaning) -> Interval | None:
        """Return low and high: of two columns an empty one is an open end."""
        if "low" not in seen.texts and "high" not in seen.texts:
            found = self._try(seen, "value", interval_of)
        else:
            ends = {name: seen.texts.get(name, "") for name in ("low", "high")}
            read = {
                name: self._try(seen, name, interval_of)
                for name, said in ends.items()
                if said and not is_missing(said)
            }
            if any(one is None for one in read.values()):
                return None  # Told: one end alone would be another figure.
            low, high = read.get("low"), read.get("high")
            found = (
                low[0] if low else None,
                high[1] if high else None,
                any(one is not None and one[2] for one in read.values()),
            )
            if found[0] is not None and found[1] is not None and found[0] > found[1]:
                self._fault("quantity", "it ends lower than it begins", seen, "low")
                return None
        if found is None or found[:2] == (None, None):
            return None
        return self._bounded(found, meaning, seen)

    def _bounded(self, found: Interval, meaning: Meaning, seen: _Row) -> Interval:
        low, high, about = found
        if meaning.most and high is not None:
            return None, high, about
        if meaning.most:
            what = "it is called a highest figure and has no upper end: it stands as 'at least'"
            self.notebook.warning("open-maximum", what, place=seen.at("status"))
        if meaning.least and low is not None:
            return low, None, about
        return low, high, about

    def _actors(self, seen: _Row) -> list[str]:
        said = seen.texts.get("subject", "")
        if not said:
            return []
        if self.names.known(said) is not None:
            return [str(self.names.known(said))]
        parts = [said]
        for mark in self.words.separators.subject:
            parts = [piece for part in parts for piece in part.split(mark)]
        at = seen.at("subject")
        codes = {self.names.code(part.strip(), at) for part in parts if part.strip()}
        return sorted(code for code in codes if code)

    def _recipient(self, seen: _Row, meaning: Meaning, kind: Kind, actors: list[str]) -> str | None:
        if meaning.party_gets and len(actors) == 1:
            return actors[0]
        if kind not in _GIVEN and not (kind is Kind.CONTRACT and "recipient" in seen.texts):
            return None
        said = meaning.recipient or seen.texts.get("recipient") or self.words.fixed.recipient or ""
        at = seen.at("metric" if meaning.recipient else "recipient")
        return self.names.code(said, at) if said else None

    def _maker(self, seen: _Row, actors: list[str]) -> str | None:
        """Return the maker whose output is told, where it is a company; a state is none."""
        parties = [self.catalogue.parties.get(code) for code in actors]
        made = bool(parties) and all(one and one.kind == "company" for one in parties)
        return seen.texts["subject"] if made else None

    def _thing(self, said: str, seen: _Row) -> Thing | None:
        if not said:
            mend = "fill the cell"
            self.notebook.fault("item", "no item is named", place=seen.at("item"), mend=mend)
            return None
        if said not in self._things:
            self._things[said] = thing_of(said, self.catalogue)
        found = self._things[said]
        if found is not None:
            return found
        self.notebook.many(
            "unknown-item",
            "items that the catalogue does not know stand as 'other'",
            said,
            place=seen.at("item"),
            mend="add them to the catalogue file of the book, then import again",
        )
        return Thing(Category.OTHER, said, "item")

    def _period(self, seen: _Row, actors: list[str]) -> Told:
        party = actors[0] if len(actors) == 1 else None
        told = self._try(seen, "period", lambda said: told_period(said, self.words, party))
        return told or Told()

    def _day(self, seen: _Row) -> dt.date | None:
        """Return the day by which a figure was out: the last of the month or year that is given.

        Nobody may be held to have known it before.
        """
        when = self._try(seen, "published", period_of)
        if when is None:
            self.counts["rows without a day of publication, which count from their import"] += 1
            return None
        first, last = bounds(when)
        if first != last:
            what = "rows published in a month or year, which count from its last day"
            self.counts[what] += 1
        return last

    def _try(self, seen: _Row, name: str, read: Callable[[str], T | None]) -> T | None:
        try:
            return read(seen.texts.get(name, ""))
        except FigureError as error:
            self._fault(name, f"{error}: it stays unknown", seen, name)
            return None

    def _fault(self, code: str, what: str, seen: _Row, name: str) -> None:
        mend = "correct the cell, then import again"
        self.notebook.fault(f"figure-{code}", what, place=seen.at(name), mend=mend)
