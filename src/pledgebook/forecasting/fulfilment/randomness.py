"""Streams of random numbers that hang on a seed and on names, never on an order."""

from __future__ import annotations

import hashlib

import numpy as np

__all__ = ["stream"]


def stream(seed: int, *names: str) -> np.random.Generator:
    """Return a counter-based generator of its own for a seed and some names."""
    text = "\0".join((str(seed), *names)).encode()
    key = np.frombuffer(hashlib.sha256(text).digest()[:16], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))
