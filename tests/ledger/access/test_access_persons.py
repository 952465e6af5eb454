"""Persons and tokens: who may be what, and what nobody can do to the last admin."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from gates import CLERK, HOME, OTHER, PASSWORD, gate_of, let_in, refused, staffed

from making import Clock
from pledgebook.errors import NotFoundError, PledgebookError, UsageError
from pledgebook.ledger.access import tables as at
from pledgebook.ledger.access.gate import Gate
from pledgebook.ledger.access.names import free_name
from pledgebook.ledger.access.noting import Action
from pledgebook.ledger.access.records import Actor, Person, Refusal, Session
from pledgebook.ledger.access.roles import Right, Role, right_rules
from pledgebook.ledger.store import Store


@pytest.fixture
def gate(store: Store, clock: Clock) -> Gate:
    return gate_of(store, clock)


@pytest.fixture
def staff(gate: Gate) -> dict[Role, Person]:
    return staffed(gate)


def test_rights_grow_with_the_role(staff: dict[Role, Person]) -> None:
    rights = [{right for right in Right if staff[role].may(right)} for role in Role]
    assert all(less < more for less, more in itertools.pairwise(rights))
    assert rights[0] == {Right.READ, Right.ACCOUNT}
    assert rights[-1] == set(Right)
    assert all(rule.says[0].islower() for rule in right_rules().values())


def test_roles_are_compared_by_rank_and_named_in_any_case() -> None:
    assert [role.rank for role in Role] == [0, 1, 2, 3]
    assert Role.named(" Editor ") is Role.EDITOR
    with pytest.raises(UsageError, match="reader, coder, editor, admin"):
        Role.named("owner")


def test_the_first_person_has_to_be_an_admin(gate: Gate) -> None:
    with pytest.raises(UsageError, match="first person of a book has to be an admin"):
        gate.persons.add("coder", Role.CODER, by=CLERK, password=PASSWORD)
    assert not gate.persons.any_admin()
    gate.persons.add("root", Role.ADMIN, by=CLERK, password=PASSWORD)
    gate.persons.add("coder", Role.CODER, by=CLERK, password=PASSWORD)
    assert gate.persons.any_admin()


@pytest.mark.parametrize("name", ["", " ", "a b", "<b>", "a\nb", "-dash", "x" * 65, "a/b", "\0"])
def test_names_that_cannot_be_typed_or_shown_are_refused(gate: Gate, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be a name"):
        gate.persons.add(name, Role.ADMIN, by=CLERK, password=PASSWORD)


@pytest.mark.parametrize("shown", ["x" * 121, "a\u202eb", "a\0b", "a\u200bb"])
def test_names_that_cannot_be_shown_are_refused(gate: Gate, shown: str) -> None:
    with pytest.raises(UsageError, match="cannot be shown"):
        gate.persons.add("root", Role.ADMIN, by=CLERK, display_name=shown)


@pytest.mark.parametrize(
    "name", ["\u0430dmin", "anna.p\u0435trova", "\u039dorway", "ro\u043et@x.org"]
)
def test_letters_of_other_alphabets_make_no_other_person(gate: Gate, name: str) -> None:
    """A name that looks like another's, with a letter of another alphabet in it, is refused."""
    with pytest.raises(UsageError, match="several alphabets"):
        gate.persons.add(name, Role.ADMIN, by=CLERK, password=PASSWORD)
    with pytest.raises(UsageError, match="several alphabets"):
        gate.persons.add("root", Role.ADMIN, by=CLERK, display_name=f"Dr {name}")
    # Words of one alphabet each are nobody's disguise.
    made = gate.persons.add("olena.петренко", Role.ADMIN, by=CLERK, display_name="Olena Петренко")
    assert made.display_name == "Olena Петренко"


def test_a_name_is_taken_in_any_case(gate: Gate, staff: dict[Role, Person]) -> None:
    assert staff
    with pytest.raises(UsageError, match="already"):
        gate.persons.add("CODER", Role.READER, by=CLERK)
    gate.persons.add("Оленка", Role.READER, by=CLERK, issuer="https://x", subject="1")
    assert gate.persons.find("оленка").how == "oidc"
    with pytest.raises(UsageError, match="another person"):
        gate.persons.add("other", Role.READER, by=CLERK, issuer="https://x", subject="1")
    with pytest.raises(UsageError, match="another person"):
        gate.persons.link("coder", "https://x", "1", by=CLERK)
    assert gate.persons.link("coder", "https://x", "2", by=CLERK).how == "password or oidc"
    with pytest.raises(UsageError, match="issuer"):
        gate.persons.link("coder", "https://x", "", by=CLERK)


