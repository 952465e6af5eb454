"""Feeds: what is watched, added, paused and taken off; looked at now; taken along as a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, HTTPException, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from pledgebook.documents.feeds.feeds_file import FeedsError
from pledgebook.documents.feeds.settings import FeedsFile
from pledgebook.errors import NotFoundError, Problem, UsageError
from pledgebook.ledger.access.roles import Right
from pledgebook.ledger.feeds.watched import WatchedFeed, feed_id
from pledgebook.reporting.feeds_table import outcome_text
from pledgebook.web.feeds.file import read_file, to_toml
from pledgebook.web.feeds.forms import Faults, FeedForm, faults_of
from pledgebook.web.feeds.looking import Looks
from pledgebook.web.feeds.showing import FeedCard, card_of, feeds_as_table
from pledgebook.web.feeds.watching import Watching
from pledgebook.web.parts import TheBook, ThePerson
from pledgebook.web.person import needs
from pledgebook.web.rendering import page
from pledgebook.web.tables import Table, offer_table

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_READ, _WATCH = [needs(Right.READ)], [needs(Right.WATCH)]
_HX = "hx-request"
# By name, so that nobody makes this page say something by a link.
_SAID = {
    "added": "The feed is on the shelf, and is looked at now.",
    "changed": "The feed is changed; it is looked at anew when it is polled next.",
    "paused": "The feed is paused: it is not polled until you resume it.",
    "resumed": "The feed is watched again.",
    "removed": "The feed is off the shelf. What was read from it stays in the book.",
    "imported": "The feeds of the file are on the shelf.",
    "contact": "The feeds of the file are on the shelf. Its contact is told to servers by "
    "`pledgebook watch` alone, not from here.",
}


@dataclass(frozen=True)
class _Wrong:
    """A form that cannot be taken as it was filled in: the one to add, or that of a feed."""

    form: FeedForm = field(default_factory=FeedForm)
    faults: Faults = field(default_factory=dict)
    feed: str = ""
    file: tuple[Problem, ...] = ()
    """The faults of a file of feeds."""


def _looks(request: Request) -> Looks:
    found: Looks = request.app.state.looks
    return found


def _form(
    url: Annotated[str, Form(max_length=4000)] = "",
    # Not `name`: so the feed is called in the address.
    called: Annotated[str, Form(alias="name", max_length=1000)] = "",
    every: Annotated[str, Form(max_length=40)] = "",
    include: Annotated[str, Form(max_length=10_000)] = "",
    exclude: Annotated[str, Form(max_length=10_000)] = "",
    follow: Annotated[str, Form(max_length=10)] = "",
) -> FeedForm:
    return FeedForm(url, called, every, include, exclude, bool(follow))


TheForm = Annotated[FeedForm, Depends(_form)]


@router.get("/feeds", dependencies=_READ)
def feeds(
    request: Request, book: TheBook, done: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """Show what is watched."""
    return _page(request, book, said=_SAID.get(done, ""))


@router.post("/feeds", dependencies=_WATCH)
def add(request: Request, book: TheBook, person: ThePerson, form: TheForm) -> Response:
    """Put a feed on the shelf, and look at it at once."""
    try:
        settings = form.settings()
    except FeedsError as error:
        return _page(request, book, wrong=_Wrong(form, faults_of(error)))
    name = feed_id(settings.url)
    if any(one.id == name for one in book.feeds.list()):
        says = "This feed is on the shelf already. Change it there."
        return _page(request, book, wrong=_Wrong(form, {"url": [says]}))
    book.feeds.put([settings], by=person.name)
    _looks(request).ask(name, by=person.name, at=book.store.clock())
    return _to("added", name)


@router.get("/feeds/feeds.toml", dependencies=_READ)
def take_along(book: TheBook) -> Response:
    """Give the shelf as a file that `pledgebook watch` and this page take."""
    found = book.feeds.list()
    if not found:
        raise HTTPException(404, "No feed is watched: there is nothing to take along")
    named = {"content-disposition": 'attachment; filename="feeds.toml"'}
    return Response(to_toml(found), headers=named, media_type="application/toml; charset=utf-8")


@router.post("/feeds/import", dependencies=_WATCH)
def bring(
    request: Request,
    book: TheBook,
    person: ThePerson,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Put the feeds of a file on the shelf."""
    try:
        found = _file(file)
    except FeedsError as error:
        return _page(request, book, wrong=_Wrong(file=error.problems))
    except UsageError as error:
        fault = Problem.from_error(error, code="feeds-file", source="")
        return _page(request, book, wrong=_Wrong(file=(fault,)))
    book.feeds.put(found.feeds, by=person.name)
    return _to("contact" if found.contact else "imported")


