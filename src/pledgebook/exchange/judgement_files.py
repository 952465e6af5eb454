"""Files of judgements: written from a book, and brought into another with word of what they do."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pledgebook.errors import Problem, SourceError, UsageError
from pledgebook.exchange.judgements import judgement_lines, take_judgements
from pledgebook.ledger.judgements import Judgement
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.settling import Conflict
from pledgebook.ledger.store import Store

__all__ = ["JudgementImport", "export_judgements", "import_judgements"]

_HALF_PAIR = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class JudgementImport:
    """What importing judgements did.

    `new` were not in the book, `unchanged` ones were. Of the new ones `stranded` have no force yet,
    each with why; `conflicts` tell which judgements, of the file or of the book, now give way.
    """

    new: tuple[Judgement, ...] = ()
    unchanged: int = 0
    stranded: tuple[tuple[Judgement, str], ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    problems: tuple[Problem, ...] = ()


def export_judgements(store: Store, path: Path, *, force: bool = False) -> int:
    """Write all judgements and revocations of a book to a file; return how many.

    `force` replaces a file that is there, once the new one is whole. Raises UsageError where one is
    there and `force` is not set, or where it cannot be written.
    """
    if not force and str(path) != "-" and os.path.lexists(path.expanduser()):
        what, mend = "it is there already", "Name another file, or replace it with --force"
        raise UsageError(what, where=str(path), mend=mend)
    count = 0
    try:
        with _written(path) as out:
            for line in judgement_lines(store):
                out.write(_encoded(line))
                count += 1
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(
            f"the file cannot be written: {error.strerror or error}",
            where=str(path),
            mend="Name a file in a folder that you may write to",
        ) from error
    return count


def _encoded(line: str) -> bytes:
    # Half a surrogate pair has no UTF-8 form, but JSON has an escape for it.
    return _HALF_PAIR.sub(lambda found: f"\\u{ord(found[0]):04x}", line).encode()


@contextlib.contextmanager
def _written(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write to: standard output for "-", else one that takes the place of `path`."""
    if str(path) == "-":
        yield sys.stdout.buffer
        return
    target = path.expanduser()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def import_judgements(store: Store, ledger: Callable[[], Ledger], path: Path) -> JudgementImport:
    """Bring a file of judgements into a book; "-" is standard input.

    `ledger` makes the book's ledger, before and after. Raises SourceError where the file cannot be
    read, BookError where the book cannot be written.
    """
    before = {(one.loser, one.winners) for one in ledger().decisions.conflicts}
    source = "standard input" if str(path) == "-" else str(path)
    try:
        with _opened(path) as lines:
            new, unchanged, problems = take_judgements(store, lines, source)
    except OSError as error:
        raise SourceError(
            f"the file cannot be read: {error.strerror or error}",
            where=source,
            mend="Name a file that `pledgebook judge export` wrote",
        ) from error
    decisions = ledger().decisions
    ids = {one.id for one in new}
    stranded = [one for one in decisions.stranded if one.id in ids]
    return JudgementImport(
        new=tuple(new),
        unchanged=unchanged,
        stranded=tuple(zip(stranded, _why_stranded(store, stranded), strict=True)),
        conflicts=tuple(
            one for one in decisions.conflicts if (one.loser, one.winners) not in before
        ),
        problems=tuple(problems),
    )


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    with path.expanduser().open("rb") as lines:
        yield lines


def _why_stranded(store: Store, stranded: list[Judgement]) -> Iterator[str]:
    states = {document.id: document.state for document in store.documents()} if stranded else {}
    for judgement in stranded:
        names = list(dict.fromkeys(subject.document for subject in judgement.subjects))
        unknown = [name for name in names if name not in states]
        hidden = [name for name in names if states.get(name, "shown") != "shown"]
        if unknown:
            yield f"document {', '.join(unknown)} is not in the book"
        elif hidden:
            yield f"document {hidden[0]} is {states[hidden[0]]}"
        else:
            yield "nothing of that kind is read at those words"
