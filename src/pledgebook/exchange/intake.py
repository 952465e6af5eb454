"""What all readers of data sets share: bounded bytes, clean cells, names to codes, faults.

Nothing here knows any one format.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pledgebook.errors import Problem, SourceError
from pledgebook.vocabulary.catalogue import Catalogue

__all__ = [
    "DATA",
    "Names",
    "Notebook",
    "clean",
    "data_table",
    "dataset_of",
    "digest",
    "iso_day",
    "read_bounded",
    "sources",
]

DATA = Path(__file__).parent / "data"
_PIECE = 1 << 20
_SHOWN = 12
_MOST_FAULTS = 10_000
_UNSAFE = frozenset({"Cc", "Cs", "Co", "Cn"})
_INVISIBLE = frozenset("\ufeff\u200b\u2060\u00ad")
_DATED = re.compile(r"[^a-z0-9]*(?:19|20)\d\d-?(?:0[1-9]|1[0-2])(?:-?[0-3]\d)?$")
_ASIDE = re.compile(r"\s*\([^()]*\)")


@cache
def data_table(name: str) -> dict[str, Any]:
    """Return one of the data files of this room, by its name without the ending."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def clean(text: object) -> str:
    """Return a cell as one line of text: no control characters, single blanks, none at the ends.

    What a spreadsheet would run as a formula stays as it is: here it is text and nothing runs it.
    """
    said = str(text)
    if not said.isascii() or not said.isprintable():
        said = "".join(
            " " if char.isspace() else char
            for char in said
            if char.isspace()
            or (char not in _INVISIBLE and unicodedata.category(char) not in _UNSAFE)
        )
    return " ".join(said.split())


def read_bounded(path: Path, limit: int) -> bytes:
    """Return the bytes of a file. Raises SourceError where it is over `limit` or unreadable."""
    data = bytearray()
    try:
        with path.open("rb") as stream:
            while piece := stream.read(_PIECE):
                data += piece
                if len(data) > limit:
                    raise SourceError(
                        f"it holds more than the limit of {limit:,} bytes",
                        where=str(path),
                        mend="split it",
                    )
    except OSError as error:
        what = f"it cannot be read: {error.strerror or error}"
        raise SourceError(what, where=str(path), mend="check the path") from error
    return bytes(data)


def sources(path: Path, suffixes: Iterable[str]) -> list[Path]:
    """Return the file, or the files of a folder with one of the suffixes, in order.

    Raises SourceError where there is none.
    """
    if not path.is_dir():
        return [path]
    wanted = frozenset(suffixes)
    found = sorted(one for one in path.iterdir() if one.suffix.lower() in wanted and one.is_file())
    if not found:
        what = f"the folder holds no file that ends in {' or '.join(sorted(wanted))}"
        raise SourceError(what, where=str(path), mend="name the file itself")
    return found


def dataset_of(form: str, path: Path) -> str:
    """Return the name of a data set by the name of its file, without a full date at its end.

    What was asked of a source stands in no file that it gives: two files with two names are two
    data sets, and the same name again is a newer release.
    """
    stem = _DATED.sub("", path.stem.casefold())
    words = "-".join(re.findall(r"[a-z0-9]+", stem))
    return words if words.startswith(form) else f"{form}-{words}".rstrip("-")


def digest(parts: Iterable[tuple[str, str]]) -> str:
    """Return the SHA-256 of a release from the hashes of its files, each with its name.

    One file has its own hash, so that the same bytes are known again under another name.
    """
    listed = list(parts)
    if len(listed) == 1:
        return listed[0][1]
    joined = "".join(f"{name}\0{value}\n" for name, value in sorted(listed))
    return hashlib.sha256(joined.encode("utf-8", "surrogateescape")).hexdigest()


