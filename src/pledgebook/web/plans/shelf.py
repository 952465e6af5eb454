"""Scenarios in a folder: named files, every version of which is kept.

winter.toml                    what a person edits
.versions/winter/0001.toml     what it was before; numbers grow, nothing is overwritten
.answers/winter/…              what its plan came to: see `solving`
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

from pledgebook.errors import NotFoundError, UsageError

__all__ = ["Kept", "Shelf"]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_RESERVED = frozenset({"con", "prn", "aux", "nul", "compare", "new"})
_LARGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A scenario on the shelf: its text, and the digest that tells this version from others."""

    name: str
    text: str
    digest: str
    changed: dt.datetime


class Shelf:
    """Scenarios of a folder, which is made when the first one is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        """Return the names of the scenarios, sorted."""
        if not self.folder.is_dir():
            return []
        return sorted(
            path.stem for path in self.folder.glob("*.toml") if _NAME.fullmatch(path.stem)
        )

    def path(self, name: str) -> Path:
        """Return the file of a scenario. Raises UsageError for what is no name."""
        if not _NAME.fullmatch(name) or name in _RESERVED:
            raise UsageError(
                f"{name[:80]!r} is no name for a scenario",
                mend="Use up to 60 small letters, digits and hyphens: winter-2025",
            )
        return self.folder / f"{name}.toml"

    def read(self, name: str) -> Kept:
        """Return a scenario. Raises NotFoundError."""
        path = self.path(name)
        try:
            text = path.read_text(encoding="utf-8-sig")
            changed = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
        except FileNotFoundError:
            raise NotFoundError(f"there is no scenario {name}", mend="See /plans") from None
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                "the scenario cannot be read", where=str(path), mend="Save it as UTF-8"
            ) from error
        return Kept(name, text, _digest(text), changed)

    def save(self, name: str, text: str, was: str | None) -> Kept:
        """Keep a text under a name. `was` is the digest of the version that it is made from.

        None makes a new one. Raises UsageError where somebody else changed it since, or it is there
        already: nothing is overwritten.
        """
        path = self.path(name)
        text = text.replace("\r\n", "\n")
        if len(text) > _LARGEST:
            raise UsageError("the scenario is too large", mend="Give at most 2 million characters")
        with self._lock:
            self.folder.mkdir(parents=True, exist_ok=True)
            there = path.exists()
            if was is None and there:
                raise UsageError(f"there is a scenario {name} already", mend="Give another name")
            if was is not None:
                before = self.read(name)
                if before.digest != was:
                    raise UsageError(
                        f"{name} was changed by somebody else while you edited it",
                        mend="Copy your text, open the scenario again, and bring both together",
                    )
                if before.digest == _digest(text):
                    return before
                self._keep_version(name)
            part = path.with_suffix(".part")
            part.write_text(text, encoding="utf-8")
            part.replace(path)
        return self.read(name)

    def remove(self, name: str) -> None:
        """Take a scenario off the shelf; its versions stay in the folder."""
        path = self.path(name)
        with self._lock:
            self.read(name)
            self._keep_version(name)
            path.unlink()
            shutil.rmtree(self.answers(name), ignore_errors=True)

    def versions(self, name: str) -> list[Path]:
        """Return the earlier versions of a scenario, the newest first."""
        self.path(name)
        return sorted((self.folder / ".versions" / name).glob("*.toml"), reverse=True)

    def answers(self, name: str) -> Path:
        """Return the folder of what a scenario's plan came to."""
        self.path(name)
        return self.folder / ".answers" / name

    def _keep_version(self, name: str) -> None:
        folder = self.folder / ".versions" / name
        folder.mkdir(parents=True, exist_ok=True)
        numbers = [int(path.stem) for path in folder.glob("*.toml") if path.stem.isdecimal()]
        version = folder / f"{max(numbers, default=0) + 1:04d}.toml"
        # A link or a copy that is there already is refused, never replaced.
        with version.open("xb") as file:
            file.write(self.path(name).read_bytes())
            file.flush()
            os.fsync(file.fileno())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]
