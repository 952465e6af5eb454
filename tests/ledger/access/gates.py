"""A gate for tests: real in all, with passwords that cost little."""

from __future__ import annotations

from pledgebook.ledger.access.gate import Gate
from pledgebook.ledger.access.limits import Limits, PasswordRules, load_limits
from pledgebook.ledger.access.records import Actor, Person, Refusal, Session
from pledgebook.ledger.access.roles import Role
from pledgebook.ledger.store import Clock, Store

PASSWORD = "four plain words here"
OTHER = "another four plain words"
HOME = "198.51.100.7"
CLERK = Actor("clerk", address="the command line")


def cheap(**changes: int) -> Limits:
    """The limits that ship, with hashes that cost next to nothing."""
    shipped = load_limits()
    password = shipped.password.model_copy(update={"memory": 8, "passes": 1, "lanes": 1} | changes)
    return shipped.model_copy(update={"password": PasswordRules.model_validate(password)})


def gate_of(store: Store, clock: Clock, limits: Limits | None = None) -> Gate:
    return Gate(store.database, clock=clock, limits=limits or cheap())


def staffed(gate: Gate) -> dict[Role, Person]:
    """One person of each role, called after it; all have `PASSWORD`."""
    return {
        role: gate.persons.add(role.value, role, by=CLERK, password=PASSWORD)
        for role in reversed(Role)
    }


def let_in(gate: Gate, name: str, password: str = PASSWORD, address: str = HOME) -> Session:
    """Sign in somebody who has to be let in."""
    session = gate.sign_in(name, password, address)
    assert isinstance(session, Session), session
    return session


def refused(gate: Gate, name: str, password: str = "wrong", address: str = HOME) -> Refusal:
    """Try to sign in somebody who has to be refused."""
    refusal = gate.sign_in(name, password, address)
    assert isinstance(refusal, Refusal)
    return refusal
