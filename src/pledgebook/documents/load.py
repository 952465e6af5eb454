"""Sources to documents, as one stream: nothing is held that has been yielded."""

from __future__ import annotations

import datetime as dt
import io
import logging
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from pledgebook.documents.draft import HEAD_BYTES, Blob
from pledgebook.documents.encoding import is_binary
from pledgebook.documents.fetch import Fetcher, FetchPolicy, Page
from pledgebook.documents.finish import Given, finish, language_code
from pledgebook.documents.formats import choose, is_foreign
from pledgebook.documents.limits import Limits
from pledgebook.documents.sources import Source, expand
from pledgebook.errors import PledgebookError, Problem, UsageError
from pledgebook.vocabulary.document import Document

_FORMATS = "text, HTML, PDF, DOCX, JSONL, JSON, CSV, XLSX and e-mail are read"


def load(
    sources: Iterable[str | Path | Source],
    *,
    date: dt.date | None = None,
    lang: str | None = None,
    fetch: FetchPolicy = FetchPolicy(),  # noqa: B008 - frozen
    stdin: BinaryIO | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    advance: Callable[[int], None] | None = None,
) -> Iterator[Document | Problem]:
    """Yield every document in `sources`, and a `Problem` for all that cannot be read.

    A source is a file, a folder, a glob pattern, an http(s) URL, `-` for standard input, or a
    `Source` from `expand`. `date` and `lang` (an ISO 639-1 code) are stated for all of them and
    outrank what a source says of itself. `advance` is called with the bytes worked off since its
    last call: for the files that `expand` lists these sum up to their sizes, and what comes from
    URLs and standard input, whose size is not known before, is told as it is read.

    Raises UsageError where `lang` is no language code. Faults in data never raise.
    """
    given = Given(date=date, lang=language_code(lang))
    if lang is not None and given.lang is None:
        raise UsageError(f"{lang!r} is no language code", mend="give one such as en or uk")
    return _stream(sources, given, fetch, stdin, limits, advance or _ignore)


def _hush() -> None:
    """Keep the remarks of libraries off the terminal; a program that sets up logging gets them."""
    for name in ("trafilatura", "htmldate", "pypdfium2", "charset_normalizer"):
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def _ignore(_: int) -> None:
    """Count nothing."""


def _stream(
    sources: Iterable[str | Path | Source],
    given: Given,
    policy: FetchPolicy,
    stdin: BinaryIO | None,
    limits: Limits,
    advance: Callable[[int], None],
) -> Iterator[Document | Problem]:
    _hush()
    with ExitStack() as stack:
        fetcher: Fetcher | None = None
        for source in expand(sources):
            if isinstance(source, Problem):
                yield source
                continue
            if source.url is not None and fetcher is None:
                fetcher = stack.enter_context(Fetcher(policy))
            reported = 0
            with ExitStack() as opened:
                blob = _open(source, fetcher, stdin, opened)
                if isinstance(blob, Problem):
                    yield blob
                else:
                    for found in _read(blob, given, limits):
                        advance(blob.consumed - reported)
                        reported = blob.consumed
                        yield found
            if source.size is not None:
                advance(source.size - reported)


def _open(
    source: Source, fetcher: Fetcher | None, stdin: BinaryIO | None, opened: ExitStack
) -> Blob | Problem:
    if source.url is not None and fetcher is not None:
        page = fetcher.fetch(source.url)
        if isinstance(page, Problem):
            return page
        return _of_page(page, source.origin)
    try:
        if source.path is None:
            if stdin is None and sys.stdin is None:
                return _unreadable("-", OSError("there is no standard input"))
            return Blob(origin="-", stream=_buffered(stdin or sys.stdin.buffer))
        mode = source.path.stat().st_mode
        if not stat.S_ISREG(mode) and not (source.named and stat.S_ISFIFO(mode)):
            return _unsupported(source.origin, "it is no ordinary file", named=source.named)
        stream = opened.enter_context(io.BufferedReader(io.FileIO(source.path), HEAD_BYTES))
        return Blob(
            origin=source.origin,
            stream=stream,
            suffix=source.path.suffix.lower(),
            size=source.size,
            named=source.named,
        )
    except (OSError, ValueError) as error:
        return _unreadable(source.origin, error)


def read_page(
    page: Page, origin: str, given: Given, limits: Limits
) -> Iterator[Document | Problem]:
    """Yield what a page holds that was fetched from `origin`."""
    _hush()
    yield from _read(_of_page(page, origin), given, limits)


def read_stream(
    stream: BinaryIO, origin: str, size: int | None, given: Given, limits: Limits, *, named: bool
) -> Iterator[Document | Problem]:
    """Yield what a file holds that was opened elsewhere, as `load` would if it lay at `origin`."""
    _hush()
    suffix = PurePosixPath(origin).suffix.lower()
    blob = Blob(origin=origin, stream=_buffered(stream), suffix=suffix, size=size, named=named)
    yield from _read(blob, given, limits)


def _of_page(page: Page, origin: str) -> Blob:
    return Blob(
        origin=origin,
        stream=_buffered(io.BytesIO(page.content)),
        suffix=page.suffix,
        media_type=page.media_type,
        charset=page.charset,
        url=page.url,
        size=len(page.content),
    )


def _buffered(stream: BinaryIO) -> io.BufferedReader[Any]:
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(cast("io.RawIOBase", stream), HEAD_BYTES)


def _read(blob: Blob, given: Given, limits: Limits) -> Iterator[Document | Problem]:
    """Yield what one source holds. Whatever goes wrong inside stays inside."""
    extractor = choose(blob)
    if extractor is None:
        if blob.named and is_binary(blob.head) and not is_foreign(blob.head):
            yield blob.problem("binary", "its bytes are no text", mend=_FORMATS)
        else:
            yield _unsupported(blob.origin, "its format is not one that is read", named=blob.named)
        return
    label = f"{extractor.name}/{extractor.version}"
    try:
        for draft in extractor.extract(blob, limits):
            if isinstance(draft, Problem):
                yield draft
            else:
                yield finish(draft, blob, label, given, limits)
    except GeneratorExit:
        raise
    except PledgebookError as error:
        yield Problem.from_error(error, code="unreadable", source=blob.origin)
    except OSError as error:
        yield _unreadable(blob.origin, error)
    except BaseException as error:
        # The libraries meet bytes that nobody foresaw; a panic of a Rust part is no Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        yield blob.problem(
            "damaged",
            f"it breaks the {extractor.name} reader ({type(error).__name__})",
            mend="save it again, or as another format",
        )


def _unsupported(origin: str, what: str, *, named: bool) -> Problem:
    return Problem(
        code="unsupported-format",
        what=what,
        source=origin,
        mend=_FORMATS + ("" if named else "; name the file itself to read it as plain text"),
        severity="error" if named else "warning",
    )


def _unreadable(origin: str, error: Exception) -> Problem:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    missing = isinstance(error, FileNotFoundError | NotADirectoryError)
    return Problem(
        code="source-missing" if missing else "unreadable",
        what="there is no such file" if missing else f"it cannot be read ({reason})",
        source=origin,
        mend="check the name and its permissions",
    )
