"""Corrections as they are typed: "quantity=14-20", "item=tank/Leopard 2"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pledgebook.errors import UsageError
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.period import bounds
from pledgebook.vocabulary.statement import Statement

__all__ = ["parse_changes", "unknown_parties"]

_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_AMOUNT = re.compile(
    rf"(?P<bound><=|>=|≤|≥|~)?\s*(?P<first>{_NUMBER})\s*(?:(?:-|–|\.\.)\s*(?P<last>{_NUMBER}))?"
    r"\s*(?P<unit>[^\W\d][\w-]*)?(?:\s*(?:/|a|per)\s*(?P<per>day|week|month|year))?"
)
_HOW = 'Write it as 8, 14-20, "<=4", ">=100" or "~7000", with a unit or currency behind'


def parse_changes(
    pairs: Iterable[str], statement: Statement | None, catalogue: Catalogue
) -> dict[str, Any]:
    """Return the fields and values that were typed as FIELD=VALUE.

    What is not typed of a quantity or money stays as it is in `statement`. Raises UsageError.
    """
    if statement is None:
        raise UsageError("only a statement can be corrected", mend="Give an id that begins with s")
    changes: dict[str, Any] = {}
    for pair in pairs:
        field, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"{pair!r} is no FIELD=VALUE", mend="Write it as quantity=8")
        name, text = field.strip(), value.strip()
        parse = _PARSERS.get(name)
        if not text:
            changes[name] = () if name == "actors" else None
        else:
            changes[name] = parse(text, statement, catalogue) if parse else text
    return changes


def unknown_parties(changes: Mapping[str, Any], catalogue: Catalogue) -> list[str]:
    """Return what to tell of each party that the catalogue does not know: it stands as written."""
    names = [*(changes.get("actors") or ()), changes.get("recipient")]
    said = []
    for name in names:
        if name is None or name in catalogue.parties:
            continue
        near = [
            f"{code} ({catalogue.parties[code].name})" for code in catalogue.suggest_party(name)
        ]
        asked = f"; did you mean {', '.join(near)}?" if near else ""
        said.append(f"{name!r} is in no catalogue and stands as it is written{asked}")
    return said


def _quantity(text: str, statement: Statement, catalogue: Catalogue) -> dict[str, Any]:
    found = _amount(text, "quantity")
    before = statement.quantity
    unit = found["unit"]
    known = catalogue.units.get(unit) if unit else None
    if unit and known is None:
        known = next((one for one in catalogue.units.values() if unit in one.words), None)
        if known is None:
            raise UsageError(
                f"no unit is known as {unit!r}", mend=f"One of: {', '.join(catalogue.units)}"
            )
    kept = before.unit if before else catalogue.default_units.get(statement.item.category, "item")
    return {
        "low": found["low"],
        "high": found["high"],
        "unit": known.name if known else kept,
        "per": found["per"] or (before.per if before and not unit else None),
        "approx": found["approx"],
    }


def _money(text: str, statement: Statement, _: Catalogue) -> dict[str, Any]:
    lead = re.fullmatch(r"([A-Za-z]{3})\s+(.*)", text)
    found = _amount(f"{lead[2]} {lead[1]}" if lead else text, "money")
    before = statement.money
    currency = (found["unit"] or (before.currency if before else "")).upper()
    if not currency:
        raise UsageError(f"money={text!r} names no currency", mend="Write it as 200000000 EUR")
    per = found["per"] or (before.per if before else None)
    return {"low": found["low"], "high": found["high"], "currency": currency, "per": per}


def _amount(text: str, field: str) -> dict[str, Any]:
    found = _AMOUNT.fullmatch(text)
    if found is None or (found["bound"] and found["last"] and found["bound"] != "~"):
        raise UsageError(f"{field}={text!r} is no amount", mend=_HOW)
    first = float(found["first"].replace(",", ""))
    last = float(found["last"].replace(",", "")) if found["last"] else first
    bound = found["bound"]
    return {
        "low": None if bound in {"<=", "≤"} else first,
        "high": None if bound in {">=", "≥"} else last,
        "unit": found["unit"],
        "per": found["per"],
        "approx": bound == "~",
    }


def _item(text: str, statement: Statement, catalogue: Catalogue) -> dict[str, Any]:
    category, slash, designation = text.partition("/")
    if slash:
        return {"category": category.strip(), "designation": designation.strip() or None}
    found = catalogue.find_item(text)
    if found is not None:
        return {"category": found.category, "designation": found.designation}
    if text in {category.value for category in type(statement.item.category)}:
        return {"category": text, "designation": None}
    return {"category": statement.item.category, "designation": text}


def _actors(text: str, _: Statement, catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(sorted({_party(one.strip(), catalogue) for one in text.split(",") if one.strip()}))


def _when(text: str, _: Statement, __: Catalogue) -> str:
    try:
        bounds(text)
    except ValueError as error:
        raise UsageError(
            f"when={text!r} is no date or period",
            mend="Write it as 2023-02-14, 2023-02, 2023 or 2023-03/2023-05",
        ) from error
    return text


def _recipient(text: str, _: Statement, catalogue: Catalogue) -> str:
    return _party(text, catalogue)


def _party(text: str, catalogue: Catalogue) -> str:
    found = catalogue.find_party(text)
    # A company or body that the catalogue does not list is named as it is written.
    return found.code if found else text


_PARSERS: dict[str, Callable[[str, Statement, Catalogue], Any]] = {
    "quantity": _quantity,
    "money": _money,
    "item": _item,
    "actors": _actors,
    "recipient": _recipient,
    "when": _when,
}