@dataclass(slots=True)
class Notebook:
    """Gathers the faults of one file, each with its place; many of one kind become one line."""

    source: str
    problems: list[Problem] = field(default_factory=list)
    _noted: set[Problem] = field(default_factory=set)
    _beyond: int = 0
    _many: dict[str, _Many] = field(default_factory=dict)

    def fault(
        self,
        code: str,
        what: str,
        *,
        place: str | None = None,
        mend: str | None = None,
        severity: Literal["error", "warning"] = "error",
    ) -> None:
        """Note a fault of one row or cell, once."""
        if len(self.problems) >= _MOST_FAULTS:
            self._beyond += 1
            return
        problem = Problem(
            code=code, what=what, source=self.source, place=place, mend=mend, severity=severity
        )
        if problem not in self._noted:
            self._noted.add(problem)
            self.problems.append(problem)

    def warning(
        self, code: str, what: str, *, place: str | None = None, mend: str | None = None
    ) -> None:
        """Note what a reader should know of a row or cell that is used all the same."""
        self.fault(code, what, place=place, mend=mend, severity="warning")

    def many(self, code: str, what: str, name: str, *, place: str, mend: str) -> None:
        """Note a name that many rows may share: `finish` makes one line of all such names.

        `what` is the sentence before them: "names that nobody knows stand as they are written".
        """
        entry = self._many.setdefault(code, _Many(what, mend))
        first, count = entry.names.get(name, (place, 0))
        entry.names[name] = (first, count + 1)

    def finish(self) -> list[Problem]:
        """Return the faults, those that many rows share last; of very many the first ones."""
        if self._beyond:
            self.problems.append(
                Problem(
                    code="more-faults",
                    what=f"{self._beyond:,} more faults are not listed one by one",
                    source=self.source,
                    mend="mend the first ones, then import again",
                )
            )
            self._beyond = 0
        for code, entry in sorted(self._many.items()):
            ranked = sorted(entry.names.items(), key=lambda one: (-one[1][1], one[0]))
            shown = [
                f"{name!r} ({place}{f', {count} times' if count > 1 else ''})"
                for name, (place, count) in ranked[:_SHOWN]
            ]
            more = len(ranked) - len(shown)
            listed = "; ".join(shown) + (f"; and {more} more" if more else "")
            self.warning(code, f"{entry.what}: {listed}", mend=entry.mend)
        self._many.clear()
        return self.problems


@dataclass(slots=True)
class _Many:
    what: str
    mend: str
    names: dict[str, tuple[str, int]] = field(default_factory=dict)


class Names:
    """Turns the names that data sets use into party codes, and notes those that are unknown.

    A name that nobody knows stays as it is written: nothing is dropped.
    """

    def __init__(self, catalogue: Catalogue, notebook: Notebook) -> None:
        table = data_table("parties")
        self._catalogue = catalogue
        self._notebook = notebook
        self._aliases: Mapping[str, str] = {
            _folded(name): code for name, code in table["aliases"].items()
        }
        self._unnamed = frozenset(map(_folded, table["unnamed"]))
        self._suffixes: tuple[str, ...] = tuple(table["suffixes"])
        self._alpha3: Mapping[str, str] = data_table("countries")["alpha3"]
        self._known: dict[str, str | None] = {}

    def known(self, name: str) -> str | None:
        """Return the code of a party that the catalogue or the alias table knows, or None."""
        if name not in self._known:
            self._known[name] = self._look_up(name)
        return self._known[name]

    def is_unnamed(self, name: str) -> bool:
        """Tell whether a text says that the party is not known: "unknown supplier(s)"."""
        return not name or _folded(name) in self._unnamed

    def code(self, name: str, place: str) -> str | None:
        """Return the code of a party, its name where none is known, None where none is named."""
        if self.is_unnamed(name):
            return None
        code = self.known(name)
        if code is None:
            self._notebook.many(
                "unknown-party",
                "names that the catalogue does not know stand as they are written",
                name,
                place=place,
                mend="add them to the catalogue file of the book, then import again",
            )
            return name
        return code

    def _look_up(self, name: str) -> str | None:
        for text in self._ways(name):
            if code := self._aliases.get(_folded(text)):
                return code
            if party := self._catalogue.find_party(text):
                return party.code
        code = self._alpha3.get(name)
        return code if code in self._catalogue.parties else None

    def _ways(self, name: str) -> list[str]:
        """Return the name, and it without what data sets put behind or around it."""
        bare = name.rstrip("* ")
        ways = [name, bare]
        ways += [
            bare[: -len(suffix)].rstrip(" ,")
            for suffix in self._suffixes
            if bare.casefold().endswith(suffix.casefold())
        ]
        for text in list(ways):
            without = _ASIDE.sub("", text).strip()
            if without and without != text:
                ways.append(without)
        return list(dict.fromkeys(ways))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def iso_day(text: object) -> dt.date | None:
    """Return the day at the head of an ISO date or time, or None."""
    from pledgebook.documents.dates import iso_date

    return iso_date(str(text)) if text else None
