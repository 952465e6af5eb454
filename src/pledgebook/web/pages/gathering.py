"""Adding documents: files, pasted text, addresses; how the reading goes, and what was wrong."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import Annotated

from fastapi import APIRouter, File, Form, HTTPException, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from pledgebook.errors import UsageError
from pledgebook.ledger.access.roles import Right
from pledgebook.ledger.moments import to_day
from pledgebook.web.gathering.jobs import Item, Job, Jobs
from pledgebook.web.gathering.taking import address_items, file_items, new_folder, text_items
from pledgebook.web.parts import ThePerson, TheSettings
from pledgebook.web.person import needs
from pledgebook.web.rendering import page

__all__ = ["router"]

router = APIRouter()
_HX = "hx-request"


def _jobs(request: Request) -> Jobs:
    found: Jobs = request.app.state.jobs
    return found


@router.get("/upload", dependencies=[needs(Right.READ)], include_in_schema=False)
def upload(request: Request, settings: TheSettings) -> Response:
    """Show the ways to add documents, and what was given lately."""
    return page(
        request,
        "pages/upload.html",
        title="Add documents",
        jobs=_jobs(request).newest()[:10],
        most=settings.max_body,
    )


@router.post("/upload", dependencies=[needs(Right.UPLOAD)], include_in_schema=False)
def give(
    request: Request,
    person: ThePerson,
    files: Annotated[list[UploadFile] | None, File()] = None,
    text: Annotated[str, Form()] = "",
    title: Annotated[str, Form(max_length=500)] = "",
    addresses: Annotated[str, Form(max_length=20_000)] = "",
    date: Annotated[str, Form(max_length=40)] = "",
    lang: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Take what was given and begin to read it; nothing waits for the end."""
    named = [one for one in files or () if one.filename]
    folder = new_folder()
    try:
        items: list[Item] = []
        if named:
            items += file_items([(one.filename or "", one.file) for one in named], folder)
        if text.strip():
            items += text_items(text, title, folder)
        if addresses.strip():
            items += address_items(addresses)
        _check(items)
        job = _jobs(request).give(
            items,
            by=person.name,
            at=dt.datetime.now(dt.UTC),
            date=to_day(date.strip() or None),
            lang=_language(lang),
            folder=folder,
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if job is None:
        shutil.rmtree(folder, ignore_errors=True)
        raise HTTPException(503, "Too much waits to be read; try again when some of it is through")
    return RedirectResponse(f"/upload/{job.id}", 303)


def _check(items: list[Item]) -> None:
    if not items:
        raise UsageError(
            "nothing was given", mend="Choose a file, paste a text, or give an address"
        )


def _language(name: str) -> str | None:
    from pledgebook.documents.finish import language_code

    if not name.strip():
        return None
    found = language_code(name.strip())
    if found is None:
        raise UsageError(f"{name.strip()!r} is no language code", mend="Give one such as en or uk")
    return found


@router.get("/upload/{name}", dependencies=[needs(Right.READ)], include_in_schema=False)
def progress(request: Request, name: str) -> Response:
    """Show how far a reading is, file by file."""
    job = _known(request, name)
    template = "parts/upload_progress.html" if _HX in request.headers else "pages/upload_job.html"
    return page(request, template, title="Reading", job=job)


@router.post("/upload/{name}/cancel", dependencies=[needs(Right.UPLOAD)], include_in_schema=False)
def cancel(request: Request, name: str) -> Response:
    """Read nothing more of what was given; what was read stays."""
    _known(request, name)
    _jobs(request).cancel(name)
    return RedirectResponse(f"/upload/{name}", 303)


def _known(request: Request, name: str) -> Job:
    job = _jobs(request).get(name)
    if job is None:
        raise HTTPException(
            404, "This reading is not known: it is older, or the server was started since"
        )
    return job
