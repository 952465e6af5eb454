"""Coding on the command line: accepted, added, coded; the queue, agreement, the corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from engines import SQLITE
from pledgebook.book import Book
from program import Inside

DB = ("--db", "aid.db")
QUOTE = "Sweden had promised twelve Leopard 2 tanks"


@pytest.fixture
def engine() -> str:
    """What a coding is made of is tested on both engines; what is shown of it is the same."""
    return SQLITE


@pytest.fixture
def sweden(aid: Path) -> tuple[str, str]:
    """The document in which Sweden's promise is recalled, and the statement of it."""
    with Book.open(aid) as book:
        [found] = [one for one in book.store.entries() if one.statement.evidence.quote == QUOTE]
    return found.document, found.id


def test_accepted_is_told_and_shown(inside: Inside, sweden: tuple[str, str]) -> None:
    _, name = sweden
    told = inside.well("judge", "accepted", name, "--by", "A. Clerk", *DB)
    assert "accepted, 1 statement" in told
    assert "accepted by: A. Clerk" in inside.well("why", name, *DB)
    listed = inside.well("judge", "list", "--kind", "accepted", "--format", "json", *DB)
    assert [one["statements"] for one in json.loads(listed)] == [[name]]


def test_added_by_its_words_or_its_place(inside: Inside, sweden: tuple[str, str]) -> None:
    document, _ = sweden
    fields = ("kind=stock", "item=tank/Leopard 2", "actors=Sweden", "quantity=12")
    told = inside.well("judge", "added", document, "--quote", "twelve", *fields, *DB)
    name = told.split("added ")[1].split(".")[0]
    tree = json.loads(inside.well("why", name, "--format", "json", *DB))
    assert tree["quote"]["text"] == "twelve"
    assert tree["statement"]["actors"] == ["SWE"]
    assert tree["statement"]["quantity"]["unit"] == "item"
    place = ("--from", "0", "--to", "6", "kind=stock", "item=tank", "actors=SWE")
    inside.well("judge", "added", document, *place, *DB)
    shown = inside.well("judge", "list", "--kind", "added", *DB)
    assert "quantity: 12" in shown
    assert "nothing" not in shown


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "not named"),
        (("--from", "3"), "not named"),
        (("--quote", "twelve", "--from", "3"), "named twice"),
        (("--quote", "thirteen"), "nowhere in the text"),
        (("--quote", "e"), "times in the text"),
        (("--from", "0", "--to", "9999"), "no piece of a text"),
        (("--quote", "twelve", "quantity=many"), "no amount"),
    ],
)
def test_what_cannot_be_added_is_told(
    inside: Inside, sweden: tuple[str, str], words: tuple[str, ...], says: str
) -> None:
    done = inside("judge", "added", sweden[0], "kind=stock", "item=tank", *words, *DB)
    assert done.code == 2
    assert says in " ".join(done.err.split())
    assert inside("judge", "added", sweden[1], "kind=stock", *DB).code == 2


def test_coded_and_reopened(inside: Inside, sweden: tuple[str, str]) -> None:
    document, _ = sweden
    by = ("--by", "A. Clerk", *DB)
    assert "coded, with 1 statement" in inside.well("judge", "coded", document, *by)
    listed = inside.well("judge", "list", *DB)
    assert document[:8] in listed
    queue = json.loads(inside.well("queue", "--format", "json", *by))
    assert document not in {one["document"] for one in queue}
    assert "takes back" in inside.well("judge", "reopen", document, *by)
    queue = json.loads(inside.well("queue", "--format", "json", *by))
    assert document in {one["document"] for one in queue}
    assert inside("judge", "reopen", document, *by).code == 2


def test_the_queue_says_why(inside: Inside, snapshot: SnapshotAssertion) -> None:
    by = ("--by", "A. Clerk", *DB)
    assert inside.well("queue", *by) == snapshot
    assert inside.well("queue", "--limit", "1", "--blind", "--format", "csv", *by) == snapshot
    with Book.open("aid.db") as book:
        for one in book.documents():
            book.coding.finish(one.id, by="A. Clerk")
    assert inside.well("queue", *by) == "A. Clerk is done with all 7 documents.\n"


def test_agreement_reads_well(
    inside: Inside, sweden: tuple[str, str], snapshot: SnapshotAssertion
) -> None:
    found = json.loads(inside.well("queue", "--format", "json", *DB))
    _, name = sweden
    inside.well("judge", "wrong", name, "--by", "A. Clerk", *DB)
    other = next(one for one in found if one["statements"] == 5)
    tree = json.loads(inside.well("why", other["document"], "--format", "json", *DB))
    change = ("quantity=3", "when=2023-07", "--by", "B. Reader")
    inside.well("judge", "correct", tree["children"][0]["id"], *change, *DB)
    with Book.open("aid.db") as book:
        for one in found:
            for who in ("A. Clerk", "B. Reader"):
                book.coding.finish(one["document"], by=who)
    both = ("agreement", "A. Clerk", "B. Reader", *DB)
    assert inside.well(*both) == snapshot
    assert inside.well(*both, "--format", "csv", "--draws", "100", "--seed", "7") == snapshot
    record = json.loads(inside.well(*both, "--format", "json"))
    assert record["coders"] == ["A. Clerk", "B. Reader"]
    assert [one["fields"] for one in record["disagreements"]] == [[], ["quantity", "when"]]
    assert record["disagreements"][0]["other"]["evidence"] == QUOTE
    assert inside("agreement", "A. Clerk", "Nobody", *DB).code == 2


def test_the_corpus_of_one_coder(inside: Inside, sweden: tuple[str, str]) -> None:
    document, _ = sweden
    inside.well("judge", "coded", document, "--by", "A. Clerk", *DB)
    how = ("--coder", "A. Clerk", "--with-text")
    assert "documents" in inside.well("export", "corpus", "-o", "coded.jsonl", *how, *DB)
    [line] = Path("coded.jsonl").read_text(encoding="utf-8").splitlines()
    assert [one["evidence"] for one in json.loads(line)["statements"]] == [QUOTE]
