"""From a question in the address to what is played: ready, being prepared, or wrong in a field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import HTTPException

from pledgebook.errors import NotFoundError
from pledgebook.web.balance.asked import Question, day_of
from pledgebook.web.balance.assuming import read
from pledgebook.web.balance.desk import Desk, Ready, Telling
from pledgebook.web.balance.kernel import lacking
from pledgebook.web.live import Live, View

if TYPE_CHECKING:
    from pledgebook.web.balance.listing import Line

__all__ = ["PATIENCE", "Answer", "answer_to", "lines_shown", "ready_for"]

PATIENCE = 2.5
"""Seconds that a page waits for what is being prepared, before it says that it is."""
_FILES_PATIENCE = 20.0


@dataclass(slots=True)
class Answer:
    """How far a question got. `missing` says what to install, `preparing` what is being made ready.

    `ready` is None where there is anything of these, or a fault in a field. `fresh` is whether it
    is of the book as it is now, and not of a moment before.
    """

    question: Question
    view: View
    course: str = "steady"
    missing: str = ""
    preparing: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    telling: Telling | None = None
    ready: Ready | None = None
    fresh: bool = True


def answer_to(question: Question, desk: Desk, live: Live, wait: float = PATIENCE) -> Answer:
    """Get a question as far as it gets in so many seconds. Raises UsageError for `as_of` alone."""
    found = Answer(question, live.view(day_of(question)), missing=lacking())
    if found.missing:
        return found
    if not desk.kernel.wait(wait):
        found.missing = desk.kernel.fault
        if found.missing:
            return found
        found.preparing = (
            "The program that plays thousands of courses is being compiled. It takes half a "
            "minute, once for each installation."
        )
        return found
    told = desk.telling(found.view, wait)
    if told is None:
        found.preparing = (
            "How promises are kept is being learned from all of them. In a book with thousands of "
            "promises that takes minutes."
        )
        return found
    found.telling, found.fresh = told.value, told.fresh
    asked = read(question, told.value.told.book.as_of)
    found.faults, found.course = asked.faults, asked.course
    if asked.request is None:
        return found
    try:
        made = desk.ready(told.value, asked.request, wait)
    except NotFoundError as error:
        found.faults["item"] = str(error)
        return found
    if made is None:
        found.preparing = "When each open promise arrives is being worked out."
        return found
    found.ready, found.fresh = made.value, found.fresh and made.fresh
    return found


def ready_for(question: Question, desk: Desk, live: Live) -> Answer:
    """Return an answer that is ready, for a file. Raises HTTPException where it is not."""
    found = answer_to(question, desk, live, _FILES_PATIENCE)
    if found.ready is not None:
        return found
    if found.faults:
        raise HTTPException(400, " ".join(found.faults.values()))
    if found.missing:
        raise HTTPException(501, found.missing)
    headers = {"retry-after": "10"}
    raise HTTPException(503, f"{found.preparing} Ask again in a while.", headers)


def lines_shown(desk: Desk, view: View, asked: Question) -> tuple[list[Line], bool] | None:
    """Return the lines that fit the filters, and whether they are of the book as it is now."""
    from pledgebook.web.balance.listing import narrowed

    made = desk.lines(view, PATIENCE)
    if made is None:
        return None
    return narrowed(made.value, asked.item, asked.recipient, view.catalogue), made.fresh
