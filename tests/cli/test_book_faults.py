"""Books that cannot be opened: told in one sentence, with the mend, and left as they are."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from engines import on_sqlite
from pledgebook.ledger.schema import VERSION_TABLE
from program import Inside, Program


def refused(program: Program, *arguments: str | Path) -> str:
    done = program(*arguments, stdin=b"Norway will send eight tanks to Ukraine.")
    assert done.code == 2, done.err
    assert done.out == ""
    [sentence] = [line for line in done.err.splitlines() if line.startswith("pledgebook: ")]
    return sentence


def test_there_is_no_book_yet(program: Program) -> None:
    sentence = refused(program, "status", "--db", "none.db")
    assert "there is no book yet" in sentence
    assert "pledgebook read" in sentence
    assert not (program.home / "none.db").exists()


@pytest.mark.parametrize("command", ["read", "status"])
def test_a_junk_file_is_no_book_and_stays_as_it_is(program: Program, command: str) -> None:
    junk = program.home / "junk.db"
    junk.write_bytes(b"this is no database, whatever its name says\n" * 100)
    before = junk.read_bytes()
    more = ["-"] if command == "read" else []
    assert str(junk) in refused(program, command, *more, "--db", junk)
    assert junk.read_bytes() == before


def test_another_programs_database_is_not_written_to(program: Program) -> None:
    other = program.home / "other.db"
    with contextlib.closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.commit()
    before = other.read_bytes()
    assert "other.db" in refused(program, "read", "-", "--db", other)
    assert other.read_bytes() == before


@on_sqlite
def test_a_book_of_a_newer_pledgebook(program: Program, aid: Path) -> None:
    with contextlib.closing(sqlite3.connect(aid)) as connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999_from_the_future'")
        connection.commit()
    sentence = refused(program, "status", "--db", aid)
    assert "newer Pledgebook" in sentence
    assert "pip install -U pledgebook" in sentence


@on_sqlite
def test_a_locked_book(program: Program, aid: Path) -> None:
    with contextlib.closing(sqlite3.connect(aid, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        sentence = refused(program, "read", "-", "--db", aid)
        assert str(aid) in sentence
        # Who only asks does not wait for who writes.
        assert "Norway" in program.well("status", "--db", aid)
    assert "1 new" in program.well("read", "-", "--db", aid, stdin=b"A text.")


def test_a_folder_that_cannot_be_made(program: Program) -> None:
    (program.home / "file").write_text("in the way", encoding="utf-8")
    assert "file" in refused(program, "read", "-", "--db", program.home / "file" / "aid.db")


def test_a_server_that_does_not_answer(program: Program) -> None:
    url = "postgresql://somebody:secret@127.0.0.1:1/aid"
    sentence = refused(program, "status", "--db", url)
    assert "secret" not in sentence


@on_sqlite
def test_additions_that_break_their_schema(program: Program, aid: Path) -> None:
    additions = aid.with_name("aid.catalogue.toml")
    additions.write_text("[[item]]\nname = 3\n", encoding="utf-8")
    assert "aid.catalogue.toml" in refused(program, "read", "-", "--db", aid)


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("jsonl", b"no JSON at all\n"),
        ("jsonl", b'{"format": "pledgebook-book", "version": 1, "schema": "0001"}\n'),
        ("datapackage", b"PK\x03\x04 no package"),
        ("kiel", b"no workbook"),
        ("fts", b"no JSON"),
        ("iati", b"<no"),
        ("sipri", b"a;b\n1;2\n"),
        ("prices", b"\xff\xfe"),
        ("nothing", b"x"),
    ],
)
def test_what_cannot_be_imported_makes_no_book(
    inside: Inside, form: str, content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "input.xlsx"
    path.write_bytes(content)
    done = inside("import", form, path, "--db", tmp_path / "new" / "new.db")
    assert done.code == 2, done.out
    [sentence] = [line for line in done.err.splitlines() if line.startswith("pledgebook: ")]
    assert sentence
    assert not (tmp_path / "new").exists()
