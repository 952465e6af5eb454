"""What harnesses are made of: files of the repository as seeds and words, inputs as text or files.

The first bytes of an input may choose how the rest is used; the rest is text in UTF-8, in which
bytes that are none become U+FFFD. So every input is good for something, and all can be written by
hand.
"""

from __future__ import annotations

import atexit
import csv
import io
import json
import shutil
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from pledgebook.vocabulary.catalogue import Catalogue, load_catalogue

__all__ = [
    "ROOT",
    "TABLES",
    "WORDS",
    "catalogue",
    "csv_rows",
    "demo_texts",
    "pieces",
    "sentences_of",
    "text_of",
    "toml_words",
    "written",
]

ROOT = Path(__file__).resolve().parent.parent
TABLES = ROOT / "tests" / "exchange" / "data"
WORDS = ROOT / "src" / "pledgebook" / "reading" / "data"
_LONGEST_WORD = 40


@cache
def catalogue() -> Catalogue:
    """Return the catalogue that ships."""
    return load_catalogue()


def text_of(data: bytes) -> str:
    """Return bytes as text."""
    return data.decode("utf-8", "replace")


def pieces(data: bytes, size: int) -> tuple[bytes, bytes]:
    """Return the first bytes of an input, filled up with zeros, and the rest."""
    return data[:size].ljust(size, b"\0"), data[size:]


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="pledgebook-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def written(data: bytes, name: str) -> Path:
    """Return a file of this name that holds these bytes; the next one takes its place."""
    path = _folder() / name
    path.write_bytes(data)
    return path


@cache
def demo_texts() -> tuple[str, ...]:
    """Return the texts of the documents that ship with the package."""
    lines = (ROOT / "src/pledgebook/demo/documents.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line)["text"] for line in lines)


@cache
def sentences_of(longest: int) -> tuple[str, ...]:
    """Return paragraphs of those documents, none longer than so many characters."""
    found = (part for text in demo_texts() for part in text.split("\n\n"))
    return tuple(dict.fromkeys(part[:longest] for part in found if len(part) > 20))


def csv_rows(name: str, delimiter: str = ",") -> list[str]:
    """Return the lines of a CSV file of the tests as they are written there."""
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    assert any(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    return lines


def toml_words(*paths: Path) -> Iterator[str]:
    """Yield the short texts in TOML files, keys and values, each once."""
    seen: set[str] = set()
    for path in paths:
        for word in _texts(tomllib.loads(path.read_text(encoding="utf-8"))):
            if word not in seen and 1 < len(word) <= _LONGEST_WORD:
                seen.add(word)
                yield word


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
