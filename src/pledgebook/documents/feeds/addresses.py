"""Addresses of feeds and articles: which are taken, and when two of them are the same article."""

from __future__ import annotations

import hashlib
import re
import tomllib
from functools import cache
from importlib.resources import files
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

__all__ = ["address_digest", "canonical", "host_of", "same_site"]

_LONGEST = 2000
_PORTS = {"http": 80, "https": 443}
_NO_HOST = re.compile(r"[\x00-\x20\x7f<>\"'\\^`{|}%]")


def canonical(address: str | None, base: str | None = None) -> str | None:
    """Return an address as all writings of it come to; None where it is none of a page.

    Only http and https are taken, without user names; the host becomes lower case, the fragment,
    the usual port and what only says where a reader came from go. `base` is what a relative
    address is relative to.
    """
    text = (address or "").strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        parts = urlsplit(urljoin(base, text) if base else text)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").rstrip(".")
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host or "@" in parts.netloc or _NO_HOST.search(host):
        return None
    shown = f"[{host}]" if ":" in host else host
    place = shown if port in (None, _PORTS[scheme]) else f"{shown}:{port}"
    try:
        path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._") or "/"
        found = urlunsplit((scheme, place, path, _query(parts.query), ""))
    except ValueError:  # Half a surrogate pair has no UTF-8 form.
        return None
    return found if len(found) <= _LONGEST else None


def address_digest(address: str) -> str:
    """Return a hash that is the same for an address by http and by https."""
    return hashlib.sha256(address.partition("://")[2].encode()).hexdigest()


def host_of(address: str) -> str:
    """Return the host of an address, with its port where that is not the usual one."""
    found = canonical(address)
    return urlsplit(found).netloc if found else ""


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses are of one site: one host is the other, or lies beneath it."""
    hosts = [host_of(address).removeprefix("www.") for address in (one, other)]
    first, second = hosts
    if not first or not second:
        return False
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")


def _query(query: str) -> str:
    kept = [part for part in query.split("&") if part and not _tracks(part.partition("=")[0])]
    return quote("&".join(kept), safe="/%:@!$&'()*+,;=~-._?")


def _tracks(name: str) -> bool:
    names, beginnings = _tracking()
    return name.lower() in names or name.lower().startswith(beginnings)


@cache
def _tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    source = files("pledgebook.documents").joinpath("data/tracking.toml")
    names: list[str] = tomllib.loads(source.read_text(encoding="utf-8"))["names"]
    beginnings = tuple(name.removesuffix("*") for name in names if name.endswith("*"))
    return frozenset(names), beginnings
