"""Any page of the web can send requests to 127.0.0.1: only our own names and pages are answered."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers as Given
from starlette.responses import PlainTextResponse

from pledgebook.web.guarding.headers import App, Receive, Scope, Send
from pledgebook.web.settings import Settings

__all__ = ["Hosts"]

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Hosts:
    """Refuses requests to other hosts (DNS rebinding), and changes that other sites ask for."""

    def __init__(self, app: App, *, settings: Settings) -> None:
        self._app = app
        self._names = settings.names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "websocket":
            return
        if scope["type"] == "http" and (fault := self._fault(scope)) is not None:
            status, text = fault
            await PlainTextResponse(text + "\n", status)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _fault(self, scope: Scope) -> tuple[int, str] | None:
        headers = Given(scope=scope)
        given = headers.getlist("host")
        if len(given) != 1 or _name(f"//{given[0]}") not in self._names:
            return 421, (
                "This host is not served here. Where Pledgebook is to answer under another name, "
                "start it with --allow-host NAME."
            )
        if scope["method"] in _SAFE:
            return None
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return 403, "Another site asked for this change; it was refused."
        origin = headers.get("origin")
        if origin is not None and not _same(origin, given[0]):
            return 403, "Another site asked for this change; it was refused."
        return None


def _name(url: str) -> str | None:
    """Return the host of a URL, without its port, or None for one that is none."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return None if parts.hostname is None else parts.hostname.casefold()


def _same(origin: str, host: str) -> bool:
    return urlsplit(origin).netloc.casefold() == host.casefold()
