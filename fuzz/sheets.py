"""Tables under fuzzing: a header that is known above, or everything of the input's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from material import pieces, written
from taking_in import Reads, imports_soundly

__all__ = ["checks_table", "rows_as_seeds"]


def checks_table(importer: Reads, header: str, name: str = "table.csv") -> Callable[[bytes], None]:
    """Return the check of an importer of tables; most inputs are rows below this header."""
    head = header.encode() + b"\n"

    def check(data: bytes) -> None:
        """Check one input: an even first byte sets the header above."""
        (mode,), rest = pieces(data, 1)
        imports_soundly(importer, written(rest if mode & 1 else head + rest, name))

    return check


def rows_as_seeds(header: str, rows: Sequence[str]) -> Iterator[bytes]:
    """Yield rows by themselves, by twos, and with their header."""
    for number, row in enumerate(rows):
        yield b"\0" + row.encode()
        yield b"\0" + "\n".join(rows[number : number + 2]).encode()
    yield b"\1" + "\n".join([header, *rows]).encode()
