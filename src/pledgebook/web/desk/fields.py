"""The fields of a statement as a form shows them and takes them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pledgebook.errors import UsageError
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.statement import Category, Kind, Per, Scope, Statement, Status

__all__ = ["CHOICES", "FORM_FIELDS", "changes_of", "fields_of_form", "form_of"]

CHOICES: dict[str, tuple[str, ...]] = {
    "kind": tuple(Kind),
    "status": tuple(Status),
    "scope": tuple(Scope),
    "category": tuple(Category),
    "quantity_per": ("", *Per),
    "money_per": ("", *Per),
}
"""What may be chosen, by field."""

FORM_FIELDS = (
    "kind", "status", "scope", "actors", "recipient", "category", "designation",
    "quantity_low", "quantity_high", "quantity_unit", "quantity_per", "quantity_approx",
    "money_low", "money_high", "money_currency", "money_per", "when", "supplier", "speaker",
)  # fmt: skip
_LONGEST = 300


def form_of(statement: Statement | None) -> dict[str, str]:
    """Return the values of the form: of a statement, or of an empty one."""
    if statement is None:
        return dict.fromkeys(FORM_FIELDS, "") | {
            "kind": Kind.PLEDGE, "status": Status.FIRM, "scope": Scope.NEW,
            "category": Category.OTHER, "quantity_unit": "item",
        }  # fmt: skip
    quantity, money = statement.quantity, statement.money
    return {
        "kind": statement.kind,
        "status": statement.status,
        "scope": statement.scope,
        "actors": ", ".join(statement.actors),
        "recipient": statement.recipient or "",
        "category": statement.item.category,
        "designation": statement.item.designation or "",
        "quantity_low": _number(quantity.low) if quantity else "",
        "quantity_high": _number(quantity.high) if quantity else "",
        "quantity_unit": quantity.unit if quantity else "item",
        "quantity_per": quantity.per or "" if quantity else "",
        "quantity_approx": "yes" if quantity and quantity.approx else "",
        "money_low": _number(money.low) if money else "",
        "money_high": _number(money.high) if money else "",
        "money_currency": money.currency if money else "",
        "money_per": money.per or "" if money else "",
        "when": statement.when or "",
        "supplier": statement.supplier or "",
        "speaker": statement.speaker or "",
    }


def fields_of_form(form: Mapping[str, str], catalogue: Catalogue) -> dict[str, Any]:
    """Return the fields of a statement from the values of a form. Raises UsageError."""
    held = {name: str(form.get(name, "")).strip()[:_LONGEST] for name in FORM_FIELDS}
    for name in ("kind", "status", "scope", "category"):
        if held[name] not in CHOICES[name]:
            raise UsageError(f"{held[name]!r} is no {name}", mend="Choose one of the list")
    actors = [_party(name, catalogue) for name in held["actors"].split(",") if name.strip()]
    return {
        "kind": held["kind"],
        "status": held["status"],
        "scope": held["scope"],
        "actors": sorted({name for name in actors if name}),
        "recipient": _party(held["recipient"], catalogue),
        "item": {"category": held["category"], "designation": held["designation"] or None},
        "quantity": _quantity(held),
        "money": _money(held),
        "when": held["when"] or None,
        "supplier": held["supplier"] or None,
        "speaker": held["speaker"] or None,
    }


def changes_of(statement: Statement, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return those fields that say something else than a statement does."""
    own = statement.model_dump(mode="json")
    return {name: value for name, value in fields.items() if _told(value) != _told(own.get(name))}


def _told(value: object) -> object:
    """Return a value without what is only the absence of something."""
    if isinstance(value, Mapping):
        kept = {key: one for key, one in value.items() if one not in (None, False)}
        return kept or None
    return list(value) if isinstance(value, tuple | list) else value


def _party(name: str, catalogue: Catalogue) -> str | None:
    """Return the code of a party, or the name as it was written: a company, somebody unknown."""
    text = name.strip()
    if not text:
        return None
    found = catalogue.find_party(text)
    return found.code if found is not None else text


def _quantity(held: Mapping[str, str]) -> dict[str, Any] | None:
    ends = _ends(held, "quantity")
    if ends is None:
        return None
    return {
        **ends,
        "unit": held["quantity_unit"] or "item",
        "per": _per(held["quantity_per"]),
        "approx": held["quantity_approx"] == "yes",
    }


def _money(held: Mapping[str, str]) -> dict[str, Any] | None:
    ends = _ends(held, "money")
    if ends is None:
        return None
    if not held["money_currency"]:
        raise UsageError("the amount of money has no currency", mend="Give one such as EUR")
    return {**ends, "currency": held["money_currency"].upper(), "per": _per(held["money_per"])}


def _ends(held: Mapping[str, str], name: str) -> dict[str, float | None] | None:
    low, high = (_amount(held[f"{name}_{end}"], f"{name}, {end}") for end in ("low", "high"))
    return None if low is None and high is None else {"low": low, "high": high}


def _per(value: str) -> str | None:
    if value not in CHOICES["quantity_per"]:
        raise UsageError(f"{value!r} is no period of a rate", mend="Choose one of the list")
    return value or None


def _amount(text: str, where: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text.replace(",", "").replace(" ", ""))
    except ValueError as error:
        raise UsageError(f"{text!r} is no number", where=where, mend="Write 12000") from error
    if not 0 <= value < float("inf"):
        raise UsageError(f"{text} is no amount", where=where, mend="Give a number from zero on")
    return value


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else repr(value)
