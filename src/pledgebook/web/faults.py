"""Errors become one clear sentence on a page, or in JSON for programs; no traceback is shown."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from pledgebook.errors import (
    BookError,
    BookLockedError,
    FetchError,
    NotFoundError,
    PledgebookError,
    SourceError,
)
from pledgebook.web.rendering import page

__all__ = ["add_faults", "status_of"]

_LOG = logging.getLogger("pledgebook.web")
_TITLES = {
    400: "That cannot be done as asked",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not here",
    413: "Too large",
    422: "Something in the form is not right",
    429: "Too many requests",
    503: "The book is busy",
}


def status_of(error: PledgebookError) -> int:
    """Return the status of an answer that tells of an error."""
    for kind, status in (
        (NotFoundError, 404),
        (BookLockedError, 503),
        (BookError, 500),
        (FetchError, 502),
        (SourceError, 422),
    ):
        if isinstance(error, kind):
            return status
    return 400


def add_faults(app: FastAPI) -> None:
    """Make an application tell its errors so."""
    app.add_exception_handler(PledgebookError, _told)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unforeseen)


def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, PledgebookError)
    return _answer(request, status_of(error), error.what, error.where, error.mend)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    what = {404: "There is no such page.", 405: "This page does not take such a request."}.get(
        error.status_code
    )
    detail = str(error.detail)
    if what is None or detail not in ("Not Found", "Method Not Allowed"):
        what = detail
    answer = _answer(request, error.status_code, what)
    answer.headers.update(error.headers or {})
    return answer


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [
        f"{'.'.join(str(one) for one in fault['loc'][1:]) or 'the request'}: {fault['msg']}"
        for fault in error.errors()
    ]
    return _answer(request, 422, "; ".join(faults[:5]))


def _unforeseen(request: Request, error: Exception) -> Response:
    _LOG.error("an error inside Pledgebook at %s", request.url.path, exc_info=error)
    what = f"An error inside Pledgebook ({type(error).__name__}); the log of the server has more."
    return _answer(request, 500, what)


def _answer(
    request: Request, status: int, what: str, where: str | None = None, mend: str | None = None
) -> Response:
    if request.url.path.startswith("/api/"):
        held = {"what": what, "where": where, "mend": mend}
        return JSONResponse({"error": held}, status)
    title = _TITLES.get(status, "Something went wrong")
    if "hx-request" in request.headers:
        # A piece of a page: the fault alone, shown where the piece was to be.
        return page(request, "parts/fault.html", status=status, what=what, where=where, mend=mend)
    return page(
        request, "pages/fault.html", status=status, title=title, code=status,
        what=what, where=where, mend=mend,
    )  # fmt: skip
