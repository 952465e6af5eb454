"""The tools for assistants, asked by a real client over standard input and output."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
from mcp import ClientSession, StdioServerParameters, stdio_client

TOOLS = {"status", "why", "overdue", "forecast", "search"}


def asked(book: Path, *calls: tuple[str, dict[str, Any]]) -> list[tuple[bool, Any]]:
    """Start the program, call tools one after the other; return whether each failed, and what."""
    answers: list[tuple[bool, Any]] = []

    async def talk() -> None:
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "pledgebook", "mcp", "--db", str(book)]
        )
        async with stdio_client(command) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            listed = (await session.list_tools()).tools
            assert {tool.name for tool in listed} == TOOLS
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in listed)
            assert all(tool.description for tool in listed)
            for name, arguments in calls:
                answer = await session.call_tool(name, arguments)
                text = "".join(part.text for part in answer.content if part.type == "text")
                answers.append(
                    (bool(answer.is_error), text if answer.is_error else json.loads(text))
                )

    # The browser of other tests has a loop of its own in this thread.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(anyio.run, talk).result()
    return answers


def test_every_answer_has_its_evidence(written_book: Path) -> None:
    status, overdue, found, wrong = asked(
        written_book,
        ("status", {"donor": "Germany", "limit": 3}),
        ("overdue", {"as_of": "2024-01-01"}),
        ("search", {"query": "Patriot"}),
        ("status", {"donor": "Atlantis"}),
    )
    rows = status[1]["rows"]
    assert len(rows) == 3
    assert status[1]["rows_in_all"] > 3
    for row in [*rows, *overdue[1]["rows"]]:
        held = row["evidence"]
        for quotes in held.values() if isinstance(held, dict) else [held]:
            assert quotes
            assert all(one["quotation"] and one["document"] for one in quotes)
    assert found[1]["total"] > 0
    assert wrong[0]
    assert "no donor is known as 'Atlantis'" in wrong[1]


def test_why_opens_what_status_names(written_book: Path) -> None:
    ((_, status),) = asked(written_book, ("status", {"limit": 1}))
    row = status["rows"][0]
    ((failed, told),) = asked(written_book, ("why", {"id": row["id"]}))
    assert not failed
    assert told["kind"] == "figure"
    assert [child["id"] for child in told["children"]] == row["commitments"]
    quote = told["children"][0]["children"][0]["quote"]
    assert quote["text"]
