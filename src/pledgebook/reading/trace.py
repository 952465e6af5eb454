"""How a reading came about: a trail of events, for whoever wants to see it.

A coder asks once for each document whether somebody listens:

    trace = current_trace()
    if trace is not None:
        trace.tell("score", start, end, scores={"pledge": 0.91, "delivery": 0.06})

Nobody listens outside `tracing()`, and then that one question is all that it costs. What a trace
is told never changes what is read.

A name says what happened. These are shown in a way of their own; any other name is shown as it is,
with its facts and scores, so that a coder may tell what nobody has thought of:

    unread      the document was not read; facts: why
    sentence    a sentence, heading, list line or row begins; facts: form
    mention     something was found; facts: kind (party, item, number, ...), value
    verb        a word that may open a statement; facts: does, states
    statement   a statement was made; facts: rule, and for fields where they came from
    nothing     an item, number or amount that came to nothing; facts: why
    left out    a statement was made and taken back; facts: why
    score       what a model makes of a piece of text; scores
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from pledgebook.vocabulary.statement import Statement

__all__ = ["Event", "Trace", "current_trace", "tracing"]


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a reading, about the text from `start` to `end`.

    `facts` are short words for a person; `scores` run from 0 to 1 where they are probabilities.
    """

    name: str
    start: int
    end: int
    facts: Mapping[str, str] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)
    statement: Statement | None = None


@dataclass(slots=True)
class Trace:
    """The events of one reading, in the order in which they happened."""

    events: list[Event] = field(default_factory=list)

    def tell(
        self,
        name: str,
        start: int,
        end: int,
        *,
        facts: Mapping[str, str] | None = None,
        scores: Mapping[str, float] | None = None,
        statement: Statement | None = None,
    ) -> None:
        """Add an event about the text from `start` to `end`."""
        self.events.append(Event(name, start, end, facts or {}, scores or {}, statement))


_listening: ContextVar[Trace | None] = ContextVar("pledgebook_trace", default=None)


def current_trace() -> Trace | None:
    """Return who listens to this reading; None, as a rule, where nobody does."""
    return _listening.get()


@contextmanager
def tracing() -> Iterator[Trace]:
    """Listen to what is read inside the `with` block, in this thread."""
    trace = Trace()
    token = _listening.set(trace)
    try:
        yield trace
    finally:
        _listening.reset(token)
