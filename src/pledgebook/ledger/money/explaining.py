"""The answer to "why is it worth that": rate, day, source and price row of every amount."""

from __future__ import annotations

from pledgebook.ledger.explain import Explanation
from pledgebook.ledger.intervals import Interval
from pledgebook.ledger.money.convert import Conversion
from pledgebook.ledger.money.values import InKind, Valuation
from pledgebook.ledger.money.valuing import Valuer
from pledgebook.ledger.status import COUNTED

__all__ = ["money_text", "with_values"]

_FEW = 3


def with_values(explanation: Explanation, valuer: Valuer) -> Explanation:
    """Return an explanation in which every commitment also says what it is worth, and by what."""
    children = [with_values(child, valuer) for child in explanation.children]
    own = valuer.commitments.get(explanation.id) if explanation.kind == "commitment" else None
    if own is not None:
        values = [valuer.valuation(own, stage) for stage in COUNTED if stage in own.stages]
        children = [node for value in values for node in _nodes(value, valuer.currency)] + children
    return explanation.model_copy(update={"children": tuple(children)})


def money_text(amount: Interval, currency: str) -> str:
    """Return "24,822,334 EUR", "up to 5,000 USD" in whole units, or that it is not known."""
    ends = (None if end is None else float(round(end)) for end in (amount.low, amount.high))
    whole = Interval(*ends)
    return f"{whole} {currency}" if whole.known else f"not known in {currency}"


def _nodes(value: Valuation, currency: str) -> list[Explanation]:
    stage = value.stage.value.replace("_", " ")
    nodes = [_conversion(one, f"{stage}, money", value) for one in value.money]
    nodes += [
        _conversion(one, f"{stage}, the same money, not added", value) for one in value.beside
    ]
    if value.missing:
        title = f"{stage}, money: {money_text(Interval(), currency)}"
        facts = {"note": "no amount was told"}
        nodes.append(Explanation(kind="value", id=value.commitment, title=title, facts=facts))
    if value.in_kind is not None:
        nodes.append(_in_kind(value.in_kind, f"{stage}, in kind", value, currency))
    return nodes


def _conversion(one: Conversion, label: str, value: Valuation) -> Explanation:
    return Explanation(
        kind="value",
        id=one.statement or value.commitment,
        title=f"{label}: {money_text(one.converted, one.to)}",
        facts={"given": money_text(one.amount, one.currency), **_rate(one)},
    )


def _in_kind(one: InKind, label: str, value: Valuation, currency: str) -> Explanation:
    facts = {}
    documents: tuple[str, ...] = ()
    if one.price is not None and one.unit_price is not None:
        documents = one.price.documents
        row = one.price.rows[0]
        kind = "" if one.price.exact else ", of which it is a kind"
        source = f", from {row.source}" if row.source else ""
        facts["price"] = (
            f"{money_text(one.price.amount, row.currency)} per {one.unit or 'item'}: "
            f"{one.price.level}{kind}; {row.of_list}{source}"
        )
        facts["price rows"] = ", ".join(documents[:_FEW])
        if len(documents) > _FEW:
            facts["price rows"] += f" and {len(documents) - _FEW} more"
        facts |= _rate(one.unit_price)
        for number, other in enumerate(one.price.beside[:_FEW], 1):
            facts[f"beside it {number}"] = (
                f"{money_text(other.amount, other.currency)}, {other.of_list} ({other.document})"
            )
    notes = [one.note] if one.note else []
    if value.part_of is not None:
        notes.append(f"lies within {value.part_of}, whose money is stated: not added to it")
    elif value.money:
        notes.append("its money is stated; the value of the things stands beside it, not added")
    if notes:
        facts["note"] = "; ".join(notes)
    return Explanation(
        kind="value",
        id=documents[0] if documents else value.commitment,
        title=f"{label}: {money_text(one.value, currency)}",
        facts=facts,
    )


def _rate(one: Conversion) -> dict[str, str]:
    if not one.known:
        return {"no rate": one.note}
    if not one.quotes:
        return {}
    note = f"; {one.note}" if one.note else ""
    return {"rate": f"{'; '.join(one.quotes)} ({one.published}{note})", "source": one.source}