@pytest.mark.parametrize("change", ["role", "active"])
def test_the_last_admin_stays(gate: Gate, staff: dict[Role, Person], change: str) -> None:
    def drop(name: str) -> Person:
        if change == "role":
            return gate.persons.set_role(name, Role.EDITOR, by=CLERK)
        return gate.persons.set_active(name, active=False, by=CLERK)

    session = let_in(gate, "admin")
    with pytest.raises(UsageError, match="only admin"):
        drop("admin")
    assert gate.person_of(session.id) == staff[Role.ADMIN]
    gate.persons.set_role("editor", Role.ADMIN, by=CLERK)
    drop("admin")
    with pytest.raises(UsageError, match="only admin"):
        drop("editor")


def test_two_processes_cannot_drop_the_last_two_admins(
    gate: Gate, staff: dict[Role, Person], place: str, clock: Clock
) -> None:
    gate.persons.set_role("editor", Role.ADMIN, by=CLERK)
    assert staff
    faults: list[PledgebookError] = []
    begin = threading.Barrier(2)
    with Store.open(place, clock=clock) as there:
        gates = {"admin": gate, "editor": gate_of(there, clock)}

        def drop(name: str) -> None:
            begin.wait()
            try:
                gates[name].persons.set_active(name, active=False, by=CLERK)
            except UsageError as error:
                faults.append(error)

        threads = [threading.Thread(target=drop, args=(name,)) for name in gates]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(faults) == 1
    assert gate.persons.any_admin()


def test_nobody_is_deleted_or_renamed(store: Store, staff: dict[Role, Person]) -> None:
    """A judgement bears a name: it goes on meaning the same person."""
    assert staff
    raw = store.database.engine
    changes = [at.persons.delete(), at.persons.update().values(name="other", name_key="other")]
    for change in changes:
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), raw.begin() as connection:
            connection.execute(change)


def test_changing_somebody_who_is_not_there(gate: Gate, staff: dict[Role, Person]) -> None:
    assert staff
    calls: tuple[Callable[[], Person], ...] = (
        lambda: gate.persons.set_role("nobody", Role.READER, by=CLERK),
        lambda: gate.persons.set_password("nobody", PASSWORD, by=CLERK),
        lambda: gate.persons.find("nobody"),
    )
    for call in calls:
        with pytest.raises(NotFoundError, match="nobody called 'nobody'"):
            call()


def test_a_change_that_changes_nothing_is_not_written_down(
    gate: Gate, staff: dict[Role, Person]
) -> None:
    session, before = let_in(gate, "coder"), len(gate.log.entries())
    gate.persons.set_role("coder", Role.CODER, by=CLERK)
    gate.persons.set_active("coder", active=True, by=CLERK)
    assert len(gate.log.entries()) == before
    assert gate.person_of(session.id) == staff[Role.CODER]


# Tokens


def test_a_token_opens_for_a_program(gate: Gate, staff: dict[Role, Person]) -> None:
    token, secret = gate.tokens.add(staff[Role.EDITOR], "nightly", by=CLERK)
    assert secret.startswith("pb_")
    assert len(secret) >= 46
    program = gate.person_of_token(secret)
    assert program is not None
    assert (program.name, program.role, program.token) == ("editor", Role.EDITOR, token.id)
    for wrong in ("pb_", secret + "x", secret[3:], secret.upper(), "pb_" + "x" * 10_000):
        assert gate.person_of_token(wrong) is None
    assert gate.person_of(secret) is None  # it is no session


def test_the_secret_of_a_token_is_stored_nowhere(
    gate: Gate, staff: dict[Role, Person], store: Store
) -> None:
    _, secret = gate.tokens.add(staff[Role.EDITOR], "nightly", by=CLERK)
    with store.database.reading() as connection:
        for table in at.access_metadata.sorted_tables:
            kept = "".join(str(row) for row in connection.execute(sa.select(table)))
            assert secret not in kept
            assert secret[3:] not in kept


