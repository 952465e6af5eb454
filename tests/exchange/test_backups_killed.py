"""A backup, or a restoring, that is killed: it is whole or not there, and the book is as it was.

PLEDGEBOOK_FAULTS says how many harms `make soak` does on each engine; a tenth of them are here.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from furnished import everything_in, furnish, staff, watch
from making import Clock
from pledgebook.book import Book
from pledgebook.exchange.backups.making import back_up
from pledgebook.exchange.backups.restoring import check_backup, restore_backup
from pledgebook.ledger.store import Store

ROUNDS = max(int(os.environ.get("PLEDGEBOOK_FAULTS", "300")) // 10, 1)
SEED = int(os.environ.get("PLEDGEBOOK_FAULTS_SEED", random.SystemRandom().randrange(10**6)))
FEW = 4


@pytest.fixture(scope="module")
def nursery() -> ForkServerContext:
    """Where processes are born quickly: it has imported all that they need."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["pledgebook.exchange.backups.making", "pledgebook.exchange.backups.restoring"]
    )
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    first = context.Process(target=os.getpid)
    first.start()
    first.join()
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before
    return context


@pytest.fixture
def address(place: str, clock: Clock) -> str:
    with Book.open(place, clock=clock) as book:
        furnish(book, clock)
        staff(book)
        watch(book, clock)
        return book.store.database.address


def recover(backup: Path, place: str | Path) -> None:
    restore_backup(backup, place, force=True)


def killed(
    nursery: ForkServerContext, act: Callable[..., object], *given: object, after: float
) -> bool:
    """Let a process do something and kill it; return whether it was still at it."""
    process = nursery.Process(target=act, args=given)
    process.start()
    time.sleep(after)
    process.kill()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def harm(nursery: ForkServerContext, address: str, folder: Path, rounds: int) -> None:
    print(f"PLEDGEBOOK_FAULTS_SEED={SEED}")
    began = time.monotonic()
    whole = folder / "whole.backup"
    back_up(address, whole)
    # A process is born in some hundredths of a second.
    seconds = time.monotonic() - began + 0.15
    with Store.open(address) as store:
        before = everything_in(store)
    restored = {**before, "sessions": type(before["sessions"])()}
    found = {True: 0, False: 0}
    for number in range(rounds):
        chance = random.Random(f"{SEED} {address.partition(':')[0]} {number}")
        target = folder / f"{number}.backup"
        found[killed(nursery, back_up, address, target, after=chance.uniform(0, seconds))] += 1
        if target.exists():
            assert check_backup(target).tables == check_backup(whole).tables
        with Store.open(address) as store:
            assert everything_in(store) == before
        # And it is no hindrance to the next one.
        back_up(address, target, force=True)
        place = folder / f"{number}.db"
        found[killed(nursery, recover, target, place, after=chance.uniform(0, seconds))] += 1
        if place.exists():
            with Store.open(place) as store:
                assert everything_in(store) == restored
        restore_backup(target, place, force=True)
        found[killed(nursery, recover, target, place, after=chance.uniform(0, seconds))] += 1
        # There is a book under the name at every instant: the one before, or the restored one.
        with Store.open(place) as store:
            assert everything_in(store) == restored
    print(f"{found[True]} killed at work, {found[False]} had ended")
    assert found[True]


def test_killed_at_any_instant(nursery: ForkServerContext, address: str, tmp_path: Path) -> None:
    harm(nursery, address, tmp_path, FEW)


@pytest.mark.soak
def test_soak_backups(nursery: ForkServerContext, address: str, tmp_path: Path) -> None:
    harm(nursery, address, tmp_path, ROUNDS)
