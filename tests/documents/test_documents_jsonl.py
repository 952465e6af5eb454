"""JSONL and JSON: five keys and nothing else, line by line."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from document_files import codes, read_all
from hypothesis import given, settings
from hypothesis import strategies as st

from pledgebook.documents import Limits, load
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import Document

if TYPE_CHECKING:
    from typing_extensions import Buffer

LINE = {
    "id": "norway-tanks.1",
    "url": "https://example.org/2023/02/14/tanks",
    "date": "2023-02-15",
    "lang": "en",
    "text": "Norway will send eight tanks.",
}


def lines(*records: object) -> bytes:
    """Write records as JSONL."""
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def from_stdin(data: bytes, lang: str | None = None) -> list[Document | Problem]:
    """Load bytes as standard input."""
    return list(load(["-"], stdin=io.BytesIO(data), lang=lang))


def test_the_five_keys_make_the_document() -> None:
    (document,) = from_stdin(lines(LINE))
    assert isinstance(document, Document)
    assert document.name == LINE["id"]
    assert document.url == LINE["url"]
    assert document.text == LINE["text"]
    assert document.lang == "en"
    assert (document.date, document.date_source) == (dt.date(2023, 2, 15), "given")
    assert document.origin == "-:1"


KEPT = "\u00a0 e\u0301\u0308 ﬁ 🇳🇴 👩‍🚒 \u2028 \u200d „quoted“ \ufeff \u00ad  end \n\n "


def test_text_survives_character_for_character() -> None:
    for ascii_only in (True, False):
        line = json.dumps({"text": KEPT}, ensure_ascii=ascii_only).encode()
        (document,) = from_stdin(line)
        assert isinstance(document, Document)
        assert document.text == KEPT


def test_lone_surrogates_and_nul_are_replaced() -> None:
    (document,) = from_stdin(rb'{"text": "a\ud800b\u0000c\r\nd \ud83d\ude00"}')
    assert isinstance(document, Document)
    assert document.text == "a\ufffdbc\nd 😀"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None)
@given(
    st.dictionaries(st.text().filter(lambda key: key not in LINE), json_values, max_size=4),
    st.randoms(use_true_random=False),
)
def test_all_other_keys_change_nothing(others: dict[str, Any], order: Random) -> None:
    items = [*LINE.items(), *others.items()]
    order.shuffle(items)
    (plain,) = from_stdin(lines(LINE))
    (shuffled,) = from_stdin(lines(dict(items)))
    assert isinstance(plain, Document)
    assert isinstance(shuffled, Document)
    assert plain == shuffled
    assert plain.id == shuffled.id


@pytest.mark.parametrize("key", ["id", "url", "date", "lang", "text"])
def test_each_of_the_five_keys_is_part_of_the_identity(key: str) -> None:
    other = {**LINE, key: "2022-01-01" if key == "date" else "de"}
    first, second = from_stdin(lines(LINE, other))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first.bytes_sha256 != second.bytes_sha256
    assert first.id != second.id


def test_where_a_line_stands_is_no_part_of_its_identity(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(LINE))
    (tmp_path / "b.jsonl").write_bytes(b"\n\n" + lines({"text": "other"}, LINE))
    (first, _, second), _ = read_all(tmp_path)
    assert first.id == second.id
    assert second.origin.endswith("b.jsonl:4")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"text": "broken', "not-json"),
        (b"no json at all", "not-json"),
        (b"[1, 2]", "not-an-object"),
        (b'"text"', "not-an-object"),
        (b"{}", "text-missing"),
        (b'{"text": null}', "text-missing"),
        (b'{"text": 5}', "invalid-field"),
        (b'{"text": ["a"]}', "invalid-field"),
        (b'{"text": "a", "url": 7}', "invalid-field"),
        (b'{"text": "a", "id": true}', "invalid-field"),
        (b'{"text": "a", "date": "2023-02-30"}', "invalid-date"),
        (b'{"text": "a", "date": "last week"}', "invalid-date"),
        (b'{"text": "a", "date": 20230214}', "invalid-field"),
        (b'{"text": ""}', "empty-document"),
        (b'{"text": " \\n"}', "empty-document"),
        (b'{"text": "caf\xe9"}', "encoding"),
        (b"[" * 100_000, "not-json"),
        (b'{"text": "a", "n": ' + b"9" * 5_000 + b"}", "not-json"),
    ],
)
def test_a_bad_line_is_a_problem_and_the_rest_is_read(
    tmp_path: Path, line: bytes, code: str
) -> None:
    path = tmp_path / "some.jsonl"
    path.write_bytes(lines({"text": "before"}) + line + b"\n" + lines({"text": "after"}))
    documents, (problem,) = read_all(path)
    assert [document.text for document in documents] == ["before", "after"]
    assert problem.code == code
    assert problem.source == str(path)
    assert (problem.place or "").startswith("line 2")


def test_a_number_as_id_is_taken_as_its_digits() -> None:
    (document,) = from_stdin(b'{"id": 17, "text": "Norway sends tanks."}')
    assert isinstance(document, Document)
    assert document.name == "17"


def test_a_byte_order_mark_before_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "marked.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + lines({"text": "first"}, {"text": "second"}))
    documents, problems = read_all(path)
    assert [document.text for document in documents] == ["first", "second"]
    assert problems == []


def test_utf_16_is_said_once(tmp_path: Path) -> None:
    path = tmp_path / "wide.jsonl"
    path.write_bytes(lines(LINE, LINE, LINE).decode().encode("utf-16"))
    assert codes(read_all(path)[1]) == ["encoding"]


def test_a_line_over_the_limit_is_skipped_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_bytes(lines({"text": "a"}, {"text": "x" * 3_000_000}, {"text": "b"}))
    tracemalloc.start()
    documents, (problem,) = read_all(path, limits=Limits(max_line_bytes=1_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [document.text for document in documents] == ["a", "b"]
    assert (problem.code, problem.place) == ("too-large", "line 2")
    assert peak < 2_500_000


class Endless(io.RawIOBase):
    """A stream that never ends, to show that nothing waits for the end."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = itertools.count()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        line = lines({"text": f"Norway sends {next(self._numbers)} tanks to Ukraine."})
        memoryview(buffer)[: len(line)] = line
        return len(line)


