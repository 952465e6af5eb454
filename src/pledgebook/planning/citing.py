"""The id of a part of a plan: a line of text that `why` opens.

"plan:winter.toml?gap=0.01#order/Works A@2023-06" is what is ordered from Works A from June 2023 on
by the plan for winter.toml that was proved to within 1 %. The plan is made again to open it: the
same file, book and gap give the same plan, unless it was stopped by the clock or by a hand.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import get_args
from urllib.parse import parse_qsl, quote, unquote, urlencode

from pledgebook.errors import UsageError
from pledgebook.planning.schedule import ActionKind
from pledgebook.vocabulary.period import bounds

__all__ = ["PREFIX", "Citation", "is_plan_id", "parse_plan_id"]

PREFIX = "plan:"
_WHAT = (*get_args(ActionKind), "need", "short")
_MEND = "Copy it from a plan: plan:FILE?gap=0.01#order/NAME@2023-06"


@dataclass(frozen=True, slots=True)
class Citation:
    """A plan, and a part of it: `what` is an action, "need" or "short"; None for the whole plan.

    `name` is that of a shelf, line, contract, expansion or need; `day` lies in the step meant.
    """

    file: str
    gap: float = 0.01
    as_of: dt.date | None = None
    what: str | None = None
    name: str = ""
    day: dt.date | None = None

    @property
    def id(self) -> str:
        """The citation as one line of text."""
        asked = {"gap": f"{self.gap:.6g}"}
        if self.as_of is not None:
            asked["as_of"] = self.as_of.isoformat()
        text = f"{PREFIX}{quote(self.file, safe='/ ')}?{urlencode(asked)}"
        if self.what is None:
            return text
        day = f"@{self.day:%Y-%m}" if self.day is not None else ""
        return f"{text}#{self.what}/{quote(self.name, safe=' :,')}{day}"


def is_plan_id(text: str) -> bool:
    """Tell whether a text is meant to be the id of a part of a plan."""
    return text.strip().startswith(PREFIX)


def parse_plan_id(text: str) -> Citation:
    """Read an id back. Raises UsageError."""
    body, _, part = text.strip().removeprefix(PREFIX).partition("#")
    file, _, query = body.partition("?")
    asked = dict(parse_qsl(query))
    what, _, rest = part.partition("/")
    name, at, day = rest.rpartition("@")
    if not at:
        name, day = rest, ""
    try:
        citation = Citation(
            file=unquote(file),
            gap=float(asked.get("gap", 0.01)),
            as_of=dt.date.fromisoformat(asked["as_of"]) if "as_of" in asked else None,
            what=what or None,
            name=unquote(name),
            day=bounds(day)[0] if day else None,
        )
    except ValueError as error:
        raise UsageError(f"{text!r} is no id of a plan", mend=_MEND) from error
    if not citation.file or (what and (what not in _WHAT or not name)):
        raise UsageError(f"{text!r} is no id of a plan", mend=_MEND)
    return citation
