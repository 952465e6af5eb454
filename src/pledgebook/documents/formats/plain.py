"""Plain text and Markdown: the text is kept as it stands."""

from __future__ import annotations

from collections.abc import Iterator

from pledgebook.documents.draft import Blob, Draft, Extractor
from pledgebook.documents.encoding import Decoded, decode, is_binary
from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import sha256

_MAX_UTF8 = 4


class Plain(Extractor):
    """Text files."""

    name = "text"
    version = 1
    suffixes = frozenset({".txt", ".text", ".md", ".markdown"})
    media_types = frozenset({"text/plain", "text/markdown"})

    def certain(self, head: bytes) -> bool:
        """Nothing marks plain text."""
        return not head

    def extract(self, blob: Blob, limits: Limits) -> Iterator[Draft | Problem]:
        """Yield the one document."""
        data = blob.read(min(limits.max_bytes, _MAX_UTF8 * limits.max_text))
        if isinstance(data, Problem):
            yield data
            return
        decoded = decode_or_explain(blob, data, blob.charset)
        if isinstance(decoded, Problem):
            yield decoded
            return
        yield Draft(text=decoded.text, sha256=sha256(data))
        yield from remark_on_guess(blob, decoded)


def decode_or_explain(blob: Blob, data: bytes, declared: str | None) -> Decoded | Problem:
    """Decode the bytes of `blob`, or say why they are no text."""
    decoded = None if is_binary(data) else decode(data, declared)
    return decoded or blob.problem(
        "binary", "its bytes are no text", mend="convert it to text, PDF, DOCX or HTML"
    )


def remark_on_guess(blob: Blob, decoded: Decoded) -> Iterator[Problem]:
    """Warn where the encoding was guessed: a letter here and there may be wrong."""
    if decoded.guessed:
        yield blob.warning(
            "encoding-guessed",
            f"it is not UTF-8 and does not say what it is; read as {decoded.encoding}",
            mend="save it as UTF-8 if letters look wrong",
        )
