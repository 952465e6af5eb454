"""`status`, `why`, `cite`, `documents`, `problems`, `judge` and the keeping of the book."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from program import Inside


def rows(inside: Inside, *more: str) -> list[dict[str, Any]]:
    found: dict[str, Any] = json.loads(
        inside.well("status", "--format", "json", "--db", "aid.db", *more)
    )
    return list(found["rows"])


def row(inside: Inside, donor: str, item: str) -> dict[str, Any]:
    [found] = rows(inside, "--donor", donor, "--item", item)
    return found


def test_status_is_a_table_for_people(inside: Inside) -> None:
    done = inside("status", "--db", "aid.db")
    assert done.code == 0
    assert done.err == "Book: ~/aid.db\n"
    assert "\x1b" not in done.out
    line = next(line for line in done.out.splitlines() if "Norway" in line)
    assert line.split() == ["f5320c4f", "Norway", "Ukraine", "Leopard", "2", "8", "3", "5"]


def test_status_narrows_and_goes_back_in_time(inside: Inside) -> None:
    assert {one["donor"] for one in rows(inside, "--donor", "Germany")} == {"DEU"}
    assert {one["category"] for one in rows(inside, "--item", "tank")} == {"tank"}
    assert rows(inside, "--recipient", "ukr", "--as-of", "2023-02-13") == []
    earlier = rows(inside, "--donor", "NOR", "--as-of", "2023-03-01")
    assert [one["delivered"] for one in earlier] == [None]
    assert rows(inside, "--recorded-as-of", "2024-12-31") == []
    assert "No commitment" in inside.well("status", "--as-of", "1999-01-01", "--db", "aid.db")


def test_csv_and_json_say_the_same(inside: Inside) -> None:
    text = inside.well("status", "--format", "csv", "--db", "aid.db")
    read = list(csv.DictReader(io.StringIO(text)))
    found = rows(inside)
    assert [one["id"] for one in read] == [one["id"] for one in found]
    assert {one["donor"] or None for one in read} == {one["donor"] for one in found}


def test_json_has_the_totals(inside: Inside) -> None:
    text = inside.well("status", "--format", "json", "--db", "aid.db")
    totals = {one["category"]: one for one in json.loads(text)["totals"]}
    assert totals["tank"]["pledged"]["low"] == 20
    assert totals["personal-equipment"]["pledged"]["unknown"] == 1


def test_why_opens_a_figure_down_to_its_words(inside: Inside) -> None:
    figure = row(inside, "NOR", "Leopard 2")
    shown = inside.well("why", figure["id"][:9], "--db", "aid.db")
    assert "“Norway will send eight Leopard 2 tanks”" in shown
    assert "“Norway handed over three of its Leopard 2 tanks”" in shown
    assert "2023-03-21" in shown
    tree = json.loads(inside.well("why", figure["id"], "--format", "json", "--db", "aid.db"))
    assert tree["id"] == figure["id"]
    [commitment] = tree["children"]
    assert commitment["id"] == figure["commitments"][0]
    for statement in commitment["children"]:
        opened = inside.well("why", statement["id"], "--db", "aid.db")
        assert statement["quote"]["text"] in " ".join(opened.split())


@pytest.mark.parametrize("style", ["text", "markdown", "bibtex", "json"])
def test_cite(inside: Inside, style: str, snapshot: SnapshotAssertion) -> None:
    figure = row(inside, "NOR", "Leopard 2")
    shown = inside.well("cite", figure["id"], "--style", style, "--db", "aid.db")
    assert "Norway will send eight Leopard 2 tanks" in shown
    assert shown == snapshot


def test_what_a_document_says_is_no_order_to_the_terminal(inside: Inside) -> None:
    figure = row(inside, "LVA", "Stinger")
    for command in ("why", "cite"):
        shown = inside.well(command, figure["id"], "--db", "aid.db")
        assert "Latvia will give six" in shown
        assert "\x1b" not in shown
        assert "\x07" not in shown
    assert "\x1b" not in inside.well("documents", "--db", "aid.db")


def test_documents_and_problems(inside: Inside) -> None:
    found = json.loads(inside.well("documents", "--format", "json", "--db", "aid.db"))
    assert len(found) == 7
    listed = inside.well("documents", "--format", "csv", "--db", "aid.db")
    assert [one["id"] for one in csv.DictReader(io.StringIO(listed))] == [
        one["id"] for one in found
    ]
    assert "no problem" in inside.well("problems", "--db", "aid.db")
    assert inside.well("problems", "--format", "json", "--db", "aid.db") == "[]\n"


def test_a_judgement_outranks_the_machine_and_is_taken_back(inside: Inside) -> None:
    before = rows(inside)
    figure = row(inside, "SWE", "Leopard 2")
    tree = json.loads(inside.well("why", figure["id"], "--format", "json", "--db", "aid.db"))
    statement = tree["children"][0]["children"][0]["id"]
    told = inside.well("judge", "wrong", statement, "--by", "A", "--note", "no", "--db", "aid.db")
    name = told.partition(":")[0]
    assert rows(inside) != before
    shown = inside.well("judge", "list", "--db", "aid.db")
    assert "wrong" in shown
    assert "in force" in shown
    inside.well("judge", "revoke", name, "--db", "aid.db")
    assert rows(inside) == before
    listed = json.loads(inside.well("judge", "list", "--format", "json", "--db", "aid.db"))
    assert [one["state"] for one in listed] == ["taken back", ""]
    assert listed[1]["kind"] == "revocation"
    assert len(inside.well("judge", "list", "--format", "csv", "--db", "aid.db").splitlines()) == 3


def test_same_and_different(inside: Inside) -> None:
    [tanks] = row(inside, "NOR", "Leopard 2")["commitments"]
    [jets] = row(inside, "DNK", "F-16")["commitments"]
    inside.well("judge", "same", tanks, jets, "--db", "aid.db")
    joined = [one for one in rows(inside) if tanks in one["commitments"]]
    assert joined[0]["reports"] == 4
    done = inside("judge", "same", tanks, "--db", "aid.db")
    assert done.code == 2
    assert "Give two ids" in done.err


def test_a_correction(inside: Inside) -> None:
    figure = row(inside, "DNK", "F-16")
    tree = json.loads(inside.well("why", figure["id"], "--format", "json", "--db", "aid.db"))
    statement = tree["children"][0]["children"][0]["id"]
    change = ("judge", "correct", statement, "quantity=20-24", "when=2024", "--db", "aid.db")
    assert "corrected, 1 statement" in inside.well(*change)
    after = row(inside, "DNK", "F-16")
    assert (after["pledged"]["low"], after["pledged"]["high"]) == (20, 24)
    assert after["promised"] == "2024"
    wrong = inside("judge", "correct", statement, "quantity=many", "--db", "aid.db")
    assert wrong.code == 2
    assert "is no amount" in wrong.err


def test_a_document_is_withdrawn_shown_again_and_purged(inside: Inside) -> None:
    before = rows(inside)
    document = json.loads(inside.well("documents", "--format", "json", "--db", "aid.db"))[0]["id"]
    inside.well("withdraw", document, "--db", "aid.db")
    assert len(rows(inside)) < len(before)
    inside.well("restore", document, "--db", "aid.db")
    assert rows(inside) == before
    asked = inside("purge", document, "--db", "aid.db")
    assert asked.code == 2
    assert "Add --yes if you mean it" in asked.err
    assert rows(inside) == before
    inside.well("purge", document, "--yes", "--db", "aid.db")
    assert "purged" in inside.well("documents", "--db", "aid.db")
    assert inside("purge", "s123", "--yes", "--db", "aid.db").code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("why", "f0"), "nothing in the book has the id f0"),
        (("why", "x"), "'x' is no id"),
        (("why", "f"), "Give more of it"),
        (("cite", "cffff"), "nothing in the book has the id cffff"),
        (("status", "--donor", "Norwey"), "Did you mean NOR (Norway)?\n"),
        (("status", "--item", "Leopart 2"), "Leopard 2"),
        (("status", "--as-of", "yesterday"), "'yesterday' is no date"),
        (("judge", "revoke", "f5320c4f"), "is no judgement"),
        (("withdraw", "f5320c4f"), "is no document"),
        (("purge", "f5320c4f", "--yes"), "is no document"),
        (("judge", "wrong", "d1"), "neither a statement nor a commitment"),
    ],
)
def test_wrong_usage_is_one_clear_sentence(
    inside: Inside, arguments: tuple[str, ...], words: str
) -> None:
    done = inside(*arguments, "--db", "aid.db")
    assert done.code == 2
    assert words in done.err
    assert done.out == ""
    assert len([line for line in done.err.splitlines() if line.startswith("pledgebook: ")]) == 1
