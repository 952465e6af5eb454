"""What the kernel draws: amounts, laws and noise, a page of draws at a time."""

from __future__ import annotations

import math

import numpy as np

from pledgebook.forecasting.flows import layout as at
from pledgebook.forecasting.flows.jit import inner, leaf
from pledgebook.forecasting.flows.layout import Reals, Wholes
from pledgebook.forecasting.flows.normal import exponential, floor, normal_quantile, normal_share
from pledgebook.forecasting.flows.page import PAGE
from pledgebook.forecasting.flows.philox import Words, fill_words
from pledgebook.forecasting.flows.rows import Row, fill
from pledgebook.forecasting.flows.tables import GUIDE_BITS

__all__ = ["amount_row", "compound_row", "count_row", "drawn", "law_row", "tied_words"]

UNIT = 2.0**-32
MOST_WORD = 4294967295.0
GUIDE_SHIFT = 32 - GUIDE_BITS
FEW = 2
FROM_EXPANSION = 10.0
"""The Poisson mean from which the quantile is taken from its expansion."""


@leaf
def uniform(word: np.uint32) -> float:
    """Return the middle of the part of (0, 1) that a word stands for."""
    return (np.float64(word) + 0.5) * UNIT


@inner
def _scores(key: int, tie: int, weight: float, page: int, words: Words, out: Row) -> None:
    """Draw standard normal scores, tied to those of another stream by a weight."""
    own = math.sqrt(1.0 - weight * weight)
    fill_words(tie, page, 0, 0, words)
    for j in range(PAGE):
        out[j] = normal_quantile(uniform(words[j])) * weight
    fill_words(key, page, 0, 0, words)
    for j in range(PAGE):
        out[j] += normal_quantile(uniform(words[j])) * own


@inner
def amount_row(ints: Wholes, reals: Reals, page: int, words: Words, out: Row) -> None:
    """Draw an amount, given its record, for each draw of a page; `words` is scratch."""
    mu, sd, weight = reals[at.AMOUNT_MU], reals[at.AMOUNT_SD], reals[at.AMOUNT_WEIGHT]
    below, span = reals[at.AMOUNT_BELOW], reals[at.AMOUNT_SPAN]
    low, high = reals[at.AMOUNT_LOW], reals[at.AMOUNT_HIGH]
    if ints[at.AMOUNT_EXACT]:
        fill(out, mu)
        return
    if weight == 0.0:
        fill_words(ints[at.AMOUNT_KEY], page, 0, 0, words)
        for j in range(PAGE):
            out[j] = below + span * uniform(words[j])
        for j in range(PAGE):
            out[j] = normal_quantile(out[j])
    else:
        _scores(ints[at.AMOUNT_KEY], ints[at.AMOUNT_TIE], weight, page, words, out)
        if span < 1.0:
            for j in range(PAGE):
                out[j] = normal_quantile(below + span * normal_share(out[j]))
    for j in range(PAGE):
        out[j] = min(max(exponential(mu + sd * out[j]), low), high)


@inner
def tied_words(key: int, tie: int, weight: float, page: int, words: Words, work: Row) -> None:
    """Fill `words` with those of a stream, tied to another by a weight; `work` is scratch."""
    if weight == 0.0:
        fill_words(key, page, 0, 0, words)
        return
    _scores(key, tie, weight, page, words, work)
    for j in range(PAGE):
        words[j] = np.uint32(min(normal_share(work[j]) * 4294967296.0, MOST_WORD))


@leaf
def drawn(codes: Wholes, data: Reals, law: int, word: np.uint32) -> float:
    """Return the value of a law that a word stands for."""
    n, cell = np.uint64(codes[law + at.LAW_N]), np.uint64(0)
    # Places are unsigned, lest Numba asks of each whether it counts from the end.
    if codes[law + at.LAW_EQUAL]:
        cell = (np.uint64(word) * n) >> np.uint64(32)
    else:
        bounds = np.uint64(law + at.LAW_BOUNDS)
        cell = np.uint64(codes[bounds + n + (np.uint64(word) >> np.uint64(GUIDE_SHIFT))])
        for _ in range(codes[law + at.LAW_DEPTH]):
            cell += np.uint64(codes[bounds + cell] <= np.int64(word))
    return float(data[np.uint64(codes[law + at.LAW_VALUES]) + cell])


