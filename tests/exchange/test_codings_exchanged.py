"""Codings travel: as judgements, in whole books, and in the format of the coded corpora."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from making import Clock, Said, document, reading
from pledgebook.book import Book
from pledgebook.errors import NotFoundError, UsageError
from pledgebook.ledger.coding.coding import Mark
from pledgebook.vocabulary.statement import Category, Kind, Scope, Status

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from corpus import find_corpus

CORPUS = find_corpus()
NORWAY = Said("Norway will send eight Leopard 2 tanks", quantity=8, speaker="Store")
SWEDEN = Said(
    "Sweden gives 1.5m euros", actors=("SWE",), money=(1_500_000, "EUR"),
    category=Category.MILITARY_AID, designation=None,
)  # fmt: skip
TEXT = f"{NORWAY.quote}. {SWEDEN.quote}. Finland follows with six. 🇫🇮 \ud83d half a pair."
FINLAND: dict[str, Any] = {
    "kind": "pledge", "actors": ["FIN"], "item": {"category": "tank"},
    "quantity": {"low": 6, "high": 6},
}  # fmt: skip
MADE = document(TEXT, name="story.1", url="https://example.org/1")
EMPTY = document("It rained.", date=None)


@pytest.fixture
def book(tmp_path: Path, clock: Clock) -> Iterator[Book]:
    """A document that Ann and Bob coded, and one that only Ann did."""
    with Book.open(tmp_path / "aid.db", clock=clock) as opened:
        opened.store.add([reading(MADE, [NORWAY, SWEDEN]), reading(EMPTY, [])])
        start = TEXT.index("Finland")
        opened.add_statement(MADE.id, start, start + 24, FINLAND, by="ann")
        names = [one.id for one in opened.coding.of(MADE.id, "ann").statements]
        opened.coding.judge("accepted", MADE.id, names[0], by="ann")
        opened.coding.judge("wrong", MADE.id, names[1], by="bob")
        for who in ("ann", "bob"):
            opened.coding.finish(MADE.id, by=who)
        opened.coding.finish(EMPTY.id, by="ann")
        clock.advance(days=1)
        yield opened


def empty_book(path: Path, clock: Clock) -> Book:
    return Book.open(path, clock=clock)


def codings(book: Book) -> list[object]:
    return [book.coding.of(name, who) for name in (MADE.id, EMPTY.id) for who in ("ann", "bob")]


def marks(book: Book, who: str) -> list[Mark]:
    return [one.mark for one in book.coding.of(MADE.id, who).statements]


def test_a_file_of_judgements_carries_codings(book: Book, tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "judgements.jsonl"
    assert book.export_judgements(path) == 6
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    coded = [line for line in lines if line["kind"] == "coded"]
    whole = [one for line in coded for one in line["subjects"] if "kind" not in one]
    assert len(whole) == 3
    # Of a document that is coded no text goes along: only its statements are quoted.
    assert all("quote" not in one for one in whole)
    [added] = [line for line in lines if line["kind"] == "added"]
    assert added["subjects"][0]["quote"] == "Finland follows with six"
    with empty_book(tmp_path / "other.db", clock) as other:
        other.store.add([reading(MADE, [NORWAY, SWEDEN]), reading(EMPTY, [])])
        took = other.import_judgements(path)
        assert (len(took.new), took.problems, took.stranded) == (6, (), ())
        assert codings(other) == codings(book)
        assert other.ledger().entries.keys() == book.ledger().entries.keys()
        assert other.import_judgements(path).unchanged == 6


def test_it_waits_for_its_document(book: Book, tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "judgements.jsonl"
    book.export_judgements(path)
    with empty_book(tmp_path / "other.db", clock) as other:
        took = other.import_judgements(path)
        assert {one.kind.value for one, _ in took.stranded} == {"added", "accepted", "wrong"}
        assert other.ledger().entries == {}
        other.store.add([reading(MADE, [NORWAY, SWEDEN])])
        assert other.ledger().entries.keys() == book.ledger().entries.keys()
        assert marks(other, "ann") == marks(book, "ann")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"changes": {**FINLAND, "actors": ["NOR"]}}, "not the one that it names"),
        ({"changes": {**FINLAND, "kind": "gift"}}, "coding book"),
        ({"changes": {}}, "its fields"),
        ({"subjects": []}, "subjects"),
    ],
)
def test_an_addition_that_was_tampered_with_is_refused(
    book: Book, tmp_path: Path, clock: Clock, change: dict[str, Any], says: str
) -> None:
    path = tmp_path / "judgements.jsonl"
    book.export_judgements(path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    [added] = [line for line in lines if line["kind"] == "added"]
    path.write_text(json.dumps(added | change) + "\n", encoding="utf-8")
    with empty_book(tmp_path / "other.db", clock) as other:
        took = other.import_judgements(path)
        assert took.new == ()
        [problem] = took.problems
        assert says in problem.what


@pytest.mark.parametrize("change", [{"kind": "pledge"}, {"statement": "s" + "1" * 20}])
def test_a_document_has_no_kind_and_a_statement_has_one(
    book: Book, tmp_path: Path, clock: Clock, change: dict[str, str]
) -> None:
    path = tmp_path / "judgements.jsonl"
    book.export_judgements(path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    coded = next(line for line in lines if line["kind"] == "coded")
    wrong = copy.deepcopy(coded) | {"kind": "wrong"}
    coded["subjects"][0] |= change
    path.write_text(f"{json.dumps(coded)}\n{json.dumps(wrong)}\n", encoding="utf-8")
    with empty_book(tmp_path / "other.db", clock) as other:
        took = other.import_judgements(path)
        assert took.new == ()
        assert len(took.problems) == 2


@pytest.mark.parametrize("form", ["jsonl", "datapackage"])
@pytest.mark.parametrize("with_text", [True, False])
def test_a_whole_book_carries_codings(
    book: Book, tmp_path: Path, clock: Clock, form: str, with_text: bool
) -> None:
    path = tmp_path / ("book.jsonl" if form == "jsonl" else "book.zip")
    book.export(form, path, with_text=with_text)
    with empty_book(tmp_path / "other.db", clock) as other:
        assert other.import_book(path).exact
        assert other.ledger().entries == book.ledger().entries
        assert codings(other) == codings(book)


# The format of the corpora


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_a_coding_comes_out_as_a_line_of_the_corpora(book: Book, tmp_path: Path) -> None:
    report = book.export("corpus", tmp_path / "ann.jsonl", coder="ann", with_text=True)
    assert report.rows == {"documents": 2, "statements": 3}
    first, last = lines_of(tmp_path / "ann.jsonl")
    assert {name: first[name] for name in ("id", "url", "date", "lang")} == {
        "id": "story.1",
        "url": "https://example.org/1",
        "date": "2023-02-14",
        "lang": "en",
    }
    assert (last["id"], last["date"], last["statements"]) == (EMPTY.id, None, [])
    assert first["text"] == TEXT
    assert [one["actors"] for one in first["statements"]] == [["NOR"], ["SWE"], ["FIN"]]
    assert all(one["evidence"] in TEXT for one in first["statements"])
    home = book.ledger().home
    ids = [one.id for one in book.coding.of(MADE.id, "ann").statements]
    assert [one["commitment"] for one in first["statements"]] == [home.get(name) for name in ids]
    assert first["statements"][0]["quantity"]["low"] == 8
    assert '"low": 8,' in (tmp_path / "ann.jsonl").read_text(encoding="utf-8")
    book.export("corpus", tmp_path / "bob.jsonl", coder="bob")
    [only] = lines_of(tmp_path / "bob.jsonl")
    assert "text" not in only
    assert [one["actors"] for one in only["statements"]] == [["NOR"]]


def test_without_a_coder_it_is_what_counts(book: Book, tmp_path: Path) -> None:
    book.export("corpus", tmp_path / "all.jsonl")
    found = lines_of(tmp_path / "all.jsonl")
    assert [len(one["statements"]) for one in found] == [2, 0]
    # Bob judged the Swedish money wrong, Ann added the Finnish tanks.
    assert [one["actors"] for one in found[0]["statements"]] == [["NOR"], ["FIN"]]
    book.export("corpus", tmp_path / "then.jsonl", as_of="2023-02-13")
    assert lines_of(tmp_path / "then.jsonl") == []


def test_what_a_coding_cannot_be_is_told(book: Book, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="whole documents"):
        book.export("corpus", tmp_path / "o", donor="NOR")
    with pytest.raises(NotFoundError, match="nobody called 'eve'"):
        book.export("corpus", tmp_path / "o", coder="eve")
    name = book.coding.of(MADE.id, "eve").statements[0].id
    book.coding.judge("accepted", MADE.id, name, by="eve")
    with pytest.raises(UsageError, match="eve is not done"):
        book.export("corpus", tmp_path / "o", coder="eve")


def test_of_quotations_no_text_is_made_up(book: Book, tmp_path: Path, clock: Clock) -> None:
    book.export("jsonl", tmp_path / "book.jsonl")
    with empty_book(tmp_path / "other.db", clock) as other:
        other.import_book(tmp_path / "book.jsonl")
        report = other.export("corpus", tmp_path / "o.jsonl", with_text=True)
        assert report.notes == ("of 2 documents the book holds quotations only: no text with them",)
        assert all("text" not in one for one in lines_of(tmp_path / "o.jsonl"))


def test_two_documents_of_one_name_keep_apart(book: Book, tmp_path: Path) -> None:
    again = document("Another text.", name="story.1")
    book.store.add([reading(again, [])])
    book.export("corpus", tmp_path / "o.jsonl")
    names = [one["id"] for one in lines_of(tmp_path / "o.jsonl")]
    assert sorted(names) == sorted(["story.1", EMPTY.id, *({MADE.id, again.id} & set(names))])


FIELDS = {
    "kind", "status", "scope", "actors", "recipient", "item", "quantity", "money", "when",
    "supplier", "speaker", "commitment", "evidence",
}  # fmt: skip


def test_every_line_keeps_the_rules_of_the_coding_book(told: Book, tmp_path: Path) -> None:
    told.export("corpus", tmp_path / "o.jsonl", with_text=True)
    found = lines_of(tmp_path / "o.jsonl")
    assert len({one["id"] for one in found}) == len(found)
    count = 0
    for line in found:
        for one in line["statements"]:
            count += 1
            assert one.keys() == FIELDS
            assert one["kind"] in {kind.value for kind in Kind}
            assert one["status"] in {status.value for status in Status}
            assert one["scope"] in {scope.value for scope in Scope}
            assert one["item"].keys() == {"category", "designation"}
            assert one["item"]["category"] in {category.value for category in Category}
            assert one["actors"] == sorted(one["actors"])
            assert one["evidence"] in line["text"]
            if one["quantity"] is not None:
                assert one["quantity"].keys() == {"low", "high", "unit", "per", "approx"}
            if one["money"] is not None:
                assert one["money"].keys() - {"per"} == {"low", "high", "currency"}
            undertaken = one["kind"] in ("pledge", "contract", "delivery", "training")
            assert undertaken or one["commitment"] is None
    assert count == len(told.ledger().entries)


@pytest.mark.skipif(CORPUS is None, reason="the coded corpora are not on this machine")
def test_the_scorer_of_the_corpora_reads_it(book: Book, tmp_path: Path) -> None:
    assert CORPUS is not None
    for who in ("ann", "bob"):
        book.export("corpus", tmp_path / f"{who}.jsonl", coder=who, with_text=True)

    def printed(gold: str, predicted: str) -> str:
        paths = [tmp_path / f"{name}.jsonl" for name in (gold, predicted)]
        command = [sys.executable, str(CORPUS / "score.py"), *map(str, paths)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    from score import Score

    same = Score.parse(printed("ann", "ann"))
    assert (same.core, same.full, same.found, same.coded) == (1, 1, 1, 3)
    # Both coded one document; the scorer takes all of the first person's documents.
    other = Score.parse(printed("bob", "ann"))
    agreed = book.coding.agreement("bob", "ann", draws=10)
    assert agreed.core.f1.value is not None
    assert other.core == pytest.approx(agreed.core.f1.value, abs=0.0005)
