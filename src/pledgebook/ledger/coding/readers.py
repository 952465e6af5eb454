"""Where machine coders that read the same document read it differently."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from pydantic_core import from_json
from sqlalchemy import Connection

from pledgebook.ledger import schema as t
from pledgebook.ledger.columns import among

__all__ = ["Differing", "differing_readings"]

_Said = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Differing:
    """How other coders read a document than the one whose reading counts.

    `alone` are ids of statements that count and that no other coder has so; `missing` tells, by
    coder, how many statements it has that do not count.
    """

    alone: tuple[str, ...]
    missing: Mapping[str, int]


def differing_readings(connection: Connection) -> dict[str, Differing]:
    """Return the documents that several coders read differently; of each coder the last run counts.

    Who did what to what, how much and for how much is compared, not where the evidence ends.
    """
    runs = _last_runs(connection)
    wanted = [run for some in runs.values() for run in some.values()]
    if not wanted:
        return {}
    statements = _statements(connection, wanted)
    active = _active(connection, runs)
    unlike = _unlike(runs, statements)
    said = _said(connection, unlike)
    found = {}
    for document, by_coder in runs.items():
        counting = active.get(document)
        mine = [one for one in statements.get(counting or "", ()) if one in unlike]
        others = {
            coder: Counter(said[one] for one in statements.get(run, ()) if one in unlike)
            for coder, run in by_coder.items()
            if run != counting
        }
        own = Counter(said[one] for one in mine)
        alone = tuple(
            sorted(one for one in mine if not any(said[one] in some for some in others.values()))
        )
        missing = {coder: (some - own).total() for coder, some in sorted(others.items())}
        missing = {coder: count for coder, count in missing.items() if count}
        if alone or missing:
            found[document] = Differing(alone, missing)
    return found


def _last_runs(connection: Connection) -> dict[str, dict[str, str]]:
    """Return the last run of each coder, of the documents that more than one of them read."""
    runs, made = t.reading_runs.c, t.activations.c
    # Most books were read by one coder, which is soon known.
    coders = sa.select(runs.coder).distinct().limit(2)
    if len(connection.execute(coders).all()) < 2:
        return {}
    last = (
        sa.select(sa.func.max(made.number).label("number"))
        .join_from(t.activations, t.reading_runs, made.run_id == runs.id)
        .group_by(runs.document_id, runs.coder)
        .subquery()
    )
    several = (
        sa.select(runs.document_id)
        .group_by(runs.document_id)
        .having(sa.func.count(sa.distinct(runs.coder)) > 1)
    )
    query = (
        sa.select(runs.document_id, runs.coder, runs.id)
        .join_from(t.activations, last, last.c.number == made.number)
        .join(t.reading_runs, runs.id == made.run_id)
        .where(runs.document_id.in_(several))
    )
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(query):
        found[row.document_id][row.coder] = row.id
    return dict(sorted(found.items()))


def _active(connection: Connection, documents: Iterable[str]) -> dict[str, str]:
    made = t.activations.c
    query = (
        sa.select(made.document_id, made.run_id)
        .where(among(made.document_id, documents))
        .order_by(made.number)
    )
    return {row.document_id: row.run_id for row in connection.execute(query)}


def _statements(connection: Connection, runs: Iterable[str]) -> dict[str, list[str]]:
    links = t.run_statements.c
    query = sa.select(links.run_id, links.statement_id).where(among(links.run_id, runs))
    found: dict[str, list[str]] = defaultdict(list)
    for run, statement in connection.execute(query):
        found[run].append(statement)
    return found


def _unlike(
    runs: Mapping[str, Mapping[str, str]], statements: Mapping[str, list[str]]
) -> frozenset[str]:
    """Return the statements that not every coder of their document has."""
    found: set[str] = set()
    for by_coder in runs.values():
        sets = [set(statements.get(run, ())) for run in by_coder.values()]
        counts = Counter(name for some in sets for name in some)
        found.update(name for name, count in counts.items() if count < len(sets))
    return frozenset(found)


def _said(connection: Connection, names: Iterable[str]) -> dict[str, _Said]:
    columns = t.statements.c
    query = sa.select(columns.id, columns.body).where(among(columns.id, sorted(names)))
    return {row.id: _key(row.body) for row in connection.execute(query)}


def _key(body: str) -> _Said:
    if not body:
        return ()
    says = from_json(body)
    quantity, money = says.get("quantity") or {}, says.get("money") or {}
    return (
        says["kind"],
        says["item"]["category"],
        tuple(says["actors"]),
        quantity.get("low"),
        quantity.get("high"),
        money.get("low"),
        money.get("high"),
        money.get("currency"),
    )
