"""Who asks: on one's own machine whoever has the key that the server printed."""

from __future__ import annotations

import functools
import hashlib
import hmac
from http.cookies import CookieError, SimpleCookie
from typing import Protocol
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers as Given
from starlette.responses import RedirectResponse

from pledgebook.ledger.access.roles import Role
from pledgebook.ledger.moments import who
from pledgebook.web.guarding.headers import App, Receive, Scope, Send
from pledgebook.web.person import NOBODY, Person
from pledgebook.web.settings import Settings

__all__ = ["Knowing", "KnowsPeople", "OwnMachine", "cookies_of"]


class KnowsPeople(Protocol):
    """Tells who sends a request, by its cookies or its bearer token.

    `blocks` says that it may have to wait for a database.
    """

    blocks: bool

    def person(self, cookies: dict[str, str], bearer: str | None) -> Person:
        """Return who it is; NOBODY where that is not known."""
        ...

    def welcome(self, key: str) -> tuple[str, str] | None:
        """Return the cookie, name and value, for whoever came with a key in the address."""
        ...


class OwnMachine:
    """The one user of a server that only this machine reaches."""

    blocks = False

    def __init__(self, settings: Settings) -> None:
        self._key = settings.key
        # Cookies do not know ports: another server of ours may run beside this one.
        self._cookie = f"pledgebook_{settings.port}"
        csrf = hmac.new(self._key.encode(), b"csrf", hashlib.sha256).hexdigest()
        self._person = Person(who(settings.by), Role.ADMIN, csrf)
        self._by_token = Person(self._person.name, Role.ADMIN)

    def person(self, cookies: dict[str, str], bearer: str | None) -> Person:
        """Return the user for the key in the cookie, or in a header Authorization: Bearer."""
        if bearer is not None:
            return self._by_token if self._is_key(bearer) else NOBODY
        return self._person if self._is_key(cookies.get(self._cookie, "")) else NOBODY

    def welcome(self, key: str) -> tuple[str, str] | None:
        """Return the cookie for whoever came with the key."""
        return (self._cookie, key) if self._is_key(key) else None

    def _is_key(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._key.encode())


class Knowing:
    """Puts the person into the state of the request; the key in an address becomes a cookie."""

    def __init__(self, app: App, *, people: KnowsPeople, settings: Settings) -> None:
        self._app = app
        self._people = people
        self._secure = settings.secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "GET" and b"key=" in scope["query_string"]:
            answer = self._welcomed(scope)
            if answer is not None:
                await answer(scope, receive, send)
                return
        headers = Given(scope=scope)
        scheme, _, token = headers.get("authorization", "").partition(" ")
        bearer = token.strip() if scheme.casefold() == "bearer" else None
        asked = functools.partial(self._people.person, cookies_of(headers), bearer)
        person = await run_in_threadpool(asked) if self._people.blocks else asked()
        scope.setdefault("state", {})["person"] = person
        await self._app(scope, receive, send)

    def _welcomed(self, scope: Scope) -> RedirectResponse | None:
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        cookie = self._people.welcome(dict(pairs).get("key", ""))
        if cookie is None:
            return None
        left = urlencode([(name, value) for name, value in pairs if name != "key"])
        # Relative to this host, however many slashes the path begins with.
        path = "/" + scope["path"].lstrip("/\\")
        answer = RedirectResponse(f"{path}?{left}" if left else path, 303)
        name, value = cookie
        answer.set_cookie(name, value, httponly=True, samesite="lax", secure=self._secure, path="/")
        return answer


def cookies_of(headers: Given) -> dict[str, str]:
    """Return the cookies of a request; none where they cannot be read."""
    jar = SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
    except CookieError:
        return {}
    return {name: held.value for name, held in jar.items()}
