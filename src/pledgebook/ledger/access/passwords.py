"""Passwords: what is accepted as one, and what is kept of it (argon2id, never the password)."""

from __future__ import annotations

import functools
import re
import secrets
import threading
import tomllib
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from pledgebook.errors import UsageError
from pledgebook.ledger.access.limits import PasswordRules, load_limits

if TYPE_CHECKING:
    from argon2 import PasswordHasher

__all__ = ["Passwords", "check_password"]

_FILE = Path(__file__).parent / "data" / "common_passwords.toml"
_LONGEST_PERIOD = 4
_FEWEST_LEFT = 3


class Passwords:
    """Makes and checks hashes; a few at once, since each takes its memory and its time."""

    def __init__(self, rules: PasswordRules | None = None) -> None:
        self.rules = rules or load_limits().password
        self._turns = threading.BoundedSemaphore(self.rules.at_once)

    @functools.cached_property
    def _hasher(self) -> PasswordHasher:
        try:
            from argon2 import PasswordHasher
        except ImportError as error:
            raise UsageError(
                "passwords need argon2-cffi", mend="Install it: pip install 'pledgebook[web]'"
            ) from error
        return PasswordHasher(
            time_cost=self.rules.passes, memory_cost=self.rules.memory, parallelism=self.rules.lanes
        )

    @functools.cached_property
    def _nobodys(self) -> str:
        """A hash that no password fits, so that an unknown name takes as long as a known one."""
        return self._hasher.hash(secrets.token_bytes())

    def hash(self, password: str) -> str:
        """Return what is kept of a password; it carries its own salt and parameters."""
        with self._turns:
            return self._hasher.hash(_bytes(password))

    def fits(self, kept: str | None, password: str) -> bool:
        """Tell whether a password is the one. `None` takes as long, and never fits."""
        from argon2.exceptions import InvalidHashError, VerificationError

        typed = _bytes(password)
        if len(typed) > self.rules.most_bytes:
            typed = b""  # nobody has such a password; it takes as long as any other to be refused
        nobodys = self._nobodys
        with self._turns:
            try:
                self._hasher.verify(kept or nobodys, typed)
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None

    def outdated(self, kept: str) -> bool:
        """Tell whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)


def check_password(password: str, name: str = "", rules: PasswordRules | None = None) -> None:
    """Refuse what is too short, too long, or guessed first. Raises UsageError.

    Nothing is asked of what it is made of: length is what counts.
    """
    bounds = rules or load_limits().password
    text = _normal(password)
    if len(text) < bounds.shortest:
        raise UsageError(
            "this password is too short",
            mend=f"Give {bounds.shortest} characters or more: a few words will do",
        )
    if len(text) > bounds.longest or len(_bytes(password)) > bounds.most_bytes:
        raise UsageError(
            "this password is too long", mend=f"Give {bounds.longest} characters or fewer"
        )
    if _guessed(text.casefold(), name.casefold()):
        raise UsageError(
            "this password is among the first that would be guessed",
            mend="Give a few words that belong to nobody's list, or what a password manager makes",
        )


def _normal(password: str) -> str:
    # The same keys give the same password on every keyboard and system.
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")


@functools.cache
def _data() -> tuple[frozenset[str], tuple[str, ...], dict[int, str]]:
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    walks = [walk * 3 for walk in data["walks"]]
    return (
        frozenset(data["stems"]),
        tuple(walks + [walk[::-1] for walk in walks]),
        str.maketrans(data["stands_for"]),
    )


def _guessed(text: str, name: str) -> bool:
    stems, walks, letters = _data()
    if _repeated(text, _LONGEST_PERIOD) or any(text in walk for walk in walks):
        return True
    own = {name} if len(name) >= _FEWEST_LEFT else set()
    edges = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    for form in (text, text.translate(letters), edges, edges.translate(letters)):
        bare = re.sub(r"[\W\d_]+", "", form)
        if {form, bare, _once(bare)} & (stems | own):
            return True
    return False


def _repeated(text: str, longest: int) -> bool:
    """Tell whether a text says the same few signs again and again."""
    return any(
        text == (text[:period] * (len(text) // period + 1))[: len(text)]
        for period in range(1, min(longest, len(text) - 1) + 1)
    )


def _once(text: str) -> str:
    """Return what a text says several times, said once; any other text as it is."""
    for period in range(1, len(text) // 2 + 1):
        if len(text) % period == 0 and text == text[:period] * (len(text) // period):
            return text[:period]
    return text
