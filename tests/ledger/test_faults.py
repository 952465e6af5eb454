"""Whatever happens to a writer: nothing is lost that was confirmed, and nothing is doubled.

After each fault the same is done again, to the end; then every table must hold what it holds where
nothing went wrong, and the ledger must be the same.

PLEDGEBOOK_FAULTS says how many writers `make soak` harms on each engine (300), and
PLEDGEBOOK_FAULTS_SEED repeats a run: the seed is printed.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import signal
import sys
import time
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import crashing
import pytest
import sqlalchemy as sa
from crashing import COUNT, GAVE_UP, Fault
from postgresql_server import PostgreSQL
from schemas import differences
from wards import (
    BEFORE,
    Undisturbed,
    Ward,
    assert_as_usual,
    assert_kept,
    assert_nothing_else,
    contents,
)

from engines import POSTGRESQL, SQLITE
from pledgebook.ledger import schema
from pledgebook.ledger.engine import open_database
from pledgebook.ledger.store import Store

ROUNDS = int(os.environ.get("PLEDGEBOOK_FAULTS", "300"))
SEED = int(os.environ.get("PLEDGEBOOK_FAULTS_SEED", random.SystemRandom().randrange(10**6)))
FEW = 20
SECONDS = 300
LOST = re.compile("the connection to the server was lost|cannot be reached|starting or stopping")


@pytest.fixture(scope="module")
def nursery() -> ForkServerContext:
    """Where writers are born quickly: a process that has imported all they need, and no more."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", "crashing"])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    first = context.Process(target=os.getpid)
    first.start()
    first.join()
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before
    assert first.exitcode == 0
    return context


@pytest.fixture(scope="module", params=[SQLITE, POSTGRESQL])
def ward(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    nursery: ForkServerContext,
) -> Ward:
    on_server = request.param == POSTGRESQL
    server = request.getfixturevalue("postgresql") if on_server else None
    return Ward(str(request.param), tmp_path_factory.mktemp("ward"), nursery, server)


@pytest.fixture(scope="module")
def server_ward(
    postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory, nursery: ForkServerContext
) -> Ward:
    return Ward(POSTGRESQL, tmp_path_factory.mktemp("ward"), nursery, postgresql)


def a_fault(chance: random.Random, usual: Undisturbed, kind: str) -> tuple[Fault | None, float]:
    """Draw a step for the fault to fall on, or a moment for it to come from outside."""
    if chance.random() < 0.7:
        step = chance.randint(1, usual.steps)
        return Fault("kill" if kind == "kill" else "cut", step), 0.0
    return None, chance.uniform(0, usual.seconds)


def end(writer: ForkServerProcess) -> int:
    writer.join(SECONDS)
    assert writer.exitcode is not None, "the writer does not end"
    return writer.exitcode


def harm(ward: Ward, chance: random.Random, kind: str, number: int) -> str:
    """Let one writer do something, let a fault befall it, do it again, and compare."""
    # Each in its turn: of a few rounds, too, none is left out.
    name = sorted(BEFORE)[number % len(BEFORE)]
    usual = ward.undisturbed(name)
    fault, moment = a_fault(chance, usual, kind)
    helped = name in ("read", "import") and chance.random() < 0.3
    story = f"{name}, {kind} {fault or f'after {moment:.3f} s'}, {'two' if helped else 'one'}"
    with ward.book(name) as place:
        told, told_too = ward.told, ward.told
        victim = ward.start(name, place, told, fault)
        other = ward.start(name, place, told_too) if helped else None
        if fault is None:
            time.sleep(moment)
            if kind == "kill":
                victim.kill()
            else:
                assert ward.server is not None
                ward.server.disconnect(place.rpartition("/")[-1])
        left = end(victim)
        allowed = (0, -signal.SIGKILL) if kind == "kill" else (0, GAVE_UP)
        assert left in allowed, story
        if fault is not None and fault.kind == "kill" and not helped:
            assert left == -signal.SIGKILL, story
        if left == GAVE_UP:
            assert LOST.search(told.read_text(encoding="utf-8")), story
        if other is not None:
            # A cut from outside hits both.
            assert end(other) in (0, GAVE_UP), story
        assert_kept(place, told)
        assert_kept(place, told_too)
        assert_nothing_else(place, usual)
        again = ward.told
        assert end(ward.start(name, place, again)) == 0, again.read_text(encoding="utf-8")
        assert_as_usual(place, usual)
        if name == "purge" and ward.engine == SQLITE:
            folder, stem = Path(place).parent, Path(place).name
            kept = b"".join(path.read_bytes() for path in folder.glob(f"{stem}*"))
            assert b"Norway sends 1 tanks" not in kept
            assert f"Norway sends {COUNT} tanks".encode() in kept
    return story


def rounds(ward: Ward, kind: str, count: int) -> None:
    print(f"PLEDGEBOOK_FAULTS_SEED={SEED}")
    for number in range(count):
        chance = random.Random(f"{SEED} {ward.engine} {kind} {number}")
        print(number, harm(ward, chance, kind, number))


