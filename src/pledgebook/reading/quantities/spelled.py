"""English number words and the values that runs of them have."""

from __future__ import annotations

from functools import cache

from pledgebook.reading.text.wording import table


def _numbers(name: str) -> dict[str, float]:
    return {word: float(value) for word, value in table("numbers.toml")[name].items()}


@cache
def small_words() -> dict[str, float]:
    """Return the values of the words below one hundred."""
    return {**_numbers("units"), **_numbers("tens")}


@cache
def magnitudes() -> dict[str, float]:
    """Return the values of the magnitude words and of their abbreviations."""
    data = table("numbers.toml")
    short = {
        word: float(value)
        for part in data["abbreviations"].values()
        for word, value in part.items()
    }
    return {**short, **_numbers("magnitudes")}


def length(words: list[str], values: dict[int, float], *, between: bool) -> int:
    """Return how many of `words` belong to the number that begins with the first of them."""
    if not values:
        return 0
    if between:
        halves: list[tuple[bool, int]] = []
        for place, word in enumerate(words):
            if word == "and" and place in values:
                rest = prefix_values(words[place + 1 :])
                if rest and rest[max(rest)] > values[place]:
                    halves.append((max(rest) == len(words) - place - 1, -place))
        if halves:
            # The cut that leaves two whole numbers; of several, the first.
            return -max(halves)[1]
    most = max(values)
    if most == len(words) or words[most] not in magnitudes():
        return most
    cuts = [taken for taken in values if taken < most and words[taken] == "and"]
    ends = [taken for taken in values if taken < most and words[taken - 1] in magnitudes()]
    return max(cuts or ends or [0])


def prefix_values(words: list[str]) -> dict[int, float]:
    """Return the value of the first n words for every n at which they make one English number."""
    small, big = small_words(), magnitudes()
    values: dict[int, float] = {}
    total, limit, last = 0.0, float("inf"), 0.0
    group: float | None = None
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        if word == "a" and before == "and":
            # "and a half": of the magnitude after it, or else of the one before.
            whole = values.get(place - 1)
            if whole is not None:
                tail = [big[size] for size in words[place + 2 :] if size in big]
                last = big.get(words[place - 2], 1.0)
                if tail:
                    values[place + 2 + len(tail)] = (whole + 0.5) * trailing(tail)[0]
                else:
                    values[place + 2] = whole + 0.5 * last
            break
        if word in {"a", "an"}:
            group = 1.0
            continue
        if word == "and":
            if before not in big and words[place + 1 : place + 3] != ["a", "half"]:
                break
            continue
        if word in small:
            group = _add(group, small[word], before)
            if group is None:
                break
        elif big[word] <= 100:
            if (group is None and place) or (group or 0) >= 100:
                break
            group = (group or 1.0) * big[word]
        else:
            if group is None and 100 < big.get(before, 0) < big[word] and total == last:
                # "a thousand million", "two lakh crore"
                total = last = last * big[word]
                limit = big[word]
            elif (group is None and place) or big[word] >= limit:
                break
            else:
                last, limit = (group or 1.0) * big[word], big[word]
                total, group = total + last, None
        values[place + 1] = total + (group or 0.0)
    return values


def _add(group: float | None, value: float, before: str) -> float | None:
    """Add a word below one hundred to the group of three digits; None where it cannot follow."""
    if group is None:
        return value
    if before in {"hundred", "and"} and group % 100 == 0 and value:
        return group + value
    if before in _tens() and 0 < value < 10:
        return group + value
    return None


@cache
def _tens() -> frozenset[str]:
    return frozenset(table("numbers.toml")["tens"])


def trailing(factors: list[float]) -> tuple[float, ...]:
    """Return the products of every tail of `factors`, the longest tail first."""
    products: list[float] = []
    for factor in reversed(factors):
        products.append(factor * (products[-1] if products else 1.0))
    return tuple(reversed(products))


def last_sizes(words: list[str]) -> tuple[float, ...]:
    """Return the magnitudes that end a number of one magnitude, (1,) for one of several."""
    big = magnitudes()
    factors: list[float] = []
    for word in reversed(words):
        if word not in big:
            break
        factors.insert(0, big[word])
    if any(big.get(word, 0) > 100 for word in words[: len(words) - len(factors)]):
        return (1.0,)
    return trailing(factors)
