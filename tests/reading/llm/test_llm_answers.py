"""One definition: the schema that is sent, the grammar made of it, and what is read."""

from __future__ import annotations

import contextlib
import json
import re
from typing import Any

import jsonschema
import pytest
from answering import coded
from hypothesis import given
from hypothesis import strategies as st

from pledgebook.reading.llm.answers import AnswerError, Coded, answer_schema, parse_answer
from pledgebook.reading.llm.gbnf import grammar
from pledgebook.vocabulary.statement import Category, Kind


def test_the_schema_asks_for_every_field_and_no_other() -> None:
    schema = answer_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    statement = schema["properties"]["statements"]["items"]
    assert statement["required"] == list(Coded.model_fields)
    assert next(iter(statement["properties"])) == "evidence"
    assert statement["properties"]["kind"]["enum"] == [kind.value for kind in Kind]
    assert statement["properties"]["category"]["enum"] == [one.value for one in Category]

    def objects(node: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        inner = [part for value in node.values() for part in objects(value)] if isinstance(
            node, dict) else [part for value in node for part in objects(value)] if isinstance(
            node, list) else []  # fmt: skip
        return [node, *inner] if isinstance(node, dict) and node.get("type") == "object" else inner

    found = objects(schema)
    assert len(found) == 4
    assert all(one["additionalProperties"] is False for one in found)
    assert all(one["required"] == list(one["properties"]) for one in found)
    assert "$ref" not in json.dumps(schema)


def test_a_whole_answer_keeps_to_the_schema() -> None:
    jsonschema.validate({"statements": [coded("x")]}, answer_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"statements": [coded("x", kind="gift")]}, answer_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"statements": [coded("x") | {"why": "so"}]}, answer_schema())


@pytest.mark.parametrize(
    "text",
    [
        '{"statements": [1, 2]}',
        "[1, 2]",
        '```json\n{"statements": [1, 2]}\n```',
        '<think>hm { ]</think>\n{"statements": [1, 2]}',
        '\n  {"statements": [1, 2], "more": 3}  ',
    ],
)
def test_an_answer_is_read_whatever_is_around_it(text: str) -> None:
    assert parse_answer(text) == [1, 2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("I am sorry", "is not JSON: 'I am sorry'"),
        ('{"statements": [{"evidence": "Nor', "is not JSON"),
        ('{"statements": 3}', "no list of statements"),
        ("7", "no list of statements"),
        ("[" * 200_000, "too deeply"),
    ],
)
def test_what_is_no_answer(text: str, words: str) -> None:
    with pytest.raises(AnswerError, match=words):
        parse_answer(text)


@given(st.text(max_size=60))
def test_any_text_is_an_answer_or_an_error(text: str) -> None:
    with contextlib.suppress(AnswerError):
        assert isinstance(parse_answer(text), list)


def test_the_grammar_defines_what_it_uses_and_has_every_word() -> None:
    lines = [line for line in grammar(answer_schema()).splitlines() if line]
    defined = {line.partition(" ::= ")[0] for line in lines}
    assert {"root", "string", "number", "boolean", "null", "char", "hex", "ws"} <= defined
    for line in lines:
        body = re.sub(r'"(?:\\.|[^"\\])*"|\[(?:\\.|[^\]\\])*\]', " ", line.partition(" ::= ")[2])
        assert set(re.findall(r"[a-z][a-z0-9-]*", body)) <= defined, line
    for word in [*Kind, *Category, *Coded.model_fields]:
        assert f'"\\"{word}\\""' in "\n".join(lines)


def test_the_grammar_knows_its_limits() -> None:
    with pytest.raises(ValueError, match="no grammar"):
        grammar({"type": "object", "properties": {"when": {"type": "date"}}})
