"""The one door to Numba: how the kernel's functions are compiled and kept.

What was compiled is kept beside the source. Numba forgets it when the file of a function changes,
not when that of a function which it calls does; so the name under which it is kept has the hash
of all sources of the kernel in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba

__all__ = ["CONSTANTS", "compiled", "inner", "leaf", "phase", "summing"]

P = ParamSpec("P")
T = TypeVar("T")

_HERE = Path(__file__).parent
CONSTANTS = frozenset({"jit", "layout", "page", "tables"})
"""Modules that are not compiled, but whose constants the compiled ones have in them."""


def _fingerprint() -> str:
    sources = {path.stem: path.read_bytes() for path in sorted(_HERE.glob("*.py"))}
    kernel = b"".join(
        source
        for name, source in sources.items()
        if name in CONSTANTS or b"flows.jit import" in source
    )
    return hashlib.blake2b(kernel, digest_size=5).hexdigest()


_NAMED = _fingerprint()


# Without its reference counts an array costs nothing to look into; nothing is allocated in there.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}


def compiled(function: Callable[P, T]) -> Callable[P, T]:
    """Compile a function that is called from Python; it runs without the interpreter's lock."""
    function.__qualname__ = f"{function.__qualname__}-{_NAMED}"
    try:
        made = numba.njit(cache=True, **_OPTIONS)(function)
    except RuntimeError:  # nowhere to keep what was compiled: compile it each time
        made = numba.njit(**_OPTIONS)(function)
    return cast("Callable[P, T]", made)


def inner(function: Callable[P, T]) -> Callable[P, T]:
    """Compile a function that the kernel calls."""
    return cast("Callable[P, T]", numba.njit(**_OPTIONS)(function))


def leaf(function: Callable[P, T]) -> Callable[P, T]:
    """Compile a small function into each place of the kernel where it is called."""
    return cast("Callable[P, T]", numba.njit(forceinline=True, **_OPTIONS)(function))


def phase(function: Callable[P, T]) -> Callable[P, T]:
    """Put a function that the kernel calls in one place there before anything is compiled.

    It is typed and optimised once, with its caller, and there are no arguments to hand over.
    """
    return cast("Callable[P, T]", numba.njit(inline="always", **_OPTIONS)(function))


def summing(function: Callable[P, T]) -> Callable[P, T]:
    """Compile a small function of the kernel whose sums may be taken several at a time.

    The order of such a sum hangs on the width of the processor's vectors, never on threads.
    """
    loose = {"reassoc", "nsz", "contract"}
    return cast(
        "Callable[P, T]", numba.njit(forceinline=True, fastmath=loose, **_OPTIONS)(function)
    )
