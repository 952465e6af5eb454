"""`read`: what it keeps, what it tells, and how it leaves."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import pytest

from program import Inside, Program

PLAIN = "Norway will send eight Leopard 2 tanks to Ukraine, the government said on Tuesday."
RECORDS: list[dict[str, Any]] = [
    {"id": "a.1", "date": "2023-02-14", "lang": "en", "text": PLAIN},
    {"id": "a.2", "url": "https://www.regjeringen.no/x", "date": None, "lang": "en",
     "text": "We will send ten tanks."},
]  # fmt: skip


def write_lines(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.mark.usefixtures("new_aid")
def test_reading_twice_changes_nothing(program: Program) -> None:
    (program.home / "a.txt").write_text(PLAIN, encoding="utf-8")
    first = program("read", "a.txt", "--db", "aid.db", "--date", "2023-02-14")
    assert first.code == 0
    assert "1 document: 1 new, 0 unchanged" in first.out
    assert "1 pledge" in first.out
    assert "Book: ~/aid.db" in first.err
    second = program("read", "a.txt", "--db", "aid.db", "--date", "2023-02-14")
    assert second.code == 0
    assert "1 document: 0 new, 1 unchanged" in second.out


def test_the_default_book_is_made_and_named(program: Program) -> None:
    place = program.well("where").strip()
    assert place.startswith(str(program.home))
    done = program("read", "-", stdin=PLAIN.encode())
    assert done.code == 0
    assert f"Book: ~/{Path(place).relative_to(program.home)}" in done.err
    assert Path(place).exists()
    assert "Leopard 2" in program.well("status")


def test_where_tells_the_place_and_the_additions(program: Program) -> None:
    done = program("where", "--db", "~/aid.db")
    assert done.out == f"{program.home}/aid.db\n"
    assert "not made yet" in done.err
    assert "~/aid.catalogue.toml (none yet" in done.err
    program.well("read", "-", "--db", "~/aid.db", stdin=PLAIN.encode())
    assert (program.home / "aid.db").exists()
    assert " MB" in program("where", "--db", "~/aid.db").err
    server = program.well("where", "--db", "postgresql://me:secret@host/aid")
    assert server == "postgresql://me:***@host/aid\n"


@pytest.mark.usefixtures("new_aid")
def test_a_fault_in_one_source_stops_that_source_alone(program: Program) -> None:
    (program.home / "good.txt").write_text(PLAIN, encoding="utf-8")
    (program.home / "empty.txt").write_bytes(b"")
    (program.home / "junk.bin").write_bytes(random.Random(1).randbytes(4000))
    done = program("read", "missing.txt", "empty.txt", "junk.bin", "good.txt", "--db", "aid.db")
    assert done.code == 1
    assert "1 document: 1 new" in done.out
    for name in ("missing.txt", "empty.txt", "junk.bin"):
        assert f"error: {name}" in done.err or f"/{name}" in done.err
    assert "Leopard 2" in program.well("status", "--db", "aid.db")
    assert "source-missing" in program.well("problems", "--db", "aid.db")


def test_nothing_could_be_done(program: Program) -> None:
    done = program("read", "missing.txt", "--db", "aid.db")
    assert done.code == 2
    assert "there is no such file" in done.err
    assert program("read", "missing.txt", "--jsonl").code == 2


def test_what_cannot_be_opened(program: Program) -> None:
    secret = program.home / "secret.txt"
    secret.write_text(PLAIN, encoding="utf-8")
    secret.chmod(0)
    if os.access(secret, os.R_OK):
        # Root reads everything; but not even root reads the memory at no address.
        secret = Path("/proc/self/mem")
    done = program("read", secret, "--jsonl")
    assert done.code == 2, done.err
    assert f"{secret}: it cannot be read (" in done.err


@pytest.mark.usefixtures("new_aid")
def test_quiet_is_quiet(program: Program) -> None:
    done = program("read", "-", "--quiet", "--db", "aid.db", stdin=PLAIN.encode())
    assert (done.code, done.out, done.err) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("read",), "Missing argument"),
        (("read", "-", "--date", "14 February"), "'14 February' is no date"),
        (("read", "-", "--lang", "klingon"), "is no language code"),
        (("read", "-", "--bogus"), "No such option"),
    ],
)
def test_wrong_usage(program: Program, arguments: tuple[str, ...], words: str) -> None:
    done = program(*arguments, stdin=b"x")
    assert done.code == 2
    assert words in done.err


def test_jsonl_prints_a_line_for_each_document_and_stores_nothing(program: Program) -> None:
    path = write_lines(program.home / "docs.jsonl", RECORDS)
    (program.home / "a.txt").write_text(PLAIN, encoding="utf-8")
    done = program("read", path, "a.txt", "--jsonl", "--date", "2023-02-15")
    assert done.code == 0
    assert done.err == ""
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert [line["id"] for line in lines[:2]] == ["a.1", "a.2"]
    assert lines[2]["id"].startswith("d")
    assert "url" not in lines[0]
    assert lines[1]["url"] == "https://www.regjeringen.no/x"
    assert all(list(line)[-3:] == ["date", "lang", "statements"] for line in lines)
    [statement] = lines[0]["statements"]
    assert statement["evidence"] in PLAIN
    assert statement["actors"] == ["NOR"]
    assert statement["item"] == {"category": "tank", "designation": "Leopard 2"}
    assert statement["commitment"] is None
    assert sorted(path.name for path in program.home.iterdir()) == ["a.txt", "docs.jsonl"]


def test_jsonl_reports_bad_lines_and_reads_the_others(program: Program) -> None:
    path = write_lines(program.home / "docs.jsonl", RECORDS)
    path.write_text("{not json\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    done = program("read", path, "--jsonl")
    assert done.code == 1
    assert len(done.out.splitlines()) == 2
    assert "docs.jsonl, line 1" in done.err


@pytest.mark.parametrize("seed", range(3))
def test_other_keys_are_not_looked_at(program: Program, seed: int) -> None:
    """Only id, url, date, lang and text count: the coding beside them cannot be copied."""
    chance = random.Random(seed)
    plain = write_lines(program.home / "plain.jsonl", RECORDS)
    changed = []
    for record in RECORDS:
        extra = {
            "statements": [{"kind": "delivery", "evidence": PLAIN[:10]}],
            "style": chance.choice(["agency", "negative"]),
            "part": chance.randrange(9),
            f"key{seed}": {"text": "Sweden will send nine tanks."},
        }
        pairs = [*record.items(), *chance.sample(list(extra.items()), 3)]
        chance.shuffle(pairs)
        changed.append(dict(pairs))
    shuffled = write_lines(program.home / "shuffled.jsonl", changed)
    first = program.well("read", plain, "--jsonl")
    assert first == program.well("read", shuffled, "--jsonl")
    assert "NOR" in first


def test_half_a_surrogate_pair_is_still_json(program: Program) -> None:
    text = json.dumps({"id": "\ud83d", "date": None, "lang": "en", "text": PLAIN})
    done = program("read", "-", "--jsonl", stdin=text.encode())
    assert json.loads(done.out)["statements"]


def test_the_additions_beside_the_book_count(program: Program) -> None:
    (program.home / "aid.catalogue.toml").write_text(
        '[[item]]\nid = "zorble"\ndesignation = "Zorble"\ncategory = "tank"\n'
        'aliases = ["Zorble", "Zorbles"]\n',
        encoding="utf-8",
    )
    said = b"Norway will send eight Zorbles to Ukraine."
    assert "Zorble" in program.well("read", "-", "--jsonl", "--db", "aid.db", stdin=said)
    assert "Zorble" not in program.well("read", "-", "--jsonl", stdin=said).replace("Zorbles", "")


def test_the_environment_may_name_another_coder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "report.txt"
    report.write_text(PLAIN, encoding="utf-8")
    monkeypatch.setenv("PLEDGEBOOK_CODER", "nobody")
    done = Inside()("read", report, "--jsonl")
    assert done.code == 2
    assert "there is no coder 'nobody'" in done.err
    monkeypatch.setenv("PLEDGEBOOK_CODER", "learned")
    assert json.loads(Inside().well("read", report, "--jsonl"))["statements"]
