"""PDF: the text layer, page after page, with wrapped lines put together again."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

from pledgebook.documents.draft import Blob, Draft, Extractor
from pledgebook.documents.formats.columns import with_columns
from pledgebook.documents.limits import Limits
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import sha256

_MAGIC = b"%PDF-"
_TAIL = 2_048
# PDFium works on one document at a time in a process.
_PDFIUM = threading.Lock()
_PAGE_NUMBER = re.compile(
    r"(?:page\s+)?[-\u2013\u2014]?\s*\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\s*[-\u2013\u2014]?", re.I
)
_BULLET = re.compile(r"^(\s*)[•▪■●◦‣∙\u2043\uf0b7\uf0a7]\s*")
_NEW_ITEM = re.compile(r"\s*(?:[-\u2013\u2014*]\s|\(?\d{1,3}[.)]\s|\(?[a-z]\)\s)")
# How PDFium marks a hyphen that only breaks a word at the end of a line.
_BROKEN_WORD = re.compile("[\x02\ufffe\u00ad]\n?")


class Pdf(Extractor):
    """Portable Document Format."""

    name = "pdf"
    version = 2
    suffixes = frozenset({".pdf"})
    media_types = frozenset({"application/pdf", "application/x-pdf"})

    def certain(self, head: bytes) -> bool:
        """Whether it opens with the mark of a PDF."""
        return head[:64].lstrip(b"\xef\xbb\xbf \t\r\n\x00").startswith(_MAGIC)

    def likely(self, head: bytes) -> bool:
        """Whether the mark stands somewhat later, behind what a server put before it."""
        return _MAGIC in head[:1024]

    def extract(self, blob: Blob, limits: Limits) -> Iterator[Draft | Problem]:
        """Yield the one document."""
        data = blob.read(limits.max_bytes)
        if isinstance(data, Problem):
            yield data
            return
        tail = data[-_TAIL:]
        if b"%%EOF" not in tail and b"startxref" not in tail:
            # PDFium would salvage some pages, and half a report misleads.
            yield _damaged(blob, "it ends too early")
            return
        with _PDFIUM:
            found = _read(data, blob, limits)
        if isinstance(found, Problem):
            yield found
            return
        pages, faults = found
        yield from faults
        text = "\n\n".join(page for page in pages if page)
        if text:
            yield Draft(text=text, sha256=sha256(data))
        elif not faults:
            yield blob.problem(
                "pdf-without-text",
                f"its {len(pages)} pages are pictures without a text layer",
                mend="run a text recognition over it first",
            )


def _read(data: bytes, blob: Blob, limits: Limits) -> Problem | tuple[list[str], list[Problem]]:
    import pypdfium2 as pdfium  # type: ignore[import-untyped]
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            return blob.problem(
                "pdf-encrypted",
                "it is protected by a password",
                mend="save a copy without the password",
            )
        return _damaged(blob, "it cannot be opened")
    try:
        count = len(document)
        if count > limits.max_pages:
            return blob.problem(
                "too-large", f"it has {count:,} pages, the limit is {limits.max_pages:,}"
            )
        if count == 0:
            return _damaged(blob, "it has no pages")
        pages: list[str] = []
        faults: list[Problem] = []
        length = 0
        for number in range(count):
            try:
                pages.append(_page(document, number))
            except pdfium.PdfiumError:
                faults.append(_damaged(blob, "the page cannot be read", f"page {number + 1}"))
            length += len(pages[-1]) if pages else 0
            if length > limits.max_text:
                return blob.problem(
                    "too-large", f"its text is longer than {limits.max_text:,} characters"
                )
        return pages, faults
    finally:
        document.close()


def _page(document: object, number: int) -> str:
    page = document[number]  # type: ignore[index]
    try:
        layer = page.get_textpage()
        try:
            text = with_columns(layer, str(layer.get_text_range(errors="replace")))
        finally:
            layer.close()
    finally:
        page.close()
    return unwrap(text)


def unwrap(text: str) -> str:
    """Join the lines of a page into paragraphs, and leave list items and short lines alone.

    A line goes on in the next one where it is nearly as long as the page is wide and does not
    end a sentence, or where the next one begins in lower case.
    """
    text = _BROKEN_WORD.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [_BULLET.sub(r"\1- ", line.rstrip()) for line in text.split("\n")]
    if lines and _PAGE_NUMBER.fullmatch(lines[0].strip()):
        lines = lines[1:]
    while lines and (not lines[-1] or _PAGE_NUMBER.fullmatch(lines[-1].strip())):
        lines = lines[:-1]
    lengths = sorted(len(line) for line in lines if line)
    width = lengths[-1 - len(lengths) // 10] if lengths else 0
    joined: list[str] = []
    previous = ""
    for line in lines:
        if joined and _goes_on(previous, line, width):
            joined[-1] = f"{joined[-1]} {line.lstrip()}"
        else:
            joined.append(line)
        previous = line
    return "\n".join(joined).strip("\n")


def _goes_on(line: str, following: str, width: int) -> bool:
    if not line or not following.strip() or _NEW_ITEM.match(following):
        return False
    if line[-1] in ".!?:;" or " | " in line or " | " in following:
        return False
    if len(line) >= 0.75 * width:
        return True
    return following.lstrip()[0].islower() and len(line) >= 0.4 * width


def _damaged(blob: Blob, what: str, place: str | None = None) -> Problem:
    return blob.problem("pdf-damaged", what, place=place, mend="fetch or export the PDF again")
