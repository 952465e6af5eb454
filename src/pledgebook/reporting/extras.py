"""What is installed only with an extra, and how to say that it is not there."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

from pledgebook.errors import UsageError

__all__ = ["require"]


def require(extra: str, what: str, modules: Iterable[str]) -> None:
    """Raise UsageError where a module of an extra is not installed; it is not imported for that.

    `what` is what needs them, as the beginning of a sentence: "A chart".
    """
    names = [*modules]
    if all(find_spec(name) is not None for name in names):
        return
    listed = " and ".join(name.replace("_", "-") for name in names)
    raise UsageError(
        f"{what} needs {listed}", mend=f"Install them: pip install 'pledgebook[{extra}]'"
    )
