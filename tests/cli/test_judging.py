"""`judge`: what it does to others is told, it is listed, and it travels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pledgebook.ledger.store import Store
from program import Inside


def commitment(inside: Inside, donor: str) -> str:
    shown = inside.well("status", "--donor", donor, "--format", "json", "--db", "aid.db")
    name: str = json.loads(shown)["rows"][0]["commitments"][0]
    return name


def listed(inside: Inside, *filters: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(
        inside.well("judge", "list", "--format", "json", "--db", "aid.db", *filters)
    )
    return found


@pytest.fixture
def three(inside: Inside) -> tuple[str, str, str]:
    """Statements of Norway's promise, Sweden's, and Latvia's."""
    names = [commitment(inside, donor) for donor in ("NOR", "SWE", "LVA")]
    first, second, third = ("s" + name[1:] for name in names)
    return first, second, third


def test_what_is_overruled_is_told(inside: Inside, three: tuple[str, str, str]) -> None:
    first, second, third = three
    db = ("--db", "aid.db")
    assert "note" not in inside("judge", "different", first, second, "--by", "A. Clerk", *db).err
    assert "note" not in inside("judge", "same", first, third, "--by", "B. Clerk", *db).err
    done = inside("judge", "same", third, second, "--by", "B. Clerk", *db)
    assert done.code == 0
    assert "note: " in done.err
    assert "(different, by A. Clerk" in done.err
    assert "gives way" in done.err
    assert [one["state"] for one in listed(inside)] == ["overruled", "in force", "in force"]


def test_what_would_join_them_again_is_shown(inside: Inside) -> None:
    reports = (
        ("2023-02-14", "Poland will send 14 Leopard 2 tanks to Ukraine, the government said."),
        ("2023-02-16", "Last week Poland promised Ukraine 14 Leopard 2 tanks."),
    )
    lines = [json.dumps({"id": day, "date": day, "text": text}) for day, text in reports]
    Path("poland.jsonl").write_text("\n".join(lines), "utf-8")
    inside.well("read", "poland.jsonl", "--db", "aid.db")
    name = commitment(inside, "POL")
    tree = json.loads(inside.well("why", name, "--format", "json", "--db", "aid.db"))
    first, second = (child["id"] for child in tree["children"])
    inside.well("judge", "different", first, second, "--by", "A. Clerk", "--db", "aid.db")
    shown = " ".join(inside.well("why", name, "--db", "aid.db").split())
    assert "are kept apart by" in shown
    assert "(different, by A. Clerk" in shown
    assert "without it the two would be joined" in shown


def test_the_list_is_narrowed(inside: Inside, three: tuple[str, str, str]) -> None:
    first, second, third = three
    inside.well("judge", "same", first, second, "--by", "A. Clerk", "--db", "aid.db")
    inside.well("judge", "wrong", third, "--by", "B. Clerk", "--db", "aid.db")
    made = listed(inside)[0]["id"]
    inside.well("judge", "revoke", made, "--by", "B. Clerk", "--db", "aid.db")
    assert [one["kind"] for one in listed(inside)] == ["same", "wrong", "revocation"]
    assert [one["kind"] for one in listed(inside, "--by", "B. Clerk")] == ["wrong", "revocation"]
    assert [one["kind"] for one in listed(inside, "--kind", "same")] == ["same"]
    assert [one["kind"] for one in listed(inside, "--kind", "revocation")] == ["revocation"]
    assert [one["kind"] for one in listed(inside, "--in-force")] == ["wrong"]
    assert listed(inside, "--in-force", "--by", "A. Clerk") == []
    assert inside("judge", "list", "--kind", "gift", "--db", "aid.db").code == 2


def test_judgements_go_from_book_to_book(
    inside: Inside, three: tuple[str, str, str], aid: Path
) -> None:
    first, second, third = three
    empty = aid.with_name("empty.db")
    Store.open(empty).close()
    inside.well("judge", "same", first, second, "--by", "A. Clerk", "--db", "aid.db")
    inside.well("judge", "wrong", third, "--by", "A. Clerk", "--db", "aid.db")
    done = inside("judge", "export", "-o", "out.jsonl", "--db", "aid.db")
    assert "Wrote 2 judgements." in done.err
    assert done.out == ""
    assert inside.well("judge", "export", "--db", "aid.db") == Path("out.jsonl").read_text("utf-8")
    again = inside("judge", "export", "-o", "out.jsonl", "--db", "aid.db")
    assert (again.code, "out.jsonl: it is there already" in again.err) == (2, True)
    inside.well("judge", "export", "-o", "out.jsonl", "--force", "--db", "aid.db")
    assert "were there already" in inside.well("judge", "import", "out.jsonl", "--db", "aid.db")
    done = inside("judge", "import", "out.jsonl", "--db", "empty.db")
    assert done.code == 0
    assert done.out == "Took 2 judgements.\n"
    assert "2 judgements have no force until their documents are read:" in done.err
    assert "is not in the book" in done.err
    shown = inside.well("judge", "list", "--db", "empty.db")
    assert shown.count("stranded") == 2


def test_a_bad_line_is_told_with_its_number(inside: Inside, three: tuple[str, str, str]) -> None:
    inside.well("judge", "wrong", three[0], "--by", "A. Clerk", "--db", "aid.db")
    inside.well("judge", "export", "-o", "out.jsonl", "--db", "aid.db")
    good = Path("out.jsonl").read_text("utf-8")
    Path("mixed.jsonl").write_text(f"{{}}\n{good}", "utf-8")
    done = inside("judge", "import", "mixed.jsonl", "--db", "aid.db")
    assert done.code == 1
    assert "mixed.jsonl, line 1:" in done.err
    Path("bad.jsonl").write_text("{}\n", "utf-8")
    assert inside("judge", "import", "bad.jsonl", "--db", "aid.db").code == 2
    assert inside("judge", "import", "none.jsonl", "--db", "aid.db").code == 2


def test_who_decides_has_a_name(inside: Inside, three: tuple[str, str, str]) -> None:
    done = inside("judge", "wrong", three[0], "--by", " ", "--db", "aid.db")
    assert (done.code, "the name of who decides is blank" in done.err) == (2, True)


def test_a_file_of_something_else_is_told(inside: Inside, three: tuple[str, str, str]) -> None:
    inside.well("judge", "wrong", three[0], "--db", "aid.db")
    Path("other.jsonl").write_text('{"id": "a", "text": "Norway will send tanks."}\n', "utf-8")
    done = inside("judge", "import", "other.jsonl", "--db", "aid.db")
    assert (done.code, "other.jsonl, line 1: is no judgement." in done.err) == (2, True)


def test_a_kind_that_is_none_is_one_sentence(inside: Inside, three: tuple[str, str, str]) -> None:
    done = inside("judge", "correct", three[0], "kind=foo", "--db", "aid.db")
    assert (done.code, "kind: Input should be" in done.err) == (2, True)
    assert "pydantic" not in done.err
