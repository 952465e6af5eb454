"""What the kernel draws: amounts, delays and noise, a page of draws at a time."""

from __future__ import annotations

import math

import numpy as np

from pledgebook.forecasting.flows.jit import inner
from pledgebook.forecasting.flows.layout import Tables
from pledgebook.forecasting.flows.normal import exponential, normal_quantile, normal_share
from pledgebook.forecasting.flows.page import PAGE
from pledgebook.forecasting.flows.philox import Words, fill_words
from pledgebook.forecasting.flows.rows import Row, fill

__all__ = ["amount_row", "compound_row", "count_row", "factor_row", "lookup", "tied_words"]

UNIT = 2.0**-32
GUIDE_SHIFT = np.uint32(24)
FROM_EXPANSION = 10.0
"""The Poisson mean from which the quantile is taken from its expansion."""


@inner
def uniform(word: np.uint32) -> float:
    """Return the middle of the part of (0, 1) that a word stands for."""
    return (np.float64(word) + 0.5) * UNIT


@inner
def amount_row(spec: np.void, page: int, words: Words, tied: Words, out: Row) -> None:
    """Draw an amount for each draw of a page; `words` and `tied` are scratch."""
    mu, sd, weight = spec["mu"], spec["sd"], spec["weight"]
    below, span, low, high = spec["below"], spec["span"], spec["low"], spec["high"]
    if spec["exact"]:
        fill(out, mu)
    elif weight == 0.0:
        fill_words(spec["key"], page, 0, 0, words)
        for j in range(PAGE):
            z = normal_quantile(below + span * uniform(words[j]))
            out[j] = min(max(exponential(mu + sd * z), low), high)
    else:
        own = math.sqrt(1.0 - weight * weight)
        fill_words(spec["key"], page, 0, 0, words)
        fill_words(spec["tie"], page, 0, 0, tied)
        for j in range(PAGE):
            z = normal_quantile(uniform(tied[j])) * weight
            out[j] = z + normal_quantile(uniform(words[j])) * own
        if span < 1.0:
            for j in range(PAGE):
                out[j] = normal_quantile(below + span * normal_share(out[j]))
        for j in range(PAGE):
            out[j] = min(max(exponential(mu + sd * out[j]), low), high)


@inner
def tied_words(
    key: np.uint64, tie: np.uint64, weight: float, page: int, words: Words, tied: Words
) -> None:
    """Fill `words` with those of a stream, tied to another; `tied` is scratch."""
    fill_words(key, page, 0, 0, words)
    if weight != 0.0:
        own = math.sqrt(1.0 - weight * weight)
        fill_words(tie, page, 0, 0, tied)
        for j in range(PAGE):
            z = normal_quantile(uniform(tied[j])) * weight
            share = normal_share(z + normal_quantile(uniform(words[j])) * own)
            words[j] = np.uint32(min(share * 4294967296.0, 4294967295.0))


@inner
def lookup(tables: Tables, law: np.void, word: np.uint32) -> int:
    """Return the first cell of a law whose bound is above a word, n where there is none."""
    n, first = law["n"], law["bounds"]
    cell = tables.guide[law["guide"] + (word >> GUIDE_SHIFT)]
    while cell < n and tables.bounds[first + cell] <= word:
        cell += 1
    return int(cell)


@inner
def factor_row(tables: Tables, law: np.void, words: Words, out: Row) -> None:
    """Draw a value of a law for each word."""
    first, n = law["values"], law["n"]
    values = tables.values[first : first + n]
    if law["equal"]:
        size = np.uint64(n)
        for j in range(PAGE):
            out[j] = values[(np.uint64(words[j]) * size) >> np.uint64(32)]
    else:
        for j in range(PAGE):
            out[j] = values[lookup(tables, law, words[j])]


@inner
def poisson_quantile(u: float, mean: float) -> float:
    """Return the least count that a Poisson stays at or below with the chance u.

    For small means the chances are summed. From a mean of 10 on it is the expansion of M. B. Giles,
    Algorithm 955, ACM Transactions on Mathematical Software 42 (2016), section 3.1, which is one
    off for at most 5 in 10,000 of the words, and keeps mean and variance to 3 in 10,000.
    """
    if mean >= FROM_EXPANSION:
        w = normal_quantile(u)
        root = math.sqrt(mean)
        x = mean + root * w + (1.0 / 3.0 + w * w / 6.0)
        x -= (w / 36.0 + w * w * w / 72.0) / root
        x += (-8.0 / 405.0 + 7.0 * w * w / 810.0 + w * w * w * w / 270.0) / mean
        return max(math.floor(x), 0.0)
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
    for j in range(PAGE):
        out[j] = poisson_quantile(uniform(words[j]), means[j] / size) if means[j] > 0.0 else 0.0


@inner
def compound_row(
    tables: Tables, law: np.void, key: np.uint64, page: int, step: int, words: Words,
    counts: Row, sizes: Row,
) -> None:  # fmt: skip
    """Turn counts of demands into their sum, each of a size drawn from a law."""
    most = 0.0
    for j in range(PAGE):
        most = max(most, counts[j])
    out = np.zeros(PAGE)
    for part in range(1, int(most) + 1):
        fill_words(key, page, step, part, words)
        factor_row(tables, law, words, sizes)
        for j in range(PAGE):
            if counts[j] >= part:
                out[j] += sizes[j]
    for j in range(PAGE):
        counts[j] = out[j]
