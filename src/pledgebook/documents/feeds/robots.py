"""What a host allows a robot: its robots.txt, as RFC 9309 has it, read by the standard library."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

__all__ = ["AGENT", "CLOSED", "MAX_ROBOTS_BYTES", "OPEN", "Rules", "text_for_status"]

AGENT = "pledgebook"
"""The name by which robots.txt may speak of it."""

MAX_ROBOTS_BYTES = 1_000_000
OPEN = ""
CLOSED = "User-agent: *\nDisallow: /"
_MOST_LINES = 20_000
_OK = 200


class Rules:
    """The rules of one host for Pledgebook."""

    def __init__(self, text: str) -> None:
        self._parser = RobotFileParser()
        self._parser.parse(text.splitlines()[:_MOST_LINES])

    def allows(self, url: str) -> bool:
        """Tell whether an address may be fetched."""
        return self._parser.can_fetch(AGENT, url)

    @property
    def delay(self) -> float:
        """Seconds that are to lie between two requests; 0 where nothing is said."""
        asked = [0.0]
        delay = self._parser.crawl_delay(AGENT)
        if delay is not None:
            asked.append(float(delay))
        rate = self._parser.request_rate(AGENT)
        if rate is not None and rate.requests > 0:
            asked.append(rate.seconds / rate.requests)
        return max(asked)


def text_for_status(status: int, content: bytes) -> str:
    """Return the rules that an answer for robots.txt comes to: none where there is no such file.

    A host that forbids to see its rules (401, 403) forbids the rest as well.
    """
    if status == _OK:
        return content.decode("utf-8", "replace").replace("\x00", "")
    return CLOSED if status in (401, 403) else OPEN
