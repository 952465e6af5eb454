"""Sources into slices: what is found, where it is cut, and what a web archive holds."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bulk_cases import as_in_book, book_of, lines, readings, story
from hypothesis import given, settings
from hypothesis import strategies as st

from pledgebook.bulk import read_bulk
from pledgebook.bulk.inputs import File, Group, find_groups
from pledgebook.bulk.loading import items_of, loading_rules
from pledgebook.bulk.slicing import Slice, slice_group
from pledgebook.documents import Limits, load
from pledgebook.documents.finish import Given
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import Document

if TYPE_CHECKING:
    from distributed import Client


def sliced(path: Path, size: int = 3) -> list[Slice]:
    (group,) = find_groups([path], size)
    assert isinstance(group, Group)
    made = list(slice_group(group, size, "rules"))
    assert all(isinstance(one, Slice) for one in made), made
    return [one for one in made if isinstance(one, Slice)]


def loaded(pieces: Sequence[Slice]) -> list[Document | Problem]:
    return [
        found
        for piece in pieces
        for item in items_of(piece, Given(), Limits())
        for found in item.load()
    ]


_LINE = st.sampled_from(
    [
        '{"text": "Norway sends 8 tanks."}\n',
        '{"text": "Україна", "id": 7}\r\n',
        "\n",
        "{broken\n",
        '{"text": "' + "x" * 70_000 + '"}\n',
        "[1]\n",
    ]
)


@settings(max_examples=50)
@given(st.lists(_LINE, max_size=12), st.booleans(), st.booleans(), st.integers(1, 5))
def test_slices_of_lines_give_what_the_whole_file_gives(
    tmp_path_factory: pytest.TempPathFactory,
    made: list[str],
    mark: bool,
    ended: bool,
    size: int,
) -> None:
    text = "".join(made)
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    path.write_bytes((b"\xef\xbb\xbf" if mark else b"") + (text if ended else text[:-1]).encode())
    expected = list(load([path]))
    (group,) = find_groups([path], size)
    assert isinstance(group, Group)
    found = list(slice_group(group, size, "rules"))
    pieces = [one for one in found if isinstance(one, Slice)]
    assert sum(piece.end - piece.start for piece in pieces) == path.stat().st_size
    got = loaded(pieces)
    blank = [one for one in expected if isinstance(one, Problem) and one.code == "empty-document"]
    if blank:
        assert got == []
    else:
        assert got == expected


def test_a_line_that_is_too_long_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "' + "x" * 5000 + '"}\n{"text": "short enough"}\n')
    (piece,) = sliced(path)
    items = items_of(piece, Given(), Limits(max_line_bytes=1000))
    long, short = [found for item in items for found in item.load()]
    assert isinstance(long, Problem)
    assert (long.code, long.place) == ("too-large", "line 1")
    assert isinstance(short, Document)


def test_lines_in_utf_16_are_refused_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x"}\n' * 5, encoding="utf-16")
    assert loaded(sliced(path)) == list(load([path]))


def test_the_name_of_a_slice_is_all_that_decides_its_documents(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(lines(range(7)))
    before = [one.batch for one in sliced(path)]
    assert [one.items for one in sliced(path)] == [3, 3, 1]
    path.write_text(lines(range(8)))
    assert [one.batch for one in sliced(path)][:2] == before[:2]
    assert [one.batch for one in sliced(path)][2] != before[2]
    (group,) = find_groups([path], 3)
    assert isinstance(group, Group)
    other = [one.batch for one in slice_group(group, 3, "others") if isinstance(one, Slice)]
    assert not set(other) & set(before)
    path.rename(tmp_path / "b.jsonl")
    assert not set(before) & {one.batch for one in sliced(tmp_path / "b.jsonl")}
    given = Given(date=dt.date(2023, 1, 1), lang="en")
    assert len({loading_rules(Given()), loading_rules(given), loading_rules(Given(lang="en"))}) == 3


def test_a_new_file_leaves_the_groups_of_the_others(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number:03}.txt").write_text(story(number))
    groups = [one for one in find_groups([tmp_path], 5) if isinstance(one, Group)]
    assert sum(len(one.files) for one in groups) == 60
    assert max(len(one.files) for one in groups) <= 10
    assert len(groups) > 5
    (tmp_path / "0005.txt").write_text("new")
    after = [one for one in find_groups([tmp_path], 5) if isinstance(one, Group)]
    assert len(set(groups) - set(after)) <= 1


def test_big_files_are_sliced_and_small_ones_grouped(tmp_path: Path) -> None:
    for name in ("a.JSONL", "b.parquet", "c.warc.gz", "d.txt", "e.pdf", ".f.jsonl", "g.db"):
        (tmp_path / name).write_text("x")
    groups = [one for one in find_groups([tmp_path], 100) if isinstance(one, Group)]
    assert [(one.kind, [Path(file.origin).name for file in one.files]) for one in groups] == [
        ("jsonl", ["a.JSONL"]),
        ("parquet", ["b.parquet"]),
        ("warc", ["c.warc.gz"]),
        ("files", ["d.txt", "e.pdf"]),
    ]
    twice = find_groups([tmp_path / "d.txt", tmp_path, tmp_path / "d.txt"], 100)
    assert sum(len(one.files) for one in twice if isinstance(one, Group)) == 5


_PAGE = "<html><head><title>News</title></head><body><article><p>{}</p></article></body></html>"


def record(kind: str, url: str, content_type: str, body: bytes) -> bytes:
    """One record, as the standard has it: header fields, a blank line, the block, two ends."""
    fields = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{len(body):032x}>\r\n"
        f"WARC-Date: 2023-02-20T10:00:00Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return fields.encode() + body + b"\r\n\r\n"


def archive(answers: Sequence[tuple[str, str, str, bytes]], *, packed: bool) -> bytes:
    """A web archive as CC-News has them: information first, then requests and responses."""
    made = [record("warcinfo", "x.warc", "application/warc-fields", b"software: test\r\n")]
    for url, status, kind, body in answers:
        asked = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        made.append(record("request", url, "application/http; msgtype=request", asked))
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode()
        made.append(record("response", url, "application/http; msgtype=response", head + body))
    return b"".join(gzip.compress(one) if packed else one for one in made)


def pages(numbers: Sequence[int]) -> list[tuple[str, str, str, bytes]]:
    html = "text/html; charset=utf-8"
    made = [
        (f"https://paper.example/{n}", "200 OK", html, _PAGE.format(story(n)).encode())
        for n in numbers
    ]
    made.insert(1, ("https://paper.example/moved", "301 Moved", html, b""))
    made.insert(2, ("https://paper.example/p.png", "200 OK", "image/png", b"\x89PNG"))
    plain = story(90).encode()
    made.append(("https://paper.example/2023/02/14/t", "200 OK", "text/plain", plain))
    return made


@pytest.mark.parametrize("packed", [True, False])
def test_a_web_archive_is_read_page_by_page(tmp_path: Path, *, packed: bool) -> None:
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    path.write_bytes(archive(pages(range(7)), packed=packed))
    pieces = sliced(path, 4)
    assert [piece.items for piece in pieces] == [4, 4, 2]
    found = [one for one in loaded(pieces) if isinstance(one, Document)]
    assert [one.url for one in found] == [
        *(f"https://paper.example/{n}" for n in range(7)),
        "https://paper.example/2023/02/14/t",
    ]
    assert found[0].origin == f"{path}:1"
    assert found[1].origin == f"{path}:4"
    assert [(one.date, one.date_source) for one in found[6:]] == [
        (dt.date(2023, 2, 20), "archive"),
        (dt.date(2023, 2, 14), "url"),
    ]
    # The documents are those that the pages give as files.
    for number, one in enumerate(found[:7]):
        page = tmp_path / f"{number}.html"
        page.write_bytes(_PAGE.format(story(number)).encode())
        (alone,) = load([page])
        assert isinstance(alone, Document)
        assert (alone.id, alone.text, alone.title) == (one.id, one.text, one.title)
    # Twice in a row: the same names.
    assert [piece.batch for piece in sliced(path, 4)] == [piece.batch for piece in pieces]


def test_a_record_hidden_in_a_page_is_no_record(tmp_path: Path) -> None:
    """What looks like the beginning of a record, inside one that is stored as it is."""
    inner = archive([("https://evil.example/", "200 OK", "text/html", b"<p>x</p>")], packed=True)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(
        archive([("https://paper.example/", "200 OK", "text/plain", inner)], packed=True)
    )
    (piece,) = sliced(path, 1)
    assert piece.items == 1
    urls = {one.url for one in loaded([piece]) if isinstance(one, Document)}
    assert "https://evil.example/" not in urls


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"no archive", "no sound gzip file"),
        (gzip.compress(b"hello"), "do not begin with WARC/1"),
        (archive(pages([1, 2]), packed=True)[:-30], "breaks off in the middle"),
    ],
    # The bytes have the time in them: workers would name the tests differently.
    ids=["no gzip", "no archive", "cut"],
)
def test_what_is_no_archive_is_a_problem(tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    (group,) = find_groups([path], 100)
    assert isinstance(group, Group)
    *before, last = slice_group(group, 100, "rules")
    problems = [one for one in (*before, last) if isinstance(one, Problem)]
    assert any(what in one.what for one in problems)


def test_bombs_in_an_archive_are_bounded(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    big = b"<p>" + bytes(3_000_000)
    path.write_bytes(archive([("https://a.example/", "200 OK", "text/html", big)], packed=True))
    assert path.stat().st_size < 50_000
    (piece,) = sliced(path)
    found = [
        one
        for item in items_of(piece, Given(), Limits(max_tree_bytes=1_000_000))
        for one in item.load()
    ]
    assert [one.code for one in found if isinstance(one, Problem)] == ["too-large"]


def test_random_bytes_never_stop_the_slicing(tmp_path: Path) -> None:
    chance = random.Random(3)
    whole = archive(pages(range(3)), packed=True)
    came: list[Document | Problem] = []
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path = tmp_path / "a.warc.gz"
        path.write_bytes(bytes(damaged))
        group = Group("warc", (File(str(path), str(path), len(damaged), named=True),))
        for piece in slice_group(group, 2, "rules"):
            came += loaded([piece]) if isinstance(piece, Slice) else [piece]
    # What is sound is read, and what is not is told.
    assert {type(one) for one in came} == {Document, Problem}


def test_archives_and_folders_together(client: Client, tmp_path: Path) -> None:
    source = tmp_path / "news"
    source.mkdir()
    (source / "a.warc.gz").write_bytes(archive(pages(range(6)), packed=True))
    (source / "b.jsonl").write_text(lines(range(20, 25)))
    report = read_bulk(source, tmp_path / "out", client=client, batch_documents=4)
    found = readings(tmp_path / "out")
    assert (report.documents, len(found), report.problems) == (12, 12, 0)
    (source / "a.warc.gz").unlink()
    in_book = book_of(tmp_path / "book.db", source)
    got = as_in_book(found)
    assert {name: got[name] for name in in_book} == in_book
    # A page of the archive says what the same page says as a file, dated by its capture.
    page = tmp_path / "3.html"
    page.write_bytes(_PAGE.format(story(3)).encode())
    (alone,) = load([page], date=dt.date(2023, 2, 20))
    assert isinstance(alone, Document)
    assert found[alone.id].document.bytes_sha256 == hashlib.sha256(page.read_bytes()).hexdigest()
    assert found[alone.id].statements


def test_numbers_and_nulls_in_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in ({"text": None}, {"id": 1}, 3, "x")))
    assert loaded(sliced(path)) == list(load([path]))
