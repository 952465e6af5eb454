"""What persons do is noted as theirs, and nobody asks faster than a server can bear."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse

from pledgebook.ledger.access.gate import Gate
from pledgebook.ledger.access.limits import RequestRules
from pledgebook.ledger.access.noting import Action, Outcome, acting
from pledgebook.ledger.access.records import Actor
from pledgebook.ledger.access.roles import Right
from pledgebook.web.guarding.headers import App, Message, Receive, Scope, Send
from pledgebook.web.person import NOBODY, Person, person_of

__all__ = ["Acting", "Pace", "actor_of", "address_of"]

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST = 10_000
_NOTED = {Right.PLAN: Action.PLAN}
"""Rights whose use the store does not note: it keeps no plans."""


def address_of(request: Request) -> str:
    """Return the address that a request came from."""
    return request.client.host if request.client else ""


def actor_of(request: Request) -> Actor:
    """Return who asks, for the audit log."""
    person = person_of(request)
    return Actor(person.name, person.id, address_of(request))


class Pace:
    """How many requests each may make: so many a second, and some more at once."""

    def __init__(self, rules: RequestRules) -> None:
        self._rules = rules
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str, now: float) -> int:
        """Take one, and return 0; or return the seconds until there is one again."""
        with self._lock:
            left, since = self._left.pop(key, (float(self._rules.burst), now))
            left = min(left + (now - since) * self._rules.rate, self._rules.burst)
            enough = left >= 1
            self._left[key] = (left - enough, now)
            if len(self._left) > _MOST:
                self._left.popitem(last=False)
        return 0 if enough else max(round((1 - left) / self._rules.rate), 1)


class Acting:
    """Says to the store who acts; notes refusals, and what the store does not note.

    Where it is `paced`, who asks too fast has to wait: on one's own machine nobody has to.
    """

    def __init__(self, app: App, *, gate: Gate, paced: bool = True) -> None:
        self._app = app
        self._gate = gate
        self._pace = Pace(gate.limits.requests) if paced else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self._app(scope, receive, send)
            return
        person: Person = scope.get("state", {}).get("person", NOBODY)
        address = scope["client"][0] if scope.get("client") else ""
        wait = self._pace.wait(person.id or address, time.monotonic()) if self._pace else 0
        if wait:
            answer = PlainTextResponse("Too many requests: wait a moment.\n", 429)
            answer.headers["retry-after"] = str(wait)
            await answer(scope, receive, send)
            return
        status = 0

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        actor = Actor(person.name, person.id, address) if person.role is not None else None
        with acting(actor):
            await self._app(scope, receive, seen)
        if actor is not None:
            await self._note(scope, actor, status)

    async def _note(self, scope: Scope, actor: Actor, status: int) -> None:
        asked = f"{scope['method']} {scope['path']}"
        right = scope.get("state", {}).get("right")
        if status == 403:
            await run_in_threadpool(
                self._gate.audit, Action.DENIED, actor, "", outcome="refused", detail=asked
            )
        elif scope["method"] not in _SAFE and right in _NOTED:
            outcome: Outcome = "done" if 0 < status < 400 else "failed"
            await run_in_threadpool(
                self._gate.audit, _NOTED[right], actor, "", outcome=outcome, detail=asked
            )
