"""Texts that tempt a reader to take longer than it should: each of one thing without end."""

from __future__ import annotations

from collections.abc import Callable, Mapping

OPENING = "Norway's army will send eight Leopard 2 tanks to Ukraine, the ministry said.\n\n"
"""What makes a reader read on."""


def _again(piece: str) -> Callable[[int], str]:
    return lambda size: piece * (size // len(piece))


def _nested(size: int) -> str:
    depth = size // 12
    return "(eight " * depth + "tanks" + ")" * depth


def _one_line(size: int) -> str:
    piece = "Norway gives eight tanks and Poland, which has 14 Leopard 2s, gives five more and "
    return piece * (size // len(piece))


def _counted(size: int) -> str:
    parts, length, number = [], 0, 2
    while length < size:
        parts.append(f"Norway will send {number} howitzers to Ukraine in May. ")
        length += len(parts[-1])
        number += 1
    return "".join(parts)


def _listed(size: int) -> str:
    return "The package includes:\n" + _again("- 12 howitzers\n- up to 4 radars\n")(size)


def _table(size: int) -> str:
    return "Donor | Item | Quantity\n" + _again("Norway | howitzers | 12\n")(size)


TEXTS: Mapping[str, Callable[[int], str]] = {
    "report": _counted,
    "one line without a full stop": _one_line,
    "list lines": _listed,
    "table rows": _table,
    "forms": _again("Item: tank\nQuantity: 8\nDonor: Norway\n"),
    "digits": _again("1"),
    "digits and commas": _again("1,"),
    "digits and blanks": _again("12 "),
    "years": _again("2023 "),
    "months": _again("March "),
    "number words": _again("two hundred and "),
    "hundreds of thousands": _again("hundreds of thousands of "),
    "up to": _again("up to "),
    "between": _again("between 5 and "),
    "money": _again("$5 million "),
    "currency words": _again("euros "),
    "dollar signs": _again("$"),
    "commas": _again(","),
    "full stops": _again("."),
    "and": _again("and "),
    "it was said that": _again("it was said that "),
    "brackets": _again("("),
    "closing brackets": _again(")"),
    "brackets within brackets": _nested,
    "quotation marks": _again('"'),
    "curly quotation marks": _again("“"),
    "apostrophes": _again("'"),
    "quoted words": _again('"tanks" '),
    "hyphens": _again("-"),
    "hyphened words": _again("well-"),
    "dashes": _again(" – "),
    "bars": _again("|"),
    "blanks": _again(" "),
    "tabs": _again("\t"),
    "empty lines": _again("\n"),
    "one long word": _again("a"),
    "one long word in capitals": _again("A"),
    "one long word of accents": _again("é"),
    "combining marks": _again("e\u0301"),
    "letters that grow in lower case": _again("İ"),
    "emoji": _again("\U0001f600 "),
    "ideographs": _again("援助"),
    "directions of writing": _again("\u202e\u202d"),
    "capitals": _again("Abc "),
    "initials": _again("A. "),
    "initials without blanks": _again("A."),
    "capitals and of": _again("Bank of "),
    "party names": _again("Norway "),
    "party names and commas": _again("Norway, Poland, "),
    "adjectives": _again("Norwegian "),
    "owners": _again("Norway's "),
    "offices": _again("defence minister "),
    "persons": _again("Defence Minister Bjorn Arild Gram said "),
    "item names": _again("Leopard 2 "),
    "item nouns": _again("tanks "),
    "numbers and items": _again("8 tanks "),
    "numbers, items, commas": _again("8 tanks, "),
    "items in brackets": _again("(tank "),
    "verbs": _again("send "),
    "verbs and parties": _again("Norway sent "),
    "pronouns that send": _again("it sent "),
    "which": _again(", which"),
    "keys": _again("Item: "),
    "speakers": _again("MR. SMITH: "),
    "questions": _again("Q. How many? "),
    "times of day": _again("12:30 "),
    "addresses": _again("https://example.org/a "),
    "slashes": _again("1/"),
    "ratios": _again("5-"),
    "percent": _again("5 per cent "),
    "rates": _again("5 a day "),
    "trainees": _again("train 20 soldiers "),
}
