"""The coded stories of the corpus, which lies beside the project, as readings of a book."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

from making import CODER, DIGEST, VERSION
from pledgebook.ledger.records import Reading
from pledgebook.vocabulary.document import Document, sha256
from pledgebook.vocabulary.statement import Evidence, Statement

_ROOT = Path(__file__).resolve().parent.parent


def corpus() -> Path | None:
    """The file of coded stories, None where there is none."""
    named = os.environ.get("PLEDGEBOOK_CORPUS")
    folder = Path(named) if named else _ROOT.parent / "shared" / "corpus"
    path = folder / "written-dev.jsonl"
    return path if path.exists() else None


def stories() -> dict[str, list[Reading]]:
    """The readings of each story, by its name; empty where there is no corpus."""
    path = corpus()
    found: dict[str, list[Reading]] = defaultdict(list)
    if path is not None:
        for line in path.read_text("utf-8").splitlines():
            document = json.loads(line)
            found[document["id"].rpartition(".")[0]].append(_reading(document))
    return dict(found)


def _reading(coded: dict[str, Any]) -> Reading:
    text, day = coded["text"], coded.get("date")
    document = Document(
        text=text,
        bytes_sha256=sha256(coded["id"]),
        extractor="jsonl/1",
        origin=coded["id"],
        date=dt.date.fromisoformat(day) if day else None,
        date_source="metadata" if day else None,
        lang=coded["lang"],
    )
    statements = []
    for one in coded["statements"]:
        fields = {key: value for key, value in one.items() if key != "commitment"}
        start, quote = text.index(fields["evidence"]), fields["evidence"]
        fields["evidence"] = Evidence(
            document=document.id, start=start, end=start + len(quote), quote=quote
        )
        statements.append(Statement(**fields))
    return Reading(document, tuple(statements), CODER, VERSION, DIGEST)
