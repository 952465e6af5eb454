"""What near-copies are known by: MinHash signatures, and hashes of the sentences that tell.

A document is a near-copy of another when most of its words stand there in the same order, and every
sentence of it that could be a statement stands there word for word. So that a sentence in which a
number, a name or a word was put right makes it a document of its own, which is read.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pledgebook.reading.coders import digest_of
from pledgebook.reading.quantities.number_words import pattern
from pledgebook.reading.text.gate import gate
from pledgebook.vocabulary.catalogue import Catalogue
from pledgebook.vocabulary.document import Document

if TYPE_CHECKING:
    from datasketch import MinHash

__all__ = ["BANDS", "MARKS", "PERMUTATIONS", "ROWS", "band_names", "marks_of", "marks_rules"]

PERMUTATIONS, BANDS, ROWS = 128, 16, 8
"""Of texts that share four fifths of their shingles 95 % meet in a band, of half 6 %."""

_VERSION = 1
_SHINGLE = 4
_MOST_WORDS = 20_000
_MOST_TELLING = 5_000
_FEWEST_WORDS = 4
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_SEED = np.uint64(0x9E3779B97F4A7C15)


def band_names() -> list[str]:
    """Return the names of the columns that hold the hashes of the bands."""
    return [f"band{number:02}" for number in range(BANDS)]


MARKS = pl.Schema(
    {
        "high": pl.UInt64(),
        "low": pl.UInt16(),
        "date": pl.Date(),
        "lang": pl.String(),
        "bare": pl.Boolean(),
        "found": pl.UInt64(),
        "batch": pl.String(),
        "position": pl.UInt32(),
        "signature": pl.Binary(),
        "telling": pl.List(pl.UInt64()),
        **dict.fromkeys(band_names(), pl.UInt64()),
    }
)
"""`high` and `low` are the digits of the document's id; `bare` tells that it has no address,
`found` is a hash of all else that is known of this find of it."""


def marks_rules(catalogue: Catalogue) -> str:
    """Name what the marks depend on beside the document."""
    words = digest_of("quantities", "text", "data")
    scheme = getattr(_empty(), "scheme", "legacy")
    return f"marks/{_VERSION} {PERMUTATIONS}x{_SHINGLE} {scheme} {words} {catalogue.digest}"


def marks_of(
    document: Document, catalogue: Catalogue | None, batch: str, position: int
) -> dict[str, Any]:
    """Return the row of a document; one without words, or with too many sentences, has no bands.

    Without a catalogue none has: only further finds of the very same document can be told then.
    """
    row: dict[str, Any] = {
        "high": int(document.id[1:17], 16),
        "low": int(document.id[17:], 16),
        "date": document.date,
        "lang": document.lang,
        "bare": document.url is None,
        "found": _hash(json.dumps(document.model_dump(exclude={"text"}), default=str)),
        "batch": batch,
        "position": position,
    }
    if catalogue is None:
        return row
    shingles = shingles_of(document.text)
    telling = telling_of(document, catalogue) if shingles.size else None
    if telling is None:
        return row
    signature = signature_of(shingles)
    row |= {"signature": signature.tobytes(), "telling": telling}
    return row | dict(zip(band_names(), _bands(signature, document.lang), strict=True))


def shingles_of(text: str) -> NDArray[np.uint32]:
    """Return the different runs of four words of a text, as hashes; case and signs count not."""
    words = _WORD.findall(text.lower())[:_MOST_WORDS]
    if not words:
        return np.empty(0, np.uint32)
    hashes = {word: zlib.crc32(word.encode("utf-8", "replace")) for word in set(words)}
    found = np.fromiter((hashes[word] for word in words), np.uint64, len(words))
    length = min(_SHINGLE, len(words))
    mixed = np.zeros(len(words) - length + 1, np.uint64)
    for place in range(length):
        mixed = (mixed + found[place : place + mixed.size]) * _SEED
    return np.unique((mixed >> np.uint64(32)).astype(np.uint32))


def signature_of(shingles: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the MinHash signature of shingles."""
    made = _empty().copy()
    made.update_batch(shingles.tolist())
    return np.asarray(made.hashvalues, dtype=np.uint32)


def telling_of(document: Document, catalogue: Catalogue) -> list[int] | None:
    """Return hashes of the sentences that could be statements; None where they are too many.

    In English those name a party, an aid item or a number; in other languages every sentence is
    taken. What has fewer than four words is none.
    """
    words = gate(catalogue) if document.lang in (None, "en") else None
    found: dict[int, None] = {}
    for sentence in _sentences(document.text):
        if len(_LETTERS.findall(sentence)) < _FEWEST_WORDS:
            continue
        if words is None or _DIGIT.search(sentence) or words.touches(sentence) or _counts(sentence):
            found[_hash(sentence)] = None
            if len(found) > _MOST_TELLING:
                return None
    return sorted(found)


def _counts(sentence: str) -> bool:
    """Tell whether there is a number in words."""
    return pattern().search(sentence.lower()) is not None


def _sentences(text: str) -> Iterator[str]:
    for piece in _SENTENCE.split(text):
        if sentence := " ".join(piece.split()):
            yield sentence


def _hash(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


@cache
def _empty() -> MinHash:
    """Make a signature of nothing, to be copied: to draw the permutations takes longer."""
    # It loads SciPy, which a worker that only reads has no use for.
    from datasketch import MinHash

    return MinHash(PERMUTATIONS, hashfunc=int)


def _bands(signature: NDArray[np.uint32], lang: str | None) -> list[int]:
    """Hash each band of a signature: those of another language never meet."""
    key = (lang or "").encode()[:16]
    return [
        int.from_bytes(hashlib.blake2b(band.tobytes(), digest_size=8, key=key).digest(), "little")
        for band in signature.reshape(BANDS, ROWS)
    ]
