"""What a scenario's plan came to, as it was written down."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Answer", "read_answer"]

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """A plan as plain data: `record` is that of `plan_record`, `lines` the answer in words."""

    record: Record
    head: str
    lines: Sequence[str]
    folder: Path

    @property
    def found(self) -> bool:
        """Whether there is a plan."""
        return "schedule" in self.record

    def is_of(self, digest: str) -> bool:
        """Tell whether it is the answer to this version of the scenario."""
        return bool(self.record["asked"]["digest"] == digest)

    def file(self, name: str) -> Path | None:
        """Return a file of the answer, None where it was not written."""
        path = self.folder / name
        return path if path.is_file() else None


def read_answer(folder: Path) -> Answer | None:
    """Return the answer in a folder, None where there is none or it cannot be read."""
    try:
        record = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
        head = json.loads((folder / "head.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Answer(record, head["head"], head["lines"], folder)
