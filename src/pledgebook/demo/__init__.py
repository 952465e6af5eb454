"""Documents to see Pledgebook work on, with what people coded from them."""

from __future__ import annotations

from pathlib import Path

__all__ = ["CODINGS", "DOCUMENTS"]

DOCUMENTS = Path(__file__).parent / "documents.jsonl"
CODINGS = Path(__file__).parent / "codings.jsonl"
