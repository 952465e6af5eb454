"""Where the coded corpora and their scorers lie: beside the project, or where a variable says."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("written-dev.jsonl", "score.py", "score_links.py")


def find_corpus() -> Path | None:
    """Return the folder of the corpora, or None where there is none.

    PLEDGEBOOK_CORPUS names it, else it is `../shared/corpus`. A named folder without the corpora
    ends the program with a word on what is missing.
    """
    named = os.environ.get("PLEDGEBOOK_CORPUS")
    folder = Path(named) if named else ROOT.parent / "shared" / "corpus"
    missing = [name for name in NEEDED if not (folder / name).exists()]
    if named and missing:
        sys.exit(f"PLEDGEBOOK_CORPUS names {named}, which holds no {missing[0]}")
    return None if missing else folder
