"""Lines of the ledger with the names of parties in place of their codes."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping

from pledgebook.ledger.commitments import Commitment
from pledgebook.ledger.wording import statement_line, title
from pledgebook.reporting.names import Names
from pledgebook.reporting.plain import one_line
from pledgebook.vocabulary.parties import Party
from pledgebook.vocabulary.statement import Statement

__all__ = ["Wording", "plain_category"]

_CODE = re.compile(r"(?<![\w/-])[A-Z]{2,6}(?![\w/-])")


def plain_category(name: str) -> str:
    """Return a category of the coding book as a person says it: "artillery ammunition"."""
    return name.replace("-", " ")


class Wording:
    """Words for what the ledger holds, as pages show them: one line, without control characters."""

    def __init__(self, parties: Mapping[str, Party]) -> None:
        self.names = Names(parties)
        self._parties = parties

    def parties(self, codes: Iterable[str]) -> str:
        """Return parties by name: "Germany, Denmark"; empty without any."""
        return self.names.of(", ".join(codes))

    def giver(self, one: Commitment) -> str:
        """Return who gives, or who asks."""
        return self.parties(one.donors or one.asked_by) or "someone"

    def item(self, one: Commitment) -> str:
        """Return what a commitment is about: the designation, or the category in plain words."""
        return one_line(one.designation or plain_category(one.category.value))

    def statement(self, statement: Statement) -> str:
        """Return who did what for whom: "Norway pledged 8 Leopard 2 to Ukraine (2023-02-14)"."""
        named = statement.model_copy(
            update={
                "actors": tuple(self.names.of(code) for code in statement.actors),
                "recipient": self.names.of(statement.recipient) or None,
            }
        )
        return one_line(statement_line(named))

    def title(self, one: Commitment) -> str:
        """Return who gives what to whom: "Norway to Ukraine: Leopard 2, 8"."""
        named = dataclasses.replace(
            one,
            donors=tuple(map(self.names.of, one.donors)),
            asked_by=tuple(map(self.names.of, one.asked_by)),
            recipient=self.names.of(one.recipient) or None,
            designation=self.item(one),
        )
        return one_line(title(named))

    def text(self, line: str) -> str:
        """Return a line of ours, with names where it has the codes of parties."""
        return _CODE.sub(self._named, one_line(line))

    def _named(self, found: re.Match[str]) -> str:
        party = self._parties.get(found[0])
        return party.name if party is not None else found[0]