def test_standard_input_is_read_as_a_stream() -> None:
    stream = load(["-"], stdin=io.BufferedReader(Endless()), lang="en")
    texts = [found.text for found in itertools.islice(stream, 3) if isinstance(found, Document)]
    assert texts == [f"Norway sends {number} tanks to Ukraine." for number in range(3)]


def test_ten_thousand_documents_take_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    with path.open("wb") as file:
        for number in range(10_000):
            file.write(lines({**LINE, "id": str(number), "text": f"{number} tanks. " * 60}))
    reading = load([path])
    for _ in itertools.islice(reading, 100):
        pass
    tracemalloc.start()
    count = sum(isinstance(found, Document) for found in reading)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 9_900
    assert path.stat().st_size > 7_000_000
    assert peak < 1_000_000


def test_progress_is_told_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    path.write_bytes(lines({"text": "one"}, {"text": "two"}, {"text": "three"}))
    (tmp_path / "z.txt").write_text("A text.")
    (tmp_path / "y.unknown").write_text("A text.")
    steps: list[int] = []
    assert len(list(load([tmp_path], advance=steps.append))) == 5
    total = sum(file.stat().st_size for file in tmp_path.iterdir())
    assert sum(steps) == total
    assert len([step for step in steps if step]) >= 4


def test_json_files_hold_one_document_or_a_list(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(LINE, indent=2))
    (tmp_path / "b.json").write_text(json.dumps([LINE, {"text": 1}, {"text": "third"}]))
    documents, (problem,) = read_all(tmp_path)
    assert [document.text for document in documents] == [LINE["text"], LINE["text"], "third"]
    assert (problem.code, problem.place) == ("invalid-field", "item 2")
    assert documents[0].bytes_sha256 == documents[1].bytes_sha256


@pytest.mark.parametrize(
    ("content", "code"),
    [(b'{"text": ', "not-json"), (b"[]", "empty-document"), (b"[" * 100_000, "not-json")],
)
def test_a_broken_json_file_is_a_problem(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    assert codes(read_all(path)[1]) == [code]


def test_formats_on_standard_input_are_told_apart() -> None:
    def name(data: bytes) -> str:
        (found,) = from_stdin(data, lang="en")
        return found.extractor if isinstance(found, Document) else found.code

    assert name(lines(LINE)) == "jsonl/1"
    assert name(json.dumps(LINE, indent=1).encode()) == "json/1"
    assert name(json.dumps([LINE]).encode()) == "json/1"
    assert name(b"{ braces } open this text, which is no JSON.") == "text/1"
    assert name(b"Norway sends tanks.") == "text/1"
    assert name(b"<!doctype html><p>Norway sends tanks.</p>") == "html/1"
    assert name(b"MIME-Version: 1.0\nSubject: Tanks\n\nNorway sends tanks.\n") == "email/1"
    assert name(b"Date: today\nSubject: Tanks\n\nNorway sends tanks.\n") == "text/1"
    assert name(b"") == "empty-document"
