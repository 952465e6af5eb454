"""Numbers and amounts of money: they lie in the text, and what is written plainly is read back."""

from __future__ import annotations

from collections.abc import Iterator

from harness import Harness
from laws import interval, spans_in
from material import WORDS, pieces, sentences_of, text_of, toml_words

from pledgebook.reading.quantities.money import find_money
from pledgebook.reading.quantities.numbers import find_numbers, find_rates

_PLAIN = ("sent {} tanks", "Norway will give {} howitzers to Ukraine.", "They have {} radars now")
_MONEY = ("${}", "EUR {}", "{} euros", "NOK {}", "£{}")
_CURRENCIES = ("USD", "EUR", "EUR", "NOK", "GBP")


def check(data: bytes) -> None:
    """Check one input: the first byte chooses raw text, or a figure in a sentence."""
    (mode,), rest = pieces(data, 1)
    if mode & 3 == 3:
        _read_back(mode >> 2, rest)
        return
    text = text_of(rest)
    amounts = find_money(text)
    spans_in(text, ((one.start, one.end) for one in amounts))
    for one in amounts:
        assert one.start <= one.core_start < one.core_end <= one.end
        interval(one.low, one.high)
    barred = [(one.start, one.end) for one in amounts] if mode & 1 else []
    numbers = find_numbers(text, exclude=barred)
    spans_in(text, ((one.start, one.end) for one in numbers))
    for number in numbers:
        assert number.start <= number.core_start < number.core_end <= number.end
        interval(number.low, number.high)
        assert not any(number.core_start < end and start < number.core_end for start, end in barred)
    spans_in(text, ((one.start, one.end) for one in find_rates(text)))


def _read_back(choice: int, rest: bytes) -> None:
    figure, _ = pieces(rest, 4)
    number = int.from_bytes(figure, "big") + 1
    if choice & 1:
        place = (choice >> 1) % len(_MONEY)
        (money,) = find_money(f"It gave {_MONEY[place].format(f'{number:,}')} in aid.")
        assert (money.low, money.high, money.currency) == (number, number, _CURRENCIES[place])
        return
    text = _PLAIN[(choice >> 1) % len(_PLAIN)].format(f"{number:,}")
    (said,) = find_numbers(text)
    assert (said.low, said.high, said.kind) == (number, number, "cardinal"), (text, said)
    assert text[said.core_start : said.core_end] == f"{number:,}"


def _seeds() -> Iterator[bytes]:
    for number, text in enumerate(sentences_of(400)):
        yield bytes([number & 1]) + text.encode()
    yield from (bytes([3 | place << 2]) + bytes([0, 1, 2, place]) for place in range(16))


HARNESS = Harness(
    law="spans lie in the text and in order, intervals are sound, plain figures are read back",
    check=check,
    seeds=_seeds,
    words=lambda: toml_words(*(WORDS / "en" / f"{name}.toml" for name in ("numbers", "money"))),
    rooms=("pledgebook.reading",),
    longest=400,
    goal=2_000_000,
)
