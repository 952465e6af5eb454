"""The API under requests that its own description allows, and some that it does not."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from making import Clock
from pledgebook.book import Book
from pledgebook.web.app import create_app
from pledgebook.web.settings import Settings

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
KEY = "for-the-tests"
EXAMPLES = int(os.environ.get("PLEDGEBOOK_API_EXAMPLES", "12"))
"""Of each call, and as many that its description forbids; make fuzz asks for more."""


@pytest.fixture(scope="module")
def described(
    written_book: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[schemathesis.BaseSchema]:
    """The API of a book of its own: what is asked of it may judge."""
    path = Path(shutil.copy(written_book, tmp_path_factory.mktemp("fuzzed") / "aid.db"))
    with Book.open(path, clock=Clock()) as book:
        app = create_app(book, Settings(key=KEY, by="tester"))
        headers = {"authorization": f"Bearer {KEY}", "host": "localhost"}
        yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers=headers)


def test_no_request_breaks_the_api(described: schemathesis.BaseSchema) -> None:
    headers = {"authorization": f"Bearer {KEY}", "host": "localhost"}
    asked = []
    for found in described.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]
        asked.append(operation.label)

        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
        def holds(case: schemathesis.Case[Any]) -> None:
            case.validate_response(case.call(headers=headers), checks=CHECKS)

        @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
        @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
        def stands(case: schemathesis.Case[Any]) -> None:
            case.validate_response(case.call(headers=headers), checks=CHECKS)

        holds()
        # Of some calls the description allows everything: nothing is left to be forbidden.
        with contextlib.suppress(Unsatisfiable):
            stands()
    assert len(asked) >= 10