def test_a_writer_killed_at_random_loses_and_doubles_nothing(ward: Ward) -> None:
    rounds(ward, "kill", FEW)


def test_a_writer_cut_off_at_random_loses_and_doubles_nothing(server_ward: Ward) -> None:
    rounds(server_ward, "cut", FEW // 2)


@pytest.mark.soak
def test_soak_kills(ward: Ward) -> None:
    rounds(ward, "kill", ROUNDS)


@pytest.mark.soak
def test_soak_cuts(server_ward: Ward) -> None:
    rounds(server_ward, "cut", ROUNDS)


def together(ward: Ward, place: str, *writers: tuple[str, dict[str, object]]) -> None:
    """Let writers loose on one book at once, and wait until all are done."""
    told = [ward.told for _ in writers]
    running = [
        ward.start(name, place, file, None, **more)
        for (name, more), file in zip(writers, told, strict=True)
    ]
    for writer, file in zip(running, told, strict=True):
        assert end(writer) == 0, file.read_text(encoding="utf-8")
    for file in told:
        assert_kept(place, file)


def test_two_readers_of_overlapping_folders_store_each_document_once(ward: Ward) -> None:
    with ward.book("read") as place:
        together(ward, place, ("read", {"last": 30}), ("read", {"first": 10}))
        assert_as_usual(place, ward.undisturbed("read"))


@pytest.mark.parametrize("name", ["reread", "judge", "purge", "import", "restore", "migrate"])
def test_two_that_do_the_same_at_once_do_it_once(ward: Ward, name: str) -> None:
    with ward.book(name) as place:
        together(ward, place, (name, {}), (name, {}), (name, {}))
        assert_as_usual(place, ward.undisturbed(name))


def test_a_reader_and_a_judge_do_not_disturb_each_other(ward: Ward) -> None:
    with ward.book("reread") as place:
        together(ward, place, ("reread", {}), ("judge", {}))
        both = contents(place)
        read, judged = ward.undisturbed("reread"), ward.undisturbed("judge")
        assert both == {**read.after, "judgements": judged.after["judgements"]}
    with ward.book("reread") as place:
        crashing.act("judge", place, ward.told)
        crashing.act("reread", place, ward.told)
        assert contents(place) == both


def test_what_is_purged_while_it_is_read_anew_stays_erased(ward: Ward) -> None:
    usual = ward.undisturbed("reread")
    gone = [document.id for document in crashing.documents(crashing.PURGED)]
    with ward.book("reread") as place:
        together(ward, place, ("reread", {}), ("purge", {}))
        with Store.open(place) as store:
            for name in gone:
                found = store.document(name)
                assert (found.state, found.text) == ("purged", "")
            database = store._database
            with database.reading() as connection:
                statements = schema.statements.c
                query = sa.select(statements.body).where(statements.document_id.in_(gone))
                assert set(connection.execute(query).scalars()) == {""}
            assert len(store.entries()) == COUNT - len(gone)
        for table in ("locations", "problems", "judgements"):
            assert contents(place)[table] == usual.after[table]


def test_old_readings_become_current_again_once(ward: Ward) -> None:
    """The same document is activated twice at most when two go back to an older coder at once."""
    with ward.book("reread") as place:
        crashing.act("reread", place, ward.told)
        together(ward, place, ("read", {}), ("read", {}))
        assert contents(place)["activations"].total() == 3 * COUNT


def test_a_migrated_book_has_the_schema_of_a_new_one(ward: Ward) -> None:
    with ward.book("migrate") as place:
        together(ward, place, ("migrate", {}), ("migrate", {}))
        database = open_database(place)
        with database.reading() as connection:
            assert differences(connection) == []
            found = connection.execute(sa.text(f"SELECT version_num FROM {schema.VERSION_TABLE}"))
            assert found.scalars().all() == [schema.SCHEMA_VERSION]
        database.close()


def test_a_server_that_falls_and_comes_back_keeps_what_it_confirmed(server_ward: Ward) -> None:
    server = server_ward.server
    assert server is not None
    with server_ward.book("read") as place:
        for wanted in (5, 20):
            told = server_ward.told
            writer = server_ward.start("read", place, told, pause=0.05)
            wait_for(told, wanted)
            server.stop()
            try:
                assert end(writer) == GAVE_UP
            finally:
                server.start()
            assert LOST.search(told.read_text(encoding="utf-8"))
            told.write_text(told.read_text(encoding="utf-8").partition("error")[0])
            assert_kept(place, told)
            assert_nothing_else(place, server_ward.undisturbed("read"))
        assert end(server_ward.start("read", place, server_ward.told)) == 0
        assert_as_usual(place, server_ward.undisturbed("read"))


def wait_for(told: Path, lines: int) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if told.exists() and told.read_text(encoding="utf-8").count("\n") >= lines:
            return
        time.sleep(0.01)
    pytest.fail("the writer confirms nothing")
