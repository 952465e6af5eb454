"""The command line: parse, call, present.

Exit status: 0 done, 1 done with problems reported, 2 wrong usage or nothing could be done; 130
stopped by Ctrl-C, 141 the reader of the output went away.
"""

from __future__ import annotations

from pledgebook.cli.application import app, main

__all__ = ["app", "main"]
