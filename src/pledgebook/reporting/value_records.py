"""Converted and valued figures as plain data, for JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pledgebook.ledger.intervals import Interval, Total
from pledgebook.ledger.money.convert import Conversion
from pledgebook.ledger.money.sums import Sum
from pledgebook.ledger.money.values import InKind, Valuation, ValueRow
from pledgebook.ledger.status import COUNTED
from pledgebook.reporting.records import to_csv

__all__ = ["add_converted", "converted_fields", "sum_record", "value_csv", "value_record"]

Record = dict[str, Any]
_ENDS = ("low", "high", "unknown")
_TOTALS = ("money", "in_kind")


def value_record(row: ValueRow) -> Record:
    """Return a row with every conversion and price that it rests on.

    A total that is None was not told of; `unknown` counts what comes on top of `low` and `high`.
    """
    return {
        "id": row.id,
        "donor": row.donor,
        "asked_by": row.asked_by,
        "recipient": row.recipient,
        "category": row.category.value,
        "item": row.item,
        "unit": row.unit,
        "stage": row.stage.value,
        "currency": row.currency,
        "given": [{"currency": code, **_total(total)} for code, total in row.given.items()],
        "quantity": row.quantity and _total(row.quantity),
        **{name: (total := getattr(row, name)) and _total(total) for name in _TOTALS},
        "priced_as": list(row.priced_as),
        "parts": row.parts,
        "commitments": [_valuation(one) for one in row.valuations],
    }


def sum_record(one: Sum) -> Record:
    """Return the sums of a stage."""
    totals = {
        name: (total := getattr(one, name)) and _total(total) for name in (*_TOTALS, "counted")
    }
    return {"stage": one.stage.value, "rows": one.rows, **totals, "parts": one.parts}


def value_csv(rows: Iterable[ValueRow]) -> str:
    """Return the rows as comma-separated values; rates and price rows in columns of their own."""
    plain = ["id", "donor", "asked_by", "recipient", "category", "item", "unit", "stage"]
    fields = [*plain, "currency", "given"]
    for name in ("quantity", *_TOTALS):
        fields += [f"{name}_{end}" for end in _ENDS]
    fields += ["parts", "rates", "rate_sources", "priced_as", "price_rows", "notes"]
    return to_csv([_flat(row, plain) for row in rows], fields)


def converted_fields(currency: str) -> list[str]:
    """Return the names of the columns that `add_converted` adds to a status."""
    code = currency.lower()
    return [f"{stage.value}_{code}_{end}" for stage in COUNTED for end in _ENDS]


def add_converted(
    records: Sequence[Record], rows: Iterable[ValueRow], currency: str, *, flat: bool
) -> None:
    """Add to records of the status what their money is in one currency, stage by stage.

    As columns where `flat`; else below "converted", with the conversions.
    """
    found: dict[str, dict[str, ValueRow]] = {}
    for row in rows:
        found.setdefault(row.id, {})[row.stage.value] = row
    for record in records:
        by_stage = found.get(record["id"], {})
        if flat:
            for stage in COUNTED:
                total = by_stage[stage.value].money if stage.value in by_stage else None
                for end, value in _total(total or Total()).items():
                    record[f"{stage.value}_{currency.lower()}_{end}"] = value
        else:
            record["converted"] = {"currency": currency} | {
                stage: row.money and {**_total(row.money), "conversions": _money(row)}
                for stage, row in by_stage.items()
            }


def _flat(row: ValueRow, plain: Iterable[str]) -> Record:
    record = value_record(row)
    flat: Record = {name: record[name] for name in (*plain, "currency", "priced_as", "parts")}
    flat["given"] = "; ".join(
        f"{one['currency']} {_text(one['low'])}..{_text(one['high'])}" for one in record["given"]
    )
    for name in ("quantity", *_TOTALS):
        parts: Mapping[str, Any] = record[name] or _total(Total())
        flat |= {f"{name}_{end}": parts[end] for end in _ENDS}
    things = [one.in_kind for one in row.valuations if one.in_kind is not None]
    used = [one for value in row.valuations for one in value.money]
    used += [one.unit_price for one in things if one.unit_price is not None]
    known = [one for one in used if one.known and one.currency != one.to]
    flat["rates"] = _once(f"{one.currency} {one.rate!r} of {one.published}" for one in known)
    flat["rate_sources"] = _once(one.source for one in known)
    flat["price_rows"] = _once(
        name for one in things if one.price is not None for name in one.price.documents
    )
    flat["notes"] = _once([*(one.note for one in used), *(one.note for one in things)])
    return flat


def _once(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(filter(None, texts)))


def _text(end: float | None) -> str:
    return "" if end is None else f"{end:.0f}" if end == int(end) else repr(end)


def _money(row: ValueRow) -> list[Record]:
    return [_conversion(one) for value in row.valuations for one in value.money]


def _valuation(one: Valuation) -> Record:
    return {
        "id": one.commitment,
        "money": [_conversion(found) for found in one.money],
        "same_money": [_conversion(found) for found in one.beside],
        "amount_missing": one.missing,
        "in_kind": one.in_kind and _in_kind(one.in_kind),
        "part_of": one.part_of,
    }


def _conversion(one: Conversion) -> Record:
    return {
        "given": {"currency": one.currency, **_interval(one.amount)},
        "converted": {"currency": one.to, **_interval(one.converted)},
        "rate": one.rate,
        "of": one.asked,
        "published": one.published or None,
        "quotes": list(one.quotes),
        "source": one.source or None,
        "note": one.note or None,
        "statement": one.statement,
    }


def _in_kind(one: InKind) -> Record:
    record: Record = {
        "quantity": {"unit": one.unit, **_interval(one.quantity)},
        "value": _interval(one.value),
        "note": one.note or None,
        "price": None,
        "unit_price": one.unit_price and _conversion(one.unit_price),
    }
    if one.price is not None:
        row = one.price.rows[0]
        record["price"] = {
            "of": one.price.level,
            "exact": one.price.exact,
            "list": row.of_list,
            "release": row.list.id,
            "date": row.date,
            "source": row.source,
            "rows": list(one.price.documents),
            "beside": [
                {
                    "list": other.of_list,
                    "row": other.document,
                    "currency": other.currency,
                    **_interval(other.amount),
                }
                for other in one.price.beside
            ],
        }
    return record


def _total(total: Total) -> Record:
    return {"low": total.low, "high": total.high, "unknown": total.unknown}


def _interval(amount: Interval) -> Record:
    return {"low": amount.low, "high": amount.high}