@pytest.mark.parametrize("granted", Role)
def test_a_token_may_at_most_what_its_owner_may(
    gate: Gate, staff: dict[Role, Person], granted: Role
) -> None:
    owner = staff[Role.CODER]
    if granted.rank > owner.role.rank:
        with pytest.raises(UsageError, match=f"cannot be {granted}"):
            gate.tokens.add(owner, "x", by=CLERK, role=granted)
        return
    _, secret = gate.tokens.add(owner, "x", by=CLERK, role=granted)
    gate.persons.set_role("coder", Role.READER, by=CLERK)
    program = gate.person_of_token(secret)
    assert program is not None
    assert program.role is Role.READER  # at once, in this process
    gate.persons.set_role("coder", Role.ADMIN, by=CLERK)
    program = gate.person_of_token(secret)
    assert program is not None
    assert program.role is granted


def test_some_rights_want_a_person(gate: Gate, staff: dict[Role, Person]) -> None:
    _, secret = gate.tokens.add(staff[Role.ADMIN], "x", by=CLERK)
    program = gate.person_of_token(secret)
    assert program is not None
    lost = {right for right in Right if not program.may(right)}
    assert lost == {Right.ACCOUNT, Right.PURGE, Right.AUDIT, Right.PEOPLE}


def test_a_new_password_ends_tokens_unless_they_are_kept(
    gate: Gate, staff: dict[Role, Person]
) -> None:
    coder, editor = staff[Role.CODER], staff[Role.EDITOR]
    (first, one), (_, other) = (gate.tokens.add(who, "x", by=CLERK) for who in (coder, editor))
    assert gate.person_of_token(one) is not None
    gate.persons.set_password("coder", OTHER, by=CLERK, keep_tokens=True)
    assert gate.person_of_token(one) is not None
    assert gate.log.entries(action=Action.TOKEN_REVOKED) == []
    assert gate.log.entries(action=Action.PASSWORD)[0].detail == "coder: tokens kept"
    gate.persons.set_password("coder", PASSWORD, by=CLERK)
    assert gate.person_of_token(one) is None
    assert gate.tokens.find(first.id).revoked_at is not None
    assert gate.person_of_token(other) is not None
    (told,) = gate.log.entries(action=Action.TOKEN_REVOKED)
    assert (told.who, told.subject, told.detail) == (CLERK.name, first.id, "coder: x")
    assert gate.log.entries(action=Action.PASSWORD)[0].detail == "coder"


@pytest.mark.parametrize("kept", [False, True])
def test_ones_own_new_password_ends_ones_tokens(
    gate: Gate, staff: dict[Role, Person], *, kept: bool
) -> None:
    coder = staff[Role.CODER]
    _, secret = gate.tokens.add(coder, "x", by=CLERK)
    assert isinstance(gate.change_password(coder, "wrong", OTHER, HOME), Refusal)
    assert gate.person_of_token(secret) is not None
    found = gate.change_password(coder, PASSWORD, OTHER, HOME, keep_tokens=kept)
    assert isinstance(found, Session)
    assert (gate.person_of_token(secret) is not None) is kept


def test_tokens_end(gate: Gate, staff: dict[Role, Person], clock: Clock) -> None:
    owner = staff[Role.CODER]
    (first, one), (_, two) = (gate.tokens.add(owner, "x", by=CLERK, days=2) for _ in range(2))
    assert gate.person_of_token(one) is not None
    revoked = gate.tokens.revoke(first.id[:8], by=CLERK)
    assert revoked.state(clock()) == "revoked"
    assert gate.tokens.revoke(first.id, by=CLERK) == revoked
    assert gate.person_of_token(one) is None
    assert gate.person_of_token(two) is not None
    gate.persons.set_active("coder", active=False, by=CLERK)
    assert gate.person_of_token(two) is None
    gate.persons.set_active("coder", active=True, by=CLERK)
    clock.advance(days=2, seconds=-1)
    assert gate.person_of_token(two) is not None
    clock.advance(seconds=1)
    assert gate.person_of_token(two) is None
    assert [token.state(clock()) for token in gate.tokens.all(owner)].count("expired") == 1


