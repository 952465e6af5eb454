"""One JSON object, or one row of a table, that is a document: the keys that count, and no other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pledgebook.documents.dates import iso_date
from pledgebook.documents.draft import Blob, Draft
from pledgebook.errors import Problem
from pledgebook.vocabulary.document import sha256

KEYS = ("id", "url", "date", "lang", "text")


def canonical(record: Mapping[str, Any]) -> str:
    """Return JSON that is the same for the same content, in whatever order it was written."""
    return json.dumps(record, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def draft_of(record: object, blob: Blob, locator: str, place: str) -> Draft | Problem:
    """Turn a record with `text`, and perhaps `id`, `url`, `date` and `lang`, into a draft.

    Its identity is the canonical JSON of these five keys: the others do not exist for the reader.
    """
    if not isinstance(record, Mapping):
        return blob.problem("not-an-object", "it is no JSON object", place=place, mend=_EXAMPLE)
    kept = {key: record.get(key) for key in KEYS}
    if kept["text"] is None:
        return blob.problem("text-missing", "it has no `text`", place=place, mend=_EXAMPLE)
    if type(kept["id"]) is int:
        kept["id"] = str(kept["id"])
    for key, value in kept.items():
        if value is not None and not isinstance(value, str):
            return blob.problem(
                "invalid-field",
                f"`{key}` is {_kind(value)}, not a string",
                place=place,
                mend=f"write `{key}` as a string",
            )
    date = iso_date(kept["date"]) if kept["date"] else None
    if kept["date"] and date is None:
        return blob.problem(
            "invalid-date",
            f"`date` is {kept['date'][:40]!r}, which is no date",
            place=place,
            mend="write it as YYYY-MM-DD, or leave it out",
        )
    return Draft(
        text=kept["text"],
        sha256=sha256(canonical(kept)),
        locator=locator,
        date=date,
        date_source="given" if date else None,
        lang=kept["lang"],
        name=kept["id"],
        url=kept["url"],
        own_url=True,
    )


_EXAMPLE = 'give an object such as {"id": "a1", "date": "2023-02-14", "text": "..."}'


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "a list" if isinstance(value, list) else "an object"
