"""Make the picture of the README from a run on the demo documents, and the same as text.

    python tools/make_pictures.py [--into FOLDER]

Writes docs/images/demo.svg, and the block between the two `picture` marks of README.md. Run it
again when the output has changed; with --into, both are written into that folder and nothing else.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import shutil
import tempfile
from pathlib import Path

from rich.console import Console, RenderableType
from rich.text import Text

from pledgebook.book import Book
from pledgebook.demo import DOCUMENTS
from pledgebook.ledger.explain import Explanation
from pledgebook.reporting.names import Names
from pledgebook.reporting.rounding import Rounded
from pledgebook.reporting.status_table import status_table
from pledgebook.reporting.why_tree import why_tree

ROOT = Path(__file__).resolve().parent.parent
PICTURE = Path("docs") / "images" / "demo.svg"
WIDTH = 100
ITEM = "tank"
_BLOCK = re.compile(r"(?<=<!-- picture -->\n).*?(?=<!-- /picture -->)", re.DOTALL)
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def output(folder: Path) -> list[RenderableType]:
    """Return what two commands show of the demo documents, each below its command."""
    # Read where they lie, so that no folder of this machine is in the picture.
    shutil.copy(DOCUMENTS, folder)
    with contextlib.chdir(folder), Book.open("demo.db") as book:
        book.read(DOCUMENTS.name)
        rows = book.rows(item=ITEM)
        names = Names(book.catalogue.parties, in_full=False)
        rounded = Rounded(book.ledger().entries)
        chosen = most_telling(book)
        return [
            Text(f"$ pledgebook status --item {ITEM}", style="bold"),
            Text(),
            status_table(rows, names, rounded, width=WIDTH, totals=False),
            Text(),
            Text(f"$ pledgebook why {chosen.id[:8]}", style="bold"),
            Text(),
            why_tree(chosen),
        ]


def most_telling(book: Book) -> Explanation:
    """Return the commitment that shows most in little room: in few, but several, documents."""
    found = [one for one in book.commitments(item=ITEM) if len(one.documents) > 1]
    stages = {one.id: len(one.stages) for one in found}
    opened = [book.why(one.id) for one in found]
    return max(
        opened, key=lambda one: (stages[one.id], -len(one.notes), -len(one.children), one.id)
    )


def main() -> None:
    """Make the picture and the block of text."""
    parser = argparse.ArgumentParser(description="Make the picture of the README.")
    parser.add_argument("--into", type=Path, default=ROOT, metavar="FOLDER")
    into: Path = parser.parse_args().into
    console = Console(
        width=WIDTH,
        record=True,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        highlight=False,
    )
    with tempfile.TemporaryDirectory() as folder:
        for part in output(Path(folder)):
            console.print(part)
    text = "\n".join(line.rstrip() for line in console.export_text(clear=False).splitlines())
    picture = into / PICTURE
    picture.parent.mkdir(parents=True, exist_ok=True)
    svg = console.export_svg(title="pledgebook", unique_id="pledgebook")
    # The fonts of the viewer will do: a picture has nothing to fetch.
    picture.write_text(_FONTS.sub("", svg), encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = f"\n```text\n{text}\n```\n\n"
    (into / "README.md").write_text(_BLOCK.sub(lambda _: block, readme), encoding="utf-8")


if __name__ == "__main__":
    main()
