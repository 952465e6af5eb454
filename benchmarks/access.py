"""What coming in costs: a password, the look-up of a session or token, kept and not kept.

    python benchmarks/access.py [--book BOOK] [--times N]

Without --book it makes one in a temporary file.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pledgebook.book import Book
from pledgebook.ledger.access.records import Actor, Session
from pledgebook.ledger.access.roles import Role

PASSWORD = "four plain words here"


def measure(says: str, times: int, call: Callable[[], object]) -> None:
    """Print the median and the 95th percentile of a call, in milliseconds."""
    spans = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        spans.append((time.perf_counter() - start) * 1000)
    high = statistics.quantiles(spans, n=20)[-1]
    print(f"{says:<34} median {statistics.median(spans):8.3f} ms   95 % {high:8.3f} ms")


class Ticking:
    """A clock that can be made to skip what is kept for seconds."""

    ahead = dt.timedelta()

    def __call__(self) -> dt.datetime:
        """Return the present instant, and what was skipped."""
        return dt.datetime.now(dt.UTC) + self.ahead


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--book", help="path or database URL of an empty book")
    parser.add_argument("--times", type=int, default=500)
    given = parser.parse_args()
    clock = Ticking()
    with (
        tempfile.TemporaryDirectory() as folder,
        Book.open(given.book or Path(folder) / "aid.db", clock=clock) as book,
    ):
        gate = book.gate
        person = gate.persons.add("admin", Role.ADMIN, by=Actor("benchmark"), password=PASSWORD)
        session = gate.sign_in("admin", PASSWORD, "127.0.0.1")
        assert isinstance(session, Session)
        _, secret = gate.tokens.add(person, "benchmark", by=Actor("benchmark"))
        measure("sign-in", 10, lambda: gate.sign_in("admin", PASSWORD, "127.0.0.1"))
        measure("session, kept", given.times, lambda: gate.person_of(session.id))
        measure("token, kept", given.times, lambda: gate.person_of_token(secret))

        def anew() -> None:
            # Beyond the seconds that a look-up is trusted for, and not beyond the session's.
            clock.ahead += dt.timedelta(seconds=gate.limits.session.trust)
            gate.person_of(session.id)

        measure("session, looked up in the book", given.times, anew)


if __name__ == "__main__":
    main()
