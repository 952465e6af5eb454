"""A book goes out and comes back: the same, or joined to another without doubling."""

from __future__ import annotations

import csv
import itertools
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from whole_books import Step, counts, full_book, histories, live, new_clock, reread, rows, said

from making import Clock, Said, document, reading
from pledgebook.book import Book
from pledgebook.errors import SourceError
from pledgebook.exchange.book_jsonl import _check
from pledgebook.ledger import schema as t
from pledgebook.ledger.explain import Explanation
from pledgebook.ledger.place import additions
from pledgebook.ledger.store import Store
from pledgebook.vocabulary.document import sha256
from program import Inside

FORMATS = [("jsonl", "book.jsonl"), ("datapackage", "book.zip"), ("datapackage", "package")]
named = pytest.mark.parametrize(("form", "name"), FORMATS, ids=["jsonl", "zip", "folder"])


@contextmanager
def opened(place: str | Path, clock: Clock | None = None) -> Iterator[Book]:
    with Book.open(str(place), clock=clock or new_clock()) as book:
        yield book


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("full") / "aid.db"
    clock = new_clock()
    path.with_name("aid.catalogue.toml").write_bytes(b"# mine: \xff\r\n")
    with Store.open(path, clock=clock) as store:
        full_book(Book(store, clock=clock), clock)
    return path


def ledger_of(book: Book) -> object:
    return book.ledger()


def store_of(book: Book) -> Store:
    return book._store


@named
def test_a_book_with_its_texts_comes_back_exactly(
    full: Path, place: str, tmp_path: Path, form: str, name: str
) -> None:
    with opened(full) as book, opened(place) as empty:
        # The additions hold no catalogue: it is not asked for, only carried.
        before = rows(store_of(book))
        assert all(before.values()), "every table is to have something in it"
        report = book.export(form, tmp_path / name, with_text=True)
        restored = empty.import_book(tmp_path / name)
        assert rows(store_of(empty)) == before
        assert restored.exact
        assert restored.rows == report.rows
        assert restored.added == counts(store_of(book))
        assert restored.catalogue is not None
        assert restored.catalogue.encode("utf-8", "surrogateescape") == b"# mine: \xff\r\n"


@named
def test_the_additions_to_the_catalogue_come_back(
    full: Path, tmp_path: Path, form: str, name: str
) -> None:
    with opened(full) as book, opened(tmp_path / "new.db") as empty:
        book.export(form, tmp_path / name)
        assert empty.import_book(tmp_path / name).problems == ()
        beside = additions(str(tmp_path / "new.db"))
        assert beside is not None
        assert beside.read_bytes() == b"# mine: \xff\r\n"
        beside.write_text("# others")
        [problem] = empty.import_book(tmp_path / name).problems
        assert problem.severity == "warning"
        assert "which stay" in problem.what
        assert beside.read_text() == "# others"


