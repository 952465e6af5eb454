"""Requests as a polite guest makes them: robots.txt first, one at a time per host, with pauses.

A request is a generator: it yields the seconds that it has to wait, and returns what it got. So one
thread serves many hosts, and nothing happens behind anybody's back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from pledgebook.documents.feeds.addresses import canonical, host_of
from pledgebook.documents.feeds.robots import (
    AGENT,
    CLOSED,
    MAX_ROBOTS_BYTES,
    Rules,
    text_for_status,
)
from pledgebook.documents.feeds.times import retry_after
from pledgebook.documents.fetch import Answer, Fetcher, RefusalError, UnreachableError
from pledgebook.errors import FetchError

if TYPE_CHECKING:
    import httpx

__all__ = ["PATIENCE", "Got", "Hosts", "LaterError", "Polite", "RobotsError", "agent_name"]

PATIENCE = 30.0
"""Seconds that a poll waits for a host; what takes longer is left for a later poll."""

_PAUSE = 1.0
_MOST_HOPS = 5
_PERMANENT = frozenset({301, 308})
_TOO_MANY, _SERVER_FAULTS = 429, 500
_ROBOTS_LIFE = dt.timedelta(days=1)

Waiting = Generator[float, None, "Got"]


class LaterError(FetchError):
    """A host that is not to be asked before `again`; `failed` where it was asked, and failed."""

    def __init__(self, what: str, where: str, again: dt.datetime, *, failed: bool) -> None:
        super().__init__(
            what, where=where, mend=f"it is asked again after {again:%Y-%m-%d %H:%M} UTC"
        )
        self.again = again
        self.failed = failed


class RobotsError(FetchError):
    """An address that the robots.txt of its host forbids."""


class Hosts(Protocol):
    """What is remembered of hosts, by all who poll: who asks one now, and when it may be asked."""

    def take(self, host: str) -> dt.datetime | None:
        """Take a host for one request; else return the instant at which to try again."""

    def give(self, host: str, pause: dt.timedelta) -> None:
        """Give a host back that answered; it is left alone for `pause`."""

    def fail(self, host: str, not_before: dt.datetime | None) -> dt.datetime:
        """Give a host back that failed; return from when on it may be asked again."""

    def robots(self, host: str) -> str | None:
        """Return what is remembered of a host's robots.txt, None where that is nothing, or old."""

    def keep_robots(self, host: str, text: str, until: dt.datetime) -> None:
        """Remember the robots.txt of a host."""


@dataclass(frozen=True, slots=True)
class Got:
    """An answer, and where it was found."""

    answer: Answer
    moved_to: str | None = None
    """The address to ask from now on, where the old one said for good that it moved."""


def agent_name(release: str, contact: str | None = None) -> str:
    """Return how Pledgebook names itself to servers: its name, what it does, whom to write to."""
    return f"{AGENT}/{release} (feeds{f'; {contact}' if contact else ''})"


class Polite:
    """Makes requests through one fetcher, and keeps what hosts ask for."""

    def __init__(
        self, fetcher: Fetcher, hosts: Hosts, clock: Callable[[], dt.datetime], agent: str
    ) -> None:
        self._fetcher = fetcher
        self._hosts = hosts
        self._clock = clock
        self._agent = agent

    def get(
        self, url: str, headers: Mapping[str, str] | None = None, *, max_bytes: int | None = None
    ) -> Waiting:
        """Follow an address to its end, host by host.

        Raises RobotsError, LaterError, RefusalError, and FetchError where it fails otherwise. An
        answer of any other status than 429 and 5xx is returned.
        """
        import httpx

        cookies = httpx.Cookies()
        address, moved_to, permanent = url, None, True
        for _ in range(_MOST_HOPS + 1):
            rules = yield from self._rules(address)
            if not rules.allows(address):
                what = "the robots.txt of its host asks robots to leave it alone"
                raise RobotsError(what, where=url, mend="read it by hand, or ask the publisher")
            pause = max(_PAUSE, rules.delay)
            answer = yield from self._once(address, url, headers, cookies, pause, max_bytes)
            if answer.leads_to is None:
                return Got(answer, moved_to)
            permanent = permanent and answer.status in _PERMANENT
            address = answer.leads_to
            if permanent:
                moved_to = canonical(address)
        raise FetchError(
            f"it leads on more than {_MOST_HOPS} times",
            where=url,
            mend="open it in a browser and give the last address",
        )

    def _once(
        self,
        address: str,
        asked: str,
        headers: Mapping[str, str] | None,
        cookies: httpx.Cookies,
        pause: float,
        max_bytes: int | None,
    ) -> Generator[float, None, Answer]:
        """Make one request once its host may be asked."""
        host = host_of(address) or address
        yield from self._wait(host, asked)
        told = {"User-Agent": self._agent, **(headers or {})}
        try:
            answer = self._fetcher.ask(address, told, cookies=cookies, max_bytes=max_bytes)
        except UnreachableError as error:
            again = self._hosts.fail(host, None)
            raise LaterError(error.what, asked, again, failed=True) from error
        except BaseException:
            self._hosts.give(host, dt.timedelta(seconds=pause))
            raise
        if answer.status == _TOO_MANY or answer.status >= _SERVER_FAULTS:
            at = retry_after(answer.headers.get("retry-after"), self._clock())
            again = self._hosts.fail(host, at)
            what = f"it answers {answer.status} {answer.phrase}".rstrip()
            raise LaterError(what, asked, again, failed=True)
        self._hosts.give(host, dt.timedelta(seconds=pause))
        return answer

    def _wait(self, host: str, asked: str) -> Generator[float, None, None]:
        """Wait until the host is ours. Raises LaterError where that is not soon."""
        waited = 0.0
        while (at := self._hosts.take(host)) is not None:
            # A little more than nothing, so that a clock that is behind does not make it spin.
            seconds = max(0.05, (at - self._clock()).total_seconds())
            waited += seconds
            if waited > PATIENCE:
                raise LaterError(f"{host} is not to be asked yet", asked, at, failed=False)
            yield seconds

    def _rules(self, address: str) -> Generator[float, None, Rules]:
        host = host_of(address)
        kept = self._hosts.robots(host)
        if kept is None:
            kept = yield from self._fetch_rules(address)
            self._hosts.keep_robots(host, kept, self._clock() + _ROBOTS_LIFE)
        return Rules(kept)

    def _fetch_rules(self, address: str) -> Generator[float, None, str]:
        """Return the robots.txt of a host; one that cannot be had now puts the request off."""
        import httpx

        parts = urlsplit(address)
        cookies = httpx.Cookies()
        at = f"{parts.scheme}://{parts.netloc}/robots.txt"
        for _ in range(_MOST_HOPS + 1):
            try:
                answer = yield from self._once(at, address, None, cookies, _PAUSE, MAX_ROBOTS_BYTES)
            except (LaterError, RefusalError):
                raise
            except FetchError:
                return CLOSED  # A file that is far too long, or that cannot be unpacked.
            if answer.leads_to is None:
                return text_for_status(answer.status, answer.content)
            at = answer.leads_to
        return text_for_status(404, b"")
