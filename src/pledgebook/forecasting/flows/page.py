"""The page: how many draws go through the kernel side by side."""

from __future__ import annotations

__all__ = ["PAGE"]

PAGE = 512
"""A row of a page (4 KB) and the few rows that a step touches stay in the nearest cache. The words
of a stream hang on it too, so another size gives other draws."""
