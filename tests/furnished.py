"""A book with rows in every table: documents and decisions, releases, persons, feeds, an index."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from making import Clock, Said, document, norway, reading, release, report
from pledgebook.book import Book
from pledgebook.errors import Problem
from pledgebook.ledger import schema
from pledgebook.ledger.access.records import Actor
from pledgebook.ledger.access.roles import Role
from pledgebook.ledger.access.tables import access_metadata
from pledgebook.ledger.feeds import tables as ft
from pledgebook.ledger.feeds.tables import feeds_metadata
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.statement import Category

PASSWORD = "four plain words here"
CLERK = Actor("clerk", address="the command line")
ODD = "a NUL \x00, a mark \x1a0000, half a pair \ud800, 弾薬 and \N{TRACTOR}"

Rows = Mapping[str, Counter[tuple[Any, ...]]]


def furnish(book: Book, clock: Clock) -> None:
    """Put something into every table, some of it taken back, hidden or erased."""
    store = book.store
    odd = document(f"{ODD} Latvia will give six tanks.", None, origin=ODD, title=ODD)
    said = Said("Latvia will give six tanks", actors=("LVA",), quantity=6)
    problem = Problem(code="odd", what=ODD.replace("\ud800", ""), source="x")
    store.add([*norway(), reading(odd, [said])], [problem])
    clock.advance(hours=1)
    store.add([reading(odd, [], version="2")])
    clock.advance(hours=1)
    store.add([reading(odd, [said])])
    erased = report(Said("Spain will send two tanks", actors=("ESP",), quantity=2))
    hidden = report(Said("Italy will send five tanks", actors=("ITA",), quantity=5))
    store.add([erased, hidden])
    first, second, *_ = book.commitments()
    book.judge("same", first.id, second.id, by="A. Clerk", note=ODD)
    wrong = book.judge("wrong", second.statements[0], by="A. Clerk")
    clock.advance(days=1)
    book.revoke(wrong.id, by="B. Clerk")
    book.withdraw(hidden.document.id, by="A. Clerk", note="the outlet took it back")
    book.purge(erased.document.id, by="A. Clerk", note="asked for")
    price = {"low": 1.1, "high": 2.5, "currency": "EUR", "unit": "item", "item": "tank"}
    row = report(Said("Norway: 8 tanks", quantity=8, category=Category.TANK), date=None)
    store.add_release(release([row], prices=[price]), by="A. Clerk")
    store.add_release(release([row, norway()[1]], "2023-02", "2023-02-28"), by="A. Clerk")


def staff(book: Book) -> str:
    """Let persons in, with sessions, tokens and sign-ins; return a token's secret."""
    gate = book.gate
    admin = gate.persons.add("anna", Role.ADMIN, by=CLERK, password=PASSWORD)
    gate.sign_in("anna", PASSWORD, "198.51.100.7")
    gate.sign_in("anna", "not so", "198.51.100.7")
    return gate.tokens.add(admin, "nightly", by=CLERK)[1]


def watch(book: Book, clock: Clock) -> None:
    """Watch a feed that was polled, and of which an article was read."""
    feed = book.feeds.add("https://example.org/feed.xml", by="A. Clerk", note=ODD)
    now = clock()
    with book.store.database.writing() as connection:
        connection.execute(
            ft.feed_states.insert().values(
                feed_id=feed.id, url="https://example.org/feed.xml", title=ODD,
                settings_digest="x", etag='"1"', last_modified=None, pause_seconds=900, failures=0,
                polled_at=now, next_at=now + dt.timedelta(minutes=15), outcome="read", found=1,
                taken=1, problem=None, claimed_by=None, claimed_until=None,
            )
        )  # fmt: skip
        connection.execute(
            ft.feed_entries.insert().values(
                id="e1", feed_id=feed.id, key_sha256="0" * 64, url_sha256="1" * 64,
                found_url_sha256=None, state="read", body=ODD, document_id=None, attempts=1,
                found_at=now, done_at=now,
            )
        )  # fmt: skip
        connection.execute(
            ft.feed_hosts.insert().values(
                host_sha256="2" * 64, host="example.org", failures=0, not_before=now, held_by=None,
                held_until=None, robots="User-agent: *", robots_until=now,
            )
        )  # fmt: skip


def everything_in(store: Store) -> Rows:
    """Every row of every table but the index of the search, as values of Python."""
    tables = [
        table
        for one in (schema.metadata, access_metadata, feeds_metadata)
        for table in one.sorted_tables
    ]
    with store.database.reading() as connection:
        return {
            table.name: Counter(tuple(row) for row in connection.execute(sa.select(table)))
            for table in tables
        }
