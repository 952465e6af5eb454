"""What bulk work needs beyond the core, and how to say that it is not there."""

from __future__ import annotations

from importlib.util import find_spec

from pledgebook.errors import UsageError

__all__ = ["require_extra"]

_MODULES = ("dask", "distributed", "datasketch", "fsspec", "polars", "warcio")


def require_extra() -> None:
    """Raise UsageError where a module of the extra is not installed; none is imported for that."""
    missing = [name for name in _MODULES if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"bulk work needs {', '.join(missing)}",
            mend="Install the extra: pip install 'pledgebook[bulk]'",
        )
