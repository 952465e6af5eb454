"""Book: the one object that joins the rooms for a caller.

opened ← asking, deciding, moving ← book
"""

from __future__ import annotations

from pledgebook.book.book import Book
from pledgebook.ledger.ingest import ReadReport
from pledgebook.ledger.place import default_place
from pledgebook.ledger.progress import ReadProgress

__all__ = ["Book", "ReadProgress", "ReadReport", "default_place"]
