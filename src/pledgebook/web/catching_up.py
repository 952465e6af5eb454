"""Whoever changes the book sees the change on the next page: their answer waits for the view."""

from __future__ import annotations

from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pledgebook.errors import PledgebookError
from pledgebook.web.live import Live

__all__ = ["CatchingUp"]

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_REFUSED = 400


class CatchingUp:
    """Answers a request that may have changed the book once the present view has the change.

    Readers need not wait then: they are shown the last view that was finished.
    """

    def __init__(self, app: ASGIApp, live: Live) -> None:
        self._app = app
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] in _SAFE:
            await self._app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < _REFUSED:
                # The change was made; what hinders the view is told by the page that needs it.
                with suppress(PledgebookError):
                    await run_in_threadpool(self._live.catch_up)
            await send(message)

        await self._app(scope, receive, answer)
