"""IATI files as a stream of activities: one at a time in memory, and nothing fetched or expanded.

No IATI file needs a document type, so that one with a DTD is refused before a parser reads it:
entities, and all that can be done with them, begin there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from pledgebook.errors import SourceError
from pledgebook.exchange.iati.activity import Activity, Transaction, activity_of, transaction_of

__all__ = ["Head", "activities", "hash_of"]

_MAX_BYTES = 1_000_000_000
_MAX_PROLOG = 1_000_000
_PIECE = 1 << 20
_MOST_HELD = 500_000
"""Elements in memory at a time; an activity of the largest publishers has some thousand."""
_NO_XML = "fetch the file again, or ask its publisher"
_ACTIVITIES = "iati-activities"
_ACTIVITY = "iati-activity"
# Large parts that no statement rests on: they are dropped as soon as they are read.
_PASSED_OVER = frozenset(
    {"result", "location", "contact-info", "budget", "planned-disbursement", "country-budget-items"}
    | {"crs-add", "fss", "conditions", "legacy-data"}
)


class Head:
    """What the first element of a file says."""

    def __init__(self) -> None:
        self.version = ""
        self.generated = ""
        self.plans = 0
        """Budgets and planned disbursements, which make no row."""


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file. Raises SourceError where it is over the limit or unreadable."""
    hashed, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > _MAX_BYTES:
                    what = f"it holds more than the limit of {_MAX_BYTES:,} bytes"
                    raise SourceError(what, where=str(path), mend="split it by activities")
                hashed.update(piece)
    except OSError as error:
        what = f"it cannot be read: {error.strerror or error}"
        raise SourceError(what, where=str(path), mend="check the path") from error
    return hashed.hexdigest()


def activities(path: Path, head: Head) -> Iterator[Activity]:
    """Yield the activities of a file and fill `head`.

    Raises SourceError where it is no XML, declares a document type, or is no file of activities.
    """
    _check_prolog(path)
    from lxml import etree  # type: ignore[import-untyped]

    try:
        with path.open("rb") as stream:
            parsed = etree.iterparse(
                stream,
                events=("start", "end"),
                resolve_entities=False,
                load_dtd=False,
                no_network=True,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            )
            yield from _walk(parsed, head, path)
    except etree.XMLSyntaxError as error:
        what = f"it is broken XML ({error.msg})"
        raise SourceError(what, where=str(path), mend=_NO_XML) from error


def _walk(parsed: Any, head: Head, path: Path) -> Iterator[Activity]:  # noqa: ANN401  no types
    root: Any = None
    found: list[Transaction] = []
    inside = False
    held = 0
    for event, element in parsed:
        if event == "start":
            held += 1
            if held > _MOST_HELD:
                what = f"more than {_MOST_HELD:,} elements stand in or between its activities"
                raise SourceError(what, where=str(path), mend="do not trust it; ask its publisher")
            if root is None:
                root = element
                _check_root(element, head, path)
            elif element.tag == _ACTIVITY and element.getparent() is root:
                inside, found = True, []
            continue
        if not inside:
            continue
        parent = element.getparent()
        if element.tag == _ACTIVITY and parent is root:
            yield activity_of(element, tuple(found))
            inside, held = False, 0
            element.clear()
            while element.getprevious() is not None:
                del root[0]
        elif parent is None or parent.tag != _ACTIVITY:
            continue
        elif element.tag == "transaction":
            found.append(transaction_of(element))
            element.clear()
        elif element.tag in _PASSED_OVER:
            head.plans += element.tag in ("budget", "planned-disbursement")
            element.clear()


def _check_root(root: Any, head: Head, path: Path) -> None:  # noqa: ANN401
    if root.tag != _ACTIVITIES:
        what = f"its first element is {str(root.tag)[:60]!r}, not {_ACTIVITIES!r}"
        mend = "import a file of IATI activities, version 2"
        raise SourceError(what, where=str(path), mend=mend)
    head.version = root.get("version", "").strip()
    head.generated = root.get("generated-datetime", "").strip()


def _check_prolog(path: Path) -> None:
    """Read up to the first element with a parser that stops at a document type."""
    parser = expat.ParserCreate()
    begun: list[str] = []

    def refuse(*_: object) -> None:
        what = "it declares a document type, which no IATI file does"
        mend = "do not trust it; ask where it came from"
        raise SourceError(what, where=str(path), mend=mend)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, _: begun.append(name)
    read = 0
    try:
        with path.open("rb") as stream:
            while not begun and read <= _MAX_PROLOG:
                piece = stream.read(4096)
                parser.Parse(piece, not piece)
                read += len(piece)
                if not piece:
                    break
    except expat.ExpatError as error:
        if begun:
            return  # The first element is there; the parser behind says what is wrong with it.
        what = f"it is no XML ({error})"
        raise SourceError(what, where=str(path), mend=_NO_XML) from error
    except (OSError, ValueError, LookupError) as error:
        # An encoding that nobody knows is a LookupError.
        raise SourceError(f"it cannot be read ({error})", where=str(path), mend=_NO_XML) from error
    if not begun:
        raise SourceError("no element begins in it", where=str(path), mend=_NO_XML)
