"""Text in the cells of tables: what a spreadsheet would run, cut or refuse.

A text that a spreadsheet would take for a formula gets an apostrophe in front; `as_written` takes
it off again. Numbers are no text and stay as they are.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["LONGEST_CELL", "as_written", "cut_to", "is_formula", "neutral", "printable"]

LONGEST_CELL = 32_767
"""Characters that a cell of a spreadsheet holds, counted in UTF-16 as spreadsheets do."""

_STARTS = frozenset("=+-@")
_ACTS_FIRST = ("\t", "\r", "\n")
_APOSTROPHE = "'"
_CUT = " […]"
_REPLACED = "\ufffd"
# What XML 1.0 has no place for, which NUL and lone surrogates are part of.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet may run a text: it begins with =, +, -, @, a tab or a new line.

    Blanks and invisible characters before it do not make it safe, nor does full width.
    """
    if text.startswith(_ACTS_FIRST):
        return True
    for character in text:
        if not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf"):
            return unicodedata.normalize("NFKC", character)[:1] in _STARTS
    return False


def neutral(text: str) -> str:
    """Return a text that no spreadsheet runs: a formula with an apostrophe in front."""
    return _APOSTROPHE + text if is_formula(text.lstrip(_APOSTROPHE)) else text


def as_written(cell: str) -> str:
    """Undo `neutral`: return the text as it was before."""
    guarded = cell.startswith(_APOSTROPHE) and is_formula(cell.lstrip(_APOSTROPHE))
    return cell[1:] if guarded else cell


def printable(text: str) -> tuple[str, int]:
    """Replace what XML 1.0 refuses by U+FFFD; returns the text and how many there were."""
    return _REFUSED.subn(_REPLACED, text)


def cut_to(text: str, longest: int = LONGEST_CELL) -> tuple[str, bool]:
    """Cut a text that no cell holds, with a mark at its end; tells whether it was cut."""
    if len(text) * 2 <= longest or _units(text) <= longest:
        return text, False
    kept, room = text[: longest - len(_CUT)], longest - len(_CUT)
    while (over := _units(kept) - room) > 0:
        # Each character is one unit or two: this never takes away too many.
        kept = kept[: -((over + 1) // 2)]
    return kept + _CUT, True


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
