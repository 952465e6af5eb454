"""The demo: documents that ship with the package, and what is shown of them."""

from __future__ import annotations

import json
import re
import resource
import shlex
from pathlib import Path

import pytest

from pledgebook.demo import CODINGS, DOCUMENTS
from pledgebook.vocabulary.statement import Evidence, Statement
from program import Program

SLOWEST_SECONDS = 10.0


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_documents_are_whole_stories_with_their_codings() -> None:
    documents, codings = lines(DOCUMENTS), lines(CODINGS)
    assert 12 <= len(documents) <= 20
    assert all(set(document) == {"id", "date", "lang", "text"} for document in documents)
    assert [document["id"] for document in documents] == [coding["id"] for coding in codings]
    stories = {str(document["id"]).partition(".")[0] for document in documents}
    assert len(documents) >= 3 * len(stories)


@pytest.mark.parametrize(
    ("document", "coding"),
    list(zip(lines(DOCUMENTS), lines(CODINGS), strict=True)),
    ids=[str(document["id"]) for document in lines(DOCUMENTS)],
)
def test_every_coding_is_of_its_text(
    document: dict[str, object], coding: dict[str, list[dict[str, object]]]
) -> None:
    text = str(document["text"])
    for fields in coding["statements"]:
        quote = str(fields["evidence"])
        start = text.index(quote)
        evidence = Evidence(
            document=str(document["id"]), start=start, end=start + len(quote), quote=quote
        )
        made = Statement.model_validate(
            {key: value for key, value in fields.items() if key != "commitment"}
            | {"evidence": evidence}
        )
        assert made.to_corpus() | {"commitment": fields["commitment"]} == fields


def test_no_real_outlet_is_named_as_the_author() -> None:
    outlets = re.compile(
        r"\b(AFP|Reuters|AP|dpa|DPA|CTK|ČTK|PAP|Belga|ANSA|TASS|Interfax|Ukrinform|BBC|CNN|Yonhap)\b"
    )
    named = [d["id"] for d in lines(DOCUMENTS) if outlets.search(str(d["text"]))]
    assert named == []


def test_the_demo_shows_the_main_job_and_ends_with_what_works(program: Program) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    shown = program.well("demo", "--keep", "kept", settings={"COLUMNS": "100"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Processor time: what the demo costs, not what else runs here.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < SLOWEST_SECONDS
    for word in ("pledged", "order", "delivered", "standing", "overdue", "Asked for"):
        assert word in shown
    table, _, several = shown.partition("Counted once, told several times")
    assert re.search(r"^f[0-9a-f]{7}  CAN ", table, flags=re.MULTILINE)
    assert re.search(r"^c[0-9a-f]{7}  \d reports  ", several, flags=re.MULTILINE)
    commands = re.findall(r"^  (?:\S+ -m )?\S*pledgebook (.+)$", several, flags=re.MULTILINE)
    assert any(command.startswith("why c") for command in commands)
    for command in commands:
        assert program.well(*shlex.split(command))


def test_the_demo_again_changes_nothing(program: Program) -> None:
    first = program.well("demo", "--keep", "kept")
    again = program.well("demo", "--keep", "kept")

    def without_times(text: str) -> str:
        return re.sub(r"[\d.]+ s ", "", text)

    assert without_times(again) == without_times(first)


@pytest.mark.slow
def test_the_demo_keeps_to_its_width(program: Program) -> None:
    for width in (80, 100, 140):
        shown = program.well("demo", "--keep", "k", settings={"COLUMNS": str(width)})
        tables = shown.partition("Try next")[0].splitlines()
        assert max(len(line) for line in tables if "Book:" not in line) <= width
