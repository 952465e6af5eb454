"""Bulk reading gives what a book gives, document by document, and does nothing twice."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import fsspec
import polars as pl
import pytest
from bulk_cases import as_in_book, book_of, lines, readings, story
from distributed import Client, LocalCluster

from pledgebook.bulk import BulkFolder, BulkProgress, read_bulk
from pledgebook.bulk.tables import problem_of
from pledgebook.errors import BulkError, SourceError, UsageError
from pledgebook.reading import coder
from pledgebook.vocabulary.catalogue import load_catalogue

if TYPE_CHECKING:
    from pledgebook.bulk.report import BulkReport


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A folder of several formats, with faults in it."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "news.jsonl").write_text(
        "\ufeff" + lines(range(25)) + "\n{broken\n" + lines(range(25, 31)), encoding="utf-8"
    )
    (folder / "page.html").write_text(
        f"<html><head><title>A page</title></head><body><article><h1>A page</h1>"
        f"<p>{story(40)}</p><p>{story(41)}</p></article></body></html>"
    )
    (folder / "plain.txt").write_text("Kyiv, 3 March 2023\n" + story(42))
    (folder / "table.csv").write_text("id,date,text\na,2023-02-14,Norway sent 8 tanks to Ukraine\n")
    (folder / "german.txt").write_text(
        "Deutschland hat der Ukraine am Dienstag 14 Leopard-2-Panzer zugesagt, sagte der Minister."
    )
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    return folder


def run(client: Client, output: Path | str, *named: Path | str, **how: object) -> BulkReport:
    how.setdefault("batch_documents", 10)
    return read_bulk(named, output, client=client, **how)  # type: ignore[arg-type]


def test_the_same_documents_and_statements_as_in_a_book(
    client: Client, sources: Path, tmp_path: Path
) -> None:
    report = run(client, tmp_path / "out", sources)
    in_book = book_of(tmp_path / "book.db", sources)
    assert as_in_book(readings(tmp_path / "out")) == in_book
    assert report.documents == len(in_book) == 35
    assert report.statements == sum(len(one[-1]) for one in in_book.values()) > 60
    told = BulkFolder.open(str(tmp_path / "out")).problems().collect()
    assert sorted(told["code"]) == ["not-json", "unsupported-format"]
    broken = problem_of(told.filter(pl.col("code") == "not-json").row(0, named=True))
    assert broken.place == "line 27, column 2"
    assert (report.problems, report.errors) == (2, 1)


def test_origins_and_runs_are_those_of_a_book(
    client: Client, sources: Path, tmp_path: Path
) -> None:
    from pledgebook.documents import load

    run(client, tmp_path / "out", sources)
    catalogue = load_catalogue()
    loaded = {one.id: one for one in load([sources]) if not hasattr(one, "code")}
    for name, one in readings(tmp_path / "out").items():
        assert one.document == loaded[name]
        assert (one.coder, one.coder_version) == ("grammar", coder().version)
        assert one.catalogue_digest == catalogue.digest


def test_the_result_is_independent_of_batches_and_order(client: Client, tmp_path: Path) -> None:
    texts = lines([*range(30), 7, 8]).splitlines(keepends=True)
    random.Random(1).shuffle(texts)
    for name, part in (("a", texts[:14]), ("b", texts[14:])):
        (tmp_path / f"{name}.jsonl").write_text("".join(part))
    a, b = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    run(client, tmp_path / "one", a, b, batch_documents=5)
    run(client, tmp_path / "two", b, a, batch_documents=11)
    assert readings(tmp_path / "one") == readings(tmp_path / "two")
    frames = [
        BulkFolder.open(str(tmp_path / name)).documents().collect().sort("origin")
        for name in ("one", "two")
    ]
    kept = ["id", "origin", "copy_of", "state", "statements"]
    assert frames[0].select(kept).equals(frames[1].select(kept))
    assert frames[0]["state"].value_counts().sort("state").rows() == [("copy", 2), ("read", 30)]


def test_again_and_only_what_is_missing_is_done(client: Client, tmp_path: Path) -> None:
    source, out = tmp_path / "a.jsonl", tmp_path / "out"
    source.write_text(lines(range(30)))
    assert run(client, out, source).batches == 3
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")}
    again = run(client, out, source)
    assert (again.batches, again.kept) == (0, 3)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")} == before
    # More at the end: the whole batches before it stay.
    source.write_text(lines(range(34)))
    more = run(client, out, source)
    assert (more.batches, more.kept, more.documents) == (1, 3, 34)
    # Another text in the first batch: that one is done anew, its old part is gone.
    source.write_text(lines([99, *range(1, 34)]))
    changed = run(client, out, source)
    assert (changed.batches, changed.kept, changed.documents) == (1, 3, 34)
    assert "n0" not in {one.document.name for one in readings(out).values()}
    assert len(list((out / "documents").rglob("*.parquet"))) == 4


def test_another_source_is_added(client: Client, tmp_path: Path) -> None:
    for name, numbers in (("a", range(10)), ("b", range(8, 20))):
        (tmp_path / f"{name}.jsonl").write_text(lines(numbers))
    run(client, tmp_path / "out", tmp_path / "a.jsonl")
    report = run(client, tmp_path / "out", tmp_path / "b.jsonl")
    assert (report.documents, report.copies) == (22, 2)
    assert len(readings(tmp_path / "out")) == 20


@pytest.mark.usefixtures("log")
def test_another_coder_reads_all_anew(client: Client, tmp_path: Path) -> None:
    source, out = tmp_path / "a.jsonl", tmp_path / "out"
    source.write_text(lines(range(12)) + "{broken\n")
    run(client, out, source)
    source.touch()
    report = run(client, out, source, coder="slow")
    assert (report.batches, report.kept, report.problems) == (2, 0, 1)
    assert {one.coder for one in readings(out).values()} == {"slow"}
    assert len(list((out / "statements").rglob("*.parquet"))) == 2


def test_a_near_copy_is_listed_and_not_read(client: Client, tmp_path: Path) -> None:
    text = " ".join(story(number) for number in range(6))
    first = {"id": "first", "date": "2023-02-14", "url": "https://a.example/1", "text": text}
    copied = text + "\nBy our own staff"
    later = {"id": "later", "date": "2023-02-15", "url": "https://b.example/2", "text": copied}
    other = text.replace("send 3 howitzers", "send 4 howitzers")
    mended = {"id": "mended", "date": "2023-02-16", "url": "https://c.example/3", "text": other}
    source = tmp_path / "a.jsonl"
    source.write_text("".join(json.dumps(one) + "\n" for one in (mended, later, first)))
    report = run(client, tmp_path / "out", source)
    assert (report.documents, report.copies) == (3, 1)
    rows = {
        row["name"]: row
        for row in BulkFolder.open(str(tmp_path / "out")).documents().collect().to_dicts()
    }
    assert {name: row["state"] for name, row in rows.items()} == {
        "first": "read",
        "later": "copy",
        "mended": "read",
    }
    copy = rows["later"]
    assert copy["copy_of"] == rows["first"]["id"] != copy["id"]
    assert (copy["text"], copy["outlet"], copy["statements"]) == (copied, "b.example", 0)
    assert 0.8 <= copy["similarity"] < 1
    all_read = run(client, tmp_path / "out", source, near_copies=False)
    assert (all_read.copies, len(readings(tmp_path / "out"))) == (0, 3)
    again = run(client, tmp_path / "out", source)
    assert (again.copies, len(readings(tmp_path / "out"))) == (1, 2)


def test_near_copies_may_be_asked_for_later(client: Client, tmp_path: Path) -> None:
    """Without them no marks are made for them; then those are, and no more is read than before."""
    text = "\n".join(f"Norway sent {number} shells to Kyiv on that day." for number in range(60))
    later = ("later", "2024-01-02", f"Update\n\n{text}")
    source = tmp_path / "a.jsonl"
    source.write_text(
        "".join(
            json.dumps({"id": name, "date": day, "lang": "en", "text": told}) + "\n"
            for name, day, told in (("first", "2024-01-01", text), later, later)
        )
    )
    out = tmp_path / "out"
    for _ in range(2):
        plainly = run(client, out, source, near_copies=False)
        assert (plainly.documents, plainly.copies) == (3, 1)
        assert not (out / "work" / "marks").exists()
    assert (plainly.batches, len(readings(out))) == (0, 2)
    nearly = run(client, out, source)
    assert (nearly.batches, nearly.copies, len(readings(out))) == (1, 2, 1)
    assert run(client, out, source).batches == 0
    assert run(client, out, source, near_copies=False).copies == 1


def test_parquet_is_read_row_by_row(client: Client, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in lines(range(23)).splitlines()]
    frame = pl.DataFrame(rows).with_columns(pl.col("date").str.to_date(), n=pl.lit(1))
    frame.write_parquet(tmp_path / "a.parquet")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no")
    report = run(client, tmp_path / "out", tmp_path / "a.parquet", tmp_path / "bad.parquet")
    found = readings(tmp_path / "out").values()
    assert report.documents == 23
    assert sorted((one.document.name or "", one.document.text) for one in found) == sorted(
        (row["id"], row["text"]) for row in rows
    )
    assert {one.document.extractor for one in found} == {"parquet/1"}
    assert {str(one.document.date) for one in found} == {row["date"] for row in rows}
    told = BulkFolder.open(str(tmp_path / "out")).problems().collect()
    assert told["code"].to_list() == ["damaged"]
    run(client, tmp_path / "out", tmp_path / "a.parquet")
    (tmp_path / "bad.parquet").unlink()
    frame.head(1).write_parquet(tmp_path / "bad.parquet")
    assert run(client, tmp_path / "out", tmp_path / "bad.parquet").problems == 0


def test_by_url_from_a_file_system_of_another_kind(tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/news/a.jsonl", lines(range(15)).encode())
    memory.pipe_file("/news/deep/b.txt", story(20).encode())
    memory.pipe_file("/news/.hidden.txt", b"no")
    with (
        LocalCluster(  # type: ignore[no-untyped-call]
            processes=False, dashboard_address="127.0.0.1:0", n_workers=1
        ) as cluster,
        Client(cluster) as inside,  # type: ignore[no-untyped-call]
    ):
        report = run(inside, "memory://tables", "memory://news")
        again = run(inside, "memory://tables", "memory://news")
    assert (report.documents, report.batches) == (16, 3)
    assert (again.batches, again.kept) == (0, 3)
    found = readings("memory://tables")
    (tmp_path / "a.jsonl").write_text(lines(range(15)))
    (tmp_path / "b.txt").write_text(story(20))
    assert as_in_book(found) == book_of(tmp_path / "book.db", tmp_path)
    assert "memory:///news/a.jsonl:1" in {one.document.origin for one in found.values()}
    assert "memory:///news/deep/b.txt" in {one.document.origin for one in found.values()}
    memory.rm("/news", recursive=True)
    memory.rm("/tables", recursive=True)


def test_progress_goes_up_to_the_end(client: Client, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(lines(range(30)) + "{broken\n")
    told: list[BulkProgress] = []
    run(client, tmp_path / "out", tmp_path / "a.jsonl", progress=told.append)
    stages = list(dict.fromkeys(one.stage for one in told))
    assert stages == ["slicing", "loading", "copies", "reading", "done"]
    last = [one for one in told if one.stage == "reading"][-1]
    assert (last.done, last.total, last.documents, last.problems) == (4, 4, 30, 1)
    assert last.statements == len(BulkFolder.open(str(tmp_path / "out")).statements().collect())
    assert last.rate is not None
    assert last.rate > 0
    assert last.seconds_left == 0


@pytest.mark.parametrize(
    ("source", "how", "what"),
    [
        ("-", {}, "standard input"),
        ("https://example.org/", {}, "web pages"),
        ("nosuch://a/b", {}, "cannot be reached"),
        ("a.jsonl", {"lang": "?"}, "language code"),
        ("a.jsonl", {"coder": "nobody"}, "no coder"),
        ("a.jsonl", {"batch_documents": 0}, "at least one document"),
    ],
)
def test_what_is_asked_wrongly_is_refused(
    client: Client, tmp_path: Path, source: str, how: dict[str, object], what: str
) -> None:
    with pytest.raises(UsageError, match=what):
        run(client, tmp_path / "out", source, **how)


def test_a_missing_source_is_a_problem_that_goes_when_it_comes(
    client: Client, tmp_path: Path
) -> None:
    source = tmp_path / "a.jsonl"
    report = run(client, tmp_path / "out", source)
    assert (report.documents, report.problems, report.told[0].code) == (0, 1, "source-missing")
    source.write_text(lines(range(3)))
    report = run(client, tmp_path / "out", source)
    assert (report.documents, report.problems) == (3, 0)


def test_two_at_once_in_one_folder_are_refused(client: Client, tmp_path: Path) -> None:
    from pledgebook.bulk.keeping import kept_alone
    from pledgebook.bulk.places import place_at

    with (
        kept_alone(place_at(str(tmp_path / "out"))),
        pytest.raises(BulkError, match="another bulk reading"),
    ):
        run(client, tmp_path / "out", tmp_path)


def test_a_folder_without_a_reading_is_no_bulk_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no bulk reading here"):
        BulkFolder.open(str(tmp_path))


def test_user_additions_reach_the_workers(client: Client, tmp_path: Path) -> None:
    additions = tmp_path / "aid.catalogue.toml"
    additions.write_text(
        '[[item]]\nid = "snowcat-9"\ndesignation = "Snowcat 9"\ncategory = "vehicle"\n'
    )
    source = tmp_path / "a.jsonl"
    text = "Norway will send 12 Snowcat 9 to Ukraine, its defence ministry said on Tuesday."
    source.write_text(json.dumps({"date": "2023-02-14", "lang": "en", "text": text}))
    run(client, tmp_path / "out", source, additions=additions)
    (one,) = readings(tmp_path / "out").values()
    assert one.catalogue_digest == load_catalogue(additions).digest
    assert [said.item.designation for said in one.statements] == ["Snowcat 9"]


def test_what_no_table_can_hold_is_replaced(client: Client, tmp_path: Path) -> None:
    out = io.StringIO()
    json.dump({"id": "\ud800", "lang": "en", "text": story(1) + " \ud800"}, out)
    (tmp_path / "a.jsonl").write_text(out.getvalue())
    run(client, tmp_path / "out", tmp_path / "a.jsonl")
    in_book = book_of(tmp_path / "book.db", tmp_path / "a.jsonl")
    assert as_in_book(readings(tmp_path / "out")) == in_book
