"""`user`, `token` and `audit`: accounts are made, changed and looked at on the command line."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from engines import on_sqlite
from pledgebook.book import Book
from pledgebook.ledger.access.records import Session
from program import Done, Inside, Program

PASSWORD = "four plain words here"
DB = ("--db", "aid.db")


def add(inside: Inside, name: str, role: str, *more: str, password: str = PASSWORD) -> Done:
    arguments = ("user", "add", name, "--role", role, "--password-stdin", *more, *DB)
    return inside(*arguments, stdin=f"{password}\n")


def listed(inside: Inside, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(inside.well(*words, "--format", "json", *DB))
    return found


@pytest.fixture
def staffed(inside: Inside) -> Inside:
    for name, role in (("olena", "admin"), ("taras", "coder")):
        assert add(inside, name, role).code == 0
    return inside


def test_a_team_is_made_and_changed(staffed: Inside, snapshot: SnapshotAssertion) -> None:
    staffed.well("user", "role", "taras", "editor", *DB)
    add(staffed, "ivanna", "reader", "--display-name", "I. Reader")
    staffed.well("user", "disable", "ivanna", *DB)
    oidc = ("--oidc-issuer", "https://login.example.org", "--oidc-subject", "42")
    staffed.well("user", "add", "marko", "--role", "coder", *oidc, *DB)
    found = {one["name"]: one for one in listed(staffed, "user", "list")}
    assert {name: (one["role"], one["active"]) for name, one in found.items()} == {
        "ivanna": ("reader", False),
        "marko": ("coder", True),
        "olena": ("admin", True),
        "taras": ("editor", True),
    }
    assert found["marko"]["signs_in_by"] == "oidc"
    shown = staffed.well("user", "list", *DB)
    assert shown.replace(found["olena"]["added_at"][:10], "2026-11-05") == snapshot
    staffed.well("user", "enable", "ivanna", *DB)
    assert all(one["active"] for one in listed(staffed, "user", "list"))
    assert "argon2" not in staffed.well("user", "list", "--format", "csv", *DB)


@pytest.mark.parametrize(
    ("words", "stdin", "says"),
    [
        (("user", "add", "x", "--role", "reader", "--password-stdin"), "short\n", "too short"),
        (("user", "add", "OLENA", "--role", "reader", "--password-stdin"), PASSWORD, "already"),
        (("user", "add", "x", "--role", "reader", "--oidc-issuer", "https://x"), "", "issuer"),
        (("user", "add", "x", "--role", "reader"), "", "Use --password-stdin"),
        (("user", "add", "a b", "--role", "reader", "--password-stdin"), PASSWORD, "a name to"),
        (("user", "role", "nobody", "reader"), "", "pledgebook user list"),
        (("user", "role", "olena", "reader"), "", "only admin"),
        (("user", "disable", "olena"), "", "only admin"),
        (("user", "password", "nobody", "--password-stdin"), PASSWORD, "nobody called"),
        (("user", "link", "taras", "https://x", ""), "", "issuer"),
        (("token", "add", "taras", "--role", "admin"), "", "cannot be admin"),
        (("token", "add", "taras", "--days", "0"), "", "1 to 366 days"),
        (("token", "revoke", "k123"), "", "pledgebook token list"),
        (("audit", "--since", "yesterday"), "", "2023-02-14"),
    ],
)
def test_what_cannot_be_done_is_told(
    staffed: Inside, words: tuple[str, ...], stdin: str, says: str
) -> None:
    before = listed(staffed, "audit"), listed(staffed, "user", "list")
    done = staffed(*words, *DB, stdin=stdin)
    assert done.code == 2
    assert says in done.err
    assert (listed(staffed, "audit"), listed(staffed, "user", "list")) == before


def test_the_first_is_an_admin(inside: Inside) -> None:
    done = add(inside, "taras", "coder")
    assert done.code == 2
    assert "--role admin" in done.err
    assert "pledgebook user add NAME --role admin" in inside.well("user", "list", *DB)


def test_a_password_signs_in_and_a_new_one_replaces_it(
    staffed: Inside, written_place: str, aid: Path
) -> None:
    place = str(aid) if aid.exists() else written_place
    other = "another four plain words"
    with Book.open(place) as book:
        assert isinstance(book.gate.sign_in("taras", PASSWORD, "192.0.2.1"), Session)
        changed = staffed("user", "password", "taras", "--password-stdin", *DB, stdin=f"{other}\n")
        assert changed.code == 0
        assert "sessions and tokens have ended" in changed.out + changed.err
        assert not isinstance(book.gate.sign_in("taras", PASSWORD, "192.0.2.1"), Session)
        assert isinstance(book.gate.sign_in("taras", other, "192.0.2.1"), Session)
        staffed.well("user", "link", "taras", "https://login.example.org", "42", *DB)
        claims: dict[str, str] = {}
        session = book.gate.open_oidc("https://login.example.org", "42", claims, "192.0.2.1")
        assert isinstance(session, Session)
        assert session.person.name == "taras"


def test_a_token_is_printed_once_and_alone(staffed: Inside, written_place: str, aid: Path) -> None:
    done = staffed("token", "add", "taras", "--label", "nightly", "--role", "reader", *DB)
    secret = done.out.strip()
    assert secret.startswith("pb_")
    assert secret not in done.err
    place = str(aid) if aid.exists() else written_place
    with Book.open(place) as book:
        program = book.gate.person_of_token(secret)
        assert program is not None
        assert (program.name, program.role) == ("taras", "reader")
    (token,) = listed(staffed, "token", "list")
    assert (token["owner"], token["label"], token["state"]) == ("taras", "nightly", "valid")
    assert token["used_at"]
    assert secret not in staffed.well("token", "list", "--format", "csv", *DB)
    assert listed(staffed, "token", "list", "olena") == []
    staffed.well("token", "revoke", token["id"][:8], *DB)
    assert "revoked" in staffed.well("token", "list", "taras", *DB)


def test_the_audit_log_is_told(staffed: Inside) -> None:
    shown = staffed.well("status", "--format", "json", *DB)
    commitment = json.loads(shown)["rows"][0]["commitments"][0]
    staffed.well("judge", "wrong", "s" + commitment[1:], "--by", "olena", *DB)
    told = listed(staffed, "audit")
    assert [(one["action"], one["address"]) for one in told] == [
        ("judge", "(the book)"),
        ("person-added", "command line"),
        ("person-added", "command line"),
    ]
    assert [one["who"] for one in listed(staffed, "audit", "--by", "olena")] == ["olena"]
    assert listed(staffed, "audit", "--since", "2999-01-01") == []
    rows = list(csv.DictReader(io.StringIO(staffed.well("audit", "--format", "csv", *DB))))
    assert [row["detail"] for row in rows][1:] == ["taras: coder", "olena: admin"]
    done = staffed("audit", "--limit", "1", *DB)
    assert "--limit 10 shows more" in done.err
    assert PASSWORD not in json.dumps(told)


@on_sqlite
def test_a_password_is_asked_for_twice_and_not_shown(program: Program, aid: Path) -> None:
    """On a terminal of its own, as a person sits at one."""
    command = program.command("user", "add", "olena", "--role", "admin", "--db", aid)
    spawn = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
    shown, answers = "", [PASSWORD, "a slip of the hand", PASSWORD, PASSWORD]
    with subprocess.Popen(
        [sys.executable, "-c", spawn, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=program.home,
        env=program.environment,
    ) as terminal:
        deadline = threading.Timer(60, terminal.kill)
        deadline.start()
        assert terminal.stdin
        assert terminal.stdout
        while more := os.read(terminal.stdout.fileno(), 1000).decode():
            shown += more
            if shown.endswith(("Password: ", "confirmation: ")) and answers:
                terminal.stdin.write(answers.pop(0).encode() + b"\n")
                terminal.stdin.flush()
        deadline.cancel()
    assert terminal.returncode == 0, shown
    assert answers == []
    assert PASSWORD not in shown
    assert "olena is admin" in shown
