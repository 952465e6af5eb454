"""The LLM coder from the command line: options, environment, what is told, what is stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from answering import Answer, answered, coded, serving

from program import Program

PLAIN = "Norway will send eight Leopard 2 tanks to Ukraine, the government said on Tuesday."
SAID = answered(
    coded("Norway will send eight Leopard 2 tanks to Ukraine", when="2023-02-14"),
    coded("Norway will send eighty Leopard 2 tanks"),
)


@pytest.fixture
def source(program: Program) -> Path:
    path = program.home / "a.txt"
    path.write_text(PLAIN, encoding="utf-8")
    return path


def test_prompts_are_recorded_answered_and_replayed(program: Program, source: Path) -> None:
    out = program.well("read", source, "--coder", "llm", "--llm-record", "said", "--db", "aid.db")
    assert "1 document: 1 prompt in said" in out
    assert not (program.home / "aid.db").exists()
    [prompt] = (program.home / "said").iterdir()
    assert PLAIN in prompt.read_text(encoding="utf-8")
    replay = ("read", source, "--coder", "llm", "--llm-replay", "said", "--db", "aid.db")
    missing = program(*replay)
    assert missing.code == 1
    answer = prompt.name.replace(".prompt.txt", ".answer.json")
    assert answer in missing.err
    (program.home / "said" / answer).write_text(SAID, encoding="utf-8")
    done = program(*replay)
    assert done.code == 0
    assert "1 statement: 1 pledge" in done.out
    assert "1 answer, 1 replayed" in done.out
    assert "turned away 1: 1 evidence-missing" in done.out
    assert "Leopard 2" in program.well("status", "--db", "aid.db")
    assert "0 new, 1 unchanged" in program.well(*replay)


def test_replay_prints_lines_too(program: Program, source: Path) -> None:
    program.well("read", source, "--coder", "llm", "--llm-record", "said", "--date", "2023-02-14")
    [prompt] = (program.home / "said").iterdir()
    prompt.with_name(prompt.name.replace(".prompt.txt", ".answer.json")).write_text(SAID)
    done = program(
        "read", source, "--coder", "llm", "--llm-replay", "said", "--jsonl", "--date", "2023-02-14"
    )
    [line] = done.out.splitlines()
    [statement] = json.loads(line)["statements"]
    assert statement["when"] == "2023-02-14"
    assert "evidence-missing" in done.err
    quiet = program(
        "read", source, "--coder", "llm", "--llm-replay", "said", "--jsonl", "-q",
        "--date", "2023-02-14",
    )  # fmt: skip
    assert (quiet.out, quiet.err) == (done.out, "")


def test_a_server_is_asked_and_the_cost_told(program: Program, source: Path) -> None:
    with serving(lambda _: Answer(SAID)) as asked:
        options = (
            "read", source, "--coder", "llm", "--llm-url", asked.url, "--llm-model", "big",
            "--llm-key-env", "MY_KEY", "--llm-price-in", "3", "--llm-price-out", "15",
            "--llm-max-cost", "5", "--llm-max-tokens", "100000", "--llm-concurrency", "2",
            "--llm-cache", "kept", "--db", "aid.db",
        )  # fmt: skip
        out = program.well(*options, settings={"MY_KEY": "secret"})
        again = program.well(*options, "--jsonl", settings={"MY_KEY": "secret"})
        assert len(asked.bodies) == 1
        program.well(*options, "--no-llm-cache", "--jsonl", settings={"MY_KEY": "secret"})
    assert asked.keys == ["Bearer secret"] * 2
    assert asked.bodies[0]["model"] == "big"
    assert "big: 1 answer, 1,000 tokens asked, 100 answered, cost 0.0045" in out
    assert json.loads(again)["statements"]
    assert list((program.home / "kept").glob("*/*.json"))
    assert "secret" not in out + again


def test_the_environment_says_where_the_model_is(program: Program, source: Path) -> None:
    with serving(lambda _: Answer(SAID)) as asked:
        told = {
            "PLEDGEBOOK_LLM_URL": asked.url, "PLEDGEBOOK_LLM_MODEL": "small",
            "PLEDGEBOOK_LLM_KEY": "hidden",
        }  # fmt: skip
        program.well("read", source, "--coder", "llm", "--db", "aid.db", settings=told)
    assert asked.keys == ["Bearer hidden"]
    assert asked.bodies[0]["model"] == "small"


def test_both_coders_and_what_to_review(program: Program, source: Path) -> None:
    with serving(lambda _: Answer(SAID)) as asked:
        out = program.well(
            "read", source, "--coder", "grammar,llm", "--llm-url", asked.url, "--no-llm-cache",
            "--db", "aid.db", "--date", "2023-02-15",
        )  # fmt: skip
    assert "1 statement found by grammar and llm, 1 of them otherwise (" in out
    assert "1 statement to review" in out
    status = json.loads(program.well("status", "--db", "aid.db", "--format", "json"))
    figure = (status["rows"] if isinstance(status, dict) else status)[0]["id"]
    shown = program.well("why", figure, "--db", "aid.db")
    assert "to review: found by grammar and llm; they differ on" in " ".join(shown.split())
    told = program.well("why", figure, "--db", "aid.db", "--format", "json")
    assert '"found by": "grammar, llm"' in told


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--coder", "llm"), "there is no model to ask"),
        (("--coder", "oracle"), "there is no coder 'oracle'"),
        (("--coder", "llm", "--llm-url", "http://127.0.0.1:9", "--llm-key-env", "NO_KEY"),
         "NO_KEY: the variable holds no key"),
        (("--coder", "llm", "--llm-replay", "nowhere"), "there is no such folder"),
        (("--coder", "llm", "--llm-url", "http://x", "--llm-max-cost", "1"), "needs the prices"),
        (("--coder", "llm", "--llm-url", "http://x", "--llm-replay", "y"), "either asked"),
    ],
)  # fmt: skip
def test_wrong_usage(program: Program, source: Path, options: tuple[str, ...], words: str) -> None:
    done = program("read", source, *options, "--db", "aid.db")
    assert done.code == 2
    assert words in done.err
    assert not (program.home / "aid.db").exists()


def test_a_refused_key_is_one_sentence(program: Program, source: Path) -> None:
    with serving(lambda _: Answer(status=401, raw='{"error": "bad key"}')) as asked:
        done = program("read", source, "--coder", "llm", "--llm-url", asked.url, "--db", "aid.db")
        assert len(asked.bodies) == 1
    assert done.code == 2
    assert "the server refuses the key" in done.err
    assert "bad key" in done.err
