"""What a page is asked for: filters in the address, so that every view is a link."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query

from pledgebook.errors import UsageError
from pledgebook.ledger.moments import to_day
from pledgebook.ledger.stages import Stage
from pledgebook.web.live import EVERYTHING, Wanted

__all__ = ["Asked", "AskedFor", "asked_for"]

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a page. `page` counts from 1."""

    narrowed: Wanted = EVERYTHING
    as_of: dt.date | None = None
    page: int = 1
    sort: str = ""

    @property
    def values(self) -> dict[str, str]:
        """The parameters of the address that say the same, without those that say nothing."""
        held = self.narrowed
        given = {
            "donor": held.donor,
            "recipient": held.recipient,
            "item": held.item,
            "stage": held.stage,
            "from": held.first,
            "to": held.last,
            "overdue": "yes" if held.overdue else None,
            "as_of": self.as_of,
            "sort": self.sort or None,
            "page": self.page if self.page > 1 else None,
        }
        return {name: str(value) for name, value in given.items() if value is not None}

    def query(self, **changes: object) -> str:
        """Return the query string ("?donor=NOR") with some parameters changed; None drops one.

        Any change but that of the page leads to the first page.
        """
        changes = {name.rstrip("_"): value for name, value in changes.items()}
        values: dict[str, Any] = dict(self.values)
        if "page" not in changes:
            values.pop("page", None)
        values |= changes
        kept = {name: str(value) for name, value in values.items() if value not in (None, "")}
        return f"?{urlencode(kept)}" if kept else ""

    def on(self, **changes: Any) -> Asked:  # noqa: ANN401 - the fields of Wanted
        """Return the same question, narrowed otherwise."""
        return replace(self, narrowed=replace(self.narrowed, **changes), page=1)

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return self.narrowed != EVERYTHING


Text = Annotated[str | None, Query(max_length=_LONGEST)]


def asked_for(
    donor: Text = None,
    recipient: Text = None,
    item: Text = None,
    stage: Text = None,
    from_: Annotated[str | None, Query(alias="from", max_length=_LONGEST)] = None,
    to: Text = None,
    overdue: Text = None,
    as_of: Text = None,
    sort: Annotated[str, Query(max_length=40)] = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Asked:
    """Return the filters of a request. Raises UsageError for a stage or day that is none."""
    held = Wanted(
        donor=_text(donor),
        recipient=_text(recipient),
        item=_text(item),
        stage=_stage(_text(stage)),
        first=to_day(_text(from_)),
        last=to_day(_text(to)),
        overdue=_text(overdue) is not None,
    )
    return Asked(held, to_day(_text(as_of)), page, sort)


AskedFor = Annotated[Asked, Depends(asked_for)]
"""The filters of a request, as a parameter of a page."""


def _text(value: str | None) -> str | None:
    """Return what a field holds; a field of a form that was left empty holds nothing."""
    return value.strip() or None if value else None


def _stage(name: str | None) -> Stage | None:
    if name is None:
        return None
    try:
        return Stage(name)
    except ValueError as error:
        known = ", ".join(Stage)
        raise UsageError(f"{name!r} is no stage", mend=f"One of: {known}") from error
