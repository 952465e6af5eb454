"""Coming in, being there, and going: sessions of persons, on both engines."""

from __future__ import annotations

import secrets
import statistics
import time

import pytest
import sqlalchemy as sa
from gates import CLERK, HOME, OTHER, PASSWORD, cheap, gate_of, let_in, refused, staffed

from making import Clock
from pledgebook.errors import UsageError
from pledgebook.ledger.access import tables as at
from pledgebook.ledger.access.gate import Gate
from pledgebook.ledger.access.records import Person, Refusal, Session
from pledgebook.ledger.access.roles import Role
from pledgebook.ledger.store import Store

ISSUER = "https://login.example.org"


@pytest.fixture
def gate(store: Store, clock: Clock) -> Gate:
    found = gate_of(store, clock)
    staffed(found)
    return found


def whoever(gate: Gate, session: Session) -> Person:
    person = gate.person_of(session.id)
    assert person is not None
    return person


def test_who_signs_in_is_known_until_they_sign_out(gate: Gate) -> None:
    session = let_in(gate, "coder")
    assert session.person.role is Role.CODER
    assert whoever(gate, session) == session.person
    gate.sign_out(session.id, HOME)
    assert gate.person_of(session.id) is None


@pytest.mark.parametrize("name", ["CODER", "\uff43oder", " coder "])
def test_case_width_and_blanks_make_no_other_name(gate: Gate, name: str) -> None:
    assert let_in(gate, name).person.name == "coder"


@pytest.mark.parametrize(
    ("name", "password"),
    [("coder", "wrong"), ("nobody", PASSWORD), ("coder", ""), ("", ""), ("coder", "x" * 100_000)],
)
def test_all_that_is_wrong_is_refused_alike(gate: Gate, name: str, password: str) -> None:
    assert refused(gate, name, password) == refused(gate, "coder", "wrong too")


def test_somebody_disabled_is_refused_like_a_wrong_password(gate: Gate) -> None:
    session = let_in(gate, "coder")
    gate.persons.set_active("coder", active=False, by=CLERK)
    assert gate.person_of(session.id) is None
    assert refused(gate, "coder", PASSWORD) == refused(gate, "coder")
    gate.persons.set_active("coder", active=True, by=CLERK)
    assert gate.person_of(session.id) is None
    let_in(gate, "coder")


def test_the_secret_of_a_session_is_stored_nowhere(gate: Gate, store: Store) -> None:
    session = let_in(gate, "coder")
    assert len(session.id) >= 43  # 256 bits
    assert session.id not in repr(session)
    with store.database.reading() as connection:
        for table in at.access_metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                assert session.id not in map(str, row)
                assert PASSWORD not in "".join(map(str, row))


def test_every_sign_in_has_a_session_of_its_own(gate: Gate) -> None:
    first = let_in(gate, "coder")
    again = gate.sign_in("coder", PASSWORD, HOME, previous=first.id)
    assert isinstance(again, Session)
    assert again.id != first.id
    assert gate.person_of(first.id) is None
    assert gate.person_of(again.id) == again.person


def test_a_planted_session_id_is_never_taken(gate: Gate) -> None:
    planted = secrets.token_urlsafe(32)
    session = gate.sign_in("coder", PASSWORD, HOME, previous=planted)
    assert isinstance(session, Session)
    assert gate.person_of(planted) is None


@pytest.mark.parametrize("made_up", ["", "x", "x" * 1000, "\ud800", "\0", None])
def test_made_up_sessions_are_nobody(gate: Gate, made_up: str | None) -> None:
    assert gate.person_of(made_up) is None
    assert gate.person_of_token(made_up) is None
    gate.sign_out(made_up)


