"""The one door to Numba: how the kernel's functions are compiled and kept.

What was compiled is kept beside the source. Numba forgets it when the file of a function changes,
not when that of a function which it calls does; so the name under which it is kept has the hash
of all the kernel's sources in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

import numba  # type: ignore[import-untyped]

__all__ = ["compiled", "summing"]

P = ParamSpec("P")
T = TypeVar("T")

_HERE = Path(__file__).parent


def _fingerprint() -> str:
    sources = b"".join(path.read_bytes() for path in sorted(_HERE.glob("*.py")))
    return hashlib.blake2b(sources, digest_size=5).hexdigest()


_NAMED = _fingerprint()


def compiled(function: Callable[P, T]) -> Callable[P, T]:
    """Compile a function that is called from Python; it runs without the interpreter's lock."""
    function.__qualname__ = f"{function.__qualname__}-{_NAMED}"
    try:
        made = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # nowhere to keep what was compiled: compile it each time
        made = numba.njit(nogil=True, error_model="numpy")(function)
    return cast("Callable[P, T]", made)


def inner(function: Callable[P, T]) -> Callable[P, T]:
    """Compile a function that the kernel alone calls."""
    return cast("Callable[P, T]", numba.njit(nogil=True, error_model="numpy")(function))


def summing(function: Callable[P, T]) -> Callable[P, T]:
    """Compile a function of the kernel whose sums may be taken several at a time.

    The order of such a sum hangs on the width of the processor's vectors, never on threads.
    """
    made = numba.njit(nogil=True, error_model="numpy", fastmath={"reassoc", "nsz", "contract"})
    return cast("Callable[P, T]", made(function))
