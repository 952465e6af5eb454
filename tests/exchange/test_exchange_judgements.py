"""Judgements travel to another book that holds the same documents, and are worth the same there."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from making import Clock, Said, document, norway, reading
from pledgebook.book import Book
from pledgebook.errors import SourceError, UsageError
from pledgebook.exchange.judgement_files import JudgementImport
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.records import Reading
from pledgebook.ledger.store import Store

Opened = Callable[..., Book]


@pytest.fixture
def opened(tmp_path: Path, clock: Clock) -> Iterator[Opened]:
    """Open books by name, with or without documents."""
    books: list[Book] = []

    def open_one(name: str, *readings: Reading) -> Book:
        with Store.open(tmp_path / f"{name}.db", clock=clock) as store:
            store.add(readings)
        books.append(Book.open(tmp_path / f"{name}.db", clock=clock))
        return books[-1]

    yield open_one
    for book in books:
        book.close()


def by_quote(book: Book, words: str) -> str:
    """The id of the statement with these words."""
    [found] = [
        name
        for name, entry in book.ledger().entries.items()
        if words in entry.statement.evidence.quote
    ]
    return found


def judged(book: Book, clock: Clock) -> list[Judgement]:
    """Judgements of every kind, one taken back, one taken back and restored."""
    made = []
    for kind, words, changes in (
        ("same", ("will send eight", "Sweden"), None),
        ("different", ("will send eight", "handed over three"), None),
        ("corrected", ("Denmark",), {"quantity": {"low": 18.0, "high": 19.0}}),
        ("wrong", ("100 tanks",), None),
    ):
        clock.advance(minutes=1)
        ids = [by_quote(book, one) for one in words]
        made.append(book.judge(kind, *ids, by="A. Clerk", note=f"because {kind}", changes=changes))
    clock.advance(minutes=1)
    made.append(book.revoke(made[0].id, by="B. Clerk"))
    clock.advance(minutes=1)
    made.append(book.revoke(made[3].id, by="B. Clerk"))
    clock.advance(minutes=1)
    made.append(book.revoke(made[5].id, by="A. Clerk", note="wrong after all"))
    return made


def plain(ledger: Ledger) -> dict[str, Any]:
    """A ledger without when and how its judgements came."""
    found = dataclasses.asdict(ledger)
    decisions = ledger.decisions
    found["decisions"] = {
        "same": decisions.same,
        "different": decisions.different,
        "wrong": decisions.wrong,
        "by_statement": decisions.by_statement,
        "applied": [one.id for one in decisions.applied],
        "stranded": [one.id for one in decisions.stranded],
        "overruled": [one.id for one in decisions.overruled],
        "conflicts": decisions.conflicts,
        "missing": decisions.missing,
    }
    return found


def bring(book: Book, other: Book, path: Path) -> JudgementImport:
    book.export_judgements(path)
    return other.import_judgements(path)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def write(path: Path, *lines: object) -> Path:
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(written) + "\n", "utf-8")
    return path


def test_another_book_with_the_same_documents_comes_to_the_same(
    opened: Opened, clock: Clock, tmp_path: Path
) -> None:
    book, other = opened("one", *norway()), opened("two", *norway())
    made = judged(book, clock)
    clock.advance(days=1)
    done = bring(book, other, tmp_path / "judgements.jsonl")
    assert [one.id for one in done.new] == [one.id for one in made]
    assert (done.unchanged, done.stranded, done.problems) == (0, (), ())
    assert plain(other.ledger(as_of="2024-01-01")) == plain(book.ledger(as_of="2024-01-01"))
    for here, there in zip(other.judgements(), made, strict=True):
        assert (here.id, here.by, here.note, here.made_at, here.changes, here.revokes) == (
            there.id,
            there.by,
            there.note,
            there.made_at,
            there.changes,
            there.revokes,
        )


def test_twice_is_once(opened: Opened, clock: Clock, tmp_path: Path) -> None:
    book, other = opened("one", *norway()), opened("two", *norway())
    made = judged(book, clock)
    path = tmp_path / "judgements.jsonl"
    bring(book, other, path)
    before = other.judgements()
    clock.advance(days=1)
    again = other.import_judgements(path)
    assert (again.new, again.unchanged, again.problems) == ((), len(made), ())
    assert other.judgements() == before
    # Into the book that they are from, too; and what goes out again is what came in.
    assert book.import_judgements(path).unchanged == len(made)
    other.export_judgements(tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == path.read_bytes()


def test_what_is_about_documents_not_here_waits_for_them(
    opened: Opened, clock: Clock, tmp_path: Path
) -> None:
    book, other = opened("one", *norway()), opened("two", norway()[0])
    made = judged(book, clock)
    done = bring(book, other, tmp_path / "judgements.jsonl")
    waiting = {one.id: why for one, why in done.stranded}
    # The correction is about the one document that is there; what was taken back waits for nothing.
    assert set(waiting) == {made[1].id, made[3].id}
    for why in waiting.values():
        assert why.startswith("document d")
        assert why.endswith("is not in the book")
    assert "not in the book" in other.why(made[1].id).facts["state"]
    other._store.add(norway())
    assert other.ledger().decisions.stranded == ()
    assert plain(other.ledger(as_of="2024-01-01")) == plain(book.ledger(as_of="2024-01-01"))


def test_the_book_knew_of_them_from_when_they_came(
    opened: Opened, clock: Clock, tmp_path: Path
) -> None:
    book, other = opened("one", *norway()), opened("two", *norway())
    judged(book, clock)
    before = clock.advance(days=1)
    shape = [one.statements for one in other.ledger(recorded_as_of=before).commitments]
    clock.advance(days=1)
    bring(book, other, tmp_path / "judgements.jsonl")
    clock.advance(days=1)
    then = other.ledger(recorded_as_of=before)
    assert [one.statements for one in then.commitments] == shape
    assert then.decisions.applied == ()
    assert other.ledger(recorded_as_of=clock.now).decisions.applied != ()


def test_another_extractor_of_the_same_text_or_bytes_is_no_hindrance(
    opened: Opened, clock: Clock, tmp_path: Path
) -> None:
    text = "Norway will send eight tanks. Sweden will send ten tanks."
    said = [Said("Norway will send eight tanks"), Said("Sweden will send ten tanks")]
    made = document(text)
    book = opened("one", reading(made, said))
    judgement = book.judge("wrong", by_quote(book, "Sweden"), by="me")
    same_text = document(text, bytes_sha256="0" * 64, extractor="html/2")
    other = opened("two", reading(same_text, said))
    assert bring(book, other, tmp_path / "judgements.jsonl").stranded == ()
    assert other.ledger().decisions.wrong == {by_old(other, "Sweden")}
    # In its own book, a newer extractor may find more text around the same words.
    longer = document(f"Press office. {text}", bytes_sha256=made.bytes_sha256, extractor="text/2")
    clock.advance(days=1)
    book._store.add([reading(longer, said)])
    assert [one.state for one in book.documents()] == ["superseded", "shown"]
    assert book.ledger().decisions.wrong == {by_old(book, "Sweden", longer.id)}
    assert book.why(judgement.id).facts["state"] == "in force"


def by_old(book: Book, words: str, document_id: str | None = None) -> str:
    """The id of a statement that may count no more."""
    [found] = [
        entry.id
        for entry in book._store.entries()
        if words in entry.statement.evidence.quote and document_id in (None, entry.document)
    ]
    return found


def test_words_that_are_gone_or_doubled_strand_a_judgement(opened: Opened, clock: Clock) -> None:
    made = document("Norway will send tanks.")
    said = [Said("Norway will send tanks")]
    book = opened("one", reading(made, said))
    judgement = book.judge("wrong", by_quote(book, "Norway"), by="me")
    twice = f"{made.text} {made.text}"
    clock.advance(days=1)
    newer = document(twice, bytes_sha256=made.bytes_sha256, extractor="text/2")
    book._store.add([reading(newer, said)])
    assert [one.id for one in book.ledger().decisions.stranded] == [judgement.id]


def test_a_new_reading_of_another_version_keeps_what_came_in(
    opened: Opened, clock: Clock, tmp_path: Path
) -> None:
    text = "Sweden will give ten Leopard 2 tanks this year."
    made = document(text)
    short = Said("Sweden will give ten Leopard 2 tanks", actors=("SWE",), quantity=10)
    book, other = opened("one", reading(made, [short])), opened("two", reading(made, [short]))
    changes = {"quantity": {"low": 12.0, "high": 12.0}}
    book.judge("corrected", by_quote(book, "Sweden"), by="me", changes=changes)
    bring(book, other, tmp_path / "judgements.jsonl")
    clock.advance(days=1)
    longer = Said("Sweden will give ten Leopard 2 tanks this year", actors=("SWE",), quantity=10)
    other._store.add([reading(made, [longer], version="2")])
    [entry] = other.ledger().entries.values()
    assert entry.statement.evidence.quote.endswith("this year")
    assert entry.statement.quantity is not None
    assert entry.statement.quantity.low == 12


def test_a_bad_line_is_told_and_the_others_come_in(
    opened: Opened, clock: Clock, tmp_path: Path
) -> None:
    book, other = opened("one", *norway()), opened("two", *norway())
    judged(book, clock)
    path = tmp_path / "judgements.jsonl"
    book.export_judgements(path)
    good = lines_of(path)

    def spoiled(number: int, **changes: object) -> dict[str, Any]:
        return good[number] | {"id": "j" + "0" * 20} | changes

    spoil: list[tuple[object, str]] = [
        ("{", "no line of JSON"),
        ("[]", "valid dictionary"),
        ("\x00", "no line of JSON"),
        ("9" * 5000, "no line of JSON"),
        (spoiled(0, kind="gift"), "kind: "),
        (spoiled(0, made_at="yesterday"), "made_at: "),
        (spoiled(0, made_at="2025-01-01T12:00:00"), "made_at: "),
        (spoiled(0, id="x1"), "id: "),
        (spoiled(0, subjects=[]), "subjects: "),
        (spoiled(0, subjects=good[0]["subjects"][:1]), "compares at least two"),
        (spoiled(0, more=1), "more: "),
        (spoiled(0, pledgebook_judgement=2), "pledgebook_judgement: "),
        (spoiled(0, changes={"quantity": None}), "changes no field"),
        (spoiled(2, changes={}), "the fields to change"),
        (spoiled(2, changes={"quantity": {"low": 9, "high": 1}}), "breaks the coding book"),
        (spoiled(2, changes={"evidence": None}), "cannot be corrected"),
        (spoiled(3, note="another"), "its id is not that of what it says"),
        *(
            (spoiled(3, subjects=[good[3]["subjects"][0] | {field: value}]), says)
            for field, value, says in (
                ("quote", "other words", "do not stand at that place"),
                ("end", 10_000, "do not stand at that place"),
                ("end", good[3]["subjects"][0]["start"], "holds nothing"),
                ("kind", "x", "subjects.0.kind: "),
            )
        ),
    ]
    done = other.import_judgements(write(path, *(line for line, _ in spoil), *good))
    assert len(done.problems) == len(spoil)
    told = {problem.place: problem for problem in done.problems}
    for number, (_, says) in enumerate(spoil, start=1):
        problem = told[f"line {number}"]
        assert says in problem.what
        assert (problem.code, problem.source) == ("bad-judgement", str(path))
        assert problem.mend
    assert [one.id for one in done.new] == [line["id"] for line in good]
    assert {one.id for one in other.judgements()} == {line["id"] for line in good}


def test_another_judgement_of_the_same_id_is_a_conflict(
    opened: Opened, clock: Clock, tmp_path: Path
) -> None:
    book = opened("one", *norway())
    made = judged(book, clock)
    path = tmp_path / "judgements.jsonl"
    book.export_judgements(path)
    lines = lines_of(path)
    done = book.import_judgements(write(path, lines[0] | {"note": "another"}, *lines))
    [problem] = done.problems
    assert (problem.code, problem.place) == ("judgement-conflict", "line 1")
    assert made[0].id in problem.what
    assert book.judgements()[0].note == "because same"


def test_what_contradicts_the_book_is_told_with_which_holds(
    opened: Opened, clock: Clock, tmp_path: Path
) -> None:
    book, other = opened("one", *norway()), opened("two", *norway())
    ids = [by_quote(book, "will send eight"), by_quote(book, "Sweden")]
    earlier = book.judge("same", *ids, by="A. Clerk")
    clock.advance(days=1)
    later = other.judge("different", *ids, by="B. Clerk")
    done = bring(book, other, tmp_path / "judgements.jsonl")
    [conflict] = done.conflicts
    # It came in last and was made first: the later decision holds, in both books.
    assert (conflict.loser, conflict.winners) == (earlier.id, (later.id,))
    bring(other, book, tmp_path / "back.jsonl")
    assert plain(other.ledger(as_of="2024-01-01")) == plain(book.ledger(as_of="2024-01-01"))


def test_a_revocation_travels_after_what_it_takes_back(
    opened: Opened, clock: Clock, tmp_path: Path
) -> None:
    book, other = opened("one", *norway()), opened("two", *norway())
    made = judged(book, clock)
    path = tmp_path / "judgements.jsonl"
    book.export_judgements(path)
    lines = path.read_text("utf-8").splitlines()
    done = other.import_judgements(write(path, *reversed(lines)))
    assert done.problems == ()
    assert [one.id for one in done.new] == [one.id for one in made]
    # Without what it takes back it is told, and stays out.
    third = opened("three", *norway())
    done = third.import_judgements(write(path, lines[5], lines[6]))
    assert done.new == ()
    assert [problem.place for problem in done.problems] == ["line 1", "line 2"]
    assert all("neither in the book nor in the file" in one.what for one in done.problems)


def test_what_was_hidden_or_erased_is_not_quoted(
    opened: Opened, clock: Clock, tmp_path: Path
) -> None:
    book = opened("one", *norway())
    judged(book, clock)
    path = tmp_path / "judgements.jsonl"
    book.export_judgements(path)
    quoted = {one["quote"] for line in lines_of(path) for one in line["subjects"]}
    assert "Sweden will give ten Leopard 2 tanks" in quoted
    entries = book.ledger().entries
    hidden = entries[by_quote(book, "Sweden")].document
    erased = entries[by_quote(book, "Denmark")].document
    book.withdraw(hidden)
    book.purge(erased)
    book.export_judgements(path, force=True)
    text = path.read_text("utf-8")
    assert "Sweden" not in text
    assert "Denmark" not in text
    assert hidden in text
    # They can be brought back, quoted or not.
    assert book.import_judgements(path).problems == ()


def test_half_a_surrogate_pair_travels(opened: Opened, tmp_path: Path) -> None:
    one = reading(document("\ud800 Norway sends tanks."), [Said("Norway sends tanks")])
    book, other = opened("one", one), opened("two", one)
    book.judge("wrong", by_quote(book, "Norway"), by="me", note="half \udc00")
    path = tmp_path / "judgements.jsonl"
    assert len(bring(book, other, path).new) == 1
    assert other.judgements()[0].note == "half \udc00"


def test_files_that_cannot_be_read_or_written_are_errors(opened: Opened, tmp_path: Path) -> None:
    book = opened("one", *norway())
    with pytest.raises(SourceError, match=r"none\.jsonl"):
        book.import_judgements(tmp_path / "none.jsonl")
    with pytest.raises(SourceError, match="cannot be read"):
        book.import_judgements(tmp_path)
    with pytest.raises(UsageError, match="cannot be written"):
        book.export_judgements(tmp_path / "no-folder" / "file.jsonl")
    kept = tmp_path / "kept.jsonl"
    kept.write_text("before", "utf-8")
    with pytest.raises(UsageError, match="there already"):
        book.export_judgements(kept)
    assert kept.read_text("utf-8") == "before"
    assert book.export_judgements(kept, force=True) == 0
    assert kept.read_text("utf-8") == ""
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_both_engines_keep_them_alike(
    place: str, opened: Opened, clock: Clock, tmp_path: Path
) -> None:
    book = opened("one", *norway())
    made = judged(book, clock)
    with Store.open(place, clock=clock) as store:
        store.add(norway())
    with Book.open(place, clock=clock) as other:
        done = bring(book, other, tmp_path / "judgements.jsonl")
        assert [one.id for one in done.new] == [one.id for one in made]
        assert other.import_judgements(tmp_path / "judgements.jsonl").unchanged == len(made)
        assert plain(other.ledger(as_of="2024-01-01")) == plain(book.ledger(as_of="2024-01-01"))
        later = clock.now - dt.timedelta(seconds=1)
        assert other.ledger(recorded_as_of=later).decisions.applied == ()


Step = tuple[str, int, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(["same", "different", "wrong", "corrected", "revoke"]),
        st.integers(0, 6),
        st.integers(0, 6),
    ),
    max_size=8,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.randoms(use_true_random=False), st.integers(0, 3))
def test_any_judgements_in_any_order_come_to_the_same_ledger(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[Step],
    chance: random.Random,
    cut: int,
) -> None:
    folder = tmp_path_factory.mktemp("books")
    clock = Clock()
    readings = norway()
    for name in ("one", "two"):
        with Store.open(folder / f"{name}.db", clock=clock) as store:
            store.add(readings if name == "one" else readings[:cut])
    with (
        Book.open(folder / "one.db", clock=clock) as book,
        Book.open(folder / "two.db", clock=clock) as other,
    ):
        for kind, first, second in steps:
            clock.advance(minutes=1)
            ids = sorted(book.ledger().entries)
            made = book.judgements()
            if kind == "revoke" and made:
                book.revoke(made[first % len(made)].id, by="me")
            elif kind in ("same", "different") and ids[first % len(ids)] != ids[second % len(ids)]:
                book.judge(kind, ids[first % len(ids)], ids[second % len(ids)], by="me")
            elif kind == "corrected":
                low = {"low": float(second)}
                book.judge(kind, ids[first % len(ids)], by="me", changes={"quantity": low})
            elif kind == "wrong" and len(ids) > 1:
                book.judge(kind, ids[first % len(ids)], by="me")
        path = folder / "judgements.jsonl"
        book.export_judgements(path)
        lines = path.read_text("utf-8").splitlines()
        chance.shuffle(lines)
        clock.advance(minutes=1)
        half = len(lines) // 2
        # A half at a time: what takes back a judgement of the other half is told, and comes then.
        other.import_judgements(write(path, *lines[:half]))
        other.import_judgements(write(path, *lines[half:]))
        done = other.import_judgements(write(path, *lines))
        assert done.problems == ()
        other._store.add(readings)
        assert plain(other.ledger(as_of="2024-01-01")) == plain(book.ledger(as_of="2024-01-01"))
