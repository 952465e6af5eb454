"""Names to sign in with, and addresses, in the form in which they are compared."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import unicodedata
from collections.abc import Iterable

from pledgebook.errors import UsageError

__all__ = [
    "address_key",
    "checked_name",
    "free_name",
    "mixed_word",
    "name_digest",
    "name_key",
    "shown_name",
]

_NAME = re.compile(r"\w[\w.@+-]{0,63}")
_LONGEST_SHOWN = 120
_LONGEST_TYPED = 200
_LONGEST_ADDRESS = 100
_NETWORK = 64
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK"})
"""Alphabets with letters that look the same."""


def name_key(name: str) -> str:
    """Return a name as it is compared: case, width and composition make no other person."""
    folded = unicodedata.normalize("NFKC", name[:_LONGEST_TYPED]).casefold()
    return unicodedata.normalize("NFKC", folded).strip()


def name_digest(name: str) -> str:
    """Return what the log of sign-ins keeps of a name: people type passwords into that field."""
    return hashlib.sha256(name_key(name).encode("utf-8", "surrogatepass")).hexdigest()


def checked_name(name: str) -> str:
    """Return a name that somebody can sign in with. Raises UsageError."""
    found = unicodedata.normalize("NFKC", name).strip()
    if mixed := mixed_word(found):
        raise UsageError(
            f"{mixed!r} mixes letters of several alphabets, which look alike",
            mend="Write each part of the name in one alphabet",
        )
    if _NAME.fullmatch(found) is None:
        raise UsageError(
            f"{name!r} cannot be a name to sign in with",
            mend="Give 1 to 64 letters, digits and . _ - + @, beginning with a letter or digit",
        )
    return found


def mixed_word(name: str) -> str | None:
    """Return the first word in which Latin letters stand with Cyrillic or Greek ones, or None.

    Letters that look alike make another's name of one's own: "admin" with a Cyrillic first letter.
    """
    word: str
    for word in re.findall(r"[^\W\d_]+", name):
        alphabets = {unicodedata.name(letter, "").partition(" ")[0] for letter in word}
        if len(alphabets & _ALIKE) > 1:
            return word
    return None


def free_name(wanted: str, taken: Iterable[str], seed: str) -> str:
    """Return a name like the one wanted that nobody has; `seed` tells equal wishes apart."""
    plain = re.sub(r"[^\w.@+-]+", ".", unicodedata.normalize("NFKC", wanted)).lstrip(".@+-")[:50]
    if mixed_word(plain):
        plain = ""
    keys = {name_key(name) for name in taken}
    digest = hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()
    tries = [plain or "person", *(f"{plain or 'person'}-{digest[:size]}" for size in (6, 12))]
    return next(name for name in tries if name_key(name) not in keys)


def shown_name(text: str) -> str:
    """Return a name to show, in one line and without control characters. Raises UsageError."""
    found = " ".join(unicodedata.normalize("NFC", text).split())
    if len(found) > _LONGEST_SHOWN or any(
        unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") for sign in found
    ):
        raise UsageError(
            "this name cannot be shown",
            mend=f"Give up to {_LONGEST_SHOWN} signs, none of them a control character",
        )
    if mixed := mixed_word(found):
        raise UsageError(
            f"{mixed!r} mixes letters of several alphabets, which look alike",
            mend="Write each word of the name in one alphabet",
        )
    return found


def address_key(address: str) -> str:
    """Return what counts as one address: of IPv6 its /64 network, which one household has.

    What is no address (a socket, a proxy's word) counts as it is.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:_LONGEST_ADDRESS]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, _NETWORK), strict=False))
    return str(found)
