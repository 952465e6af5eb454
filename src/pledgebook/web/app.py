"""The application: its parts put together."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from pledgebook.book import Book
from pledgebook.ledger.ledger import Ledger
from pledgebook.ledger.moments import Day, Instant
from pledgebook.ledger.search.search import Search
from pledgebook.web import pages
from pledgebook.web.balance.desk import Desk
from pledgebook.web.catching_up import CatchingUp
from pledgebook.web.faults import add_faults
from pledgebook.web.feeds.looking import Looks
from pledgebook.web.feeds.watching import Watching
from pledgebook.web.gathering.jobs import Jobs
from pledgebook.web.guarding.headers import Headers
from pledgebook.web.guarding.hosts import Hosts
from pledgebook.web.guarding.knowing import Knowing, KnowsPeople, OwnMachine
from pledgebook.web.guarding.sizes import Sizes
from pledgebook.web.keeping import Kept
from pledgebook.web.live import Live
from pledgebook.web.overview.ahead import Lookout
from pledgebook.web.people.acting import Acting
from pledgebook.web.people.knowing import Team
from pledgebook.web.people.oidc import Issuer
from pledgebook.web.plans.searches import Searches
from pledgebook.web.plans.shelf import Shelf
from pledgebook.web.rendering import static_folder
from pledgebook.web.settings import Settings

__all__ = ["create_app"]


def create_app(
    book: Book, settings: Settings | None = None, people: KnowsPeople | None = None
) -> FastAPI:
    """Return the app of a book. The book is not closed with it.

    `people` tells who asks; None for the persons of the book, where the settings ask for accounts,
    and for the one user of this machine where they do not.
    """
    settings = settings or Settings()
    app = FastAPI(
        title="Pledgebook",
        version=version("pledgebook"),
        summary="What was asked, pledged, ordered and delivered, traced to its sentences.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.book = book
    app.state.live = Live(book)
    app.state.kept = Kept()
    app.state.search = _search(book)
    app.state.desk = Desk(book)
    app.state.lookout = Lookout(app.state.live, app.state.desk)
    app.state.catalogue = book.catalogue
    app.state.place = book.place
    app.state.searches = Searches(settings.source)
    app.state.shelf = Shelf(_folder(book, settings))
    app.state.jobs = Jobs(book, allow_local=settings.allow_local)
    app.state.looks = Looks(book, allow_local=settings.allow_local)
    app.state.watching = Watching(
        book, on=settings.watch, allow_local=settings.allow_local, named=settings.accounts
    )
    team = Team(book.gate, settings) if settings.accounts and people is None else None
    app.state.people = people or team or OwnMachine(settings)
    app.state.issuer = Issuer(settings.oidc) if settings.oidc is not None else None
    app.state.workers = [
        app.state.jobs, app.state.searches, app.state.desk, app.state.looks, app.state.watching,
    ]  # fmt: skip
    add_faults(app)
    for router in _routers():
        app.include_router(router)
    app.mount("/static", _Static(directory=static_folder()), name="static")
    # The last one added is the first that a request meets.
    app.add_middleware(CatchingUp, live=app.state.live)
    app.add_middleware(Acting, gate=book.gate, paced=team is not None)
    app.add_middleware(Knowing, people=app.state.people, settings=settings)
    app.add_middleware(Sizes, settings=settings)
    app.add_middleware(Hosts, settings=settings)
    app.add_middleware(Headers, secure=settings.secure)
    return app


def _search(book: Book) -> Search:
    def ledgers(*, as_of: Day | None = None, recorded_as_of: Instant | None = None) -> Ledger:
        if as_of is None and recorded_as_of is None:
            return book.live.view(wait=False).ledger
        return book.ledger(as_of=as_of, recorded_as_of=recorded_as_of)

    return Search(book.store, ledgers, lambda: book.catalogue, beside=True)


def _folder(book: Book, settings: Settings) -> Path:
    """Return where scenarios are kept: beside the file of a book, else among the user's data."""
    if settings.folder is not None:
        return settings.folder.expanduser().absolute()
    if "://" not in book.place:
        return Path(f"{book.place}.plans")
    import platformdirs

    name = re.sub(r"[^a-z0-9]+", "-", book.place.casefold()).strip("-")
    return Path(platformdirs.user_data_dir("pledgebook")) / "plans" / name


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Start what works beside the requests, and end it with the server."""
    workers: list[Any] = getattr(app.state, "workers", [])
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        for worker in reversed(workers):
            worker.stop()


def _routers() -> list[APIRouter]:
    """Return the router of every module of `pages`, in the order of their names."""
    found = []
    for module in sorted(pkgutil.iter_modules(pages.__path__), key=lambda one: one.name):
        loaded = import_module(f"{pages.__name__}.{module.name}")
        router = getattr(loaded, "router", None)
        if isinstance(router, APIRouter):
            found.append(router)
    return found


class _Static(StaticFiles):
    """Files of the package; those asked for with the mark of their content may be kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Any:  # noqa: ANN401 - as starlette has it
        """Return one file."""
        answer = await super().get_response(path, scope)
        marked = b"v=" in scope.get("query_string", b"")
        kept = "public, max-age=31536000, immutable" if marked else "public, max-age=300"
        answer.headers["cache-control"] = kept
        return answer