def test_where_a_server_keeps_no_additions_it_is_told(
    full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.delenv("PLEDGEBOOK_CATALOGUE", raising=False)
    with opened(full) as book, opened(place) as empty:
        book.export("jsonl", tmp_path / "b.jsonl")
        restored = empty.import_book(tmp_path / "b.jsonl")
        if "://" in place:
            [problem] = restored.problems
            assert "PLEDGEBOOK_CATALOGUE" in (problem.mend or "")
        else:
            assert restored.problems == ()


@named
def test_without_texts_the_figures_and_quotes_are_the_same(
    full: Path, place: str, tmp_path: Path, form: str, name: str
) -> None:
    with bare(full, tmp_path) as book, opened(place) as empty:
        book.export(form, tmp_path / name)
        restored = empty.import_book(tmp_path / name)
        kept = [one for one in book.documents() if one.state != "purged"]
        assert restored.quotations_only == len(kept) > 0
        assert empty.ledger() == book.ledger()
        for row in book.rows():
            there, here = book.why(row.id), empty.why(row.id)
            assert [quoted(one) for one in here.walk()] == [quoted(one) for one in there.walk()]
        for stub in empty.documents():
            if stub.state != "purged":
                assert stub.extractor.endswith("+quotations")


@contextmanager
def bare(full: Path, tmp_path: Path) -> Iterator[Book]:
    """A copy of the book without its odd catalogue, so that its ledger can be made."""
    with opened(shutil.copy(full, tmp_path / "bare.db")) as book:
        yield book


def quoted(node: Explanation) -> object:
    """What an explanation says, without the words around its quotes and the extractor's mark."""
    quote = node.quote and (node.quote.text, node.quote.start)
    under = tuple(one.text for one in node.under)
    return node.id, node.title, node.facts, node.notes, node.statement, node.link, quote, under


def test_nothing_that_was_not_quoted_leaves_the_book(full: Path, tmp_path: Path) -> None:
    with opened(full) as book:
        for form, name in FORMATS:
            book.export(form, tmp_path / name)
        lines = (tmp_path / "book.jsonl").read_text(encoding="utf-8")
        assert "Nobody quotes" not in lines
        assert "will send 2 tanks" in lines
        package = (tmp_path / "package" / "documents.csv").read_text(encoding="utf-8")
        assert "Nobody quotes" not in package
        book.export("jsonl", tmp_path / "whole.jsonl", with_text=True)
        assert "Nobody quotes" in (tmp_path / "whole.jsonl").read_text(encoding="utf-8")


@named
def test_importing_twice_changes_nothing(
    full: Path, place: str, tmp_path: Path, form: str, name: str
) -> None:
    with opened(full) as book, opened(place) as other:
        book.export(form, tmp_path / name, with_text=True)
        other.import_book(tmp_path / name)
        before = rows(store_of(other))
        again = other.import_book(tmp_path / name)
        assert not any(again.added.values())
        assert not again.exact
        assert rows(store_of(other)) == before
        # What is read afterwards is numbered on.
        store_of(other).add([said(40)])
        assert counts(store_of(other))["activations"] == len(before["activations"]) + 1


def test_a_whole_text_takes_the_place_of_its_quotations(
    full: Path, place: str, tmp_path: Path
) -> None:
    with opened(full) as book, opened(place) as other:
        book.export("jsonl", tmp_path / "quotes.jsonl")
        book.export("jsonl", tmp_path / "whole.jsonl", with_text=True)
        other.import_book(tmp_path / "quotes.jsonl")
        assert rows(store_of(other)) != rows(store_of(book))
        assert not any(other.import_book(tmp_path / "whole.jsonl").added.values())
        assert rows(store_of(other)) == rows(store_of(book))
        # And quotations take nothing away from it.
        other.import_book(tmp_path / "quotes.jsonl")
        assert rows(store_of(other)) == rows(store_of(book))


def test_reading_the_original_again_makes_a_document_whole(place: str, tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as book, opened(place) as other:
        store_of(book).add([said(1)])
        book.export("jsonl", tmp_path / "b.jsonl")
        other.import_book(tmp_path / "b.jsonl")
        [stub] = store_of(other).texts([said(1).document.id]).values()
        assert stub.text != said(1).document.text
        assert len(stub.text) == len(said(1).document.text)
        store_of(other).add([said(1)])
        [whole] = store_of(other).texts([said(1).document.id]).values()
        assert (whole.text, whole.extractor) == (said(1).document.text, "text/1")
        assert rows(store_of(other)) == rows(store_of(book))


def test_quotations_only_are_never_edited_otherwise(place: str, tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as book, opened(place) as other:
        store_of(book).add([said(1)])
        book.export("jsonl", tmp_path / "b.jsonl")
        other.import_book(tmp_path / "b.jsonl")
        database = store_of(other).database
        for change in (
            {"bytes_sha256": "0" * 64},
            {"text_sha256": "0" * 64},
            {"extractor": "text/2"},
            {"title": "another"},
            {"id": "d" + "0" * 20},
        ):
            with (
                pytest.raises(sa.exc.DBAPIError, match="append-only"),
                database.engine.begin() as raw,
            ):
                raw.execute(t.documents.update().values(**change))
        with (
            pytest.raises(sa.exc.DBAPIError, match="append-only"),
            database.engine.begin() as raw,
        ):
            raw.execute(t.documents.delete())


def test_more_quotations_of_a_document_join_those_that_are_there(
    place: str, tmp_path: Path
) -> None:
    one = said(1)
    with opened(tmp_path / "a.db") as book, opened(place) as other:
        store_of(book).add([reread(one)])
        book.export("jsonl", tmp_path / "little.jsonl")
        other.import_book(tmp_path / "little.jsonl")
        store_of(book).add([one])
        book.export("jsonl", tmp_path / "more.jsonl")
        other.import_book(tmp_path / "more.jsonl")
        assert other.ledger() == book.ledger()
        assert set(other.ledger().entries) == {entry.id for entry in store_of(book).entries()}


@settings(max_examples=12)
@given(history=histories, form=st.sampled_from(FORMATS))
def test_any_book_comes_back(history: list[tuple[Step, int]], form: tuple[str, str]) -> None:
    clock = new_clock()
    with tempfile.TemporaryDirectory() as folder, opened(f"{folder}/a.db", clock) as book:
        live(book, clock, history)
        book.export(form[0], f"{folder}/{form[1]}", with_text=True)
        with opened(f"{folder}/b.db", clock) as other:
            other.import_book(f"{folder}/{form[1]}")
            assert rows(store_of(other)) == rows(store_of(book))
            assert other.ledger() == book.ledger()
        book.export("jsonl", f"{folder}/q.jsonl")
        with opened(f"{folder}/c.db", clock) as other:
            other.import_book(f"{folder}/q.jsonl")
            assert other.ledger() == book.ledger()
            other.export("jsonl", f"{folder}/q2.jsonl")
        assert Path(f"{folder}/q.jsonl").read_bytes() == Path(f"{folder}/q2.jsonl").read_bytes()


@settings(max_examples=10)
@given(one=histories, other=histories, with_text=st.booleans())
def test_any_two_books_join_without_doubling(
    one: list[tuple[Step, int]], other: list[tuple[Step, int]], with_text: bool
) -> None:
    clock = new_clock()
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(f"{folder}/a.db", clock) as mine,
        opened(f"{folder}/b.db", clock) as theirs,
    ):
        live(mine, clock, one)
        live(theirs, clock, other)
        theirs.export("jsonl", f"{folder}/t.jsonl", with_text=with_text)
        mine.import_book(f"{folder}/t.jsonl")
        joined = rows(store_of(mine))
        mine.import_book(f"{folder}/t.jsonl")
        assert rows(store_of(mine)) == joined
        for table in ("documents", "reading_runs", "statements", "judgements", "purges"):
            names = {row[1 if table == "judgements" else 0] for row in joined[table]}
            assert names >= {
                row[1 if table == "judgements" else 0] for row in rows(store_of(theirs))[table]
            }
        mine.ledger()
        for entry in store_of(mine).entries():
            evidence = entry.statement.evidence
            assert evidence.quote.strip()
            text = store_of(mine).document(entry.document).text
            assert text[evidence.start : evidence.end] == evidence.quote


def test_of_two_books_what_is_later_counts(place: str, tmp_path: Path) -> None:
    """Whichever of them is imported into the other."""
    clock = new_clock()
    start = clock()
    with opened(place, clock) as mine, opened(tmp_path / "theirs.db", clock) as theirs:
        for book in (mine, theirs):
            store_of(book).add([said(1)])
        clock.advance(hours=1)
        store_of(theirs).add([reread(said(1), "2")])
        theirs.withdraw(said(1).document.id, by="them")
        hour = clock()
        clock.advance(hours=1)
        store_of(mine).add([reread(said(1), "3")])
        mine.restore(said(1).document.id, by="me")
        for book, name in ((mine, "mine.jsonl"), (theirs, "theirs.jsonl")):
            book.export("jsonl", tmp_path / name, with_text=True)
        mine.import_book(tmp_path / "theirs.jsonl")
        theirs.import_book(tmp_path / "mine.jsonl")
        for book in (mine, theirs):
            [one] = book.documents()
            assert (one.state, one.statements) == ("shown", 1)
            known = [
                store_of(book).known(said(1).document)[1],
                *(book.documents(recorded_as_of=at)[0].state for at in (hour, start)),
            ]
            assert known == [reread(said(1), "3").run_id, "withdrawn", "shown"]
        assert mine.ledger() == theirs.ledger()


def test_from_one_engine_to_the_other_and_back(full: Path, place: str, tmp_path: Path) -> None:
    with opened(full) as book, opened(place) as there, opened(tmp_path / "back.db") as back:
        book.export("jsonl", tmp_path / "out.jsonl", with_text=True)
        there.import_book(tmp_path / "out.jsonl")
        there.export("datapackage", tmp_path / "back.zip", with_text=True)
        back.import_book(tmp_path / "back.zip")
        assert rows(store_of(there)) == rows(store_of(book)) == rows(store_of(back))
        there.export("jsonl", tmp_path / "again.jsonl", with_text=True)
        # The engines give the same bytes, but for the additions to the catalogue beside a file.
        mine = (tmp_path / "out.jsonl").read_bytes().splitlines()
        theirs = (tmp_path / "again.jsonl").read_bytes().splitlines()
        kept = [line for line in mine[:-1] if b'"table":"catalogue"' not in line]
        if "://" in place:
            theirs = [line for line in theirs if b'"table":"catalogue"' not in line]
        assert [line for line in theirs[:-1] if b'"table":"catalogue"' not in line] == kept


def test_what_is_erased_on_either_side_stays_erased(place: str, tmp_path: Path) -> None:
    secret = said(2)
    with opened(tmp_path / "a.db") as book, opened(place) as other:
        store_of(book).add([secret])
        book.export("jsonl", tmp_path / "before.jsonl", with_text=True)
        store_of(other).add([secret])
        book.purge(secret.document.id, by="me")
        book.export("jsonl", tmp_path / "after.jsonl", with_text=True)
        assert "will send" not in (tmp_path / "after.jsonl").read_text()
        other.import_book(tmp_path / "after.jsonl")
        assert store_of(other).document(secret.document.id).state == "purged"
        assert "will send" not in repr(rows(store_of(other)))
        other.import_book(tmp_path / "before.jsonl")
        assert "will send" not in repr(rows(store_of(other)))
        assert other.ledger().entries == {}
    if "://" not in place:
        kept = b"".join(path.read_bytes() for path in Path(place).parent.glob("book.db*"))
        assert b"will send" not in kept


def test_the_command_brings_a_book_back(inside: Inside, aid: Path) -> None:
    for form, name in FORMATS:
        inside.well("export", form, "-o", name, "--db", aid, "--with-text")
        said = inside.well("import", form, name, "--db", f"{name}.db")
        assert "The book is now the one that was exported." in said
        shown = [inside.well("status", "--db", place) for place in (aid, f"{name}.db")]
        assert shown[0] == shown[1]
        assert "0 new" in inside.well("import", form, name, "--db", f"{name}.db")
    (aid.parent / "book.jsonl").write_text("{}\n", encoding="utf-8")
    refused = inside("import", "jsonl", "book.jsonl", "--db", "other.db")
    assert refused.code == 2
    assert "no exported book" in refused.err


# What was tampered with


Lines = list[dict[str, Any]]


def rewritten(path: Path, change: Callable[[Lines], None]) -> Path:
    """Change a file and cover the tracks: checks and hashes are made anew."""
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    change(lines)
    body = lines[:-1]
    for line in body[1:]:
        line["check"] = _check(line["table"], line["row"])
    text = "".join(json.dumps(line) + "\n" for line in body)
    tally: dict[str, int] = {}
    for line in body[1:]:
        tally[line["table"]] = tally.get(line["table"], 0) + 1
    end = {"rows": tally, "sha256": sha256(text)}
    forged = path.with_name("forged.jsonl")
    forged.write_text(text + json.dumps(end) + "\n")
    return forged


def first(lines: Lines, table: str) -> tuple[int, dict[str, Any]]:
    """The number of the first line with a row of a table that says something, and the row."""
    for number, line in enumerate(lines, 1):
        row = line.get("row", {})
        erased = row.get("holds") == "nothing" or row.get("body", "") is None
        if line.get("table") == table and not erased:
            return number, row
    raise LookupError(table)


def changed_in(table: str, **fields: object) -> Callable[[Lines], None]:
    def change(lines: Lines) -> None:
        _, row = first(lines, table)
        row.update(fields)

    return change


def _other_quantity(lines: Lines) -> None:
    _, row = first(lines, "statements")
    row["body"]["quantity"]["high"] = 4000.0


def _other_quote(lines: Lines) -> None:
    _, row = first(lines, "statements")
    row["quote"] = "x" * len(row["quote"])


def _other_text(lines: Lines) -> None:
    _, row = first(lines, "documents")
    row["text"] = row["text"].replace("tanks", "ships")


def _shifted(lines: Lines) -> None:
    _, row = first(lines, "statements")
    row["body"]["start"] += 1
    row["body"]["end"] += 1


def _no_end(lines: Lines) -> None:
    _, row = first(lines, "statements")
    row["body"]["end"] = 10_000_000


_FORGERIES: dict[str, tuple[str, Callable[[Lines], None]]] = {
    "another quantity": ("statements", _other_quantity),
    "another quote": ("statements", _other_quote),
    "another text": ("documents", _other_text),
    "another place": ("statements", _shifted),
    "a place outside": ("statements", _no_end),
    "nothing said": ("statements", changed_in("statements", body=None, quote=None)),
    "another document": ("statements", changed_in("statements", document_id="d" + "0" * 20)),
    "another hash": ("documents", changed_in("documents", bytes_sha256="0" * 64)),
    "another extractor": ("documents", changed_in("documents", extractor="html/9")),
    "a field too many": ("documents", changed_in("documents", colour="red")),
    "an odd time": ("documents", changed_in("documents", ingested_at="yesterday")),
    "no time": ("documents", changed_in("documents", ingested_at=None)),
    "a text that is gone": ("documents", changed_in("documents", holds="nothing", text=None)),
    "holds what": ("documents", changed_in("documents", holds="half")),
    "an endless blank": (
        "documents",
        changed_in("documents", holds="quotations", quotations=[], characters=10**15),
    ),
    "pieces that overlap": (
        "documents",
        changed_in("documents", holds="quotations", quotations=[[0, "abc"], [2, "d"]]),
    ),
    "pieces of nothing": (
        "documents", changed_in("documents", holds="quotations", quotations=[[0]])
    ),
    "another origin": ("locations", changed_in("locations", origin="elsewhere")),
    "another coder": ("reading_runs", changed_in("reading_runs", coder="a person")),
    "a score above one": ("run_statements", changed_in("run_statements", score=2.0)),
    "grounds of another kind": ("run_statements", changed_in("run_statements", grounds=[1])),
    "another judge": ("judgements", changed_in("judgements", made_by="somebody else")),
    "another verdict": ("judgements", changed_in("judgements", kind="different")),
    "another problem": ("problems", changed_in("problems", source="elsewhere")),
    "a number that is none": ("activations", changed_in("activations", number="1")),
}  # fmt: skip


@pytest.mark.parametrize("name", _FORGERIES)
def test_a_forged_row_is_refused_with_its_line_and_nothing_is_stored(
    full: Path, tmp_path: Path, name: str
) -> None:
    table, change = _FORGERIES[name]
    with opened(full) as book:
        book.export("jsonl", tmp_path / "book.jsonl", with_text=True)
    number, _ = first(
        [json.loads(line) for line in (tmp_path / "book.jsonl").read_bytes().splitlines()], table
    )
    forged = rewritten(tmp_path / "book.jsonl", change)
    with opened(tmp_path / "new.db") as new:
        with pytest.raises(SourceError) as caught:
            new.import_book(forged)
        assert caught.value.mend
        assert f"line {number}" in (caught.value.where or "")
        assert not any(counts(store_of(new)).values())


def test_an_honest_rewriting_is_taken(full: Path, tmp_path: Path) -> None:
    """Guard of the test above: what `rewritten` makes is refused for the forgery alone."""
    with opened(full) as book, opened(tmp_path / "new.db") as new:
        book.export("jsonl", tmp_path / "book.jsonl", with_text=True)
        new.import_book(rewritten(tmp_path / "book.jsonl", lambda _: None))
        assert rows(store_of(new)) == rows(store_of(book))


def _twice(lines: Lines) -> None:
    number, _ = first(lines, "locations")
    lines.insert(number, lines[number - 1])


def _foreign_run(lines: Lines) -> None:
    found = [line["row"] for line in lines if line.get("table") == "activations"]
    found[0]["run_id"] = next(
        row["run_id"] for row in found if row["document_id"] != found[0]["document_id"]
    )


def _unheard(lines: Lines) -> None:
    lines.insert(1, {"table": "secrets", "row": {"a": 1}})


def _missing_run(lines: Lines) -> None:
    number, _ = first(lines, "reading_runs")
    del lines[number - 1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_twice, "twice"),
        (_foreign_run, "another document"),
        (_unheard, "no table"),
        (_missing_run, "refer to others"),
    ],
)
def test_rows_that_do_not_belong_together_are_refused(
    full: Path, place: str, tmp_path: Path, change: Callable[[Lines], None], says: str
) -> None:
    with opened(full) as book, opened(place) as new:
        book.export("jsonl", tmp_path / "book.jsonl", with_text=True)
        with pytest.raises(SourceError, match=says):
            new.import_book(rewritten(tmp_path / "book.jsonl", change))
        assert not any(counts(store_of(new)).values())


