"""Statements as rows of a table, and what the rows say, whatever codes the table gave them."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from making import Said, entries, report
from pledgebook.ledger.cases import Case, prepare
from pledgebook.ledger.joining.bodies import Body
from pledgebook.ledger.joining.join import scorer_of
from pledgebook.ledger.joining.scoring import PairScorer
from pledgebook.ledger.joining.table import NONE, CaseTable
from pledgebook.ledger.records import Entry, content_of, encode, statement_ids
from pledgebook.ledger.rules import Rules, load_rules
from pledgebook.vocabulary.catalogue import load_catalogue
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

RULES = load_rules()
TREE = load_catalogue()
START = dt.date(2023, 1, 1)

QUOTES = (
    "Norway will send eight tanks",
    "a further four of them",
    "the first of these",
    "two more were handed over",
    "of which 3",
)
ITEMS = (
    (Category.TANK, None),
    (Category.TANK, "Leopard 2"),
    (Category.TANK, "Leopard 2A4"),
    (Category.TANK, "a tank nobody knows"),
    (Category.AIRCRAFT, "F-16"),
    (Category.ARTILLERY_AMMUNITION, "155mm"),
    (Category.MILITARY_AID, None),
)

ENDS = (0.0, 1.0, 2.0, 3.0, 4.0, 8.0, 10.0, 14.0, 1e6)
ACTORS = (
    (), ("NOR",), ("NOR",), ("SWE",), ("NOR", "SWE"), ("ALLIES",), ("UKR",), ("Rheinmetall",),
)  # fmt: skip


def amount(chance: random.Random) -> tuple[float | None, float | None]:
    """An interval of which one end may be open."""
    low, high = sorted(chance.choices(ENDS, k=2))
    return chance.choice(((low, low), (low, low), (low, high), (None, high), (low, None)))


def statement(chance: random.Random, kinds: Sequence[Kind]) -> Statement:
    """A statement in which anything may be missing."""
    category, designation = chance.choice(ITEMS)
    quote = chance.choice(QUOTES)
    start = chance.randrange(300)
    count, sum_of_money = amount(chance), amount(chance)
    quantity = Quantity(
        low=count[0],
        high=count[1],
        unit=chance.choice(("item", "item", "round", "percent")),
        per=chance.choice((None, None, None, Per.MONTH)),
        approx=chance.random() < 0.3,
    )
    money = Money(
        low=sum_of_money[0],
        high=sum_of_money[1],
        currency=chance.choice(("EUR", "USD")),
        per=chance.choice((None, None, None, Per.YEAR)),
    )
    return Statement(
        kind=chance.choice(kinds),
        status=chance.choice(tuple(Status)),
        scope=chance.choice(tuple(Scope)),
        actors=chance.choice(ACTORS),
        recipient=chance.choice((None, "UKR", "UKR", "MDA")),
        item=Item(category=category, designation=designation),
        quantity=chance.choice((None, quantity, quantity)),
        money=chance.choice((None, None, money)),
        when=chance.choice((None, "2023", "2023-03", "2023-03-21", "2024-01/2024-06")),
        supplier=chance.choice((None, "Rheinmetall", "Rheinmetall AG", "KNDS", "--")),
        evidence=Evidence(document="d", start=start, end=start + len(quote), quote=quote),
    )


def made_up(
    seed: int, size: int, kinds: Sequence[Kind] = tuple(Kind), days: int = 900
) -> list[Entry]:
    """Entries of a few documents: about so many statements."""
    chance = random.Random(seed)
    found: list[Entry] = []
    while len(found) < size:
        name = f"d{chance.getrandbits(80):020x}"
        said = [statement(chance, kinds) for _ in range(chance.randint(1, 4))]
        day = START + dt.timedelta(days=chance.randint(0, days))
        dated = chance.random() < 0.8
        found += [
            Entry(one, made, name, day, dated)
            for one, made in zip(statement_ids(name, said), said, strict=True)
        ]
    return found


def books(
    kinds: Sequence[Kind] = tuple(Kind), least: int = 0, most: int = 14, days: int = 900
) -> st.SearchStrategy[list[Entry]]:
    """Books of a few made-up documents."""
    return st.builds(
        lambda seed, size: made_up(seed, size, kinds, days),
        st.integers(0, 10**9),
        st.integers(least, most),
    )


def cases_of(found: Iterable[Entry], rules: Rules = RULES) -> list[Case]:
    """What can make commitments of these, prepared."""
    prepared = (prepare(entry, TREE, rules.further_words) for entry in found)
    return [case for case in prepared if case is not None]


def table_of(found: Iterable[Entry], rules: Rules = RULES) -> CaseTable:
    """A sorted table of entries."""
    table = CaseTable(rules.continues)
    table.add_cases(cases_of(found, rules))
    table.sort()
    return table


def body_of(entry: Entry) -> Body:
    """An entry as the store keeps it."""
    statement = entry.statement
    return Body(
        entry.id,
        entry.document,
        entry.counted,
        entry.dated,
        encode(content_of(statement)),
        statement.evidence.quote,
    )


def decoded(table: CaseTable) -> list[dict[str, object]]:
    """What each row of a table says, free of codes."""
    coded = {
        "actors": table.actor_codes,
        "beneficiary": table.party_codes,
        "item": table.item_codes,
        "quantity": table.quantity_codes,
        "unit": table.unit_codes,
        "money": table.money_codes,
        "currency": table.currency_codes,
        "supplier": table.supplier_codes,
    }
    plain = (
        "family", "kind", "scope", "firm", "buys", "category", "field", "named", "approx",
        "spanned", "day", "start", "end", "dated", "further", "continues",
    )  # fmt: skip
    found: list[dict[str, object]] = []
    for row in range(len(table)):
        says: dict[str, object] = {name: getattr(table, name)[row].item() for name in plain}
        for name, codes in coded.items():
            code = int(getattr(table, name)[row])
            says[name] = None if code == NONE else codes.values[code]
        says["order"] = table.order(row)
        if table.spanned[row]:
            says["days"] = int(table.first[row]), int(table.last[row])
        found.append(says)
    return found


def told(*sides: tuple[Said, str | None], one_document: bool = False) -> list[Entry]:
    """Statements with the days of their reports; of one document, with the first one's day."""
    if one_document:
        return entries([report(*(said for said, _ in sides), date=sides[0][1])])
    return entries(
        report(said, date=date, lead=f"Report {number}.")
        for number, (said, date) in enumerate(sides)
    )


def scored(found: Iterable[Entry]) -> tuple[CaseTable, PairScorer]:
    """A table of entries with its scorer."""
    table = table_of(found)
    return table, scorer_of(table, RULES)


def all_pairs(size: int) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of rows, the earlier first."""
    one, other = np.triu_indices(size, 1)
    return one.astype(np.int32), other.astype(np.int32)


def denser(bodies: Iterable[Body], parties: int, categories: int, days: int) -> list[Body]:
    """A world of few parties, few categories and few days, in which all meets all."""
    names = ("tank", "artillery", "drone", "military-aid")[:categories]
    found = []
    for one in bodies:
        fields: dict[str, Any] = json.loads(one.body)
        fields["actors"] = sorted(
            {"ABCDE"[sum(map(ord, name)) % parties] * 3 for name in fields["actors"]}
        )
        fields["item"] = {"category": names[len(fields["item"]["category"]) % categories]}
        for end in ("low", "high"):
            amount = fields.get("quantity") or {}
            if amount.get(end):
                amount[end] = float(int(amount[end]) % 7 + 1)
        day = START + dt.timedelta(days=one.counted.toordinal() % days)
        found.append(replace(one, body=json.dumps(fields), counted=day))
    return found
