"""Scores of chances against what came, with intervals from drawing whole stories again."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["FEW", "Bin", "Score", "brier", "log_loss", "rank", "reliability", "scored", "skill"]

Floats = NDArray[np.float64]

_RANGE = 0.001
"""No chance is taken for nearer to never or to certain than this when its logarithm is scored."""
_AGAIN = 2000
FEW = 5
"""Below so many stories in which something came, no skill is told."""


@dataclass(frozen=True, slots=True)
class Score:
    """The scores of one forecaster on some cases.

    `log` is the mean of minus the log chance of what came. `mean` is the mean chance and `came` the
    share that came, in `told` stories. `over` are the Brier skills over the peers, each with its
    90 % interval, and `rank` is how often a case that came had the higher chance than one that did
    not: both None where something came in fewer than `FEW` stories, which bear neither.
    """

    cases: int
    stories: int
    told: int
    came: float
    mean: float
    brier: float
    log: float
    rank: float | None
    over: dict[str, tuple[float, float, float] | None]


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts of like chances: how many, of how many stories, their mean, what share came."""

    low: float
    high: float
    cases: int
    stories: int
    mean: float
    came: float


def brier(chances: Floats, came: Floats) -> Floats:
    """Return the squared misses."""
    return np.asarray((chances - came) ** 2)


def log_loss(chances: Floats, came: Floats) -> Floats:
    """Return minus the log chance that was given to what came."""
    held = np.clip(chances, _RANGE, 1.0 - _RANGE)
    return np.asarray(-np.log(np.where(came > 0, held, 1.0 - held)))


def skill(loss: Floats, peer: Floats) -> float:
    """Return by how much of a peer's loss a forecaster's is smaller; the peer must have some."""
    return 1.0 - float(loss.sum()) / float(peer.sum())


def rank(chances: Floats, came: Floats) -> float | None:
    """Return the chance that of two cases, one that came and one not, the former was given more.

    It is the area under the ROC curve, equal chances counted half: 0.5 is no better than blind.
    """
    from scipy.stats import rankdata

    yes = came > 0
    good, bad = int(yes.sum()), int((~yes).sum())
    if not good or not bad:
        return None
    places = float(rankdata(chances)[yes].sum())
    return (places - good * (good + 1) / 2.0) / (good * bad)


def scored(
    chances: Floats,
    came: Floats,
    stories: Sequence[Hashable],
    peers: dict[str, Floats],
    *,
    again: int = _AGAIN,
    seed: int = 1,
) -> Score:
    """Score chances beside those of peers; the interval is from the 5 % to the 95 % point.

    Cases of one story are alike, so stories are drawn with return, each with all of its cases.
    """
    loss = brier(chances, came)
    names = list(dict.fromkeys(stories))
    place = {name: at for at, name in enumerate(names)}
    owner = np.array([place[one] for one in stories], dtype=np.intp)
    own = np.bincount(owner, loss, len(names)).astype(float)
    told = len(set(owner[came > 0].tolist()))
    drawn = np.random.default_rng(seed).multinomial(
        len(names), np.full(len(names), 1.0 / len(names)), size=again
    )
    over: dict[str, tuple[float, float, float] | None] = {}
    for name, other in peers.items():
        theirs = np.bincount(owner, brier(other, came), len(names)).astype(float)
        sums = drawn @ theirs
        if told < FEW or not (sums > 0).all():
            over[name] = None
            continue
        low, high = np.quantile(1.0 - drawn @ own / sums, [0.05, 0.95])
        over[name] = (skill(own, theirs), float(low), float(high))
    return Score(
        cases=len(came),
        stories=len(names),
        told=told,
        came=float(came.mean()),
        mean=float(chances.mean()),
        brier=float(loss.mean()),
        log=float(log_loss(chances, came).mean()),
        rank=rank(chances, came) if told >= FEW else None,
        over=over,
    )


def reliability(
    chances: Floats, came: Floats, stories: Sequence[Hashable], *, bins: int = 5
) -> list[Bin]:
    """Return the forecasts in bins of equal width, those without any left out."""
    at = np.minimum((chances * bins).astype(int), bins - 1)
    found = []
    for one in range(bins):
        inside = at == one
        if inside.any():
            own = {story for story, yes in zip(stories, inside, strict=True) if yes}
            found.append(
                Bin(
                    one / bins,
                    (one + 1) / bins,
                    int(inside.sum()),
                    len(own),
                    float(chances[inside].mean()),
                    float(came[inside].mean()),
                )
            )
    return found