def test_another_process_learns_of_a_revocation_within_seconds(
    gate: Gate, staff: dict[Role, Person], place: str, clock: Clock
) -> None:
    token, secret = gate.tokens.add(staff[Role.CODER], "x", by=CLERK)
    with Store.open(place, clock=clock) as there:
        other = gate_of(there, clock)
        assert other.person_of_token(secret) is not None
        gate.tokens.revoke(token.id, by=CLERK)
        clock.advance(seconds=gate.limits.session.trust)
        assert other.person_of_token(secret) is None


def test_use_is_noted_to_the_hour(gate: Gate, staff: dict[Role, Person], clock: Clock) -> None:
    token, secret = gate.tokens.add(staff[Role.CODER], "x", by=CLERK)
    assert token.used_at is None
    clock.advance(minutes=25)
    gate.person_of_token(secret)
    assert gate.tokens.find(token.id).used_at == clock().replace(minute=0)
    clock.advance(minutes=80)
    gate.person_of_token(secret)
    assert gate.tokens.find(token.id).used_at == clock().replace(minute=0)


def test_tokens_are_found_by_their_beginning_and_their_owner(
    gate: Gate, staff: dict[Role, Person]
) -> None:
    mine, _ = gate.tokens.add(staff[Role.CODER], "mine", by=CLERK)
    assert gate.tokens.find(mine.id[:6]) == mine
    for prefix in ("", " ", "k" + "0" * 20):
        with pytest.raises(NotFoundError):
            gate.tokens.find(prefix)
    with pytest.raises(NotFoundError):
        gate.tokens.revoke(mine.id, by=CLERK, owner=staff[Role.EDITOR])
    gate.tokens.add(staff[Role.EDITOR], "theirs", by=CLERK)
    with pytest.raises(UsageError, match="2 tokens begin with k"):
        gate.tokens.find("k")
    assert [token.label for token in gate.tokens.all(staff[Role.CODER])] == ["mine"]
    assert len(gate.tokens.all()) == 2


@pytest.mark.parametrize("days", [0, -1, 367, 10**9])
def test_a_token_lives_for_a_year_at_most(gate: Gate, staff: dict[Role, Person], days: int) -> None:
    with pytest.raises(UsageError, match="from 1 to 366 days"):
        gate.tokens.add(staff[Role.CODER], "x", by=CLERK, days=days)


@pytest.mark.parametrize(
    "values",
    [
        {"role": "admin"},
        {"expires_at": None},
        {"person_id": "u0"},
        {"revoked_at": None},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_token_is_not_made_more_than_it_was(
    gate: Gate, staff: dict[Role, Person], store: Store, clock: Clock, values: dict[str, Any]
) -> None:
    token, _ = gate.tokens.add(staff[Role.CODER], "x", by=CLERK)
    gate.tokens.revoke(token.id, by=CLERK)
    if "expires_at" in values:
        values = {"expires_at": clock.advance(days=900)}
    raw = store.database.engine
    for change in (at.tokens.delete(), at.tokens.update().values(**values)):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), raw.begin() as connection:
            connection.execute(change)


def test_a_whole_day_of_a_person(gate: Gate, staff: dict[Role, Person], clock: Clock) -> None:
    """Turned away in the morning, back at noon, with a new password in the evening."""
    admin = Actor.of(staff[Role.ADMIN], HOME)
    session = let_in(gate, "coder")
    gate.persons.set_active("coder", active=False, by=admin)
    refused(gate, "coder", PASSWORD)
    clock.advance(hours=4)
    gate.persons.set_active("coder", active=True, by=admin)
    assert gate.person_of(session.id) is None
    session = let_in(gate, "coder")
    fresh = gate.change_password(session.person, PASSWORD, OTHER, HOME)
    assert isinstance(fresh, Session)
    told = [(one.who, str(one.action), one.outcome) for one in gate.log.entries()][:8]
    assert told == [
        ("coder", "sign-in", "done"),
        ("coder", "password", "done"),
        ("coder", "sign-in", "done"),
        ("admin", "enabled", "done"),
        ("coder", "sign-in", "refused"),
        ("admin", "disabled", "done"),
        ("coder", "sign-in", "done"),
        ("clerk", "person-added", "done"),
    ]


def test_a_provider_brings_nobody_in_disguise() -> None:
    assert free_name("\u0430dmin", ["admin"], "seed") == "person"
    assert free_name("olena", ["admin"], "seed") == "olena"
