"""Statements back from their rows, fast: what the store holds was validated on its way in.

Items and amounts that statements have in common are one object: they never change, and a large book
repeats them a thousandfold.
"""

from __future__ import annotations

import functools
import json
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Row

from pledgebook.vocabulary.statement import (
    Category,
    Evidence,
    Ground,
    Item,
    Kind,
    Money,
    Quantity,
    Scope,
    Statement,
    Status,
)

__all__ = ["statement_of"]

_KEPT = 16_384
"""So many different items, amounts and grounds are kept for the statements that repeat them."""

_FIELDS, _PLACE = set(Statement.model_fields), set(Evidence.model_fields)


def statement_of(row: Row[Any], text: str) -> Statement:
    """Return a statement from its row and the text of its document."""
    fields = _read(row.body)
    start, end = fields["start"], fields["end"]
    quantity, money = fields.get("quantity"), fields.get("money")
    evidence = Evidence.model_construct(
        _PLACE, document=row.document_id, start=start, end=end, quote=text[start:end]
    )
    return Statement.model_construct(
        _FIELDS,
        kind=Kind(fields["kind"]),
        status=Status(fields["status"]),
        scope=Scope(fields["scope"]),
        actors=tuple(fields["actors"]),
        recipient=fields.get("recipient"),
        item=_item(**fields["item"]),
        quantity=None if quantity is None else _quantity_of(quantity),
        money=None if money is None else _money_of(money),
        when=fields.get("when"),
        supplier=fields.get("supplier"),
        speaker=fields.get("speaker"),
        evidence=evidence,
        grounds=_grounds(row.grounds),
        rule=row.rule,
        score=row.score,
    )


def _read(content: str) -> Any:  # noqa: ANN401
    try:
        return from_json(content)
    except ValueError:
        return json.loads(content)  # half a surrogate pair is in it, at which the fast one stops


def _has_zero(fields: dict[str, Any]) -> bool:
    """Tell whether an end is 0: as keys of what is kept, 0 and -0 would be one."""
    return fields.get("low") == 0 or fields.get("high") == 0


def _quantity_of(fields: dict[str, Any]) -> Quantity:
    return Quantity(**fields) if _has_zero(fields) else _quantity(**fields)


def _money_of(fields: dict[str, Any]) -> Money:
    return Money(**fields) if _has_zero(fields) else _money(**fields)


@functools.lru_cache(_KEPT)
def _item(category: str, designation: str | None = None) -> Item:
    return Item(category=Category(category), designation=designation)


@functools.lru_cache(_KEPT)
def _quantity(**fields: Any) -> Quantity:  # noqa: ANN401
    return Quantity(**fields)


@functools.lru_cache(_KEPT)
def _money(**fields: Any) -> Money:  # noqa: ANN401
    return Money(**fields)


@functools.lru_cache(_KEPT)
def _grounds(content: str) -> tuple[Ground, ...]:
    return tuple(Ground.model_validate(ground) for ground in _read(content))
