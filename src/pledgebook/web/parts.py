"""What the pages of an app share: its book, its views, its settings, who asks."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from pledgebook.book import Book
from pledgebook.ledger.store import Store
from pledgebook.web.asking import AskedFor
from pledgebook.web.keeping import Kept
from pledgebook.web.live import Live, View
from pledgebook.web.person import Person, person_of
from pledgebook.web.settings import Settings

__all__ = [
    "AskedView",
    "TheBook",
    "TheKept",
    "TheLive",
    "ThePerson",
    "TheSettings",
    "TheStore",
    "TheView",
]


def _book(request: Request) -> Book:
    found: Book = request.app.state.book
    return found


def _store(request: Request) -> Store:
    found: Store = request.app.state.book.store
    return found


def _kept(request: Request) -> Kept:
    found: Kept = request.app.state.kept
    return found


def _live(request: Request) -> Live:
    found: Live = request.app.state.live
    return found


def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def _view(request: Request) -> View:
    return _live(request).view()


def _asked_view(request: Request, asked: AskedFor) -> View:
    return _live(request).view(asked.as_of)


TheBook = Annotated[Book, Depends(_book)]
TheStore = Annotated[Store, Depends(_store)]
TheKept = Annotated[Kept, Depends(_kept)]
"""Answers that were worked out of a view already."""

TheLive = Annotated[Live, Depends(_live)]
TheSettings = Annotated[Settings, Depends(_settings)]
ThePerson = Annotated[Person, Depends(person_of)]
TheView = Annotated[View, Depends(_view)]
"""The present view of the book."""

AskedView = Annotated[View, Depends(_asked_view)]
"""The view of the day that the address names, the present one where it names none."""