def test_a_session_ends_after_its_whole_time_however_busy(gate: Gate, clock: Clock) -> None:
    session = let_in(gate, "coder")
    rules = gate.limits.session
    for _ in range(rules.absolute // 3600 - 1):
        clock.advance(hours=1)
        whoever(gate, session)
    clock.advance(hours=1)
    assert gate.person_of(session.id) is None


def test_an_idle_session_ends(gate: Gate, clock: Clock) -> None:
    used, idle = let_in(gate, "coder"), let_in(gate, "editor")
    half = gate.limits.session.idle / 2
    for _ in range(2):
        clock.advance(seconds=half)
        whoever(gate, used)
    assert gate.person_of(idle.id) is None
    whoever(gate, used)


def test_a_session_that_was_just_looked_up_ends_in_time_too(gate: Gate, clock: Clock) -> None:
    session = let_in(gate, "coder")
    rules = gate.limits.session
    for _ in range(rules.absolute // 3600 - 1):
        clock.advance(hours=1)
        whoever(gate, session)
    clock.advance(seconds=3600 - 0.5)
    whoever(gate, session)
    clock.advance(seconds=0.6)
    # What was found half a second before is trusted still, but not beyond its own end.
    assert rules.trust > 0.6
    assert gate.person_of(session.id) is None


def test_a_session_ends_when_it_was_idle_since_its_last_use(gate: Gate, clock: Clock) -> None:
    left, used = let_in(gate, "coder"), let_in(gate, "editor")
    idle = gate.limits.session.idle
    clock.advance(seconds=idle - 1)
    whoever(gate, left)
    whoever(gate, used)
    clock.advance(seconds=idle - 0.5)
    whoever(gate, used)
    clock.advance(seconds=0.6)
    assert gate.person_of(left.id) is None
    whoever(gate, used)


def test_dead_sessions_are_swept_away(gate: Gate, store: Store, clock: Clock) -> None:
    let_in(gate, "coder")
    clock.advance(days=2)
    let_in(gate, "editor")
    with store.database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(at.sessions)).scalar() == 1


def test_a_new_role_or_password_ends_all_sessions(gate: Gate) -> None:
    one, two = let_in(gate, "coder"), let_in(gate, "coder")
    gate.persons.set_role("coder", Role.EDITOR, by=CLERK)
    assert gate.person_of(one.id) is gate.person_of(two.id) is None
    three = let_in(gate, "coder")
    assert three.person.role is Role.EDITOR
    gate.persons.set_password("coder", OTHER, by=CLERK)
    assert gate.person_of(three.id) is None
    refused(gate, "coder", PASSWORD)
    let_in(gate, "coder", OTHER)


def test_a_new_display_name_ends_nothing_and_shows_at_once(gate: Gate) -> None:
    session = let_in(gate, "coder")
    gate.persons.set_display_name("coder", "A. Clerk", by=CLERK)
    assert whoever(gate, session).display_name == "A. Clerk"


def test_ones_own_password_wants_the_present_one(gate: Gate) -> None:
    session = let_in(gate, "coder")
    elsewhere = let_in(gate, "coder")
    assert isinstance(gate.change_password(session.person, "wrong", OTHER, HOME), Refusal)
    whoever(gate, session)
    with pytest.raises(UsageError, match="too short"):
        gate.change_password(session.person, PASSWORD, "short", HOME)
    fresh = gate.change_password(session.person, PASSWORD, OTHER, HOME)
    assert isinstance(fresh, Session)
    assert gate.person_of(session.id) is gate.person_of(elsewhere.id) is None
    whoever(gate, fresh)


def test_another_process_learns_of_an_end_within_seconds(
    gate: Gate, place: str, clock: Clock
) -> None:
    session = let_in(gate, "coder")
    whoever(gate, session)
    with Store.open(place, clock=clock) as there:
        other = gate_of(there, clock)
        whoever(other, session)
        gate.persons.set_active("coder", active=False, by=CLERK)
        assert gate.person_of(session.id) is None  # here at once
        clock.advance(seconds=gate.limits.session.trust)
        assert other.person_of(session.id) is None


def test_a_hash_with_other_parameters_is_made_anew(gate: Gate, store: Store, clock: Clock) -> None:
    def kept() -> str:
        query = sa.select(at.persons.c.password_hash).where(at.persons.c.name == "coder")
        with store.database.reading() as connection:
            return str(connection.execute(query).scalar_one())

    before = kept()
    let_in(gate, "coder")
    assert kept() == before
    stronger = gate_of(store, clock, cheap(passes=2))
    refused(stronger, "coder")
    assert kept() == before
    let_in(stronger, "coder")
    assert "t=2" in kept()
    assert "t=1" in before
    let_in(gate, "coder")


def test_an_issuer_vouches_for_whom_an_admin_named(gate: Gate) -> None:
    gate.persons.add("olena", Role.EDITOR, by=CLERK, issuer=ISSUER, subject="42")
    session = gate.open_oidc(ISSUER, "42", {}, HOME)
    assert isinstance(session, Session)
    assert whoever(gate, session).role is Role.EDITOR
    refused(gate, "olena", "")
    for issuer, subject in ((ISSUER, "43"), ("https://login.example.com", "42")):
        assert isinstance(gate.open_oidc(issuer, subject, {}, HOME), Refusal)


def test_an_equal_name_or_address_says_nothing(gate: Gate) -> None:
    claims = {"preferred_username": "admin", "email": "admin", "email_verified": True}
    assert isinstance(gate.open_oidc(ISSUER, "7", claims, HOME), Refusal)
    session = gate.open_oidc(ISSUER, "7", claims, HOME, newcomers=Role.READER)
    assert isinstance(session, Session)
    assert session.person.role is Role.READER
    assert session.person.name not in {"admin", ""}
    again = gate.open_oidc(ISSUER, "7", claims, HOME, newcomers=Role.READER)
    assert isinstance(again, Session)
    assert again.person == session.person


def test_somebody_disabled_is_not_let_in_by_an_issuer(gate: Gate) -> None:
    gate.open_oidc(ISSUER, "7", {"name": "A\nB"}, HOME, newcomers=Role.READER)
    person = next(one for one in gate.persons.all() if one.subject == "7")
    gate.persons.set_active(person.name, active=False, by=CLERK)
    refusal = gate.open_oidc(ISSUER, "7", {}, HOME, newcomers=Role.READER)
    assert isinstance(refusal, Refusal)


def test_the_first_from_an_issuer_does_not_become_the_only_person(
    store: Store, clock: Clock
) -> None:
    empty = gate_of(store, clock)
    refusal = empty.open_oidc(ISSUER, "7", {}, HOME, newcomers=Role.READER)
    assert isinstance(refusal, Refusal)
    assert empty.persons.all() == []
    assert not empty.persons.any_admin()


@pytest.mark.soak
def test_an_unknown_name_takes_as_long(store: Store, clock: Clock) -> None:
    """With the parameters that ship: medians apart by less than they scatter."""
    gate = gate_of(store, clock, cheap(memory=65536, passes=2))
    staffed(gate)

    def taken(name: str) -> list[float]:
        spans = []
        for number in range(15):
            start = time.process_time()
            refused(gate, name, address=f"192.0.2.{number}")
            spans.append(time.process_time() - start)
            clock.advance(hours=2)
        return spans

    taken("warm")
    known, unknown = taken("coder"), taken("nobody")
    ratio = statistics.median(known) / statistics.median(unknown)
    assert 0.7 < ratio < 1.4
