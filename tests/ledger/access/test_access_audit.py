"""The audit log tells who did what, and nobody edits it; exports know nothing of persons."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from gates import CLERK, HOME, PASSWORD, cheap, gate_of, let_in, refused, staffed

from making import Clock, norway
from pledgebook.book import Book
from pledgebook.errors import PledgebookError
from pledgebook.ledger.access import tables as at
from pledgebook.ledger.access.auditing import AuditEntry
from pledgebook.ledger.access.gate import Gate
from pledgebook.ledger.access.noting import Action, acting
from pledgebook.ledger.access.records import Actor
from pledgebook.ledger.access.roles import Role
from pledgebook.ledger.schema import metadata


@pytest.fixture
def gate(told: Book) -> Gate:
    return gate_of(told._store, Clock())


def brief(entries: list[AuditEntry]) -> list[tuple[str, str, str, str]]:
    return [(one.who, one.action.value, one.subject, one.outcome) for one in entries]


def test_what_is_written_comes_back_newest_first(gate: Gate) -> None:
    staff = staffed(gate)
    coder = staff[Role.CODER]
    gate.audit("judge", coder, "j1", HOME, detail="wrong: <b>\n\0\ud800")
    gate.audit(Action.UPLOAD, coder, "d1", HOME, "failed", "empty-document")
    newest, judged, *_ = gate.log.entries()
    assert brief([newest, judged]) == [
        ("coder", "upload", "d1", "failed"),
        ("coder", "judge", "j1", "done"),
    ]
    assert judged.detail == "wrong: <b>\n\0\ud800"
    assert (judged.address, judged.person_id) == (HOME, coder.id)
    with pytest.raises(ValueError, match="nonsense"):
        gate.audit("nonsense", coder)


def test_roles_and_passwords_are_told_without_secrets(gate: Gate) -> None:
    staffed(gate)
    gate.persons.set_role("reader", Role.CODER, by=CLERK)
    assert gate.log.entries()[0].detail == "reader: reader to coder"
    assert PASSWORD not in repr(gate.log.entries())


def test_failures_tell_the_known_name_only(gate: Gate) -> None:
    staffed(gate)
    refused(gate, "Coder")
    refused(gate, "hunter2 typed into the wrong field")
    unknown, known = gate.log.entries()[:2]
    assert (known.who, known.outcome, known.address) == ("coder", "refused", HOME)
    assert (unknown.who, unknown.subject, unknown.detail) == ("(nobody)", "", "password")


def test_the_log_is_narrowed(gate: Gate, told: Book) -> None:
    clock = Clock()
    gate = gate_of(told._store, clock)
    staffed(gate)
    let_in(gate, "coder")
    since = clock.advance(hours=1)
    let_in(gate, "coder")
    let_in(gate, "editor")
    assert [one.who for one in gate.log.entries(since=since)] == ["editor", "coder"]
    assert len(gate.log.entries(by="CODER", action=Action.SIGN_IN)) == 2
    assert brief(gate.log.entries(by="coder", since=since)) == [
        ("coder", "sign-in", gate.persons.find("coder").id, "done")
    ]
    assert len(gate.log.entries(limit=1)) == 1
    assert gate.log.entries(by="nobody") == []


def test_what_passed_by_the_gate_is_told_by_the_book(told: Book, gate: Gate) -> None:
    staff = staffed(gate)
    entry, document = next(iter(told.ledger().entries)), told.documents()[0].id
    judgement = told.judge("wrong", entry, by="olena")
    revoked = told.revoke(judgement.id, by="taras")
    told.withdraw(document, by="olena")
    told.restore(document, by="olena")
    other = told.judge("wrong", entry, by="coder")
    gate.audit(Action.JUDGE, staff[Role.CODER], other.id, HOME)
    told.purge(document, by="admin")
    found = gate.log.entries()
    done = {line[:3] for line in brief(found)}
    assert done >= {
        ("olena", "judge", judgement.id),
        ("taras", "revoke", revoked.id),
        ("olena", "withdraw", document),
        ("olena", "restore", document),
        ("admin", "purge", document),
    }
    # What the gate wrote down is not told twice.
    assert [one.address for one in found if one.subject == other.id] == [HOME]
    assert brief(gate.log.entries(by="taras")) == [("taras", "revoke", revoked.id, "done")]
    assert gate.log.entries(since=dt.datetime(2099, 1, 1, tzinfo=dt.UTC)) == []
    assert {one.action for one in gate.log.entries(action=Action.PURGE)} == {Action.PURGE}


def test_what_somebody_does_is_noted_with_it(told: Book, gate: Gate) -> None:
    """A page says who acts; the store writes both in one transaction."""
    coder = Actor.of(staffed(gate)[Role.CODER], HOME)
    entry, document = next(iter(told.ledger().entries)), told.documents()[0].id
    with acting(coder):
        judgement = told.judge("wrong", entry, by="coder", note="old")
        revoked = told.revoke(judgement.id, by="coder")
        told.withdraw(document, by="coder", note="twice")
        told.restore(document, by="coder")
        told._store.add(norway()[:1])
        with pytest.raises(PledgebookError):
            told._store.withdraw("d0", by="coder")
        told.purge(document, by="coder")
    told._store.add(norway()[1:])
    found = [one for one in gate.log.entries() if one.who == "coder"][::-1]
    assert brief(found) == [
        ("coder", "judge", judgement.id, "done"),
        ("coder", "revoke", revoked.id, "done"),
        ("coder", "withdraw", document, "done"),
        ("coder", "restore", document, "done"),
        ("coder", "upload", norway()[0].document.id, "done"),
        ("coder", "purge", document, "done"),
    ]
    assert {one.address for one in found} == {HOME}
    assert {one.person_id for one in found} == {coder.person_id}
    assert found[2].detail == "twice"


@pytest.mark.parametrize("table", [at.audit, at.sign_ins], ids=lambda table: table.name)
def test_nothing_in_the_logs_is_edited_or_deleted(told: Book, gate: Gate, table: sa.Table) -> None:
    staffed(gate)
    let_in(gate, "coder")
    raw = told._store.database.engine
    for change in (table.delete(), table.update().values(address="elsewhere")):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), raw.begin() as connection:
            connection.execute(change)
    with told._store.database.reading() as connection:
        assert connection.execute(sa.select(table.c.address)).scalars().all()


def test_no_export_knows_of_persons(told: Book, gate: Gate, tmp_path: Path) -> None:
    staffed(gate)
    let_in(gate, "coder")
    _, secret = gate.tokens.add(gate.persons.find("coder"), "nightly", by=CLERK)
    assert not set(metadata.tables) & set(at.access_metadata.tables)
    (tmp_path / "out").mkdir()
    for form in ("jsonl", "datapackage"):
        told.export(form, tmp_path / "out" / form)
    written = b"".join(
        path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()
    )
    assert len(written) > 1000
    for never in (b"argon2", b"nightly", b"person-added", secret.encode(), HOME.encode()):
        assert never not in written


def test_the_gate_of_a_book_is_one(told: Book) -> None:
    assert told.gate is told.gate
    assert told.gate.limits.password.memory >= 19 * 1024
    told.gate.persons.add("root", Role.ADMIN, by=Actor("me"), password=PASSWORD)
    assert gate_of(told._store, Clock(), cheap()).persons.any_admin()
