"""Addresses that end in a form: what a page shows, as a file of one of some forms."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from pledgebook.ledger.access.roles import Right
from pledgebook.web.person import needs

__all__ = ["offer_files"]

Built = TypeVar("Built")


def offer_files(
    router: APIRouter,
    path: str,
    forms: Collection[str],
    build: Callable[..., Built],
    respond: Callable[[Built, str], Response],
) -> None:
    """Add files to a router: `path`.FORM, for those who may read, in each of some forms.

    `build` is called as a page is, with its own parameters and dependencies; `respond` makes the
    file of what it returns and of the form.
    """

    def file(form: str, **parameters: Any) -> Response:  # noqa: ANN401
        if form not in forms:
            raise HTTPException(404, f"There is no {form}; there are: {', '.join(forms)}")
        return respond(build(**parameters), form)

    own = inspect.Parameter("form", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=str)
    found = inspect.signature(build, eval_str=True)
    file.__signature__ = found.replace(  # type: ignore[attr-defined]
        parameters=[own, *found.parameters.values()], return_annotation=Response
    )
    file.__name__ = f"{build.__name__}_file"
    router.add_api_route(
        path + ".{form}", file, methods=["GET"], dependencies=[needs(Right.READ)],
        include_in_schema=False,
    )  # fmt: skip
