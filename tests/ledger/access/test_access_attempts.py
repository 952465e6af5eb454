"""Guessing is slowed down, by name and by address, in one process and in several."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from gates import HOME, PASSWORD, gate_of, let_in, refused, staffed
from hypothesis import given
from hypothesis import strategies as st

from making import Clock
from pledgebook.ledger.access import tables as at
from pledgebook.ledger.access.gate import Gate
from pledgebook.ledger.access.limits import Backoff, load_limits
from pledgebook.ledger.access.names import address_key
from pledgebook.ledger.access.records import Refusal, Session
from pledgebook.ledger.store import Store


@pytest.fixture
def gate(store: Store, clock: Clock) -> Gate:
    found = gate_of(store, clock)
    staffed(found)
    return found


def written(store: Store) -> int:
    with store.database.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(at.sign_ins)).scalar_one()


def elsewhere(number: int) -> str:
    return f"203.0.113.{number}"


def test_after_a_few_failures_a_name_has_to_wait(gate: Gate, clock: Clock) -> None:
    rule = gate.limits.name
    for number in range(rule.free):
        assert refused(gate, "coder", address=elsewhere(number)).seconds == 0
    spans = []
    for number in range(8):
        # The right password does not help while the name has to wait.
        spans.append(refused(gate, "coder", PASSWORD, elsewhere(100 + number)).seconds)
        clock.advance(seconds=spans[-1])
        assert refused(gate, "coder", address=elsewhere(50 + number)).seconds == 0
    assert spans == [2, 4, 8, 16, 32, 60, 60, 60]
    clock.advance(seconds=60)
    let_in(gate, "coder", address=elsewhere(1))


def test_a_name_that_nobody_has_waits_alike(gate: Gate) -> None:
    for number in range(gate.limits.name.free):
        refused(gate, "nobody", address=elsewhere(number))
    assert refused(gate, "nobody", address=elsewhere(99)).seconds == 2


def test_who_waits_is_not_written_down(gate: Gate, store: Store) -> None:
    for number in range(gate.limits.name.free):
        refused(gate, "coder", address=elsewhere(number))
    before = written(store), len(gate.log.entries())
    for number in range(20):
        assert refused(gate, "coder", address=elsewhere(number)).seconds > 0
    assert (written(store), len(gate.log.entries())) == before


def test_success_starts_a_name_afresh(gate: Gate) -> None:
    for _ in range(3):
        for _ in range(gate.limits.name.free - 1):
            assert refused(gate, "coder").seconds == 0
        let_in(gate, "coder")


def test_nobody_locks_an_owner_out_from_elsewhere(gate: Gate) -> None:
    let_in(gate, "coder", address=HOME)
    for number in range(gate.limits.name.free):
        refused(gate, "coder", address=elsewhere(number))
    assert refused(gate, "coder", address=elsewhere(99)).seconds > 0
    let_in(gate, "coder", address=HOME)


def test_an_address_waits_whatever_names_it_tries(gate: Gate, clock: Clock) -> None:
    rule = gate.limits.address
    for number in range(rule.free):
        assert refused(gate, f"name{number}").seconds == 0
        # An account of one's own does not buy more guesses.
        if number % 5 == 0:
            let_in(gate, "reader")
    wait = refused(gate, "reader", PASSWORD).seconds
    assert wait == rule.wait
    let_in(gate, "reader", address=elsewhere(1))
    clock.advance(seconds=wait)
    let_in(gate, "reader")
    clock.advance(seconds=rule.window)
    assert refused(gate, "coder").seconds == 0


def test_a_network_of_version_6_is_one_address(gate: Gate) -> None:
    for number in range(gate.limits.address.free):
        refused(gate, f"name{number}", address=f"2001:db8:1:2:{number + 1:x}::1")
    assert refused(gate, "other", address="2001:db8:1:2:ffff::9").seconds > 0
    assert refused(gate, "other", address="2001:db8:1:3::9").seconds == 0


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix socket", "unix socket"),
        ("x" * 500, "x" * 100),
    ],
)
def test_addresses_in_the_form_that_counts(address: str, key: str) -> None:
    assert address_key(address) == key


def test_typed_names_are_not_kept_in_the_open(gate: Gate, store: Store) -> None:
    """Somebody types the password into the field of the name."""
    refused(gate, PASSWORD, "")
    with store.database.reading() as connection:
        for table in (at.sign_ins, at.audit):
            kept = [str(row) for row in connection.execute(sa.select(table))]
            assert kept
            assert PASSWORD not in "".join(kept)


def test_many_at_once_in_two_processes_do_not_slip_through(
    gate: Gate, store: Store, place: str, clock: Clock
) -> None:
    """Two gates, each with its own connections, stand for two processes."""
    with Store.open(place, clock=clock) as there:
        gates = [gate, gate_of(there, clock)]
        found: list[Session | Refusal] = []
        begin = threading.Barrier(12)

        def guess(number: int) -> None:
            begin.wait()
            found.append(gates[number % 2].sign_in("coder", "wrong", elsewhere(number)))

        threads = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 12
    tried = [one for one in found if isinstance(one, Refusal) and one.seconds == 0]
    assert len(tried) == gate.limits.name.free == written(store)


@given(st.integers(0, 10**9), st.sampled_from(["name", "address"]))
def test_waits_grow_and_are_bounded(failures: int, which: str) -> None:
    rule: Backoff = getattr(load_limits(), which)
    wait, more = rule.seconds(failures), rule.seconds(failures + 1)
    assert 0 <= wait <= more <= rule.longest
    assert (wait == 0) == (failures < rule.free)
