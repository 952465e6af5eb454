"""An IATI activity and its transactions, taken out of their elements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pledgebook.exchange.intake import clean

__all__ = ["Activity", "Organisation", "Transaction", "activity_of", "transaction_of"]

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body by name and identifier; `activity` is its own activity at the other end."""

    name: str = ""
    ref: str = ""
    type: str = ""
    activity: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.ref)

    def __str__(self) -> str:
        return f"{self.name} ({self.ref})" if self.name and self.ref else self.name or self.ref


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction as given; every part may be empty."""

    ref: str
    type: str
    date: str
    value: str
    currency: str
    value_date: str
    description: str
    provider: Organisation
    receiver: Organisation
    countries: tuple[str, ...]
    sectors: tuple[tuple[str, str], ...]
    humanitarian: str
    codes: Mapping[str, str]
    """Flow, finance, aid and tied type, by the name of their element."""


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity as given, with its transactions."""

    id: str
    title: str
    reporter: Organisation
    secondary: bool
    """Whether the reporter tells of what others do."""
    funders: tuple[Organisation, ...]
    status: str
    currency: str
    humanitarian: str
    countries: tuple[tuple[str, str], ...]
    """Codes with their percentage."""
    sectors: tuple[tuple[str, str], ...]
    """Vocabularies with codes."""
    parents: tuple[str, ...]
    link: str
    defaults: Mapping[str, str]
    updated: str
    transactions: tuple[Transaction, ...]


def activity_of(element: Any, transactions: tuple[Transaction, ...]) -> Activity:  # noqa: ANN401
    """Return the activity of an element, from which its transactions were taken before."""
    lang = element.get(_LANG, "")
    reporter = element.find("reporting-org")
    return Activity(
        id=clean(element.findtext("iati-identifier") or ""),
        title=_narrative(element.find("title"), lang),
        reporter=_organisation(reporter, lang),
        secondary=reporter is not None and _flag(reporter, "secondary-reporter") == "1",
        funders=tuple(
            _organisation(one, lang)
            for one in element.findall("participating-org")
            if one.get("role") == "1"
        ),
        status=_code(element.find("activity-status")),
        currency=clean(element.get("default-currency", "")),
        humanitarian=_flag(element, "humanitarian"),
        countries=tuple(
            (_code(one), clean(one.get("percentage", "")))
            for one in element.findall("recipient-country")
        ),
        sectors=_sectors(element),
        parents=tuple(
            clean(one.get("ref", ""))
            for one in element.findall("related-activity")
            if one.get("type") == "1"
        ),
        link=next((clean(one.get("url", "")) for one in element.findall("document-link")), ""),
        defaults=_codes(element, "default-"),
        updated=clean(element.get("last-updated-datetime", "")),
        transactions=transactions,
    )


def transaction_of(element: Any) -> Transaction:  # noqa: ANN401
    """Return the transaction of an element."""
    value = element.find("value")
    parent = element.getparent()
    lang = parent.get(_LANG, "") if parent is not None else ""
    day = element.find("transaction-date")
    return Transaction(
        ref=clean(element.get("ref", "")),
        type=_code(element.find("transaction-type")),
        date=clean(day.get("iso-date", "")) if day is not None else "",
        value=clean(value.text or "") if value is not None else "",
        currency=clean(value.get("currency", "")) if value is not None else "",
        value_date=clean(value.get("value-date", "")) if value is not None else "",
        description=_narrative(element.find("description"), lang),
        provider=_organisation(element.find("provider-org"), lang),
        receiver=_organisation(element.find("receiver-org"), lang),
        countries=tuple(_code(one) for one in element.findall("recipient-country")),
        sectors=_sectors(element),
        humanitarian=_flag(element, "humanitarian"),
        codes=_codes(element, ""),
    )


def _organisation(element: Any, lang: str) -> Organisation:  # noqa: ANN401
    if element is None:
        return Organisation()
    own = element.get("provider-activity-id") or element.get("receiver-activity-id") or ""
    return Organisation(
        _narrative(element, lang),
        clean(element.get("ref", "")),
        clean(element.get("type", "")),
        clean(own),
    )


def _narrative(element: Any, lang: str) -> str:  # noqa: ANN401
    """Return the English text of an element, or its first one."""
    if element is None:
        return ""
    texts = [
        (one.get(_LANG, lang), clean("".join(one.itertext()))) for one in element.iter("narrative")
    ]
    filled = [(code.casefold(), text) for code, text in texts if text]
    english = next((text for code, text in filled if code.startswith("en")), "")
    return english or next((text for _, text in filled), "")


def _sectors(element: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401
    return tuple((one.get("vocabulary", ""), _code(one)) for one in element.findall("sector"))


def _codes(element: Any, before: str) -> dict[str, str]:  # noqa: ANN401
    found = {}
    for name in ("flow-type", "finance-type", "aid-type", "tied-status"):
        if code := _code(element.find(before + name)):
            found[name] = code
    return found


def _code(element: Any) -> str:  # noqa: ANN401
    return clean(element.get("code", "")) if element is not None else ""


def _flag(element: Any, name: str) -> str:  # noqa: ANN401
    """Return "1" or "0" for a flag of the standard, "" where it is not given."""
    said = clean(element.get(name, "")).casefold()
    return {"true": "1", "false": "0"}.get(said, said)
