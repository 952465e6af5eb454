"""From drafts to statements: values, evidence, and leaving out what was said before."""

from __future__ import annotations

from dataclasses import dataclass

from pledgebook.reading.languages.mentions import Marked
from pledgebook.reading.quantities.money import MoneyMention
from pledgebook.reading.quantities.numbers import NumberMention
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document
from pledgebook.vocabulary.statement import (
    Category,
    Evidence,
    Item,
    Kind,
    Money,
    Per,
    Quantity,
    Scope,
    Statement,
    Status,
)

__all__ = ["Draft", "finish"]

_RATED = frozenset({"production", "expenditure", "request", "stock"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement before its values are made; `first:last` are the tokens of its evidence."""

    kind: str
    status: str
    scope: str
    actors: tuple[str, ...]
    recipient: str | None
    category: str
    designation: str | None
    unit: str | None
    number: NumberMention | None
    one: bool
    money: MoneyMention | None
    when: str | None
    supplier: str | None
    speaker: str | None
    first: int
    last: int


def finish(
    drafts: list[Draft], marked: Marked, document: Document, catalogue: Catalogue
) -> list[Statement]:
    """Return the statements of a document, without what repeats another one."""
    made: list[Statement] = []
    seen: dict[tuple[object, ...], int] = {}
    for draft in drafts:
        statement = _statement(draft, marked, document, catalogue)
        key = (statement.kind, statement.actors, statement.item.category,
               statement.item.designation)  # fmt: skip
        bare = statement.quantity is None and statement.money is None
        same = (*key, statement.quantity, statement.money)
        if same in seen or (bare and key in seen):
            continue
        seen.setdefault(key, len(made))
        seen[same] = len(made)
        made.append(statement)
    return made


def _statement(draft: Draft, marked: Marked, document: Document, catalogue: Catalogue) -> Statement:
    tokens = marked.tokens
    start, end = tokens[draft.first].start, tokens[draft.last - 1].end
    category = Category(draft.category)
    return Statement(
        kind=Kind(draft.kind),
        status=Status(draft.status),
        scope=Scope(draft.scope),
        actors=tuple(sorted(set(draft.actors))),
        recipient=draft.recipient,
        item=Item(category=category, designation=draft.designation),
        quantity=_quantity(draft, marked, catalogue.default_units.get(category, "item")),
        money=_money(draft),
        when=draft.when,
        supplier=draft.supplier,
        speaker=draft.speaker,
        evidence=Evidence(
            document=document.id, start=start, end=end, quote=document.text[start:end]
        ),
        rule="languages",
        score=0.6,
    )


def _quantity(draft: Draft, marked: Marked, usual: str) -> Quantity | None:
    unit = draft.unit or usual
    number = draft.number
    if number is None:
        return Quantity(low=1, high=1, unit=unit) if draft.one else None
    if number.kind == "percent":
        unit = "percent"
    per = None
    if draft.kind in _RATED:
        per = _rate(marked, number, draft)
    return Quantity(
        low=number.low, high=number.high, unit=unit, per=Per(per) if per else None,
        approx=number.approx,
    )  # fmt: skip


def _rate(marked: Marked, number: NumberMention, draft: Draft) -> str | None:
    """Return the period of a rate: the one named nearest to the number in its clause."""
    best: tuple[int, str] | None = None
    for place in range(draft.first, draft.last):
        for _, name in marked.cues.get(place, ()):
            if name.startswith("per-"):
                gap = abs(marked.tokens[place].start - number.core_end)
                if best is None or gap < best[0]:
                    best = (gap, name.removeprefix("per-"))
    return best[1] if best else None


def _money(draft: Draft) -> Money | None:
    money = draft.money
    if money is None or money.currency is None:
        return None
    return Money(low=money.low, high=money.high, currency=money.currency)
