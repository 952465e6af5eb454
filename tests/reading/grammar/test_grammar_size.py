"""Long and hostile texts: every reading ends, and four times the text says four times as much."""

from __future__ import annotations

import pytest
from coding import Coded, coded, codings, read

LEOPARDS = Coded("pledge", "NOR", "tank: Leopard 2", 8, to="UKR")
FIRST = "Norway will send eight Leopard 2 tanks to Ukraine.\n\n"

LONG = 200_000


def report(count: int) -> str:
    """Return a report of `count` paragraphs, each with a statement that no other makes."""
    return "\n\n".join(
        f"Norway will send {number} howitzers to Ukraine." for number in range(2, count + 2)
    )


def listing(count: int) -> str:
    lines = "\n".join(f"- {number} howitzers" for number in range(2, count + 2))
    return f"Norway will send Ukraine the following:\n{lines}\n"


def listed(count: int) -> str:
    """Return one sentence that promises `count` numbers of things."""
    things = ", ".join(f"{number} howitzers" for number in range(2, count + 2))
    return f"Norway will send Ukraine {things}."


def rows(count: int) -> str:
    lines = "\n".join(f"Norway | howitzers | {number}" for number in range(2, count + 2))
    return f"Military aid for Ukraine\n\nDonor | Item | Quantity\n{lines}\n"


@pytest.mark.parametrize(
    ("made", "count"), [(report, 100), (listing, 100), (rows, 100), (listed, 8)]
)
def test_four_times_the_text_says_four_times_as_much(made: object, count: int) -> None:
    assert callable(made)
    for times in (1, 4):
        found = codings(made(count * times))
        assert [one.quantity for one in found] == list(range(2, count * times + 2))
        assert {(one.kind, one.actors, one.item) for one in found} == {
            ("pledge", "NOR", "artillery")
        }


FILLINGS = {
    "a sentence without a full stop": ("it was said that the ", LONG),
    "commas": (",", LONG),
    "a and a": ("a and ", LONG),
    "brackets": ("(", LONG),
    "closing brackets": (")", LONG),
    "dots": (".", LONG),
    "blanks": (" ", LONG),
    "empty lines": ("\n", LONG),
    "digits": ("1", LONG),
    "hyphens": ("-", LONG),
    "dollar signs": ("$", LONG),
    "quotation marks": ('"', LONG),
    "bars": ("|", LONG),
    "keys": ("Item: ", LONG),
    "which": (", which", LONG),
    "one long word": ("é", LONG),
    "one long word of plain letters": ("a", LONG),
    "one long word of capitals": ("A", LONG),
    "names in capitals": ("Abc ", LONG),
    "initials": ("A.", LONG),
    "words with hyphens": ("well-", LONG),
    "owners": ("army's ", LONG),
    "verbs without end": ("send ", LONG),
    "pronouns that send": ("it sent ", LONG),
    "items in brackets": ("(tank ", LONG),
    "ranges": ("between 5 and ", LONG),
    "forms": ("Item: tank\nQuantity: 8\nDonor: Norway\n", LONG),
}


@pytest.mark.parametrize(("filling", "size"), FILLINGS.values(), ids=FILLINGS.keys())
def test_a_hostile_text_is_read_to_its_end(filling: str, size: int) -> None:
    text = FIRST + filling * (size // len(filling)) + "\n\nCanada will send four howitzers."
    found = read(text)
    assert coded(found[0]) == LEOPARDS
    last = coded(found[-1])
    assert (last.kind, last.actors, last.item, last.quantity) == ("pledge", "CAN", "artillery", 4)
    assert all(text[s.evidence.start : s.evidence.end] == s.evidence.quote for s in found)


def test_a_long_report_of_ordinary_prose() -> None:
    prose = "The minister spoke at length of the weather and of the roads in the north. " * 20
    text = FIRST + "\n\n".join([prose] * 100) + "\n\nCanada will send four howitzers to Ukraine."
    assert codings(text) == [LEOPARDS, Coded("pledge", "CAN", "artillery", 4, to="UKR")]
