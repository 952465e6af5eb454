"""The grammar reader on a whole document, in each of its languages."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

from harness import Harness
from laws import resting_on
from material import ROOT, WORDS, catalogue, demo_texts, pieces, sentences_of, text_of, toml_words

from pledgebook.documents.finish import clean
from pledgebook.reading.dispatch import LANGUAGES, read
from pledgebook.vocabulary.document import Document, sha256

_OPENING = "Norway's army will send eight Leopard 2 tanks to Ukraine, the ministry said.\n\n"
_DAY = dt.date(2023, 2, 14)


def check(data: bytes) -> None:
    """Check one input: a byte for language, date and opening, then the text."""
    (mode,), rest = pieces(data, 1)
    # Half of the inputs are English; the others share what is left.
    lang = "en" if mode & 1 else LANGUAGES[(mode >> 1) % len(LANGUAGES)]
    text = clean(text_of(rest))
    document = Document(
        text=_OPENING + text if mode & 8 else text,
        bytes_sha256=sha256(text),
        extractor="fuzz/1",
        origin="fuzz",
        date=_DAY if mode & 16 else None,
        lang=lang,
    )
    resting_on(document, read(document, catalogue()))


def _seeds() -> Iterator[bytes]:
    for number, text in enumerate(sentences_of(900)):
        yield bytes([17 | (number & 1) << 3]) + text.encode()
    yield from (b"\x11" + text.encode()[:1000] for text in demo_texts())
    for path in sorted((ROOT / "benchmarks/data/languages").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            mode = LANGUAGES.index(one["lang"]) << 1 | 16
            for part in one["text"].split("\n\n"):
                yield bytes([mode]) + part.encode()[:1000]


def _words() -> Iterator[str]:
    for lang in LANGUAGES:
        yield from toml_words(*sorted((WORDS / lang).glob("*.toml")))


HARNESS = Harness(
    law="every statement quotes its document word for word, and its grounds lie in it",
    check=check,
    seeds=_seeds,
    words=_words,
    rooms=("pledgebook.reading",),
    longest=1024,
)
