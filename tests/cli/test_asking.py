"""`status`, `why`, `cite`, `documents`, `problems`, `judge` and the keeping of the book."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from program import Program

pytestmark = pytest.mark.usefixtures("aid")


def rows(program: Program, *more: str) -> list[dict[str, Any]]:
    found: dict[str, Any] = json.loads(
        program.well("status", "--format", "json", "--db", "aid.db", *more)
    )
    return list(found["rows"])


def row(program: Program, donor: str, item: str) -> dict[str, Any]:
    [found] = rows(program, "--donor", donor, "--item", item)
    return found


def test_status_is_a_table_for_people(program: Program) -> None:
    done = program("status", "--db", "aid.db")
    assert done.code == 0
    assert done.err == "Book: ~/aid.db\n"
    assert "\x1b" not in done.out
    line = next(line for line in done.out.splitlines() if "Norway" in line)
    assert line.split() == ["f5320c4f", "Norway", "Ukraine", "Leopard", "2", "8", "3", "5"]


def test_status_narrows_and_goes_back_in_time(program: Program) -> None:
    assert {one["donor"] for one in rows(program, "--donor", "Germany")} == {"DEU"}
    assert {one["category"] for one in rows(program, "--item", "tank")} == {"tank"}
    assert rows(program, "--recipient", "ukr", "--as-of", "2023-02-13") == []
    earlier = rows(program, "--donor", "NOR", "--as-of", "2023-03-01")
    assert [one["delivered"] for one in earlier] == [None]
    assert rows(program, "--recorded-as-of", "2024-12-31") == []
    assert "No commitment" in program.well("status", "--as-of", "1999-01-01", "--db", "aid.db")


def test_csv_and_json_say_the_same(program: Program) -> None:
    text = program.well("status", "--format", "csv", "--db", "aid.db")
    read = list(csv.DictReader(io.StringIO(text)))
    found = rows(program)
    assert [one["id"] for one in read] == [one["id"] for one in found]
    assert {one["donor"] or None for one in read} == {one["donor"] for one in found}


def test_json_has_the_totals(program: Program) -> None:
    text = program.well("status", "--format", "json", "--db", "aid.db")
    totals = {one["category"]: one for one in json.loads(text)["totals"]}
    assert totals["tank"]["pledged"]["low"] == 20
    assert totals["personal-equipment"]["pledged"]["unknown"] == 1


def test_why_opens_a_figure_down_to_its_words(program: Program) -> None:
    figure = row(program, "NOR", "Leopard 2")
    shown = program.well("why", figure["id"][:9], "--db", "aid.db")
    assert "“Norway will send eight Leopard 2 tanks”" in shown
    assert "“Norway handed over three of its Leopard 2 tanks”" in shown
    assert "2023-03-21" in shown
    tree = json.loads(program.well("why", figure["id"], "--format", "json", "--db", "aid.db"))
    assert tree["id"] == figure["id"]
    [commitment] = tree["children"]
    assert commitment["id"] == figure["commitments"][0]
    for statement in commitment["children"]:
        opened = program.well("why", statement["id"], "--db", "aid.db")
        assert statement["quote"]["text"] in " ".join(opened.split())


@pytest.mark.parametrize("style", ["text", "markdown", "bibtex", "json"])
def test_cite(program: Program, style: str, snapshot: SnapshotAssertion) -> None:
    figure = row(program, "NOR", "Leopard 2")
    shown = program.well("cite", figure["id"], "--style", style, "--db", "aid.db")
    assert "Norway will send eight Leopard 2 tanks" in shown
    assert shown == snapshot


def test_what_a_document_says_is_no_order_to_the_terminal(program: Program) -> None:
    figure = row(program, "LVA", "Stinger")
    for command in ("why", "cite"):
        shown = program.well(command, figure["id"], "--db", "aid.db")
        assert "Latvia will give six" in shown
        assert "\x1b" not in shown
        assert "\x07" not in shown
    assert "\x1b" not in program.well("documents", "--db", "aid.db")


def test_documents_and_problems(program: Program) -> None:
    found = json.loads(program.well("documents", "--format", "json", "--db", "aid.db"))
    assert len(found) == 7
    listed = program.well("documents", "--format", "csv", "--db", "aid.db")
    assert [one["id"] for one in csv.DictReader(io.StringIO(listed))] == [
        one["id"] for one in found
    ]
    assert "no problem" in program.well("problems", "--db", "aid.db")
    assert program.well("problems", "--format", "json", "--db", "aid.db") == "[]\n"


def test_a_judgement_outranks_the_machine_and_is_taken_back(program: Program) -> None:
    before = rows(program)
    figure = row(program, "SWE", "Leopard 2")
    tree = json.loads(program.well("why", figure["id"], "--format", "json", "--db", "aid.db"))
    statement = tree["children"][0]["children"][0]["id"]
    told = program.well("judge", "wrong", statement, "--by", "A", "--note", "no", "--db", "aid.db")
    name = told.partition(":")[0]
    assert rows(program) != before
    shown = program.well("judge", "list", "--db", "aid.db")
    assert "wrong" in shown
    assert "in force" in shown
    program.well("judge", "revoke", name, "--db", "aid.db")
    assert rows(program) == before
    listed = json.loads(program.well("judge", "list", "--format", "json", "--db", "aid.db"))
    assert [one["state"] for one in listed] == ["taken back", ""]
    assert listed[1]["kind"] == "revocation"
    assert len(program.well("judge", "list", "--format", "csv", "--db", "aid.db").splitlines()) == 3


def test_same_and_different(program: Program) -> None:
    [tanks] = row(program, "NOR", "Leopard 2")["commitments"]
    [jets] = row(program, "DNK", "F-16")["commitments"]
    program.well("judge", "same", tanks, jets, "--db", "aid.db")
    joined = [one for one in rows(program) if tanks in one["commitments"]]
    assert joined[0]["reports"] == 4
    done = program("judge", "same", tanks, "--db", "aid.db")
    assert done.code == 2
    assert "Give two ids" in done.err


def test_a_correction(program: Program) -> None:
    figure = row(program, "DNK", "F-16")
    tree = json.loads(program.well("why", figure["id"], "--format", "json", "--db", "aid.db"))
    statement = tree["children"][0]["children"][0]["id"]
    change = ("judge", "correct", statement, "quantity=20-24", "when=2024", "--db", "aid.db")
    assert "corrected, 1 statement" in program.well(*change)
    after = row(program, "DNK", "F-16")
    assert (after["pledged"]["low"], after["pledged"]["high"]) == (20, 24)
    assert after["promised"] == "2024"
    wrong = program("judge", "correct", statement, "quantity=many", "--db", "aid.db")
    assert wrong.code == 2
    assert "is no amount" in wrong.err


def test_a_document_is_withdrawn_shown_again_and_purged(program: Program, aid: Path) -> None:
    before = rows(program)
    document = json.loads(program.well("documents", "--format", "json", "--db", "aid.db"))[0]["id"]
    program.well("withdraw", document, "--db", "aid.db")
    assert len(rows(program)) < len(before)
    program.well("restore", document, "--db", "aid.db")
    assert rows(program) == before
    asked = program("purge", document, "--db", "aid.db")
    assert asked.code == 2
    assert "Add --yes if you mean it" in asked.err
    assert rows(program) == before
    program.well("purge", document, "--yes", "--db", "aid.db")
    assert "purged" in program.well("documents", "--db", "aid.db")
    assert program("purge", "s123", "--yes", "--db", "aid.db").code == 2
    assert aid.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("why", "f0"), "nothing in the book has the id f0"),
        (("why", "x"), "'x' is no id"),
        (("why", "f"), "is no id"),
        (("cite", "cffff"), "nothing in the book has the id cffff"),
        (("status", "--donor", "Norwey"), "Did you mean NOR"),
        (("status", "--item", "Leopart 2"), "Leopard 2"),
        (("status", "--as-of", "yesterday"), "'yesterday' is no date"),
        (("judge", "revoke", "f5320c4f"), "is no judgement"),
        (("withdraw", "f5320c4f"), "is no document"),
        (("purge", "f5320c4f", "--yes"), "is no document"),
        (("judge", "wrong", "d1"), "nothing in the book"),
    ],
)
def test_wrong_usage_is_one_clear_sentence(
    program: Program, arguments: tuple[str, ...], words: str
) -> None:
    done = program(*arguments, "--db", "aid.db")
    assert done.code == 2
    assert words in done.err
    assert done.out == ""
    assert len([line for line in done.err.splitlines() if line.startswith("pledgebook: ")]) == 1
