"""Real files with a few bytes changed: every reader gives documents or problems, and no more."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import docx
import pytest
from document_files import pdf, read_all, rows, xlsx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pledgebook.documents import Draft, load
from pledgebook.documents.formats.html import Html
from pledgebook.errors import Problem


@cache
def whole(name: str) -> bytes:
    """Return a sound file of a format."""
    if name == "pdf":
        return pdf([["Norway sends tanks.", "It sends eight."], ["Poland sends guns."]])
    if name == "xlsx":
        return xlsx({"S": rows([["Donor", "Number"], ["Norway", 8]])})
    if name == "docx":
        document = docx.Document()
        document.add_paragraph("Norway sends tanks.", style="List Bullet")
        document.add_table(1, 2).cell(0, 0).text = "Poland"
        buffer = io.BytesIO()
        document.save(buffer)
        return buffer.getvalue()
    if name == "html":
        return b"<html><body><ul><li>Norway<li>Poland</ul><table><tr><td>8</table></body></html>"
    return (
        b"Subject: Tanks\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>Eight\n"
    )


class PanicException(BaseException):
    """As a Rust part raises it: no Exception."""


@pytest.mark.parametrize("fault", [RecursionError(), MemoryError(), PanicException("index")])
def test_a_reader_that_breaks_stops_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    def extract(*_: object) -> Iterator[Draft | Problem]:
        yield Draft(text="Norway sends tanks.", sha256="0" * 64)
        raise fault

    monkeypatch.setattr(Html, "extract", extract)
    (tmp_path / "a.html").write_text("<p>x")
    (tmp_path / "b.txt").write_text("Poland sends guns.")
    documents, (problem,) = read_all(tmp_path)
    assert len(documents) == 2
    assert (problem.code, problem.source) == ("damaged", str(tmp_path / "a.html"))


def test_an_interrupt_is_not_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def extract(*_: object) -> Iterator[Draft | Problem]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(Html, "extract", extract)
    (tmp_path / "a.html").write_text("<p>x")
    with pytest.raises(KeyboardInterrupt):
        read_all(tmp_path)


@pytest.mark.parametrize("name", ["pdf", "xlsx", "docx", "html", "eml"])
def test_the_sound_file_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"a.{name}"
    path.write_bytes(whole(name))
    documents, problems = read_all(path)
    assert documents
    assert problems == []


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["pdf", "xlsx", "docx", "html", "eml"]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), max_size=6),
    st.floats(0, 1) | st.just(1.0),
)
def test_broken_files_never_raise(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    changes: list[tuple[float, bytes]],
    kept: float,
) -> None:
    data = bytearray(whole(name))
    for place, content in changes:
        start = int(place * len(data))
        data[start : start + len(content)] = content
    path = tmp_path_factory.getbasetemp() / f"broken.{name}"
    path.write_bytes(data[: int(kept * len(data))])
    for found in load([path]):
        if isinstance(found, Problem):
            assert found.source == str(path)
            assert found.what
        else:
            assert found.text.strip()
