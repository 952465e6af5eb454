"""Bodies of requests have a bounded size, and a bounded time to arrive in."""

from __future__ import annotations

import asyncio
import contextlib
import time

from starlette.datastructures import Headers as Given
from starlette.responses import PlainTextResponse

from pledgebook.web.guarding.headers import App, Message, Receive, Scope, Send
from pledgebook.web.settings import Settings

__all__ = ["Sizes"]

_DRAINING_SECONDS = 3.0
_DRAINED_PIECES = 4_000
"""Of some 64 kB each, as they come from the network."""


class _RefusedError(Exception):
    """The body is too large, or too slow; the status and the reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Sizes:
    """Refuses bodies over a size (413) and those that do not arrive in time (408)."""

    def __init__(self, app: App, *, settings: Settings) -> None:
        self._app = app
        self._most = settings.max_body
        self._seconds = settings.max_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stated = Given(scope=scope).get("content-length", "0")
        if not stated.isdecimal() or int(stated[:18]) > self._most:
            await self._refuse(413, self._too_large(), scope, receive, send)
            return
        fault: list[_RefusedError] = []
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            # Whoever reads the body may take the refusal for a fault of the form.
            if not fault or begun:
                begun = True
                await send(message)

        try:
            await self._app(scope, self._bounded(receive, fault), answer)
        except _RefusedError:
            if begun:
                raise
        if fault and not begun:
            await self._refuse(fault[0].status, fault[0].reason, scope, receive, send)

    def _bounded(self, receive: Receive, fault: list[_RefusedError]) -> Receive:
        taken, whole = 0, False
        end = time.monotonic() + self._seconds

        async def bounded() -> Message:
            nonlocal taken, whole
            if whole:
                # What comes now is only that the client has gone away.
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), max(end - time.monotonic(), 0.0))
            except TimeoutError:
                fault.append(_RefusedError(408, "The request did not arrive in time."))
                raise fault[0] from None
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                whole = not message.get("more_body", False)
                if taken > self._most:
                    fault.append(_RefusedError(413, self._too_large()))
                    raise fault[0]
            return message

        return bounded

    def _too_large(self) -> str:
        return f"This is larger than {self._most / 1e6:,.0f} MB, the most that is taken at once."

    @staticmethod
    async def _refuse(status: int, reason: str, scope: Scope, receive: Receive, send: Send) -> None:
        # Whoever is cut off while sending sees no answer: what still comes is taken and let go.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAINING_SECONDS):
                for _ in range(_DRAINED_PIECES):
                    message = await receive()
                    if message["type"] != "http.request" or not message.get("more_body", False):
                        break
        headers = {"connection": "close"}
        await PlainTextResponse(reason + "\n", status, headers)(scope, receive, send)
