"""Who is meant by an organisation of IATI: its name, or what its identifier tells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pledgebook.exchange.iati.activity import Activity, Organisation, Transaction
from pledgebook.exchange.intake import Names, Notebook, data_table
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = ["Bodies"]

_DAC = re.compile(r"(?:XM-DAC-)?(\d{1,5})(?:-\d+)*", re.IGNORECASE)
_STATE = re.compile(r"([A-Z]{2})-(?:GOV-\S+|\d{1,2})", re.IGNORECASE)
_PREFIX = re.compile(r"([A-Z]{2})-", re.IGNORECASE)


class Bodies:
    """Turns organisations and country codes into party codes."""

    def __init__(self, catalogue: Catalogue, notebook: Notebook, table: Mapping[str, Any]) -> None:
        self._names = Names(catalogue, notebook)
        self._notebook = notebook
        self._table = table
        self._alpha3: dict[str, str] = data_table("countries")["alpha3"]

    def code(self, body: Organisation, place: str) -> str | None:
        """Return the code of a body, its name where none is known, None where none is given."""
        if not body:
            return None
        return self._known(body) or self._names.code(body.name or body.ref, place)

    def is_it(self, body: Organisation, code: str | None) -> bool:
        """Tell whether a code is that of a body."""
        return code is not None and code == (self._known(body) or body.name or body.ref)

    def giver(
        self, activity: Activity, transaction: Transaction, direction: str, place: str
    ) -> str | None:
        """Return who gives: the provider, or who must be meant where none is named.

        What goes out comes from the reporter, unless that one only tells of others.
        """
        if transaction.provider:
            return self.code(transaction.provider, place)
        if direction == "out" and not activity.secondary:
            return self.code(activity.reporter, place)
        if len(activity.funders) == 1:
            return self.code(activity.funders[0], place)
        what = "no provider is named, and the activity leaves open who it is"
        self._notebook.warning("no-provider", what, place=place, mend="look at the file")
        return None

    def country(self, code: str, place: str) -> str | None:
        """Return the party of a country's two letters."""
        found = self._alpha3.get(code.upper())
        if found is None and code:
            self._notebook.many(
                "unknown-country",
                "codes that are no countries of ISO 3166 name nobody",
                code,
                place=place,
                mend="look at the file",
            )
        return found

    def _known(self, body: Organisation) -> str | None:
        return (self._names.known(body.name) if body.name else None) or self._by_ref(body)

    def _by_ref(self, body: Organisation) -> str | None:
        ref = body.ref
        if match := _DAC.fullmatch(ref):
            number = match[1]
            channel: Mapping[str, str] = self._table["channel"]
            if len(number) == 5:
                return channel.get(number[:2])
            donors: Mapping[str, str] = self._table["dac"]
            return donors.get(number)
        if match := _STATE.fullmatch(ref):
            return self._alpha3.get(match[1].upper())
        if body.type in self._table["organisation"]["state_types"]:
            prefix = _PREFIX.match(ref)
            return self._alpha3.get(prefix[1].upper()) if prefix else None
        return None