@router.get("/feeds/now", dependencies=_READ)
def polled(request: Request, book: TheBook, since: dt.datetime) -> Response:
    """Show how those feeds stand that were polled since, for the page to put in their places."""
    now, looks = book.store.clock(), _looks(request)
    since = since if since.tzinfo else since.replace(tzinfo=dt.UTC)
    cards = [card_of(one, now, looks.get(one.id)) for one in book.feeds.list()]
    # A card that is looked at asks for itself.
    fresh = [
        one
        for one in cards
        if (one.polling or (one.last and one.last >= since)) and not one.looking
    ]
    return page(
        request, "parts/feeds_polled.html", cards=fresh, again=_again(request, cards, now),
        outcome=outcome_text, in_place=True,
    )  # fmt: skip


@router.get("/feeds/{feed}", dependencies=_READ)
def one_feed(request: Request, book: TheBook, feed: str) -> Response:
    """Show how one feed stands, for the page to put in the place of what it shows."""
    found = _known(book, feed)
    return _piece(request, book, found) if _HX in request.headers else _to("", found.id)


@router.post("/feeds/{feed}/look", dependencies=_WATCH)
def look(request: Request, book: TheBook, person: ThePerson, feed: str) -> Response:
    """Poll a feed now, beside the requests."""
    found = _known(book, feed)
    if _looks(request).ask(found.id, by=person.name, at=book.store.clock()) is None:
        raise HTTPException(503, "Too many looks wait; try again when some are through")
    return _piece(request, book, found) if _HX in request.headers else _to("", found.id)


@router.post("/feeds/{feed}/change", dependencies=_WATCH)
def change(
    request: Request, book: TheBook, person: ThePerson, feed: str, form: TheForm
) -> Response:
    """Change what is said of a feed; its address stays, and so does whether it is paused."""
    found = _known(book, feed)
    form = FeedForm(
        found.settings.url, form.name, form.every, form.include, form.exclude, form.follow
    )
    try:
        settings = form.settings(found.settings)
    except FeedsError as error:
        return _page(request, book, wrong=_Wrong(form, faults_of(error), found.id))
    book.feeds.put([settings], by=person.name)
    return _to("changed", found.id)


@router.post("/feeds/{feed}/pause", dependencies=_WATCH)
def pause(book: TheBook, person: ThePerson, feed: str) -> Response:
    """Poll a feed no more until it is resumed."""
    found = _known(book, feed)
    book.feeds.pause(found.id, by=person.name)
    return _to("paused", found.id)


@router.post("/feeds/{feed}/resume", dependencies=_WATCH)
def resume(book: TheBook, person: ThePerson, feed: str) -> Response:
    """Poll a feed again that was paused or gone."""
    found = _known(book, feed)
    book.feeds.resume(found.id, by=person.name)
    return _to("resumed", found.id)


@router.post("/feeds/{feed}/remove", dependencies=_WATCH)
def remove(book: TheBook, person: ThePerson, feed: str) -> Response:
    """Take a feed off the shelf; what was read from it stays."""
    book.feeds.remove(_known(book, feed).id, by=person.name)
    return _to("removed")


def feeds_table(book: TheBook) -> Table:
    """Return the shelf as a table to download."""
    return feeds_as_table(book.feeds.list())


offer_table(router, "/tables/feeds", feeds_table)


def _file(file: UploadFile | None) -> FeedsFile:
    if file is None or not file.filename:
        raise UsageError("no file was given", mend="Choose one, such as feeds.toml")
    return read_file(file.file, file.filename)


def _known(book: TheBook, name: str) -> WatchedFeed:
    """Return a feed by its whole id: anything less would be a guess. Raises NotFoundError."""
    for one in book.feeds.list():
        if one.id == name:
            return one
    raise NotFoundError("this feed is not on the shelf", mend="See /feeds for those that are")


def _to(done: str, name: str = "") -> RedirectResponse:
    query = f"?done={done}" if done else ""
    return RedirectResponse(f"/feeds{query}{'#' + name if name else ''}", 303)


def _again(request: Request, cards: list[FeedCard], now: dt.datetime) -> str:
    """Return from when on polls are news to the page, "" where none is to be waited for."""
    watching: Watching = request.app.state.watching
    begun = watching.on and watching.fault is None and any(one.due for one in cards)
    if not begun and not any(one.polling for one in cards):
        return ""
    # A poll that goes on may have been written down before, and more comes of it.
    return min([now, *(one.last for one in cards if one.polling and one.last)]).isoformat()


def _piece(request: Request, book: TheBook, feed: WatchedFeed) -> Response:
    card = card_of(feed, book.store.clock(), _looks(request).get(feed.id))
    return page(request, "parts/feeds_now.html", card=card, outcome=outcome_text, in_place=False)


def _page(
    request: Request, book: TheBook, *, said: str = "", wrong: _Wrong | None = None
) -> Response:
    now, looks = book.store.clock(), _looks(request)
    cards = [card_of(one, now, looks.get(one.id)) for one in book.feeds.list()]
    return page(
        request,
        "pages/feeds.html",
        status=422 if wrong else 200,
        title="Feeds",
        cards=cards,
        looking=any(card.looking for card in cards),
        again=_again(request, cards, now),
        in_place=False,
        outcome=outcome_text,
        said=said,
        watching=request.app.state.watching,
        wrong=wrong or _Wrong(),
    )
