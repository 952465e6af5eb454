"""What a model is asked to answer: one definition for its JSON Schema and for reading answers."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from pledgebook.errors import PledgebookError
from pledgebook.vocabulary.statement import Category, Kind, Per, Scope, Status

__all__ = ["Amount", "AnswerError", "Coded", "Number", "answer_schema", "parse_answer"]


class AnswerError(PledgebookError):
    """An answer that is no JSON, breaks off, or holds no list of statements."""


class _Wire(BaseModel):
    # What a model adds of its own is passed over; the schema does not invite it.
    model_config = ConfigDict(extra="ignore", json_schema_extra={"additionalProperties": False})


class Number(_Wire):
    """A count of units; an open end is null."""

    low: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    high: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    unit: str = "item"
    per: Per | None = None
    approx: bool = False


class Amount(_Wire):
    """An amount of money; an open end is null."""

    low: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    high: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    currency: str = Field(description="ISO 4217 code")
    per: Per | None = None


class Coded(_Wire):
    """One statement as a model codes it: the quotation first, because it binds what follows."""

    evidence: str
    kind: Kind
    status: Status = Status.FIRM
    scope: Scope = Scope.NEW
    actors: list[str]
    recipient: str | None = None
    category: Category
    designation: str | None = None
    quantity: Number | None = None
    money: Amount | None = None
    when: str | None = None
    supplier: str | None = None
    speaker: str | None = None


class _Answer(_Wire):
    statements: list[Coded]


@cache
def answer_schema() -> dict[str, Any]:
    """Return the JSON Schema of an answer: every field required, nothing but what it names.

    It keeps to what servers commonly support: no references, no titles, no bounds.
    """
    schema = _Answer.model_json_schema(mode="serialization")
    plain: dict[str, Any] = _plain(schema, schema.get("$defs", {}))
    return plain


_KEPT = frozenset({"type", "enum", "properties", "required", "items", "additionalProperties"})


def _plain(node: Any, named: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON of any kind
    if "$ref" in node:
        return _plain(named[node["$ref"].rpartition("/")[2]], named)
    if "anyOf" in node:
        return {"anyOf": [_plain(choice, named) for choice in node["anyOf"]]}
    plain = {key: value for key, value in node.items() if key in _KEPT}
    if "properties" in plain:
        plain["properties"] = {
            name: _plain(part, named) for name, part in plain["properties"].items()
        }
        plain["required"] = list(plain["properties"])
    if "items" in plain:
        plain["items"] = _plain(plain["items"], named)
    return plain


_FENCE = re.compile(r"\A\s*```[a-zA-Z]*\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


def parse_answer(text: str) -> list[Any]:
    """Return the statements of an answer as plain data, each still to be looked at.

    A fence around the JSON and the thoughts before it are passed over. Raises AnswerError.
    """
    body = _THOUGHT.sub("", text)
    fenced = _FENCE.match(body)
    body = (fenced[1] if fenced else body).strip()
    try:
        found = json.loads(body)
    except RecursionError as error:
        raise AnswerError("the answer is nested too deeply") from error
    except ValueError as error:
        begins = " ".join(body[:60].split())
        what = "the answer is empty" if not body else f"the answer is not JSON: {begins!r}"
        raise AnswerError(what, mend="Try a model that keeps to a JSON Schema") from error
    statements = found.get("statements") if isinstance(found, dict) else found
    if not isinstance(statements, list):
        raise AnswerError(
            "the answer holds no list of statements", mend='It must be {"statements": [...]}'
        )
    return statements
