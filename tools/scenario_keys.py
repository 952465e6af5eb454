"""Write the tables of all keys of a scenario into docs/scenario.md, from their definition."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pledgebook.planning.compiling.frame import standard
from pledgebook.planning.scenario.loading import scenario_schema

__all__ = ["key_tables", "with_tables"]

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scenario.md"
START, END = "<!-- keys: begin -->\n", "<!-- keys: end -->\n"


def key_tables() -> str:
    """Return a table for each table of the file: key, what it is, what stands there else."""
    schema = scenario_schema()
    return "\n".join(_tables(schema, schema, "", many=False))


def with_tables(page: str) -> str:
    """Return the page with the tables between their marks."""
    head, _, rest = page.partition(START)
    return f"{head}{START}\n{key_tables()}\n{END}{rest.partition(END)[2]}"


def _tables(
    schema: dict[str, Any], table: dict[str, Any], name: str, *, many: bool
) -> Iterator[str]:
    if name:
        yield f"### `[[{name}]]`\n" if many else f"### `[{name}]`\n"
        yield f"{table['description']}\n"
    else:
        yield "### At the head of the file\n"
    inner: list[tuple[dict[str, Any], str, bool]] = []
    yield "| key | what | value | if it is left out |"
    yield "| --- | --- | --- | --- |"
    for key, told in table["properties"].items():
        found = _table_in(schema, told)
        if found is not None:
            path = f"{name}.{key}" if name else key
            inner.append((found, path, _is_array(told)))
            continue
        needed = key in table.get("required", ())
        default = getattr(standard(), key) if name == "defaults" else told.get("default")
        yield f"| `{key}` | {told['description']} | {_kind(told)} | {_else(default, needed)} |"
    yield ""
    for found, path, several in inner:
        yield from _tables(schema, found, path, many=several)


def _table_in(schema: dict[str, Any], told: dict[str, Any]) -> dict[str, Any] | None:
    """Return the table that a key holds, if it holds one or a list of them."""
    options = [told, *told.get("anyOf", ()), *told.get("allOf", ())]
    options += [one["items"] for one in options if isinstance(one.get("items"), dict)]
    for one in options:
        if "$ref" in one:
            found: dict[str, Any] = schema["$defs"][one["$ref"].rpartition("/")[2]]
            return found
    return None


def _is_array(told: dict[str, Any]) -> bool:
    return any(one.get("type") == "array" for one in (told, *told.get("anyOf", ())))


def _kind(told: dict[str, Any]) -> str:
    """Return what sort of value a key takes, in a word or two."""
    if told.get("title") in ("over time", "by year", "months", "month", "number"):
        words = [word for one in told.get("anyOf", ()) for word in one.get("enum", ())]
        return " or ".join([told["title"], *(f'`"{word}"`' for word in words)])
    if "enum" in told:
        return " or ".join(f'`"{one}"`' for one in told["enum"])
    options = [one for one in told.get("anyOf", ()) if one.get("type") != "null"]
    if options:
        return " or ".join(dict.fromkeys(map(_kind, options)))
    kind = told.get("type")
    if kind == "array":
        parts = told.get("prefixItems")
        if parts:
            return "[" + ", ".join(map(_kind, parts)) + "]"
        return f"list of {_kind(told['items'])}s"
    if kind == "object":
        return "table by priority"
    if kind == "number" and told.get("maximum") == 1:
        return "share"
    names = {"string": "text", "boolean": "true or false", "integer": "whole number"}
    return names.get(str(kind), str(kind))


def _else(default: object, needed: bool) -> str:
    """Return what stands in place of a key that is left out."""
    if needed:
        return "**needed**"
    if default is None or default in ("", []):
        return ""
    if isinstance(default, dict):
        return "; ".join(f"`{key} = {_plain(value)}`" for key, value in default.items())
    return f"`{_plain(default)}`"


def _plain(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_plain, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def main() -> None:
    """Rewrite the page, or with --check say whether it is as it should be."""
    page = PAGE.read_text(encoding="utf-8")
    wanted = with_tables(page)
    if "--check" in sys.argv:
        sys.exit(0 if page == wanted else f"{PAGE.name}: run python tools/scenario_keys.py")
    PAGE.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    main()
