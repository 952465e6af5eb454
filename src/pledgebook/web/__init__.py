"""The local app: pages to look, ask why, correct and plan, and a JSON API under `/api/v1`.

    settings ← live ← asking ← rendering ← pages, api ← app ← serving
    guarding: hosts, origins, tokens, sizes and the headers of every answer

Everything is served from the package; no page makes a request that leaves the machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pledgebook.web.app import create_app
    from pledgebook.web.serving import serve
    from pledgebook.web.settings import Settings

__all__ = ["Settings", "create_app", "serve"]

_HOME = {"Settings": "settings", "create_app": "app", "serve": "serving"}


def __getattr__(name: str) -> object:
    """Load a part when it is first asked for: FastAPI is in the extra `web`."""
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f"pledgebook.web.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
