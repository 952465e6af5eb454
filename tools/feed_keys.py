"""Write the tables of all keys of a file of feeds into docs/feeds.md, from their definition."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pledgebook.documents.feeds.feeds_file import feeds_schema

__all__ = ["PAGE", "key_tables", "with_tables"]

PAGE = Path(__file__).resolve().parent.parent / "docs" / "feeds.md"
START, END = "<!-- keys: begin -->\n", "<!-- keys: end -->\n"
_KINDS = {"string": "text", "boolean": "true or false", "integer": "whole number"}


def key_tables() -> str:
    """Return a table for the head of the file and one for a feed: key, what it is, value, else."""
    schema = feeds_schema()
    head = {name: told for name, told in schema["properties"].items() if name != "feed"}
    parts = ["### At the head of the file\n", *_table(head, schema), ""]
    feed = schema["$defs"]["FeedSettings"]
    return "\n".join([*parts, "### `[[feed]]`\n", *_table(feed["properties"], feed), ""])


def with_tables(page: str) -> str:
    """Return the page with the tables between their marks."""
    head, _, rest = page.partition(START)
    return f"{head}{START}\n{key_tables()}\n{END}{rest.partition(END)[2]}"


def _table(keys: dict[str, Any], table: dict[str, Any]) -> Iterator[str]:
    yield "| key | what | value | if it is left out |"
    yield "| --- | --- | --- | --- |"
    for key, told in keys.items():
        needed = key in table.get("required", ())
        default = "**needed**" if needed else _default(told.get("default"))
        yield f"| `{key}` | {told['description']} | {_kind(told)} | {default} |"


def _kind(told: dict[str, Any]) -> str:
    """Return what sort of value a key takes, in a word or two."""
    if "examples" in told:
        return " or ".join(f'`"{one}"`' for one in told["examples"])
    if "enum" in told:
        return " or ".join(f'`"{one}"`' for one in told["enum"])
    options = [one for one in told.get("anyOf", ()) if one.get("type") != "null"]
    if options:
        return " or ".join(dict.fromkeys(map(_kind, options)))
    if told.get("type") == "array":
        return f"list of {_kind(told['items'])}s"
    if told.get("format") == "uri":
        return "address"
    return _KINDS[told["type"]]


def _default(default: object) -> str:
    if default is None or default == []:
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f'`"{default}"`' if isinstance(default, str) else f"`{default}`"


def main() -> None:
    """Rewrite the page, or with --check say whether it is as it should be."""
    page = PAGE.read_text(encoding="utf-8")
    wanted = with_tables(page)
    if "--check" in sys.argv:
        sys.exit(0 if page == wanted else f"{PAGE.name}: run python tools/feed_keys.py")
    PAGE.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    main()
