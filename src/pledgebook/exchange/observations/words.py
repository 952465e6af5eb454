"""What the words of a table of figures mean: a data file, and a user's own additions to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pledgebook.errors import UsageError
from pledgebook.exchange.celltext import header_key
from pledgebook.exchange.intake import clean, data_table
from pledgebook.vocabulary.period import PERIOD_PATTERN, bounds
from pledgebook.vocabulary.statement import Kind, Scope, Status
from pledgebook.vocabulary.toml_files import TomlKind

__all__ = ["FIELDS", "Metric", "Nature", "Words", "folded", "load_words", "shipped_words"]

_KIND = TomlKind("the mapping")

FieldName = Literal[
    "key",
    "subject",
    "item",
    "metric",
    "low",
    "high",
    "value",
    "unit",
    "period",
    "status",
    "speaker",
    "url",
    "published",
    "recipient",
]
FIELDS: tuple[str, ...] = get_args(FieldName)
"""The fields that a column can be."""

_NAMED = ("metric", "status")

Listed = Annotated[
    tuple[str, ...], BeforeValidator(lambda said: [said] if isinstance(said, str) else said)
]


def _period(when: str) -> str:
    if re.fullmatch(PERIOD_PATTERN, when) is None:
        raise ValueError("no day, month or year, and no span of two of these")
    bounds(when)
    return when


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Metric(_Part):
    """What a figure is; `reason` says why one makes no statement."""

    words: Listed = ()
    kind: Kind | None = None
    status: Status | None = None
    scope: Scope | None = None
    party_gets: bool = False
    reason: str = ""


class Nature(_Part):
    """What the status of a figure changes.

    `approx`: it is about right. `most` and `least`: it is an upper or a lower bound. `promised`:
    what is counted as handed over is promised, at least in part. `kind` counts where the metric
    leaves it open.
    """

    words: Listed = ()
    kind: Kind | None = None
    status: Status | None = None
    approx: bool = False
    most: bool = False
    least: bool = False
    promised: bool = False


class _Separators(_Part):
    subject: Listed = ()


class _Fixed(_Part):
    recipient: str | None = None


class _Prefixes(_Part):
    item: Listed = ()
    recipient: Listed = ()


class _Untold(_Part):
    silent: Listed = ()
    told: Listed = ()
    tentative: Listed = ()


class _PeriodWords(_Part):
    by: Listed = ()
    about: Listed = ()
    fiscal: Listed = ()


Month = Annotated[int, Field(ge=1, le=12)]


class _Periods(_Part):
    named: dict[str, Annotated[str, AfterValidator(_period)]] = Field(default_factory=dict)
    untold: _Untold = _Untold()
    parts: dict[str, tuple[Month, Month]] = Field(default_factory=dict)
    words: _PeriodWords = _PeriodWords()


class _Units(_Part):
    nouns: Listed = ()
    per: Listed = ()
    periods: dict[str, Listed] = Field(default_factory=dict)
    scales: dict[str, float] = Field(default_factory=dict)


class Words(_Part):
    """All that is known of the words of such tables; a mapping of a user's has the same parts."""

    columns: dict[FieldName, Listed] = Field(default_factory=dict)
    separators: _Separators = _Separators()
    fixed: _Fixed = _Fixed()
    metric: dict[str, Metric] = Field(default_factory=dict)
    prefixes: _Prefixes = _Prefixes()
    status: dict[str, Nature] = Field(default_factory=dict)
    periods: _Periods = _Periods()
    fiscal: dict[str, Month] = Field(default_factory=dict)
    units: _Units = _Units()

    def metrics(self) -> dict[str, Metric]:
        """Return what each word for a metric means."""
        return {folded(word): one for one in self.metric.values() for word in one.words}

    def natures(self) -> dict[str, Nature]:
        """Return what each word for a status means."""
        return {folded(word): one for one in self.status.values() for word in one.words}

    def fields(self) -> dict[str, tuple[str, int]]:
        """Return by header which field it is, and how far down the list of its names it stands."""
        found: dict[str, tuple[str, int]] = {}
        for name, headers in self.columns.items():
            for rank, header in enumerate(headers):
                key = header_key(header)
                if key not in found or rank < found[key][1]:
                    found[key] = (name, rank)
        return found


def folded(text: str) -> str:
    """Return a word as it is compared: no case, single blanks, no quotation marks around it."""
    return clean(text).strip("\"'\u201c\u201d\u201e\u00ab\u00bb ").casefold()


@cache
def shipped_words() -> Words:
    """Return the words that ship with the package."""
    return Words.model_validate(data_table("observations"))


def load_words(path: Path) -> Words:
    """Return the words of a user's mapping, before those that ship.

    Raises UsageError, with the field, where the file cannot be read or breaks the schema.
    """
    own = _KIND.tables(_KIND.load(path), str(path))
    try:
        Words.model_validate(own)
        return Words.model_validate(_merged(own, _without(data_table("observations"), own)))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        parts = ", ".join(Words.model_fields)
        mend = f"its parts are {parts}; docs/imports.md shows them"
        raise UsageError(f"{field}: {first['msg']}", where=str(path), mend=mend) from error


def _without(shipped: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words that ship without those that a user gives another meaning."""
    kept = dict(shipped)
    for part in _NAMED:
        claimed = {
            folded(word) for one in own.get(part, {}).values() for word in _list(one.get("words"))
        }
        kept[part] = {
            name: one | {"words": [word for word in one["words"] if folded(word) not in claimed]}
            for name, one in shipped[part].items()
        }
    return kept


def _merged(own: Mapping[str, Any], shipped: Mapping[str, Any]) -> dict[str, Any]:
    """Return both, table by table; lists are joined, and else what the user says holds."""
    found = dict(shipped)
    for name, said in own.items():
        known = shipped.get(name)
        if isinstance(known, Mapping):
            found[name] = _merged(said, known)
        elif isinstance(known, list):
            found[name] = [*_list(said), *known]
        else:
            found[name] = said
    return found


def _list(said: object) -> list[Any]:
    if isinstance(said, list):
        return said
    return [] if said is None else [said]