@inner
def law_row(codes: Wholes, data: Reals, law: int, words: Words, out: Row) -> None:
    """Draw a value of a law for each word."""
    if codes[law + at.LAW_EQUAL]:
        first, n = np.uint64(codes[law + at.LAW_VALUES]), np.uint64(codes[law + at.LAW_N])
        for j in range(PAGE):
            out[j] = data[first + ((np.uint64(words[j]) * n) >> np.uint64(32))]
    elif codes[law + at.LAW_DEPTH] <= FEW:  # a step too many changes nothing
        first, n = np.uint64(codes[law + at.LAW_VALUES]), np.uint64(codes[law + at.LAW_N])
        bounds = np.uint64(law + at.LAW_BOUNDS)
        for j in range(PAGE):
            word = np.int64(words[j])
            cell = np.uint64(codes[bounds + n + (np.uint64(words[j]) >> np.uint64(GUIDE_SHIFT))])
            cell += np.uint64(codes[bounds + cell] <= word)
            cell += np.uint64(codes[bounds + cell] <= word)
            out[j] = data[first + cell]
    else:
        for j in range(PAGE):
            out[j] = drawn(codes, data, law, words[j])


@leaf
def _expanded(u: float, mean: float) -> float:
    """Return the Poisson quantile of a mean from 10 on, by its expansion in the normal quantile.

    M. B. Giles, Algorithm 955, ACM Transactions on Mathematical Software 42 (2016). It is one off
    for at most 5 in 10,000 of the words, and keeps mean and variance to 3 in 10,000.
    """
    w = normal_quantile(u)
    root = math.sqrt(mean)
    x = mean + root * w + (1.0 / 3.0 + w * w / 6.0) - (w / 36.0 + w * w * w / 72.0) / root
    x += (-8.0 / 405.0 + 7.0 * w * w / 810.0 + w * w * w * w / 270.0) / mean
    return floor(x)


@leaf
def _summed(u: float, mean: float) -> float:
    """Return the Poisson quantile of a small mean by summing chances."""
    count = 0.0
    chance = math.exp(-mean)
    total = chance
    while u > total and chance > 0.0:
        count += 1.0
        chance *= mean / count
        total += chance
    return count


@inner
def count_row(words: Words, means: Row, size: float, out: Row) -> None:
    """Draw Poisson counts of demands whose sum has these means and whose mean size is given."""
    least = np.inf
    for j in range(PAGE):
        least = min(least, means[j])
    if least >= FROM_EXPANSION * size:
        for j in range(PAGE):
            out[j] = uniform(words[j])
        for j in range(PAGE):
            out[j] = max(_expanded(out[j], means[j] / size), 0.0)
        return
    for j in range(PAGE):
        mean = means[j] / size
        if mean >= FROM_EXPANSION:
            out[j] = max(_expanded(uniform(words[j]), mean), 0.0)
        else:
            out[j] = _summed(uniform(words[j]), mean) if mean > 0.0 else 0.0


@inner
def compound_row(
    codes: Wholes, data: Reals, law: int, key: int, page: int, step: int, words: Words,
    counts: Row, out: Row,
) -> None:  # fmt: skip
    """Draw the sum of as many demands as `counts` says, each of a size drawn from a law."""
    most = 0.0
    for j in range(PAGE):
        most = max(most, counts[j])
    fill(out, 0.0)
    for part in range(1, int(most) + 1):
        fill_words(key, page, step, part, words)
        for j in range(PAGE):
            if counts[j] >= part:
                out[j] += drawn(codes, data, law, words[j])
