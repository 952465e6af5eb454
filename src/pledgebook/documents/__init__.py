"""Bytes to documents: files, folders, globs, URLs and standard input, as one stream.

`load` yields a `Document` for each text that it finds and a `Problem` for all that it cannot read.
A format is one module in `formats` behind the protocol `Extractor`.
"""

from __future__ import annotations

from pledgebook.documents.draft import Blob, Draft, Extractor
from pledgebook.documents.fetch import FetchPolicy
from pledgebook.documents.limits import Limits
from pledgebook.documents.load import load
from pledgebook.documents.sources import Source, expand

__all__ = [
    "Blob",
    "Draft",
    "Extractor",
    "FetchPolicy",
    "Limits",
    "Source",
    "expand",
    "load",
]
