"""The manifest of a bulk reading: which batches are done, and which parts count.

Invariants: a part counts only when a line here names it, and a line is written only after its part
is there whole. The last line about a batch holds. The lines lie in numbered files that are each
written whole; one that begins with a `whole` line stands for all before it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from pledgebook.bulk.places import Place
from pledgebook.errors import SourceError

__all__ = ["Loaded", "Manifest", "Part"]

_FOLDER = "manifest"
_FORMAT = 1
_LINES = 500
_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Loaded:
    """A batch whose documents are loaded, and marked for the search for near-copies."""

    batch: str
    origin: str
    documents: int
    problems: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A batch that is read, as its part of each table; `part` names the files.

    `reader` is the coder with its version and catalogue. `problems` and `errors` count its faults,
    warnings among the first only. `failed` names its documents that could not be read.
    """

    batch: str
    part: str
    origin: str
    documents: int
    statements: int
    copies: int
    reader: str = ""
    problems: int = 0
    errors: int = 0
    failed: tuple[str, ...] = ()


@dataclass(slots=True)
class Manifest:
    """The manifest as it stands, and what is to be written to it."""

    place: Place
    loaded: dict[str, Loaded] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    _files: list[str] = field(default_factory=list)
    _waiting: list[str] = field(default_factory=list)
    _unsettled: list[str] = field(default_factory=list)
    _since: float = field(default_factory=time.monotonic)

    @classmethod
    def open(cls, place: Place) -> Manifest:
        """Take up the manifest of a place; an empty one where there is none yet.

        Raises SourceError where it cannot be understood.
        """
        manifest = cls(place)
        names = [one for one in place.names(_FOLDER) if one.endswith(".jsonl")]
        manifest._files = names
        texts = [(name, place.read(name).decode()) for name in names]
        begins = [n for n, (_, text) in enumerate(texts) if text.startswith('{"kind": "whole"')]
        for name, text in texts[begins[-1] if begins else 0 :]:
            try:
                for line in text.splitlines():
                    manifest._take(json.loads(line))
            except (ValueError, TypeError, KeyError) as error:
                raise SourceError(
                    f"it is no manifest of a bulk reading ({error})",
                    where=place.path(name),
                    mend="Give another folder, or the Pledgebook that wrote it",
                ) from error
        return manifest

    def note_loaded(self, loaded: Loaded, files: Iterable[str] = ()) -> None:
        """Confirm that a batch is loaded, into files that are not settled yet."""
        self._note("loaded", asdict(loaded))
        self._unsettled += files

    def note_part(self, part: Part, files: Iterable[str] = ()) -> None:
        """Confirm that a batch is read, into files that are not settled yet.

        It takes the place of an earlier part of the batch.
        """
        self._note("part", asdict(part))
        self._unsettled += files

    def note_retired(self, batch: str) -> None:
        """Take note that a batch is no more: its source holds something else now."""
        self._note("retired", {"batch": batch})

    def confirm(self, *, now: bool = False) -> bool:
        """Write what waits, if it is many lines or long ago; tell whether it was written."""
        due = len(self._waiting) >= _LINES or time.monotonic() - self._since >= _SECONDS
        if not self._waiting or not (due or now):
            return False
        # What it says is there has to be there after a power cut, too.
        self.place.settle(self._unsettled)
        self._write(self._waiting)
        self._waiting, self._unsettled = [], []
        self._since = time.monotonic()
        return True

    def compact(self) -> None:
        """Write all of it as one file, in place of the many; it takes nothing away."""
        self.confirm(now=True)
        if len(self._files) <= 1:
            return
        old = list(self._files)
        self._write([_line("whole", {"format": _FORMAT}), *self._lines()])
        for name in old:
            self.place.remove(name)
        self._files = self._files[-1:]

    def _lines(self) -> Iterator[str]:
        for batch in sorted(self.loaded):
            yield _line("loaded", asdict(self.loaded[batch]))
        for batch in sorted(self.parts):
            yield _line("part", asdict(self.parts[batch]))

    def _write(self, lines: list[str]) -> None:
        last = int(self._files[-1].rpartition("/")[-1].partition(".")[0]) if self._files else 0
        name = f"{_FOLDER}/{last + 1:08}.jsonl"
        self.place.write(name, "".join(lines).encode())
        self._files.append(name)

    def _note(self, kind: str, fields: dict[str, Any]) -> None:
        line = _line(kind, fields)
        self._take(json.loads(line))
        self._waiting.append(line)

    def _take(self, fields: dict[str, Any]) -> None:
        kind = fields.pop("kind")
        if kind == "loaded":
            self.loaded[fields["batch"]] = Loaded(**fields)
        elif kind == "part":
            self.parts[fields["batch"]] = Part(**{**fields, "failed": tuple(fields["failed"])})
        elif kind == "retired":
            self.loaded.pop(fields["batch"], None)
            self.parts.pop(fields["batch"], None)
        elif kind != "whole" or fields["format"] != _FORMAT:
            raise ValueError(f"a line of the kind {kind!r}")


def _line(kind: str, fields: dict[str, Any]) -> str:
    return json.dumps({"kind": kind, **fields}) + "\n"