@pytest.fixture(scope="module")
def exported(full: Path) -> bytes:
    with opened(full) as book:
        book.export("jsonl", full.with_name("book.jsonl"), with_text=True)
    return full.with_name("book.jsonl").read_bytes()


@settings(max_examples=25)
@given(data=st.data())
def test_a_changed_byte_is_noticed(exported: bytes, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.jsonl"
        content = bytearray(exported)
        at = data.draw(st.integers(0, len(content) - 2))
        content[at] ^= data.draw(st.integers(1, 127))
        path.write_bytes(content)
        with opened(f"{folder}/new.db") as new:
            with pytest.raises(SourceError):
                new.import_book(path)
            assert not any(counts(store_of(new)).values())


def test_a_file_that_ends_early_is_refused(full: Path, tmp_path: Path) -> None:
    with opened(full) as book, opened(tmp_path / "new.db") as new:
        book.export("jsonl", tmp_path / "b.jsonl")
        lines = (tmp_path / "b.jsonl").read_bytes().splitlines(keepends=True)
        for kept in (lines[:-1], lines[: len(lines) // 2], lines[:1], [*lines, lines[-2]], []):
            (tmp_path / "b.jsonl").write_bytes(b"".join(kept))
            with pytest.raises(SourceError):
                new.import_book(tmp_path / "b.jsonl")
        assert not any(counts(store_of(new)).values())


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"PK\x03\x04", b"\xff\xfe", b"[" * 9999])
@pytest.mark.parametrize("name", ["b.jsonl", "b.zip", "datapackage.json"])
def test_what_is_no_book_is_refused(tmp_path: Path, content: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(content)
    with opened(tmp_path / "new.db") as new, pytest.raises(SourceError):
        new.import_book(tmp_path / name)
    with opened(tmp_path / "new.db") as new, pytest.raises(SourceError):
        new.import_book(tmp_path / "missing.jsonl")


def test_a_workbook_is_no_data_package(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
    (tmp_path / "b.csv").write_text("a,b\n1,2\n")
    with opened(tmp_path / "new.db") as new:
        with pytest.raises(SourceError, match="it holds no datapackage") as no:
            new.import_book(tmp_path / "b.xlsx")
        assert "`pledgebook export datapackage` wrote" in str(no.value)
        with pytest.raises(SourceError, match="neither a data package nor lines of JSON") as no:
            new.import_book(tmp_path / "b.csv")
        assert "`pledgebook export datapackage`" in str(no.value)


def test_a_book_of_a_newer_program_is_refused(full: Path, tmp_path: Path) -> None:
    with opened(full) as book, opened(tmp_path / "new.db") as new:
        book.export("jsonl", tmp_path / "book.jsonl")

        def newer(lines: Lines) -> None:
            lines[0]["schema"] = "9999"

        with pytest.raises(SourceError, match="newer Pledgebook"):
            new.import_book(rewritten(tmp_path / "book.jsonl", newer))


def test_a_package_that_was_changed_is_refused(full: Path, tmp_path: Path) -> None:
    with opened(full) as book:
        book.export("datapackage", tmp_path / "package", with_text=True)
    cases = itertools.count()
    for name, column, value, says in (
        ("withdrawals", "note", "another note", "was changed"),
        ("statements", "quote", "another quote", "its quote is not"),
        ("documents", "text", "another text", "another hash"),
        ("activations", "number", "one", "no int"),
        ("withdrawals", "hidden", "perhaps", "no bool"),
    ):
        copy = tmp_path / f"copy{next(cases)}"
        shutil.copytree(tmp_path / "package", copy)
        with (copy / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            table = list(csv.reader(file))
        table[1][table[0].index(column)] = value
        with (copy / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table)
        with opened(copy / "new.db") as new:
            with pytest.raises(SourceError, match=says) as caught:
                new.import_book(copy)
            assert f"{name}.csv" in (caught.value.where or "")
            assert caught.value.mend
            assert not any(counts(store_of(new)).values())
    (tmp_path / "package" / "statements.csv").unlink()
    with opened(tmp_path / "new.db") as new, pytest.raises(SourceError, match="cannot be read"):
        new.import_book(tmp_path / "package")


def test_quotations_that_are_at_odds_with_the_text_are_refused(tmp_path: Path) -> None:
    one = reading(document("Norway will send eight tanks."), [Said("eight tanks", quantity=8)])
    with opened(tmp_path / "a.db") as book:
        store_of(book).add([one])
        book.export("jsonl", tmp_path / "book.jsonl")

        def other_words(lines: Lines) -> None:
            _, row = first(lines, "documents")
            row["quotations"][0][1] = "seven ships"

        forged = rewritten(tmp_path / "book.jsonl", other_words)
        before = rows(store_of(book))
        with pytest.raises(SourceError, match="other words"):
            book.import_book(forged)
        assert rows(store_of(book)) == before
