"""What is checked, and what a check found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pledgebook.ledger.commitments import Check, Commitment
from pledgebook.ledger.records import Entry

__all__ = ["Finding", "Severity", "Source", "Subject"]

Severity = Literal["error", "warning", "note"]
Source = Literal["reports", "release"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that cannot be so (`error`), should be looked at (`warning`), or be known (`note`).

    `code` is a stable name; `ids` are what it rests on, all of which `why` opens; `mend` says what
    to do about it.
    """

    severity: Severity
    code: str
    what: str
    ids: tuple[str, ...]
    mend: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked: commitments with the statements that they rest on, and running totals.

    The commitments of a `release` are its rows: whether they are stale, or two of them one, is not
    asked of them.
    """

    commitments: Sequence[Commitment]
    entries: Mapping[str, Entry]
    today: dt.date
    totals: Sequence[Check] = ()
    source: Source = "reports"
    packages: Mapping[str, str] = field(default_factory=dict)
    """The package that a data set puts a row in, by the row's document."""
